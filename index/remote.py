"""Where a generation's vectors lie: in files of its folder, or on a server that it names."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from index import milvus
from index.errors import ClinicSearchError
from index.milvus_store import FILE_NAME, address
from index.vectors import VectorIndex

if TYPE_CHECKING:
    from collections.abc import Collection

    from index.vector_store import VectorStore

_log = logging.getLogger("clinic.index")


def read_vectors(folder: Path) -> VectorStore:
    """Open the vectors of a generation; raises IndexUnavailableError when they are not there."""
    if (folder / FILE_NAME).exists():
        return milvus.MilvusStore.read(folder)
    return VectorIndex.read(folder)


def move_vectors(vectors: VectorStore, uri: str, generation: str) -> VectorStore:
    """Have the vectors of a new generation on a server, verified, or where they are without one.

    Raises PublishError when the server refuses.
    """
    return milvus.create(uri, generation, vectors.all()) if uri else vectors


def serve(folder: Path) -> None:
    """Have the server's alias name this generation's vectors; nothing where they are files."""
    if (folder / FILE_NAME).exists():
        milvus.point(address(folder), folder.name)


def clean(folder: Path, keep: Collection[str]) -> None:
    """Remove from the server of a generation the vectors of all but those to keep.

    What cannot be removed now is removed the next time: nothing depends on it.
    """
    if (folder / FILE_NAME).exists():
        try:
            milvus.clean(address(folder), keep)
        except ClinicSearchError as error:
            _log.warning("Vectors that nothing needs stay on their server for now: %s", error)
