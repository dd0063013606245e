"""The whole search at size: what is made is a whole generation, and every figure is of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks import scale
from benchmarks.harness.synthetic_articles import write
from benchmarks.harness.synthetic_index import QUESTIONS, K, make, questions_of
from benchmarks.harness.synthetic_vectors import VIEWS
from benchmarks.scale import ReadyVectors
from index.search.pipeline import search
from index.store.generations import read_current
from index.store.opened import OpenIndex, open_generation
from index.store.record import read_generation
from tests.support.building import build_with
from tests.support.fakes import BagOfWordsEncoder
from tests.support.files.content import label_enough_to_calibrate

pytestmark = pytest.mark.slow

ROWS = 1_000  # views, of 125 passages in 16 articles


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("real")
    articles = folder / "content" / "articles"
    articles.mkdir(parents=True)
    text = "All About Necks\n\nA stiff neck is common. It often passes.\n"
    (articles / "necks.txt").write_text(text, encoding="utf-8")
    build_with(BagOfWordsEncoder(), label_enough_to_calibrate(folder / "content"), folder / "built")
    return folder / "built"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, built: Path) -> Path:
    folder = tmp_path_factory.mktemp("made") / "generation"
    folder.mkdir()
    make(folder, ROWS, built)
    return folder


@pytest.fixture(scope="module")
def index(folder: Path) -> OpenIndex:
    stored = read_generation(folder)
    return open_generation(stored, ReadyVectors(stored.manifest.encoder))


def test_every_passage_is_a_slice_of_its_article_and_every_sentence_of_its_passage() -> None:
    (made,) = write(125)
    articles = {article.id: article for article in made.articles}
    for passage in made.passages:
        article = articles[passage.article_id]
        assert article.text[passage.start : passage.end] == passage.text
        section = next(s for s in article.sections if s.id == passage.section_id)
        assert section.body.start <= passage.start < passage.end <= section.body.end
    for view in made.views:
        if view.span:
            text = made.passages[view.passage].text
            assert text[view.span.start : view.span.end] == view.text


def test_there_are_as_many_passages_as_asked_for_and_eight_views_each() -> None:
    (made,) = write(125)
    assert (len(made.articles), len(made.passages), len(made.views)) == (16, 125, 1_000)
    assert [view.passage for view in made.views] == np.repeat(range(125), VIEWS).tolist()
    ids = [*made.passages, *made.articles, *(s for a in made.articles for s in a.sections)]
    assert len({entry.id for entry in ids}) == len(ids)


def test_views_count_passages_on_from_those_before_and_texts_are_always_the_same() -> None:
    first, again = list(write(8 * 300)), list(write(8 * 300))
    assert len(first) == 2
    assert first[1].views[0].passage == len(first[0].passages)
    assert [some.passages for some in first] == [some.passages for some in again]


def test_what_is_made_is_a_whole_generation_with_the_real_bank(
    index: OpenIndex, built: Path
) -> None:
    assert index.manifest.counts["views"] == index.vectors.rows == ROWS
    assert len(index.articles) == 16
    real = read_current(built)
    assert [row.text for row in index.bank.rows] == [row.text for row in real.bank.rows]
    np.testing.assert_array_equal(index.bank.vectors, real.bank.vectors)
    assert index.bank.sections
    assert all(len(index.section_passages[section]) for section in index.bank.sections)


def test_a_question_finds_the_passage_it_was_taken_from(index: OpenIndex, folder: Path) -> None:
    questions, vectors, nearest = questions_of(folder)
    assert len(questions) == len(vectors) == QUESTIONS
    best = [set(index.vectors.search(vector, K).tolist()) for vector in vectors]
    assert best == [set(rows) for rows in nearest.tolist()]
    found = 0
    for question, vector in zip(questions[:50], vectors[:50], strict=True):
        encoder = ReadyVectors(index.encoder.info)
        encoder.next_vector = vector
        results = search(replace(index, encoder=encoder), question).results
        found += any(question in r.passage.text.lower().replace(".", "") for r in results)
    assert found >= 40  # five of the fifty are mistyped


def test_every_figure_is_of_the_generation_that_was_made(folder: Path) -> None:
    measured = scale.run(folder)
    assert measured["recall@10"] == 1.0  # so few views are compared exactly
    assert measured["opened RSS MB"] > measured["opened own MB"] > 0
    assert measured["disk MB"] * 2**20 > (folder / "vectors.faiss").stat().st_size
    rows = [{"views": views, **measured} for views in (ROWS, 1_000_000)]
    assert scale.compared(rows[:1]).figures == {}
    large = scale.compared(rows)
    assert large.figures["a million views: recall@10"] == 1.0
    assert [row[0] for row in large.tables[0].rows] == [ROWS, 1_000_000]
