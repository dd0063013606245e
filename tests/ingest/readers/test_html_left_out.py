"""What web pages hide, mark and repeat is left out or kept, and nothing without a word."""

from __future__ import annotations

import pytest

from core.errors import NoArticleError
from ingest.readers.html.page import html_blocks, parse_html
from ingest.readers.outline import LeftOut, ParsedText, Reason

BODY = "<h1>Backs</h1><p>A back is strong and it likes to be moved every day of the week.</p>"


def read(body: str) -> ParsedText:
    return parse_html(f"<title>T</title><main>{body}</main>", "a", "File")


def text(body: str) -> str:
    """Return what an article says below its title."""
    return read(body).text.partition("\n\n")[2]


# -- hidden parts --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "hidden",
    [
        "<p hidden>Stop your tablets.</p>",
        "<p hidden=hidden>Stop your tablets.</p>",
        "<div style='color:red; Display : NONE'><p>Stop your tablets.</p></div>",
        "<p style='visibility:hidden'>Stop your tablets.</p>",
        "<p style='visibility:hidden;opacity:0'>Stop your tablets.</p>",
        "<p style='visibility:hidden;opacity:0.5;transform:none'>Stop your tablets.</p>",
        "<p style='display:none;opacity:0;transform:none'>Stop your tablets.</p>",
        "<p>Seen.<span style='display:none'>Stop your tablets.</span></p>",
        "<p aria-hidden=true>Stop your tablets.</p>",
        "<ul><li>Seen.<li hidden>Stop your tablets.</ul>",
        "<div class=faq><span aria-hidden=true>Stop your tablets.</span><p>Seen.</p></div>",
        "<div class=faq><h3>Sore?</h3><p aria-hidden=true>Stop your tablets.</p>Seen.</div>",
        "<b class=accordion-icon aria-hidden=true>Stop your tablets.</b><p>Seen.</p>",
        "<template><p>Stop your tablets.</p></template>",
        "<noscript>Stop your tablets.</noscript>",
        "<dialog>Stop your tablets.</dialog>",
        "<dialog open>Stop your tablets.</dialog>",
        "<h2>Rest</h2><div hidden>Stop your tablets.</div><p>Seen.</p>",
        "<details><summary>Why?</summary>Seen.<p hidden>Stop your tablets.</p></details>",
    ],
)
def test_what_a_page_hides_is_left_out_and_named(hidden: str) -> None:
    parsed = read(BODY + hidden)
    assert "Stop" not in parsed.text
    assert "Stop your tablets." in [left.text for left in parsed.left_out]
    assert ("Seen" in parsed.text) is ("Seen" in hidden)


@pytest.mark.parametrize(
    "panel",
    [
        "<button class=accordion>Sore?</button><div style='display:none'>For a day.</div>",
        "<button aria-controls=x>Sore?</button><p>Yes.</p><div id=x hidden>For a day.</div>",
        "<h3><button aria-expanded=false>Sore?</button></h3><div hidden>For a day.</div>",
        "<h3>Sore?</h3><div style='display:none'>For a day.</div>",
        "<div class=faq-question>Sore?</div><div class=a style='display:none'>For a day.</div>",
        "<dl><dt>Sore?</dt><dd style='display:none'>For a day.</dd></dl>",
        "<a data-bs-toggle=collapse href='#x'>Sore?</a><div id=x hidden>For a day.</div>",
        "<button data-bs-target='#x'>Sore?</button><div id=x aria-hidden=true>For a day.</div>",
        "<ul><li><a href='#x'>Sore</a></ul><div id=x style='display:none'>For a day.</div>",
        "<div role=tab aria-controls=x>S</div><div role=tabpanel id=x hidden>For a day.</div>",
        "<div class='tab-pane' style='display:none'>For a day.</div>",
        "<p>S<span style='display:none'>For a day.</span><button onclick='more()'>Read</button>",
        "<div hidden=until-found>For a day.</div>",
        "<details><summary>Sore?</summary><p>For a day.</p></details>",
        "<p class=wow style='visibility:hidden; animation-name:none'>For a day.</p>",
        "<p style='visibility: hidden; opacity: 0; transform: translateY(20px)'>For a day.</p>",
        "<p style='opacity:0;visibility:hidden;-webkit-transform:none'>For a day.</p>",
    ],
)
def test_what_a_visitor_opens_is_read(panel: str) -> None:
    assert "For a day." in text(BODY + panel)


