"""Which word pieces of a passage match a query's: for its answering sentence and its words. Pure.

`cosines` are those of the passage's pieces to the query's, float32 of shape (pieces, query's
pieces); `starts` are the offsets of the passage's pieces in its text, int32 of shape (pieces,),
ascending, negative for its title and headings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from core.text.tokens import Word
    from core.types import Span

# From this cosine on, two words in their contexts mean much the same.
_SAME_MEANING = 0.7


def sentence_matches(
    cosines: NDArray[np.float32], starts: NDArray[np.int32], spans: Sequence[Span]
) -> list[float]:
    """Return MaxSim of the query and each sentence, 0 for a sentence without pieces.

    Raises ValueError for cosines of other pieces.
    """
    if len(cosines) != len(starts):
        raise ValueError(f"cosines of {len(cosines)} pieces and {len(starts)} offsets")
    edges = np.searchsorted(starts, [(span.start, span.end) for span in spans]).reshape(-1, 2)
    matches = np.zeros(len(edges), dtype=np.float32)
    has_pieces = edges[:, 0] < edges[:, 1]
    if cosines.shape[1] and has_pieces.any():
        # A row of its own at the end, because the last sentence may end where the pieces do.
        pieces = np.concatenate([cosines, cosines[:1]])
        best = np.maximum.reduceat(pieces, edges[has_pieces].ravel(), axis=0)[::2]
        matches[has_pieces] = best.mean(axis=1)
    found: list[float] = matches.tolist()
    return found


class PlacedWords(NamedTuple):
    """The words of a text as arrays, of shape (words,): where each begins and ends, int64.

    `is_topic` says which have a topic of their own: bool.
    """

    begins: NDArray[np.int64]
    ends: NDArray[np.int64]
    is_topic: NDArray[np.bool_]


def placed(words: Sequence[Word]) -> PlacedWords:
    """Return the words of a text as arrays."""
    return PlacedWords(
        np.array([word.start for word in words], dtype=np.int64),
        np.array([word.end for word in words], dtype=np.int64),
        np.array([word.is_topic for word in words], dtype=bool),
    )


def topic_pieces(starts: NDArray[np.int32], words: PlacedWords) -> NDArray[np.bool_]:
    """Say which pieces begin in a word with a topic of its own: bool, shape (pieces,)."""
    at = _words_of_pieces(starts, words)
    return np.append(words.is_topic, False)[at]


def matched_words(
    cosines: NDArray[np.float32], starts: NDArray[np.int32], words: PlacedWords
) -> set[int]:
    """Return which of the passage's words mean the same as a word of the query, by their number.

    Every column of `cosines` is a piece of a query's word with a topic of its own.
    """
    if not cosines.size:
        return set()
    near = (cosines.max(axis=1) >= _SAME_MEANING) & topic_pieces(starts, words)
    return set(_words_of_pieces(starts[near], words).tolist())


def _words_of_pieces(starts: NDArray[np.int32], words: PlacedWords) -> NDArray[np.int64]:
    """Return the number of the word in which each piece begins, -1 for none: int64, (pieces,)."""
    at = np.searchsorted(words.begins, starts, side="right") - 1
    is_inside = (at >= 0) & (starts < np.append(words.ends, -1)[at])
    return np.where(is_inside, at, -1)
