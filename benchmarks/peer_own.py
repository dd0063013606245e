"""Our own search beside the others: passages that speak for themselves, without any bank.

It ingests a collection as `python -m evaluation beir` does, or the articles of a published index
without what the clinic has labelled, and serves through `open_index` and `search`: whatever
encoder serves there serves here.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.peer_protocol import Text, serve
from index import store
from index.atomic import TEMPORARY
from index.onnx_encoder import FOLDER
from index.types import ViewKind

if TYPE_CHECKING:
    from index.generation import Stored
    from index.types import Article


class Own:
    """Ingest and search as the product does them."""

    def __init__(self) -> None:
        self._encoder: Any = None
        self._index: Any = None
        self._folder = Path()

    def load(self) -> None:
        """Load the encoder that an ingest embeds with."""
        from index.encoder import load_encoder

        self._encoder = load_encoder()

    def ingest(self, source: Path, folder: Path) -> None:
        """Split, embed, export and publish; a generation is verified before it is served."""
        from index.question_bank import BankRead
        from ingest.articles import ArticlesRead
        from ingest.prepare import Content, prepare
        from ingest.readers import ReadArticle

        read = ArticlesRead([ReadArticle(article, ()) for article in _articles(source)])
        content = Content(read, BankRead(), {}, ())
        inputs = {"collection": source.name}
        with store.writing(folder):
            # With what serves in it, as every ingest exports it.
            scratch = folder / f"{TEMPORARY}{FOLDER}"
            stored = prepare(content, inputs, self._encoder, silent, scratch=scratch)
            store.publish(folder, stored)
        self._folder = folder

    def held(self) -> list[Text]:
        """Return the passages as they were embedded, of what is on the disk."""
        return texts_of(store.read_current(self._folder))

    def open(self, folder: Path) -> None:
        """Open what is published."""
        self._index = store.open_index(folder)

    def query(self, text: str, k: int) -> Sequence[str]:
        """Search as the page does: with marks, outcome and the comparison with the article."""
        from index.search import search

        return [result.passage.id for result in search(self._index, text, k=k).results]


def texts_of(stored: Stored) -> list[Text]:
    """Return what is embedded of each passage as a whole: title, headings and text."""
    names = [passage.id for passage in stored.passages]
    views = (view for view in stored.views if view.kind is ViewKind.TEXT)
    # Without a title there is an empty line in its place, which no encoder sees.
    return [Text(names[view.passage], view.text.lstrip("\n")) for view in views]


def _articles(source: Path) -> list[Article]:
    """Read a collection in BEIR layout, or else the articles that an index holds."""
    from evaluation.beir import read_collection
    from evaluation.retrieval import article_of

    if (source / "corpus.jsonl").is_file():
        return [article_of(document) for document in read_collection(source).documents]
    return list(store.read_current(source).articles)


def silent(items: Iterable[Any], total: int, what: str) -> Iterable[Any]:  # noqa: ARG001
    """Show no progress."""
    return items


if __name__ == "__main__":
    raise SystemExit(serve(Own(), sys.argv[1:]))
