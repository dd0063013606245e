"""Counts how often articles are opened and cards are shown."""
