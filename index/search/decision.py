"""Decide the outcome of a query: by a label of the bank, the answer model or fixed cuts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.ids import article_of
from core.types import BankRowKind, Outcome
from index.bank.bank import OFF_TOPIC, SAFETY, best_route
from index.intent.aspects import Aspect
from index.search.features import of_candidates

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from core.types import BankRow
    from index.bank.bank import Bank
    from index.search.answer_model import AnswerFeatures, AnswerModel
    from index.search.ranking import Candidate
    from index.store.opened import OpenIndex

# Without labelled questions there is no model. These cuts on the best passage's own score come from
# questions with known answers over articles without a bank; see docs/evaluation.md.
UNCALIBRATED_ANSWER_FROM = 0.62
UNCALIBRATED_RELATED_FROM = 0.42


def decide(calibration: AnswerModel | None, features: AnswerFeatures) -> Outcome:
    """Return the outcome by the model, or by the fixed cuts without one."""
    if calibration is None:
        value = features.best_score
        answer, related = UNCALIBRATED_ANSWER_FROM, UNCALIBRATED_RELATED_FROM
    else:
        value = calibration.probability(features)
        answer, related = calibration.answer_from, calibration.related_from
    if value >= answer:
        return Outcome.ANSWER
    return Outcome.RELATED if value >= related else Outcome.NOT_COVERED


def outcome_of(
    index: OpenIndex,
    candidates: Sequence[Candidate],
    features: AnswerFeatures,
    votes: NDArray[np.float64],
    *,
    label: BankRow | None,
    aspect: Aspect | None,
    speaks: bool,
) -> tuple[Outcome, str | None]:
    """Return the outcome of a query, and the id of the route card beside it, None for none.

    `candidates` are the passages that may answer, best first. `votes` are the predictions of the
    bank, shape (1 + routes,); `label` is its row that asks the same. `speaks` is False when no
    passage speaks of the query's `aspect`: then no passage is an answer.
    """
    # A label decides before the model does; the words of a route card only name the card.
    if label and label.kind is BankRowKind.QUESTION:
        if not label.sections:
            return Outcome.NOT_COVERED, label.route
        if speaks and candidates and candidates[0].section_id in label.sections:
            return Outcome.ANSWER, None
    route = (label.route if label else None) or _route(index.bank, votes, aspect)
    if not candidates:
        return Outcome.NOT_COVERED, route
    # The model is fitted on the labelled articles. A passage of another article is judged by its
    # own score, or a bank about a single article would silence all others.
    about = {article_of(section) for section in index.bank.sections}
    calibrated = article_of(candidates[0].id) in about
    outcome = decide(index.calibration if calibrated else None, of_candidates(features, candidates))
    if outcome is Outcome.ANSWER and not speaks:
        outcome = Outcome.RELATED
    return outcome, None if outcome is Outcome.ANSWER else route


def _route(bank: Bank, votes: NDArray[np.float64], aspect: Aspect | None) -> str | None:
    """Return the card with the most votes; for a question of caution the card about safety.

    "May I have it with ..." keeps its own card, for example the card about medicines.
    """
    best = best_route(bank, votes)
    if aspect is None or not aspect.is_caution or SAFETY not in bank.routes:
        return best
    return best if aspect is Aspect.LEAVE and best != OFF_TOPIC else SAFETY
