"""Unit vectors that lie as those of real articles do: views in passages, articles and topics."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

VIEWS, PASSAGES, ARTICLES = 8, 8, 16  # of a passage, of an article, of a topic
BLOCK = VIEWS * PASSAGES * ARTICLES
_NEAR = ARTICLES - 1
_QUERIES = 1 << 40  # a seed that no topic has


@dataclass(frozen=True, slots=True)
class Cosines:
    """Mean cosines of two vectors, by the smallest thing that holds both of them.

    Two views of one passage; of two passages of one article; of an article and one of the 15
    nearest to it; of any two articles. None where there is no such pair.
    """

    passage: float | None
    article: float | None
    near: float | None
    other: float | None


@dataclass(frozen=True, slots=True)
class Shape:
    """What the vectors are made of: shares of their squared length, which add up to one.

    `common` is in all of them, the rest is drawn once for each topic, article, passage or view.
    Axis i of the dimension has the variance (i + 1 + `flat`) ** -`decay`, scaled: few axes carry
    much, as in real embeddings. `query` is the cosine of a query to the mean of a passage's views.
    """

    common: float = 0.115
    topic: float = 0.08
    article: float = 0.14
    passage: float = 0.12
    decay: float = 1.5
    flat: float = 10.0
    query: float = 0.65

    @property
    def view(self) -> float:
        """The share of the view alone."""
        return 1 - self.common - self.topic - self.article - self.passage


def blocks(rows: int, dimension: int, shape: Shape) -> Iterator[NDArray[np.float32]]:
    """Give `rows` unit vectors, a topic at a time: float32, shape (up to BLOCK, dimension).

    Each topic has a seed of its own, so that a smaller set is the beginning of a larger one.
    """
    axes = _axes(dimension, shape)
    common = math.sqrt(shape.common) * _unit(np.random.default_rng(_QUERIES - 1), axes)
    for start in range(0, rows, BLOCK):
        draw = np.random.default_rng(start // BLOCK)
        topic = math.sqrt(shape.topic) * _drawn(draw, 1, axes)
        article = math.sqrt(shape.article) * _drawn(draw, ARTICLES, axes)
        passage = math.sqrt(shape.passage) * _drawn(draw, ARTICLES * PASSAGES, axes)
        block = math.sqrt(shape.view) * _drawn(draw, BLOCK, axes)
        block += np.repeat(passage, VIEWS, axis=0)
        block += np.repeat(article, VIEWS * PASSAGES, axis=0)
        block += topic + common
        yield _normal(block)[: rows - start]


def queries(vectors: NDArray[np.float32], count: int, shape: Shape) -> NDArray[np.float32]:
    """Return noisy copies of what the views of passages have in common, drawn at random.

    `vectors` are those of `blocks`. A question is as near to a passage as its views are to each
    other, rather than next to one of them. Float32, unit vectors, shape (count, dimension).
    """
    draw = np.random.default_rng(_QUERIES)
    first = np.sort(draw.integers(len(vectors) // VIEWS, size=count)) * VIEWS
    middle = _normal(vectors[first[:, None] + np.arange(VIEWS)].mean(axis=1))
    noise = _drawn(draw, count, _axes(vectors.shape[1], shape))
    noise -= np.sum(noise * middle, axis=1, keepdims=True) * middle
    return shape.query * middle + math.sqrt(1 - shape.query**2) * _normal(noise)


def measured(
    vectors: NDArray[np.float32], passages: NDArray[np.int64], articles: NDArray[np.int64]
) -> Cosines:
    """Measure the mean cosines of unit vectors, shape (rows, dimension).

    `passages` and `articles` are int64 of shape (rows,), ascending: what each row belongs to. All
    pairs count, through the sums of the vectors of each group (whose product is that of all pairs).
    """
    of_passages, of_articles = _pairs(vectors, passages), _pairs(vectors, articles)
    everything = _pairs(vectors, np.zeros(len(vectors), np.int64))
    return Cosines(
        passage=_mean(of_passages),
        article=_mean(of_articles - of_passages),
        near=_nearest_articles(vectors, articles),
        other=_mean(everything - of_articles),
    )


def _nearest_articles(vectors: NDArray[np.float32], articles: NDArray[np.int64]) -> float | None:
    starts = np.flatnonzero(np.diff(articles, prepend=-1))
    if len(starts) <= _NEAR:
        return None
    sizes = np.diff(starts, append=len(vectors))[:, None]
    means = np.add.reduceat(vectors, starts, axis=0) / sizes.astype(np.float32)
    means = means[: 4 * BLOCK]  # a square of cosines that fits into memory
    cosines = means @ means.T
    np.fill_diagonal(cosines, -np.inf)
    return float(np.partition(cosines, -_NEAR, axis=1)[:, -_NEAR:].mean())


def _pairs(vectors: NDArray[np.float32], groups: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the sum of the cosines of all pairs within a group, and the number of pairs."""
    starts = np.flatnonzero(np.diff(groups, prepend=-1))
    sizes = np.diff(starts, append=len(vectors)).astype(np.float64)
    sums = np.add.reduceat(vectors, starts, axis=0).astype(np.float64)
    both = np.sum(sums * sums) - len(vectors)
    return np.array([both / 2, np.sum(sizes * (sizes - 1)) / 2])


def _mean(pairs: NDArray[np.float64]) -> float | None:
    return float(pairs[0] / pairs[1]) if pairs[1] else None


def _axes(dimension: int, shape: Shape) -> NDArray[np.float32]:
    """Return the spread of each axis: float32, shape (dimension,), a vector of length one."""
    variances = (np.arange(dimension) + 1 + shape.flat) ** -shape.decay
    axes: NDArray[np.float32] = np.sqrt(variances / variances.sum()).astype(np.float32)
    return axes


def _drawn(draw: np.random.Generator, rows: int, axes: NDArray[np.float32]) -> NDArray[np.float32]:
    return draw.standard_normal((rows, len(axes)), dtype=np.float32) * axes


def _unit(draw: np.random.Generator, axes: NDArray[np.float32]) -> NDArray[np.float32]:
    return _normal(_drawn(draw, 1, axes))


def _normal(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    normal: NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return normal
