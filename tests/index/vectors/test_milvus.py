"""Vectors in Milvus, in front of milvus-lite: the same client, a server on this machine's loopback.

The first part is one suite for every VectorStore: files of faiss and a Milvus collection. Where
MILVUS_SERVER names a server, the tests run on that one, one after the other; its collections of
clinics are removed (docs/distributed.md says how to start one).
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from core.errors import IndexDamagedError, IndexMissingError, IndexUnavailableError, PublishError
from index.search.pipeline import search
from index.search.similar import similar
from index.store.generations import open_index
from index.vectors.faiss_store import VectorIndex
from index.vectors.milvus import client as milvus_client
from index.vectors.milvus import lifecycle
from index.vectors.milvus.names import Contents, name_of
from index.vectors.milvus.store import FILE_NAME, MilvusStore
from index.vectors.protocol import VectorStore
from tests.support.building import build_with
from tests.support.fakes import BagOfWordsEncoder
from tests.support.files.content import label_enough_to_calibrate
from tests.support.pages import asgi, every_state
from tests.support.paths import ROOT
from tests.support.workers import free_port
from ui.languages import text
from ui.service import engine

pytestmark = pytest.mark.slow

pytest.importorskip("milvus_lite", reason="SKIPPED: no milvus-lite (requirements-dev.txt)")

SERVER = os.environ.get("MILVUS_SERVER", "")
UNIT = np.eye(3, dtype=np.float32)
FIRST, SECOND, THIRD = "0" * 16, "1" * 16, "2" * 16
SECRET = "xylophonist"
Make = Callable[[NDArray[np.float32]], VectorStore]
_numbers = count(16)


def collections(uri: str) -> list[str]:
    with closing(milvus_client.Connection(uri)) as connection:
        return connection.collections()


def alias(uri: str) -> str | None:
    """Return the collection that the alias names."""
    with closing(milvus_client.Connection(uri)) as connection:
        return connection.current()


@contextmanager
def kept(uri: str) -> Iterator[str]:
    """Stop the server that the client started for a file, once the block is over.

    Give the server of MILVUS_SERVER instead, emptied, where there is one.
    """
    if SERVER:
        lifecycle.prune(SERVER, keep=())
        yield SERVER
        return
    from milvus_lite.server_manager import server_manager_instance

    try:
        yield uri
    finally:
        server_manager_instance.release_server(uri)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One server for all tests that only need a collection of their own."""
    with kept(str(tmp_path_factory.mktemp("milvus") / "shared.db")) as uri:
        yield uri


@pytest.fixture
def uri(tmp_path: Path) -> Iterator[str]:
    """A server on which nothing was published yet."""
    with kept(str(tmp_path / "vectors.db")) as made:
        yield made


@pytest.fixture(params=["faiss", "milvus", "milvus-other-index"])
def store(request: pytest.FixtureRequest) -> Iterator[Make]:
    """Make a store of vectors: files of faiss, Milvus with an exact index, and with another one."""
    opened: list[MilvusStore] = []

    def make(vectors: NDArray[np.float32]) -> VectorStore:
        if request.param == "faiss":
            return VectorIndex(vectors)
        index = "FLAT" if request.param == "milvus" else "AUTOINDEX"
        uri = request.getfixturevalue("shared")
        opened.append(lifecycle.create(uri, f"{next(_numbers):016x}", vectors, index=index))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


@pytest.fixture
def is_exact(request: pytest.FixtureRequest) -> bool:
    """Whether the store of this test looks at every vector."""
    return "other-index" not in request.node.callspec.id


def named(generation: str, vectors: NDArray[np.float32] = UNIT) -> str:
    """Return the name of the collection that these vectors of a generation get."""
    digest = hashlib.sha256(np.ascontiguousarray(vectors)).hexdigest()
    return name_of(generation, Contents(*vectors.shape, digest))


def unit(vectors: NDArray[Any]) -> NDArray[np.float32]:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def some(seed: int, rows: int, dimension: int = 48) -> NDArray[np.float32]:
    return unit(np.random.default_rng(seed).normal(size=(rows, dimension)))


def clustered(seed: int, rows: int, dimension: int = 48) -> NDArray[np.float32]:
    """Return vectors around a few centres, as the views of passages lie, some of them twice."""
    draw = np.random.default_rng(seed)
    around = some(seed + 1, 12, dimension)[draw.integers(0, 12, rows)]
    vectors = unit(around + 0.05 * draw.normal(size=(rows, dimension)))
    vectors[draw.integers(0, rows, 20)] = vectors[draw.integers(0, rows, 20)]
    return vectors


