"""The parts of the dashboard for staff, from the coverage to the index, as HTML. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from html import escape
from typing import TYPE_CHECKING

from core.ids import slug_of
from core.types import Span
from index.coverage.next_steps import RULE
from index.coverage.report import HOW, HOW_COUNTED
from index.coverage.tables import Cell, Link, Share, summary, tables
from safety.claims.finder import Severity
from safety.notices.red_flags import Level
from ui.languages import text
from ui.rendering.notices import review_of
from ui.rendering.passage import article_address, highlight
from ui.rendering.tables import coded, day, download, facts_list, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.types import ClaimRow
    from index.coverage.next_steps import Step
    from index.coverage.tables import Table
    from index.coverage.types import Coverage
    from index.reviews import ReviewRow
    from index.store.manifest import Manifest
    from safety.notices.validation import Finding
    from ui.editor.facts import Facts

# The whole of a large clinic's tables would be megabytes through a page's connection.
MOST_ROWS = 200


def coverage_part(coverage: Coverage, steps: Sequence[Step]) -> str:
    """Draw how the articles fare with the questions of the bank: the tables of the report."""
    figures = {name: str(value) for name, value in summary(coverage).items()}
    drawn = "".join(map(_coverage_table, tables(coverage, steps)))
    return (
        f"<p>{text.COVERAGE_LEAD}</p>{facts_list(figures)}"
        f"{drawn}{download('coverage', text.STAFF_COVERAGE)}"
        f"<h3>{HOW}</h3><p>{RULE}</p><p>{HOW_COUNTED}</p><p>{coded(text.COVERAGE_FILE)}</p>"
    )


def _coverage_table(found: Table) -> str:
    rows = ([_cell(cell) for cell in row] for row in found.rows[:MOST_ROWS])
    drawn = table(f"cover-{found.name}", found.caption, found.columns, rows)
    held_back = len(found.rows) - MOST_ROWS
    more = f"<p>{text.more_rows(held_back)}</p>" if held_back > 0 else ""
    return f"<h3>{found.heading}</h3>{drawn}{more}"


def _cell(cell: Cell) -> str:
    if isinstance(cell, Share):
        return f"{cell}{_bar(cell) if cell.whole else ''}"
    if isinstance(cell, Link):
        return f"{_link(cell.name, cell.article, cell.section)}<br>{escape(cell.note)}"
    if isinstance(cell, tuple):
        items = "".join(f"<li>{escape(item)}</li>" for item in cell)
        return f"<details><summary>{escape(cell[0])} …</summary><ul>{items}</ul></details>"
    return day(cell) if isinstance(cell, date) else escape(str(cell))


def _bar(share: Share) -> str:
    """Draw a share for the eye; no SVG, which Streamlit takes out."""
    width = 100 * share.part // share.whole
    return f'<span class="cs-bar" aria-hidden="true"><span style="width:{width}%"></span></span>'


def _link(name: str, article: str, section: str = "") -> str:
    href = escape(article_address(article, slug_of(section)))
    return f'<a class="cs-in" href="{href}">{escape(name)}</a>'


def claims_part(claims: Sequence[ClaimRow]) -> str:
    """Draw the claims and how to decide about them."""
    if not claims:
        return f"<p>{text.NO_CLAIMS}</p>"
    counts = Counter(claim.severity for claim in claims if claim.is_open)
    opened = {severity.value: counts[severity] for severity in Severity}
    steps = "".join(f"<li>{coded(step)}</li>" for step in text.CLAIMS_STEPS)
    return (
        f"<p>{text.CLAIMS_LEAD}</p>"
        f"<p><strong>{text.claims_counted(len(claims), opened)}</strong></p>"
        f"{table('claims', text.CLAIMS_CAPTION, text.CLAIMS_COLUMNS, map(_claim, claims))}"
        f"{download('claims', text.STAFF_CLAIMS)}<h3>{text.CLAIMS_HOW}</h3><ul>{steps}</ul>"
    )


def _claim(claim: ClaimRow) -> list[str]:
    words = Span(claim.words_start, claim.words_start + len(claim.words))
    place = escape(claim.place.replace(f"{claim.article_id}#", ""))
    decision = f"<strong>{text.OPEN}</strong>" if claim.is_open else ""
    return [
        f"{_link(claim.article_id, claim.article_id, claim.place)}<br>{place}",
        highlight(claim.sentence, words, (), kind="cs-near"),
        f"<code>{escape(claim.kind).replace('_', '_<wbr>')}</code>",
        text.SEVERITIES[claim.severity],
        " ".join(filter(None, (decision, escape(claim.decision)))),
        *map(escape, (claim.reason, claim.wording, claim.evidence)),
    ]


def reviews_part(reviews: Sequence[ReviewRow]) -> str:
    """Draw who has reviewed which article, and which review is due."""
    if not reviews:
        return f"<p>{text.NO_ARTICLES}</p>"
    return (
        f"<p>{text.REVIEWS_LEAD}</p>"
        f"{table('reviews', text.REVIEWS_CAPTION, text.REVIEWS_COLUMNS, map(_review, reviews))}"
        f"{download('reviews', text.STAFF_REVIEWS)}<p>{coded(text.REVIEWS_HOW)}</p>"
    )


def _review(row: ReviewRow) -> list[str]:
    return [
        f"{_link(row.title, row.article)}<br>{escape(row.article)}",
        text.REVIEW_STATES[row.state],
        escape(row.author or text.NOT_STATED),
        escape(row.reviewer or text.NOT_STATED),
        day(row.reviewed),
        day(row.due),
        text.NOTHING_DUE if row.days_overdue is None else str(row.days_overdue),
        str(row.sources),
    ]


def notices_part(facts: Facts, *, today: date) -> str:
    """Draw the version that serves, who signed it, and the findings about the clinic's file."""
    flags = facts.flags
    levels = Counter(group.level for group in flags.groups.values())
    version, signed, due, total = text.NOTICES_FACTS
    shown = {
        version: flags.version or text.NOT_STATED,
        signed: flags.reviewed_by or text.NOBODY,
        due: day(flags.next_review),
        total: str(len(flags.groups)),
        **{text.LEVELS[level]: str(levels[level]) for level in Level},
    }
    review = escape(review_of(flags, today=today))
    return f'<p class="cs-note">{review}</p>{facts_list(shown)}{_findings(facts)}'


