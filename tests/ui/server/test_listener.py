"""Connections as they come in, to a real listener: half-sent heads, and many at once."""

from __future__ import annotations

import resource
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from types import SimpleNamespace

import pytest
import uvicorn

from tests.support.pages.browser import answer, serving
from ui.server import listener as listening
from ui.server.launcher import listening_socket
from ui.server.listener import Connections, protocols

HALF = b"GET / HTTP/1.1\r\nHost: clinic.example\r\n"
WHOLE = HALF + b"\r\n"
LAST = HALF + b"Connection: close\r\n\r\n"


class Somebody:
    """A connection that notes whether it was given up."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.is_aborted = False

    def abort(self) -> None:
        self.is_aborted = True


def waiting(book: Connections, *addresses: str) -> list[Somebody]:
    made = [Somebody(address) for address in addresses]
    for connection in made:
        assert book.enter(connection)
        book.is_waiting(connection, waiting=True)
    return made


def test_a_network_has_so_many_places_however_its_addresses_are_written() -> None:
    book = Connections(each=2, altogether=99)
    ipv4 = ["192.0.2.1", "::ffff:192.0.2.1", "192.0.2.1"]
    assert [book.enter(Somebody(address)) for address in ipv4] == [True, True, False]
    ipv6 = ["2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8:0:100::3"]
    assert [book.enter(Somebody(address)) for address in ipv6] == [True, True, False, True]


def test_what_leaves_gives_its_place_back_and_leaves_once() -> None:
    book = Connections(each=1, altogether=9)
    first = Somebody("192.0.2.1")
    assert book.enter(first)
    book.leave(first)
    book.leave(first)
    assert book.enter(Somebody("192.0.2.1"))
    assert not book.enter(Somebody("192.0.2.1"))
    assert len(book) == 1


def test_who_waits_for_longest_makes_room_and_who_is_answered_never() -> None:
    book = Connections(each=9, altogether=3)
    first, second, third = waiting(book, "192.0.2.1", "192.0.2.2", "192.0.2.3")
    book.is_waiting(first, waiting=False)
    assert book.enter(Somebody("192.0.2.4"))
    assert [each.is_aborted for each in (first, second, third)] == [False, True, False]


def test_a_network_makes_room_for_itself_and_not_for_others() -> None:
    book = Connections(each=1, altogether=9)
    mine, other = waiting(book, "192.0.2.1", "192.0.2.2")
    assert book.enter(Somebody("192.0.2.1"))
    assert (mine.is_aborted, other.is_aborted) == (True, False)
    assert not book.enter(Somebody("192.0.2.1"))


def test_a_proxy_speaks_for_many_networks() -> None:
    book = Connections(each=1, altogether=3, proxies=["127.0.0.1", "10.0.0.0/28"])
    assert book.enter(Somebody("127.0.0.1"))
    assert book.enter(Somebody("::ffff:127.0.0.1"))
    assert book.enter(Somebody("10.0.0.9"))
    assert not book.enter(Somebody("127.0.0.1"))


@pytest.mark.parametrize(
    ("proxy", "address", "is_proxy"),
    [
        ("2001:db8::7", "2001:db8::7", True),
        ("2001:db8::7", "2001:db8:0:0::7", True),
        ("2001:db8::7", "2001:db8::8", False),
        ("fd00::/120", "fd00::9", True),
        ("fd00::/120", "fd00::1:9", False),
        ("::1", "::1", True),
        ("::1", "127.0.0.1", False),
        ("127.0.0.1", "::1", False),
        ("127.0.0.1", "::ffff:127.0.0.1", True),
        ("::ffff:127.0.0.1", "::ffff:127.0.0.1", True),
        ("192.0.2.1", "64:ff9b::192.0.2.1", False),
        ("fe80::/64", "fe80::1%eth0", True),
        ("127.0.0.1", "", False),
    ],
)
def test_a_proxy_is_known_by_its_own_address(proxy: str, address: str, is_proxy: bool) -> None:
    book = Connections(each=1, altogether=9, proxies=[proxy])
    assert book.enter(Somebody(address))
    assert book.enter(Somebody(address)) is (is_proxy or not address)


# -- a real listener ------------------------------------------------------------------------------


async def ok(scope: dict[str, object], receive: object, send: object) -> None:
    assert scope["type"] == "http"
    start = {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]}
    await send(start)  # type: ignore[operator]
    await send({"type": "http.response.body", "body": b"ok"})  # type: ignore[operator]


@pytest.mark.parametrize(("system", "is_shared"), [("posix", True), ("nt", False)])
def test_a_port_is_not_shared_with_another_process_on_windows(
    monkeypatch: pytest.MonkeyPatch, system: str, is_shared: bool
) -> None:
    # There the option does not mean the port of an ended process, but that of a running one.
    monkeypatch.setattr("ui.server.launcher.os", SimpleNamespace(name=system))
    with listening_socket("127.0.0.1", 0) as held:
        assert bool(held.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR)) is is_shared


@contextmanager
def listener(connections: Connections, *, head_s: float = 0.3) -> Iterator[int]:
    """Serve a little application with the page's protocols; yield its port."""
    http, websocket = protocols(connections, head_s=head_s)
    config = uvicorn.Config(
        ok, http=http, ws=websocket, lifespan="off", log_config=None, access_log=False
    )
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    held = listening_socket("127.0.0.1", 0)
    thread = Thread(target=lambda: server.run(sockets=[held]))
    thread.start()
    try:
        yield held.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(20)
        held.close()


