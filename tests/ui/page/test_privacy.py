"""Every privacy promise, tried on the real page: real launcher, real browser, a watched process."""

from __future__ import annotations

import base64
import json
import os
import re
import socket
import subprocess
import tomllib
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.support.pages.browser import (
    ARGUMENTS,
    Server,
    chromium,
    home,
    opened,
    search,
    serving,
    taken_over,
)
from tests.support.pages.front import handshake
from tests.support.pages.visitor import Visitor, visiting
from tests.support.paths import ROOT
from tests.support.watch import Watch, command, files_with, snapshot
from ui.languages import text

pytestmark = [pytest.mark.browser, pytest.mark.model]

SECRET = "glockenspielerin"
ORDINARY = "does it improve blood flow?"
URGENT = "crushing chest pain down my left arm"

STORED = """async () => ({
    local: {...localStorage},
    session: {...sessionStorage},
    cookies: document.cookie,
    databases: (await indexedDB.databases()).map(one => one.name),
    caches: await caches.keys(),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
    files: await Array.fromAsync((await navigator.storage.getDirectory()).keys()),
    history: history.state,
    asked: performance.getEntriesByType("resource").map(one => one.name),
})"""


def send_raw(server: Server, request: bytes) -> bytes:
    """Send bytes as they are and return what comes first; nothing when the server hangs up."""
    place = urlsplit(server.url)
    where = (str(place.hostname), int(place.port or 0))
    with socket.create_connection(where, timeout=10) as sock, suppress(ConnectionError):
        sock.sendall(request)
        return sock.recv(4096)
    return b""


def pages_of_history(visitor: Visitor) -> list[Any]:
    """Return what the browser's Back button knows: addresses and titles."""
    told = visitor.context.new_cdp_session(visitor.page).send("Page.getNavigationHistory")
    return list(told["entries"])


def kinds(frames: list[str | bytes], message: Any) -> Counter[str]:
    """Count the kinds of Streamlit's messages."""
    found: Counter[str] = Counter()
    for frame in frames:
        assert isinstance(frame, bytes)
        read = message()
        read.ParseFromString(frame)
        found[read.WhichOneof("type")] += 1
    return found


# -- the question is nowhere -----------------------------------------------------------------------


def test_after_twenty_searches_the_question_is_in_no_address_title_history_storage_file_or_log(
    visitor: Visitor, server: Server, watch: Watch, real_built: Path
) -> None:
    page = visitor.page
    home(page)
    search(page, "is anything injected?")
    watched = (*watch.places(), real_built)
    before = snapshot(*watched)
    for number in range(20):
        search(page, f"{SECRET} neck pain {number}")
        assert SECRET not in page.title()
        assert SECRET not in page.url
    assert page.locator("#cs-results").count() == 1

    history = pages_of_history(visitor)
    assert len(history) > 20
    assert SECRET not in str(history)
    for _ in range(3):
        page.go_back()
        expect(page.get_by_label("What would you like to know?")).to_have_value(re.compile(SECRET))
        assert SECRET not in str(page.evaluate("[history.state, document.title, location.href]"))
    assert SECRET not in str(visitor.asked)

    stored = page.evaluate(STORED)
    assert SECRET not in str(stored)
    stored.pop("asked")
    assert set(stored.pop("local")) <= {"stActiveTheme-/-v2"}  # Streamlit's: light or dark
    assert stored.pop("history") in ({}, None)
    # The questions of this tab, sealed: ui/service/sealed.py.
    kept = json.loads(stored.pop("session")["cs-kept"])
    assert len(kept) == 20
    for sealed in kept.values():
        assert SECRET.encode() not in base64.urlsafe_b64decode(sealed)
    assert not any(stored.values()), stored
    assert visitor.context.cookies() == []

    assert snapshot(*watched) == before
    assert files_with(SECRET, *watched) == []
    assert SECRET not in server.written()
    assert SECRET not in watch.record.read_text()
    assert any(SECRET.encode() in sent for sent in visitor.sent if isinstance(sent, bytes))


