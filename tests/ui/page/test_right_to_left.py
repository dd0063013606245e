"""The real page in other languages: a made-up one from right to left, and French."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.pages.browser import (
    DESKTOP,
    PHONE,
    Server,
    home,
    idle,
    opened,
    serving,
    violations,
)
from tests.support.pages.every_state import (
    ANSWER,
    CLAIM,
    CORRECTED,
    INFORMATION,
    NOTHING,
    RELATED,
    ROUTE,
    URGENT,
    copied_content,
)
from tests.support.pages.pseudo import OPENS, TAG, not_looked_up, pseudo, pseudo_file
from tests.support.pages.visitor import visiting

pytestmark = [pytest.mark.browser, pytest.mark.slow]

BOX = ".st-key-question textarea"
# All that is shown, apart from what says that it is in the language of the content.
SHOWN = """() => {
  const said = [document.title]
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const around = node.parentElement
    if (around.closest("script, style, noscript, body [lang]")) continue
    if (around.closest("#cs-live, #cs-live + [role=alert]")) continue
    if (!around.checkVisibility()) continue
    said.push(node.data)
  }
  for (const name of ["aria-label", "placeholder", "title", "alt"])
    for (const one of document.querySelectorAll(`[${name}]`))
      if (one.checkVisibility()) said.push(one.getAttribute(name))
  return said
}"""
CUT_OFF = """() => [...document.querySelectorAll("body *")].filter(one => {
  if (!one.checkVisibility() || one.closest(".cs-vh, .cs-skip, script, style")) return false
  const { left, right, width, height } = one.getBoundingClientRect()
  return width > 1 && height > 1 && (left < -1 || right > innerWidth + 1)
}).map(one => one.outerHTML.slice(0, 120))"""
SIDEWAYS = """() => [document.documentElement, document.querySelector("[data-testid=stMain]")]
  .some(one => one && one.scrollWidth > innerWidth)"""
# Names that ingest gives to parts without a heading of their own: they are the content's.
MADE_UP = ("introduction", "conclusion")
# Said by Streamlit of the cross in the filter of articles: there is no way to translate it.
STREAMLITS = {"clear entry"}
CLINIC = "Riverside Physiotherapy"
ASKED = (ANSWER, CLAIM, RELATED, CORRECTED, "neck stiffness", URGENT, INFORMATION, NOTHING, ROUTE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The clinic's content with the made-up language."""
    made = tmp_path_factory.mktemp("languages")
    content = copied_content(made / "content", f'language = "{TAG}"\n')
    pseudo_file(content / "languages" / f"{TAG}.toml")
    return made


@pytest.fixture(scope="module")
def server(clinic_built: Path, folder: Path) -> Iterator[Server]:
    with serving(
        clinic_built,
        folder / "page.log",
        content=folder / "content",
        launcher=("-m", "tests.support.pages.every_state"),
    ) as running:
        yield running


@pytest.fixture(scope="module")
def corpus(folder: Path) -> str:
    """Everything that is the clinic's own and not the page's, as one line without case."""
    files = [path for path in (folder / "content").rglob("*") if path.suffix in {".txt", ".csv"}]
    files += [folder / "content" / name for name in ("routes.toml", "red_flags.toml")]
    told = [path.read_text(encoding="utf-8") for path in files]
    return _plain(" ".join((*told, *ASKED, *MADE_UP, CLINIC)))


def _plain(words: str) -> str:
    """Return the Latin words of a text and nothing else: no figures, no marks between them."""
    return " ".join(re.findall(r"[a-z]{2,}", re.sub(r"\b[0-9a-f]{8,}\b", "", words.lower())))


def ask(page: Page, question: str) -> None:
    before = page.url
    box = page.locator(BOX)
    box.fill(question)
    box.press("Enter")
    expect(page).not_to_have_url(before)
    expect(page.locator("#cs-results")).to_be_visible()
    idle(page)


def every_view(page: Page) -> Iterator[str]:
    """Go from view to view, as a patient does."""
    home(page)
    yield "home"
    page.locator(".cs-help summary").click()
    yield "help"
    page.keyboard.press("Escape")
    for question in (CLAIM, RELATED, CORRECTED, URGENT, INFORMATION, NOTHING, ROUTE, ANSWER):
        ask(page, question)
        yield question
    page.locator(".cs-card .cs-acts a").first.click()
    expect(page.locator("#cs-found")).to_be_visible()
    yield "article"
    for view in ("about", "articles", "notices"):
        opened(page, f"?view={view}")
        expect(page.locator("#cs-title")).to_be_visible()
        yield view
    page.goto("./notices")
    yield "notices without a script"


def box_of(place: Locator) -> dict[str, float]:
    found: Any = place.bounding_box()
    assert found is not None
    return {**found, "middle": found["x"] + found["width"] / 2}


@pytest.mark.parametrize(
    "size",
    [pytest.param(DESKTOP, id="desktop", marks=pytest.mark.slow), pytest.param(PHONE, id="phone")],
)
def test_from_right_to_left_everything_is_translated_and_has_room(
    browser: Browser, server: Server, corpus: str, size: dict[str, int]
) -> None:
    with visiting(browser, server.url, viewport=size) as visitor:
        page = visitor.page
        wrong: dict[str, list[str]] = {}
        for view in every_view(page):
            left = [not_looked_up(said) for said in page.evaluate(SHOWN)]
            wrong[view] = [words for words in left if not _is_content(words, corpus)]
            wrong[view] += page.evaluate(CUT_OFF)
            if page.evaluate(SIDEWAYS):
                wrong[view].append("scrolls sideways")
            told = page.locator("#cs-live, #cs-live + [role=alert]").all_text_contents()
            wrong[view] += [one for one in told if one and not one.startswith(OPENS)]
        assert {view: found for view, found in wrong.items() if found} == {}


