"""Reading in the real browser: from result to result, more like this, print, the page of a PDF."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from tests.support.building import build_with
from tests.support.fakes import BagOfWordsEncoder
from tests.support.files.content import label_enough_to_calibrate
from tests.support.files.pdf_files import Sheet, pdf
from tests.support.pages.browser import (
    EVERY_SCREEN,
    SCREENS,
    Server,
    home,
    opened,
    search,
    serving,
    violations,
)
from ui.languages import text

pytestmark = pytest.mark.browser

FAR = "\n\n".join(
    f"This is paragraph {n} of a long text that only fills the page." for n in range(30)
)
NECKS = (
    "All About Necks\n\nA stiff neck is common. It often passes.\n\n"
    f"Long Middle\n\n{FAR}\n\n"
    "Why It Hurts\n\nThe neck carries the head. Pain can spread to the back.\n"
)


def cover(sheet: Sheet) -> None:
    sheet.heading("Sleep and the Back", 20)
    sheet.lines("This leaflet says how people sleep, and it has a second page after this one.")


def second(sheet: Sheet) -> None:
    sheet.heading("On Your Side")
    sheet.lines("To sleep on your side is kind to a stiff back and to a stiff neck in most cases.")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The page over a long article and a leaflet of two pages, with counted words."""
    folder = tmp_path_factory.mktemp("reading")
    articles = folder / "content" / "articles"
    articles.mkdir(parents=True)
    (articles / "necks.txt").write_text(NECKS)
    (articles / "sleep.pdf").write_bytes(pdf(cover, second, title="Sleep and the Back"))
    label_enough_to_calibrate(folder / "content")
    build_with(BagOfWordsEncoder(), folder / "content", folder / "built")
    with serving(
        folder / "built",
        folder / "page.log",
        content=folder / "content",
        launcher=("-m", "tests.support.pages.stand_in", str(folder)),
    ) as running:
        yield running


def read(page: Page, question: str = "stiff neck apple", *, result: int = 0) -> None:
    """Search, and read one of the results in its article."""
    home(page)
    search(page, question)
    page.get_by_role("link", name=re.compile(f"^{text.READ}")).nth(result).click()
    expect(page.locator("#cs-found")).to_be_in_viewport()


@pytest.mark.parametrize("visitor", EVERY_SCREEN, indirect=True)
def test_the_results_can_be_read_one_after_the_other(page: Page) -> None:
    read(page)
    pager = page.get_by_role("navigation", name=text.PAGER)
    counted = pager.locator("span").inner_text()
    assert counted.startswith("Result 1 of ")
    count = int(counted.rsplit(" ", 1)[1])
    assert count > 1
    assert pager.get_by_role("link", name=text.PREVIOUS_RESULT).count() == 0
    assert violations(page) == []
    for number in range(2, count + 1):
        pager.get_by_role("link", name=text.NEXT_RESULT).click()
        expect(pager).to_contain_text(f"Result {number} of {count}")
        expect(page.locator("#cs-found")).to_be_in_viewport()
        expect(page.locator("#cs-found")).to_be_focused()
    assert pager.get_by_role("link", name=text.NEXT_RESULT).count() == 0
    assert violations(page) == []
    page.go_back()
    expect(pager).to_contain_text(f"Result {count - 1} of {count}")
    page.get_by_role("link", name=text.BACK).click()
    expect(page.get_by_label(text.LABEL)).to_have_value("stiff neck apple")