def test_a_page_that_hides_itself_until_its_scripts_run_is_read() -> None:
    assert "strong" in parse_html(f"<body style='display:none'>{BODY}", "a", "File").text
    page = f"<title>T</title><div style='visibility:hidden'>{BODY}</div>"
    assert "strong" in parse_html(page, "a", "File").text


@pytest.mark.parametrize(
    "summary",
    [
        "Is it sore?<span>+</span>",
        "<span>Is it sore?</span><span>\u25be</span>",
        "Is it sore? +",
        "Is it sore? \u25bc",
        "<i>\u25b8</i> Is it sore?",
        "<h3>Is it sore?</h3><span>\u2212</span>",
        "Is it sore?<span aria-hidden=true>\u00d7</span>",
        "Is it sore?<i class='fa fa-times'></i>",
    ],
)
def test_a_lone_sign_beside_a_question_is_left_out(summary: str) -> None:
    parsed = read(f"{BODY}<details><summary>{summary}</summary><p>Yes.</p></details>")
    assert parsed.sections[-1].path == ("Is it sore?",)
    button = f"<button aria-expanded=false>{summary}</button>"
    assert read(f"{BODY}{button}<p>Yes.</p>").sections[-1].path == ("Is it sore?",)


def test_signs_that_belong_to_a_question_stay() -> None:
    for summary in ("Blood group A+", "Is 50 % enough?", "What is 20 \u20ac for", "Over 65"):
        parsed = read(f"{BODY}<details><summary>{summary}</summary><p>Yes.</p></details>")
        assert parsed.sections[-1].path == (summary,)


# -- marks ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("items", "said"),
    [
        ("<ul><li>\u2713 Walk<li>\u2717 Drive</ul>", "- \u2713 Walk\n- \u2717 Drive"),
        ("<ul><li><span aria-hidden=true>\u2717</span>Drive</ul>", "- \u2717 Drive"),
        (
            "<ul><li><i class='fas fa-check-circle' aria-hidden=true></i> Walk"
            "<li><i class='fa fa-times' aria-hidden=true></i>Drive</ul>",
            "- \u2713 Walk\n- \u2717 Drive",
        ),
        ("<ul><li><img alt=cross src=a.png>Drive</ul>", "- \u2717 Drive"),
        ("<ul><li><img alt='' src='/i/red-cross.svg'>Drive</ul>", "- \u2717 Drive"),
        ("<ul><li><svg><title>cross</title></svg>Drive</ul>", "- \u2717 Drive"),
        ("<ul><li><svg class='lucide lucide-x' aria-hidden=true></svg>A</ul>", "- \u2717 A"),
        ("<ul><li><i class=material-icons>close</i>Drive</ul>", "- \u2717 Drive"),
        ("<ul style=\"list-style-type:'\u2717 '\"><li>Drive</ul>", "- \u2717 Drive"),
        ("<ul style='list-style-image: url(\"img/cross.png\")'><li>Drive</ul>", "- \u2717 Drive"),
        ("<table><tr><th>A<th>B<tr><td>Run<td><i class='bi bi-x'></i></table>",
         "- A: Run; B: \u2717"),
        # Ticks without crosses only decorate, and other icons say nothing.
        ("<ul><li><i class='fa fa-check'></i>Walk<li><i class='fa fa-star'></i>Run</ul>",
         "- Walk\n- Run"),
        ("<ul><li><img alt='A man' src=cross-training.jpg>Run</ul>", "- Run"),
        ("<ul style='list-style:square'><li>Run</ul>", "- Run"),
    ],
)  # fmt: skip
def test_ticks_and_crosses_tell_do_from_do_not(items: str, said: str) -> None:
    assert text(f"<p>Home</p>{items}") == f"Home\n\n{said}"