def opened(port: int, sent: bytes = b"") -> socket.socket:
    made = socket.create_connection(("127.0.0.1", port), timeout=20)
    made.sendall(sent)
    return made


def received(connection: socket.socket) -> bytes:
    """Return all that comes until the connection is closed."""
    got = b""
    with connection:
        try:
            while part := connection.recv(4096):
                got += part
        except ConnectionResetError:
            pass
    return got


def test_heads_without_end_are_closed_and_a_visitor_is_served_meanwhile() -> None:
    with listener(Connections(each=99, altogether=99)) as port:
        halves = [opened(port, sent) for sent in (b"", b"G", HALF)]
        asking = opened(port, LAST)
        assert received(asking).startswith(b"HTTP/1.1 200")
        assert [received(half)[:12] for half in halves] == [b"HTTP/1.1 408"] * 3


def test_a_head_that_trickles_in_is_closed_too() -> None:
    with listener(Connections(each=99, altogether=99)) as port, opened(port, HALF) as slow:
        began = time.monotonic()
        slow.settimeout(0.05)
        got = b""
        while b"408" not in got and time.monotonic() - began < 20:
            try:
                slow.sendall(b"X-A: b\r\n")
                got += slow.recv(4096)
            except TimeoutError:
                continue
            except OSError:
                break
        assert time.monotonic() - began < 10


def test_the_second_request_of_a_connection_has_a_limit_as_well() -> None:
    with listener(Connections(each=99, altogether=99)) as port:
        again = opened(port, WHOLE)
        assert again.recv(4096).startswith(b"HTTP/1.1 200")
        again.sendall(HALF)
        assert received(again).startswith(b"HTTP/1.1 408")


def test_a_thousand_silent_connections_leave_room_for_a_visitor() -> None:
    book = Connections(each=999, altogether=30)
    with listener(book, head_s=60) as port:
        silent = [opened(port, HALF) for _ in range(100)]
        asking = opened(port, LAST)
        assert received(asking).startswith(b"HTTP/1.1 200")
        assert len(book) <= 30
        for connection in silent:
            connection.close()


def test_what_is_over_the_limit_is_refused_in_words_that_a_program_knows() -> None:
    class Full(Connections):
        def enter(self, connection: listening.Connection) -> bool:
            return False

    with listener(Full(each=1, altogether=1)) as port:
        assert received(opened(port)).startswith(b"HTTP/1.1 503")


def test_the_page_serves_while_more_heads_are_held_back_than_it_has_descriptors(
    built: Path, tmp_path: Path
) -> None:
    """The real launcher, which may open 300 files, and 400 connections that say nothing more."""
    few = "import resource, runpy, sys; resource.setrlimit(resource.RLIMIT_NOFILE, (300, 300));"
    few += f"sys.argv.insert(1, {str(built)!r});"
    few += "runpy.run_module('tests.support.pages.desk_page', run_name='__main__')"
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(2_000, hard), hard))
    held: list[socket.socket] = []
    try:
        with serving(built, tmp_path / "log", launcher=("-c", few)) as page:
            port = int(page.url.rsplit(":", 1)[1].strip("/"))
            held += [opened(port, HALF) for _ in range(400)]
            assert [answer(page.url + path) for path in ("readyz", "notices")] == [200, 200]
            assert "damaged" not in page.written()
    finally:
        for connection in held:
            connection.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_page_has_places_as_it_has_descriptors(monkeypatch: pytest.MonkeyPatch) -> None:
    for allowed, places in ((1024, 824), (100, 64), (resource.RLIM_INFINITY, 100_000)):
        monkeypatch.setattr(resource, "getrlimit", lambda _which, allowed=allowed: (allowed, 4096))
        assert listening.most_connections() == places
