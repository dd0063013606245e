"""Files of faiss: mapped, checked and written without a copy in memory."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from core.errors import IndexDamagedError, refused_by_machine
from index.store.mapped import MAP_FROM_BYTES

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_ROWS_AT = 8  # in a file of faiss: after its kind and the dimension


def library() -> Any:
    """Return faiss, which is loaded late because it is heavy; its types are incomplete."""
    import faiss

    return faiss


@contextmanager
def one_thread() -> Iterator[None]:
    """Let faiss use only the calling thread; other threads are not affected."""
    faiss = library()
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)


def mapped(path: Path, kind: str) -> tuple[NDArray[np.uint8], Any]:
    """Return the bytes of a file of faiss and the index in them, which needs the bytes to live.

    faiss's own file reader cannot open every non-ASCII path on Windows.
    """
    faiss = library()
    try:
        file = _bytes(path)
        reader = faiss.ZeroCopyIOReader(faiss.swig_ptr(file), file.size)
        index = faiss.read_index(reader)
    except (OSError, ValueError, RuntimeError) as error:
        refused = refused_by_machine(error, path)
        raise refused or damaged(path, str(error).strip().splitlines()[-1]) from error
    if type(index).__name__ != kind:
        raise damaged(path, type(index).__name__)
    if reader.rp_ != file.size:  # faiss does not notice every missing or additional byte
        raise damaged(path, f"{file.size} bytes instead of {reader.rp_}")
    return file, index


def _bytes(path: Path) -> NDArray[np.uint8]:
    if path.stat().st_size < MAP_FROM_BYTES:
        return np.frombuffer(path.read_bytes(), dtype=np.uint8)
    return np.memmap(path, dtype=np.uint8, mode="r")


def write_index(index: Any, path: Path) -> None:
    """Write an index of faiss into a file."""
    faiss = library()
    with path.open("wb") as file:
        # In pieces: a copy of everything would not fit into every memory.
        faiss.write_index(index, faiss.PyCallbackIOWriter(file.write, 1 << 20))


def write_flat(path: Path, shape: tuple[int, int], blocks: Iterable[NDArray[np.float32]]) -> None:
    """Write what faiss writes for an IndexFlatIP with these vectors.

    That is the file of an empty one, with two numbers changed, and the vectors; `read` checks it.
    """
    rows, dimension = shape
    head = bytearray(library().serialize_index(library().IndexFlatIP(dimension)).tobytes())
    struct.pack_into("<q", head, _ROWS_AT, rows)
    struct.pack_into("<q", head, len(head) - 8, rows * dimension)
    with path.open("wb") as file:
        file.write(head)
        for block in blocks:
            file.write(np.ascontiguousarray(block, np.float32).data)


def damaged(path: Path, found: str) -> IndexDamagedError:
    """Return the error for a file that holds something else."""
    return IndexDamagedError(
        "The vector file of the index cannot be read.",
        where=str(path),
        expected="the file that ingest wrote",
        found=found,
        fix="python -m ingest",
    )
