"""Finds passages that repeat each other and sentences that contradict each other; pure.

Each finding is a question to the editor: only somebody who knows the subject can say whether both
sentences are right.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING

from core.text.tokens import content_stems, normalize_token
from core.types import Passage, Span, View, ViewKind
from ingest.overlaps.findings import contradiction, duplicate, repeated
from ingest.overlaps.neighbours import near_pairs
from ingest.overlaps.passages import MOST_PASSAGES, duplicates
from ingest.overlaps.reading import read_sentence
from ingest.overlaps.sentences import compare
from ingest.overlaps.types import Overlap, OverlapKind, Place, Side, Wording
from ingest.overlaps.vocabulary import GENERAL
from safety.claims.finder import Severity

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Overlap", "OverlapKind", "Place", "Side", "find_overlaps"]

# With the project's model all 35 contradictions of tests/overlaps.csv are above 0.77, like most of
# the other pairs: this only selects pairs to compare.
_NEAR = 0.75
_MOST_NEIGHBOURS = 16
# Passages with sentences nearer than this are compared word by word.
_ALIKE = 0.9
# A short sentence needs its context: "Anaesthesia is needed" is about two operations in two
# sections. So many topic words must be shared by sentences of different sections, and by sentences
# of articles whose titles share no word.
_SHARED_ELSEWHERE = 3
_SHARED_UNRELATED = 4
_NOT_WORDS = re.compile(r"[^\w%£$€°.,]+|[.,](?!\d)")


def find_overlaps(
    passages: Sequence[Passage], views: Iterable[View], vectors: NDArray[np.float32]
) -> list[Overlap]:
    """Return the overlaps, the gravest first.

    `vectors` are the unit vectors of the views in the same order, float32 of shape
    (views, dimension); further rows are ignored. Two passages that contradict each other are not
    also listed as duplicates.
    """
    passages = list(passages)
    wordings = _wordings(views, passages)
    near = list(near_pairs(vectors, [w.row for w in wordings], cut=_NEAR, most=_MOST_NEIGHBOURS))
    found, contradicting = _contradictions(near, wordings, passages)
    sharing = [w.passages for w in wordings if len(w.passages) > 1]
    sharing += [
        tuple({*wordings[i].passages, *wordings[j].passages})
        for i, j, similarity in near
        if similarity >= _ALIKE
    ]
    covered: set[int] = set()
    for rows, similarity in duplicates(passages, sharing, exclude=contradicting):
        found.append(duplicate(rows, similarity, passages))
        covered.update(rows)
    found += repeated(w for w in wordings if not covered.issuperset(w.passages))
    return sorted(found, key=_order)


def _contradictions(
    near: Iterable[tuple[int, int, float]],
    wordings: Sequence[Wording],
    passages: Sequence[Passage],
) -> tuple[list[Overlap], set[tuple[int, int]]]:
    """Return the contradictions, and the pairs of passages that contain them."""
    readings = lru_cache(maxsize=None)(lambda i: read_sentence(wordings[i].text))
    context = _Context(passages)
    found, contradicting = [], set()
    for i, j, similarity in near:
        difference = compare(readings(i), readings(j))
        if difference is None or readings(i).lacks_subject or readings(j).lacks_subject:
            continue
        both = wordings[i], wordings[j]
        shared = len((readings(i).topics & readings(j).topics) - GENERAL)
        severity = context.severity(both, shared=shared)
        if severity is None:
            continue
        found.append(contradiction(both, difference, severity=severity, similarity=similarity))
        ours, theirs = (w.passages[:MOST_PASSAGES] for w in both)
        contradicting |= {(min(pair), max(pair)) for pair in product(ours, theirs)}
    return found, contradicting


def _wordings(views: Iterable[View], passages: Sequence[Passage]) -> list[Wording]:
    same: dict[str, list[tuple[int, int, Span]]] = defaultdict(list)
    texts: dict[str, str] = {}
    for row, view in enumerate(views):
        if view.kind is ViewKind.SENTENCE and view.span is not None:
            wording = _NOT_WORDS.sub(" ", normalize_token(view.text)).strip()
            texts.setdefault(wording, view.text)
            same[wording].append((row, view.passage, view.span))
    return [
        Wording(
            text=texts[wording],
            row=found[0][0],
            passages=tuple(sorted({passage for _, passage, _ in found})),
            places=tuple(Place(passages[passage].id, span) for _, passage, span in found),
        )
        for wording, found in same.items()
    ]


class _Context:
    """The context of sentences: their sections, and the subjects of their articles."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._passages = passages
        self._subjects = {title: content_stems(title) for title in {p.title for p in passages}}

    def severity(self, both: tuple[Wording, Wording], *, shared: int) -> Severity | None:
        """Return how grave a contradiction is or None; `shared` counts the shared topics."""
        ours, theirs = ([self._passages[row] for row in wording.passages] for wording in both)
        if {p.section_id for p in ours} & {p.section_id for p in theirs}:
            return Severity.HIGH
        if shared < _SHARED_ELSEWHERE:
            return None
        if {p.article_id for p in ours} & {p.article_id for p in theirs}:
            return Severity.HIGH
        if self._about(ours) & self._about(theirs):
            return Severity.HIGH
        return Severity.MEDIUM if shared >= _SHARED_UNRELATED else None

    def _about(self, passages: Iterable[Passage]) -> set[str]:
        return {stem for title in {p.title for p in passages} for stem in self._subjects[title]}


def _order(overlap: Overlap) -> tuple[int, int, float, list[tuple[str, Span]]]:
    severity, kinds = list(Severity), list(OverlapKind)
    places = [side.places[0] for side in overlap.sides]
    return (
        severity.index(overlap.severity),
        kinds.index(overlap.kind),
        -overlap.similarity,
        sorted((place.passage_id, place.span) for place in places),
    )
