"""BM25 over passages: the only user of bm25s."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from index.mapped import MAP_FROM_BYTES
from index.words import STOP_WORDS, fold, words_of

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

# Robertson & Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and Beyond", with the
# idf of Lucene, ln(1 + (n - df + 0.5) / (df + 0.5)), which is never negative. Passages are short
# and of a length: repetition and length tell less than in documents, hence the small constants.
_K1, _B = 0.6, 0.4
_METHOD = "lucene"
# A heading says what its passage is about, in few words: it counts as if written so many times.
_HEADING_TIMES = 3


class LexicalIndex:
    """BM25 scores of passages for the words of a query."""

    def __init__(self, bm25: Any) -> None:
        self._bm25 = bm25

    @classmethod
    def build(cls, passages: Iterable[tuple[str, str]]) -> LexicalIndex:
        """Index (heading, text) of each passage, in passage order."""
        corpus = [
            topic_words(heading) * _HEADING_TIMES + topic_words(text) for heading, text in passages
        ]
        if not any(corpus):  # bm25s cannot count passages without a single word
            corpus = [[""] for _ in corpus]
        # Numbered here: bm25s numbers words in the order of a set, another one in each process.
        numbers = {word: i for i, word in enumerate(sorted({w for ws in corpus for w in ws}))}
        bm25 = _bm25s().BM25(k1=_K1, b=_B, method=_METHOD, backend="numpy")
        bm25.index(([[numbers[w] for w in ws] for ws in corpus], numbers), show_progress=False)
        return cls(bm25)

    @classmethod
    def read(cls, folder: Path) -> LexicalIndex:
        """Open what `write` wrote; large numbers stay on disk until they are used."""
        large = any(file.stat().st_size >= MAP_FROM_BYTES for file in folder.iterdir())
        return cls(_bm25s().BM25.load(folder, mmap=large, load_corpus=False, show_progress=False))

    def write(self, folder: Path) -> None:
        """Write the index into a folder of its own."""
        self._bm25.save(folder, show_progress=False)

    @property
    def passages(self) -> int:
        """The number of passages."""
        return int(self._bm25.scores["num_docs"])

    def knows(self, stem: str) -> bool:
        """Say whether a stem stands in any passage."""
        # bm25s puts an empty word into every vocabulary and has no numbers for it; a word of
        # nothing but accents has an empty stem.
        return bool(stem) and stem in self._bm25.vocab_dict

    def coverage(self, stems: Iterable[str]) -> NDArray[np.float32]:
        """Return how much of a query each passage covers: float32 in [0, 1], shape (passages,).

        BM25's score over the largest one that any passage could reach with these words; a word
        that no passage knows weighs as the rarest of words. Every word counts once.
        """
        wanted = sorted(set(stems))
        known = [word for word in wanted if self.knows(word)]
        if not known:
            return np.zeros(self.passages, dtype=np.float32)
        scores = self._bm25.get_scores(known)
        most = sum(self._idf(word) for word in wanted)
        return np.asarray(np.minimum(scores / most, 1.0), dtype=np.float32)

    def _idf(self, stem: str) -> float:
        df = 0
        if self.knows(stem):
            row = self._bm25.vocab_dict[stem]
            starts = self._bm25.scores["indptr"]
            df = int(starts[row + 1] - starts[row])
        return float(np.log1p((self.passages - df + 0.5) / (df + 0.5)))


def topic_words(text: str) -> list[str]:
    """Return the stems of a text's words in order, repeated as they repeat, no stop words."""
    return [w.stem for w in words_of(text) if fold(text[w.start : w.end]) not in STOP_WORDS]


def _bm25s() -> Any:
    import bm25s

    # It reports every step; a log is for what somebody must act on.
    logging.getLogger("bm25s").setLevel(logging.WARNING)
    return bm25s
