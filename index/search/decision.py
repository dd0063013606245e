"""Decide the outcome of a query: by a label of the bank, the answer model or fixed cuts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from core.ids import article_of
from core.types import BankRowKind, Outcome
from index.bank.bank import OFF_TOPIC, SAFETY, best_route
from index.intent.aspects import Aspect
from index.search.evidence import evidence_of, general_model
from index.search.features import of_candidates

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from core.types import BankRow
    from index.bank.bank import Bank
    from index.search.answer_model import AnswerFeatures, AnswerModel
    from index.search.evidence import GeneralModel
    from index.search.prepared_query import PreparedQuery
    from index.search.ranking import Candidate
    from index.store.opened import OpenIndex

# An encoder of the clinic's own has no general model. These cuts on the best passage's own score
# come from questions with known answers over articles without a bank; see docs/evaluation.md.
UNCALIBRATED_ANSWER_FROM = 0.62
UNCALIBRATED_RELATED_FROM = 0.42


class Decision(NamedTuple):
    """The outcome of a query, and the id of the route card beside it, None for none.

    `is_doubted` means that the bank's model answers where the general one finds nothing near.
    """

    outcome: Outcome
    route: str | None = None
    is_doubted: bool = False


def decide(calibration: AnswerModel, features: AnswerFeatures) -> Outcome:
    """Return the outcome of a question about the labelled articles, by the model of their bank."""
    value = calibration.probability(features)
    return _between(value, calibration.answer_from, calibration.related_from)


def decide_without_bank(
    index: OpenIndex, query: PreparedQuery, candidates: Sequence[Candidate]
) -> Outcome:
    """Return the outcome by what every content has: by the shipped model, or the fixed cuts."""
    model = general_model(index.manifest.encoder.sha256)
    evidence = evidence_of(index, query, candidates)
    if evidence is None:
        return Outcome.NOT_COVERED
    return _by_content(model, model.logit(evidence) if model else 0.0, evidence.score)


def _by_content(model: GeneralModel | None, logit: float, best_score: float) -> Outcome:
    if model is None:
        return _between(best_score, UNCALIBRATED_ANSWER_FROM, UNCALIBRATED_RELATED_FROM)
    return _between(logit, model.answer_from, model.related_from)


def _between(value: float, answer_from: float, related_from: float) -> Outcome:
    if value >= answer_from:
        return Outcome.ANSWER
    return Outcome.RELATED if value >= related_from else Outcome.NOT_COVERED


def outcome_of(
    index: OpenIndex,
    query: PreparedQuery,
    candidates: Sequence[Candidate],
    features: AnswerFeatures,
    votes: NDArray[np.float64],
    *,
    label: BankRow | None,
    aspect: Aspect | None,
    speaks: bool,
) -> Decision:
    """Decide what becomes of a query.

    `candidates` are the passages that may answer, best first. `votes` are the predictions of the
    bank, shape (1 + routes,); `label` is its row that asks the same. `speaks` is False when no
    passage speaks of the query's `aspect`: then no passage is an answer.
    """
    # A label decides before the model does; the words of a route card only name the card.
    if label and label.kind is BankRowKind.QUESTION:
        if not label.sections:
            return Decision(Outcome.NOT_COVERED, label.route)
        if speaks and candidates and candidates[0].section_id in label.sections:
            return Decision(Outcome.ANSWER)
    route = (label.route if label else None) or _route(index.bank, votes, aspect)
    if not candidates:
        return Decision(Outcome.NOT_COVERED, route)
    # The bank's model is fitted on the labelled articles. A passage of another article is judged as
    # without a bank, or a bank about a single article would silence all others.
    about = {article_of(section) for section in index.bank.sections}
    found = of_candidates(index, query, features, candidates)
    model = general_model(index.manifest.encoder.sha256)
    general = outcome = _by_content(model, found.general, found.best_score)
    if index.calibration and article_of(candidates[0].id) in about:
        outcome = decide(index.calibration, found)
    if outcome is Outcome.ANSWER and not speaks:
        outcome = Outcome.RELATED
    if outcome is not Outcome.ANSWER:
        return Decision(outcome, route)
    return Decision(outcome, is_doubted=general is Outcome.NOT_COVERED)


def _route(bank: Bank, votes: NDArray[np.float64], aspect: Aspect | None) -> str | None:
    """Return the card with the most votes; for a question of caution the card about safety.

    "May I have it with ..." keeps its own card, for example the card about medicines, and so does
    a question whose words do not show that it asks for caution.
    """
    best = best_route(bank, votes)
    if aspect is None or not aspect.is_caution or SAFETY not in bank.routes:
        return best
    if aspect is Aspect.CAUTION:
        return best or SAFETY
    return best if aspect is Aspect.LEAVE and best != OFF_TOPIC else SAFETY
