"""The addresses of what only staff see and Streamlit does not draw."""

from __future__ import annotations

READING = "/staff/reading"
NOTICES = "/staff/notices"
TABLES = {f"/staff/{name}.csv": name for name in ("coverage", "claims", "reviews", "counts")}
STAFF_PAGES = frozenset({READING, NOTICES, *TABLES})
