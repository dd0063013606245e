"""The first document in a real browser: it searches at once, and the application takes its place.

`held` keeps the application from loading for as long as a test wants: a slow line without waiting.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, WebSocketRoute, expect

from tests.support.building import build_with
from tests.support.fakes import BagOfWordsEncoder
from tests.support.files.content import label_enough_to_calibrate
from tests.support.pages.browser import (
    DESKTOP,
    PHONE,
    Server,
    home,
    idle,
    opened,
    search,
    serving,
    taken_over,
    violations,
)
from tests.support.pages.visitor import Visitor, visiting
from ui.languages import text

pytestmark = pytest.mark.browser

QUIET_MS = 300  # of ui/assets/helper.js
SECRET = "glockenspielerin"
ASKED = f"stiff neck {SECRET}"
PARTS = "\n\n".join(
    f"Part {number}\n\n" + f"The neck carries the head, says part {number}. " * 12
    for number in range(1, 9)
)
NECKS = f"All About Necks\n\nA stiff neck is common. It often passes.\n\n{PARTS}\n"
BOX = ".st-key-question textarea"
FIRST_BOX = "#cs-first textarea"
# Where everything stands, with what can be seen of it.
LOOKS = """root => {
    const wanted = "h1, h2, h3, p, li, a, section, article, .cs-notice"
    const look = one => {
        const { x, y, width, height } = one.getBoundingClientRect()
        const { color, fontFamily, fontSize, fontWeight, lineHeight } = getComputedStyle(one)
        const place = [x, y, width, height].map(Math.round)
        return [one.tagName, one.textContent.slice(0, 30), ...place, color, fontFamily,
                fontSize, fontWeight, lineHeight].join(" ")
    }
    const isSeen = one => !one.closest("form, [data-testid=stForm]") && one.checkVisibility()
    const within = document.querySelector(root)
    return document.fonts.ready.then(
        () => [...within.querySelectorAll(wanted)].filter(isSeen).map(look))
}"""
# Keeps what the browser itself saw move, from now on.
WATCH = """() => {
    window.moved = []
    const isOurs = one => one?.closest("#cs-first, .cs-top")
    const note = ({ node, previousRect, currentRect }) => {
        const one = node?.nodeType === Node.TEXT_NODE ? node.parentElement : node
        if (isOurs(one)) moved.push([one.outerHTML.slice(0, 40), previousRect, currentRect])
    }
    const noteAll = seen => seen.getEntries().flatMap(({ sources }) => sources).forEach(note)
    new PerformanceObserver(noteAll).observe({ type: "layout-shift" })
}"""
PLACES = """([box, button]) => [box, button].map(one => {
    const { x, y, width, height } = document.querySelector(one).getBoundingClientRect()
    return [x, y, width, height].map(Math.round)
})"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The page over a long article about necks, without a model."""
    folder = tmp_path_factory.mktemp("first")
    articles = folder / "content" / "articles"
    articles.mkdir(parents=True)
    (articles / "necks.txt").write_text(NECKS)
    label_enough_to_calibrate(folder / "content")
    build_with(BagOfWordsEncoder(), folder / "content", folder / "built")
    launcher = ("-m", "tests.support.pages.stand_in", str(folder))
    log, content = folder / "page.log", folder / "content"
    with serving(folder / "built", log, content=content, launcher=launcher) as running:
        yield running


class Held:
    """Keeps Streamlit's own script from the browser until it is let go."""

    def __init__(self, page: Page) -> None:
        self._waiting: list[Route] = []
        self._is_open = False
        page.route(re.compile(r"/static/js/index\.[^/]+\.js$"), self._hold)

    def _hold(self, route: Route) -> None:
        if self._is_open or "index.esm" in route.request.url:
            route.continue_()
        else:
            self._waiting.append(route)

    def let_go(self) -> None:
        self._is_open = True
        for route in self._waiting:
            route.continue_()
        self._waiting.clear()


@pytest.fixture
def held(page: Page) -> Held:
    return Held(page)


def ask_first(page: Page, question: str) -> None:
    """Ask while only the first document is there."""
    page.locator(FIRST_BOX).fill(question)
    page.locator(FIRST_BOX).press("Enter")
    expect(page.locator("#cs-first #cs-results")).to_be_visible()


def history_of(visitor: Visitor) -> list[Any]:
    """Return the addresses and titles behind Back and Forward."""
    told = visitor.context.new_cdp_session(visitor.page).send("Page.getNavigationHistory")
    return [(entry["url"], entry["title"]) for entry in told["entries"]]


