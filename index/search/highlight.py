"""Find the answering sentence of a passage and the query's words in it, as offsets: pure."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from core.text.tokens import Word, content_stems, words_of
from core.types import Span
from index.search.alignment import PlacedWords, matched_words, placed

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import numpy as np
    from numpy.typing import NDArray

# The weights of MaxSim and of the query's words beside a sentence's cosine. On the calibration
# articles of training/ MaxSim at 2 marks 1 % more right sentences, but fewer of the bank's.
_LATE_WEIGHT, _WORDS_WEIGHT = 0.75, 0.3


def matched_terms(
    text: str,
    stems: Collection[str],
    cosines: NDArray[np.float32],
    starts: NDArray[np.int32],
) -> tuple[Span, ...]:
    """Return the spans of the words in `text` with one of the stems, or with the same meaning.

    `cosines` and `starts` are as in index.search.alignment, for the query's words with a topic.
    """
    words, places = _words(text)
    same = matched_words(cosines, starts, places)
    return tuple(
        Span(word.start, word.end)
        for number, word in enumerate(words)
        if word.stem in stems or number in same
    )


def answering_sentence(
    text: str,
    spans: Sequence[Span],
    similarities: Sequence[float],
    matches: Sequence[float],
    stems: Collection[str],
) -> Span:
    """Return the sentence with the highest sum of its cosine, MaxSim and share of the stems.

    `similarities` are cosines to the query and `matches` its MaxSim, in the order of `spans`;
    `stems` are those of the query and of the added terms. The first of equals wins. Raises
    ValueError without a sentence, or when the lists differ in length.
    """
    if not spans or not len(spans) == len(similarities) == len(matches):
        raise ValueError(f"{len(spans)} sentences and {len(similarities)} similarities")
    wanted = set(stems)
    scores = [
        similarity
        + _LATE_WEIGHT * match
        + _WORDS_WEIGHT * _share(wanted, text[span.start : span.end])
        for span, similarity, match in zip(spans, similarities, matches, strict=True)
    ]
    return spans[max(range(len(spans)), key=lambda i: (scores[i], -i))]


def _share(wanted: set[str], sentence: str) -> float:
    return len(wanted & _topics(sentence)) / len(wanted) if wanted else 0.0


@lru_cache(maxsize=2048)
def _words(passage: str) -> tuple[tuple[Word, ...], PlacedWords]:
    """Return the words of a passage, cached: popular passages are marked again and again."""
    words = tuple(words_of(passage))
    return words, placed(words, passage)


@lru_cache(maxsize=8192)
def _topics(sentence: str) -> frozenset[str]:
    return content_stems(sentence)
