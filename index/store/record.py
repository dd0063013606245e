"""A generation on disk: what is in it, and how its files are written, read and checked."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from core.encoders.onnx import FOLDER, GRAPH
from core.types import Article, ClaimRow, Passage, Reply, View
from index.bank.bank import Bank, read_votes, write_votes
from index.bank.lexicon import Lexicon, read_lexicon, write_lexicon
from index.search.answer_model import AnswerModel, read_calibration, write_calibration
from index.search.bm25 import LexicalIndex
from index.store import arrow_schema, settings_copy
from index.store import manifest as manifests
from index.store.arrow_files import read_table, write_table
from index.store.arrow_rows import Rows
from index.store.integrity import check_files, damaged, unreadable
from index.store.manifest import Manifest
from index.vectors.location import read_vectors
from index.vectors.protocol import VectorStore
from safety.notices.example_classifier import (
    ExampleClassifier,
    read_example_classifier,
    write_example_classifier,
)

_ARTICLES, _PASSAGES, _VIEWS = "articles.arrow", "passages.arrow", "views.arrow"
_BANK, _VOTES = "bank.arrow", "votes.npz"
_CALIBRATION, _LEXICON, _LEXICAL = "calibration.json", "language.json", "lexical"
_NOTICES, _CLAIMS, _REPLIES = "notices.npz", "claims.arrow", "replies.arrow"
_SETTINGS = settings_copy.FOLDER


@dataclass(frozen=True, slots=True)
class Generation:
    """A generation without the encoder that a search needs, on its way to the disk or from it.

    `vectors` has a row for each view; the views of a passage stand together, in the order of
    passages. `exported` is the folder in which the encoder for questions lies, None where the one
    that embedded the passages serves. `settings` are the clinic's files that count at once, by
    name, byte for byte (`index/store/settings_copy.py`).
    """

    manifest: Manifest
    articles: Rows[Article]
    passages: Rows[Passage]
    views: Rows[View]
    vectors: VectorStore
    bank: Bank
    calibration: AnswerModel | None
    lexicon: Lexicon
    lexical: LexicalIndex
    notices: ExampleClassifier
    claims: Rows[ClaimRow]
    replies: Sequence[Reply]
    exported: Path | None = None
    settings: Mapping[str, bytes] = dataclasses.field(default_factory=dict)


def read_generation(folder: Path) -> Generation:
    """Read a generation without its encoder, checking every file against the manifest."""
    manifest = manifests.read_manifest(folder / manifests.FILE_NAME)
    check_files(folder, manifest)
    try:
        stored = Generation(
            manifest,
            arrow_schema.article_rows(read_table(folder / _ARTICLES, arrow_schema.ARTICLES)),
            arrow_schema.passage_rows(read_table(folder / _PASSAGES, arrow_schema.PASSAGES)),
            arrow_schema.view_rows(read_table(folder / _VIEWS, arrow_schema.VIEWS)),
            read_vectors(folder),
            _read_bank(folder),
            read_calibration(folder / _CALIBRATION, tied_to=manifest.tied_to),
            read_lexicon(folder / _LEXICON),
            LexicalIndex.read(folder / _LEXICAL),
            read_example_classifier(folder / _NOTICES),
            arrow_schema.claim_rows(read_table(folder / _CLAIMS, arrow_schema.CLAIMS)),
            arrow_schema.reply_rows(read_table(folder / _REPLIES, arrow_schema.REPLIES)),
            folder / FOLDER if f"{FOLDER}/{GRAPH}" in manifest.files else None,
            {
                name: (folder / _SETTINGS / name).read_bytes()
                for name in settings_copy.FILES
                if f"{_SETTINGS}/{name}" in manifest.files
            },
        )
    except (
        OSError,
        ValueError,
        RecursionError,
        LookupError,
        TypeError,
        EOFError,
        BadZipFile,
    ) as error:
        raise unreadable(folder, "the files that ingest wrote", error) from error
    found = {
        "articles": len(stored.articles),
        "passages": len(stored.passages),
        "views": len(stored.views),
        "vectors": stored.vectors.rows,
        "dimension": stored.vectors.dimension,
        "questions": len(stored.bank.rows),
        "search": dict(stored.vectors.description),
    }
    counts = manifest.counts
    expected = {
        **{name: counts.get(name) for name in ("articles", "passages", "views", "questions")},
        "vectors": counts.get("views"),
        "dimension": manifest.encoder.dimension,
        "search": dict(manifest.vectors),
    }
    in_order = np.all(np.diff(stored.views.integers("passage")) >= 0)
    if found != expected or not in_order:
        raise damaged(folder, str(expected), str(found))
    return stored


def write_generation(folder: Path, stored: Generation) -> None:
    """Write a generation's files into an empty folder, the manifest last."""
    write_table(stored.articles.table, folder / _ARTICLES)
    write_table(stored.passages.table, folder / _PASSAGES)
    write_table(stored.views.table, folder / _VIEWS)
    stored.vectors.write(folder)
    write_table(arrow_schema.bank_table(stored.bank.rows), folder / _BANK)
    write_votes(stored.bank, folder / _VOTES)
    write_calibration(stored.calibration, folder / _CALIBRATION)
    write_lexicon(stored.lexicon, folder / _LEXICON)
    stored.lexical.write(folder / _LEXICAL)
    write_example_classifier(stored.notices, folder / _NOTICES)
    write_table(stored.claims.table, folder / _CLAIMS)
    write_table(arrow_schema.replies_table(stored.replies), folder / _REPLIES)
    if stored.settings:
        (folder / _SETTINGS).mkdir()
        for name, raw in stored.settings.items():
            (folder / _SETTINGS / name).write_bytes(raw)
    if stored.exported:
        (folder / FOLDER).mkdir()
        for file in sorted(stored.exported.iterdir()):
            _take_over(file, folder / FOLDER / file.name)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    records = {p.relative_to(folder).as_posix(): manifests.record_file(p) for p in files}
    manifest = dataclasses.replace(
        stored.manifest, files=records, vectors=stored.vectors.description
    )
    manifests.write_manifest(manifest, folder / manifests.FILE_NAME)


def _take_over(file: Path, to: Path) -> None:
    """Have a file that is never changed in another folder too; without a copy where that goes."""
    try:
        to.hardlink_to(file)
    except OSError:  # another disk, or one that knows no second names
        shutil.copyfile(file, to)


def _read_bank(folder: Path) -> Bank:
    # All of them: every question is compared with every row.
    rows = tuple(arrow_schema.bank_rows(read_table(folder / _BANK, arrow_schema.BANK)))
    return read_votes(folder / _VOTES, rows)
