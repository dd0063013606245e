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
from core.text.language import Spoken, spoken_in
from core.text.spelling import Speller
from core.text.tokens import content_stems
from core.types import Article, ClaimRow, Encoder, Passage, RecordedAnswer, View
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
from index.vectors.token_vectors import TokenVectors
from safety.notices.example_classifier import ExampleClassifier

if TYPE_CHECKING:
    from numpy.typing import NDArray

_log = logging.getLogger("clinic.index")
_COLUMN_OF_KIND = np.array([COLUMNS[kind] for kind in arrow_schema.VIEW_KINDS], dtype=np.int8)


@dataclass(frozen=True, slots=True)
class OpenIndex:
    """An opened generation with its encoder: everything that a search needs.

    `first_view` is int64, shape (passages + 1,): the views of passage p are the rows
    `first_view[p]` up to `first_view[p + 1]`. `view_passages` and `view_columns` have a number for
    each view: its passage, and the column of its kind in a fusion. `view_spans` are the starts and
    ends of the sentence views, each int64 of shape (views,), -1 for other views. `passage_rows`
    finds a passage by its id. `section_passages` has the rows of the passages of each section that
    the bank names; `subject` are the stems of the titles of the articles that it names. `spoken` is
    what the content is written in. `notices` is the fitted classifier of examples; `claims` has the
    claims of an article by its id. `bank_answers` are the recorded answers to the questions of the
    bank.
    """

    generation: str
    manifest: Manifest
    articles: ById[Article]
    passages: Rows[Passage]
    views: Rows[View]
    view_passages: NDArray[np.int64]
    view_columns: NDArray[np.int8]
    view_spans: tuple[NDArray[np.int64], NDArray[np.int64]]
    passage_rows: ById[Passage]
    section_passages: Mapping[str, NDArray[np.int64]]
    first_view: NDArray[np.int64]
    vectors: VectorStore
    tokens: TokenVectors
    bank: Bank
    calibration: AnswerModel | None
    lexicon: Lexicon
    speller: Speller
    spoken: Spoken
    lexical: LexicalIndex
    notices: ExampleClassifier
    claims: Mapping[str, tuple[ClaimRow, ...]]
    bank_answers: Sequence[RecordedAnswer]
    encoder: Encoder
    examples: tuple[str, ...]
    subject: frozenset[str]

    def article(self, article_id: str) -> Article | None:
        """Return an article by its id, or by the id that it had before its file was renamed."""
        return self.articles.get(present_id(article_id, self.manifest.renamed_from))


def load(folder: Path, generation: Generation, encoder: Encoder | None = None) -> OpenIndex:
    """Open a generation that was read from a folder.

    Without an encoder, load the exported encoder of the generation, or else the encoder that its
    manifest names. Raises IndexMismatchError for an encoder that did not build it, EncoderError
    when none loads.
    """
    if encoder is None:
        encoder = _serving_encoder(generation)
    manifests.check_encoder(generation.manifest, encoder.info, folder / manifests.FILE_NAME)
    return open_generation(generation, encoder)


def _serving_encoder(generation: Generation) -> Encoder:
    """Open the exported encoder; fall back on the encoder that it was exported from."""
    refused = None
    if generation.exported:
        try:
            return OnnxEncoder(generation.exported, generation.manifest.encoder)
        except EncoderError as error:
            refused = error
    name = generation.manifest.encoder.name
    try:
        encoder = load_encoder("" if name == DEFAULT_NAME else name)
    except (EncoderError, ImportError):
        if refused:
            raise refused from None
        raise
    if refused:
        _log.error("%s\nsentence-transformers serves instead.", refused)
    return encoder


def open_generation(generation: Generation, encoder: Encoder) -> OpenIndex:
    """Make a generation searchable with its encoder, which is not checked."""
    passages = len(generation.passages)
    view_passages = generation.views.integers("passage")
    return OpenIndex(
        generation=generation.manifest.generation,
        manifest=generation.manifest,
        articles=ById(generation.articles),
        passages=generation.passages,
        views=generation.views,
        view_passages=view_passages,
        view_columns=_COLUMN_OF_KIND[generation.views.codes("kind")],
        view_spans=(generation.views.integers("start"), generation.views.integers("end")),
        passage_rows=ById(generation.passages),
        section_passages=passages_of(generation.passages, generation.bank.sections),
        first_view=np.searchsorted(view_passages, np.arange(passages + 1)),
        vectors=generation.vectors,
        tokens=generation.tokens,
        bank=generation.bank,
        calibration=generation.calibration,
        lexicon=generation.lexicon,
        speller=Speller(generation.lexicon.words),
        spoken=spoken_in(generation.lexicon.words),
        lexical=generation.lexical,
        notices=generation.notices,
        claims=ByOwner(generation.claims, "article_id"),
        bank_answers=generation.bank_answers,
        encoder=encoder,
        examples=example_questions(generation.passages, generation.bank.rows),
        subject=_subject(generation),
    )


def _subject(generation: Generation) -> frozenset[str]:
    """Return the stems of the titles of the articles that the bank names."""
    about = {article_of(section) for section in generation.bank.sections}
    articles = ById(generation.articles)
    titles = [article.title for name in about if (article := articles.get(name))]
    return frozenset(stem for title in titles for stem in content_stems(title))


def passages_of(passages: Rows[Passage], sections: Sequence[str]) -> dict[str, NDArray[np.int64]]:
    """Return the rows of the passages of each of these sections, ascending: int64."""
    owners = Keyed(passages, "section_id")
    return {section: owners.find(section) for section in sections}
