"""A collection in BEIR layout, ranked by the product's own search and by parts of it."""

from __future__ import annotations

import time
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from core.types import Article, Section, Span
from evaluation.metrics import (
    average_precision,
    estimate,
    hit,
    ndcg,
    paired_difference,
    recall,
    reciprocal_rank,
)
from evaluation.search.crossvalidation import VIEWS, without_view
from index.bank.question_bank import BankRead
from index.search.fusion import DEFAULT_WEIGHTS, Weights
from index.search.prepared_query import prepare_query
from index.search.ranking import rank
from index.store.opened import OpenIndex, open_generation
from ingest.build.articles import ArticlesRead
from ingest.build.content import Content
from ingest.build.pipeline import make_generation
from ingest.encoder.serving_encoder import ServingEncoder
from ingest.readers.read import ReadArticle

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.types import Encoder
    from evaluation.beir import Collection, Document
    from ingest.build.articles import Progress

_CUTOFF = 10
_METRICS = {
    "ndcg@10": (ndcg, 10),
    "map@10": (average_precision, 10),
    "mrr@10": (reciprocal_rank, 10),
    "recall@10": (recall, 10),
    "hit@1": (hit, 1),
}
# The ranking's parts alone: its vectors, and its words.
PARTS = {
    "dense": replace(DEFAULT_WEIGHTS, coverage=0.0),
    "bm25": Weights(text=0.0, heading=0.0, sentence=0.0, coverage=1.0, boost=0.0),
}

Scores = dict[str, list[float]]


def index_collection(collection: Collection, encoder: Encoder, progress: Progress) -> OpenIndex:
    """Build an index of a collection in memory, as ingest builds an index of articles.

    A document is an article of one section whose heading is the document's title: the heading
    view is then the title, the text view title and text. There is no bank and no vocabulary.
    """
    return index_articles(map(article_of, collection.documents), encoder, progress)


def index_articles(articles: Iterable[Article], encoder: Encoder, progress: Progress) -> OpenIndex:
    """Index some articles in memory, without a bank and a vocabulary, as ingest indexes content."""
    content = Content(ArticlesRead([ReadArticle(a, ()) for a in articles]), BankRead(), {}, ())
    inputs = {"articles": [article.id for article in content.articles]}
    made = make_generation(content, inputs, ServingEncoder(encoder), progress)
    return open_generation(made, encoder)


def article_of(document: Document) -> Article:
    """Return a document as an article of one section, whose heading is the document's title."""
    text = document.text or document.title
    path = (document.title,) if document.title else ()
    # The title is in the path; as the article's title too it would be embedded twice.
    section = Section(f"{document.id}#text", path, Span(0, len(text)))
    return Article(document.id, "", text, (section,), source=document.id, sha256="")


def evaluate_collection(
    index: OpenIndex, collection: Collection, progress: Progress, *, ablate: bool
) -> dict[str, Any]:
    """Return the figures of the whole ranking, of its parts alone, and the differences to them.

    Queries per second are of this machine: encoding included, one query after the other.
    """
    started = time.perf_counter()
    runs = run(index, collection, DEFAULT_WEIGHTS, progress, "Asking")
    seconds = time.perf_counter() - started
    whole = scores(runs, collection)
    result: dict[str, Any] = {
        "counts": {
            "documents": len(collection.documents),
            "empty documents": collection.empty,
            "passages": len(index.passages),
            "judged queries": len(collection.queries),
            "queries without a relevant document": collection.unjudged,
        },
        "metrics": _estimates(whole),
        "queries_per_second": len(runs) / seconds,
        "parts": {},
        "differences": {},
    }
    for name, weights in PARTS.items():
        part = scores(run(index, collection, weights, progress, name), collection)
        result["parts"][name] = _estimates(part)
        for metric in ("ndcg@10", "hit@1"):
            difference = paired_difference(whole[metric], part[metric])
            result["differences"][f"{metric} over {name}"] = asdict(difference)
    if ablate:
        result["ablation"] = [_row("everything", whole, whole)]
        without = {f"no {view} view": without_view(view) for view in VIEWS}
        without["no BM25 coverage"] = PARTS["dense"]
        for name, weights in without.items():
            part = scores(run(index, collection, weights, progress, name), collection)
            result["ablation"].append(_row(name, whole, part))
    return result


def run(
    index: OpenIndex, collection: Collection, weights: Weights, progress: Progress, what: str
) -> dict[str, list[str]]:
    """Rank the documents for each query: ids, best first, as many as the metrics look at."""
    queries = collection.queries
    return {
        name: ranking(index, text, weights)
        for name, text in progress(queries.items(), len(queries), what)
    }


def ranking(index: OpenIndex, query: str, weights: Weights) -> list[str]:
    """Return the ids of the best documents, each at the rank of its best passage."""
    prepared = prepare_query(index, query, correct_spelling=False)
    candidates = rank(index, prepared, boosts={}, weights=weights)
    owners = index.passages.texts("article_id")
    found = dict.fromkeys(str(owners[candidate.passage]) for candidate in candidates)
    return list(found)[:_CUTOFF]


def scores(runs: dict[str, list[str]], collection: Collection) -> Scores:
    """Return every metric for every query, in the order of the runs."""
    return {
        name: [metric(ranked, collection.relevance[query], k) for query, ranked in runs.items()]
        for name, (metric, k) in _METRICS.items()
    }


def _estimates(found: Scores) -> dict[str, Any]:
    return {name: asdict(estimate(values)) for name, values in found.items()}


def _row(name: str, whole: Scores, part: Scores) -> dict[str, Any]:
    losses: dict[str, Any] = {
        metric: asdict(paired_difference(whole[metric], part[metric]))
        for metric in ("ndcg@10", "hit@1")
    }
    return {"name": name, "metrics": _estimates(part), "loss": losses}
