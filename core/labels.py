"""The labels that a passage has by the way in which its file was read."""

from __future__ import annotations

# Of a passage that is not from letters in the file: some of its letters may be wrong.
READ_FROM_PICTURE = "Read from a picture"
