"""The physiotherapists' desk."""
