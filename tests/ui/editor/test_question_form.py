"""The question bank on the page for staff: the list, its filter, and the form of a row."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.ids import article_of
from core.types import Article, Outcome, Passage, SearchResponse, Section, Span
from index.bank.question_bank import bank_table
from index.bank.question_edits import Sheet, read_sheet
from tests.support.building import build_with
from tests.support.fakes import BagOfWordsEncoder
from tests.support.files.content import label
from tests.support.pages import page_script
from tests.support.pages.page_script import html_of, served_to_staff
from ui.editor.bank import section
from ui.editor.bank.rows import CARD, UNLIKE, cells_of, is_same, matching, names_of
from ui.editor.bank.trying import is_as_chosen
from ui.languages import text
from ui.service import engine, settings

HOSTILE = '<script>alert(1)</script> & "x"'
BANK = (
    "question,answers,route,note\n"
    "stiff neck,necks#introduction,,  by hand\n"
    '"what is the price",,cost,\n'
    "blood in my shoe,blood#introduction | gone#away,,\n"
)


@pytest.fixture
def place(content: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The two articles with a bank of three rows and two cards, served to staff."""
    label(content, asks={"cost": ["how much"], "booking": ["book a visit"]})
    (content / "questions.csv").write_text(BANK, encoding="utf-8")
    build_with(BagOfWordsEncoder(), content, tmp_path / "built")
    with served_to_staff(monkeypatch, content, tmp_path / "built"):
        yield content


def opened(**address: str) -> AppTest:
    return page_script.opened(view="staff", section="questions", **address)


def bank(place: Path) -> str:
    return (place / "questions.csv").read_text(encoding="utf-8")


def field(at: AppTest, number: int) -> Any:
    """Return a field of the form by the number of its label."""
    wanted = text.EDITOR_QUESTION_FIELDS[number]
    kinds = (at.text_input, at.radio, at.selectbox, at.multiselect)
    (found,) = [one for kind in kinds for one in kind if one.label == wanted]
    return found


def button(at: AppTest, words: str) -> Any:
    (found,) = [one for one in at.button if one.label == words]
    return found


def press(at: AppTest, words: str) -> AppTest:
    button(at, words).click().run()
    assert not at.exception
    return at


# -- the list --------------------------------------------------------------------------------------


def test_the_list_names_sections_by_their_titles_and_links_each_row_without_its_words(
    place: Path,
) -> None:
    page = html_of(opened())
    assert "Introduction (All About Necks)" in page
    assert text.EDITOR_QUESTION_CARD.format(card="cost") in page
    assert 'href="?view=staff&amp;section=questions&amp;item=0">stiff neck</a>' in page
    assert "stiff+neck" not in page
    assert "stiff%20neck" not in page
    # The label of an article that is not there yet is said by its id, and waits.
    assert "gone#away" in page
    assert text.counted(text.EDITOR_LABELS_WAIT, 1) in page


def test_the_filter_finds_words_in_any_order_in_question_and_note(place: Path) -> None:
    at = opened()
    at.text_input(key="editor-bank-words").set_value("HAND neck").run()
    page = html_of(at)
    assert "stiff neck" in page
    assert "what is the price" not in page
    at.text_input(key="editor-bank-words").set_value("nowhere").run()
    assert text.EDITOR_QUESTIONS_NONE in html_of(at)


def test_a_link_shows_the_rows_about_an_article_or_a_card(place: Path) -> None:
    page = html_of(opened(about="necks"))
    assert "stiff neck" in page
    assert "blood in my shoe" not in page
    page = html_of(opened(about=f"{CARD}cost"))
    assert "what is the price" in page
    assert "stiff neck" not in page
    assert "stiff neck" in html_of(opened(about="no-such-article"))


def sheet_of(count: int) -> Sheet:
    rows = "".join(f"question {n},a#b,,\n" for n in range(count))
    return read_sheet("question,answers,route,note\n" + rows, bank_table(Path()))


def test_two_thousand_rows_are_shown_page_by_page(place: Path) -> None:
    rows = "".join(f"question {n},necks#introduction,,\n" for n in range(2_000))
    (place / "questions.csv").write_text("question,answers,route,note\n" + rows)
    at = opened()
    assert html_of(at).count(">question ") == section.PER_PAGE
    assert text.EDITOR_QUESTIONS_SHOWN.format(first=1, last=25, n=2_000) in html_of(at)
    previous, following = text.EDITOR_PAGES
    assert not [one for one in at.button if one.label == previous]
    press(at, following)
    assert "question 25<" in html_of(at)
    press(at, previous)
    assert "question 0<" in html_of(at)
    at.text_input(key="editor-bank-words").set_value("1999").run()
    assert "question 1999<" in html_of(at)
    assert not [one for one in at.button if one.label in text.EDITOR_PAGES]


def test_rows_that_get_something_else_than_the_bank_says_can_be_shown_alone() -> None:
    sheet = sheet_of(5)
    assert [r.number for r in matching(sheet, "", UNLIKE, unlike={"question 3"})] == [3]
    assert len(list(matching(sheet, "", ""))) == 5


