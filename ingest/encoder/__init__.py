"""The encoder for serving: exported, checked and reused."""
