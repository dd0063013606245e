"""Choose the passages to show: none that says what another one said, no section that fills all."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from core.text.tokens import content_stems

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.search.ranking import Candidate
    from index.store.opened import OpenIndex

# From this share of common content words on, two passages say the same.
_SAME = 0.9
_OF_A_SECTION = 2
_ROUNDED = 1e-6  # what that share of a sum may lose by rounding
# So many of the best passages are read; nobody is shown more at once.
_READ = 20

_NEGATION = re.compile(
    r"\b(?:no|not|never|none|nobody|nothing|without|cannot|\w+n['\u2019]t)\b", re.I
)


def distinct(index: OpenIndex, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates in their order, of passages that say the same only the first.

    A third passage of a section comes after the best passages of all other sections.
    """
    chosen: list[Candidate] = []
    further: list[Candidate] = []
    kept: list[int] = []
    of_section: dict[str, int] = {}
    rows = [candidate.passage for candidate in candidates[:_READ]]
    alike = _alike(index, rows)
    for place, candidate in enumerate(candidates[:_READ]):
        if any(alike[place][i] and _is_same(index, rows[place], rows[i]) for i in kept):
            continue
        kept.append(place)
        count = of_section.get(candidate.section_id, 0)
        of_section[candidate.section_id] = count + 1
        (chosen if count < _OF_A_SECTION else further).append(candidate)
    return [*chosen, *further, *candidates[_READ:]]


@lru_cache(maxsize=2048)  # popular passages are compared again and again
def _stems(text: str) -> frozenset[str]:
    return content_stems(text)


def _alike(index: OpenIndex, rows: Sequence[int]) -> list[list[bool]]:
    """Say of which passages most stems may be common, by their signatures; few are, mostly.

    Of stems of which _SAME are common, no more differ than (1 - _SAME) / (1 + _SAME) of the sum of
    both numbers, and no more bits than stems.
    """
    signatures = np.array(index.passages.numbers("signature", rows), dtype=np.uint64)
    stems = np.array(index.passages.numbers("stems", rows), dtype=np.int64)
    bits = np.bitwise_count(signatures[:, None] ^ signatures)
    most = (1 - _SAME) / (1 + _SAME) * (stems[:, None] + stems) + _ROUNDED
    found: list[list[bool]] = (bits <= most).tolist()
    return found


def _is_same(index: OpenIndex, row: int, other_row: int) -> bool:
    text, other = (index.passages.text("text", one) for one in (row, other_row))
    stems, other_stems = _stems(text), _stems(other)
    if len(stems & other_stems) < _SAME * len(stems | other_stems):
        return False
    if not stems:  # passages without such words
        return text == other
    # Passages of the same words that differ in a "not" contradict each other.
    return len(_NEGATION.findall(text)) == len(_NEGATION.findall(other))
