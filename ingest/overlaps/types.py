"""The types of overlap findings."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.ids import article_of
from core.types import Span
from safety.claims.finder import Severity


class OverlapKind(StrEnum):
    """Kinds of overlap, in the order in which an editor should look at them."""

    OPPOSITE = "opposite"
    OTHER_NUMBER = "other_number"
    DUPLICATE = "duplicate"
    REPEATED = "repeated"


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a text: the id of a passage, and a span of its text."""

    passage_id: str
    span: Span

    @property
    def article_id(self) -> str:
        """The id of the article."""
        return article_of(self.passage_id)


@dataclass(frozen=True, slots=True)
class Side:
    """A wording with its places; `marks` are spans of the differing words in `text`."""

    text: str
    marks: tuple[Span, ...]
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Overlap:
    """Texts that contradict or repeat each other.

    A contradiction has two `sides`, a repetition one for each wording. `similarity` is the cosine
    of the two sentences, or the part of the words that the passages share.
    """

    kind: OverlapKind
    severity: Severity
    sides: tuple[Side, ...]
    similarity: float
    note: str

    @property
    def articles(self) -> tuple[str, ...]:
        """The ids of all articles in it, in order."""
        return tuple(sorted({place.article_id for side in self.sides for place in side.places}))


@dataclass(frozen=True, slots=True)
class Wording:
    """A sentence, whatever its capitals and punctuation, with all its places.

    `row` is the row of one of its views, `passages` are the rows of its passages, ascending.
    """

    text: str
    row: int
    passages: tuple[int, ...]
    places: tuple[Place, ...]