def test_what_is_typed_leaves_nothing_in_the_browsers_own_folder(
    browser: Browser, server: Server, tmp_path: Path
) -> None:
    """History, session restore, autofill, cache: a shared computer keeps no symptom."""
    context = browser.browser_type.launch_persistent_context(
        str(tmp_path), executable_path=chromium(), args=ARGUMENTS, base_url=server.url
    )
    page = context.pages[0]
    home(page)
    search(page, f"{SECRET} neck pain")
    search(page, f"blood flow {SECRET}", click=True)
    page.go_back()
    expect(page.get_by_label("What would you like to know?")).to_have_value(f"{SECRET} neck pain")
    context.close()
    assert files_with("127.0.0.1", tmp_path), "the browser keeps no history, so this shows nothing"
    assert files_with(SECRET, tmp_path) == []


def test_no_log_line_holds_a_question_whatever_arrives(server: Server) -> None:
    host = urlsplit(server.url).netloc
    for head in (
        f"GET /?q={SECRET} HTTP/1.1\r\nHost: {host}",
        f"GET /{SECRET} HTTP/1.1\r\nHost: {host}",
        f"GET /?q={SECRET}{'x' * 3000} HTTP/1.1\r\nHost: {host}",
        f"GET /?q={SECRET} {SECRET} HTTP/1.1\r\nHost: {host}",
        f"GET /?q={SECRET}\x00 HTTP/1.1\r\nHost: {host}",
        f"GET /static/{SECRET}.js?q={SECRET} HTTP/1.1\r\nHost: {host}",
        f"GET /assets/{SECRET}.js HTTP/1.1\r\nHost: {host}",
        f"GET / HTTP/1.1\r\nHost: {host}\r\nReferer: https://x.example/?q={SECRET}",
        f"POST /?q={SECRET} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 3",
        f"{SECRET.upper()} /?q={SECRET} HTTP/1.1\r\nHost: {host}",
        f"GET /_stcore/stream?q={SECRET} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket",
        f"{SECRET}",
    ):
        send_raw(server, f"{head}\r\nConnection: close\r\n\r\n".encode())
    for path, body in (
        ("plain", f"question={SECRET}"),
        ("plain", f"question={SECRET}" + "x" * 100_000),
        ("api/search", f'{{"query": "{SECRET}"}}'),
    ):
        head = f"POST /{path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {len(body)}"
        kind = "Content-Type: application/x-www-form-urlencoded\r\nConnection: close"
        send_raw(server, f"{head}\r\n{kind}\r\n\r\n{body}".encode())
    place = urlsplit(server.url)
    for origin in (server.url.rstrip("/"), f"https://{SECRET}.example"):
        with socket.create_connection((str(place.hostname), int(place.port or 0))) as sock:
            handshake(sock, host, origin, f"?q={SECRET}")
            # A text frame, and half of one: what Streamlit would write a line about.
            sock.sendall(b"\x81\x85\0\0\0\0hello\x82\xff")
    assert SECRET not in server.written().lower()


# -- nobody else is told ---------------------------------------------------------------------------


def test_the_browser_asks_the_pages_own_host_and_no_other(visitor: Visitor, server: Server) -> None:
    page = visitor.page
    home(page)
    search(page, ORDINARY)
    search(page, URGENT)
    page.get_by_role("link", name="Articles").first.click()
    expect(page.locator("#cs-title")).to_have_text([text.ARTICLES_TITLE])
    page.wait_for_load_state("networkidle")
    hosts = {
        urlsplit(url).netloc for url in visitor.asked if not url.startswith(("data:", "blob:"))
    }
    assert hosts == {urlsplit(server.url).netloc}
    assert any(url.startswith("ws:") for url in visitor.asked)


