"""BM25 over passages: the only user of bm25s."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from index.words import STOP_WORDS, fold, words_of

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

# Robertson & Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and Beyond"; the usual
# constants, with the idf of Lucene, which is never negative.
_K1, _B = 1.2, 0.75
_METHOD = "lucene"


class LexicalIndex:
    """BM25 scores of passages for the words of a query."""

    def __init__(self, bm25: Any) -> None:
        self._bm25 = bm25

    @classmethod
    def build(cls, texts: Sequence[str]) -> LexicalIndex:
        """Index texts, one for each passage, in passage order."""
        import bm25s

        bm25 = bm25s.BM25(k1=_K1, b=_B, method=_METHOD, backend="numpy")
        bm25.index([topic_words(text) for text in texts], show_progress=False)
        return cls(bm25)

    @classmethod
    def read(cls, folder: Path) -> LexicalIndex:
        """Open what `write` wrote; the numbers stay on disk until they are used."""
        import bm25s

        return cls(bm25s.BM25.load(folder, mmap=True, load_corpus=False, show_progress=False))

    def write(self, folder: Path) -> None:
        """Write the index into a folder of its own."""
        self._bm25.save(folder, show_progress=False)

    def scores(self, stems: Sequence[str]) -> NDArray[np.float32]:
        """Return the BM25 score of every passage: float32, shape (passages,), 0 for no match."""
        known = [word for word in stems if word in self._bm25.vocab_dict]
        if not known:
            return np.zeros(self._bm25.scores["num_docs"], dtype=np.float32)
        return np.asarray(self._bm25.get_scores(known), dtype=np.float32)


def topic_words(text: str) -> list[str]:
    """Return the stems of a text's words in order, repeated as they repeat, no stop words."""
    return [
        word.stem for word in words_of(text) if fold(text[word.start : word.end]) not in STOP_WORDS
    ]
