"""Filters and orders the rows on the desk. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.types import Outcome
from index.reviews import review_state
from safety.notices.finder import Articles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from safety.notices.finder import Display, Notice
    from ui.desk.rows import Lookup, Row

# The orders of rows; the first is the one that a patient sees.
SORTS = ("rank", "text", "heading", "sentence", "coverage", "late", "boost")


@dataclass(frozen=True, slots=True)
class Choice:
    """The filters and the order; an empty text is no limit."""

    article: str = ""
    section: str = ""
    area: str = ""
    review: str = ""
    only_answers: bool = False
    sort: str = SORTS[0]


@dataclass(frozen=True, slots=True)
class Options:
    """The choices that each filter offers, by value, with their names."""

    articles: dict[str, str]
    sections: dict[str, str]
    areas: dict[str, str]
    reviews: tuple[str, ...]


def options(found: Iterable[Lookup], *, today: date) -> Options:
    """Return the choices among the rows that were found, in the order of their names."""
    rows = [row for lookup in found for row in lookup.rows]
    articles = {row.article.id: row.article.title for row in rows}
    headings = {row.section: row.result.passage.heading for row in rows}
    times = Counter(headings.values())
    sections = {  # two articles may both have an "Introduction"
        row.section: f"{heading} ({row.article.title})" if times[heading] > 1 else heading
        for row in rows
        for heading in [headings[row.section]]
    }
    return Options(
        articles=_by_name(articles),
        sections=_by_name(sections),
        areas=_by_name({row.area: row.area for row in rows if row.area}),
        reviews=tuple(sorted({_review(row, today) for row in rows})),
    )


def chosen(found: Iterable[Lookup], choice: Choice, *, today: date) -> tuple[Lookup, ...]:
    """Return the questions with the chosen rows in the chosen order.

    A question stays when no row of it is chosen; with `only_answers` the questions that the page
    does not answer are left out.
    """
    return tuple(
        replace(lookup, rows=tuple(_sorted(_filtered(lookup.rows, choice, today), choice.sort)))
        for lookup in found
        if not choice.only_answers or lookup.response.outcome is Outcome.ANSWER
    )


def without_hidden(
    found: Iterable[Lookup], shown: Callable[[Sequence[Notice]], Display]
) -> tuple[Lookup, ...]:
    """Remove the rows of questions whose notice hides all articles, from staff too."""
    return tuple(
        replace(lookup, rows=()) if shown(lookup.notices).articles is Articles.HIDDEN else lookup
        for lookup in found
    )


def _filtered(rows: Iterable[Row], choice: Choice, today: date) -> list[Row]:
    return [
        row
        for row in rows
        if choice.article in ("", row.article.id)
        and choice.section in ("", row.section)
        and choice.area in ("", row.area)
        and choice.review in ("", _review(row, today))
    ]


def _sorted(rows: list[Row], sort: str) -> list[Row]:
    if sort == SORTS[0]:
        return rows

    def order(row: Row) -> tuple[float, int]:
        value: float | None = getattr(row.scores, sort)
        # A passage without a view of that kind comes after all that have one.
        return (2.0 if value is None else -value, row.result.rank)

    return sorted(rows, key=order)


def _review(row: Row, today: date) -> str:
    return review_state(row.article.provenance, today=today).value


def _by_name(named: dict[str, str]) -> dict[str, str]:
    return dict(sorted(named.items(), key=lambda pair: (pair[1].casefold(), pair[0])))
