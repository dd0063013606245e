"""Content becomes a generation in memory: read, split, embed, learn, calibrate."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from core.encoders.caching import CachingEncoder
from core.errors import ContentError
from core.text.normalize import normalize_query
from core.types import BankRowKind, Encoder, Passage, View, ViewKind
from index.bank.bank import fit_bank
from index.bank.lexicon import learn_lexicon
from index.bank.question_bank import BankRead, labelled_sections, read_question_bank
from index.bank.route_cards import Route, read_routes
from index.bank.vocabulary import Term, read_vocabulary
from index.search.bm25 import LexicalIndex
from index.store import arrow_schema
from index.store.manifest import BFLOAT16, FLOAT32, ArticleRecord, Manifest, generation_id
from index.store.opened import open_generation
from index.store.record import Generation
from index.vectors.faiss_store import VectorIndex
from ingest.build.articles import ArticlesRead, Progress, read_articles
from ingest.build.bank_answers import replies
from ingest.build.bank_rows import bank_rows
from ingest.build.calibration import calibrate
from ingest.build.previous import Published
from ingest.build.settings import SettingsRead, read_settings_files
from ingest.build.splitter import SplitterSettings, split_article
from ingest.build.views import views_of
from ingest.claims.decisions import ClaimDecision, read_claim_decisions
from ingest.claims.report import claim_row
from ingest.claims.review import Review, review_claims, with_labels
from ingest.encoder.precision import passage_encoder
from ingest.encoder.serving_encoder import serving_encoder
from ingest.readers.read import orphan_warning, orphans
from safety.notices.finder import NoticeFinder
from safety.notices.nearest import learn

if TYPE_CHECKING:
    from numpy.typing import NDArray

ARTICLES_FOLDER = "articles"
# Texts between two steps of the progress bar; the encoder makes batches of them.
_STEP = 512
_LIBRARIES = (
    "sentence-transformers",
    "torch",
    "onnxruntime",
    "tokenizers",
    "faiss-cpu",
    "numpy",
    "pyarrow",
    "sentencex",
    "bm25s",
    "PyStemmer",
    "scikit-learn",
)


@dataclass(frozen=True, slots=True)
class Content:
    """The content folder, read and checked.

    `decisions` are those about claims; with None nobody looks for claims, as in collections that
    are searched only to be measured.
    """

    read: ArticlesRead
    bank: BankRead
    routes: Mapping[str, Route]
    terms: Sequence[Term]
    orphans: Sequence[str] = ()  # settings that belong to no article
    decisions: Sequence[ClaimDecision] | None = None
    settings: SettingsRead = field(default_factory=SettingsRead)

    @property
    def asked(self) -> list[str]:
        """The bank's questions, as they are typed, in the order of the file."""
        return [row.question for row in self.bank.questions]

    @property
    def problems(self) -> list[ContentError]:
        """What could not be taken, in the order in which an editor would look for it."""
        return [*(refused.error for refused in self.read.refused), *self.bank.waiting]


def read_content(
    content: Path,
    progress: Progress,
    published: Published | None = None,
    *,
    take_out: bool = False,
) -> Content:
    """Read everything that an index is made of, articles only where they have changed.

    Raises ContentError for what nothing can be published without; `take_out` says that notices and
    telephone numbers may be fewer than those published.
    """
    published = published or Published()
    read = read_articles(
        content / ARTICLES_FOLDER,
        progress,
        known=published.articles,
        same_reader=published.same_reader,
        former=published.former,
        labelled=labelled_sections(content),
    )
    routes = read_routes(content)
    sections = {section.id for r in read.articles for section in r.article.sections}
    return Content(
        read=read,
        bank=read_question_bank(content, sections=sections, routes=routes, former=read.former),
        routes=routes,
        terms=read_vocabulary(content),
        orphans=orphans(content / ARTICLES_FOLDER),
        decisions=read_claim_decisions(content),
        settings=read_settings_files(content, published.settings, take_out=take_out),
    )


