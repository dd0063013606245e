"""The editor in a real browser: every part readable by everybody, editing and publishing."""

from __future__ import annotations

import json
import re
import shutil
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from index.store.generations import current_generation
from tests.support.building import build_with
from tests.support.fakes import BagOfWordsEncoder
from tests.support.pages.browser import (
    EVERY_SCREEN,
    SCREENS,
    STAFF,
    Server,
    answer,
    idle,
    is_sideways,
    opened,
    serving,
    violations,
)
from tests.support.pages.visitor import visiting
from tests.support.paths import ROOT
from ui.languages import text

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PARTS = ["", "candidate", "questions", "questions&item=0", "questions&item=new", "suggestions"]
PARTS += ["cards", "decide", "sign", "quality", "publish", "discard", "roll-back"]
STAND_IN = ("-m", "tests.support.pages.editor_page")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the clinic's content, and its index built without the model."""
    made = tmp_path_factory.mktemp("editor")
    shutil.copytree(ROOT / "content", made / "content")
    (made / "content" / "invariants.csv").unlink()
    build_with(BagOfWordsEncoder(), made / "content", made / "built")
    return made


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    """The real page for staff; the tests of this file change its content in their order."""
    with serving(
        folder / "built",
        folder / "page.log",
        content=folder / "content",
        launcher=STAND_IN,
        environment=STAFF,
    ) as running:
        yield running


def part(page: Page, name: str) -> None:
    opened(page, f"?view=staff&section={name}" if name else "?view=staff")
    expect(page.locator("#cs-title")).to_be_visible()
    idle(page)


@pytest.mark.parametrize("visitor", EVERY_SCREEN, indirect=True)
def test_every_part_is_accessible_and_none_scrolls_sideways(page: Page) -> None:
    for name in PARTS:
        part(page, name)
        for summary in page.locator(".cs-editor summary").all():
            summary.click()
        assert violations(page) == [], name
        assert not is_sideways(page), name


@pytest.mark.slow
@pytest.mark.parametrize("visitor", [{"viewport": {"width": 320, "height": 256}}], indirect=True)
def test_at_400_percent_no_part_scrolls_sideways(page: Page) -> None:
    for name in ("", "cards", "questions", "questions&item=0", "decide"):
        part(page, name)
        assert not is_sideways(page), name


def test_the_parts_are_reached_from_the_overview_and_the_heading_takes_the_focus(
    page: Page,
) -> None:
    part(page, "")
    tabs = page.get_by_role("navigation", name=text.EDITOR_TITLE)
    for name in (text.EDITOR_QUESTIONS, text.EDITOR_CARDS, text.EDITOR_OVERVIEW):
        tabs.get_by_role("link", name=name).click()
        expect(tabs.locator("[aria-current]")).to_have_text(name)
        expect(page.locator("#cs-title:focus")).to_have_count(1)
    page.go_back()
    expect(page.locator("#cs-title")).to_have_text([text.EDITOR_CARDS])


def row_of(page: Page, words: str) -> None:
    """Open the form of a question from the list, with keys alone."""
    part(page, "questions")
    page.get_by_label(text.EDITOR_QUESTION_FILTER).focus()
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    link = page.locator(".cs-rows a").first
    expect(page.locator(".cs-rows a")).to_have_count(1)
    link.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#cs-title")).to_have_text([text.EDITOR_QUESTION_CHANGE])
    idle(page)


def save_button(page: Page) -> Locator:
    return page.get_by_role("button", name=text.EDITOR_SAVE, exact=True)


def note(page: Page) -> Locator:
    return page.get_by_label(text.EDITOR_QUESTION_FIELDS[5], exact=True)


