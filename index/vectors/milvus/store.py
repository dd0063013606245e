"""The VectorStore of several machines: vectors in Milvus, shared by all replicas of the page."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np

from core.errors import IndexDamagedError, IndexMissingError, refused_by_machine
from index.vectors.milvus.client import Connection
from index.vectors.milvus.names import EXACT, MOST, Contents, batch, check_name

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

FILE_NAME = "milvus.json"
URI_VARIABLE = "CLINIC_MILVUS_URI"
_SPARE = 16
_FETCH = 2
_REBUILD = "python -m ingest"


class MilvusStore:
    """The vectors of a generation on a server, which returns rows and scores.

    With the index `FLAT` the server compares every vector. With another index it proposes rows,
    whose vectors are then fetched and compared here. Scores are rounded to a millionth, because
    servers add up the same numbers in different orders. Every method raises IndexUnavailableError
    when the server does not answer within seconds.
    """

    def __init__(self, connection: Connection, collection: str, contents: Contents) -> None:
        """Use a connection to a server with these contents; `open` and `create` check them."""
        self._connection = connection
        self._collection = collection
        self._contents = contents

    @classmethod
    def open(cls, uri: str, collection: str, expected: Contents | None = None) -> MilvusStore:
        """Connect to a collection and check its contents.

        Raises IndexMissingError when it does not exist, IndexDamagedError when it has other
        contents, and IndexUnavailableError when the server does not answer within seconds.
        """
        connection = Connection(uri)
        try:
            wanted = _checked(connection, collection, expected)
            connection.load(collection)
        except BaseException:
            connection.close()
            raise
        return cls(connection, collection, wanted)

    @classmethod
    def read(cls, folder: Path) -> MilvusStore:
        """Open the collection that a generation's folder names. Raises the errors of `open`.

        `CLINIC_MILVUS_URI` replaces the address that ingest used.
        """
        return cls.open(*_named(folder))

    def write(self, folder: Path) -> None:
        """Write the address without secrets, the collection and its contents into a folder."""
        named = {"uri": self._connection.shown, "collection": self._collection}
        text = json.dumps({**named, **asdict(self._contents)}, indent=1)
        (folder / FILE_NAME).write_text(text + "\n", encoding="utf-8")

    def close(self) -> None:
        """Close the connection; the store cannot be used afterwards."""
        self._connection.close()

    @property
    def description(self) -> Mapping[str, str | int]:
        """How it searches, for the manifest."""
        return {"kind": "milvus", "index": self._contents.index}

    @property
    def rows(self) -> int:
        """The number of vectors."""
        return self._contents.rows

    @property
    def dimension(self) -> int:
        """The length of each vector."""
        return self._contents.dimension

    def search(self, query: NDArray[np.float32], k: int) -> NDArray[np.int64]:
        """Return the rows of the k nearest vectors: int64, shape (min(k, rows),), best first.

        `query` is float32, shape (dimension,); another shape raises ValueError. Equal scores come
        in order of their rows; with an exact index k also cuts them in this order.
        """
        self._check(query)
        k, most = min(k, self.rows), min(self.rows, MOST)
        if k <= 0:
            return np.zeros(0, dtype=np.int64)
        if k > most:
            rows = np.arange(self.rows, dtype=np.int64)
            scores = self.scores(query, rows)
        elif self._contents.index != EXACT:
            rows, _ = self._nearest(query, min(k * _FETCH, most))
            scores = self.scores(query, rows)
        else:
            wanted = min(k + _SPARE, most)
            rows, scores = self._nearest(query, wanted)
            while wanted < most and scores[-1] == scores[k - 1]:
                wanted = min(wanted * 4, most)
                rows, scores = self._nearest(query, wanted)
        return rows[np.lexsort((rows, -scores))[:k]]

    def scores(self, query: NDArray[np.float32], rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the inner product of the query with each of `rows`: float32, in their order.

        Exact to a millionth. With an exact index no vectors are fetched.
        """
        self._check(query)
        wanted, inverse = np.unique(rows, return_inverse=True)
        scores = np.zeros(len(wanted), dtype=np.float32)
        is_exact = self._contents.index == EXACT
        size = MOST if is_exact else batch(self.dimension)
        for start in range(0, len(wanted), size):
            part = wanted[start : start + size]
            found = self._scored(query, part) if is_exact else self._vectors(part) @ query
            scores[start : start + size] = found
        return _rounded(scores)[inverse]

    def vector(self, row: int) -> NDArray[np.float32]:
        """Return a copy of one vector: float32, shape (dimension,)."""
        copied: NDArray[np.float32] = self._vectors(np.array([row]))[0]
        return copied

    def take(self, rows: range) -> NDArray[np.float32]:
        """Return a copy of neighbouring vectors: float32, shape (len(rows), dimension)."""
        vectors = np.zeros((len(rows), self.dimension), dtype=np.float32)
        size = batch(self.dimension)
        for start in range(0, len(rows), size):
            vectors[start : start + size] = self._vectors(np.array(rows[start : start + size]))
        return vectors

    def all(self) -> NDArray[np.float32]:
        """Return a copy of all vectors: float32, shape (rows, dimension), in row order."""
        return self.take(range(self.rows))

    def _check(self, query: NDArray[np.float32]) -> None:
        if query.shape != (self.dimension,):
            raise ValueError(f"query must have shape ({self.dimension},), got {query.shape}")

    def _nearest(
        self, query: NDArray[np.float32], k: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        rows, scores = self._connection.nearest(self._collection, query, k)
        if self._contents.index == EXACT and len(rows) != k:
            raise self._incomplete(k, len(rows))
        return rows, _rounded(scores)

    def _scored(self, query: NDArray[np.float32], part: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the scores of ascending, different rows."""
        rows, scores = self._connection.nearest(self._collection, query, len(part), among=part)
        order = np.argsort(rows)
        if not np.array_equal(rows[order], part):
            raise self._incomplete(len(part), len(rows))
        return scores[order]

    def _vectors(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        found = self._connection.vectors(self._collection, rows)
        if found.shape != (len(rows), self.dimension):
            raise self._incomplete(len(rows), len(found))
        return found

    def _incomplete(self, expected: int, found: int) -> IndexDamagedError:
        return _damaged(self._connection, self._collection, f"{expected} rows", f"{found} rows")


def collection_of(folder: Path) -> tuple[str, str]:
    """Return the server and the collection that a generation's folder names.

    Raises IndexDamagedError for an invalid file.
    """
    return _named(folder)[:2]


def _named(folder: Path) -> tuple[str, str, Contents]:
    path = folder / FILE_NAME
    try:
        named = json.loads(path.read_bytes())
        uri, collection = str(named.pop("uri")), check_name(str(named.pop("collection")))
        contents = Contents(**named)
    except (OSError, ValueError, RecursionError, LookupError, TypeError, AttributeError) as error:
        raise refused_by_machine(error, path) or IndexDamagedError(
            "The file that names the server of vectors cannot be read.",
            where=str(path),
            expected="the file that ingest wrote",
            found=str(error),
            fix=_REBUILD,
        ) from error
    return os.environ.get(URI_VARIABLE) or uri, collection, contents


def _checked(connection: Connection, collection: str, expected: Contents | None) -> Contents:
    if not connection.has(collection):
        raise missing(connection, collection)
    found, rows = connection.contents(collection), connection.count(collection)
    wanted = expected or found
    if wanted is None or found != wanted or rows != wanted.rows:
        raise _damaged(connection, collection, str(wanted), f"{rows} rows of {found}")
    return wanted


def _rounded(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    rounded: NDArray[np.float32] = np.round(scores, 6)
    return rounded


def missing(connection: Connection, collection: str) -> IndexMissingError:
    """Return the error for a collection that does not exist."""
    return IndexMissingError(
        "The server of vectors has none for this generation.",
        where=connection.shown,
        expected=f"a collection {collection}",
        found=", ".join(connection.collections()) or "none",
        fix=_REBUILD,
    )


def _damaged(
    connection: Connection, collection: str, expected: str, found: str
) -> IndexDamagedError:
    return IndexDamagedError(
        "The server of vectors does not hold what ingest wrote.",
        where=f"{connection.shown}, {collection}",
        expected=expected,
        found=found,
        fix=_REBUILD,
    )
