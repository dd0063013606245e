"""What the dashboard for staff says first: the steps to do next, and a tile for each part."""
