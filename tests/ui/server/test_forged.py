"""Messages that no browser sends, to the real page: nothing of them is logged, and it goes on.

What each of them does to a session is in `tests/attacks/test_socket.py`.
"""

from __future__ import annotations

import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.attacks.forged import CANARY
from tests.attacks.messages import FIELDS, HARMLESS, filled, rerun
from tests.attacks.stranger import connected
from tests.support.pages.browser import Server, serving
from tests.support.pages.front import handshake

BAD_ORIGINS = [
    *("http://[bad", "http://[", "http://[::1", "null", f"http://{CANARY}", f"//{CANARY}"),
    "http://a:b",
]


def bare(server: Server) -> socket.socket:
    place = urlsplit(server.url)
    return socket.create_connection((str(place.hostname), int(place.port or 0)), timeout=20)


def opens(server: Server, origin: str, host: str = "") -> int:
    with bare(server) as sock:
        return handshake(sock, host or urlsplit(server.url).netloc, origin)


@pytest.mark.slow
def test_started_by_streamlit_no_forged_message_or_origin_is_logged(tmp_path: Path) -> None:
    log = tmp_path / "page.log"
    with serving(tmp_path / "built", log, wait_for=503, streamlit=True) as server:
        before = server.written()
        with connected(server.url, 1) as stranger:
            for forge in HARMLESS.values():
                stranger.send(forge(stranger))
            stranger.draw()
            for field in FIELDS:
                for widget in (stranger.box, stranger.button, f"$$ID-{CANARY}-{CANARY}"):
                    stranger.send(filled(rerun(), widget, field))
            stranger.draw()
        with connected(server.url, 2) as other:
            assert other.box
        for origin in BAD_ORIGINS:
            assert opens(server, origin) == 403
            assert opens(server, origin, host=origin) in {400, 403}
        assert opens(server, server.url.rstrip("/")) == 101
    assert CANARY not in server.written()
    added = server.written().removeprefix(before)
    assert "Traceback" not in added
    assert "failed" not in added
    assert len(added.splitlines()) < 10  # that there is no index, once


JUNK = [
    b"\x16\x03\x01zyxcanary\r\n\r\n",
    b"GET zyxcanary\r\n\r\n",
    b"GET /?zyxcanary=\xff HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: [bad\r\n\r\n",
    b"POST /plain HTTP/1.1\r\nHost: localhost\r\nContent-Length: zyxcanary\r\n\r\n",
    b"POST /plain HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzyxcanary\r\n",
    b"POST /api/search HTTP/1.1\r\nHost: localhost\r\nOrigin: http://[zyxcanary\r\n\r\n",
]
FRAMES = [
    b"\x81\x85\0\0\0\0\xff\xfe\xfd\xfc\xfb",
    b"\xffzyxcanary",
    b"\x82\x05xylo",
    b"\x88\x81\0\0\0\0\0",
]


def test_a_flood_of_what_nobody_can_read_leaves_a_few_lines_in_the_log(tmp_path: Path) -> None:
    log = tmp_path / "page.log"
    with serving(tmp_path / "built", log, wait_for=503, environment={"CLINIC_API": "1"}) as server:
        before = server.written()
        for junk in (*JUNK, *FRAMES) * 20:
            send(server, junk, upgraded=junk in FRAMES)
    added = server.written().removeprefix(before)
    assert CANARY not in added
    assert "Traceback" not in added
    assert len(added.splitlines()) < 15


def send(server: Server, sent: bytes, *, upgraded: bool) -> None:
    """Send bytes, in a websocket or instead of a request, until the server hangs up."""
    ours = urlsplit(server.url).netloc
    with bare(server) as sock:
        if upgraded:
            assert handshake(sock, ours, f"http://{ours}") == 101
        sock.sendall(sent)
        sock.shutdown(socket.SHUT_WR)
        while sock.recv(4096):
            pass
