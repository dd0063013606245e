"""`make screenshots`: the README's pictures of the real page, taken by the test browser."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from index.store import DEFAULT_BUILT
from tests.browser import ARGUMENTS, DESKTOP, PHONE, ROOT, chromium, opened, ready, search, serving
from ui import text

FOLDER = ROOT / "docs" / "screenshots"
HEEL = "pain in my heel first thing in the morning"
PRICE = "how much does a session cost?"
SLIP = "siatica pain, can needling help"
CHEST = "crushing chest pain going down my left arm"
CALF = "my calf is swollen and hot since my flight"
CLAIM = "does it hurt"
RISK = "can dry needling puncture a lung"
SIZES: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": DESKTOP},
    "phone": {"viewport": PHONE, "device_scale_factor": 2, "has_touch": True},
}


def main() -> None:
    """Take every picture, at both sizes and in both colour schemes."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as logs,
        serving(
            ROOT / DEFAULT_BUILT,
            Path(logs) / "staff.log",
            environment={"CLINIC_AUDIENCE": "staff"},
        ) as staff,
        serving(ROOT / DEFAULT_BUILT, Path(logs) / "page.log") as server,
        sync_playwright() as driver,
    ):
        browser = driver.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        for size, settings in SIZES.items():
            for scheme in ("light", "dark"):
                context = browser.new_context(base_url=server.url, color_scheme=scheme, **settings)  # type: ignore[arg-type]
                context.add_cookies(staff.cookies)
                page = context.new_page()

                def shot(name: str, page: Any = page, end: str = f"{size}-{scheme}") -> None:
                    page.wait_for_timeout(400)  # fonts and the focus ring settle
                    page.screenshot(path=FOLDER / f"{name}-{end}.png")

                opened(page)
                ready(page)
                shot("home")
                for name, question in (
                    ("route", PRICE),
                    ("spelling", SLIP),
                    ("emergency", CHEST),
                    ("urgent", CALF),
                    ("information", RISK),
                    ("claim", CLAIM),
                    ("answer", HEEL),
                ):
                    search(page, question)
                    shot(name)
                page.get_by_role("link", name=text.LIKE).first.click()
                page.get_by_role("heading", level=1, name=text.LIKE_TITLE).wait_for()
                shot("like")
                page.go_back()
                page.get_by_role("link", name="Read in the article").first.click()
                page.locator("#cs-found").wait_for()
                shot("article")
                page.locator(".cs-help summary").click()
                shot("help")
                opened(page, "?view=notices")
                shot("notices")
                page.goto(f"{server.url}plain")
                shot("plain")
                opened(page, staff.url + "?view=staff")
                shot("staff")
                opened(page, staff.url + "?view=health")
                shot("health")
                opened(page, staff.url + "?view=health&section=figures")
                page.wait_for_timeout(1500)  # the plots draw themselves
                shot("figures")
                opened(page, staff.url + "?view=desk")
                box = page.get_by_label(text.DESK_LABEL)
                box.fill(f"{HEEL}\n{CLAIM}")
                box.press("Control+Enter")
                page.locator(".cs-desk-row").first.wait_for()
                shot("desk")
                context.close()
        browser.close()
    print(f"{len(list(FOLDER.glob('*.png')))} pictures in {FOLDER.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
