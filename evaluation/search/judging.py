"""What a search made of a labelled question, as numbers between 0 and 1."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.types import Outcome
from evaluation.metrics import hit, ndcg, reciprocal_rank
from evaluation.search.questions import LabelledQuestion
from index.search.fusion import DEFAULT_WEIGHTS, Weights
from index.search.pipeline import explain
from index.search.prepared_query import prepare_query

if TYPE_CHECKING:
    from index.search.ranking import Candidate
    from index.store.opened import OpenIndex

# How many passages a ranking of sections is made from.
_DEPTH = 50
_CUTOFF = 10


@dataclass(frozen=True, slots=True)
class Judged:
    """One question as one index answered it: sections best first, outcome and route."""

    question: LabelledQuestion
    sections: tuple[str, ...]
    outcome: Outcome
    route: str | None
    probability: float

    @property
    def answered(self) -> float:
        """1.0 when an answer was given, right or wrong."""
        return float(self.outcome is Outcome.ANSWER)

    @property
    def routed(self) -> float:
        """1.0 when no answer was given and the right route card was."""
        return float(self.outcome is not Outcome.ANSWER and self.route == self.question.route)

    def values(self) -> dict[str, float]:
        """Return every figure that means something for a question of this kind, by name."""
        outcomes = {
            "answered": self.answered,
            "related": float(self.outcome is Outcome.RELATED),
            "not_covered": float(self.outcome is Outcome.NOT_COVERED),
        }
        if not self.question.sections:
            return {**outcomes, "routed": self.routed}
        relevance = dict.fromkeys(self.question.sections, 1)
        return {
            "hit@1": hit(self.sections, relevance, 1),
            "hit@3": hit(self.sections, relevance, 3),
            "mrr": reciprocal_rank(self.sections, relevance, _CUTOFF),
            "ndcg@10": ndcg(self.sections, relevance, _CUTOFF),
            **outcomes,
        }


def judge(
    index: OpenIndex, question: LabelledQuestion, *, weights: Weights = DEFAULT_WEIGHTS
) -> Judged:
    """Ask a question as a visitor does; its probability is NaN without a calibration."""
    found = explain(index, prepare_query(index, question.text), weights=weights)
    probability = float("nan") if found.probability is None else found.probability
    return Judged(question, sections_of(found.candidates), found.outcome, found.route, probability)


def sections_of(candidates: Sequence[Candidate]) -> tuple[str, ...]:
    """Return the sections found, best first, each once: where its best passage stands."""
    return tuple(dict.fromkeys(candidate.section_id for candidate in candidates[:_DEPTH]))


def averaged(judged: Iterable[Judged]) -> list[tuple[LabelledQuestion, dict[str, float]]]:
    """Return each question once with the means of its figures over repeats, in order of asking."""
    found: dict[LabelledQuestion, list[dict[str, float]]] = {}
    for one in judged:
        found.setdefault(one.question, []).append(one.values())
    return [(question, _means(values)) for question, values in found.items()]


def _means(values: Sequence[dict[str, float]]) -> dict[str, float]:
    return {name: float(np.mean([v[name] for v in values])) for name in values[0]}
