"""Suggests rows for the question bank from a clinic's own articles."""
