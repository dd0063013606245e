"""The real app.py, run by Streamlit's own test driver over a small index made up here."""

from __future__ import annotations

import dataclasses
import logging
import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.errors import IndexDamagedError, IndexMissingError
from core.text.language import ENGLISH
from core.text.normalize import MAX_QUERY_CHARS
from core.types import (
    Article,
    MatchedView,
    Outcome,
    Passage,
    SearchResponse,
    SearchResult,
    Section,
    Span,
    ViewKind,
)
from index.search.pipeline import search
from index.store import arrow_schema
from index.store.arrow_rows import ById
from index.store.arrow_schema import article_rows, articles_table, passage_rows, passages_table
from index.store.generations import open_index
from index.vectors.faiss_store import VectorIndex
from safety.notices.finder import Articles, Display
from tests.support.fakes import BagOfWordsEncoder
from tests.support.pages.page_script import html_of as html
from tests.support.pages.page_script import opened
from ui.languages import text
from ui.limits import rate_limit
from ui.page import ask as ask_view
from ui.page import router, waiting
from ui.page.session import MAX_REMEMBERED, Session, view_of
from ui.service import engine

FOREIGN = "douleur dans la poitrine"
BODY = "Solid needles are used. No medicine is injected."
HOSTILE = [
    "$x$ and $$y$$",
    "**b** _i_ `c`",
    ":red[x] :material/search:",
    "[a](http://x)",
    "<script>alert(1)</script>",
]


def fake_index(generation: str = "g1") -> Any:
    section = Section("needles#inside", ("What is inside",), Span(0, len(BODY)))
    article = Article("needles", "Needles", BODY, (section,), "needles.txt", "ab" * 32)
    passage = Passage(
        "needles#inside/1",
        "needles",
        section.id,
        "Needles",
        "What is inside",
        section.path,
        BODY,
        0,
        len(BODY),
    )
    passages = passage_rows(passages_table([passage]))
    return SimpleNamespace(
        generation=generation,
        articles=ById(article_rows(articles_table([article]))),
        article={"needles": article, "old-needles": article}.get,
        passages=passages,
        passage_rows=ById(passages),
        manifest=SimpleNamespace(renamed_from={"old-needles": "needles"}),
        view_columns=np.zeros(1, dtype=np.int8),
        view_passages=np.array([0]),
        first_view=np.array([0, 1]),
        vectors=VectorIndex(np.ones((1, 1), dtype=np.float32)),
        examples=("Is anything injected?", *HOSTILE),
        encoder=object(),
        claims={},
        spoken=ENGLISH,
    )


def fake_search(index: Any, question: str) -> SearchResponse:
    if "breakfast" in question or question == FOREIGN:
        heard = question != FOREIGN
        return SearchResponse(
            question, Outcome.NOT_COVERED, (), index.generation, is_understood=heard
        )
    if "explode" in question:
        raise ValueError(question)
    view = MatchedView(ViewKind.SENTENCE, "No medicine is injected.")
    result = SearchResult(
        1, index.passages[0], 0.9, Span(24, 48), (Span(39, 47),), view, is_answer=True
    )
    return SearchResponse(question, Outcome.ANSWER, (result,), index.generation)


def fake_answer(index: Any, question: str) -> engine.Answer:
    return engine.Answer(fake_search(index, question))


def make_engine(open_index: Callable[[Any], Any], search: Any = fake_search) -> engine.Engine:
    return engine.Engine(
        open_index=open_index,
        generation=lambda: "g1",
        search=lambda index, question: engine.Answer(search(index, question)),
    )


@pytest.fixture
def use_engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., engine.Engine]]:
    """Serve the small index with an engine that never waits; a test may choose another."""
    monkeypatch.setattr(waiting, "TICK_S", 0.01)
    monkeypatch.setattr(waiting, "PATIENCE_S", 0.05)

    def use(
        open_index: Callable[[Any], Any] = lambda _: fake_index(), search: Any = fake_search
    ) -> engine.Engine:
        made = make_engine(open_index, search)
        made.look()
        engine.set_engine(made)
        return made

    use()
    yield use
    engine.set_engine(None)


def ask(at: AppTest, question: str) -> AppTest:
    at.text_area(key="question").set_value(question)
    at.button[0].click()
    at.run()
    assert not at.exception
    return at


def go(at: AppTest, **to: str) -> AppTest:
    """Open another address in the same session."""
    at.query_params.clear()
    for name, value in to.items():
        at.query_params[name] = value
    return at.run()


