"""What a generation is made from: the inputs, whose hash is its id, and the record of them."""

from __future__ import annotations

import hashlib
import importlib.metadata
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.files.regular_file import read_regular
from index.bank import question_bank, route_cards, vocabulary
from index.bank.lexicon import WORDS_VERSION
from index.intent import caution_model
from index.search import evidence
from index.search.ranking import RANKING_VERSION
from index.store.manifest import SCHEMA_VERSION, ArticleRecord, Manifest, generation_id
from ingest.build.calibration import CALIBRATION_VERSION
from ingest.build.content import Content
from ingest.build.splitter import SPLITTER_VERSION
from ingest.build.views import VIEWS_VERSION
from ingest.encoder.onnx_export import EXPORT_VERSION
from ingest.readers.read import READER_VERSION
from safety.claims import decisions
from safety.claims.finder import CLAIMS_VERSION
from safety.notices.example_classifier import CLASSIFIER_VERSION

if TYPE_CHECKING:
    from core.findings import Finding
    from core.types import EncoderInfo

_LIBRARIES = (
    "sentence-transformers",
    "torch",
    "onnxruntime",
    "tokenizers",
    "faiss-cpu",
    "numpy",
    "pyarrow",
    "sentencex",
    "PyStemmer",
)


def generation_inputs(
    folder: Path, content: Content, encoder_sha256: str, vector_store: str
) -> dict[str, Any]:
    """Return all that a generation depends on; which files were skipped is a part of it."""
    read = content.read
    return {
        "schema": SCHEMA_VERSION,
        "reader": READER_VERSION,
        "splitter": SPLITTER_VERSION,
        "views": VIEWS_VERSION,
        "words": WORDS_VERSION,
        "calibration": CALIBRATION_VERSION,
        "ranking": RANKING_VERSION,
        "claims": CLAIMS_VERSION,
        "notices": CLASSIFIER_VERSION,
        "export": EXPORT_VERSION,
        "models": [_file_sha256(model.FILE) for model in (evidence, caution_model)],
        "encoder": encoder_sha256,
        "vector_store": vector_store,
        "articles": [
            [
                r.article.source,
                r.article.sha256,
                r.sidecar_sha256,
                r.article.id in read.kept,
            ]
            for r in read.articles
        ],
        # Where nothing reads pictures, the id is what it was before anything could.
        **({"ocr": read.ocr} if read.ocr else {}),
        "refused": [finding.source for finding in read.skipped],
        "renamed_from": dict(read.renamed_from),
        "copies": dict(read.copies),
        "orphans": list(content.orphans),
        "questions": _file_sha256(folder / question_bank.FILE_NAME),
        "vocabulary": _file_sha256(folder / vocabulary.FILE_NAME),
        "claim_decisions": _file_sha256(folder / decisions.FILE_NAME),
        "routes": _file_sha256(folder / route_cards.FILE_NAME),
        "settings": {
            name: hashlib.sha256(raw).hexdigest() for name, raw in content.settings.files.items()
        },
    }


def without_export(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the inputs of what is made when the encoder should be exported and cannot be.

    It is another generation than the one with the exported encoder: an ingest that can export it
    has something to do.
    """
    return {**inputs, "export": None}


def manifest_of(
    content: Content,
    inputs: Mapping[str, Any],
    encoder: EncoderInfo,
    *,
    counts: Mapping[str, int],
    findings: Sequence[Finding],
) -> Manifest:
    """Return the record of a generation, but for the files, which are known once written."""
    read = content.read
    return Manifest(
        generation=generation_id(inputs),
        encoder=encoder,
        inputs=inputs,
        counts={
            "articles": len(read.articles),
            "sections": sum(len(article.sections) for article in content.articles),
            **counts,
        },
        articles={
            r.article.id: ArticleRecord(
                r.article.sha256, r.sidecar_sha256, content.words.get(r.article.id)
            )
            for r in read.articles
        },
        files={},
        libraries=_versions(),
        findings=tuple(findings),
        renamed_from=read.renamed_from,
    )


@cache  # they are read from files, and do not change while this runs
def _versions() -> dict[str, str]:
    return {name: importlib.metadata.version(name) for name in _LIBRARIES}


def _file_sha256(path: Path) -> str | None:
    return hashlib.sha256(read_regular(path)).hexdigest() if path.is_file() else None
