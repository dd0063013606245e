"""The pipeline: content -> articles -> passages -> views -> vectors -> a published generation."""

from __future__ import annotations

import hashlib
import importlib.metadata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index import routes, store, tables, vocabulary
from index.bank import fit_bank
from index.errors import ContentError, IndexUnavailableError, SeveralContentErrors
from index.language import learn_language
from index.lexical import LexicalIndex
from index.manifest import SCHEMA_VERSION, Manifest, generation_id
from index.query import plain_query
from index.routes import Route, read_routes
from index.types import NO_PASSAGE, Encoder, Passage, View, ViewKind
from index.vectors import VectorIndex
from index.vocabulary import Term, read_vocabulary
from ingest import question_bank
from ingest.bank_rows import bank_rows
from ingest.calibration import CALIBRATION_VERSION, calibrate
from ingest.question_bank import BankQuestion, read_question_bank
from ingest.readers import READER_VERSION, ReadArticle, article_files, read_article
from ingest.splitter import SPLITTER_VERSION, SplitterSettings, split_article, words
from ingest.views import VIEWS_VERSION, views_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

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

    Everything is read and checked before anything is written: a single article or row that cannot
    be taken raises ContentError, publishes nothing, and leaves what was serving in place.
    Unchanged content publishes nothing and does not even load the encoder, whose hash is enough to
    know. Raises PublishError when the index cannot be written.
    """
    read = read_content(content, progress)
    inputs = _inputs(content, read, encoder_sha256)
    generation = generation_id(inputs)
    with store.writing(built):
        published = not _serving(built, generation)
        if published and not _switched(built, generation):
            store.publish(built, prepare(read, inputs, load_encoder(), progress))
        return _report(store.read_generation(built / generation), published)


@dataclass(frozen=True, slots=True)
class Content:
    """The content folder, read and checked."""

    articles: Sequence[ReadArticle]
    questions: Sequence[BankQuestion]
    routes: Mapping[str, Route]
    terms: Sequence[Term]


def read_content(content: Path, progress: Progress) -> Content:
    """Read everything that an index is made of; raise ContentError for what cannot be taken."""
    articles = _read_all(content / ARTICLES_FOLDER, progress)
    routes = read_routes(content)
    sections = [section.id for r in articles for section in r.article.sections]
    return Content(
        articles=articles,
        questions=read_question_bank(content, sections=sections, routes=routes),
        routes=routes,
        terms=read_vocabulary(content),
    )


def prepare(
    content: Content, inputs: Mapping[str, Any], encoder: Encoder, progress: Progress
) -> store.Stored:
    """Make a generation, in memory."""
    read = content.articles
    settings = SplitterSettings(max_tokens=encoder.info.max_tokens)
    passages: list[Passage] = []
    for r in progress(read, len(read), "Splitting"):
        passages += split_article(r.article, count_tokens=encoder.count_tokens, settings=settings)
    own = views_of(passages)
    rows = bank_rows(content.questions, content.terms, content.routes.values(), passages)
    views = [*own, *(View(NO_PASSAGE, ViewKind.QUESTION, plain_query(row.text)) for row in rows)]
    vectors = _encode(views, encoder, progress)
    bank, left_out = fit_bank(rows, vectors[len(own) :] @ vectors[len(own) :].T)
    texts = [" ".join([*p.path, p.text]) for p in passages]
    manifest = Manifest(
        generation=generation_id(inputs),
        encoder=encoder.info,
        inputs=inputs,
        counts={
            "articles": len(read),
            "sections": sum(len(r.article.sections) for r in read),
            "passages": len(passages),
            "views": len(views),
            "questions": len(rows),
        },
        articles={r.article.id: r.article.sha256 for r in read},
        files={},
        warnings=(
            *(w for r in read for w in r.warnings),
            *_too_long(passages, own, encoder),
        ),
        libraries={name: importlib.metadata.version(name) for name in _LIBRARIES},
    )
    stored = store.Stored(
        manifest=manifest,
        articles=tables.article_rows(tables.articles_table(r.article for r in read)),
        passages=tables.passage_rows(tables.passages_table(passages)),
        views=tables.view_rows(tables.views_table(views)),
        vectors=VectorIndex(vectors),
        bank=bank,
        calibration=None,
        language=learn_language(texts, rows, content.terms),
        lexical=LexicalIndex.build((" ".join(p.path) or p.title, p.text) for p in passages),
    )
    calibration, warnings = calibrate(store.assemble(stored, encoder), left_out)
    return replace(
        stored,
        calibration=calibration,
        manifest=replace(manifest, warnings=(*manifest.warnings, *warnings)),
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


def _inputs(content: Path, read: Content, encoder_sha256: str) -> dict[str, Any]:
    return {
        "schema": SCHEMA_VERSION,
        "reader": READER_VERSION,
        "splitter": SPLITTER_VERSION,
        "views": VIEWS_VERSION,
        "calibration": CALIBRATION_VERSION,
        "encoder": encoder_sha256,
        "articles": [[r.article.source, r.article.sha256] for r in read.articles],
        "questions": _file_sha256(content / question_bank.FILE_NAME),
        "routes": _file_sha256(content / routes.FILE_NAME),
        "vocabulary": _file_sha256(content / vocabulary.FILE_NAME),
    }


def _file_sha256(path: Path) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None


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
