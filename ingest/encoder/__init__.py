"""Exports, checks and reuses the encoder for serving."""
