"""txtai as its documentation sets up a hybrid index: `hybrid=True`, weights of one half each.

It is asked for ids alone (no `content`), the least that it can do; the texts would cost it a query
of a database more.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.peer_protocol import Text, model_folder, read_texts, serve


class Txtai:
    """Embeddings in FAISS, and BM25 normalised to 0 to 1 beside them, added up."""

    def __init__(self) -> None:
        self._embeddings: Any = None
        self._handed: dict[str, str] = {}

    def load(self) -> None:
        """Load the library and the model."""
        from txtai import Embeddings  # type: ignore[import-not-found]

        self._embeddings = Embeddings(path=str(model_folder()), hybrid=True)

    def ingest(self, source: Path, folder: Path) -> None:
        """Index and save."""
        self._handed = {}
        self._embeddings.index(self._handing(read_texts(source)))
        self._embeddings.save(str(folder))

    def held(self) -> list[Text]:
        """Return the ids that the index holds, with the texts that it took under them.

        An index without `content` gives no text back, so what was taken is noted as it is handed
        over. Raises ValueError where vectors or word counts are missing.
        """
        ids = list(self._embeddings.ids)
        counts = (self._embeddings.ann.count(), self._embeddings.scoring.count())
        if counts != (len(ids), len(ids)):
            raise ValueError(f"{len(ids)} ids, but {counts} vectors and texts with words counted")
        return [Text(name, self._handed[name]) for name in ids]

    def _handing(self, texts: Iterable[Text]) -> Iterator[tuple[str, str, None]]:
        for one in texts:
            self._handed[one.id] = one.text
            yield one.id, one.text, None

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
