"""Vectors in files of faiss: searched exactly, or by quantised vectors first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from core.files.atomic import link
from index.vectors import quantised
from index.vectors.faiss_files import (
    damaged,
    library,
    mapped,
    one_thread,
    write_flat,
    write_index,
)

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from index.vectors.protocol import VectorStore

FILE_NAME = "vectors.faiss"
NEAREST_NAME = "nearest.faiss"
# Exact search takes 0.4 ms at 10,000 views, 2.9 ms at 50,000, 5.9 ms at 100,000 and 57 ms at a
# million; quantised search 0.5, 0.8, 1.1 and 6.0 ms, and 97 MB at a million. Up to this size it
# saves two milliseconds at most (docs/benchmarks.md, "Measured once"; medians, on one thread).
EXACT_UP_TO = 50_000
# Of the 200 nearest of a million 30 candidates for each find 0.996, 5 find 0.85; of 150 questions
# all then get the five passages of an exact comparison. Codes of twice the length find 0.993 with
# 5, but comparing 96 MB takes 5.9 ms and not 2.1: a processor's cache nearly holds 48 MB.
_CANDIDATES, _AT_LEAST = 30, 2_000
# Vectors of another store that are in memory at a time while they are written.
_BLOCK = 1 << 14


class VectorIndex:
    """The VectorStore of a single machine: files in the folder of a generation, memory-mapped.

    Up to a number of rows every vector is compared. Above it, 4-bit product quantisation of four
    components each (Jégou et al. 2011; sixteen sums at a time, André et al. 2015) names candidates,
    which are then compared exactly. Only the whole vectors of candidates are read from disk, and
    processes share what was read.
    """

    def __init__(self, vectors: NDArray[np.float32], *, exact_up_to: int = EXACT_UP_TO) -> None:
        """Index unit vectors: float32, shape (rows, dimension), a row for each view.

        More than `exact_up_to` rows are quantised, which takes seconds. Raises ValueError for an
        array of another number of dimensions.
        """
        if vectors.ndim != 2:
            raise ValueError(f"vectors must have two dimensions, got {vectors.ndim}")
        self._flat = library().IndexFlatIP(vectors.shape[1])
        self._flat.add(np.ascontiguousarray(vectors, dtype=np.float32))
        self._folder: Path | None = None
        self._files: tuple[NDArray[np.uint8], ...] = ()
        self._nearest = quantised.made_of(self._vectors) if self.rows > exact_up_to else None

    @classmethod
    def read(cls, folder: Path) -> VectorIndex:
        """Open the files that `write` wrote. Raises IndexDamagedError for other files."""
        self = cls.__new__(cls)
        flat, self._flat = mapped(folder / FILE_NAME, "IndexFlatIP")
        self._folder = folder
        self._files = (flat,)
        self._nearest = None
        path = folder / NEAREST_NAME
        if path.exists():
            nearest, self._nearest = mapped(path, "IndexPreTransform")
            self._files = (flat, nearest)
            found = (int(self._nearest.ntotal), int(self._nearest.d))
            if found != (self.rows, self.dimension):
                raise damaged(path, "{} vectors of length {}".format(*found))
        return self

    @classmethod
    def made_in(
        cls,
        folder: Path,
        shape: tuple[int, int],
        blocks: Iterable[NDArray[np.float32] | range],
        *,
        like: VectorStore | None = None,
        exact_up_to: int = EXACT_UP_TO,
    ) -> VectorIndex:
        """Write vectors into a folder block by block and open them there, without a copy in memory.

        `shape` is (rows, dimension) of all blocks together. A block holds new vectors, or says
        which rows of `like` come here. Where `like` holds about as many vectors, all are quantised
        as those, which spares the training, and the codes of its rows are taken over. Raises
        IndexDamagedError for blocks of another shape.
        """
        kept: list[tuple[int, range]] = []
        write_flat(folder / FILE_NAME, shape, _blocks_of(blocks, like, kept))
        self = cls.read(folder)
        if self.rows > exact_up_to:
            nearest = like._nearest if isinstance(like, VectorIndex) else None
            self._nearest = quantised.made_of(self._vectors, like=nearest, kept=kept)
        return self

    def write(self, folder: Path) -> None:
        """Write the vectors, and their quantised form, if any, into a new folder.

        The same vectors give the same bytes, with any number of threads.
        """
        if self._folder:
            link(self._folder / FILE_NAME, folder / FILE_NAME)
        else:
            write_index(self._flat, folder / FILE_NAME)
        if self._nearest is not None:
            write_index(self._nearest, folder / NEAREST_NAME)

    @property
    def rows(self) -> int:
        """The number of vectors."""
        return int(self._flat.ntotal)

    @property
    def dimension(self) -> int:
        """The length of each vector."""
        return int(self._flat.d)

    @property
    def description(self) -> Mapping[str, str | int]:
        """How it searches, for the manifest: exactly, or by 4-bit parts that name candidates.

        `candidates` are named for each row that is asked for, and `at_least` so many.
        """
        if self._nearest is None:
            return {"kind": "exact"}
        parts = quantised.parts(self.dimension)
        return {"kind": "pq4", "parts": parts, "candidates": _CANDIDATES, "at_least": _AT_LEAST}

    def close(self) -> None:
        """Do nothing: files are closed with their last user."""

    def search(self, query: NDArray[np.float32], k: int) -> NDArray[np.int64]:
        """Return the rows of the k nearest vectors: int64, shape (min(k, rows),), best first.

        `query` is float32 of shape (dimension,). Equal scores come in order of their rows.
        """
        self._check(query)
        k = min(k, self.rows)
        if k <= 0:
            return np.zeros(0, dtype=np.int64)
        candidates = max(k * _CANDIDATES, _AT_LEAST)
        if self._nearest is not None and candidates < self.rows:
            rows = _found(self._nearest, query, candidates)
        else:
            rows = _found(self._flat, query, k)
        scores = self.scores(query, rows)
        if len(rows) > k:  # sorting the others would take longer than comparing them
            near = scores >= np.partition(scores, len(rows) - k)[len(rows) - k]
            rows, scores = rows[near], scores[near]
        return rows[np.lexsort((rows, -scores))[:k]]

    def scores(self, query: NDArray[np.float32], rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the inner product of the query with each of `rows`: float32, in their order.

        Raises ValueError as `search` does, and IndexError for a row that does not exist.
        """
        self._check(query)
        faiss = library()
        wanted = np.ascontiguousarray(rows, dtype=np.int64)
        asked = np.ascontiguousarray(query, dtype=np.float32)
        products = np.zeros(len(wanted), dtype=np.float32)
        if not len(wanted):
            return products
        if wanted.min() < 0 or wanted.max() >= self.rows:
            raise IndexError(f"rows from {wanted.min()} to {wanted.max()} of {self.rows}")
        # Where the vectors lie: copying them first takes twice as long. Each row is added up in the
        # same way, as in no matrix product: equal vectors have equal scores.
        with one_thread():
            faiss.fvec_inner_products_by_idx(
                *(faiss.swig_ptr(products), faiss.swig_ptr(asked), self._flat.get_xb()),
                *(faiss.swig_ptr(wanted), self.dimension, 1, len(wanted)),
            )
        return products

    def _check(self, query: NDArray[np.float32]) -> None:
        if query.shape != (self.dimension,):
            # faiss would read other memory, or raise an AssertionError without a message
            raise ValueError(f"query must have shape ({self.dimension},), got {query.shape}")

    def vector(self, row: int) -> NDArray[np.float32]:
        """Return a copy of one vector: float32, shape (dimension,)."""
        copied: NDArray[np.float32] = self._vectors[row].copy()
        return copied

    def take(self, rows: range) -> NDArray[np.float32]:
        """Return neighbouring vectors: float32, (len(rows), dimension), a view of the store's."""
        return self._vectors[rows.start : rows.stop]

    def all(self) -> NDArray[np.float32]:
        """Return a copy of all vectors: float32, shape (rows, dimension), in row order."""
        return self._vectors.copy()

    @property
    def _vectors(self) -> NDArray[np.float32]:
        """All vectors in the memory of faiss: a view, which must not outlive this object."""
        if not self.rows:
            return np.zeros((0, self.dimension), dtype=np.float32)
        numbers = library().rev_swig_ptr(self._flat.get_xb(), self.rows * self.dimension)
        vectors: NDArray[np.float32] = numbers.reshape(self.rows, self.dimension)
        return vectors


def _found(index: Any, query: NDArray[np.float32], k: int) -> NDArray[np.int64]:
    with one_thread():  # several threads would wait for each other longer than the search takes
        _, rows = index.search(np.ascontiguousarray(query[None, :], np.float32), k)
    found: NDArray[np.int64] = rows[0][rows[0] >= 0]  # faiss pads with -1
    return found


def _blocks_of(
    blocks: Iterable[NDArray[np.float32] | range],
    like: VectorStore | None,
    kept: list[tuple[int, range]],
) -> Iterator[NDArray[np.float32]]:
    """Yield the vectors of blocks; note in `kept` where rows of `like` come, and which they are."""
    row = 0
    for block in blocks:
        if isinstance(block, range):
            if like is None:
                raise LookupError(f"rows {block} of no other store")
            kept.append((row, block))
            for start in range(block.start, block.stop, _BLOCK):
                yield like.take(range(start, min(start + _BLOCK, block.stop)))
        else:
            yield block
        row += len(block)
