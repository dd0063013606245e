"""WebKit: Debian's WebKitGTK, spoken to as WebDriver says (https://www.w3.org/TR/webdriver2/)."""

from __future__ import annotations

import json
import shutil
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.support.engines.tab import (
    PATIENCE_S,
    Tab,
    clicked,
    on_page,
    pressed,
    running,
    until,
    without,
)
from tests.support.pages.browser import DESKTOP
from tests.support.workers import free_port


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
            x, y = on_page(self.run, x, y)
        self.send("/actions", {"actions": clicked(x, y)})
        if is_inside:
            self.enter()

    def press(self, *keys: str) -> None:
        self.send("/actions", {"actions": pressed(keys)})

    def enter(self) -> None:
        frame = self.send("/element", {"using": "css selector", "value": "iframe"})
        self.send("/frame", {"id": frame})
        self._is_inside = True

    def leave(self) -> None:
        self.send("/frame", {"id": None})
        self._is_inside = False


@contextmanager
def webkit(folder: Path) -> Iterator[str]:
    """Start WebKitGTK's driver on a screen of its own; yield its address."""
    for program, package in (("WebKitWebDriver", "webkit2gtk-driver"), ("Xvfb", "xvfb")):
        if shutil.which(program) is None:
            without(package)
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
        with running(driver, folder, DISPLAY=f":{display}", **soft):
            until("WebKit's driver", lambda: answers(f"http://127.0.0.1:{port}/status"))
            yield f"http://127.0.0.1:{port}/session"
    finally:
        screen.terminate()
        screen.wait(60)


@contextmanager
def in_webkit(driver: str) -> Iterator[Tab]:
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
    return str(found[-1]) if found else without("libwebkit2gtk-4.1-0")


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except OSError:
        return False
