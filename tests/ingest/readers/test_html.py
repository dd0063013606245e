"""Web pages become articles: what is read, what is left out, and how it is put."""

from __future__ import annotations

from datetime import date

import pytest

from core.types import Provenance
from ingest.readers.html.page import parse_html
from ingest.readers.outline import ParsedText
from ingest.readers.properties import without_site
from tests.support.files import web_pages


def told(parsed: ParsedText) -> list[tuple[str, tuple[str, ...], str]]:
    return [(s.slug, s.path, parsed.text[s.body.start : s.body.end]) for s in parsed.sections]


def sections(body: str) -> list[tuple[str, tuple[str, ...], str]]:
    return told(parse_html(f"<title>T</title>{body}", "a", "File"))


def text(body: str) -> str:
    return "\n\n".join(words for _, _, words in sections(body))


# -- six pages as they are published -------------------------------------------------------------


def test_a_wordpress_page_is_read_without_menu_cookies_sharing_comments_and_sidebar() -> None:
    parsed = parse_html(web_pages.WORDPRESS, "a", "File")
    assert parsed.title == "Frozen Shoulder: What Helps"
    assert parsed.provenance == Provenance(author="Sam Porter")
    assert parsed.warnings == ()
    assert told(parsed) == [
        ("introduction", (), "A frozen shoulder is stiff and painful. It comes on slowly."),
        (
            "what-causes-it",
            ("What causes it?",),
            "Nobody knows for certain. It is more common in people with diabetes.\n\n"
            "- A fall\n  - even a small one\n- An operation",
        ),
        (
            "in-the-first-weeks",
            ("Treatment", "In the first weeks"),
            "Keep the arm moving.\nDo not force it.\n\n"
            "1. Swing the arm.\n2. Walk the fingers up a wall.",
        ),
        ("later", ("Treatment", "Later"), "Most people get better in one to three years."),
    ]


def test_the_soup_of_a_site_builder_keeps_its_headings_and_its_warnings() -> None:
    parsed = parse_html(web_pages.SOUP, "a", "File")
    assert parsed.title == "Sports Massage"
    assert told(parsed) == [
        (
            "introduction",
            (),
            "Sports massage works on muscles and tendons. It suits people who train.",
        ),
        (
            "how-it-feels",
            ("How it feels",),
            "It is firm. Tell us when it is too much.\n\n"
            "- You may be sore for a day.\n- Drink water afterwards.",
        ),
        (
            "who-should-not-have-one",
            ("Who should not have one",),
            "Do not have a massage with a fever or a blood clot.\n\n"
            "Ask first when you are pregnant.",
        ),
    ]


def test_a_page_of_the_nineties_is_read_without_its_lines_of_links() -> None:
    parsed = parse_html(web_pages.PLAIN, "a", "File")
    assert parsed.title == "Caring for your back"
    assert parsed.provenance.author == "The Clinic Team"
    assert told(parsed) == [
        (
            "introduction",
            (),
            "Backs are strong. Most back pain gets better within six weeks without treatment.\n\n"
            "Keep moving, and keep working if you can.",
        ),
        (
            "lifting",
            ("Lifting",),
            "Bend your knees. Hold the load close. It is the patient’s own back.\n\n"
            "- Plan the lift\n- Ask for help",
        ),
        (
            "sleeping",
            ("Sleeping",),
            "Try a pillow between your knees.\n\nA new mattress is rarely the answer.\n\n"
            "Last updated 3 March 2019",
        ),
    ]


def test_questions_that_open_become_sections_with_their_answers() -> None:
    parsed = parse_html(web_pages.FAQ, "a", "File")
    assert parsed.title == "Frequently asked questions"
    assert told(parsed) == [
        ("introduction", (), "The questions that we are asked most often."),
        (
            "does-it-hurt",
            ("Before you come", "Does it hurt?"),
            "Most people feel very little.\n\nSome feel a dull ache.",
        ),
        (
            "what-should-i-wear",
            ("Before you come", "What should I wear?"),
            "Loose clothes.\n\n- Shorts for a knee\n- A vest for a shoulder",
        ),
        (
            "can-i-drive-home",
            ("Afterwards", "Can I drive home?"),
            "Yes. Wait ten minutes if you feel light-headed.",
        ),
        ("will-i-be-sore", ("Afterwards", "Will I be sore?"), "For a day, perhaps."),
        (
            "words-we-use",
            ("Words we use",),
            "- De qi: The ache around a needle.\n- Moxa, Moxibustion: A herb that is burnt.",
        ),
    ]


