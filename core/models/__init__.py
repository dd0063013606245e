"""Models that are fitted to labelled rows: votes and probabilities."""
