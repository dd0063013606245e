"""Where the vectors of a generation's views lie: what a search asks of any such place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray


class VectorStore(Protocol):
    """Unit vectors, one a view: row i is the vector of view i. Safe to share between threads."""

    @property
    def rows(self) -> int:
        """The number of vectors."""

    @property
    def dimension(self) -> int:
        """The length of each vector."""

    @property
    def description(self) -> Mapping[str, str | int]:
        """How it searches, `kind` first, for the manifest."""

    def close(self) -> None:
        """Give back what it holds; it cannot be asked any more."""

    def write(self, folder: Path) -> None:
        """Write what belongs into the folder of a generation, which has nothing of it yet."""

    def search(self, query: NDArray[np.float32], k: int) -> NDArray[np.int64]:
        """Return the rows of the k nearest vectors: int64, shape (min(k, rows),), best first.

        `query` is float32 of shape (dimension,), another shape raises ValueError. Nearness is the
        inner product, which is the cosine. Equal scores come in order of their rows. A store that
        does not look at every vector may miss some, never by more than it was measured to.
        """

    def scores(self, query: NDArray[np.float32], rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the exact inner product of the query with each of `rows`, in their order."""

    def vector(self, row: int) -> NDArray[np.float32]:
        """Return a copy of one vector: float32, shape (dimension,)."""

    def all(self) -> NDArray[np.float32]:
        """Return all vectors: float32, shape (rows, dimension), in row order; for ingest only."""
