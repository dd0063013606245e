"""Sentences of a text, as character offsets; no text is lost."""

from __future__ import annotations

import re
from itertools import pairwise

import sentencex

from core.text.paragraphs import STRETCH_CHARS, ends, trim
from core.types import Span

# The library's time grows with the square of a text's length where quotation marks stay open.
_MAX_CHARS = 4_000
# A line that starts an item of a list starts a sentence, whatever the line before ends with.
_LIST_ITEM = re.compile(r"\n(?=[ \t]*(?:[-*\u2022\u2013\u25cf\u25e6]|\d{1,2}[.)])[ \t]+\S)")
# A blank line ends a sentence, whatever stands before it.
_BLANK_LINE = re.compile(r"\n(?=[^\S\n]*\n)")
# The library panics at such white space before a full stop: it cuts inside the character.
_WIDE_SPACE = re.compile(r"[^\S\x00-\x7f]")


def sentence_spans(text: str, *, language: str = "en") -> list[Span]:
    """Return the sentences of a text in order, without the white space around them.

    Together they hold every character of the text that is not white space.
    """
    breaks = {m.end() for pattern in (_LIST_ITEM, _BLANK_LINE) for m in pattern.finditer(text)}
    edges = sorted({0, *breaks, len(text)})
    spans = []
    for start, end in (part for a, b in pairwise(edges) for part in _parts(text, a, b)):
        # Only its starts are used: its ends may leave characters between sentences.
        plain = _WIDE_SPACE.sub(" ", text[start:end])
        found = sentencex.get_sentence_boundaries(language, plain)
        starts = sorted({start, *(start + b["start_index"] for b in found), end})
        spans += [trim(text, Span(a, b)) for a, b in pairwise(starts)]
    return _join_fragments(text, [span for span in spans if span.start < span.end])


def _parts(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Divide a text that the library would read too slowly, where a sentence may end.

    Without such a place it is cut at STRETCH_CHARS, the limit for an article.
    """
    parts = []
    while end - start > _MAX_CHARS:
        first, *others = ends(text[start : min(end, start + STRETCH_CHARS)])
        length = max([first, *(offset for offset in others if offset <= _MAX_CHARS)])
        parts.append((start, start + length))
        start += length
    return [*parts, (start, end)]


def _join_fragments(text: str, spans: list[Span]) -> list[Span]:
    """Join fragments to the one before: a stray full stop, a bullet, what follows "Tablets?:"."""
    joined: list[Span] = []
    for span in spans:
        is_near = joined and span.end - joined[-1].start <= STRETCH_CHARS
        is_rest = text[span.start] == ":"
        if is_near and (is_rest or not any(c.isalnum() for c in text[span.start : span.end])):
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return joined
