"""The desk in a real browser, by keyboard alone where hands should not leave it."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import TimeoutError as NotInTimeError

from core.text.normalize import clean_query
from tests.support.building import build_with
from tests.support.fakes import BagOfWordsEncoder
from tests.support.files.content import label
from tests.support.pages.browser import (
    EVERY_SCREEN,
    SCREENS,
    STAFF,
    Server,
    idle,
    is_sideways,
    opened,
    serving,
    violations,
)
from tests.support.pages.visitor import Visitor, visiting
from tests.support.paths import ROOT
from ui.languages import text

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LONG = (  # one sentence, which is never divided
    "Most people find that a stiff neck eases within some days when they keep it moving gently,"
    " and it is a 100% painless way to turn your head again that everybody can do at"
    " home, at work, on the bus, in the morning and in the evening."
)
HOSTILE = "<img src=x onerror=alert(1)> & $x$ **b** :red[neck]"
PUBLIC = "https://search.clinic.example/"
CHEST = "crushing chest pain down my left arm"
ALONE = "I want to end my life"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The page for staff over articles in folders, with vectors computable by hand."""
    root = tmp_path_factory.mktemp("desk")
    content = root / "content"
    for name, words in {
        "neck/necks.txt": f"All About Necks\n\nA stiff neck is common.\n\nMoving\n\n{LONG}\n",
        "back/backs.md": f"---\ntitle: '{HOSTILE}'\nreviewer: Dr A\nreviewed: {date.today()}\n"
        "---\n\nBack pain may hurt. Sleep helps the neck and the back.\n",
    }.items():
        path = content / "articles" / name
        path.parent.mkdir(parents=True)
        path.write_text(words)
    label(content, asks={"cost": ["what does it cost"]})
    shutil.copy(ROOT / "content" / "red_flags.toml", content)
    (content / "clinic.toml").write_text(f'name = "Our clinic"\npublic_url = "{PUBLIC}"\n')
    build_with(BagOfWordsEncoder(), content, root / "built")
    with serving(
        root / "built",
        root / "page.log",
        content=content,
        launcher=("-m", "tests.support.pages.desk_page", str(root / "built")),
        environment=STAFF,
    ) as running:
        yield running


def look_up(page: Page, *questions: str) -> None:
    """Type questions and send them by the keyboard."""
    before = page.locator("#cs-desk")
    run = before.get_attribute("data-run") if before.count() else "0"
    box = page.get_by_label(text.DESK_LABEL)
    box.fill("\n".join(questions))
    box.press("Control+Enter")
    expect(page.locator("#cs-desk")).to_have_attribute("data-run", str(int(run or 0) + 1))
    idle(page)


def at_desk(page: Page, *questions: str) -> None:
    opened(page, "?view=desk")
    expect(page.get_by_label(text.DESK_LABEL)).to_be_visible()
    look_up(page, *questions)
    expect(page.locator(".cs-desk-row").first).to_be_focused()


def choose(page: Page, label: str, option: str) -> None:
    box = page.get_by_role("combobox", name=label)
    # A list closes when the page scrolls, and a telephone may still be scrolling to the box.
    for is_last in (*[False] * 9, True):
        box.press("ArrowDown")
        try:
            page.get_by_role("option", name=option).click(timeout=10_000 if is_last else 1_000)
        except NotInTimeError:
            if is_last:
                raise
        else:
            break
    idle(page)


def press(page: Page, keys: str) -> None:
    for key in keys.split():
        page.keyboard.press(key)


def copied(page: Page) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


