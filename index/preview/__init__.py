"""What a candidate generation would change."""
