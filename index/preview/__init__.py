"""The preview of what publishing a candidate generation would change."""
