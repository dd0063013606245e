"""Suggestions while somebody types: only the clinic's own questions, chosen within the browser."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from core.types import Outcome, RecordedAnswer
from index.store.generations import open_index
from tests.support.building import build_with
from tests.support.fakes import BagOfWordsEncoder
from tests.support.files.content import label_enough_to_calibrate
from tests.support.pages.browser import (
    DESKTOP,
    PHONE,
    Server,
    idle,
    opened,
    ready,
    serving,
    violations,
)
from tests.support.pages.visitor import Visitor
from ui.languages import text
from ui.server.suggestions import LONGEST, PATH, answer, suggestions
from ui.service import engine, settings

TOUCH = {"viewport": PHONE, "has_touch": True, "is_mobile": True}
LIGHT, DARK = {"color_scheme": "light"}, {"color_scheme": "dark"}


def reply(question: str, outcome: Outcome = Outcome.ANSWER) -> RecordedAnswer:
    return RecordedAnswer(question, outcome, None, ())


def index_of(*replies: RecordedAnswer, examples: tuple[str, ...] = ()) -> Any:
    lexical = SimpleNamespace(knows=lambda stem: stem == "plantari")
    return SimpleNamespace(replies=replies, examples=examples, lexical=lexical)


def chosen(*replies: RecordedAnswer, examples: tuple[str, ...] = ()) -> tuple[str, ...]:
    return suggestions(index_of(*replies, examples=examples), lambda said: "chest" in said)


# -- which ----------------------------------------------------------------------------------------


def test_only_questions_that_are_answered_are_suggested_examples_first() -> None:
    found = chosen(
        reply("does it hurt"),
        reply("what does it cost", Outcome.NOT_COVERED),
        reply("can it help my knee", Outcome.RELATED),
        reply("what is a needle"),
        examples=("what is a needle", "what does it cost"),
    )
    assert found == ("what is a needle", "does it hurt")


@pytest.mark.parametrize(
    "question",
    [
        "can I have it while pregnant",
        "is it safe when breastfeeding",
        "I want to kill myself",
        "pain after self-harm",
        "tight chest and short of breath",
        "planter fascitis",
        "x" * (LONGEST + 1),
        "  ",
    ],
)
def test_what_is_private_urgent_misspelt_or_too_long_is_never_suggested(question: str) -> None:
    assert chosen(reply(question), reply("does it hurt")) == ("does it hurt",)


def test_a_word_of_the_articles_is_no_slip() -> None:
    assert chosen(reply("plantaris pain")) == ("plantaris pain",)


def test_the_same_question_is_suggested_once_however_it_is_written() -> None:
    assert chosen(reply("Does it hurt?"), reply("does  it hurt")) == ("Does it hurt?",)


# -- how they are served --------------------------------------------------------------------------


@pytest.fixture
def bank(content: Path, encoder: BagOfWordsEncoder, tmp_path: Path) -> Path:
    label_enough_to_calibrate(content)
    build_with(encoder, content, tmp_path / "bank")
    return tmp_path / "bank"


@pytest.fixture
def client(content: Path, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    monkeypatch.setenv(settings.CONTENT_VARIABLE, str(content))
    return TestClient(Starlette(routes=[Route(PATH, answer)]))


def use(built: Path | None) -> None:
    status = engine.Status(engine.State.MISSING)
    if built:
        status = engine.Status(engine.State.READY, open_index(built, encoder=BagOfWordsEncoder()))
    engine.set_engine(SimpleNamespace(status=status, stop=lambda: None))  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def no_engine() -> Iterator[None]:
    yield
    engine.set_engine(None)


def test_the_list_may_be_kept_and_is_not_sent_twice(client: TestClient, bank: Path) -> None:
    use(bank)
    first = client.get(PATH)
    said = first.json()
    assert said["questions"]
    assert all(question.startswith("stiff neck") for question in said["questions"])
    assert (said["label"], said["counted"]) == (text.SUGGESTIONS, text.SUGGESTIONS_COUNTED)
    assert "public" in first.headers["cache-control"]
    again = client.get(PATH, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_without_an_index_the_list_is_empty_and_not_kept(client: TestClient) -> None:
    use(None)
    answered = client.get(PATH)
    assert answered.json()["questions"] == []
    assert answered.headers["cache-control"] == "no-store"


def test_a_question_typed_at_the_address_changes_nothing(client: TestClient, bank: Path) -> None:
    use(bank)
    assert client.get(PATH).content == client.get(PATH, params={"q": "stiff"}).content


# -- in the browser -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The page over counted words and a bank that is about necks."""
    folder = tmp_path_factory.mktemp("suggested")
    articles = folder / "content" / "articles"
    articles.mkdir(parents=True)
    (articles / "necks.txt").write_text(
        "All About Necks\n\nA stiff neck is common. It often passes.\n\n"
        "Why It Hurts\n\nThe neck carries the head. Pain can spread to the back.\n"
    )
    label_enough_to_calibrate(folder / "content")
    build_with(BagOfWordsEncoder(), folder / "content", folder / "built")
    with serving(
        folder / "built",
        folder / "page.log",
        content=folder / "content",
        launcher=("-m", "tests.support.pages.stand_in", str(folder)),
    ) as running:
        yield running


