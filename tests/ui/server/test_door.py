"""The door of the page for staff: the link, the cookie, and whom it keeps out."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from core.errors import UsageError
from tests.support.pages.asgi import Answer, application_over, ask
from tests.support.pages.guarded import HOST, OWN, Inner, connect, message
from tests.support.paths import ROOT
from ui.editor.addresses import TABLES
from ui.languages import text
from ui.server import door
from ui.server.door import VARIABLE, Door, check_address, current
from ui.server.guard import FOR_STAFF, PAGES, SOCKET, Guard
from ui.service import settings

TOKEN = "a-secret-that-nobody-guesses-0123456789"
DOOR = Door(TOKEN, is_chosen=True)
COOKIE = "=".join(DOOR.cookie)
CLOSED = [*sorted(PAGES - {"/readyz", "/_stcore/health"}), *TABLES]


@pytest.fixture(autouse=True)
def staff(monkeypatch: pytest.MonkeyPatch, content: Path, built: Path) -> Any:
    monkeypatch.setenv(settings.AUDIENCE_VARIABLE, "staff")
    monkeypatch.setenv(VARIABLE, TOKEN)
    with application_over(monkeypatch, content, built):
        yield


@pytest.mark.parametrize("path", [*CLOSED, "/nowhere", "/static/js/a.js", SOCKET, "/auth/login"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS"])
def test_without_the_cookie_no_address_answers(path: str, method: str) -> None:
    answer = ask(path, method=method)
    assert (answer.status, answer.text) == (403, FOR_STAFF)
    assert "set-cookie" not in answer.headers
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_person_reads_how_to_get_in_and_where_to_call_for_help() -> None:
    for path, up in (("/", "./"), ("/staff/claims.csv", "../")):
        answer = ask(path, accept="text/html")
        assert answer.status == 403
        assert text.DOOR_MORE in answer.text
        assert "cs-help" in answer.text
        assert f'href="{up}assets/app.css' in answer.text
        assert TOKEN not in answer.text


def test_a_monitor_and_the_style_of_that_page_need_no_cookie() -> None:
    assert ask("/readyz").status == 200
    assert ask("/assets/app.css").status == 200
    assert ask("/assets/../staff/claims.csv").status != 200


def test_the_link_gives_a_cookie_and_leads_to_the_address_without_the_secret() -> None:
    answer = ask("/", query=f"view=health&token={TOKEN}&section=cards")
    assert answer.status == 303
    assert answer.headers["location"] == "./?view=health&section=cards"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["set-cookie"] == f"{COOKIE}; Path=/; HttpOnly; SameSite=Strict"
    assert TOKEN not in str(answer.pairs) + answer.text
    assert ask("/", query=f"token={TOKEN}", cookie=COOKIE).headers["location"] == "./"


def test_the_cookie_opens_every_address_and_is_sent_encrypted_only_where_that_is_known() -> None:
    for path in ("/", "/notices", "/plain", *TABLES):
        assert ask(path, cookie=f"a=b; {COOKIE}; c").status in {200, 503}, path
    assert ask("/nowhere", cookie=COOKIE).status == 404
    scope = {"path": "/", "method": "GET", "query_string": f"token={TOKEN}".encode()}
    headers = dict(DOOR.entry({**scope, "scheme": "https"}) or ())
    assert headers[b"set-cookie"].endswith(b"; Secure")


def test_a_proxy_that_knows_people_opens_with_the_secret_itself() -> None:
    assert ask("/staff/claims.csv", authorization=f"Bearer {TOKEN}").status == 200
    for told in (f"Basic {TOKEN}", f"Bearer {TOKEN}x", TOKEN, "Bearer", "Bearer "):
        assert ask("/", authorization=told).status == 403


@pytest.mark.parametrize(
    "query",
    [
        *("token=", "token", f"token={TOKEN[:-1]}", f"token={TOKEN}x", f"token={TOKEN.upper()}"),
        *(f"TOKEN={TOKEN}", f"token={TOKEN}&token={TOKEN}", f"token=%00{TOKEN}", "token=%ff%fe"),
        *(f"q={TOKEN}", "token=\xf6"),
    ],
)
def test_no_other_secret_opens(query: str) -> None:
    answer = ask("/", query=query)
    assert answer.status == 403
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("path", ["/notices", "/staff/claims.csv", "//evil.example", "/plain"])
def test_only_the_start_page_reads_the_secret(path: str) -> None:
    answer = ask(path, query=f"token={TOKEN}")
    assert answer.status == 403
    assert "location" not in answer.headers


def test_another_cookie_opens_nothing() -> None:
    name, value = DOOR.cookie
    other = Door(TOKEN[:-1])
    assert other.cookie[0] != name
    for sent in (
        *(f"{name}=", f"{name}", f"{name}={TOKEN}", f"{name}={value}x", f"x{name}={value}"),
        *(f"{name}={other.cookie[1]}", "=".join(other.cookie), f"{name}=\xf6", ";;=;"),
    ):
        assert ask("/", cookie=sent).status == 403


def test_the_websocket_is_closed_too() -> None:
    cookie = (b"cookie", COOKIE.encode())
    for headers, reached in (([], 0), ([(b"cookie", b"a=b")], 0), ([cookie], 1)):
        inner = Inner()
        sent = connect(Guard(inner, door=DOOR), [{"bytes": message()}], HOST, OWN, *headers)
        assert len(inner.messages) == reached
        assert bool(sent) is not bool(reached)
    foreign = (b"origin", b"http://evil.localhost:8501")
    inner = Inner()
    connect(Guard(inner, door=DOOR), [{"bytes": message()}], HOST, foreign, cookie)
    assert inner.seen == []


def test_a_rebound_name_does_not_even_reach_the_door() -> None:
    assert ask("/", host="evil.example", cookie=COOKIE).status == 421
    assert ask("/", host="evil.example", query=f"token={TOKEN}").status == 421


def test_patients_have_no_door_and_no_cookie(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(settings.AUDIENCE_VARIABLE)
    assert current() is None
    answer: Answer = ask("/", query=f"token={TOKEN}")
    assert (answer.status, "set-cookie" in answer.headers) == (200, False)


def test_a_secret_is_made_by_chance_and_stays_for_the_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(VARIABLE)
    door._door.cache_clear()
    made = current()
    assert made is not None
    assert current() is made
    assert not made.is_chosen
    assert len(made.token) >= 43
    assert made.token not in repr(made)
    assert made.token not in "".join(made.cookie)
    door._door.cache_clear()
    assert current() != made


@pytest.mark.parametrize(
    "weak", ["x-short-x", "a" * 31, "a b" * 20, "a&b" * 20, "ä" * 40, "a" * 300]
)
def test_a_secret_that_is_weak_or_no_part_of_a_link_is_refused_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, weak: str
) -> None:
    monkeypatch.setenv(VARIABLE, weak)
    with pytest.raises(UsageError, match=VARIABLE) as caught:
        current()
    assert weak not in str(caught.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
def test_this_machine_needs_no_chosen_secret(host: str) -> None:
    check_address(Door(TOKEN), host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.7", "clinic-pc", "", "2001:db8::1"])
def test_other_machines_are_served_by_a_chosen_secret_only(host: str) -> None:
    check_address(DOOR, host)
    with pytest.raises(UsageError, match=VARIABLE) as caught:
        check_address(Door(TOKEN), host)
    assert "deploy/staff.conf" in str(caught.value)


def started(*arguments: str, folder: Path, **environment: str) -> str:
    """Start the page until it has said how to get in, or has ended; return what it said."""
    told = {**os.environ, "CLINIC_BUILT": str(folder), "PYTHONUNBUFFERED": "1"}
    told = {key: value for key, value in told.items() if key not in {VARIABLE, "CLINIC_AUDIENCE"}}
    command = [sys.executable, *arguments]
    said = ""
    with subprocess.Popen(
        command, cwd=ROOT, env={**told, **environment}, stdout=-1, stderr=subprocess.STDOUT
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            said += line.decode()
            if b"Staff get in" in line:
                process.terminate()
                break
        process.stdout.read()
    return said


def test_the_launcher_prints_the_link_where_nobody_chose_a_secret(tmp_path: Path) -> None:
    said = started("-m", "ui", "--staff", "--port", "0", folder=tmp_path)
    assert re.search(r"http://127\.0\.0\.1:\d+/\?token=[\w-]{43}\n", said), said
    chosen = started("-m", "ui", "--staff", "--port", "0", folder=tmp_path, **{VARIABLE: TOKEN})
    assert "Staff get in at http://127.0.0.1:" in chosen
    assert TOKEN not in chosen


def test_streamlit_run_prints_the_link_too(tmp_path: Path) -> None:
    command = ("-m", "streamlit", "run", "app.py", "--server.port", "8799")
    said = started(*command, folder=tmp_path, CLINIC_AUDIENCE="staff")
    assert re.search(r"http://127\.0\.0\.1:8799/\?token=[\w-]{43}\n", said), said


def test_the_page_does_not_start_for_staff_on_a_network_without_a_chosen_secret(
    tmp_path: Path,
) -> None:
    said = started("-m", "ui", "--staff", "--host", "0.0.0.0", "--port", "0", folder=tmp_path)
    assert "is not served to other machines" in said
    assert "Staff get in" not in said
    assert "Traceback" not in said
