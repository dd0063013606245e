"""Tables that an editor keeps as CSV: read in `index`, because the page for staff edits one."""

from index.csv_rows import CsvTable, raise_all, read_rows, twice

__all__ = ["CsvTable", "raise_all", "read_rows", "twice"]
