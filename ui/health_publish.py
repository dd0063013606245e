"""Publishes, drops and rolls back generations for the page: thin, and never by surprise."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from index import store
from index.errors import ClinicSearchError, IndexDamagedError, PublishError
from index.preview import RECORD, Preview, from_json

AGAIN = "python -m ingest --preview"


@dataclass(frozen=True, slots=True)
class Standing:
    """Which generations there are, and what the candidate would change where that is known.

    `preview` is None for a candidate that was not compared with what is served now. `problem` says
    why the generations cannot be told.
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


def standing(built: Path) -> Standing:
    """Read which generations there are; never raises for what lies there."""
    try:
        now = store.named(built)
        preview = _preview(built, now.current, now.candidate) if now.candidate else None
    except ClinicSearchError as error:
        return Standing(problem=str(error))
    return Standing(now.current, now.candidate, now.previous, preview)


def publish(built: Path, candidate: str) -> None:
    """Serve the candidate that was looked at.

    Raises PublishError when another one waits by now, when it was not compared with what is
    served now, or when an invariant does not hold; BusyError when an ingest is at work.
    """
    with store.writing(built):
        now = standing(built)
        if now.candidate != candidate or not now.may_publish:
            raise PublishError(
                "The candidate was not published: it is not what was shown, or it may not be.",
                where=str(built),
                expected=f"candidate {candidate} with a preview, and every invariant holds",
                found=f"candidate {now.candidate}",
                mend=AGAIN,
            )
        store.accept(built)


def discard(built: Path, candidate: str) -> None:
    """Drop the candidate that was looked at; PublishError when another one waits by now."""
    with store.writing(built):
        if store.candidate_generation(built) != candidate:
            raise PublishError(
                "Nothing was dropped: another candidate waits by now.",
                where=str(built),
                expected=f"candidate {candidate}",
                mend="look at the new one first",
            )
        store.discard(built)


def roll_back(built: Path, previous: str) -> None:
    """Serve the generation again that was shown as the one before; PublishError for another."""
    with store.writing(built):
        if store.previous_generation(built) != previous:
            raise PublishError(
                "Nothing was rolled back: another generation came before by now.",
                where=str(built),
                expected=f"generation {previous}",
                mend="look again at what is served",
            )
        store.roll_back(built)


def _preview(built: Path, current: str | None, candidate: str) -> Preview | None:
    try:
        found = from_json((built / RECORD).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, IndexDamagedError):
        return None
    return found if (found.before, found.after) == (current, candidate) else None
