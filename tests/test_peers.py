"""Peers side by side: everybody gets the same, is asked the same, and is judged the same."""

import json
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import peer_corpora, peers
from benchmarks.options import Options
from benchmarks.peer_chroma import Chroma
from benchmarks.peer_corpora import has_collection, labelled_collection, question_bank
from benchmarks.peer_figures import Question, latency, quality, units
from benchmarks.peer_own import Own, texts_of
from benchmarks.peer_protocol import (
    PeerFailedError,
    Text,
    digest,
    read_texts,
    running,
    write_texts,
)
from benchmarks.peer_runs import (
    Bench,
    Compared,
    Corpus,
    Ingest,
    Start,
    UnequalTextsError,
    check_equal,
    turned,
)
from benchmarks.peer_simple import Simple, _ranks
from benchmarks.peer_tables import CROSSED, EMPTY, OURS, Measured, found_table, speed, weight
from benchmarks.peer_txtai import Txtai
from benchmarks.peers import compared
from benchmarks.processes import Memory
from benchmarks.provenance import Provenance
from benchmarks.result import readable, write
from index import store
from index.errors import ClinicSearchError, ContentError, UsageError
from index.types import ViewKind
from tests.conftest import ROOT, WordCounts, build_with, label
from tests.requirement_files import named, pins

TEXTS = [
    Text("a#x/1", "stiff neck"),
    Text("a#x/2", "neck pain, and “pain” again"),
    Text("b#x/1", ""),
]

# A search by how often the first word of a question occurs: a peer that a reader can compute.
STAND_IN = f"""
import os, sys
sys.path.insert(0, {str(ROOT)!r})
from pathlib import Path
from benchmarks.peer_protocol import read_texts, serve, write_texts

class StandIn:
    def load(self):
        print("a library says hello on stdout", flush=True)
    def ingest(self, source, folder):
        self.texts = read_texts(source)[FORGETS:]
        write_texts(self.texts, folder / "kept.jsonl")
    def held(self):
        return self.texts
    def open(self, folder):
        self.load()
        self.texts = read_texts(folder / "kept.jsonl")
    def query(self, text, k):
        if text.startswith("$"):
            return [os.environ.get(text[1:], "")]
        if text == "die":
            sys.exit("no words left")
        word = text.split()[0]
        order = sorted(self.texts, key=lambda t: (-t.text.lower().count(word), t.id))
        return [t.id for t in order[:k]]
"""
PEER = STAND_IN + "\nsys.exit(serve(StandIn(), sys.argv[1:]))\n"
# Ours in the same place: the product's own ingest and search, with the encoder of the tests.
OWN = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from benchmarks.peer_own import Own
from benchmarks.peer_protocol import serve
from index import store
from tests.conftest import WordCounts

class Counted(Own):
    def load(self):
        self._encoder = WordCounts()
    def open(self, folder):
        self._index = store.open_index(folder, encoder=WordCounts())

