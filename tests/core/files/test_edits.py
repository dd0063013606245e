"""Content files are changed whole or not at all, can be undone, and keep what nobody touched."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ContentError
from core.files import edits
from core.files.csv_table import CsvTable
from core.files.edits import ChangedMeanwhileError
from index.bank.question_bank import COLUMNS, bank_table, check_question_bank
from index.bank.question_edits import Sheet, edited, read_sheet
from index.bank.route_card_edits import with_card, without_card
from index.bank.route_cards import Route, read_routes
from tests.support.paths import ROOT

BANK = bank_table(Path("content"))
CONTENT = ROOT / "content"


# -- a file on disk --------------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "questions.csv"
    path.write_bytes(b"one")
    return path


def history(file: Path) -> list[Path]:
    return sorted((file.parent / edits.HISTORY / file.name).iterdir())


def last(file: Path) -> edits.Edit:
    edit = edits.last_edit(file)
    assert edit is not None
    return edit


def test_a_save_is_undone_step_by_step(file: Path) -> None:
    for before, after in ((b"one", b"two"), (b"two", b"three")):
        edits.save(file, after, opened=before)
    assert file.read_bytes() == b"three"
    for expected in (b"two", b"one"):
        edit = last(file)
        assert edit.is_latest
        edits.undo(file, edit)
        assert file.read_bytes() == expected
    assert edits.last_edit(file) is None
    assert [path.name for path in file.parent.iterdir() if path.name != edits.HISTORY] == [
        "questions.csv"
    ]


def test_what_was_changed_elsewhere_is_neither_overwritten_nor_undone(file: Path) -> None:
    with pytest.raises(ChangedMeanwhileError):
        edits.save(file, b"two", opened=b"by hand")
    assert (file.read_bytes(), edits.last_edit(file)) == (b"one", None)
    edits.save(file, b"two", opened=b"one")
    first = last(file)
    file.write_bytes(b"by hand")
    assert not last(file).is_latest
    with pytest.raises(ChangedMeanwhileError):
        edits.undo(file, first)
    assert file.read_bytes() == b"by hand"
    edits.save(file, b"three", opened=b"by hand")
    with pytest.raises(ChangedMeanwhileError):  # the first is not the last one any more
        edits.undo(file, first)
    assert file.read_bytes() == b"three"


def test_only_the_last_versions_are_kept(file: Path) -> None:
    for number in range(edits.KEPT + 3):
        edits.save(file, f"{number}".encode(), opened=file.read_bytes())
    kept = [path.read_bytes() for path in history(file)]
    assert kept == [f"{number}".encode() for number in range(2, edits.KEPT + 2)]


def test_a_file_that_was_not_there_is_made_and_its_undo_removes_it(tmp_path: Path) -> None:
    path = tmp_path / "routes.toml"
    edits.save(path, b"", opened=None)
    assert path.read_bytes() == b""
    edits.undo(path, last(path))
    assert not path.exists()


def test_rights_stay_and_the_same_bytes_are_no_edit(file: Path) -> None:
    file.chmod(0o640)
    edits.save(file, b"one", opened=b"one")
    assert edits.last_edit(file) is None
    edits.save(file, b"two", opened=b"one")
    assert file.stat().st_mode & 0o777 == 0o640


def test_a_folder_that_cannot_be_written_to_is_one_error_in_words(tmp_path: Path) -> None:
    (tmp_path / edits.HISTORY).write_text("a file where a folder should be")
    with pytest.raises(ContentError, match="cannot be changed from here"):
        edits.save(tmp_path / "questions.csv", b"two", opened=None)


# -- the question bank -----------------------------------------------------------------------------


def sheet_of(text: str) -> Sheet:
    return read_sheet(text, BANK)


def as_rows(sheet: Sheet) -> list[tuple[int | None, dict[str, str]]]:
    return [(row.number, {name: row.cells[name] for name in COLUMNS}) for row in sheet.rows]


def test_the_clinics_own_bank_comes_back_byte_for_byte() -> None:
    text = (CONTENT / "questions.csv").read_bytes().decode()
    sheet = sheet_of(text)
    assert edited(sheet, as_rows(sheet)) == text


ODD = (
    "question,answers,route,note,who\r\n"
    '"a, quoted", x#y|x#z ,,,Jo\r\n'
    "\r\n"
    "plain,,cost,  spaced  ,\r\n"
    '"two\r\nlines",,cost,,\r\n'
    "last,,cost,,"
)


def test_a_changed_row_is_the_only_one_that_is_written_again_and_keeps_unknown_columns() -> None:
    sheet = sheet_of(ODD)
    rows = as_rows(sheet)
    rows[0][1]["question"] = "new words"
    rows[1][1]["note"] = 'he said "no"'
    expected = ODD.replace('"a, quoted", x#y|x#z ,,,Jo', "new words,x#y|x#z,,,Jo")
    assert edited(sheet, rows) == expected.replace(
        "plain,,cost,  spaced  ,", 'plain,,cost,"he said ""no""",'
    )


