"""The write side: content becomes passages, passages become vectors, vectors become an index."""
