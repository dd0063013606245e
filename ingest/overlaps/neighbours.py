"""Pairs of sentences that may be worth comparing: near in meaning, or of nearly the same words."""

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
    block: int = 2048,
) -> Iterator[tuple[int, int, float]]:
    """Yield pairs of positions in `rows` whose cosine is at least `cut`, with that cosine.

    `vectors` are unit vectors, float32. Each position comes with at most `most` later ones, its
    nearest; the first of a pair is always the smaller, and pairs come in order. Memory is bounded
    by the block, time grows with the square of the rows.
    """
    picked = np.asarray(rows, dtype=np.int64)
    for top in range(0, len(picked), block):
        upper = vectors[picked[top : top + block]]
        found = [
            _above(upper, vectors, picked, top, left, cut, block, most)
            for left in range(top, len(picked), block)
        ]
        ours, theirs, scores = (np.concatenate(part) for part in zip(*found, strict=True))
        kept = _nearest(ours, theirs, scores, most)
        yield from zip(
            (ours[kept] + top).tolist(), theirs[kept].tolist(), scores[kept].tolist(), strict=True
        )


def _above(
    upper: NDArray[np.float32],
    vectors: NDArray[np.float32],
    picked: NDArray[np.int64],
    top: int,
    left: int,
    cut: float,
    block: int,
    most: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    scores = upper @ vectors[picked[left : left + block]].T
    if left == top:
        scores[np.tril_indices(len(upper))] = -np.inf  # each pair once, and nothing with itself
    ours, theirs = np.nonzero(scores >= cut)
    near = scores[ours, theirs]
    kept = _nearest(ours, theirs, near, most)
    return ours[kept], theirs[kept] + left, near[kept]


def _nearest(
    ours: NDArray[np.int64], theirs: NDArray[np.int64], scores: NDArray[np.float32], most: int
) -> NDArray[np.int64]:
    """Return which pairs to keep: for each of `ours` the `most` with the highest score."""
    order = np.lexsort((theirs, -scores, ours))
    _, starts, counts = np.unique(ours[order], return_index=True, return_counts=True)
    rank = np.arange(len(order)) - np.repeat(starts, counts)
    return order[rank < most]
