"""The front page of Content health: how everything stands, each with a figure and where to go."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from safety.claims import Severity
from safety.provenance import ReviewState
from ui import text
from ui.health_parts import CANDIDATE, CARDS, FIGURES, QUESTIONS, address
from ui.notices import review_of
from ui.staff_coverage import step_items
from ui.staff_parts import coded

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from index.coverage_types import Coverage
    from index.manifest import Manifest
    from ui.facts import Facts
    from ui.health_results import Measure

FIRST_STEPS = 3


@dataclass(frozen=True, slots=True)
class Beside:
    """What the overview tells that does not come from the index that is served.

    `questions` and `cards` are counted in the content folder, None where it cannot be read.
    """

    candidate: str | None = None
    questions: int | None = None
    cards: int | None = None
    first_right: Measure | None = None
    is_running: bool = False


@dataclass(frozen=True, slots=True)
class _Tile:
    name: str
    figure: str
    of: str
    said: str
    href: str
    go: str
    to_do: bool = False


def overview_html(facts: Facts, beside: Beside, *, today: date) -> str:
    """Draw the steps to take first, then a tile for everything that can be looked after."""
    tiles = "".join(map(_tile, _tiles(facts, beside, today=today)))
    return (
        f'<p class="cs-lead">{text.STAFF_ONLY}</p>'
        f'<section><h2 id="cs-health-next">{text.HEALTH_NEXT}</h2>{_steps(facts)}</section>'
        f"<section><h2>{text.HEALTH_STATE}</h2>"
        f'<ul class="cs-tiles">{tiles}</ul></section>'
    )


def _steps(facts: Facts) -> str:
    if facts.manifest is None:
        return f"<p>{coded(text.INDEX_STATES[facts.state])}</p>"
    if not facts.steps:
        return f"<p>{text.HEALTH_NOTHING_NEXT}</p>"
    href = "?view=staff&amp;section=coverage"
    return (
        f'<ol class="cs-steps">{step_items(facts.steps[:FIRST_STEPS])}</ol>'
        f'<p><a class="cs-in" href="{href}">{text.HEALTH_ALL_STEPS} ({len(facts.steps)})</a></p>'
    )


def _tiles(facts: Facts, beside: Beside, *, today: date) -> Iterator[_Tile]:
    yield _candidate(beside)
    if facts.manifest is not None:
        yield _claims(facts)
        yield _reviews(facts)
    yield _notices(facts, today=today)
    if facts.coverage is not None:
        yield _gaps(facts.coverage)
    yield _Tile(
        text.HEALTH_QUESTIONS,
        _number(beside.questions),
        text.HEALTH_QUESTIONS_OF,
        text.HEALTH_QUESTIONS_SAID,
        address(QUESTIONS),
        text.HEALTH_QUESTIONS_GO,
        beside.questions is None,
    )
    yield _Tile(
        text.HEALTH_CARDS,
        _number(beside.cards),
        text.HEALTH_CARDS_OF,
        text.HEALTH_CARDS_SAID,
        address(CARDS),
        text.HEALTH_CARDS_GO,
        beside.cards is None,
    )
    if beside.first_right:
        yield _Tile(
            text.HEALTH_FIGURES,
            f"{beside.first_right.mean:.0%}",
            text.HEALTH_FIGURES_OF,
            text.HEALTH_FIGURES_SAID,
            address(FIGURES),
            text.HEALTH_FIGURES_GO,
        )
    if facts.manifest is not None:
        yield _index(facts.manifest)


def _candidate(beside: Beside) -> _Tile:
    figure, of = ("1", text.HEALTH_WAITS) if beside.candidate else ("0", text.HEALTH_WAITS_NONE)
    if beside.is_running:
        figure, of = "…", text.HEALTH_RUNNING
    return _Tile(
        text.HEALTH_CANDIDATE,
        figure,
        of,
        text.HEALTH_CANDIDATE_SAID,
        address(CANDIDATE),
        text.HEALTH_CANDIDATE_GO,
        bool(beside.candidate),
    )


def _claims(facts: Facts) -> _Tile:
    opened = Counter(claim.severity for claim in facts.claims if claim.is_open)
    kinds = ", ".join(
        f"{opened[one.value]} {text.SEVERITIES[one.value].lower()}"
        for one in Severity
        if opened[one.value]
    )
    return _Tile(
        text.STAFF_CLAIMS,
        str(opened.total()),
        text.HEALTH_CLAIMS_OF,
        f"{kinds}." if kinds else text.HEALTH_CLAIMS_NONE,
        "?view=staff&amp;section=claims",
        text.HEALTH_CLAIMS_GO,
        bool(opened),
    )


def _reviews(facts: Facts) -> _Tile:
    states = Counter(row.state for row in facts.reviews)
    due = len(facts.reviews) - states[ReviewState.REVIEWED]
    said = ", ".join(
        f"{text.REVIEW_STATES[state]}: {states[state]}" for state in ReviewState if states[state]
    )
    return _Tile(
        text.STAFF_REVIEWS,
        str(due),
        text.HEALTH_REVIEWS_OF,
        f"{said}." if said else text.NO_ARTICLES,
        "?view=staff&amp;section=reviews",
        text.HEALTH_REVIEWS_GO,
        bool(due),
    )


def _notices(facts: Facts, *, today: date) -> _Tile:
    errors = sum(one.is_error for one in facts.findings) + (not facts.are_own)
    is_signed = facts.flags.is_signed(today=today)
    said = review_of(facts.flags, today=today) if facts.are_own else text.NOTICES_NOT_IN_USE
    return _Tile(
        text.STAFF_NOTICES,
        str(len(facts.flags.groups)),
        text.HEALTH_NOTICES_OF,
        said,
        "?view=staff&amp;section=notices",
        text.HEALTH_NOTICES_GO,
        bool(errors) or not is_signed,
    )


def _gaps(coverage: Coverage) -> _Tile:
    answered = coverage.answerable - len(coverage.missed)
    no_article = sum(len(route.questions) for route in coverage.routes)
    return _Tile(
        text.STAFF_COVERAGE,
        f"{answered}/{coverage.answerable}",
        text.HEALTH_GAPS_OF,
        text.counted(text.HEALTH_GAPS_SAID, no_article),
        "?view=staff&amp;section=coverage",
        text.HEALTH_GAPS_GO,
        answered < coverage.answerable,
    )


def _index(manifest: Manifest) -> _Tile:
    troubles = len(manifest.warnings) + len(manifest.problems)
    return _Tile(
        text.STAFF_INDEX,
        str(manifest.counts.get("articles", 0)),
        text.HEALTH_INDEX_OF,
        text.counted(text.HEALTH_INDEX_SAID, troubles) if troubles else text.NO_WARNINGS,
        "?view=staff&amp;section=index",
        text.HEALTH_INDEX_GO,
        bool(manifest.problems),
    )


def _number(found: int | None) -> str:
    return "–" if found is None else str(found)


def _tile(one: _Tile) -> str:
    state = text.HEALTH_TO_DO if one.to_do else text.HEALTH_FINE
    kind = "cs-to-do" if one.to_do else "cs-fine"
    return (
        f'<li class="cs-tile"><h3>{escape(one.name)}</h3>'
        f'<p class="cs-state {kind}">{state}</p>'
        f'<p class="cs-figure"><strong>{escape(one.figure)}</strong> {escape(one.of)}</p>'
        f'<p>{escape(one.said)}</p><p class="cs-tile-go">'
        f'<a class="cs-in" href="{one.href}">{escape(one.go)}</a></p></li>'
    )
