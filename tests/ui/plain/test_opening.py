"""Whoever comes while the program starts waits for the index; but not for ever."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import quote_plus

import pytest

from index.store.generations import open_index
from tests.support.fakes import BagOfWordsEncoder
from tests.support.pages import every_state
from tests.support.pages.asgi import Answer, ask
from ui.languages import text
from ui.plain.routes import FORM_TYPE
from ui.server import streamlit_files
from ui.service import engine, settings

ARTICLE = "article=dry-needling-benefits"
LATER_S = 0.4


@pytest.fixture
def opening(clinic_built: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Event]:
    """The application while its index is being opened, until the event is set."""
    content = every_state.copied_content(tmp_path / "content")
    monkeypatch.setenv(settings.CONTENT_VARIABLE, str(content))
    until = Event()

    def opened(_encoder: Any) -> Any:
        until.wait(20)
        return open_index(clinic_built, encoder=BagOfWordsEncoder())

    made = engine.Engine(open_index=opened, generation=lambda: "one", search=every_state.told)
    made.start()
    engine.set_engine(made)
    yield until
    until.set()
    engine.set_engine(None)


def send(question: str) -> Answer:
    body = f"q={quote_plus(question)}".encode()
    return ask("/plain", method="POST", body=body, content_type=FORM_TYPE)


def is_waiting(answer: Future[Answer]) -> bool:
    with pytest.raises(TimeoutError):
        answer.result(LATER_S)
    return True


def test_a_question_an_article_and_the_application_wait_and_the_search_box_does_not(
    opening: Event,
) -> None:
    assert ask("/").status == 200
    script = next(path for path in streamlit_files.files() if path.endswith(".js"))
    with ThreadPoolExecutor(3) as pool:
        question = pool.submit(send, every_state.ANSWER)
        article = pool.submit(ask, "/", query=ARTICLE)
        application = pool.submit(ask, script)
        assert is_waiting(question)
        assert is_waiting(article)
        assert is_waiting(application)
        opening.set()
        assert "<mark" in question.result(20).text
        assert text.UNAVAILABLE not in article.result(20).text
        assert application.result(20).status == 200


@pytest.mark.usefixtures("opening")
def test_an_emergency_does_not_wait() -> None:
    answer = send(every_state.EMERGENCY)
    assert 'class="cs-notice cs-emergency"' in answer.text
    assert text.UNAVAILABLE in answer.text


@pytest.mark.usefixtures("opening")
def test_nobody_waits_longer_than_an_opening_may_take(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "OPENING_S", 0.0)
    assert str(text.STILL_PREPARING) in send(every_state.ANSWER).text
    assert str(text.STILL_PREPARING) in ask("/", query=ARTICLE).text
