"""Previews a candidate: what it would change, and whether it may be published."""