def expected(vectors: NDArray[np.float32], query: NDArray[np.float32], k: int) -> list[int]:
    """Return the rows of the k nearest as anybody would compute them."""
    scores = (vectors.astype(np.float64) @ query).tolist()
    return sorted(range(len(vectors)), key=lambda row: (-scores[row], row))[:k]


# -- one suite for every store ---------------------------------------------------------------------


def test_the_nearest_rows_are_found_best_first(store: Make, is_exact: bool) -> None:
    vectors = some(1, 700)
    stored = store(vectors)
    for query in np.concatenate([some(7, 8), vectors[::100]]):
        for k in (1, 10, 200):
            found = stored.search(query, k).tolist()
            if is_exact:
                assert found == expected(vectors, query, k)
            else:
                assert len(set(found) & set(expected(vectors, query, k))) >= 0.9 * k


def test_among_clusters_and_twins_nothing_nearer_is_missed(store: Make, is_exact: bool) -> None:
    vectors = clustered(1, 700)
    stored = store(vectors)
    for query in np.concatenate([clustered(7, 8), vectors[::100]]):
        scores = vectors.astype(np.float64) @ query
        found = stored.search(query, 200)
        assert len(set(found.tolist())) == 200
        # Float32 tells no more than that apart.
        assert np.all(np.diff(scores[found]) < 2e-6)
        for twin in map(tuple, np.argwhere(np.all(vectors[found[:-1]] == vectors[found[1:]], 1))):
            assert found[twin[0]] < found[twin[0] + 1]
        if is_exact:
            assert scores[found].min() > np.sort(scores)[-200] - 2e-6


def test_equals_come_in_order_of_rows(store: Make) -> None:
    assert store(UNIT[[1, 0, 1, 0]]).search(UNIT[0], 4).tolist() == [1, 3, 0, 2]


def test_more_than_there_is_gives_all_there_is_and_nothing_asked_for_nothing(store: Make) -> None:
    stored = store(UNIT)
    assert stored.search(UNIT[2], 99).tolist() == [2, 0, 1]
    for k in (0, -1):
        found = stored.search(UNIT[0], k)
        assert (found.tolist(), found.dtype) == ([], np.int64)


def test_an_empty_store_finds_nothing(store: Make) -> None:
    empty = store(np.zeros((0, 3), np.float32))
    assert (empty.rows, empty.dimension) == (0, 3)
    assert empty.search(UNIT[0], 5).tolist() == []
    assert empty.scores(UNIT[0], np.zeros(0, np.int64)).tolist() == []
    assert empty.all().shape == (0, 3)


def test_a_query_of_another_dimension_is_refused_in_words(store: Make) -> None:
    with pytest.raises(ValueError, match=r"query must have shape \(3,\)"):
        store(UNIT).search(np.zeros(4, np.float32), 1)


def test_scores_are_inner_products_in_the_order_of_the_rows_asked_for(store: Make) -> None:
    vectors = clustered(3, 300)
    rows = np.array([7, 299, 0, 7, 150])
    scores = store(vectors).scores(vectors[9], rows)
    assert scores.dtype == np.float32
    assert scores.tolist() == pytest.approx((vectors[rows] @ vectors[9]).tolist(), abs=2e-6)


def test_equal_vectors_have_equal_scores_wherever_they_stand(store: Make) -> None:
    vectors = some(4, 301)
    vectors[[5, 17, 300]] = vectors[100]
    query = some(5, 1)[0]
    assert len(set(store(vectors).scores(query, np.array([5, 17, 100, 300])).tolist())) == 1


def test_vectors_come_back_as_they_were_given(store: Make) -> None:
    vectors = some(6, 150)
    stored = store(vectors)
    assert (stored.rows, stored.dimension) == vectors.shape
    assert np.array_equal(stored.vector(149), vectors[149])
    assert stored.vector(0).dtype == np.float32
    assert np.array_equal(stored.all(), vectors)


def test_many_threads_share_one_store(store: Make) -> None:
    vectors = some(11, 200)
    stored = store(vectors)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda query: stored.search(query, 1)[0], vectors))
    assert found == list(range(200))


# -- what only a server has ------------------------------------------------------------------------


def test_equals_at_the_end_are_those_with_the_lowest_rows(shared: str) -> None:
    """A server may return any of them; asked for more until it is sure."""
    vectors = np.repeat(UNIT, [1, 300, 99], axis=0)
    with closing(lifecycle.create(shared, f"{next(_numbers):016x}", vectors)) as stored:
        assert stored.search(UNIT[1], 40).tolist() == list(range(1, 41))
        assert stored.search(UNIT[0], 2).tolist() == [0, 1]


