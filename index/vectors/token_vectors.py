"""The vectors of the passages' word pieces, for late interaction: one byte a number, in files.

A passage scores the mean over the query's word pieces of the best cosine to any of its own (MaxSim
of ColBERT, Khattab and Zaharia 2020, divided by the number of the query's pieces).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from core.errors import IndexDamagedError
from core.files.atomic import link
from index.store.mapped import MAP_FROM_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from core.types import Encoded

_CODES, _SCALES, _STARTS, _FIRST = (
    f"tokens-{name}.npy" for name in ("codes", "scales", "starts", "first")
)
_LARGEST = 127
_SMALLEST = 1e-12  # so that no vector is divided by zero


class PassageTokens(NamedTuple):
    """The word pieces of one passage, as stored.

    A piece's vector is `codes * scale`: int8, shape (pieces, dimension), and float32, shape
    (pieces,). `starts` are its offsets in the passage's text: int32, shape (pieces,), negative for
    pieces of the title and headings before it.
    """

    codes: NDArray[np.int8]
    scales: NDArray[np.float32]
    starts: NDArray[np.int32]


def passage_tokens(encoded: Encoded, text_start: int) -> PassageTokens:
    """Round the vectors of a passage's pieces to one byte a number.

    `text_start` is where the passage itself begins in the text that was encoded.
    """
    return PassageTokens(*_rounded(encoded.tokens), encoded.starts - np.int32(text_start))


class TokenVectors:
    """The word pieces of all passages, in their order; files of 64 MB and more are mapped."""

    def __init__(self, passages: Sequence[PassageTokens], dimension: int) -> None:
        """Join the pieces of all passages, `dimension` numbers each, 0 without token vectors."""
        self._folder: Path | None = None
        self._first = np.cumsum([0, *(len(one.starts) for one in passages)], dtype=np.int64)
        self._codes = np.concatenate(
            [np.zeros((0, dimension), np.int8), *(one.codes for one in passages)]
        )
        self._scales = np.concatenate(
            [np.zeros(0, np.float32), *(one.scales for one in passages)], dtype=np.float32
        )
        self._starts = np.concatenate(
            [np.zeros(0, np.int32), *(one.starts for one in passages)], dtype=np.int32
        )

    @classmethod
    def read(cls, folder: Path) -> TokenVectors:
        """Open the files that `write` wrote. Raises IndexDamagedError for other files."""
        self = cls.__new__(cls)
        self._folder = folder
        self._codes, self._scales, self._starts, self._first = (
            _opened(folder / name, dtype, dimensions)
            for name, dtype, dimensions in (
                (_CODES, np.int8, 2),
                (_SCALES, np.float32, 1),
                (_STARTS, np.int32, 1),
                (_FIRST, np.int64, 1),
            )
        )
        counts = {len(self._codes), len(self._scales), len(self._starts)}
        in_order = len(self._first) and self._first[0] == 0 and np.all(np.diff(self._first) >= 0)
        if not in_order or counts != {int(self._first[-1])}:
            raise _damaged(folder / _FIRST, f"{sorted(counts)} pieces, not as many in all files")
        return self

    @classmethod
    def joined(
        cls, parts: Iterable[TokenVectors], dimension: int, folder: Path | None = None
    ) -> TokenVectors:
        """Join the pieces of parts, one after the other; write them into `folder`, if any.

        They are then opened there, without a copy in memory.
        """
        parts = [cls((), dimension), *parts]
        counts = np.concatenate([[0], *(np.diff(part._first) for part in parts)])
        first = np.cumsum(counts, dtype=np.int64)
        columns: dict[str, list[NDArray[Any]]] = {
            _CODES: [part._codes for part in parts],
            _SCALES: [part._scales for part in parts],
            _STARTS: [part._starts for part in parts],
            _FIRST: [first],
        }
        if folder:
            for name, arrays in columns.items():
                _write(folder / name, arrays)
            return cls.read(folder)
        self = cls((), dimension)
        self._codes, self._scales, self._starts, self._first = map(np.concatenate, columns.values())
        return self

    def part(self, rows: range) -> TokenVectors:
        """Return the pieces of neighbouring passages: views, as long as this is open."""
        part = TokenVectors((), self.dimension)
        first = self._first[rows.start : rows.stop + 1]
        pieces = slice(first[0], first[-1])
        part._first = first - first[0]
        part._codes, part._scales = self._codes[pieces], self._scales[pieces]
        part._starts = self._starts[pieces]
        return part

    def write(self, folder: Path) -> None:
        """Write the files into a new folder; the same pieces give the same bytes."""
        for name, array in (
            (_CODES, self._codes),
            (_SCALES, self._scales),
            (_STARTS, self._starts),
            (_FIRST, self._first),
        ):
            if self._folder:
                link(self._folder / name, folder / name)
            else:
                _write(folder / name, [array])

    @property
    def passages(self) -> int:
        """The number of passages."""
        return len(self._first) - 1

    @property
    def dimension(self) -> int:
        """The length of a piece's vector, 0 where the encoder has none."""
        return int(self._codes.shape[1])

    def passage(self, row: int) -> PassageTokens:
        """Return the pieces of one passage: views, which must not be changed."""
        rows = slice(self._first[row], self._first[row + 1])
        return PassageTokens(self._codes[rows], self._scales[rows], self._starts[rows])

    def scores(
        self, query: NDArray[np.float32], passages: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """Return MaxSim of a query and each passage: float32 in [-1, 1], in their order.

        `query` has the unit vectors of its pieces: float32, shape (pieces, dimension). 0 for a
        passage without pieces, and for all where the query or the index has none.
        """
        scores = np.zeros(len(passages), dtype=np.float32)
        counts = self._first[passages + 1] - self._first[passages]
        if not len(query) or not self.dimension or not counts.any():
            return scores
        some = passages[counts > 0]
        parts = [*map(slice, self._first[some].tolist(), self._first[some + 1].tolist())]
        codes = np.concatenate([self._codes[part] for part in parts])
        scales = np.concatenate([self._scales[part] for part in parts])
        begins = np.concatenate([[0], np.cumsum(counts[counts > 0])[:-1]])
        # A row for each of the query's pieces: the maximum of neighbours in memory is quick.
        products, asked_scales = _products(codes, query)
        best = np.maximum.reduceat(products * scales, begins, axis=1)
        scores[counts > 0] = _bounded(best.T.copy() * asked_scales).mean(axis=1)
        return scores

    def cosines(self, query: NDArray[np.float32], row: int) -> NDArray[np.float32]:
        """Return the cosines of a passage's pieces to a query's: float32, (pieces, query's)."""
        codes, scales, _ = self.passage(row)
        return _cosines(codes, scales, query)


def _rounded(vectors: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Return vectors as one byte a number, and the scale of each: int8 and float32."""
    scales = (np.abs(vectors).max(axis=1, initial=0.0) / _LARGEST).astype(np.float32)
    codes = np.rint(vectors / np.maximum(scales, _SMALLEST)[:, None]).astype(np.int8)
    return codes, scales


def _cosines(
    codes: NDArray[np.int8], scales: NDArray[np.float32], query: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return the cosines of pieces to a query's: float32, (pieces, query's pieces)."""
    products, asked_scales = _products(codes, query)
    return _bounded((products * scales).T * asked_scales)


def _products(
    codes: NDArray[np.int8], query: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the products of a query's pieces, rounded, with codes, and the scales of the former.

    float32, shapes (query's pieces, pieces) and (query's pieces,).
    """
    # Products of whole numbers are exact in float32 up to 1,040 of them: however a matrix product
    # adds them up, equal passages have equal scores.
    asked, scales = _rounded(query)
    return asked.astype(np.float32) @ codes.astype(np.float32).T, scales


def _bounded(cosines: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.minimum(np.maximum(cosines, -1), 1)


def _write(path: Path, arrays: Sequence[NDArray[Any]]) -> None:
    """Write what numpy saves for these arrays one after the other."""
    shape = (sum(map(len, arrays)), *arrays[0].shape[1:])
    head = np.lib.format.header_data_from_array_1_0(arrays[0]) | {"shape": shape}
    with path.open("wb") as file:
        np.lib.format.write_array_header_1_0(file, head)
        for array in arrays:
            file.write(np.ascontiguousarray(array).data)


def _opened(path: Path, dtype: type[np.generic], dimensions: int) -> NDArray[Any]:
    mapped = path.stat().st_size >= MAP_FROM_BYTES
    array = np.load(path, mmap_mode="r" if mapped else None, allow_pickle=False)
    if array.dtype != dtype or array.ndim != dimensions:
        raise _damaged(path, f"{array.dtype} in {array.ndim} dimensions")
    # Slices of a plain array take a fifth of the time of slices of a memmap.
    found: NDArray[Any] = np.asarray(array)
    return found


def _damaged(path: Path, found: str) -> IndexDamagedError:
    return IndexDamagedError(
        "The vectors of word pieces cannot be used.",
        where=str(path),
        expected="the files that ingest wrote",
        found=found,
        fix="python -m ingest",
    )
