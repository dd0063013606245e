"""A generation of any size without an encoder: synthetic texts, vectors and questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import faiss
import numpy as np
import pyarrow as pa

from benchmarks.harness.synthetic_articles import write
from benchmarks.harness.synthetic_vectors import VIEWS, blocks, queries
from index.bank.bank import fit_bank
from index.bank.lexicon import learn_lexicon
from index.search.bm25 import LexicalIndex
from index.store import arrow_schema
from index.store.arrow_rows import Rows
from index.store.generations import read_current
from index.store.manifest import ArticleRecord, Manifest, generation_id, tied_to
from index.store.record import Generation, write_generation
from index.vectors.faiss_store import VectorIndex
from index.vectors.token_vectors import PassageTokens, TokenVectors

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.types import Article, BankRow, Passage, View

QUESTIONS = 500
K = 10
_QUESTIONS_FILE, _VECTORS_FILE = "questions.txt", "questions.npz"
_SHORTEST, _LONGEST = 3, 8  # words of a question
_MISTYPED = 10  # every tenth question has two letters in the wrong order
_LONG_ENOUGH = 6
_PIECES, _STOCK = 80, 20_000


def make(folder: Path, views: int, built: Path) -> None:
    """Write a generation of so many views into the empty folder, and questions beside it.

    The bank, the vocabulary and what was learned from the examples of notices are those of the
    generation in `built`; the bank's labels name sections of the synthetic articles.
    """
    real = read_current(built)
    passages, articles, rows = texts(views // VIEWS)
    bank = renamed(real.bank.rows, articles)
    vectors = np.concatenate(list(blocks(views, real.vectors.dimension)))
    _write_questions(folder.parent, passages, vectors)
    inputs = {**real.manifest.inputs, "views": views}
    manifest = Manifest(
        generation=generation_id(inputs),
        encoder=real.manifest.encoder,
        inputs=inputs,
        counts={
            "articles": len(articles),
            "passages": len(passages),
            "views": len(rows),
            "questions": len(bank),
        },
        articles={article.id: ArticleRecord(article.sha256) for article in articles},
        files={},
        libraries=real.manifest.libraries,
    )
    stored = Generation(
        manifest=manifest,
        articles=articles,
        passages=passages,
        views=rows,
        vectors=VectorIndex(vectors),
        tokens=_tokens(len(passages), real.manifest.encoder.token_dimension),
        bank=fit_bank(bank, real.bank.vectors)[0],
        calibration=real.calibration and replace(real.calibration, tied_to=tied_to(inputs)),
        lexicon=learn_lexicon(
            (" ".join([*p.path, p.text]) for p in passages), bank, real.lexicon.terms
        ),
        lexical=LexicalIndex.build((" ".join(p.path) or p.title, p.text) for p in passages),
        notices=real.notices,
        claims=arrow_schema.claim_rows(arrow_schema.claims_table(())),
        bank_answers=(),
    )
    write_generation(folder, stored)


def questions_of(folder: Path) -> tuple[list[str], NDArray[np.float32], NDArray[np.int64]]:
    """Read the questions beside a generation, their vectors, and the K views nearest to each.

    Vectors are float32 of shape (questions, dimension), views int64 of shape (questions, K).
    """
    questions = (folder.parent / _QUESTIONS_FILE).read_text(encoding="utf-8").splitlines()
    with np.load(folder.parent / _VECTORS_FILE) as arrays:
        return questions, arrays["vectors"], arrays["nearest"]


def _tokens(passages: int, dimension: int) -> TokenVectors:
    """Return as many word pieces for each passage as one of 60 words has, from a common stock."""
    draw = np.random.default_rng(0)
    stock = draw.integers(-60, 60, (_STOCK, dimension), dtype=np.int8)
    scales = np.full(_PIECES, 1 / (35 * max(1, dimension) ** 0.5), np.float32)
    starts = np.arange(_PIECES, dtype=np.int32)
    begins = draw.integers(0, _STOCK - _PIECES, passages)
    return TokenVectors(
        [PassageTokens(stock[i : i + _PIECES], scales, starts) for i in begins], dimension
    )


def texts(passages: int) -> tuple[Rows[Passage], Rows[Article], Rows[View]]:
    """Write texts into tables some articles at a time: as objects they would fill the memory."""
    tables = [
        (
            arrow_schema.passages_table(written.passages),
            arrow_schema.articles_table(written.articles),
            arrow_schema.views_table(written.views),
        )
        for written in write(passages)
    ]
    whole = [pa.concat_tables(parts) for parts in zip(*tables, strict=True)]
    return (
        arrow_schema.passage_rows(whole[0]),
        arrow_schema.article_rows(whole[1]),
        arrow_schema.view_rows(whole[2]),
    )


def renamed(bank: Sequence[BankRow], articles: Rows[Article]) -> list[BankRow]:
    """Give each section that the bank names the name of one of the first synthetic sections."""
    known = sorted({section for row in bank for section in row.sections})
    names = (section.id for article in articles for section in article.sections)
    new = dict(zip(known, names, strict=False))
    return [replace(row, sections=tuple(new[s] for s in row.sections if s in new)) for row in bank]


def _write_questions(folder: Path, passages: Rows[Passage], vectors: NDArray[np.float32]) -> None:
    """Write questions of neighbouring words of a passage, with vectors near its views."""
    draw = np.random.default_rng(len(passages))
    chosen = np.sort(draw.choice(len(passages), min(QUESTIONS, len(passages)), replace=False))
    views = vectors[(chosen[:, None] * VIEWS + np.arange(VIEWS)).ravel()]
    asked = queries(views, QUESTIONS)
    middles = views.reshape(len(chosen), VIEWS, -1).mean(axis=1)
    questions = []
    for i, nearest_passage in enumerate(np.argmax(asked @ middles.T, axis=1)):
        words = passages[int(chosen[nearest_passage])].text.lower().replace(".", "").split()
        count = int(draw.integers(_SHORTEST, _LONGEST + 1))
        start = int(draw.integers(len(words) - count))
        question = words[start : start + count]
        questions.append(" ".join(question if i % _MISTYPED else map(_mistyped, question)))
    (folder / _QUESTIONS_FILE).write_text("\n".join(questions) + "\n", encoding="utf-8")
    _, nearest = faiss.knn(asked, vectors, K, metric=faiss.METRIC_INNER_PRODUCT)
    np.savez(folder / _VECTORS_FILE, vectors=asked, nearest=nearest)


def _mistyped(word: str) -> str:
    """Return a word with two letters in the wrong order, when it is long."""
    return f"{word[:3]}{word[4]}{word[3]}{word[5:]}" if len(word) >= _LONG_ENOUGH else word