def test_the_server_calls_no_other_machine_and_starts_no_program(
    visitor: Visitor, server: Server, watch: Watch
) -> None:
    page = visitor.page
    home(page)
    search(page, ORDINARY)
    search(page, URGENT)
    place = urlsplit(server.url)
    for origin in ("https://evil.example", "http://localhost:9999"):  # Streamlit would ask about it
        with socket.create_connection((str(place.hostname), int(place.port or 0))) as sock:
            assert handshake(sock, place.netloc, origin) == 403
    assert watch.events("call") == []
    assert watch.events("start") == []


def test_the_server_opens_no_file_for_writing_but_while_it_starts(
    visitor: Visitor, server: Server, watch: Watch
) -> None:
    temporary = str(watch.places()[2])
    at_the_start = watch.events("write")
    assert all(temporary in what for _, what, *_ in at_the_start), at_the_start
    home(visitor.page)
    search(visitor.page, ORDINARY)
    search(visitor.page, URGENT)
    assert watch.events("write") == at_the_start


def test_the_watch_sees_what_it_is_there_for(tmp_path: Path) -> None:
    """The control: each of these events would fail a test above."""
    watch = Watch(tmp_path)
    lines = """
import os, pathlib, socket, subprocess
for ask in (lambda: socket.getaddrinfo("127.0.0.1", 80), lambda: socket.gethostbyname("127.0.0.1"),
            lambda: socket.create_connection(("127.0.0.1", 1), 1),
            lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"", ("127.0.0.1", 9))):
    try: ask()
    except OSError: pass
pathlib.Path("written").write_text("x")
os.close(os.open("opened", os.O_WRONLY | os.O_CREAT))
pathlib.Path("written").read_text()
subprocess.run(["true"])
"""
    environment = {**os.environ, **watch.environment()}
    subprocess.run(command(lines), env=environment, cwd=watch.places()[0], check=True)
    assert {event for event, *_ in watch.events("call")} >= {
        "socket.getaddrinfo",
        "socket.gethostbyname",
        "socket.connect",
        "socket.sendto",
    }
    assert [what for event, what, *_ in watch.events("write")] == ["written", "opened"]
    assert [event for event, *_ in watch.events("start")][:1] == ["subprocess.Popen"]
    assert files_with("x", tmp_path / "cwd") == [str(tmp_path / "cwd" / "written")]


# -- no statistics, no tracebacks ------------------------------------------------------------------


def test_the_browser_is_told_to_gather_no_statistics_and_to_show_no_details(
    visitor: Visitor,
) -> None:
    opened(visitor.page)
    sessions = []
    for frame in visitor.received:
        message = ForwardMsg()
        message.ParseFromString(frame)
        if message.WhichOneof("type") == "new_session":
            sessions.append(message.new_session)
    assert sessions
    for session in sessions:
        assert session.config.gather_usage_stats is False
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config["browser"]["gatherUsageStats"] is False
    assert config["client"]["showErrorDetails"] == "none"
    assert config["client"]["showErrorLinks"] is False
    assert not any("metrics" in url or "webhooks" in url for url in visitor.asked)


@pytest.mark.parametrize(("fault", "seen"), [("search", text.FAILED), ("page", "error")])
def test_a_fault_shows_the_visitor_a_sentence_and_neither_trace_nor_place(
    browser: Browser, tmp_path: Path, fault: str, seen: str
) -> None:
    log = tmp_path / "page.log"
    launcher = ("-m", "tests.support.files.broken", fault)
    with serving(tmp_path, log, launcher=launcher, wait_for=200) as running:
        visitor = Visitor(browser, running.url)
        page = visitor.page
        page.goto("./")
        if fault == "search":
            taken_over(page)
            page.get_by_label("What would you like to know?").fill(f"{SECRET} neck")
            page.get_by_label("What would you like to know?").press("Enter")
        expect(page.locator("[data-testid=stMain]")).to_contain_text(seen)
        shown = page.locator("body").inner_html()
        received = b"".join(one for one in visitor.received if isinstance(one, bytes))
        visitor.context.close()
        for word in ("Traceback", "place.py", "ValueError", "RuntimeError", "line "):
            assert word not in shown, word
        for leak in (b"Traceback", b"place.py", b"ValueError", b"RuntimeError", b"broken.py"):
            assert leak not in received, leak
        if fault == "search":
            assert "ValueError" in running.written()  # staff are told what, not what was asked
        assert SECRET not in running.written()
        assert [wrong for wrong in visitor.wrong if "foreign" in wrong] == []


