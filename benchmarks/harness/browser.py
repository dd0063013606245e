"""A visitor in a real browser: open the page, ask, and wait until results are painted."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_VIEWPORT: Any = {"width": 1280, "height": 900}
_PATIENCE_MS = 120_000
_BROWSER = "--no-sandbox --disable-gpu --disable-background-networking --disable-sync".split()
# From the key going down until the second frame after the results were drawn: in the first the
# browser lays them out, and the second begins when they are on the screen.
_WATCH = """() => { window.painted = new Promise((done, failed) => {
  const before = document.getElementById("cs-state")?.dataset.token
  let begun = 0
  addEventListener("keydown", (event) => { begun = event.timeStamp }, { once: true, capture: true })
  const late = setTimeout(() => failed(new Error("no results")), 20000)
  const look = new MutationObserver(() => {
    const now = document.getElementById("cs-state")?.dataset.token
    if (!now || now === before || !document.getElementById("cs-results")) return
    look.disconnect()
    clearTimeout(late)
    requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - begun)))
  })
  look.observe(document.documentElement, {
    childList: true, subtree: true, attributes: true, attributeFilter: ["data-token"],
  })
}) }"""


# The moment of the second frame after a sentence is marked: what stands there while the index is
# being opened is no answer.
_FOUND = """() => { window.found = new Promise((done) => {
  const frames = new MutationObserver(() => {
    if (!document.querySelector("mark")) return
    frames.disconnect()
    const now = () => done(performance.timeOrigin + performance.now())
    requestAnimationFrame(() => requestAnimationFrame(now))
  })
  frames.observe(document.documentElement, { childList: true, subtree: true })
}) }"""


@contextmanager
def browsing() -> Iterator[Any]:
    """Run Debian's Chromium; raises SystemExit where it is not installed."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=_chromium(), args=_BROWSER)
        yield browser
        browser.close()


def new_page(browser: Any, url: str) -> Any:
    """Open an empty page of a visitor who has never been here."""
    page = browser.new_page(base_url=url, viewport=_VIEWPORT)
    page.set_default_timeout(_PATIENCE_MS)
    return page


def ask(page: Any, question: str) -> float:
    """Type a question as a visitor does, send it, and return the milliseconds until it is seen."""
    page.locator(".st-key-question textarea").fill(question)
    page.evaluate(_WATCH)
    page.keyboard.press("Enter")
    took: float = page.evaluate("window.painted")
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    return took


def ask_first(page: Any, question: str) -> float:
    """Ask a page that is being opened as soon as it can be asked: mostly its first document.

    Return when an answer was on the screen, in seconds since 1970 as `time.time()` counts them. The
    page itself takes the time: its answer to us waits while the application is loaded. Until its
    scripts have run, which the event waits for, the form would lead to another page.
    """
    page.wait_for_load_state("domcontentloaded")
    page.locator("[role=search] textarea").first.fill(question)
    page.evaluate(_FOUND)
    page.keyboard.press("Enter")
    at: float = page.evaluate("window.found")
    return at / 1000


def open_page(page: Any) -> None:
    """Open the page and wait until questions can be asked."""
    page.goto("./")
    wait_usable(page)


def wait_usable(page: Any) -> None:
    """Wait until the application can be asked on a page that is being opened."""
    wait_taken_over(page)
    page.locator("[role=search]").wait_for()
    page.locator(".cs-example, #cs-results").first.wait_for()
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()


def wait_taken_over(page: Any) -> None:
    """Wait until the application has taken the place of the first document."""
    page.locator("#cs-first").wait_for(state="detached")


def _chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        raise SystemExit("Chromium is not installed: apt-get install chromium")
    return found
