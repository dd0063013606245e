"""The dashboard for staff as HTML: what to do next, the state of everything, the tables. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from core.ids import slug_of
from core.types import Span
from index.coverage.next_steps import RULE
from index.coverage.report import HOW, HOW_COUNTED
from index.coverage.tables import summary, tables
from index.reviews import ReviewState
from safety.claims.finder import Severity
from safety.notices.red_flags import Level
from safety.notices.signatures import are_signed, counted_states
from ui.editor.frame import CANDIDATE, CARDS, QUESTIONS, SIGN, address, rendered
from ui.editor.reading import reading_rows
from ui.languages import text
from ui.rendering.blocks import highlight
from ui.rendering.notices import review_of
from ui.rendering.passage import article_address

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from core.types import ClaimRow
    from safety.notices.validation import Finding
    from ui.editor.facts import Facts

FIRST_STEPS = 3
# The whole of a large clinic's steps and tables would be megabytes through a page's connection.
MOST_STEPS = 200
MOST_ROWS = 200


class Tile(NamedTuple):
    """A part of the page or a section behind it: its figure, and whether there is work to do."""

    name: str
    figure: object
    details: str = ""
    unit: str = ""
    to_do: object = False


def dashboard_html(facts: Facts, *, today: date) -> str:
    """Draw the whole page; without an index, the parts that need none."""
    coverage = facts.coverage
    opened = Counter(claim.severity for claim in facts.claims if claim.is_open)
    return rendered(
        "dashboard",
        facts=facts,
        headings=_headings(),
        tiles=list(_tiles(facts, today=today)),
        first_steps=FIRST_STEPS,
        most_steps=MOST_STEPS,
        most_rows=MOST_ROWS,
        figures=summary(coverage) if coverage else {},
        tables=tables(coverage, facts.steps) if coverage else [],
        how=(HOW, RULE, HOW_COUNTED),
        open_claims={severity.value: opened[severity] for severity in Severity},
        notices_facts=_notices_facts(facts, today=today),
        sign_address=address(SIGN),
        index_facts=_index_facts(facts),
        review=review_of(facts.flags, today=today),
        findings=_findings(facts),
        readings=reading_rows(facts.reviews, facts.manifest),
        article_address=article_address,
        slug_of=slug_of,
        day=_day,
        marked=_marked,
    )


def _headings() -> dict[str, str]:
    """Return the headings of tiles and parts by name."""
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


def _tiles(facts: Facts, *, today: date) -> Iterator[Tile]:
    waits = int(facts.candidate is not None)
    if facts.is_running:
        yield Tile(CANDIDATE, "…", unit=text.EDITOR_RUNNING, to_do=waits)
    else:
        yield Tile(CANDIDATE, waits, to_do=waits)
    if facts.manifest is not None:
        opened = Counter(claim.severity for claim in facts.claims if claim.is_open)
        kinds = ", ".join(
            f"{opened[severity]} {text.SEVERITIES[severity].lower()}"
            for severity in Severity
            if opened[severity]
        )
        yield Tile("claims", opened.total(), kinds and f"{kinds}.", to_do=opened)
        states = Counter(row.state for row in facts.reviews)
        counted = ", ".join(
            f"{text.REVIEW_STATES[state]}: {states[state]}"
            for state in ReviewState
            if states[state]
        )
        due = states.total() - states[ReviewState.REVIEWED]
        yield Tile("reviews", due, counted and f"{counted}.", to_do=due)
    errors = any(finding.is_error for finding in facts.findings)
    signed = facts.are_own and are_signed(facts.flags, today=today)
    review = review_of(facts.flags, today=today) if facts.are_own else text.NOTICES_NOT_IN_USE
    to_do = errors or not signed or facts.notices_gap
    yield Tile("notices", len(facts.flags.groups), facts.notices_gap or review, to_do=to_do)
    if facts.coverage is not None:
        asked, missed = facts.coverage.answerable, len(facts.coverage.missed)
        uncovered = sum(len(route.questions) for route in facts.coverage.routes)
        details = text.counted(text.EDITOR_GAPS, uncovered)
        yield Tile("coverage", f"{asked - missed}/{asked}", details, to_do=missed)
    yield Tile(QUESTIONS, facts.questions, to_do=facts.questions is None)
    yield Tile(CARDS, facts.cards, to_do=facts.cards is None)
    if facts.manifest is not None:
        problems = len(facts.manifest.problems)
        findings = len(facts.manifest.warnings) + problems
        details = text.counted(text.EDITOR_INDEX_FINDINGS, findings) if findings else ""
        yield Tile("index", facts.manifest.counts.get("articles", 0), details, to_do=problems)
    if facts.counts is not None:
        yield Tile("counts", len({row.week for row in facts.counts}))


def _day(value: date | None) -> str:
    return text.day(value) if value else str(text.NOT_STATED)


def _notices_facts(facts: Facts, *, today: date) -> dict[str, object]:
    flags = facts.flags
    levels = Counter(group.level for group in flags.groups.values())
    states = counted_states(flags, today=today)
    version, checked, due, total = text.NOTICES_FACTS
    return {
        version: flags.version or text.NOT_STATED,
        checked: flags.reviewed_by or text.NOBODY,
        due: _day(flags.next_review),
        total: len(flags.groups),
        **{text.SIGN_STATES[state]: n for state, n in states.items()},
        **{text.LEVELS[level]: levels[level] for level in Level},
    }


def _index_facts(facts: Facts) -> dict[str, object]:
    manifest = facts.manifest
    if manifest is None:
        return {}
    generation, model = text.INDEX_FACTS
    return {
        generation: manifest.generation,
        model: manifest.encoder.name,
        **{
            heading: manifest.counts[name]
            for name, heading in text.INDEX_COUNTS.items()
            if name in manifest.counts
        },
    }


def _marked(claim: ClaimRow) -> str:
    """Return a claim's sentence as HTML with its words marked."""
    words = Span(claim.words_start, claim.words_start + len(claim.words))
    return highlight(claim.sentence, words, (), kind="cs-near")


def _findings(facts: Facts) -> list[tuple[str, int, dict[str, list[str]]]]:
    """Return errors, then warnings: heading, how many, and their lines by message."""
    errors = [finding for finding in facts.findings if finding.is_error]
    warnings = [finding for finding in facts.findings if not finding.is_error]
    return [
        (heading, len(found), _by_message(found, facts.flags.groups))
        for heading, found in ((text.ERRORS, errors), (text.WARNINGS, warnings))
        if found
    ]


def _by_message(findings: Iterable[Finding], names: Iterable[str]) -> dict[str, list[str]]:
    """Group findings: the same message about several notices is drawn once."""
    lines: dict[str, list[str]] = defaultdict(list)
    for finding in findings:
        name, _, message = finding.text.partition(": ")
        line = f"{text.LINE} {finding.line}"
        if name in names:
            lines[message].append(f"{line}, {name}")
        else:
            lines[finding.text].append(line)
    return lines
