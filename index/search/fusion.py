"""Fuse the similarities of a passage's views and its BM25 into one score: pure.

Every part is a raw similarity in a fixed range, never scaled by the other results of the query:
scaled scores cannot express "nothing matches".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.types import ViewKind

if TYPE_CHECKING:
    from numpy.typing import NDArray

# The kinds of views of passages, in the order of the columns below.
KINDS = (ViewKind.TEXT, ViewKind.HEADING, ViewKind.SENTENCE)
# The column of each kind; a heading that is a question counts as a heading.
COLUMNS = {kind: i for i, kind in enumerate(KINDS)} | {
    ViewKind.QUESTION: KINDS.index(ViewKind.HEADING)
}


@dataclass(frozen=True, slots=True)
class Weights:
    """The weight of each part of a score; only the evaluation changes the defaults.

    Chosen on the calibration articles of training/, `boost` on the bank; docs/evaluation.md has the
    figures.
    `coverage` weighs the normalised BM25, `late` the MaxSim of word pieces (late interaction), as
    many times as all cosines of views together; `boost` the boost by the question bank.
    """

    text: float = 0.5
    heading: float = 0.1
    sentence: float = 0.4
    coverage: float = 0.3
    late: float = 2.0
    boost: float = 1.0


DEFAULT_WEIGHTS = Weights()


def fuse(
    best: NDArray[np.float32],
    coverage: NDArray[np.float32],
    *,
    weights: Weights = DEFAULT_WEIGHTS,
) -> NDArray[np.float64]:
    """Return the score of each passage: float64, shape (passages,), in the same order.

    `best` has the best cosine of each kind of view: float32, shape (passages, len(KINDS)), NaN
    where a passage has no such view; the cosine of its text then counts. `coverage` is the
    normalised BM25: float32 in [0, 1], shape (passages,).
    """
    by_kind = np.array([getattr(weights, kind.value) for kind in KINDS])
    text = best[:, KINDS.index(ViewKind.TEXT)][:, None]
    filled = np.where(np.isnan(best), text, best).astype(np.float64)
    scores: NDArray[np.float64] = filled @ by_kind + weights.coverage * coverage
    return scores


def with_late(
    first: NDArray[np.float64], late: NDArray[np.float32], *, weights: Weights = DEFAULT_WEIGHTS
) -> NDArray[np.float64]:
    """Return the scores with MaxSim, in the range that they had without: shape (passages,)."""
    scores: NDArray[np.float64] = (first + weights.late * late) / (1 + weights.late)
    return scores
