"""What speaks for and against an answer, as a few numbers that can be looked at: pure."""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from index.bank import OFF_TOPIC

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from index.bank import Bank

_LENGTH_CAP = 15


@dataclass(frozen=True, slots=True)
class Evidence:
    """The features of one query.

    `answerable_vote` and `off_topic_vote`: what the bank says (see index.votes), about 0 to 1.
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


FEATURES = tuple(field.name for field in fields(Evidence))


def gather(
    bank: Bank,
    *,
    similarities: NDArray[np.floating],
    outcome_votes: NDArray[np.float64],
    best_score: float,
    best_coverage: float,
    stems: Collection[str],
    known: Collection[str],
    heard: Collection[str],
    words: int,
) -> Evidence:
    """Gather the evidence for one query.

    `similarities` are cosines to the bank's rows, shape (rows,), -1 for a row that must not speak
    (the query itself, in calibration). `stems` are the query's topic words; `known` and `heard`
    are those of them that content or answerable rows, and that anything at all, know.
    """
    off_topic = bank.routes.index(OFF_TOPIC) + 1 if OFF_TOPIC in bank.routes else None
    return Evidence(
        answerable_vote=float(outcome_votes[0]),
        off_topic_vote=float(outcome_votes[off_topic]) if off_topic else 0.0,
        nearest_answerable=_highest(similarities[bank.answerable]),
        nearest_unanswerable=_highest(similarities[~bank.answerable]),
        best_score=best_score,
        best_coverage=best_coverage,
        known_words=len(known) / len(stems) if stems else 0.0,
        unheard_words=1 - len(heard) / len(stems) if stems else 0.0,
        length=min(words, _LENGTH_CAP) / _LENGTH_CAP,
    )


def _highest(values: NDArray[np.floating]) -> float:
    return float(values.max()) if len(values) else 0.0
