"""The collections of generations in a Milvus cluster: created, named by the alias, removed.

A collection is named by its generation and its vectors, verified when it is created and never
changed afterwards; the alias names the collection of the generation that serves. The folder of a
generation names its collection, so passages of a generation never meet vectors of another.

To publish: `create`, write the folder, `set_alias`, replace `current`. To roll back: `set_alias` to
the previous collection, replace `current`. After a crash at any step, the collection that a folder
names exists.
"""

from __future__ import annotations

import hashlib
from contextlib import closing
from typing import TYPE_CHECKING

import numpy as np

from core.errors import PublishError
from index.vectors.milvus.client import Connection
from index.vectors.milvus.names import EXACT, Contents, batch, name_of
from index.vectors.milvus.store import MilvusStore, missing

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

_SAMPLE = 64


def create(
    uri: str, generation: str, vectors: NDArray[np.float32], *, index: str = EXACT
) -> MilvusStore:
    """Write the vectors of a generation into its own collection, verify and open it.

    `vectors` are unit vectors: float32, shape (rows, dimension). A complete collection is left as
    it is, an incomplete collection is created again. `index` is Milvus's name of an index; `FLAT`
    compares every vector. Raises PublishError, as the returned store does; the generation that
    serves is not affected.
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


def set_alias(uri: str, collection: str) -> None:
    """Point the alias to a collection, in a single step.

    Raises IndexMissingError when it does not exist, PublishError when the server refuses.
    """
    with closing(Connection(uri, PublishError)) as connection:
        if not connection.has(collection):
            raise missing(connection, collection)
        connection.set_alias(collection)


def prune(uri: str, keep: Collection[str]) -> None:
    """Remove all collections of generations except those in `keep` and that of the alias.

    With nothing to keep, remove the alias as well: no generation uses the server any more.
    """
    with closing(Connection(uri, PublishError)) as connection:
        now = connection.current()
        if now and not keep:
            connection.drop_alias()
            now = None
        for collection in connection.collections():
            if collection not in keep and collection != now:
                connection.drop(collection)


def _fill(
    connection: Connection, collection: str, contents: Contents, vectors: NDArray[np.float32]
) -> None:
    if connection.has(collection):
        if _is_complete(connection, collection, contents, vectors):
            return
        if connection.current() == collection:
            connection.drop_alias()  # an incomplete collection serves nobody
        connection.drop(collection)
    connection.create(collection, contents)
    size = batch(contents.dimension)
    for first in range(0, contents.rows, size):
        connection.insert(collection, first, vectors[first : first + size])
    connection.flush(collection)
    if not _is_complete(connection, collection, contents, vectors):
        raise PublishError(
            "The server of vectors does not hold what was written to it.",
            where=f"{connection.shown}, {collection}",
            expected=str(contents),
            found=f"{connection.count(collection)} rows, or other vectors",
            fix="run the same command again",
        )


def _is_complete(
    connection: Connection, collection: str, contents: Contents, vectors: NDArray[np.float32]
) -> bool:
    """Say whether a collection has the right description and count, and a sample is equal."""
    found = connection.contents(collection)
    if found != contents or connection.count(collection) != contents.rows:
        return False
    if not contents.rows:
        return True
    connection.load(collection)
    rows = np.unique(np.linspace(0, contents.rows - 1, _SAMPLE).astype(np.int64))
    return np.array_equal(connection.vectors(collection, rows), vectors[rows])