@pytest.mark.parametrize(
    "visitor",
    [SCREENS["desktop-light"], {"viewport": {"width": 320, "height": 640}}],
    indirect=True,
)
def test_a_question_is_edited_with_keys_saved_and_undone(page: Page, folder: Path) -> None:
    path = folder / "content" / "questions.csv"
    before = path.read_text(encoding="utf-8")
    row_of(page, "needeling")
    expect(save_button(page)).to_be_disabled()
    expect(page.get_by_text(text.EDITOR_SAVE, exact=True)).to_have_count(1)
    note(page).focus()
    page.keyboard.type('a "note", typed')
    page.keyboard.press("Tab")
    expect(save_button(page)).to_be_enabled()
    assert violations(page) == []
    assert not is_sideways(page)
    save_button(page).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text(text.EDITOR_SAVED).first).to_be_visible()
    lines = before.splitlines()
    lines[2] = lines[2] + '"a ""note"", typed"'
    assert path.read_text(encoding="utf-8").splitlines() == lines
    expect(page.locator("#cs-live")).to_have_text(text.EDITOR_SAVED)
    page.get_by_role("button", name=re.compile("^Undo the change of")).click()
    expect(page.get_by_text(text.EDITOR_UNDONE).first).to_be_visible()
    assert path.read_text(encoding="utf-8") == before


def test_a_new_question_gets_a_section_by_its_title_and_is_tried(page: Page, folder: Path) -> None:
    path = folder / "content" / "questions.csv"
    before = path.read_text(encoding="utf-8")
    part(page, "questions")
    page.get_by_role("link", name=text.EDITOR_QUESTION_ADD).click()
    expect(page.locator("#cs-title:focus")).to_have_text([text.EDITOR_QUESTION_NEW])
    page.get_by_label(text.EDITOR_QUESTION_FIELDS[0], exact=True).fill("how quick will i mend")
    page.get_by_label(text.EDITOR_QUESTION_FIELDS[3], exact=True).click()
    page.keyboard.type("speeds")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")  # the list of sections hides everything else
    expect(save_button(page)).to_be_enabled()
    page.get_by_role("button", name=text.EDITOR_QUESTION_TRY).click()
    expect(page.get_by_role("heading", name=text.EDITOR_TRIED)).to_be_visible()
    verdict = page.locator(".cs-tried")
    expect(verdict).to_have_text(re.compile("What you chose"))
    idle(page)
    assert violations(page) == []
    assert "mend" not in page.url
    save_button(page).click()
    expect(page.get_by_text(text.EDITOR_SAVED).first).to_be_visible()
    row = "how quick will i mend,dry-needling-benefits#speeds-up-recovery,,\n"
    assert path.read_text(encoding="utf-8") == before + row
    path.write_text(before, encoding="utf-8")


@pytest.mark.slow
def test_a_bank_changed_elsewhere_is_shown_on_both_sides_and_not_overwritten(
    page: Page, folder: Path
) -> None:
    path = folder / "content" / "questions.csv"
    before = path.read_text(encoding="utf-8")
    row_of(page, "needeling")
    note(page).fill("mine")
    page.keyboard.press("Tab")
    expect(save_button(page)).to_be_enabled()
    path.write_text(before + "by hand,,cost,\n", encoding="utf-8")
    try:
        save_button(page).click()
        expect(page.get_by_text("+by hand,,cost,")).to_be_visible()
        expect(page.get_by_text("introduction,,mine")).to_be_visible()
        expect(save_button(page)).to_be_disabled()
        assert path.read_text(encoding="utf-8") == before + "by hand,,cost,\n"
        assert violations(page) == []
        page.get_by_role("button", name=text.EDITOR_OPEN_AGAIN).click()
        expect(page.get_by_text("+by hand,,cost,")).to_be_hidden()
        expect(page.get_by_text(text.EDITOR_CHANGED_MEANWHILE)).to_be_hidden()
    finally:
        path.write_text(before, encoding="utf-8")


