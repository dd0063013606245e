"""The dashboard for staff as HTML: what to do next, how things stand, then the tables. Pure."""

from __future__ import annotations

from collections import Counter
from html import escape
from typing import TYPE_CHECKING

from index.reviews import ReviewState
from safety.claims.finder import Severity
from ui.editor.dashboard_tables import (
    claims_part,
    counts_part,
    coverage_part,
    index_part,
    notices_part,
    reviews_part,
)
from ui.editor.parts import CANDIDATE, CARDS, QUESTIONS, address
from ui.languages import text
from ui.rendering.notices import review_of
from ui.rendering.passage import article_address
from ui.rendering.tables import coded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from index.coverage.next_steps import Step
    from ui.editor.facts import Facts

FIRST_STEPS = 3
# The whole list of a large clinic would be megabytes through a page's connection.
MOST_STEPS = 200


def dashboard_html(facts: Facts, *, today: date) -> str:
    """Draw the whole page; without an index, what can be known without one."""
    headings = _headings()
    tiles = "".join(_tiles(facts, headings, today=today))
    parts = "".join(
        f'<section id="cs-part-{name}"><h2>{headings[name]}</h2>{body}</section>'
        for name, body in _parts(facts, today=today)
    )
    return (
        f'<p class="cs-lead">{text.STAFF_ONLY}</p>'
        f"<section><h2>{text.EDITOR_NEXT}</h2>{_next(facts)}</section>"
        f'<section><h2>{text.EDITOR_STATE}</h2><ul class="cs-tiles">{tiles}</ul>'
        f"<p>{coded(text.EDITOR_FIGURES)}</p></section>{parts}"
    )


def _headings() -> dict[str, str]:
    """Return the headings of tiles and parts by name, in the order of the page."""
    return {
        CANDIDATE: text.EDITOR_CANDIDATE,
        "coverage": text.STAFF_COVERAGE,
        "claims": text.STAFF_CLAIMS,
        "reviews": text.STAFF_REVIEWS,
        "notices": text.STAFF_NOTICES,
        "counts": text.STAFF_COUNTS,
        "index": text.STAFF_INDEX,
        QUESTIONS: text.EDITOR_QUESTIONS,
        CARDS: text.EDITOR_CARDS,
    }


def _parts(facts: Facts, *, today: date) -> Iterator[tuple[str, str]]:
    """Yield each table's name and HTML."""
    if facts.coverage is not None:
        yield "coverage", coverage_part(facts.coverage, facts.steps)
    if facts.manifest is not None:
        yield "claims", claims_part(facts.claims)
        yield "reviews", reviews_part(facts.reviews)
    yield "notices", notices_part(facts, today=today)
    yield "counts", counts_part(facts)
    if facts.manifest is not None:
        yield "index", index_part(facts.manifest)


def _next(facts: Facts) -> str:
    if facts.manifest is None:
        return f"<p>{coded(text.INDEX_STATES[facts.state])}</p>"
    if not facts.steps:
        return f"<p>{text.EDITOR_NOTHING_NEXT}</p>"
    first, rest = facts.steps[:FIRST_STEPS], facts.steps[FIRST_STEPS:]
    if not rest:
        return _steps(first)
    return (
        f"{_steps(first)}<details><summary>{text.more_steps(len(rest))}</summary>"
        f"{_steps(rest[:MOST_STEPS], start=FIRST_STEPS + 1)}</details>"
    )


def _steps(steps: Sequence[Step], *, start: int = 1) -> str:
    items = "".join(
        f"<li><strong>{_where(step)}: {escape(step.what)}</strong><br>{escape(step.why)}<br>"
        f'<span class="cs-go">{text.GO_TO} {escape(step.go)}</span></li>'
        for step in steps
    )
    return f'<ol class="cs-steps" start="{start}">{items}</ol>'


def _where(step: Step) -> str:
    if step.article is None:
        return escape(step.where)
    href = escape(article_address(step.article))
    return f'<a class="cs-in" href="{href}">{escape(step.where)}</a>'


def _tiles(facts: Facts, headings: dict[str, str], *, today: date) -> Iterator[str]:
    """Yield a tile for each part of the page and each section behind it."""

    def tile(
        name: str, figure: object, details: str = "", *, unit: str = "", to_do: object = False
    ) -> str:
        words = text.EDITOR_TILES[name]
        state, kind = (text.EDITOR_TO_DO, "to-do") if to_do else (text.EDITOR_FINE, "fine")
        return (
            f'<li class="cs-tile"><h3>{headings[name]}</h3>'
            f'<p class="cs-state cs-{kind}">{state}</p><p class="cs-figure">'
            f"<strong>{'–' if figure is None else figure}</strong> {unit or words['unit']}</p>"
            f'<p>{escape(details or words["details"])}</p><p class="cs-tile-go">'
            f'<a class="cs-in" href="{address(name)}">{words["go"]}</a></p></li>'
        )

    waits = int(facts.candidate is not None)
    if facts.is_running:
        yield tile(CANDIDATE, "…", unit=text.EDITOR_RUNNING, to_do=waits)
    else:
        yield tile(CANDIDATE, waits, to_do=waits)
    if facts.manifest is not None:
        opened = Counter(claim.severity for claim in facts.claims if claim.is_open)
        kinds = ", ".join(
            f"{opened[severity]} {text.SEVERITIES[severity].lower()}"
            for severity in Severity
            if opened[severity]
        )
        yield tile("claims", opened.total(), kinds and f"{kinds}.", to_do=opened)
        states = Counter(row.state for row in facts.reviews)
        counted = ", ".join(
            f"{text.REVIEW_STATES[state]}: {states[state]}"
            for state in ReviewState
            if states[state]
        )
        due = states.total() - states[ReviewState.REVIEWED]
        yield tile("reviews", due, counted and f"{counted}.", to_do=due)
    errors = any(finding.is_error for finding in facts.findings)
    signed = facts.are_own and facts.flags.is_signed(today=today)
    review = review_of(facts.flags, today=today) if facts.are_own else text.NOTICES_NOT_IN_USE
    yield tile("notices", len(facts.flags.groups), review, to_do=errors or not signed)
    if facts.coverage is not None:
        asked, missed = facts.coverage.answerable, len(facts.coverage.missed)
        uncovered = sum(len(route.questions) for route in facts.coverage.routes)
        details = text.counted(text.EDITOR_GAPS, uncovered)
        yield tile("coverage", f"{asked - missed}/{asked}", details, to_do=missed)
    yield tile(QUESTIONS, facts.questions, to_do=facts.questions is None)
    yield tile(CARDS, facts.cards, to_do=facts.cards is None)
    if facts.manifest is not None:
        problems = len(facts.manifest.problems)
        warned = len(facts.manifest.warnings) + problems
        details = text.counted(text.EDITOR_INDEX_FINDINGS, warned) if warned else ""
        articles = facts.manifest.counts.get("articles", 0)
        yield tile("index", articles, details, to_do=problems)
    if facts.counts is not None:
        yield tile("counts", len({row.week for row in facts.counts}))
