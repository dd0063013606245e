"""Vectors in a Milvus cluster, a collection for each generation: made, named, removed.

A collection is named by its generation and its vectors, verified when it is made and never changed
afterwards; one alias names that of the generation that serves. What a generation's folder holds
instead of vectors says which collection is its own, so passages of one never meet vectors of
another.

To publish: `create`, write the folder, `point`, replace `current`. To go back: `point` at the one
before, replace `current`. Killed at any step, every folder finds the collection that it names.
"""

from __future__ import annotations

import hashlib
from contextlib import closing
from typing import TYPE_CHECKING

import numpy as np

from core.errors import PublishError
from index.vectors.milvus.client import Connection
from index.vectors.milvus.names import EXACT, Contents, batch, name_of
from index.vectors.milvus.store import FILE_NAME, MilvusStore, missing

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

__all__ = [
    "FILE_NAME",
    "MilvusStore",
    "collections",
    "create",
    "current",
    "prune",
    "set_pointer",
]

_SAMPLE = 64


def create(
    uri: str, generation: str, vectors: NDArray[np.float32], *, index: str = EXACT
) -> MilvusStore:
    """Write the vectors of a generation into a collection of its own, verify and open it.

    `vectors` are unit vectors: float32, shape (rows, dimension). One that is there and whole is
    left as it is, one that is not is made anew. `index` is Milvus's name of an index; `FLAT`
    compares every vector. Raises PublishError, as the store returned does; what is served goes on
    being served.
    """
    vectors = np.ascontiguousarray(vectors, dtype="<f4")
    rows, dimension = vectors.shape
    contents = Contents(rows, dimension, hashlib.sha256(vectors.data).hexdigest(), index)
    collection = name_of(generation, contents)
    connection = Connection(uri, PublishError)
    try:
        _fill(connection, collection, contents, vectors)
    except BaseException:
        connection.close()
        raise
    return MilvusStore(connection, collection, contents)


def set_pointer(uri: str, collection: str) -> None:
    """Have the alias name a collection, in one step.

    Raises IndexMissingError when that is not there, PublishError when the server refuses.
    """
    with closing(Connection(uri, PublishError)) as connection:
        if not connection.has(collection):
            raise missing(connection, collection)
        connection.point(collection)


def current(uri: str) -> str | None:
    """Return the collection that the alias names, None when there is none yet."""
    with closing(Connection(uri, PublishError)) as connection:
        return connection.current()


def collections(uri: str) -> list[str]:
    """Return the collections of generations, whole or not, in order."""
    with closing(Connection(uri, PublishError)) as connection:
        return connection.collections()


def prune(uri: str, keep: Collection[str]) -> None:
    """Remove the collections of generations but those to keep and the one that the alias names.

    Where none is to be kept, the alias goes, too: nothing of that server is served any longer.
    """
    with closing(Connection(uri, PublishError)) as connection:
        now = connection.current()
        if now and not keep:
            connection.release()
            now = None
        for collection in connection.collections():
            if collection not in keep and collection != now:
                connection.drop(collection)


def _fill(
    connection: Connection, collection: str, contents: Contents, vectors: NDArray[np.float32]
) -> None:
    if connection.has(collection):
        if _is_whole(connection, collection, contents, vectors):
            return
        if connection.current() == collection:
            connection.release()  # it is of no use to anybody
        connection.drop(collection)
    connection.make(collection, contents)
    size = batch(contents.dimension)
    for first in range(0, contents.rows, size):
        connection.insert(collection, first, vectors[first : first + size])
    connection.finish(collection)
    if not _is_whole(connection, collection, contents, vectors):
        raise PublishError(
            "The vectors' server does not hold what was written to it.",
            where=f"{connection.shown}, {collection}",
            expected=str(contents),
            found=f"{connection.count(collection)} rows, or other vectors",
            fix="run the same command again",
        )


def _is_whole(
    connection: Connection, collection: str, contents: Contents, vectors: NDArray[np.float32]
) -> bool:
    """Say whether a collection was made for these vectors, has as many, and a sample agrees."""
    found = connection.contents(collection)
    if found != contents or connection.count(collection) != contents.rows:
        return False
    if not contents.rows:
        return True
    connection.load(collection)
    rows = np.unique(np.linspace(0, contents.rows - 1, _SAMPLE).astype(np.int64))
    return np.array_equal(connection.vectors(collection, rows), vectors[rows])
