"""Previews: what a candidate would change, and whether it may be published."""
