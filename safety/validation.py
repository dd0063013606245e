"""Says what is wrong with `red_flags.toml` and what is still missing, with the line: pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from safety.reading import Reader
from safety.red_flags import Numbers, filled

if TYPE_CHECKING:
    from datetime import date

    from safety.red_flags import Group, RedFlags

MIN_EXAMPLES = 8
MAX_BULLETS = 4
MAX_BULLET_WORDS = 20
# A heading says first what to do.
ACTIONS = ("Call", "Go", "Ask", "Get", "Contact", "Tell", "See", "Talk", "Phone")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_KEY = re.compile(r'\s*(\w+)\s*=\s*(?:"([^"]*)")?')


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend: the line in the file, counted from 1, and what to do.

    An error makes the file unfit for use; a warning is what a reader has to be told.
    """

    line: int
    is_error: bool
    text: str


def findings(flags: RedFlags, text: str, *, today: date, country: str = "") -> list[Finding]:
    """Return everything to mend in a file that could be read, in the order of its lines.

    `text` is the file as it stands, for the numbers of its lines; `country` the clinic's.
    """
    lines = _Lines(text)
    found = [*_about_the_file(flags, lines, today=today, country=country)]
    for group in flags.groups.values():
        found += _about_a_group(group, flags, lines)
    return sorted(found, key=lambda one: (one.line, one.text))


def _about_the_file(
    flags: RedFlags, lines: _Lines, *, today: date, country: str
) -> Iterator[Finding]:
    if not flags.reviewed_by:
        line = lines.of("", "reviewed_by")
        yield Finding(line, False, "unsigned: no clinician is named in `reviewed_by`")
    elif flags.next_review is None:
        yield Finding(lines.of("", "next_review"), False, "signed, but without a next review")
    if flags.next_review and flags.next_review < today:
        line = lines.of("", "next_review")
        yield Finding(line, False, f"the review is overdue since {flags.next_review}")
    if country and country not in flags.numbers:
        known = ", ".join(sorted(flags.numbers)) or "none"
        told = f"no [numbers.{country}] for the country in clinic.toml (there are: {known})"
        yield Finding(1, True, told)
    used = {part for group in flags.groups.values() for rule in group.rules for part in rule}
    for name in flags.terms:
        if f"@{name}" not in used:
            yield Finding(lines.of("", name), False, f"the word class `{name}` is in no rule")


def _about_a_group(group: Group, flags: RedFlags, lines: _Lines) -> Iterator[Finding]:
    for key, told, is_error in (
        *_about_the_text(group, flags),
        *_about_the_rules(group, flags),
        *_about_the_source(group, flags),
    ):
        yield Finding(lines.of(group.id, key), is_error, f"{group.id}: {told}")


# The key, what is wrong with it, and whether that is an error.
_Told = tuple[str, str, bool]


def _about_the_text(group: Group, flags: RedFlags) -> Iterator[_Told]:
    if group.heading.split(" ", 1)[0] not in ACTIONS:
        yield "heading", f"the heading has to begin with one of {', '.join(ACTIONS)}", True
    if not all(filled(group.heading, one) for one in flags.numbers.values()):
        yield "heading", "the heading is empty in one of the countries", True
    if len(group.bullets) > MAX_BULLETS:
        yield "bullets", f"{len(group.bullets)} bullets; {MAX_BULLETS} at most", True
    for bullet in group.bullets:
        if (words := len(bullet.split())) > MAX_BULLET_WORDS:
            told = f"{words} words in “{bullet[:30]}…”; {MAX_BULLET_WORDS} at most"
            yield "bullets", told, True
    for name in _PLACEHOLDER.findall(" ".join((group.heading, *group.bullets))):
        if name not in Numbers.__slots__:
            yield "heading", f"{{{name}}} is no placeholder; see [numbers]", True


def _about_the_rules(group: Group, flags: RedFlags) -> Iterator[_Told]:
    reader = Reader(flags.manner)
    for part in sorted({part for rule in group.rules for part in rule}):
        if not part.startswith("@") and not reader.phrase(part):
            yield "rules", f"nothing is left of the part “{part}” without small words", True
    if not group.rules:
        yield "rules", "no rule, so that it is never raised without the model", True
    if len(group.examples) < MIN_EXAMPLES:
        yield "examples", f"{len(group.examples)} examples; {MIN_EXAMPLES} at least", True
    for text in sorted({x for x in group.examples if group.examples.count(x) > 1}):
        yield "examples", f"twice: “{text}”", True
    for text in sorted(set(group.examples) & {*group.not_examples, *flags.benign}):
        yield "examples", f"both an example and a counter-example: “{text}”", True


def _about_the_source(group: Group, flags: RedFlags) -> Iterator[_Told]:
    if not group.source:
        yield "source", "no source", True
    elif "own knowledge" in group.source:
        yield "source", "part of the source is “own knowledge”, which nobody can look up", False
    if group.checked is None:
        # A draft may be served while its sources are being checked; a signature says they were.
        yield "checked", "no day on which the source was checked", bool(flags.reviewed_by)


class _Lines:
    """Finds the line on which a key of a group, or of the file's head, is set."""

    def __init__(self, text: str) -> None:
        self._places: dict[tuple[str, str], int] = {}
        block: list[tuple[str, int]] = []
        name = ""
        for number, line in enumerate([*text.splitlines(), "[[group]]"], start=1):
            if line.startswith("[["):
                self._places |= {(name, key): at for key, at in reversed(block)}
                block, name = [("", number)], ""
            elif match := _KEY.match(line):
                block.append((match[1], number))
                if match[1] == "id" and not name:
                    name = match[2] or ""

    def of(self, group: str, key: str) -> int:
        """Return the line of a key, that of the group's beginning when it is not set."""
        return self._places.get((group, key)) or self._places.get((group, ""), 1)
