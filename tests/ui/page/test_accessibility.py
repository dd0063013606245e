"""Every page and state, measured as people with different eyes, hands and settings meet them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.pages.browser import (
    DESKTOP,
    PHONE,
    Server,
    home,
    idle,
    opened,
    ready,
    serving,
    violations,
)
from tests.support.pages.every_state import (
    ANSWER,
    CAUTION,
    CLAIM,
    CORRECTED,
    EMERGENCY,
    HIDDEN,
    INFORMATION,
    NOTHING,
    RELATED,
    ROUTE,
    SLOW,
    URGENT,
    copied_content,
)
from tests.support.pages.visitor import Visitor, visiting
from ui.languages import text

pytestmark = pytest.mark.browser

# What axe finds that is Streamlit's own and that we cannot mend: state, rule, upstream issue. Every
# row stands in docs/accessibility.md too. It is empty, and is meant to stay so.
STREAMLITS: frozenset[tuple[str, str, str]] = frozenset()

BOX = ".st-key-question textarea"
SCHEMES = ("light", "dark")
ZOOMED = {"width": 320, "height": 256}  # 1280 x 1024 at 400 %
QUESTIONS = (
    *(ANSWER, CLAIM, RELATED, CORRECTED, NOTHING, ROUTE),
    *(EMERGENCY, URGENT, CAUTION, INFORMATION, HIDDEN),
)
SUBMIT = "[data-testid=stFormSubmitButton] button"
LONG = "a long question about my neck " * 60

LOOK = """() => {
  const seen = [...document.querySelectorAll("*")].filter(one => one.checkVisibility())
  const named = one => one.getAttribute("aria-label") ?? ""
  const role = name => seen.filter(one => one.matches(name)).map(named)
  return {
    title: document.title,
    lang: document.documentElement.lang,
    headings: seen.filter(one => /^H[1-6]$/.test(one.tagName)).map(one => +one.tagName[1]),
    mains: role("main, [role=main]").length,
    banners: role("body > header").length,
    navs: role("nav, [role=navigation]"),
    searches: role("search, [role=search]").length,
    live: [...document.querySelectorAll("#cs-live, #cs-live + [role=alert]")]
      .map(one => one.textContent).join(""),
    focus: document.activeElement?.id || document.activeElement?.tagName,
  }
}"""
# A link within a sentence may be as high as its line (WCAG 2.5.8).
SMALL = """() => [...document.querySelectorAll(
  "a[href], button, summary, input, textarea, [role=button]")]
  .filter(one => one.checkVisibility() && !one.closest(".cs-skip, .cs-vh") && one.tabIndex >= 0)
  .filter(one => {
    const { width, height } = one.getBoundingClientRect()
    if (width >= 24 && height >= 24) return false
    const around = one.parentElement.textContent.trim().length
    return getComputedStyle(one).display !== "inline" || around === one.textContent.trim().length
  }).map(one => one.outerHTML.slice(0, 160))"""
SIDEWAYS = """() => [document.documentElement, document.querySelector("[data-testid=stMain]")]
  .some(one => one && one.scrollWidth > innerWidth)"""
# Text that its own box cuts off, apart from what only screen readers are told, and from the line
# of a passage that opens to all of it.
CLIPPED = """() => [...document.querySelectorAll("body *")].filter(one => {
  if (!one.checkVisibility() || one.closest(".cs-vh, .cs-line, script, style, svg")) return false
  const has = [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim())
  const style = getComputedStyle(one)
  if (!has || !/hidden|clip/.test(style.overflowX + style.overflowY)) return false
  return one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1
}).map(one => one.outerHTML.slice(0, 160))"""
SPACED = """
* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
p { margin-bottom: 2em !important }"""
# What is focused: its name, the width of its ring, and the ring's contrast with what is around it.
RING = """() => {
  const one = document.activeElement
  const ringed = one.matches("textarea") ? one.closest("[data-testid=stTextAreaRootElement]") : one
  const style = getComputedStyle(ringed)
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true })
  const pixel = colour => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1)
    return [...canvas.getImageData(0, 0, 1, 1).data]
  }
  let around = ringed.parentElement
  while (around.parentElement && pixel(getComputedStyle(around).backgroundColor)[3] < 255)
    around = around.parentElement
  const light = colour => {
    const [r, g, b] = pixel(colour).map(part => part / 255)
      .map(part => part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4)
    return .2126 * r + .7152 * g + .0722 * b + .05
  }
  const ground = light(getComputedStyle(around).backgroundColor)
  const ring = light(style.outlineColor)
  const { top, bottom, height } = one.getBoundingClientRect()
  return {
    name: (one.getAttribute("aria-label") || one.textContent.trim() || one.tagName).slice(0, 60),
    at: one.tagName + "." + one.className, style: style.outlineStyle,
    width: parseFloat(style.outlineWidth),
    contrast: Math.max(ring, ground) / Math.min(ring, ground),
    // What is itself as large as the window, the part that scrolls, need not be seen whole.
    is_seen: height > innerHeight / 2 || (top >= -1 && bottom <= innerHeight + 1),
  }
}"""


@dataclass
class Seen:
    """What was found in one state of the page."""

    looked: dict[str, Any] = field(default_factory=dict)
    axe: dict[str, list[Any]] = field(default_factory=dict)
    small: list[str] = field(default_factory=list)
    sideways: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the clinic's content."""
    made = tmp_path_factory.mktemp("accessible")
    copied_content(made / "content")
    return made


