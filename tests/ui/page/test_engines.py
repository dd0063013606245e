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
UNCOVERED = "what time does the cafe open on sunday"


@pytest.fixture
def early(engine: Engine, server: Server) -> Iterator[Reader]:
    """Somebody who has just opened the page: the first document, or the application already."""
    with engine() as tab:
        tab.open(server.url)
        yield Reader(tab)


@pytest.fixture
def reader(early: Reader) -> Reader:
    """Somebody at the application."""
    early.settle()
    return early


def ask(reader: Reader, question: str) -> None:
    reader.write(text.LABEL, question)
    reader.tab.press("Enter")


def test_enter_answers_and_back_returns_to_the_question_before(reader: Reader) -> None:
    ask(reader, QUESTION)
    reader.see("mark", ANSWERED, isSeen=True)
    ask(reader, UNCOVERED)
    reader.see("heading", text.NOT_COVERED)
    reader.miss("mark")
    reader.tab.back()
    reader.see("mark", ANSWERED)
    reader.see("box", text.LABEL, value=QUESTION)


def test_the_question_is_in_no_address_no_title_and_nothing_that_stays(reader: Reader) -> None:
    start = reader.address
    ask(reader, QUESTION)
    reader.see("mark", ANSWERED)
    until("an address of the search", lambda: reader.address != start)
    kept = "() => [location.href, document.title, document.cookie, JSON.stringify(localStorage)]"
    assert "inject" not in "".join(reader.tab.run(kept))


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


def test_an_article_opens_at_its_passage_and_back_leads_to_the_results(reader: Reader) -> None:
    ask(reader, QUESTION)
    reader.click("link", text.READ)
    reader.see("button", text.PRINT)
    reader.see("mark", ANSWERED, isSeen=True)
    reader.click("link", text.BACK)
    reader.see("box", text.LABEL, value=QUESTION)
    reader.see("mark", ANSWERED, isSeen=True)


def test_share_copies_the_articles_address_and_says_so(reader: Reader) -> None:
    ask(reader, QUESTION)
    reader.click("button", text.SHARE)
    until("the words", lambda: text.SHARED in reader.tab.run(SPOKEN))


def test_the_print_button_prints_the_article(reader: Reader) -> None:
    ask(reader, QUESTION)
    reader.click("link", text.READ)
    reader.see("button", text.PRINT)
    reader.tab.run("() => { window.print = () => { document.body.dataset.printed = 'yes' } }")
    reader.click("button", text.PRINT)
    until("print", lambda: reader.tab.run("() => document.body.dataset.printed === 'yes'"))


def test_without_the_application_the_plain_page_answers(early: Reader, server: Server) -> None:
    early.tab.open(server.url + "plain")
    ask(early, QUESTION)
    early.see("mark", ANSWERED)
    assert "inject" not in early.address
