"""The page without JavaScript."""
