"""HTML of results, passages, articles and notices: pure functions."""
