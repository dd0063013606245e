"""Clinical reviews of articles: states, due dates and reminders on a given day. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import MAXYEAR, date
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.types import Article, Provenance
    from index.store.outlines import Outline

REVIEW_LASTS_YEARS = 3


class ReviewState(StrEnum):
    """Whether the clinical review of an article is valid on a given day."""

    NOT_REVIEWED = "not_reviewed"
    REVIEWED = "reviewed"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """An article in the report of reviews.

    `days_overdue` is 0 up to `due`, and None without a due date.
    """

    article: str
    title: str
    author: str | None
    reviewer: str | None
    reviewed: date | None
    due: date | None
    state: ReviewState
    days_overdue: int | None
    sources: int


def due_date(provenance: Provenance) -> date | None:
    """Return the last day on which a review is valid, None without any date.

    This is the stated next review, and with a review at most three years after it.
    """
    reviewed, stated = provenance.reviewed, provenance.next_review
    if reviewed is None:
        return stated
    latest = _years_after(reviewed, REVIEW_LASTS_YEARS)
    return min(stated or latest, latest)


def review_state(provenance: Provenance, *, today: date) -> ReviewState:
    """Return the state of a review today; a review in the future is not valid yet."""
    reviewed, due = provenance.reviewed, due_date(provenance)
    if reviewed is None or due is None or reviewed > today:
        return ReviewState.NOT_REVIEWED
    return ReviewState.OVERDUE if today > due else ReviewState.REVIEWED


def review_rows(articles: Iterable[Article | Outline], *, today: date) -> list[ReviewRow]:
    """Return a row for each article, worst first, equals by id.

    Overdue reviews come first, the longest overdue at the top; then articles without a valid
    review; then valid reviews, the next due at the top.
    """
    return sorted((_row(article, today) for article in articles), key=_urgency)


def due_within(rows: Iterable[ReviewRow], days: int, *, today: date) -> list[ReviewRow]:
    """Keep the rows that are overdue or due within so many days, in their order."""
    return [row for row in rows if row.due and (row.due - today).days <= days]


def reminders(articles: Sequence[Article | Outline], *, today: date, days: int) -> list[str]:
    """Return a line about reviews that are overdue or due soon, and one for each future date."""
    rows = due_within(review_rows(articles, today=today), days, today=today)
    overdue = sum(bool(row.days_overdue) for row in rows)
    counts = ((overdue, "overdue"), (len(rows) - overdue, f"due within {days} days"))
    parts = [
        f"{count} review{' is' if count == 1 else 's are'} {what}"
        for count, what in counts
        if count
    ]
    lines = [f"{' and '.join(parts)}; see: python -m index reviews"] if parts else []
    return lines + [
        f"{article.source}: the review date {reviewed} is in the future; until then the page says"
        " that nobody has reviewed the article"
        for article in articles
        if (reviewed := article.provenance.reviewed) and reviewed > today
    ]


def _row(article: Article | Outline, today: date) -> ReviewRow:
    provenance = article.provenance
    due = due_date(provenance)
    return ReviewRow(
        article=article.id,
        title=article.title,
        author=provenance.author,
        reviewer=provenance.reviewer,
        reviewed=provenance.reviewed,
        due=due,
        state=review_state(provenance, today=today),
        days_overdue=max((today - due).days, 0) if due else None,
        sources=len(provenance.sources),
    )


def _urgency(row: ReviewRow) -> tuple[int, bool, date, str]:
    return (
        -(row.days_overdue or 0),
        row.state is not ReviewState.NOT_REVIEWED,
        row.due or date.max,
        row.article,
    )


def _years_after(day: date, years: int) -> date:
    """Return the same day of a later year, 28 February for a 29th that does not exist."""
    year = min(day.year + years, MAXYEAR)
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)