@pytest.fixture(scope="module")
def server(clinic_built: Path, folder: Path) -> Iterator[Server]:
    with _serving(clinic_built, folder, folder / "page.log") as running:
        yield running


def _serving(built: Path, folder: Path, log: Path, *arguments: str, wait_for: int = 200) -> Any:
    return serving(
        built,
        log,
        content=folder / "content",
        launcher=("-m", "tests.support.pages.every_state", *arguments),
        wait_for=wait_for,
    )


def ask(page: Page, question: str) -> None:
    before = page.url
    box = page.locator(BOX)
    box.fill(question)
    box.press("Enter")
    expect(page).not_to_have_url(before)
    expect(page.locator("#cs-results:not(.cs-busy *)")).to_be_visible()
    expect(page.locator(":is(#cs-live, #cs-live + [role=alert]):not(:empty)")).to_have_count(1)
    idle(page)


def every_state(page: Page) -> Iterator[str]:
    """Go from state to state, as a patient does; each is named when it can be looked at."""
    home(page)
    yield "home"
    page.locator(".cs-help summary").click()
    yield "help"
    page.keyboard.press("Escape")
    page.locator(BOX).press("Enter")
    expect(page.locator(".cs-note")).to_be_visible()
    yield "nothing typed"
    for question in (*QUESTIONS, LONG):
        ask(page, question)
        name = question if question in QUESTIONS else "very long question"
        yield name
        inside = page.locator(":is(.cs-strip, .cs-below) > summary")
        if inside.count():
            inside.first.click()
            yield f"{name}, opened"
    ask(page, ANSWER)
    page.get_by_role("link", name=re.compile("^More like this")).first.click()
    expect(page.locator("#cs-title")).to_have_text(["More like this"])
    yield "more like this"
    page.go_back()
    page.get_by_role("link", name=re.compile("^Read in the article")).first.click()
    expect(page.locator("#cs-found")).to_be_visible()
    yield "article at a passage"
    page.locator(".cs-top nav a", has_text="Articles").click()
    expect(page.locator("#cs-title")).to_have_text(["Our articles"])
    yield "articles"
    page.locator(".cs-titles summary").first.click()
    page.locator(".cs-titles .cs-parts a").nth(1).click()
    expect(page.locator("section.cs-here")).to_be_visible()
    yield "article at a part"
    page.locator(".cs-foot a").first.click()
    expect(page.locator("#cs-title")).to_have_text(["About this search"])
    yield "about"
    for name, address, title in (
        ("notices", "?view=notices", "Safety notices"),
        ("no article", "?article=nowhere", "We cannot find that article"),
        ("no part", "?article=dry-needling-benefits&section=nowhere", "6 Incredible"),
        ("no passage", "?like=nowhere", "We cannot find that passage"),
    ):
        opened(page, address)
        expect(page.locator("#cs-title")).to_contain_text([title])
        yield name
    opened(page, "?search=01234567")
    ready(page)
    expect(page.locator(".cs-example").first).to_be_visible()
    expect(page.locator("#cs-live")).not_to_be_empty()
    yield "forgotten search"
    page.goto("./notices")
    yield "notices without a script"


def wrong_colours(page: Page) -> list[Any]:
    """Return what axe finds with the rules that depend on colours; it was loaded before."""
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'rule', values: rules}})",
        ["color-contrast", "link-in-text-block"],
    )
    return [(one["id"], [n["html"][:160] for n in one["nodes"]][:3]) for one in found["violations"]]


