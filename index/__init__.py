"""The read side: a searchable index of passages, and the search."""