def test_rows_of_tables_are_told_with_their_headings() -> None:
    parsed = parse_html(web_pages.TABLES, "a", "File")
    assert parsed.title == "Ankle sprain: week by week"
    assert parsed.provenance.author == "J. Okafor"
    assert told(parsed) == [
        ("introduction", (), "How fast to go back to sport after a sprain."),
        (
            "plan",
            ("Plan",),
            "What to do when\n"
            "- Week: 1; Exercise: Circles with the foot; How often: 10 times a day\n"
            "- Week: 2 to 3; Exercise: Heel raises on both legs; How often: 3 sets of 10\n"
            "- Week: 4; Exercise: Hops, when they do not hurt\n\n"
            "Stop when the ankle swells.",
        ),
        ("shoes", ("Shoes",), "- Heel: Low\n- Sole: Firm"),
        (
            "layout",
            ("Layout",),
            "This paragraph stands in a table that only lays it out.\n\nSo does this one.",
        ),
    ]


def test_what_stands_after_an_answer_that_opens_is_not_of_it() -> None:
    parsed = parse_html(web_pages.NHS, "a", "File")
    assert parsed.title == "Sciatica - nerve pain in the leg"
    assert parsed.provenance == Provenance(author="Health Trust", reviewed=date(2023, 11, 10))
    urgent = ("Check if you have sciatica", "Urgent advice: See a GP if:")
    assert told(parsed) == [
        (
            "introduction",
            (),
            "Sciatica is pain down the leg. It usually gets better in 4 to 6 weeks.",
        ),
        (
            "check-if-you-have-sciatica",
            ("Check if you have sciatica",),
            "You may have pain in your:\n\n- bottom\n- back of your leg\n\n"
            "Information:\n\nBack pain alone is probably not sciatica.",
        ),
        ("do", ("Check if you have sciatica", "Do"), "- carry on with normal life"),
        ("urgent-advice-see-a-gp-if", urgent, "- it is getting worse\n- it stops you sleeping"),
        (
            "what-we-mean-by-severe-pain",
            (*urgent, "What we mean by severe pain"),
            "Pain that is always there.",
        ),
    ]


def test_text_after_an_answer_goes_on_with_the_heading_above() -> None:
    assert sections(
        "<h2>Pain</h2><p>One.</p><details><summary>How bad?</summary><h2>Deep</h2><p>Bad.</p>"
        "</details><p>Two.</p>"
    ) == [
        ("pain", ("Pain",), "One."),
        ("deep", ("Pain", "How bad?", "Deep"), "Bad."),
        ("pain-2", ("Pain",), "Two."),
    ]


# -- titles and what the head states -------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "title"),
    [
        ("<title>A | Clinic</title><p>x", "A"),
        ("<title>A - Clinic</title><p>x", "A - Clinic"),
        ("<title>A - b - Clinic</title><meta property=og:site_name content=Clinic><p>x", "A - b"),
        ("<title>Clinic – A</title><meta property=og:site_name content=Clinic><p>x", "A"),
        ("<title>A</title><meta property='og:title' content='B'><p>x", "B"),
        ("<title>A</title><h1>  C\n d </h1><p>x", "C d"),
        ("<title>A</title><h2>Part</h2><p>x", "A"),
        ("<header><h1>Hero</h1></header><main><p>x y z</main>", "Hero"),
        (
            "<meta property=og:site_name content=Clinic><title>A</title><h1>Clinic</h1><p>x",
            "A",
        ),
        ("<p>x", "File"),
    ],
)
def test_the_title_is_the_pages_own(page: str, title: str) -> None:
    parsed = parse_html(page, "a", "File")
    assert parsed.title == title
    assert bool(parsed.warnings) is (title == "File")


def test_a_site_that_is_all_of_the_title_stays() -> None:
    assert without_site("Clinic", "Clinic") == "Clinic"