# Streamlit's script follows the browser's scheme a moment later.
PAINTED = """scheme => {
    const app = document.querySelector(".stApp:not(main)");
    return !app || getComputedStyle(app).colorScheme.includes(scheme);
}"""


def measured(page: Page, states: Iterator[str]) -> dict[str, Seen]:
    """Look at every state, light and dark, at both widths."""
    found: dict[str, Seen] = {}
    for state in states:
        page.wait_for_timeout(150)  # what is announced follows a moment later
        seen = found[state] = Seen(looked=page.evaluate(LOOK))
        for width, size in (("desktop", DESKTOP), ("phone", PHONE)):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            seen.small += [f"{width}: {one}" for one in page.evaluate(SMALL)]
            if page.evaluate(SIDEWAYS):
                seen.sideways.append(width)
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                page.wait_for_function(PAINTED, arg=scheme)
                look = violations if scheme == "light" else wrong_colours
                seen.axe[f"{width} {scheme}"] = look(page)
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(ZOOMED)  # type: ignore[arg-type]
        if page.evaluate(SIDEWAYS):
            seen.sideways.append("400 %")
        page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    return found


@pytest.fixture(scope="module")
def states(browser: Browser, server: Server) -> dict[str, Seen]:
    """Every state of the page, looked at once for all tests of this file."""
    with visiting(browser, server.url) as visitor:
        return measured(visitor.page, every_state(visitor.page))


# -- every state ----------------------------------------------------------------------------------


@pytest.mark.slow
def test_axe_finds_nothing_of_ours_anywhere(states: dict[str, Seen]) -> None:
    known = {(state, rule) for state, rule, _ in STREAMLITS}
    wrong = {
        f"{state}, {how}": kept
        for state, seen in states.items()
        for how, found in seen.axe.items()
        if (kept := [one for one in found if (state, one[0]) not in known])
    }
    assert wrong == {}
    assert len(states) > 25


@pytest.mark.slow
def test_headings_begin_with_one_and_skip_none(states: dict[str, Seen]) -> None:
    for state, seen in states.items():
        levels = seen.looked["headings"]
        assert levels.count(1) == 1, (state, levels)
        # A notice stands above the results; everything else begins with the page's own heading.
        assert levels[0] == 1, (state, levels)
        steps = [after - before for before, after in pairwise(levels)]
        assert max(steps, default=0) <= 1, (state, levels)


@pytest.mark.slow
def test_landmarks_are_there_once_and_have_names(states: dict[str, Seen]) -> None:
    for state, seen in states.items():
        looked = seen.looked
        assert (looked["mains"], looked["banners"]) == (1, 1), state
        assert all(looked["navs"]), (state, looked["navs"])
        assert len(set(looked["navs"])) == len(looked["navs"]), (state, looked["navs"])
        assert looked["lang"] == "en-GB", state
        asks = state in {"home", "help", "nothing typed"} or state in QUESTIONS
        assert looked["searches"] == int(asks) or not asks, state


@pytest.mark.slow
def test_the_title_names_the_view_and_no_question(states: dict[str, Seen]) -> None:
    titles = {state: seen.looked["title"] for state, seen in states.items()}
    wanted = {
        "home": "Search",
        ANSWER: "Search",
        "articles": "Our articles",
        "about": "About this search",
        "notices": "Safety notices",
        "notices without a script": "Safety notices",
        "no article": "We cannot find that article",
        "more like this": "More like this",
        "article at a passage": "6 Incredible Benefits of Dry Needling Treatment",
    }
    for state, name in wanted.items():
        assert titles[state] == f"{name} – Riverside Physiotherapy", state


@pytest.mark.slow
def test_what_happened_is_announced(states: dict[str, Seen]) -> None:
    live = {state: seen.looked["live"] for state, seen in states.items()}
    assert live[ANSWER].startswith("Answer from our article “6 Incredible Benefits")
    assert live[RELATED].startswith("Related reading, not an answer: ")
    assert live[NOTHING] == live[ROUTE] == text.NOT_COVERED
    assert live["nothing typed"] == text.EMPTY
    assert live["forgotten search"] == text.FORGOTTEN
    for question in (EMERGENCY, URGENT, CAUTION, INFORMATION, HIDDEN):
        assert live[question].startswith("Important: "), question
    assert live[HIDDEN].endswith("We show no articles for this search")


