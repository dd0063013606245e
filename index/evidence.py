"""The features that an answer is decided by: a few numbers that a reader can look at, pure."""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np

from index.bank import OFF_TOPIC
from index.words import topic_stems

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from index.generation import Index
    from index.prepared_query import PreparedQuery
    from index.ranking import Candidate
    from index.types import BankRow

_LENGTH_CAP = 15


@dataclass(frozen=True, slots=True)
class AnswerFeatures:
    """The features of one query.

    `answerable_vote` and `off_topic_vote`: what the bank predicts (see index.votes), about 0 to 1.
    `nearest_answerable`, `nearest_unanswerable`: cosine to the most similar row of each kind.
    `best_score`: the best passage's score from its own words. `best_coverage`: how much of the
    query's words the best passage covers. `known_words`: share of the query's topic words that
    content or answerable rows know. `unheard_words`: share that no row and no passage knows.
    `length`: number of words over 15, at most 1.
    """

    answerable_vote: float
    off_topic_vote: float
    nearest_answerable: float
    nearest_unanswerable: float
    best_score: float
    best_coverage: float
    known_words: float
    unheard_words: float
    length: float

    def as_row(self) -> NDArray[np.float64]:
        """Return the features in the order of FEATURES: float64, shape (features,)."""
        return np.array(astuple(self), dtype=np.float64)

    def of(self, candidates: Sequence[Candidate]) -> AnswerFeatures:
        """Return the features of the same query with only these candidates found."""
        return replace(
            self,
            best_score=max((candidate.own_score for candidate in candidates), default=0.0),
            best_coverage=max((candidate.coverage for candidate in candidates), default=0.0),
        )


FEATURES = tuple(field.name for field in fields(AnswerFeatures))


def extract_features(
    index: Index,
    query: PreparedQuery,
    candidates: Sequence[Candidate],
    *,
    votes: NDArray[np.float64],
    itself: BankRow | None = None,
) -> AnswerFeatures:
    """Extract the features of a query from its candidates and from the bank of the index.

    `votes` are the bank's for each outcome, shape (1 + routes,). In calibration `itself` is the
    query's own row, which must not speak: its similarity is -1 and its words are not known because
    of it.
    """
    bank, language, similarities = index.bank, index.language, query.bank_similarities
    stems = topic_stems(query.normalized)
    own = (bool(itself and itself.sections), bool(itself and not itself.sections))
    known = {
        stem
        for stem in stems
        if index.lexical.knows(stem) or language.answerable_stems.get(stem, 0) > own[0]
    }
    heard = known | {stem for stem in stems if language.other_stems.get(stem, 0) > own[1]}
    off_topic = bank.routes.index(OFF_TOPIC) + 1 if OFF_TOPIC in bank.routes else None
    return AnswerFeatures(
        answerable_vote=float(votes[0]),
        off_topic_vote=float(votes[off_topic]) if off_topic else 0.0,
        nearest_answerable=_highest(similarities[bank.answerable]),
        nearest_unanswerable=_highest(similarities[~bank.answerable]),
        best_score=0.0,
        best_coverage=0.0,
        known_words=len(known) / len(stems) if stems else 0.0,
        unheard_words=1 - len(heard) / len(stems) if stems else 0.0,
        length=min(len(query.normalized.split()), _LENGTH_CAP) / _LENGTH_CAP,
    ).of(candidates)


def _highest(values: NDArray[np.floating]) -> float:
    return float(values.max()) if len(values) else 0.0
