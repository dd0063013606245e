"""Checks that a generation's folder holds every file that ingest wrote, and no other."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from core.errors import (
    IndexDamagedError,
    IndexMismatchError,
    IndexMissingError,
    IndexUnavailableError,
    refused_by_machine,
)
from index.store import manifest as manifests

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from index.store.manifest import FileRecord, Manifest

# After these errors a generation has to be built again. A server of vectors that does not answer
# raises IndexUnavailableError itself, which is none of them.
CORRUPT = (IndexMissingError, IndexDamagedError, IndexMismatchError)
# Hashing a large index takes longer than everything else at its opening; other processes may be
# serving meanwhile.
_MOST_THREADS = 4


def check_files(folder: Path, manifest: Manifest) -> None:
    """Check that a folder holds the files that its manifest records, and no others.

    Raises IndexDamagedError, IndexUnavailableError when the machine refuses to read a file, and
    OSError when the folder cannot be listed, for example because it was removed meanwhile.
    """
    _refuse_others(folder, {*manifest.files, manifests.FILE_NAME})
    # The largest first, so that no thread is left with it at the end.
    names = sorted(manifest.files, key=lambda name: (-manifest.files[name].size_bytes, name))
    for name, now in records_of(folder, names).items():
        record = manifest.files[name]
        if now != record:
            raise damaged(
                folder / name,
                f"{record.size_bytes} bytes, sha256 {record.sha256[:12]}",
                f"{now.size_bytes} bytes, sha256 {now.sha256[:12]}",
            )


def records_of(folder: Path, names: Iterable[str]) -> dict[str, FileRecord]:
    """Return the records of files as they stand on disk, in the order of their names.

    Raises IndexUnavailableError when the machine refuses to read a file.
    """
    names = list(names)
    with ThreadPoolExecutor(min(os.cpu_count() or 1, _MOST_THREADS)) as threads:
        found = threads.map(lambda name: _record(folder / name), names)
        return dict(zip(names, found, strict=True))


def _record(path: Path) -> FileRecord:
    try:
        return manifests.record_file(path)
    except OSError as error:
        raise unreadable(path, "a file of the index", error) from error


def _refuse_others(folder: Path, known: set[str]) -> None:
    """Refuse unchecked files: some are read merely because they exist."""
    for path in sorted(folder.rglob("*")):
        # Nothing reads hidden files; file managers, or an rsync that was killed, leave them.
        if path.is_dir() or path.name.startswith("."):
            continue
        if path.relative_to(folder).as_posix() not in known:
            raise IndexDamagedError(
                "The index holds a file that ingest did not write.",
                where=str(path),
                expected="only files that manifest.json names",
                found="another file",
                fix=f"remove the file, or run: {manifests.REBUILD}",
            )


def unreadable(where: Path, expected: str, error: Exception) -> IndexUnavailableError:
    """Return the error for an unreadable file: damaged, unless the machine refused to read it."""
    return refused_by_machine(error, where) or damaged(where, expected, str(error))


def damaged(where: Path, expected: str, found: str) -> IndexDamagedError:
    """Return the error for a file that differs from what ingest wrote."""
    return IndexDamagedError(
        "The index is damaged: a file differs from what ingest wrote.",
        where=str(where),
        expected=expected,
        found=found,
        fix=manifests.REBUILD,
    )
