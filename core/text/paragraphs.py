"""Paragraphs of a text, as the readers and the splitter divide it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from core.types import Span

# Where a sentence may end, in any script, and where a line ends. Long texts are divided there.
_END = re.compile(
    r"[.!?\u2026\u061f\u06d4\u0964\u0965][\"'\u2019\u201d\u00bb)\]]{0,3}(?=\s)"
    r"|[\u3002\uff01\uff1f\uff61\n]"
)
_GAP = re.compile(r"\n\s*\n")

# The longest text without such an end: ten times the longest sentences of contracts.
STRETCH_CHARS = 10_000


def paragraph_spans(text: str, body: Span | None = None) -> list[Span]:
    """Return the paragraphs inside `body` (the whole text by default), in order.

    A paragraph ends at a blank line. Together they hold every character inside `body` that is not
    white space, and none begins or ends with white space.
    """
    body = body or Span(0, len(text))
    gaps = [Span(m.start(), m.end()) for m in _GAP.finditer(text, body.start, body.end)]
    edges = [Span(body.start, body.start), *gaps, Span(body.end, body.end)]
    spans = [trim(text, Span(a.end, b.start)) for a, b in pairwise(edges)]
    return [span for span in spans if span.start < span.end]


def ends(text: str) -> Iterator[int]:
    """Yield the offsets at which sentences or lines may end, in order, the end of the text last."""
    yield from (match.end() for match in _END.finditer(text))
    yield len(text)


def trim(text: str, span: Span) -> Span:
    """Return the span without the white space at its ends."""
    inside = text[span.start : span.end]
    start = span.start + len(inside) - len(inside.lstrip())
    return Span(start, start + len(inside.strip()))
