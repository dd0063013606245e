"""What strangers send over a bare socket: nothing foreign comes back, and nothing is written down.

Hosts are those of the page itself; `tests/ui/server/test_guard.py` says what becomes of others.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from urllib.parse import urlsplit

import pytest

from tests.attacks.forged import (
    BODIES,
    CANARY,
    FORM,
    FORMS,
    FRAMING,
    GONE,
    HEADERS,
    JSON,
    METHODS,
    PATHS,
    get,
    head,
    post,
)
from tests.attacks.small import served
from tests.support.pages.browser import Server, answer

# Lines of files that lie on this machine and must never be in an answer.
FOREIGN = re.compile(rb"root:.*:0:0|from __future__|\[\[group\]\]|Traceback|File \"/")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The real server, whose search by programs is on too."""
    with served(tmp_path_factory.mktemp("http"), "api = true\n") as running:
        yield running


_visitors = count(1)


def exchange(server: Server, request: bytes, *, patience_s: float = 10) -> bytes:
    """Send bytes as a visitor with an address of its own; return all that comes back.

    `HOST` stands for the page's host, `END` for the lines that end a head.
    """
    number = next(_visitors)
    place = urlsplit(server.url)
    end = f"\r\nX-Forwarded-For: 10.9.{number >> 8}.{number & 255}\r\nConnection: close\r\n\r\n"
    request = request.replace(b"HOST", place.netloc.encode()).replace(b"END", end.encode())
    came = b""
    where = (str(place.hostname), int(place.port or 0))
    with socket.create_connection(where, timeout=20) as sock:
        with suppress(ConnectionError, TimeoutError):  # it may hang up before it has heard all
            sock.sendall(request)
        sock.settimeout(patience_s)
        with suppress(ConnectionError, TimeoutError):
            while piece := sock.recv(65_536):
                came += piece
    return came


def statuses(came: bytes) -> list[int]:
    return [int(found) for found in re.findall(rb"HTTP/1\.[01] (\d{3})", came)]


def harmless(server: Server, came: bytes) -> None:
    """Fail if an answer holds what it must not, or the server suffered, or wrote something."""
    assert CANARY.encode() not in came.lower()
    assert not FOREIGN.search(came), came[:300]
    assert all(status < 500 for status in statuses(came)), came[:300]
    for place in re.findall(rb"(?im)^location: *([^\r\n]*)", came):
        assert re.match(rb"\./|/(?![/\\])", place), place
    assert answer(server.url + "notices") == 200
    written = server.written()
    assert CANARY not in written.lower()
    assert "Traceback" not in written


@pytest.mark.parametrize("request_", FRAMING.values(), ids=FRAMING)
def test_requests_that_two_servers_would_read_otherwise(server: Server, request_: bytes) -> None:
    came = exchange(server, request_, patience_s=1)  # some of them are never whole
    assert statuses(came).count(200) <= 1  # nobody gets a second answer slipped in
    harmless(server, came)


@pytest.mark.parametrize("path", PATHS)
def test_no_address_leads_out_of_the_page(server: Server, path: str) -> None:
    harmless(server, exchange(server, get(path)))


@pytest.mark.parametrize("path", GONE)
def test_what_nobody_needs_is_not_there_for_anybody(server: Server, path: str) -> None:
    for method in ("GET", "POST", "PUT", "DELETE"):
        came = exchange(server, head(f"{method} {path} HTTP/1.1", "Content-Length: 0"))
        assert statuses(came) == [404] or (method != "GET" and statuses(came) == [405])
        harmless(server, came)


@pytest.mark.parametrize("method", METHODS)
def test_no_other_method_does_anything(server: Server, method: str) -> None:
    came = exchange(server, head(f"{method} / HTTP/1.1", f"X-A: {CANARY}", "Content-Length: 0"))
    assert all(400 <= status < 500 for status in statuses(came))
    harmless(server, came)


@pytest.mark.parametrize("request_", HEADERS.values(), ids=HEADERS)
def test_headers_that_no_browser_sends(server: Server, request_: bytes) -> None:
    came = exchange(server, request_)
    assert len(came) < 5_000_000
    harmless(server, came)


@pytest.mark.parametrize("body", FORMS.values(), ids=FORMS)
def test_forms_that_no_browser_sends(server: Server, body: bytes) -> None:
    came = exchange(server, post("/plain", FORM, body))
    assert statuses(came)
    harmless(server, came)


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_objects_that_no_program_sends(server: Server, body: bytes) -> None:
    came = exchange(server, post("/api/search", JSON, body))
    assert statuses(came)
    harmless(server, came)


@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data; boundary=a", "", "a/b;" * 99])
def test_files_and_other_kinds_of_bodies_are_taken_nowhere(server: Server, kind: str) -> None:
    part = f'--a\r\nContent-Disposition: form-data; name="q"; filename="{CANARY}"\r\n\r\na\r\n--a--'
    for path in ("/plain", "/api/search"):
        came = exchange(server, post(path, f"Content-Type: {kind}", part.encode()))
        assert all(400 <= status < 500 for status in statuses(came))
        harmless(server, came)


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "[::1", "a b", "a@HOST", ""])
def test_another_host_is_never_repeated_and_led_nowhere(server: Server, host: str) -> None:
    for path in ("/", "/plain", "/notices", "/static"):
        came = exchange(server, head(f"GET {path} HTTP/1.1", host=host))
        assert b"evil.example" not in came
        assert b"Access-Control" not in came
        harmless(server, came)


def test_what_was_asked_is_text_in_the_box_and_in_no_log(server: Server) -> None:
    asked = f'{CANARY}"><script !>alert(1)</script>'
    body = b"q=" + asked.replace("<", "%3C").encode()
    came = exchange(server, post("/plain", FORM, body))
    assert statuses(came) == [200]
    assert f"{CANARY}&quot;&gt;&lt;script !&gt;alert(1)".encode() in came
    assert b"<script" not in came
    assert CANARY not in server.written()
