"""Vectors in a Milvus cluster."""
