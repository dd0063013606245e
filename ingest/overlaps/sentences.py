"""Decides whether two sentences contradict each other, and by which words; pure.

Only words decide. To a sentence encoder "bend the left knee" and "bend the right knee" (0.95) are
nearer than "the operation" and "surgery" (0.83): a cosine only finds candidates.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.types import Span
from ingest.overlaps.quantities import Quantity
from ingest.overlaps.reading import SentenceReading
from ingest.overlaps.types import OverlapKind
from ingest.overlaps.vocabulary import OPPOSITES, PART_OF_ALL, RESTRICTING

_LEAST_SHARED = 2
# The topics that one sentence may have beyond the other, as a part of the shared topics.
_MOST_EXTRA = 0.34


@dataclass(frozen=True, slots=True)
class Difference:
    """The words by which two sentences contradict each other, as spans of each."""

    kind: OverlapKind
    first: tuple[Span, ...]
    second: tuple[Span, ...]


def compare(first: SentenceReading, second: SentenceReading) -> Difference | None:
    """Return how two sentences contradict each other, None when they do not.

    Both must be about the same: besides the numbers or opposite words only small words differ, and
    a few topics that one of them adds.
    """
    opposed = _opposite_words(first, second)
    if not _say_the_same(first, second, opposed):
        return None
    # Two against one is more often the same denial said twice than a double negation.
    fewer, more = sorted((len(first.negators), len(second.negators)))
    is_denied = fewer == 0 and more % 2 == 1
    numbers = _other_numbers(first.quantities, second.quantities)
    if numbers and not opposed and not is_denied:
        if (_words(first) | _words(second)) & PART_OF_ALL:
            return None
        ours, theirs = zip(*((a.span, b.span) for a, b in numbers), strict=True)
        return Difference(OverlapKind.OTHER_NUMBER, ours, theirs)
    # Two differences, or one and another number, agree: "more than 3 weeks", "less than 2"; so do
    # "before age 55" and "after age 55".
    go_together = (len(opposed) + is_denied) % 2 == 0 or (
        first.quantities and any("befor" in pair for pair in opposed)
    )
    # The denial may be about a topic of one sentence only; "may be" and "may not be" agree.
    is_doubtful = is_denied and (
        first.is_hedged or second.is_hedged or first.topics != second.topics
    )
    if numbers or go_together or is_doubtful:
        return None
    return Difference(
        OverlapKind.OPPOSITE,
        tuple(sorted([*(first.stems[a] for a, _ in opposed), *first.negators])),
        tuple(sorted([*(second.stems[b] for _, b in opposed), *second.negators])),
    )


def _say_the_same(
    first: SentenceReading, second: SentenceReading, opposed: Sequence[tuple[str, str]]
) -> bool:
    """Say whether two sentences are the same statement but for numbers and opposite words."""
    if first.is_open or second.is_open or first.conditions != second.conditions:
        return False
    shared = first.topics & second.topics
    only_first = first.topics - second.topics - {a for a, _ in opposed}
    only_second = second.topics - first.topics - {b for _, b in opposed}
    extra = only_first | only_second
    return (
        not (only_first and only_second)
        and len(extra) <= _MOST_EXTRA * len(shared)
        and not extra & (RESTRICTING | first.denied | second.denied)
        and len(shared) + _agreeing(first, second) >= _LEAST_SHARED
    )


def _words(reading: SentenceReading) -> frozenset[str]:
    return reading.light | reading.topics


def _opposite_words(first: SentenceReading, second: SentenceReading) -> list[tuple[str, str]]:
    only_first = sorted(_words(first) - _words(second))
    only_second = sorted(_words(second) - _words(first))
    return [(a, b) for a in only_first for b in only_second if (a, b) in OPPOSITES]


def _other_numbers(
    first: Sequence[Quantity], second: Sequence[Quantity]
) -> list[tuple[Quantity, Quantity]]:
    """Return the pairs of quantities of one measure that disagree, in order of the first."""
    ours, theirs = _by_measure(first), _by_measure(second)
    pairs: list[tuple[Quantity, Quantity]] = []
    for measure in ours.keys() & theirs.keys():
        left, right = _disagreeing(ours[measure], theirs[measure])
        if len(left) == len(right):
            pairs += zip(left, right, strict=True)
    return sorted(pairs, key=lambda pair: pair[0].span)


def _agreeing(first: SentenceReading, second: SentenceReading) -> int:
    return sum(
        any(a.measure == b.measure and a.agrees_with(b) for b in second.quantities)
        for a in first.quantities
    )


def _by_measure(quantities: Iterable[Quantity]) -> dict[str, list[Quantity]]:
    found = defaultdict(list)
    for quantity in quantities:
        found[quantity.measure].append(quantity)
    return found


def _disagreeing(
    first: Sequence[Quantity], second: Sequence[Quantity]
) -> tuple[list[Quantity], list[Quantity]]:
    """Return the quantities of each side that agree with none of the other side."""
    left, right = [], list(second)
    for quantity in first:
        match = next((other for other in right if quantity.agrees_with(other)), None)
        if match is None:
            left.append(quantity)
        else:
            right.remove(match)
    return left, right
