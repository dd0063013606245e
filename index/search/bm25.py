"""BM25 over passages."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from core.text.tokens import STOP_WORDS, normalize_token, stems, words_in, words_of
from index.store.mapped import MAP_FROM_BYTES

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

# Robertson & Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and Beyond", with the
# idf of Lucene, ln(1 + (n - df + 0.5) / (df + 0.5)), which is never negative. Passages are short
# and similar in length: repetition and length say less than in documents, hence small constants.
_K1, _B = 0.6, 0.4
# A heading names the topic of its passage in few words: each of them counts this many times.
_HEADING_TIMES = 3
_NONE = -1  # the number of a stop word
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
        # As `content_words` in a third of the time: each word is stemmed once.
        corpus = [words_in(heading) * _HEADING_TIMES + words_in(text) for heading, text in passages]
        stem_of = _stems_by_word(set(chain.from_iterable(corpus)))
        known = sorted({stem for stem in stem_of.values() if stem is not None})
        numbers = {stem: number for number, stem in enumerate(known)}
        number_of = {
            word: _NONE if stem is None else numbers[stem] for word, stem in stem_of.items()
        }
        lengths = np.array([len(words) for words in corpus], dtype=np.int64)
        every = map(number_of.__getitem__, chain.from_iterable(corpus))
        number = np.fromiter(every, np.int64, int(lengths.sum()))
        row = np.repeat(np.arange(len(corpus)), lengths)[number != _NONE]
        number = number[number != _NONE]
        return cls(numbers, *_scored(number, row, len(numbers), len(corpus)), len(corpus))

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


def _stems_by_word(words: Collection[str]) -> dict[str, str | None]:
    """Return the stems of words as they are written, None of stop words."""
    normal = list(map(normalize_token, words))
    found = zip(words, normal, stems(normal), strict=True)
    return {word: None if plain in STOP_WORDS else stem for word, plain, stem in found}


def _scored(
    number: NDArray[np.int64], row: NDArray[np.int64], words: int, passages: int
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32]]:
    """Return `starts`, `rows` and `scores`; each word has a number and the row of its passage."""
    lengths = np.bincount(row, minlength=passages)
    pairs, times = np.unique(number * max(1, passages) + row, return_counts=True)
    number, row = np.divmod(pairs, max(1, passages))
    df = np.bincount(number, minlength=words)
    relative = lengths[row] / lengths.mean() if len(row) else np.zeros(0)
    part = times / (times + _K1 * (1 - _B + _B * relative))
    scores = _idf(passages, df)[number] * part
    starts = np.concatenate([[0], np.cumsum(df)])
    return starts.astype(np.int64), row.astype(np.int32), scores.astype(np.float32)


def _idf(passages: int, df: NDArray[np.int64]) -> NDArray[np.float64]:
    idf: NDArray[np.float64] = np.log1p((passages - df + 0.5) / (df + 0.5))
    return idf
