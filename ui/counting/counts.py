"""Counts how often each article is opened and each route card is shown, if the clinic wants it.

Off unless `content/clinic.toml` has `counting = true`. One file, `<built>/counts.csv`, holds week,
kind, id and count: never a word that anybody typed, no time finer than an ISO week (not even the
file's own), nothing about self-harm, suicide or pregnancy. `python -m ui.counting` shows it.
"""

from __future__ import annotations

import csv
import io
import logging
import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from threading import Lock
from typing import TYPE_CHECKING, Literal, NamedTuple

from core.files.atomic import replace
from core.files.spreadsheet import csv_text, unescape_formula
from ui.service import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

Kind = Literal["article", "route"]

FILE_NAME = "counts.csv"
COLUMNS = ("week", "kind", "id", "count")
SHOWN_FROM = 10
FEWER = f"fewer than {SHOWN_FROM}"

# Beginnings of words in ids, titles and questions: "pregnan" finds pregnancy and pregnant.
# Neighbouring repeats must share no character (`\w` and `[\W_]` share the underscore), or a row of
# it is divided in every possible way, which takes minutes.
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
# Without spaces, so that nothing that somebody typed passes for an id.
_ID = re.compile(r"[\w.-]{1,200}")

_log = logging.getLogger("clinic.ui")


class Row(NamedTuple):
    """A count in one ISO week, such as `2026-W47`."""

    week: str
    kind: str
    id: str
    times: int


class ShownRow(NamedTuple):
    """A row as staff may read it, without small numbers."""

    week: str
    kind: str
    id: str
    times: str


def is_sensitive(words: str) -> bool:
    """Say whether an id, a title or a question is about self-harm, suicide or pregnancy."""
    return bool(_SENSITIVE.search(words))


def may_count(words: str) -> bool:
    """Say whether this page counts, and may count what follows from these words.

    If it does not count, it does not look at the words.
    """
    return _usual_file().is_on and not is_sensitive(words)


def week_of(now: datetime) -> str:
    """Return the ISO week of a moment in UTC, such as `2026-W47`."""
    year, week, _ = now.astimezone(UTC).isocalendar()
    return f"{year}-W{week:02}"


def start_of_week(now: datetime) -> float:
    """Return Monday 00:00 UTC of a moment's ISO week, in seconds since 1970."""
    year, week, _ = now.astimezone(UTC).isocalendar()
    return datetime.combine(date.fromisocalendar(year, week, 1), time(), UTC).timestamp()


def read_counts(built: Path) -> list[Row]:
    """Return the rows of the file in its order; none without a file.

    Raises ValueError or csv.Error when a row is not four fields with an integer last, OSError when
    the file cannot be read.
    """
    try:
        text = (built / FILE_NAME).read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    rows = list(csv.reader(io.StringIO(text)))
    if rows[:1] != [list(COLUMNS)] or any(len(row) != len(COLUMNS) for row in rows):
        raise ValueError(f"expected the columns {','.join(COLUMNS)}")
    return [
        Row(week, kind, unescape_formula(name), int(count)) for week, kind, name, count in rows[1:]
    ]


def shown_counts(rows: Iterable[Row]) -> list[ShownRow]:
    """Return rows as staff may read them: a small number could be one person."""
    return [
        ShownRow(*row[:3], str(row.times) if row.times >= SHOWN_FROM else FEWER) for row in rows
    ]


@dataclass(frozen=True, slots=True)
class CountsFile:
    """The folder of the counts, and whether the clinic wants them now."""

    built: Path
    is_on: bool


class Counting:
    """Counts into one file; thread-safe. The clock returns aware times."""

    def __init__(self, file: Callable[[], CountsFile], *, clock: Callable[[], datetime]) -> None:
        self._file = file
        self._clock = clock
        self._lock = Lock()
        self._logged = ""

    def count(self, kind: Kind, id: str, *, sensitive: bool) -> None:  # noqa: A002
        """Count an article opened or a route card shown; never raises.

        Nothing is counted when the id, or by `sensitive` the search behind it, is about self-harm
        or pregnancy.
        """
        file = self._file()
        if not file.is_on or sensitive or is_sensitive(id) or not _ID.fullmatch(id):
            return
        now = self._clock()
        with self._lock:
            try:
                counts = Counter({row[:3]: row.times for row in read_counts(file.built)})
                counts[(week_of(now), kind, id)] += 1
                _write(file.built, counts, start_of_week(now))
                self._logged = ""
            except (OSError, ValueError, csv.Error) as error:
                self._log(file.built / FILE_NAME, error)

    def _log(self, path: Path, error: Exception) -> None:
        """Log a failure once: the times of later ones would be the times of visits."""
        if self._logged != type(error).__name__:
            self._logged = type(error).__name__
            reason = getattr(error, "strerror", None) or self._logged
            _log.error("Counting has stopped: %s cannot be read or written (%s)", path, reason)


def _write(built: Path, counts: Counter[tuple[str, str, str]], moment: float) -> None:
    """Replace the file in one step; its own times are those of the week."""
    # Ingest removes temporary files of the usual name, even while this one is being written.
    temporary = built / f"{FILE_NAME}.tmp"
    rows = [COLUMNS, *((*key, counts[key]) for key in sorted(counts))]
    raw = csv_text(rows, line_end="\n").encode()
    replace(built / FILE_NAME, raw, modified_s=moment, temporary=temporary)


def _usual_file() -> CountsFile:
    # Not on a page for staff: they are not patients, and only one process may write the file.
    is_on = settings.clinic().counting and not settings.is_for_staff()
    return CountsFile(settings.from_environment().built, is_on)


_usual = Counting(_usual_file, clock=lambda: datetime.now(UTC))


def count(kind: Kind, id: str, *, sensitive: bool) -> None:  # noqa: A002
    """Count for this page if the clinic's settings ask for it now; never raises."""
    _usual.count(kind, id, sensitive=sensitive)
