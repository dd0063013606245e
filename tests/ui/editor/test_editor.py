"""The editor as staff use it, and as nobody else can: parts, publishing, editing, escaping."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from streamlit.testing.v1 import AppTest

from core.errors import BusyError, PublishError
from index.bank.route_cards import read_routes
from index.preview.types import FailedInvariant, from_json, to_json
from index.store import generations
from ingest.preview.review import preview_candidate, write_preview
from tests.support.building import build_with, no_progress
from tests.support.fakes import BagOfWordsEncoder
from tests.support.files.content import label
from tests.support.pages import page_script
from tests.support.pages.page_script import APP, html_of, served_to_staff
from ui.editor import runs
from ui.editor.publishing import publish
from ui.editor.publishing.candidate import preview_html
from ui.editor.runs import Run, Runs
from ui.languages import text
from ui.service import settings

PARTS = ["", "candidate", "questions", "cards", "decide", "quality"]
PARTS += ["publish", "discard", "roll-back"]
HOSTILE = '<script>alert(1)</script> & "x" <img src=x onerror=alert(1)>'


@pytest.fixture
def place(content: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The two articles with a bank and cards, published and served to staff."""
    built = tmp_path / "built"
    label(
        content,
        answers={"stiff neck": "necks#introduction"},
        routed={"what is the price": "cost"},
        asks={"cost": ["how much"], "booking": ["book a visit"]},
    )
    build_with(BagOfWordsEncoder(), content, built)
    with served_to_staff(monkeypatch, content, built):
        yield content


@pytest.fixture
def built(place: Path, tmp_path: Path) -> Path:
    return tmp_path / "built"


def propose(content: Path, built: Path) -> str:
    """Change an article, and preview that."""
    article = content / "articles" / "necks.txt"
    article.write_text(article.read_text() + "\nA new paragraph about a stiff neck and a back.\n")
    build_with(BagOfWordsEncoder(), content, built, review=True)
    write_preview(preview_candidate(content, built, no_progress), built)
    candidate = generations.candidate_generation(built)
    assert candidate
    return candidate


def opened(section: str = "") -> AppTest:
    return page_script.opened(view="staff", section=section)


# -- the parts -------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", PARTS)
def test_each_part_has_one_heading_and_all_parts_to_choose_from(place: Path, part: str) -> None:
    page = html_of(opened(part))
    assert page.count("<h1") == page.count('id="cs-title"') == 1
    for name in ("", "&amp;section=candidate", "&amp;section=questions", "&amp;section=cards"):
        assert f'href="?view=staff{name}"' in page
    assert page.count('aria-current="page"') == 1
    assert text.FAILED not in page


def test_the_former_addresses_of_the_sections_lead_to_them(place: Path) -> None:
    assert text.EDITOR_NEXT in html_of(page_script.opened(view="health"))
    former = page_script.opened(view="health", section="cards")
    assert f">{text.EDITOR_CARDS}</h1>" in html_of(former)


def test_the_dashboard_has_a_figure_and_a_way_for_everything(place: Path) -> None:
    page = html_of(opened())
    for part in ("coverage", "claims", "reviews", "notices", "index"):
        way = "decide" if part == "claims" else part
        assert f'href="?view=staff&amp;section={way}"' in page
        assert f'id="cs-part-{part}"' in page
    tiles = text.EDITOR_TILES
    assert f"<strong>2</strong> {tiles['questions']['unit']}" in page
    assert f"<strong>2</strong> {tiles['cards']['unit']}" in page
    assert f"<strong>0</strong> {tiles['candidate']['unit']}" in page


def test_a_broken_file_of_the_clinic_is_told_where_it_is_edited(place: Path) -> None:
    (place / "routes.toml").write_text("[open", encoding="utf-8")
    (place / "questions.csv").write_bytes(b"question,answers\n\xff\n")
    for part in ("questions", "cards"):
        page = html_of(opened(part))
        assert text.EDITOR_BY_HAND in page
        assert text.FAILED not in page
    unit = text.EDITOR_TILES["questions"]["unit"]
    assert f"<strong>–</strong> {unit}" in html_of(opened())


# -- nobody else -----------------------------------------------------------------------------------


