"""Articles and passages that say the same twice, and sentences that contradict each other."""
