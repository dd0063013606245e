"""Generations on disk: write, verify, publish, propose, accept, open, roll back.

A generation is a folder named by its id and never changed once it has that name, which is why its
files are read-only; small files beside it say which one to serve (`index/store/pointers.py`). Every
step leaves either the old or the new generation serving.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from core.errors import BusyError, IndexMissingError, IndexUnavailableError, PublishError
from core.files.atomic import TEMPORARY, lock, sync
from core.types import Encoder
from index.store import manifest as manifests
from index.store import pointers
from index.store.integrity import CORRUPT, damaged
from index.store.opened import OpenIndex, load
from index.store.pointers import (
    Named,
    candidate_generation,
    current_generation,
    named,
    previous_generation,
)
from index.store.record import Generation, read_generation, write_generation
from index.vectors import location

__all__ = [
    "DEFAULT_BUILT",
    "Named",
    "OpenIndex",
    "activate",
    "candidate_generation",
    "current_generation",
    "discard",
    "named",
    "open_index",
    "previous_generation",
    "promote",
    "publish",
    "read_current",
    "roll_back",
    "stage",
    "write",
    "writing",
]

DEFAULT_BUILT = Path("index/built")


def open_index(built: Path | str = DEFAULT_BUILT, *, encoder: Encoder | None = None) -> OpenIndex:
    """Open the generation that `current` names, after checking every file of it.

    Without an encoder the one that the manifest names is loaded. Raises IndexMissingError,
    IndexDamagedError or IndexMismatchError, each with the command that mends it.
    """
    stored = read_current(built)
    return load(Path(built) / stored.manifest.generation, stored, encoder)


def read_current(built: Path | str = DEFAULT_BUILT) -> Generation:
    """Read the generation that `current` names, checked, without the encoder; raise as above."""
    built = Path(built)
    generation = current_generation(built)
    if generation is None:
        raise IndexMissingError(
            "There is no index yet.",
            where=str(built),
            expected="an index built from the content folder",
            found="none" if built.is_dir() else "no such folder",
            fix=manifests.REBUILD,
        )
    try:
        stored = read_generation(built / generation)
    except IndexUnavailableError:
        if current_generation(built) == generation:
            raise
        # Two publishes went by meanwhile, and the second removed what was being read.
        return read_current(built)
    _check_name(built, generation, stored.manifest.generation)
    return stored


@contextmanager
def writing(built: Path) -> Iterator[None]:
    """Hold the exclusive write lock. Raises BusyError if another process holds it.

    Removes first what a process that died left behind, and at the end what nothing names any more.
    """
    busy = BusyError(
        "Another ingest or rollback is at work on this index.",
        where=str(built),
        fix="wait until it is done, then run the same command again",
    )
    try:
        held = lock(built / ".lock", busy)
    except OSError as error:
        raise _unwritable(built, error) from error
    with held:
        try:
            with _changing(built):
                pointers.remove_temporary(built)
            yield
            with _changing(built):
                servers = location.servers(_folders(built))  # also of those that go now
                pointers.prune(built)
            location.prune(servers, _folders(built))
        except BaseException:
            with suppress(OSError):  # what was written until now takes room that others may need
                pointers.remove_temporary(built)
            raise


def write(built: Path, stored: Generation) -> str:
    """Write a generation and verify it by reading it; return its id, which nothing names yet.

    One that is there and sound is left as it is. The manifest's record of files is made while
    writing. To be called inside `writing`, as everything below that changes something. Raises
    PublishError when the disk refuses, IndexUnavailableError when the vectors' server does not
    answer; what was serving then serves on.
    """
    generation = stored.manifest.generation
    temporary = built / f"{TEMPORARY}{generation}"
    final = built / generation
    with _changing(built):
        if not _is_sound(final):
            temporary.mkdir()
            write_generation(temporary, stored)
            pointers.protect(temporary)
            for path in sorted(temporary.rglob("*"), reverse=True):
                sync(path)
            sync(temporary)
            _read_id(temporary)
            if final.exists():
                final.replace(built / f"{TEMPORARY}damaged")
            temporary.replace(final)
        sync(built)  # its name has to be on the disk before anything points to it
    return generation


def publish(built: Path, stored: Generation) -> str:
    """Write a generation and make it the current one; return its id.

    A candidate was proposed against what served until now, and is discarded.
    """
    generation = write(built, stored)
    with _changing(built):
        pointers.forget_candidate(built)
    activate(built, generation)
    return generation


def stage(built: Path, stored: Generation) -> str:
    """Write a generation and name it as the candidate, in place of any other; return its id.

    The current one is no candidate: there is nothing to accept then.
    """
    generation = write(built, stored)
    with _changing(built):
        pointers.set_pointer(built / pointers.CANDIDATE, [generation])
    return generation


def promote(built: Path) -> str:
    """Serve the candidate, after checking it; return its id.

    Raises IndexMissingError when there is none and IndexDamagedError when it is not sound.
    """
    candidate = candidate_generation(built)
    if candidate is None:
        raise IndexMissingError(
            "There is no candidate to publish.",
            where=str(built),
            expected="a generation that waits to be accepted",
            found="none",
            fix="python -m ingest --preview",
        )
    _check(built, candidate)
    activate(built, candidate)
    return candidate


def discard(built: Path) -> None:
    """Remove the candidate, if there is one."""
    with _changing(built):
        pointers.forget_candidate(built)


def activate(built: Path, generation: str) -> None:
    """Make a sound generation on disk the current one, atomically; keep the one before."""
    location.promote(built / generation)
    with _changing(built):
        pointers.promote(built, generation)


def roll_back(built: Path) -> str:
    """Serve the previous generation again, after checking it; return its id.

    Rolling back twice returns to where it began. A disk without any room left is no obstacle.
    Raises IndexMissingError when there is none.
    """
    previous = previous_generation(built)
    if previous is None:
        raise IndexMissingError(
            "There is no earlier generation to go back to.",
            where=str(built),
            expected="the generation that served before this one",
            found="only the current one",
            fix="correct content/, then run: python -m ingest",
        )
    _check(built, previous)
    location.promote(built / previous)
    with _changing(built):
        pointers.serve_again(built, previous)
    return previous


def _is_sound(folder: Path) -> bool:
    try:
        return _read_id(folder) == folder.name
    except CORRUPT:
        return False


def _check(built: Path, generation: str) -> None:
    _check_name(built, generation, _read_id(built / generation))


def _read_id(folder: Path) -> str:
    """Read a generation as a page would, checking all of it, and return its id."""
    stored = read_generation(folder)
    stored.vectors.close()
    return stored.manifest.generation


def _folders(built: Path) -> list[Path]:
    return [built / generation for generation in pointers.generations(built)]


def _check_name(built: Path, expected: str, found: str) -> None:
    if found != expected:  # a folder copied over another one
        raise damaged(built / expected, f"generation {expected}", found)


@contextmanager
def _changing(built: Path) -> Iterator[None]:
    """Turn what the disk refuses into PublishError, and give back the room that was taken."""
    try:
        yield
    except OSError as error:
        with suppress(OSError):
            pointers.remove_temporary(built)
        raise _unwritable(built, error) from error


def _unwritable(built: Path, error: OSError) -> PublishError:
    try:
        serving = current_generation(built)
    except IndexUnavailableError:
        serving = None
    return PublishError(
        "The index could not be changed; "
        + (f"generation {serving} goes on serving." if serving else "none is being served."),
        where=str(error.filename or built),
        expected="a folder that can be written to, with room on its disk",
        found=error.strerror or str(error),
        fix="give the folder room and write permission, then run the same command again",
    )