def test_equal_titles_are_told_apart() -> None:
    def made(name: str) -> Article:
        sections = (
            Section(f"{name}#a", ("Rest",), Span(0, 1)),
            Section(f"{name}#b", ("Rest",), Span(0, 1)),
        )
        return Article(name, "Necks", "x", sections, f"{name}.txt", "0")

    names = names_of([made("two"), made("one")])
    assert list(names.articles.items()) == [("one", "Necks (one)"), ("two", "Necks (two)")]
    assert len(set(names.sections.values())) == 4
    assert [article_of(name) for name in names.sections] == ["one", "one", "two", "two"]
    assert names.section("gone#away") == "gone#away"


def test_an_empty_bank_says_that_nothing_is_checked_and_what_to_do(place: Path) -> None:
    (place / "questions.csv").unlink()
    at = opened()
    page = html_of(at)
    assert text.EDITOR_NO_QUESTIONS in page
    assert 'href="?view=staff&amp;section=suggestions"' in page
    assert not at.selectbox
    at = opened(item="new")
    field(at, 0).set_value("my neck").run()
    field(at, 3).set_value(["necks#introduction"]).run()
    press(at, text.EDITOR_SAVE)
    assert bank(place) == "question,answers,route,note\nmy neck,necks#introduction,,\n"


# -- the form --------------------------------------------------------------------------------------


def test_a_row_is_changed_and_every_other_byte_stays(place: Path) -> None:
    at = opened(item="0")
    assert field(at, 0).value == "stiff neck"
    assert field(at, 3).value == ["necks#introduction"]
    assert button(at, text.EDITOR_SAVE).disabled
    field(at, 0).set_value("  my neck\tis stiff ").run()
    press(at, text.EDITOR_SAVE)
    assert bank(place) == BANK.replace("stiff neck,", "my neck is stiff,").replace("  by", "by")
    assert "item" not in at.query_params
    assert text.EDITOR_SAVED in html_of(at)
    (undo,) = [one for one in at.button if one.key == "editor-undo-questions.csv"]
    undo.click().run()
    assert bank(place) == BANK


def test_a_section_is_picked_by_its_title_and_a_card_takes_the_place_of_sections(
    place: Path,
) -> None:
    at = opened(item="0")
    field(at, 2).set_value("blood").run()
    assert set(field(at, 3).options) == {
        "Introduction (All About Necks)",
        "Introduction (Blood Flow)",
    }
    field(at, 3).set_value(["necks#introduction", "blood#introduction"]).run()
    press(at, text.EDITOR_SAVE)
    assert "stiff neck,necks#introduction | blood#introduction,," in bank(place)
    at = opened(item="0")
    field(at, 1).set_value(1).run()
    assert button(at, text.EDITOR_SAVE).disabled  # no card is chosen yet
    assert "either answers or a route" in html_of(at)
    field(at, 4).set_value("booking").run()
    press(at, text.EDITOR_SAVE)
    assert "stiff neck,,booking,by hand\n" in bank(place)


def test_a_new_question_begins_with_the_article_or_the_card_of_its_link(place: Path) -> None:
    at = opened(item="new", about="blood")
    assert field(at, 2).value == "blood"
    field(at, 0).set_value("my blood").run()
    field(at, 3).set_value(["blood#introduction"]).run()
    press(at, text.EDITOR_SAVE)
    assert bank(place) == BANK + "my blood,blood#introduction,,\n"
    at = opened(item="new", about=f"{CARD}booking")
    assert (field(at, 1).value, field(at, 4).value) == (1, "booking")


def test_a_row_is_deleted_and_the_deletion_undone(place: Path) -> None:
    at = press(opened(item="1"), text.EDITOR_QUESTION_DELETE)
    assert "what is the price" not in bank(place)
    assert len(bank(place).splitlines()) == 3
    assert text.EDITOR_QUESTION_DELETED in html_of(at)
    (undo,) = [one for one in at.button if one.key == "editor-undo-questions.csv"]
    undo.click().run()
    assert bank(place) == BANK


def test_what_ingest_would_refuse_is_named_and_cannot_be_saved(place: Path) -> None:
    at = opened(item="0")
    field(at, 0).set_value("What is the PRICE?").run()
    assert "two answers to the same question" in html_of(at)
    assert button(at, text.EDITOR_SAVE).disabled
    field(at, 0).set_value(" ").run()
    assert button(at, text.EDITOR_SAVE).disabled
    assert bank(place) == BANK


def test_a_file_changed_meanwhile_is_not_overwritten(place: Path) -> None:
    at = opened(item="0")
    field(at, 0).set_value("mine").run()
    by_hand = BANK + "by hand,,cost,\n"
    (place / "questions.csv").write_text(by_hand, encoding="utf-8")
    at.run()
    assert "+by hand,,cost," in html_of(at)
    assert button(at, text.EDITOR_SAVE).disabled
    assert field(at, 0).value == "mine"
    press(at, text.EDITOR_OPEN_AGAIN)
    assert field(at, 0).value == "stiff neck"
    assert bank(place) == by_hand


