"""Publishes, discards and rolls back the generation that the page has shown, and no other."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from core.errors import ClinicSearchError, IndexDamagedError, PublishError
from index.preview.types import RECORD, Preview, from_json
from index.store import generations


@dataclass(frozen=True, slots=True)
class GenerationStatus:
    """The generations by id, and the preview of the candidate.

    `preview` is None where the candidate was not compared with the current generation. `problem`
    says why the generations cannot be read.
    """

    current: str | None = None
    candidate: str | None = None
    previous: str | None = None
    preview: Preview | None = None
    problem: str = ""

    @property
    def may_publish(self) -> bool:
        """Say whether the candidate may be published from the page."""
        return self.preview is not None and not self.preview.is_blocked


def generation_status(built: Path) -> GenerationStatus:
    """Read which generations exist; a broken folder is a `problem`, not an exception."""
    try:
        now = generations.read_pointers(built)
        preview = _preview(built, now.current, now.candidate) if now.candidate else None
    except ClinicSearchError as error:
        return GenerationStatus(problem=str(error))
    return GenerationStatus(now.current, now.candidate, now.previous, preview)


def publish(built: Path, candidate: str) -> None:
    """Publish the candidate that was shown.

    Raises PublishError when there is another candidate, when it was not compared with the current
    generation, or when an invariant fails; BusyError when an ingest is running.
    """
    with generations.writing(built):
        now = generation_status(built)
        if now.candidate != candidate or not now.may_publish:
            raise PublishError(
                "The candidate was not published: it has changed, or it cannot be published.",
                where=str(built),
                expected=f"candidate {candidate} with a preview, and every invariant holds",
                found=f"candidate {now.candidate}",
                fix="python -m ingest --preview",
            )
        generations.promote(built)


def discard(built: Path, candidate: str) -> None:
    """Discard the candidate that was shown; raises PublishError when there is another."""
    with generations.writing(built):
        if generations.candidate_generation(built) != candidate:
            raise PublishError(
                "Nothing was discarded: there is another candidate now.",
                where=str(built),
                expected=f"candidate {candidate}",
                fix="look at the new candidate first",
            )
        generations.discard(built)


def roll_back(built: Path, previous: str) -> None:
    """Roll back to the generation that was shown; raises PublishError when it is another now."""
    with generations.writing(built):
        if generations.previous_generation(built) != previous:
            raise PublishError(
                "Nothing was rolled back: the previous generation is another now.",
                where=str(built),
                expected=f"generation {previous}",
                fix="open the page again and look at what is online",
            )
        generations.roll_back(built)


def _preview(built: Path, current: str | None, candidate: str) -> Preview | None:
    try:
        found = from_json((built / RECORD).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, IndexDamagedError):
        return None
    return found if (found.before, found.after) == (current, candidate) else None