def _findings(facts: Facts) -> str:
    if not facts.are_own:
        return f"<p>{text.NOTICES_NOT_IN_USE}</p>"
    if not facts.findings:
        return f"<p>{text.NO_FINDINGS}</p>"
    errors = [finding for finding in facts.findings if finding.is_error]
    warnings = [finding for finding in facts.findings if not finding.is_error]
    drawn = "".join(
        f"<h3>{heading}: {len(found)}</h3><ul>{_grouped(found, facts.flags.groups)}</ul>"
        for heading, found in ((text.ERRORS, errors), (text.WARNINGS, warnings))
        if found
    )
    return f"{drawn}<p>{coded(text.FINDINGS_HOW)}</p>"


def _grouped(findings: Iterable[Finding], names: Iterable[str]) -> str:
    """Draw findings as a list; the same text about several notices is one item that opens."""
    alike: dict[str, list[str]] = defaultdict(list)
    for finding in findings:
        name, _, message = finding.text.partition(": ")
        line = f"{text.LINE} {finding.line}"
        if name in names:
            alike[message].append(f"{line}, {escape(name)}")
        else:
            alike[finding.text].append(line)
    return "".join(_finding(message, lines) for message, lines in alike.items())


def _finding(message: str, lines: Sequence[str]) -> str:
    if len(lines) == 1:
        return f"<li>{lines[0]}: {coded(message)}</li>"
    items = "".join(f"<li>{line}</li>" for line in lines)
    summary = f"{len(lines)} {text.TIMES}: {coded(message)}"
    return f"<li><details><summary>{summary}</summary><ul>{items}</ul></details></li>"


def counts_part(facts: Facts) -> str:
    """Draw what was counted, or why there is nothing to show."""
    if not facts.is_counting:
        return f"<p>{coded(text.COUNTS_OFF)}</p>"
    if facts.counts is None:
        return f"<p>{text.COUNTS_BROKEN}</p>"
    if not facts.counts:
        return f"<p>{text.COUNTS_NONE}</p>"
    rows = (
        [*map(escape, (row.week, text.COUNTED.get(row.kind, row.kind), row.id, row.times))]
        for row in facts.counts
    )
    drawn = table("counts", text.COUNTS_CAPTION, text.COUNTS_COLUMNS, rows)
    return f"<p>{text.COUNTS_LEAD}</p>{drawn}{download('counts', text.STAFF_COUNTS)}"


def index_part(manifest: Manifest) -> str:
    """Draw what is in the index, and what the ingest that made it warned of."""
    generation, model = text.INDEX_FACTS
    counts = {
        heading: str(manifest.counts[name])
        for name, heading in text.INDEX_COUNTS.items()
        if name in manifest.counts
    }
    drawn = facts_list({generation: manifest.generation, model: manifest.encoder.name, **counts})
    if not manifest.warnings:
        return f"{drawn}<p>{text.NO_WARNINGS}</p>"
    warnings = "".join(f"<li>{escape(str(warning))}</li>" for warning in manifest.warnings)
    return f"{drawn}<h3>{text.WARNED}</h3><ul>{warnings}</ul>"
