"""Suggestions while somebody types: only the clinic's own questions, the same for everybody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from core.types import Outcome, RecordedAnswer
from index.store.generations import open_index
from tests.support.building import build_with
from tests.support.fakes import BagOfWordsEncoder
from tests.support.files.content import label_enough_to_calibrate
from ui.languages import text
from ui.server.suggestions import LONGEST, PATH, answer, suggestions
from ui.service import engine, settings


def reply(question: str, outcome: Outcome = Outcome.ANSWER) -> RecordedAnswer:
    return RecordedAnswer(question, outcome, None, ())


def index_of(*replies: RecordedAnswer, examples: tuple[str, ...] = ()) -> Any:
    lexical = SimpleNamespace(knows=lambda stem: stem == "plantari")
    return SimpleNamespace(bank_answers=replies, examples=examples, lexical=lexical, articles={})


def chosen(*replies: RecordedAnswer, examples: tuple[str, ...] = ()) -> tuple[str, ...]:
    return suggestions(index_of(*replies, examples=examples), lambda said: "chest" in said)


def article(title: str, *headings: str) -> Any:
    parts = [SimpleNamespace(path=(heading,), heading=heading) for heading in headings]
    return SimpleNamespace(title=title, sections=[SimpleNamespace(path=(), heading=""), *parts])


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
        *("can I have it while pregnant", "is it safe when breastfeeding", "I want to kill myself"),
        *("pain after self-harm", "tight chest and short of breath", "planter fascitis"),
        *("x" * (LONGEST + 1), "  "),
    ],
)
def test_what_is_private_urgent_misspelt_or_too_long_is_never_suggested(question: str) -> None:
    assert chosen(reply(question), reply("does it hurt")) == ("does it hurt",)


def test_a_word_of_the_articles_is_no_typo_and_a_question_is_suggested_once() -> None:
    replies = map(reply, ("plantaris pain", "Does it hurt?", "does  it hurt"))
    assert chosen(*replies) == ("plantaris pain", "Does it hurt?")


def test_titles_and_headings_that_ask_are_suggested_after_the_bank_and_without_one() -> None:
    index = index_of()
    index.articles = {
        "a": article("Frozen shoulder", "Causes", "How long does it last?", "Do"),
        "b": article("Tight chest", "Is a tight chest urgent?", "Can walking help?"),
    }
    found = suggestions(index, lambda said: "tight" in said.casefold().split())
    assert found == ("Frozen shoulder", "Frozen shoulder: How long does it last?")
    index.bank_answers = (reply("does it hurt"),)
    assert suggestions(index, lambda _: False)[:2] == ("does it hurt", "Frozen shoulder")


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
    record = first.json()
    assert record["questions"]
    assert record["questions"][0].startswith("stiff neck")
    assert (record["label"], record["counted"]) == (text.SUGGESTIONS, text.SUGGESTIONS_COUNTED)
    assert "public" in first.headers["cache-control"]
    again = client.get(PATH, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(PATH, params={"q": "stiff"}).content == first.content


def test_without_an_index_the_list_is_empty_and_not_kept(client: TestClient) -> None:
    use(None)
    answered = client.get(PATH)
    assert answered.json()["questions"] == []
    assert answered.headers["cache-control"] == "no-store"