def address(at: AppTest) -> dict[str, Any]:
    return {
        name: value[0] if isinstance(value, list) else value
        for name, value in at.query_params.items()
    }


def test_the_first_visit_shows_label_examples_and_what_it_is_not(use_engine: Any) -> None:
    at = opened()
    assert at.text_area(key="question").label == "What would you like to know?"
    assert text.SHORT_PURPOSE in html(at)
    assert text.NO_NAMES in html(at)
    assert 'data-ask="Is anything injected?"' in html(at)


def test_no_label_that_streamlit_reads_as_markdown_holds_content(use_engine: Any) -> None:
    at = opened()
    labels = [one.label for one in (*at.button, *at.text_area)]
    assert labels == [text.SEARCH, text.LABEL]
    assert not at.markdown
    assert "<script>" not in html(at)


def test_a_search_shows_the_passage_with_its_sentence_marked(use_engine: Any) -> None:
    at = ask(opened(), "is anything injected?")
    assert '<mark class="cs-ans">No medicine is <b class="cs-term">injected</b>.</mark>' in html(at)
    assert text.ANSWER_FROM in html(at)
    said = re.findall('data-say="([^"]*)"', html(at))
    assert said == ["Answer from our article “Needles”: What is inside"]


def test_the_question_is_neither_in_the_address_nor_in_anything_drawn(use_engine: Any) -> None:
    at = ask(opened(), "xylophone")
    assert re.fullmatch(r"[0-9a-f]{8}", address(at)["search"])
    assert "xylophone" not in html(at)
    assert at.text_area(key="question").value == "xylophone"


def test_going_back_brings_the_question_and_its_results_again(use_engine: Any) -> None:
    at = ask(opened(), "first")
    first = address(at)["search"]
    ask(at, "second")
    assert address(at)["search"] != first
    go(at, article="needles")
    assert "<h1" in html(at)
    go(at, search=first)
    assert at.text_area(key="question").value == "first"
    assert text.ANSWER_FROM in html(at)


def test_the_same_search_again_makes_no_new_address(use_engine: Any) -> None:
    at = ask(opened(), "first")
    before = address(at)
    assert address(ask(at, "first")) == before


def test_a_search_of_another_session_is_said_to_be_gone(use_engine: Any) -> None:
    assert text.FORGOTTEN in html(opened(search="deadbeef"))


def test_an_empty_question_asks_for_one(use_engine: Any) -> None:
    at = ask(opened(), "   ")
    assert text.EMPTY in html(at)
    assert address(at) == {}


def test_nothing_found_offers_help_and_no_passage(use_engine: Any) -> None:
    at = ask(opened(), "breakfast")
    assert text.NOT_COVERED in html(at)
    assert "medicine" not in html(at)


def test_a_question_in_another_language_is_met_by_open_numbers_and_one_calm_line(
    use_engine: Any,
) -> None:
    at = ask(opened(), FOREIGN)
    page = html(at)
    assert page.index('id="cs-help-now"') < page.index('id="cs-results"')
    assert f'<h2 id="cs-help-now">{text.HELP}</h2>' in page
    assert page.count('href="tel:999"') == 1
    assert "We can only search in English" in page
    assert text.ONLY_IN_MORE in page
    for said in (text.NOT_COVERED, text.CHECK_SPELLING, text.RELATED):
        assert str(said) not in page
    assert f'data-say="{text.HELP}. We can only search in English"' in page
    assert "cs-help-now" not in html(ask(at, "breakfast"))


def test_the_numbers_are_open_before_there_is_an_index(use_engine: Any) -> None:
    def fail(_: Any) -> Any:
        raise IndexMissingError("No index.", where="", expected="", found="", fix="")

    use_engine(fail)
    page = html(ask(opened(), FOREIGN))
    assert 'id="cs-help-now"' in page
    assert text.UNAVAILABLE in page


@pytest.mark.parametrize(
    "question",
    [*HOSTILE, "x" * 10_000, "🦵🏽 hurts", "كتفي يؤلمني", "\u202eabc", "\x00", "' OR 1=1"],
)
def test_no_question_breaks_the_page(use_engine: Any, question: str) -> None:
    at = ask(opened(), question)
    assert "<script>" not in html(at)
    assert text.FAILED not in html(at)


def test_an_article_is_shown_with_the_found_passage_marked(use_engine: Any) -> None:
    at = ask(opened(), "injected?")
    search = address(at)["search"]
    go(at, article="needles", section="inside", passage="1")
    assert '<mark class="cs-ans">No medicine is injected.</mark>' in html(at)
    assert f'href="?search={search}"' in html(at)


