"""The page: drawing with Streamlit, the guard in front of it, and the launcher."""
