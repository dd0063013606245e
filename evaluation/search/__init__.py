"""Measures the search: metrics over labelled questions, cross-validated."""
