"""Generations on disk: write, verify, stage, publish, promote, open, roll back.

A generation is a folder named by its id. Nothing in it changes once it has that name, so its files
are read-only; small files beside it name the generation to serve (`index/store/pointers.py`). After
every step either the old or the new generation serves.
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
    Pointers,
    candidate_generation,
    current_generation,
    previous_generation,
    read_pointers,
)
from index.store.record import Generation, read_generation, write_generation
from index.vectors import location

__all__ = [
    "DEFAULT_BUILT",
    "OpenIndex",
    "Pointers",
    "activate",
    "candidate_generation",
    "changing",
    "current_generation",
    "discard",
    "open_index",
    "previous_generation",
    "promote",
    "publish",
    "read_current",
    "read_pointers",
    "roll_back",
    "stage",
    "write",
    "writing",
]

DEFAULT_BUILT = Path("index/built")


def open_index(built: Path | str = DEFAULT_BUILT, *, encoder: Encoder | None = None) -> OpenIndex:
    """Open the generation that `current` names, after checking each of its files.

    Without an encoder, load the encoder that the manifest names. Raises IndexMissingError,
    IndexDamagedError or IndexMismatchError, each with the command that repairs the index.
    """
    generation = read_current(built)
    return load(Path(built) / generation.manifest.generation, generation, encoder)


def read_current(built: Path | str = DEFAULT_BUILT) -> Generation:
    """Read and check the generation that `current` names, without its encoder.

    Raises the errors of `open_index`.
    """
    built = Path(built)
    current = current_generation(built)
    if current is None:
        raise IndexMissingError(
            "There is no index yet.",
            where=str(built),
            expected="an index built from the content folder",
            found="none" if built.is_dir() else "no such folder",
            fix=manifests.REBUILD,
        )
    try:
        generation = read_generation(built / current)
    except IndexUnavailableError:
        if current_generation(built) == current:
            raise
        # Since then two generations were published, and the second removed this one.
        return read_current(built)
    _check_id(built, current, generation.manifest.generation)
    return generation


@contextmanager
def writing(built: Path) -> Iterator[None]:
    """Hold the exclusive write lock. Raises BusyError if another process holds it.

    First removes what a process that died left behind, and at the end every generation that no
    pointer names.
    """
    busy = BusyError(
        "Another ingest or rollback is writing to this index.",
        where=str(built),
        fix="wait until it has ended, then run the same command again",
    )
    try:
        held = lock(built / ".lock", busy)
    except OSError as error:
        raise _unwritable(built, error) from error
    with held:
        try:
            with changing(built):
                pointers.remove_temporary(built)
            yield
            with changing(built):
                servers = location.servers(_folders(built))  # also of those that are removed now
                pointers.prune(built)
            location.prune(servers, _folders(built))
        except BaseException:
            with suppress(OSError):  # unfinished files take disk space that others may need
                pointers.remove_temporary(built)
            raise


def write(built: Path, generation: Generation) -> str:
    """Write a generation, verify it by reading it, and return its id, which no pointer names yet.

    Leaves an intact folder with this id as it is. Writing adds the record of files to the manifest.
    Call this inside `writing`, like every function below that changes something. Raises
    PublishError when the disk refuses, IndexUnavailableError when the server of vectors does not
    answer; the generation that serves is then unchanged.
    """
    name = generation.manifest.generation
    temporary = built / f"{TEMPORARY}{name}"
    final = built / name
    with changing(built):
        if not _is_intact(final):
            temporary.mkdir()
            write_generation(temporary, generation)
            pointers.protect(temporary)
            for path in sorted(temporary.rglob("*"), reverse=True):
                sync(path)
            sync(temporary)
            _read_id(temporary, is_new=True)
            if final.exists():
                final.replace(built / f"{TEMPORARY}damaged")
            temporary.replace(final)
        sync(built)  # the folder's name has to be on the disk before a pointer names it
    return name


def publish(built: Path, generation: Generation) -> str:
    """Write a generation, serve it and return its id.

    Discards the candidate, which was compared with the generation that served until now.
    """
    name = write(built, generation)
    discard(built)
    activate(built, name)
    return name


def stage(built: Path, generation: Generation) -> str:
    """Write a generation, make it the candidate in place of any other, and return its id.

    The current generation never counts as a candidate.
    """
    name = write(built, generation)
    with changing(built):
        pointers.set_pointer(built / pointers.CANDIDATE, [name])
    return name


def promote(built: Path) -> str:
    """Check the candidate, serve it and return its id.

    Raises IndexMissingError without a candidate, IndexDamagedError when it is damaged.
    """
    candidate = candidate_generation(built)
    if candidate is None:
        raise IndexMissingError(
            "There is no candidate to publish.",
            where=str(built),
            expected="a generation that waits to be published",
            found="none",
            fix="python -m ingest --preview",
        )
    _check(built, candidate)
    activate(built, candidate)
    return candidate


def discard(built: Path) -> None:
    """Discard the candidate, if there is one; `writing` removes its folder."""
    with changing(built):
        pointers.forget_candidate(built)


def activate(built: Path, generation: str) -> None:
    """Serve a generation that was checked, atomically; keep the previous generation."""
    location.promote(built / generation)
    with changing(built):
        pointers.promote(built, generation)


def roll_back(built: Path) -> str:
    """Check the previous generation, serve it again and return its id.

    A second rollback undoes the first. Works on a full disk, too. Raises IndexMissingError without
    a previous generation.
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
    with changing(built):
        pointers.promote_on_full_disk(built, previous)
    return previous


def _is_intact(folder: Path) -> bool:
    try:
        return _read_id(folder) == folder.name
    except CORRUPT:
        return False


def _check(built: Path, generation: str) -> None:
    _check_id(built, generation, _read_id(built / generation))


def _read_id(folder: Path, *, is_new: bool = False) -> str:
    """Read and check a whole generation, as the page does, and return its id.

    `is_new` as in `read_generation`.
    """
    generation = read_generation(folder, is_new=is_new)
    generation.vectors.close()
    return generation.manifest.generation


def _folders(built: Path) -> list[Path]:
    return [built / generation for generation in pointers.generations(built)]


def _check_id(built: Path, expected: str, found: str) -> None:
    if found != expected:  # somebody copied a folder over another
        raise damaged(built / expected, f"generation {expected}", found)


@contextmanager
def changing(built: Path) -> Iterator[None]:
    """Turn a refusal of the disk into PublishError, and remove unfinished files."""
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
        + (f"generation {serving} still serves." if serving else "no generation serves."),
        where=str(error.filename or built),
        expected="a folder with write permission and free space on its disk",
        found=error.strerror or str(error),
        fix="free disk space or give write permission, then run the same command again",
    )
