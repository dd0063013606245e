"""Previews a candidate, and publishes it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

from core.errors import IndexMissingError, PublishError
from core.files.atomic import replace
from index.preview.types import RECORD, FailedInvariant, Preview, to_json
from index.store import generations
from index.store.opened import OpenIndex, load
from index.store.record import Generation, read_generation
from index.store.settings_copy import copy_folder
from ingest.build.articles import Progress
from ingest.build.bank_answers import answer_bank
from ingest.build.previous import current_if_intact
from ingest.preview.compare import Side, compare, unasked
from ingest.preview.invariants import FILE_NAME, check_invariants, read_invariants
from ingest.preview.report import as_html
from safety.notices.fallback import notices_of
from safety.notices.finder import NoticeFinder
from safety.notices.red_flags import RedFlags

# Beside the generations: the last preview, for people.
PAGE = "preview.html"


def require_invariants(content: Path, flags: RedFlags, opened: Callable[[], OpenIndex]) -> None:
    """Raise PublishError naming every invariant of the content folder that does not hold."""
    failed = failed_invariants(content, flags, opened)
    if failed:
        raise PublishError(
            f"{len(failed)} of the invariants would not hold, so nothing was published:\n"
            + "\n".join(map(_line, failed)),
            where=str(content / FILE_NAME),
            expected="every question there answered as it says",
            fix="correct the articles or the file, or publish all the same: "
            "python -m ingest --force",
        )


def failed_invariants(
    content: Path, flags: RedFlags, opened: Callable[[], OpenIndex]
) -> list[FailedInvariant]:
    """Return the invariants that fail; the generation is opened only when there are some."""
    invariants = read_invariants(content)
    if not invariants:
        return []
    index = opened()
    return check_invariants(index, invariants, NoticeFinder(flags, index.notices))


def publish_candidate(content: Path, built: Path, *, force: bool = False) -> str:
    """Publish the candidate exactly as it was previewed; return its id.

    Raises IndexMissingError without a candidate, and PublishError as `require_invariants` does
    unless `force`.
    """
    with generations.writing(built):
        candidate = generations.candidate_generation(built)
        if candidate and not force:
            folder = built / candidate
            flags = notices_of(content, copy_folder(built))
            require_invariants(content, flags, lambda: load(folder, read_generation(folder)))
        return generations.promote(built)


def preview_candidate(content: Path, built: Path, progress: Progress) -> Preview:
    """Compare the candidate with the published generation on the questions of both banks.

    Each uses the encoder that it serves with, whatever model the clinic has chosen since.
    """
    candidate = generations.candidate_generation(built)
    if candidate is None:
        raise IndexMissingError(
            "There is no candidate to preview.", where=str(built), fix="python -m ingest --preview"
        )
    after = read_generation(built / candidate)
    before = current_if_intact(built)
    opened = _lazy_open(built, after)
    flags = notices_of(content, copy_folder(built))
    failed = failed_invariants(content, flags, opened)
    if before is None:
        return compare(None, Side(after), failed)

    def side(stored: Generation, other: Generation, opened: Callable[[], OpenIndex]) -> Side:
        questions = unasked(stored, other)
        if not questions:
            return Side(stored)
        finder = NoticeFinder(flags, stored.notices)
        return Side(stored, answer_bank(opened(), questions, finder, progress))

    served = side(before, after, _lazy_open(built, before))
    return compare(served, side(after, before, opened), failed)


def _lazy_open(built: Path, stored: Generation) -> Callable[[], OpenIndex]:
    """Return a function that opens a generation with its encoder, once."""
    return cache(lambda: load(built / stored.manifest.generation, stored))


def write_preview(preview: Preview, built: Path) -> list[Path]:
    """Write a preview beside the generations, as a page for people and as JSON; return both."""
    files = []
    for name, text in ((PAGE, as_html(preview)), (RECORD, to_json(preview))):
        try:
            replace(built / name, text.encode())
        except OSError as error:
            raise PublishError(
                "The preview could not be written; the candidate is still there.",
                where=str(built / name),
                expected="a folder that can be written to, with room on its disk",
                found=error.strerror or str(error),
                fix="give the folder room and write permission, then run the same command again",
            ) from error
        files.append(built / name)
    return files


def _line(failed: FailedInvariant) -> str:
    return (
        f"  line {failed.line}, {failed.question}\n"
        f"    expected {failed.expected}\n    found    {failed.found}"
    )
