"""What the articles cover of what patients ask."""