def typed(page: Page, words: str) -> Locator:
    """Open the page, wait until the list is there, type, and return the box."""
    with page.expect_response(re.compile(r"suggestions\.json$")):
        opened(page)
        ready(page)
        box = page.get_by_label(text.LABEL)
        box.focus()
    expect(page.get_by_role("combobox")).to_be_visible()
    box.press_sequentially(words)
    return box


browser_test = pytest.mark.browser
quiet = pytest.mark.filterwarnings("ignore::ResourceWarning")


@browser_test
@quiet
@pytest.mark.parametrize(
    "visitor",
    [
        {"viewport": DESKTOP, **LIGHT},
        {"viewport": DESKTOP, **DARK},
        {**TOUCH, **LIGHT},
        {**TOUCH, **DARK},
    ],
    indirect=True,
    ids=["desktop-light", "desktop-dark", "phone-light", "phone-dark"],
)
def test_it_is_a_combobox_with_at_most_six_options_and_axe_finds_nothing(page: Page) -> None:
    box = typed(page, "stif")
    expect(page.get_by_role("listbox", name=text.SUGGESTIONS)).to_be_visible()
    expect(page.get_by_role("option")).to_have_count(6)
    expect(box).to_have_attribute("aria-expanded", "true")
    assert violations(page) == []
    box.press("ArrowDown")
    expect(page.get_by_role("option", selected=True)).to_have_count(1)
    assert violations(page) == []
    width = page.get_by_role("listbox").bounding_box()
    assert width is not None
    assert width["x"] + width["width"] <= page.evaluate("innerWidth")


@browser_test
@quiet
def test_arrows_go_round_and_escape_leaves_what_was_typed(page: Page) -> None:
    box = typed(page, "stiff neck")
    options = page.get_by_role("option")
    expect(options).to_have_count(6)
    box.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", "cs-suggestions-0")
    box.press("ArrowUp")
    expect(box).not_to_have_attribute("aria-activedescendant", re.compile("."))
    box.press("ArrowUp")
    expect(box).to_have_attribute("aria-activedescendant", "cs-suggestions-5")
    expect(page.locator("#cs-suggestions-5")).to_have_attribute("aria-selected", "true")
    box.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value("stiff neck")
    box.press("ArrowDown")
    expect(page.get_by_role("listbox")).to_be_visible()


@browser_test
@quiet
def test_enter_searches_for_the_chosen_one_and_for_the_typed_words_without_a_choice(
    page: Page,
) -> None:
    box = typed(page, "stiff neck ap")
    box.press("ArrowDown")
    box.press("Enter")
    expect(page).to_have_url(re.compile(r"\?search=[0-9a-f]{8}$"))
    expect(box).to_have_value("stiff neck apple")
    expect(page.get_by_role("article").first).to_be_visible()
    expect(page.get_by_role("listbox")).to_be_hidden()
    idle(page)
    before = page.url
    box.fill("neck")
    expect(page.get_by_role("listbox")).to_be_visible()
    box.press("Enter")
    expect(page).not_to_have_url(before)
    expect(box).to_have_value("neck")
    expect(page.get_by_role("listbox")).to_be_hidden()


@browser_test
@quiet
@pytest.mark.parametrize("visitor", [{"viewport": DESKTOP}, TOUCH], indirect=True)
def test_a_click_or_a_touch_chooses_and_searches(page: Page) -> None:
    box = typed(page, "ribbon")
    page.get_by_role("option").first.click()
    expect(page).to_have_url(re.compile(r"\?search=[0-9a-f]{8}$"))
    expect(box).to_have_value("stiff neck ribbon")
    expect(page.get_by_role("article").first).to_be_visible()


@browser_test
@quiet
def test_no_letter_leaves_the_browser_before_the_question_is_sent(visitor: Visitor) -> None:
    box = typed(visitor.page, "")
    asked, sent = len(visitor.asked), len(visitor.sent)
    for letter in "stiff neck zebra":
        box.press(letter)
    expect(visitor.page.get_by_role("listbox")).to_be_hidden()  # it stands there in full
    box.press("Backspace")
    expect(visitor.page.get_by_role("option")).to_have_count(1)
    assert visitor.asked[asked:] == []
    assert visitor.sent[sent:] == []


@browser_test
@quiet
def test_a_search_is_never_suggested_to_another_visitor(visitor: Visitor, server: Server) -> None:
    box = typed(visitor.page, "stiff xylophone")
    box.press("Enter")
    expect(visitor.page.locator("#cs-results")).to_be_visible()
    raw = visitor.context.request.get(server.url + "suggestions.json").text()
    assert "xylophone" not in raw
    assert json.loads(raw)["questions"]


@browser_test
@quiet
@pytest.mark.parametrize("visitor", [{"java_script_enabled": False}], indirect=True)
def test_without_javascript_nothing_is_suggested(visitor: Visitor) -> None:
    visitor.page.goto("./")
    assert visitor.page.get_by_role("combobox").count() == 0
    assert not [url for url in visitor.asked if "suggestions" in url]
