"""Our search beside others: what is counted, and that ours runs as the others do."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks import peers
from benchmarks.harness import peer_searches
from benchmarks.harness.options import Options
from benchmarks.harness.peer_searches import OURS, TXTAI
from benchmarks.peers import Corpus, Measured, compared, labelled_collection, question_bank
from core.errors import UsageError
from core.types import ViewKind
from index.store.generations import read_current
from tests.support.building import build_with
from tests.support.fakes import BagOfWordsEncoder
from tests.support.files.collections import write_collection
from tests.support.files.content import label
from tests.support.files.requirement_files import named, pins
from tests.support.paths import ROOT

pytestmark = pytest.mark.slow

CORPUS = Corpus("two", Path(), ("neck", "back"), ({"n": 1}, {"b": 1}), "article_id")
OWNERS = {"n/1": "n", "n/2": "n", "b/1": "b"}


def measured(ms: list[float], *found: list[str]) -> Measured:
    figures = dict.fromkeys(("ingest_s", "start_s", "rss_mb", "disk_mb"), 1.0)
    return {**figures, "ms": ms, "found": found}


def test_a_document_counts_once_where_its_best_passage_is() -> None:
    values = peers.quality(CORPUS, [["n/1", "n/2", "b/1"], ["n/1", "n/2", "b/1"]], OWNERS)
    assert (values["hit@1"], values["recall@10"]) == (0.5, 1.0)
    assert values["nDCG@10"] == pytest.approx((1.0 + 1 / np.log2(3)) / 2)


def test_times_are_compared_question_by_question_with_ours() -> None:
    found = (["n/1"], ["b/1"])
    rows = compared(
        CORPUS,
        {OURS: measured([1.0, 4.0], *found), TXTAI: measured([3.0, 8.0], *found[::-1])},
        OWNERS,
    )
    ours, theirs = rows
    assert (ours["passages"], ours["p50 ms"], ours["p95 ms"]) == (3, 2.5, pytest.approx(3.85))
    assert (ours["query / ours"], theirs["query / ours"]) == (1.0, 2.5)
    assert (ours["hit@1"], theirs["hit@1"]) == (1.0, 0.0)


def test_ranks_count_from_the_best_and_equals_keep_their_order() -> None:
    assert peer_searches._ranks(np.array([0.5, 0.9, 0.5])).tolist() == [2, 1, 3]


def test_labelled_questions_are_asked_and_without_any_it_is_refused(
    content: Path, encoder: BagOfWordsEncoder, tmp_path: Path
) -> None:
    build_with(encoder, content, tmp_path / "without")
    with pytest.raises(UsageError, match="no labelled question"):
        question_bank(Options(built=tmp_path / "without"))
    label(content, answers={"why is my neck stiff": "necks#introduction"})
    build_with(encoder, content, tmp_path / "with")
    corpus = question_bank(Options(built=tmp_path / "with"))
    assert corpus.questions == ["why is my neck stiff"]
    assert corpus.relevance == [{"necks#introduction": 1}]


def test_a_collection_is_asked_its_own_queries(tmp_path: Path) -> None:
    corpus = two_queries(tmp_path / "collection")
    assert corpus.questions == ["neck", "sleep"]
    assert [dict(relevance) for relevance in corpus.relevance] == [{"n1": 1}, {"s1": 1}]


def two_queries(folder: Path) -> Corpus:
    documents = {
        "n1": ("Necks", "A stiff neck hurts."),
        "b1": ("Backs", "A back is long."),
        "s1": ("", "Sleep and blood."),
    }
    queries = {"q1": "neck", "q2": "sleep"}
    return labelled_collection(write_collection(folder, documents, queries, "q1 n1 1, q2 s1 1"))


@pytest.mark.model
def test_ours_ingests_a_collection_without_a_bank_and_gives_its_texts_to_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = two_queries(tmp_path / "collection")
    monkeypatch.setattr(peers, "SEARCHES", {OURS: peer_searches.SEARCHES[OURS]})
    (result,) = peers._measured(corpus, tmp_path / "work").values()
    assert [ids[0].partition("#")[0] for ids in result["found"]] == ["n1", "s1"]
    assert len(result["ms"]) == 2
    assert min(result[name] for name in ("start_s", "rss_mb", "disk_mb", "ingest_s")) > 0
    stored = read_current(tmp_path / "work" / OURS)
    assert list(stored.bank.rows) == []
    texts = dict(peers._texts(tmp_path / "work" / OURS))
    assert list(texts) == [passage.id for passage in stored.passages]
    whole = [view.text for view in stored.views if view.kind is ViewKind.TEXT]
    assert list(texts.values()) == [text.lstrip("\n") for text in whole]


def test_what_is_not_installed_or_fails_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(peers, "PYTHON", tmp_path / "python")
    with pytest.raises(UsageError, match="make peers"):
        peers.measure(Options())
    monkeypatch.setattr(peers, "PYTHON", Path(sys.executable))
    with pytest.raises(UsageError, match=r"(?s)failed.*Chroma.*Error"):
        peers._run("Chroma", "ask", tmp_path / "nowhere", ["neck"])


def test_peers_are_pinned_and_share_the_packages_of_the_project() -> None:
    theirs = ROOT / "benchmarks" / "requirements-peers.txt"
    assert named(theirs) == [ROOT / "requirements.txt"]
    assert {"txtai", "chromadb", "rank-bm25"} <= pins(theirs).keys()
