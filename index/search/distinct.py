"""Choose the passages to show: none that says what another one said, no section that fills all."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from core.text.tokens import content_stems

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.search.ranking import Candidate
    from index.store.opened import OpenIndex

# From this share of common content words on, two passages say the same.
_SAME = 0.9
_OF_A_SECTION = 2
# So many of the best passages are read; nobody is shown more at once.
_READ = 20

_NEGATION = re.compile(
    r"\b(?:no|not|never|none|nobody|nothing|without|cannot|\w+n['\u2019]t)\b", re.I
)


class _Said(NamedTuple):
    """What a passage says: its content words, how often it denies, itself without such words."""

    stems: frozenset[str]
    negations: int
    text: str


def distinct(index: OpenIndex, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates in their order, of passages that say the same only the first.

    A third passage of a section comes after the best passages of all other sections.
    """
    chosen: list[Candidate] = []
    further: list[Candidate] = []
    said: list[_Said] = []
    of_section: dict[str, int] = {}
    for candidate in candidates[:_READ]:
        one = _said(index.passages[candidate.passage].text)
        if any(_is_same(one, other) for other in said):
            continue
        said.append(one)
        count = of_section.get(candidate.section_id, 0)
        of_section[candidate.section_id] = count + 1
        (chosen if count < _OF_A_SECTION else further).append(candidate)
    return [*chosen, *further, *candidates[_READ:]]


@lru_cache(maxsize=2048)  # popular passages are compared again and again
def _said(text: str) -> _Said:
    stems = content_stems(text)
    return _Said(stems, len(_NEGATION.findall(text)), "" if stems else text)


def _is_same(one: _Said, other: _Said) -> bool:
    # Passages of the same words that differ in a "not" contradict each other.
    if (one.negations, one.text) != (other.negations, other.text):
        return False
    least = _SAME * max(len(one.stems), len(other.stems))
    if min(len(one.stems), len(other.stems)) < least:
        return False
    return len(one.stems & other.stems) >= _SAME * len(one.stems | other.stems)
