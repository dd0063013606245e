"""Answer, related reading, or not covered: a calibrated logistic model, or a conservative cut."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.evidence import FEATURES, Evidence
from index.types import Outcome

if TYPE_CHECKING:
    from pathlib import Path

# Without labelled questions nothing can be calibrated. These cuts on the best passage's own score
# come from questions with known answers over articles that have no bank; see docs/evaluation.md.
UNCALIBRATED_ANSWER_FROM = 0.62
UNCALIBRATED_RELATED_FROM = 0.42


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic model over evidence, its cuts, and what it was measured to do.

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

    def probability(self, evidence: Evidence) -> float:
        """Return the probability that the articles answer the query."""
        x = (evidence.as_row() - np.array(self.means)) / np.array(self.scales)
        logit = self.intercept + float(x @ np.array(self.coefficients))
        return float(1 / (1 + np.exp(-np.clip(logit, -50, 50))))


def decide(calibration: Calibration | None, evidence: Evidence) -> Outcome:
    """Return the outcome for one query's evidence."""
    if calibration is None:
        value = evidence.best_score
        answer, related = UNCALIBRATED_ANSWER_FROM, UNCALIBRATED_RELATED_FROM
    else:
        value = calibration.probability(evidence)
        answer, related = calibration.answer_from, calibration.related_from
    if value >= answer:
        return Outcome.ANSWER
    return Outcome.RELATED if value >= related else Outcome.NOT_COVERED


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
