"""Vectors in a Milvus cluster, a collection for each generation: made, named, removed.

A collection is named by its generation, verified when it is made and never changed afterwards; one
alias names that of the generation that serves. What a generation's folder holds instead of vectors
says which collection is its own, so passages of one never meet vectors of another.

To publish: `create`, write the folder, `point`, replace `current`. To go back: `point` at the one
before, replace `current`. Killed at any step, every folder finds the collection that it names.
"""

from __future__ import annotations

import hashlib
from contextlib import closing
from typing import TYPE_CHECKING

import numpy as np

from index.errors import PublishError
from index.milvus_client import EXACT, Connection, Contents, batch, name_of
from index.milvus_store import FILE_NAME, MilvusStore, missing

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

__all__ = [
    "FILE_NAME",
    "MilvusStore",
    "clean",
    "collections",
    "create",
    "current",
    "drop",
    "point",
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
    connection = Connection(uri, PublishError)
    try:
        _fill(connection, generation, contents, vectors)
    except BaseException:
        connection.close()
        raise
    return MilvusStore(connection, generation, contents)


def point(uri: str, generation: str) -> None:
    """Have the alias name the collection of a generation, in one step.

    Raises IndexMissingError when that is not there, PublishError when the server refuses.
    """
    with closing(Connection(uri, PublishError)) as connection:
        if not connection.has(generation):
            raise missing(connection, generation)
        connection.point(generation)


def current(uri: str) -> str | None:
    """Return the generation that the alias names, None when there is none yet."""
    with closing(Connection(uri, PublishError)) as connection:
        return connection.current()


def collections(uri: str) -> list[str]:
    """Return the generations that have a collection, whole or not, in order."""
    with closing(Connection(uri, PublishError)) as connection:
        return connection.generations()


def drop(uri: str, generation: str) -> None:
    """Remove the collection of a generation, if there is one; PublishError for the current one."""
    with closing(Connection(uri, PublishError)) as connection:
        if connection.current() == generation:
            raise PublishError(
                "The vectors of the generation that serves cannot be removed.",
                where=f"{connection.shown}, {name_of(generation)}",
                mend="publish another one first: python -m ingest",
            )
        if connection.has(generation):
            connection.drop(generation)


def clean(uri: str, keep: Collection[str]) -> None:
    """Remove the collections of all generations but those to keep and the current one."""
    with closing(Connection(uri, PublishError)) as connection:
        now = connection.current()
        for generation in connection.generations():
            if generation not in keep and generation != now:
                connection.drop(generation)


def _fill(
    connection: Connection, generation: str, contents: Contents, vectors: NDArray[np.float32]
) -> None:
    if connection.has(generation):
        if _is_whole(connection, generation, contents, vectors):
            return
        connection.drop(generation)
    connection.make(generation, contents)
    size = batch(contents.dimension)
    for first in range(0, contents.rows, size):
        connection.insert(generation, first, vectors[first : first + size])
    connection.finish(generation)
    if not _is_whole(connection, generation, contents, vectors):
        raise PublishError(
            "The vectors' server does not hold what was written to it.",
            where=f"{connection.shown}, {name_of(generation)}",
            expected=str(contents),
            found=f"{connection.count(generation)} rows, or other vectors",
            mend="run the same command again",
        )


def _is_whole(
    connection: Connection, generation: str, contents: Contents, vectors: NDArray[np.float32]
) -> bool:
    """Say whether a collection was made for these vectors, has as many, and a sample agrees."""
    found = connection.contents(generation)
    if found != contents or connection.count(generation) != contents.rows:
        return False
    if not contents.rows:
        return True
    connection.load(generation)
    rows = np.unique(np.linspace(0, contents.rows - 1, _SAMPLE).astype(np.int64))
    return np.array_equal(connection.vectors(generation, rows), vectors[rows])
