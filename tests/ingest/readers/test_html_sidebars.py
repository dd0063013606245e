"""Boxes beside an article that belong to it are read; menus, news and forms beside it are not."""

from __future__ import annotations

import pytest

from ingest.readers.html.page import parse_html
from ingest.readers.outline import ParsedText, Reason

ARTICLE = (
    "<h1>A new hip</h1><h2>The first week</h2><p>Walk with two sticks and rest in between, "
    "every hour of the day.</p><h2>The second week</h2><p>Walk with one stick and go a little "
    "further on each day of this week.</p>"
)
NEWS = "<div class=widget><h3>News</h3><ul><li><a href=/a>We have moved</a></li></ul></div>"
SIGNS = "<ul><li>Fever over 38</li><li>A red calf</li></ul>"
WARNING = f"<div class='{{name}}'><h4>{{title}}</h4>{SIGNS}</div>"
SAID = "- Fever over 38\n- A red calf"


def read(body: str) -> ParsedText:
    return parse_html(f"<title>T</title>{body}", "a", "File")


def told(parsed: ParsedText) -> dict[tuple[str, ...], str]:
    return {s.path: parsed.text[s.body.start : s.body.end] for s in parsed.sections}


@pytest.mark.parametrize(
    "page",
    [
        "<main>{article}<aside class=sidebar>{news}{box}</aside></main>",
        "<main>{article}<div class=page-sidebar>{box}{news}</div></main>",
        "<main>{article}</main><aside>{news}{box}</aside>",
        "<aside id=secondary class=widget-area>{box}{news}</aside><div>{article}</div>",
        "<div>{article}</div><div role=complementary><section>{box}</section>{news}</div>",
    ],
)
@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("red-flags-box", "Ring us"),
        ("box", "When to see a doctor"),
        ("box", "Wann zum Arzt?"),
        ("box", "Quand consulter ?"),
        ("box", "Do not drive yet"),
        ("box", "Warning signs"),
    ],
)
def test_a_warning_beside_an_article_is_a_section_of_it(page: str, name: str, title: str) -> None:
    box = WARNING.format(name=name, title=title)
    parsed = read(page.format(article=ARTICLE, box=box, news=NEWS))
    assert told(parsed)[title,] == SAID
    assert "We have moved" not in parsed.text
    assert [part.text for part in parsed.left_out if part.reason is Reason.MENU] == [
        "News\nWe have moved"
    ]


def test_headings_right_in_a_sidebar_begin_a_box_each() -> None:
    sidebar = (
        "<aside><h3>Hours</h3><p>Nine to five.</p><h3>When to see a doctor</h3><h4>At once</h4>"
        f"{SIGNS}<h4>Within a day</h4><p>A wet wound.</p><h3>News</h3><p>We move.</p></aside>"
    )
    sections = told(read(f"<main>{ARTICLE}</main>{sidebar}"))
    assert list(sections.items())[2:] == [
        (("When to see a doctor", "At once"), SAID),
        (("When to see a doctor", "Within a day"), "A wet wound."),
    ]


STEPS = (
    "<div class=card><h3>Your first visit</h3><p>Come ten minutes early and bring the letter of "
    "your doctor and a list of your tablets.</p></div>"
)


def test_text_in_a_sidebar_of_the_main_part_is_read() -> None:
    parsed = read(f"<main>{ARTICLE}<div class=sidebar>{NEWS}{STEPS}</div></main>")
    assert told(parsed)["Your first visit",].startswith("Come ten minutes early")
    assert "We have moved" not in parsed.text


@pytest.mark.parametrize(
    "beside",
    [
        f"<aside>{STEPS}</aside>",  # what a site shows beside all its pages
        "<aside><h3>Sign up</h3><form><p>Get our letter with tips for your back each month, free "
        "of charge and of advertisements.</p></form></aside>",
        f"<footer>{WARNING.format(name='danger', title='Warning signs')}</footer>",
        "<nav><h3>When to see us</h3><a href=/a>After a fall</a><a href=/b>After it</a></nav>",
        "<aside><div><h3>When to see us</h3><a href=/a>After a fall or a flight</a></div></aside>",
        "<aside><div><h3>Warning</h3><p>New</p></div></aside>",
    ],
)
def test_what_is_beside_all_pages_is_left_out(beside: str) -> None:
    parsed = read(f"<main>{ARTICLE}</main>{beside}")
    assert list(told(parsed)) == [("The first week",), ("The second week",)]
