"""Reads articles from PDF files."""
