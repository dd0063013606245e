"""Starts the real page as a visitor meets it, and opens it in Debian's Chromium."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.paths import ROOT
from tests.support.workers import free_port
from ui.server.door import VARIABLE as TOKEN_VARIABLE
from ui.server.door import Door

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
).split()
_TOUCH = {"viewport": PHONE, "has_touch": True, "is_mobile": True}
SCREENS: dict[str, dict[str, Any]] = {
    f"{size}-{scheme}": {**screen, "color_scheme": scheme}
    for size, screen in (("desktop", {"viewport": DESKTOP}), ("phone", _TOUCH))
    for scheme in ("light", "dark")
}
# `make test` looks at both sizes and both schemes once; all four together are for `make test-slow`.
EVERY_SCREEN = [
    pytest.param(
        screen,
        id=name,
        marks=() if name == "phone-dark" else pytest.mark.slow,
    )
    for name, screen in SCREENS.items()
]
STAFF = {"CLINIC_AUDIENCE": "staff"}
DOOR = Door("the-secret-of-the-tests-0123456789", is_chosen=True)
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]


def chromium() -> str | None:
    """Return Debian's browser, None where it is not installed."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@cache
def axe_script() -> str:
    """Read axe-core as the package axe-playwright-python ships it."""
    found = find_spec("axe_playwright_python")
    assert found is not None
    assert found.origin is not None
    return (Path(found.origin).parent / "axe.min.js").read_text(encoding="utf-8")


@dataclass
class Server:
    """A running page: where it is, and everything that it has written."""

    url: str
    log: Path
    process: subprocess.Popen[bytes]
    for_staff: bool = False

    @property
    def cookies(self) -> list[Any]:
        """What a browser has that opened the link for staff; nothing for a page for patients."""
        name, value = DOOR.cookie
        known = {"name": name, "value": value, "url": self.url, "sameSite": "Strict"}
        return [{**known, "httpOnly": True}] if self.for_staff else []

    def written(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")


def answer(url: str, **headers: str) -> int:
    """Return the status of an address, 0 when nothing answers."""
    try:
        asked = urllib.request.Request(url, headers=headers)
        with urllib.request.urlopen(asked, timeout=2) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
    except OSError:
        return 0


@contextmanager
def serving(
    built: Path,
    log: Path,
    *,
    content: Path = ROOT / "content",
    streamlit: bool = False,
    wait_for: int = 200,
    launcher: Sequence[str] = ("-m", "ui"),
    arguments: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
    cwd: Path = ROOT,
    under: Sequence[str] = (),
) -> Iterator[Server]:
    """Run the launcher, or `streamlit run app.py`, until `/readyz` answers as expected.

    `launcher` takes the place of `-m ui` (a script that breaks something first), `arguments` come
    after the port, `environment` is added to this process's own, `under` is a program and its
    options that runs the whole command.
    """
    port = free_port()
    command = [sys.executable, *launcher, "--port", str(port), *arguments]
    if streamlit:
        app = str(ROOT / "app.py")
        command = [sys.executable, "-m", "streamlit", "run", app, "--server.port", str(port)]
    places = {"CLINIC_BUILT": str(built), "CLINIC_CONTENT": str(content)}
    command = [*under, *command]
    settings = {**os.environ, **places, TOKEN_VARIABLE: DOOR.token, **(environment or {})}
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=cwd, env=settings, stdout=out, stderr=out)
    for_staff = settings.get("CLINIC_AUDIENCE") == "staff"
    server = Server(f"http://127.0.0.1:{port}/", log, process, for_staff=for_staff)
    try:
        deadline = time.monotonic() + 120
        while answer(server.url + "readyz") != wait_for:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the page did not start:\n{server.written()[-3000:]}")
            time.sleep(0.05)
        yield server
    finally:
        process.terminate()
        process.wait(60)


def idle(page: Page) -> None:
    """Wait until Streamlit has finished a run; waiting for a function would need eval."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def opened(page: Page, address: str = "") -> None:
    """Open an address and wait until the application has taken the first document's place."""
    page.goto(address or "./")
    taken_over(page)


def taken_over(page: Page) -> None:
    """Wait until the application has taken the first document's place, and is idle."""
    expect(page.locator("#cs-state")).to_be_attached()
    expect(page.locator("#cs-first")).to_have_count(0)
    idle(page)


def headed(page: Page, words: str) -> None:
    """Wait for a view with this heading; the one before may stand beside it for a moment."""
    expect(page.get_by_role("heading", level=1, name=words, exact=True)).to_be_visible()


def is_sideways(page: Page) -> bool:
    """Say whether the page itself, and not a box inside it, can be scrolled sideways."""
    return bool(
        page.evaluate(
            "[document.documentElement, document.querySelector('[data-testid=stMain]')]"
            ".some(one => one.scrollWidth > innerWidth)"
        )
    )


def ready(page: Page) -> None:
    """Wait until the helper script has dressed the search box and its view is complete."""
    expect(page.locator("[role=search]")).to_be_visible()
    expect(page.locator(".cs-example, #cs-results").first).to_be_visible()
    idle(page)


def home(page: Page) -> None:
    """Open the page and wait until a question can be typed."""
    opened(page)
    ready(page)


def search(page: Page, question: str, *, click: bool = False) -> None:
    """Ask and wait for the results of this very search."""
    before = page.url
    box = page.get_by_label("What would you like to know?")
    box.fill(question)
    if click:
        page.get_by_role("button", name="Search", exact=True).click()
    else:
        box.press("Enter")
    expect(page).not_to_have_url(before)
    expect(page).to_have_url(re.compile(r"\?search=[0-9a-f]{8}$"))
    expect(page.locator("#cs-results")).to_be_visible()
    idle(page)


def violations(page: Page) -> list[Any]:
    """Return what axe finds: rule and the first elements."""
    if not page.evaluate("'axe' in window"):  # it stays until the page is loaded again
        page.evaluate(axe_script())
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES
    )
    return [
        (one["id"], [node["html"][:160] for node in one["nodes"]][:3])
        for one in found["violations"]
    ]
