"""Answer, related reading, or not covered: a calibrated logistic model, or a conservative cut."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.aspects import Aspect
from index.bank import OFF_TOPIC, SAFETY, best_route
from index.evidence import FEATURES, AnswerFeatures
from index.ids import article_of
from index.types import BankRowKind, Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from index.bank import Bank
    from index.generation import Index
    from index.ranking import Candidate
    from index.types import BankRow

# Without labelled questions nothing can be calibrated. These cuts on the best passage's own score
# come from questions with known answers over articles that have no bank; see docs/evaluation.md.
UNCALIBRATED_ANSWER_FROM = 0.62
UNCALIBRATED_RELATED_FROM = 0.42


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic model over the features of a query, its cuts, and what it was measured to do.

    P(answerable) = 1 / (1 + exp(-(intercept + sum_i coefficients_i (x_i - means_i) / scales_i))),
    features in the order of FEATURES. `tied_to` names the encoder, splitter and bank it belongs
    to; it means nothing with others. `measured` holds cross-validated shares.
    """

    features: tuple[str, ...]
    means: tuple[float, ...]
    scales: tuple[float, ...]
    coefficients: tuple[float, ...]
    intercept: float
    answer_from: float
    related_from: float
    tied_to: Mapping[str, str]
    measured: Mapping[str, float]

    def probability(self, features: AnswerFeatures) -> float:
        """Return the probability that the articles answer the query."""
        x = (features.as_row() - np.array(self.means)) / np.array(self.scales)
        logit = self.intercept + float(x @ np.array(self.coefficients))
        return float(1 / (1 + np.exp(-np.clip(logit, -50, 50))))


def decide(calibration: Calibration | None, features: AnswerFeatures) -> Outcome:
    """Return the outcome for the features of a query."""
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
    index: Index,
    candidates: Sequence[Candidate],
    features: AnswerFeatures,
    votes: NDArray[np.float64],
    *,
    label: BankRow | None,
    aspect: Aspect | None,
    speaks: bool,
) -> tuple[Outcome, str | None]:
    """Return the outcome of a query, and the route card beside it.

    `candidates` are the passages that may answer, best first. `votes` are the bank's for each
    outcome, `label` is its row that asks the same. Without `speaks` no passage has a word of the
    query's `aspect`, so none is an answer.
    """
    # A label decides before any model does; what a card says of itself only names the card.
    if label and label.kind is BankRowKind.QUESTION:
        if not label.sections:
            return Outcome.NOT_COVERED, label.route
        if speaks and candidates and candidates[0].section_id in label.sections:
            return Outcome.ANSWER, None
    route = (label.route if label else None) or _route(index.bank, votes, aspect)
    if not candidates:
        return Outcome.NOT_COVERED, route
    # The labels speak for the articles they are about. A passage of another article is judged by
    # its own words, or a bank about one article would silence all others.
    about = {article_of(section) for section in index.bank.sections}
    calibrated = article_of(candidates[0].id) in about
    outcome = decide(index.calibration if calibrated else None, features.of(candidates))
    if outcome is Outcome.ANSWER and not speaks:
        outcome = Outcome.RELATED
    return outcome, None if outcome is Outcome.ANSWER else route


def _route(bank: Bank, votes: NDArray[np.float64], aspect: Aspect | None) -> str | None:
    """Return the card with the most votes; for a question of caution the one about safety.

    Who asks for leave in some state of health may be better served by another card (medicines).
    """
    voted = best_route(bank, votes)
    if aspect is None or not aspect.is_caution or SAFETY not in bank.routes:
        return voted
    return voted if aspect is Aspect.LEAVE and voted != OFF_TOPIC else SAFETY


def write_calibration(calibration: Calibration | None, path: Path) -> None:
    """Write the calibration as JSON that people can read; null when there is none."""
    record = asdict(calibration) if calibration else None
    path.write_text(json.dumps(record, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def read_calibration(path: Path, *, tied_to: Mapping[str, str]) -> Calibration | None:
    """Read a calibration; raise ValueError when it belongs to something else."""
    record = json.loads(path.read_text(encoding="utf-8"))
    if record is None:
        return None
    tuples = ("features", "means", "scales", "coefficients")
    calibration = Calibration(**{**record, **{name: tuple(record[name]) for name in tuples}})
    if dict(calibration.tied_to) != dict(tied_to):
        raise ValueError(f"calibrated for {dict(calibration.tied_to)}, not for {dict(tied_to)}")
    if calibration.features != FEATURES:
        raise ValueError(f"calibrated over the features {calibration.features}, not {FEATURES}")
    return calibration