def prepare(
    content: Content,
    inputs: Mapping[str, Any],
    encoder: Encoder,
    progress: Progress,
    published: Published | None = None,
    *,
    scratch: Path | None = None,
) -> Generation:
    """Make a generation, in memory; texts that the published one holds are not embedded again.

    Passages are embedded by `encoder`; questions, and whatever is compared with questions alone, by
    the one that will serve, so that what is learned is learned of what serves. That one is exported
    into the folder `scratch`, which has to be there until the generation is written; with None
    `encoder` itself serves.
    """
    published = published or Published()
    read = content.read.articles
    serving = serving_encoder(encoder, published, scratch, content.asked)
    asking = CachingEncoder(serving.encoder, published.asked(encoder.info))
    passages = _split(content.read, encoder, published, progress)
    review = Review()
    if content.decisions is not None:
        review = review_claims([r.article for r in read], content.decisions, passages=passages)
    passages = with_labels(passages, review.claims)
    views = views_of(passages)
    rows = bank_rows(content.bank.questions, content.terms, content.routes.values(), passages)
    vectors, precision = _embedded([v.text for v in views], encoder, published, progress)
    asked = [normalize_query(row.text) for row in rows]
    bank_vectors = encode_all(asked, asking, progress, what="Embedding the question bank")
    notices, _ = learn(
        content.settings.red_flags,
        lambda texts: encode_all(texts, asking, progress, what="Embedding examples of notices"),
        encoder_sha256=encoder.info.sha256,
    )
    bank, left_out = fit_bank(rows, bank_vectors)
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
        articles=_records(content.read),
        files={},
        warnings=(
            *(w for r in read for w in r.warnings),
            *map(orphan_warning, content.orphans),
            *_too_long(passages, views, encoder),
            *review.warnings,
            *serving.warnings,
        ),
        libraries={name: importlib.metadata.version(name) for name in _LIBRARIES},
        former=content.read.former,
        precision=precision,
        problems=tuple(map(str, content.problems)),
    )
    stored = Generation(
        manifest=manifest,
        articles=arrow_schema.article_rows(arrow_schema.articles_table(r.article for r in read)),
        passages=arrow_schema.passage_rows(arrow_schema.passages_table(passages)),
        views=arrow_schema.view_rows(arrow_schema.views_table(views)),
        vectors=VectorIndex(vectors),
        bank=bank,
        calibration=None,
        lexicon=learn_lexicon(texts, rows, content.terms),
        notices=notices,
        claims=arrow_schema.claim_rows(arrow_schema.claims_table(map(claim_row, review.claims))),
        replies=(),
        lexical=LexicalIndex.build((" ".join(p.path) or p.title, p.text) for p in passages),
        exported=serving.exported,
        settings=content.settings.files,
    )
    index = open_generation(stored, asking)
    calibration, warnings = calibrate(index, left_out)
    questions = [row.text for row in rows if row.kind is BankRowKind.QUESTION]
    finder = NoticeFinder(content.settings.red_flags, notices)
    return replace(
        stored,
        calibration=calibration,
        replies=replies(replace(index, calibration=calibration), questions, finder, progress),
        manifest=replace(manifest, warnings=(*manifest.warnings, *warnings)),
    )


def _split(
    read: ArticlesRead, encoder: Encoder, published: Published, progress: Progress
) -> list[Passage]:
    settings = SplitterSettings(max_tokens=encoder.info.max_tokens)
    before = published.passages(encoder.info)
    passages: list[Passage] = []
    for r in progress(read.articles, len(read.articles), "Splitting"):
        if r.article.id in read.unchanged and r.article.id in before:
            passages += before[r.article.id]
        else:
            passages += split_article(
                r.article, count_tokens=encoder.count_tokens, settings=settings
            )
    return passages


def _records(read: ArticlesRead) -> dict[str, ArticleRecord]:
    return {
        r.article.id: ArticleRecord(
            sha256=r.article.sha256,
            sidecar_sha256=r.sidecar_sha256,
            warnings=r.warnings,
            refused=str(read.kept.get(r.article.id, "")),
        )
        for r in read.articles
    }


def _embedded(
    texts: Sequence[str], encoder: Encoder, published: Published, progress: Progress
) -> tuple[NDArray[np.float32], str]:
    """Return the vectors of the views' texts, float32, shape (texts, dimension), and of what."""
    known = published.vectors(encoder.info)
    new = [text for text in dict.fromkeys(texts) if text not in known]
    embedding = passage_encoder(encoder, new)
    vectors = encode_all(texts, CachingEncoder(embedding, known), progress)
    if embedding is not encoder:
        return vectors, BFLOAT16
    return vectors, published.precision if len(new) < len(set(texts)) else FLOAT32


def encode_all(
    texts: Sequence[str], encoder: CachingEncoder, progress: Progress, *, what: str = "Embedding"
) -> NDArray[np.float32]:
    """Return the vectors of many texts, in their order: float32, shape (texts, dimension)."""
    # Alike lengths together, so that little of a batch is padding.
    new = sorted(encoder.unknown(texts), key=len)
    steps = [new[i : i + _STEP] for i in range(0, len(new), _STEP)]
    for step in progress(steps, len(steps), what):
        encoder.encode(step)
    return encoder.encode(texts)


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
