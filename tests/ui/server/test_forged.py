"""Messages that no browser sends, to the real page: nothing of them is logged, and it goes on."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from tests.support.pages.browser import Server, serving
from tests.support.pages.front import handshake
from tests.ui.server.test_messages import BUTTON, FRAGMENT, rerun, with_value

WORD = "xylophonist"
BAD = [
    "http://[bad",
    "http://[",
    "http://[::1",
    "null",
    f"http://{WORD}",
    f"//{WORD}",
    "http://a:b",
]


def with_context() -> BackMsg:
    message = rerun(query_string=f"%zz&{WORD}=%ff%fe&=&&view[]={WORD}&q=%00")
    context = message.rerun_script.context_info
    context.timezone = context.locale = context.color_scheme = WORD
    context.url = f"http://[{WORD}"
    context.timezone_offset = 2**31 - 1
    return message


def with_json() -> BackMsg:
    message = with_value("json_value")
    message.rerun_script.widget_states.widgets[0].json_value = "{"
    return message


FORGED: dict[str, Callable[[], BackMsg]] = {
    "json": with_json,
    "json in a button": lambda: with_value("json_trigger_value", widget=BUTTON),
    "fragment": lambda: rerun(fragment_id=WORD),
    "unknown fragment": lambda: rerun(fragment_id=FRAGMENT),
    "page": lambda: rerun(page_name=WORD),
    "page hash": lambda: rerun(page_script_hash=WORD),
    "unknown page": lambda: rerun(page_script_hash=FRAGMENT),
    "trigger in the box": lambda: with_value("trigger_value"),
    "text in the button": lambda: with_value("string_value", widget=BUTTON),
    "another box": lambda: with_value("string_value", widget=f"$$ID-{WORD}-{WORD}"),
    "address and browser": with_context,
    "widget of nobody": lambda: with_value("string_value", widget=WORD),
}


async def drawn(socket: ClientConnection) -> str:
    """Wait until a run of the script has ended, other than for the next one; return how."""
    while True:
        message = ForwardMsg()
        message.ParseFromString(await asyncio.wait_for(socket.recv(), 60))
        if message.WhichOneof("type") == "script_finished":
            ended = ForwardMsg.ScriptFinishedStatus.Name(message.script_finished)
            if ended != "FINISHED_EARLY_FOR_RERUN":
                return ended


async def forge(server: Server) -> list[str]:
    address = server.url.replace("http", "ws", 1) + "_stcore/stream"
    async with connect(
        address, origin=server.url.rstrip("/"), subprotocols=["streamlit"], max_size=None
    ) as socket:  # type: ignore[arg-type]
        await socket.send(rerun().SerializeToString())
        ended = [await drawn(socket)]
        for make in FORGED.values():
            await socket.send(make().SerializeToString())
        await socket.send(rerun().SerializeToString())
        return [*ended, await drawn(socket)]


def run(work: Any) -> Any:
    with ThreadPoolExecutor(1) as pool:  # the browser tests keep a loop running in this thread
        return pool.submit(asyncio.run, work).result()


@pytest.mark.parametrize("streamlit", [False, True], ids=["launcher", "streamlit-run"])
def test_what_no_browser_sends_is_neither_logged_nor_an_error(
    tmp_path: Path, streamlit: bool
) -> None:
    log = tmp_path / "page.log"
    with serving(tmp_path / "built", log, wait_for=503, streamlit=streamlit) as server:
        before = server.written()
        assert run(forge(server)) == ["FINISHED_SUCCESSFULLY"] * 2
        for origin in BAD:
            assert websocket(server, origin) == 403
            assert websocket(server, origin, host=origin) in {400, 403}
        assert websocket(server, server.url.rstrip("/")) == 101
    assert WORD not in server.written()
    added = server.written().removeprefix(before)
    assert "Traceback" not in added
    assert "failed" not in added
    assert len(added.splitlines()) < 10  # that there is no index, once


JUNK = [
    b"\x16\x03\x01xylophonist\r\n\r\n",
    b"GET xylophonist\r\n\r\n",
    b"GET /?xylophonist=\xff HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: [bad\r\n\r\n",
    b"POST /plain HTTP/1.1\r\nHost: localhost\r\nContent-Length: xylophonist\r\n\r\n",
    b"POST /plain HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nxylophonist\r\n",
    b"POST /api/search HTTP/1.1\r\nHost: localhost\r\nOrigin: http://[xylophonist\r\n\r\n",
]
FRAMES = [
    b"\x81\x85\0\0\0\0\xff\xfe\xfd\xfc\xfb",
    b"\xffxylophonist",
    b"\x82\x05xylo",
    b"\x88\x81\0\0\0\0\0",
]


def test_a_flood_of_what_nobody_can_read_leaves_a_few_lines_in_the_log(tmp_path: Path) -> None:
    log = tmp_path / "page.log"
    with serving(tmp_path / "built", log, wait_for=503, environment={"CLINIC_API": "1"}) as server:
        before = server.written()
        for _ in range(20):
            for junk in JUNK:
                answered(server, junk)
            for frame in FRAMES:
                answered(server, frame, upgraded=True)
    added = server.written().removeprefix(before)
    assert WORD not in added
    assert "Traceback" not in added
    assert len(added.splitlines()) < 15


def answered(server: Server, sent: bytes, *, upgraded: bool = False) -> bytes:
    """Send bytes, in a websocket or instead of a request, until the server hangs up."""
    ours = server.url.removeprefix("http://").rstrip("/")
    place, _, port = ours.partition(":")
    with socket.create_connection((place, int(port)), timeout=20) as sock:
        if upgraded:
            assert handshake(sock, ours, f"http://{ours}") == 101
        sock.sendall(sent)
        sock.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: sock.recv(4096), b""))


def websocket(server: Server, origin: str, host: str = "") -> int:
    ours = server.url.removeprefix("http://").rstrip("/")
    place, _, port = ours.partition(":")
    with socket.create_connection((place, int(port)), timeout=20) as sock:
        return handshake(sock, host or ours, origin)
