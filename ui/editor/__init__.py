"""The editor's pages: questions, cards, preview and publishing."""
