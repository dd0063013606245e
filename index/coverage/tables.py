"""The tables of the coverage report, for terminal, pages and CSV file: pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from core.ids import number_of
from core.types import Outcome

if TYPE_CHECKING:
    from index.coverage.next_steps import Step
    from index.coverage.types import ArticleCoverage, Coverage, Mismatch, SectionCoverage

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
    """A part of a whole; pages draw it as a bar as well."""

    part: int
    whole: int

    def __str__(self) -> str:
        return f"{self.part} of {self.whole}" if self.whole else "no question"


@dataclass(frozen=True, slots=True)
class Link:
    """A link to an article or a section, where the page has links."""

    name: str
    article: str
    section: str = ""
    note: str = ""

    def __str__(self) -> str:
        return self.section or self.article


# A tuple is a list inside the cell.
Cell = str | int | date | Share | Link | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table by its name; the first cell of a row names the row."""

    name: str
    heading: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def tables(coverage: Coverage, steps: Iterable[Step]) -> list[Table]:
    """Return the tables that have rows, articles in the order of their most urgent steps."""
    articles = _by_need(coverage, steps)
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
            tuple((i.question, ", ".join(i.expected), _shown_instead(i)) for i in instead),
        ),
        Table(
            "routes",
            "What no article answers",
            "Questions that no article answers, by the card that serves them",
            ("Card", "Questions", "Which"),
            tuple((r.route, len(r.questions), r.questions) for r in coverage.routes),
        ),
    ]
    return [table for table in made if table.rows]


def _by_need(coverage: Coverage, steps: Iterable[Step]) -> list[ArticleCoverage]:
    """Return the articles that steps name, in the order of the steps, then all others by id."""
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
            *("\n".join(map(str, article.warnings)), str(article.refused or "")),
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


def _shown_instead(instead: Mismatch) -> str:
    outcome = OUTCOMES[instead.outcome]
    if instead.shown:
        return f"{outcome} {instead.shown}"
    return f"{outcome}, card {instead.route}" if instead.route else outcome


def _article(article: ArticleCoverage) -> tuple[Cell, ...]:
    refused = ": its file was skipped, the previous version stays online" if article.refused else ""
    return (
        Link(article.title, article.id, note=f"{article.id}{refused}"),
        *_figures(article, len(article.figures.unreached)),
        article.review.replace("_", " "),
        article.due or "no date",
        len(article.warnings),
    )


def _section(section: SectionCoverage, article: ArticleCoverage) -> tuple[Cell, ...]:
    numbers = ", ".join(number_of(passage) for passage in section.figures.unreached)
    place = Link(section.heading, article.id, section.id, note=article.title)
    return place, *_figures(section, f"number {numbers}" if numbers else 0)


def _figures(of: ArticleCoverage | SectionCoverage, unreached: Cell) -> Iterator[Cell]:
    figures = of.figures
    yield from (Share(figures.answered, figures.asked), figures.passages, unreached, figures.words)
    yield "too short" if figures.reading_age is None else figures.reading_age
    yield from (figures.grave_claims, figures.other_claims)


def _plain(of: ArticleCoverage | SectionCoverage) -> tuple[object, ...]:
    figures = of.figures
    return (
        *(figures.asked, figures.answered, figures.passages, len(figures.unreached)),
        *(figures.words, figures.reading_age, figures.grave_claims, figures.other_claims),
    )
