"""What overlaps, as an editor is told about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.ids import article_of
from core.types import Span
from safety.claims.finder import Severity


class OverlapKind(StrEnum):
    """How passages overlap, in the order in which an editor should look at them."""

    OPPOSITE = "opposite"
    OTHER_NUMBER = "other_number"
    DUPLICATE = "duplicate"
    REPEATED = "repeated"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text stands: a passage by its id, and offsets into that passage's text."""

    passage_id: str
    span: Span

    @property
    def article_id(self) -> str:
        """The id of the article."""
        return article_of(self.passage_id)


@dataclass(frozen=True, slots=True)
class Side:
    """One wording and every place that has it; `marks` are the differing words, within `text`."""

    text: str
    marks: tuple[Span, ...]
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Overlap:
    """Texts that contradict or repeat each other.

    `sides` are two for a contradiction, and as many as there are wordings otherwise. `similarity`
    is the cosine of the two sentences, or the part of the words that alike passages share.
    """

    kind: OverlapKind
    severity: Severity
    sides: tuple[Side, ...]
    similarity: float
    note: str

    @property
    def articles(self) -> tuple[str, ...]:
        """The ids of all articles concerned, in order."""
        return tuple(sorted({place.article_id for side in self.sides for place in side.places}))


@dataclass(frozen=True, slots=True)
class Wording:
    """A sentence, whatever its capitals and stops, with all its places.

    `row` is one of the views that have it, `passages` are the rows of its passages, ascending.
    """

    text: str
    row: int
    passages: tuple[int, ...]
    places: tuple[Place, ...]
