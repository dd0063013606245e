"""The page for staff as HTML: pure functions, everything escaped. `ui/facts.py` has the facts."""

from __future__ import annotations

from collections import defaultdict
from html import escape
from typing import TYPE_CHECKING

from index.ids import slug_of
from index.types import Span
from safety.claims import Severity
from safety.red_flags import Level
from ui import text
from ui.notices import review_of
from ui.passages import article_address, highlight
from ui.staff_coverage import coverage_part
from ui.staff_parts import coded, day, download, facts_list, table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from index.types import ClaimRow
    from safety.provenance import ReviewRow
    from safety.validation import Finding
    from ui.facts import Facts


def _headings() -> dict[str, str]:
    """Return the parts of the page by their names in addresses."""
    return {
        "coverage": text.STAFF_COVERAGE,
        "claims": text.STAFF_CLAIMS,
        "reviews": text.STAFF_REVIEWS,
        "notices": text.STAFF_NOTICES,
        "counts": text.STAFF_COUNTS,
        "index": text.STAFF_INDEX,
    }


def staff_html(facts: Facts, *, today: date) -> str:
    """Draw the whole page; what needs the index says so where there is none."""
    links = "".join(
        f'<li><a class="cs-in" href="?view=staff&amp;section={name}">{heading}</a></li>'
        for name, heading in _headings().items()
    )
    bodies = {
        "coverage": _coverage(facts),
        "claims": _claims(facts),
        "reviews": _reviews(facts),
        "notices": _notices(facts, today=today),
        "counts": _counts(facts),
        "index": _index(facts),
    }
    headings = _headings()
    sections = "".join(
        f'<section id="cs-part-{name}"><h2>{headings[name]}</h2>{body}</section>'
        for name, body in bodies.items()
    )
    return (
        f'<div class="cs-staff"><h1 id="cs-title">{text.STAFF_TITLE}</h1>'
        f'<p class="cs-lead">{text.STAFF_ONLY}</p>'
        f'<nav class="cs-panel cs-contents" aria-label="{text.CONTENTS}"><p>{text.CONTENTS}</p>'
        f'<ul class="cs-parts">{links}</ul></nav>{sections}</div>'
    )


def _coverage(facts: Facts) -> str:
    if facts.coverage is None:
        return _no_index(facts)
    return coverage_part(facts.coverage, facts.steps)


def _claims(facts: Facts) -> str:
    if facts.manifest is None:
        return _no_index(facts)
    if not facts.claims:
        return f"<p>{text.NO_CLAIMS}</p>"
    opened = {
        level.value: sum(c.is_open and c.severity == level.value for c in facts.claims)
        for level in Severity
    }
    steps = "".join(f"<li>{coded(step)}</li>" for step in text.CLAIMS_STEPS)
    return (
        f"<p>{text.CLAIMS_LEAD}</p>"
        f"<p><strong>{text.claims_counted(len(facts.claims), opened)}</strong></p>"
        f"{table('claims', text.CLAIMS_CAPTION, text.CLAIMS_COLUMNS, map(_claim, facts.claims))}"
        f"{download('claims', text.STAFF_CLAIMS)}<h3>{text.CLAIMS_HOW}</h3><ul>{steps}</ul>"
    )


def _claim(claim: ClaimRow) -> list[str]:
    words = Span(claim.words_start, claim.words_start + len(claim.words))
    href = escape(article_address(claim.article_id, slug_of(claim.place)))
    place = escape(claim.place.replace(f"{claim.article_id}#", ""))
    decision = f"<strong>{text.OPEN}</strong>" if claim.is_open else ""
    return [
        f'<a class="cs-in" href="{href}">{escape(claim.article_id)}</a><br>{place}',
        highlight(claim.sentence, words, (), kind="cs-near"),
        f"<code>{escape(claim.kind).replace('_', '_<wbr>')}</code>",
        text.SEVERITIES[claim.severity],
        " ".join(filter(None, (decision, escape(claim.decision)))),
        *map(escape, (claim.reason, claim.wording, claim.evidence)),
    ]


