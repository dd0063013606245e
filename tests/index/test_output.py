"""Tables for a terminal."""

from __future__ import annotations

from index.output import table_text


def test_the_columns_of_a_table_begin_below_each_other() -> None:
    rows = [["necks", 2, "often"], ["blood-flow", 10, ""]]
    assert table_text(rows, ["article", "questions", "asked"]) == (
        "article     questions  asked\nnecks       2          often\nblood-flow  10"
    )


def test_a_cell_stays_in_its_line_and_a_long_one_loses_its_middle() -> None:
    assert table_text([["a\nb\tc", "x"], ["0123456789", "y"]], widest=8) == (
        r"a\nb\tc   x" "\n" "012...89  y"
    )


def test_a_table_without_rows_is_its_head_and_without_a_head_nothing() -> None:
    assert table_text([], ["article", "asked"]) == "article  asked"
    assert table_text([]) == ""
