"""Urgent-symptom notices and the review of health claims. Pure, no Streamlit."""
