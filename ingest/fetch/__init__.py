"""Pages of the clinic's own site, saved among the articles."""
