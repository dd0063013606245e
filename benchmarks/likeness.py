"""How far the synthetic vectors lie as real ones do: their mean cosines beside each other."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.clusters import ARTICLES, PASSAGES, VIEWS, Shape, blocks, measured, queries
from benchmarks.result import Cell, Result
from evaluation.beir import read_collection
from evaluation.retrieval import index_collection
from index.encoder import load_encoder
from index.store import open_index

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from benchmarks.options import Options
    from index.generation import Index

_DOCUMENTS, _FEW_DOCUMENTS = 250, 20
_QUERIES = 200


def likeness(options: Options, shape: Shape) -> Result:
    """Compare the synthetic vectors with those of the open index and of real articles."""
    encoder = load_encoder()
    served = open_index(options.built)
    collection = read_collection(options.beir)
    documents = collection.documents[: _FEW_DOCUMENTS if options.quick else _DOCUMENTS]
    part = replace(collection, documents=documents)
    real = index_collection(part, encoder, lambda items, _total, _what: items)
    here = {document.id for document in documents}
    answered = [name for name in sorted(collection.queries) if here & {*collection.relevance[name]}]
    dimension = real.vectors.dimension
    drawn = np.concatenate(list(blocks(real.vectors.rows, dimension, shape)))
    passages = np.arange(len(drawn)) // VIEWS
    rows = (
        _alike("the open index", served.vectors.all(), *_owners(served)),
        _alike(
            collection.name,
            real.vectors.all(),
            *_owners(real),
            encoder.encode([collection.queries[name] for name in answered]),
        ),
        _alike(
            "synthetic",
            drawn,
            passages,
            passages // PASSAGES,
            queries(drawn, _QUERIES, shape),
        ),
    )
    return Result(
        name="vector_likeness",
        title="Mean cosines of real vectors and of the synthetic ones",
        columns=(
            *("vectors", "views", "of one passage", "of one article", "of near articles"),
            *("of any two", "query to 1st", "to 10th", "to 200th"),
        ),
        rows=rows,
        notes=(
            "Near articles are the 15 with the highest mean cosine to an article; one article alone"
            " has none.",
            f"Of {collection.name} the first {len(documents):,} documents, those of one source as"
            f" one article, and the {len(answered)} queries that they answer.",
            f"Synthetic: {VIEWS} views a passage, {PASSAGES} passages an article, {ARTICLES}"
            f" articles a topic; {shape}.",
        ),
    )


def _owners(index: Index) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the passage and the article of each view; parts of a document's name are one's."""
    passages = np.asarray(index.view_passages, dtype=np.int64)
    names = [name.partition("#")[0].partition("-")[0] for name in index.passages.texts("id")]
    numbers = np.cumsum([before != name for before, name in pairwise(["", *names])])
    return passages, numbers[passages]


def _alike(
    name: str,
    vectors: NDArray[np.float32],
    passages: NDArray[np.int64],
    articles: NDArray[np.int64],
    asked: NDArray[np.float32] | None = None,
) -> tuple[Cell, ...]:
    found = measured(vectors, passages, articles)
    nearest: list[Cell] = [None, None, None]
    if asked is not None and len(asked):
        scores = -np.sort(-(asked @ vectors.T), axis=1)
        there = scores.shape[1]
        nearest = [
            float(scores[:, place].mean()) if place < there else None for place in (0, 9, 199)
        ]
    return (name, len(vectors), found.passage, found.article, found.near, found.other, *nearest)