def _reviews(facts: Facts) -> str:
    if facts.manifest is None:
        return _no_index(facts)
    if not facts.reviews:
        return f"<p>{text.NO_ARTICLES}</p>"
    rows = map(_review, facts.reviews)
    return (
        f"<p>{text.REVIEWS_LEAD}</p>"
        f"{table('reviews', text.REVIEWS_CAPTION, text.REVIEWS_COLUMNS, rows)}"
        f"{download('reviews', text.STAFF_REVIEWS)}<p>{coded(text.REVIEWS_HOW)}</p>"
    )


def _review(row: ReviewRow) -> list[str]:
    href = escape(article_address(row.article))
    late = text.NOTHING_DUE if row.days_overdue is None else str(row.days_overdue)
    return [
        f'<a class="cs-in" href="{href}">{escape(row.title)}</a><br>{escape(row.article)}',
        text.REVIEW_STATES[row.state],
        escape(row.author or text.NOT_STATED),
        escape(row.reviewer or text.NOT_STATED),
        day(row.reviewed),
        day(row.due),
        late,
        str(row.sources),
    ]


def _notices(facts: Facts, *, today: date) -> str:
    flags = facts.flags
    levels = {
        text.LEVELS[level]: str(sum(group.level is level for group in flags.groups.values()))
        for level in Level
    }
    version, signed, due, total = text.NOTICES_FACTS
    told = {
        version: flags.version or text.NOT_STATED,
        signed: flags.reviewed_by or text.NOBODY,
        due: day(flags.next_review),
        total: str(len(flags.groups)),
        **levels,
    }
    return (
        f'<p class="cs-note">{escape(review_of(flags, today=today))}</p>{facts_list(told)}'
        f"{_findings(facts)}"
    )


def _findings(facts: Facts) -> str:
    if not facts.are_own:
        return f"<p>{text.NOTICES_NOT_IN_USE}</p>"
    if not facts.findings:
        return f"<p>{text.NO_FINDINGS}</p>"
    parts = []
    for heading, is_error in ((text.ERRORS, True), (text.WARNINGS, False)):
        found = [one for one in facts.findings if one.is_error == is_error]
        if not found:
            continue
        # The same text about many notices is one line that opens.
        alike: dict[str, list[tuple[Finding, str]]] = defaultdict(list)
        for one in found:
            name, _, told = one.text.partition(": ")
            known = name in facts.flags.groups
            alike[told if known else one.text].append((one, name if known else ""))
        items = "".join(_finding(told, where) for told, where in alike.items())
        parts.append(f"<h3>{heading}: {len(found)}</h3><ul>{items}</ul>")
    return f"{''.join(parts)}<p>{coded(text.FINDINGS_HOW)}</p>"


def _finding(told: str, where: Sequence[tuple[Finding, str]]) -> str:
    lines = [
        ", ".join(filter(None, (f"{text.LINE} {one.line}", escape(group)))) for one, group in where
    ]
    if len(lines) == 1:
        return f"<li>{lines[0]}: {coded(told)}</li>"
    items = "".join(f"<li>{line}</li>" for line in lines)
    summary = f"{len(lines)} {text.TIMES}: {coded(told)}"
    return f"<li><details><summary>{summary}</summary><ul>{items}</ul></details></li>"


def _counts(facts: Facts) -> str:
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


def _index(facts: Facts) -> str:
    manifest = facts.manifest
    if manifest is None:
        return _no_index(facts)
    generation, model = text.INDEX_FACTS
    counts = {
        named: str(manifest.counts[name])
        for name, named in text.INDEX_COUNTS.items()
        if name in manifest.counts
    }
    told = facts_list({generation: manifest.generation, model: manifest.encoder.name, **counts})
    if not manifest.warnings:
        return f"{told}<p>{text.NO_WARNINGS}</p>"
    warnings = "".join(f"<li>{escape(warning)}</li>" for warning in manifest.warnings)
    return f"{told}<h3>{text.WARNED}</h3><ul>{warnings}</ul>"


def _no_index(facts: Facts) -> str:
    return f"<p>{coded(text.INDEX_STATES[facts.state])}</p>"
