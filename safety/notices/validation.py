"""Find errors and gaps in `red_flags.toml`, with their lines: pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from safety.notices.languages import language_of
from safety.notices.red_flags import Numbers, filled
from safety.notices.signatures import SignatureState, state_of
from safety.notices.tokenizer import Tokenizer

if TYPE_CHECKING:
    from datetime import date

    from safety.notices.red_flags import Group, RedFlags

MIN_EXAMPLES = 8
MAX_BULLETS = 4
MAX_BULLET_WORDS = 20
_UNSIGNED = "no clinician has signed this notice"
# More unsigned notices than this are one line.
_NAMED = 5
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_KEY = re.compile(r'\s*(\w+)\s*=\s*(?:"([^"]*)")?')


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem in the file: its line, counted from 1, and its description.

    An error makes the file unfit for use; a warning only informs.
    """

    line: int
    is_error: bool
    text: str


def findings(flags: RedFlags, text: str, *, today: date, country: str = "") -> list[Finding]:
    """Return every problem of a file that could be read, in the order of its lines.

    `text` is the file itself, for its line numbers; `country` is the clinic's.
    """
    lines = _Lines(text)
    found = list(_about_the_file(flags, lines, today=today, country=country))
    problems = [
        (group.id, *problem)
        for group in flags.groups.values()
        for problem in _about_a_group(group, flags, today=today)
    ]
    unsigned = [name for name, _, problem, _ in problems if problem == _UNSIGNED]
    if len(unsigned) > _NAMED:
        counted = (
            f"{len(unsigned)} of {len(flags.groups)} notices are signed by no clinician: "
            "python -m safety sign"
        )
        found.append(Finding(lines.of(unsigned[0], "signed_by"), False, counted))
        problems = [problem for problem in problems if problem[2] != _UNSIGNED]
    found += (
        Finding(lines.of(name, key), is_error, f"{name}: {problem}")
        for name, key, problem, is_error in problems
    )
    return sorted(found, key=lambda finding: (finding.line, finding.text))


def _about_the_file(
    flags: RedFlags, lines: _Lines, *, today: date, country: str
) -> Iterator[Finding]:
    next_review = lines.of("", "next_review")
    if not flags.reviewed_by:
        problem = "`reviewed_by` names nobody who has checked the numbers and word classes"
        yield Finding(lines.of("", "reviewed_by"), False, problem)
    elif flags.next_review is None:
        yield Finding(next_review, False, "checked, but `next_review` has no date")
    if flags.next_review and flags.next_review < today:
        problem = f"overdue: the next review was due on {flags.next_review}"
        yield Finding(next_review, False, problem)
    if country and country not in flags.numbers:
        known = ", ".join(sorted(flags.numbers)) or "none"
        problem = f"no [numbers.{country}] for the country in clinic.toml (present: {known})"
        yield Finding(1, True, problem)
    used = {part for group in flags.groups.values() for rule in group.rules for part in rule.parts}
    for name in flags.terms:
        if f"@{name}" not in used:
            yield Finding(lines.of("", name), False, f"no rule uses the word class `{name}`")


# The key, what is wrong with it, and whether that is an error.
_Problem = tuple[str, str, bool]


def _about_a_group(group: Group, flags: RedFlags, *, today: date) -> Iterator[_Problem]:
    yield from _about_the_signature(group, flags, today=today)
    yield from text_problems(group, flags)
    yield from _about_the_rules(group, flags)
    if not group.source:
        yield "source", "no source", True
    elif "own knowledge" in group.source:
        yield "source", "part of the source is “own knowledge”, which nobody can look up", False
    if group.checked is None:
        # A draft may be served while its sources are being checked; a signature says they were.
        is_approved = bool(group.signed_by) and not group.refused
        yield "checked", "no date on which the source was checked", is_approved


def _about_the_signature(group: Group, flags: RedFlags, *, today: date) -> Iterator[_Problem]:
    by, on = group.signed_by, group.signed_on
    match state_of(group, flags, today=today):
        case SignatureState.UNSIGNED if by or group.registration or on:
            yield "signed_by", "the signature lacks a name, a number or a day that has come", False
        case SignatureState.UNSIGNED:
            yield "signed_by", _UNSIGNED, False
        case SignatureState.CHANGED:
            yield "signed_text", f"changed since {by} decided on it on {on}", False
        case SignatureState.REFUSED:
            yield "refused", f"refused by {by} on {on}: {group.refused}", False
        case SignatureState.OVERDUE:
            yield "signed_on", f"overdue: {by} signed this notice on {on}", False


def text_problems(group: Group, flags: RedFlags) -> Iterator[_Problem]:
    """Yield what is wrong with the words of a notice: key, problem, and whether it is an error."""
    # A heading says first what to do.
    actions = language_of(flags.language).actions
    if actions and group.heading.split(" ", 1)[0] not in actions:
        yield "heading", f"the heading must begin with one of {', '.join(actions)}", True
    if not all(filled(group.heading, numbers) for numbers in flags.numbers.values()):
        yield "heading", "the heading is empty in at least one country", True
    if (count := len(group.bullets)) > MAX_BULLETS:
        yield "bullets", f"{count} bullets, but at most {MAX_BULLETS} are allowed", True
    for bullet in group.bullets:
        if (count := len(bullet.split())) > MAX_BULLET_WORDS:
            allowed = f"but at most {MAX_BULLET_WORDS} are allowed"
            yield "bullets", f"“{bullet[:30]}…” has {count} words, {allowed}", True
    for name in _PLACEHOLDER.findall(" ".join((group.heading, *group.bullets))):
        if name not in Numbers.__slots__:
            yield "heading", f"{{{name}}} is no placeholder; use a key of [numbers]", True


def _about_the_rules(group: Group, flags: RedFlags) -> Iterator[_Problem]:
    tokenizer = Tokenizer(flags.manner, language=flags.language)
    for part in sorted({part for rule in group.rules for part in rule.parts}):
        if not part.startswith("@") and not tokenizer.phrase(part):
            yield "rules", f"“{part}” in a rule holds only filler words", True
    if not group.rules:
        yield "rules", "no rule: without the model this notice is never raised", True
    if (count := len(group.examples)) < MIN_EXAMPLES:
        yield "examples", f"{count} examples, but at least {MIN_EXAMPLES} are needed", True
    for text in sorted({x for x in group.examples if group.examples.count(x) > 1}):
        yield "examples", f"the example “{text}” appears twice", True
    for text in sorted(set(group.examples) & {*group.not_examples, *flags.benign}):
        yield "examples", f"“{text}” is both an example and a counter-example", True


class _Lines:
    """Finds the line on which a key of a group, or of the file's head, is set."""

    def __init__(self, text: str) -> None:
        self._numbers: dict[tuple[str, str], int] = {}
        block: list[tuple[str, int]] = []
        name = ""
        for number, line in enumerate([*text.splitlines(), "[[group]]"], start=1):
            if line.startswith("[["):
                self._numbers |= {(name, key): at for key, at in reversed(block)}
                block, name = [("", number)], ""
            elif match := _KEY.match(line):
                block.append((match[1], number))
                if match[1] == "id" and not name:
                    name = match[2] or ""

    def of(self, group: str, key: str) -> int:
        """Return the line of a key, that of the group's beginning when it is not set."""
        return self._numbers.get((group, key)) or self._numbers.get((group, ""), 1)