@pytest.mark.parametrize(
    ("head", "provenance"),
    [
        ("<meta name=author content='Ann Lee'>", Provenance(author="Ann Lee")),
        ("<meta name=author content=admin>", Provenance()),
        ("<meta name=author content='https://x.org/ann'>", Provenance()),
        ("<meta property='article:modified_time' content='2025-01-01'>", Provenance()),
        (
            '<script type="application/ld+json">[{"@type":["MedicalWebPage"],"author":'
            '["Ann",{"name":"Bo"}],"reviewedBy":{"name":"Dr C"},"lastReviewed":"2025-02-03"}]'
            "</script>",
            Provenance(author="Ann, Bo", reviewer="Dr C", reviewed=date(2025, 2, 3)),
        ),
        (
            '<script type="application/ld+json">{"@type":"Organization","name":"Clinic",'
            '"author":"Nobody","lastReviewed":"2025-02-03"}</script>',
            Provenance(),
        ),
        ('<script type="application/ld+json">{"@type":"Article", </script>', Provenance()),
        (
            '<script type="application/ld+json">'
            '{"@type":"Article","lastReviewed":"soon","author":7}</script>',
            Provenance(),
        ),
    ],
)
def test_only_what_says_so_is_an_author_or_a_review(head: str, provenance: Provenance) -> None:
    assert parse_html(f"{head}<p>Text.", "a", "File").provenance == provenance


# -- elements ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<p>a<span>b</span> <i>c</i>\n d&nbsp;e\u200b\u00ad</p>", "ab c d e"),
        ("<p>one<br>two<br><br>three</p>", "one\ntwo\n\nthree"),
        ("<div>a<div>b</div>c</div>", "a\n\nb\n\nc"),
        ("<p>10<sup>6</sup> m<sup>2</sup> H<sub>2</sub>O 1<sup>st</sup></p>", "10⁶ m² H₂O 1st"),
        ("<p>Pain<sup><a href='#fn1'>1</a></sup> goes.</p>", "Pain goes."),
        ("<p>Now <del>rest</del><s>sleep</s> move.</p>", "Now move."),
        ("<p>x<script>alert(1)</script><style>p{}</style><noscript>y</noscript>z</p>", "xz"),
        ("<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>", "<script>alert(1)</script>"),
        ("<p>a\u202eb&#8238;c&#0;d&#xD800;</p>", "abc\ufffdd\ufffd"),
        ("<ol start=3><li>a<li value=7>b<li>c</ol>", "3. a\n7. b\n8. c"),
        ("<ul><li><p>a</p><p>b</p><ol><li>c</ol>d</li></ul>", "- a\n  b\n  d\n  1. c"),
        ("<ul><li><ul><li>a</ul></ul>", "- a"),
        ("<dl><dt>A:<dd>b<dt>C</dl>", "- A: b\n- C"),
        ("<pre>a\n  b</pre>", "a\nb"),
        ("<blockquote><p>q</p></blockquote>", "q"),
        ("<address>1 Road<br>Town</address>", "1 Road\nTown"),
        ("<figure><img alt=x><figcaption>A knee</figcaption></figure><p>t</p>", "t"),
        ("<figure><figcaption>Hold it for a while.</figcaption></figure>", "Hold it for a while."),
        ("<p>t</p><a class='btn btn-primary' href=/b>Book now</a>", "t"),
        ("<p>t</p><button>Send</button><form><input value=x>Search</form>", "t"),
        ("<p>t</p><p><a href=/a>Home</a> | <a href=/b>Prices</a></p>", "t"),
        ("<p>t</p><p><a href=/a>Backs</a>, <a href=/b>necks</a></p>", "t\n\nBacks, necks"),
        ("<ul><li>a</li> b <i>c</i> <li>d</ul>", "- a\n- b c\n- d"),
        ("<dl>x<dt>a<dd>b</dl>", "x\n\na\n\nb"),
        ("<p>t</p><p><a href=/a>Read the study of Smith and Jones, 2020</a></p>",
         "t\n\nRead the study of Smith and Jones, 2020"),
        ("<p>t</p><ul><li><a href='#x'>Causes</a><li><a href='#y'>Help</a></ul>", "t"),
        ("<p>We treat:</p><ul><li><a href=/x>Backs</a><li><a href=/y>Necks</a></ul>",
         "We treat:\n\n- Backs\n- Necks"),
        ("<ul><li><a href=/x>Backs</a></ul><p>t</p>", "t"),
        ("<table><tr><td>only</td></tr></table>", "only"),
        ("<table><tr><th>A<th>B<tr><td rowspan=2>1<td>2<tr><td>3</table>",
         "- A: 1; B: 2\n- A: 1; B: 3"),
        ("<table><tr><th>A<th>B<th>C<tr><td colspan=2>1<td>2</table>",
         "- A; B; C\n- A: 1; C: 2"),
        ("<table><tr><th>A<th>B<tr><td>1<td></table>", "- A; B\n- A: 1"),
        ("<table><tr><td>a<td>b<td>c<tr><td><td>d</table>", "- a: b; c\n- d"),
        ("<table><tr><th>A<th>B<tr><td><ul><li>x<li>y</ul><td><p>One.</p><p>Two</p></table>",
         "- A: x, y; B: One. Two"),
        (f"<table><tr><td>menu<td>{'word ' * 100}</table>", f"menu\n\n{('word ' * 100).strip()}"),
        ("<table><tr><td><b>A</b><td><strong>B</strong><tr><td>1<td>2</table>", "- A: 1; B: 2"),
        ("<div role=heading aria-level=3>Head</div><p>t</p>", "t"),
    ],
)  # fmt: skip
def test_elements_become_text_that_reads_well(body: str, said: str) -> None:
    assert text(body) == said


