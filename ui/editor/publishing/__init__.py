"""Previews, publishes and takes back: what waits, and which version is which."""
