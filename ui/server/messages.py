"""Lets in only those of Streamlit's messages that a browser sends from this page.

On others Streamlit fails with pages of traceback, or logs parts of them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ui.limits.rate_limit import TokenBucket
from ui.page.session import BOX, FILTER

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import Message, Receive

    from ui.limits.rate_limit import Limits

POLICY_VIOLATION, UNSUPPORTED, TOO_BIG = 1008, 1003, 1009
KINDS = frozenset({"rerun_script", "stop_script", "app_heartbeat"})
# The widgets of the page for patients, by kind of value: how the ids of boxes and buttons end.
WIDGETS = {
    "string_value": f"(?:{re.escape(BOX)}|{re.escape(FILTER)})",
    "trigger_value": r"FormSubmitter:(?:search|filter)-.{1,200}",
}
# Choices of staff send texts, several at once a list of them; a checkbox sends a boolean.
STAFF_VALUES = frozenset({"string_value", "string_array_value", "trigger_value", "bool_value"})
_ID = r"\$\$ID-[0-9a-f]{32}-"
_HASH = re.compile(r"[0-9a-f]{32}|")


def is_known(data: bytes, *, for_staff: bool = False) -> bool:
    """Say whether a message is one that a browser sends from this page."""
    message = read(data)
    kind = message and message.WhichOneof("type")
    if kind not in KINDS:
        return False
    if kind != "rerun_script":
        return True
    return _is_known_run(message.rerun_script, for_staff=for_staff)


def draws(data: bytes) -> bool:
    """Say whether a message draws the page; the others are heartbeats and stops."""
    message = read(data)
    return message is not None and message.WhichOneof("type") == "rerun_script"


def _is_known_run(run: Any, *, for_staff: bool) -> bool:
    """Check a request to draw the page; only pages for staff draw a fragment of it."""
    is_value = _is_staffs if for_staff else _is_patients
    return (
        all(map(is_value, run.widget_states.widgets))
        and (for_staff or not run.fragment_id)
        and all(map(_HASH.fullmatch, (run.fragment_id, run.page_script_hash)))
        and not run.page_name
    )


def _is_patients(state: Any) -> bool:
    """Check a widget: Streamlit fails on other kinds of value and other forms of id."""
    key = WIDGETS.get(state.WhichOneof("value") or "")
    return key is not None and re.fullmatch(_ID + key, state.id, re.DOTALL) is not None


def _is_staffs(state: Any) -> bool:
    return state.WhichOneof("value") in STAFF_VALUES


def read(data: bytes) -> Any:
    """Parse one of Streamlit's messages; None if it is not one."""
    from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
    from streamlit.proto.BackMsg_pb2 import BackMsg

    message = BackMsg()
    try:
        message.ParseFromString(data)
    except DecodeError:
        return None
    return message


class Messages:
    """Receives the messages of one websocket: limited in rate, size and kind."""

    def __init__(
        self,
        receive: Receive,
        limits: Limits,
        clock: Callable[[], float],
        *,
        for_staff: bool = False,
    ) -> None:
        self._receive = receive
        self._most_bytes = limits.message_bytes
        self._rate = TokenBucket(
            per_second=limits.messages_per_second, at_once=limits.messages_at_once, clock=clock
        )
        self._for_staff = for_staff
        self.refused = 0
        """The code with which the websocket was closed here; 0 while it is open."""

    async def __call__(self) -> Message:
        """Return the next message for Streamlit, or the end of the connection."""
        while True:
            message = await self._receive()
            if message["type"] != "websocket.receive":
                return message
            data = message.get("bytes")
            if data is None:  # Streamlit logs a line for each text frame
                self.refused = UNSUPPORTED
            elif len(data) > self._most_bytes:
                self.refused = TOO_BIG
            elif self._rate.acquire(""):
                self.refused = POLICY_VIOLATION
            elif is_known(data, for_staff=self._for_staff):
                return message
            if self.refused:
                return {"type": "websocket.disconnect", "code": self.refused}
