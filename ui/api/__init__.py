"""The JSON endpoint."""
