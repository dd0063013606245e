"""Claims in the articles and the decisions about them."""
