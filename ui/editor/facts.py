"""The facts of the dashboard: `ui/editor/dashboard.py` draws them, `/staff/*.csv` sends them."""

from __future__ import annotations

import csv
from dataclasses import astuple, dataclass, field, fields, replace
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from core.errors import ContentError
from core.files.csv_table import read_text
from core.files.regular_file import read_regular
from core.text.characters import collapse_spaces
from index.bank.question_bank import bank_table
from index.bank.question_edits import read_sheet
from index.bank.route_cards import read_routes
from index.coverage.measure import coverage_of
from index.coverage.next_steps import next_steps
from index.coverage.tables import CSV_COLUMNS, csv_rows
from index.reviews import ReviewRow, review_rows
from index.store.outlines import outlines
from safety.claims.finder import Severity
from safety.notices.red_flags import RedFlags
from safety.notices.red_flags_file import FILE_NAME
from safety.notices.validation import Finding, findings
from ui.counting import counts as counting
from ui.editor.overview.quality import Quality, measured
from ui.editor.publishing.publish import generation_status
from ui.editor.runs import RUNS
from ui.service import settings
from ui.service.reloading_file import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence, Sized
    from pathlib import Path

    from core.types import ClaimKey, ClaimRow
    from index.coverage.next_steps import Step
    from index.coverage.types import Coverage
    from index.store.generations import OpenIndex
    from index.store.manifest import Manifest
    from ui.service.engine import Status
    from ui.service.reloading_file import InUse

# Named as in the sheet of `python -m ingest claims --csv`, so that cells can be copied.
CLAIMS_COLUMNS = (
    *("article", "sentence", "kind", "state", "severity", "claim"),
    *("why", "neutral_wording", "evidence", "place", "decided"),
)
_SEVERITIES = [severity.value for severity in Severity]
# The last report with its generation and day: a large index takes a second.
_reported: tuple[tuple[str, date], _Report] | None = None


class _Report(NamedTuple):
    """What is counted of an index on a day."""

    claims: tuple[ClaimRow, ...]
    reviews: tuple[ReviewRow, ...]
    coverage: Coverage
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of one day.

    Without a `manifest` there is no index, `state` says why, `claims`, `reviews` and `steps` are
    empty, and there is no `coverage`. `quality` is what was measured on this very index, or None.
    `flags` are the notices in use; `are_own` says whether they come from the clinic's own file,
    which `findings` are about. `notices_gap` says that they are not in the language of the page.
    `counts` is None where nothing is counted or the file is unreadable.
    `candidate` is the id of the generation that waits to be published; `questions` and `cards` are
    counted in the content folder, None where the file cannot be read.
    """

    state: str
    manifest: Manifest | None = None
    claims: tuple[ClaimRow, ...] = ()
    reviews: tuple[ReviewRow, ...] = ()
    coverage: Coverage | None = None
    steps: tuple[Step, ...] = ()
    quality: Quality | None = None
    flags: RedFlags = field(default_factory=RedFlags)
    findings: tuple[Finding, ...] = ()
    are_own: bool = True
    notices_gap: str = ""
    is_counting: bool = False
    counts: tuple[counting.ShownRow, ...] | None = None
    candidate: str | None = None
    is_running: bool = False
    questions: int | None = None
    cards: int | None = None


def gather(status: Status, *, today: date) -> Facts:
    """Read everything now; never raises for a broken or missing file of the clinic."""
    place = settings.from_environment()
    is_counting = settings.clinic().counting
    in_use = settings.red_flags_in_use()
    facts = Facts(
        state=str(status.state),
        flags=in_use.value,
        are_own=in_use.source is Source.CONTENT,
        notices_gap=settings.notices_gap(),
        findings=_findings(in_use, place.content, today=today),
        is_counting=is_counting,
        counts=_counts(place.built) if is_counting else None,
        candidate=generation_status(place.built).candidate,
        is_running=RUNS.is_running,
        questions=_number(lambda: _bank_rows(place.content)),
        cards=_number(lambda: read_routes(place.content)),
    )
    return _with_index(facts, status.index, today=today) if status.index else facts


def _with_index(facts: Facts, index: OpenIndex, *, today: date) -> Facts:
    report = _report(index, today=today)
    return replace(
        facts,
        manifest=index.manifest,
        claims=report.claims,
        reviews=report.reviews,
        coverage=report.coverage,
        steps=report.steps,
        quality=measured(settings.from_environment().built, index.manifest),
    )


def unlike_the_bank(index: OpenIndex) -> frozenset[str]:
    """Return the questions of the index's bank that do not get what the bank says."""
    coverage = _report(index, today=date.today()).coverage
    return frozenset(one.question for one in (*coverage.missed, *coverage.unexpected))


