"""Explains how a file was read: what became of each of its words, beside the article."""
