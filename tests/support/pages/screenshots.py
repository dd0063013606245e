"""`make screenshots`: the README's pictures of the real page, one a view, by the test browser."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from index.store.generations import DEFAULT_BUILT
from tests.support.pages.browser import (
    ARGUMENTS,
    SCREENS,
    STAFF,
    chromium,
    home,
    idle,
    opened,
    search,
    serving,
)
from tests.support.paths import ROOT
from ui.languages import text

FOLDER = ROOT / "docs" / "screenshots"
MOST_BYTES = 2_000_000
QUALITY = 82
HEEL = "pain in my heel first thing in the morning"
CLAIM = "does it hurt"

Prepare = Callable[[Page], None]


def asked(question: str, then: Prepare = idle) -> Prepare:
    def prepare(page: Page) -> None:
        home(page)
        search(page, question)
        then(page)

    return prepare


def at(address: str) -> Prepare:
    return lambda page: opened(page, address)


def like(page: Page) -> None:
    page.get_by_role("link", name=text.LIKE).first.click()
    page.get_by_role("heading", level=1, name=text.LIKE_TITLE).wait_for()


def article(page: Page) -> None:
    page.get_by_role("link", name="Read in the article").first.click()
    page.locator("#cs-found").wait_for()


def help_now(page: Page) -> None:
    home(page)
    page.locator(".cs-help summary").click()


def plain(page: Page) -> None:
    page.goto("./plain")


def cards(page: Page) -> None:
    opened(page, "?view=staff&section=cards")
    page.get_by_role("button", name=text.EDITOR_SAVE, exact=True).wait_for()


def desk(page: Page) -> None:
    opened(page, "?view=desk")
    box = page.get_by_label(text.DESK_LABEL)
    box.fill(f"{HEEL}\n{CLAIM}")
    box.press("Control+Enter")
    page.locator(".cs-desk-row").first.wait_for()


PATIENTS: dict[str, tuple[str, Prepare]] = {
    "home": ("phone-light", home),
    "help": ("phone-light", help_now),
    "answer": ("desktop-light", asked(HEEL)),
    "spelling": ("desktop-light", asked("siatica pain, can needling help")),
    "route": ("desktop-light", asked("how much does a session cost?")),
    "claim": ("desktop-light", asked(CLAIM)),
    "emergency": ("phone-light", asked("crushing chest pain going down my left arm")),
    "urgent": ("phone-light", asked("my calf is swollen and hot since my flight")),
    "information": ("desktop-light", asked("can dry needling puncture a lung")),
    "like": ("desktop-light", asked(HEEL, like)),
    "article": ("desktop-dark", asked(HEEL, article)),
    "notices": ("desktop-light", at("?view=notices")),
    "plain": ("desktop-light", plain),
}
FOR_STAFF: dict[str, tuple[str, Prepare]] = {
    "staff": ("desktop-light", at("?view=staff")),
    "cards": ("desktop-light", cards),
    "desk": ("desktop-light", desk),
}


def main() -> None:
    """Take every picture; raises ValueError when they are too large for the repository."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as logs, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        for views, environment in ((PATIENTS, {}), (FOR_STAFF, STAFF)):
            log = Path(logs) / "page.log"
            with serving(ROOT / DEFAULT_BUILT, log, environment=environment) as server:
                for name, (screen, prepare) in views.items():
                    scale = 2 if screen.startswith("phone") else 1
                    context = browser.new_context(
                        base_url=server.url, device_scale_factor=scale, **SCREENS[screen]
                    )
                    context.add_cookies(server.cookies)
                    page = context.new_page()
                    prepare(page)
                    page.wait_for_timeout(400)  # fonts and the focus ring settle
                    picture = Image.open(io.BytesIO(page.screenshot()))
                    picture.save(FOLDER / f"{name}.webp", quality=QUALITY, method=6)
                    context.close()
        browser.close()
    sizes = [path.stat().st_size for path in FOLDER.glob("*.webp")]
    print(f"{len(sizes)} pictures, {sum(sizes):,} bytes, in {FOLDER.relative_to(ROOT)}")
    if sum(sizes) > MOST_BYTES:
        raise ValueError(f"They have more than {MOST_BYTES:,} bytes: lower QUALITY.")


if __name__ == "__main__":
    main()
