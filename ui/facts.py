"""What the page for staff tells: gathered here, drawn by `ui/staff.py`, sent as CSV."""

from __future__ import annotations

import csv
from dataclasses import astuple, dataclass, field, fields
from typing import TYPE_CHECKING

from index.errors import ContentError
from safety.claims import Severity
from safety.provenance import ReviewRow, review_rows
from safety.red_flags import FILE_NAME, RedFlags, read_red_flags
from safety.validation import Finding, findings
from ui import counting, settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from pathlib import Path

    from index.manifest import Manifest
    from index.types import ClaimRow
    from ui.engine import Status

# Named as in the sheet of `python -m ingest claims --csv`, so that cells can be taken from it.
CLAIMS_COLUMNS = (
    *("article", "sentence", "kind", "state", "severity", "claim"),
    *("why", "neutral_wording", "evidence", "place", "decided"),
)
TABLES = ("claims", "reviews", "counts")
_SEVERITIES = [severity.value for severity in Severity]


@dataclass(frozen=True, slots=True)
class Facts:
    """All that staff are told, on one day.

    Without a `manifest` there is no index, `state` says why, and `claims` and `reviews` are empty.
    `problem` says why the file of notices cannot be used, when it cannot; `flags` are then those
    that it held before. `counts` is None where nothing is counted or the file cannot be read.
    """

    state: str
    manifest: Manifest | None = None
    claims: tuple[ClaimRow, ...] = ()
    reviews: tuple[ReviewRow, ...] = ()
    flags: RedFlags = field(default_factory=RedFlags)
    findings: tuple[Finding, ...] = ()
    problem: str = ""
    is_counting: bool = False
    counts: tuple[counting.ShownRow, ...] | None = None


def gather(status: Status, *, today: date) -> Facts:
    """Read everything anew; never raises for what a clinic may have written or deleted."""
    place = settings.from_environment()
    flags, found, problem = _notices(place.content, today=today)
    is_counting = settings.clinic().counting
    index = status.index
    return Facts(
        state=str(status.state),
        manifest=index.manifest if index else None,
        claims=gravest_first(row for rows in index.claims.values() for row in rows)
        if index
        else (),
        reviews=tuple(review_rows(index.articles.values(), today=today)) if index else (),
        flags=flags,
        findings=found,
        problem=problem,
        is_counting=is_counting,
        counts=_counts(place.built) if is_counting else None,
    )


def gravest_first(claims: Iterable[ClaimRow]) -> tuple[ClaimRow, ...]:
    """Return the claims in the order of what to look at first, without repeated sentences.

    One decision is about every place where the same sentence stands.
    """
    first: dict[tuple[str, str, str], ClaimRow] = {}
    for claim in claims:
        first.setdefault((claim.article_id, one_line(claim.sentence), claim.kind), claim)
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


def one_line(text: str) -> str:
    """Return a text with every stretch of white space as one space, as decisions name it."""
    return " ".join(text.split())


def csv_table(name: str, facts: Facts) -> tuple[Sequence[str], list[Sequence[object]]] | None:
    """Return the columns and rows of one of TABLES; None where there is nothing to make it of."""
    if name == "counts":
        return None if facts.counts is None else (counting.COLUMNS, list(facts.counts))
    if facts.manifest is None:
        return None
    if name == "reviews":
        columns = [column.name for column in fields(ReviewRow)]
        return columns, [astuple(row) for row in facts.reviews]
    return CLAIMS_COLUMNS, [
        (
            *(claim.article_id, one_line(claim.sentence), claim.kind),
            *("open" if claim.is_open else "settled", claim.severity, one_line(claim.words)),
            *(claim.reason, claim.wording, claim.evidence, claim.place, claim.decision),
        )
        for claim in facts.claims
    ]


def _notices(content: Path, *, today: date) -> tuple[RedFlags, tuple[Finding, ...], str]:
    try:
        flags = read_red_flags(content)
    except ContentError as error:
        return settings.red_flags(), (), str(error)
    path = content / FILE_NAME
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError:
        text = ""
    country = settings.clinic().country
    return flags, tuple(findings(flags, text, today=today, country=country)), ""


def _counts(built: Path) -> tuple[counting.ShownRow, ...] | None:
    try:
        return tuple(counting.shown_counts(counting.read_counts(built)))
    except (OSError, ValueError, csv.Error):
        return None
