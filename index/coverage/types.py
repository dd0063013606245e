"""The data of the coverage report: figures of articles and sections, questions, route cards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import date

    from core.findings import Finding
    from core.types import Outcome


class Figures(NamedTuple):
    """The counts of a section, or of an article with all its sections.

    `asked` counts the bank's questions that name it as their answer, `answered` those whose first
    passage is of a section that they name; a question counts for each section that it names.
    `unreached` are the passages that no question of the bank shows. `reading_age` is None for a
    text that is too short to measure.
    """

    asked: int
    answered: int
    passages: int
    unreached: tuple[str, ...]
    words: int
    reading_age: int | None
    grave_claims: int
    other_claims: int


class SectionCoverage(NamedTuple):
    """A section and its figures; open claims count if they are in its text or heading."""

    id: str
    heading: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class ArticleCoverage:
    """An article, its figures and its sections in reading order.

    `refused` says why the ingest skipped its present file, None when it did not; `warnings` are
    those of the ingest about this article, but for the one that counts its claims.
    """

    id: str
    title: str
    source: str
    figures: Figures
    sections: tuple[SectionCoverage, ...]
    review: str
    due: date | None
    days_overdue: int
    warnings: tuple[Finding, ...]
    refused: Finding | None


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A question whose answer differs from its label.

    `expected` are the sections or the route card of the label. `shown` is the first passage of the
    answer or related reading, None when no passage is shown; `route` is then the route card.
    """

    question: str
    expected: tuple[str, ...]
    outcome: Outcome
    shown: str | None
    route: str | None


@dataclass(frozen=True, slots=True)
class RouteCoverage:
    """The questions of a route card, which no article answers."""

    route: str
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """The whole report, articles and routes by their ids.

    `answerable` counts the questions that a section should answer, by the bank; `missed` are those
    of them that another passage answers first, or none. `unexpected` are the questions that no
    section should answer and that are answered.
    `problems` and `warnings` are those of the last ingest that are not about an article above.
    """

    generation: str
    articles: tuple[ArticleCoverage, ...]
    answerable: int
    missed: tuple[Mismatch, ...]
    routes: tuple[RouteCoverage, ...]
    unexpected: tuple[Mismatch, ...]
    problems: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
