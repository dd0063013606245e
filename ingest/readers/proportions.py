"""What is read out of a file must be built like a text: the steps after parsing have no time limit.

Splitting into sentences and looking for claims take their time in the process that publishes. They
are quick for what people write, however long, and checked here for everything else.
"""

from __future__ import annotations

from core.errors import ContentError
from core.text.paragraphs import STRETCH_CHARS, ends
from ingest.files.limits import SECTIONS
from ingest.readers.outline import ParsedText

_AGAIN = "then run: python -m ingest"
_SHOWN_CHARS = 60


def check_proportions(parsed: ParsedText, title: str = "") -> None:
    """Raise ContentError for text without an end of a sentence or line, and for too many sections.

    `title` is one that is stated beside the file. `where` says the line of what was read.
    """
    for text in (title, parsed.title):
        _check_stretches(text, "the title")
    _check_stretches(parsed.text, "")
    if len(parsed.sections) > SECTIONS:
        raise ContentError(
            "An article has more sections than any.",
            expected=f"at most {SECTIONS:,} headings with text under them",
            found=f"{len(parsed.sections):,}",
            fix=f"divide it, or make text of what is no heading, {_AGAIN}",
        )


def _check_stretches(text: str, where: str) -> None:
    start = 0
    for end in ends(text):
        if end - start > STRETCH_CHARS:
            beginning = text[start : start + _SHOWN_CHARS].strip()
            raise ContentError(
                "An article holds text without an end.",
                where=where or f"line {text.count(chr(10), 0, start) + 1} of its text",
                expected=f"a full stop or the end of a line every {STRETCH_CHARS:,} characters",
                found=f"{end - start:,} characters, “{beginning}…”",
                fix=f"end its sentences and paragraphs, or take it out, {_AGAIN}",
            )
        start = end
