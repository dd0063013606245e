"""Where a generation's vectors lie: in files of its folder, or on a server that it names."""

from __future__ import annotations

import logging
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import ClinicSearchError, IndexDamagedError
from index.vectors.faiss_store import VectorIndex
from index.vectors.milvus import lifecycle
from index.vectors.milvus.store import FILE_NAME, place

if TYPE_CHECKING:
    from collections.abc import Iterable

    from index.vectors.protocol import VectorStore

_log = logging.getLogger("clinic.index")
_STAY = "Vectors that nothing needs stay on their server for now: "


def read_vectors(folder: Path) -> VectorStore:
    """Open the vectors of a generation; raises IndexUnavailableError when they are not there."""
    if (folder / FILE_NAME).exists():
        return lifecycle.MilvusStore.read(folder)
    return VectorIndex.read(folder)


def move_vectors(vectors: VectorStore, uri: str, generation: str) -> VectorStore:
    """Have the vectors of a new generation on a server, verified, or where they are without one.

    Raises PublishError when the server refuses.
    """
    return lifecycle.create(uri, generation, vectors.all()) if uri else vectors


def promote(folder: Path) -> None:
    """Have the server's alias name this generation's vectors; nothing where they are files."""
    if (folder / FILE_NAME).exists():
        lifecycle.set_pointer(*place(folder))


def servers(folders: Iterable[Path]) -> set[str]:
    """Return the servers that hold vectors of these generations, as far as the folders can say."""
    found = set[str]()
    for folder in folders:
        with suppress(IndexDamagedError):
            found |= set(_named([folder]))
    return found


def prune(uris: Iterable[str], folders: Iterable[Path]) -> None:
    """Remove from servers the vectors that none of these generations names.

    What cannot be removed now stops nothing, because nothing depends on it. It is removed the next
    time, unless no generation names its server any longer.
    """
    try:
        kept = _named(folders)
    except IndexDamagedError as error:  # nobody knows what may go
        _log.warning("%s%s", _STAY, error)
        return
    for uri in sorted(uris):
        try:
            lifecycle.prune(uri, kept.get(uri, set()))
        except ClinicSearchError as error:
            _log.warning("%s%s", _STAY, error)


def _named(folders: Iterable[Path]) -> dict[str, set[str]]:
    """Return the servers that generations name, and the collections that they name there."""
    named: dict[str, set[str]] = {}
    for folder in folders:
        if (folder / FILE_NAME).exists():
            uri, collection = place(folder)
            named.setdefault(uri, set()).add(collection)
    return named
