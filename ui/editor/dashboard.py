"""The dashboard for staff as HTML: what to do next, the state of everything, the tables. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from core.ids import slug_of
from index.coverage.next_steps import RULE
from index.coverage.report import HOW, HOW_COUNTED
from index.coverage.tables import summary, tables
from safety.claims.finder import Severity
from safety.notices.red_flags import Level
from safety.notices.signatures import counted_states
from ui.editor.claims import marked
from ui.editor.frame import CANDIDATE, CARDS, DECIDE, QUALITY, QUESTIONS, SIGN, address, rendered
from ui.editor.overview.steps import step_groups
from ui.editor.overview.tiles import tiles
from ui.editor.reading import reading_rows
from ui.languages import text
from ui.rendering.notices import review_of
from ui.rendering.passage import article_address

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from safety.notices.validation import Finding
    from ui.editor.facts import Facts

# The whole of a large clinic's tables would be megabytes through a page's connection.
MOST_ROWS = 200
UNFOLDED = 2
"""So many steps of a kind are shown at once; more are behind a line that opens."""


def dashboard_html(facts: Facts, *, today: date) -> str:
    """Draw the whole page; without an index, the parts that need none."""
    coverage = facts.coverage
    opened = Counter(claim.severity for claim in facts.claims if claim.is_open)
    drawn = list(tiles(facts, today=today))
    return rendered(
        "dashboard",
        facts=facts,
        headings=_headings(),
        tiles=drawn,
        also=[tile for tile in drawn if tile.is_beside_steps],
        groups=step_groups(facts.steps, {row.article: row.title for row in facts.reviews}),
        most_rows=MOST_ROWS,
        unfolded=UNFOLDED,
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
        marked=marked,
        decide_address=address(DECIDE),
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
        QUALITY: text.EDITOR_QUALITY,
    }


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
