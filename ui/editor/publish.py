"""Publishes, drops and rolls back generations for the page: only the one that was shown."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from core.errors import ClinicSearchError, IndexDamagedError, PublishError
from index.preview.types import RECORD, Preview, from_json
from index.store import generations


@dataclass(frozen=True, slots=True)
class GenerationStatus:
    """The generations by id, and what the candidate would change where that is known.

    `preview` is None for a candidate that was not compared with what is served now. `problem` says
    why the generations cannot be read.
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
    """Read which generations exist; never raises for what lies in the folder."""
    try:
        now = generations.read_pointers(built)
        preview = _preview(built, now.current, now.candidate) if now.candidate else None
    except ClinicSearchError as error:
        return GenerationStatus(problem=str(error))
    return GenerationStatus(now.current, now.candidate, now.previous, preview)


def publish(built: Path, candidate: str) -> None:
    """Serve the candidate that was shown.

    Raises PublishError when another candidate waits by now, when it was not compared with what is
    served now, or when an invariant fails; BusyError when an ingest is running.
    """
    with generations.writing(built):
        now = generation_status(built)
        if now.candidate != candidate or not now.may_publish:
            raise PublishError(
                "The candidate was not published: it is not what was shown, or it may not be.",
                where=str(built),
                expected=f"candidate {candidate} with a preview, and every invariant holds",
                found=f"candidate {now.candidate}",
                fix="python -m ingest --preview",
            )
        generations.promote(built)


def discard(built: Path, candidate: str) -> None:
    """Drop the candidate that was shown; PublishError when another one waits by now."""
    with generations.writing(built):
        if generations.candidate_generation(built) != candidate:
            raise PublishError(
                "Nothing was dropped: another candidate waits by now.",
                where=str(built),
                expected=f"candidate {candidate}",
                fix="look at the new one first",
            )
        generations.discard(built)


def roll_back(built: Path, previous: str) -> None:
    """Serve the previous generation that was shown; PublishError when it is another one by now."""
    with generations.writing(built):
        if generations.previous_generation(built) != previous:
            raise PublishError(
                "Nothing was rolled back: another generation came before by now.",
                where=str(built),
                expected=f"generation {previous}",
                fix="look again at what is served",
            )
        generations.roll_back(built)


def _preview(built: Path, current: str | None, candidate: str) -> Preview | None:
    try:
        found = from_json((built / RECORD).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, IndexDamagedError):
        return None
    return found if (found.before, found.after) == (current, candidate) else None
