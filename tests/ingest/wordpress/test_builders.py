"""What themes, plugins and site builders add to WordPress: types, titled shortcodes, Elementor."""

from __future__ import annotations

import json
from datetime import date

import pytest

from ingest.readers.html.page import parse_html
from ingest.wordpress.export import Post
from ingest.wordpress.pages import body_of, page_of

TODAY = date(2026, 1, 1)


def told(text: str = "", elementor: object = None) -> list[tuple[tuple[str, ...], str]]:
    stored = elementor if isinstance(elementor, str) else json.dumps(elementor)
    post = Post(
        {"content:encoded": text, "title": "Elbow"}, "", "" if elementor is None else stored
    )
    parsed = parse_html(page_of(post, body_of(post)[0]).decode(), "a", "File")
    return [(s.path, parsed.text[s.body.start : s.body.end]) for s in parsed.sections]


# -- types ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "link", "reason"),
    [
        ("treatment", "https://clinic.test/treatments/taping/", ""),
        ("faq", "https://clinic.test/faq/can-i-drive", ""),
        ("team", "https://clinic.test/team/jo-field/", ""),
        ("treatment", "https://clinic.test/?treatment=taping", "of the type 'treatment'"),
        ("treatment", "https://clinic.test/?post_type=x&p=3", "of the type 'treatment'"),
        ("treatment", "https://clinic.test/", "of the type 'treatment'"),
        ("elementor_library", "https://clinic.test/x/head/", "of the type 'elementor_library'"),
        ("wp_block", "https://clinic.test/block/", "of the type 'wp_block'"),
        ("product", "https://clinic.test/shop/tape/", "of the type 'product'"),
        ("attachment", "https://clinic.test/picture/", "attachments"),
    ],
)
def test_an_entry_of_another_type_is_an_article_when_it_has_a_page(
    kind: str, link: str, reason: str
) -> None:
    parts = {"wp:post_type": kind, "wp:status": "publish", "link": link}
    assert Post(parts, "").unpublished(TODAY) == reason


def test_a_draft_of_another_type_stays_a_draft() -> None:
    link = "https://clinic.test/treatments/taping/"
    parts = {"wp:post_type": "treatment", "wp:status": "draft", "link": link}
    assert Post(parts, "").unpublished(TODAY) == "drafts"


# -- shortcodes with a title ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "code",
    [
        '[toggle title="May I lift?"]Not for two weeks.[/toggle]',
        "[su_spoiler title='May I lift?' style=\"fancy\"]Not for two weeks.[/su_spoiler]",
        "[acc_item title=&#8221;May I lift?&#8221; icon=&#8221;x&#8221;]\n\nNot for two weeks."
        "[/acc_item]",
        '[vc_row][vc_tta_section title="May I <b>lift</b>?" tab_id="4"][vc_column_text]Not for two '
        "weeks.[/vc_column_text][/vc_tta_section][/vc_row]",
    ],
)
def test_a_question_in_a_shortcode_stays_with_its_answer(code: str) -> None:
    after = "\n\nAsk us when you are unsure."
    assert told(f"Rest first.\n\n{code}{after}") == [
        ((), "Rest first."),
        (("May I lift?",), "Not for two weeks."),
        ((), "Ask us when you are unsure."),
    ]


def test_each_part_of_an_accordion_has_its_own_title() -> None:
    items = "".join(f'[item title="Week {n}"]Do {n} bends a day.[/item]' for n in (1, 2))
    assert told(f'[accordion title="Your plan"]{items}[/accordion]') == [
        (("Your plan", "Week 1"), "Do 1 bends a day."),
        (("Your plan", "Week 2"), "Do 2 bends a day."),
    ]


def test_a_heading_in_a_shortcode_is_one() -> None:
    code = '[vc_custom_heading text="Before you come" font_container="tag:h2|text_align:left"]'
    assert told(f"{code}\n\nEat as usual.") == [(("Before you come",), "Eat as usual.")]


@pytest.mark.parametrize(
    "code",
    [
        '[button title="Opens our diary"]Book now[/button]',
        '[contact-form-7 id="3" title="Contact"]',
        '[toggle title="+"]Book now[/toggle]',
        '[box title="[1]"]Book now[/box]',
    ],
)
def test_a_title_that_no_page_shows_is_no_heading(code: str) -> None:
    assert [path for path, _ in told(f"Rest first.\n\n{code}")] == [()]


def test_many_codes_take_no_longer_than_their_length() -> None:
    text = '[a title="b c"]' * 20_000 + "[/a]" * 20_000
    assert body_of(Post({"content:encoded": text}, ""))[0]


# -- Elementor -----------------------------------------------------------------------------------


def widget(kind: str, **settings: object) -> dict[str, object]:
    return {"elType": "widget", "widgetType": kind, "settings": settings, "elements": []}


ACCORDION = [
    {"tab_title": "Does it hurt?", "tab_content": "<p>A little.</p>"},
    {"tab_title": "How long?", "tab_content": "Six weeks."},
]


def test_a_page_that_only_elementor_holds_is_read() -> None:
    stored = [
        {
            "elType": "container",
            "settings": [],
            "elements": [
                widget("heading", title="Elbow pain at work", header_size="h2"),
                widget("text-editor", editor="<p>Rest it.</p><p>Then move it.</p>"),
                widget("accordion", tabs=ACCORDION),
                widget("icon-list", icon_list=[{"text": "Do not grip."}, {"text": "Use ice."}]),
                widget("button", text="Book now", link={"url": "#"}),
            ],
        }
    ]
    assert told(elementor=stored) == [
        (("Elbow pain at work",), "Rest it.\n\nThen move it."),
        (("Elbow pain at work", "Does it hurt?"), "A little."),
        (("Elbow pain at work", "How long?"), "Six weeks."),
        (("Elbow pain at work",), "- Do not grip.\n- Use ice."),
    ]


def test_an_accordion_of_the_newer_kind_is_read() -> None:
    texts = [widget("text-editor", editor=f"<p>{text}</p>") for text in ("A little.", "Six weeks.")]
    boxes = [{"elType": "container", "settings": [], "elements": [text]} for text in texts]
    items = [{"item_title": "Does it hurt?"}, {"item_title": "How long?"}]
    nested = {**widget("nested-accordion", items=items), "elements": boxes}
    assert told(elementor=[nested]) == [
        (("Does it hurt?",), "A little."),
        (("How long?",), "Six weeks."),
    ]


def test_the_text_of_wordpress_counts_where_there_is_one() -> None:
    stored = [widget("text-editor", editor="<p>Old advice.</p>")]
    assert told("Rest first.", stored) == [((), "Rest first.")]


@pytest.mark.parametrize("stored", ["", "no JSON", "{}", "[1, null, [2]]", "[" * 100_000])
def test_what_is_no_page_of_elementor_is_no_text(stored: str) -> None:
    post = Post({"title": "Elbow"}, "", stored)
    assert body_of(post) == ("", [])
