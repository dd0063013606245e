"""Measures the search on labelled questions and on collections in BEIR layout."""
