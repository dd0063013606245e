"""What a search made of a labelled question, as numbers between 0 and 1."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from evaluation.metrics import hit, ndcg, reciprocal_rank
from evaluation.questions import LabelledQuestion
from index.fusion import DEFAULT_WEIGHTS, Weights
from index.lexical import topic_words
from index.outcomes import evidence_of
from index.query import clean_query, plain_query
from index.ranking import rank
from index.search import search
from index.types import Outcome
from index.vocabulary import expansions

if TYPE_CHECKING:
    from index.generation import Index
    from index.types import SearchResponse

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
    index: Index,
    question: LabelledQuestion,
    *,
    weights: Weights = DEFAULT_WEIGHTS,
    explain: bool = True,
) -> Judged:
    """Ask one question as a visitor does; `explain` adds the probability, which costs as much."""
    response = search(index, question.text, k=_DEPTH, weights=weights)
    searched = response.corrected_query or question.text
    return Judged(
        question,
        sections_of(response),
        response.outcome,
        response.route,
        probability(index, searched, weights=weights) if explain else float("nan"),
    )


def sections_of(response: SearchResponse) -> tuple[str, ...]:
    """Return the sections found, best first, each once: where its best passage stands."""
    return tuple(dict.fromkeys(result.passage.section_id for result in response.results))


def probability(index: Index, query: str, *, weights: Weights = DEFAULT_WEIGHTS) -> float:
    """Return the calibrated probability that the articles answer; NaN without a calibration.

    The search keeps it to itself, because a visitor has no use for it; this is the same reckoning
    and a test holds the two together. What labels and words of caution decide is not in it.
    """
    plain = plain_query(clean_query(query))
    votes = index.bank.outcome_votes
    if index.calibration is None or votes is None or not plain:
        return float("nan")
    added = expansions(plain, index.language.terms, known=index.lexical)
    stems = topic_words(plain) + topic_words(" ".join(added))
    vector = index.encoder.encode([plain])[0]
    similarities = index.bank.similarities(vector)
    evidence = evidence_of(
        index,
        rank(index, vector, stems, gains={}, weights=weights),
        plain,
        bank=index.bank,
        language=index.language,
        similarities=similarities,
        outcome_votes=votes.cast(similarities),
    )
    return index.calibration.probability(evidence)


def averaged(judged: Iterable[Judged]) -> list[tuple[LabelledQuestion, dict[str, float]]]:
    """Return each question once with the means of its figures over repeats, in order of asking."""
    found: dict[LabelledQuestion, list[dict[str, float]]] = {}
    for one in judged:
        found.setdefault(one.question, []).append(one.values())
    return [(question, _means(values)) for question, values in found.items()]


def _means(values: Sequence[dict[str, float]]) -> dict[str, float]:
    return {name: float(np.mean([v[name] for v in values])) for name in values[0]}
