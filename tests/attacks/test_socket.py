"""Messages that no browser sends: the session goes on, nobody else notices, nothing is logged."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from itertools import count

import pytest
from websockets.exceptions import ConnectionClosed

from tests.attacks.forged import CANARY
from tests.attacks.messages import FIELDS, HARMLESS, Forge, filled, rerun
from tests.attacks.small import QUESTION, served
from tests.attacks.stranger import Stranger, connected
from tests.support.pages.browser import Server, answer
from ui.languages import text

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


# -- one message -----------------------------------------------------------------------------------


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("widget", ["box", "button", "unknown"])
def test_a_value_of_another_kind_ends_no_session(
    stranger: Stranger, field: str, widget: str
) -> None:
    id_ = getattr(stranger, widget, "$$ID-0123456789abcdef-unknown")
    stranger.send(filled(rerun(), id_, field))
    goes_on(stranger)


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