@pytest.mark.parametrize(
    "question",
    [
        "<button class='accordion'>Can I drive?</button>",
        "<button aria-expanded=false>Can I drive?</button>",
        "<div role=button aria-controls=x>Can I drive?</div>",
        "<div role=tab class='elementor-tab-title' aria-controls=x>Can I drive?</div>",
        "<p><strong>Can I drive?</strong></p>",
        "<p>Q: Can I drive?</p>",
        "<h4>Can I drive?</h4>",
        "<details open><summary>Can I drive?</summary>",
    ],
)
def test_questions_in_all_the_ways_that_pages_put_them(question: str) -> None:
    answer = sections(f"<h2>Driving</h2><p>In short.</p>{question}<div><p>Yes.</p></div>")[1]
    assert answer == ("can-i-drive", ("Driving", "Can I drive?"), "Yes.")


def test_answers_of_a_list_of_definitions_are_sections() -> None:
    assert sections("<h2>FAQ</h2><dl><dt>Safe?<dd>Yes.<dt>Sore?<dd>No.</dl><p>End.</p>") == [
        ("safe", ("FAQ", "Safe?"), "Yes."),
        ("sore", ("FAQ", "Sore?"), "No."),
        ("faq", ("FAQ",), "End."),
    ]


def test_bold_lines_are_headings_where_nothing_else_is_and_the_editor_is_told() -> None:
    parsed = parse_html("<title>T</title><p>a.</p><p><b>Causes</b></p><p>b.</p>", "a", "File")
    assert told(parsed) == [("introduction", (), "a."), ("causes", ("Causes",), "b.")]
    assert parsed.warnings == ("no headings found; bold lines used as headings: 1",)
    assert sections("<h2>H</h2><p>a</p><p><b>Causes</b></p><p>b</p>") == [
        ("h", ("H",), "a\n\nCauses\n\nb")
    ]


# -- what stands around --------------------------------------------------------------------------

ARTICLE = "<h1>Backs</h1><p>A back is strong and it likes to be moved every day of the week.</p>"


@pytest.mark.parametrize(
    "around",
    [
        "<nav>Home Prices</nav>",
        "<header><p>Call us</p></header>",
        "<footer>Opening hours</footer>",
        "<aside>News</aside>",
        "<div role=navigation>Home</div>",
        "<div role=contentinfo>Address</div>",
        f"<div id=cookie-banner>{'We use cookies. ' * 40}</div>",
        f"<div class='cky-consent-container'>{'We care. ' * 40}</div>",
        "<div class='sidebar'>Hours</div>",
        "<div class='elementor-widget elementor-widget-social-icons'>Facebook</div>",
        "<div class='elementor-location-footer'>Hours</div>",
        "<ul class='breadcrumb'><li>Home</ul>",
        "<div id='SITE_FOOTER'>Hours</div>",
        "<div class=siteHeader>Call us</div>",
        "<div class='modal fade' role=dialog>Sign up</div>",
        "<h2>Related posts</h2><p>Necks</p>",
        "<h2>More articles</h2><h2><a href=/n>Necks</a></h2><p>How to</p><h2><a>Arms</a></h2>",
        "<h4>About the author</h4><p>Jo is a physio.</p>",
        f"<div id=CybotCookiebotDialog>{'We use cookies. ' * 40}</div>",
        f"<div class=cmplz-cookiebanner>{'We use cookies. ' * 40}</div>",
        f"<div id=onetrust-consent-sdk>{'We care. ' * 40}</div>",
        "<div class='blog-item-meta-wrapper'>Jan 3, written by Jo</div>",
        "<div class=meta><span>Jan 3</span><span>4 minutes</span></div>",
        "<div data-hook=post-footer>12 views</div>",
        "<p><a href='#top'>Back to top</a></p>",
        "<ul><li><a href=/f>Facebook</a></li><li><a href=/x>Share by e-mail</a></li></ul>",
        "<h3>Leave a comment</h3><p>Your name</p>",
        "<h3>Other services</h3><ul><li><a href=/n>Necks</a><li><a href=/a>Arms</a></ul>",
        "<h2>Other conditions we treat</h2><a href=/n><h3>Necks</h3><p>Stiff necks</p></a>",
        "<p><b>Related:</b></p><ul><li><a href=/n>Necks</a></ul>",
        "<div class='sidemenu-wrapper sidemenu-cart'><h3>Cart</h3><p>Tape 3</p></div>",
        "<div class=offcanvas><h3>Hours</h3><p>Nine to five</p></div>",
        "<section class=mini-cart><h3>Cart</h3><p>Tape 3</p></section>",
        "<form><p>Your name</p></form>",
    ],
)
def test_what_pages_call_boilerplate_is_left_out(around: str) -> None:
    wanted = parse_html(f"<body>{ARTICLE}</body>", "a", "File")
    assert parse_html(f"<body>{ARTICLE}{around}</body>", "a", "File").text == wanted.text
    if "<h" not in around:
        assert parse_html(f"<body>{around}{ARTICLE}</body>", "a", "File").text == wanted.text


