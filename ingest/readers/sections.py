"""Headings and texts in reading order become sections, and no word is lost.

A heading with neither text nor sub-headings would be in no passage. It is text itself, a line under
the heading above: documents write advice in the style of headings, and readers that guess take
large or bold lines for headings.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import takewhile

from core.text.characters import word_count
from core.text.slugs import Slugs
from core.types import Section, Span

INTRODUCTION = "introduction"
# A heading without text of up to so many words, alone before another, is above that one.
_ABOVE_MAX_WORDS = 2
# Fewer words without the end of a sentence are a label: no section of their own.
_LEAST_WORDS = 4
_LABEL = re.compile(
    r"(?![-*\u2022] |\d+[.)] )(?:[^\d\n]*[^\s.,;:!?\u2026\u3002\uff01\uff1f\d]|\d{1,2})"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A text (`level` 0) or a heading (1 for the outermost), and its place in the article's text.

    A heading "" ends the sections of its level and deeper.
    """

    level: int
    text: str
    span: Span


class _Role(Enum):
    TEXT = auto()
    HEADING = auto()
    LEAVES = auto()
    BARE = auto()  # a heading that is text, and a label that is all the text of such a heading
    ABOVE = auto()  # a line that belongs to the path of the next heading


def sections_of(entries: Sequence[Entry], article_id: str, slugs: Slugs) -> list[Section]:
    """Return the sections that headings and texts make, in reading order.

    Text before the first heading is the section `introduction`. A heading with text or sub-headings
    is in the path of their sections, and so is a label that is all there is before it. Every other
    line is inside the body of a section.
    """
    roles = _roles(entries)
    found: list[Section] = []
    path: tuple[Entry, ...] = ()
    last: tuple[Entry, ...] | None = None  # the path of the last section
    waiting: list[str] = []
    for i, (entry, role) in enumerate(zip(entries, roles, strict=True)):
        if entry.level:
            path = tuple(above for above in path if above.level < entry.level)
        if role is _Role.ABOVE:
            waiting.append(entry.text)
        elif role is _Role.HEADING:
            path = (*path, *(replace(entry, text=text) for text in waiting), entry)
            waiting.clear()
        elif role is _Role.LEAVES:
            continue
        elif path == last or (
            role is _Role.BARE and found and _joins(entries, roles, i, path, found[-1])
        ):
            found[-1] = replace(found[-1], body=Span(found[-1].body.start, entry.span.end))
        else:
            headings = tuple(above.text for above in path)
            name = slugs.take(headings[-1] if headings else INTRODUCTION)
            found.append(Section(f"{article_id}#{name}", headings, entry.span))
            last = path
    return found


def _roles(entries: Sequence[Entry]) -> list[_Role]:
    """Return what each entry is, found from the end: a heading depends on what follows it."""
    roles = [_Role.TEXT] * len(entries)
    first = next((i for i, entry in enumerate(entries) if not entry.level), 0)
    for i in reversed(range(len(entries))):
        if not entries[i].level:
            roles[i] = _role_of_text(entries, roles, i, first)
        elif entries[i].text:
            roles[i] = _Role.HEADING if _has_text(entries, roles, i) else _Role.BARE
        else:
            roles[i] = _Role.LEAVES
    for i, entry in enumerate(entries):
        if (
            roles[i] is _Role.BARE
            and (i == 0 or roles[i - 1] is not _Role.BARE)
            and roles[i + 1 : i + 2] == [_Role.HEADING]
            and entries[i + 1].level == entry.level
            and word_count(entry.text) <= _ABOVE_MAX_WORDS
        ):
            roles[i] = _Role.ABOVE
    return roles


def _role_of_text(entries: Sequence[Entry], roles: Sequence[_Role], i: int, first: int) -> _Role:
    before = entries[i - 1] if i else Entry(0, "", entries[i].span)
    after = entries[i + 1] if i + 1 < len(entries) else Entry(1, "", entries[i].span)
    is_alone = after.level > 0 and (i == 0 or before.level > 0)
    if not (is_alone and _is_label(entries[i].text)):
        return _Role.TEXT
    if before.text and after.level <= before.level:
        return _Role.TEXT if i == first else _Role.BARE  # with its heading, if it can join a text
    return _Role.ABOVE if roles[i + 1 : i + 2] == [_Role.HEADING] else _Role.TEXT


def _is_label(text: str) -> bool:
    few = len(text.split(maxsplit=_LEAST_WORDS)) < _LEAST_WORDS
    return few and word_count(text) < _LEAST_WORDS and bool(_LABEL.fullmatch(text))


def _has_text(entries: Sequence[Entry], roles: Sequence[_Role], i: int) -> bool:
    """Say whether a heading has a text or a sub-heading."""
    own = entries[i]
    for j in range(i + 1, len(entries)):
        entry = entries[j]
        if roles[j] is _Role.TEXT:
            return bool(own.text)
        if entry.level and (entry.text or entry.level <= own.level):
            return bool(own.text) and entry.level > own.level
    return False


def _joins(
    entries: Sequence[Entry],
    roles: Sequence[_Role],
    i: int,
    path: Sequence[Entry],
    before: Section,
) -> bool:
    """Say whether headings that are text, from `i` on, join the section before.

    They do where no heading is above them, and where they are too short to be a section.
    """
    if not path:
        return True
    run = takewhile(lambda j: roles[j] is _Role.BARE, range(i, len(entries)))
    words = 0
    for j in run:
        words += word_count(entries[j].text)
        if words >= _LEAST_WORDS:
            return False
    return path[-1].span.end <= before.body.end
