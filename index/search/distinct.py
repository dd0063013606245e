"""Choose the passages to show: none that says what another one said, no section that fills all."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

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

# Cached: popular passages are compared again and again.
_stems = lru_cache(maxsize=2048)(content_stems)


def distinct(index: OpenIndex, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates in their order, of passages that say the same only the first.

    A third passage of a section comes after the best passages of all other sections.
    """
    chosen: list[Candidate] = []
    further: list[Candidate] = []
    said: list[frozenset[str]] = []
    of_section: dict[str, int] = {}
    for candidate in candidates[:_READ]:
        stems = _stems(index.passages[candidate.passage].text)
        if any(_is_same(stems, other) for other in said):
            continue
        said.append(stems)
        count = of_section.get(candidate.section_id, 0)
        of_section[candidate.section_id] = count + 1
        (chosen if count < _OF_A_SECTION else further).append(candidate)
    return [*chosen, *further, *candidates[_READ:]]


def _is_same(stems: frozenset[str], other: frozenset[str]) -> bool:
    if min(len(stems), len(other)) < _SAME * max(len(stems), len(other)):
        return False
    return len(stems & other) >= _SAME * len(stems | other)
