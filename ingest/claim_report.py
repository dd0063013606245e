"""The claims of the articles as an editor reads them: a list, or a spreadsheet to fill in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from index.csv_rows import one_line
from index.errors import UsageError
from index.printing import csv_bytes, write_file
from index.types import ClaimRow
from ingest.claim_decisions import (
    COLUMNS,
    EXPLANATION_COLUMNS,
    FILE_NAME,
    ClaimDecision,
)
from ingest.claim_review import COMMAND, ReviewedClaim
from safety.claims import Severity

_ORDER = list(Severity)


def sorted_for_editor(claims: Iterable[ReviewedClaim]) -> list[ReviewedClaim]:
    """Return the claims by article, the gravest first, then in reading order."""
    return sorted(
        claims, key=lambda c: (c.article_id, _ORDER.index(c.claim.severity), c.span, c.claim.span)
    )


def claim_row(reviewed: ReviewedClaim) -> ClaimRow:
    """Return a claim as the index keeps it."""
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
        reason=claim.reason,
        wording=claim.wording,
        evidence=claim.evidence,
        is_open=reviewed.is_open,
        decision=_decided(reviewed.decision),
    )


def readable(claims: Sequence[ReviewedClaim], content: Path) -> str:
    """Return the claims as a list, and what to do about those that are open."""
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

    Raises UsageError when the file cannot be written, or is the decisions' file itself, which
    holds more than is found now.
    """
    if path.resolve() == (content / FILE_NAME).resolve():
        raise UsageError(
            "The file of decisions would be written over.",
            where=str(path),
            expected="the name of another file",
            mend=f"{COMMAND} --csv claims-to-review.csv",
        )
    raw = csv_bytes([*COLUMNS, *EXPLANATION_COLUMNS], map(_cells, claims))
    write_file(path, raw, "spreadsheet", mend="name another file")


def _readable(reviewed: ReviewedClaim) -> str:
    claim, text = reviewed.claim, reviewed.sentence
    marked = (
        f"{text[: claim.span.start]}>>{text[claim.span.start : claim.span.end]}<<"
        f"{text[claim.span.end :]}"
    )
    return (
        f"{claim.severity.upper()}  {claim.kind}  ({_place(reviewed)})\n"
        f"  {one_line(marked)}\n"
        f"  why:       {claim.reason}\n"
        f"  neutral:   {claim.wording}\n"
        f"  evidence:  {claim.evidence}\n"
        f"  decision:  {_decided(reviewed.decision) or 'none yet'}\n"
    )


def _cells(reviewed: ReviewedClaim) -> list[str]:
    claim, decision = reviewed.claim, reviewed.decision
    article, sentence, kind = reviewed.key
    decided = (
        (
            decision.decision,
            decision.reason,
            decision.reference,
            decision.by,
            decision.date.isoformat(),
        )
        if decision
        else ("",) * 5
    )
    words = reviewed.sentence[claim.span.start : claim.span.end]
    return [
        *(article, sentence, kind),
        *decided,
        "open" if reviewed.is_open else "settled",
        *(claim.severity, one_line(words), claim.reason, claim.wording, claim.evidence),
        _place(reviewed),
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
    said = f"{decision.decision} by {decision.by}, {decision.date.isoformat()}, {state}"
    return f"{said}: {why}" if why else said
