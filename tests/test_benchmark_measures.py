"""Benchmarks from end to end in their shortest form: that they measure, never how fast."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from benchmarks import (
    clinic_content,
    ingest,
    memory,
    peer_corpora,
    precision,
    search,
    soak,
    vectors,
)
from benchmarks.bars import BARS, figure
from benchmarks.clinic_content import content_to_ingest
from benchmarks.clusters import Shape
from benchmarks.kept import TABLES, measurer, read
from benchmarks.likeness import likeness
from benchmarks.options import Options
from benchmarks.provenance import Provenance
from benchmarks.result import Result, write
from index.errors import UsageError
from tests.conftest import ROOT
from tests.test_peers import write_collection


@pytest.fixture
def quick(real_built: Path) -> Options:
    return Options(built=real_built, content=ROOT / "content", quick=True)


def is_whole(benchmark: str, found: Sequence[Result], folder: Path) -> None:
    """Assert that all tables of a benchmark are there, and every figure that a bar looks up."""
    assert tuple(one.name for one in found) == TABLES[benchmark]
    for one in found:
        assert one.rows
        write(one, Provenance(""), results=folder, pictures=folder)
    kept = read(folder)
    for bar in BARS:
        if measurer(bar.table) == benchmark:
            assert isinstance(figure(bar, kept), int | float), bar


@pytest.mark.model
def test_a_search_is_measured(quick: Options, tmp_path: Path) -> None:
    is_whole("search", [search.measure(quick)], tmp_path)


@pytest.mark.model
def test_an_ingest_is_measured(quick: Options, content: Path, tmp_path: Path) -> None:
    found = ingest.measure(Options(built=quick.built, content=content, quick=True))
    is_whole("ingest", found, tmp_path / "results")
    assert "2 articles" in found[0].notes[0]


def test_more_articles_stand_beside_the_clinics_and_no_invariant_is_asked(
    content: Path, tmp_path: Path
) -> None:
    (content / "invariants.csv").write_text("question,must\n")
    more = tmp_path / "more"
    more.mkdir()
    (more / "elbows.txt").write_text("All About Elbows\n\nAn elbow bends.\n")
    copy = content_to_ingest(Options(content=content, articles=more), tmp_path / "copies")
    assert copy != content
    own = {path.name for path in (content / "articles").iterdir()}
    assert {p.name for p in (copy / "articles").rglob("*.*")} == {*own, "elbows.txt"}
    assert not (copy / "invariants.csv").exists()


def test_articles_that_are_not_there_are_left_out_aloud_and_refused_where_asked_for(
    content: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked = Options(content=content, articles=tmp_path / "nowhere")
    with pytest.raises(UsageError, match="no articles"):
        content_to_ingest(asked, tmp_path)
    monkeypatch.setattr(clinic_content, "DEFAULT_ARTICLES", asked.articles)
    assert content_to_ingest(asked, tmp_path) == content
    assert "--articles DIR" in capsys.readouterr().err


@pytest.mark.model
def test_precision_is_measured(
    quick: Options, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"avx512_bf16": True})
    found = precision.measure(quick)
    is_whole("precision", [found], tmp_path)
    assert dict(found.rows)["cosine, least"] > 0.999
    monkeypatch.setattr(torch.cpu, "get_capabilities", dict)
    with pytest.raises(UsageError, match="nothing to compare"):
        precision.measure(quick)


@pytest.mark.model
def test_memory_is_measured(quick: Options, tmp_path: Path) -> None:
    # In a thread of its own: in this one the driver of browser tests may have an event loop.
    with ThreadPoolExecutor(1) as apart:
        found = apart.submit(memory.measure, quick).result()
    is_whole("memory", found, tmp_path)


@pytest.mark.model
def test_a_soak_is_measured(
    quick: Options, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(soak, "_QUICK_S", 2.0)
    summary, course = soak.measure(quick)
    assert (summary.name, course.name) == TABLES["soak"]
    told = dict(summary.rows)
    assert told["errors"] == 0
    assert "lower end of its 95 % interval, MB/min" in told
    (kept,) = write(course, Provenance(""), results=tmp_path, pictures=tmp_path)
    assert len(json.loads(kept.read_text(encoding="utf-8"))["rows"]) >= 2


def test_vectors_are_measured_without_a_collection_and_what_is_left_out_is_said(
    built: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    nowhere = tmp_path / "nowhere"
    monkeypatch.setattr(peer_corpora, "DEFAULT_BEIR", nowhere)
    # faiss's threads wait for each other in circles, which on a busy machine takes minutes.
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setattr(vectors, "_SIZES", (1_000, 2_000))  # a quick run leaves the last out
    monkeypatch.setattr(vectors, "_QUICK_WAYS", vectors._WAYS[-1:])
    own, ways = vectors.measure(Options(built=built, beir=nowhere, quick=True))
    assert [row[:2] for row in own.rows] == [(vectors.EXACT, 1_000), (vectors.OWN, 1_000)]
    recalls = [row[own.columns.index("recall@10")] for row in own.rows]
    assert recalls == pytest.approx([1.0] * 2, abs=0.01)
    assert len(ways.rows) == 1
    assert f"a cosine of {Shape().query:g}" in own.notes[0]
    assert "Left out: how real the vectors are (table vector_likeness)" in capsys.readouterr().err
    for one in (own, ways):
        write(one, Provenance(""), results=tmp_path, pictures=tmp_path)


def test_the_size_at_which_the_product_changes_its_way_is_among_those_measured() -> None:
    assert vectors.EXACT_UP_TO in vectors._SIZES


@pytest.mark.model
def test_synthetic_vectors_are_held_against_those_of_a_collection(
    quick: Options, tmp_path: Path
) -> None:
    beir = write_collection(tmp_path / "collection")
    found = likeness(Options(built=quick.built, beir=beir, quick=True), Shape())
    assert found.name in TABLES["vectors"]
    assert [row[0] for row in found.rows] == ["the open index", "collection", "synthetic"]
    tiny = dict(zip(found.columns, found.rows[1], strict=True))
    assert tiny["query to 1st"]
    assert tiny["to 200th"] is None  # of eight views