# -- before the application is there ---------------------------------------------------------------


def test_a_question_is_answered_before_the_application_loads(page: Page, held: Held) -> None:
    page.goto("./")
    ask_first(page, ASKED)
    expect(page.locator("#cs-first .cs-card").first).to_contain_text("A stiff neck is common.")
    expect(page.locator("#cs-live")).not_to_be_empty()
    expect(page).to_have_url(re.compile(r"/\?search=[0-9a-f]{8}$"))
    assert violations(page) == []
    page.go_back()
    expect(page.locator("#cs-first .cs-hero")).to_be_visible()
    page.go_forward()
    expect(page.locator("#cs-first #cs-results")).to_be_visible()
    expect(page.locator(FIRST_BOX)).to_have_value(ASKED)


@pytest.mark.parametrize("broken", ["scripts", "no scripts"])
def test_without_our_script_the_form_is_sent_as_it_is(
    browser: Browser, server: Server, broken: str
) -> None:
    settings = {"java_script_enabled": False} if broken == "no scripts" else {}
    with visiting(browser, server.url, **settings) as visitor:
        page = visitor.page
        if broken == "scripts":  # not there yet, as in the first moments on a slow line
            page.route(
                "**/assets/*.js*",
                lambda route: route.fulfill(body="", content_type="text/javascript"),
            )
        page.goto("./")
        page.get_by_role("searchbox").fill(ASKED)
        with page.expect_navigation():
            page.get_by_role("searchbox").press("Enter")
        assert page.url == f"{server.url}plain"
        expect(page.locator(".cs-card").first).to_contain_text("A stiff neck is common.")
        assert SECRET not in str(history_of(visitor))


def test_an_example_and_an_empty_box_answer_too(page: Page, held: Held) -> None:
    page.goto("./")
    page.locator(FIRST_BOX).press("Enter")
    expect(page.locator("#cs-first .cs-note")).to_have_text(str(text.EMPTY))
    page.reload()
    example = page.locator("#cs-first .cs-example").first
    words = example.inner_text()
    example.click()
    expect(page.locator("#cs-first #cs-results")).to_be_visible()
    expect(page.locator(FIRST_BOX)).to_have_value(words)


def test_articles_and_their_parts_are_in_the_first_document(page: Page, held: Held) -> None:
    page.goto("./?article=necks&section=part-6")
    expect(page.locator("#cs-first #cs-part-part-6")).to_be_in_viewport()
    expect(page).to_have_title(re.compile("All About Necks"))
    page.goto("./?view=articles")
    expect(page.get_by_role("heading", level=1)).to_have_text(str(text.ARTICLES_TITLE))


def test_help_opens_and_nothing_is_inert_before_the_application_loads(
    page: Page, held: Held
) -> None:
    page.goto("./")
    page.locator(".cs-help summary").click()
    expect(page.locator(".cs-help-panel")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".cs-help-panel")).to_be_hidden()


# -- the application takes over --------------------------------------------------------------------


@pytest.mark.parametrize(
    "visitor",
    [{"viewport": DESKTOP}, {"viewport": PHONE}, {"viewport": {"width": 320, "height": 568}}],
    indirect=True,
    ids=["desktop", "phone", "320"],
)
@pytest.mark.parametrize(
    "address", ["", "?article=necks", "?view=articles", "?view=about", "?view=notices"]
)
def test_nothing_moves_when_the_application_takes_over(
    page: Page, held: Held, address: str
) -> None:
    page.goto(f"./{address}")
    page.wait_for_load_state("load")
    before = page.evaluate(LOOKS, "#cs-first")
    box = "#cs-first .cs-box", "#cs-first .cs-form-row > button"
    place = page.evaluate(PLACES, box) if not address else None
    page.evaluate(WATCH)
    held.let_go()
    taken_over(page)
    assert not page.evaluate("moved")
    assert page.evaluate(LOOKS, "#root") == before
    box = '[data-testid="stTextAreaRootElement"]', '[data-testid="stFormSubmitButton"] button'
    if place:
        assert page.evaluate(PLACES, box) == place


