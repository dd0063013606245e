"""Readers: a file becomes an article, one reader for each format."""
