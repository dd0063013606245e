"""Makes the content folder of a clinic: `python -m ingest new`."""
