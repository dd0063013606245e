"""Which sentence answers, and which words of the query stand in a passage: offsets only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.types import Span
from index.words import topic_stems, words_of

if TYPE_CHECKING:
    from collections.abc import Sequence


def matched_terms(query: str, text: str) -> tuple[Span, ...]:
    """Return the places of words in `text` that share a stem with a topic word of the query."""
    wanted = topic_stems(query)
    return tuple(Span(w.start, w.end) for w in words_of(text) if w.stem in wanted)


def answering_sentence(spans: Sequence[Span], scores: Sequence[float]) -> Span:
    """Return the span with the highest score, the first of equals; both in passage order.

    Raises ValueError when there is no sentence or the two differ in length.
    """
    if not spans or len(spans) != len(scores):
        raise ValueError(f"{len(spans)} sentences and {len(scores)} scores")
    best = max(range(len(spans)), key=lambda i: (scores[i], -i))
    return spans[best]
