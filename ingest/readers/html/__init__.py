"""Reads articles from web pages."""
