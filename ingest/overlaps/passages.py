"""Passages of different articles that are the same text, or nearly; pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import combinations

from core.text.tokens import words_of
from core.types import Passage

_LEAST_WORDS = 8
# Of the words of the longer passage, so many must stand in the other one too.
NEARLY_THE_SAME = 0.8
# A sentence of more passages than this belongs to the pages and makes no two passages alike.
MOST_PASSAGES = 20


def duplicates(
    passages: Sequence[Passage],
    sharing: Iterable[Collection[int]],
    *,
    apart: Collection[tuple[int, int]] = (),
) -> list[tuple[tuple[int, ...], float]]:
    """Return groups of alike passages of different articles, each with its lowest similarity.

    `sharing` are the rows of passages that have a sentence in common, or nearly; pairs in `apart`
    are left out. The similarity of two passages is the part of the longer one's words that stand
    in the other one as well.
    """
    words = _Words(passages)
    groups = _Groups()
    for same in _same_text(words):
        for row in same[1:]:
            groups.join(same[0], row, 1.0)
    pairs = {
        pair
        for rows in sharing
        if len(rows) <= MOST_PASSAGES
        for pair in combinations(sorted(rows), 2)
    }
    for one, other in sorted(pairs - set(apart)):
        if passages[one].article_id != passages[other].article_id:
            similarity = words.similarity(one, other)
            if similarity >= NEARLY_THE_SAME:
                groups.join(one, other, similarity)
    return groups.found()


class _Words:
    """The words of each passage, counted when they are asked for."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._stems = [tuple(word.stem for word in words_of(p.text)) for p in passages]
        self.articles = [passage.article_id for passage in passages]

    def by_text(self) -> Mapping[tuple[str, ...], list[int]]:
        found = defaultdict(list)
        for row, stems in enumerate(self._stems):
            if len(stems) >= _LEAST_WORDS:
                found[stems].append(row)
        return found

    def similarity(self, one: int, other: int) -> float:
        ours, theirs = self._stems[one], self._stems[other]
        longer, shorter = max(len(ours), len(theirs)), min(len(ours), len(theirs))
        if shorter < _LEAST_WORDS or shorter < NEARLY_THE_SAME * longer:
            return 0.0
        return (Counter(ours) & Counter(theirs)).total() / longer


def _same_text(words: _Words) -> list[list[int]]:
    return [
        rows for rows in words.by_text().values() if len({words.articles[row] for row in rows}) > 1
    ]


class _Groups:
    """Rows joined in pairs; whatever is joined by way of others is one group."""

    def __init__(self) -> None:
        self._parent: dict[int, int] = {}
        self._lowest: dict[int, float] = {}

    def _top(self, row: int) -> int:
        while (parent := self._parent.setdefault(row, row)) != row:
            row = self._parent[row] = self._parent[parent]
        return row

    def join(self, one: int, other: int, similarity: float) -> None:
        ours, theirs = sorted((self._top(one), self._top(other)))
        lowest = min(similarity, self._lowest.get(ours, 1.0), self._lowest.get(theirs, 1.0))
        self._parent[theirs] = ours
        self._lowest[ours] = lowest

    def found(self) -> list[tuple[tuple[int, ...], float]]:
        members = defaultdict(list)
        for row in sorted(self._parent):
            members[self._top(row)].append(row)
        return [(tuple(rows), self._lowest[top]) for top, rows in members.items()]
