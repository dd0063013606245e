"""What a search made of a labelled question, as numbers between 0 and 1."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from core.types import Outcome
from evaluation.metrics import hit, ndcg, reciprocal_rank
from evaluation.search.questions import LabelledQuestion, QuestionKind
from index.search.fusion import DEFAULT_WEIGHTS, Weights
from index.search.pipeline import explain
from index.search.prepared_query import prepare_query

if TYPE_CHECKING:
    from index.search.ranking import Candidate
    from index.store.opened import OpenIndex

_DEPTH = 50  # passages that a ranking of sections is made from
_CUTOFF = 10


@dataclass(frozen=True, slots=True)
class Judged:
    """One question as one index answered it: sections best first, outcome and route."""

    question: LabelledQuestion
    sections: tuple[str, ...]
    outcome: Outcome
    route: str | None
    probability: float

    def values(self) -> dict[str, float]:
        """Return every figure that means something for a question of this kind, by name.

        `answered` counts an answer, right or wrong; `routed` the right route card and no answer.
        """
        outcomes = {
            "answered": float(self.outcome is Outcome.ANSWER),
            "related": float(self.outcome is Outcome.RELATED),
            "not_covered": float(self.outcome is Outcome.NOT_COVERED),
        }
        if not self.question.sections:
            is_routed = self.outcome is not Outcome.ANSWER and self.route == self.question.route
            return {**outcomes, "routed": float(is_routed)}
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
    model, features = index.calibration, found.features
    probability = model.probability(features) if model and features else float("nan")
    return Judged(question, sections_of(found.candidates), found.outcome, found.route, probability)


def sections_of(candidates: Sequence[Candidate]) -> tuple[str, ...]:
    """Return the sections found, best first, each once: at the rank of its best passage."""
    return tuple(dict.fromkeys(candidate.section_id for candidate in candidates[:_DEPTH]))


def averaged(judged: Iterable[Judged]) -> pd.DataFrame:
    """Return the mean figures of each question over its repeats, in order of asking.

    The index holds the questions; a figure that means nothing for a question is NaN.
    """
    return mean_by_question({"question": j.question, **j.values()} for j in judged)


def mean_by_question(rows: Iterable[dict[str, object]]) -> pd.DataFrame:
    """Return the means of all columns for each value of `question`, in order of appearance."""
    return pd.DataFrame(rows).groupby("question", sort=False).mean()


def of_kind(means: pd.DataFrame, kind: QuestionKind) -> pd.DataFrame:
    """Return the rows of the questions of a kind."""
    return means[[question.kind is kind for question in means.index]]
