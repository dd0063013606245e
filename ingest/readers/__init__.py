"""From a file to an article, one reader for each format."""