@pytest.mark.parametrize(
    "control",
    [
        "<button class=close><i class='fas fa-times'></i></button>",
        "<a href='#' class=remove><i class='far fa-xmark'></i></a>",
        "<a href='#'><span><svg class='lucide lucide-x'></svg></span></a>",
        "<button><img src=close.svg alt=''></button>",
    ],
)
def test_a_cross_that_closes_a_box_is_no_mark(control: str) -> None:
    items = "<ul><li><i class='fa fa-check'></i>Walk<li><i class='fa fa-check'></i>Run</ul>"
    assert text(f"<p>Home</p>{control}{items}") == "Home\n\n- Walk\n- Run"


def test_a_cross_in_a_link_of_words_is_a_mark() -> None:
    items = "<ul><li><a href=/d><i class='fa fa-times'></i>Driving in week one</a> is out.</ul>"
    assert text(f"<p>Home</p>{items}") == "Home\n\n- \u2717 Driving in week one is out."


# -- words, labels and notes ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markup", "said"),
    [
        ("<span>Physio</span><span>Massage</span><a href=x>Taping</a>", "Physio Massage Taping"),
        ("<b>In the clinic</b><span>We loosen it.</span>", "In the clinic We loosen it."),
        ("<strong>12</strong><span>weeks</span>", "12 weeks"),
        ("<span>rest</span><span>ice</span><small>a while</small>", "rest ice a while"),
        ("<span><b>Rest</b></span><span><i>Ice</i></span>", "Rest Ice"),
        ("<span>Rest</span><svg></svg><span>Ice</span>", "Rest Ice"),
        ("<span>Rest</span><!-- x --><span>Ice</span>", "Rest Ice"),
        ("Parking<small>Behind the house</small>", "Parking Behind the house"),
        ("12<small>weeks</small>", "12 weeks"),
        ("Step 1<small>Rest</small>", "Step 1 Rest"),
        ("<b>W</b>ord <b>W</b><i>ord</i> un<b>do</b>", "Word Word undo"),
        ("<span>N</span><span>e</span><span>c</span><span>k</span>", "Neck"),
        ("<b>knee</b><i>s</i>, <b>well</b><i>.</i>", "knees, well."),
        ("e<b>GFR</b> 5<b>mg</b> <b>vitamin B</b><sub>12</sub>", "eGFR 5mg vitamin B\u2081\u2082"),
        ("<span>\u80a9</span><span>\u75db</span>", "\u80a9\u75db"),
        ("<span>Rest </span><span>now</span>", "Rest now"),
    ],
)  # fmt: skip
def test_words_that_only_style_separates_are_set_apart(markup: str, said: str) -> None:
    assert text(f"<div>{markup}</div>") == said
    assert text(f"<ul><li>{markup}</ul>") == f"- {said}"


@pytest.mark.parametrize(
    "label",
    [
        "<span class=label>Sleep</span>",
        "<p>Sleeping Position</p>",
        "<div><div>01</div></div>",
        "<div>01</div><p><strong>Sleep</strong></p>",
        "<a href=/sleep>Sleep</a>",
    ],
)
def test_a_label_above_a_heading_is_left_out(label: str) -> None:
    section = f"<section>{label}<h2>Your pillow</h2><p>One is best.</p></section>"
    parsed = read(f"{BODY}{section}")
    assert parsed.text.endswith("every day of the week.\n\nYour pillow\n\nOne is best.")
    assert {left.reason for left in parsed.left_out} == {Reason.LABEL}