@pytest.mark.slow
def test_focus_stays_in_the_box_and_goes_to_the_new_heading(states: dict[str, Seen]) -> None:
    focus = {state: seen.looked["focus"] for state, seen in states.items()}
    assert {focus[question] for question in QUESTIONS} == {focus["home"]}
    assert focus["home"] not in {"BODY", "cs-title"}
    for state in ("articles", "about"):
        assert focus[state] == "cs-title", state
    assert focus["article at a passage"] == "cs-found"
    assert focus["article at a part"].startswith("cs-part-")
    assert focus["more like this"] in {"cs-title", "cs-results"}


@pytest.mark.slow
def test_whatever_can_be_pressed_is_24_pixels_large(states: dict[str, Seen]) -> None:
    assert {state: seen.small for state, seen in states.items() if seen.small} == {}


@pytest.mark.slow
def test_nothing_scrolls_sideways_at_any_width_or_zoom(states: dict[str, Seen]) -> None:
    assert {state: seen.sideways for state, seen in states.items() if seen.sideways} == {}


# -- with other settings --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "visitor", [{"color_scheme": scheme} for scheme in SCHEMES], indirect=True, ids=SCHEMES
)
def test_every_stop_of_the_tab_key_is_seen(page: Page) -> None:
    for where in ("home", "results"):
        home(page)
        if where == "results":
            ask(page, EMERGENCY)
            ask(page, CORRECTED)
        stops: list[Any] = []
        rounds = 0
        while rounds < 2 and len(stops) < 60:  # the first leads to the end, the second is the whole
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement === document.body"):
                rounds += 1
            elif rounds:
                stops.append(page.evaluate(RING))
        assert len(stops) > 8
        assert [one for one in stops if one["style"] != "solid" or one["width"] < 2] == []
        assert [one for one in stops if one["contrast"] < 3] == []
        assert [one for one in stops if not one["is_seen"]] == []
        names = " ".join(one["name"] for one in stops)
        wanted = [
            "Skip to the page",
            "Riverside",
            "Get help now",
            "Search",
            "About this search",
        ]
        assert [one for one in wanted if one not in names] == []
        assert "TEXTAREA" in " ".join(one["at"] for one in stops)


@pytest.mark.parametrize("visitor", [{"viewport": ZOOMED}], indirect=True)
def test_at_400_percent_the_end_of_every_view_is_reached(page: Page) -> None:
    home(page)
    ask(page, URGENT)
    for address in ("", "?view=articles", "?view=notices"):
        if address:
            opened(page, address)
        top = page.locator(".cs-top").bounding_box()
        assert top is not None
        assert top["height"] < ZOOMED["height"] / 2
        page.locator(".cs-foot a").first.scroll_into_view_if_needed()
        expect(page.locator(".cs-foot a").first).to_be_in_viewport()
    page.locator(".cs-help summary").click()
    last = page.locator(".cs-help-panel a").last
    last.scroll_into_view_if_needed()
    expect(last).to_be_in_viewport()


@pytest.mark.slow
@pytest.mark.parametrize(
    "visitor",
    [{"viewport": size} for size in (DESKTOP, PHONE, ZOOMED)],
    indirect=True,
    ids=["desktop", "phone", "zoomed"],
)
def test_text_with_more_space_between_is_not_cut_off(page: Page) -> None:
    home(page)
    page.add_style_tag(content=SPACED)
    wrong: dict[str, Any] = {}
    for question in (URGENT, CLAIM, ROUTE):
        ask(page, question)
        wrong[question] = (page.evaluate(SIDEWAYS), page.evaluate(CLIPPED))
    page.locator(".cs-help summary").click()
    wrong["help"] = (page.evaluate(SIDEWAYS), page.evaluate(CLIPPED))
    assert {state: found for state, found in wrong.items() if found != (False, [])} == {}


@pytest.mark.slow
def test_nothing_moves_for_those_who_asked_for_that(browser: Browser, server: Server) -> None:
    moving = "document.getAnimations().filter(one => one.playState === 'running').length"
    counts = {}
    for wish in ("no-preference", "reduce"):
        with visiting(browser, server.url, reduced_motion=wish) as visitor:
            page = visitor.page
            home(page)
            box = page.locator(BOX)
            box.fill(SLOW)
            box.press("Enter")
            expect(page.locator(".cs-busy")).to_be_visible()
            counts[wish] = page.evaluate(moving)
    assert counts["reduce"] == 0 < counts["no-preference"]