@pytest.mark.slow
def test_a_row_that_ingest_would_refuse_is_named_and_cannot_be_saved(
    page: Page, folder: Path
) -> None:
    path = folder / "content" / "questions.csv"
    before = path.read_text(encoding="utf-8")
    row_of(page, "needeling")
    page.get_by_label(text.EDITOR_QUESTION_FIELDS[0], exact=True).fill("What is dry needling?")
    page.keyboard.press("Tab")
    problems = page.locator(".cs-problems")
    expect(problems).to_contain_text("the same question twice")
    expect(problems).to_contain_text("lines 2 and 3")
    expect(save_button(page)).to_be_disabled()
    assert violations(page) == []
    assert path.read_text(encoding="utf-8") == before


def test_a_claim_is_decided_from_the_list_of_what_to_do(page: Page, folder: Path) -> None:
    path = folder / "content" / "claims.csv"
    before = path.read_text(encoding="utf-8") if path.exists() else None
    part(page, "")
    steps = page.locator(".cs-steps")
    steps.get_by_role("link", name=text.EDITOR_STEPS["grave_claims"]["open"]).first.click()
    expect(page.locator("#cs-title")).to_have_text([text.EDITOR_DECIDE])
    page.get_by_text(text.EDITOR_DECISIONS["rewrite"], exact=True).click()
    page.get_by_label(text.EDITOR_CLAIM_FIELDS[2], exact=True).fill("Jo")
    page.keyboard.press("Tab")
    expect(save_button(page)).to_be_enabled()
    assert violations(page) == []
    save_button(page).click()
    expect(page.get_by_text(text.EDITOR_DECIDED).first).to_be_visible()
    assert ",rewrite,,,Jo," in path.read_text(encoding="utf-8")
    page.get_by_role("button", name=re.compile("^Undo the change of")).click()
    expect(page.get_by_text(text.EDITOR_UNDONE).first).to_be_visible()
    assert (path.read_text(encoding="utf-8") if path.exists() else None) == before


def test_a_card_is_seen_while_it_is_written_and_saved_by_its_button_alone(
    page: Page, folder: Path
) -> None:
    path = folder / "content" / "routes.toml"
    before = path.read_text(encoding="utf-8")
    part(page, "cards")
    title = page.get_by_label(text.EDITOR_CARD_FIELDS[0], exact=True)
    title.fill("Half a ti")
    title.press("Enter")
    shown = page.locator(".cs-route")
    expect(shown).to_contain_text("Half a ti")
    assert violations(page) == []
    assert path.read_text(encoding="utf-8") == before
    page.get_by_label(text.EDITOR_CARD_FIELDS[1], exact=True).fill("Ask us.")
    title.fill("Prices")  # the button is pressed while the cursor is still in the field
    page.get_by_role("button", name=text.EDITOR_SAVE, exact=True).click()
    expect(page.get_by_text(text.EDITOR_CARD_SAVED).first).to_be_visible()
    assert '[cost]\ntitle = "Prices"\ntext = "Ask us."\n' in path.read_text(encoding="utf-8")
    expect(shown).to_contain_text("Prices")
    page.get_by_role("button", name=re.compile("^Undo the change of")).click()
    expect(page.get_by_text(text.EDITOR_UNDONE).first).to_be_visible()
    assert path.read_text(encoding="utf-8") == before


@pytest.mark.slow
def test_a_broken_file_is_named_above_every_part(page: Page, folder: Path) -> None:
    path = folder / "content" / "routes.toml"
    before = path.read_text(encoding="utf-8")
    path.write_text("[open", encoding="utf-8")
    try:
        for name in ("", "cards", "questions"):
            part(page, name)
            expect(page.get_by_text(text.FILE_BROKEN.format(file="routes.toml"))).to_be_visible()
            assert violations(page) == [], name
            assert not is_sideways(page), name
    finally:
        path.write_text(before, encoding="utf-8")


def generation(server: Server) -> str:
    with urllib.request.urlopen(f"{server.url}readyz", timeout=5) as answered:
        return str(json.load(answered)["generation"])


