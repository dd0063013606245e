"""How the views of a passage make one score: a small pure module with nothing else in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from index.types import ViewKind

if TYPE_CHECKING:
    from numpy.typing import NDArray

KINDS = tuple(ViewKind)
# Weight of the best view of each kind. A kind that a passage does not have passes its weight on
# to the text view, so that scores of passages with and without headings can be compared.
WEIGHTS = {ViewKind.TEXT: 0.5, ViewKind.HEADING: 0.2, ViewKind.SENTENCE: 0.3}


def fuse(best: NDArray[np.float32]) -> NDArray[np.float64]:
    """Combine the best similarity of each kind into one score a passage.

    `best` is float32, shape (passages, len(KINDS)), columns in the order of KINDS, NaN where a
    passage has no view of that kind. Returns float64, shape (passages,), in the same order.
    """
    weights = np.array([WEIGHTS.get(kind, 0.0) for kind in KINDS])
    text = best[:, KINDS.index(ViewKind.TEXT)][:, None]
    filled = np.where(np.isnan(best), text, best).astype(np.float64)
    scores: NDArray[np.float64] = filled @ weights
    return scores