def test_rows_go_and_come_at_the_end_with_the_line_ends_of_the_file() -> None:
    sheet = sheet_of(ODD)
    rows = [*as_rows(sheet)[1:], (None, {"question": "new", "route": "cost"}), (None, {})]
    text = edited(sheet, rows)
    assert text == ODD.replace('"a, quoted", x#y|x#z ,,,Jo\r\n\r\n', "") + "\r\nnew,,cost,,\r\n"


def test_in_place_every_row_stays_on_its_line() -> None:
    sheet = sheet_of(ODD)
    rows = as_rows(sheet)
    rows[2][1]["question"] = "one line now"
    text = edited(sheet, rows[1:], in_place=True)
    lines = {row.cells["question"]: row.line for row in sheet_of(text).rows}
    assert lines == {"plain": 4, "one line now": 5, "last": 7}
    assert [row.line for row in sheet.rows] == [2, 4, 5, 7]


def test_an_empty_file_has_the_usual_header() -> None:
    assert edited(sheet_of(""), [(None, {"question": "a", "route": "cost"})]) == (
        "question,answers,route,note\na,,cost,\n"
    )


CELL = st.text(st.characters(exclude_categories=("C",)), max_size=12).map(
    lambda text: " ".join(text.split())
)


@given(st.lists(st.tuples(CELL.filter(bool), CELL), max_size=5))
def test_whatever_is_typed_is_read_back_as_it_was_typed(typed: list[tuple[str, str]]) -> None:
    rows = [(None, {"question": question, "note": note}) for question, note in typed]
    found = sheet_of(edited(sheet_of(""), rows)).rows
    assert [(row.cells["question"], row.cells["note"]) for row in found] == typed


def test_a_table_with_an_open_quote_is_refused_by_its_line() -> None:
    with pytest.raises(ContentError, match="line 2"):
        sheet_of('question,answers\n"open\n')


def test_the_check_is_the_ingests() -> None:
    table = CsvTable(Path("questions.csv"), "the question bank", COLUMNS)
    text = "question,answers,route,note\na,x#y,,\nb,x#no,,\nc,gone#y,,\n"
    with pytest.raises(ContentError, match="cannot be used") as refused:
        check_question_bank(text, table, sections=["x#y"], routes=["cost"])
    assert refused.value.where == "questions.csv, line 3"
    good = text.replace("b,x#no,,\n", "")
    read = check_question_bank(good, table, sections=["x#y"], routes=["cost"])
    assert (len(read.questions), read.waiting) == (1, 1)


# -- route cards -----------------------------------------------------------------------------------


@pytest.fixture
def cards() -> str:
    return (CONTENT / "routes.toml").read_text(encoding="utf-8")


def test_a_card_that_nobody_changed_keeps_every_byte(cards: str) -> None:
    for card in read_routes(CONTENT).values():
        assert with_card(cards, card) == cards


def test_only_the_changed_card_changes_and_comments_stay(cards: str, tmp_path: Path) -> None:
    before = read_routes(CONTENT)
    asks = (*before["cost"].asks[:2], 'the "new" one \\ here')
    new = with_card(cards, replace(before["cost"], title="Prices", asks=asks))
    (tmp_path / "routes.toml").write_text(new, encoding="utf-8")
    assert read_routes(tmp_path) == before | {
        "cost": replace(before["cost"], title="Prices", asks=asks)
    }
    assert new.splitlines()[:12] == cards.splitlines()[:12]
    assert new[new.index("[booking]") :] == cards[cards.index("[booking]") :]


def test_a_new_card_comes_last_and_can_be_removed_again(cards: str) -> None:
    card = Route("parking", "Parking", "Behind the house.", ("where can I park", "is it free"))
    new = with_card(cards, card, is_new=True)
    assert new.startswith(cards)
    assert tomllib.loads(new)["parking"] == {
        "title": "Parking",
        "text": "Behind the house.",
        "asks": ["where can I park", "is it free"],
    }
    assert tomllib.loads(without_card(new, "parking")) == tomllib.loads(cards)


@pytest.mark.parametrize(
    ("card", "is_new", "text"),
    [
        (Route("Cost!", "T", "X"), True, "small letters"),
        (Route("", "T", "X"), True, "small letters"),
        (Route("cost", "T", "X"), True, "a card with this name"),
        (Route("nowhere", "T", "X"), False, "no such card"),
        (Route("cost", "", "X"), False, "an empty title or text"),
        (Route("cost", "T", "X", ("How much?", "how  much?")), False, "twice"),
    ],
)
def test_a_card_that_cannot_be_is_refused_in_words(
    cards: str, card: Route, is_new: bool, text: str
) -> None:
    with pytest.raises(ContentError, match=text):
        with_card(cards, card, is_new=is_new)


def test_a_file_that_is_no_toml_is_refused() -> None:
    with pytest.raises(ContentError, match="cannot be used"):
        without_card("[open", "open")
    with pytest.raises(ContentError, match="cannot be saved"):
        without_card("", "cost")
