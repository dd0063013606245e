"""Where the paragraphs of a text stand: what readers and the splitter agree on as a paragraph."""

from __future__ import annotations

import re
from itertools import pairwise

from index.types import Span

_GAP = re.compile(r"\n\s*\n")


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


def trim(text: str, span: Span) -> Span:
    """Return the span without the white space at its ends."""
    inside = text[span.start : span.end]
    start = span.start + len(inside) - len(inside.lstrip())
    return Span(start, start + len(inside.strip()))
