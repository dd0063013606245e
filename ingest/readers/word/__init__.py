"""Reads articles from Word documents."""
