"""Tables as sequences and mappings of rows that are made only when they are asked for."""

import gc
import weakref
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.types import Span, View, ViewKind
from index.store import arrow_files
from index.store.arrow_files import read_table, write_table
from index.store.arrow_rows import ById, ByOwner, Keyed, Rows
from index.store.arrow_schema import VIEW_KINDS, VIEWS, view_rows, views_table

SCHEMA = pa.schema([("id", pa.string()), ("owner", pa.string())])


def rows_of(owners: list[str], made: list[int] | None = None) -> Rows[tuple[str, str]]:
    table = pa.table({"id": [f"{i}" for i in range(len(owners))], "owner": owners}, schema=SCHEMA)

    def make(row: dict[str, str]) -> tuple[str, str]:
        if made is not None:
            made.append(int(row["id"]))
        return row["id"], row["owner"]

    return Rows(table, make)


@given(st.lists(st.text(max_size=3)), st.text(max_size=3))
def test_the_rows_with_a_text_are_found_in_their_order(owners: list[str], wanted: str) -> None:
    found = Keyed(rows_of(owners), "owner").find(wanted)
    assert found.tolist() == [i for i, owner in enumerate(owners) if owner == wanted]


@given(st.lists(st.text(max_size=2)))
def test_each_text_of_a_column_has_one_code(owners: list[str]) -> None:
    codes, texts = rows_of(owners).coded("owner")
    assert [texts[code] for code in codes] == owners
    assert texts == list(dict.fromkeys(owners))


def test_a_lookup_makes_the_rows_it_finds_and_no_other() -> None:
    made: list[int] = []
    rows = rows_of(["b", "a", "b"], made)
    assert ByOwner(rows, "owner")["b"] == (("0", "b"), ("2", "b"))
    assert ById(rows)["1"] == ("1", "a")
    assert made == [0, 2, 1]


def test_what_is_not_there_is_missing() -> None:
    by_id, by_owner = ById(rows_of(["a"])), ByOwner(rows_of(["a"]), "owner")
    assert (by_id.get("7"), by_id.row("7"), by_owner.get("z")) == (None, None, None)
    assert ("7" in by_id, "z" in by_owner) == (False, False)


def test_a_mapping_goes_through_its_keys_in_row_order() -> None:
    rows = rows_of(["b", "a", "b"])
    assert (list(ById(rows)), len(ById(rows))) == (["0", "1", "2"], 3)
    assert (list(ByOwner(rows, "owner")), len(ByOwner(rows, "owner"))) == (["b", "a"], 2)
    assert list(ById(rows).values()) == list(rows)
    assert list(ByOwner(rows, "owner").items()) == [
        ("b", (("0", "b"), ("2", "b"))),
        ("a", (("1", "a"),)),
    ]
    assert list(ByOwner(rows, "owner").values()) == [(("0", "b"), ("2", "b")), (("1", "a"),)]


def test_going_through_a_mapping_makes_each_row_once_and_looks_none_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def find(*_: object) -> None:
        raise AssertionError("a row was looked up")

    monkeypatch.setattr(Keyed, "find", find)
    made: list[int] = []
    rows = rows_of(["b", "a", "b"], made)
    list(ById(rows).values())
    assert made == [0, 1, 2]
    list(ByOwner(rows, "owner").values())
    assert made == [0, 1, 2] * 2


def test_the_last_rows_that_were_asked_for_are_kept_and_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("index.store.arrow_rows._CACHED_ROWS", 3)
    for keyed in (False, True):
        made: list[int] = []
        rows = rows_of(["a"] * 9, made)
        by_id = ById(rows)
        for number in (0, 0, 1, 2, 0, 3, 0, 1):  # 0 was asked for again before 3 came
            found = by_id[str(number)] if keyed else rows[number]
            assert found == (str(number), "a")
        assert made == [0, 1, 2, 3, 1]


def test_a_mapping_that_nobody_holds_is_freed_at_once() -> None:
    by_id = ById(rows_of(["a"]))
    assert by_id["0"]
    held = weakref.ref(by_id)
    gc.disable()
    try:
        del by_id
        assert held() is None
    finally:
        gc.enable()


VIEWS_MADE = [
    View(0, ViewKind.TEXT, "one"),
    View(0, ViewKind.SENTENCE, "two", Span(3, 9)),
    View(1, ViewKind.QUESTION, "three?"),
]


@pytest.mark.parametrize("map_from", [0, 1 << 40], ids=["mapped", "read"])
def test_a_table_is_read_as_it_was_written(
    map_from: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrow_files, "MAP_FROM_BYTES", map_from)
    path = tmp_path / "ü.arrow"
    write_table(views_table(VIEWS_MADE), path)
    rows = view_rows(read_table(path, VIEWS))
    assert list(rows) == VIEWS_MADE
    assert rows.integers("start").tolist() == [-1, 3, -1]
    assert [VIEW_KINDS[code] for code in rows.codes("kind")] == [v.kind for v in VIEWS_MADE]
    assert rows.texts("text", np.array([2, 0])) == ["three?", "one"]


def test_a_mapped_table_takes_no_memory_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrow_files, "MAP_FROM_BYTES", 0)
    path = tmp_path / "views.arrow"
    write_table(views_table([View(0, ViewKind.TEXT, "word " * 1000)] * 1000), path)
    before = pa.total_allocated_bytes()
    rows = view_rows(read_table(path, VIEWS))
    assert rows.integers("passage").sum() == 0
    assert pa.total_allocated_bytes() - before < 100_000  # of five million


def test_the_same_table_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_table(views_table(VIEWS_MADE), tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize("made", [[], VIEWS_MADE])
def test_another_table_is_refused(made: list[View], tmp_path: Path) -> None:
    write_table(views_table(made), tmp_path / "views.arrow")
    with pytest.raises(ValueError, match="columns"):
        read_table(tmp_path / "views.arrow", SCHEMA)


def test_texts_are_found_in_a_column_those_of_no_row_are_left_out() -> None:
    rows = Rows(pa.table({"text": ["neck", "back", "neck", "é"]}), lambda row: row["text"])
    assert rows.rows_of("text", ["é", "neck", "gone"]) == {"é": 3, "neck": 0}
    among = np.array([False, True, True, False])
    assert rows.rows_of("text", ["neck", "é"], among=among) == {"neck": 2}
    assert rows.rows_of("text", []) == {}