def test_a_change_between_drawing_and_pressing_is_refused(place: Path) -> None:
    at = opened(item="0")
    field(at, 0).set_value("mine").run()
    (place / "questions.csv").write_text("question,answers,route,note\n", encoding="utf-8")
    press(at, text.EDITOR_SAVE)
    assert text.EDITOR_CHANGED_MEANWHILE in html_of(at)
    assert bank(place) == "question,answers,route,note\n"


@pytest.mark.parametrize("item", ["99", "-1", "x", "²", "0 ", "9" * 5_000])
def test_an_address_of_no_row_shows_the_list_and_says_so(place: Path, item: str) -> None:
    page = html_of(opened(item=item))
    assert text.EDITOR_QUESTION_GONE in page
    assert "stiff neck" in page


@pytest.mark.parametrize("words", [text.EDITOR_SAVE, text.EDITOR_QUESTION_DELETE])
def test_nothing_is_changed_once_staff_are_off(
    place: Path, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    at = opened(item="0")
    field(at, 0).set_value("mine").run()
    monkeypatch.setenv(settings.AUDIENCE_VARIABLE, "patients")
    press(at, words)
    assert bank(place) == BANK


def test_a_long_bank_question_keeps_all_its_words(place: Path) -> None:
    words = "very " * 100 + "long"
    (place / "questions.csv").write_text(f"question,answers,route,note\n{words},,cost,\n")
    at = opened(item="0")
    assert field(at, 0).value == words
    field(at, 5).set_value("a note").run()
    press(at, text.EDITOR_SAVE)
    assert f"{words},,cost,a note\n" in bank(place)


def test_whatever_the_bank_says_is_text(place: Path) -> None:
    row = '"' + HOSTILE.replace('"', '""') + '",x#y,,\n'
    (place / "questions.csv").write_text(f"question,answers,route,note\n{row}")
    page = html_of(opened())
    assert "&lt;script&gt;" in page
    assert "<script" not in page


def test_cells_are_the_same_whatever_their_white_space() -> None:
    before = cells_of(" a  b ", ["x#y", "x#z"], None, "")
    assert before == {"question": "a b", "answers": "x#y | x#z", "route": "", "note": ""}
    assert is_same(before, {**before, "answers": "x#y|x#z", "note": " "})
    assert not is_same(before, {**before, "answers": "x#z | x#y"})


# -- try it ----------------------------------------------------------------------------------------


def response(section_id: str = "", *, outcome: Outcome = Outcome.ANSWER, route: str = "") -> Any:
    results = ()
    if section_id:
        passage = Passage(f"{section_id}/1", "a", section_id, "T", "H", (), "Words.", 0, 6)
        results = (passage_result(passage),)
    return SearchResponse("q", outcome, results, "g", route=route or None)


def passage_result(passage: Passage) -> Any:
    class Found:
        def __init__(self) -> None:
            self.passage = passage

    return Found()


def test_a_trial_says_whether_the_choice_comes_first() -> None:
    sections = cells_of("q", ["a#one", "a#two"], "", "")
    card = cells_of("q", [], "cost", "")
    assert is_as_chosen(response("a#two"), sections)
    assert not is_as_chosen(response("a#three"), sections)
    assert not is_as_chosen(response("a#two", outcome=Outcome.RELATED), sections)
    assert not is_as_chosen(response(), sections)
    assert is_as_chosen(response(outcome=Outcome.NOT_COVERED, route="cost"), card)
    assert not is_as_chosen(response(outcome=Outcome.NOT_COVERED, route="booking"), card)
    assert not is_as_chosen(response(), cells_of("q", [], "", ""))


def test_trying_asks_what_is_in_the_form_once_and_forgets_it_when_the_words_change(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    running = engine.get_engine()

    def ask(index: Any, question: str) -> Future[engine.Answer]:
        asked.append(question)
        future: Future[engine.Answer] = Future()
        nothing = SearchResponse(question, Outcome.NOT_COVERED, (), index.generation, route="cost")
        future.set_result(engine.Answer(nothing))
        return future

    monkeypatch.setattr(running, "ask_for_staff", ask)
    at = press(opened(item="1"), text.EDITOR_QUESTION_TRY)
    assert asked == ["what is the price"]
    page = html_of(at)
    assert text.EDITOR_TRIED in page
    assert text.EDITOR_TRIED_RIGHT in page
    assert "Ask us." in page
    at.run()
    assert asked == ["what is the price"]
    field(at, 0).set_value("what does it cost").run()
    assert text.EDITOR_TRIED not in html_of(at)
    press(at, text.EDITOR_QUESTION_TRY)
    assert asked == ["what is the price", "what does it cost"]
    assert "price" not in str(at.query_params)
