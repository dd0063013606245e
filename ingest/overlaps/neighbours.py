"""Finds pairs of sentences to compare, by the cosine of their vectors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def near_pairs(
    vectors: NDArray[np.float32],
    rows: Sequence[int],
    *,
    cut: float,
    most: int,
    block: int = 256,
) -> Iterator[tuple[int, int, float]]:
    """Yield pairs of positions in `rows` whose cosine is at least `cut`, with that cosine.

    `vectors` are unit vectors, float32. Each position comes with at most `most` later positions,
    its nearest; pairs come in order. Memory is bounded by `block` times the number of rows, time
    grows with the square of the rows.
    """
    picked = vectors[np.asarray(rows, dtype=np.int64)]
    for top in range(0, len(picked), block):
        scores = picked[top : top + block] @ picked[top:].T
        # Each pair once, and no sentence with itself.
        scores[np.tril_indices(len(scores), m=scores.shape[1])] = -np.inf
        first, second = np.nonzero(scores >= cut)
        near = scores[first, second]
        order = np.lexsort((second, -near, first))
        _, starts, counts = np.unique(first[order], return_index=True, return_counts=True)
        rank = np.arange(len(order)) - np.repeat(starts, counts)
        nearest = order[rank < most]
        yield from zip(
            (first[nearest] + top).tolist(),
            (second[nearest] + top).tolist(),
            near[nearest].tolist(),
            strict=True,
        )
