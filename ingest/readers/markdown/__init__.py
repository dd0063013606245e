"""Reads Markdown and the front matter of the programs that make sites from it."""
