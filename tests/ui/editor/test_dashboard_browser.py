"""The page for staff in a real browser: readable at every size, and its tables to take along."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from core.labels import NOT_CHECKED
from tests.support.pages.browser import (
    DOOR,
    EVERY_SCREEN,
    PHONE,
    SCREENS,
    STAFF,
    Server,
    answer,
    home,
    is_sideways,
    opened,
    serving,
    violations,
)
from tests.support.pages.visitor import visiting
from ui.languages import text

pytestmark = [pytest.mark.browser, pytest.mark.model, pytest.mark.slow]

CLAIMS = ["100% painless", "immediate pain relief", "healing time is fast"]


@pytest.fixture(scope="module")
def server(real_built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The real page over the real index, for staff: what `visitor` and `page` look at here."""
    log = tmp_path_factory.mktemp("staff") / "page.log"
    with serving(real_built, log, environment=STAFF) as running:
        yield running


@pytest.mark.parametrize("visitor", EVERY_SCREEN, indirect=True)
def test_the_page_for_staff_is_accessible_and_only_its_tables_scroll_sideways(page: Page) -> None:
    home(page)
    page.locator(".cs-top").get_by_role("link", name=text.EDITOR_TITLE, exact=True).click()
    expect(page.locator("#cs-title")).to_have_text([text.EDITOR_TITLE])
    expect(page.get_by_text(text.STAFF_ONLY)).to_be_visible()
    expect(page.locator(".cs-top a[aria-current]")).to_have_text(text.EDITOR_TITLE)
    assert not is_sideways(page)
    assert violations(page) == []
    boxes = page.get_by_role("region")
    expect(boxes).to_have_count(6)  # counting is off
    hidden = boxes.evaluate_all("all => all.map(one => one.scrollWidth - one.clientWidth)")
    width = page.evaluate("innerWidth")
    assert (max(hidden) > 0) == (width == PHONE["width"])
    for summary in page.locator(".cs-staff summary").all():
        summary.click()
    expect(page.get_by_text("cauda_equina").first).to_be_visible()
    assert not is_sideways(page)
    assert violations(page) == []


@pytest.mark.slow
def test_the_tiles_lead_to_their_parts(page: Page) -> None:
    opened(page, "?view=staff")
    tiles = page.locator(".cs-tiles")
    for name, heading in (
        ("index", text.STAFF_INDEX),
        ("reviews", text.STAFF_REVIEWS),
        ("index", text.STAFF_INDEX),
    ):
        tiles.get_by_role("link", name=text.EDITOR_TILES[name]["go"]).click()
        heading_of_part = page.locator(f"#cs-part-{name} h2")
        expect(heading_of_part).to_have_text(heading)
        expect(heading_of_part).to_be_in_viewport()
    page.locator(".cs-top").get_by_role("link", name=text.ARTICLES).click()
    expect(page.locator("#cs-title")).to_have_text([text.ARTICLES_TITLE])
    expect(page.locator("#cs-title")).to_be_in_viewport()


@pytest.mark.slow
def test_the_downloads_hold_the_three_claims_of_the_article_and_its_review(page: Page) -> None:
    opened(page, "?view=staff")
    taken = {}
    for name in (text.STAFF_CLAIMS, text.STAFF_REVIEWS):
        with page.expect_download() as download:
            page.get_by_role("link", name=f"{text.DOWNLOAD}: {name}").click()
        raw = Path(download.value.path()).read_bytes()
        assert raw.startswith(b"\xef\xbb\xbf")
        table = io.StringIO(raw.decode("utf-8-sig"), newline="")
        taken[download.value.suggested_filename] = list(csv.DictReader(table))
    claims, reviews = taken["staff-claims.csv"], taken["staff-reviews.csv"]
    sentences = [row["sentence"] for row in claims]
    assert {claim for claim in CLAIMS if any(claim in sentence for sentence in sentences)} == {
        *CLAIMS
    }
    assert [row["severity"] for row in claims] == ["high", "high", "medium", "medium", "medium"]
    assert [row["state"] for row in reviews] == ["not_reviewed"]
    for claim in CLAIMS:
        expect(page.get_by_role("row").filter(has_text=claim).locator("mark")).to_be_visible()
    expect(page.locator("#cs-title")).to_be_visible()  # a download leaves the page where it is


@pytest.mark.parametrize(
    "visitor", [SCREENS["desktop-dark"], SCREENS["phone-light"]], indirect=True
)
def test_open_grave_claims_are_labelled_in_the_article_and_in_print(page: Page) -> None:
    opened(page, "?article=dry-needling-benefits")
    labels = page.locator(".cs-unchecked")
    expect(labels).to_have_count(2)
    for media in ("screen", "print"):
        page.emulate_media(media=media)
        for claim, label in zip(CLAIMS, labels.all(), strict=False):
            expect(label).to_be_visible()
            expect(label).to_have_text(NOT_CHECKED)
            before = label.locator("xpath=preceding-sibling::*[1]")
            expect(before).to_contain_text(claim)
    page.emulate_media(media="screen")
    assert violations(page) == []
    assert not is_sideways(page)


def test_without_an_index_the_notices_are_told_all_the_same(
    browser: Browser, tmp_path: Path
) -> None:
    log = tmp_path / "page.log"
    with (
        serving(tmp_path, log, wait_for=503, environment=STAFF) as running,
        visiting(browser, running.url, cookies=running.cookies) as visitor,
    ):
        opened(visitor.page, "?view=staff")
        expect(visitor.page.get_by_text("There is no index yet.").first).to_be_visible()
        expect(
            visitor.page.get_by_text("No clinician has signed them off yet.").first
        ).to_be_visible()
        assert violations(visitor.page) == []
        assert answer(f"{running.url}staff/claims.csv") == 403
        known = {"Authorization": f"Bearer {DOOR.token}"}
        assert answer(f"{running.url}staff/claims.csv", **known) == 503
