"""Generations on disk: write, verify, publish, open, roll back.

A generation is a folder named by its id and never changed once it has that name; the file
`current` names the one to serve. Every step leaves either the old or the new generation serving.
"""

from __future__ import annotations

import dataclasses
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from filelock import FileLock, Timeout

from index import manifest as manifests
from index import tables
from index.bank import Bank, read_votes, write_votes
from index.decision import Calibration, read_calibration, write_calibration
from index.encoder import DEFAULT_NAME, load_encoder
from index.errors import IndexDamagedError, IndexMissingError, IndexUnavailableError, PublishError
from index.examples import example_questions
from index.language import Language, read_language, write_language
from index.lexical import LexicalIndex
from index.manifest import Manifest
from index.spelling import Speller
from index.types import NO_PASSAGE, Article, Encoder, Passage, View
from index.vectors import VectorIndex

if TYPE_CHECKING:
    from numpy.typing import NDArray

DEFAULT_BUILT = Path("index/built")
_CURRENT = "current"
_TEMPORARY = ".writing-"
_ARTICLES, _PASSAGES, _VIEWS = "articles.parquet", "passages.parquet", "views.parquet"
_VECTORS, _BANK, _VOTES = "vectors.faiss", "bank.parquet", "votes.npz"
_CALIBRATION, _LANGUAGE, _LEXICAL = "calibration.json", "language.json", "lexical"
_GENERATION = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Stored:
    """A generation without the encoder that a search needs, on its way to the disk or from it.

    `vectors` has a row for each view; the views of a passage stand together, in the order of
    passages, and the bank's rows come last, in its order.
    """

    manifest: Manifest
    articles: tables.Rows[Article]
    passages: tables.Rows[Passage]
    views: tables.Rows[View]
    vectors: VectorIndex
    bank: Bank
    calibration: Calibration | None
    language: Language
    lexical: LexicalIndex


@dataclass(frozen=True, slots=True)
class Index:
    """An opened generation with the encoder that built it: all that a search needs.

    `first_view` is int64 of shape (passages + 1,): the views of passage p are the rows
    `first_view[p]` up to `first_view[p + 1]`. The rows from `first_view[-1]` on are those of the
    bank, and stand in `view_passages` with the number of passages. `section_passages` are the
    rows of the passages of each section that the bank names.
    """

    generation: str
    manifest: Manifest
    articles: Mapping[str, Article]
    passages: tables.Rows[Passage]
    views: tables.Rows[View]
    view_passages: NDArray[np.int64]
    view_kinds: NDArray[np.object_]
    passage_ids: NDArray[np.object_]
    section_passages: Mapping[str, NDArray[np.int64]]
    first_view: NDArray[np.int64]
    vectors: VectorIndex
    bank: Bank
    calibration: Calibration | None
    language: Language
    speller: Speller
    lexical: LexicalIndex
    encoder: Encoder
    examples: tuple[str, ...]


def current_generation(built: Path) -> str | None:
    """Return the id of the generation to serve, or None when none was published."""
    try:
        name = (built / _CURRENT).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise _damaged(built / _CURRENT, "the id of a generation", str(error)) from error
    if not _GENERATION.fullmatch(name):
        raise _damaged(built / _CURRENT, "the id of a generation", f"{len(name)} other characters")
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
        raise _damaged(built / generation, f"generation {generation}", index.generation)
    return index


def open_generation(folder: Path, *, encoder: Encoder | None = None) -> Index:
    """Open one generation by its folder, after checking every file of it."""
    opened = read_generation(folder)
    if encoder is None:
        name = opened.manifest.encoder.name
        encoder = load_encoder("" if name == DEFAULT_NAME else name)
    manifests.check_encoder(opened.manifest, encoder.info, folder / manifests.FILE_NAME)
    return assemble(opened, encoder)


def assemble(stored: Stored, encoder: Encoder) -> Index:
    """Put a generation and its encoder together, ready to be searched."""
    passages = len(stored.passages)
    view_passages = _owners(stored.views, passages)
    return Index(
        generation=stored.manifest.generation,
        manifest=stored.manifest,
        articles={article.id: article for article in stored.articles},
        passages=stored.passages,
        views=stored.views,
        view_passages=view_passages,
        view_kinds=stored.views.column("kind"),
        passage_ids=stored.passages.column("id"),
        section_passages=_by_section(stored.passages, stored.bank.sections),
        first_view=np.searchsorted(view_passages, np.arange(passages + 1)),
        vectors=stored.vectors,
        bank=stored.bank,
        calibration=stored.calibration,
        language=stored.language,
        speller=Speller(stored.language.words),
        lexical=stored.lexical,
        encoder=encoder,
        examples=example_questions(stored.passages, stored.bank.rows),
    )


