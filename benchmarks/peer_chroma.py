"""Chroma in the process, on the disk, with cosines: dense alone.

What runs without its cloud has no ranking by words ("Sparse vector indexing is not enabled in
local", 1.5.9). Its telemetry is off, and its own download of a model is never reached.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.peer_protocol import THREADS, Text, model_folder, read_texts, serve

_NAME = "texts"


class Chroma:
    """An HNSW index of Chroma's, and our one model as the function that embeds."""

    def __init__(self) -> None:
        self._function: Any = None
        self._collection: Any = None

    def load(self) -> None:
        """Load the libraries and the model."""
        from chromadb import EmbeddingFunction  # type: ignore[import-not-found]
        from sentence_transformers import SentenceTransformer

        model = SentenceTransformer(str(model_folder()), device="cpu", local_files_only=True)

        class Embeds(EmbeddingFunction):  # type: ignore[misc]
            def __init__(self) -> None:
                pass

            def __call__(self, input: Any) -> Any:  # noqa: A002  the name is Chroma's
                return list(model.encode(list(input), show_progress_bar=False))

            @staticmethod
            def name() -> str:
                return "the-one-model"

            def get_config(self) -> dict[str, Any]:
                return {}

            @staticmethod
            def build_from_config(config: dict[str, Any]) -> Any:  # noqa: ARG004  Chroma's
                return Embeds()

        self._function = Embeds()

    def ingest(self, source: Path, folder: Path) -> None:
        """Index and save, in steps as large as Chroma takes them."""
        texts = read_texts(source)
        client = _client(folder)
        self._collection = client.create_collection(
            _NAME,
            embedding_function=self._function,
            configuration={"hnsw": {"space": "cosine", "num_threads": THREADS}},
        )
        most = client.get_max_batch_size()
        for start in range(0, len(texts), most):
            some = texts[start : start + most]
            self._collection.add(ids=[one.id for one in some], documents=[one.text for one in some])

    def held(self) -> list[Text]:
        """Return what the collection gives back; raise ValueError where a vector is missing."""
        held = self._collection.get(include=["documents", "embeddings"])
        rows = zip(held["ids"], held["documents"], held["embeddings"], strict=True)
        return [Text(name, text) for name, text, _ in rows]

    def open(self, folder: Path) -> None:
        """Load the model and the index."""
        self.load()
        self._collection = _client(folder).get_collection(_NAME, embedding_function=self._function)

    def query(self, text: str, k: int) -> Sequence[str]:
        """Search by meaning, for ids alone."""
        found = self._collection.query(query_texts=[text], n_results=k, include=["distances"])
        ids: list[str] = found["ids"][0]
        return ids


def _client(folder: Path) -> Any:
    import chromadb
    from chromadb.config import Settings  # type: ignore[import-not-found]

    return chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))


if __name__ == "__main__":
    raise SystemExit(serve(Chroma(), sys.argv[1:]))
