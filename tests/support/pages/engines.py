"""Three browser engines behind one small tab: Chromium, WebKit and Firefox, all Debian's.

Chromium is driven by Playwright, which can drive no other of Debian. The others are spoken
to as their standards say: WebDriver (WebKit, over HTTP) and WebDriver BiDi (Firefox, over a
websocket). Both describe clicks and keys in the same way.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, NoReturn, Protocol

import pytest
from playwright.sync_api import Browser, Error, Page
from websockets.sync.client import ClientConnection, connect

from tests.support.pages.browser import DESKTOP
from tests.support.workers import free_port

PATIENCE_S = 60  # on a machine that is busy with something else
_SCREEN: dict[str, Any] = {"viewport": DESKTOP}
_KEYS = {"Enter": "\ue007", "Escape": "\ue00c", "ArrowDown": "\ue015", "ArrowUp": "\ue013"}
# Brings a place in the frame into sight; returns where it is on the page around.
_AROUND = """(x, y) => {
  const frame = document.querySelector("iframe")
  const top = frame.getBoundingClientRect().top + y
  if (top < 0 || top > innerHeight) scrollBy({ top: top - innerHeight / 2, behavior: "instant" })
  const corner = frame.getBoundingClientRect()
  return [corner.left + x, corner.top + y]
}"""


class Tab(Protocol):
    """One tab of one browser, as the journeys use it."""

    def open(self, url: str) -> None:
        """Load an address as if it had been typed."""

    def back(self) -> None:
        """Press the browser's Back."""

    def run(self, script: str, *values: Any) -> Any:
        """Call a JavaScript function with JSON values; return what it returns, also JSON."""

    def click(self, x: float, y: float) -> None:
        """Click at a place, in CSS pixels from the corner of what is seen of the document."""

    def press(self, *keys: str) -> None:
        """Press and let go of keys: letters, or names such as `Enter`."""

    def enter(self) -> None:
        """Go on inside of the document's first frame."""

    def leave(self) -> None:
        """Go on in the document around the frame."""


# Called, it opens a tab that shares nothing with the tabs before.
Engine = Callable[[], AbstractContextManager[Tab]]


@pytest.fixture(scope="module", params=["chromium", "webkit", "firefox"])
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """Each engine in turn, running; where one is not installed, its tests are skipped."""
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "chromium":
        yield partial(_in_chromium, request.getfixturevalue("browser"))
    elif request.param == "webkit":
        with _webkit(folder) as driver:
            yield partial(_in_webkit, driver)
    else:
        with _firefox(folder) as browser:
            yield partial(_in_firefox, browser)


def _without(package: str) -> NoReturn:
    """Skip, also where CI is set: these two engines are a second look."""
    pytest.skip(f"SKIPPED: {package} is not installed (apt-get install {package})")


class Gone(RuntimeError):
    """Another document took the place of the one that a script was looking at."""


def _raise_if_gone(message: str) -> None:
    if re.search(r"context was destroyed|AbortError|discarded|navigat", message):
        raise Gone(message)


def until(what: str, is_so: Callable[[], Any]) -> Any:
    """Ask again until something true comes back, and return it."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        with suppress(Gone):
            if found := is_so():
                return found
        time.sleep(0.1)
    raise AssertionError(f"waited {PATIENCE_S} s in vain for {what}")


# -- Chromium -------------------------------------------------------------------------------------


class _Chromium:
    def __init__(self, page: Page) -> None:
        self._page = page
        self._frame = page.main_frame

    def open(self, url: str) -> None:
        self._page.goto(url)

    def back(self) -> None:
        self._page.go_back(wait_until="commit")

    def run(self, script: str, *values: Any) -> Any:
        try:
            return self._frame.evaluate(f"given => ({script})(...given)", list(values))
        except Error as error:
            _raise_if_gone(error.message)
            raise

    def click(self, x: float, y: float) -> None:
        if self._frame != self._page.main_frame:
            x, y = self._page.evaluate(f"given => ({_AROUND})(...given)", [x, y])
        self._page.mouse.click(x, y)

    def press(self, *keys: str) -> None:
        for key in keys:
            self._page.keyboard.press(key)

    def enter(self) -> None:
        self._frame = until("a frame", lambda: self._page.frames[1:])[0]

    def leave(self) -> None:
        self._frame = self._page.main_frame


@contextmanager
def _in_chromium(browser: Browser) -> Iterator[Tab]:
    context = browser.new_context(**_SCREEN)
    context.set_default_timeout(PATIENCE_S * 1000)
    yield _Chromium(context.new_page())
    context.close()


# -- what both standards share --------------------------------------------------------------------


def _clicked(x: float, y: float) -> list[Any]:
    steps: list[Any] = [{"type": "pointerMove", "x": round(x), "y": round(y)}]
    steps += [{"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
    mouse = {"pointerType": "mouse"}
    return [{"type": "pointer", "id": "mouse", "parameters": mouse, "actions": steps}]


def _pressed(keys: Sequence[str]) -> list[Any]:
    steps = [
        {"type": kind, "value": _KEYS.get(key, key)}
        for key in keys
        for kind in ("keyDown", "keyUp")
    ]
    return [{"type": "key", "id": "keyboard", "actions": steps}]


@contextmanager
def _running(command: Sequence[str], folder: Path, **more: str) -> Iterator[None]:
    """Run a program with a home of its own; what it says is in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    homes = dict.fromkeys(
        ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"), str(folder)
    )
    with (folder / f"{Path(command[0]).name}.log").open("wb") as out:
        process = subprocess.Popen(
            command, env={**os.environ, **homes, **more}, stdout=out, stderr=out
        )
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)


# -- WebKit ---------------------------------------------------------------------------------------