@pytest.mark.parametrize(
    "kept",
    [
        "<p>Rest your arm for a week or two.</p><h2>Next</h2><p>x</p>",
        "<section><p>Rest it.</p><h2>Next</h2><p>x</p></section>",
        "<h2>Sore?</h2><div>Never<h3>Next</h3><p>x</p></div>",
        "<details><summary>Sore</summary><p>Yes</p><h3>Next</h3><p>x</p></details>",
        "<dl><dt>Sore<dd><p>Yes</p><h3>Next</h3><p>x</p></dl>",
        "<section><p>See also:</p><h2>Next</h2><p>x</p></section>",
        "<p>Long text comes first.</p><p>Sleep</p><h2>Next</h2><p>x</p>",
    ],
)
def test_text_above_a_heading_stays(kept: str) -> None:
    assert read(BODY + kept).left_out == ()


def test_a_label_that_says_what_not_to_do_stays_with_its_heading() -> None:
    parsed = read(f"{BODY}<section><span>Avoid</span><h2>Driving</h2><p>For a day.</p></section>")
    assert parsed.sections[-1].path == ("Avoid: Driving",)


@pytest.mark.parametrize(
    ("markup", "said"),
    [
        ("each year<sup>2</sup>.", "each year."),
        ("400 mg<sup>1,3</sup> a day", "400 mg a day"),
        ("400 mg<sup>1</sup> a day", "400 mg a day"),
        ("400 mg<sup>a</sup> a day", "400 mg a day"),
        ("400 mg<span style='vertical-align:super'>2</span> a day", "400 mg a day"),
        ("400 mg<sup>[1]</sup><sup>\u2013</sup>", "400 mg\u2013"),
        ("5 ml <sup>1\u20133</sup>", "5 ml"),
        ("after 65<sup>4</sup>", "after 65"),
        ("It helps.<sup>*</sup>", "It helps."),
        ("It helps [<a href='#r1'>1</a>].", "It helps [1]."),
        ("It helps<a href='#r1'>1</a> <a href='#r2'>[2]</a>", "It helps"),
        ("The note. <a href='#up' class=footnote-backref>\u21a9</a>", "The note."),
        ("See step <a href='#s2'>2</a>.", "See step 2."),
        ("30 kg/m<sup>2</sup>, 4 cm<sup>3</sup>", "30 kg/m\u00b2, 4 cm\u00b3"),
        ("10<sup>9</sup>/l and 5 \u00d7 10<sup>6</sup>", "10\u2079/l and 5 \u00d7 10\u2076"),
        ("Ca<sup>2+</sup> s<sup>-1</sup> R<sup>2</sup>", "Ca\u00b2\u207a s\u207b\u00b9 R\u00b2"),
        ("1<sup>1</sup>/<sub>2</sub> tablets", "1\u00b9/\u2082 tablets"),
        ("1<sup>st</sup> 2<sup>nd</sup> M<sup>me</sup>", "1st 2nd Mme"),
        ("<sup>1</sup> Smith 2001", "\u00b9 Smith 2001"),
    ],
)
def test_numbers_of_notes_are_never_read_as_a_dose(markup: str, said: str) -> None:
    assert text(f"<p>{markup}</p>") == said


# -- around the article --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "way",
    [
        "<ol class=page-crumb><li><a href=/>Home</a><li><a href=/c>Conditions</a><li>Backs</ol>",
        "<ol><li><a href=/>Start</a><li><a href=/c>Conditions</a><li>Backs</ol>",
        "<p><a href=index.html>Clinic</a> &gt; <a href=/c>Conditions</a> &gt; Backs</p>",
        "<div>You are here: <a href=/>Home</a> / Backs</div>",
        "<div><a href='https://c.example/'>Clinic</a><span>\u203a</span><span>Backs</span></div>",
        "<div aria-label=Breadcrumb><span>Home</span><span>Backs</span></div>",
        "<ul itemtype='https://schema.org/BreadcrumbList'><li>Home<li>Backs</ul>",
        "<div class=crumbTrail>Home, Backs</div>",
    ],
)
def test_breadcrumbs_are_left_out(way: str) -> None:
    parsed = parse_html(f"<title>T</title>{way}{BODY}", "a", "File")
    assert parsed.text == parse_html(f"<title>T</title>{BODY}", "a", "File").text
    assert [left.reason for left in parsed.left_out] == [Reason.MENU]


