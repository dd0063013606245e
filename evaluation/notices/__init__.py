"""Measurement of the urgent-symptom notices."""
