"""BM25 over passages: indexed with bm25s, searched without it."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from core.text.tokens import words_of
from index.store.mapped import MAP_FROM_BYTES

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

# Robertson & Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and Beyond", with the
# idf of Lucene, ln(1 + (n - df + 0.5) / (df + 0.5)), which is never negative. Passages are short
# and similar in length: repetition and length say less than in documents, hence small constants.
_K1, _B = 0.6, 0.4
_METHOD = "lucene"
# A heading names the topic of its passage in few words: each of them counts this many times.
_HEADING_TIMES = 3
_WORDS, _ARRAYS = "words.json", ("starts", "rows", "scores")


@dataclass(frozen=True, slots=True)
class LexicalIndex:
    """BM25 scores of passages for the words of a query.

    `numbers` maps each stem to its number w. `rows[starts[w]:starts[w + 1]]` are the passages that
    hold it, ascending, and the same slice of `scores` has their BM25 scores for it: float32.
    `passages` is the number of passages.
    """

    numbers: Mapping[str, int]
    starts: NDArray[np.integer]
    rows: NDArray[np.integer]
    scores: NDArray[np.float32]
    passages: int

    @classmethod
    def build(cls, passages: Iterable[tuple[str, str]]) -> LexicalIndex:
        """Index passages, each a heading and a text, in the order of their rows."""
        corpus = [
            content_words(heading) * _HEADING_TIMES + content_words(text)
            for heading, text in passages
        ]
        # Numbered here: bm25s numbers words in the order of a set, which differs by process.
        numbers = {word: i for i, word in enumerate(sorted({w for ws in corpus for w in ws}))}
        if not numbers:  # bm25s fails on passages without a single word
            nothing = np.zeros(0, dtype=np.int32)
            return cls({}, np.zeros(1, np.int32), nothing, nothing.astype(np.float32), len(corpus))
        bm25 = _bm25s().BM25(k1=_K1, b=_B, method=_METHOD, backend="numpy")
        ids = [[numbers[word] for word in words] for words in corpus]
        bm25.index((ids, dict(numbers)), show_progress=False)  # adds an empty word to its copy
        matrix = bm25.scores
        return cls(numbers, matrix["indptr"], matrix["indices"], matrix["data"], len(corpus))

    @classmethod
    def read(cls, folder: Path) -> LexicalIndex:
        """Read what `write` wrote; large arrays are memory-mapped.

        Raises ValueError when the files do not fit together.
        """
        large = any(file.stat().st_size >= MAP_FROM_BYTES for file in folder.iterdir())
        starts, rows, scores = (_array(folder / f"{name}.npy", mapped=large) for name in _ARRAYS)
        record = json.loads((folder / _WORDS).read_text(encoding="utf-8"))
        numbers = {word: i for i, word in enumerate(record["words"])}
        if len(starts) != len(numbers) + 1 or len(rows) != len(scores) or starts[-1] != len(rows):
            raise ValueError(f"{len(numbers)} words for {len(starts) - 1} lists of passages")
        return cls(numbers, starts, rows, scores, int(record["passages"]))

    def write(self, folder: Path) -> None:
        """Write the index into a new folder."""
        folder.mkdir()
        for name in _ARRAYS:
            with (folder / f"{name}.npy").open("wb") as stream:
                np.save(stream, getattr(self, name), allow_pickle=False)
        record = {"passages": self.passages, "words": sorted(self.numbers)}
        text = json.dumps(record, ensure_ascii=False)
        (folder / _WORDS).write_text(text + "\n", encoding="utf-8")

    def knows(self, stem: str) -> bool:
        """Say whether any passage has the stem."""
        return stem in self.numbers

    def normalized_bm25(self, stems: Iterable[str]) -> NDArray[np.float32]:
        """Return the BM25 score of each passage over the largest that the query could reach.

        float32 in [0, 1], shape (passages,). Every stem counts once; a stem that is in no passage
        weighs like the rarest.
        """
        wanted = sorted(set(stems))
        covered = np.zeros(self.passages, dtype=np.float32)
        for word in wanted:
            postings = self._postings(word)
            covered[self.rows[postings]] += self.scores[postings]  # no passage occurs twice
        most = sum(self._idf(word) for word in wanted)
        return np.minimum(covered / np.float32(most), 1.0, dtype=np.float32) if most else covered

    def _postings(self, stem: str) -> slice:
        number = self.numbers.get(stem)
        return slice(0) if number is None else slice(*self.starts[number : number + 2].tolist())

    def _idf(self, stem: str) -> float:
        postings = self._postings(stem)
        df = postings.stop - (postings.start or 0)
        return float(np.log1p((self.passages - df + 0.5) / (df + 0.5)))


def content_words(text: str) -> list[str]:
    """Return the stems of a text's words in order, with repetitions, without stop words."""
    return [word.stem for word in words_of(text) if word.is_topic]


def _array(path: Path, *, mapped: bool) -> NDArray[Any]:
    if mapped:
        return np.load(path, mmap_mode="r", allow_pickle=False)  # type: ignore[no-any-return]
    with path.open("rb") as stream:  # opened here, because numpy leaves a damaged file open
        return np.load(stream, allow_pickle=False)  # type: ignore[no-any-return]


def _bm25s() -> Any:
    import bm25s

    # It logs every step; a log is for what somebody must act on.
    logging.getLogger("bm25s").setLevel(logging.WARNING)
    return bm25s
