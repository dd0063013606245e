"""What a page's own style hides is left out; what a visitor opens or a script shows is read."""

from __future__ import annotations

import time

import pytest

from ingest.readers.html.page import parse_html
from ingest.readers.html.style_rules import hidden_selectors
from ingest.readers.outline import ParsedText, Reason

BODY = "<h1>Backs</h1><p>A back is strong and it likes to be moved every day of the week.</p>"
OLD = "<p class=old>Stop your tablets.</p>"


def read(style: str, body: str = OLD, *, script: str = "") -> ParsedText:
    head = f"<title>T</title><style>{style}</style><script>{script}</script>"
    return parse_html(f"{head}<main>{BODY}{body}</main>", "a", "File")


@pytest.mark.parametrize(
    ("style", "body"),
    [
        (".old{display:none}", OLD),
        ("P.old { color: red; DISPLAY : None !important; }", OLD),
        ("/* .old{display:block} */ a, .x, .old {display:none;}", OLD),
        ("#o{display:none}", "<div id=o><p>Stop your tablets.</p></div>"),
        (".box > .old{display:none}", f"<div class=box>{OLD}</div>"),
        (".box span.v2{display:none}", "<p class=box>So.<span class=v2>Stop your tablets.</span>"),
        (".old{display:none} @media print{.old{display:block}}", OLD),
        (".old{display:none} p{display:block}", OLD),
    ],
)
def test_what_a_rule_hides_is_left_out_and_named(style: str, body: str) -> None:
    parsed = read(style, body)
    assert "Stop" not in parsed.text
    hidden = [part.text for part in parsed.left_out if part.reason is Reason.HIDDEN]
    assert hidden == ["Stop your tablets."]


@pytest.mark.parametrize(
    ("style", "script"),
    [
        (".old.open{display:block} .old{display:none}", ""),
        (".old{display:none} .is-open .old{display:block}", ""),
        (".old{display:none} @media(max-width:600px){.old{display:block}}", ""),
        ("@media (max-width: 600px) { .old { display: none } }", ""),
        ("@media print{.old{display:none}}", ""),
        (".js .old{display:none}", ""),
        (".old:not(.seen){display:none}", ""),
        (".old::after{display:none}", ""),
        ("[class]{display:none}", ""),
        (".old{display:none}", "$('.old').fadeIn()"),
        (".older{display:none}", ""),
        (".old{content:'display:none'}", ""),
        (".old{display:block} .old {display:none}", ""),
        ("", ""),
        ("}}}{{;.old{display:none", ""),
    ],
)
def test_what_a_page_may_show_is_read(style: str, script: str) -> None:
    assert "Stop your tablets." in read(style, script=script).text


@pytest.mark.parametrize(
    "body",
    [
        "<button class=accordion>Sore?</button><div class=old>For a day.</div>",
        "<div class=faq-question>Sore?</div><div class=old>For a day.</div>",
        "<a href='#x'>Sore</a><div class=old id=x>For a day.</div>",
        "<div class=old style='display:block'>For a day.</div>",
    ],
)
def test_a_panel_that_a_rule_closes_is_read(body: str) -> None:
    assert "For a day." in read(".old{display:none}", body).text


def test_a_page_that_a_rule_hides_until_its_scripts_run_is_read() -> None:
    page = f"<title>T</title><style>body{{display:none}}</style><body>{BODY}</body>"
    assert "strong" in parse_html(page, "a", "File").text


@pytest.mark.parametrize(
    "style",
    [
        "a{" * 200_000,
        "a{display:none;" * 60_000,
        ".a{display:none}" * 60_000,
        "/*" * 400_000,
        "a, " * 200_000 + "{display:none}",
        "".join(f".a{i} b c{{display:none}}" for i in range(40_000)),
    ],
)
def test_a_hostile_style_takes_no_longer_than_its_length(style: str) -> None:
    start = time.monotonic()
    assert len(hidden_selectors(style, "a b " * 1000)) <= 100
    assert time.monotonic() - start < 3
