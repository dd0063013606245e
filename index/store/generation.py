"""A generation: what is in it, how its files are written, read, checked and put together."""

from __future__ import annotations

import dataclasses
import logging
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile

import numpy as np

from core.encoders.onnx import FOLDER, GRAPH, OnnxEncoder
from core.encoders.reference import DEFAULT_NAME, load_encoder
from core.errors import EncoderError
from core.ids import article_of, present_id
from core.text.spelling import Speller
from core.text.tokens import content_stems
from core.types import Article, ClaimRow, Encoder, Passage, RecordedAnswer, View
from index.bank.bank import Bank, read_votes, write_votes
from index.bank.examples import example_questions
from index.bank.lexicon import Lexicon, read_lexicon, write_lexicon
from index.search.answer_model import AnswerModel, read_calibration, write_calibration
from index.search.bm25 import LexicalIndex
from index.search.fusion import COLUMNS
from index.store import arrow_schema, settings_copy
from index.store import manifest as manifests
from index.store.arrow_files import read_table, write_table
from index.store.arrow_rows import ById, ByOwner, Keyed, Rows
from index.store.integrity import check_files, damaged, unreadable
from index.store.manifest import Manifest
from index.vectors.location import read_vectors
from index.vectors.protocol import VectorStore
from safety.notices.example_classifier import ExampleClassifier

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ARTICLES, _PASSAGES, _VIEWS = "articles.arrow", "passages.arrow", "views.arrow"
_BANK, _VOTES = "bank.arrow", "votes.npz"
_CALIBRATION, _LANGUAGE, _LEXICAL = "calibration.json", "language.json", "lexical"
_NOTICES, _CLAIMS, _REPLIES = "notices.npz", "claims.arrow", "replies.arrow"
_SETTINGS = settings_copy.FOLDER
_log = logging.getLogger("clinic.index")
_COLUMN_OF_KIND = np.array([COLUMNS[kind] for kind in arrow_schema.VIEW_KINDS], dtype=np.int8)


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
    language: Lexicon
    lexical: LexicalIndex
    notices: ExampleClassifier
    claims: Rows[ClaimRow]
    bank_answers: Sequence[RecordedAnswer]
    exported: Path | None = None
    settings: Mapping[str, bytes] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OpenIndex:
    """An opened generation with the encoder that built it: all that a search needs.

    `first_view` is int64 of shape (passages + 1,): the views of passage p are the rows
    `first_view[p]` up to `first_view[p + 1]`. `view_passages` and `view_columns` have a number for
    each view: its passage, and the column of its kind in a fusion. `view_spans` are the starts and
    ends of views that are sentences, each of shape (views,), -1 for the others. `passage_rows`
    finds a passage by its id. `section_passages` are the rows of the passages of each section that
    the bank names; `subject` are topic words that only say what the bank's articles are about.
    `notices` are what the examples of urgent-symptom notices have taught; `claims` are those found
    in each article that has any, by its id. `bank_answers` are the answers to the bank's questions.
    """

    generation: str
    manifest: Manifest
    articles: Mapping[str, Article]
    passages: Rows[Passage]
    views: Rows[View]
    view_passages: NDArray[np.int64]
    view_columns: NDArray[np.int8]
    view_spans: tuple[NDArray[np.int64], NDArray[np.int64]]
    passage_rows: ById[Passage]
    section_passages: Mapping[str, NDArray[np.int64]]
    first_view: NDArray[np.int64]
    vectors: VectorStore
    bank: Bank
    calibration: AnswerModel | None
    language: Lexicon
    speller: Speller
    lexical: LexicalIndex
    notices: ExampleClassifier
    claims: Mapping[str, tuple[ClaimRow, ...]]
    bank_answers: Sequence[RecordedAnswer]
    encoder: Encoder
    examples: tuple[str, ...]
    subject: frozenset[str]

    def article(self, article_id: str) -> Article | None:
        """Return an article by its id, or by the one that it had before its file was renamed."""
        return self.articles.get(present_id(article_id, self.manifest.renamed_from))


def load(folder: Path, stored: Generation, encoder: Encoder | None = None) -> OpenIndex:
    """Put a generation that was read from a folder together with the encoder that built it.

    Without one, that which was exported into the generation is opened, or where there is none,
    that which its manifest names is loaded. Raises IndexMismatchError for another.
    """
    if encoder is None:
        encoder = _serving(stored)
    manifests.check_encoder(stored.manifest, encoder.info, folder / manifests.FILE_NAME)
    return open_generation(stored, encoder)


def _serving(stored: Generation) -> Encoder:
    """Open the encoder that serves; fall back on the one it was exported from."""
    unopened = None
    if stored.exported:
        try:
            return OnnxEncoder(stored.exported, stored.manifest.encoder)
        except EncoderError as error:
            unopened = error
    name = stored.manifest.encoder.name
    try:
        encoder = load_encoder("" if name == DEFAULT_NAME else name)
    except (EncoderError, ImportError):
        if unopened:
            raise unopened from None
        raise
    if unopened:
        _log.error("%s\nsentence-transformers serves instead.", unopened)
    return encoder


def open_generation(stored: Generation, encoder: Encoder) -> OpenIndex:
    """Put a generation and its encoder together, ready to be searched."""
    passages = len(stored.passages)
    view_passages = stored.views.integers("passage")
    return OpenIndex(
        generation=stored.manifest.generation,
        manifest=stored.manifest,
        articles=ById(stored.articles),
        passages=stored.passages,
        views=stored.views,
        view_passages=view_passages,
        view_columns=_COLUMN_OF_KIND[stored.views.codes("kind")],
        view_spans=(stored.views.integers("start"), stored.views.integers("end")),
        passage_rows=ById(stored.passages),
        section_passages=passages_of(stored.passages, stored.bank.sections),
        first_view=np.searchsorted(view_passages, np.arange(passages + 1)),
        vectors=stored.vectors,
        bank=stored.bank,
        calibration=stored.calibration,
        language=stored.language,
        speller=Speller(stored.language.words),
        lexical=stored.lexical,
        notices=stored.notices,
        claims=ByOwner(stored.claims, "article_id"),
        bank_answers=stored.bank_answers,
        encoder=encoder,
        examples=example_questions(stored.passages, stored.bank.rows),
        subject=_subject(stored),
    )


def _subject(stored: Generation) -> frozenset[str]:
    """Return the topic words of the titles of articles that the bank is about."""
    about = {article_of(section) for section in stored.bank.sections}
    articles = ById(stored.articles)
    titles = [article.title for name in about if (article := articles.get(name))]
    return frozenset(stem for title in titles for stem in content_stems(title))


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
            read_lexicon(folder / _LANGUAGE),
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
    write_lexicon(stored.language, folder / _LANGUAGE)
    stored.lexical.write(folder / _LEXICAL)
    stored.notices.save(folder / _NOTICES)
    write_table(stored.claims.table, folder / _CLAIMS)
    write_table(arrow_schema.bank_answers_table(stored.bank_answers), folder / _REPLIES)
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


def passages_of(passages: Rows[Passage], sections: Sequence[str]) -> dict[str, NDArray[np.int64]]:
    """Return the rows of the passages of each of these sections, ascending: int64."""
    owners = Keyed(passages, "section_id")
    return {section: owners.find(section) for section in sections}


def _read_bank(folder: Path) -> Bank:
    # All of them: every question is compared with every row.
    rows = tuple(arrow_schema.bank_rows(read_table(folder / _BANK, arrow_schema.BANK)))
    return read_votes(folder / _VOTES, rows)
