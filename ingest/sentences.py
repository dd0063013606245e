"""Where sentences begin and end, as character offsets; nothing of the text is lost."""

from __future__ import annotations

import re
from itertools import pairwise

import sentencex

from index.types import Span
from ingest.paragraphs import trim

# A line that starts an item of a list starts a sentence, whatever the line before ends with.
_LIST_ITEM = re.compile(r"\n(?=[ \t]*(?:[-*\u2022\u2013\u25cf\u25e6]|\d{1,2}[.)])[ \t]+\S)")
# A blank line ends a sentence, whatever stands before it.
_BLANK_LINE = re.compile(r"\n(?=\s*\n)")


def sentence_spans(text: str, *, language: str = "en") -> list[Span]:
    """Return the sentences of a text in order, without the white space around them.

    Together they hold every character of the text that is not white space.
    """
    breaks = {m.end() for pattern in (_LIST_ITEM, _BLANK_LINE) for m in pattern.finditer(text)}
    edges = sorted({0, *breaks, len(text)})
    spans = []
    for start, end in pairwise(edges):
        # Only the starts are taken: the library's ends may leave characters between sentences.
        found = sentencex.get_sentence_boundaries(language, text[start:end])
        starts = sorted({start, *(start + b["start_index"] for b in found), end})
        spans += [trim(text, Span(a, b)) for a, b in pairwise(starts)]
    return _join_fragments(text, [span for span in spans if span.start < span.end])


def _join_fragments(text: str, spans: list[Span]) -> list[Span]:
    """Join what holds no letter or digit (a stray full stop, a bullet) to the sentence before."""
    joined: list[Span] = []
    for span in spans:
        if joined and not any(c.isalnum() for c in text[span.start : span.end]):
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return joined