def _report(index: OpenIndex, *, today: date) -> _Report:
    global _reported  # noqa: PLW0603
    key = (index.generation, today)
    if _reported is None or _reported[0] != key:
        articles, claims = outlines(index.articles.rows), claims_of(index)
        reviews = tuple(review_rows(articles, today=today))
        coverage = coverage_of(index, articles=articles, claims=claims, reviews=reviews)
        made = _Report(claims, reviews, coverage, tuple(next_steps(coverage)))
        _reported = (key, made)
        return made
    return _reported[1]


def claims_of(index: OpenIndex) -> tuple[ClaimRow, ...]:
    """Return the claims of all articles, the most serious first, without repeated sentences."""
    return gravest_first(row for rows in index.claims.values() for row in rows)


def gravest_first(claims: Iterable[ClaimRow]) -> tuple[ClaimRow, ...]:
    """Return the claims, the most serious first, without repeated sentences.

    A decision is about a sentence, wherever the article repeats it.
    """
    first: dict[ClaimKey, ClaimRow] = {}
    for claim in claims:
        first.setdefault(claim.key, claim)
    return tuple(
        sorted(
            first.values(),
            key=lambda c: (
                _SEVERITIES.index(c.severity),
                not c.is_open,
                *(c.article_id, c.start, c.words_start),
            ),
        )
    )


def csv_table(name: str, facts: Facts) -> tuple[Sequence[str], list[Sequence[object]]] | None:
    """Return the columns and rows of an address in TABLES; None where there is no data."""
    if name == "counts":
        return None if facts.counts is None else (counting.COLUMNS, list(facts.counts))
    if name == "coverage":
        return None if facts.coverage is None else (CSV_COLUMNS, list(csv_rows(facts.coverage)))
    if facts.manifest is None:
        return None
    if name == "reviews":
        columns = [column.name for column in fields(ReviewRow)]
        return columns, [astuple(row) for row in facts.reviews]
    return CLAIMS_COLUMNS, [
        (
            *claim.key,
            *("open" if claim.is_open else "settled", claim.severity, collapse_spaces(claim.words)),
            *(claim.reason, claim.wording, claim.evidence, claim.place, claim.decision),
        )
        for claim in facts.claims
    ]


def _findings(in_use: InUse[RedFlags], content: Path, *, today: date) -> tuple[Finding, ...]:
    if in_use.source is not Source.CONTENT:
        return ()
    try:
        text = read_regular(content / FILE_NAME).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):  # gone since
        return ()
    return tuple(findings(in_use.value, text, today=today, country=settings.clinic().country))


def _counts(built: Path) -> tuple[counting.ShownRow, ...] | None:
    try:
        return tuple(counting.shown_counts(counting.read_counts(built)))
    except (OSError, ValueError, csv.Error):
        return None


def _bank_rows(content: Path) -> Sized:
    table = bank_table(content)
    return read_sheet(read_text(table) or "", table).rows


def _number(read: Callable[[], Sized]) -> int | None:
    try:
        return len(read())
    except ContentError:
        return None
