"""Messages over the page's websocket that no browser sends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from tests.attacks.forged import CANARY
from tests.attacks.stranger import Stranger

FIELDS = [field.name for field in WidgetState.DESCRIPTOR.oneofs_by_name["value"].fields]
SWITCHES = [
    field.name
    for field in BackMsg.DESCRIPTOR.oneofs_by_name["type"].fields
    if field.type == field.TYPE_BOOL and field.name != "stop_script"
]
Forge = Callable[[Stranger], BackMsg | bytes | str]


def rerun(**state: Any) -> BackMsg:
    message = BackMsg()
    message.rerun_script.query_string = state.pop("query_string", "")
    for name, value in state.items():
        setattr(message.rerun_script, name, value)
    return message


def filled(message: BackMsg, id_: str, field: str) -> BackMsg:
    """Put a value into a field of a widget's state, whatever the widget is."""
    state = message.rerun_script.widget_states.widgets.add(id=id_)
    kind = WidgetState.DESCRIPTOR.fields_by_name[field]
    if kind.type == kind.TYPE_MESSAGE:
        getattr(state, field).SetInParent()
    else:
        simple = {kind.TYPE_STRING: f'"{CANARY}"', kind.TYPE_BYTES: CANARY.encode()}
        setattr(state, field, simple.get(kind.type, 1))
    return message


def many_unknown(_: Stranger) -> BackMsg:
    message = rerun()
    for number in range(2000):
        message.rerun_script.widget_states.widgets.add(id=f"{CANARY}{number}", trigger_value=True)
    return message


def long_question(stranger: Stranger) -> BackMsg:
    message = rerun()
    widgets = message.rerun_script.widget_states.widgets
    widgets.add(id=stranger.box, string_value=f"{CANARY} " * 20_000)
    widgets.add(id=stranger.button, trigger_value=True)
    return message


def somewhere_else(_: Stranger) -> BackMsg:
    message = rerun()
    about = message.rerun_script.context_info
    about.timezone, about.timezone_offset = CANARY, 2**31 - 1
    about.locale, about.url = "\0" * 99, f"javascript:{CANARY}"
    about.is_embedded, about.color_scheme = True, CANARY
    return message


def known_messages(_: Stranger) -> BackMsg:
    message = rerun()
    message.rerun_script.cached_message_hashes.extend(f"{CANARY}{n}" for n in range(2000))
    return message


def twice_the_same(stranger: Stranger) -> BackMsg:
    message = rerun()
    for value in (f"{CANARY} a", f"{CANARY} b"):
        message.rerun_script.widget_states.widgets.add(id=stranger.box, string_value=value)
    return message


def files_wanted(_: Stranger) -> BackMsg:
    message = BackMsg()
    message.file_urls_request.request_id = CANARY
    message.file_urls_request.file_names.append(f"../../{CANARY}")
    message.file_urls_request.session_id = CANARY
    return message


HARMLESS: dict[str, Forge] = {
    "2,000 unknown widgets": many_unknown,
    "a question of 200,000 characters": long_question,
    "a made-up browser": somewhere_else,
    "messages that were never sent": known_messages,
    "the box twice": twice_the_same,
    "a place to upload to": files_wanted,
    "another page of the app": lambda _: rerun(page_script_hash=CANARY, page_name=CANARY),
    "a path as page": lambda _: rerun(page_name="../../ui/settings.py"),
    "a part of the page": lambda _: rerun(fragment_id="0" * 64),
    "running by itself": lambda _: rerun(is_auto_rerun=True),
    "an address without sense": lambda _: rerun(query_string="%ff%00=%zz&&&=;view[]=&" * 40),
    "an address that runs": lambda _: rerun(query_string="article=javascript:alert(1)&like=<b>"),
    "names of the page itself": lambda _: rerun(query_string=f"question={CANARY}&_searches=1"),
    "no message": lambda _: b"",
    "half a message": lambda _: rerun(page_name=CANARY).SerializeToString()[:-3],
    "noise": lambda _: bytes(range(256)) * 8,
    "a field that does not exist": lambda _: b"\xfa\xff\x03\x05" + CANARY.encode(),
    **{f"the switch {name}": lambda _, name=name: BackMsg(**{name: True}) for name in SWITCHES},  # type: ignore[misc]
}
