"""`POST /api/search`: off unless turned on, and never an answer without its notices."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.clinic_settings import read_clinic
from core.errors import ContentError
from index.search import pipeline as searching
from safety.notices.finder import notice_records
from tests.support.pages import every_state
from tests.support.pages.asgi import HOST, Answer, application_over, ask, failing_search, note_loops
from tests.support.paths import ROOT
from ui.api import response
from ui.languages import text
from ui.limits import rate_limit
from ui.rendering.passage import passage_address
from ui.service import notice_service, settings

PATH = "/api/search"
SECRET = "glockenspielerin"
AGENCY = "https://www.clinic.example"


@pytest.fixture(scope="module")
def place(clinic_built: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A clinic that has turned the address on, and lets one website's pages ask."""
    content = tmp_path_factory.mktemp("api") / "content"
    lines = f'api = true\napi_origins = ["{AGENCY}"]\n'
    return every_state.copied_content(content, lines), clinic_built


@pytest.fixture(autouse=True)
def stands(
    place: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[None]:
    """The application over that index; "no index" leaves it out."""
    no_index = getattr(request, "param", "") == "no index"
    with application_over(monkeypatch, place[0], None if no_index else place[1]):
        yield


def send(question: Any, **more: Any) -> Answer:
    given: dict[str, Any] = {"query": question} if isinstance(question, str) else question
    headers = {"content_type": "application/json", **more}
    return ask(PATH, method="POST", body=json.dumps(given).encode(), **headers)


# -- on and off -----------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS"])
def test_where_it_is_off_there_is_nothing_at_its_address(
    monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    monkeypatch.setenv(settings.API_VARIABLE, "0")
    answer = ask(PATH, method=method, body=b'{"query": "neck"}', content_type="application/json")
    nowhere = ask("/api/nowhere")
    assert answer.status == nowhere.status == 404
    assert method == "HEAD" or answer.body == nowhere.body


@pytest.mark.parametrize("key", ["embed_origins", "api_origins"])
@pytest.mark.parametrize(
    "value",
    [
        *('"https://www.clinic.example"', "[1]", '["*"]', '["https://*.clinic.example"]'),
        *('["https://www.clinic.example/"]', '["https://www.clinic.example/search"]'),
        *('["http://www.clinic.example"]', '["www.clinic.example"]'),
        *('["https://a.example; script-src *"]', '["https://a.example https://b.example"]'),
        "[\"'self'\"]",
    ],
)
def test_a_website_has_to_be_named_as_browsers_name_it(
    tmp_path: Path, key: str, value: str
) -> None:
    (tmp_path / "clinic.toml").write_text(f"{key} = {value}")
    with pytest.raises(ContentError, match="cannot be used") as caught:
        read_clinic(tmp_path)
    assert key in (caught.value.where or "")
    good = '["https://www.clinic.example", "https://a-b.example:8443", "http://localhost:3000"]'
    (tmp_path / "clinic.toml").write_text(f"{key} = {good}")
    assert len(getattr(read_clinic(tmp_path), key)) == 3


def test_it_is_off_unless_the_settings_or_an_environment_variable_turn_it_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert read_clinic(ROOT / "content").api is False
    monkeypatch.setenv(settings.CONTENT_VARIABLE, str(tmp_path))
    assert not settings.is_api_on()
    monkeypatch.setenv(settings.API_VARIABLE, "1")
    assert settings.is_api_on()


# -- what is answered -----------------------------------------------------------------------------


def test_an_answer_is_what_the_command_line_prints_with_what_must_be_shown(
    place: tuple[Path, Path],
) -> None:
    from index.output import response_record
    from index.store.generations import open_index
    from tests.support.fakes import BagOfWordsEncoder

    index: Any = open_index(place[1], encoder=BagOfWordsEncoder())
    answer = every_state.told(index, every_state.ANSWER)
    printed = response_record(answer.response, notice_records(answer.notices))
    record = send(every_state.ANSWER).json
    assert record.keys() > printed.keys()
    for name in printed.keys() - {"results", "notices", "route"}:
        assert record[name] == printed[name], name
    for mine, theirs in zip(record["results"], printed["results"], strict=True):
        assert {name: mine[name] for name in theirs} == theirs
    addresses = [passage_address(result.passage) for result in answer.response.results]
    assert [result["address"] for result in record["results"]] == addresses
    assert {result["review"] for result in record["results"]} == {"Not clinically reviewed"}
    assert (record["purpose"], record["short_purpose"]) == (text.PURPOSE, text.SHORT_PURPOSE)
    assert record["clinic"] == "Riverside Physiotherapy"
    assert record["help"]["emergency"] == "999"
    assert record["help"]["clinic"] == "020 7946 0000"


def test_no_more_passages_come_than_were_asked_for() -> None:
    assert len(send({"query": every_state.ANSWER, "k": 2}).json["results"]) == 2
    assert len(send({"query": every_state.ANSWER}).json["results"]) == response.MOST_RESULTS
    assert response.MOST_RESULTS == searching.DEFAULT_K


def test_notices_come_with_the_texts_that_must_be_shown() -> None:
    notice = send(every_state.URGENT).json["notices"][0]
    group = settings.red_flags().groups[notice["group"]]
    assert notice["level"] == group.level == "urgent"
    assert notice["level_name"] == "Get help today"
    assert notice["title"] == group.title
    assert notice["heading"]
    assert "{" not in notice["heading"] + "".join(notice["bullets"])
    assert notice["in_full"] is True
    assert notice["is_information"] is False


def test_what_may_not_stand_under_a_notice_is_not_in_the_answer() -> None:
    hidden = send(every_state.HIDDEN).json
    assert hidden["articles"] == "hidden"
    assert hidden["results"] == []
    assert hidden["route_card"] is None
    assert hidden["notices"][0]["level"] == "emergency"
    assert send(every_state.EMERGENCY).json["articles"] == "collapsed"


def test_passages_that_are_no_answer_come_only_where_the_page_would_show_them() -> None:
    related = send(every_state.RELATED).json
    assert related["outcome"] == "related"
    assert related["results"]
    nothing = send(every_state.ROUTE).json
    assert nothing["outcome"] == "not_covered"
    assert nothing["results"] == []
    assert nothing["route"] == "cost"
    assert nothing["route_card"]["title"] == "Prices and insurance"


def test_a_question_about_the_clinic_comes_with_its_details() -> None:
    record = send("what is your phone number").json
    card = record["contact_card"]
    assert card["about"] == "contact"
    assert card["title"] == record["summary"] == "How to reach us"
    assert card["details"] == {"telephone": "020 7946 0000"}
    assert send(every_state.ANSWER).json["contact_card"] is None


def test_a_program_learns_that_a_question_was_not_understood() -> None:
    record = send(every_state.FOREIGN).json
    assert record["is_understood"] is False
    assert record["help_now"] == {"title": "Get help now", "text": ""}
    assert record["summary"] == "We can only search in English"
    assert record["results"] == []
    assert record["route"] is None
    understood = send(every_state.ANSWER).json
    assert understood["is_understood"] is True
    assert understood["help_now"] is None


@pytest.mark.parametrize("stands", ["no index"], indirect=True)
def test_without_an_index_the_notices_of_the_rules_come_all_the_same() -> None:
    answer = send(every_state.EMERGENCY)
    assert answer.status == 503
    assert answer.json["notices"][0]["level"] == "emergency"
    assert answer.json["purpose"] == text.PURPOSE
    assert "chest" not in answer.json["error"]
    assert "results" not in answer.json


# -- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"[]", b"neck", b'{"query": 3}', b'{"query": ""}', b'{"query": "\\u0000"}'),
        *(b'{"k": 3}', b'{"query": "neck", "k": 0}', b'{"query": "neck", "k": 6}'),
        *(b'{"query": "neck", "k": true}', b'{"query": "neck", "k": 2.5}'),
        *(b'{"query": "neck", "more": 1}', b'{"query": "\xff"}', b"[" * 60_000),
        '{"query": "näck"}'.encode("utf-16"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words_and_as_json(body: bytes) -> None:
    answer = ask(PATH, method="POST", body=body, content_type="application/json")
    assert answer.status == 400
    assert answer.json["error"].endswith(".")
    assert list(answer.json) == ["error"]


@pytest.mark.parametrize(
    ("status", "sent"),
    [
        (400, {"body": f'{{"query": "{SECRET}"'.encode()}),
        (400, {"body": json.dumps({"query": SECRET, "k": 99}).encode()}),
        (413, {"body": json.dumps({"query": SECRET + "x" * rate_limit.BODY_BYTES}).encode()}),
        (415, {"body": f"query={SECRET}".encode(), "content_type": "text/plain"}),
        (405, {"method": "GET", "query": f"query={SECRET}"}),
        (403, {"body": SECRET.encode(), "origin": "https://evil.example"}),
        (414, {"query": SECRET * 200}),
    ],
)
def test_no_error_repeats_what_was_sent(status: int, sent: dict[str, Any]) -> None:
    answer = ask(PATH, **{"method": "POST", "content_type": "application/json", **sent})
    assert answer.status == status
    assert SECRET not in answer.text + str(answer.pairs)


def test_a_failing_search_logs_no_question(
    place: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    over = application_over(monkeypatch, *place, search=failing_search)
    with caplog.at_level(logging.DEBUG), over:
        answer = send(SECRET)
    assert answer.status == 503
    assert "ValueError" in caplog.text
    assert SECRET not in caplog.text + answer.text


def test_an_answered_search_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        assert send(SECRET).status == 200
    assert SECRET not in caplog.text


def test_one_address_may_not_ask_without_end() -> None:
    answers = [send("neck") for _ in range(11)]  # half the price of five searches of the page
    assert [answer.status for answer in answers] == [200] * 10 + [429]
    assert int(answers[-1].headers["retry-after"]) > 0
    assert answers[-1].json["error"]
    assert send("neck", client="192.0.2.9").status == 200


def test_a_refused_search_comes_with_its_notices_and_its_numbers() -> None:
    while (answer := send(every_state.EMERGENCY)).status == 200:
        pass
    assert answer.status == 429
    assert answer.json["notices"][0]["level"] == "emergency"
    assert answer.json["help"]["clinic"] == "020 7946 0000"


@pytest.mark.slow
def test_no_question_and_no_answer_holds_the_loop_that_serves_everybody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names = ["read_asked", "answer_record", "notice_texts"]
    records = note_loops(monkeypatch, response, *names)
    rules = note_loops(monkeypatch, notice_service, "find")
    while send(every_state.EMERGENCY).status == 200:
        pass
    assert records == dict.fromkeys(names, False)
    assert rules == {"find": False}


def test_every_door_takes_of_one_allowance() -> None:
    for _ in range(5):
        form = "application/x-www-form-urlencoded"
        plain = ask("/plain", method="POST", body=b"q=neck", content_type=form)
        assert plain.status == 200
    assert send("neck").status == 429
    assert send("neck", client="::ffff:192.0.2.1").status == 429
    assert send("neck", client="::ffff:192.0.2.2").status == 200


def test_a_long_question_takes_more_of_the_allowance() -> None:
    assert [send("neck " * 600).status for _ in range(2)] == [200, 429]
    assert send("neck").status == 200


def test_other_methods_are_refused_with_those_that_exist() -> None:
    assert ask(PATH).headers["allow"] == "POST, OPTIONS"
    assert ask(PATH).json["error"] == "Send the question by POST."
    assert ask(PATH, method="DELETE").status == 405


# -- browsers -------------------------------------------------------------------------------------


def test_a_page_of_a_named_website_may_ask_and_read() -> None:
    before = ask(PATH, method="OPTIONS", origin=AGENCY, access_control_request_method="POST")
    assert before.status == 204
    assert before.headers["access-control-allow-origin"] == AGENCY
    assert before.headers["access-control-allow-methods"] == "POST"
    assert before.headers["access-control-allow-headers"] == "content-type"
    answer = send("neck", origin=AGENCY)
    assert answer.status == 200
    assert answer.headers["access-control-allow-origin"] == AGENCY
    assert answer.headers["vary"].split(", ")[0] == "origin"
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize("origin", ["https://evil.example", "null", f"{AGENCY}:444", "*"])
def test_a_page_of_another_website_may_neither_ask_nor_read(origin: str) -> None:
    for answer in (send("neck", origin=origin), ask(PATH, method="OPTIONS", origin=origin)):
        assert answer.status == 403
        assert not [name for name in answer.headers if name.startswith("access-control-")]


def test_programs_and_the_pages_own_scripts_may_ask() -> None:
    for headers in ({}, {"origin": f"https://{HOST}"}):
        answer = send("neck", **headers)
        assert answer.status == 200
        assert "access-control-allow-origin" not in answer.headers


def test_nothing_of_an_answer_is_kept() -> None:
    for answer in (send("neck"), send("")):
        assert answer.headers["cache-control"] == "no-store"
        assert "set-cookie" not in answer.headers


def test_the_same_question_raises_the_same_notices_as_on_the_page() -> None:
    for question in (every_state.EMERGENCY, every_state.CAUTION, every_state.INFORMATION):
        raised = [notice.group for notice in notice_service.find(question)]
        assert raised
        assert [notice["group"] for notice in send(question).json["notices"]] == raised