@pytest.fixture
def visitor(browser: Browser, server: Server, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    """A member of staff, whose browser lets a page copy."""
    settings: dict[str, Any] = {"cookies": server.cookies, **getattr(request, "param", {})}
    settings["permissions"] = ["clipboard-read", "clipboard-write"]
    with visiting(browser, server.url, **settings) as made:
        yield made


@pytest.mark.parametrize("visitor", EVERY_SCREEN, indirect=True)
def test_every_state_is_accessible_and_nothing_scrolls_sideways(page: Page) -> None:
    opened(page, "?view=desk")
    expect(page.get_by_label(text.DESK_LABEL)).to_be_visible()
    idle(page)
    assert violations(page) == []
    look_up(page, "stiff neck", CHEST, "what does it cost", ALONE)
    assert violations(page) == []
    assert not is_sideways(page)
    press(page, "x")
    page.get_by_label(text.DESK_SHOW_SCORES).check()
    assert violations(page) == []
    assert not is_sideways(page)
    long = page.locator(".cs-desk-row").filter(has_text="stiff neck eases").first
    long.focus()
    press(page, "Enter x")
    expect(page.locator(".cs-desk-open")).to_have_count(1)
    assert violations(page) == []
    for key in "bh":
        page.keyboard.press(key)
        expect(page.locator("dialog.cs-sheet")).to_be_visible()
        assert violations(page) == []
        assert not is_sideways(page)
        page.keyboard.press("Escape")
        expect(page.locator("dialog.cs-sheet")).to_have_count(0)
    choose(page, text.DESK_AREA, "neck")
    expect(page.locator(".cs-desk-row").filter(has_text="· back")).to_have_count(0)
    expect(page.locator(".cs-desk-row").filter(has_text="· neck").first).to_be_visible()
    assert violations(page) == []
    look_up(page, ALONE)
    expect(page.locator(".cs-note", has_text=text.DESK_NO_ROWS)).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("visitor", [{"viewport": {"width": 320, "height": 256}}], indirect=True)
def test_at_400_percent_nothing_scrolls_sideways(page: Page) -> None:
    at_desk(page, "stiff neck")
    assert not is_sideways(page)
    press(page, "x j x b")
    expect(page.locator("dialog.cs-sheet")).to_be_visible()
    assert not is_sideways(page)


def test_the_box_has_the_focus_and_a_citation_is_copied_two_keystrokes_after_typing(
    page: Page, server: Server
) -> None:
    opened(page, "?view=desk")
    expect(page.get_by_label(text.DESK_LABEL)).to_be_visible()
    idle(page)
    expect(page.get_by_label(text.DESK_LABEL)).to_be_focused()
    page.keyboard.type("stiff neck")
    page.keyboard.press("Enter")
    expect(page.locator(".cs-desk-row").first).to_be_focused()
    page.keyboard.press("c")
    expect(page.locator("#cs-live")).to_have_text(text.DESK_CITATION_COPIED)
    assert copied(page).startswith("“All About Necks”, section “Introduction”. ")
    assert f", {PUBLIC}?article=necks&section=introduction, read " in copied(page)
    assert server.url not in copied(page)


def test_keys_move_between_rows_open_a_passage_and_copy_it_word_for_word(page: Page) -> None:
    at_desk(page, "stiff neck")
    rows = page.locator(".cs-desk-row")
    press(page, "j")
    expect(rows.nth(1)).to_be_focused()
    press(page, "ArrowDown ArrowUp k k")
    expect(rows.nth(0)).to_be_focused()
    moving = rows.filter(has_text="stiff neck eases")
    expect(moving.get_by_role("button", name=text.DESK_SHOW_ALL)).to_be_hidden()  # it all fits
    page.get_by_label(text.DESK_SHOW_SCORES).check()
    rows.nth(0).focus()
    while not moving.evaluate("row => row === document.activeElement"):
        page.keyboard.press("j")
    shut = moving.locator(".cs-desk-text").evaluate("one => one.scrollHeight > one.clientHeight")
    press(page, "Enter")
    expect(moving.get_by_role("button", name=text.DESK_SHOW_ALL)).to_have_attribute(
        "aria-expanded", "true"
    )
    assert shut
    assert moving.locator(".cs-desk-text").evaluate("one => one.scrollHeight === one.clientHeight")
    press(page, "t")
    expect(page.locator("#cs-live")).to_have_text(text.DESK_TEXT_COPIED)
    assert copied(page) == LONG


@pytest.mark.slow
def test_single_keys_are_letters_while_typing_and_can_be_switched_off(page: Page) -> None:
    at_desk(page, "stiff neck")
    press(page, "/")
    box = page.get_by_label(text.DESK_LABEL)
    expect(box).to_be_focused()
    press(page, "End")
    page.keyboard.type(" jkxctpb/")
    expect(box).to_have_value("stiff neck jkxctpb/")
    expect(page.locator("[data-desk-count]")).to_have_text("0")
    expect(page.locator("dialog")).to_have_count(0)
    press(page, "Escape")
    expect(page.locator(".cs-desk-row").first).to_be_focused()
    page.locator(".cs-desk-keys summary").click()
    switch = page.get_by_label(text.DESK_KEYS_ON)
    switch.uncheck()
    page.locator(".cs-desk-row").first.focus()
    press(page, "x h j")
    expect(page.locator("[data-desk-count]")).to_have_text("0")
    expect(page.locator("dialog")).to_have_count(0)
    expect(page.locator(".cs-desk-row").first).to_be_focused()
    press(page, "ArrowDown")
    expect(page.locator(".cs-desk-row").nth(1)).to_be_focused()
    look_up(page, "back pain")  # the switch stays as it was set
    expect(switch).not_to_be_checked()


@pytest.mark.slow
@pytest.mark.parametrize(
    "visitor", [SCREENS["desktop-light"], SCREENS["phone-light"]], indirect=True
)
def test_two_passages_stand_side_by_side_and_on_a_phone_one_above_the_other(page: Page) -> None:
    at_desk(page, "stiff neck")
    page.get_by_role("button", name=text.DESK_COMPARE).click()
    expect(page.locator("#cs-live")).to_have_text(text.DESK_CHOOSE_TWO)
    picks = page.locator("[data-desk-pick]")
    picks.nth(0).check()
    picks.nth(1).check()
    expect(page.locator("[data-desk-count]")).to_have_text("2")
    page.get_by_role("button", name=text.DESK_COMPARE).click()
    parts = page.get_by_role("dialog", name=text.DESK_COMPARISON).get_by_role("article")
    expect(parts).to_have_count(2)
    one, other = (part.bounding_box() for part in parts.all())
    assert one is not None
    assert other is not None
    if page.viewport_size == SCREENS["desktop-light"]["viewport"]:
        assert one["x"] + one["width"] <= other["x"]
        assert one["y"] == other["y"]
    else:
        assert one["y"] + one["height"] <= other["y"]
        assert one["x"] == other["x"]
    rows = page.locator(".cs-desk-row")
    for part, row in zip(parts.all(), rows.all(), strict=False):
        scores = row.locator(".cs-desk-no").all_inner_texts()
        assert [value.split()[-1] for value in scores] == part.locator("dd").all_inner_texts()[1:]


def test_a_handout_holds_the_chosen_sections_and_is_all_that_is_printed(page: Page) -> None:
    at_desk(page, "stiff neck")
    rows = page.locator(".cs-desk-row")
    press(page, "x")
    rows.filter(has_text="stiff neck eases").first.focus()
    press(page, "x h")
    handout = page.get_by_role("dialog", name=text.DESK_SHEET_TITLE)
    expect(page.get_by_role("button", name=text.PRINT)).to_be_focused()
    parts = handout.locator(".cs-sheet-part")
    expect(parts).to_have_count(1)
    expect(parts).to_contain_text("A stiff neck is common.")
    expect(parts.locator("h3")).to_have_text(["Moving"])
    expect(parts).to_contain_text(LONG)
    expect(handout).to_contain_text("General information from Our clinic, ")
    expect(handout).to_contain_text(text.PURPOSE)
    sources = handout.locator(".cs-sheet-source")
    expect(sources).to_have_count(1)
    expect(sources).to_contain_text(text.NOT_REVIEWED)
    expect(sources).to_contain_text(f"{PUBLIC}?article=necks")
    expect(sources.locator("img.cs-qr")).to_be_visible()
    expect(sources.get_by_text(text.VERSION)).to_be_hidden()
    assert handout.locator("mark, nav, [id^=cs-part]").count() == 0
    page.emulate_media(media="print")
    for gone in (".cs-top", "#root", "dialog .cs-sheet-acts"):
        expect(page.locator(gone)).to_be_hidden()
    expect(parts).to_be_visible()
    page.emulate_media(media="screen")
    press(page, "Escape")
    expect(rows.filter(has_text="stiff neck eases").first).to_be_focused()
    expect(page.locator(".cs-top")).to_be_visible()


def test_whole_articles_can_be_handed_out_and_come_back_to_sections(page: Page) -> None:
    at_desk(page, "moving my neck")
    page.locator(".cs-desk-row").filter(has_text="stiff neck eases").first.focus()
    press(page, "h")
    parts = page.locator("dialog .cs-sheet-part")
    expect(parts).not_to_contain_text("A stiff neck is common.")
    page.get_by_role("radio", name=text.DESK_SHEET_ARTICLES).check()
    expect(parts).to_contain_text("A stiff neck is common.")
    expect(parts).to_contain_text(LONG)
    page.get_by_role("radio", name=text.DESK_SHEET_SECTIONS).check()
    expect(parts).not_to_contain_text("A stiff neck is common.")


def printed(page: Page) -> str:
    """Return the words of the paper, one space between."""
    document = pypdfium2.PdfDocument(page.pdf())
    words = " ".join(one.get_textpage().get_text_bounded() for one in document)
    document.close()
    return " ".join(words.split())


def test_what_is_typed_on_a_handout_is_printed_and_never_sent_or_kept(
    page: Page, visitor: Visitor, server: Server
) -> None:
    note = "Ice it, Zebulon.\n" + "Ring me when it wakes you up. " * 30
    at_desk(page, "stiff neck")
    press(page, "h")
    expect(page.locator("dialog .cs-sheet-part")).to_be_visible()
    assert text.DESK_SHEET_NOTE not in printed(page)  # an empty field is not on the paper
    asked, sent = len(visitor.asked), len(visitor.sent)
    sheet = page.get_by_role("dialog")
    sheet.get_by_label(text.DESK_SHEET_PATIENT, exact=True).fill("Ermintrude Zebulon")
    sheet.get_by_label(text.DESK_SHEET_NOTE).fill(note)
    sheet.get_by_label(text.DESK_SHEET_NEXT).fill("8 December, Zebulon")
    page.get_by_role("radio", name=text.DESK_SHEET_ARTICLES).check()
    expect(sheet.get_by_label(text.DESK_SHEET_PATIENT, exact=True)).to_have_value(
        "Ermintrude Zebulon"
    )
    expect(page.locator("dialog .cs-sheet-part")).to_contain_text(LONG)
    paper = printed(page)
    for said in ("Ermintrude Zebulon", " ".join(note.split()), "8 December, Zebulon"):
        assert said in paper
    assert text.DESK_SHEET_PRIVATE not in paper
    assert not [url for url in visitor.asked[asked:] if "Zebulon" in url]
    assert all(url.startswith(f"{server.url}plain/article?") for url in visitor.asked[asked:])
    assert visitor.sent[sent:] == []
    page.get_by_role("button", name=text.DESK_CLOSE).click()
    press(page, "h")
    expect(page.locator("dialog .cs-sheet-part")).to_be_visible()
    assert "Zebulon" not in page.content()
    kept = page.evaluate("JSON.stringify([localStorage, sessionStorage, document.cookie])")
    assert "Zebulon" not in kept
    assert "Zebulon" not in server.written()
    assert not [frame for frame in visitor.sent if "Zebulon" in str(frame)]


def test_escape_in_a_written_field_leads_to_the_button_that_closes(page: Page) -> None:
    at_desk(page, "stiff neck")
    press(page, "h")
    page.get_by_role("dialog").get_by_label(text.DESK_SHEET_NOTE).fill("Ice it.")
    press(page, "Escape")
    expect(page.get_by_role("button", name=text.DESK_CLOSE)).to_be_focused()
    press(page, "Escape")
    expect(page.locator("dialog")).to_have_count(0)


def test_an_article_that_cannot_be_loaded_is_said_on_the_handout(page: Page) -> None:
    at_desk(page, "stiff neck")
    page.route("**/plain/article*", lambda route: route.fulfill(status=200, body="<p>gone"))
    press(page, "h")
    expect(page.locator("dialog .cs-sheet-slot")).to_have_text(text.DESK_SHEET_FAILED)


@pytest.mark.slow
def test_a_long_handout_is_printed_to_its_end(page: Page) -> None:
    at_desk(page, "stiff neck")
    press(page, "h")
    part = page.locator("dialog .cs-sheet-part").first
    expect(part).to_be_visible()
    part.evaluate("one => { for (let i = 0; i < 60; i++) one.after(one.cloneNode(true)) }")
    paper = pypdfium2.PdfDocument(page.pdf())
    assert len(paper) > 2
    last = paper[len(paper) - 1].get_textpage().get_text_bounded()
    assert "It does not replace advice" in " ".join(last.split())
    paper.close()


def test_the_file_is_made_in_the_browser_and_holds_every_row(page: Page, visitor: Visitor) -> None:
    at_desk(page, "stiff neck", "=back pain")
    rows = page.locator(".cs-desk-row").count()
    before = len(visitor.asked)
    with page.expect_download() as download:
        page.get_by_role("button", name=text.DESK_CSV).click()
    assert download.value.suggested_filename == "desk.csv"
    assert not [url for url in visitor.asked[before:] if url.startswith("http")]
    raw = Path(download.value.path()).read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    table = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    assert len(table) == rows
    assert {row["question"] for row in table} == {"stiff neck", "'=back pain"}
    assert {row["area"] for row in table} == {"neck", "back"}
    assert LONG in {row["passage"] for row in table}
    assert HOSTILE in {row["article"] for row in table}


@pytest.mark.slow
def test_filters_and_order_keep_what_was_chosen(page: Page) -> None:
    at_desk(page, "stiff neck", "back pain")
    everything = page.locator(".cs-desk-row").count()
    press(page, "x")
    choose(page, text.DESK_AREA, "neck")
    expect(page.locator(".cs-desk-row").filter(has_text="· back")).to_have_count(0)
    expect(page.locator(".cs-desk-row").filter(has_text="· neck").first).to_be_visible()
    assert 0 < page.locator(".cs-desk-row").count() < everything
    expect(page.locator("[data-desk-pick]").first).to_be_checked()
    expect(page.locator("[data-desk-count]")).to_have_text("1")
    choose(page, text.DESK_SORT, text.DESK_SORTS["coverage"])
    idle(page)
    page.get_by_label(text.DESK_SHOW_SCORES).check()
    column = page.locator("tbody").first.locator(".cs-desk-no:nth-child(7)")
    expect(column.first).to_be_visible()
    words = [float(cell.removeprefix("−")) for cell in column.all_inner_texts()]
    assert words == sorted(words, reverse=True)
    page.get_by_text(text.DESK_ONLY_ANSWERS).click()
    expect(page.locator(".cs-desk-related, .cs-desk-not_covered")).to_have_count(0)


def test_each_question_has_its_outcome_and_its_notices(page: Page) -> None:
    at_desk(page, "stiff neck", CHEST, "what does it cost", ALONE)
    heads = page.locator(".cs-desk-head")
    expect(heads).to_have_count(4)
    expect(heads.nth(1).locator(".cs-desk-raised")).to_contain_text("Emergency: Chest pain")
    expect(heads.nth(2)).to_contain_text(text.DESK_OUTCOMES["not_covered"])
    expect(heads.nth(3).locator(".cs-desk-raised")).to_be_visible()
    last = page.locator("tbody").nth(3)
    expect(last).to_contain_text(text.DESK_NO_ROWS)
    expect(last.locator(".cs-desk-row")).to_have_count(0)
    expect(page.locator("#cs-live")).to_have_text(re.compile(r"^Questions: 4\. \d+ passages from"))
    heads.nth(1).get_by_role("link").click()
    # For a moment the view before stands there too.
    expect(page.locator("#cs-title", has_text=str(text.NOTICES_TITLE))).to_be_visible()


def test_content_and_questions_are_only_ever_text(page: Page) -> None:
    at_desk(page, HOSTILE, "back pain <script>alert(1)</script>")
    expect(page.locator(".cs-desk-q").first).to_contain_text(clean_query(HOSTILE))
    expect(page.locator(".cs-desk-row").filter(has_text=HOSTILE).first).to_be_visible()
    choose(page, text.DESK_ARTICLE, HOSTILE)
    expect(page.locator(".cs-desk-row").filter(has_text="All About Necks")).to_have_count(0)
    press(page, "Escape")
    page.locator(".cs-desk-row").first.focus()
    press(page, "h")
    expect(page.get_by_role("dialog").locator(".cs-sheet-part")).to_contain_text(HOSTILE)
    assert page.locator("#root img, dialog img:not(.cs-qr), #root script").count() == 0


LAPTOP = {"viewport": {"width": 1366, "height": 768}}


@pytest.mark.parametrize("visitor", [LAPTOP], indirect=True)
def test_the_table_begins_in_the_first_third_and_gives_its_width_to_the_passage(page: Page) -> None:
    at_desk(page, "stiff neck")
    for questions in (["stiff neck"], ["stiff neck", "back pain", CHEST, "what does it cost"]):
        look_up(page, *questions)
        table = page.locator(".cs-desk-table").bounding_box()
        passage = page.locator(".cs-desk-text").first.bounding_box()
        assert table is not None
        assert passage is not None
        assert table["y"] <= 768 / 3
        assert passage["width"] > table["width"] / 2
        filters = page.locator(".st-key-desk_filters [data-testid=stElementContainer]").all()
        boxes = [box for one in filters if (box := one.bounding_box())]
        middles = [box["y"] + box["height"] / 2 for box in boxes]
        assert max(middles) - min(middles) < 10  # one row
    expect(page.locator(".cs-desk-no").first).to_be_hidden()
    page.get_by_label(text.DESK_SHOW_SCORES).check()
    expect(page.locator(".cs-desk-no").first).to_be_visible()
    look_up(page, "back pain")  # the switch stays as it was set
    expect(page.locator(".cs-desk-no").first).to_be_visible()
    expect(page.get_by_label(text.DESK_SHOW_SCORES)).to_be_checked()


def test_enter_searches_for_one_line_and_makes_another_line_in_a_list(page: Page) -> None:
    at_desk(page, "stiff neck")
    press(page, "/")
    press(page, "End")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("back pain")
    page.keyboard.press("Enter")
    page.keyboard.type("sleep")
    box = page.get_by_label(text.DESK_LABEL)
    expect(box).to_have_value("stiff neck\nback pain\nsleep")
    expect(page.locator("#cs-desk")).to_have_attribute("data-run", "1")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".cs-desk-head")).to_have_count(3)


