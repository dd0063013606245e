"""Texts that try to become markup, in every field that a clinic may fill in: they stay texts.

The pages are read as a browser reads them; one Chromium, its policy switched off, loads them too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Route

from core.text.normalize import clean_query
from index.store import opened
from index.store.generations import OpenIndex, open_index
from tests.attacks import drawn, hostile
from tests.attacks.drawn import Pages
from tests.attacks.payloads import MARKER, PAYLOADS, Reader, numbers_in
from tests.support.fakes import BagOfWordsEncoder
from tests.support.pages.asgi import application_over, ask
from tests.support.pages.visitor import Visitor
from ui import languages
from ui.server import document, streamlit_files
from ui.service import settings

ALL = set(range(len(PAYLOADS)))
HERE = "http://127.0.0.1:9/"
"""Where the browser believes the pages to be; nothing listens there."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The hostile clinic's content and index."""
    return hostile.clinic(tmp_path_factory.mktemp("markup"))


@contextmanager
def at_work(place: tuple[Path, Path]) -> Iterator[pytest.MonkeyPatch]:
    """Let the application answer over that clinic; nobody has searched yet."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(settings.BUILT_VARIABLE, str(place[1]))
        patch.setattr(opened, "load_encoder", lambda model="": BagOfWordsEncoder())
        patch.setattr(languages, "_LOOK_EVERY_S", 0.0)
        with application_over(patch, *place, search=drawn.found):
            yield patch


@pytest.fixture
def patch(place: tuple[Path, Path]) -> Iterator[pytest.MonkeyPatch]:
    with at_work(place) as patch:
        yield patch


@pytest.fixture(scope="module")
def index(place: tuple[Path, Path]) -> OpenIndex:
    return open_index(place[1], encoder=BagOfWordsEncoder())


def wrong_with(pages: Pages) -> list[str]:
    """Return what is not ours in whole pages and in pieces of them."""
    said = []
    for name, html in pages.items():
        reader = Reader(allowed=frozenset({hostile.BOOKING}), scripts=streamlit_files.index_page())
        reader.feed(html)
        said += [f"{name[:60]}: {one[:200]}" for one in reader.end()]
    return said


def shown_in(pages: Pages) -> set[int]:
    """Return which payloads stand on the pages as texts: those that are missing show nothing."""
    reader = Reader()
    for html in pages.values():
        reader.feed(html)
    return numbers_in(reader.shown)


# -- the pages -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def plain_pages(place: tuple[Path, Path], index: OpenIndex) -> Pages:
    with at_work(place):
        return drawn.for_everybody(index)


@pytest.fixture(scope="module")
def found_pages(place: tuple[Path, Path]) -> Pages:
    with at_work(place):
        return drawn.after_searches()


@pytest.fixture(scope="module")
def staff_pages(place: tuple[Path, Path], index: OpenIndex) -> Pages:
    with at_work(place):
        return drawn.for_staff(*place, index)


# -- what must hold --------------------------------------------------------------------------------


def test_the_reader_knows_an_attack_when_it_sees_one() -> None:
    missed = []
    for payload in PAYLOADS:
        for around in (
            "<p>%s</p>",
            '<p title="%s">x</p>',
            "<p title='%s'>x</p>",
            "<a href=%s>x</a>",
        ):
            if wrong_with({"": around % payload}):
                break
        else:
            missed.append(payload)
    assert [payload[:10] for payload in missed] == ["<%00script"]  # a browser runs nothing of it


def test_no_text_becomes_markup_on_a_page_for_everybody(plain_pages: Pages) -> None:
    assert wrong_with(plain_pages) == []
    assert shown_in(plain_pages) == ALL


def test_all_notices_and_every_article_show_every_text_as_it_is(plain_pages: Pages) -> None:
    assert shown_in({"": plain_pages["/notices"]}) == ALL
    assert shown_in({page: plain_pages[page] for page in plain_pages if "?page=" in page}) == ALL


def test_no_text_becomes_markup_in_what_a_search_finds(found_pages: Pages) -> None:
    assert wrong_with(found_pages) == []
    # Tags are taken out of a question; what is left is text.
    assert shown_in(found_pages) >= numbers_in([clean_query(payload) for payload in PAYLOADS])


def test_no_text_becomes_markup_for_staff(staff_pages: Pages) -> None:
    assert wrong_with(staff_pages) == []
    for name in ("staff ", "desk", "coverage.html", "preview.html"):
        assert shown_in({"": staff_pages[name]}), name


@pytest.mark.parametrize("kind", ["", "articles", "about", "notices"])
def test_no_text_becomes_markup_on_the_page_with_a_script(
    patch: pytest.MonkeyPatch, kind: str
) -> None:
    assert wrong_with({kind: drawn.by_streamlit(view=kind)}) == []


def test_no_text_becomes_markup_in_results_on_the_page_with_a_script(
    patch: pytest.MonkeyPatch, index: OpenIndex
) -> None:
    pages = {}
    for number in (0, 8, 28):
        at = drawn.opened()
        at.text_area(key="question").set_value(f"neck {PAYLOADS[number]} quasar{number}")
        at.button[0].click().run()
        pages[f"results {number}"] = drawn.html_of(at)
        article = next(one for one in index.articles.values() if PAYLOADS[number] == one.title)
        pages[f"article {number}"] = drawn.by_streamlit(article=article.id)
    pages["like"] = drawn.by_streamlit(like=index.passages[0].id)
    pages["lost"] = drawn.by_streamlit(
        article=PAYLOADS[0], section=PAYLOADS[1], passage=PAYLOADS[2]
    )
    assert wrong_with(pages) == []
    assert {0, 8, 28} <= shown_in(pages)


def test_an_address_that_is_nowhere_is_not_repeated(patch: pytest.MonkeyPatch) -> None:
    pages = {}
    for payload in PAYLOADS:
        answer = ask(f"/sought{payload}", accept="text/html")
        assert answer.status == 404
        pages[payload] = answer.text
        assert "sought" not in answer.text
    assert wrong_with(pages) == []


def test_programs_get_texts_as_json_that_no_browser_takes_for_a_page(
    patch: pytest.MonkeyPatch,
) -> None:
    answers = [
        drawn.post(payload, number, "/api/search") for number, payload in enumerate(PAYLOADS)
    ]
    answers += [ask("/suggestions.json"), ask("/readyz")]
    for answer in answers:
        assert answer.headers["content-type"].startswith(drawn.JSON)
        assert answer.headers["x-content-type-options"] == "nosniff"
    asked = [answer.json.get("query", "") for answer in answers[:-2]]
    assert asked == [clean_query(payload) for payload in PAYLOADS]


def test_a_clinics_name_and_telephone_are_texts(
    patch: pytest.MonkeyPatch, place: tuple[Path, Path]
) -> None:
    pages = {}
    file = place[0] / "clinic.toml"
    kept = file.read_text(encoding="utf-8")
    try:
        for payload in PAYLOADS:
            file.write_text(hostile.settings(payload), encoding="utf-8")
            for path in ("/", "/plain", "/notices"):
                pages[f"{path} {payload}"] = ask(path).text
    finally:
        file.write_text(kept, encoding="utf-8")
    assert wrong_with(pages) == []
    names = {n for n, p in enumerate(PAYLOADS) if MARKER.format(number=n) in pages[f"/plain {p}"]}
    assert names == ALL


@pytest.mark.parametrize("turn", range(4))
def test_the_words_of_a_translation_are_texts(
    patch: pytest.MonkeyPatch, place: tuple[Path, Path], turn: int
) -> None:
    """A translation may come from anybody: whatever stands in it, the page is ours."""
    file, folder = place[0] / "clinic.toml", place[0] / languages.OWN_FOLDER
    kept, given = file.read_text(encoding="utf-8"), iter(PAYLOADS[turn:] + PAYLOADS * 100)
    folder.mkdir(exist_ok=True)

    def spoilt(words: Any) -> Any:
        if isinstance(words, dict):
            return {key: spoilt(inner) for key, inner in words.items()}
        return [spoilt(one) for one in words] if isinstance(words, list) else next(given)

    def toml(words: Any) -> str:
        if isinstance(words, dict):
            return f"{{{', '.join(f'{json.dumps(k)} = {toml(v)}' for k, v in words.items())}}}"
        return json.dumps(words)

    rows = (f"{key} = {toml(spoilt(value))}" for key, value in languages.words("en").items())
    (folder / f"x{'abcd'[turn]}.toml").write_text("\n".join(rows), encoding="utf-8")
    try:
        file.write_text(hostile.settings("Ours", language=f"x{'abcd'[turn]}"), encoding="utf-8")
        pages = {
            p: ask(p).text for p in ("/", "/plain", "/plain/about", "/plain/article", "/notices")
        }
        pages["404"] = ask("/nowhere", accept="text/html").text
        pages["found"] = drawn.post("stiff neck", 200 + turn).text
    finally:
        file.write_text(kept, encoding="utf-8")
    assert wrong_with(pages) == []
    assert shown_in({"": pages["/plain"]})  # the language is in use


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_no_page_runs_or_asks_for_anything_in_a_browser_without_a_policy(
    browser: Browser, plain_pages: Pages, found_pages: Pages, staff_pages: Pages
) -> None:
    attack = {"attack": f"<p>{PAYLOADS[0]}{PAYLOADS[9]}</p>"}
    some = dict(list(plain_pages.items())[:5] + list(plain_pages.items())[5::4])
    pages = list((some | found_pages | staff_pages | attack).values())
    visitor = Visitor(browser, HERE, bypass_csp=True)
    heard = []
    try:
        visitor.context.route(f"{HERE}**", lambda route: _answered(route, pages))
        for number in range(len(pages)):
            visitor.page.goto(f"{HERE}page/{number}")
            heard.append(visitor.wrong.copy())
            visitor.wrong.clear()
    finally:
        visitor.context.close()
    assert [said for said in heard[:-1] if said] == []
    assert "dialog" in heard[-1]  # so that an attack would have been heard
    assert any("evil.example" in said for said in heard[-1])


def _answered(route: Route, pages: list[str]) -> None:
    """Answer with a page, or with an empty file of the kind that the address says."""
    kind, _, number = route.request.url.removeprefix(HERE).partition("/")
    if kind == "page" and number.isdigit():
        route.fulfill(body=pages[int(number)], content_type="text/html; charset=utf-8")
    else:
        name = route.request.url.partition("?")[0]
        route.fulfill(body="", content_type=document.TYPES.get(Path(name).suffix, "text/plain"))
