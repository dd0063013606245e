"""Firefox: Debian's, spoken to as WebDriver BiDi says (https://www.w3.org/TR/webdriver-bidi/)."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from tests.support.engines.tab import (
    PATIENCE_S,
    Tab,
    clicked,
    pressed,
    raise_if_gone,
    running,
    until,
    without,
)
from tests.support.pages.browser import DESKTOP
from tests.support.workers import free_port


class Bidi:
    """A connection to Firefox's remote agent: a command out, its result back."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._number = 0

    def send(self, method: str, **parameters: Any) -> Any:
        self._number += 1
        asked = {"id": self._number, "method": method, "params": parameters}
        self._socket.send(json.dumps(asked))
        while (answer := json.loads(self._socket.recv(PATIENCE_S))).get("id") != self._number:
            pass  # an event, or the late answer to an earlier command
        if answer["type"] == "error":
            raise_if_gone(answer["message"])
            raise RuntimeError(f"Firefox refuses {method}: {answer['error']}: {answer['message']}")
        return answer["result"]


class _Firefox:
    def __init__(self, browser: Bidi, tab: str) -> None:
        self._browser = browser
        self._tab = self._frame = tab

    def open(self, url: str) -> None:
        self._browser.send("browsingContext.navigate", context=self._tab, url=url, wait="complete")

    def back(self) -> None:
        self._browser.send("browsingContext.traverseHistory", context=self._tab, delta=-1)

    def run(self, script: str, *values: Any) -> Any:
        called = f"given => JSON.stringify(({script})(...JSON.parse(given)) ?? null)"
        result = self._browser.send(
            "script.callFunction",
            functionDeclaration=called,
            target={"context": self._frame},
            arguments=[{"type": "string", "value": json.dumps(values)}],
            awaitPromise=False,
            userActivation=False,
        )
        if result["type"] == "exception":
            raise RuntimeError(result["exceptionDetails"]["text"])
        return json.loads(result["result"]["value"])

    def click(self, x: float, y: float) -> None:
        self._act(clicked(x, y))

    def press(self, *keys: str) -> None:
        self._act(pressed(keys))

    def _act(self, actions: list[Any]) -> None:
        self._browser.send("input.performActions", context=self._frame, actions=actions)

    def enter(self) -> None:
        def inside() -> Any:
            return self._browser.send("browsingContext.getTree", root=self._tab)["contexts"][0]

        self._frame = until("a frame", lambda: inside()["children"])[0]["context"]

    def leave(self) -> None:
        self._frame = self._tab


@contextmanager
def firefox(folder: Path) -> Iterator[Bidi]:
    """Start Firefox with a profile of its own; yield the connection to it."""
    program = shutil.which("firefox-esr") or shutil.which("firefox") or without("firefox-esr")
    port = free_port()
    profile = folder / "profile"
    profile.mkdir(parents=True)
    command = [program, "--headless", "--no-remote", "--profile", str(profile)]
    with running(
        [*command, f"--remote-debugging-port={port}"], folder, MOZ_CRASHREPORTER_DISABLE="1"
    ):
        socket = until("Firefox", lambda: _connected(f"ws://127.0.0.1:{port}/session"))
        with socket:
            browser = Bidi(socket)
            browser.send("session.new", capabilities={})
            yield browser
            browser.send("browser.close")


def _connected(url: str) -> ClientConnection | None:
    try:
        return connect(url, max_size=None, open_timeout=PATIENCE_S)
    except OSError:
        return None


@contextmanager
def in_firefox(browser: Bidi) -> Iterator[Tab]:
    container = browser.send("browser.createUserContext")["userContext"]
    tab = browser.send("browsingContext.create", type="tab", userContext=container)["context"]
    browser.send("browsingContext.setViewport", context=tab, viewport=DESKTOP)
    yield _Firefox(browser, tab)
    browser.send("browser.removeUserContext", userContext=container)
