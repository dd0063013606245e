"""Write a notice out for the clinician who signs it: its words, its rules in words, its sources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from safety.notices.red_flags import filled
from safety.notices.signatures import state_of

if TYPE_CHECKING:
    from datetime import date

    from safety.notices.red_flags import Group, Numbers, RedFlags, Rule


@dataclass(frozen=True, slots=True)
class RulesInWords:
    """What raises a notice.

    Every part of one of `together` has to be said, in any order; one of `alone` is enough. A part
    is the name of a word class, or a phrase in quotes; the last one names what must not be said.
    `classes` are the phrases by class name.
    """

    together: tuple[tuple[str, ...], ...]
    alone: tuple[str, ...]
    classes: dict[str, tuple[str, ...]]


def rules_in_words(group: Group, flags: RedFlags) -> RulesInWords:
    """Return the rules of a notice in words, in the order of the file."""
    rules = [_rule_in_words(rule) for rule in group.rules]
    parts = dict.fromkeys(
        part for rule in group.rules for part in rule.parts if part.startswith("@")
    )
    return RulesInWords(
        tuple(rule for rule in rules if len(rule) > 1),
        tuple(rule[0] for rule in rules if len(rule) == 1),
        {_in_words(part): flags.terms[part[1:]] for part in parts},
    )


def sheet_lines(group: Group, flags: RedFlags, numbers: Numbers, *, today: date) -> Iterator[str]:
    """Yield the lines of a notice for a terminal."""
    yield f"{group.id}: {group.title}"
    yield f"level: {group.level}; {state_of(group, flags, today=today)}{_decision(group)}"
    yield ""
    yield filled(group.heading, numbers)
    yield from (f"- {line}" for bullet in group.bullets if (line := filled(bullet, numbers)))
    yield ""
    rules = rules_in_words(group, flags)
    if rules.together:
        yield "A phrase of each, in any order:"
        yield from (f"  {' + '.join(rule)}" for rule in rules.together)
    if rules.alone:
        yield f"Enough by itself: {', '.join(rules.alone)}"
    for name, phrases in rules.classes.items():
        yield f"  {name}: {', '.join(phrases)}"
    yield "Examples:"
    yield from (f"  {example}" for example in group.examples)
    if group.not_examples:
        yield "Not for:"
        yield from (f"  {example}" for example in group.not_examples)
    checked = group.checked or "on a day that is not stated"
    yield f"Source: {group.source or 'none'} (checked {checked})"


def _decision(group: Group) -> str:
    if not group.signed_by:
        return ""
    reason = f": {group.refused}" if group.refused else ""
    return f" ({group.signed_by}, {group.registration}, {group.signed_on}{reason})"


def _rule_in_words(rule: Rule) -> tuple[str, ...]:
    *others, last = map(_in_words, rule.needed)
    unless = ", ".join(map(_in_words, rule.unless))
    return (*others, f"{last} (not with {unless})" if unless else last)


def _in_words(part: str) -> str:
    return part[1:].replace("_", " ") if part.startswith("@") else f"“{part}”"
