"""From times and ids to figures, tables and a picture: pure, apart from drawing."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evaluation.metrics import hit, ndcg, paired_difference, recall

METRICS = {
    "nDCG@10": (ndcg, 10),
    "hit@1": (hit, 1),
    "hit@3": (hit, 3),
    "recall@10": (recall, 10),
}
Values = Mapping[str, Sequence[float]]

# Okabe & Ito 2008, "Color Universal Design"; the marks tell them apart without colours too.
_LOOKS = (("#0072B2", "o"), ("#D55E00", "s"), ("#009E73", "^"), ("#6B6B6B", "D"))


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and the grades (1 or more) of the documents or sections that answer it."""

    text: str
    relevance: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds of a query: median, 95th percentile, and the median of its ratios to ours."""

    p50: float
    p95: float
    ratio: float


def latency(ms: Sequence[float], ours: Sequence[float]) -> Latency:
    """Sum up the times of a search; `ours` are those of the same questions in the same order."""
    ratios = [theirs / own for theirs, own in zip(ms, ours, strict=True)]
    late = statistics.quantiles(ms, n=20, method="inclusive")[-1] if len(ms) > 1 else ms[0]
    return Latency(statistics.median(ms), late, statistics.median(ratios))


def units(ids: Iterable[str], owners: Mapping[str, str]) -> list[str]:
    """Return what the found passages belong to, each once, where its best passage stands.

    Raises KeyError for an id that nobody was given.
    """
    return list(dict.fromkeys(owners[name] for name in ids))


def quality(
    questions: Sequence[Question], found: Sequence[Sequence[str]], owners: Mapping[str, str]
) -> dict[str, list[float]]:
    """Return every metric of every question, in their order, from the passages found for it."""
    return {
        name: [
            metric(units(ids, owners), question.relevance, k)
            for question, ids in zip(questions, found, strict=True)
        ]
        for name, (metric, k) in METRICS.items()
    }


def difference(name: str, theirs: Sequence[float], ours: Sequence[float]) -> str:
    """Say what a search's mean is less ours, with its 95 % bootstrap interval over questions."""
    found = paired_difference(theirs, ours)
    return f"{name} {found.mean:+.3f} ({found.low:+.3f} to {found.high:+.3f})"


def draw_quality(axes: Any, points: Mapping[str, tuple[float, float]]) -> None:
    """Draw nDCG@10 over the median milliseconds of a query, a mark for each search."""
    for (name, (ms, ndcg_10)), (colour, mark) in zip(points.items(), _LOOKS, strict=False):
        axes.scatter([ms], [ndcg_10], color=colour, marker=mark, s=90, label=name, zorder=3)
    axes.set(xlabel="Median of a query, ms (less is better)", ylabel="nDCG@10 (more is better)")
    axes.margins(0.25)
    axes.set_xlim(left=0)
    axes.grid(alpha=0.3)
    axes.legend(loc="best", frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
