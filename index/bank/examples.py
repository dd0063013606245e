"""Example questions for a first visit, drawn from the content itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.ids import article_of
from core.types import BankRow, BankRowKind, Passage

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST = 4
# A large index is not read through for four examples.
_LOOKED_AT = 500
# Characters that are read at a glance, in one line on a phone.
_SHORTEST, _LONGEST = 12, 42


def example_questions(passages: Sequence[Passage], bank: Iterable[BankRow]) -> tuple[str, ...]:
    """Return up to MOST texts that are known to find something, each from another section.

    A section's first short question in the bank stands for it, and where the bank has none at all,
    the sections' headings; articles take turns, so that the examples show what there is.
    """
    found: dict[str, str] = {}
    for row in bank:
        short = _SHORTEST <= len(row.text) <= _LONGEST
        if row.kind is BankRowKind.QUESTION and row.sections and short:
            found.setdefault(row.sections[0], row.text)
    if not found:
        for passage in passages[:_LOOKED_AT]:
            if passage.path:
                found.setdefault(passage.section_id, passage.heading.rstrip(" :"))
    turns: dict[str, int] = {}
    ordered = []
    for place, (section, text) in enumerate(found.items()):
        article = article_of(section)
        turns[article] = turns.get(article, -1) + 1
        ordered.append((turns[article], place, text))
    return tuple(dict.fromkeys(text for _, _, text in sorted(ordered)))[:MOST]
