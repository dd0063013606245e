"""Messages that no browser sends: the session goes on, nobody else notices, nothing is logged."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count
from typing import Any

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.exceptions import ConnectionClosed

from tests.attacks.small import QUESTION, served
from tests.attacks.stranger import Stranger, connected
from tests.support.pages.browser import Server, answer
from ui.languages import text

CANARY = "zyxcanary"
FIELDS = [field.name for field in WidgetState.DESCRIPTOR.oneofs_by_name["value"].fields]
SWITCHES = [
    field.name
    for field in BackMsg.DESCRIPTOR.oneofs_by_name["type"].fields
    if field.type == field.TYPE_BOOL and field.name != "stop_script"
]
Forge = Callable[[Stranger], BackMsg | bytes | str]
_visitors = count(1)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with served(tmp_path_factory.mktemp("socket")) as running:
        yield running
        assert CANARY not in running.written().lower()


@pytest.fixture
def stranger(server: Server) -> Iterator[Stranger]:
    """A connection; afterwards others are served and no word of it was written down."""
    with connected(server.url, next(_visitors)) as made:
        yield made
    with connected(server.url, next(_visitors)) as other:
        assert "stiff neck is common" in text_of(other.ask(QUESTION))
    assert CANARY.encode() not in other.came.lower()
    assert CANARY not in server.written().lower()
    assert answer(server.url + "readyz") == 200


def text_of(html: list[str]) -> str:
    return "".join(html).replace('<b class="cs-term">', "").replace("</b>", "")


def goes_on(stranger: Stranger) -> None:
    """Fail unless this very session still searches."""
    assert "stiff neck is common" in text_of(stranger.ask(QUESTION))


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


# -- one message -----------------------------------------------------------------------------------


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("widget", ["box", "button", "unknown"])
def test_a_value_of_another_kind_ends_no_session(
    stranger: Stranger, field: str, widget: str
) -> None:
    id_ = getattr(stranger, widget, "$$ID-0123456789abcdef-unknown")
    stranger.send(filled(rerun(), id_, field))
    goes_on(stranger)


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
CLOSING: dict[str, Forge] = {
    "300 kB": lambda _: CANARY.encode() * 33_000,
    "2 MB": lambda _: CANARY.encode() * 220_000,
    "text": lambda _: CANARY,
    "text of 100 kB": lambda _: CANARY * 11_000,
}


@pytest.mark.parametrize("forge", HARMLESS.values(), ids=HARMLESS)
def test_a_forged_message_ends_no_session(stranger: Stranger, forge: Forge) -> None:
    stranger.send(forge(stranger))
    goes_on(stranger)


@pytest.mark.parametrize("forge", CLOSING.values(), ids=CLOSING)
def test_what_no_browser_could_send_ends_only_that_connection(
    stranger: Stranger, forge: Forge
) -> None:
    stranger.send(forge(stranger))
    with pytest.raises(ConnectionClosed):
        goes_on(stranger)


def test_a_flood_ends_only_that_connection(stranger: Stranger) -> None:
    with suppress(ConnectionClosed):  # as soon as it is too much
        for _ in range(400):
            stranger.send(rerun(page_name=CANARY))
    with pytest.raises(ConnectionClosed):
        goes_on(stranger)


# -- what is not this visitor's --------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        *("view=staff", "view=desk", "view=health", "view=health&section=publish"),
        *("view=health&section=cards", "view=staff&view=staff", "view=STAFF", "view=%73taff"),
        *("audience=staff&view=desk", "embed=true&view=desk", "view=about&view=health"),
    ],
)
def test_no_address_shows_a_visitor_what_is_for_staff(stranger: Stranger, address: str) -> None:
    html = text_of(stranger.draw(address))
    assert "cs-staff" not in html
    assert "cs-editor" not in html
    assert "cs-desk" not in html
    for part in (text.DESK_TITLE, text.EDITOR_TITLE):
        assert f">{part}<" not in html
    goes_on(stranger)


def test_no_button_of_staff_is_pressed_by_its_name(stranger: Stranger) -> None:
    message = rerun(query_string="view=health&section=publish")
    for key in ("publish", "discard", "roll-back", "start", "delete"):
        for id_ in (f"editor-{key}", stranger.button.replace("search", f"editor-{key}")):
            message.rerun_script.widget_states.widgets.add(id=id_, trigger_value=True)
    stranger.send(message)
    goes_on(stranger)
    assert b"cs-editor" not in stranger.came


def test_the_name_of_somebody_elses_search_shows_nothing(
    stranger: Stranger, server: Server
) -> None:
    with connected(server.url, next(_visitors)) as owner:
        owner.ask(f"{CANARY} {QUESTION}")
        assert owner.address.startswith("search=")
        html = text_of(stranger.draw(owner.address))
        assert "cs-card" not in html
        assert CANARY.encode() not in stranger.came.lower()
        assert text.FORGOTTEN in html
