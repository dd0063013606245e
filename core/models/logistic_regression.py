"""Logistic regression with an L2 penalty, fitted by Newton's method.

Minimises C sum_i log(1 + exp(-y_i (w.x_i + b))) + w.w / 2 over w and b, with y_i of -1 or 1
(Hastie, Tibshirani & Friedman 2009, section 4.4.1, with the penalty of section 4.4.4). It has one
minimum, which a dozen steps reach to the last digits, so that nothing but numpy is needed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MOST_STEPS = 100
_SMALLEST_STEP = 1e-10


@dataclass(frozen=True, slots=True)
class LogisticModel:
    """Fitted coefficients of standardised columns: float64, shape (columns,).

    A column x counts as (x - mean) / scale; `means` and `scales` are float64, shape (columns,).
    """

    means: NDArray[np.float64]
    scales: NDArray[np.float64]
    coefficients: NDArray[np.float64]
    intercept: float

    def probabilities(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the probability of "true" for each row: float64, shape (rows,)."""
        standard = (rows - self.means) / self.scales
        return _sigmoid(standard @ self.coefficients + self.intercept)


def fit_logistic(
    rows: NDArray[np.float64], is_true: NDArray[np.bool_], *, c: float
) -> LogisticModel:
    """Fit rows of shape (rows, columns), standardised first, to their labels, shape (rows,).

    A column that does not vary counts for nothing.
    """
    means, scales = rows.mean(axis=0), rows.std(axis=0)
    scales = np.where(scales > np.finfo(np.float64).eps * np.abs(means), scales, 1.0)
    x = np.column_stack([(rows - means) / scales, np.ones(len(rows))])
    penalty = np.diag(np.append(np.ones(rows.shape[1]), 0.0))
    weights = np.zeros(x.shape[1])
    loss = _loss(x, is_true, weights, c)
    for _ in range(_MOST_STEPS):
        p = _sigmoid(x @ weights)
        gradient = c * (x.T @ (p - is_true)) + penalty @ weights
        hessian = c * (x.T * (p * (1 - p))) @ x + penalty
        step = np.linalg.lstsq(hessian, gradient, rcond=None)[0]
        while (after := _loss(x, is_true, weights - step, c)) > loss and step.any():
            step = np.where(np.abs(step) > _SMALLEST_STEP, step / 2, 0.0)
        weights, loss = weights - step, after
        if np.abs(step).max(initial=0.0) < _SMALLEST_STEP:
            break
    return LogisticModel(means, scales, weights[:-1], float(weights[-1]))


def stratified_folds(is_true: NDArray[np.bool_], folds: int) -> NDArray[np.int64]:
    """Return a fold for each row, 0 to `folds` - 1, drawn with a fixed seed: int64, shape (rows,).

    Each fold has about the same share of both labels. They are the folds of scikit-learn's
    StratifiedKFold with random_state 0, with which the figures of docs/evaluation.md were found.
    """
    draw = np.random.RandomState(0)
    fold_of = np.zeros(len(is_true), dtype=np.int64)
    dealt = 0
    for label in (is_true[:1], ~is_true[:1]):  # the label that comes first is dealt first
        rows = np.flatnonzero(is_true == label)
        ends = np.arange(dealt, dealt + len(rows)) % folds
        cards = np.repeat(np.arange(folds), np.bincount(ends, minlength=folds))
        draw.shuffle(cards)
        fold_of[rows] = cards
        dealt += len(rows)
    return fold_of


def _loss(
    x: NDArray[np.float64], is_true: NDArray[np.bool_], weights: NDArray[np.float64], c: float
) -> float:
    signs = np.where(is_true, -1.0, 1.0)
    return float(
        c * np.logaddexp(0.0, signs * (x @ weights)).sum() + weights[:-1] @ weights[:-1] / 2
    )


def _sigmoid(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    odds = np.exp(-np.abs(logits))  # of a large number there would be no exponential
    return np.where(logits >= 0, 1.0, odds) / (1.0 + odds)
