"""The search without JavaScript: what its addresses answer, asked as a server would."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pytest

from tests.support.pages import every_state
from tests.support.pages.asgi import Answer, application_over, ask, failing_search, note_loops
from ui.languages import text
from ui.limits import rate_limit
from ui.plain import document, routes, views
from ui.service import notice_service

FORM = "application/x-www-form-urlencoded"
SECRET = "glockenspielerin"


@pytest.fixture(scope="module")
def place(clinic_built: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The clinic's content and an index of it."""
    return every_state.copied_content(tmp_path_factory.mktemp("plain") / "content"), clinic_built


@pytest.fixture(autouse=True)
def stands(
    place: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[None]:
    """The application over that index; "no index" leaves it out."""
    no_index = getattr(request, "param", "") == "no index"
    with application_over(monkeypatch, place[0], None if no_index else place[1]):
        yield


def send(question: str, name: str = document.BOX, **more: Any) -> Answer:
    body = f"{name}={quote_plus(question)}".encode()
    return ask("/plain", method="POST", body=body, content_type=FORM, **more)


def links(page: str) -> list[str]:
    return re.findall(r'href="([^"]*)"', page)


# -- searching ------------------------------------------------------------------------------------


def test_the_search_page_has_one_form_that_posts_to_itself_and_no_script() -> None:
    answer = ask("/plain")
    assert answer.status == 200
    assert answer.text.count("<form") == 1
    assert "<script" not in answer.text
    for part in ('method="post" action="./plain"', 'autocomplete="off"'):
        assert part in answer.text
    for part in (text.SHORT_PURPOSE, text.NO_NAMES, text.HELP):
        assert part in answer.text


def test_an_answer_shows_passages_and_links_to_plain_pages_only() -> None:
    answer = send(every_state.ANSWER)
    assert answer.status == 200
    assert "<mark" in answer.text
    assert text.ANSWER_FROM in answer.text
    assert not [link for link in links(answer.text) if link.startswith("?") or link == "./"]
    assert [link for link in links(answer.text) if link.startswith("./plain/article?article=")]
    assert 'target="_blank" rel="noopener"' in answer.text
    assert f"({text.NEW_TAB})" in answer.text
    assert "data-cite" not in answer.text
    assert "data-ask" not in answer.text


def test_the_page_shows_the_very_same_passages_as_the_one_with_javascript(
    place: tuple[Path, Path],
) -> None:
    from index.store.generations import open_index
    from tests.support.fakes import BagOfWordsEncoder

    index: Any = open_index(place[1], encoder=BagOfWordsEncoder())
    found = every_state.told(index, every_state.ANSWER).response.results
    shown = send(every_state.ANSWER).text
    bodies = re.findall(r'<div class="cs-text">(.*?)</div>', shown, flags=re.DOTALL)
    assert [unescape(re.sub(r"<[^>]+>", "", body)) for body in bodies] == [
        result.passage.text for result in found[:4]
    ]


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (every_state.RELATED, "Related reading"),
        (every_state.NOTHING, "We could not find this"),
        (every_state.ROUTE, "Prices and insurance"),
        (every_state.CLAIM, "Our article says"),
        (every_state.HIDDEN, "We show no articles"),
    ],
)
def test_every_outcome_is_told_as_on_the_page(question: str, said: str) -> None:
    assert said in send(question).text


def test_a_question_in_another_language_is_met_by_open_numbers_and_one_calm_line() -> None:
    page = send(every_state.FOREIGN).text
    assert 0 < page.index('id="cs-help-now"') < page.index('id="cs-results"')
    assert "We can only search in English" in page
    assert text.ONLY_IN_MORE in page
    for said in (text.NOT_COVERED, text.RELATED, text.CORRECTED):
        assert str(said) not in page


def test_a_notice_comes_before_the_numbers_of_a_question_in_another_language() -> None:
    page = send(every_state.FOREIGN_URGENT).text
    notice, numbers = page.index('class="cs-notice cs-emergency"'), page.index('id="cs-help-now"')
    assert notice < numbers < page.index('id="cs-results"')


