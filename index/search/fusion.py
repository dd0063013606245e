"""How the views of a passage make one score: a small pure module with nothing else in it.

Every part is a raw similarity in a fixed range, never scaled by the other results of the query: a
score that is high only because all others are low could not say "nothing matches".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.types import ViewKind

if TYPE_CHECKING:
    from numpy.typing import NDArray

# The kinds of views that passages have, in the order of the columns below.
KINDS = (ViewKind.TEXT, ViewKind.HEADING, ViewKind.SENTENCE)
# The column of each kind: a question that is a heading counts as what it is.
COLUMNS = {kind: i for i, kind in enumerate(KINDS)} | {
    ViewKind.QUESTION: KINDS.index(ViewKind.HEADING)
}


@dataclass(frozen=True, slots=True)
class Weights:
    """What each part counts; the evaluation passes others, everybody else the defaults.

    Chosen on the bank and on MedQuAD in BEIR's layout; docs/evaluation.md holds the figures.
    `coverage` weighs the share of words covered, `boost` what the question bank says.
    """

    text: float = 1 / 3
    heading: float = 1 / 3
    sentence: float = 1 / 3
    coverage: float = 0.3
    boost: float = 0.75


DEFAULT_WEIGHTS = Weights()


def fuse(
    best: NDArray[np.float32],
    coverage: NDArray[np.float32],
    *,
    weights: Weights = DEFAULT_WEIGHTS,
) -> NDArray[np.float64]:
    """Combine the best similarity of each kind and the words covered into one score a passage.

    `best` is float32, shape (passages, len(KINDS)), NaN where a passage has no view of that kind:
    its text then speaks for it. `coverage` is float32 in [0, 1], shape (passages,). Returns
    float64, shape (passages,), in the same order.
    """
    by_kind = np.array([getattr(weights, kind.value) for kind in KINDS])
    text = best[:, KINDS.index(ViewKind.TEXT)][:, None]
    filled = np.where(np.isnan(best), text, best).astype(np.float64)
    scores: NDArray[np.float64] = filled @ by_kind + weights.coverage * coverage
    return scores
