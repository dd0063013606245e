"""A visitor who speaks Streamlit's protocol and sends what no browser would."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from benchmarks.harness.session import RESULTS, address_of

PATIENCE_S = 60  # on a machine that is busy with something else


class Stranger:
    """A connection, what it was sent, and the names of the page's box and button."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.address = ""
        self.box = self.button = ""
        self.came = b""

    def send(self, message: BackMsg | bytes | str) -> None:
        """Send a message; text goes in a text frame."""
        raw = message.SerializeToString() if isinstance(message, BackMsg) else message
        self.socket.send(raw)

    def draw(self, address: str = "", **state: str) -> list[str]:
        """Ask for the view of an address and return the HTML of it, once it is complete."""
        message = BackMsg()
        message.rerun_script.query_string = address
        for name, value in state.items():
            setattr(message.rerun_script, name, value)
        self.send(message)
        return self.drawn()

    def ask(self, question: str) -> list[str]:
        """Search as a browser does; return the HTML of the page that has results."""
        self.draw()
        message = BackMsg()
        message.rerun_script.query_string = ""
        widgets = message.rerun_script.widget_states.widgets
        widgets.add(id=self.box, string_value=question)
        widgets.add(id=self.button, trigger_value=True)
        self.send(message)
        for _ in range(50):  # runs that were asked for before come first
            html = self.drawn()
            if RESULTS in "".join(html):
                return html
        raise AssertionError("no results")

    def drawn(self) -> list[str]:
        """Read until a run is over; return the HTML that it drew."""
        html: list[str] = []
        while True:
            raw = self.socket.recv(timeout=PATIENCE_S)
            assert isinstance(raw, bytes)
            self.came += raw
            came: Any = ForwardMsg.FromString(raw)
            kind = came.WhichOneof("type")
            if kind == "delta":
                html += self._noted(came.delta.new_element)
            elif kind == "page_info_changed":
                self.address = came.page_info_changed.query_string
            elif kind == "script_finished":
                return html

    def _noted(self, element: Any) -> list[str]:
        kind = element.WhichOneof("type")
        if kind == "text_area":
            self.box = element.text_area.id
        elif kind == "button" and element.button.is_form_submitter:
            self.button = element.button.id
        return [str(element.html.body)] if kind == "html" else []


@contextmanager
def connected(url: str, visitor: int) -> Iterator[Stranger]:
    """Connect as the visitor of a number, who has an address of their own, and open the page."""
    host = urlsplit(url).netloc
    with connect(
        f"ws://{host}/_stcore/stream",
        origin=Origin(f"http://{host}"),
        subprotocols=[Subprotocol("streamlit")],
        additional_headers={"X-Forwarded-For": address_of(visitor)},
        compression=None,
        max_size=None,
        proxy=None,
        open_timeout=PATIENCE_S,
        close_timeout=2,
    ) as socket:
        stranger = Stranger(socket)
        stranger.draw()
        assert stranger.box, "no search box"
        yield stranger