# -- the same for everybody ------------------------------------------------------------------------


def network_record(browser: Browser, server: Server, question: str) -> dict[str, Any]:
    """Search once as a new visitor and return what somebody on the line could tell apart."""
    with visiting(browser, server.url) as visitor:
        page = visitor.page
        home(page)
        page.wait_for_load_state("networkidle")
        first = len(visitor.asked)
        visitor.sent.clear()
        visitor.received.clear()
        search(page, question)
        page.wait_for_timeout(700)  # whatever would be sent a little later
        return {
            "before": sorted(urlsplit(url).path for url in visitor.asked[:first]),
            "asked": sorted(urlsplit(url).path for url in visitor.asked[first:]),
            "sent": kinds(visitor.sent, BackMsg),
            "received": kinds(visitor.received, ForwardMsg),
            "address": re.sub("[0-9a-f]{8}$", "", urlsplit(page.url).query),
            "stored": len(page.evaluate("({...localStorage, ...sessionStorage})")),
        }


def test_an_urgent_question_looks_like_any_other_on_the_line(
    browser: Browser, server: Server
) -> None:
    ordinary = network_record(browser, server, ORDINARY)
    urgent = network_record(browser, server, URGENT)
    drawn = [record["received"].pop("delta") for record in (ordinary, urgent)]
    assert urgent == ordinary
    assert ordinary["sent"] == {"rerun_script": 1}
    assert abs(drawn[0] - drawn[1]) <= 4  # parts of the page: a notice, or "Searching ..."


# -- what the page says and holds back -------------------------------------------------------------


def test_the_request_for_no_names_stands_at_the_box(page: Page) -> None:
    home(page)
    hint = page.locator("#cs-hint")
    expect(hint).to_contain_text("Please don’t include your name or contact details.")
    expect(hint).to_be_in_viewport()
    expect(page.get_by_label("What would you like to know?")).to_have_attribute(
        "aria-describedby", "cs-hint"
    )


FRAMING = ("x-frame-options", "content-security-policy")


@pytest.mark.parametrize("taken_away", [(), FRAMING[:1], FRAMING[1:], FRAMING])
def test_no_other_site_can_put_the_page_into_a_frame(
    browser: Browser, server: Server, taken_away: tuple[str, ...]
) -> None:
    """Each of the two headers suffices; the control is that without both the page is shown."""

    def answer(route: Route) -> None:
        given = route.fetch()
        headers = {key: value for key, value in given.headers.items() if key not in taken_away}
        route.fulfill(response=given, headers=headers)

    context = browser.new_context()
    page = context.new_page()
    around = f"<iframe src='{server.url}'></iframe>"
    context.route("http://evil.example/", lambda route: route.fulfill(body=around))
    context.route(server.url, answer)
    page.goto("http://evil.example/")
    shown = page.frame_locator("iframe").locator(".cs-help")
    expect(shown).to_have_count(1 if taken_away == FRAMING else 0)
    assert page.frames[1].url.startswith(server.url if taken_away == FRAMING else "chrome-error:")
    context.close()


def test_no_script_runs_that_is_not_the_pages_own(browser: Browser, server: Server) -> None:
    context = browser.new_context(base_url=server.url)
    page = context.new_page()
    opened(page)
    ran = page.evaluate("""() => {
        const inline = document.createElement("script")
        inline.textContent = "window.ran = 'inline'"
        document.body.append(inline)
        const button = document.createElement("button")
        button.setAttribute("onclick", "window.ran = 'handler'")
        document.body.append(button)
        button.click()
        return window.ran ?? null
    }""")
    context.close()
    assert ran is None