def test_n_and_p_and_the_list_at_the_side_lead_from_question_to_question(page: Page) -> None:
    at_desk(page, "stiff neck", "what does it cost", ALONE, "back pain")
    side = page.get_by_role("navigation", name=text.DESK_QUESTIONS)
    expect(side.get_by_role("button")).to_have_count(4)
    expect(side.get_by_role("button").nth(1)).to_contain_text(text.DESK_OUTCOMES["not_covered"])
    current = side.locator("[aria-current]")
    press(page, "n n")
    expect(current).to_contain_text(ALONE)
    expect(page.locator("tbody").nth(2).locator(".cs-desk-q")).to_be_focused()  # it has no passages
    press(page, "n n n")
    expect(current).to_contain_text("back pain")
    expect(page.locator("tbody").nth(3).locator(".cs-desk-row").first).to_be_focused()
    press(page, "p p p p")
    expect(current).to_contain_text("stiff neck")
    side.get_by_role("button", name="back pain").click()
    expect(page.locator("tbody").nth(3).locator(".cs-desk-row").first).to_be_focused()


def test_ctrl_k_leads_from_every_page_for_staff_to_the_box(page: Page) -> None:
    box = page.get_by_label(text.DESK_LABEL)
    for address in ("?view=articles", "?article=necks", "?view=staff", ""):
        opened(page, address)
        expect(page.locator("#cs-title").first).to_be_attached()
        idle(page)
        page.keyboard.press("Control+k")
        expect(box).to_be_focused()
        expect(page).to_have_url(re.compile(r"\?view=desk$"))
    look_up(page, "stiff neck")
    page.keyboard.press("Control+k")
    expect(box).to_be_focused()