@pytest.mark.slow
def test_a_change_is_previewed_published_and_rolled_back(
    page: Page, server: Server, folder: Path
) -> None:
    first = current_generation(folder / "built")
    article = next((folder / "content" / "articles").iterdir())
    before = article.read_text(encoding="utf-8")
    article.write_text(before.replace(". ", ". One word more. ", 1), encoding="utf-8")
    part(page, "candidate")
    page.get_by_role("button", name=text.EDITOR_RUN, exact=True).click()
    expect(page.get_by_text(text.EDITOR_RUN_NOW.partition("{")[0])).to_be_visible()
    assert violations(page) == []
    expect(page.get_by_text(text.EDITOR_RUN_DONE).first).to_be_visible(timeout=60_000)
    expect(page.locator(".cs-headline")).to_contain_text("Articles: 1 changed.")
    assert violations(page) == []
    page.get_by_role("link", name=text.EDITOR_CONFIRM["publish"]["go"]).click()
    heading = page.get_by_role("heading", name=text.EDITOR_CONFIRM["publish"]["heading"])
    expect(heading).to_be_focused()
    assert violations(page) == []
    assert current_generation(folder / "built") == first
    page.get_by_role("button", name=text.EDITOR_CONFIRM["publish"]["yes"]).click()
    expect(page.get_by_text(text.EDITOR_CONFIRM["publish"]["done"]).first).to_be_visible()
    expect(page.locator("#cs-title:focus")).to_have_count(1)
    second = current_generation(folder / "built")
    assert second != first
    expect_served(page, server, second)
    page.get_by_role("link", name=text.EDITOR_CONFIRM["roll-back"]["go"]).click()
    page.get_by_role("button", name=text.EDITOR_CONFIRM["roll-back"]["yes"]).click()
    expect(page.get_by_text(text.EDITOR_CONFIRM["roll-back"]["done"]).first).to_be_visible()
    expect_served(page, server, first)


def expect_served(page: Page, server: Server, wanted: str | None) -> None:
    """Wait until the page itself has taken the generation up, as a monitor sees it."""
    for _ in range(100):
        if generation(server) == wanted:
            return
        page.wait_for_timeout(100)
    assert generation(server) == wanted


def test_patients_reach_no_part_by_any_address(browser: Browser, folder: Path) -> None:
    built, log = folder / "built", folder / "patients.log"
    with (
        serving(built, log, content=folder / "content", launcher=STAND_IN) as running,
        visiting(browser, running.url) as visitor,
    ):
        for name in PARTS:
            opened(visitor.page, f"?view=staff&section={name}")
            expect(visitor.page.locator(".st-key-question textarea")).to_be_visible()
            body = visitor.page.locator("body").inner_html()  # the style sheet is in the head
            assert not re.search("cs-editor|staff|python -m", body, re.IGNORECASE)
        for name in ("claims", "reviews", "counts", "coverage"):
            assert answer(f"{running.url}staff/{name}.csv") == 404


def test_a_notice_is_signed_and_all_are_printed(page: Page, folder: Path) -> None:
    path = folder / "content" / "red_flags.toml"
    before = path.read_text(encoding="utf-8")
    part(page, "sign")
    for label, typed in zip(text.EDITOR_SIGNER, ("Dr A", "GMC 1"), strict=True):
        page.get_by_label(label, exact=True).fill(typed)
    page.get_by_text(text.EDITOR_SIGN_CHECKED).click()
    idle(page)
    page.get_by_role("button", name=text.EDITOR_APPROVE).click()
    expect(page.get_by_text(text.EDITOR_SIGNED.format(title="")).first).to_be_visible()
    assert 'signed_by = "Dr A"' in path.read_text(encoding="utf-8")
    opened(page, "?view=notices")
    expect(page.get_by_text("Signed by Dr A (GMC 1)")).to_have_count(1)
    page.goto("./staff/notices")
    expect(page.get_by_text("Signed by Dr A (GMC 1)")).to_have_count(1)
    assert violations(page) == []
    assert not is_sideways_on_plain(page)
    path.write_text(before, encoding="utf-8")


def is_sideways_on_plain(page: Page) -> bool:
    """Say whether a page without Streamlit can be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))