@pytest.mark.usefixtures("held")
def test_next_to_nothing_moves_when_the_letters_come_late(page: Page) -> None:
    late: list[Route] = []
    page.route("**/*.woff2", lambda route: late.append(route))  # noqa: PLW0108
    page.goto("./", wait_until="domcontentloaded")
    page.locator(FIRST_BOX).wait_for()
    ends = ["#cs-first h1", "#cs-first footer"]
    before = page.evaluate(PLACES, ends)
    for route in late:
        route.continue_()
    page.wait_for_function("() => document.fonts.status === 'loaded'")
    after = page.evaluate(PLACES, ends)
    assert [x for x, *_ in after] == [x for x, *_ in before]
    assert [y for _, y, *_ in after] == pytest.approx([y for _, y, *_ in before], abs=3)


@pytest.mark.parametrize("visitor", [{"viewport": PHONE}], indirect=True)
def test_a_long_question_is_seen_whole_before_and_after(page: Page, held: Held) -> None:
    page.goto("./")
    low = page.locator(FIRST_BOX).evaluate("one => one.clientHeight")
    page.locator(FIRST_BOX).fill("is dry needling safe for my neck if I take blood thinners")
    before = page.evaluate(LOOKS, "#cs-first")
    place = page.evaluate(PLACES, ["#cs-first .cs-box", "#cs-first .cs-form-row > button"])
    held.let_go()
    taken_over(page)
    assert page.evaluate(LOOKS, "#root") == before
    box = '[data-testid="stTextAreaRootElement"]', '[data-testid="stFormSubmitButton"] button'
    assert page.evaluate(PLACES, box) == place
    sizes = page.locator(BOX).evaluate("one => [one.clientHeight, one.scrollHeight]")
    assert sizes[0] == sizes[1] > 1.5 * low


@pytest.mark.parametrize("is_composed", [False, True], ids=["typed", "composed"])
def test_the_box_grows_under_the_hands_of_somebody_who_types_already(
    visitor: Visitor, page: Page, held: Held, is_composed: bool
) -> None:
    late: list[Route] = []
    page.route("**/assets/box.js*", lambda route: late.append(route))  # noqa: PLW0108
    with page.expect_request("**/assets/box.js*"):
        page.goto("./", wait_until="commit")
    page.get_by_role("searchbox").focus()
    page.keyboard.type("stiff neck")
    for _ in "neck":
        page.keyboard.press("ArrowLeft")
    wire = visitor.context.new_cdp_session(page)
    if is_composed:  # a word that is not finished, as on most phones
        half = {"text": "ol", "selectionStart": 2, "selectionEnd": 2}
        wire.send("Input.imeSetComposition", half)
    late[0].continue_()
    page.wait_for_load_state("load")
    if is_composed:
        whole = {"text": "old", "selectionStart": 3, "selectionEnd": 3}
        wire.send("Input.imeSetComposition", whole)
        expect(page.get_by_role("searchbox")).to_have_value("stiff oldneck")
        wire.send("Input.insertText", {"text": "old"})
    else:
        page.keyboard.type("old")
    expect(page.locator(FIRST_BOX)).to_be_focused()
    page.keyboard.type(" ")
    expect(page.locator(FIRST_BOX)).to_have_value("stiff old neck")
    page.keyboard.press("Enter")
    expect(page.locator("#cs-first #cs-results")).to_be_visible()


def test_typed_letters_the_caret_and_the_focus_are_kept(page: Page, held: Held) -> None:
    page.goto("./")
    box = page.locator(FIRST_BOX)
    box.focus()
    page.keyboard.type("stiff neck")
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    held.let_go()
    letters = "abcdefghij" * 12  # typed all the while
    for letter in letters:
        page.keyboard.type(letter)
    taken_over(page)
    page.keyboard.type("!")
    expect(page.locator(BOX)).to_be_focused()
    expect(page.locator(BOX)).to_have_value(f"stiff {letters}!neck")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"\?search="))
    expect(page.locator("#cs-results")).to_be_visible()


EMPTIED = """document.addEventListener("cs-fill", () => setTimeout(() => {
  const box = document.querySelector(".st-key-question textarea")
  Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(box, "")
  box.defaultValue = "emptied"
}))"""


def test_what_was_typed_survives_that_react_sets_the_box_up_late(page: Page, held: Held) -> None:
    page.add_init_script(EMPTIED)
    page.goto("./")
    page.locator(FIRST_BOX).fill("stiff neck")
    page.keyboard.press("ArrowLeft")
    held.let_go()
    taken_over(page)
    expect(page.locator(BOX)).to_have_value("stiff neck")
    page.keyboard.type("!")
    expect(page.locator(BOX)).to_have_value("stiff nec!k")
    page.keyboard.press("Enter")
    expect(page.locator("#cs-results")).to_be_visible()
    expect(page.locator(BOX)).to_have_value("stiff nec!k")


