"""Finds passages of different articles that are the same text, or nearly; pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from itertools import combinations

from core.text.tokens import words_of
from core.types import Passage

_LEAST_WORDS = 8
# The part of the longer passage's words that the other passage must have.
NEARLY_THE_SAME = 0.8
# A sentence of more passages than this is boilerplate, and makes no two passages alike.
MOST_PASSAGES = 20


def duplicates(
    passages: Sequence[Passage],
    sharing: Iterable[Collection[int]],
    *,
    exclude: Collection[tuple[int, int]] = (),
) -> list[tuple[tuple[int, ...], float]]:
    """Return groups of similar passages of different articles, each with its lowest similarity.

    `sharing` are the rows of passages that share a sentence, or nearly; pairs in `exclude` are
    left out. The similarity of two passages is the part of the longer passage's words that the
    other one has.
    """
    stems = [tuple(word.stem for word in words_of(passage.text)) for passage in passages]
    groups = _Groups()
    same_text = defaultdict(list)
    for row, words in enumerate(stems):
        if len(words) >= _LEAST_WORDS:
            same_text[words].append(row)
    for rows in same_text.values():
        if len({passages[row].article_id for row in rows}) > 1:
            for row in rows[1:]:
                groups.join(rows[0], row, 1.0)
    pairs = {
        pair
        for rows in sharing
        if len(rows) <= MOST_PASSAGES
        for pair in combinations(sorted(rows), 2)
    }
    for first, second in sorted(pairs - set(exclude)):
        if passages[first].article_id != passages[second].article_id:
            similarity = _similarity(stems[first], stems[second])
            if similarity >= NEARLY_THE_SAME:
                groups.join(first, second, similarity)
    return groups.found()


def _similarity(first: Sequence[str], second: Sequence[str]) -> float:
    shorter, longer = sorted((len(first), len(second)))
    if shorter < _LEAST_WORDS or shorter < NEARLY_THE_SAME * longer:
        return 0.0
    return (Counter(first) & Counter(second)).total() / longer


class _Groups:
    """Groups of rows, joined in pairs (union-find), each with its lowest similarity."""

    def __init__(self) -> None:
        self._parent: dict[int, int] = {}
        self._lowest: dict[int, float] = {}

    def _top(self, row: int) -> int:
        while (parent := self._parent.setdefault(row, row)) != row:
            row = self._parent[row] = self._parent[parent]
        return row

    def join(self, first: int, second: int, similarity: float) -> None:
        top, other = sorted((self._top(first), self._top(second)))
        lowest = min(similarity, self._lowest.get(top, 1.0), self._lowest.get(other, 1.0))
        self._parent[other] = top
        self._lowest[top] = lowest

    def found(self) -> list[tuple[tuple[int, ...], float]]:
        members = defaultdict(list)
        for row in sorted(self._parent):
            members[self._top(row)].append(row)
        return [(tuple(rows), self._lowest[top]) for top, rows in members.items()]
