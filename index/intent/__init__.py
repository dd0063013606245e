"""What a question wants to know, read from its words."""
