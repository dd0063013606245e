"""The tables of the coverage report: what the terminal, the report, the page and the sheet show."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from index.ids import number_of
from index.types import Outcome

if TYPE_CHECKING:
    from index.coverage_steps import Step
    from index.coverage_types import ArticleCoverage, Coverage, Instead, SectionCoverage

REVIEWS = {"reviewed": "reviewed", "overdue": "overdue", "not_reviewed": "not reviewed"}
OUTCOMES = {
    Outcome.ANSWER: "an answer from",
    Outcome.RELATED: "related reading, first",
    Outcome.NOT_COVERED: "no passage",
}
CSV_COLUMNS = (
    *("level", "article", "section", "name", "questions", "answered_first", "passages"),
    *("passages_no_question_shows", "words", "reading_age", "open_grave_claims"),
    *("open_other_claims", "review", "due", "days_overdue", "warnings", "file_not_taken"),
)
_FIGURES = (
    *("Answered first", "Passages", "Shown by no question", "Words", "Reading age"),
    *("Grave claims", "Other claims"),
)


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, with a bar where one can be drawn."""

    part: int
    whole: int

    def __str__(self) -> str:
        return f"{self.part} of {self.whole}" if self.whole else "no question"


@dataclass(frozen=True, slots=True)
class Place:
    """An article or one of its sections, to be linked where there is something to link to."""

    name: str
    article: str
    section: str = ""
    note: str = ""

    def __str__(self) -> str:
        return self.section or self.article


# A tuple is a list of its own inside the cell.
Cell = str | int | date | Share | Place | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table by its name; the first cell of a row names the row."""

    name: str
    heading: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def tables(coverage: Coverage, steps: Iterable[Step]) -> list[Table]:
    """Return the tables that have rows; articles stand in the order of their first steps."""
    articles = by_need(coverage, steps)
    instead = [*coverage.missed, *coverage.unexpected]
    made = [
        Table(
            "articles",
            "Articles",
            "Articles, in the order in which they need something",
            ("Article", *_FIGURES, "Review", "Due", "Warnings"),
            tuple(map(_article, articles)),
        ),
        Table(
            "sections",
            "Sections",
            "Sections, in the same order",
            ("Section", *_FIGURES),
            tuple(
                _section(section, article) for article in articles for section in article.sections
            ),
        ),
        Table(
            "instead",
            "Not as the bank says",
            "Questions that get something else than the bank says",
            ("Question", "By the bank", "What patients get"),
            tuple((one.question, ", ".join(one.expected), shown_instead(one)) for one in instead),
        ),
        Table(
            "routes",
            "What no article answers",
            "Questions that no article answers, by the card that serves them",
            ("Card", "Questions", "Which"),
            tuple((one.route, len(one.questions), one.questions) for one in coverage.routes),
        ),
    ]
    return [table for table in made if table.rows]


def by_need(coverage: Coverage, steps: Iterable[Step]) -> list[ArticleCoverage]:
    """Return the articles in the order in which the steps name them, those without any last."""
    first: dict[str, int] = {}
    for number, step in enumerate(steps):
        if step.article is not None:
            first.setdefault(step.article, number)
    return sorted(coverage.articles, key=lambda a: (first.get(a.id, math.inf), a.id))


def csv_rows(coverage: Coverage) -> Iterator[Sequence[object]]:
    """Yield a row for each article, its sections below it, as CSV_COLUMNS names them."""
    for article in coverage.articles:
        yield (
            *("article", article.id, None, article.title, *_plain(article)),
            *(article.review, article.due, article.days_overdue),
            *("\n".join(article.warnings), article.refused),
        )
        for section in article.sections:
            yield (
                *("section", article.id, section.id, section.heading, *_plain(section)),
                *((None,) * 5),
            )


def summary(coverage: Coverage) -> dict[str, int | Share]:
    """Return the figures of the whole."""
    figures = [article.figures for article in coverage.articles]
    return {
        "Articles": len(figures),
        "Sections": sum(len(article.sections) for article in coverage.articles),
        "Answerable questions answered first": Share(
            coverage.answerable - len(coverage.missed), coverage.answerable
        ),
        "Questions that no article answers": sum(len(r.questions) for r in coverage.routes),
        "Passages that no question shows": Share(
            sum(len(f.unreached) for f in figures), sum(f.passages for f in figures)
        ),
        "Open grave claims": sum(f.grave_claims for f in figures),
    }


def shown_instead(one: Instead) -> str:
    """Say what a patient gets who asks this."""
    said = OUTCOMES[one.outcome]
    if one.shown:
        return f"{said} {one.shown}"
    return f"{said}, card {one.route}" if one.route else said


def _article(article: ArticleCoverage) -> tuple[Cell, ...]:
    figures = article.figures
    refused = ": its file is not taken, an earlier version is shown" if article.refused else ""
    return (
        Place(article.title, article.id, note=f"{article.id}{refused}"),
        Share(figures.answered, figures.asked),
        figures.passages,
        len(figures.unreached),
        *_rest(article),
        REVIEWS.get(article.review, article.review),
        article.due or "no date",
        len(article.warnings),
    )


def _section(section: SectionCoverage, article: ArticleCoverage) -> tuple[Cell, ...]:
    figures = section.figures
    numbers = ", ".join(number_of(passage) for passage in figures.unreached)
    return (
        Place(section.heading, article.id, section.id, note=article.title),
        Share(figures.answered, figures.asked),
        figures.passages,
        f"number {numbers}" if numbers else 0,
        *_rest(section),
    )


def _rest(of: ArticleCoverage | SectionCoverage) -> tuple[Cell, ...]:
    figures = of.figures
    age = "too short" if figures.reading_age is None else figures.reading_age
    return figures.words, age, figures.grave_claims, figures.other_claims


def _plain(of: ArticleCoverage | SectionCoverage) -> tuple[object, ...]:
    figures = of.figures
    return (
        *(figures.asked, figures.answered, figures.passages, len(figures.unreached)),
        *(figures.words, figures.reading_age, figures.grave_claims, figures.other_claims),
    )