@pytest.mark.parametrize("stands", ["no index"], indirect=True)
def test_the_numbers_are_open_without_an_index(place: tuple[Path, Path]) -> None:
    assert 'id="cs-help-now"' in send(every_state.FOREIGN).text
    assert 'id="cs-help-now"' not in send(every_state.ANSWER).text


def test_notices_stand_before_what_was_found() -> None:
    page = send(every_state.URGENT).text
    assert 0 < page.index('class="cs-notice cs-urgent"') < page.index('id="cs-results"')


def test_a_correction_can_be_searched_as_typed_by_a_button_of_the_form() -> None:
    page = send(every_state.CORRECTED).text
    (button,) = re.findall(r'<button type="submit" form="cs-plain-form"[^>]*>', page)
    assert f'name="{document.AGAIN}" value="+{every_state.CORRECTED}"' in button
    # A browser sends the box along with the button; the button counts.
    both = f"q=neck&{document.AGAIN}=%2Bblood"
    answer = ask("/plain", method="POST", body=both.encode(), content_type=FORM)
    assert 'value="+blood"' in answer.text


def test_the_question_stands_in_the_box_and_nowhere_else_in_the_answer() -> None:
    answer = send(f"neck {SECRET}")
    assert answer.text.count(SECRET) == 1
    assert SECRET not in str(answer.pairs)
    assert "<title>Search results – Riverside Physiotherapy</title>" in answer.text


@pytest.mark.parametrize("path", ["/plain", "/plain/article", "/plain/about", "/nowhere"])
def test_an_address_is_never_read_for_a_question(path: str) -> None:
    assert SECRET not in ask(path, query=f"q={SECRET}&again={SECRET}", accept="text/html").text


@pytest.mark.parametrize("typed", ["ألم في الرقبة", "🦵🏽 neck", "Schmerz im Rücken", "“neck”"])
def test_questions_arrive_in_every_script(typed: str) -> None:
    assert f'value="{typed}"' in send(typed).text


def test_the_longest_question_of_any_language_arrives_and_a_longer_one_is_refused() -> None:
    assert send("ा" * 4000).status == 200
    assert send("x" * (rate_limit.BODY_BYTES + 1)).status == 413
    parts = [b"q=", *[b"x" * 10_000] * 7]
    refused = ask("/plain", method="POST", body=parts, content_type=FORM)
    assert refused.status == 413
    assert text.TOO_LONG in refused.text


@pytest.mark.parametrize(
    "body", [b"", b"q=", b"q=%00", b"x=1", b"\xff\xfe", b"&".join([b"a=1"] * 9)]
)
def test_an_empty_or_unreadable_form_asks_for_a_question(body: bytes) -> None:
    answer = ask("/plain", method="POST", body=body, content_type=FORM)
    assert answer.status == 200
    assert text.EMPTY in answer.text


def test_another_kind_of_body_is_not_read() -> None:
    sent = f'{{"q": "{SECRET}"}}'.encode()
    answer = ask("/plain", method="POST", body=sent, content_type="application/json")
    assert answer.status == 415
    assert SECRET not in answer.text


def test_one_visitor_cannot_search_without_end_and_another_one_can() -> None:
    answers = [send("neck") for _ in range(6)]
    assert [answer.status for answer in answers] == [200] * 5 + [429]
    assert int(answers[-1].headers["retry-after"]) > 0
    assert text.TOO_FAST in answers[-1].text
    assert text.HELP in answers[-1].text
    assert send("neck", client="192.0.2.2").status == 200


def test_a_refused_search_shows_its_notice_and_keeps_the_question() -> None:
    while (answer := send(every_state.EMERGENCY)).status == 200:
        pass
    assert answer.status == 429
    assert text.TOO_FAST in answer.text
    assert 'class="cs-notice cs-emergency"' in answer.text
    assert f'value="{every_state.EMERGENCY}"' in answer.text


