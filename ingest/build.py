"""Brings the published index up to date with the content folder, or leaves it as it is."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index import routes, store, vocabulary
from index.errors import IndexUnavailableError
from index.generation import Stored, read_generation
from index.manifest import SCHEMA_VERSION, generation_id
from index.types import Article, Encoder
from ingest import claim_decisions, question_bank
from ingest.calibration import CALIBRATION_VERSION
from ingest.prepare import Content, Progress, prepare, read_content
from ingest.readers import READER_VERSION
from ingest.splitter import SPLITTER_VERSION, words
from ingest.views import VIEWS_VERSION
from safety.claims import CLAIMS_VERSION
from safety.nearest import digest


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
    """What an ingest did; `published` is False when nothing had changed.

    `served` are the articles of the generation themselves.
    """

    generation: str
    published: bool
    articles: tuple[ArticleReport, ...]
    warnings: tuple[str, ...]
    served: Sequence[Article]


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
        stored = _sound(built / generation)
        published = stored is None or not _is_current(built, generation)
        if stored is None:
            stored = prepare(read, inputs, load_encoder(), progress)
            store.publish(built, stored)
        elif published:  # it is on disk already, after a rollback say
            store.switch(built, generation)
        return _report(stored, published)


def _report(stored: Stored, published: bool) -> BuildReport:
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
    return BuildReport(
        stored.manifest.generation, published, tuple(rows), warnings, stored.articles
    )


def _inputs(content: Path, read: Content, encoder_sha256: str) -> dict[str, Any]:
    return {
        "schema": SCHEMA_VERSION,
        "reader": READER_VERSION,
        "splitter": SPLITTER_VERSION,
        "views": VIEWS_VERSION,
        "calibration": CALIBRATION_VERSION,
        "claims": CLAIMS_VERSION,
        "notices": digest(read.red_flags, encoder_sha256),
        "encoder": encoder_sha256,
        "articles": [[r.article.source, r.article.sha256, r.sidecar_sha256] for r in read.articles],
        "orphans": list(read.orphans),
        "questions": _file_sha256(content / question_bank.FILE_NAME),
        "routes": _file_sha256(content / routes.FILE_NAME),
        "vocabulary": _file_sha256(content / vocabulary.FILE_NAME),
        "claim_decisions": _file_sha256(content / claim_decisions.FILE_NAME),
    }


def _file_sha256(path: Path) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None


def _is_current(built: Path, generation: str) -> bool:
    try:
        return store.current_generation(built) == generation
    except IndexUnavailableError:
        return False


def _sound(folder: Path) -> Stored | None:
    """Return the generation in this folder, None when it is not there or not sound."""
    try:
        return read_generation(folder)
    except IndexUnavailableError:
        return None
