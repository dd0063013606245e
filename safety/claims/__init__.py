"""Health claims in articles that an editor should check."""
