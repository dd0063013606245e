"""Looking at what a candidate changes before it is published, and publishing it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from index import pointers, store
from index.errors import IndexMissingError, PublishError
from index.generation import Stored, assemble, read_generation
from index.preview import RECORD, FailedInvariant, Preview, to_json
from index.types import Encoder
from ingest.articles import Progress
from ingest.invariants import FILE_NAME, check_invariants, read_invariants
from ingest.preview import Side, compare, unasked
from ingest.preview_page import as_html
from ingest.published import sound_current
from ingest.replies import replies
from safety.notices import NoticeFinder
from safety.red_flags import read_red_flags

# Beside the generations: what the last preview found, for people.
PAGE = "preview.html"


def require_invariants(content: Path, stored: Stored, load_encoder: Callable[[], Encoder]) -> None:
    """Raise PublishError naming every invariant of the content folder that does not hold."""
    failed = failed_invariants(content, stored, load_encoder)
    if failed:
        raise PublishError(
            f"{len(failed)} of the invariants would not hold, so nothing was published:\n"
            + "\n".join(_line(one) for one in failed),
            where=str(content / FILE_NAME),
            expected="every question there answered as it says",
            mend="correct the articles or the file, or publish all the same: "
            "python -m ingest --force",
        )


def failed_invariants(
    content: Path, stored: Stored, load_encoder: Callable[[], Encoder]
) -> list[FailedInvariant]:
    """Ask a generation the invariants' questions; the encoder is loaded only for these."""
    invariants = read_invariants(content)
    if not invariants:
        return []
    index = assemble(stored, load_encoder())
    return check_invariants(
        index, invariants, NoticeFinder(read_red_flags(content), stored.notices)
    )


def publish_candidate(
    content: Path, built: Path, load_encoder: Callable[[], Encoder], *, force: bool = False
) -> str:
    """Publish what was previewed, just as it was; return its id.

    Raises IndexMissingError without a candidate, PublishError as `require_invariants`, unless
    `force`.
    """
    with store.writing(built):
        candidate = store.candidate_generation(built)
        if candidate and not force:
            require_invariants(content, read_generation(built / candidate), load_encoder)
        return store.accept(built)


def preview_candidate(
    content: Path, built: Path, load_encoder: Callable[[], Encoder], progress: Progress
) -> Preview:
    """Compare the candidate with what is served: both asked the questions of both banks."""
    candidate = store.candidate_generation(built)
    if candidate is None:
        raise IndexMissingError(
            "There is no candidate to look at.", where=str(built), mend="python -m ingest --preview"
        )
    after = read_generation(built / candidate)
    before = sound_current(built)
    failed = failed_invariants(content, after, load_encoder)
    if before is None:
        return compare(None, Side(after), failed)

    def side(stored: Stored, other: Stored) -> Side:
        questions = unasked(stored, other)
        if not questions:
            return Side(stored)
        finder = NoticeFinder(read_red_flags(content), stored.notices)
        return Side(stored, replies(assemble(stored, load_encoder()), questions, finder, progress))

    return compare(side(before, after), side(after, before), failed)


def write_preview(preview: Preview, built: Path) -> list[Path]:
    """Write a preview beside the generations, as a page for people and as JSON; return both."""
    files = []
    for name, text in ((PAGE, as_html(preview)), (RECORD, to_json(preview))):
        pointers.replace(built / name, text.encode())
        files.append(built / name)
    return files


def _line(failed: FailedInvariant) -> str:
    return (
        f"  line {failed.line}, {failed.question}\n"
        f"    expected {failed.expected}\n    found    {failed.found}"
    )
