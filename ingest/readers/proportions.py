"""Checks that parsed text looks like text, because the steps after parsing have no time limit.

Splitting into sentences and looking for claims run in the process that publishes. They are quick
for what people write, however long.
"""

from __future__ import annotations

from core.errors import ContentError
from core.text.paragraphs import STRETCH_CHARS, ends
from ingest.files.limits import SECTIONS
from ingest.readers.outline import ParsedText

_AGAIN = "then run: python -m ingest"
_SHOWN_CHARS = 60


def check_proportions(parsed: ParsedText, title: str = "") -> None:
    """Raise ContentError for a stretch of text without an end, and for too many sections.

    `title` is a title from the sidecar. The error's `where` is a line of the parsed text.
    """
    for text in (title, parsed.title):
        _check_stretches(text, "the title")
    _check_stretches(parsed.text, "")
    if len(parsed.sections) > SECTIONS:
        raise ContentError(
            "This article has too many sections.",
            expected=f"at most {SECTIONS:,} headings with text under them",
            found=f"{len(parsed.sections):,}",
            fix=f"divide it, or turn headings into text, {_AGAIN}",
        )


def _check_stretches(text: str, where: str) -> None:
    start = 0
    for end in ends(text):
        if end - start > STRETCH_CHARS:
            beginning = text[start : start + _SHOWN_CHARS].strip()
            raise ContentError(
                "This article has a sentence that does not end.",
                where=where or f"line {text.count(chr(10), 0, start) + 1} of its text",
                expected=f"a full stop or a line break at least every {STRETCH_CHARS:,} characters",
                found=f"{end - start:,} characters, “{beginning}…”",
                fix=f"end its sentences and paragraphs, or remove it, {_AGAIN}",
            )
        start = end
