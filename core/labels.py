"""The labels of passages that readers give; questions of patients name others."""

from __future__ import annotations

# Of a passage that is not from letters in the file: some of its letters may be wrong.
READ_FROM_PICTURE = "Read from a picture"
