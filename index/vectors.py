"""Exact inner-product search over unit vectors: the only user of faiss."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from index.errors import IndexDamagedError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

FILE_NAME = "vectors.faiss"


class VectorIndex:
    """Vectors in row order, searched exactly; cosine similarity, because rows are unit vectors."""

    def __init__(self, vectors: NDArray[np.float32]) -> None:
        """Take vectors: float32, shape (rows, dimension), one row per view."""
        import faiss

        if vectors.ndim != 2:
            raise ValueError(f"vectors must have two dimensions, got {vectors.ndim}")
        self._index = faiss.IndexFlatIP(vectors.shape[1])
        self._index.add(np.ascontiguousarray(vectors, dtype=np.float32))

    @classmethod
    def read(cls, folder: Path) -> VectorIndex:
        """Open what `write` wrote into a folder; raise IndexDamagedError when it is not that."""
        import faiss

        path = folder / FILE_NAME
        self = cls.__new__(cls)
        try:
            # Through memory: faiss's own file reader cannot open every non-ASCII path on Windows.
            index = faiss.deserialize_index(np.frombuffer(path.read_bytes(), dtype=np.uint8))
        except (OSError, RuntimeError) as error:
            raise _damaged(path, str(error).strip().splitlines()[-1]) from error
        if not isinstance(index, faiss.IndexFlatIP):
            raise _damaged(path, type(index).__name__)
        self._index = index
        return self

    def write(self, folder: Path) -> None:
        """Write the vectors to a file in a folder, in faiss's own format."""
        import faiss

        (folder / FILE_NAME).write_bytes(faiss.serialize_index(self._index).tobytes())

    @property
    def rows(self) -> int:
        """The number of vectors."""
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """The length of each vector."""
        return int(self._index.d)

    def search(self, query: NDArray[np.float32], k: int) -> NDArray[np.int64]:
        """Return the rows of the k nearest vectors: int64, shape (min(k, rows),), best first.

        `query` is float32 of shape (dimension,). Equal scores come in order of their rows.
        """
        if query.shape != (self.dimension,):
            # faiss would raise an AssertionError without a word
            raise ValueError(f"query must have shape ({self.dimension},), got {query.shape}")
        k = min(k, self.rows)
        if k <= 0:
            return np.zeros(0, dtype=np.int64)
        scores, rows = self._index.search(np.ascontiguousarray(query[None, :], np.float32), k)
        found = rows[0] >= 0  # faiss fills up with -1 when it has fewer
        order = np.lexsort((rows[0][found], -scores[0][found]))
        return np.asarray(rows[0][found][order], dtype=np.int64)

    def all(self) -> NDArray[np.float32]:
        """Return a copy of all vectors: float32, shape (rows, dimension), in row order."""
        copied: NDArray[np.float32] = self._index.reconstruct_n(0, self.rows)
        return copied.reshape(self.rows, self.dimension)

    def vector(self, row: int) -> NDArray[np.float32]:
        """Return a copy of one vector: float32, shape (dimension,)."""
        copied: NDArray[np.float32] = self._index.reconstruct(row)
        return copied

    def scores(self, query: NDArray[np.float32], rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the inner product of the query with each of `rows`: float32, in their order."""
        import faiss

        if not self.rows:
            return np.zeros(0, dtype=np.float32)
        # A view on faiss's own memory, which must not outlive this call (and the index).
        flat = faiss.rev_swig_ptr(self._index.get_xb(), self.rows * self.dimension)
        picked: NDArray[np.float32] = flat.reshape(self.rows, self.dimension)[rows] @ query
        return picked


def _damaged(path: Path, found: str) -> IndexDamagedError:
    return IndexDamagedError(
        "The vector file of the index cannot be read.",
        where=str(path),
        expected="the file that ingest wrote (faiss IndexFlatIP)",
        found=found,
        mend="python -m ingest",
    )
