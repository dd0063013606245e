"""Readers of office documents other than Word: OpenDocument, rich text, slides."""
