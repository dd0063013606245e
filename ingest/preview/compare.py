"""Compares a candidate with the published generation, for editors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.ids import present_id
from core.types import BankRowKind, ClaimKey, ClaimRow, Outcome, RecordedAnswer
from index.preview.articles import article_changes
from index.preview.types import (
    ClaimChange,
    ClaimChangeKind,
    FailedInvariant,
    Figures,
    Preview,
)
from index.store.record import Generation
from ingest.preview.questions import AskedQuestion, question_changes
from safety.claims.finder import Severity


@dataclass(frozen=True, slots=True)
class Side:
    """A generation, and its answers to the questions that only the other side's bank holds.

    `unasked` names those. A question that one side has no answer to is not compared.
    """

    stored: Generation
    more: Sequence[RecordedAnswer] = ()


def unasked(stored: Generation, other: Generation) -> list[str]:
    """Return the questions of the other generation's bank that this one has no answer to."""
    known = {answer.question for answer in stored.bank_answers}
    return [answer.question for answer in other.bank_answers if answer.question not in known]


def compare(before: Side | None, after: Side, failed: Sequence[FailedInvariant] = ()) -> Preview:
    """Return the changes from the published generation (None without one) to a candidate.

    A question is judged by its label in the candidate's bank, or else in the published bank. An
    article whose file was only renamed is the same article.
    """
    manifest = after.stored.manifest
    labels = _labels(before.stored, manifest.renamed_from) if before else {}
    labels |= _labels(after.stored, {})
    now = _asked(after, {})
    then = _asked(before, manifest.renamed_from) if before else {}
    both = [question for question in now if question in then]
    warned = before.stored.manifest.warnings if before else ()
    return Preview(
        before=before.stored.manifest.generation if before else None,
        after=manifest.generation,
        figures_before=_figures(then, labels) if before else None,
        figures_after=_figures(now, labels),
        articles=tuple(article_changes(before.stored if before else None, after.stored)),
        questions=question_changes(
            [(question, labels.get(question), then[question], now[question]) for question in both]
        ),
        outcomes=_outcomes([(then[question], now[question]) for question in both]),
        claims=tuple(_claims(before.stored if before else None, after.stored)),
        warnings_new=tuple(str(w) for w in manifest.warnings if w not in warned),
        warnings_gone=tuple(str(w) for w in warned if w not in manifest.warnings),
        problems=tuple(map(str, manifest.problems)),
        failed=tuple(failed),
    )


def _labels(stored: Generation, former: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """Return the sections that answer each question of a bank, none for a route card."""
    return {
        row.text: frozenset(present_id(section, former) for section in row.sections)
        for row in stored.bank.rows
        if row.kind is BankRowKind.QUESTION
    }


def _asked(side: Side, former: Mapping[str, str]) -> dict[str, AskedQuestion]:
    """Return the answer to each question, with the passage that comes first."""
    rows = {name: row for row, name in enumerate(side.stored.passages.texts("id"))}
    asked = {}
    for answer in (*side.stored.bank_answers, *side.more):
        first = side.stored.passages[rows[answer.passages[0]]] if answer.passages else None
        section = present_id(first.section_id, former) if first else ""
        asked[answer.question] = AskedQuestion(answer, first, section)
    return asked


def _figures(asked: Mapping[str, AskedQuestion], labels: Mapping[str, frozenset[str]]) -> Figures:
    judged = [(asked[question], label) for question, label in labels.items() if question in asked]
    return Figures(
        answerable=sum(bool(label) for _, label in judged),
        answered_first=sum(reply.is_answer and reply.section in label for reply, label in judged),
        unanswerable=sum(not label for _, label in judged),
        falsely_answered=sum(reply.is_answer and not label for reply, label in judged),
    )


def _outcomes(pairs: Sequence[tuple[AskedQuestion, AskedQuestion]]) -> dict[str, dict[str, int]]:
    if not pairs:
        return {}
    found = Counter((then.answer.outcome, now.answer.outcome) for then, now in pairs)
    return {then.value: {now.value: found[then, now] for now in Outcome} for then in Outcome}


def _claims(before: Generation | None, after: Generation) -> Iterator[ClaimChange]:
    former = after.manifest.renamed_from
    then = _by_key(before.claims, former) if before else {}
    now = _by_key(after.claims, {})
    changes = [_claim(ClaimChangeKind.NEW, claim) for key, claim in now.items() if key not in then]
    changes += [
        _claim(ClaimChangeKind.DECISION, claim, then[key])
        for key, claim in now.items()
        if key in then and then[key].decision != claim.decision
    ]
    changes += [
        _claim(ClaimChangeKind.GONE, claim) for key, claim in then.items() if key not in now
    ]
    kinds, severities = list(ClaimChangeKind), [severity.value for severity in Severity]
    # The sort is stable: claims of equal severity stay in reading order.
    yield from sorted(
        changes,
        key=lambda c: (kinds.index(c.kind), not c.is_open, severities.index(c.severity)),
    )


def _by_key(claims: Iterable[ClaimRow], former: Mapping[str, str]) -> dict[ClaimKey, ClaimRow]:
    """Return claims by what a decision names; the article by its present id."""
    found: dict[ClaimKey, ClaimRow] = {}
    for claim in claims:
        article, sentence, kind = claim.key
        found.setdefault((present_id(article, former), sentence, kind), claim)
    return found


def _claim(kind: ClaimChangeKind, claim: ClaimRow, last: ClaimRow | None = None) -> ClaimChange:
    is_gone = kind is ClaimChangeKind.GONE
    earlier = claim if is_gone else last
    return ClaimChange(
        kind=kind,
        article=claim.article_id,
        place=claim.place,
        sentence=claim.key[1],
        claim=claim.kind,
        severity=claim.severity,
        is_open=claim.is_open,
        before=earlier.decision if earlier else "",
        after="" if is_gone else claim.decision,
    )
