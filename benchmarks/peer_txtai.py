"""txtai as its documentation sets up a hybrid index: `hybrid=True`, weights of one half each.

It is asked for ids alone (no `content`), the least that it can do; the texts would cost it a query
of a database more.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.peer_protocol import Text, model_folder, read_texts, serve


class Txtai:
    """Embeddings in FAISS, and BM25 normalised to 0 to 1 beside them, added up."""

    def __init__(self) -> None:
        self._embeddings: Any = None
        self._texts: list[Text] = []

    def load(self) -> None:
        """Load the library and the model."""
        from txtai import Embeddings  # type: ignore[import-not-found]

        self._embeddings = Embeddings(path=str(model_folder()), hybrid=True)

    def ingest(self, source: Path, folder: Path) -> None:
        """Index and save."""
        self._texts = read_texts(source)
        self._embeddings.index((one.id, one.text, None) for one in self._texts)
        self._embeddings.save(str(folder))

    def held(self) -> list[Text]:
        """Return what was indexed."""
        return self._texts

    def open(self, folder: Path) -> None:
        """Load the index, which brings the model with it."""
        from txtai import Embeddings

        self._embeddings = Embeddings()
        self._embeddings.load(str(folder))

    def query(self, text: str, k: int) -> Sequence[str]:
        """Search both ways; the weights are the library's own."""
        return [name for name, _ in self._embeddings.search(text, k)]


if __name__ == "__main__":
    raise SystemExit(serve(Txtai(), sys.argv[1:]))
