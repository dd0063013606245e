"""Suggested questions on the page for staff: shown with their passage, accepted, refused."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from index.store.generations import current_generation
from index.suggestions.decisions import read_asked
from index.suggestions.types import COMMAND, RECORD, Source, Suggestion, Suggestions, to_json
from tests.support.building import build_with
from tests.support.fakes import BagOfWordsEncoder
from tests.support.files.content import label
from tests.support.pages import page_script
from tests.support.pages.page_script import html_of, served_to_staff
from ui.editor import suggestions
from ui.editor.runs import Runs, suggest_command
from ui.languages import text
from ui.service import settings

HOSTILE = "<img src=x onerror=alert(1)> neck"
SECTION = "necks#introduction"
PASSAGE = "A stiff neck is common. It often passes."


def suggested(question: str, confidence: float = 0.5) -> Suggestion:
    passage = f"{SECTION}/1"
    return Suggestion(question, SECTION, passage, "A stiff neck", Source.TRAINING, confidence)


@pytest.fixture
def built(tmp_path: Path) -> Path:
    return tmp_path / "built"


@pytest.fixture
def place(content: Path, built: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The two articles with a bank of one question, published and served to staff."""
    label(content, answers={"stiff neck": SECTION})
    build_with(BagOfWordsEncoder(), content, built)
    monkeypatch.setattr(suggestions, "LOOKS", Runs(COMMAND))
    with served_to_staff(monkeypatch, content, built):
        yield content


def leave(built: Path, *rows: Suggestion, generation: str | None = None) -> None:
    """Write a record as `python -m ingest suggest` does."""
    name = generation or current_generation(built)
    assert name
    (built / RECORD).write_text(to_json(Suggestions(name, rows)), encoding="utf-8")


def opened() -> AppTest:
    return page_script.opened(view="staff", section="suggestions")


def press(at: AppTest, what: str, number: int = 0) -> AppTest:
    buttons = [b for b in at.button if str(b.key).startswith(f"editor-{what}-")]
    at = buttons[number].click().run()
    assert not at.exception
    return at


def shown(at: AppTest) -> list[str]:
    return [field.value for field in at.text_input]


def test_the_page_says_whether_anybody_has_looked_for_this_index(place: Path, built: Path) -> None:
    assert text.EDITOR_SUGGESTIONS_NONE_YET in html_of(opened())
    leave(built, suggested("neck pain"), generation="0" * 16)
    at = opened()
    assert text.EDITOR_SUGGESTIONS_STALE in html_of(at)
    assert shown(at) == []
    leave(built, suggested("stiff neck"))
    assert text.EDITOR_SUGGESTIONS_DONE in html_of(opened())


def test_each_suggestion_stands_with_its_passage_and_hostile_words_are_text(
    place: Path, built: Path
) -> None:
    leave(built, suggested("neck pain", 0.91), suggested(HOSTILE))
    at = opened()
    page = html_of(at)
    assert text.counted(text.EDITOR_SUGGESTIONS_WAIT, 2) in page
    assert page.count(PASSAGE) == 2
    assert f"{text.EDITOR_SUGGESTION_CONFIDENCE} 0.91" in page
    assert 'href="?article=necks&amp;section=introduction&amp;passage=1"' in page
    assert "<img" not in page
    assert shown(at) == ["neck pain", HOSTILE]


def test_an_accepted_question_is_in_the_bank_and_off_the_list(place: Path, built: Path) -> None:
    leave(built, suggested("neck pain"), suggested("a sore neck"))
    before = (place / "questions.csv").read_text(encoding="utf-8")
    at = press(opened(), "accept")
    assert text.EDITOR_ACCEPTED in html_of(at)
    assert shown(at) == ["a sore neck"]
    after = (place / "questions.csv").read_text(encoding="utf-8")
    assert after == f"{before}neck pain,{SECTION},,\n"
    assert not (place / "suggestions.csv").exists()


def test_a_reworded_question_is_accepted_in_its_new_words(place: Path, built: Path) -> None:
    leave(built, suggested("neck pain"))
    at = opened()
    at.text_input[0].set_value("  my neck   aches ")
    at = press(at, "accept")
    assert read_asked(place).questions == ("stiff neck", "my neck aches")
    assert shown(at) == []


def test_a_refused_question_is_remembered_and_the_bank_stays(place: Path, built: Path) -> None:
    leave(built, suggested("neck pain"), suggested("a sore neck"))
    before = (place / "questions.csv").read_bytes()
    at = press(opened(), "refuse", 1)
    assert "content/suggestions.csv" in html_of(at)
    assert shown(at) == ["neck pain"]
    assert (place / "questions.csv").read_bytes() == before
    assert read_asked(place).refused == (("a sore neck", SECTION),)


def test_a_question_without_words_is_refused_with_the_reason(place: Path, built: Path) -> None:
    leave(built, suggested("neck pain"))
    at = opened()
    at.text_input[0].set_value("?")
    page = html_of(press(at, "accept"))
    assert text.EDITOR_NOT_SAVED in page
    assert "expected: a question" in page


def test_a_broken_file_of_decisions_is_named(place: Path, built: Path) -> None:
    (place / "suggestions.csv").write_text("x\n", encoding="utf-8")
    leave(built, suggested("neck pain"))
    at = opened()
    assert "line 1" in html_of(at)
    assert text.FAILED not in html_of(at)


def test_only_so_many_are_drawn_at_a_time(place: Path, built: Path) -> None:
    leave(built, *(suggested(f"neck {number}") for number in range(13)))
    at = opened()
    assert len(shown(at)) == suggestions.MOST_SHOWN
    at = press(at, "refuse")
    assert shown(at)[-1] == "neck 10"


def test_nobody_else_decides(place: Path, built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    leave(built, suggested("neck pain"))
    at = opened()
    before = (place / "questions.csv").read_bytes()
    monkeypatch.setenv(settings.AUDIENCE_VARIABLE, "patients")
    press(at, "accept")
    assert (place / "questions.csv").read_bytes() == before


def test_looking_runs_the_ingests_own_command_apart_and_its_end_is_said(
    place: Path, built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = suggest_command(place, built)
    assert command[1:] == [
        *("-m", "ingest", "--content", str(place), "--built", str(built), "suggest")
    ]
    script = "import sys; sys.stdin.read(); print('looked')"
    monkeypatch.setattr(suggestions, "suggest_command", lambda *_: [sys.executable, "-c", script])
    at = opened()
    at.button(key="editor-look").click().run()
    deadline = time.monotonic() + 20
    while suggestions.LOOKS.is_running and time.monotonic() < deadline:
        time.sleep(0.02)
    assert "looked" in html_of(at.run())