@pytest.mark.parametrize("visitor", EVERY_SCREEN, indirect=True)
def test_more_like_this_has_an_address_of_its_own_without_any_question(page: Page) -> None:
    home(page)
    search(page, "stiff neck apple")
    page.get_by_role("link", name=re.compile(f"^{text.LIKE}")).first.click()
    expect(page.locator("#cs-title")).to_have_text([text.LIKE_TITLE])
    expect(page).to_have_url(re.compile(r"\?like=necks%23introduction%2F1$"))
    expect(page).to_have_title(re.compile(f"^{text.LIKE_TITLE}"))
    expect(page.get_by_role("article").first).to_be_visible()
    expect(page.locator("[data-testid=stMain]")).not_to_contain_text(text.ANSWER_FROM)
    assert page.locator(".cs-card mark").count() == 0
    assert violations(page) == []
    headings = page.get_by_role("article").get_by_role("heading").all_inner_texts()
    opened(page, page.url)  # as somebody to whom it was sent
    assert page.get_by_role("article").get_by_role("heading").all_inner_texts() == headings
    page.locator(".cs-start a").click()
    expect(page.locator("#cs-found")).to_contain_text("A stiff neck is common.")
    expect(page.locator("#cs-found")).to_contain_text(text.LINKED_HERE)
    opened(page, "?like=necks%23nowhere%2F9")
    expect(page.locator("#cs-title")).to_have_text([text.NO_PASSAGE])
    assert violations(page) == []


def test_the_page_of_a_pdf_stands_at_its_passage(page: Page) -> None:
    home(page)
    search(page, "sleep with a stiff back")
    card = page.get_by_role("article").filter(has_text="kind to a stiff back")
    expect(card.locator(".cs-trail")).to_contain_text("page 2")
    card.get_by_role("link", name=re.compile(f"^{text.READ}")).click()
    expect(page.locator("#cs-found .cs-here-label")).to_have_text(f"{text.FOUND_HERE}, page 2")


def test_a_citations_address_opens_its_part_and_the_contents_lead_to_the_others(page: Page) -> None:
    opened(page, "?article=necks&section=why-it-hurts")
    expect(page.locator("#cs-part-why-it-hurts")).to_be_in_viewport()
    expect(page.locator("#cs-part-why-it-hurts")).to_contain_text(text.LINKED_HERE)
    contents = page.get_by_role("navigation", name=text.CONTENTS)
    contents.get_by_role("link", name="Long Middle").click()
    expect(page.locator("#cs-part-long-middle h2")).to_be_in_viewport()
    expect(page).to_have_url(re.compile(r"\?article=necks&section=long-middle$"))


def test_an_article_prints_as_an_article(page: Page) -> None:
    read(page)
    page.emulate_media(media="print")
    for gone in (".cs-help", ".cs-top nav", ".cs-pager", ".cs-contents", ".cs-acts", ".cs-foot"):
        for one in page.locator(gone).all():
            expect(one).to_be_hidden()
    expect(page.locator("#cs-title")).to_be_visible()
    expect(page.locator(".cs-trust")).to_be_visible()
    foot = page.locator(".cs-print-foot")
    expect(foot).to_contain_text(text.GENERAL)
    expect(foot).to_contain_text(text.SHORT_PURPOSE)
    assert page.pdf(format="A4").count(b"/Type /Page\n") > 1  # all of it, not one screen


def is_white(page: Page) -> bool:
    """Say whether the paper is white where nothing stands, and nothing is tinted."""
    paper = pypdfium2.PdfDocument(page.pdf(format="A4", print_background=True))
    colours = set()
    for sheet in paper:
        picture = sheet.render(scale=0.5).to_pil().convert("RGB")
        counted = picture.getcolors(maxcolors=picture.width * picture.height) or []
        least = picture.width * picture.height / 100  # more than letters and lines have
        colours |= {colour for times, colour in counted if times > least}
    paper.close()
    return colours == {(255, 255, 255)}


@pytest.mark.parametrize(
    "visitor", [SCREENS["desktop-light"], SCREENS["desktop-dark"]], indirect=True
)
def test_paper_is_white_by_day_and_by_night(page: Page) -> None:
    read(page)
    assert is_white(page)
    home(page)
    search(page, "stiff neck apple")
    assert is_white(page)
    page.emulate_media(media="print")
    expect(page.locator(".cs-print-foot")).to_be_visible()


def test_results_print_without_the_box(page: Page) -> None:
    home(page)
    search(page, "stiff neck apple")
    page.emulate_media(media="print")
    expect(page.get_by_label(text.LABEL)).to_be_hidden()
    expect(page.get_by_role("article").first).to_be_visible()
