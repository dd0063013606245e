"""The tiles of the dashboard: a figure for each part, and whether there is work to do. Pure.

A tile says "nothing to do" only where no step names its part, and a figure only where it was
measured with this very content. What nobody has measured is "not measured", never 0 or fine.
"""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from index.coverage.next_steps import StepKind
from index.reviews import ReviewState
from safety.claims.finder import Severity
from safety.notices.signatures import are_signed
from ui.editor.frame import CANDIDATE, CARDS, DECIDE, QUALITY, QUESTIONS, address
from ui.editor.overview.quality import ENOUGH
from ui.languages import text
from ui.rendering.notices import review_of
from ui.service import engine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ui.editor.facts import Facts

_COVERAGE = (
    *(StepKind.UNEXPECTED, StepKind.MISSED, StepKind.NO_QUESTION, StepKind.UNREACHED),
    *(StepKind.NO_ARTICLE, StepKind.HARD_TO_READ),
)
# What steps do not name: they come from the articles and the questions of the bank.
_BESIDE = (CANDIDATE, "notices", QUESTIONS, CARDS)


class State(StrEnum):
    """Whether there is work to do; also the style of a tile."""

    TO_DO = "to-do"
    UNKNOWN = "unknown"
    FINE = "fine"


class Tile(NamedTuple):
    """A part of the page or a section behind it: its figure, None for none, and its state."""

    name: str
    figure: object
    state: State
    details: str = ""
    unit: str = ""
    section: str = ""

    @property
    def is_beside_steps(self) -> bool:
        """Say whether there is work to do that no step names."""
        is_empty = self.name == "index" and not self.figure
        return self.state is State.TO_DO and (self.name in _BESIDE or is_empty)

    @property
    def address(self) -> str:
        """The link to what the tile is about, escaped."""
        return address(self.section or self.name)


def tiles(facts: Facts, *, today: date) -> Iterator[Tile]:
    """Yield the tiles in the order of the page; without an index, those that need none."""
    yield _candidate(facts)
    if facts.manifest is not None:
        yield _claims(facts)
        yield _reviews(facts)
    yield _notices(facts, today=today)
    if facts.coverage is not None:
        yield _coverage(facts)
        yield _quality(facts)
    yield _counted(QUESTIONS, facts.questions, text.EDITOR_NO_QUESTIONS)
    yield _counted(CARDS, facts.cards, text.EDITOR_NO_CARDS)
    if facts.manifest is not None:
        yield _index(facts)
    if facts.counts is not None:
        yield Tile("counts", len({row.week for row in facts.counts}), State.FINE)


def _state(to_do: object) -> State:
    return State.TO_DO if to_do else State.FINE


def _has_steps(facts: Facts, *kinds: StepKind) -> bool:
    return any(step.kind in kinds for step in facts.steps)


def _candidate(facts: Facts) -> Tile:
    waits = int(facts.candidate is not None)
    if facts.is_running:
        return Tile(CANDIDATE, "…", _state(waits), unit=text.EDITOR_RUNNING)
    if facts.state == engine.State.MISSING and not waits:
        return Tile(CANDIDATE, 0, State.TO_DO, text.EDITOR_FIRST_INDEX)
    return Tile(CANDIDATE, waits, _state(waits))


def _claims(facts: Facts) -> Tile:
    opened = Counter(claim.severity for claim in facts.claims if claim.is_open)
    kinds = ", ".join(
        f"{opened[severity]} {text.SEVERITIES[severity].lower()}"
        for severity in Severity
        if opened[severity]
    )
    if not facts.reviews:
        return Tile("claims", None, State.UNKNOWN, text.NO_ARTICLES)
    details = f"{kinds}." if kinds else "" if facts.claims else text.NO_CLAIMS
    return Tile("claims", opened.total(), _state(opened), details, section=DECIDE)


def _reviews(facts: Facts) -> Tile:
    if not facts.reviews:
        return Tile("reviews", None, State.UNKNOWN, text.NO_ARTICLES)
    states = Counter(row.state for row in facts.reviews)
    counted = ", ".join(
        f"{text.REVIEW_STATES[state]}: {states[state]}" for state in ReviewState if states[state]
    )
    due = states.total() - states[ReviewState.REVIEWED]
    return Tile("reviews", due, _state(due), f"{counted}.")


def _notices(facts: Facts, *, today: date) -> Tile:
    errors = any(finding.is_error for finding in facts.findings)
    signed = facts.are_own and are_signed(facts.flags, today=today)
    review = review_of(facts.flags, today=today) if facts.are_own else text.NOTICES_NOT_IN_USE
    to_do = errors or not signed or facts.notices_gap
    return Tile("notices", len(facts.flags.groups), _state(to_do), facts.notices_gap or review)


def _coverage(facts: Facts) -> Tile:
    coverage = facts.coverage
    if coverage is None or not coverage.answerable:
        return Tile("coverage", None, State.UNKNOWN, text.EDITOR_NOTHING_ASKED)
    right = coverage.answerable - len(coverage.missed)
    uncovered = sum(len(route.questions) for route in coverage.routes)
    details = text.counted(text.EDITOR_GAPS, uncovered)
    to_do = _has_steps(facts, *_COVERAGE)
    return Tile("coverage", f"{right}/{coverage.answerable}", _state(to_do), details)


def _quality(facts: Facts) -> Tile:
    found = facts.quality
    if found is None:
        return Tile(QUALITY, None, State.UNKNOWN, text.EDITOR_NOT_MEASURED)
    details = text.EDITOR_MEASURED.format(n=found.questions, day=text.day(found.day))
    if found.are_few:
        details = f"{details} {text.EDITOR_FEW_QUESTIONS.format(n=ENOUGH)}"
    return Tile(QUALITY, f"{found.right_first:.0%}", _state(found.are_few), details)


def _counted(name: str, number: int | None, none_yet: str) -> Tile:
    """Draw a number of rows of a file; none is work to do, an unreadable file too."""
    return Tile(name, number, _state(not number), none_yet if number == 0 else "")


def _index(facts: Facts) -> Tile:
    articles = len(facts.reviews)
    findings = len(facts.manifest.findings) if facts.manifest else 0
    details = text.counted(text.EDITOR_INDEX_FINDINGS, findings) if findings else ""
    if not articles:
        details = text.NO_ARTICLES
    return Tile("index", articles, _state(findings or not articles), details)
