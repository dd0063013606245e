"""Example questions for a first visit, from the question bank or from what articles ask."""

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

    These are the first short question of each section in the bank. Without a bank they are
    headings that ask, and the titles of articles in which none does: a heading such as "Do" or
    "See your GP if" is no example. Articles take turns.
    """
    found: dict[str, str] = {}
    for row in bank:
        short = _SHORTEST <= len(row.text) <= _LONGEST
        if row.kind is BankRowKind.QUESTION and row.sections and short:
            found.setdefault(row.sections[0], row.text)
    return _in_turns(found or _of_articles(passages[:_PASSAGES_READ]))


def asks(heading: str) -> bool:
    """Say whether a heading is a question."""
    return heading.rstrip().endswith(("?", "？", "؟"))


def with_title(heading: str, title: str) -> str:
    """Return a heading with the title where it lacks it: "When should I not have it?" is alone."""
    return heading if content_stems(heading) & content_stems(title) else f"{title}: {heading}"


def _of_articles(passages: Iterable[Passage]) -> dict[str, str]:
    """Return short headings that ask, by section, and the titles of articles without any."""
    asking: dict[str, str] = {}
    titles: dict[str, str] = {}
    for passage in passages:
        titles.setdefault(passage.article_id, passage.title)
        if passage.path and asks(passage.path[-1]):
            text = with_title(passage.path[-1], passage.title)
            if len(text) <= _LONGEST:
                asking.setdefault(passage.section_id, text)
    for section in asking:
        titles.pop(article_of(section), None)
    return asking | {name: title for name, title in titles.items() if len(title) <= _LONGEST}


def _in_turns(found: Mapping[str, str]) -> tuple[str, ...]:
    """Return the first texts by section, one of each article before the second of any."""
    turns: dict[str, int] = {}
    ordered = []
    for number, (section, text) in enumerate(found.items()):
        article = article_of(section)
        turns[article] = turns.get(article, -1) + 1
        ordered.append((turns[article], number, text))
    return tuple(dict.fromkeys(text for _, _, text in sorted(ordered)))[:MOST]
