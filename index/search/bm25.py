"""BM25 over passages: counted by bm25s, of which this is the only user, read without it."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from core.text.tokens import STOP_WORDS, normalize_token, words_of
from index.store.mapped import MAP_FROM_BYTES

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
_WORDS, _ARRAYS = "words.json", ("starts", "rows", "scores")


@dataclass(frozen=True, slots=True)
class LexicalIndex:
    """BM25 scores of passages for the words of a query.

    `numbers` maps each stem to its number w. The passages that hold it are
    `rows[starts[w]:starts[w + 1]]`, ascending, and `scores` has in the same places what BM25 gives
    each of them for the word: float32. `passages` is the number of passages.
    """

    numbers: Mapping[str, int]
    starts: NDArray[np.integer]
    rows: NDArray[np.integer]
    scores: NDArray[np.float32]
    passages: int

    @classmethod
    def build(cls, passages: Iterable[tuple[str, str]]) -> LexicalIndex:
        """Index (heading, text) of each passage, in passage order."""
        corpus = [
            content_words(heading) * _HEADING_TIMES + content_words(text)
            for heading, text in passages
        ]
        # Numbered here: bm25s numbers words in the order of a set, another one in each process.
        numbers = {word: i for i, word in enumerate(sorted({w for ws in corpus for w in ws}))}
        if not numbers:  # bm25s cannot count passages without a single word
            nothing = np.zeros(0, dtype=np.int32)
            return cls({}, np.zeros(1, np.int32), nothing, nothing.astype(np.float32), len(corpus))
        bm25 = _bm25s().BM25(k1=_K1, b=_B, method=_METHOD, backend="numpy")
        ids = [[numbers[word] for word in words] for words in corpus]
        bm25.index((ids, dict(numbers)), show_progress=False)  # it adds an empty word to those
        counted = bm25.scores
        return cls(numbers, counted["indptr"], counted["indices"], counted["data"], len(corpus))

    @classmethod
    def read(cls, folder: Path) -> LexicalIndex:
        """Open what `write` wrote; large numbers stay on disk until they are used."""
        large = any(file.stat().st_size >= MAP_FROM_BYTES for file in folder.iterdir())
        starts, rows, scores = (_array(folder / f"{name}.npy", mapped=large) for name in _ARRAYS)
        told = json.loads((folder / _WORDS).read_text(encoding="utf-8"))
        numbers = {word: i for i, word in enumerate(told["words"])}
        if len(starts) != len(numbers) + 1 or len(rows) != len(scores) or starts[-1] != len(rows):
            raise ValueError(f"{len(numbers)} words for {len(starts) - 1} lists of passages")
        return cls(numbers, starts, rows, scores, int(told["passages"]))

    def write(self, folder: Path) -> None:
        """Write the index into a folder of its own."""
        folder.mkdir()
        for name in _ARRAYS:
            with (folder / f"{name}.npy").open("wb") as stream:
                np.save(stream, getattr(self, name), allow_pickle=False)
        told = {"passages": self.passages, "words": sorted(self.numbers)}
        text = json.dumps(told, ensure_ascii=False)
        (folder / _WORDS).write_text(text + "\n", encoding="utf-8")

    def knows(self, stem: str) -> bool:
        """Say whether a stem stands in any passage."""
        return stem in self.numbers

    def normalized_bm25(self, stems: Iterable[str]) -> NDArray[np.float32]:
        """Return how much of a query each passage covers: float32 in [0, 1], shape (passages,).

        BM25's score over the largest one that any passage could reach with these words; a word
        that no passage knows weighs as the rarest of words. Every word counts once.
        """
        wanted = sorted(set(stems))
        covered = np.zeros(self.passages, dtype=np.float32)
        for word in wanted:
            here = self._places(word)
            covered[self.rows[here]] += self.scores[here]  # each passage stands there once
        most = sum(self._idf(word) for word in wanted)
        return np.minimum(covered / np.float32(most), 1.0, dtype=np.float32) if most else covered

    def _places(self, stem: str) -> slice:
        number = self.numbers.get(stem)
        return slice(0) if number is None else slice(*self.starts[number : number + 2].tolist())

    def _idf(self, stem: str) -> float:
        here = self._places(stem)
        df = here.stop - (here.start or 0)
        return float(np.log1p((self.passages - df + 0.5) / (df + 0.5)))


def content_words(text: str) -> list[str]:
    """Return the stems of a text's words in order, repeated as they repeat, no stop words."""
    return [
        w.stem for w in words_of(text) if normalize_token(text[w.start : w.end]) not in STOP_WORDS
    ]


def _array(path: Path, *, mapped: bool) -> NDArray[Any]:
    if mapped:
        return np.load(path, mmap_mode="r", allow_pickle=False)  # type: ignore[no-any-return]
    with path.open("rb") as stream:  # numpy leaves a damaged file open
        return np.load(stream, allow_pickle=False)  # type: ignore[no-any-return]


def _bm25s() -> Any:
    import bm25s

    # It reports every step; a log is for what somebody must act on.
    logging.getLogger("bm25s").setLevel(logging.WARNING)
    return bm25s
