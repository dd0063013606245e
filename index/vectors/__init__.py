"""Where the vectors of views lie: in files or on a server."""