def test_what_one_answer_cannot_hold_is_asked_for_in_parts(
    shared: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    vectors = some(8, 100)
    asked: list[int] = []
    nearest = milvus_client.Connection.nearest

    def noted(self: Any, collection: str, query: Any, k: int, **more: Any) -> Any:
        asked.append(k)
        return nearest(self, collection, query, k, **more)

    with closing(lifecycle.create(shared, f"{next(_numbers):016x}", vectors)) as stored:
        monkeypatch.setattr("index.vectors.milvus.store.MOST", 30)
        monkeypatch.setattr("index.vectors.milvus.store.batch", lambda _: 9)
        monkeypatch.setattr(milvus_client.Connection, "nearest", noted)
        assert stored.search(vectors[3], 100).tolist() == expected(vectors, vectors[3], 100)
        assert asked == [30, 30, 30, 10]
        assert np.array_equal(stored.all(), vectors)


def test_vectors_do_not_leave_an_exact_server_for_a_search(
    shared: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: Any) -> Any:
        raise AssertionError

    with closing(lifecycle.create(shared, f"{next(_numbers):016x}", some(2, 50))) as stored:
        monkeypatch.setattr(milvus_client.Connection, "vectors", never)
        assert len(stored.search(some(3, 1)[0], 10)) == 10
        assert len(stored.scores(some(3, 1)[0], np.arange(50))) == 50


def test_the_client_is_not_loaded_before_it_is_needed() -> None:
    script = (
        "import sys, index.vectors.milvus.lifecycle; print({'pymilvus', 'grpc'} & {*sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stdout == "set()\n"


# -- published, pointed at, cleaned away -----------------------------------------------------------


def test_what_is_there_and_whole_is_not_written_again(
    uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lifecycle.create(uri, FIRST, UNIT).close()
    monkeypatch.setattr(milvus_client.Connection, "insert", lambda *_: pytest.fail("written again"))
    with closing(lifecycle.create(uri, FIRST, UNIT)) as again:
        assert np.array_equal(again.all(), UNIT)


def test_other_vectors_of_a_generation_leave_those_that_serve_as_they_are(uri: str) -> None:
    lifecycle.create(uri, FIRST, UNIT).close()
    lifecycle.set_alias(uri, named(FIRST))
    with (
        closing(MilvusStore.open(uri, named(FIRST))) as serving,
        closing(lifecycle.create(uri, FIRST, UNIT[::-1])) as other,
    ):
        assert np.array_equal(serving.all(), UNIT)
        assert np.array_equal(other.all(), UNIT[::-1])
    lifecycle.set_alias(uri, named(FIRST, UNIT[::-1]))
    lifecycle.prune(uri, keep={named(FIRST, UNIT[::-1])})
    assert collections(uri) == [named(FIRST, UNIT[::-1])]


def test_a_spoilt_collection_is_made_anew_where_the_server_drops_none_that_the_alias_names(
    uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Milvus 2.5.5 and later refuse that; milvus-lite does not."""
    drop, is_complete = milvus_client.Connection.drop, lifecycle._is_complete

    def refusing(self: Any, collection: str) -> None:
        assert self.current() != collection
        drop(self, collection)

    lifecycle.create(uri, FIRST, UNIT).close()
    lifecycle.set_alias(uri, named(FIRST))
    found = iter([False])
    monkeypatch.setattr(milvus_client.Connection, "drop", refusing)
    monkeypatch.setattr(lifecycle, "_is_complete", lambda *what: next(found, is_complete(*what)))
    with closing(lifecycle.create(uri, FIRST, UNIT)) as made:
        assert np.array_equal(made.all(), UNIT)


@pytest.mark.parametrize("batches", [0, 1, 2])
def test_killed_while_writing_the_next_run_makes_it_anew_and_nothing_else_changes(
    uri: str, monkeypatch: pytest.MonkeyPatch, batches: int
) -> None:
    lifecycle.create(uri, FIRST, UNIT).close()
    lifecycle.set_alias(uri, named(FIRST))
    vectors = some(9, 60)
    monkeypatch.setattr(lifecycle, "batch", lambda _: 20)
    insert, done = milvus_client.Connection.insert, count()

    def dying(self: Any, *arguments: Any) -> None:
        if next(done) == batches:
            raise KeyboardInterrupt
        insert(self, *arguments)

    with monkeypatch.context() as patch:
        patch.setattr(milvus_client.Connection, "insert", dying)
        with pytest.raises(KeyboardInterrupt):
            lifecycle.create(uri, SECOND, vectors)
    assert collections(uri) == [named(FIRST), named(SECOND, vectors)]
    assert alias(uri) == named(FIRST)
    with pytest.raises(IndexDamagedError, match="does not hold what ingest wrote"):
        MilvusStore.open(uri, named(SECOND, vectors))
    with closing(lifecycle.create(uri, SECOND, vectors)) as made:
        assert np.array_equal(made.all(), vectors)
    with closing(MilvusStore.open(uri, named(FIRST))) as before:
        assert np.array_equal(before.all(), UNIT)


def test_a_server_that_keeps_something_else_is_not_published_from(
    uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    insert = milvus_client.Connection.insert
    monkeypatch.setattr(
        milvus_client.Connection,
        "insert",
        lambda self, collection, first, vectors: insert(self, collection, first, -vectors),
    )
    with pytest.raises(PublishError, match="does not hold what was written"):
        lifecycle.create(uri, FIRST, UNIT)


def test_the_alias_moves_forth_and_back_and_never_to_what_is_not_there(uri: str) -> None:
    assert alias(uri) is None
    for generation in (FIRST, SECOND):
        lifecycle.create(uri, generation, UNIT).close()
        lifecycle.set_alias(uri, named(generation))
        assert alias(uri) == named(generation)
    lifecycle.set_alias(uri, named(FIRST))
    assert alias(uri) == named(FIRST)
    with pytest.raises(IndexMissingError, match=named(SECOND)):
        lifecycle.set_alias(uri, named(THIRD))
    assert alias(uri) == named(FIRST)


def test_what_nothing_names_is_cleaned_away_and_what_serves_only_when_nothing_is_kept(
    uri: str,
) -> None:
    for generation in (FIRST, SECOND, THIRD):
        lifecycle.create(uri, generation, UNIT).close()
    lifecycle.set_alias(uri, named(FIRST))
    lifecycle.prune(uri, keep={named(SECOND)})
    assert collections(uri) == [named(FIRST), named(SECOND)]
    lifecycle.prune(uri, keep=())
    assert (collections(uri), alias(uri)) == ([], None)
    lifecycle.create(uri, THIRD, UNIT).close()
    lifecycle.set_alias(uri, named(THIRD))
    assert alias(uri) == named(THIRD)


def test_collections_of_others_are_neither_seen_nor_touched(uri: str) -> None:
    from pymilvus import MilvusClient

    with closing(MilvusClient(uri)) as client:
        client.create_collection("clinic_of_somebody", dimension=4)
        lifecycle.create(uri, FIRST, UNIT).close()
        lifecycle.prune(uri, keep=())
        assert collections(uri) == []
        assert client.list_collections() == ["clinic_of_somebody"]


@pytest.mark.parametrize("name", ["", "current", "0" * 15, "G" * 16, f"{FIRST}; drop"])
def test_only_the_id_of_a_generation_names_a_collection(uri: str, name: str) -> None:
    with pytest.raises(ValueError, match="16 hex digits"):
        lifecycle.create(uri, name, UNIT)


# -- the folder of a generation --------------------------------------------------------------------


def test_the_folder_names_its_collection_and_opens_no_other(uri: str, tmp_path: Path) -> None:
    with closing(lifecycle.create(uri, FIRST, UNIT)) as made:
        made.write(tmp_path)
    with closing(MilvusStore.read(tmp_path)) as read:
        assert np.array_equal(read.all(), UNIT)
    path = tmp_path / FILE_NAME
    other = {**json.loads(path.read_text()), "sha256": "0" * 64}  # as many and as long, but others
    path.write_text(json.dumps(other))
    with pytest.raises(IndexDamagedError, match="does not hold what ingest wrote"):
        MilvusStore.read(tmp_path)
    path.write_text(json.dumps({**other, "collection": named(SECOND)}))
    with pytest.raises(IndexMissingError, match="has none for this generation"):
        MilvusStore.read(tmp_path)


@pytest.mark.parametrize(
    "damage",
    ["", "[]", "{}", '{"uri": 1}', "null", '{"uri": "a.db", "collection": "clinic_of_somebody"}'],
)
def test_a_file_that_names_no_collection_is_refused(tmp_path: Path, damage: str) -> None:
    (tmp_path / FILE_NAME).write_text(damage)
    with pytest.raises(IndexDamagedError, match="cannot be read"):
        MilvusStore.read(tmp_path)


def test_a_replica_may_reach_the_server_under_another_address(
    uri: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(lifecycle.create(uri, FIRST, UNIT)) as made:
        made.write(tmp_path)
    path = tmp_path / FILE_NAME
    path.write_text(json.dumps({**json.loads(path.read_text()), "uri": "http://127.0.0.1:1"}))
    monkeypatch.setenv("CLINIC_MILVUS_URI", uri)
    with closing(MilvusStore.read(tmp_path)) as read:
        assert read.rows == 3


# -- a server that is not there, passwords ---------------------------------------------------------


def test_a_server_that_is_not_there_is_said_with_the_command_that_mends_it() -> None:
    where = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(IndexUnavailableError, match="did not answer") as caught:
        MilvusStore.open(where, named(FIRST))
    assert where in str(caught.value)
    assert "to fix it: start it, or correct vector_store" in str(caught.value)
    with pytest.raises(PublishError, match="did not answer"):
        lifecycle.create(where, FIRST, UNIT)


def test_a_machine_that_says_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody accepts what connects to this socket."""
    monkeypatch.setattr(milvus_client, "CONNECT_S", 0.3)
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        pytest.raises(IndexUnavailableError, match="did not answer"),
    ):
        MilvusStore.open(f"http://127.0.0.1:{silent.getsockname()[1]}", named(FIRST))


def test_no_error_and_no_file_holds_a_password(
    uri: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CLINIC_MILVUS_TOKEN", f"root:{SECRET}")
    where = f"http://somebody:{SECRET}@127.0.0.1:{free_port()}/{SECRET[::-1]}"
    with pytest.raises(IndexUnavailableError) as caught:
        MilvusStore.open(where, named(FIRST))
    told = "".join(map(str, [caught.value, caught.value.__context__, *capfd.readouterr()]))
    assert SECRET not in told
    assert "127.0.0.1" in told
    assert (
        milvus_client.shown(f"https://a:{SECRET}@b.example:19530/c") == "https://b.example:19530/c"
    )
    with closing(lifecycle.create(uri, FIRST, UNIT)) as made:
        made.write(tmp_path)
    assert SECRET not in (tmp_path / FILE_NAME).read_text()


def test_a_servers_own_words_are_shown_without_the_password(
    uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pymilvus import MilvusException

    monkeypatch.setenv("CLINIC_MILVUS_TOKEN", f"root:{SECRET}")
    with closing(milvus_client.Connection(uri)) as connection:

        def refused(**_: Any) -> None:
            raise MilvusException(message=f"no such user root:{SECRET}, nor {SECRET}\nmore")

        monkeypatch.setattr(connection._client, "list_collections", refused)
        with pytest.raises(IndexUnavailableError) as caught:
            connection.collections()
    assert caught.value.found == "no such user ***, nor ***"


def test_without_the_client_the_command_that_installs_it_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "pymilvus", None)
    with pytest.raises(IndexUnavailableError, match=r"requirements-milvus\.txt"):
        MilvusStore.open("http://127.0.0.1:1", named(FIRST))


# -- a page whose vectors are elsewhere ------------------------------------------------------------


@contextmanager
def serving(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server in a process of its own, as a cluster is: it can die."""
    command = ["-m", "milvus_lite", "server", "--data-dir", str(folder), "--host", "127.0.0.1"]
    with (folder.parent / "milvus.log").open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, *command, "--port", str(port)], stdout=out, stderr=out
        )
    try:
        deadline = time.monotonic() + 60
        while not is_listening(port):
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield process
    finally:
        process.kill()
        process.wait(20)


def is_listening(port: int) -> bool:
    with socket.socket() as asked:
        return asked.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def labelled(content: Path, encoder: BagOfWordsEncoder, tmp_path: Path) -> Path:
    build_with(encoder, label_enough_to_calibrate(content), tmp_path / "labelled")
    return tmp_path / "labelled"


QUESTIONS = ["stiff neck", "does the back hurt", "blood needle", "apple price", "sleep"]


def test_searches_find_the_same_with_either_store(labelled: Path, uri: str) -> None:
    index = open_index(labelled, encoder=BagOfWordsEncoder())
    with closing(lifecycle.create(uri, index.generation, index.vectors.all())) as vectors:
        elsewhere = replace(index, vectors=vectors)
        for question in QUESTIONS:
            here, there = search(index, question), search(elsewhere, question)
            assert there.outcome is here.outcome
            assert [one.passage.id for one in there.results] == [
                one.passage.id for one in here.results
            ]
        for row in range(len(index.passages)):
            assert [one.passage.id for one in similar(elsewhere, row)] == [
                one.passage.id for one in similar(index, row)
            ]


def test_while_the_server_is_down_notices_and_articles_are_there_and_then_it_searches_again(
    labelled: Path, content: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    index = open_index(labelled, encoder=BagOfWordsEncoder())
    monkeypatch.setattr(milvus_client, "_READ", {"timeout": 2.0})
    with serving(tmp_path / "data", port):
        uri = f"http://127.0.0.1:{port}"
        lifecycle.create(uri, index.generation, index.vectors.all()).close()
        vectors = MilvusStore.open(uri, named(index.generation, index.vectors.all()))
    elsewhere = replace(index, vectors=vectors)

    def told(asked: str) -> asgi.Answer:
        form = f"q={asked.replace(' ', '+')}".encode()
        kind = "application/x-www-form-urlencoded"
        return asgi.ask("/plain", method="POST", body=form, content_type=kind)

    with asgi.application_over(monkeypatch, content, labelled, every_state.told), closing(vectors):
        made = engine.Engine(
            open_index=lambda _: elsewhere, generation=lambda: "one", search=every_state.told
        )
        made.look()
        engine.set_engine(made)
        down = told("stiff neck")
        assert down.status == 200
        assert text.translated(IndexUnavailableError.visitor_message) in down.text
        assert "It often passes." not in down.text
        assert asgi.ask("/plain/article", query="article=necks").status == 200
        assert asgi.ask("/notices").status == 200
        assert asgi.ask("/readyz").status == 200
        with serving(tmp_path / "data", port):
            until_it_answers(vectors)
            assert "It often passes." in told("stiff neck").text


def test_a_server_that_hangs_is_given_up_and_asked_again_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    with serving(tmp_path / "data", port) as process:
        uri = f"http://127.0.0.1:{port}"
        lifecycle.create(uri, FIRST, UNIT).close()
        with closing(MilvusStore.open(uri, named(FIRST))) as vectors:
            process.send_signal(signal.SIGSTOP)
            with monkeypatch.context() as patch:
                patch.setattr(milvus_client, "_READ", {"timeout": 0.3})
                with pytest.raises(IndexUnavailableError, match="did not answer"):
                    vectors.search(UNIT[0], 1)
            process.send_signal(signal.SIGCONT)
            until_it_answers(vectors)
            assert vectors.search(UNIT[1], 1).tolist() == [1]


def test_after_waiting_in_vain_nobody_waits_for_a_while_and_then_the_server_is_asked_again(
    shared: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pymilvus import MilvusException

    now, asked = [100.0], count()

    def hanging(*_: Any, timeout: float, **__: Any) -> Any:
        next(asked)
        now[0] += timeout
        raise MilvusException(message="Deadline Exceeded")

    generation = f"{next(_numbers):016x}"
    lifecycle.create(shared, generation, UNIT).close()
    with closing(milvus_client.Connection(shared, clock=lambda: now[0])) as connection:
        with monkeypatch.context() as patch:
            patch.setattr(connection._client, "search", hanging)
            for found in ("Deadline Exceeded", *["no answer to a request a moment ago"] * 20):
                with pytest.raises(IndexUnavailableError, match="did not answer") as caught:
                    connection.nearest(named(generation), UNIT[1], 1)
                assert caught.value.found == found
        assert (next(asked), now) == (1, [105.0])
        now[0] += milvus_client.REST_S
        assert connection.nearest(named(generation), UNIT[1], 1)[0].tolist() == [1]


def test_a_question_that_is_refused_at_once_keeps_nobody_else_from_asking(shared: str) -> None:
    now = [100.0]
    generation = f"{next(_numbers):016x}"
    lifecycle.create(shared, generation, UNIT).close()
    with closing(milvus_client.Connection(shared, clock=lambda: now[0])) as connection:
        with pytest.raises(IndexUnavailableError, match="did not answer"):
            connection.nearest("clinic_of_nobody", UNIT[1], 1)
        assert connection.nearest(named(generation), UNIT[1], 1)[0].tolist() == [1]


def until_it_answers(vectors: MilvusStore) -> None:
    """Wait until the client has noticed that the server is there again."""
    deadline = time.monotonic() + 30
    while True:
        try:
            vectors.vector(0)
        except IndexUnavailableError:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        else:
            return
