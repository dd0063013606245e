"""Counts how often each article is opened and each route card is shown, where a clinic asks for it.

Off unless `counting = true` stands in `content/clinic.toml`. One file, `<built>/counts.csv`, holds
week, kind, id and count: never a word that anybody typed, no time finer than an ISO week (not even
the file's own), nothing about self-harm, suicide or pregnancy. `python -m ui.counting` shows it.
"""

from __future__ import annotations

import csv
import io
import logging
import re
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from threading import Lock
from typing import TYPE_CHECKING, Literal, NamedTuple

from core.files.atomic import replace
from core.files.spreadsheet import as_meant, csv_text
from ui.service import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

Kind = Literal["article", "route"]

FILE_NAME = "counts.csv"
COLUMNS = ("week", "kind", "id", "count")
SHOWN_FROM = 10
FEWER = f"fewer than {SHOWN_FROM}"

# Beginnings of words as they stand in ids, titles and questions: "pregnan" is pregnancy, too.
# Neighbouring repeats share no character: `\w` holds the underscore, and so does `[\W_]`. Where two
# share one, a row of it is divided in every possible way, which takes minutes.
_SENSITIVE = re.compile(
    r"(?<![^\W_])(?:"
    r"suicid|overdos|self[\W_]*(?:harm|injur|poison)|(?:kill|harm|cut)[^\W_]*[\W_]+"
    r"(?:[^\W_]+|(?:my|your|him|her|it|our|them|one)[\W_]+)sel[fv]"
    r"|(?:end|take|ending|taking)[\W_]+my[\W_]+(?:own[\W_]+)?life|want[\W_]+to[\W_]+die"
    r"|pregnan|unborn|trimester|gestation|antenatal|prenatal|perinatal|postnatal|postpartum"
    r"|matern|midwi|obstet|birth|childbirth|caesar|miscarr|stillb|ectopic|abort|breastfe"
    r"|fertil|infertil|ivf(?![^\W_]))",
    re.IGNORECASE,
)
# An id has no spaces: whatever somebody typed does not pass for one by mistake.
_ID = re.compile(r"[\w.-]{1,200}")

_log = logging.getLogger("clinic.ui")


class Row(NamedTuple):
    """How often something was counted in one ISO week, written `2026-W47`."""

    week: str
    kind: str
    id: str
    times: int


class ShownRow(NamedTuple):
    """A row as staff may read it: a small number is not said."""

    week: str
    kind: str
    id: str
    times: str


def is_sensitive(words: str) -> bool:
    """Tell whether an id, a title or a question is about self-harm, suicide or pregnancy."""
    return bool(_SENSITIVE.search(words))


def may_count(words: str) -> bool:
    """Tell whether this page counts, and a title or a question may be behind what it counts.

    Where it does not count nobody looks at the words.
    """
    return _usual_place().is_on and not is_sensitive(words)


def week_of(now: datetime) -> str:
    """Name the ISO week, in UTC, of a moment."""
    year, week, _ = now.astimezone(UTC).isocalendar()
    return f"{year}-W{week:02}"


def start_of_week(now: datetime) -> float:
    """Return Monday 00:00 UTC of a moment's ISO week, in seconds since 1970."""
    year, week, _ = now.astimezone(UTC).isocalendar()
    return datetime.combine(date.fromisocalendar(year, week, 1), time(), UTC).timestamp()


def read_counts(built: Path) -> list[Row]:
    """Return what was counted, in the order of the file; without a file nothing was.

    Raises ValueError or csv.Error when a row is not four fields with a whole number last, OSError
    when the file cannot be read.
    """
    try:
        text = (built / FILE_NAME).read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    rows = list(csv.reader(io.StringIO(text)))
    if rows[:1] != [list(COLUMNS)] or any(len(row) != len(COLUMNS) for row in rows):
        raise ValueError(f"expected the columns {','.join(COLUMNS)}")
    return [Row(week, kind, as_meant(name), int(count)) for week, kind, name, count in rows[1:]]


def shown_counts(rows: Iterable[Row]) -> list[ShownRow]:
    """Return rows as staff may read them: a small count could be one person."""
    return [
        ShownRow(*row[:3], str(row.times) if row.times >= SHOWN_FROM else FEWER) for row in rows
    ]


@dataclass(frozen=True, slots=True)
class CountsFile:
    """Where the counts lie, and whether the clinic asks for them now."""

    built: Path
    is_on: bool


class Counting:
    """Counts into one file; to be shared by all threads. The clock gives aware times."""

    def __init__(self, place: Callable[[], CountsFile], *, clock: Callable[[], datetime]) -> None:
        self._place = place
        self._clock = clock
        self._lock = Lock()
        self._said = ""

    def count(self, kind: Kind, id: str, *, sensitive: bool) -> None:  # noqa: A002
        """Count one article opened or one route card shown; never raises.

        `sensitive` says that the search behind it touches self-harm or pregnancy: then, and when
        the id itself does, nothing is counted.
        """
        place = self._place()
        if not place.is_on or sensitive or is_sensitive(id) or not _ID.fullmatch(id):
            return
        now = self._clock()
        with self._lock:
            try:
                counts = Counter({row[:3]: row.times for row in read_counts(place.built)})
                counts[(week_of(now), kind, id)] += 1
                _write(place.built, counts, start_of_week(now))
                self._said = ""
            except (OSError, ValueError, csv.Error) as error:
                self._say(place.built / FILE_NAME, error)

    def _say(self, path: Path, error: Exception) -> None:
        """Tell staff once; the moments of later failures would be moments of visits."""
        if self._said != type(error).__name__:
            self._said = type(error).__name__
            reason = getattr(error, "strerror", None) or self._said
            _log.error("Counting rests: %s cannot be read or written (%s)", path, reason)


def _write(built: Path, counts: Counter[tuple[str, str, str]], moment: float) -> None:
    """Replace the file in one step; it shows no finer time than the counts do."""
    # An ingest removes half-written files of the usual name, also while this one is written.
    temporary = built / f"{FILE_NAME}.tmp"
    rows = [COLUMNS, *((*key, counts[key]) for key in sorted(counts))]
    raw = csv_text(rows, line_end="\n").encode()
    replace(built / FILE_NAME, raw, modified_s=moment, temporary=temporary)


def _usual_place() -> CountsFile:
    # What staff open is no patient's visit; and a page of theirs beside that of the patients has
    # the same file, which only one process may write.
    is_on = settings.clinic().counting and not settings.is_for_staff()
    return CountsFile(settings.from_environment().built, is_on)


_usual = Counting(_usual_place, clock=lambda: datetime.now(UTC))


def count(kind: Kind, id: str, *, sensitive: bool) -> None:  # noqa: A002
    """Count for this page, when the clinic's settings ask for it at this moment; never raises."""
    _usual.count(kind, id, sensitive=sensitive)


def main() -> int:
    """Print the counts for staff."""
    built = settings.from_environment().built
    try:
        shown = shown_counts(read_counts(built))
    except (OSError, ValueError, csv.Error) as error:
        print(f"{built / FILE_NAME} cannot be read: {error}", file=sys.stderr)
        return 2
    for row in (COLUMNS, *shown):
        print(*row, sep=",")
    return 0