def read_generation(folder: Path) -> Stored:
    """Read a generation without its encoder, checking every file against the manifest."""
    manifest = manifests.read_manifest(folder / manifests.FILE_NAME)
    _check_files(folder, manifest)
    try:
        stored = Stored(
            manifest,
            tables.article_rows(tables.read_table(folder / _ARTICLES, tables.ARTICLES)),
            tables.passage_rows(tables.read_table(folder / _PASSAGES, tables.PASSAGES)),
            tables.view_rows(tables.read_table(folder / _VIEWS, tables.VIEWS)),
            VectorIndex.read(folder / _VECTORS),
            _read_bank(folder),
            read_calibration(folder / _CALIBRATION, tied_to=manifest.tied_to),
            read_language(folder / _LANGUAGE),
            LexicalIndex.read(folder / _LEXICAL),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _damaged(folder, "the files that ingest wrote", str(error)) from error
    found = {
        "articles": len(stored.articles),
        "passages": len(stored.passages),
        "views": len(stored.views),
        "vectors": stored.vectors.rows,
        "dimension": stored.vectors.dimension,
        "questions": len(stored.bank.rows),
    }
    counts = manifest.counts
    expected = {
        **{name: counts.get(name) for name in ("articles", "passages", "views", "questions")},
        "vectors": counts.get("views"),
        "dimension": manifest.encoder.dimension,
    }
    in_order = np.all(np.diff(_owners(stored.views, found["passages"])) >= 0)
    if found != expected or not in_order:
        raise _damaged(folder, str(expected), str(found))
    return stored


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
        _write_files(temporary, stored)
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


def _write_files(folder: Path, stored: Stored) -> None:
    tables.write_table(stored.articles.table, folder / _ARTICLES)
    tables.write_table(stored.passages.table, folder / _PASSAGES)
    tables.write_table(stored.views.table, folder / _VIEWS)
    stored.vectors.write(folder / _VECTORS)
    tables.write_table(tables.bank_table(stored.bank.rows), folder / _BANK)
    write_votes(stored.bank, folder / _VOTES)
    write_calibration(stored.calibration, folder / _CALIBRATION)
    write_language(stored.language, folder / _LANGUAGE)
    stored.lexical.write(folder / _LEXICAL)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    for path in [*files, folder / _LEXICAL]:
        _sync(path)
    records = {p.relative_to(folder).as_posix(): manifests.record_file(p) for p in files}
    # Last, because a folder with a manifest that holds is a whole generation.
    manifests.write_manifest(
        dataclasses.replace(stored.manifest, files=records), folder / manifests.FILE_NAME
    )
    _sync(folder / manifests.FILE_NAME)
    _sync(folder)


def _by_section(
    passages: tables.Rows[Passage], sections: Sequence[str]
) -> dict[str, NDArray[np.int64]]:
    """Return the rows of the passages of each of these sections, ascending: int64."""
    owners = passages.column("section_id")
    return {section: np.flatnonzero(owners == section) for section in sections}


def _read_bank(folder: Path) -> Bank:
    rows = tables.bank_rows(tables.read_table(folder / _BANK, tables.BANK))
    return read_votes(folder / _VOTES, rows)


def _owners(views: tables.Rows[View], passages: int) -> NDArray[np.int64]:
    """Return the passage of each view, `passages` for views that belong to none: int64."""
    owners = views.column("passage")
    return np.where(owners == NO_PASSAGE, passages, owners)


def _check_files(folder: Path, manifest: Manifest) -> None:
    for name, record in manifest.files.items():
        try:
            found = manifests.record_file(folder / name)
        except OSError as error:
            raise _damaged(folder / name, "a file of the index", str(error)) from error
        if found != record:
            raise _damaged(
                folder / name,
                f"{record.size_bytes} bytes, sha256 {record.sha256[:12]}",
                f"{found.size_bytes} bytes, sha256 {found.sha256[:12]}",
            )


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


def _damaged(where: Path, expected: str, found: str) -> IndexDamagedError:
    return IndexDamagedError(
        "The index is damaged: a file is not the one that ingest wrote.",
        where=str(where),
        expected=expected,
        found=found,
        mend=manifests.REBUILD,
    )


def _unwritable(built: Path, error: OSError) -> PublishError:
    return PublishError(
        "The new index could not be written; the one that was serving serves on.",
        where=str(error.filename or built),
        expected="a folder that can be written to, with room on its disk",
        found=error.strerror or str(error),
        mend="give the folder room and write permission, then run: python -m ingest",
    )
