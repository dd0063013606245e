"""Urgent-symptom notices on the real page, as a visitor meets them in a real browser."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.pages.browser import (
    Server,
    headed,
    home,
    opened,
    search,
    serving,
)
from tests.support.pages.visitor import Visitor
from tests.support.paths import ROOT
from ui.languages import text

pytestmark = [pytest.mark.browser, pytest.mark.model]

EMERGENCY = "crushing chest pain going down my left arm"
URGENT = "my calf is swollen and hot"
CAUTION = "i take warfarin and want dry needling for my heel pain"
SELF_HARM = "the pain is so bad i want to kill myself"
INFORMATION = "can dry needling puncture a lung"


def asked(page: Page, question: str) -> None:
    home(page)
    search(page, question)


def test_a_notice_stands_between_the_box_and_the_results_and_says_what_to_do(page: Page) -> None:
    asked(page, URGENT)
    notice = page.locator(".cs-notice")
    expect(notice).to_have_count(1)
    expect(notice.get_by_role("heading")).to_contain_text("Ask for an urgent GP appointment")
    box = page.get_by_label("What would you like to know?").bounding_box()
    shown, results = notice.bounding_box(), page.locator("#cs-results").bounding_box()
    assert box is not None
    assert shown is not None
    assert results is not None
    assert box["y"] < shown["y"] < results["y"]


def test_a_notice_is_announced_once_and_the_focus_stays_in_the_box(page: Page) -> None:
    asked(page, EMERGENCY)
    alarm = page.locator("#cs-live + [role=alert]")
    expect(alarm).to_contain_text("Call 999 now if you have pain")
    assert page.get_by_text("Important: Call 999").count() == 1
    expect(page.get_by_label("What would you like to know?")).to_be_focused()
    expect(page.locator(".stApp [role=alert]")).to_have_count(0)


def test_only_numbers_that_dial_are_links_in_a_notice(page: Page) -> None:
    asked(page, SELF_HARM)
    links = page.locator(".cs-notice a")
    found = {links.nth(i).get_attribute("href") for i in range(links.count())}
    assert found == {"tel:999", "tel:111", "tel:116123"}


def test_under_an_emergency_the_articles_are_folded_under_a_heading_of_their_own(
    page: Page,
) -> None:
    asked(page, "after needling i have chest pain when i breathe in, what is dry needling")
    expect(page.locator("#cs-results")).to_have_text("What our articles say")
    below = page.locator("details.cs-below")
    expect(below).not_to_have_attribute("open", "")
    expect(page.get_by_role("article").first).not_to_be_visible()
    below.locator("summary").first.click()
    expect(page.get_by_role("article").first).to_be_visible()


def test_no_least_bad_passage_stands_under_an_emergency(page: Page) -> None:
    asked(page, EMERGENCY)
    expect(page.locator("#cs-results")).to_have_text(text.NOT_COVERED)
    expect(page.get_by_role("article")).to_have_count(0)
    expect(page.get_by_text("Please read the notice above")).to_be_visible()


def test_thoughts_of_suicide_show_help_and_no_article(page: Page) -> None:
    asked(page, SELF_HARM)
    expect(page.locator(".cs-notice").first).to_contain_text("You do not have to cope alone")
    expect(page.get_by_role("article")).to_have_count(0)
    expect(page.locator("#cs-results")).to_have_text("We show no articles for this search")


def test_a_caution_comes_before_results_that_stay(page: Page) -> None:
    asked(page, CAUTION)
    expect(page.locator(".cs-notice.cs-caution")).to_contain_text("Ask your physiotherapist")


def test_a_question_about_a_risk_gets_the_same_notice_as_one_line_that_opens(page: Page) -> None:
    asked(page, INFORMATION)
    strip = page.locator("details.cs-strip").first
    expect(strip.locator("summary")).to_contain_text("Chest pain or breathlessness after needling")
    expect(strip.get_by_text("Call 999 or go to A&E now")).not_to_be_visible()
    expect(page.get_by_text("Is it safe for me?")).to_be_visible()
    strip.locator("summary").click()
    expect(strip.get_by_text("Call 999 or go to A&E now")).to_be_visible()


def test_a_notice_stays_until_the_question_changes(page: Page) -> None:
    asked(page, URGENT)
    page.get_by_role("link", name="Articles").click()
    headed(page, "Our articles")
    page.go_back()
    expect(page.locator(".cs-notice")).to_have_count(1)
    search(page, "does dry needling help tennis elbow")
    expect(page.locator(".cs-notice")).to_have_count(0)


def test_other_notices_are_one_line_that_leads_to_them(page: Page) -> None:
    asked(page, "short of breath and chest pain since the needles")
    line = page.locator(".cs-others")
    expect(line).to_have_count(1)
    link = line.get_by_role("link").first
    title = link.inner_text()
    link.click()
    headed(page, "Safety notices")
    expect(page.get_by_role("heading", name=title)).to_be_in_viewport()
    page.go_back()
    expect(page.locator(".cs-notice").first).to_be_visible()


@pytest.mark.parametrize("visitor", [{"java_script_enabled": False}], indirect=True)
def test_all_notices_can_be_read_without_javascript(page: Page) -> None:
    page.goto("./notices")
    expect(page.get_by_role("heading", level=1)).to_have_text("Safety notices")
    expect(page.locator(".cs-notice")).to_have_count(38)
    expect(page.get_by_text("No clinician has signed them off yet")).to_be_visible()
    page.locator(".cs-help summary").click()
    expect(page.get_by_role("link", name="999").first).to_be_visible()


def test_notices_work_without_an_index_and_without_a_model(
    browser: Browser, tmp_path: Path
) -> None:
    with serving(tmp_path / "nothing", tmp_path / "page.log", wait_for=503) as running:
        visitor = Visitor(browser, running.url)
        opened(visitor.page)
        search(visitor.page, EMERGENCY)
        expect(visitor.page.locator(".cs-notice.cs-emergency")).to_contain_text("Call 999 now")
        expect(visitor.page.locator("#cs-results")).to_have_text("You cannot search at the moment")
        visitor.context.close()


def test_a_broken_file_of_notices_leaves_the_last_one_serving(
    browser: Browser, real_built: Path, tmp_path: Path
) -> None:
    content = tmp_path / "content"
    shutil.copytree(ROOT / "content", content)
    with serving(real_built, tmp_path / "page.log", content=content) as running:
        visitor = Visitor(browser, running.url)
        asked(visitor.page, URGENT)
        (content / "red_flags.toml").write_text("[[group", encoding="utf-8")
        asked(visitor.page, URGENT)
        expect(visitor.page.locator(".cs-notice")).to_have_count(1)
        visitor.context.close()
        assert "red_flags.toml" in running.written()
        assert "calf" not in running.written()


def test_the_served_notices_page_reads_nothing_from_the_address(server: Server, page: Page) -> None:
    page.goto(server.url + "notices?q=secretword")
    assert "secretword" not in page.content()
