"""Stores of the views' vectors: files of faiss, or a Milvus server."""
