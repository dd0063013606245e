"""An opened generation: a generation and its encoder, with what a search looks up in it."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from core.encoders.onnx import OnnxEncoder
from core.encoders.reference import DEFAULT_NAME, load_encoder
from core.errors import EncoderError
from core.ids import article_of, present_id
from core.text.spelling import Speller
from core.text.tokens import content_stems
from core.types import Article, ClaimRow, Encoder, Passage, Reply, View
from index.bank.bank import Bank
from index.bank.examples import example_questions
from index.bank.lexicon import Lexicon
from index.search.answer_model import AnswerModel
from index.search.bm25 import LexicalIndex
from index.search.fusion import COLUMNS
from index.store import arrow_schema
from index.store import manifest as manifests
from index.store.arrow_rows import ById, ByOwner, Keyed, Rows
from index.store.manifest import Manifest
from index.store.record import Generation
from index.vectors.protocol import VectorStore
from safety.notices.example_classifier import ExampleClassifier

if TYPE_CHECKING:
    from numpy.typing import NDArray

_log = logging.getLogger("clinic.index")
_COLUMN_OF_KIND = np.array([COLUMNS[kind] for kind in arrow_schema.VIEW_KINDS], dtype=np.int8)


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
    in each article that has any, by its id. `replies` are what the bank's questions were answered.
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
    lexicon: Lexicon
    speller: Speller
    lexical: LexicalIndex
    notices: ExampleClassifier
    claims: Mapping[str, tuple[ClaimRow, ...]]
    replies: Sequence[Reply]
    encoder: Encoder
    examples: tuple[str, ...]
    subject: frozenset[str]

    def article(self, article_id: str) -> Article | None:
        """Return an article by its id, or by the one that it had before its file was renamed."""
        return self.articles.get(present_id(article_id, self.manifest.former))


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
        lexicon=stored.lexicon,
        speller=Speller(stored.lexicon.words),
        lexical=stored.lexical,
        notices=stored.notices,
        claims=ByOwner(stored.claims, "article_id"),
        replies=stored.replies,
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


def passages_of(passages: Rows[Passage], sections: Sequence[str]) -> dict[str, NDArray[np.int64]]:
    """Return the rows of the passages of each of these sections, ascending: int64."""
    owners = Keyed(passages, "section_id")
    return {section: owners.find(section) for section in sections}
