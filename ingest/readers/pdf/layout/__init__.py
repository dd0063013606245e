"""The order of a page: rows, tables, columns, and what is no part of the article."""
