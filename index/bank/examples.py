"""Example questions for a first visit, from the question bank or the headings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.ids import article_of
from core.text.tokens import content_stems
from core.types import BankRow, BankRowKind, Passage

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MOST = 4
# Reading all of a large index for four examples would take too long.
_PASSAGES_READ = 500
# Characters that fit on a line on a phone.
_SHORTEST, _LONGEST = 12, 42


def example_questions(passages: Sequence[Passage], bank: Iterable[BankRow]) -> tuple[str, ...]:
    """Return up to MOST texts that find something, each from another section.

    These are the first short question of each section in the bank. Without a bank they are the
    sections' headings, those that ask before others. Articles take turns.
    """
    found: dict[str, str] = {}
    for row in bank:
        short = _SHORTEST <= len(row.text) <= _LONGEST
        if row.kind is BankRowKind.QUESTION and row.sections and short:
            found.setdefault(row.sections[0], row.text)
    return _in_turns(found or _of_headings(passages[:_PASSAGES_READ]))


def _of_headings(passages: Iterable[Passage]) -> dict[str, str]:
    """Return what the heading of each section asks or names, with the title where it lacks it."""
    asking: dict[str, str] = {}
    naming: dict[str, str] = {}
    for passage in passages:
        if passage.path:
            heading = passage.path[-1].rstrip(" :")
            # "When should I not have it?" says nothing by itself.
            is_alone = not content_stems(heading) & content_stems(passage.title)
            text = f"{passage.title}: {heading}" if is_alone else heading
            (asking if heading.endswith("?") else naming).setdefault(passage.section_id, text)
    return asking | naming


def _in_turns(found: Mapping[str, str]) -> tuple[str, ...]:
    """Return the first texts by section, one of each article before the second of any."""
    turns: dict[str, int] = {}
    ordered = []
    for number, (section, text) in enumerate(found.items()):
        article = article_of(section)
        turns[article] = turns.get(article, -1) + 1
        ordered.append((turns[article], number, text))
    return tuple(dict.fromkeys(text for _, _, text in sorted(ordered)))[:MOST]