@pytest.mark.parametrize(
    "top",
    [
        "<p><a href=/>Home</a> visits are free.</p>",
        "<ul><li><a href=/>Home</a> visits<li>Clinic visits</ul>",
        "<div>Our <a href=/>clinic</a> / surgery</div>",
    ],
)
def test_text_with_a_link_to_the_home_page_is_no_breadcrumb(top: str) -> None:
    assert Reason.MENU not in {left.reason for left in read(top + BODY).left_out}


@pytest.mark.parametrize(
    ("page", "title"),
    [
        ("<title>Clinic</title><header><h1>Backs</h1></header><main><p>x y z</main>", "Backs"),
        ("<title>Backs</title><nav><h1>Clinic</h1></nav><main><p>x y z</main>", "Backs"),
        ("<title>Backs</title><header><h1 class=logo>Clinic</h1></header><p>x y z", "Backs"),
        ("<title>Backs</title><h1><a href=/>Clinic</a></h1><p>x y z", "Backs"),
        ("<title>Backs</title><div class=navbar-brand><h1>Clinic</h1></div><p>x y z", "Backs"),
        ("<title>Backs</title><p>u v w x y z<div class=modal><h1>Closed now</h1></div>", "Backs"),
        ("<title>Backs</title><p>x y z<aside><h1>News</h1></aside>", "Backs"),
        ("<title>Backs</title><h1 hidden>Menu</h1><p>x y z", "Backs"),
        ("<title>Clinic</title><h1 class=logo>Clinic</h1><h1>Backs</h1><p>x y z", "Backs"),
        ("<title>Clinic</title><meta property=og:site_name content=Clinic><h2>Backs</h2><p>x",
         "Backs"),
        ("<title>Home</title><h2>Backs</h2><p>x y z", "Backs"),
    ],
)  # fmt: skip
def test_the_title_is_the_articles_and_not_the_sites(page: str, title: str) -> None:
    parsed = parse_html(page, "a", "File")
    assert parsed.title == title
    assert "Clinic" not in parsed.text


def test_the_first_heading_is_kept_where_only_the_head_states_a_title() -> None:
    assert parse_html("<title>Clinic</title><h2>Backs</h2><p>x", "a", "File").headline == "Backs"
    assert parse_html("<h1>Backs</h1><h2>Why</h2><p>x", "a", "File").headline == ""


@pytest.mark.parametrize(
    "page",
    [
        "<meta http-equiv=refresh content='0;url=../back.html'><p>This page has moved.</p>",
        "<meta http-equiv=Refresh content='5; URL=\"/back\"'><title>Redirecting</title>",
        "<meta http-equiv=refresh content='0, /back'><p>Moved</p>",
        "<script>window.location.href = '/back';</script><p>Moved. <a href=/back>Go</a></p>",
        "<script>location.replace('/back')</script>",
    ],
)
def test_a_page_that_only_forwards_is_no_article(page: str) -> None:
    with pytest.raises(NoArticleError) as caught:
        parse_html(page, "a", "File")
    assert "back" in (caught.value.found or "")


@pytest.mark.parametrize(
    "head",
    [
        "<meta http-equiv=refresh content=300>",
        "<noscript><meta http-equiv=refresh content='0;url=/back'></noscript>",
        "<meta http-equiv=refresh content='1800;url=/backs'>",
        "<script>if (location.href == 'x') { track() }</script>",
        "<meta http-equiv=refresh content='0;url=/b'>" + "<p>Keep moving every day.</p>" * 20,
    ],
)
def test_a_page_with_something_to_say_is_an_article(head: str) -> None:
    assert "strong" in parse_html(f"{head}{BODY}", "a", "File").text


