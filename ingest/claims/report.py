"""Reports the claims in the articles: a list, or a spreadsheet to fill in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from core.errors import UsageError
from core.files.spreadsheet import csv_bytes
from core.text.characters import collapse_spaces
from core.types import ClaimRow
from index.output import marked, write_file
from ingest.claims.review import COMMAND, ReviewedClaim
from safety.claims.decisions import COLUMNS, EXPLANATION_COLUMNS, FILE_NAME, ClaimDecision
from safety.claims.finder import Severity

_ORDER = list(Severity)
# The columns of the decisions' file after those that name the claim.
_DECISION_COLUMNS = COLUMNS[3:]


def sorted_for_editor(claims: Iterable[ReviewedClaim]) -> list[ReviewedClaim]:
    """Return the claims by article, the gravest first, then in reading order."""
    return sorted(
        claims, key=lambda c: (c.article_id, _ORDER.index(c.claim.severity), c.span, c.claim.span)
    )


def claim_row(reviewed: ReviewedClaim) -> ClaimRow:
    """Return a claim as the index stores it."""
    claim, sentence = reviewed.claim, reviewed.sentence
    return ClaimRow(
        article_id=reviewed.article_id,
        place=_place(reviewed),
        start=reviewed.span.start,
        end=reviewed.span.end,
        sentence=sentence,
        words=sentence[claim.span.start : claim.span.end],
        words_start=claim.span.start,
        kind=claim.kind.value,
        severity=claim.severity.value,
        reason=claim.explanation.reason,
        wording=claim.explanation.wording,
        evidence=claim.explanation.evidence,
        is_open=reviewed.is_open,
        decision=_decided(reviewed.decision),
    )


def readable(claims: Sequence[ReviewedClaim], content: Path) -> str:
    """Return the claims as a list, and how to decide about the open ones."""
    parts = []
    article = None
    for claim in claims:
        if claim.article_id != article:
            article = claim.article_id
            parts.append(f"{article}\n{'=' * len(article)}\n")
        parts.append(_readable(claim))
    unsettled = [claim for claim in claims if claim.is_open]
    high = sum(claim.claim.severity is Severity.HIGH for claim in unsettled)
    what = "claim" if len(claims) == 1 else "claims"
    parts.append(f"{len(claims)} {what}, {len(unsettled)} open ({high} high).")
    if unsettled:
        parts.append(
            f"Write what you decide into {content / FILE_NAME}; "
            f"a spreadsheet to fill in: {COMMAND} --open --csv FILE"
        )
    return "\n".join(parts)


def write_csv(claims: Sequence[ReviewedClaim], path: Path, *, content: Path) -> None:
    """Write the claims as a spreadsheet whose first columns are those of the decisions' file.

    Raises UsageError when the file cannot be written, or is the decisions' file itself, which may
    hold decisions about other claims too.
    """
    if path.resolve() == (content / FILE_NAME).resolve():
        raise UsageError(
            "This would overwrite the file of decisions.",
            where=str(path),
            expected="the name of another file",
            fix=f"{COMMAND} --csv claims-to-review.csv",
        )
    raw = csv_bytes([*COLUMNS, *EXPLANATION_COLUMNS], map(_cells, claims))
    write_file(path, raw, "spreadsheet", fix="name another file")


def _readable(reviewed: ReviewedClaim) -> str:
    row = claim_row(reviewed)
    return (
        f"{row.severity.upper()}  {row.kind}  ({row.place})\n"
        f"  {collapse_spaces(marked(row.sentence, [reviewed.claim.span]))}\n"
        f"  why:       {row.reason}\n"
        f"  neutral:   {row.wording}\n"
        f"  evidence:  {row.evidence}\n"
        f"  decision:  {row.decision or 'none yet'}\n"
    )


def _cells(reviewed: ReviewedClaim) -> list[object]:
    """Return a row of the spreadsheet: COLUMNS, then EXPLANATION_COLUMNS."""
    row = claim_row(reviewed)
    return [
        *reviewed.key,
        *(getattr(reviewed.decision, name, "") for name in _DECISION_COLUMNS),
        "open" if row.is_open else "settled",
        *(
            row.severity,
            collapse_spaces(row.words),
            row.reason,
            row.wording,
            row.evidence,
            row.place,
        ),
    ]


def _place(reviewed: ReviewedClaim) -> str:
    if reviewed.heading is None:
        return reviewed.section_id or reviewed.article_id
    return f"heading of {reviewed.section_id}" if reviewed.section_id else "title"


def _decided(decision: ClaimDecision | None) -> str:
    if decision is None:
        return ""
    why = "; ".join(filter(None, (decision.reason, decision.reference)))
    state = "settled" if decision.settles else "still to be rewritten"
    decided = f"{decision.decision} by {decision.by}, {decision.date.isoformat()}, {state}"
    return f"{decided}: {why}" if why else decided
