"""The model that decides whether the articles answer a question, and its JSON file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class AnswerFeatures:
    """The features of one query.

    `answerable_vote` and `off_topic_vote`: the predictions of the bank (core.models.kernel_ridge),
    about 0 to 1. `nearest_answerable`, `nearest_unanswerable`: cosine to the most similar row of
    each kind.
    `best_score`: the highest own score of a passage. `best_coverage`: the highest normalised BM25
    of a passage. `general`: the logit of the shipped model for any content (index.search.evidence),
    0 for an encoder without one. `known_words`: the share of the query's stems that are in passages
    or answerable rows. `out_of_vocabulary`: the share that are in no passage and no row. `length`:
    number of words over 15, at most 1.
    """

    answerable_vote: float
    off_topic_vote: float
    nearest_answerable: float
    nearest_unanswerable: float
    best_score: float
    best_coverage: float
    general: float
    known_words: float
    out_of_vocabulary: float
    length: float

    def as_row(self) -> NDArray[np.float64]:
        """Return the features in the order of FEATURES: float64, shape (features,)."""
        return np.array([getattr(self, one.name) for one in fields(self)], dtype=np.float64)


FEATURES = tuple(field.name for field in fields(AnswerFeatures))


@dataclass(frozen=True, slots=True)
class AnswerModel:
    """A logistic regression over the features of a query, with its cuts.

    P(answerable) = 1 / (1 + exp(-(intercept + sum_i coefficients_i (x_i - means_i) / scales_i))),
    features in the order of FEATURES. `tied_to` has the hashes of the encoder, splitter and bank
    that it was fitted with; it is valid with no others. `measured` holds cross-validated shares.
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


def write_calibration(calibration: AnswerModel | None, path: Path) -> None:
    """Write the model as JSON that people can read, null without a model."""
    record = asdict(calibration) if calibration else None
    path.write_text(json.dumps(record, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def read_calibration(path: Path, *, tied_to: Mapping[str, str]) -> AnswerModel | None:
    """Read a model. Raises ValueError when it was fitted with other inputs or features."""
    record = json.loads(path.read_text(encoding="utf-8"))
    if record is None:
        return None
    tuples = ("features", "means", "scales", "coefficients")
    calibration = AnswerModel(**{**record, **{name: tuple(record[name]) for name in tuples}})
    if dict(calibration.tied_to) != dict(tied_to):
        raise ValueError(f"calibrated for {dict(calibration.tied_to)}, not for {dict(tied_to)}")
    if calibration.features != FEATURES:
        raise ValueError(f"calibrated over the features {calibration.features}, not {FEATURES}")
    return calibration
