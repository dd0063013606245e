"""Review states, due dates and the report of reviews; every day is passed in."""

from __future__ import annotations

from datetime import MAXYEAR, date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from core.types import Article, Provenance
from index.reviews import ReviewState, due_date, due_within, reminders, review_rows, review_state

TODAY = date(2026, 3, 1)
days = some.dates()
provenances = some.builds(
    Provenance,
    reviewer=some.none() | some.just("Dr R"),
    reviewed=some.none() | days,
    next_review=some.none() | days,
)


def article(name: str, **known: object) -> Article:
    return Article(name, name.upper(), "", (), f"{name}.txt", "0" * 64, Provenance(**known))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("reviewed", "next_review", "due"),
    [
        (None, None, None),
        (None, date(2026, 5, 1), date(2026, 5, 1)),
        (date(2024, 1, 3), None, date(2027, 1, 3)),  # 1096 days: one is a 29 February
        (date(2025, 3, 1), None, date(2028, 3, 1)),
        (date(2024, 2, 29), None, date(2027, 2, 28)),
        (date(2024, 1, 3), date(2025, 1, 3), date(2025, 1, 3)),
        (date(2024, 1, 3), date(2030, 1, 1), date(2027, 1, 3)),
        (date(MAXYEAR, 12, 31), None, date.max),
    ],
)
def test_a_review_is_due_when_stated_and_after_three_years_at_most(
    reviewed: date | None, next_review: date | None, due: date | None
) -> None:
    assert due_date(Provenance(reviewed=reviewed, next_review=next_review)) == due


@pytest.mark.parametrize(
    ("reviewed", "next_review", "state"),
    [
        (None, None, ReviewState.NOT_REVIEWED),
        (None, date(2025, 1, 1), ReviewState.NOT_REVIEWED),
        (TODAY, None, ReviewState.REVIEWED),
        (TODAY + timedelta(1), None, ReviewState.NOT_REVIEWED),  # it has not taken place yet
        (date(2023, 3, 1), None, ReviewState.REVIEWED),  # the last of the days on which it counts
        (date(2023, 2, 28), None, ReviewState.OVERDUE),
        (date(2026, 1, 1), TODAY, ReviewState.REVIEWED),
        (date(2026, 1, 1), TODAY - timedelta(1), ReviewState.OVERDUE),
    ],
)
def test_a_review_counts_from_its_day_to_the_day_when_it_is_due(
    reviewed: date | None, next_review: date | None, state: ReviewState
) -> None:
    assert (
        review_state(Provenance(reviewed=reviewed, next_review=next_review), today=TODAY) is state
    )


def test_a_reviewer_without_a_date_is_no_review() -> None:
    assert review_state(Provenance(reviewer="Dr R"), today=TODAY) is ReviewState.NOT_REVIEWED


@given(provenances, days)
def test_no_dates_break_a_report(provenance: Provenance, today: date) -> None:
    one = Article("a", "A", "", (), "a.txt", "0" * 64, provenance)
    (row,) = review_rows([one], today=today)
    assert (row.state is ReviewState.OVERDUE) <= bool(row.days_overdue)
    assert (row.state is ReviewState.REVIEWED) <= (row.days_overdue == 0)
    assert due_within([row], 10**9, today=today) == ([row] if row.due else [])
    assert len(reminders([one], today=today, days=30)) <= 2


def test_the_worst_stand_first_and_equals_by_id() -> None:
    articles = [
        article("fine", reviewed=date(2026, 1, 1)),
        article("soon", reviewed=date(2026, 1, 1), next_review=date(2026, 3, 5)),
        article("never-b"),
        article("never-a"),
        article("late", reviewed=date(2022, 12, 31)),
        article("later", reviewed=date(2022, 1, 1), author="A", reviewer="R", sources=("1", "2")),
    ]
    rows = review_rows(articles, today=TODAY)
    assert [row.article for row in rows] == ["later", "late", "never-a", "never-b", "soon", "fine"]
    assert [row.days_overdue for row in rows] == [424, 60, None, None, 0, 0]
    first = rows[0]
    assert (first.author, first.reviewer, first.sources) == ("A", "R", 2)
    assert (first.reviewed, first.due) == (date(2022, 1, 1), date(2025, 1, 1))
    assert [row.article for row in due_within(rows, 4, today=TODAY)] == ["later", "late", "soon"]
    assert [row.article for row in due_within(rows, 3, today=TODAY)] == ["later", "late"]


def test_what_is_overdue_or_due_soon_is_said_in_one_line() -> None:
    articles = [
        article("late", reviewed=date(2022, 1, 1)),
        article("soon", reviewed=date(2026, 1, 1), next_review=date(2026, 3, 31)),
        article("soon-too", next_review=date(2026, 3, 1)),
        article("fine", reviewed=date(2026, 1, 1), next_review=date(2026, 4, 1)),
        article("never"),
    ]
    assert reminders(articles, today=TODAY, days=30) == [
        "1 review is overdue and 2 reviews are due within 30 days; see: python -m index reviews"
    ]
    assert reminders(articles[3:], today=TODAY, days=30) == []


def test_a_review_in_the_future_is_told_by_file() -> None:
    assert reminders([article("a", reviewed=date(2026, 3, 2))], today=TODAY, days=30) == [
        "a.txt: the review date 2026-03-02 is in the future; until then the page says that nobody"
        " has reviewed the article"
    ]
