"""The notices on the dashboard: whose they are, and what to correct in their file. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from html import escape
from typing import TYPE_CHECKING

from safety.red_flags import Level
from ui import text
from ui.notices import review_of
from ui.staff_parts import coded, day, facts_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from safety.validation import Finding
    from ui.facts import Facts


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
