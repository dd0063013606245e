"""A generation on disk: what is in it, and how its files are written, read and checked."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from core.encoders.onnx import FOLDER, GRAPH
from core.files.atomic import link
from core.types import Article, ClaimRow, Passage, RecordedAnswer, View
from index.bank.bank import Bank, read_votes, write_votes
from index.bank.lexicon import Lexicon, read_lexicon, write_lexicon
from index.search.answer_model import AnswerModel, read_calibration, write_calibration
from index.search.bm25 import LexicalIndex
from index.store import arrow_schema, settings_copy
from index.store import manifest as manifests
from index.store.arrow_files import read_table, write_table
from index.store.arrow_rows import Rows
from index.store.integrity import check_files, damaged, records_of, unreadable
from index.store.manifest import Manifest
from index.vectors.location import read_vectors
from index.vectors.protocol import VectorStore
from index.vectors.token_vectors import TokenVectors
from safety.notices.example_classifier import ExampleClassifier

_ARTICLES, _PASSAGES, _VIEWS = "articles.arrow", "passages.arrow", "views.arrow"
_BANK, _VOTES = "bank.arrow", "votes.npz"
_CALIBRATION, _LEXICON, _LEXICAL = "calibration.json", "language.json", "lexical"
_NOTICES, _CLAIMS, _REPLIES = "notices.npz", "claims.arrow", "replies.arrow"
_SETTINGS = settings_copy.FOLDER


@dataclass(frozen=True, slots=True)
class Generation:
    """A generation as it is written and read, without a loaded encoder.

    `vectors` has a row for each view; the views of a passage are neighbours, in the order of
    passages. `tokens` are the word pieces of each passage. `exported` is the folder of the encoder
    for questions, None where the encoder of the passages serves. `settings` are the bytes of the
    clinic's files that count as soon as they are saved, by name (`index/store/settings_copy.py`).
    """

    manifest: Manifest
    articles: Rows[Article]
    passages: Rows[Passage]
    views: Rows[View]
    vectors: VectorStore
    tokens: TokenVectors
    bank: Bank
    calibration: AnswerModel | None
    lexicon: Lexicon
    lexical: LexicalIndex
    notices: ExampleClassifier
    claims: Rows[ClaimRow]
    bank_answers: Sequence[RecordedAnswer]
    exported: Path | None = None
    settings: Mapping[str, bytes] = dataclasses.field(default_factory=dict)


def read_generation(folder: Path, *, is_new: bool = False) -> Generation:
    """Read a generation and check every file against its manifest.

    With `is_new` the manifest has just been made of these very files, which are not hashed again.
    Raises IndexDamagedError, IndexMismatchError, or IndexUnavailableError when the machine or the
    server of vectors refuses.
    """
    manifest = manifests.read_manifest(folder / manifests.FILE_NAME)
    try:
        if not is_new:
            check_files(folder, manifest)
        generation = Generation(
            manifest,
            arrow_schema.article_rows(read_table(folder / _ARTICLES, arrow_schema.ARTICLES)),
            arrow_schema.passage_rows(read_table(folder / _PASSAGES, arrow_schema.PASSAGES)),
            arrow_schema.view_rows(read_table(folder / _VIEWS, arrow_schema.VIEWS)),
            read_vectors(folder),
            TokenVectors.read(folder),
            _read_bank(folder),
            read_calibration(folder / _CALIBRATION, tied_to=manifest.tied_to),
            read_lexicon(folder / _LEXICON),
            LexicalIndex.read(folder / _LEXICAL),
            ExampleClassifier.load(folder / _NOTICES),
            arrow_schema.claim_rows(read_table(folder / _CLAIMS, arrow_schema.CLAIMS)),
            arrow_schema.bank_answer_rows(read_table(folder / _REPLIES, arrow_schema.REPLIES)),
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
        "articles": len(generation.articles),
        "passages": len(generation.passages),
        "views": len(generation.views),
        "vectors": generation.vectors.rows,
        "dimension": generation.vectors.dimension,
        "tokens": (generation.tokens.passages, generation.tokens.dimension),
        "questions": len(generation.bank.rows),
        "search": dict(generation.vectors.description),
    }
    counts = manifest.counts
    expected = {
        **{name: counts.get(name) for name in ("articles", "passages", "views", "questions")},
        "vectors": counts.get("views"),
        "dimension": manifest.encoder.dimension,
        "tokens": (counts.get("passages"), manifest.encoder.token_dimension),
        "search": dict(manifest.vectors),
    }
    in_order = np.all(np.diff(generation.views.integers("passage")) >= 0)
    if found != expected or not in_order:
        raise damaged(folder, str(expected), str(found))
    return generation


def write_generation(folder: Path, generation: Generation) -> None:
    """Write a generation's files into an empty folder, the manifest last."""
    write_table(generation.articles.table, folder / _ARTICLES)
    write_table(generation.passages.table, folder / _PASSAGES)
    write_table(generation.views.table, folder / _VIEWS)
    generation.vectors.write(folder)
    generation.tokens.write(folder)
    write_table(arrow_schema.bank_table(generation.bank.rows), folder / _BANK)
    write_votes(generation.bank, folder / _VOTES)
    write_calibration(generation.calibration, folder / _CALIBRATION)
    write_lexicon(generation.lexicon, folder / _LEXICON)
    generation.lexical.write(folder / _LEXICAL)
    generation.notices.save(folder / _NOTICES)
    write_table(generation.claims.table, folder / _CLAIMS)
    write_table(arrow_schema.bank_answers_table(generation.bank_answers), folder / _REPLIES)
    if generation.settings:
        (folder / _SETTINGS).mkdir()
        for name, raw in generation.settings.items():
            (folder / _SETTINGS / name).write_bytes(raw)
    if generation.exported:
        (folder / FOLDER).mkdir()
        for file in sorted(generation.exported.iterdir()):
            link(file, folder / FOLDER / file.name)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    records = records_of(folder, [path.relative_to(folder).as_posix() for path in files])
    manifest = dataclasses.replace(
        generation.manifest, files=records, vectors=generation.vectors.description
    )
    manifests.write_manifest(manifest, folder / manifests.FILE_NAME)


def _read_bank(folder: Path) -> Bank:
    # All rows at once: every question is compared with every row.
    rows = tuple(arrow_schema.bank_rows(read_table(folder / _BANK, arrow_schema.BANK)))
    return read_votes(folder / _VOTES, rows)
