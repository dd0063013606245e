"""Example questions for a first visit, from the question bank or the headings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.ids import article_of
from core.types import BankRow, BankRowKind, Passage

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST = 4
# Reading all of a large index for four examples would take too long.
_PASSAGES_READ = 500
# Characters that fit on a line on a phone.
_SHORTEST, _LONGEST = 12, 42


def example_questions(passages: Sequence[Passage], bank: Iterable[BankRow]) -> tuple[str, ...]:
    """Return up to MOST texts that find something, each from another section.

    These are the first short question of each section in the bank, or the sections' headings when
    the bank has none; articles take turns.
    """
    found: dict[str, str] = {}
    for row in bank:
        short = _SHORTEST <= len(row.text) <= _LONGEST
        if row.kind is BankRowKind.QUESTION and row.sections and short:
            found.setdefault(row.sections[0], row.text)
    if not found:
        for passage in passages[:_PASSAGES_READ]:
            if passage.path:
                found.setdefault(passage.section_id, passage.heading.rstrip(" :"))
    turns: dict[str, int] = {}
    ordered = []
    for number, (section, text) in enumerate(found.items()):
        article = article_of(section)
        turns[article] = turns.get(article, -1) + 1
        ordered.append((turns[article], number, text))
    return tuple(dict.fromkeys(text for _, _, text in sorted(ordered)))[:MOST]
