"""Sentence encoders: the reference, the exported one that serves, and a cache."""
