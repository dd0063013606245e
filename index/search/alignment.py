"""Which word pieces of a passage match a query's: for its answering sentence and its words. Pure.

`cosines` are those of the passage's pieces to the query's, float32 of shape (pieces, query's
pieces); `starts` are the offsets of the passage's pieces in its text, int32 of shape (pieces,),
negative for its title and headings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.text.tokens import STOP_WORDS, normalize_token
from core.types import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from core.text.tokens import Word

# From this cosine on, two words in their contexts mean much the same.
_SAME_MEANING = 0.7


def sentence_matches(
    cosines: NDArray[np.float32], starts: NDArray[np.int32], spans: Sequence[Span]
) -> list[float]:
    """Return MaxSim of the query and each sentence, 0 for a sentence without pieces."""
    matches = []
    for span in spans:
        inside = (starts >= span.start) & (starts < span.end)
        found = inside.any() and cosines.shape[1]
        matches.append(float(cosines[inside].max(axis=0).mean()) if found else 0.0)
    return matches


def topic_pieces(starts: NDArray[np.int32], words: Sequence[Word], text: str) -> NDArray[np.bool_]:
    """Say which pieces begin in a word with a topic of its own: bool, shape (pieces,)."""
    is_topic = np.zeros(len(starts), dtype=bool)
    for word in words:
        if normalize_token(text[word.start : word.end]) not in STOP_WORDS:
            is_topic |= (starts >= word.start) & (starts < word.end)
    return is_topic


def matched_words(
    cosines: NDArray[np.float32],
    starts: NDArray[np.int32],
    words: Sequence[Word],
    text: str,
) -> tuple[Span, ...]:
    """Return the passage's words that mean the same as a word of the query.

    Every column of `cosines` is a piece of a query's word with a topic of its own.
    """
    if not cosines.size:
        return ()
    near = (cosines.max(axis=1) >= _SAME_MEANING) & topic_pieces(starts, words, text)
    return tuple(
        Span(word.start, word.end)
        for word in words
        if (near & (starts >= word.start) & (starts < word.end)).any()
    )
