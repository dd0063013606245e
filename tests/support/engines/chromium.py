"""Chromium, driven by Playwright, which can drive no other browser of Debian."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Error, Page

from tests.support.engines.tab import PATIENCE_S, Tab, on_page, raise_if_gone, until
from tests.support.pages.browser import DESKTOP

_SCREEN: dict[str, Any] = {"viewport": DESKTOP}


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
            raise_if_gone(error.message)
            raise

    def click(self, x: float, y: float) -> None:
        if self._frame != self._page.main_frame:
            inside, self._frame = self._frame, self._page.main_frame
            x, y = on_page(self.run, x, y)
            self._frame = inside
        self._page.mouse.click(x, y)

    def press(self, *keys: str) -> None:
        for key in keys:
            self._page.keyboard.press(key)

    def enter(self) -> None:
        self._frame = until("a frame", lambda: self._page.frames[1:])[0]

    def leave(self) -> None:
        self._frame = self._page.main_frame


@contextmanager
def in_chromium(browser: Browser) -> Iterator[Tab]:
    context = browser.new_context(**_SCREEN)
    context.set_default_timeout(PATIENCE_S * 1000)
    yield _Chromium(context.new_page())
    context.close()
