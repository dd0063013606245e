"""Brings the published index up to date with the content folder, or leaves it as it is."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from core.encoders.onnx import FOLDER
from core.errors import ContentError
from core.files.atomic import TEMPORARY
from core.files.regular_file import read_regular
from core.types import Article, Encoder
from index.bank import question_bank, route_cards, vocabulary
from index.search.ranking import RANKING_VERSION
from index.store import generations
from index.store.manifest import SCHEMA_VERSION, generation_id
from index.store.opened import load
from index.store.record import Generation
from index.vectors.location import move_vectors
from ingest.build.articles import Progress
from ingest.build.calibration import CALIBRATION_VERSION
from ingest.build.prepare import Content, prepare, read_content
from ingest.build.previous import Published, sound, sound_current
from ingest.build.splitter import SPLITTER_VERSION, words
from ingest.build.views import VIEWS_VERSION
from ingest.claims import decisions
from ingest.encoder.onnx_export import EXPORT_VERSION
from ingest.encoder.serving_encoder import is_exportable, serving_encoder
from ingest.preview.review import require_invariants
from ingest.readers.read import READER_VERSION
from safety.claims.finder import CLAIMS_VERSION
from safety.notices.nearest import NEAREST_VERSION
from safety.notices.red_flags import RedFlags


@dataclass(frozen=True, slots=True)
class ArticleReport:
    """One row of the table that ingest prints: an article and what became of it.

    `state` is "new", "unchanged" or "changed" against what was published before, or "kept": the
    file in the folder cannot be taken, and its last good version goes on being served.
    """

    article: str
    state: str
    sections: int
    passages: int
    words: int
    warnings: int


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What an ingest did; `published` and `proposed` are False when nothing had changed.

    `proposed` says that the generation waits to be looked at. `problems` are what could not be
    taken, `withdrawn` the articles that would be served no longer.
    `served` are the articles of the generation themselves.
    """

    generation: str
    published: bool
    proposed: bool
    articles: tuple[ArticleReport, ...]
    withdrawn: tuple[str, ...]
    problems: tuple[ContentError, ...]
    warnings: tuple[str, ...]
    served: Sequence[Article]


def build(
    content: Path,
    built: Path,
    *,
    encoder_sha256: str,
    load_encoder: Callable[[], Encoder],
    progress: Progress,
    review: bool = False,
    force: bool = False,
    take_out: bool = False,
    vector_store: str = "",
) -> BuildReport:
    """Bring the index up to date with the content folder, or propose to, with `review`.

    Everything is read and checked before anything is written. An article that cannot be taken is
    a problem of the report and stops no other one. Raises ContentError, with what was serving left
    in place, when nothing can be published without what is wrong, and PublishError when an
    invariant does not hold, unless `force`, or the index cannot be written. With `take_out`
    patients may have fewer notices and telephone numbers than before. `vector_store` is the address
    of the server that shall hold the vectors, empty for files. Unchanged content publishes nothing
    and does not even load the encoder, whose hash is enough to know; but an export that failed is
    tried again.
    """
    with generations.writing(built):
        before = Published(sound_current(built))
        read = read_content(content, progress, before, take_out=take_out)
        encoder = cache(load_encoder)
        scratch = built / f"{TEMPORARY}{FOLDER}"
        inputs = _inputs(content, read, encoder_sha256, vector_store)
        if (
            _was_not_exported(built, inputs, before)
            and not serving_encoder(encoder(), before, scratch, read.asked).exported
        ):
            inputs = _unexported(inputs)  # again: there is nothing better to make
        generation = generation_id(inputs)
        if before.stored and before.stored.manifest.generation == generation:
            generations.discard(built)  # what it would have changed is no longer wanted
            return _report(before.stored, read, before)
        # It may be on disk already, after a rollback or as the candidate.
        stored = sound(built / generation)
        if stored is None:
            stored = prepare(read, inputs, encoder(), progress, before, scratch=scratch)
            if stored.exported is None and is_exportable(encoder()):
                stored = _of(_unexported(inputs), stored)
            vectors = move_vectors(stored.vectors, vector_store, stored.manifest.generation)
            stored = replace(stored, vectors=vectors)
        if review:
            generations.stage(built, stored)
        else:
            if not force:
                _require_invariants(content, built, stored, read.settings.red_flags, encoder)
            generations.publish(built, stored)
        return _report(stored, read, before, published=not review, proposed=review)


