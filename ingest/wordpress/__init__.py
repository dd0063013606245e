"""Imports the export of a WordPress site into the articles folder."""
