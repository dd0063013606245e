"""Unit vectors distributed like those of real articles: views in passages, articles and topics.

The shares below give mean cosines close to those of the open index and of a labelled collection.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

VIEWS, PASSAGES, ARTICLES = 8, 8, 16  # of a passage, of an article, of a topic
BLOCK = VIEWS * PASSAGES * ARTICLES
QUERY_COSINE = 0.65  # of a query to the mean of a passage's views
_QUERIES = 1 << 40  # a seed that no topic has
# Shares of the squared length: one part is common to all vectors, the others are drawn once for
# each topic, article, passage, and the rest for each view.
_COMMON, _TOPIC, _ARTICLE, _PASSAGE = 0.115, 0.08, 0.14, 0.12
_VIEW = 1 - _COMMON - _TOPIC - _ARTICLE - _PASSAGE
# Axis i has the variance (i + 1 + flat) ** -decay, scaled: few axes carry much, as in real ones.
_DECAY, _FLAT = 1.5, 10.0


def blocks(rows: int, dimension: int) -> Iterator[NDArray[np.float32]]:
    """Yield `rows` unit vectors, a topic at a time: float32, shape (up to BLOCK, dimension).

    Each topic has a seed of its own, so that a smaller set is the beginning of a larger one.
    """
    axes = _axes(dimension)
    common = math.sqrt(_COMMON) * _unit(_drawn(np.random.default_rng(_QUERIES - 1), 1, axes))
    for start in range(0, rows, BLOCK):
        draw = np.random.default_rng(start // BLOCK)
        topic = math.sqrt(_TOPIC) * _drawn(draw, 1, axes)
        article = math.sqrt(_ARTICLE) * _drawn(draw, ARTICLES, axes)
        passage = math.sqrt(_PASSAGE) * _drawn(draw, ARTICLES * PASSAGES, axes)
        block = math.sqrt(_VIEW) * _drawn(draw, BLOCK, axes)
        block += np.repeat(passage, VIEWS, axis=0)
        block += np.repeat(article, VIEWS * PASSAGES, axis=0)
        block += topic + common
        yield _unit(block)[: rows - start]


def queries(vectors: NDArray[np.float32], count: int) -> NDArray[np.float32]:
    """Return noisy copies of the mean of the views of passages, drawn at random.

    `vectors` are those of `blocks`. A question is as near to a passage as its views are to each
    other, rather than next to a single view. Float32, unit vectors, shape (count, dimension).
    """
    draw = np.random.default_rng(_QUERIES)
    first = np.sort(draw.integers(len(vectors) // VIEWS, size=count)) * VIEWS
    middle = _unit(vectors[first[:, None] + np.arange(VIEWS)].mean(axis=1))
    noise = _drawn(draw, count, _axes(vectors.shape[1]))
    noise -= np.sum(noise * middle, axis=1, keepdims=True) * middle
    return QUERY_COSINE * middle + math.sqrt(1 - QUERY_COSINE**2) * _unit(noise)


def _axes(dimension: int) -> NDArray[np.float32]:
    """Return the spread of each axis: float32, shape (dimension,), a vector of length one."""
    variances = (np.arange(dimension) + 1 + _FLAT) ** -_DECAY
    axes: NDArray[np.float32] = np.sqrt(variances / variances.sum()).astype(np.float32)
    return axes


def _drawn(draw: np.random.Generator, rows: int, axes: NDArray[np.float32]) -> NDArray[np.float32]:
    return draw.standard_normal((rows, len(axes)), dtype=np.float32) * axes


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    unit: NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit
