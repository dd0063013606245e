"""What the product says about safety: urgent-symptom notices, claim review. Pure, no Streamlit."""