@pytest.mark.parametrize(
    "page",
    [
        "<body class='has-sidebar post-template no-comments'>{}</body>",
        "<div class='content-sidebar-wrap'>{}</div>",
        "<form id=aspnetForm>{}</form>",
        "<div class='menu'>{}</div>",
        "<div class='elementor-widget elementor-widget-text-editor'>{}</div>",
        "<main class=navigation>{}</main>",
        "<article class='category-social tag-ads type-post'>{}</article>",
        "<div role=main><aside>{}</aside></div>",
        "<table><tr><td>{}</td></tr></table>",
    ],
)
def test_what_holds_the_article_is_never_boilerplate(page: str) -> None:
    wanted = parse_html(f"<body>{ARTICLE}</body>", "a", "File")
    assert parse_html(page.format(ARTICLE), "a", "File").text == wanted.text


@pytest.mark.parametrize(
    "section",
    [
        "<section id=consent><h2>Your consent</h2>{}</section>",
        "<div id=informed-consent><h2>Informed consent</h2>{}</div>",
        "<div class=consent><h2>Consent</h2>{}</div>",
        "<section id=related-conditions><h2>Related conditions</h2>{}</section>",
        "<section id=social><h2>Social prescribing</h2>{}</section>",
        "<div id=Share><h3>Share your worries</h3>{}</div>",
    ],
)
def test_a_section_named_after_its_own_heading_is_never_boilerplate(section: str) -> None:
    said = "We ask you before we treat you, and no is an answer."
    page = f"<body>{ARTICLE * 3}{section.format(f'<p>{said}</p>')}</body>"
    assert said in parse_html(page, "a", "File").text


@pytest.mark.parametrize(
    "section",
    [
        "<h2>Related conditions</h2><p>Sore necks often come with sore backs.</p>",
        "<h2>Other treatments</h2><ul><li><a href=/t>Tape</a><li>Rest in bed</ul>",
        "<h2>Related links</h2><p><a href=/t>Tape</a></p><p>It helps some.</p>",
        "<h2>See also</h2>",
    ],
)
def test_a_section_with_text_of_its_own_is_no_list_of_links(section: str) -> None:
    heading = section.partition("<h2>")[2].partition("</h2>")[0]
    assert heading in parse_html(f"<body>{ARTICLE}{section}</body>", "a", "File").text


def test_of_several_parts_the_main_one_is_read() -> None:
    page = f"<p>Tel. 123</p><main>{ARTICLE}</main><p>Address</p>"
    assert "Tel" not in parse_html(page, "a", "File").text
    assert "Address" not in parse_html(page, "a", "File").text


def test_an_empty_main_part_is_not_where_the_article_is() -> None:
    assert "strong" in parse_html(f"<main></main><div>{ARTICLE}</div>", "a", "File").text


def test_a_page_of_which_little_is_left_is_told() -> None:
    page = f"<nav>{'Prices and hours. ' * 50}</nav>{ARTICLE}"
    assert parse_html(page, "a", "File").warnings == (
        "only 16 of the page's 165 words were read as the article, the rest as menus and notices; "
        "check that nothing is missing",
    )
