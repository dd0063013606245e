"""One tab of one browser, as journeys use it, and what engines driven by a standard share."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn, Protocol

import pytest

PATIENCE_S = 60  # on a machine that is busy with something else
_KEYS = {"Enter": "\ue007", "Escape": "\ue00c", "ArrowDown": "\ue015", "ArrowUp": "\ue013"}

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


class Gone(RuntimeError):
    """Another document took the place of the one that a script was looking at."""


def raise_if_gone(message: str) -> None:
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


def without(package: str) -> NoReturn:
    """Skip, also where CI is set: these two engines are a second look."""
    pytest.skip(f"SKIPPED: {package} is not installed (apt-get install {package})")


def on_page(run: Callable[..., Any], x: float, y: float) -> tuple[float, float]:
    """Bring a place in the frame into sight; return where it is once the page around rests."""
    place = None
    while place != (place := run(_AROUND, x, y)):
        time.sleep(0.3)
    return place[0], place[1]


# -- WebDriver (WebKit) and WebDriver BiDi (Firefox) describe clicks and keys in the same way --


def clicked(x: float, y: float) -> list[Any]:
    steps: list[Any] = [{"type": "pointerMove", "x": round(x), "y": round(y)}]
    steps += [{"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
    mouse = {"pointerType": "mouse"}
    return [{"type": "pointer", "id": "mouse", "parameters": mouse, "actions": steps}]


def pressed(keys: Sequence[str]) -> list[Any]:
    steps = [
        {"type": kind, "value": _KEYS.get(key, key)}
        for key in keys
        for kind in ("keyDown", "keyUp")
    ]
    return [{"type": "key", "id": "keyboard", "actions": steps}]


@contextmanager
def running(command: Sequence[str], folder: Path, **more: str) -> Iterator[None]:
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