@pytest.mark.parametrize("part", PARTS)
def test_patients_get_the_search_at_every_address(
    place: Path, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    monkeypatch.setenv(settings.AUDIENCE_VARIABLE, "patients")
    at = opened(part)
    assert at.text_area(key="question").label == text.LABEL
    assert "cs-editor" not in html_of(at)
    assert [button.label for button in at.button] == [text.SEARCH]


def press_as_patient(at: AppTest, key: str, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """Press a button that was drawn for staff, when the pages for staff are off by now."""
    monkeypatch.setenv(settings.AUDIENCE_VARIABLE, "patients")
    at.button(key=key).click().run()
    assert not at.exception
    return at


@pytest.mark.parametrize("part", ["publish", "discard", "roll-back"])
def test_a_button_drawn_for_staff_does_nothing_once_they_are_off(
    place: Path, built: Path, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    if part == "roll-back":
        propose(place, built)
        with generations.writing(built):
            generations.promote(built)
    else:
        propose(place, built)
    before = {path.name: path.read_bytes() for path in built.iterdir() if path.is_file()}
    at = press_as_patient(opened(part), f"editor-{part}", monkeypatch)
    assert {p.name: p.read_bytes() for p in built.iterdir() if p.is_file()} == before
    assert "cs-editor" not in html_of(at)


def test_no_preview_is_started_once_staff_are_off(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[object] = []
    monkeypatch.setattr(runs.RUNS, "start", started.append)
    press_as_patient(opened("candidate"), "editor-start", monkeypatch)
    assert started == []


@pytest.mark.slow
def test_no_card_is_deleted_or_saved_once_staff_are_off(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (place / "routes.toml").read_bytes()
    press_as_patient(opened("cards"), "editor-delete", monkeypatch)
    monkeypatch.setenv(settings.AUDIENCE_VARIABLE, "staff")
    at = opened("cards")
    at.text_input[0].set_value("Changed")
    monkeypatch.setenv(settings.AUDIENCE_VARIABLE, "patients")
    save_button(at).click().run()
    assert (place / "routes.toml").read_bytes() == before


def save_button(at: AppTest) -> Any:
    return next(button for button in at.button if button.label == text.EDITOR_SAVE)


# -- a candidate -----------------------------------------------------------------------------------


def test_a_candidate_is_shown_confirmed_and_published(place: Path, built: Path) -> None:
    candidate = propose(place, built)
    at = opened("candidate")
    page = html_of(at)
    assert candidate in page
    assert "Articles: 1 changed" in page
    assert 'href="?view=staff&amp;section=publish"' in page
    assert generations.candidate_generation(built) == candidate
    at = opened("publish")
    assert candidate in html_of(at)
    at.button(key="editor-publish").click().run()
    assert generations.current_generation(built) == candidate
    assert at.query_params["section"] == "candidate"
    assert text.EDITOR_CONFIRM["publish"]["done"] in html_of(at)
    assert text.EDITOR_CONFIRM["publish"]["done"] not in html_of(at.run())


def test_rolling_back_serves_the_earlier_generation(place: Path, built: Path) -> None:
    before = generations.current_generation(built)
    propose(place, built)
    opened("publish").button(key="editor-publish").click().run()
    assert generations.current_generation(built) != before
    opened("roll-back").button(key="editor-roll-back").click().run()
    assert generations.current_generation(built) == before


def test_a_discarded_candidate_is_gone_and_nothing_else(place: Path, built: Path) -> None:
    before = generations.current_generation(built)
    propose(place, built)
    opened("discard").button(key="editor-discard").click().run()
    assert generations.candidate_generation(built) is None
    assert generations.current_generation(built) == before


def test_while_an_ingest_is_at_work_one_calm_sentence_says_so(place: Path, built: Path) -> None:
    propose(place, built)
    at = opened("publish")
    before = generations.current_generation(built)
    with FileLock(built / ".lock"):
        page = html_of(at.button(key="editor-publish").click().run())
    assert text.EDITOR_BUSY in page
    assert "<pre>" not in page
    assert generations.current_generation(built) == before


def test_a_failed_invariant_leaves_no_way_to_publish_from_the_page(
    place: Path, built: Path
) -> None:
    candidate = propose(place, built)
    record = built / publish.RECORD
    preview = from_json(record.read_text(encoding="utf-8"))
    failed = FailedInvariant(HOSTILE, 3, "an answer", "nothing")
    record.write_text(to_json(replace(preview, failed=(failed,))), encoding="utf-8")
    page = html_of(opened("candidate"))
    assert "python -m ingest --publish --force" in page
    assert 'section=publish"' not in page
    assert "&lt;script&gt;" in page
    assert "<script" not in page
    at = opened("publish")
    assert not [button for button in at.button if button.key == "editor-publish"]
    with pytest.raises(PublishError):
        publish.publish(built, candidate)
    assert generations.candidate_generation(built) == candidate


def test_another_candidate_than_the_one_shown_is_not_published(place: Path, built: Path) -> None:
    propose(place, built)
    at = opened("publish")
    second = propose(place, built)
    page = html_of(at.button(key="editor-publish").click().run())
    assert text.EDITOR_REFUSED in page
    assert generations.current_generation(built) != second
    assert generations.candidate_generation(built) == second


def test_a_candidate_without_a_preview_of_what_is_served_must_be_previewed_again(
    place: Path, built: Path
) -> None:
    propose(place, built)
    (built / publish.RECORD).write_text("{", encoding="utf-8")
    page = html_of(opened("candidate"))
    assert text.EDITOR_STALE in page
    assert 'section=publish"' not in page
    assert text.EDITOR_CONFIRM["publish"]["not"] in html_of(opened("publish"))


def test_the_wrong_generation_is_neither_dropped_nor_rolled_back_to(
    place: Path, built: Path
) -> None:
    candidate = propose(place, built)
    for act in (publish.discard, publish.roll_back):
        with pytest.raises(PublishError):
            act(built, "0" * 16)
    assert generations.candidate_generation(built) == candidate
    with FileLock(built / ".lock"), pytest.raises(BusyError):
        publish.discard(built, candidate)


def test_whatever_stands_in_a_preview_is_text(place: Path, built: Path) -> None:
    propose(place, built)
    raw = (built / publish.RECORD).read_text(encoding="utf-8")
    preview = from_json(raw)
    usual = preview_html(preview)
    articles = tuple(replace(one, title=HOSTILE, source=HOSTILE) for one in preview.articles)
    failed = (FailedInvariant(HOSTILE, 1, HOSTILE, HOSTILE),)
    hostile = preview_html(
        replace(
            preview, articles=articles, problems=(HOSTILE,), warnings_new=(HOSTILE,), failed=failed
        )
    )
    assert hostile.count("&lt;script&gt;") >= 6
    assert "<script" not in hostile
    assert "<img" not in hostile
    assert "Articles: 1 changed." in usual


# -- a preview in a process of its own -------------------------------------------------------------


def wait(runs: Runs) -> Run:
    deadline = time.monotonic() + 20
    while runs.is_running and time.monotonic() < deadline:
        time.sleep(0.02)
    last = runs.last()
    assert last is not None
    return last


def test_a_command_runs_apart_once_and_what_it_writes_is_kept(tmp_path: Path) -> None:
    made = Runs()
    assert made.last() is None
    go = tmp_path / "go"
    script = (
        "import pathlib, sys, time; print('begun', flush=True)\n"
        f"while not pathlib.Path({str(go)!r}).exists(): time.sleep(0.02)\n"
        "print('over', file=sys.stderr); sys.exit(3)"
    )
    assert made.start([sys.executable, "-c", script])
    assert made.is_running
    assert not made.start([sys.executable, "-c", "print('second')"])
    go.touch()
    last = wait(made)
    assert (last.code, last.written) == (3, "begun\nover")
    assert made.start([sys.executable, "-c", "print('x' * 99999)"])
    assert len(wait(made).written) == runs.MOST_CHARACTERS


# A page that makes a preview: started by a thread that is over, as the script of a page is.
PAGE = """
import sys
from threading import Thread
from ui.editor.runs import RUNS

thread = Thread(target=RUNS.start, args=([sys.executable, *sys.argv[1:]],))
thread.start()
thread.join()
sys.stdin.read()
"""
# A preview that has started a process too, as the one that parses; both hold a pipe open for good.
PREVIEW = """
import subprocess, sys, time

held = open(sys.argv[1], "w")
if len(sys.argv) < 3:
    subprocess.Popen([sys.executable, __file__, sys.argv[1], "second"])
    time.sleep(600)
print("x", end="", file=held, flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize("how", ["by itself", signal.SIGTERM, signal.SIGKILL])
def test_a_preview_and_what_it_has_started_end_with_the_page(
    tmp_path: Path, how: str | signal.Signals
) -> None:
    (tmp_path / "preview.py").write_text(PREVIEW, encoding="utf-8")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    command = [sys.executable, "-c", PAGE, str(tmp_path / "preview.py"), str(pipe)]
    with (
        subprocess.Popen(command, cwd=APP.parent, stdin=subprocess.PIPE) as page,
        pipe.open(encoding="utf-8") as held,
    ):
        assert held.read(1) == "x"
        if isinstance(how, signal.Signals):
            page.send_signal(how)
        else:
            page.communicate()
        assert held.read() == ""  # nobody has it open any more


def test_the_preview_is_the_ingests_own_command_on_the_folders_of_the_page(place: Path) -> None:
    command = runs.preview_command(place, Path("b"))
    assert command[1:3] == ["-m", "ingest"]
    assert command[3:] == ["--content", str(place), "--built", "b", "--preview"]


def test_a_finished_preview_is_told_with_what_it_wrote(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = Runs()
    runs.start([sys.executable, "-c", f"print({HOSTILE!r})"])
    wait(runs)
    monkeypatch.setattr("ui.editor.publishing.candidate.RUNS", runs)
    page = html_of(opened("candidate"))
    assert "&lt;script&gt;alert(1)" in page
    assert "<script" not in page


# -- route cards -----------------------------------------------------------------------------------


def test_a_card_is_changed_saved_and_the_change_undone(place: Path) -> None:
    before = (place / "routes.toml").read_bytes()
    at = opened("cards")
    at.text_input[0].set_value("What it costs")
    at.text_area[1].set_value("how much\n\n  how much   is it  ")
    save_button(at).click().run()
    assert text.EDITOR_CARD_SAVED in html_of(at)
    card = read_routes(place)["cost"]
    assert (card.title, card.asks) == ("What it costs", ("how much", "how much is it"))
    at.button(key="editor-undo-routes.toml").click().run()
    assert text.EDITOR_UNDONE in html_of(at)
    assert (place / "routes.toml").read_bytes() == before
    assert at.text_input[0].value == "cost"


def test_a_card_without_a_text_is_refused_and_what_was_typed_stays(place: Path) -> None:
    before = (place / "routes.toml").read_bytes()
    at = opened("cards")
    at.text_area[0].set_value(" ")
    at.text_input[0].set_value("Another title")
    save_button(at).click().run()
    assert text.EDITOR_NOT_SAVED in html_of(at)
    assert at.text_input[0].value == "Another title"
    assert (place / "routes.toml").read_bytes() == before


def test_a_file_changed_meanwhile_is_not_overwritten_by_a_card(place: Path) -> None:
    at = opened("cards")
    path = place / "routes.toml"
    by_hand = path.read_text(encoding="utf-8") + "# by hand\n"
    path.write_text(by_hand, encoding="utf-8")
    at.text_input[0].set_value("Mine")
    save_button(at).click().run()
    assert text.EDITOR_CHANGED_MEANWHILE in html_of(at)
    assert path.read_text(encoding="utf-8") == by_hand
    assert at.text_input[0].value == "Mine"
    assert "+# by hand" in html_of(at)
    at.button(key="editor-again-routes.toml").click().run()
    assert at.text_input[0].value == "cost"


def test_a_change_made_elsewhere_is_followed_where_nothing_was_typed(place: Path) -> None:
    at = opened("cards")
    path = place / "routes.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("'Ask us.'", "'Ring us.'", 1))
    assert at.run().text_area[0].value == "Ring us."


def test_a_card_is_drawn_as_patients_see_it_before_it_is_saved(place: Path) -> None:
    before = (place / "routes.toml").read_bytes()
    at = opened("cards")
    at.text_input[0].set_value("Prices <b>").run()
    page = html_of(at)
    assert text.EDITOR_CARD_WHEN in page
    assert "Prices &lt;b&gt;</h3>" in page[page.index(text.EDITOR_CARD_SHOWN) :]
    assert settings.routes()["cost"].title == "cost"
    assert (place / "routes.toml").read_bytes() == before
    at.text_area[0].set_value("").run()
    assert text.EDITOR_CARD_EMPTY in html_of(at)


def test_a_long_card_keeps_all_of_its_text_when_something_else_is_changed(place: Path) -> None:
    words = "Ask at the desk of your own clinic. " * 60
    said = f"{words}\n{words}"
    lines = f"[cost]\ntitle = 'T'\ntext = '''{said}'''\nasks = ['how much']\n"
    (place / "routes.toml").write_text(lines, encoding="utf-8")
    at = opened("cards")
    at.text_input[0].set_value("Prices")
    save_button(at).click().run()
    assert (place / "routes.toml").read_text(encoding="utf-8") == lines.replace("'T'", '"Prices"')


def test_only_a_card_that_no_question_names_can_be_deleted(place: Path) -> None:
    at = opened("cards")
    at.button(key="editor-delete").click().run()
    assert "1 question of the bank leads to it" in html_of(at)
    assert list(read_routes(place)) == ["cost", "booking"]
    at.selectbox(key="editor-card").select("booking").run()
    at.button(key="editor-delete").click().run()
    assert text.EDITOR_CARD_DELETED in html_of(at)
    assert list(read_routes(place)) == ["cost"]


@pytest.mark.parametrize("is_open", [False, True], ids=["never opened here", "opened here"])
def test_a_card_that_a_question_names_by_now_is_not_deleted(place: Path, is_open: bool) -> None:
    """Another member of staff, or an editor at the file, has used the card meanwhile."""
    at = opened("cards")
    if is_open:
        at.query_params["section"] = "questions"
        at.run()
        at.query_params["section"] = "cards"
        at.run()
    at.selectbox(key="editor-card").select("booking").run()
    bank = place / "questions.csv"
    bank.write_text(bank.read_text(encoding="utf-8") + "can I come,,booking,\n", encoding="utf-8")
    at.button(key="editor-delete").click().run()
    assert not at.exception
    assert "1 question of the bank leads to it" in html_of(at)
    assert "booking" in read_routes(place)


BROKEN_BANKS = {
    "not UTF-8": b"question,answers,route,note\n\xff,,booking,\n",
    "an open quote": b'question,answers,route,note\n"a,,booking,\n',
    "semicolons": b"question;answers;route;note\na;;booking;\n",
    "another header": b"question,answers,card,note\na,,booking,\n",
    "a row too long": b"question,answers,route,note\na,b,,,booking\n",
    "empty": b"",
    "a folder": None,
}


@pytest.mark.parametrize("broken", BROKEN_BANKS)
def test_no_card_is_deleted_while_nobody_can_say_whether_it_is_used(
    place: Path, broken: str
) -> None:
    at = opened("cards")
    at.selectbox(key="editor-card").select("booking").run()
    raw, bank = BROKEN_BANKS[broken], place / "questions.csv"
    bank.unlink()
    if raw is None:
        bank.mkdir()
    else:
        bank.write_bytes(raw)
    at.button(key="editor-delete").click().run()
    assert not at.exception
    page = html_of(at)
    assert text.EDITOR_CARD_KEPT in page
    assert text.FAILED not in page
    assert "booking" in read_routes(place)


def test_a_card_deleted_elsewhere_is_no_longer_chosen(place: Path) -> None:
    at = opened("cards")
    at.selectbox(key="editor-card").select("booking").run()
    path = place / "routes.toml"
    path.write_text(path.read_text(encoding="utf-8").partition("[booking]")[0], encoding="utf-8")
    page = html_of(at.run())
    assert text.FAILED not in page
    assert at.text_input[0].value == "cost"


def test_a_new_card_is_added(place: Path) -> None:
    at = opened("cards")
    at.selectbox(key="editor-card").select("").run()
    for number, value in enumerate(("parking", "Parking")):
        at.text_input[number].set_value(value)
    at.text_area[0].set_value("Behind the house.")
    save_button(at).click().run()
    assert text.EDITOR_CARD_SAVED in html_of(at)
    assert read_routes(place)["parking"].text == "Behind the house."
