"""The protocol of a store of vectors: what a search asks of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray


class VectorStore(Protocol):
    """Unit vectors, row i for view i. Safe to share between threads."""

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
        """Release its resources; the store cannot be used afterwards."""

    def write(self, folder: Path) -> None:
        """Write its files into the new folder of a generation."""

    def search(self, query: NDArray[np.float32], k: int) -> NDArray[np.int64]:
        """Return the rows of the k nearest vectors: int64, shape (min(k, rows),), best first.

        `query` is float32, shape (dimension,); another shape raises ValueError. The score is the
        inner product, which is the cosine. Equal scores come in order of their rows. An approximate
        store may miss some rows, as measured in docs/benchmarks.md.
        """

    def scores(self, query: NDArray[np.float32], rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the exact inner product of the query with each row: float32, in their order."""

    def vector(self, row: int) -> NDArray[np.float32]:
        """Return a copy of one vector: float32, shape (dimension,)."""

    def take(self, rows: range) -> NDArray[np.float32]:
        """Return neighbouring vectors: float32, (len(rows), dimension), as long as it is open."""

    def all(self) -> NDArray[np.float32]:
        """Return a copy of all vectors: float32, shape (rows, dimension); only for ingest."""
