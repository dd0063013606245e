"""Our search beside others: what is counted, and that ours runs as the others do."""

from __future__ import annotations

import json
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
from tests.support.files.content import label
from tests.support.files.requirement_files import named, pins
from tests.support.paths import ROOT

CORPUS = Corpus("two", Path(), ("neck", "back"), ({"n": 1}, {"b": 1}), "article_id")
OWNERS = {"n/1": "n", "n/2": "n", "b/1": "b"}


def measured(ms: list[float], *found: list[str]) -> Measured:
    return Measured(1.0, 2.0, ms, 30.0, 20.0, 10.0, list(found))


def test_a_document_counts_once_where_its_best_passage_is() -> None:
    values = peers.quality(CORPUS, [["n/1", "n/2", "b/1"], ["n/1", "n/2", "b/1"]], OWNERS)
    assert values["hit@1"] == [1.0, 0.0]
    assert values["nDCG@10"] == pytest.approx([1.0, 1 / np.log2(3)])
    assert values["recall@10"] == [1.0, 1.0]


def test_times_are_compared_question_by_question_with_ours() -> None:
    found = (["n/1"], ["b/1"])
    rows = compared(
        CORPUS,
        {OURS: measured([1.0, 4.0], *found), TXTAI: measured([3.0, 8.0], *found[::-1])},
        OWNERS,
    )
    ours, theirs = rows
    assert ours[:8] == ("two", OURS, 3, 1.0, 2.0, 2.5, pytest.approx(3.85), 1.0)
    assert theirs[7] == 2.5
    assert (ours[-1], theirs[-1]) == (None, "-1.000 (-1.000 to -1.000)")


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
    assert corpus.questions == ("why is my neck stiff",)
    assert corpus.relevance == ({"necks#introduction": 1},)


def test_a_collection_is_asked_its_own_queries(tmp_path: Path) -> None:
    corpus = labelled_collection(write_collection(tmp_path / "collection"))
    assert corpus.questions == ("neck", "sleep")
    assert [dict(relevance) for relevance in corpus.relevance] == [{"n1": 1}, {"s1": 1}]


def write_collection(folder: Path) -> Path:
    """Write three documents and two queries in BEIR layout."""
    (folder / "qrels").mkdir(parents=True)
    documents = [
        {"_id": "n1", "title": "Necks", "text": "A stiff neck hurts."},
        {"_id": "b1", "title": "Backs", "text": "A back is long."},
        {"_id": "s1", "title": "", "text": "Sleep and blood."},
    ]
    queries = [{"_id": "q1", "text": "neck"}, {"_id": "q2", "text": "sleep"}]
    for name, rows in (("corpus", documents), ("queries", queries)):
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    qrels = "query-id\tcorpus-id\tscore\nq1\tn1\t1\nq2\ts1\t1\n"
    (folder / "qrels" / "test.tsv").write_text(qrels, encoding="utf-8")
    return folder


@pytest.mark.model
def test_ours_ingests_a_collection_without_a_bank_and_gives_its_texts_to_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = labelled_collection(write_collection(tmp_path / "collection"))
    monkeypatch.setattr(peers, "SEARCHES", {OURS: peer_searches.SEARCHES[OURS]})
    (result,) = peers._measured(Path(sys.executable), corpus, tmp_path / "work", 1).values()
    assert [ids[0].partition("#")[0] for ids in result.found] == ["n1", "s1"]
    assert len(result.ms) == 2
    assert min(result.start_s, result.rss_mb, result.disk_mb, result.ingest_s) > 0
    stored = read_current(tmp_path / "work" / OURS)
    assert list(stored.bank.rows) == []
    texts = dict(peer_searches._texts(str(tmp_path / "work" / "texts.jsonl")))
    assert list(texts) == [passage.id for passage in stored.passages]
    whole = [view.text for view in stored.views if view.kind is ViewKind.TEXT]
    assert list(texts.values()) == [text.lstrip("\n") for text in whole]


def test_a_search_that_fails_is_named_with_what_it_wrote(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="failed") as refused:
        peers._run(Path(sys.executable), "Chroma", "elsewhere", tmp_path / "nowhere", "no file")
    assert "Chroma" in str(refused.value)
    assert "Error" in str(refused.value)


def test_peers_are_pinned_and_share_the_packages_of_the_project() -> None:
    theirs = ROOT / "benchmarks" / "requirements-peers.txt"
    assert named(theirs) == [ROOT / "requirements.txt"]
    assert {"txtai", "chromadb", "rank-bm25"} <= pins(theirs).keys()


@pytest.mark.parametrize(
    ("ours", "added"),
    [("2.13.0+cpu", "requirements-cpu.txt"), ("2.13.0", "requirements-cuda.txt")],
)
def test_peers_get_the_build_of_pytorch_that_is_installed_here(
    monkeypatch: pytest.MonkeyPatch, ours: str, added: str
) -> None:
    monkeypatch.setattr(peers.metadata, "version", {"torch": ours}.__getitem__)
    assert peers.requirement_files(ROOT) == [
        ROOT / added,
        ROOT / "benchmarks/requirements-peers.txt",
    ]
