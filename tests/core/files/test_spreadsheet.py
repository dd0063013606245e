"""No CSV file that people get holds a cell that a spreadsheet runs, and none loses what it said."""

from __future__ import annotations

import ast
import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.files.csv_table import parse_rows
from core.files.spreadsheet import FORMULA_SIGNS, csv_bytes, escape_formula, unescape_formula
from index.bank.question_bank import bank_table
from index.bank.question_edits import edited, read_sheet
from safety.claims.decisions import COLUMNS, read_claim_decisions
from tests.support.paths import ROOT

BANK = bank_table(Path("content"))


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_a_cell_that_begins_like_a_formula_is_a_text(sign: str) -> None:
    cell = f"{sign}HYPERLINK(1)"
    raw = csv_bytes(["a", "b"], [[cell, 3]]).decode("utf-8-sig")
    (_, row) = csv.reader(io.StringIO(raw, newline=""))
    assert row == [f"'{cell}", "3"]
    assert unescape_formula(row[0]) == cell


@pytest.mark.parametrize("cell", ["", "plain", "'quoted' words", "a = b", "2-3"])
def test_a_text_without_a_sign_stays_as_it_is(cell: str) -> None:
    assert escape_formula(cell) == unescape_formula(cell) == cell


@given(st.text(st.sampled_from([*FORMULA_SIGNS, "'", "a", " "]), max_size=6))
def test_every_cell_is_harmless_and_comes_back(cell: str) -> None:
    assert not escape_formula(cell).startswith(FORMULA_SIGNS)
    assert unescape_formula(escape_formula(cell)) == cell


def test_a_question_typed_in_the_page_is_no_formula_in_its_file_and_comes_back() -> None:
    sheet = read_sheet("question,answers,route,note\n", BANK)
    typed = ["=cmd|' /C calc'!A0", "+ve test, what now", "'=quoted", "－wide"]
    text = edited(sheet, [(None, {"question": text, "route": "cost"}) for text in typed])
    cells = [row[0] for row in csv.reader(io.StringIO(text, newline=""))][1:]
    assert not any(cell.startswith(FORMULA_SIGNS) for cell in cells)
    assert [row.cells["question"] for row in read_sheet(text, BANK).rows] == typed
    assert parse_rows(BANK, text, lambda row, _line: row["question"], is_header=lambda _: True) == (
        typed,
        [],
    )


def test_a_row_of_the_bank_that_nobody_touched_keeps_its_bytes() -> None:
    text = "question,answers,route,note\n'=a,,cost,\n=b,,cost,\n"
    sheet = read_sheet(text, BANK)
    rows = [(row.number, dict(row.cells)) for row in sheet.rows]
    assert edited(sheet, rows) == text


def test_a_decision_about_a_claim_is_read_without_the_apostrophe(tmp_path: Path) -> None:
    row = ["lists", "- Needles are painless", "painless", "accepted", "＝so", "", "@Jo"]
    (tmp_path / "claims.csv").write_bytes(csv_bytes(COLUMNS, [[*row, "2025-03-31"]]))
    (decision,) = read_claim_decisions(tmp_path)
    assert (decision.sentence, decision.reason, decision.by) == (row[1], row[4], row[6])


def test_csv_is_written_in_one_place_only() -> None:
    found = set()
    for package in ("core", "safety", "index", "ingest", "ui", "evaluation"):
        for path in (ROOT / package).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
            if names & {"to_csv", "writer", "DictWriter"}:
                found.add(path.relative_to(ROOT).as_posix())
    assert found == {"core/files/spreadsheet.py"}


def test_the_browser_makes_no_csv_of_its_own() -> None:
    scripts = {path.name: path.read_text() for path in (ROOT / "ui" / "assets").glob("*.js")}
    assert [name for name, script in scripts.items() if "text/csv" in script] == ["desk.js"]
    # What it saves was made by `csv_bytes` (tests/ui/desk/test_desk.py), letter for letter.
    assert 'new Blob(["\\ufeff", JSON.parse(button.dataset.csv)]' in scripts["desk.js"]
