"""A patient's main journeys in Chromium, WebKit and Firefox: described once, driven three times."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.engines.reader import Reader
from tests.support.engines.started import Engine
from tests.support.engines.tab import until
from tests.support.pages.browser import Server
from ui.languages import text

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.model]

QUESTION, ANSWERED = "is anything injected?", "no medicine will be injected"
CHEST = "crushing chest pain going down my left arm"
SPOKEN = """() => [...document.querySelectorAll("[role=alert], [role=status]")]
  .map((one) => one.textContent).join(" ")"""
# Height of the first box, and how much of its words is not to be seen, with more and more of them.
GROWING = """() => {
  const box = document.querySelector("textarea")
  const value = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value")
  return Array.from({ length: 120 }, (_, number) => {
    value.set.call(box, "neck ".repeat(number).trim())
    box.dispatchEvent(new Event("input", { bubbles: true }))
    return [box.clientHeight, box.scrollHeight - box.clientHeight]
  })
}"""
UNCOVERED = "what time does the cafe open on sunday"


@pytest.fixture
def early(engine: Engine, server: Server) -> Iterator[Reader]:
    """Somebody who has just opened the page: the first document, or the application already."""
    with engine() as tab:
        tab.open(server.url)
        yield Reader(tab)


@pytest.fixture
def reader(early: Reader) -> Reader:
    """Somebody at the application, for what only that has."""
    early.settle()
    return early


def ask(reader: Reader, question: str) -> None:
    reader.write(text.LABEL, question)
    reader.tab.press("Enter")


def test_enter_answers_and_back_returns_to_the_question_before(early: Reader) -> None:
    ask(early, QUESTION)
    early.see("mark", ANSWERED, isSeen=True)
    ask(early, UNCOVERED)
    early.see("heading", text.NOT_COVERED)
    early.miss("mark")
    early.tab.back()
    early.see("mark", ANSWERED)
    early.see("box", text.LABEL, value=QUESTION)


def test_the_question_is_in_no_address_no_title_and_nothing_that_stays(early: Reader) -> None:
    start = early.address
    ask(early, QUESTION)
    early.see("mark", ANSWERED)
    until("an address of the search", lambda: early.address != start)
    kept = "() => [location.href, document.title, document.cookie, JSON.stringify(localStorage)]"
    assert "inject" not in "".join(early.tab.run(kept))


def test_the_box_grows_to_three_lines_and_then_scrolls(early: Reader) -> None:
    until("a text area", lambda: early.tab.run("() => !!document.querySelector('textarea')"))
    for _ in ("first document", "application"):
        sizes = [tuple(size) for size in early.tab.run(GROWING)]
        one, two, three = sorted({height for height, _ in sizes})
        assert two - one > 20
        assert three - two == pytest.approx(two - one, abs=1)
        assert {height for height, hidden in sizes if hidden > 1} == {three}
        assert sizes[-1][1] > 20
        early.settle()


def test_the_button_searches_too(early: Reader) -> None:
    early.write(text.LABEL, QUESTION)
    early.click("button", text.SEARCH)
    early.see("mark", ANSWERED)


def test_the_arrow_keys_choose_a_suggestion_which_enter_asks(reader: Reader) -> None:
    reader.write(text.LABEL, "need")
    reader.see("option")
    reader.tab.press("ArrowDown")
    chosen = reader.see("option", isChosen=True)["text"]
    reader.tab.press("Enter")
    reader.see("box", text.LABEL, value=chosen)
    reader.miss("option")
    reader.see("link", text.READ)


def test_escape_closes_the_suggestions_and_leaves_what_was_typed(reader: Reader) -> None:
    reader.write(text.LABEL, "need")
    reader.see("option")
    reader.tab.press("ArrowDown", "ArrowUp", "Escape")
    reader.miss("option")
    reader.see("box", text.LABEL, value="need", isFocused=True)


def test_an_emergency_is_shown_with_its_number_and_spoken(early: Reader) -> None:
    ask(early, CHEST)
    early.see("heading", "Call 999 now", isSeen=True)
    assert early.see("link", "999", isSeen=True)["href"] == "tel:999"
    until("the alarm", lambda: "Call 999" in early.tab.run(SPOKEN))


def test_help_opens_at_any_time_and_escape_closes_it(early: Reader) -> None:
    early.click("button", text.HELP)
    early.see("link", "999", isSeen=True, isFree=True)
    early.tab.press("Escape")
    early.miss("link", "999")
    early.see("button", text.HELP, isFocused=True)


def test_an_article_opens_at_its_passage_and_back_leads_to_the_results(early: Reader) -> None:
    ask(early, QUESTION)
    early.click("link", text.READ)
    early.see("button", text.PRINT)
    early.see("mark", ANSWERED, isSeen=True)
    early.click("link", text.BACK)
    early.see("box", text.LABEL, value=QUESTION)
    early.see("mark", ANSWERED, isSeen=True)


def test_share_copies_the_articles_address_and_says_so(reader: Reader) -> None:
    ask(reader, QUESTION)
    reader.click("button", text.SHARE)
    until("the words", lambda: text.SHARED in reader.tab.run(SPOKEN))


def test_the_print_button_prints_the_article(early: Reader) -> None:
    ask(early, QUESTION)
    early.click("link", text.READ)
    early.see("button", text.PRINT)
    early.tab.run("() => { window.print = () => { document.body.dataset.printed = 'yes' } }")
    early.click("button", text.PRINT)
    until("print", lambda: early.tab.run("() => document.body.dataset.printed === 'yes'"))


def test_without_the_application_the_plain_page_answers(early: Reader, server: Server) -> None:
    early.tab.open(server.url + "plain")
    ask(early, QUESTION)
    early.see("mark", ANSWERED)
    assert "inject" not in early.address