def test_an_article_from_a_search_that_only_the_tab_knows_leads_back_and_is_not_counted(
    use_engine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[bool] = []
    monkeypatch.setattr(router, "count", lambda *_, sensitive: counted.append(sensitive))
    monkeypatch.setattr(router, "may_count", lambda _: True)
    at = opened(article="needles", section="inside", passage="1", search="0123abcd")
    back = f'<a href="?search=0123abcd">{text.BACK}</a>'  # a new document
    assert back in html(at)
    assert back in html(go(at, article="needles", section="inside"))
    assert back in html(go(at, like="needles#inside/1"))
    assert counted == [True]
    asked = address(ask(go(at), "injected?"))["search"]
    known = f'<a class="cs-in" href="?search={asked}">{text.BACK}</a>'
    assert known in html(go(at, article="needles", section="inside", passage="1"))
    assert known in html(go(at, article="needles", section="inside", passage="1", search=asked))
    assert 'class="cs-ans"' in html(at)
    assert back in html(go(at, article="needles", section="inside", search="0123abcd"))
    assert "<script>" not in html(opened(article="needles", search='"><script>'))


@pytest.mark.parametrize(
    "given", [{"article": "nowhere"}, {"article": "<script>"}, {"view": "articles"}]
)
def test_an_unknown_article_shows_the_list(use_engine: Any, given: dict[str, str]) -> None:
    at = opened(**given)
    assert 'href="?article=needles"' in html(at)
    assert (text.NO_ARTICLE in html(at)) == ("article" in given)
    assert "<script>" not in html(at)


def test_passages_like_another_have_an_address_of_their_own(use_engine: Any) -> None:
    at = opened(like="needles#inside/1")
    assert text.NO_LIKE in html(at)  # there is no other section
    assert 'href="?article=needles&amp;section=inside&amp;passage=1"' in html(at)
    assert text.NO_PASSAGE in html(opened(like="needles#nowhere/1"))
    assert "<script>" not in html(opened(like="<script>"))


def test_a_citation_of_a_renamed_article_still_leads_to_its_passage(use_engine: Any) -> None:
    at = opened(article="old-needles", section="inside", passage="1")
    assert 'id="cs-found"' in html(at)
    assert text.LINKED_HERE in html(at)  # nobody has searched


def test_what_a_notice_hides_cannot_be_reached_by_leafing(
    use_engine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        ask_view, "display", lambda *_: Display(articles=Articles.HIDDEN, counted=False)
    )
    at = ask(opened(), "injected?")
    go(at, article="needles", section="inside", passage="1")
    assert text.FOUND_HERE not in html(at)
    assert text.LINKED_HERE in html(at)


def test_a_question_that_is_cut_says_so(use_engine: Any) -> None:
    said = text.LONG.format(n=MAX_QUERY_CHARS)
    assert said in html(ask(opened(), "neck " * MAX_QUERY_CHARS))
    assert said not in html(ask(opened(), "neck " * 20))


def test_the_about_page_needs_no_index(use_engine: Any) -> None:
    def missing(_: Any) -> Any:
        raise IndexMissingError("no index", where="/secret/path")

    use_engine(missing)
    at = opened(view="about")
    assert "not replace advice from a health professional" in html(at)


@pytest.mark.parametrize("error", [IndexMissingError, IndexDamagedError, RuntimeError])
def test_without_an_index_a_visitor_reads_one_calm_sentence(
    use_engine: Any, error: type[Exception], caplog: Any
) -> None:
    def broken(_: Any) -> Any:
        raise error("in /secret/path")

    use_engine(broken)
    at = opened()
    assert "secret" not in html(at)
    expected = getattr(error, "visitor_message", "The search is not working at the moment.")
    assert expected in html(at)
    assert text.HELP in html(at)
    assert "secret" in caplog.text


def test_while_the_index_is_opened_the_box_is_there_and_the_page_says_so(use_engine: Any) -> None:
    engine.set_engine(make_engine(lambda _: fake_index()))  # nobody has looked yet: still loading
    try:
        at = opened()
        assert at.text_area(key="question") is not None
        assert text.STILL_PREPARING in html(at)
    finally:
        engine.set_engine(None)


def test_a_slow_search_says_that_it_is_searching(
    use_engine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ask_view, "SLOW_S", 0.01)
    seen: list[str] = []
    message = ask_view.layout.message
    monkeypatch.setattr(
        ask_view.layout,
        "message",
        lambda *words, **how: seen.append(words[0]) or message(*words, **how),
    )

    def slow(index: Any, question: str) -> SearchResponse:
        threading.Event().wait(0.1)
        return fake_search(index, question)

    use_engine(search=slow)
    at = ask(opened(), "anything")
    assert text.SEARCHING in seen
    assert text.ANSWER_FROM in html(at)


def test_who_asks_too_much_reads_a_calm_sentence_under_the_notice_of_the_question(
    use_engine: Any,
) -> None:
    made = use_engine()
    made._allowance = rate_limit.TokenBucket(per_second=0.001, at_once=1)
    at = ask(opened(), "is anything injected?")
    assert text.ANSWER_FROM in html(at)
    at = ask(at, "crushing chest pain and my arm is numb")
    assert text.TOO_FAST in html(at)
    assert 'class="cs-notice cs-emergency"' in html(at)
    assert text.ANSWER_FROM not in html(at)
    assert text.TOO_FAST in at.html[-1].value  # and a screen reader hears it


def test_going_back_to_a_search_searches_nothing_again(use_engine: Any) -> None:
    asked: list[str] = []

    def search(index: Any, question: str) -> SearchResponse:
        asked.append(question)
        return fake_search(index, question)

    use_engine(search=search)
    at = ask(opened(), "is anything injected?")
    first = address(at)["search"]
    at = ask(at, "does it help?")
    at.query_params["search"] = first
    at.run()
    assert text.ANSWER_FROM in html(at)
    assert asked == ["is anything injected?", "does it help?"]


def test_an_answer_is_searched_again_once_the_index_is_another_one(use_engine: Any) -> None:
    asked: list[str] = []

    def search(index: Any, question: str) -> SearchResponse:
        asked.append(index.generation)
        return fake_search(index, question)

    use_engine(search=search)
    at = ask(opened(), "is anything injected?")
    use_engine(lambda _: fake_index("g2"), search=search)
    at.run()
    assert asked == ["g1", "g2"]


def test_an_answer_is_searched_again_once_other_notices_may_be_raised(
    use_engine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def search(index: Any, question: str) -> SearchResponse:
        asked.append(question)
        return fake_search(index, question)

    use_engine(search=search)
    at = ask(opened(), "is anything injected?")
    at.run()
    assert len(asked) == 1
    monkeypatch.setattr(ask_view.notice_service, "version", object)
    at.run()
    assert len(asked) == 2


def test_a_search_that_nobody_waits_for_any_longer_is_cancelled() -> None:
    class GoneError(BaseException):
        """As Streamlit leaves a script."""

    def gone() -> None:
        raise GoneError

    asked: Future[None] = Future()
    with pytest.raises(GoneError):
        waiting.wait_for(asked, gone, every_s=0.01)
    assert asked.cancelled()


def test_a_failure_shows_a_sentence_and_logs_no_question(
    use_engine: Any, caplog: Any, capfd: Any
) -> None:
    with caplog.at_level(logging.DEBUG):
        at = ask(opened(), "explode zebra")
    assert text.FAILED in html(at)
    said = caplog.text + "".join(capfd.readouterr())
    assert "ValueError" in said
    assert "zebra" not in said


def test_an_altered_passage_is_not_shown_and_staff_are_told_which_it_is(
    use_engine: Any, built: Path, encoder: BagOfWordsEncoder, caplog: Any
) -> None:
    index = open_index(built, encoder=encoder)
    altered = [
        dataclasses.replace(passage, text=passage.text.replace("common", "deadly"))
        for passage in index.passages
    ]
    rows = arrow_schema.passage_rows(arrow_schema.passages_table(altered))
    use_engine(lambda _: dataclasses.replace(index, passages=rows), search)
    at = ask(opened(), "sleepy stiff neck")
    assert IndexDamagedError.visitor_message in html(at)
    assert "deadly" not in html(at)
    assert "necks#introduction/1" in caplog.text
    assert "sleepy" not in caplog.text


def test_the_footer_is_in_every_view(use_engine: Any) -> None:
    for given in (
        {},
        {"view": "about"},
        {"view": "articles"},
        {"article": "needles"},
        {"article": "no"},
    ):
        assert html(opened(**given)).count(f"<p>{text.SHORT_PURPOSE}") == 1


# -- the engine and the session, without Streamlit ------------------------------------------------


def test_a_new_generation_is_swapped_in_and_a_broken_one_is_not() -> None:
    published = ["g1"]

    def open_index(_: Any) -> Any:
        if published[0] == "broken":
            raise IndexDamagedError("damaged")
        return fake_index(published[0])

    made = engine.Engine(open_index=open_index, generation=lambda: published[0], search=fake_answer)
    assert made.status.state is engine.State.LOADING
    for name, served in (("g1", "g1"), ("g2", "g2"), ("broken", "g2"), ("g3", "g3")):
        published[0] = name
        made.look()
        assert made.status.index is not None
        assert made.status.index.generation == served
    made.stop()


def test_an_index_that_appears_later_is_found() -> None:
    published: list[str | None] = [None]

    def open_index(_: Any) -> Any:
        if published[0] is None:
            raise IndexMissingError("none yet")
        return fake_index()

    made = engine.Engine(open_index=open_index, generation=lambda: published[0], search=fake_answer)
    made.look()
    assert made.status.state is engine.State.MISSING
    published[0] = "g1"
    made.look()
    assert made.status.state is engine.State.READY
    made.stop()


def test_a_damaged_index_that_is_mended_in_place_is_found_and_said_once(caplog: Any) -> None:
    mended: list[bool] = []

    def open_index(_: Any) -> Any:
        if not mended:
            raise IndexDamagedError("truncated")
        return fake_index()

    made = make_engine(open_index)
    for _ in range(30):
        made.look()
    assert made.status.state is engine.State.DAMAGED
    assert caplog.text.count("truncated") == 1
    mended.append(True)
    for _ in range(engine.TRY_AGAIN_AFTER_LOOKS + 1):
        made.look()
    assert made.status.state is engine.State.READY
    made.stop()


def test_the_encoder_is_loaded_once_and_given_on() -> None:
    given: list[Any] = []
    published = ["g1"]

    def open_index(encoder: Any) -> Any:
        given.append(encoder)
        return fake_index(published[0])

    made = engine.Engine(open_index=open_index, generation=lambda: published[0], search=fake_answer)
    made.look()
    published[0] = "g2"
    made.look()
    made.look()
    assert len(given) == 2
    assert given[0] is None
    assert given[1] is not None
    made.stop()


def test_a_session_forgets_its_oldest_searches() -> None:
    session: dict[Any, Any] = {}
    visit = Session(session)
    names = [visit.remember(f"question {n}") for n in range(MAX_REMEMBERED + 1)]
    assert visit.question(names[0]) == ""
    assert visit.question(names[-1]) == f"question {MAX_REMEMBERED}"


def test_an_address_means_one_view() -> None:
    assert view_of({"article": "a", "section": "s"}).kind == "article"
    assert view_of({"view": "nonsense"}).kind == "ask"
    assert view_of({"q": "words"}).name == "ask||||||||||"
    assert view_of({"like": "a#b/1"}).like == "a#b/1"


# -- the list of articles -------------------------------------------------------------------------


def find_articles(at: AppTest, words: str) -> AppTest:
    at.text_input(key="articles_filter").set_value(words)
    at.button[0].click()
    at.run()
    assert not at.exception
    return at


def test_the_filter_of_the_list_leaves_the_address_alone_and_goes_with_the_view(
    use_engine: Any,
) -> None:
    at = opened(view="articles")
    assert "?article=needles" in html(at)
    assert "?article=needles" in html(find_articles(at, "INSIDE needles"))
    assert text.FILTER_FOUND["one"].split()[-1] in html(at)
    assert text.FILTER_NONE in html(find_articles(at, "zebra"))
    assert address(at) == {"view": "articles"}
    at.button[1].click().run()
    assert at.text_input(key="articles_filter").value == ""
    assert "?article=needles" in html(at)
    find_articles(at, "zebra")
    go(at, view="about")
    go(at, view="articles")
    assert at.text_input(key="articles_filter").value == ""


def test_whoever_types_a_symptom_into_the_filter_finds_the_notices(use_engine: Any) -> None:
    at = opened(view="articles")
    assert "cs-emergency" in html(find_articles(at, "crushing chest pain down my left arm"))
    page = html(find_articles(at, "I want to kill myself"))
    assert "cs-notice" in page
    assert "?article=needles" not in page


@pytest.mark.parametrize("place", [{"page": "99"}, {"letter": "N"}, {"letter": HOSTILE[-1]}])
def test_any_place_in_the_list_shows_a_page_of_it(use_engine: Any, place: dict[str, str]) -> None:
    page = html(opened(view="articles", **place))
    assert "?article=needles" in page
    assert "<script>" not in page
