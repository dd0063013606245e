"""Rows suggested for the question bank, and what an editor decides about them."""