class _WebKit:
    def __init__(self, url: str) -> None:
        self._url = url
        self._is_inside = False

    def send(self, path: str, body: dict[str, Any] | None = None, method: str = "POST") -> Any:
        data = None if method == "DELETE" else json.dumps(body or {}).encode()
        asked = urllib.request.Request(f"{self._url}{path}", data, method=method)
        try:
            with urllib.request.urlopen(asked, timeout=PATIENCE_S) as response:
                return json.load(response)["value"]
        except urllib.error.HTTPError as error:
            with error:
                raise RuntimeError(f"WebKit refuses {path}: {error.read().decode()}") from None

    def open(self, url: str) -> None:
        self.send("/url", {"url": url})

    def back(self) -> None:
        self.send("/back")

    def run(self, script: str, *values: Any) -> Any:
        body = {"script": f"return ({script})(...arguments)", "args": list(values)}
        return self.send("/execute/sync", body)

    def click(self, x: float, y: float) -> None:
        is_inside = self._is_inside
        if is_inside:  # it counts from the corner of the whole page, whatever the standard says
            self.leave()
            x, y = self.run(_AROUND, x, y)
        self.send("/actions", {"actions": _clicked(x, y)})
        if is_inside:
            self.enter()

    def press(self, *keys: str) -> None:
        self.send("/actions", {"actions": _pressed(keys)})

    def enter(self) -> None:
        frame = self.send("/element", {"using": "css selector", "value": "iframe"})
        self.send("/frame", {"id": frame})
        self._is_inside = True

    def leave(self) -> None:
        self.send("/frame", {"id": None})
        self._is_inside = False


@contextmanager
def _webkit(folder: Path) -> Iterator[str]:
    """Start WebKitGTK's driver on a screen of its own; yield its address."""
    for program, package in (("WebKitWebDriver", "webkit2gtk-driver"), ("Xvfb", "xvfb")):
        if shutil.which(program) is None:
            _without(package)
    number = folder / "display"
    folder.mkdir(parents=True, exist_ok=True)
    with number.open("wb") as out:
        size = f"{DESKTOP['width']}x{DESKTOP['height']}x24"
        command = ["Xvfb", "-displayfd", "1", "-screen", "0", size, "-nolisten", "tcp"]
        screen = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL)
    try:
        display = until("a screen", lambda: number.read_text(encoding="ascii").strip())
        port = free_port()
        # A machine of tests has neither a graphics card nor a bus of a desktop.
        soft = {"WEBKIT_DISABLE_DMABUF_RENDERER": "1", "NO_AT_BRIDGE": "1", "GTK_A11Y": "none"}
        driver = ["WebKitWebDriver", f"--port={port}"]
        with _running(driver, folder, DISPLAY=f":{display}", **soft):
            until("WebKit's driver", lambda: _answers(f"http://127.0.0.1:{port}/status"))
            yield f"http://127.0.0.1:{port}/session"
    finally:
        screen.terminate()
        screen.wait(60)


@contextmanager
def _in_webkit(driver: str) -> Iterator[Tab]:
    options = {"args": ["--automation"], "binary": _minibrowser()}
    wanted = {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options}}}
    made = _WebKit(driver).send("", wanted)
    tab = _WebKit(f"{driver}/{made['sessionId']}")
    try:
        tab.send("/window/rect", {"x": 0, "y": 0, **DESKTOP})
        yield tab
    finally:
        tab.send("", method="DELETE")


def _minibrowser() -> str:
    found = sorted(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"))
    return str(found[-1]) if found else _without("libwebkit2gtk-4.1-0")


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except OSError:
        return False


# -- Firefox --------------------------------------------------------------------------------------


class _Bidi:
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
            _raise_if_gone(answer["message"])
            raise RuntimeError(f"Firefox refuses {method}: {answer['error']}: {answer['message']}")
        return answer["result"]


class _Firefox:
    def __init__(self, browser: _Bidi, tab: str) -> None:
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
        self._act(_clicked(x, y))

    def press(self, *keys: str) -> None:
        self._act(_pressed(keys))

    def _act(self, actions: list[Any]) -> None:
        self._browser.send("input.performActions", context=self._frame, actions=actions)

    def enter(self) -> None:
        def inside() -> Any:
            return self._browser.send("browsingContext.getTree", root=self._tab)["contexts"][0]

        self._frame = until("a frame", lambda: inside()["children"])[0]["context"]

    def leave(self) -> None:
        self._frame = self._tab


@contextmanager
def _firefox(folder: Path) -> Iterator[_Bidi]:
    """Start Firefox with a profile of its own; yield the connection to it."""
    program = shutil.which("firefox-esr") or shutil.which("firefox") or _without("firefox-esr")
    port = free_port()
    profile = folder / "profile"
    profile.mkdir(parents=True)
    command = [program, "--headless", "--no-remote", "--profile", str(profile)]
    with _running(
        [*command, f"--remote-debugging-port={port}"], folder, MOZ_CRASHREPORTER_DISABLE="1"
    ):
        socket = until("Firefox", lambda: _connected(f"ws://127.0.0.1:{port}/session"))
        with socket:
            browser = _Bidi(socket)
            browser.send("session.new", capabilities={})
            yield browser
            browser.send("browser.close")


def _connected(url: str) -> ClientConnection | None:
    try:
        return connect(url, max_size=None, open_timeout=PATIENCE_S)
    except OSError:
        return None


@contextmanager
def _in_firefox(browser: _Bidi) -> Iterator[Tab]:
    container = browser.send("browser.createUserContext")["userContext"]
    tab = browser.send("browsingContext.create", type="tab", userContext=container)["context"]
    browser.send("browsingContext.setViewport", context=tab, viewport=DESKTOP)
    yield _Firefox(browser, tab)
    browser.send("browser.removeUserContext", userContext=container)
