"""Find the answering sentence of a passage and the query's words in it, as offsets: pure."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from core.text.tokens import Word, content_stems, words_of
from core.types import Span

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

# The weight of BM25 beside cosines in a passage's score (index.search.fusion).
_WORDS_WEIGHT = 0.3


def matched_terms(stems: Collection[str], text: str) -> tuple[Span, ...]:
    """Return the spans of the words in `text` whose stem is in `stems`."""
    return tuple(Span(w.start, w.end) for w in _words(text) if w.stem in stems)


def answering_sentence(
    text: str, spans: Sequence[Span], similarities: Sequence[float], stems: Collection[str]
) -> Span:
    """Return the sentence with the highest sum of its cosine and its share of the stems.

    `similarities` are cosines to the query in the order of `spans`; `stems` are those of the query
    and of the added terms. The first of equals wins. Raises ValueError without a sentence, or when
    the two lists differ in length.
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
    """Return the words of a passage, cached: popular passages are marked again and again."""
    return tuple(words_of(passage))


@lru_cache(maxsize=8192)
def _topics(sentence: str) -> frozenset[str]:
    return content_stems(sentence)
