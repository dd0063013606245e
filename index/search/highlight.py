"""Which sentence answers, and which words of the query stand in a passage: offsets only."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from core.text.tokens import Word, content_stems, words_of
from core.types import Span

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

# The weight that words have beside meaning in a passage's score (index.search.fusion) serves here
# too.
_WORDS_WEIGHT = 0.3


def matched_terms(stems: Collection[str], text: str) -> tuple[Span, ...]:
    """Return the places of words in `text` whose stem is among those that are looked for."""
    return tuple(Span(w.start, w.end) for w in _words(text) if w.stem in stems)


def answering_sentence(
    text: str, spans: Sequence[Span], similarities: Sequence[float], stems: Collection[str]
) -> Span:
    """Return the sentence that answers: the most similar one, words of the query counting too.

    `similarities` are cosines to the query in the order of `spans`; `stems` are the topic words
    that are looked for, those of the vocabulary included. The first of equals wins. Raises
    ValueError when there is no sentence or the two differ in length.
    """
    if not spans or len(spans) != len(similarities):
        raise ValueError(f"{len(spans)} sentences and {len(similarities)} similarities")
    wanted = set(stems)
    scores = [
        similarity + _WORDS_WEIGHT * _share(wanted, text[span.start : span.end])
        for span, similarity in zip(spans, similarities, strict=True)
    ]
    return spans[max(range(len(spans)), key=lambda i: (scores[i], -i))]


def _share(wanted: set[str], sentence: str) -> float:
    return len(wanted & _topics(sentence)) / len(wanted) if wanted else 0.0


@lru_cache(maxsize=2048)
def _words(passage: str) -> tuple[Word, ...]:
    """Return the words of a passage; the same ones are marked again and again."""
    return tuple(words_of(passage))


@lru_cache(maxsize=8192)
def _topics(sentence: str) -> frozenset[str]:
    return content_stems(sentence)
