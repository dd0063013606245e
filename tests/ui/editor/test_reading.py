"""Staff see how each article was read, made by the command; patients see nothing of it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from index.reviews import ReviewRow, ReviewState
from index.store.manifest import WordCount
from tests.support.building import build_with
from tests.support.fakes import BagOfWordsEncoder
from tests.support.pages.asgi import Answer, application_over, ask
from ui.api.response import NOTHING_HERE
from ui.editor import reading
from ui.editor.addresses import READING
from ui.editor.dashboard import dashboard_html
from ui.editor.facts import gather
from ui.editor.reading import ReadingRow, reading_rows
from ui.editor.runs import Runs
from ui.languages import text
from ui.server import door
from ui.service import engine, settings

TODAY = date(2026, 3, 1)
Write = Callable[[str, str | bytes], Path]


@pytest.fixture
def served(
    content: Path, write_article: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """Serve staff three articles; one has lost words, because its reader joined two."""
    page = "<!doctype html><main><h1>Hips</h1><p>A hip is a joint.</p><p>B<label>Words</label></p>"
    write_article("hips & co.html", page)
    built = tmp_path / "built"
    build_with(BagOfWordsEncoder(), content, built)
    monkeypatch.setenv(settings.AUDIENCE_VARIABLE, "staff")
    with application_over(monkeypatch, content, built):
        yield content


def get(query: str) -> Answer:
    known = door.current()
    cookie = {"cookie": "=".join(known.cookie)} if known else {}
    return ask(READING, query=query, **cookie)


def row(article: str) -> ReviewRow:
    return ReviewRow(
        *(article, f"Title {article}", None, None, None, None),
        state=ReviewState.NOT_REVIEWED,
        days_overdue=None,
        sources=0,
    )


def test_staff_get_the_page_about_an_article(served: Path) -> None:
    answer = get("article=hips-co")
    assert answer.status == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert "How “Hips” was read" in answer.text
    assert '<mark id="missing-1">' in answer.text


@pytest.mark.parametrize("query", ["", "article=", "article=nobody", "article=../../secret"])
def test_only_articles_of_the_index_have_a_page(served: Path, query: str) -> None:
    assert (get(query).status, get(query).text) == (404, NOTHING_HERE)


def test_patients_get_nothing(served: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(settings.AUDIENCE_VARIABLE)
    assert door.current() is None
    answer = get("article=hips-co")
    assert (answer.status, answer.text) == (404, NOTHING_HERE)


def test_a_file_that_is_gone_is_an_error_with_the_reason(served: Path) -> None:
    (served / "articles" / "hips & co.html").unlink()
    answer = get("article=hips-co")
    assert answer.status == 503
    assert text.READING_FAILED in answer.text
    assert "There is no such file." in answer.text


def test_who_comes_second_is_asked_to_wait(served: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_WAIT_S", 0.01)
    with reading._turn:
        answer = get("article=hips-co")
    assert (answer.status, answer.text) == (503, text.READING_BUSY)


def test_the_dashboard_links_each_article_the_least_complete_first(served: Path) -> None:
    status = engine.get_engine().status
    html = dashboard_html(gather(status, today=TODAY), today=TODAY)
    assert text.READING_CAPTION in html
    assert 'href="./staff/reading?article=hips-co"' in html
    assert "75 %" in html
    assert html.index("reading?article=hips-co") < html.index("reading?article=blood")


def test_articles_that_nobody_counted_come_first(served: Path) -> None:
    index = engine.get_engine().status.index
    assert index is not None
    rows = reading_rows([row("blood"), row("hips-co"), row("a b")], index.manifest)
    assert rows == [
        ReadingRow("a b", "Title a b", "./staff/reading?article=a%20b", None),
        ReadingRow(
            *("hips-co", "Title hips-co", "./staff/reading?article=hips-co"),
            WordCount(6, 0, 2, ("words",)),
        ),
        ReadingRow("blood", "Title blood", "./staff/reading?article=blood", WordCount(17)),
    ]
    assert reading_rows([], None) == []


def test_a_command_that_takes_too_long_is_ended() -> None:
    runs = Runs("a command")
    runs.start([sys.executable, "-c", "import time; time.sleep(60)"])
    run = runs.finished(within_s=0.5)
    assert run is not None
    assert run.code not in (None, 0)
    assert run.seconds < 30