def test_no_word_is_cut_while_it_is_composed(page: Page, held: Held) -> None:
    page.goto("./")
    page.locator(FIRST_BOX).focus()
    page.evaluate("dispatchEvent(new CompositionEvent('compositionstart'))")
    held.let_go()
    idle(page)
    expect(page.locator("#cs-state")).to_be_attached()
    expect(page.locator("#cs-first")).to_be_visible()
    page.keyboard.type("neck")
    page.evaluate("dispatchEvent(new CompositionEvent('compositionend'))")
    taken_over(page)
    expect(page.locator(BOX)).to_have_value("neck")


def test_shown_results_stay_and_the_application_knows_them(page: Page, held: Held) -> None:
    page.goto("./")
    ask_first(page, ASKED)
    address, before = page.url, page.evaluate(LOOKS, "#cs-first")
    held.let_go()
    taken_over(page)
    assert page.url == address
    assert page.evaluate(LOOKS, "#root") == before
    expect(page.locator(BOX)).to_have_value(ASKED)
    page.get_by_role("link", name=re.compile(f"^{text.READ}")).first.click()
    expect(page.locator("#cs-found mark")).to_be_visible()
    page.get_by_role("link", name=str(text.BACK)).click()
    expect(page.locator("#cs-results")).to_be_visible()
    page.go_back()
    page.go_back()
    page.go_back()
    expect(page.locator(".cs-hero")).to_be_visible()
    expect(page.locator(BOX)).to_have_value("")


def test_results_stay_in_sight_while_the_application_is_slow_to_find_them_again(
    page: Page, held: Held
) -> None:
    late: list[str | bytes] = []
    lines: list[WebSocketRoute] = []

    def connect(line: WebSocketRoute) -> None:
        lines.append(line)
        line.connect_to_server().on_message(
            lambda sent: late.append(sent) if is_late else line.send(sent)
        )

    is_late = False
    page.route_web_socket("**/*", connect)
    page.goto("./")
    ask_first(page, ASKED)
    page.evaluate(
        "() => { window.asked = new Promise(done => document.addEventListener('cs-ask', done)) }"
    )
    held.let_go()
    page.evaluate("() => asked.then(() => true)")
    is_late = True
    page.wait_for_timeout(2 * QUIET_MS)
    expect(page.locator("#cs-first #cs-results")).to_be_visible()
    is_late = False
    for sent in late:
        lines[-1].send(sent)
    taken_over(page)
    expect(page.locator("#cs-results")).to_be_visible()


def test_an_article_that_is_opened_before_the_application_leads_back_to_its_results(
    visitor: Visitor, page: Page, held: Held
) -> None:
    page.goto("./")
    ask_first(page, ASKED)
    results = page.url
    page.get_by_role("link", name=re.compile(f"^{text.READ}")).first.click()
    expect(page.locator("#cs-first #cs-found")).to_be_visible()
    back = page.get_by_role("link", name=str(text.BACK))
    expect(back).to_be_visible()
    page.locator("#cs-first .cs-contents a").first.click()  # the article's own parts keep it
    expect(page.locator("#cs-first .cs-here")).to_be_visible()
    page.wait_for_load_state("load")
    before = page.evaluate(LOOKS, "#cs-first")
    held.let_go()
    taken_over(page)
    assert page.evaluate(LOOKS, "#root") == before
    page.locator(".cs-contents a").nth(1).click()
    expect(page).to_have_url(re.compile(r"\?article=necks&section=[a-z0-9-]+$"))
    expect(back).to_be_visible()
    back.click()
    expect(page).to_have_url(results)
    taken_over(page)
    expect(page.locator("#cs-results")).to_be_visible()
    expect(page.locator(BOX)).to_have_value(ASKED)
    assert SECRET not in str(history_of(visitor))
    assert not [url for url in visitor.asked if SECRET in url]


def test_an_address_from_another_tab_leads_back_to_no_results(page: Page, held: Held) -> None:
    page.goto("./?article=necks&section=part-2&search=0123abcd")
    expect(page).to_have_url(re.compile(r"\?article=necks&section=part-2$"))
    expect(page.get_by_role("link", name=str(text.ASK_AGAIN))).to_be_visible()
    expect(page.get_by_role("link", name=str(text.BACK))).to_have_count(0)


