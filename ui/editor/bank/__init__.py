"""The question bank for staff: a list with a filter, and a form for each row."""
