"""The pipeline: content -> articles -> passages -> views -> vectors -> a published generation."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index import store
from index.errors import ContentError, IndexUnavailableError, SeveralContentErrors
from index.manifest import SCHEMA_VERSION, generation_id
from index.types import Article, Encoder, Passage, ViewKind
from ingest.readers import READER_VERSION, ReadArticle, article_files, read_article
from ingest.splitter import SPLITTER_VERSION, SplitterSettings, split_article, words
from ingest.views import VIEWS_VERSION, views_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.types import View

ARTICLES_FOLDER = "articles"
_ENCODE_BATCH = 64
_LIBRARIES = ("sentence-transformers", "torch", "faiss-cpu", "numpy", "sentencex", "pyarrow")

# Shows progress over an iterable of known length: (items, total, what) -> the same items.
Progress = Callable[[Iterable[Any], int, str], Iterable[Any]]


@dataclass(frozen=True, slots=True)
class ArticleReport:
    """One row of the table that ingest prints: an article and what became of it."""

    article: str
    sections: int
    passages: int
    words: int
    warnings: int


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What an ingest did; `published` is False when nothing had changed."""

    generation: str
    published: bool
    articles: tuple[ArticleReport, ...]
    warnings: tuple[str, ...]


def build(
    content: Path,
    built: Path,
    *,
    encoder_sha256: str,
    load_encoder: Callable[[], Encoder],
    progress: Progress,
) -> BuildReport:
    """Bring the index up to date with the content folder.

    Everything is read and checked before anything is written: a single article that cannot be
    taken raises ContentError, publishes nothing, and leaves what was serving in place. Unchanged
    content publishes nothing and does not even load the encoder, whose hash is enough to know.
    Raises PublishError when the index cannot be written.
    """
    read = _read_all(content / ARTICLES_FOLDER, progress)
    inputs = _inputs([r.article for r in read], encoder_sha256)
    generation = generation_id(inputs)
    with store.writing(built):
        published = not _serving(built, generation)
        if published and not _switched(built, generation):
            store.publish(built, _draft(read, inputs, load_encoder(), progress))
        return _report(store.read_generation(built / generation), published)


def _draft(
    read: Sequence[ReadArticle], inputs: dict[str, Any], encoder: Encoder, progress: Progress
) -> store.Draft:
    settings = SplitterSettings(max_tokens=encoder.info.max_tokens)
    passages: list[Passage] = []
    for r in progress(read, len(read), "Splitting"):
        passages += split_article(r.article, count_tokens=encoder.count_tokens, settings=settings)
    views = views_of(passages)
    return store.Draft(
        articles=[r.article for r in read],
        passages=passages,
        views=views,
        vectors=_encode(views, encoder, progress),
        encoder=encoder.info,
        inputs=inputs,
        warnings=[*(w for r in read for w in r.warnings), *_too_long(passages, views, encoder)],
        libraries={name: importlib.metadata.version(name) for name in _LIBRARIES},
    )


def _read_all(articles: Path, progress: Progress) -> list[ReadArticle]:
    files = article_files(articles)
    read: dict[str, ReadArticle] = {}
    errors: list[ContentError] = []
    for path in progress(files, len(files), "Reading"):
        try:
            found = read_article(path, root=articles)
        except ContentError as error:
            errors.append(error)
            continue
        first = read.setdefault(found.article.id, found)
        if first is not found:
            errors.append(
                ContentError(
                    "Two articles have the same id.",
                    where=f"{articles / first.article.source} and {path}",
                    expected="names that still differ in lower case and without accents",
                    found=f"{found.article.id} twice",
                    mend="rename one of the two files, then run: python -m ingest",
                )
            )
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise SeveralContentErrors(errors)
    return list(read.values())


def _too_long(passages: Sequence[Passage], views: Sequence[View], encoder: Encoder) -> list[str]:
    """Name the passages whose end the encoder does not see: sentences that cannot be cut."""
    texts = [view for view in views if view.kind is ViewKind.TEXT]
    limit = encoder.info.max_tokens
    counts = encoder.count_tokens([view.text for view in texts])
    return [
        f"{passages[view.passage].id}: one sentence of {count} word pieces with its headings; "
        f"the model reads the first {limit}. Divide the sentence."
        for view, count in zip(texts, counts, strict=True)
        if count > limit
    ]


def _report(stored: store.Stored, published: bool) -> BuildReport:
    passages: dict[str, list[str]] = {article.id: [] for article in stored.articles}
    for passage in stored.passages:
        passages[passage.article_id].append(passage.text)
    warnings = stored.manifest.warnings
    rows = [
        ArticleReport(
            article=article.source,
            sections=len(article.sections),
            passages=len(passages[article.id]),
            words=sum(words(text) for text in passages[article.id]),
            warnings=sum(w.startswith((f"{article.source}:", f"{article.id}#")) for w in warnings),
        )
        for article in stored.articles
    ]
    return BuildReport(stored.manifest.generation, published, tuple(rows), warnings)


def _inputs(articles: Sequence[Article], encoder_sha256: str) -> dict[str, Any]:
    return {
        "schema": SCHEMA_VERSION,
        "reader": READER_VERSION,
        "splitter": SPLITTER_VERSION,
        "views": VIEWS_VERSION,
        "encoder": encoder_sha256,
        "articles": [[article.source, article.sha256] for article in articles],
    }


def _serving(built: Path, generation: str) -> bool:
    """Say whether this generation is the current one and every file of it is sound."""
    try:
        return store.current_generation(built) == generation and _sound(built / generation)
    except IndexUnavailableError:
        return False


def _switched(built: Path, generation: str) -> bool:
    """Switch to the generation when a sound one is on disk already (after a rollback, say)."""
    if not _sound(built / generation):
        return False
    store.switch(built, generation)
    return True


def _sound(folder: Path) -> bool:
    try:
        store.read_generation(folder)
    except IndexUnavailableError:
        return False
    return True


def _encode(views: Sequence[View], encoder: Encoder, progress: Progress) -> NDArray[np.float32]:
    """Return the vectors of all views, in their order: float32, shape (views, dimension)."""
    # Alike lengths together, so that little of a batch is padding.
    order = sorted(range(len(views)), key=lambda i: len(views[i].text))
    vectors = np.zeros((len(views), encoder.info.dimension), dtype=np.float32)
    batches = [order[i : i + _ENCODE_BATCH] for i in range(0, len(order), _ENCODE_BATCH)]
    for batch in progress(batches, len(batches), "Embedding"):
        vectors[batch] = encoder.encode([views[i].text for i in batch])
    return vectors
