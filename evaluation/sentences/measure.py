"""Ask common questions as a visitor does, and judge the sentence that is marked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.types import Outcome
from evaluation.metrics import share
from evaluation.sentences.questions import Half
from index.search.pipeline import search, without_far

if TYPE_CHECKING:
    from core.types import SearchResponse, SearchResult
    from evaluation.sentences.questions import MarkQuestion
    from index.store.opened import OpenIndex

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Marked:
    """A question and what a visitor sees of it."""

    question: MarkQuestion
    response: SearchResponse

    @property
    def first(self) -> SearchResult | None:
        """The passage on top, None where none is shown."""
        is_shown = self.response.outcome is not Outcome.NOT_COVERED
        return self.response.results[0] if is_shown and self.response.results else None

    @property
    def sentence(self) -> str:
        """The sentence marked on top, empty without one."""
        if not (first := self.first):
            return ""
        return first.passage.text[first.sentence.start : first.sentence.end]

    @property
    def is_answer(self) -> bool:
        """Whether the sentence on top is shown as the answer."""
        return bool(self.first and self.first.is_answer)

    def values(self) -> dict[str, float]:
        """Return every figure that means something for such a question, by name."""
        if not self.question.sentences:
            return {"false answer": float(self.is_answer)}
        is_right = self.question.accepts(self.sentence)
        shown = self.response.results[:_SHOWN] if self.first else ()
        return {
            "right sentence": float(is_right),
            "right and filled": float(is_right and self.is_answer),
            "wrong but filled": float(not is_right and self.is_answer),
            "passage in first three": float(
                any(self.question.accepts(result.passage.text) for result in shown)
            ),
        }


def ask(index: OpenIndex, questions: Iterable[MarkQuestion]) -> list[Marked]:
    """Ask an index each question."""
    return [Marked(one, without_far(search(index, one.text))) for one in questions]


def summarise(marked: Mapping[str, Sequence[Marked]]) -> dict[str, Any]:
    """Return the figures of each collection and half, and what went wrong in the half to develop.

    `marked` has the collections by name. A question without an answer has a figure of its own. What
    went wrong in the other half is not said, or somebody would correct it.
    """
    groups = {
        f"{name}, {half}": [one for one in found if one.question.half == half]
        for name, found in marked.items()
        for half in sorted({one.question.half for one in found})
    }
    return {
        "counts": {name: len(found) for name, found in groups.items()},
        "metrics": {
            f"{name}: {figure}": value
            for name, found in groups.items()
            for is_answered in (True, False)
            for figure, value in share(
                one.values() for one in found if bool(one.question.sentences) is is_answered
            ).items()
        },
        "wrong": [
            _record(name, one)
            for name, found in groups.items()
            for one in _wrong(found)
            if one.question.half is Half.DEVELOP
        ],
    }


def _wrong(found: Iterable[Marked]) -> list[Marked]:
    return [
        one
        for one in found
        if one.is_answer != bool(one.question.sentences) or one.values().get("wrong but filled")
    ]


def _record(group: str, one: Marked) -> dict[str, Any]:
    return {
        "group": group,
        "question": one.question.text,
        "wanted": list(one.question.sentences),
        "outcome": one.response.outcome.value,
        "passage": one.first.passage.id if one.first else None,
        "marked": one.sentence,
        "is_answer": one.is_answer,
    }
