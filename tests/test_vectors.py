from pathlib import Path

import numpy as np
import pytest

from index.errors import IndexDamagedError
from index.vectors import FILE_NAME, VectorIndex

UNIT = np.eye(3, dtype=np.float32)


def test_the_nearest_come_first_and_equals_in_order_of_rows() -> None:
    index = VectorIndex(np.stack([UNIT[1], UNIT[0], UNIT[1], UNIT[0]]))
    assert index.search(UNIT[0], 4).tolist() == [1, 3, 0, 2]


def test_more_than_there_is_gives_all_there_is() -> None:
    assert VectorIndex(UNIT).search(UNIT[2], 99).tolist() == [2, 0, 1]


@pytest.mark.parametrize("k", [0, -1])
def test_nothing_asked_for_gives_nothing(k: int) -> None:
    assert VectorIndex(UNIT).search(UNIT[0], k).tolist() == []


def test_an_empty_index_finds_nothing() -> None:
    assert VectorIndex(np.zeros((0, 3), np.float32)).search(UNIT[0], 5).tolist() == []


def test_a_query_of_another_dimension_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match=r"query must have shape \(3,\)"):
        VectorIndex(UNIT).search(np.zeros(4, np.float32), 1)


def test_scores_are_inner_products_in_the_order_of_the_rows_asked_for() -> None:
    index = VectorIndex(np.array([[1, 0], [0.6, 0.8]], np.float32))
    scores = index.scores(np.array([0, 1], np.float32), np.array([1, 0]))
    assert scores.tolist() == pytest.approx([0.8, 0.0])


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
