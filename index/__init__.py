"""The read side: a searchable index of passages. Knows nothing of ingest, ui or Streamlit."""
