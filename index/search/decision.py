"""Decide the outcome of a query: by a label of the bank, the answer model or fixed cuts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from core.ids import article_of
from core.text.tokens import content_stems
from core.types import BankRowKind, Outcome, ViewKind
from index.bank.bank import best_route
from index.bank.route_cards import OFF_TOPIC, SAFETY
from index.intent.aspects import Aspect, aspect_of, is_about, is_caution
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
# From this cosine on, a heading that is a question asks what the query asks. 26 questions of the
# calibration articles are so near to one above the best passage: its section answers 20 of them,
# another one 4, and none 2.
_SAME_QUESTION = 0.75
# A passage with so many content words of the query, and such a share of them, is related reading:
# of what the calibration articles would not show, this finds 22 right passages, beside 54 of near
# and 2 of 122 far questions. A single word says too little.
_FEWEST_WORDS, _MOST_WORDS = 2, 0.6


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
    evidence = evidence_of(index, query, candidates, candidates)
    if evidence is None:
        return Outcome.NOT_COVERED
    outcome = _by_content(model, model.logit(evidence) if model else 0.0, evidence.score)
    return _by_words(index, query, candidates[0], outcome)


def _by_content(model: GeneralModel | None, logit: float, best_score: float) -> Outcome:
    if model is None:
        return _between(best_score, UNCALIBRATED_ANSWER_FROM, UNCALIBRATED_RELATED_FROM)
    return _between(logit, model.answer_from, model.related_from)


def _by_words(index: OpenIndex, query: PreparedQuery, best: Candidate, outcome: Outcome) -> Outcome:
    """Return what the model's outcome becomes by the words of the best passage and its headings.

    A heading that asks what the query asks makes an answer of related reading, and a passage that
    has most words of the query is at least related reading.
    """
    if outcome is Outcome.NOT_COVERED and _has_most_words(index, query, best):
        return Outcome.RELATED
    if outcome is not Outcome.RELATED:
        return outcome
    for row in best.rows[best.similarities >= _SAME_QUESTION]:
        view = index.views[int(row)]
        if view.kind is ViewKind.QUESTION and _asks_the_same(query.normalized, view.text):
            return Outcome.ANSWER
    return outcome


def _has_most_words(index: OpenIndex, query: PreparedQuery, best: Candidate) -> bool:
    passage = index.passages[best.passage]
    stems = content_stems(query.normalized)
    common = stems & content_stems(" ".join((passage.title, *passage.path, passage.text)))
    return len(common) >= max(_FEWEST_WORDS, _MOST_WORDS * len(stems))


def _asks_the_same(question: str, heading: str) -> bool:
    same_kind = is_caution(question) == is_caution(heading)
    return same_kind and is_about(question, aspect_of(question), heading)


def _between(value: float, answer_from: float, related_from: float) -> Outcome:
    if value >= answer_from:
        return Outcome.ANSWER
    return Outcome.RELATED if value >= related_from else Outcome.NOT_COVERED


def outcome_of(
    index: OpenIndex,
    query: PreparedQuery,
    candidates: Sequence[Candidate],
    ranked: Sequence[Candidate],
    features: AnswerFeatures,
    votes: NDArray[np.float64],
    *,
    label: BankRow | None,
    aspect: Aspect | None,
    speaks: bool,
) -> Decision:
    """Decide what becomes of a query.

    `candidates` are those of the `ranked` passages that may answer, best first. `votes` are the
    predictions of the bank, shape (1 + routes,); `label` is its row that asks the same. `speaks` is
    False when no passage speaks of the query's `aspect`: then no passage is an answer.
    """
    # A label decides before the model does; the words of a route card only name the card.
    if label and label.kind is BankRowKind.QUESTION:
        if not label.sections:
            return Decision(Outcome.NOT_COVERED, label.route)
        speaks_enough = speaks or bool(aspect and aspect.wants_kind)
        if speaks_enough and candidates and candidates[0].section_id in label.sections:
            return Decision(Outcome.ANSWER)
    # A section answers this, so no card may; but nothing replaces the card about safety.
    is_answered = bool(label and label.sections) and not (aspect and aspect.is_caution)
    route = None if is_answered else (label and label.route) or _route(index.bank, votes, aspect)
    if not candidates:
        return Decision(Outcome.NOT_COVERED, route)
    # The bank's model is fitted on the labelled articles. A passage of another article is judged as
    # without a bank, or a bank about a single article would silence all others.
    found = of_candidates(index, query, features, candidates, ranked)
    model = general_model(index.manifest.encoder.sha256)
    general = outcome = _by_content(model, found.general, found.best_score)
    if index.calibration and is_labelled(index, candidates[0]):
        outcome = decide(index.calibration, found)
    else:
        outcome = _by_words(index, query, candidates[0], outcome)
    if outcome is Outcome.ANSWER and not speaks:
        outcome = Outcome.RELATED
    if outcome is not Outcome.ANSWER:
        return Decision(outcome, route)
    return Decision(outcome, is_doubted=general is Outcome.NOT_COVERED)


def is_labelled(index: OpenIndex, candidate: Candidate) -> bool:
    """Say whether the bank has questions that the article of a passage answers."""
    return article_of(candidate.id) in map(article_of, index.bank.sections)


def _route(bank: Bank, votes: NDArray[np.float64], aspect: Aspect | None) -> str | None:
    """Return the card with the most votes; for a question of caution the card about safety.

    "May I have it with ..." keeps its own card, for example the card about medicines, and so does
    a question whose words do not show that it asks for caution. The card about safety is shown
    even where the clinic has none: the page has its own words for it.
    """
    best = best_route(bank, votes)
    if aspect is None or not aspect.is_caution:
        return best
    if aspect is Aspect.CAUTION:
        return best or SAFETY
    return best if best and aspect is Aspect.LEAVE and best != OFF_TOPIC else SAFETY
