"""The demo of thirty lines: sentence-transformers and rank-bm25, joined by reciprocal rank.

1 / (60 + rank) is that of Cormack, Clarke & Büttcher 2009. The demo embeds everything anew at each
start; here its vectors lie on the disk, which is kinder to it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.peer_protocol import Text, model_folder, read_texts, serve, write_texts

_RRF = 60
_VECTORS, _TEXTS = "vectors.npy", "texts.jsonl"


class Simple:
    """Cosines to all vectors, BM25 of all texts, and the sum of reciprocal ranks."""

    def __init__(self) -> None:
        self._model: Any = None
        self._bm25: Any = None
        self._vectors: Any = None
        self._texts: list[Text] = []
        self._folder = Path()

    def load(self) -> None:
        """Load the libraries and the model."""
        import rank_bm25  # type: ignore[import-not-found]  # noqa: F401  so that ingest need not
        from sentence_transformers import SentenceTransformer

        self._model = SentenceTransformer(str(model_folder()), device="cpu", local_files_only=True)

    def ingest(self, source: Path, folder: Path) -> None:
        """Embed, count words, and save."""
        self._texts = read_texts(source)
        self._vectors = self._encoded([one.text for one in self._texts])
        np.save(folder / _VECTORS, self._vectors)
        write_texts(self._texts, folder / _TEXTS)
        self._count()
        self._folder = folder

    def held(self) -> list[Text]:
        """Return what lies on the disk; raise ValueError where vectors or counts are missing."""
        texts = read_texts(self._folder / _TEXTS)
        rows = zip(texts, np.load(self._folder / _VECTORS), self._bm25.doc_len, strict=True)
        return [text for text, _, _ in rows]

    def open(self, folder: Path) -> None:
        """Load the model and the vectors, and count the words again."""
        self.load()
        self._texts = read_texts(folder / _TEXTS)
        self._vectors = np.load(folder / _VECTORS)
        self._count()

    def query(self, text: str, k: int) -> Sequence[str]:
        """Search both ways and join the ranks."""
        cosines = self._vectors @ self._encoded([text])[0]
        words = self._bm25.get_scores(_words(text))
        joined = 1 / (_RRF + _ranks(cosines)) + 1 / (_RRF + _ranks(words))
        return [self._texts[int(row)].id for row in np.argsort(-joined, kind="stable")[:k]]

    def _count(self) -> None:
        from rank_bm25 import BM25Okapi

        self._bm25 = BM25Okapi([_words(one.text) for one in self._texts])

    def _encoded(self, texts: Sequence[str]) -> Any:
        return self._model.encode(texts, normalize_embeddings=True, show_progress_bar=False)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _ranks(scores: Any) -> Any:
    """Return the rank of each score, the highest 1: int64, shape (texts,)."""
    ranks = np.empty(len(scores), dtype=np.int64)
    ranks[np.argsort(-scores, kind="stable")] = np.arange(1, len(scores) + 1)
    return ranks


if __name__ == "__main__":
    raise SystemExit(serve(Simple(), sys.argv[1:]))
