"""A generation of any size without an encoder: synthetic texts, vectors and questions."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pyarrow as pa

from benchmarks.clusters import VIEWS, Shape, blocks, queries
from benchmarks.synthetic_texts import write
from index import tables
from index.bank import fit_bank
from index.generation import Stored, write_generation
from index.language import learn_language
from index.lexical import LexicalIndex
from index.manifest import ArticleRecord, Manifest, generation_id, tied_to
from index.rows import Rows
from index.store import read_current
from index.vectors import VectorIndex

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.types import Article, BankRow, Passage, View

QUESTIONS = 500
SHAPE = Shape()
ASKED, VECTORS = "asked.txt", "asked.npy"
_SHORTEST, _LONGEST = 3, 8  # words of a question
MISTYPED = 10  # every so manieth question holds a slip of the keys
_LONG_ENOUGH = 6

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Steps:
    """What making a generation took: seconds for each step, and MB (2 ** 20 bytes) at the most."""

    seconds: dict[str, float]
    peak_mb: float


def make(folder: Path, views: int, built: Path) -> Steps:
    """Write a generation of so many views into the empty folder, and questions beside it.

    The bank, the vocabulary and what the examples of notices taught are those of the generation
    that `built` names; the bank's labels name sections of the synthetic articles.
    """
    took: dict[str, float] = {}
    real = read_current(built)
    passages, articles, rows = _timed(took, "texts", partial(_texts, views // VIEWS))
    lexical = _timed(
        took,
        "words of passages (BM25)",
        lambda: LexicalIndex.build((" ".join(p.path) or p.title, p.text) for p in passages),
    )
    bank = _renamed(real.bank.rows, articles)
    language = _timed(
        took,
        "words known",
        lambda: learn_language(
            (" ".join([*p.path, p.text]) for p in passages), bank, real.language.terms
        ),
    )
    index = _indexed(took, folder.parent, passages, (views, real.vectors.dimension))
    inputs = {**real.manifest.inputs, "views": views}
    calibration = real.calibration and replace(real.calibration, tied_to=tied_to(inputs))
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
        warnings=(),
        libraries=real.manifest.libraries,
    )
    stored = Stored(
        manifest=manifest,
        articles=articles,
        passages=passages,
        views=rows,
        vectors=index,
        bank=fit_bank(bank, real.bank.vectors)[0],
        calibration=calibration,
        language=language,
        lexical=lexical,
        notices=real.notices,
        claims=tables.claim_rows(tables.claims_table(())),
        replies=(),
    )
    _timed(took, "writing", lambda: write_generation(folder, stored))
    return Steps(took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def asked(folder: Path) -> tuple[list[str], NDArray[np.float32]]:
    """Read the questions beside a generation and their vectors: float32, (questions, dimension)."""
    questions = (folder.parent / ASKED).read_text(encoding="utf-8").splitlines()
    return questions, np.load(folder.parent / VECTORS)


def _timed(took: dict[str, float], step: str, work: Callable[[], Made]) -> Made:
    begun = time.perf_counter()
    made = work()
    took[step] = time.perf_counter() - begun
    return made


def _texts(passages: int) -> tuple[Rows[Passage], Rows[Article], Rows[View]]:
    """Write texts into tables some articles at a time: as objects they would fill the memory."""
    parts: tuple[list[pa.Table], ...] = ([], [], [])
    for written in write(passages):
        parts[0].append(tables.passages_table(written.passages))
        parts[1].append(tables.articles_table(written.articles))
        parts[2].append(tables.views_table(written.views))
    whole = [pa.concat_tables(part) for part in parts]
    return tables.passage_rows(whole[0]), tables.article_rows(whole[1]), tables.view_rows(whole[2])


def _renamed(bank: Sequence[BankRow], articles: Rows[Article]) -> list[BankRow]:
    """Give each section that the bank names the name of one of the first synthetic ones."""
    known = sorted({section for row in bank for section in row.sections})
    names = (section.id for article in articles for section in article.sections)
    new = dict(zip(known, names, strict=False))
    return [replace(row, sections=tuple(new[s] for s in row.sections if s in new)) for row in bank]


def _indexed(
    took: dict[str, float], folder: Path, passages: Rows[Passage], shape: tuple[int, int]
) -> VectorIndex:
    vectors = _timed(took, "drawing vectors", lambda: _drawn(*shape))
    _ask(folder, passages, vectors)
    return _timed(took, "vector index", lambda: VectorIndex(vectors))


def _drawn(rows: int, dimension: int) -> NDArray[np.float32]:
    vectors = np.empty((rows, dimension), np.float32)
    start = 0
    for block in blocks(rows, dimension, SHAPE):
        vectors[start : start + len(block)] = block
        start += len(block)
    return vectors


def _ask(folder: Path, passages: Rows[Passage], vectors: NDArray[np.float32]) -> None:
    """Write questions of words that stand together in a passage, with vectors near its views."""
    draw = np.random.default_rng(len(passages))
    chosen = np.sort(draw.choice(len(passages), min(QUESTIONS, len(passages)), replace=False))
    views = vectors[(chosen[:, None] * VIEWS + np.arange(VIEWS)).ravel()]
    near = queries(views, QUESTIONS, SHAPE)
    middles = views.reshape(len(chosen), VIEWS, -1).mean(axis=1)
    questions = []
    for i, place in enumerate(np.argmax(near @ middles.T, axis=1)):
        words = passages[int(chosen[place])].text.lower().replace(".", "").split()
        count = int(draw.integers(_SHORTEST, _LONGEST + 1))
        start = int(draw.integers(len(words) - count))
        question = words[start : start + count]
        questions.append(" ".join(question if i % MISTYPED else map(_slipped, question)))
    (folder / ASKED).write_text("\n".join(questions) + "\n", encoding="utf-8")
    np.save(folder / VECTORS, near)


def _slipped(word: str) -> str:
    """Return a word with two letters in the wrong order, when it is long."""
    return f"{word[:3]}{word[4]}{word[3]}{word[5:]}" if len(word) >= _LONG_ENOUGH else word