@pytest.mark.parametrize("stands", ["", "no index"], indirect=True)
def test_no_question_and_no_answer_holds_the_loop_that_serves_everybody(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    names = ["read", "is_cry"]
    if not request.node.callspec.params["stands"]:
        names += ["results_html", "display"]
    drawing = note_loops(monkeypatch, routes, *names)
    notices = note_loops(monkeypatch, views, "above_results")
    rules = note_loops(monkeypatch, notice_service, "find")
    for _ in range(7):  # the last are refused
        send(every_state.EMERGENCY)
    assert drawing == dict.fromkeys(names, False)
    assert notices == {"above_results": False}
    assert rules == {"find": False}


# -- without an index, and when something fails ---------------------------------------------------


@pytest.mark.parametrize("stands", ["no index"], indirect=True)
def test_without_an_index_the_notices_of_the_rules_are_shown_and_a_calm_sentence() -> None:
    answer = send(every_state.EMERGENCY)
    assert answer.status == 200
    assert "Call <a" in answer.text
    assert 'class="cs-notice cs-emergency"' in answer.text
    assert text.UNAVAILABLE in answer.text
    articles = ask("/plain/article", query="article=dry-needling-benefits")
    assert articles.status == 503
    assert text.UNAVAILABLE in articles.text


def test_a_failing_search_says_so_shows_the_notices_and_logs_no_question(
    place: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    over = application_over(monkeypatch, *place, search=failing_search)
    with caplog.at_level(logging.DEBUG), over:
        answer = send(f"{every_state.EMERGENCY} {SECRET}")
    assert answer.status == 200
    assert 'class="cs-notice cs-emergency"' in answer.text
    assert text.FAILED in answer.text
    assert "ValueError" in caplog.text
    assert SECRET not in caplog.text


# -- reading --------------------------------------------------------------------------------------


def test_every_link_of_a_result_leads_to_its_article_with_the_passage_marked() -> None:
    found = [link for link in links(send(every_state.ANSWER).text) if "passage=" in link]
    assert len(found) == 4  # the best one, and three below it
    for link in found:
        path, _, query = link.partition("?")
        address, _, anchor = query.replace("&amp;", "&").partition("#")
        page = ask(path.removeprefix("."), query=address)
        assert page.status == 200
        assert f'id="{anchor}"' in page.text


def test_every_link_on_every_plain_page_leads_somewhere() -> None:
    seen: set[str] = set()
    waiting = ["/plain", "/plain/article", "/plain/about", "/notices"]
    waiting += [
        link.removeprefix(".").replace("&amp;", "&")
        for question in (every_state.ANSWER, every_state.ROUTE, every_state.URGENT)
        for link in links(send(question).text)
        if link.startswith("./plain")
    ]
    while waiting:
        address = waiting.pop().partition("#")[0]
        if address in seen:
            continue
        seen.add(address)
        path, _, query = address.partition("?")
        page = ask(path, query=query)
        assert page.status == 200, address
        if not path.startswith(("/plain", "/notices")):
            continue
        base = path.rpartition("/")[0]
        for link in links(page.text):
            if link.startswith("../"):
                waiting.append("/" + link.removeprefix("../").replace("&amp;", "&"))
            elif link.startswith("./"):
                waiting.append(f"{base}/" + link.removeprefix("./").replace("&amp;", "&"))
            else:
                assert link.startswith(("tel:", "#", "https://booking.example")), link
    assert "/plain/article?article=dry-needling-benefits" in seen
    assert any("like=" in address for address in seen)


def test_an_article_without_scripts_leads_to_a_new_question_only() -> None:
    page = ask("/plain/article", query="article=dry-needling-benefits&search=0123abcd").text
    assert text.ASK_AGAIN in page
    assert text.BACK not in page
    assert "0123abcd" not in page


def test_an_article_that_is_gone_leads_to_the_list() -> None:
    answer = ask("/plain/article", query=f"article={SECRET}")
    assert answer.status == 404
    assert text.NO_ARTICLE in answer.text
    assert SECRET not in answer.text
    assert "dry-needling-benefits" in answer.text


def find_articles(words: str, **more: Any) -> Answer:
    body = f"{document.BOX}={quote_plus(words)}".encode()
    return ask("/plain/article", method="POST", body=body, content_type=FORM, **more)


def test_the_list_has_a_filter_that_sends_its_words_in_a_body() -> None:
    page = ask("/plain/article")
    assert page.text.count("<form") == 1
    assert 'method="post" action="../plain/article"' in page.text
    found = find_articles("Needling benefits")
    assert (found.status, found.headers["cache-control"]) == (200, "no-store")
    assert "article=dry-needling-benefits" in found.text
    assert 'value="Needling benefits"' in found.text
    assert text.FILTER_ALL in found.text
    nothing = find_articles(SECRET)
    assert text.FILTER_NONE in nothing.text
    assert "article=dry-needling-benefits" not in nothing.text
    assert f"{text.ARTICLES_TITLE} –" in nothing.text  # the title names no word
    assert not [link for link in links(nothing.text) if SECRET in link]


@pytest.mark.parametrize("body", [b"", b"q=", b"q=%20", b"x=1", b"q=\xff", b"&" * 50])
def test_a_filter_without_words_shows_the_whole_list(body: bytes) -> None:
    answer = ask("/plain/article", method="POST", body=body, content_type=FORM)
    assert answer.status == 200
    assert "article=dry-needling-benefits" in answer.text


def test_a_filter_in_another_form_is_refused_and_words_are_only_text() -> None:
    assert (
        ask("/plain/article", method="POST", body=b"q=a", content_type="text/plain").status == 415
    )
    assert "<script>alert" not in find_articles('"><script>alert(1)</script>').text


def test_whoever_types_a_symptom_into_the_filter_finds_the_notices() -> None:
    assert 'class="cs-notice cs-emergency"' in find_articles(every_state.EMERGENCY).text
    alone = find_articles("I want to kill myself")
    assert "cs-notice" in alone.text
    assert "article=dry-needling-benefits" not in alone.text
    assert 'id="cs-help-now"' in find_articles("please help me").text


@pytest.mark.parametrize("stands", ["no index"], indirect=True)
def test_without_an_index_the_filter_says_so() -> None:
    assert find_articles("needling").status == 503


def test_a_part_and_a_passage_that_are_gone_show_the_article() -> None:
    query = "article=dry-needling-benefits&section=nowhere&passage=99"
    answer = ask("/plain/article", query=query)
    assert answer.status == 200
    assert text.NO_SECTION in answer.text


# -- headers --------------------------------------------------------------------------------------


def test_nothing_of_a_plain_page_is_kept_by_a_browser() -> None:
    for answer in (*map(ask, ("/plain", "/plain/article", "/plain/about")), send("neck")):
        assert answer.headers["cache-control"] == "no-store"
        assert not {"set-cookie", "location"} & set(answer.headers)


@pytest.mark.parametrize(
    ("path", "action"),
    [("/plain", "'self'"), ("/", "'self'"), ("/notices", "'none'"), ("/readyz", "'none'")],
)
def test_forms_may_be_sent_to_ourselves_and_only_from_where_the_search_stands(
    path: str, action: str
) -> None:
    policy = ask(path).headers["content-security-policy"].split("; ")
    assert f"form-action {action}" in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize("path", ["/plain", "/plain/article", "/notices", "/", "/readyz"])
def test_a_monitor_may_ask_for_the_headers_alone(path: str) -> None:
    asked, head = ask(path), ask(path, method="HEAD")
    assert head.status == asked.status
    assert head.headers["content-type"] == asked.headers["content-type"]


# -- the part below the box, for assets/first.js ---------------------------------------------------


def part(sent: str) -> Any:
    """Send a form as the script does; return what came back."""
    form = "application/x-www-form-urlencoded"
    answer = ask("/plain", method="POST", body=sent.encode(), content_type=form)
    assert answer.headers["cache-control"] == "no-store"
    return answer.json


def test_a_script_gets_the_same_results_with_its_own_buttons_and_links() -> None:
    found = part("q=does+it+help&part=1")
    assert found["question"] == "does it help"
    assert 'id="cs-results"' in found["html"]
    assert 'href="?article=' in found["html"]
    assert "target=" not in found["html"]
    assert found["html"].count("<form") == 1
    assert "<html" not in found["html"]
    assert found["said"]


def test_a_sealed_question_is_answered_and_what_cannot_be_opened_is_forgotten() -> None:
    kept = part("q=does+it+help&part=1")["kept"]
    assert "help" not in kept
    again = part(f"kept={kept}&part=1")
    assert (again["question"], 'id="cs-results"' in again["html"]) == ("does it help", True)
    lost = part("kept=nothing&part=1")
    assert (lost["question"], lost["kept"], lost["said"]) == ("", "", text.FORGOTTEN)
    assert part("q=&part=1")["said"] == text.EMPTY


# -- where it stands in the others ----------------------------------------------------------------


def test_the_document_holds_the_form_for_visitors_without_javascript() -> None:
    page = ask("/").text
    assert page.count("<form") == 1
    (inner,) = re.findall(r'<main id="cs-first".*?</main>', page, flags=re.DOTALL)
    assert 'action="./plain"' in inner
    assert 'type="button"' not in inner  # examples send the form


def test_the_notices_lead_to_the_plain_search() -> None:
    assert "./plain" in links(ask("/notices").text)


# -- addresses where nothing is -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "up"), [("/nowhere", "./"), ("/nowhere/", "../"), ("/a/b/c.html", "../../")]
)
def test_a_person_at_a_wrong_address_reads_a_page_that_leads_on(path: str, up: str) -> None:
    answer = ask(path, accept="text/html,application/xhtml+xml")
    assert answer.status == 404
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert text.NO_PAGE in answer.text
    assert {f"{up}", f"{up}notices"} <= set(links(answer.text))
    assert f'href="{up}assets/app.css' in answer.text
    assert path not in answer.text


@pytest.mark.parametrize("accept", ["", "*/*", "application/json"])
def test_a_program_at_a_wrong_address_gets_one_sentence(accept: str) -> None:
    answer = ask("/nowhere", accept=accept)
    assert (answer.status, answer.text) == (404, "There is no page at this address.")
    assert ask("/nowhere", method="POST", accept="text/html").text == answer.text


# -- links and buttons, one by one ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "there"),
    [
        ("?article=a", "./plain/article?article=a"),
        ("?article=a&section=b c", "./plain/article?article=a&section=b+c#cs-part-b c"),
        (
            "?article=a&section=b&passage=2",
            "./plain/article?article=a&section=b&passage=2#cs-found",
        ),
        ("?like=a%23b%2F1", "./plain/article?like=a%23b%2F1"),
        ("?view=articles", "./plain/article"),
        ("?view=articles&page=2", "./plain/article?page=2"),
        ("?view=articles&letter=%23", "./plain/article?letter=%23#cs-letter-%23"),
        ("?view=articles&letter=%C3%89", "./plain/article?letter=%C3%89#cs-letter-%C3%89"),
        ("?view=about", "./plain/about"),
        ("?view=notices", "./notices"),
        ("?view=notices&notice=stroke", "./notices#notice-stroke"),
        ("?view=unknown", "./plain"),
        ("?search=abcd1234", "./plain"),
    ],
)
def test_every_view_has_its_plain_address(address: str, there: str) -> None:
    assert document.plain_address(address) == there


def test_buttons_that_need_a_script_go_and_the_line_that_held_only_them_too() -> None:
    html = '<p class="cs-acts"><button type="button" class="cs-btn" data-print>Print</button></p>'
    assert document.without_script(html) == ""
