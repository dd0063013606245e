"""Urgent-symptom notices: read, checked, and found in a question."""