@pytest.mark.parametrize("visitor", [{"forced_colors": "active"}], indirect=True)
def test_in_forced_colours_marks_buttons_and_focus_are_still_seen(page: Page) -> None:
    home(page)
    ask(page, ANSWER)
    mark = page.locator(".cs-ans").first.evaluate(
        "one => [getComputedStyle(one).backgroundColor, getComputedStyle(one.closest('.cs-card'))"
        ".backgroundColor]"
    )
    assert mark[0] != mark[1]
    for place in (".cs-btn", ".cs-help summary", ".cs-card", SUBMIT):
        edge = page.locator(place).first.evaluate(
            "one => [getComputedStyle(one).borderTopStyle, getComputedStyle(one).borderTopWidth]"
        )
        assert edge[0] == "solid", place
        assert float(edge[1].removesuffix("px")) >= 1, place
    page.locator(BOX).press("Tab")
    ring = page.evaluate(RING)
    assert (ring["style"], ring["width"] >= 2, ring["contrast"] >= 3) == ("solid", True, True)


def test_every_font_and_file_is_the_pages_own(visitor: Visitor, server: Server) -> None:
    home(visitor.page)
    ask(visitor.page, ANSWER)
    told = visitor.page.evaluate("getComputedStyle(document.querySelector('.cs-text')).fontFamily")
    assert told.startswith('"Atkinson Hyperlegible Next"')
    assert "assets/atkinson-latin.woff2" in " ".join(visitor.asked)
    hosts = {re.sub(r"^(\w+://[^/]+/).*", r"\1", url) for url in visitor.asked}
    own = server.url.removeprefix("http")
    assert hosts <= {f"http{own}", f"ws{own}"}


# -- when something is not there ------------------------------------------------------------------


def axe_everywhere(page: Page) -> dict[str, list[Any]]:
    return next(iter(measured(page, iter(["here"])).values())).axe


CLEAN: dict[str, list[Any]] = {
    f"{width} {scheme}": [] for width in ("desktop", "phone") for scheme in SCHEMES
}


def test_while_the_index_is_opened_the_page_is_accessible(
    browser: Browser, clinic_built: Path, folder: Path, tmp_path: Path
) -> None:
    log = tmp_path / "page.log"
    with (
        _serving(clinic_built, folder, log, "loading", wait_for=503) as running,
        visiting(browser, running.url) as visitor,
    ):
        visitor.page.goto("./")
        expect(visitor.page.locator(".cs-busy h2")).to_have_text("Getting the search ready")
        expect(visitor.page.locator(BOX)).to_be_enabled()
        assert axe_everywhere(visitor.page) == CLEAN


def test_without_an_index_every_view_is_accessible(
    browser: Browser, folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "built").mkdir()
    with (
        _serving(tmp_path / "built", folder, tmp_path / "page.log", wait_for=503) as running,
        visiting(browser, running.url) as visitor,
    ):
        for address in ("", "?view=articles", "?article=dry-needling-benefits"):
            opened(visitor.page, address)
            expect(visitor.page.get_by_text("not ready to search yet")).to_be_visible()
            assert axe_everywhere(visitor.page) == CLEAN, address
        visitor.page.locator(".cs-help summary").click()
        expect(visitor.page.locator(".cs-help a[href='tel:999']")).to_be_visible()


def test_when_the_connection_is_lost_the_answer_and_help_stay(
    browser: Browser, clinic_built: Path, folder: Path, tmp_path: Path
) -> None:
    with _serving(clinic_built, folder, tmp_path / "page.log") as running:
        visitor = Visitor(browser, running.url)
        page = visitor.page
        home(page)
        ask(page, ANSWER)
        running.process.terminate()
        expect(page.get_by_test_id("stApp")).not_to_have_attribute(
            "data-test-connection-state", "CONNECTED"
        )
        expect(page.locator(".cs-ans").first).to_be_visible()
        assert axe_everywhere(page) == CLEAN
        visitor.context.close()


def test_an_address_that_does_not_exist_is_an_accessible_page(
    browser: Browser, server: Server
) -> None:
    visitor = Visitor(browser, server.url)
    page = visitor.page
    answered = page.goto("./nowhere")
    assert answered is not None
    assert answered.status == 404
    assert axe_everywhere(page) == CLEAN
    expect(page.locator("h1")).to_be_visible()
    page.locator(".cs-help summary").click()
    expect(page.locator(".cs-help a[href='tel:999']")).to_be_visible()
    visitor.context.close()
    assert [one for one in visitor.wrong if "404" not in one] == []