def _require_invariants(
    content: Path, built: Path, stored: Generation, flags: RedFlags, encoder: Callable[[], Encoder]
) -> None:
    folder = built / stored.manifest.generation
    require_invariants(
        content, flags, lambda: load(folder, stored, None if stored.exported else encoder())
    )


def _report(
    stored: Generation,
    read: Content,
    before: Published,
    *,
    published: bool = False,
    proposed: bool = False,
) -> BuildReport:
    passages: dict[str, list[str]] = {article.id: [] for article in stored.articles}
    for article, text in zip(
        stored.passages.texts("article_id"), stored.passages.texts("text"), strict=True
    ):
        passages[article].append(text)
    warnings = (*stored.manifest.warnings, *read.settings.warnings)
    told = Counter(
        source for w in warnings for source in [w.partition(":")[0], w.partition("#")[0]]
    )
    rows = [
        ArticleReport(
            article=article.source,
            state=_state(article, read, before),
            sections=len(article.sections),
            passages=len(passages[article.id]),
            words=sum(words(text) for text in passages[article.id]),
            warnings=told[article.source] + told[article.id],
        )
        for article in stored.articles
    ]
    served = {row.article for row in rows}
    return BuildReport(
        generation=stored.manifest.generation,
        published=published,
        proposed=proposed,
        articles=tuple(rows),
        withdrawn=tuple(source for source in before.articles if source not in served),
        problems=tuple(read.problems),
        warnings=warnings,
        served=stored.articles,
    )


def _state(article: Article, read: Content, before: Published) -> str:
    if article.id in read.read.kept:
        return "kept"
    last = before.articles.get(article.source)
    if last is None:
        return "new"
    return "unchanged" if last.article == article else "changed"


def _inputs(content: Path, read: Content, encoder_sha256: str, vector_store: str) -> dict[str, Any]:
    """Return all that a generation depends on; what could not be taken is a part of it."""
    return {
        "schema": SCHEMA_VERSION,
        "reader": READER_VERSION,
        "splitter": SPLITTER_VERSION,
        "views": VIEWS_VERSION,
        "calibration": CALIBRATION_VERSION,
        "ranking": RANKING_VERSION,
        "claims": CLAIMS_VERSION,
        "notices": NEAREST_VERSION,
        "export": EXPORT_VERSION,
        "encoder": encoder_sha256,
        "vector_store": vector_store,
        "articles": [
            [r.article.source, r.article.sha256, r.sidecar_sha256, r.article.id in read.read.kept]
            for r in read.read.articles
        ],
        "refused": [refused.source for refused in read.read.refused],
        "former": dict(read.read.former),
        "orphans": list(read.orphans),
        "questions": _file_sha256(content / question_bank.FILE_NAME),
        "vocabulary": _file_sha256(content / vocabulary.FILE_NAME),
        "claim_decisions": _file_sha256(content / decisions.FILE_NAME),
        "routes": _file_sha256(content / route_cards.FILE_NAME),
        "settings": {
            name: hashlib.sha256(raw).hexdigest() for name, raw in read.settings.files.items()
        },
    }


def _unexported(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the inputs of what is made when the encoder should be exported and cannot be.

    Another generation than the one with it: an ingest that can export it has something to do.
    """
    return {**inputs, "export": None}


def _was_not_exported(built: Path, inputs: Mapping[str, Any], before: Published) -> bool:
    """Say whether these inputs were ingested without an export, and nothing else of them serves."""
    served = before.stored.manifest.generation if before.stored else None
    return served != generation_id(inputs) and (
        (built / generation_id(_unexported(inputs))).is_dir()
    )


def _of(inputs: Mapping[str, Any], stored: Generation) -> Generation:
    manifest = replace(stored.manifest, inputs=inputs, generation=generation_id(inputs))
    return replace(stored, manifest=manifest)


def _file_sha256(path: Path) -> str | None:
    return hashlib.sha256(read_regular(path)).hexdigest() if path.is_file() else None
