"""Content becomes a generation in memory: read, split, embed, learn, calibrate."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index import tables
from index.bank import fit_bank
from index.errors import ContentError, SeveralContentErrors
from index.generation import Stored, assemble
from index.language import learn_language
from index.lexical import LexicalIndex
from index.manifest import Manifest, generation_id
from index.query import plain_query
from index.routes import Route, read_routes
from index.types import NO_PASSAGE, Encoder, Passage, View, ViewKind
from index.vectors import VectorIndex
from index.vocabulary import Term, read_vocabulary
from ingest.bank_rows import bank_rows
from ingest.calibration import calibrate, may_be_answered
from ingest.claim_decisions import ClaimDecision, read_claim_decisions
from ingest.claim_report import claim_row
from ingest.claim_review import Review, review_claims, with_labels
from ingest.question_bank import BankQuestion, read_question_bank
from ingest.readers import ReadArticle, article_files, orphan_warning, orphans, read_article
from ingest.splitter import SplitterSettings, split_article
from ingest.views import views_of
from safety.nearest import learn
from safety.red_flags import RedFlags, read_red_flags

if TYPE_CHECKING:
    from numpy.typing import NDArray

ARTICLES_FOLDER = "articles"
_ENCODE_BATCH = 64
_LIBRARIES = (
    "sentence-transformers",
    "torch",
    "faiss-cpu",
    "numpy",
    "pyarrow",
    "sentencex",
    "bm25s",
    "PyStemmer",
    "scikit-learn",
)

# Shows progress over an iterable of known length: (items, total, what) -> the same items.
Progress = Callable[[Iterable[Any], int, str], Iterable[Any]]


@dataclass(frozen=True, slots=True)
class Content:
    """The content folder, read and checked.

    `decisions` are those about claims; with None nobody looks for claims, as in collections that
    are searched only to be measured.
    """

    articles: Sequence[ReadArticle]
    questions: Sequence[BankQuestion]
    routes: Mapping[str, Route]
    terms: Sequence[Term]
    orphans: Sequence[str] = ()  # settings that belong to no article
    decisions: Sequence[ClaimDecision] | None = None
    red_flags: RedFlags = field(default_factory=RedFlags)


def read_content(content: Path, progress: Progress) -> Content:
    """Read everything that an index is made of; raise ContentError for what cannot be taken."""
    articles = read_articles(content, progress)
    routes = read_routes(content)
    sections = [section.id for r in articles for section in r.article.sections]
    return Content(
        articles=articles,
        questions=read_question_bank(content, sections=sections, routes=routes),
        routes=routes,
        terms=read_vocabulary(content),
        orphans=orphans(content / ARTICLES_FOLDER),
        decisions=read_claim_decisions(content),
        red_flags=read_red_flags(content),
    )


def prepare(
    content: Content, inputs: Mapping[str, Any], encoder: Encoder, progress: Progress
) -> Stored:
    """Make a generation, in memory."""
    read = content.articles
    settings = SplitterSettings(max_tokens=encoder.info.max_tokens)
    passages: list[Passage] = []
    for r in progress(read, len(read), "Splitting"):
        passages += split_article(r.article, count_tokens=encoder.count_tokens, settings=settings)
    review = Review()
    if content.decisions is not None:
        review = review_claims([r.article for r in read], content.decisions, passages=passages)
    passages = with_labels(passages, review.claims)
    own = views_of(passages)
    rows = bank_rows(content.questions, content.terms, content.routes.values(), passages)
    views = [*own, *(View(NO_PASSAGE, ViewKind.QUESTION, plain_query(row.text)) for row in rows)]
    vectors = encode_all([view.text for view in views], encoder, progress)
    notices, _ = learn(
        content.red_flags,
        lambda texts: encode_all(texts, encoder, progress, what="Embedding examples of notices"),
        encoder_sha256=encoder.info.sha256,
    )
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
            *map(orphan_warning, content.orphans),
            *_too_long(passages, own, encoder),
            *review.warnings,
        ),
        libraries={name: importlib.metadata.version(name) for name in _LIBRARIES},
    )
    stored = Stored(
        manifest=manifest,
        articles=tables.article_rows(tables.articles_table(r.article for r in read)),
        passages=tables.passage_rows(tables.passages_table(passages)),
        views=tables.view_rows(tables.views_table(views)),
        vectors=VectorIndex(vectors),
        bank=bank,
        calibration=None,
        language=learn_language(texts, rows, content.terms),
        notices=notices,
        claims=tables.claim_rows(tables.claims_table(map(claim_row, review.claims))),
        lexical=LexicalIndex.build((" ".join(p.path) or p.title, p.text) for p in passages),
    )
    index = assemble(stored, encoder)
    calibration, warnings = calibrate(index, left_out)
    return replace(
        stored,
        calibration=calibration,
        manifest=replace(
            manifest, warnings=(*manifest.warnings, *warnings, *may_be_answered(index))
        ),
    )


def encode_all(
    texts: Sequence[str], encoder: Encoder, progress: Progress, *, what: str = "Embedding"
) -> NDArray[np.float32]:
    """Return the vectors of many texts, in their order: float32, shape (texts, dimension)."""
    # Alike lengths together, so that little of a batch is padding.
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    vectors = np.zeros((len(texts), encoder.info.dimension), dtype=np.float32)
    batches = [order[i : i + _ENCODE_BATCH] for i in range(0, len(order), _ENCODE_BATCH)]
    for batch in progress(batches, len(batches), what):
        vectors[batch] = encoder.encode([texts[i] for i in batch])
    return vectors


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


def read_articles(content: Path, progress: Progress) -> list[ReadArticle]:
    """Read every article of the content folder; raise ContentError naming all that cannot be."""
    articles = content / ARTICLES_FOLDER
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
