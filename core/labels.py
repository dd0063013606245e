"""The labels that a passage has by how its file was read and by what it claims."""

from __future__ import annotations

# Of a passage that is not from letters in the file: some of its letters may be wrong.
READ_FROM_PICTURE = "Read from a picture"
# Of a passage with an open claim of high severity.
NOT_CHECKED = "The clinic's own words, not checked"
