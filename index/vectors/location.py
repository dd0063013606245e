"""The place of a generation's vectors: files in its folder, or a server that it names."""

from __future__ import annotations

import logging
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import ClinicSearchError, IndexDamagedError
from index.vectors.faiss_store import VectorIndex
from index.vectors.milvus import lifecycle
from index.vectors.milvus.store import FILE_NAME, MilvusStore, collection_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from index.vectors.protocol import VectorStore

_log = logging.getLogger("clinic.index")
_STAY = "Vectors that no generation needs stay on their server for now: "


def read_vectors(folder: Path) -> VectorStore:
    """Open the vectors of a generation. Raises IndexUnavailableError when they are missing."""
    if (folder / FILE_NAME).exists():
        return MilvusStore.read(folder)
    return VectorIndex.read(folder)


def move_vectors(vectors: VectorStore, uri: str, generation: str) -> VectorStore:
    """Copy the vectors of a new generation to a server and verify them; do nothing without one.

    Returns the store to write. Raises PublishError when the server refuses.
    """
    return lifecycle.create(uri, generation, vectors.all()) if uri else vectors


def promote(folder: Path) -> None:
    """Point the server's alias to this generation's vectors; do nothing for files."""
    if (folder / FILE_NAME).exists():
        lifecycle.set_alias(*collection_of(folder))


def servers(folders: Iterable[Path]) -> set[str]:
    """Return the servers with vectors of these generations, leaving out unreadable folders."""
    found = set[str]()
    for folder in folders:
        with suppress(IndexDamagedError):
            found |= set(_named([folder]))
    return found


def prune(uris: Iterable[str], folders: Iterable[Path]) -> None:
    """Remove from servers the vectors that none of these generations names.

    A failure is only logged, because nothing depends on these vectors. The next call removes them,
    unless no generation names their server any more.
    """
    try:
        needed = _named(folders)
    except IndexDamagedError as error:  # an unreadable folder may need any of them
        _log.warning("%s%s", _STAY, error)
        return
    for uri in sorted(uris):
        try:
            lifecycle.prune(uri, needed.get(uri, set()))
        except ClinicSearchError as error:
            _log.warning("%s%s", _STAY, error)


def _named(folders: Iterable[Path]) -> dict[str, set[str]]:
    """Return the collections that generations name, by server."""
    named: dict[str, set[str]] = {}
    for folder in folders:
        if (folder / FILE_NAME).exists():
            uri, collection = collection_of(folder)
            named.setdefault(uri, set()).add(collection)
    return named
