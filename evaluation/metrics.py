"""Ranking metrics with their standard formulas, and bootstrap intervals: pure.

`ranked` is a run for one query: document ids, best first, each at most once. `relevance` maps the
ids of relevant documents to their grade (1 or more); what is not in it is not relevant.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from math import log2
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# By name of the row, by column, an Estimate as a mapping.
Table = dict[str, dict[str, dict[str, float]]]


def hit(ranked: Sequence[str], relevance: Mapping[str, int], k: int) -> float:
    """Return 1.0 when a relevant document is among the first k, else 0.0 (success@k)."""
    return float(any(doc in relevance for doc in ranked[:k]))


def recall(ranked: Sequence[str], relevance: Mapping[str, int], k: int) -> float:
    """Return the share of relevant documents that are among the first k."""
    if not relevance:
        return 0.0
    return sum(doc in relevance for doc in ranked[:k]) / len(relevance)


def reciprocal_rank(ranked: Sequence[str], relevance: Mapping[str, int], k: int) -> float:
    """Return 1 / rank of the first relevant document among the first k, else 0 (Voorhees 1999)."""
    return next((1 / rank for rank, doc in enumerate(ranked[:k], 1) if doc in relevance), 0.0)


def average_precision(ranked: Sequence[str], relevance: Mapping[str, int], k: int) -> float:
    """Return average precision over the first k, divided by all relevant documents (TREC's)."""
    if not relevance:
        return 0.0
    found, total = 0, 0.0
    for rank, doc in enumerate(ranked[:k], 1):
        if doc in relevance:
            found += 1
            total += found / rank
    return total / len(relevance)


def ndcg(ranked: Sequence[str], relevance: Mapping[str, int], k: int) -> float:
    """Return nDCG@k with the grade itself as the gain (Järvelin & Kekäläinen 2002).

    This is the formula of trec_eval: grade / log2(rank + 1), over the ideal order's sum.
    """
    gains = [relevance.get(doc, 0) for doc in ranked[:k]]
    ideal = sorted(relevance.values(), reverse=True)[:k]
    best = _dcg(ideal)
    return _dcg(gains) / best if best else 0.0


def _dcg(gains: Sequence[int]) -> float:
    return sum(gain / log2(rank + 1) for rank, gain in enumerate(gains, 1))


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean with its 95 % bootstrap interval over the questions; `n` is their number."""

    mean: float
    low: float
    high: float
    n: int


def estimate(values: Iterable[float], *, samples: int = 2000, seed: int = 0) -> Estimate:
    """Return the mean and its percentile bootstrap interval (Efron 1979); NaN for no value."""
    array = np.array(list(values), dtype=float)
    if not len(array):
        return Estimate(float("nan"), float("nan"), float("nan"), 0)
    means = bootstrap_means(array, samples=samples, seed=seed)
    low, high = np.percentile(means, [2.5, 97.5])
    return Estimate(float(np.mean(array)), float(low), float(high), len(array))


def paired_difference(
    ours: Sequence[float], theirs: Sequence[float], *, samples: int = 2000, seed: int = 0
) -> Estimate:
    """Return the mean of ours - theirs over the same questions, with its bootstrap interval."""
    if len(ours) != len(theirs):
        raise ValueError(f"{len(ours)} and {len(theirs)} values cannot be paired")
    return estimate([a - b for a, b in zip(ours, theirs, strict=True)], samples=samples, seed=seed)


def bootstrap_means(values: NDArray[np.float64], *, samples: int, seed: int) -> NDArray[np.float64]:
    """Return the means of `samples` resamples with replacement: float64, shape (samples,)."""
    rng = np.random.default_rng(seed)
    picked = rng.integers(0, len(values), size=(samples, len(values)))
    return np.asarray(values[picked].mean(axis=1))


def share(rows: Iterable[Mapping[str, float]]) -> dict[str, dict[str, float]]:
    """Return the mean of each column of these rows with its interval; empty for no row."""
    found = list(rows)
    columns = found[0] if found else ()
    return {name: asdict(estimate([row[name] for row in found])) for name in columns}


def shares(rows: Iterable[tuple[str, Mapping[str, float]]], order: Iterable[str] = ()) -> Table:
    """Return the means of the rows of each name, in the given order or that of the rows."""
    groups: dict[str, list[Mapping[str, float]]] = {name: [] for name in order}
    for name, row in rows:
        groups.setdefault(name, []).append(row)
    return {name: share(members) for name, members in groups.items() if members}