sys.exit(serve(Counted(), sys.argv[1:]))
"""


def script(folder: Path, name: str, source: str, forgets: int = 0) -> Compared:
    path = folder / f"{name}.py"
    path.write_text(source.replace("FORGETS", str(forgets)), encoding="utf-8")
    return Compared(name, (sys.executable, str(path)))


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    return write_collection(tmp_path / "collection")


def write_collection(folder: Path) -> Path:
    """Write three documents and two queries as BEIR lays a collection out."""
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


def bench_of(tmp_path: Path, *, forgets: int = 0) -> Bench:
    fleet = [script(tmp_path, OURS, OWN), script(tmp_path, "theirs", PEER, forgets)]
    return Bench(fleet, tmp_path / "indexes", ROOT, lambda _: None)


# The protocol.


def test_texts_are_read_as_they_were_written(tmp_path: Path) -> None:
    write_texts(TEXTS, tmp_path / "texts.jsonl")
    assert read_texts(tmp_path / "texts.jsonl") == TEXTS


def test_a_digest_knows_ids_and_texts_and_no_order() -> None:
    assert digest(TEXTS) == digest(TEXTS[::-1])
    assert digest(TEXTS) != digest(TEXTS[1:])
    assert digest([Text("a", "b c")]) != digest([Text("a b", "c")])
    assert digest([Text("a", "b")]) != digest([Text("b", "a")])


def test_a_peer_ingests_in_one_process_and_answers_in_another(tmp_path: Path) -> None:
    one = script(tmp_path, "stand-in", PEER)
    write_texts(TEXTS, tmp_path / "texts.jsonl")
    with running(one.name, one.command, tmp_path / "index", root=ROOT) as peer:
        reply = peer.ingest(tmp_path / "texts.jsonl")
    assert reply.pop("seconds") >= 0
    assert reply == {"texts": 3, "sha256": digest(TEXTS)}
    with running(one.name, one.command, tmp_path / "index", root=ROOT) as peer:
        ids, ms = peer.query("pain again", 2)
        assert peer.query("stiff", 9)[0] == ["a#x/1", "a#x/2", "b#x/1"]
    assert ids == ["a#x/2", "a#x/1"]
    assert ms >= 0
    with pytest.raises(ProcessLookupError):
        os.kill(peer.pid, 0)


def test_every_peer_has_two_threads_no_network_and_no_telemetry(tmp_path: Path) -> None:
    one = script(tmp_path, "stand-in", PEER)
    write_texts(TEXTS, tmp_path / "kept.jsonl")
    wanted = {
        "OMP_NUM_THREADS": "2",
        "MKL_NUM_THREADS": "2",
        "RAYON_NUM_THREADS": "2",
        "HF_HUB_OFFLINE": "1",
        "ANONYMIZED_TELEMETRY": "False",
    }
    with running(one.name, one.command, tmp_path, root=ROOT) as peer:
        assert {name: peer.query(f"${name}", 1)[0][0] for name in wanted} == wanted


def test_a_peer_that_dies_is_named_with_what_it_said(tmp_path: Path) -> None:
    one = script(tmp_path, "stand-in", PEER)
    write_texts(TEXTS, tmp_path / "kept.jsonl")
    with (
        running(one.name, one.command, tmp_path, root=ROOT) as peer,
        pytest.raises(PeerFailedError, match=r"(?s)stand-in.*no words left"),
    ):
        peer.query("die", 1)


# Fairness.


def test_every_peer_gets_the_passages_that_ours_has_made(tmp_path: Path, collection: Path) -> None:
    asked = (Question("neck", {"n1": 1}), Question("sleep", {"s1": 1}))
    corpus = Corpus("tiny", collection, asked, "article_id")
    bench = bench_of(tmp_path)
    taken, owners = bench.ingest(corpus)
    assert owners == {"n1#text/1": "n1", "b1#text/1": "b1", "s1#text/1": "s1"}
    assert [one.texts for one in taken.values()] == [3, 3]
    given = read_texts(tmp_path / "indexes" / "tiny.jsonl")
    assert {one.id: one.text for one in given} == {
        "n1#text/1": "Necks\nA stiff neck hurts.",
        "b1#text/1": "Backs\nA back is long.",
        "s1#text/1": "Sleep and blood.",
    }
    assert {one.sha256 for one in taken.values()} == {digest(given)}

    answers = bench.ask(corpus, rounds=2)
    assert [len(one.ms) for one in answers.values()] == [4, 4]
    for one in answers.values():
        assert [ids[0] for ids in one.found] == ["n1#text/1", "s1#text/1"]
    starts = bench.start(corpus, rounds=2)
    assert [len(one) for one in starts.values()] == [2, 2]
    assert all(start.seconds > 0 for one in starts.values() for start in one)


def test_a_peer_that_leaves_a_text_out_stops_the_comparison(
    tmp_path: Path, collection: Path
) -> None:
    bench = bench_of(tmp_path, forgets=1)
    corpus = Corpus("tiny", collection, (Question("neck", {"n1": 1}),), "article_id")
    with pytest.raises(UnequalTextsError, match=r"ours 3 .*theirs 2 "):
        bench.ingest(corpus)


class Answers:
    """Stands for what other searches answer: names with values, and two methods of theirs."""

    def __init__(self, **held: Any) -> None:
        self.__dict__.update(held)

    def get(self, include: Sequence[str]) -> dict[str, Any]:
        return {name: self.__dict__[name] for name in ("ids", *include)}

    def count(self) -> int:
        counted: int = self.__dict__["counted"]
        return counted


def test_of_chroma_what_its_collection_gives_back_is_digested() -> None:
    peer = Chroma()
    ids, texts = [one.id for one in TEXTS], [one.text for one in TEXTS]
    peer._collection = Answers(ids=ids, documents=texts, embeddings=[[1.0]] * 3)
    assert peer.held() == TEXTS
    peer._collection = Answers(ids=ids[1:], documents=texts[1:], embeddings=[[1.0]] * 2)
    assert digest(peer.held()) != digest(TEXTS)
    peer._collection = Answers(ids=ids, documents=texts, embeddings=[[1.0]] * 2)
    with pytest.raises(ValueError, match="zip"):
        peer.held()


def test_of_txtai_the_ids_that_its_index_holds_are_digested() -> None:
    peer = Txtai()
    assert list(peer._handing(TEXTS)) == [(one.id, one.text, None) for one in TEXTS]

    def index(ids: Sequence[str], vectors: int, counted: int) -> Answers:
        return Answers(ids=ids, ann=Answers(counted=vectors), scoring=Answers(counted=counted))

    ids = [one.id for one in TEXTS]
    peer._embeddings = index(ids, 3, 3)
    assert peer.held() == TEXTS
    peer._embeddings = index(ids[:2], 2, 2)
    assert digest(peer.held()) != digest(TEXTS)
    for vectors, counted in ((2, 3), (3, 2)):
        peer._embeddings = index(ids, vectors, counted)
        with pytest.raises(ValueError, match="3 ids"):
            peer.held()


def test_of_the_demo_what_lies_on_the_disk_is_digested(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counting = Answers(BM25Okapi=lambda words: Answers(doc_len=[len(one) for one in words]))
    monkeypatch.setitem(sys.modules, "rank_bm25", counting)  # type: ignore[arg-type]
    peer = Simple()
    peer._model = Answers(encode=lambda texts, **_: np.ones((len(texts), 2)))
    write_texts(TEXTS, tmp_path / "given.jsonl")
    peer.ingest(tmp_path / "given.jsonl", tmp_path)
    assert peer.held() == TEXTS
    np.save(tmp_path / "vectors.npy", np.ones((2, 2)))
    with pytest.raises(ValueError, match="zip"):
        peer.held()
    write_texts(TEXTS[1:], tmp_path / "texts.jsonl")
    peer._bm25.doc_len.pop()
    assert digest(peer.held()) != digest(TEXTS)


def test_of_ours_what_was_published_is_digested(tmp_path: Path, collection: Path) -> None:
    own = Own()
    own._encoder = WordCounts()
    own.ingest(collection, tmp_path / "own")
    assert own.held() == texts_of(store.read_current(tmp_path / "own"))
    shutil.rmtree(tmp_path / "own")
    with pytest.raises(ClinicSearchError):
        own.held()


def test_as_many_texts_with_other_ids_are_not_the_same_texts() -> None:
    one, other = digest(TEXTS), digest([Text("x", text.text) for text in TEXTS])
    check_equal({OURS: Ingest(1, 3, one, 1), "theirs": Ingest(2, 3, one, 2)})
    with pytest.raises(UnequalTextsError):
        check_equal({OURS: Ingest(1, 3, one, 1), "theirs": Ingest(1, 3, other, 1)})


def test_each_search_is_asked_first_as_often_as_any_other() -> None:
    fleet: Sequence[str] = ["ours", "b", "c"]
    orders = [turned(fleet, number) for number in range(6)]  # type: ignore[arg-type]
    assert [order[0] for order in orders] == ["ours", "b", "c"] * 2
    assert all(sorted(order) == sorted(fleet) for order in orders)


def test_ours_is_compared_without_the_bank_that_it_has_learned_from(
    tmp_path: Path, content: Path, encoder: WordCounts
) -> None:
    label(content, answers={"why is my neck sore": "necks#introduction"})
    built, target = tmp_path / "built", tmp_path / "own"
    build_with(encoder, content, built)
    own = Own()
    own._encoder = encoder
    own.ingest(built, target)
    published, bare = store.read_current(built), store.read_current(target)
    assert [row.text for row in published.bank.rows] == ["why is my neck sore"]
    assert list(bare.bank.rows) == []
    assert own.held() == texts_of(bare) == texts_of(published)
    assert not any(view.kind is ViewKind.QUESTION and view.passage < 0 for view in bare.views)


def test_the_others_run_on_an_interpreter_of_theirs_and_ours_on_this_one() -> None:
    fleet = compared(Path("elsewhere/python"))
    assert [one.name for one in fleet] == [OURS, "txtai", "Chroma", "rank-bm25 + s-t"]
    assert fleet[0].command[0] == sys.executable
    assert {one.command[0] for one in fleet[1:]} == {"elsewhere/python"}
    for one in fleet:
        assert (ROOT / (one.command[-1].replace(".", "/") + ".py")).is_file()


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


# What is asked.


def test_a_quick_collection_keeps_all_that_answers_its_queries(
    tmp_path: Path, collection: Path
) -> None:
    whole = labelled_collection(Options(beir=collection), tmp_path)
    assert whole.source == collection.resolve()
    quick = labelled_collection(Options(beir=collection, quick=True), tmp_path)
    assert quick.source != whole.source
    assert [(q.text, dict(q.relevance)) for q in quick.questions] == [
        ("neck", {"n1": 1}),
        ("sleep", {"s1": 1}),
    ]


def test_a_collection_that_is_not_there_is_left_out_aloud_and_refused_where_it_was_asked_for(
    tmp_path: Path,
    collection: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert has_collection(Options(beir=collection), "a table")
    assert not capsys.readouterr().err
    nowhere = tmp_path / "nowhere"
    with pytest.raises(ContentError, match="nowhere"):
        has_collection(Options(beir=nowhere), "a table")
    monkeypatch.setattr(peer_corpora, "DEFAULT_BEIR", nowhere)
    assert not has_collection(Options(beir=nowhere), "a table")
    said = capsys.readouterr().err
    assert said.startswith("Left out: a table.")
    assert "--beir DIR" in said


def test_of_the_bank_only_what_the_articles_answer_is_asked(
    tmp_path: Path, content: Path, encoder: WordCounts
) -> None:
    label(
        content,
        answers={"sore neck": "necks#introduction"},
        routed={"price": "off-topic"},
        asks={"off-topic": []},
    )
    build_with(encoder, content, tmp_path / "built")
    corpus = question_bank(Options(built=tmp_path / "built"))
    assert corpus.questions == (Question("sore neck", {"necks#introduction": 1}),)
    assert corpus.by == "section_id"


def test_an_index_without_a_bank_has_nothing_to_be_compared_on(built: Path) -> None:
    with pytest.raises(UsageError, match="no labelled question"):
        question_bank(Options(built=built))


# Figures.


def test_a_section_stands_where_its_best_passage_does() -> None:
    owners = {"a/1": "a", "a/2": "a", "b/1": "b"}
    assert units(["a/2", "b/1", "a/1"], owners) == ["a", "b"]
    with pytest.raises(KeyError):
        units(["c/1"], owners)


def test_metrics_are_those_of_a_hand_made_run() -> None:
    owners = {"a/1": "a", "a/2": "a", "b/1": "b", "c/1": "c"}
    questions = [
        Question("one", {"b": 1}),
        Question("two", {"c": 1, "a": 1}),
        Question("three", {"c": 1}),
    ]
    values = quality(questions, [["a/1", "a/2", "b/1"], ["c/1", "b/1"], ["a/1"]], owners)
    assert values["hit@1"] == [0, 1, 0]
    assert values["hit@3"] == [1, 1, 0]
    assert values["recall@10"] == [1, 0.5, 0]
    # The second of two: 1 / log2(3). One of two, first: 1 / (1 + 1 / log2(3)).
    assert values["nDCG@10"] == pytest.approx([0.63093, 0.61315, 0], abs=1e-5)


def test_latency_compares_question_by_question() -> None:
    found = latency([20.0, 3.0, 40.0], [10.0, 10.0, 10.0])
    assert (found.p50, found.ratio) == (20, 2)
    assert found.p95 == pytest.approx(38)
    with pytest.raises(ValueError, match="zip"):
        latency([1.0], [1.0, 2.0])


def test_the_ranks_of_the_demo_are_1_for_the_best_and_ties_keep_their_order() -> None:
    assert _ranks(np.array([0.1, 0.9, 0.1, 0.5])).tolist() == [3, 1, 4, 2]


def measured(name: str, hits: dict[str, list[float]]) -> Measured:
    questions = tuple(Question(str(n), {"a": 1}) for n in range(2))
    return Measured(
        Corpus(name, Path(), questions, "article_id"),
        {who: Ingest(seconds, 9, "", 1.5) for who, seconds in ((OURS, 4.0), ("theirs", 2.0))},
        {OURS: latency([5.0, 5.0], [5.0, 5.0]), "theirs": latency([10.0, 20.0], [5.0, 5.0])},
        {
            who: dict.fromkeys(("nDCG@10", "hit@1", "hit@3", "recall@10"), values)
            for who, values in hits.items()
        },
    )


def test_tables_give_ratios_to_ours_and_never_the_bank_it_was_taught(tmp_path: Path) -> None:
    beir = measured("beir", {OURS: [1.0, 0.5], "theirs": [0.5, 0.5]})
    bank = measured("article", {OURS: [1.0, 0.0], "theirs": [0.0, 0.0]})
    found = {"beir": beir, "article": bank}
    times = speed(found)
    assert times.rows[1] == ("theirs", "beir", 9, 2.0, 0.5, 15.0, pytest.approx(19.5), 3.0)

    alone = Memory(200.0, 190.0, 180.0)
    starts = {OURS: [Start(2.0, alone, False)], "theirs": [Start(5.0, Memory(600.0, 1, 1), True)]}
    sizes = weight(beir, starts)
    assert sizes.rows[0] == (OURS, 2.0, 1.0, 200.0, 1.0, 190.0, 1.5, "no")
    assert sizes.rows[1][:5] == ("theirs", 5.0, 2.5, 600.0, 3.0)

    crossed = {"hit@1": [1.0, 0.5], "hit@3": [1.0, 1.0]}
    ranks = found_table(found, crossed)
    assert ranks.rows == (
        (EMPTY, 0.75, 0.75, 0.75, 0.75, 0.5, 0.5),
        (CROSSED, None, None, None, None, 0.75, 1.0),
        ("theirs", 0.5, 0.5, 0.5, 0.5, 0.0, 0.0),
    )
    told = " ".join(ranks.notes)
    assert "nDCG@10 less that of ours, 95 % intervals: theirs -0.250" in told
    assert "Article, hit@3, less that of ours, cross-validated: theirs -1.000" in told
    for result in (times, sizes, ranks):
        assert readable(result)
    files = write(ranks, Provenance(""), results=tmp_path, pictures=tmp_path)
    assert [file.suffix for file in files] == [".json", ".png"]


def test_without_a_labelled_collection_the_clinics_articles_are_compared_alone() -> None:
    bank = measured("article", {OURS: [1.0, 0.0], "theirs": [0.0, 0.0]})
    ranks = found_table({"article": bank}, {"hit@1": [1.0, 0.5], "hit@3": [1.0, 1.0]})
    assert ranks.rows == (
        (EMPTY, None, None, None, None, 0.5, 0.5),
        (CROSSED, None, None, None, None, 0.75, 1.0),
        ("theirs", None, None, None, None, 0.0, 0.0),
    )
    assert "There was no labelled collection." in ranks.notes
    assert ranks.draw is None
    assert len(speed({"article": bank}).rows) == 2
    starts = {name: [Start(1.0, None, None)] for name in (OURS, "theirs")}
    assert "collection article" in weight(bank, starts).notes[-1]


def test_without_proc_memory_is_said_to_be_unknown() -> None:
    beir = measured("beir", {OURS: [1.0, 1.0], "theirs": [1.0, 1.0]})
    table = weight(beir, {name: [Start(1.0, None, None)] for name in (OURS, "theirs")})
    assert table.rows[1] == ("theirs", 1.0, 1.0, None, None, None, 1.5, None)