def test_what_is_left_out_is_told_in_reading_order_as_it_is_in_the_file() -> None:
    page = (
        "<title>T</title><script>track()</script><nav><a href=/>Home</a><a href=/b>Book</a></nav>"
        "<p>Call us</p>"
        f"<main>{BODY}<p>Rest<sup>1</sup> or <del>sleep</del> walk.<span hidden>Old</span></p>"
        "<button>Send</button><ul><li><a href='#x'>Why</a><li><a href='#y'>How</a></ul>"
        "<section><span>01</span><h2>Next</h2><p>Walk more each day.</p></section>"
        "<h2>Related posts</h2><p>Necks</p></main>Tel. 123<footer><p>Open</p><p>Closed</p></footer>"
    )
    assert parse_html(page, "a", "File").left_out == tuple(
        LeftOut(reason, said)
        for reason, said in [
            (Reason.TEMPLATE, "track()"),
            (Reason.MENU, "Home Book"),
            (Reason.MENU, "Call us"),
            (Reason.NOTE, "1"),
            (Reason.STRUCK, "sleep"),
            (Reason.HIDDEN, "Old"),
            (Reason.MENU, "Send"),
            (Reason.CONTENTS, "Why\nHow"),
            (Reason.LABEL, "01"),
            (Reason.MENU, "Related posts"),
            (Reason.MENU, "Necks"),
            (Reason.MENU, "Tel. 123"),
            (Reason.MENU, "Open\nClosed"),
        ]
    )


def test_html_inside_another_format_becomes_blocks() -> None:
    blocks, left_out = html_blocks(
        "<h3>Why</h3>\n<p>Rest<sup>1</sup>.</p><ol><li>Walk<li>Run</ol><p hidden>Old"
    )
    assert [(block.level, block.text) for block in blocks] == [
        (3, "Why"),
        (0, "Rest."),
        (0, "1. Walk\n2. Run"),
    ]
    assert html_blocks("<p>Sleep</p><h2>Your pillow</h2>")[1] == ()  # no element makes it a label
    assert left_out == (LeftOut(Reason.NOTE, "1"), LeftOut(Reason.HIDDEN, "Old"))


def test_a_heading_that_holds_the_article_does_not_empty_it() -> None:
    page = "<div><h1><main><p>Rest the knee for a while today.</p></main></h1></div><p>Menu</p>"
    assert "Rest the knee for a while today." in parse_html(page, "a", "Home").text


def test_a_term_without_an_explanation_is_named() -> None:
    body = "<dl><dt>Call</dt><dd>Ring twice.</dd><dt>Follow</dt><dd><a href=/f>Facebook</a></dl>"
    parsed = read(BODY + body)
    assert "Follow" in parsed.text + " ".join(left.text for left in parsed.left_out)
    parsed = read(f"{BODY}<dl><dt>Call</dt><dd>Ring.</dd><dt>Map</dt><dd><img src=m.png></dd></dl>")
    assert LeftOut(Reason.LABEL, "Map") in parsed.left_out


@pytest.mark.parametrize("label", ["02 / Signs", "2 \u00b7 What you can feel in the morning"])
def test_a_numbered_label_above_a_heading_is_none_of_the_text_before(label: str) -> None:
    body = f"<h2>Rest</h2><p>A day.</p><div>{label}</div><h2>Signs</h2><p>It is sore.</p>"
    parsed = read(f"{BODY}<article>{body}</article>")
    assert [parsed.text[s.body.start : s.body.end] for s in parsed.sections[1:]] == [
        "A day.",
        "It is sore.",
    ]
    assert LeftOut(Reason.LABEL, label) in parsed.left_out


@pytest.mark.parametrize("line", ["1/2 tablet", "24/7", "2 / day", "2 tablets"])
def test_a_quantity_above_a_heading_stays(line: str) -> None:
    body = (
        f"<article><h2>Take</h2><p>At night.</p><p>{line}</p><h2>Signs</h2><p>Sore.</p></article>"
    )
    assert line in text(BODY + body)


def test_a_mark_that_a_style_sets_apart_is_apart() -> None:
    items = "<ul><li><span>\u2713</span>Walk<li><b>\u2013</b>Drive<li>-5 \u00b0C</ul>"
    assert text(f"<p>Home</p>{items}") == "Home\n\n- \u2713 Walk\n- \u2013 Drive\n- -5 \u00b0C"
