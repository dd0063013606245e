"""The real page over the real article, as a visitor meets it: real launcher, real browser."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import urllib.request
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.pages.browser import (
    PHONE,
    Server,
    answer,
    headed,
    home,
    opened,
    search,
    serving,
    violations,
)
from tests.support.pages.visitor import Visitor, visiting
from tests.support.paths import ROOT
from tests.support.workers import free_port
from ui.languages import text

pytestmark = [pytest.mark.browser, pytest.mark.model]

INJECTED = "no medicine will be injected"
HOSTILE = [
    "needle " * 1500,
    "🦵🏽🤕 neck",
    "ألم في الرقبة",
    "$x$ $$neck$$ **b** :red[x]",
    "[neck](http://evil.example)",
    "<script>alert(1)</script> neck",
    "neck <img src=x onerror=alert(1)>",
    "\u202eknee\u202c",
    "' OR 1=1 --",
    "???",
]


# -- asking ---------------------------------------------------------------------------------------


def test_a_patients_words_find_the_clinical_passage_and_say_why(page: Page) -> None:
    home(page)
    search(page, "pain in my heel first thing in the morning")
    first = page.get_by_role("article").first
    expect(first.get_by_role("heading")).to_have_text("Treats Chronic Pain")
    expect(first.locator("mark")).to_contain_text("plantar fasciitis")
    because = first.get_by_text("Our clinic says that this answers the question")
    expect(because).to_be_hidden()
    first.get_by_text(text.WHY).click()
    expect(because).to_be_visible()
    expect(page.locator(".cs-note")).to_contain_text("We also searched for plantar fasciitis")
    assert violations(page) == []


def test_a_question_about_the_clinic_leads_to_its_card_and_shows_no_passage(page: Page) -> None:
    home(page)
    search(page, "how much does a session cost?")
    panel = page.locator(".cs-panel")
    expect(panel.get_by_role("heading", name="What it costs")).to_be_visible()
    expect(panel).to_contain_text("For prices, please ask reception")
    expect(page.get_by_role("article")).to_have_count(0)
    assert violations(page) == []


def test_a_slip_is_corrected_in_the_open_and_can_be_searched_as_typed(page: Page) -> None:
    home(page)
    search(page, "siatica pain, can needling help")
    expect(page.locator(".cs-note")).to_have_text("We read siatica as sciatica. Undo")
    assert violations(page) == []
    before = page.url
    page.get_by_role("button", name=text.UNDO_MORE).click()
    expect(page).not_to_have_url(before)
    expect(page.get_by_label(text.LABEL)).to_have_value("+siatica pain, can needling help")
    expect(page.get_by_text("We read")).to_have_count(0)


def test_enter_finds_the_right_passage_and_marks_the_answer(page: Page) -> None:
    home(page)
    search(page, "is anything injected?")
    first = page.get_by_role("article").first
    expect(first.locator("mark")).to_contain_text(INJECTED)
    expect(first).to_contain_text("Not clinically reviewed")
    expect(page.get_by_label(text.LABEL)).to_be_focused()
    expect(page.locator("#cs-live")).to_have_text(re.compile("^Our article says: "))


def test_a_claim_that_nobody_checked_is_never_the_best_match(page: Page) -> None:
    home(page)
    search(page, "is anything injected?")
    first = page.get_by_role("article").first
    expect(page.locator("#cs-results")).to_have_text("Our article says")
    expect(first).to_contain_text("The clinic's own words, not checked")
    expect(page.locator(".cs-top-card")).to_have_count(0)
    expect(page.locator(".cs-route")).to_contain_text("Is it safe for me?")
    search(page, "pain in my heel first thing in the morning")
    expect(page.locator("#cs-results")).to_contain_text("Answer from our article")


def test_the_button_searches_too_and_a_second_search_replaces_the_first(page: Page) -> None:
    home(page)
    search(page, "is anything injected?", click=True)
    search(page, "does it improve blood flow?", click=True)
    expect(page.get_by_role("article").first).to_contain_text("Improve Blood Circulation")
    search(page, "what time does the cafe open on sunday")
    expect(page.locator("#cs-results")).to_have_text(text.NOT_COVERED)
    assert page.get_by_role("article").count() == 0


def test_an_example_fills_the_box_and_searches(page: Page) -> None:
    home(page)
    example = page.locator(".cs-example").first
    words = example.text_content()
    example.click()
    expect(page.locator("#cs-results")).to_be_visible()
    expect(page.get_by_label(text.LABEL)).to_have_value(words or "")
    expect(page.locator("#cs-results")).to_be_focused()


@pytest.mark.parametrize(
    "visitor", [{"viewport": PHONE, "has_touch": True, "is_mobile": True}], indirect=True
)
def test_on_a_phone_the_answer_is_on_the_first_screen(page: Page) -> None:
    home(page)
    search(page, "is anything injected?")
    place = page.locator("mark").first.bounding_box()
    assert place is not None
    assert place["y"] + place["height"] < PHONE["height"]
    width = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
    assert width <= PHONE["width"]


def test_no_question_breaks_the_page_or_becomes_markup(page: Page) -> None:
    home(page)
    for question in HOSTILE:
        search(page, question)
        assert "went wrong" not in page.locator("#cs-results").inner_text()
        assert page.locator("[data-testid=stMain] :is(script, img, .katex)").count() == 0


# -- addresses, history, privacy ------------------------------------------------------------------


def test_an_article_opens_at_its_passage_and_back_returns_to_the_results(page: Page) -> None:
    home(page)
    search(page, "is anything injected?")
    results = page.url
    page.get_by_role("link", name=re.compile("^Read in the article")).first.click()
    expect(page).to_have_url(
        re.compile(r"\?article=dry-needling-benefits&section=[a-z-]+&passage=\d+$")
    )
    expect(page.locator("#cs-found mark")).to_contain_text(INJECTED)
    expect(page.locator("#cs-found")).to_be_in_viewport()
    expect(page.locator("#cs-found")).to_be_focused()
    page.go_back()
    expect(page).to_have_url(results)
    followed = page.get_by_role("link", name=re.compile("^Read in the article")).first
    expect(followed).to_be_focused()
    expect(page.locator("#cs-results")).to_have_text("Our article says")
    expect(page.get_by_label(text.LABEL)).to_have_value("is anything injected?")
    page.go_forward()
    expect(page.locator("#cs-found")).to_be_visible()
    page.get_by_role("link", name="Back to results").click()
    expect(page.get_by_label(text.LABEL)).to_have_value("is anything injected?")


def test_back_goes_from_search_to_search_and_home(page: Page) -> None:
    home(page)
    search(page, "neck pain")
    search(page, "blood flow")
    page.go_back()
    expect(page.get_by_label(text.LABEL)).to_have_value("neck pain")
    page.go_back()
    expect(page.locator(".cs-example").first).to_be_visible()
    expect(page.get_by_label(text.LABEL)).to_have_value("")


@pytest.mark.parametrize("link", ["?q=is+anything+injected%3F", "#q=is%20anything%20injected%3F"])
def test_a_clinics_own_link_searches_and_leaves_no_question_behind(page: Page, link: str) -> None:
    opened(page, link)
    expect(page.locator("mark").first).to_contain_text(INJECTED)
    expect(page.get_by_label(text.LABEL)).to_have_value("is anything injected?")
    assert "injected" not in page.url
    page.go_back()
    expect(page.locator(".cs-example").first).to_be_visible()
    assert "injected" not in page.url


def test_the_question_is_in_no_address_title_storage_cookie_or_log(
    visitor: Visitor, server: Server, real_built: Path
) -> None:
    page, word = visitor.page, "xylophonist"
    opened(page, f"?q={word}+neck")
    expect(page.locator("#cs-results")).to_be_visible()
    for number in range(3):
        search(page, f"{word} neck pain {number}")
        assert word not in page.title()
    kept = page.evaluate(
        "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, history.state])"
    )
    assert word not in kept
    assert visitor.context.cookies() == []
    assert not [url for url in visitor.asked[1:] if word in url]
    page.go_back()
    assert word not in page.url
    assert word not in server.written()
    assert not [
        path
        for path in real_built.rglob("*")
        if path.is_file() and word.encode() in path.read_bytes()
    ]


def test_what_is_shared_is_the_article_without_the_question(
    browser: Browser, server: Server
) -> None:
    with visiting(
        browser, server.url, permissions=["clipboard-read", "clipboard-write"]
    ) as visitor:
        page = visitor.page
        home(page)
        search(page, "is anything injected?")
        expect(page.get_by_role("button", name=text.COPY)).to_have_count(0)  # that is for staff
        page.get_by_role("button", name=text.SHARE).click()
        expect(page.locator("#cs-live")).to_have_text("Link copied")
        shared = page.evaluate("navigator.clipboard.readText()")
        assert re.fullmatch(re.escape(server.url) + r"\?article=[a-z-]+&section=[a-z-]+", shared)
        opened(page, shared)
        expect(page.locator(".cs-here")).to_be_in_viewport()


SHARES = "navigator.share = data => { window.shared = data; return Promise.resolve() }"


@pytest.mark.parametrize(
    "visitor", [{"viewport": PHONE, "has_touch": True, "is_mobile": True}], indirect=True
)
def test_a_phone_shares_in_its_own_way(page: Page) -> None:
    page.add_init_script(SHARES)
    home(page)
    search(page, "does it improve blood flow?")
    page.get_by_role("button", name=text.SHARE).click()
    shared = page.evaluate("window.shared")
    assert shared["title"] == "6 Incredible Benefits of Dry Needling Treatment"
    assert "?article=" in shared["url"]
    assert "blood" not in shared["url"].replace("improve-blood-circulation", "")


# -- small screens, large text --------------------------------------------------------------------


def test_further_passages_are_few_and_open_in_place(page: Page) -> None:
    home(page)
    search(page, "does it improve blood flow?")
    short = page.locator(".cs-short details")
    assert 1 <= short.count() <= 3
    expect(page.locator("[data-testid=stMain] mark:visible")).to_have_count(1)
    short.first.locator("> summary").click()
    expect(short.first.locator("mark")).to_be_visible()
    link = short.first.get_by_role("link", name=re.compile("^Read in the article"))
    link.click()
    expect(page.locator("#cs-found")).to_be_focused()
    page.go_back()
    expect(link).to_be_focused()  # in the passage that was open


@pytest.mark.parametrize(
    ("size", "root"), [((320, 640), "34px"), ((320, 225), "17px"), ((390, 844), "17px")]
)
def test_a_header_that_would_be_in_the_way_moves_with_the_page(
    page: Page, size: tuple[int, int], root: str
) -> None:
    width, height = size
    page.set_viewport_size({"width": width, "height": height})
    home(page)
    page.add_style_tag(content=f"html {{ font-size: {root} !important }}")
    search(page, "does it improve blood flow?")
    expect(page.locator("#cs-results")).to_be_in_viewport()
    is_tall = page.locator("html.cs-tall-top").count()
    stays = page.evaluate("document.querySelector('.cs-top').getBoundingClientRect().bottom")
    assert is_tall == (height < 844)
    assert stays <= height / 5
    page.get_by_role("link", name=re.compile("^Read in the article")).first.click()
    expect(page.locator("#cs-found")).to_be_in_viewport()
    page.get_by_role("link", name=text.BACK).click()
    expect(page.locator("#cs-results")).to_be_visible()


def test_the_numbers_are_buttons_and_a_tap_beside_them_closes_the_sheet(page: Page) -> None:
    page.set_viewport_size(PHONE)
    home(page)
    page.locator(".cs-help summary").click()
    button = page.locator(".cs-help a[href='tel:999']")
    expect(button).to_have_text("Call 999")
    box, sheet = button.bounding_box(), page.locator(".cs-help-panel").bounding_box()
    assert box is not None
    assert sheet is not None
    assert box["width"] > 0.8 * sheet["width"]
    assert sheet["height"] < 0.8 * PHONE["height"]
    page.mouse.click(20, PHONE["height"] - 20)
    expect(button).to_be_hidden()


def test_an_emergency_is_said_at_once_and_whole(page: Page) -> None:
    home(page)
    search(page, "sudden chest pain that does not go away")
    alarm = page.locator("body > [role=alert]")
    expect(alarm).to_contain_text("is sudden and does not go away.")
    expect(page.locator("#cs-live")).to_be_empty()
    search(page, "is anything injected?")
    expect(page.locator("#cs-live")).not_to_be_empty()
    expect(alarm).to_be_empty()


def test_unknown_articles_and_parts_are_said_calmly(page: Page) -> None:
    opened(page, "?article=nowhere")
    expect(page.get_by_role("heading", level=1)).to_have_text("We cannot find that article")
    page.locator(".cs-titles > li > a").first.click()
    headed(page, "6 Incredible Benefits of Dry Needling Treatment")
    opened(page, "?article=dry-needling-benefits&section=nowhere")
    expect(page.locator(".cs-note")).to_be_visible()


# -- accessible, safe -----------------------------------------------------------------------------


def test_keys_open_help_and_reach_the_box_from_anywhere(page: Page) -> None:
    home(page)
    page.locator(".cs-help summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".cs-help a[href='tel:999']")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".cs-help a[href='tel:999']")).to_be_hidden()
    page.keyboard.press("/")
    expect(page.get_by_label(text.LABEL)).to_be_focused()


@pytest.mark.parametrize("visitor", [{"java_script_enabled": False}], indirect=True)
def test_help_works_without_javascript(page: Page) -> None:
    page.goto("./")
    page.locator(".cs-help summary").click()
    expect(page.locator(".cs-help a[href='tel:999']")).to_be_visible()
    expect(page.locator("#cs-first form")).to_be_visible()


def test_the_headers_and_the_allow_list_hold_on_the_real_server(server: Server) -> None:
    with urllib.request.urlopen(server.url, timeout=5) as response:
        headers = response.headers
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in headers
    for path in ("_stcore/metrics", "_stcore/agent/openapi.json", "auth/login", "nowhere"):
        assert answer(server.url + path) == 404
    assert answer(server.url + "_stcore/health") == 200
    assert answer(server.url + "?q=" + "x" * 3000) == 414


# -- without an index, and other ways of starting -------------------------------------------------


def test_a_damaged_index_shows_one_sentence_and_tells_staff_the_file(
    browser: Browser, real_built: Path, tmp_path: Path
) -> None:
    built = tmp_path / "built"
    shutil.copytree(real_built, built)
    name = (built / "current").read_text().strip()
    damaged = next(path for path in sorted((built / name).iterdir()) if path.suffix == ".faiss")
    damaged.write_bytes(damaged.read_bytes()[:-7])
    with (
        serving(built, tmp_path / "page.log", wait_for=503) as running,
        visiting(browser, running.url) as visitor,
    ):
        opened(visitor.page)
        expect(visitor.page.get_by_text("The search is not working at the moment.")).to_be_visible()
        assert damaged.name not in visitor.page.content()
        assert violations(visitor.page) == []
        assert damaged.name in running.written()


@pytest.mark.slow
def test_streamlit_run_serves_the_same_page(
    browser: Browser, server: Server, tmp_path: Path
) -> None:
    # Without an index, because loading the encoder once more would only cost time.
    with (
        serving(tmp_path, tmp_path / "page.log", streamlit=True, wait_for=503) as running,
        visiting(browser, running.url) as visitor,
    ):
        opened(visitor.page, "?q=xylophonist")
        expect(visitor.page.get_by_text("not ready to search yet")).to_be_visible()
        with urllib.request.urlopen(running.url) as one, urllib.request.urlopen(server.url) as two:
            without = partial(re.sub, rb'(?s)<main id="cs-first".*?</main>', b"")  # the examples
            assert without(one.read()) == without(two.read())
            security = one.headers["content-security-policy"]
            assert security == two.headers["content-security-policy"]
        assert answer(running.url + "_stcore/metrics") == 404
        assert "xylophonist" not in running.written()


def test_a_taken_port_is_said_in_plain_words(server: Server) -> None:
    port = server.url.rstrip("/").rsplit(":", 1)[1]
    done = subprocess.run(
        [sys.executable, "-m", "ui", "--port", port],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert f"port {port}" in done.stderr
    assert f"make run PORT={int(port) + 1}" in done.stderr
    assert "Traceback" not in done.stderr


def test_readiness_names_the_generation(server: Server, real_built: Path) -> None:
    with urllib.request.urlopen(server.url + "readyz", timeout=5) as response:
        said = json.load(response)
    assert said == {
        "ready": True,
        "state": "ready",
        "generation": (real_built / "current").read_text().strip(),
        "notices": "content",
        "problems": [],
    }
    assert free_port() > 0
