"""Whether a generation's folder holds what ingest wrote into it, all of it and nothing else."""

from __future__ import annotations

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
    from pathlib import Path

    from index.store.manifest import Manifest

# A generation of which this is said has to be made again. A vectors' server that does not answer
# says nothing of the kind: it raises IndexUnavailableError itself.
CORRUPT = (IndexMissingError, IndexDamagedError, IndexMismatchError)


def check_files(folder: Path, manifest: Manifest) -> None:
    """Raise IndexDamagedError unless the folder holds what its manifest names, and no more."""
    _refuse_others(folder, {*manifest.files, manifests.FILE_NAME})
    for name, record in manifest.files.items():
        try:
            found = manifests.record_file(folder / name)
        except OSError as error:
            raise unreadable(folder / name, "a file of the index", error) from error
        if found != record:
            raise damaged(
                folder / name,
                f"{record.size_bytes} bytes, sha256 {record.sha256[:12]}",
                f"{found.size_bytes} bytes, sha256 {found.sha256[:12]}",
            )


def _refuse_others(folder: Path, known: set[str]) -> None:
    """Refuse files that nobody has checked: some are read because they are there."""
    for path in sorted(folder.rglob("*")):
        # Nothing reads hidden ones, and file managers, or an rsync that was killed, leave some.
        if path.is_dir() or path.name.startswith("."):
            continue
        if path.relative_to(folder).as_posix() not in known:
            raise IndexDamagedError(
                "The index holds a file that ingest did not write.",
                where=str(path),
                expected="no file but those that manifest.json names",
                found="another one",
                fix=f"remove it, or run: {manifests.REBUILD}",
            )


def unreadable(where: Path, expected: str, error: Exception) -> IndexUnavailableError:
    """Make the error for a file that could not be read: damaged, unless the machine refused."""
    return refused_by_machine(error, where) or damaged(where, expected, str(error))


def damaged(where: Path, expected: str, found: str) -> IndexDamagedError:
    """Make the error for a file that is not the one that ingest wrote."""
    return IndexDamagedError(
        "The index is damaged: a file is not the one that ingest wrote.",
        where=str(where),
        expected=expected,
        found=found,
        fix=manifests.REBUILD,
    )
