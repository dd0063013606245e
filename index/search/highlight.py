"""Find the answering sentence of a passage and the query's words in it, as offsets: pure."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from core.text.tokens import Word, content_stems, words_of
from core.types import Span
from index.intent.aspects import Aspect, speaks_of
from index.search.alignment import PlacedWords, matched_words, placed

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

# The weights of MaxSim, of the query's words and of the kind of answer beside a sentence's cosine.
# Words of the title and headings are about all sentences alike. Of the 1,063 sentences of right
# passages of training/'s calibration articles these mark 0.725 rightly, the cosine, 0.75 MaxSim and
# 0.3 of all words 0.702; where the kind of answer is a must, it is 0.710.
_LATE_WEIGHT, _WORDS_WEIGHT, _KIND_WEIGHT = 1.5, 0.4, 0.25
_DECIDES = 10.0  # more than all others together
_WORD_ABOVE = 0.3
# Of the sentences there with a smaller lead 0.40 are a right one, of the others 0.77.
_CLEAR_LEAD = 0.05


class MarkedSentence(NamedTuple):
    """The sentence of a passage that is nearest to a query.

    `is_clear` means that it leads clearly, `speaks` that it is of the kind that the query wants.
    """

    span: Span
    is_clear: bool
    speaks: bool


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
    *,
    above: str = "",
    aspect: Aspect | None = None,
) -> MarkedSentence:
    """Return the sentence with the highest sum of cosine, MaxSim, words and kind of answer.

    `similarities` are cosines to the query and `matches` its MaxSim, in the order of `spans`;
    `stems` are those of the query and of the added terms, `above` is the title with the headings,
    and `aspect` what the query wants to know. The first of equals wins. Raises ValueError without a
    sentence, or when the lists differ in length.
    """
    if not spans or not len(spans) == len(similarities) == len(matches):
        raise ValueError(f"{len(spans)} sentences and {len(similarities)} similarities")
    speaks = [
        aspect is not None and speaks_of(aspect, text[span.start : span.end]) for span in spans
    ]
    kind = _DECIDES if aspect and aspect.decides else _KIND_WEIGHT
    wanted, common = frozenset(stems), _topics(above)
    scores = [
        similarity
        + _LATE_WEIGHT * match
        + _WORDS_WEIGHT * _share(wanted, common, said)
        + kind * speaking
        for said, similarity, match, speaking in zip(
            _said(text, spans), similarities, matches, speaks, strict=True
        )
    ]
    best, *others = sorted(range(len(spans)), key=lambda i: (-scores[i], i))
    is_clear = not others or scores[best] - scores[others[0]] >= _CLEAR_LEAD
    return MarkedSentence(spans[best], is_clear, speaks[best])


def _said(text: str, spans: Sequence[Span]) -> list[set[str]]:
    """Return the stems of each sentence's words with a topic of their own."""
    words, places = _words(text)
    edges = np.searchsorted(places.begins, [(span.start, span.end) for span in spans]).tolist()
    return [{word.stem for word in words[a:b] if word.is_topic} for a, b in edges]


def _share(wanted: frozenset[str], common: frozenset[str], said: set[str]) -> float:
    """Return which part of the wanted stems a sentence has; common ones count less."""

    def weight(stems: frozenset[str]) -> float:
        return len(stems) - (1 - _WORD_ABOVE) * len(stems & common)

    return weight(wanted & said) / weight(wanted) if wanted else 0.0


@lru_cache(maxsize=2048)
def _words(passage: str) -> tuple[tuple[Word, ...], PlacedWords]:
    """Return the words of a passage, cached: popular passages are marked again and again."""
    words = tuple(words_of(passage))
    return words, placed(words)


@lru_cache(maxsize=2048)
def _topics(above: str) -> frozenset[str]:
    return content_stems(above)