def _is_content(line: str, corpus: str) -> bool:
    """Say whether each part of a line stands in the clinic's content, or is Streamlit's own."""
    parts = [*map(_plain, re.split(r"[›“”():;–]|, ", line))]
    return all(f" {part} " in f" {corpus} " for part in parts if part and part not in STREAMLITS)


def test_words_of_the_page_itself_would_be_noticed(corpus: str) -> None:
    assert _is_content(f"{CLINIC} › Relieve Muscle Tightness and Pain, 3", corpus)
    assert not _is_content("Copy citation", corpus)
    assert not _is_content("What would you like to know?", corpus)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_from_right_to_left_the_page_is_mirrored(
    browser: Browser, server: Server, size: dict[str, int]
) -> None:
    with visiting(browser, server.url, viewport=size) as visitor:
        page, middle = visitor.page, size["width"] / 2
        home(page)
        document = page.locator("html")
        expect(document).to_have_attribute("dir", "rtl")
        expect(document).to_have_attribute("lang", TAG)
        brand, nav = box_of(page.locator(".cs-brand")), box_of(page.locator(".cs-top nav ul"))
        help_button = box_of(page.locator(".cs-help summary"))
        assert help_button["middle"] < middle < brand["middle"]
        assert nav["x"] + nav["width"] <= brand["x"] + brand["width"]
        assert nav["middle"] < brand["middle"]
        submit = box_of(page.get_by_test_id("stFormSubmitButton"))
        assert submit["middle"] < box_of(page.locator(BOX))["middle"]
        page.locator(".cs-help summary").click()
        panel = box_of(page.locator(".cs-help-panel"))
        assert panel["x"] == pytest.approx(max(help_button["x"], 0), abs=2)
        number = page.locator(".cs-help a[href^='tel:'] bdi").nth(2)
        assert number.inner_text() == "116 123"
        groups = number.evaluate("""one => ["116", "123"].map(group => {
          const range = document.createRange(), at = one.textContent.indexOf(group)
          range.setStart(one.firstChild, at); range.setEnd(one.firstChild, at + 3)
          return range.getBoundingClientRect().left
        })""")
        assert groups[0] < groups[1]  # as it is dialled
        page.keyboard.press("Escape")
        ask(page, ANSWER)
        card = box_of(page.locator(".cs-card").first)
        next_step = box_of(page.locator(".cs-next .cs-btn").first)
        read, like = (box_of(page.locator(".cs-card .cs-acts a").nth(n)) for n in (0, 1))
        room = card["x"] + card["width"] - next_step["x"] - next_step["width"]
        assert room < next_step["x"] - card["x"]
        # They may stand below each other.
        assert like["x"] + like["width"] <= read["x"] + read["width"]
        page.locator(".cs-card .cs-acts a").first.click()
        found = page.locator("#cs-found")
        expect(found).to_be_visible()
        edges = found.evaluate(
            "one => [getComputedStyle(one).borderRightWidth, getComputedStyle(one).borderLeftWidth]"
        )
        assert [float(edge.removesuffix("px")) > 0 for edge in edges] == [True, False]


def test_content_says_its_own_language_and_direction(page: Page) -> None:
    home(page)
    places = {".cs-examples button": "home"}
    for place in places:
        assert _spoken(page, place) == {("en", "ltr")}
    ask(page, URGENT)
    for place in (".cs-notice li", ".cs-card h3", ".cs-text"):
        assert _spoken(page, place) == {("en", "ltr")}
    ask(page, ROUTE)
    assert _spoken(page, ".cs-panel h3") == {("en", "ltr")}
    opened(page, "?view=articles")
    assert _spoken(page, ".cs-titles > li > a") == {("en", "ltr")}
    page.locator(".cs-titles > li > a").first.click()
    expect(page.locator(".cs-article")).to_be_visible()
    idle(page)  # for a moment the list stands there too
    for place in ("h1", ".cs-p", "section[id^=cs-part-] :is(h2, h3)", ".cs-parts a"):
        assert _spoken(page, place) == {("en", "ltr")}
    assert _spoken(page, ".cs-here-label, .cs-trust h2, .cs-unchecked") == {(TAG, "rtl")}
    assert violations(page) == []


def _spoken(page: Page, place: str) -> set[tuple[str, str]]:
    """Return language and direction of what stands in some places, however they come by them."""
    found = page.locator(place).evaluate_all(
        "all => all.map(one => [one.closest('[lang]').lang, getComputedStyle(one).direction])"
    )
    assert found
    return {(language, direction) for language, direction in found}


@pytest.mark.slow
def test_a_running_page_changes_its_language_with_the_clinics_settings(
    browser: Browser, server: Server, folder: Path
) -> None:
    settings = folder / "content" / "clinic.toml"
    before = settings.read_text(encoding="utf-8")
    with visiting(browser, server.url) as visitor:
        page = visitor.page
        home(page)
        expect(page.locator("h1")).to_have_text(pseudo("Ask our articles"))
        try:
            settings.write_text(before.replace(TAG, "fr"), encoding="utf-8")
            page.wait_for_timeout(1000)  # what is promised
            home(page)
            expect(page.locator("html")).to_have_attribute("lang", "fr")
            expect(page.locator("html")).to_have_attribute("dir", "ltr")
            expect(page.get_by_role("link", name="À propos", exact=True)).to_be_visible()
            ask(page, CLAIM)
            expect(page.locator(".cs-card").first).to_contain_text("Lire dans l’article")
            expect(page.locator(".cs-card").first).to_contain_text("non vérifiés")
            assert violations(page) == []
        finally:
            settings.write_text(before, encoding="utf-8")
