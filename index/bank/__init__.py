"""The question bank, route cards and vocabulary."""
