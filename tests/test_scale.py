"""The whole search at size: what is made is a sound generation, and every figure is of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks import scale, scale_run
from benchmarks.clusters import VIEWS
from benchmarks.kept import TABLES
from benchmarks.options import Options
from benchmarks.provenance import Provenance
from benchmarks.result import write as write_result
from benchmarks.scale_run import PARTS, REST, StandIn, Stopwatch
from benchmarks.synthetic import QUESTIONS, asked, make
from benchmarks.synthetic_texts import Written, known_words, vocabulary, write
from index.generation import Index, assemble, read_generation
from index.search import search
from index.store import read_current
from tests.conftest import WordCounts, build_with, label_enough_to_calibrate

ROWS = 1_000  # views, of 125 passages in 16 articles


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("real")
    articles = folder / "content" / "articles"
    articles.mkdir(parents=True)
    text = "All About Necks\n\nA stiff neck is common. It often passes.\n"
    (articles / "necks.txt").write_text(text, encoding="utf-8")
    build_with(WordCounts(), label_enough_to_calibrate(folder / "content"), folder / "built")
    return folder / "built"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, built: Path) -> Path:
    folder = tmp_path_factory.mktemp("made") / "generation"
    folder.mkdir()
    make(folder, ROWS, built)
    return folder


@pytest.fixture(scope="module")
def index(folder: Path) -> Index:
    stored = read_generation(folder)
    return assemble(stored, StandIn(stored.manifest.encoder))


@pytest.fixture(scope="module")
def measured(built: Path) -> scale.Measured:
    return scale.measured(ROWS, built)


# -- texts -----------------------------------------------------------------------------------------


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
    assert len({one.id for one in ids}) == len(ids)


def test_texts_are_numbered_on_from_those_before_and_always_the_same() -> None:
    first, second = write(8 * 300), write(8 * 300)
    chapters = list(first)
    assert [type(one) for one in chapters] == [Written, Written]
    assert chapters[1].views[0].passage == len(chapters[0].passages)
    assert [one.passages for one in second] == [one.passages for one in chapters]


def test_more_texts_know_more_words_but_not_as_many_times_more() -> None:
    assert known_words(125_000) > 2 * known_words(12_500)
    assert known_words(125_000) < 5 * known_words(12_500)
    words = vocabulary(100_000)
    assert words[:2] == ["the", "of"]
    assert len(words) == len(set(words)) == 100_000


# -- generations -----------------------------------------------------------------------------------


def test_what_is_made_is_a_sound_generation_of_the_size_that_was_asked_for(index: Index) -> None:
    assert index.manifest.counts["views"] == index.vectors.rows == ROWS
    assert len(index.articles) == 16


def test_the_real_bank_names_sections_of_the_synthetic_articles(index: Index, built: Path) -> None:
    real = read_current(built)
    assert [row.text for row in index.bank.rows] == [row.text for row in real.bank.rows]
    np.testing.assert_array_equal(index.bank.vectors, real.bank.vectors)
    assert index.bank.sections
    assert all(len(index.section_passages[section]) for section in index.bank.sections)


def test_a_question_finds_the_passage_it_was_taken_from(index: Index, folder: Path) -> None:
    questions, vectors = asked(folder)
    assert (len(questions), len(vectors)) == (QUESTIONS, QUESTIONS)
    found = 0
    for question, vector in zip(questions[:50], vectors[:50], strict=True):
        encoder = StandIn(index.encoder.info)
        encoder.now = vector
        results = search(replace(index, encoder=encoder), question).results
        found += any(question in r.passage.text.lower().replace(".", "") for r in results)
    assert found >= 40  # five of the fifty are mistyped


# -- figures ---------------------------------------------------------------------------------------


def test_a_part_does_not_count_the_parts_that_it_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 1.0, 4.0, 10.0])
    monkeypatch.setattr(scale_run, "time", SimpleNamespace(perf_counter=lambda: next(clock)))
    watch = Stopwatch()
    inner = watch.watch("inner", lambda: "told")
    assert watch.watch("outer", inner)() == "told"
    assert watch.took_s == {"inner": 3.0, "outer": 7.0}


def test_a_search_with_its_parts_timed_finds_the_same(index: Index, folder: Path) -> None:
    question = asked(folder)[0][1]
    with scale_run.watched(index, Stopwatch()) as other:
        assert search(other, question) == search(index, question)


def test_every_part_of_a_search_is_timed(measured: scale.Measured) -> None:
    assert tuple(measured.opened.parts_ms) == (*PARTS, REST)
    assert all(measured.opened.parts_ms.values())
    assert len(measured.opened.times_ms) == QUESTIONS


def test_every_file_is_weighed_and_every_object_has_a_line(measured: scale.Measured) -> None:
    assert {"vectors.faiss", "lexical/rows.npy", "manifest.json"} <= measured.opened.files_mb.keys()
    held = measured.held
    assert sum(held.opened.values()) == pytest.approx(held.python_mb + held.arrays_mb)
    assert any(line.startswith("index/lexical.py:") for line in held.opened)
    assert not any(line.startswith("/") for line in held.searched)


def test_every_size_is_measured_in_turn_and_gives_all_tables(
    measured: scale.Measured, built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[int, Path]] = []

    def noted(views: int, place: Path) -> scale.Measured:
        asked.append((views, place))
        return replace(measured, views=views)

    monkeypatch.setattr(scale, "measured", noted)
    found = scale.measure(Options(built=built, quick=True))
    assert asked == [(1_000, built), (10_000, built)]
    assert tuple(one.name for one in found) == TABLES["scale"]


def test_the_tables_are_of_all_sizes_and_drawn(measured: scale.Measured, tmp_path: Path) -> None:
    larger = replace(measured, views=2 * ROWS)
    tables = scale.tables([measured, larger])
    assert [row[0] for row in tables[0].rows] == [ROWS, 2 * ROWS]
    for table in tables[1:]:
        assert table.columns[1:] == ("1,000 views", "2,000 views")
        assert all(len(row) == 3 for row in table.rows)
    kept = [
        write_result(one, Provenance(""), results=tmp_path, pictures=tmp_path) for one in tables
    ]
    assert kept[0][1] == tmp_path / "scale.png"
