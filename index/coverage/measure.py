"""Measure how much of what patients ask the articles cover, and the state of each article: pure.

The questions are those of the bank, with the answers that the page gives to them. The search has
learned from these questions; `python -m evaluation` measures how it answers others.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from core.ids import article_of, section_of
from core.text.readability import TextSize, reading_age, size, together
from core.types import BankRowKind, Outcome, ViewKind
from index.coverage.types import (
    ArticleCoverage,
    Coverage,
    Figures,
    Mismatch,
    RouteCoverage,
    SectionCoverage,
)
from index.store.arrow_schema import VIEW_KINDS

if TYPE_CHECKING:
    from core.findings import Finding
    from core.types import Article, BankRow, ClaimKey, ClaimRow, Passage, RecordedAnswer, Section
    from index.reviews import ReviewRow
    from index.store.manifest import Manifest
    from index.store.opened import OpenIndex
    from index.store.record import Generation

GRAVE = "high"


def coverage_of(
    built: Generation | OpenIndex,
    *,
    articles: Iterable[Article],
    claims: Iterable[ClaimRow],
    reviews: Iterable[ReviewRow],
) -> Coverage:
    """Measure the coverage of a generation."""
    import numpy as np

    is_sentence = built.views.codes("kind") == VIEW_KINDS.index(ViewKind.SENTENCE)
    sentences = built.views.integers("passage")[is_sentence]
    return coverage(
        built.manifest,
        articles=articles,
        passages=built.passages,
        sentences=np.bincount(sentences, minlength=len(built.passages)).tolist(),
        bank=built.bank.rows,
        bank_answers=built.bank_answers,
        claims=claims,
        reviews=reviews,
    )


def coverage(
    manifest: Manifest,
    *,
    articles: Iterable[Article],
    passages: Iterable[Passage],
    sentences: Sequence[int],
    bank: Iterable[BankRow],
    bank_answers: Iterable[RecordedAnswer],
    claims: Iterable[ClaimRow],
    reviews: Iterable[ReviewRow],
) -> Coverage:
    """Return the coverage by the tables of an ingest; `sentences` counts those of each passage.

    A question without an answer counts as a question that nothing answers.
    """
    answers = {answer.question: answer for answer in bank_answers}
    questions = [row for row in bank if row.kind is BankRowKind.QUESTION]
    missed = [found for row in questions if (found := _missed(row, answers.get(row.text)))]
    counted = _Counted(questions, {found.question for found in missed}, answers.values())
    counted.add_passages(passages, sentences)
    counted.add_claims(claims)
    reviewed = {review.article: review for review in reviews}
    about: dict[str, list[Finding]] = defaultdict(list)
    for finding in manifest.findings:
        about[finding.article].append(finding)
    rows = [
        _article(article, counted, about.get(article.id, ()), reviewed.get(article.id))
        for article in sorted(articles, key=lambda article: article.id)
    ]
    others = [finding for finding in manifest.findings if not finding.article]
    return Coverage(
        generation=manifest.generation,
        articles=tuple(rows),
        answerable=sum(bool(row.sections) for row in questions),
        missed=tuple(missed),
        routes=tuple(_routes(questions)),
        unexpected=tuple(
            found for row in questions if (found := _unexpected(row, answers.get(row.text)))
        ),
        problems=tuple(finding for finding in others if finding.is_error),
        warnings=tuple(finding for finding in others if not finding.is_error),
    )


class _Counted:
    """Counts by section and by article, from one pass over each table."""

    def __init__(
        self, questions: Iterable[BankRow], missed: set[str], bank_answers: Iterable[RecordedAnswer]
    ) -> None:
        self.asked: Counter[str] = Counter()
        self.answered: Counter[str] = Counter()
        self.claims: Counter[tuple[str, bool]] = Counter()
        self.passages: Counter[str] = Counter()
        self.words: Counter[str] = Counter()
        self.sizes: dict[str, list[TextSize]] = defaultdict(list)
        self.unreached: dict[str, list[str]] = defaultdict(list)
        # The page shows no passage to a question that is not covered.
        self._reached = {
            passage
            for answer in bank_answers
            if answer.outcome is not Outcome.NOT_COVERED
            for passage in answer.passages
        }
        for row in questions:
            places = {*row.sections, *(article_of(section) for section in row.sections)}
            self.asked.update(places)
            if row.text not in missed:
                self.answered.update(places)

    def add_passages(self, passages: Iterable[Passage], sentences: Sequence[int]) -> None:
        for passage, count in zip(passages, sentences, strict=True):
            measured = size(passage.text, sentences=count)
            for place in (passage.section_id, passage.article_id):
                self.passages[place] += 1
                self.words[place] += len(passage.text.split())
                self.sizes[place].append(measured)
                if passage.id not in self._reached:
                    self.unreached[place].append(passage.id)

    def add_claims(self, claims: Iterable[ClaimRow]) -> None:
        """Count open claims; a sentence that an article repeats counts once."""
        seen: set[ClaimKey] = set()
        for claim in claims:
            if not claim.is_open or claim.key in seen:
                continue
            seen.add(claim.key)
            # "heading of article#section"; a claim in the title is in no section.
            for place in {claim.article_id, claim.place.rpartition(" ")[2]}:
                self.claims[place, claim.severity == GRAVE] += 1

    def figures(self, place: str) -> Figures:
        return Figures(
            asked=self.asked[place],
            answered=self.answered[place],
            passages=self.passages[place],
            unreached=tuple(self.unreached.get(place, ())),
            words=self.words[place],
            reading_age=reading_age(together(self.sizes.get(place, ()))),
            grave_claims=self.claims[place, True],
            other_claims=self.claims[place, False],
        )


def _article(
    article: Article, counted: _Counted, findings: Sequence[Finding], review: ReviewRow | None
) -> ArticleCoverage:
    return ArticleCoverage(
        id=article.id,
        title=article.title,
        source=article.source,
        figures=counted.figures(article.id),
        sections=tuple(_section(section, counted) for section in article.sections),
        review=str(review.state) if review else "not_reviewed",
        due=review.due if review else None,
        days_overdue=(review.days_overdue or 0) if review else 0,
        # The claims are counted here; the warning that sums them up would repeat that.
        warnings=tuple(f for f in findings if not f.is_error and f.step != "claims"),
        refused=next((finding for finding in findings if finding.is_error), None),
    )


def _section(section: Section, counted: _Counted) -> SectionCoverage:
    return SectionCoverage(section.id, section.heading, counted.figures(section.id))


def _missed(row: BankRow, answer: RecordedAnswer | None) -> Mismatch | None:
    """Return what a patient gets where no section that the question names answers it first."""
    if not row.sections:
        return None
    found = _instead(row, row.sections, answer)
    first = section_of(found.shown or "")
    return None if found.outcome is Outcome.ANSWER and first in row.sections else found


def _unexpected(row: BankRow, answer: RecordedAnswer | None) -> Mismatch | None:
    """Return the answer to a question that no section should answer, by the bank."""
    if row.route is None or answer is None or answer.outcome is not Outcome.ANSWER:
        return None
    return _instead(row, (row.route,), answer)


def _instead(row: BankRow, expected: tuple[str, ...], answer: RecordedAnswer | None) -> Mismatch:
    if answer is None:
        return Mismatch(row.text, expected, Outcome.NOT_COVERED, None, None)
    shows = answer.passages and answer.outcome is not Outcome.NOT_COVERED
    shown = answer.passages[0] if shows else None
    return Mismatch(row.text, expected, answer.outcome, shown, answer.route)


def _routes(questions: Iterable[BankRow]) -> Iterator[RouteCoverage]:
    served: Mapping[str, list[str]] = defaultdict(list)
    for row in questions:
        if row.route is not None:
            served[row.route].append(row.text)
    for route in sorted(served):
        yield RouteCoverage(route, tuple(served[route]))
