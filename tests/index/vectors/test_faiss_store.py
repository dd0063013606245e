"""Vectors in files of faiss; test_milvus.py has the suite that every store must pass."""

from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

import faiss
import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.harness.synthetic_vectors import blocks, queries
from core.errors import IndexDamagedError
from index.vectors import faiss_files, faiss_store, quantised
from index.vectors.faiss_store import EXACT_UP_TO, FILE_NAME, NEAREST_NAME, VectorIndex

UNIT = np.eye(3, dtype=np.float32)


def test_written_and_read_is_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "ü vectors"
    folder.mkdir()
    VectorIndex(UNIT).write(folder)
    read = VectorIndex.read(folder)
    assert [read.scores(v, np.arange(3)).tolist() for v in UNIT] == UNIT.tolist()


@pytest.mark.parametrize("damage", [b"", b"garbage", b"IxFI\x00"])
def test_a_file_that_is_no_index_is_refused(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(damage)
    with pytest.raises(IndexDamagedError, match="cannot be read"):
        VectorIndex.read(tmp_path)


# -- quantised, above a number of rows ------------------------------------------------------------

SMALL = 500
CLUSTERED = np.concatenate(list(blocks(4_000, 64)))
QUERIES = queries(CLUSTERED, 100)


@pytest.fixture(scope="module")
def short() -> VectorIndex:
    return VectorIndex(CLUSTERED, exact_up_to=SMALL)


@pytest.fixture(scope="module")
def folder(short: VectorIndex, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("wörter")
    short.write(made)
    return made


def exact(query: NDArray[np.float32], k: int) -> list[int]:
    scores = CLUSTERED.astype(np.float64) @ query
    rows: list[int] = np.lexsort((np.arange(len(scores)), -scores))[:k].tolist()
    return rows


def alike(index: VectorIndex) -> int:
    return sum(index.search(query, 10).tolist() == exact(query, 10) for query in QUERIES)


def test_the_number_of_rows_decides_how_they_are_searched(short: VectorIndex) -> None:
    quantised = {"kind": "pq4", "parts": 16, "candidates": 30, "at_least": 2_000}
    assert VectorIndex(CLUSTERED).description == {"kind": "exact"}
    assert VectorIndex(CLUSTERED, exact_up_to=4_000).description == {"kind": "exact"}
    assert VectorIndex(CLUSTERED, exact_up_to=3_999).description == quantised
    assert short.description == quantised
    assert len(CLUSTERED) < EXACT_UP_TO


def test_short_forms_find_the_ten_nearest_in_their_order(short: VectorIndex, folder: Path) -> None:
    assert alike(short) >= 99
    assert alike(VectorIndex.read(folder)) >= 99


def test_it_is_the_short_forms_that_name_the_candidates(folder: Path, tmp_path: Path) -> None:
    turned = tmp_path / "turned"
    turned.mkdir()
    VectorIndex(CLUSTERED[::-1], exact_up_to=SMALL).write(turned)
    damaged(folder, tmp_path, NEAREST_NAME, (turned / NEAREST_NAME).read_bytes())
    assert alike(VectorIndex.read(tmp_path)) == 0


def test_scores_are_exact_though_the_forms_are_short(folder: Path) -> None:
    index = VectorIndex.read(folder)
    rows = np.array([3_999, 0, 700])
    expected = CLUSTERED[rows] @ QUERIES[0]
    assert index.scores(QUERIES[0], rows) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("row", [-1, 4_000])
def test_rows_and_queries_that_do_not_exist_are_refused_and_no_other_memory_read(
    short: VectorIndex, row: int
) -> None:
    with pytest.raises(IndexError, match=f"{row}"):
        short.scores(QUERIES[0], np.array([0, row]))
    with pytest.raises(ValueError, match="shape"):
        short.scores(QUERIES[0][:32], np.array([0]))
    assert short.scores(QUERIES[0], np.array([], dtype=np.int64)).shape == (0,)


def test_equal_vectors_come_in_order_of_rows_among_candidates() -> None:
    many = np.concatenate([CLUSTERED, CLUSTERED[:3], CLUSTERED[:3]])
    index = VectorIndex(many, exact_up_to=SMALL)
    assert index.search(CLUSTERED[1], 3).tolist() == [1, 4_001, 4_004]


@pytest.mark.parametrize("k", [1, 66, 133, 134, 4_000, 9_999])
def test_short_forms_give_as_many_rows_as_were_asked_for(short: VectorIndex, k: int) -> None:
    found = short.search(QUERIES[0], k)
    assert len(set(found.tolist())) == len(found) == min(k, 4_000)


def test_what_was_written_searches_and_holds_the_same(short: VectorIndex, folder: Path) -> None:
    read = VectorIndex.read(folder)
    assert read.description == short.description
    assert [read.search(q, 50).tolist() for q in QUERIES] == [
        short.search(q, 50).tolist() for q in QUERIES
    ]
    np.testing.assert_array_equal(read.all(), CLUSTERED)
    np.testing.assert_array_equal(read.vector(7), CLUSTERED[7])


def test_what_is_given_out_is_a_copy(short: VectorIndex, folder: Path) -> None:
    for index in (short, VectorIndex.read(folder), VectorIndex(CLUSTERED)):
        index.all()[:] = 0
        index.vector(3)[:] = 0
        np.testing.assert_array_equal(index.vector(3), CLUSTERED[3])


MAPS = Path("/proc/self/maps")


@pytest.mark.skipif(not MAPS.exists(), reason="only Linux tells what is mapped")
@pytest.mark.parametrize("is_large", [True, False])
def test_large_files_are_mapped_and_small_ones_read(
    short: VectorIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_large: bool
) -> None:
    monkeypatch.setattr(faiss_files, "MAP_FROM_BYTES", 0 if is_large else 1 << 40)
    short.write(tmp_path)
    index = VectorIndex.read(tmp_path)
    mapped = {Path(line.split()[-1]) for line in MAPS.read_text().splitlines() if ".faiss" in line}
    files = {tmp_path / FILE_NAME, tmp_path / NEAREST_NAME}
    assert mapped & files == (files if is_large else set())
    assert index.search(CLUSTERED[7], 1).tolist() == short.search(CLUSTERED[7], 1).tolist()


def test_an_exact_index_writes_one_file(tmp_path: Path) -> None:
    VectorIndex(CLUSTERED).write(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_the_same_vectors_give_the_same_bytes(folder: Path, tmp_path: Path, threads: int) -> None:
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(threads)
    try:
        VectorIndex(CLUSTERED.copy(), exact_up_to=SMALL).write(tmp_path)
    finally:
        faiss.omp_set_num_threads(before)
    for name in (FILE_NAME, NEAREST_NAME):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


def test_threads_that_share_an_index_find_what_one_alone_finds(folder: Path) -> None:
    index = VectorIndex.read(folder)
    alone = [index.search(query, 20).tolist() for query in QUERIES]
    with ThreadPoolExecutor(2) as threads:
        both = list(threads.map(lambda query: index.search(query, 20).tolist(), [*QUERIES] * 4))
    assert both == alone * 4


def damaged(folder: Path, to: Path, name: str, data: bytes) -> None:
    for file in (FILE_NAME, NEAREST_NAME):
        (to / file).write_bytes(data if file == name else (folder / file).read_bytes())


@pytest.mark.parametrize("name", [FILE_NAME, NEAREST_NAME])
@pytest.mark.parametrize("end", [0, 3, 5_000, -9, -8, -7, -1, None])
def test_a_file_that_was_cut_off_or_has_more_behind_its_end_is_refused(
    folder: Path, tmp_path: Path, name: str, end: int | None
) -> None:
    raw = (folder / name).read_bytes()
    damaged(folder, tmp_path, name, raw + b"\x00" if end is None else raw[:end])
    with pytest.raises(IndexDamagedError, match="cannot be read") as caught:
        VectorIndex.read(tmp_path)
    assert caught.value.where == str(tmp_path / name)


def test_files_that_changed_places_are_refused(folder: Path, tmp_path: Path) -> None:
    for name, other in ((FILE_NAME, NEAREST_NAME), (NEAREST_NAME, FILE_NAME)):
        damaged(folder, tmp_path, name, (folder / other).read_bytes())
        with pytest.raises(IndexDamagedError, match="cannot be read"):
            VectorIndex.read(tmp_path)


def test_short_forms_of_other_vectors_are_refused(folder: Path, tmp_path: Path) -> None:
    fewer = tmp_path / "fewer"
    fewer.mkdir()
    VectorIndex(CLUSTERED[:-1], exact_up_to=SMALL).write(fewer)
    damaged(folder, tmp_path, NEAREST_NAME, (fewer / NEAREST_NAME).read_bytes())
    with pytest.raises(IndexDamagedError, match="cannot be read") as caught:
        VectorIndex.read(tmp_path)
    assert "3999 vectors of length 64" in str(caught.value)


# -- the vectors that all of this is measured with -------------------------------------------------


def test_fewer_vectors_are_the_beginning_of_more() -> None:
    more = np.concatenate(list(islice(blocks(5_000, 64), 4)))
    np.testing.assert_array_equal(CLUSTERED, more[:4_000])
    assert np.linalg.norm(more, axis=1) == pytest.approx(1, abs=1e-5)


# -- written block by block ------------------------------------------------------------------------


def _drawn(rows: int, dimension: int = 8, seed: int = 0) -> NDArray[np.float32]:
    vectors = np.random.default_rng(seed).standard_normal((rows, dimension), dtype=np.float32)
    unit: NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


@pytest.mark.parametrize("rows", [0, 1, 300])
def test_vectors_written_block_by_block_are_the_same_file(tmp_path: Path, rows: int) -> None:
    vectors = _drawn(rows)
    (tmp_path / "whole").mkdir()
    VectorIndex(vectors, exact_up_to=100).write(tmp_path / "whole")
    (tmp_path / "scratch").mkdir()
    blocks = (vectors[start : start + 70] for start in range(0, rows, 70))
    made = VectorIndex.made_in(tmp_path / "scratch", vectors.shape, blocks, exact_up_to=100)
    (tmp_path / "blocks").mkdir()
    made.write(tmp_path / "blocks")
    names = sorted(path.name for path in (tmp_path / "whole").iterdir())
    assert len(names) == (2 if rows > 100 else 1)
    for name in names:
        assert (tmp_path / "blocks" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()
    np.testing.assert_array_equal(made.take(range(rows)), vectors)


def test_blocks_of_another_size_than_they_say_are_refused(tmp_path: Path) -> None:
    with pytest.raises(IndexDamagedError):
        VectorIndex.made_in(tmp_path, (11, 8), [_drawn(10)])


def test_a_quantiser_that_was_trained_before_finds_what_every_comparison_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(faiss_store, "_AT_LEAST", 20)
    before = VectorIndex(_drawn(400), exact_up_to=100)
    monkeypatch.setattr(quantised, "_TRAINED_ON", 0)  # training again would fail
    vectors = np.concatenate([_drawn(399), _drawn(21, seed=1)])
    made = VectorIndex.made_in(tmp_path, vectors.shape, [vectors], like=before, exact_up_to=100)
    exact = VectorIndex(vectors)
    found = [
        len({*made.search(query, 10)} & {*exact.search(query, 10)}) for query in _drawn(50, seed=2)
    ]
    assert np.mean(found) >= 9.5
    assert before.rows == 400  # which goes on as it was
    assert len(before.search(vectors[0], 3)) == 3


def test_an_index_of_another_size_trains_its_own_quantiser(tmp_path: Path) -> None:
    before = VectorIndex(_drawn(120), exact_up_to=100)
    vectors = _drawn(300)
    made = VectorIndex.made_in(tmp_path, vectors.shape, [vectors], like=before, exact_up_to=100)
    (tmp_path / "made").mkdir()
    made.write(tmp_path / "made")
    (tmp_path / "own").mkdir()
    VectorIndex(vectors, exact_up_to=100).write(tmp_path / "own")
    names = [faiss_store.FILE_NAME, faiss_store.NEAREST_NAME]
    for name in names:
        assert (tmp_path / "made" / name).read_bytes() == (tmp_path / "own" / name).read_bytes()


@pytest.mark.parametrize(
    "kept",
    [
        [range(400)],
        [range(150), 3, range(151, 400)],
        [5, range(37, 390)],
        [range(64, 400), range(64)],
        [300],
    ],
)
def test_rows_of_another_index_come_with_the_codes_that_they_would_get_again(
    tmp_path: Path, kept: list[range | int]
) -> None:
    before = VectorIndex(_drawn(400), exact_up_to=100)
    new = _drawn(300, seed=1)
    blocks = [new[:block] if isinstance(block, int) else block for block in kept]
    vectors = np.concatenate([before.take(b) if isinstance(b, range) else b for b in blocks])
    for name, given in (("taken", blocks), ("again", [vectors])):
        (tmp_path / name).mkdir()
        made = VectorIndex.made_in(
            tmp_path / name, vectors.shape, given, like=before, exact_up_to=100
        )
        (tmp_path / f"{name}-written").mkdir()
        made.write(tmp_path / f"{name}-written")
    for name in (FILE_NAME, NEAREST_NAME):
        taken, again = (tmp_path / f"{which}-written" / name for which in ("taken", "again"))
        assert taken.read_bytes() == again.read_bytes()
    added = faiss_files.library().clone_index(before._nearest)
    added.reset()
    added.add(vectors)
    (tmp_path / "added").mkdir()
    faiss_files.write_index(added, tmp_path / "added" / NEAREST_NAME)
    assert (tmp_path / "added" / NEAREST_NAME).read_bytes() == again.read_bytes()


def test_rows_of_no_other_index_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LookupError):
        VectorIndex.made_in(tmp_path, (3, 8), [range(3)])
