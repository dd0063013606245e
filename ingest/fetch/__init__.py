"""Fetches pages of the clinic's own site into the articles folder."""
