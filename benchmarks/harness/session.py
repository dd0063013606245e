"""A visitor as the server sees it: a websocket that speaks Streamlit's protocol.

It does what the browser does: asks for the page, learns the ids of the search box and its button
from the answer, sends both with a question, and adopts the address that comes back.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Origin, Subprotocol

PATIENCE_S = 30.0
RESULTS = 'id="cs-results"'
"""Only what the page draws as the answer to a question contains this."""


class VisitError(Exception):
    """A visitor got no page or no answer; the text says why and never holds a question."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as HTML, and the seconds from sending the question until it was complete."""

    html: str
    seconds: float


class Session:
    """One visitor's connection; made by `visiting`."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._address = self._box = self._button = ""

    async def open(self) -> None:
        """Ask for the page and wait until it is drawn; raises VisitError when there is no box."""
        await self._run(BackMsg())
        if not (self._box and self._button):
            raise VisitError("no search box")

    async def ask(self, question: str) -> Reply:
        """Send a question and wait until the page with its results is complete.

        Raises VisitError when there are none, after half a minute, and when the connection ends.
        """
        message = self._question(question)
        begun = time.perf_counter()
        html = await self._run(message)
        if not html:
            raise VisitError("no results")
        return Reply(html, time.perf_counter() - begun)

    async def send(self, question: str) -> None:
        """Send a question and wait for nothing."""
        message = self._question(question)
        message.rerun_script.query_string = self._address
        await self._socket.send(message.SerializeToString())

    async def received(self) -> AsyncIterator[bytes]:
        """Yield every message until the connection ends."""
        async for data in self._socket:
            if isinstance(data, bytes):
                yield data

    def _question(self, question: str) -> BackMsg:
        message = BackMsg()
        widgets = message.rerun_script.widget_states.widgets
        widgets.add(id=self._box, string_value=question)
        widgets.add(id=self._button, trigger_value=True)
        return message

    async def _run(self, message: BackMsg) -> str:
        """Send a message, read until the run that it started is over; return the results' HTML."""
        message.rerun_script.query_string = self._address
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._socket.send(message.SerializeToString())
                return await self._drawn()
        except TimeoutError as error:
            raise VisitError("no answer in time") from error
        except (WebSocketException, OSError) as error:
            raise VisitError(f"connection lost: {type(error).__name__}") from error

    async def _drawn(self) -> str:
        html = ""
        while True:
            data = await self._socket.recv()
            if not isinstance(data, bytes):
                raise VisitError("a text frame")
            message: Any = ForwardMsg.FromString(data)
            kind = message.WhichOneof("type")
            if kind == "delta":
                html = self._learn(message.delta) or html
            elif kind == "page_info_changed":
                self._address = message.page_info_changed.query_string
            elif kind == "script_finished":
                if message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                    return html
                if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                    raise VisitError("the page failed")

    def _learn(self, delta: Any) -> str:
        """Learn the ids of box and button; return the HTML of results, empty for all else."""
        element = delta.new_element
        kind = element.WhichOneof("type")
        if kind == "text_area":
            self._box = element.text_area.id
        elif kind == "button" and element.button.is_form_submitter:
            self._button = element.button.id
        elif kind == "html" and RESULTS in element.html.body:
            return str(element.html.body)
        return ""


@asynccontextmanager
async def visiting(url: str, visitor: int) -> AsyncIterator[Session]:
    """Connect to a page at `http://host:port/` as the visitor of a number, and open it.

    Each number comes from an address of its own, because the page limits each address. Raises
    VisitError when the page does not let the visitor in.
    """
    host = urlsplit(url).netloc
    try:
        socket = await connect(
            f"ws://{host}/_stcore/stream",
            origin=Origin(f"http://{host}"),
            subprotocols=[Subprotocol("streamlit")],
            additional_headers={"X-Forwarded-For": address_of(visitor)},
            compression=None,
            max_size=None,
            proxy=None,
            open_timeout=PATIENCE_S,
            ping_interval=None,
        )
    except (WebSocketException, OSError, TimeoutError) as error:
        raise VisitError(f"not let in: {type(error).__name__}") from error
    async with socket:
        session = Session(socket)
        await session.open()
        yield session


def address_of(visitor: int) -> str:
    """Return the address that a visitor of a number comes from: 10.0.0.0/8, a million of them."""
    return f"10.{visitor >> 16 & 255}.{visitor >> 8 & 255}.{visitor & 255}"
