"""Generations on disk: write, verify, publish, open, roll back.

A generation is a folder named by its id and never changed once it has that name; the file
`current` names the one to serve. Every step leaves either the old or the new generation serving.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from index import manifest as manifests
from index.errors import IndexMissingError, IndexUnavailableError, PublishError
from index.generation import (
    Index,
    Stored,
    damaged,
    open_generation,
    read_generation,
    write_generation,
)
from index.types import Encoder

__all__ = [
    "DEFAULT_BUILT",
    "Index",
    "current_generation",
    "open_index",
    "previous_generation",
    "publish",
    "roll_back",
    "switch",
    "writing",
]

DEFAULT_BUILT = Path("index/built")
_CURRENT = "current"
_TEMPORARY = ".writing-"
_GENERATION = re.compile(r"[0-9a-f]{16}")


def current_generation(built: Path) -> str | None:
    """Return the id of the generation to serve, or None when none was published."""
    try:
        name = (built / _CURRENT).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise damaged(built / _CURRENT, "the id of a generation", str(error)) from error
    if not _GENERATION.fullmatch(name):
        raise damaged(built / _CURRENT, "the id of a generation", f"{len(name)} other characters")
    return name


def previous_generation(built: Path) -> str | None:
    """Return the id of the generation that `roll_back` would serve, or None."""
    now = current_generation(built)
    return next((name for name in _generations(built) if name != now), None)


def open_index(built: Path | str = DEFAULT_BUILT, *, encoder: Encoder | None = None) -> Index:
    """Open the generation that `current` names, after checking every file of it.

    Without an encoder the one that the manifest names is loaded. Raises IndexMissingError,
    IndexDamagedError or IndexMismatchError, each with the command that mends it.
    """
    built = Path(built)
    generation = current_generation(built)
    if generation is None:
        raise IndexMissingError(
            "There is no index to search yet.",
            where=str(built),
            expected="an index built from the content folder",
            found="none" if built.is_dir() else "no such folder",
            mend=manifests.REBUILD,
        )
    index = open_generation(built / generation, encoder=encoder)
    if index.generation != generation:  # a folder copied over another one
        raise damaged(built / generation, f"generation {generation}", index.generation)
    return index


@contextmanager
def writing(built: Path) -> Iterator[None]:
    """Hold the one place from which generations are written; PublishError when it is taken.

    The operating system gives the place back when its holder dies.
    """
    try:
        built.mkdir(parents=True, exist_ok=True)
        lock = FileLock(built / ".lock", timeout=0)
        lock.acquire()
    except Timeout as error:
        raise PublishError(
            "Another ingest is at work on this index.",
            where=str(built),
            mend="wait until it is done, then run: python -m ingest",
        ) from error
    except OSError as error:
        raise _unwritable(built, error) from error
    try:
        yield
    finally:
        lock.release()


def publish(built: Path, stored: Stored) -> str:
    """Write a generation, verify it by opening it, make it the current one; return its id.

    The manifest's record of files is made while writing. To be called inside `writing`. Raises
    PublishError when the disk refuses; the generation that was serving then serves on.
    """
    generation = stored.manifest.generation
    temporary = built / f"{_TEMPORARY}{generation}"
    final = built / generation
    try:
        _clean(built, keep=())
        temporary.mkdir()
        write_generation(temporary, stored)
        for path in sorted(temporary.rglob("*"), reverse=True):
            _sync(path)
        _sync(temporary)
        read_generation(temporary)
        if final.exists():  # a damaged one, or the caller would have switched to it
            final.replace(built / f"{_TEMPORARY}damaged")
        temporary.replace(final)
        _sync(built)
        switch(built, generation)
    except OSError as error:
        raise _unwritable(built, error) from error
    return generation


def switch(built: Path, generation: str) -> None:
    """Make a generation on disk the current one, atomically; keep it and the one before."""
    before = _readable_current(built)
    temporary = built / f"{_TEMPORARY}{_CURRENT}"
    temporary.write_text(generation + "\n", encoding="ascii")
    _sync(temporary)
    temporary.replace(built / _CURRENT)
    _sync(built)
    kept = before if before != generation else previous_generation(built)
    _clean(built, keep=tuple(name for name in (generation, kept) if name))


def roll_back(built: Path) -> str:
    """Serve the previous generation again, after checking it; return its id.

    Rolling back twice returns to where it began. Raises IndexMissingError when there is none.
    """
    previous = previous_generation(built)
    if previous is None:
        raise IndexMissingError(
            "There is no earlier generation to go back to.",
            where=str(built),
            expected="the generation that served before this one",
            found="only the current one",
            mend="correct content/, then run: python -m ingest",
        )
    read_generation(built / previous)
    switch(built, previous)
    return previous


def _generations(built: Path) -> list[str]:
    """Return the ids of all generations on disk, the newest first."""
    if not built.is_dir():
        return []
    found = [path for path in built.iterdir() if _GENERATION.fullmatch(path.name)]
    return [p.name for p in sorted(found, key=lambda p: (-p.stat().st_mtime_ns, p.name))]


def _readable_current(built: Path) -> str | None:
    try:
        return current_generation(built)
    except IndexUnavailableError:
        return None


def _clean(built: Path, *, keep: Sequence[str]) -> None:
    """Remove what an earlier, killed run left behind and, given names, every other generation."""
    for path in built.iterdir():
        leftover = path.name.startswith(_TEMPORARY)
        outdated = bool(keep) and _GENERATION.fullmatch(path.name) and path.name not in keep
        if (leftover or outdated) and path.is_dir():
            # A page may hold a file of it open (Windows refuses then): the next run removes it.
            shutil.rmtree(path, ignore_errors=True)
        elif leftover:
            path.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    """Have the operating system put a file or a folder's entries on the disk itself."""
    if os.name == "nt" and path.is_dir():
        return  # Windows has no such call for folders
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _unwritable(built: Path, error: OSError) -> PublishError:
    return PublishError(
        "The new index could not be written; the one that was serving serves on.",
        where=str(error.filename or built),
        expected="a folder that can be written to, with room on its disk",
        found=error.strerror or str(error),
        mend="give the folder room and write permission, then run: python -m ingest",
    )