def test_what_is_typed_over_shown_results_is_kept_too(page: Page, held: Held) -> None:
    page.goto("./")
    ask_first(page, ASKED)
    page.locator(FIRST_BOX).fill("another question")
    held.let_go()
    taken_over(page)
    expect(page.locator(BOX)).to_have_value("another question")
    expect(page.locator("#cs-results")).to_be_visible()


def test_a_reader_stays_at_the_same_words(page: Page, held: Held) -> None:
    page.goto("./?article=necks")
    part = "#cs-part-part-5"
    page.locator(part).evaluate("one => one.scrollIntoView({ block: 'center' })")
    before = page.locator(part).bounding_box()
    held.let_go()
    taken_over(page)
    assert page.locator(part).bounding_box() == before


def test_marked_words_are_not_taken_from_a_reader(page: Page, held: Held) -> None:
    page.goto("./?article=necks")
    page.locator("#cs-first .cs-p").first.select_text()
    held.let_go()
    expect(page.locator("#cs-state")).to_be_attached()
    idle(page)
    expect(page.locator("#cs-first")).to_be_visible()
    page.evaluate("getSelection().removeAllRanges()")
    taken_over(page)


def test_a_new_search_while_the_application_waits_is_its_first(page: Page, held: Held) -> None:
    page.goto("./")
    page.locator("#cs-first .cs-lead").select_text()
    held.let_go()
    expect(page.locator("#cs-state")).to_be_attached()
    idle(page)
    page.evaluate(
        "question => { const box = document.querySelector('#cs-first textarea');"
        " box.value = question; box.form.requestSubmit() }",
        ASKED,
    )
    taken_over(page)
    expect(page.locator("#cs-results")).to_be_visible()
    expect(page.locator(BOX)).to_have_value(ASKED)


def test_a_link_with_a_question_is_answered_before_the_application_loads(
    visitor: Visitor, page: Page, held: Held
) -> None:
    page.goto(f"./#q=stiff%20neck%20{SECRET}")
    expect(page.locator("#cs-first #cs-results")).to_be_visible()
    assert SECRET not in page.url
    held.let_go()
    taken_over(page)
    expect(page.locator(BOX)).to_have_value(ASKED)
    assert SECRET not in str(history_of(visitor))
    assert not [url for url in visitor.asked[1:] if SECRET in url]


# -- loading again ---------------------------------------------------------------------------------


def test_a_question_survives_loading_again_and_stands_nowhere_in_words(
    visitor: Visitor, page: Page, held: Held, server: Server
) -> None:
    held.let_go()
    home(page)
    search(page, ASKED)
    search(page, f"does the back hurt {SECRET}")
    address = page.url
    page.reload()
    taken_over(page)
    expect(page.locator("#cs-results")).to_be_visible()
    assert page.url == address
    expect(page.locator(BOX)).to_have_value(f"does the back hurt {SECRET}")
    page.go_back()  # a search from before
    expect(page.locator(BOX)).to_have_value(ASKED)
    expect(page.locator("#cs-results")).to_be_visible()
    stored = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert "cs-kept" in stored
    assert SECRET not in stored
    assert SECRET not in str(history_of(visitor))
    assert SECRET not in server.written()


def test_another_tab_does_not_know_the_question(visitor: Visitor, page: Page, held: Held) -> None:
    held.let_go()
    home(page)
    search(page, ASKED)
    second = visitor.context.new_page()
    opened(second, page.url)
    expect(second.locator(".cs-note")).to_have_text(str(text.FORGOTTEN))
    assert second.evaluate("sessionStorage.length") == 0


def test_a_question_that_can_no_longer_be_opened_is_forgotten_calmly(
    page: Page, held: Held
) -> None:
    held.let_go()
    home(page)
    search(page, ASKED)
    page.evaluate("""() => {
        const all = JSON.parse(sessionStorage.getItem("cs-kept"))
        for (const name in all) all[name] = "not what was sealed"
        sessionStorage.setItem("cs-kept", JSON.stringify(all))
    }""")
    page.reload()
    taken_over(page)
    expect(page.locator(".cs-note")).to_have_text(str(text.FORGOTTEN))
    expect(page.locator(BOX)).to_have_value("")


def test_the_privacy_text_says_what_the_tab_keeps() -> None:
    said = " ".join(text.ABOUT_PRIVACY_MORE)
    assert "tab" in said
    assert "12 hours" in said