@pytest.mark.slow
def test_fifty_lines_are_looked_up_and_the_rest_is_said_to_be_left_out(page: Page) -> None:
    at_desk(page, "stiff neck")
    choose(page, text.DESK_PER_QUESTION, "20")
    expect(page.locator("#cs-desk")).to_have_attribute("data-run", "2")  # asked anew by itself
    idle(page)
    look_up(page, *(f"stiff neck {number}" for number in range(53)))
    per_question = page.get_by_role("combobox", name=text.DESK_PER_QUESTION)
    expect(per_question).to_have_value(
        text.DESK_CHOICE.format(label=text.DESK_PER_QUESTION, value="10")
    )  # 20 for each would be too much for one message
    expect(page.locator(".cs-desk-head")).to_have_count(50)
    expect(page.get_by_text("3 lines were left out: only the first 50")).to_be_visible()


@pytest.mark.slow
def test_an_empty_box_asks_for_a_question(page: Page) -> None:
    opened(page, "?view=desk")
    page.get_by_role("button", name=text.SEARCH, exact=True).click()
    expect(page.get_by_text(text.EMPTY).last).to_be_visible()
    assert violations(page) == []


def test_it_is_kept_while_the_session_lasts_and_nowhere_else(
    page: Page, visitor: Visitor, server: Server
) -> None:
    secret = "stiff neck of my aunt Ermintrude"
    at_desk(page, secret)
    page.locator(".cs-desk-row").first.get_by_role("link").click()
    expect(page.get_by_role("heading", name="All About Necks", level=1)).to_be_visible()
    idle(page)
    page.go_back()
    expect(page.locator(".cs-desk-row").first).to_be_visible()
    expect(page.get_by_label(text.DESK_LABEL)).to_have_value(secret)
    assert page.url == f"{server.url}?view=desk"
    assert page.title() == "Desk – Our clinic"
    kept = page.evaluate("JSON.stringify([localStorage, sessionStorage, document.cookie])")
    assert "Ermintrude" not in kept
    # Streamlit's own downloads would lie under this address.
    media = f"{server.url}media"
    assert not [url for url in visitor.asked if "Ermintrude" in url or url.startswith(media)]
    assert "Ermintrude" not in server.written()
    opened(page, "?view=desk")
    expect(page.get_by_label(text.DESK_LABEL)).to_have_value("")
    expect(page.locator("#cs-desk")).to_have_count(0)
