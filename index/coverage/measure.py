"""Measure how much of what patients ask the articles cover, and the state of each article: pure.

The questions are those of the bank, with the answers that the page gives to them. The search has
learned from these questions; `python -m evaluation` measures how it answers others.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice, pairwise, repeat
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from core.ids import article_of, section_of
from core.process import no_collections
from core.text.readability import reading_ages
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
from index.store.outlines import tuples_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.findings import Finding
    from core.types import Article, BankRow, ClaimKey, ClaimRow, Passage, RecordedAnswer, Section
    from index.reviews import ReviewRow
    from index.store.arrow_rows import Rows
    from index.store.manifest import Manifest
    from index.store.opened import OpenIndex
    from index.store.outlines import Outline, Part
    from index.store.record import Generation

GRAVE = "high"


class PassageColumns(NamedTuple):
    """What is counted of passages, in their order.

    `places` are the sections and then the articles that have passages; `of` has the number of each
    passage's section, and below that of its article: int64, shape (2, passages). `counts` has a
    row for each of COUNTS: int64, shape (4, passages).
    """

    ids: Sequence[str]
    places: Sequence[str]
    of: NDArray[np.int64]
    counts: NDArray[np.int64]


COUNTS = ("parts", "words", "sentences", "syllables")
"""What spaces part, and the counts of a TextSize."""


def coverage_of(
    built: Generation | OpenIndex,
    *,
    articles: Iterable[Article | Outline],
    claims: Iterable[ClaimRow],
    reviews: Iterable[ReviewRow],
) -> Coverage:
    """Measure the coverage of a generation."""
    is_sentence = built.views.codes("kind") == VIEW_KINDS.index(ViewKind.SENTENCE)
    sentences = built.views.integers("passage")[is_sentence]
    with no_collections():
        return coverage(
            built.manifest,
            articles=articles,
            passages=columns_of(
                built.passages, np.bincount(sentences, minlength=len(built.passages))
            ),
            bank=built.bank.rows,
            bank_answers=built.bank_answers,
            claims=claims,
            reviews=reviews,
        )


def columns_of(passages: Rows[Passage], sentences: NDArray[np.int64]) -> PassageColumns:
    """Return what is counted of passages; `sentences` counts those of each: (passages,)."""
    counts = {
        name: sentences if name == "sentences" else passages.integers(name) for name in COUNTS
    }
    (of_section, sections), (of_article, articles) = map(
        passages.coded, ("section_id", "article_id")
    )
    return PassageColumns(
        passages.texts("id"),
        [*sections, *articles],
        np.stack([of_section.astype(np.int64), of_article + len(sections)]),
        np.stack(list(counts.values())),
    )


def coverage(
    manifest: Manifest,
    *,
    articles: Iterable[Article | Outline],
    passages: PassageColumns,
    bank: Iterable[BankRow],
    bank_answers: Iterable[RecordedAnswer],
    claims: Iterable[ClaimRow],
    reviews: Iterable[ReviewRow],
) -> Coverage:
    """Return the coverage by the tables of an ingest.

    A question without an answer counts as a question that nothing answers.
    """
    answers = {answer.question: answer for answer in bank_answers}
    questions = [row for row in bank if row.kind is BankRowKind.QUESTION]
    missed = [found for row in questions if (found := _missed(row, answers.get(row.text)))]
    counted = _Counted(questions, {found.question for found in missed}, answers.values())
    counted.add_passages(passages)
    counted.add_claims(claims)
    reviewed = {review.article: review for review in reviews}
    about: dict[str, list[Finding]] = defaultdict(list)
    for finding in manifest.findings:
        about[finding.article].append(finding)
    articles = sorted(articles, key=attrgetter("id"))
    parts: list[Section | Part] = []
    for article in articles:
        parts += article.sections
    ids = [part.id for part in parts]
    figures = counted.figures([*(article.id for article in articles), *ids])
    headings = [part.heading for part in parts]
    sections = iter(tuples_of(SectionCoverage, ids, headings, figures[len(articles) :]))
    rows = [
        _article(article, own, sections, about.get(article.id, ()), reviewed.get(article.id))
        for article, own in zip(articles, figures, strict=False)
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
        self.grave: Counter[str] = Counter()
        self.other: Counter[str] = Counter()
        self._numbers: dict[str, int] = {}  # of places with passages
        # Of each its passages, and what COUNTS names; a last row of zeros is for all others.
        self._sums: NDArray[np.float64] = np.zeros((1, 1 + len(COUNTS)))
        self._unreached: list[tuple[str, ...]] = [()]  # of each of these places, and of all others
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

    def add_passages(self, passages: PassageColumns) -> None:
        self._numbers = {place: number for number, place in enumerate(passages.places)}
        more = len(self._numbers) + 1
        columns = [np.ones_like(passages.counts[:1]), passages.counts]
        counts = np.tile(np.concatenate(columns), 2)
        of = passages.of.ravel()
        self._sums = np.stack([np.bincount(of, of_kind, more) for of_kind in counts], axis=1)
        is_new = np.array([name not in self._reached for name in passages.ids], bool)
        unreached = passages.of[:, is_new].ravel()
        ids = [
            name for name, wanted in zip(passages.ids, is_new.tolist(), strict=True) if wanted
        ] * 2
        listed = [ids[at] for at in np.argsort(unreached, kind="stable").tolist()]
        edges = np.cumsum(np.bincount(unreached, minlength=more)).tolist()
        self._unreached = [tuple(listed[a:b]) for a, b in pairwise([0, *edges])]

    def add_claims(self, claims: Iterable[ClaimRow]) -> None:
        """Count open claims; a sentence that an article repeats counts once."""
        seen: set[ClaimKey] = set()
        for claim in claims:
            if not claim.is_open or claim.key in seen:
                continue
            seen.add(claim.key)
            # "heading of article#section"; a claim in the title is in no section.
            counts = self.grave if claim.severity == GRAVE else self.other
            counts.update({claim.article_id, claim.place.rpartition(" ")[2]})

    def figures(self, places: Sequence[str]) -> list[Figures]:
        """Return the figures of sections and articles, column by column: there are many."""
        counters = self.asked, self.answered, self.grave, self.other
        counted: set[str] = set().union(*counters)
        at = {place: row for row, place in enumerate(places) if place in counted}

        def column(counts: Counter[str]) -> list[int]:
            found = [0] * len(places)
            for place in counts.keys() & at:
                found[at[place]] = counts[place]
            return found

        numbers = list(map(self._numbers.get, places, repeat(-1)))
        sums = self._sums[numbers].astype(np.int64)
        asked, answered, grave, other = map(column, counters)
        return tuples_of(
            Figures,
            asked,
            answered,
            sums[:, 0].tolist(),
            list(map(self._unreached.__getitem__, numbers)),
            sums[:, 1].tolist(),
            reading_ages(sums[:, 2:]),
            grave,
            other,
        )


def _article(
    article: Article | Outline,
    figures: Figures,
    sections: Iterator[SectionCoverage],
    findings: Sequence[Finding],
    review: ReviewRow | None,
) -> ArticleCoverage:
    return ArticleCoverage(
        id=article.id,
        title=article.title,
        source=article.source,
        figures=figures,
        sections=tuple(islice(sections, len(article.sections))),
        review=str(review.state) if review else "not_reviewed",
        due=review.due if review else None,
        days_overdue=(review.days_overdue or 0) if review else 0,
        # The claims are counted here; the warning that sums them up would repeat that.
        warnings=tuple(f for f in findings if not f.is_error and f.step != "claims"),
        refused=next((finding for finding in findings if finding.is_error), None),
    )


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
