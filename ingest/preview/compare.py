"""Compares a candidate with the published generation, for editors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.files.csv_table import one_line
from core.ids import present_id
from core.types import Article, BankRowKind, ClaimRow, Outcome, Reply
from index.preview.types import (
    ArticleChange,
    ArticleChangeKind,
    ClaimChange,
    ClaimChangeKind,
    FailedInvariant,
    Figures,
    Preview,
)
from index.store.generation import Generation
from ingest.preview.questions import AskedQuestion, question_changes
from safety.claims.finder import Severity


@dataclass(frozen=True, slots=True)
class Side:
    """A generation, and its replies to the questions of only the other bank (`unasked`).

    A question without a reply on one side is not compared.
    """

    stored: Generation
    more: Sequence[Reply] = ()


def unasked(stored: Generation, other: Generation) -> list[str]:
    """Return the questions of the other generation's bank without a reply in this one."""
    known = {reply.question for reply in stored.replies}
    return [reply.question for reply in other.replies if reply.question not in known]


def compare(before: Side | None, after: Side, failed: Sequence[FailedInvariant] = ()) -> Preview:
    """Return the changes from the published generation (None without one) to a candidate.

    A question is judged by its label in the candidate's bank, or else in the published bank. An
    article whose file was only renamed is the same article.
    """
    manifest = after.stored.manifest
    labels = _labels(before.stored, manifest.former) if before else {}
    labels |= _labels(after.stored, {})
    now = _asked(after, {})
    then = _asked(before, manifest.former) if before else {}
    both = [question for question in now if question in then]
    warned = before.stored.manifest.warnings if before else ()
    return Preview(
        before=before.stored.manifest.generation if before else None,
        after=manifest.generation,
        figures_before=_figures(then, labels) if before else None,
        figures_after=_figures(now, labels),
        articles=tuple(_articles(before.stored if before else None, after.stored)),
        questions=question_changes(
            [(question, labels.get(question), then[question], now[question]) for question in both]
        ),
        outcomes=_outcomes([(then[question], now[question]) for question in both]),
        claims=tuple(_claims(before.stored if before else None, after.stored)),
        warnings_new=tuple(w for w in manifest.warnings if w not in warned),
        warnings_gone=tuple(w for w in warned if w not in manifest.warnings),
        problems=tuple(manifest.problems),
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
    """Return the reply to each question, with its first passage."""
    rows = {name: row for row, name in enumerate(side.stored.passages.texts("id"))}
    asked = {}
    for reply in (*side.stored.replies, *side.more):
        first = side.stored.passages[rows[reply.passages[0]]] if reply.passages else None
        section = present_id(first.section_id, former) if first else ""
        asked[reply.question] = AskedQuestion(reply, first, section)
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
    found = Counter((then.reply.outcome, now.reply.outcome) for then, now in pairs)
    return {then.value: {now.value: found[then, now] for now in Outcome} for then in Outcome}


def _articles(before: Generation | None, after: Generation) -> Iterator[ArticleChange]:
    then = {article.id: article for article in before.articles} if before else {}
    now = {article.id: article for article in after.articles}
    manifest = after.manifest
    came_from = {to: then[old] for old, to in manifest.former.items() if old in then}
    changes = [
        ArticleChange(ArticleChangeKind.WITHDRAWN, article.id, article.title, article.source)
        for article in then.values()
        if present_id(article.id, manifest.former) not in now
    ]
    for article in now.values():
        last = then.get(article.id) or came_from.get(article.id)
        refused = manifest.articles[article.id].refused
        kind = ArticleChangeKind.KEPT if refused else _article_kind(last, article)
        if kind:
            moved = last and last.source != article.source
            changes.append(
                ArticleChange(
                    kind,
                    article.id,
                    article.title,
                    article.source,
                    former_source=last.source if last and moved else "",
                    reason=refused,
                )
            )
    order = list(ArticleChangeKind)
    yield from sorted(changes, key=lambda change: (order.index(change.kind), change.source))


def _article_kind(last: Article | None, article: Article) -> ArticleChangeKind | None:
    if last is None:
        return ArticleChangeKind.NEW
    if last.sha256 == article.sha256 and last.source != article.source:
        return ArticleChangeKind.RENAMED
    return None if last == article else ArticleChangeKind.CHANGED


def _claims(before: Generation | None, after: Generation) -> Iterator[ClaimChange]:
    former = after.manifest.former
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


_ClaimKey = tuple[str, str, str]


def _by_key(claims: Iterable[ClaimRow], former: Mapping[str, str]) -> dict[_ClaimKey, ClaimRow]:
    """Return claims by the key of a decision: article, sentence and kind."""
    found: dict[_ClaimKey, ClaimRow] = {}
    for claim in claims:
        article = present_id(claim.article_id, former)
        found.setdefault((article, one_line(claim.sentence), claim.kind), claim)
    return found


def _claim(kind: ClaimChangeKind, claim: ClaimRow, last: ClaimRow | None = None) -> ClaimChange:
    is_gone = kind is ClaimChangeKind.GONE
    earlier = claim if is_gone else last
    return ClaimChange(
        kind=kind,
        article=claim.article_id,
        place=claim.place,
        sentence=one_line(claim.sentence),
        claim=claim.kind,
        severity=claim.severity,
        is_open=claim.is_open,
        before=earlier.decision if earlier else "",
        after="" if is_gone else claim.decision,
    )
