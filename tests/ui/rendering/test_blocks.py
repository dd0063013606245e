"""A text as paragraphs, lists and tables: what a reader gets, and that no word is lost."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as some

from core.types import Span
from ingest.readers.blocks import table_text
from ui.rendering.blocks import Marks, blocks_html

LIST = "Frozen shoulder can happen because:\n- you had an injury\n- you have diabetes\nAsk us."


def plain(html: str) -> str:
    """Return HTML without classes."""
    return re.sub(r' class="[^"]*"', "", html)


@pytest.mark.parametrize(
    ("content", "drawn"),
    [
        ("One.\nTwo.", "<p>One.\nTwo.</p>"),
        ("One.\n\n\nTwo.", "<p>One.</p><p>Two.</p>"),
        (
            LIST,
            "<p>Frozen shoulder can happen because:</p><ul><li>you had an injury</li>"
            "<li>you have diabetes</li></ul><p>Ask us.</p>",
        ),
        ("1. lie\n2. sit\n3) stand", "<ol><li>lie</li><li>sit</li><li>stand</li></ol>"),
        ("4. lie\n5. sit", '<ol start="4"><li>lie</li><li>sit</li></ol>'),
        ("1. lie\n1. sit", "<ol><li>lie</li></ol><ol><li>sit</li></ol>"),
        (
            "- a\n  - b\n    - c\n  - d\n- e",
            "<ul><li>a<ul><li>b<ul><li>c</li></ul></li><li>d</li></ul></li><li>e</li></ul>",
        ),
        ("    - deep first\n- then out", "<ul><li>deep first</li><li>then out</li></ul>"),
        ("- a\n  goes on\n- b", "<ul><li>a\n  goes on</li><li>b</li></ul>"),
        ("- ✓ walk\n- ✗ rest", "<ul><li>✓ walk</li><li>✗ rest</li></ul>"),
        ("• one\n* two", "<ul><li>one</li><li>two</li></ul>"),
        ("1990. It was cold.", "<p>1990. It was cold.</p>"),
        ("-5 degrees", "<p>-5 degrees</p>"),
        ("- Heel: low\n- Toe: high", "<ul><li>Heel: low</li><li>Toe: high</li></ul>"),
        ("- Week: 1; Do: walk\n- nothing", "<ul><li>Week: 1; Do: walk</li><li>nothing</li></ul>"),
        ("", ""),
        (" \n \n", ""),
    ],
)
def test_lists_are_lists(content: str, drawn: str) -> None:
    assert plain(blocks_html(content)) == drawn


def test_a_table_of_the_readers_is_a_table_again() -> None:
    rows = [
        ["Week", "Exercise", "How often"],
        ["1", "circles; slowly", ""],
        ["2", "bands", "daily"],
    ]
    html = plain(blocks_html(table_text(rows, has_head=True)))
    assert html == (
        '<table><thead><tr><th scope="col">Week</th><th scope="col">Exercise</th>'
        '<th scope="col">How often</th></tr></thead><tbody><tr><td>1</td><td>circles; slowly</td>'
        "<td></td></tr><tr><td>2</td><td>bands</td><td>daily</td></tr></tbody></table>"
    )


def test_a_mark_does_not_cross_the_edge_of_an_item() -> None:
    start = LIST.index("you had")
    html = blocks_html(LIST, Marks(Span(start, LIST.index("Ask us")), (Span(0, 6),)))
    assert html.count('<li><mark class="cs-ans">') == html.count("</mark></li>") == 2
    assert "<mark" not in html.partition("<ul")[0]
    assert html.startswith('<p class="cs-p"><b class="cs-term">Frozen</b> shoulder')


def test_content_is_only_text_and_attributes_are_those_of_each_block() -> None:
    html = blocks_html("<b>x</b>\n- <i>y</i>", attributes=' lang="fr"')
    assert "&lt;b&gt;x" in html
    assert "&lt;i&gt;y" in html
    assert html.count(' lang="fr"') == 2


signs = some.text(alphabet="ab:;. -\n1)•", max_size=60)
spans = some.builds(Span, some.integers(-5, 70), some.integers(-5, 70))


@given(signs, some.none() | spans, some.lists(spans, max_size=4))
def test_no_letter_is_lost_whatever_is_marked(
    content: str, sentence: Span | None, terms: list[Span]
) -> None:
    html = blocks_html(content, Marks(sentence, terms))
    words = unescape(re.sub("<[^>]*>", " ", html))
    assert re.findall("[ab]", words) == re.findall("[ab]", content)
    for tag in ("p", "ul", "ol", "li", "mark", "b", "table", "td"):
        assert len(re.findall(rf"<{tag}[ >]", html)) == html.count(f"</{tag}>")
