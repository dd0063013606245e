"""The published posts and pages of a WordPress export become articles, whatever it holds."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from core.errors import ClinicSearchError, ContentError, UsageError
from core.types import Article
from ingest.__main__ import cli
from ingest.files import limits
from ingest.readers.read import read_article
from ingest.wordpress import export as wordpress_export
from ingest.wordpress.export import Post
from ingest.wordpress.pages import body_of

HOME = "https://clinic.test"
SPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/"'
)
TEXT = "Rest and time help most people.\n\nWalk a little every day."


def item(
    title: str,
    text: str = TEXT,
    *,
    link: str = "",
    kind: str = "post",
    status: str = "publish",
    password: str = "",
    day: str = "2024-05-01",
    slug: str = "",
    creator: str = "jo",
) -> str:
    link = link or f"{HOME}/{title.lower().replace(' ', '-')}/"
    return f"""<item><title><![CDATA[{title}]]></title><link>{link}</link>
<dc:creator><![CDATA[{creator}]]></dc:creator><description></description>
<content:encoded><![CDATA[{text}]]></content:encoded>
<excerpt:encoded><![CDATA[An excerpt.]]></excerpt:encoded>
<wp:post_date><![CDATA[{day} 10:00:00]]></wp:post_date><wp:post_name>{slug}</wp:post_name>
<wp:status>{status}</wp:status><wp:post_type>{kind}</wp:post_type>
<wp:post_password><![CDATA[{password}]]></wp:post_password>
<wp:postmeta><wp:meta_key>title</wp:meta_key><wp:meta_value>Never</wp:meta_value></wp:postmeta>
<wp:comment><wp:comment_content>I had this too</wp:comment_content></wp:comment></item>"""


def export(*items: str, version: str = "<wp:wxr_version>1.2</wp:wxr_version>") -> str:
    return f"""<?xml version="1.0" encoding="UTF-8" ?>
<!-- This is a WordPress eXtended RSS file. -->
<rss version="2.0" {SPACES}><channel><title>Our clinic</title><link>{HOME}</link>{version}
<wp:author><wp:author_login>jo</wp:author_login>
<wp:author_display_name><![CDATA[jo]]></wp:author_display_name>
<wp:author_first_name>Jo</wp:author_first_name><wp:author_last_name>Field</wp:author_last_name>
</wp:author>{"".join(items)}</channel></rss>"""


Import = Callable[..., ClinicSearchError | None]


@pytest.fixture
def run(content: Path, tmp_path: Path) -> Import:
    """Run the command as `python -m ingest import` does, on these items or on a whole file."""

    def run_import(*items: str, whole: str | bytes = "") -> ClinicSearchError | None:
        path = tmp_path / "export.xml"
        raw = whole or export(*items)
        path.write_bytes(raw if isinstance(raw, bytes) else raw.encode())
        try:
            cli.main(["--content", str(content), "import", str(path)], standalone_mode=False)
        except ClinicSearchError as error:
            return error
        return None

    return run_import


@pytest.fixture
def site(content: Path) -> Path:
    return content / "articles" / "site"


@pytest.fixture
def read(site: Path) -> Callable[[str], Article]:
    return lambda name: read_article(site / name, root=site.parent).article


def pages(site: Path) -> set[str]:
    return {path.name for path in site.glob("*.html")}


def body(text: str) -> str:
    return body_of(Post({"content:encoded": text}, ""))[0]


# -- what is saved -----------------------------------------------------------------------------


def test_a_post_becomes_an_article_with_title_author_source_and_paragraphs(
    run: Import, read: Callable[[str], Article]
) -> None:
    link = f"{HOME}/conditions/heel-pain/"
    assert run(item("Heel &amp; <em>foot</em> pain", link=link)) is None
    article = read("conditions-heel-pain.html")
    assert article.title == "Heel & foot pain"
    assert article.provenance.author == "Jo Field"
    assert article.provenance.sources == (link,)
    assert article.provenance.reviewed is None
    assert article.text == f"Heel & foot pain\n\n{TEXT}"


def test_only_what_the_site_shows_to_everybody_is_saved_and_the_rest_is_counted(
    run: Import, site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    error = run(
        item("Shown"),
        item("About us", kind="page"),
        item("Draft", status="draft"),
        item("Other draft", status="draft", kind="page"),
        item("Begun", status="auto-draft"),
        item("Waits", status="pending"),
        item("Private", status="private"),
        item("Secret", password="0"),
        item("Soon", status="future"),
        item("Later", day="9999-01-01"),
        item("Gone", status="trash"),
        item("Picture", kind="attachment", status="inherit"),
        item("Menu", kind="nav_menu_item"),
        item("Before", kind="revision", status="inherit"),
        item("Person", kind="testimonial"),
        item("Odd", status="odd"),
    )
    assert error is None
    assert pages(site) == {"shown.html", "about-us.html"}
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("Left out")]
    assert lines == [
        "Left out: 3 drafts.",
        "Left out: 1 waiting for approval.",
        "Left out: 1 private.",
        "Left out: 1 with a password.",
        "Left out: 2 dated in the future.",
        "Left out: 1 in the trash.",
        "Left out: 1 attachments.",
        "Left out: 1 entries of menus.",
        "Left out: 1 revisions.",
        "Left out: 1 of the type 'testimonial'.",
        "Left out: 1 with the status 'odd'.",
    ]


def test_a_post_is_published_on_its_day() -> None:
    parts = {"wp:post_type": "post", "wp:status": "publish", "wp:post_date": "2026-05-02 00:00:00"}
    post = Post(parts, "")
    assert post.unpublished(date(2026, 5, 1)) == "dated in the future"
    assert post.unpublished(date(2026, 5, 2)) == ""


def test_shortcodes_are_left_out_and_named_and_their_text_stays(
    run: Import, read: Callable[[str], Article], capsys: pytest.CaptureFixture[str]
) -> None:
    text = (
        "[vc_row][vc_column width=&#8221;1/2&#8221;][vc_column_text]First.[/vc_column_text]"
        "[/vc_column][vc_column][vc_column_text]Second [sic] [1].[/vc_column_text][/vc_column]"
        '[/vc_row]\n\n[contact-form-7 id="3" title="Book"]\n\n'
        "[vc_raw_html]JTNDZGl2JTNF[/vc_raw_html]\n\nLast [su_highlight]word[/su_highlight]."
    )
    assert run(item("Neck", text)) is None
    assert read("neck.html").text == "Neck\n\nFirst.\n\nSecond [sic] [1].\n\nLast word."
    warning = capsys.readouterr().err
    assert 'neck.html: 14 shortcodes left out: [contact-form-7 id="3" title="Book"], ' in warning


def test_a_title_that_the_text_repeats_is_one_heading(
    run: Import, read: Callable[[str], Article]
) -> None:
    text = '<h1 class="x">Wrist &amp; <b>hand</b></h1>\nRest it.'
    assert run(item("Wrist &amp; hand", text, link=f"{HOME}/wrist/")) is None
    assert read("wrist.html").text == "Wrist & hand\n\nRest it."


def test_two_posts_of_one_title_are_two_articles(run: Import, site: Path) -> None:
    assert (
        run(
            item("Back pain", link=f"{HOME}/2024/back-pain/"),
            item("Back pain", "Other words help as well.", link=f"{HOME}/2025/back-pain/"),
            item("Back pain", "Numbers say nothing.", link=f"{HOME}/?p=7", slug="back-pain"),
            item(
                "Back pain",
                "Nor do these.",
                link=f"{HOME}/?page_id=8",
                slug="back-pain",
                kind="page",
            ),
        )
        is None
    )
    found = pages(site)
    assert len(found) == 4
    assert found > {"2024-back-pain.html", "2025-back-pain.html", "back-pain.html"}


def test_an_address_that_comes_twice_is_named(
    run: Import, site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert isinstance(run(item("Hip"), item("Hip", "Other words.")), ContentError)
    assert "address twice" in capsys.readouterr().err
    assert "Rest and time" in (site / "hip.html").read_text()


@pytest.mark.parametrize(
    ("title", "slug", "name"),
    [
        ("Боль в шее", "%d0%b1%d0%be%d0%bb%d1%8c-%d0%b2-%d1%88%d0%b5%d0%b5", "боль-в-шее"),
        ("腰痛", "%e8%85%b0%e7%97%9b", "腰痛"),
        ("ألم الظهر", "%d8%a3%d9%84%d9%85", "الم"),
        ("Cut off", "%e8%85%b0%e7", "腰"),
        ("Emoji 🦶", "%f0%9f%a6%b6", "home"),
    ],
)
def test_titles_in_any_script_give_readable_names(
    run: Import, read: Callable[[str], Article], title: str, slug: str, name: str
) -> None:
    assert run(item(title, link=f"{HOME}/{slug}/")) is None
    assert read(f"{name}.html").title == title


@pytest.mark.parametrize("slug", ["../../etc/passwd", "/etc/passwd", "..%2f..%2fx", "C:\\x", "["])
def test_no_slug_leads_out_of_the_folder(run: Import, site: Path, content: Path, slug: str) -> None:
    before = {path for path in content.rglob("*") if path.is_file()}
    assert run(item("Hostile", link=f"{HOME}/?p=1", slug=slug)) is None
    new = {path for path in content.rglob("*") if path.is_file()} - before
    assert {path.parent for path in new} == {site}


def test_a_post_without_text_or_address_is_named_and_stops_no_other(
    run: Import, site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    blank = "<!-- wp:spacer -->\n<div>&nbsp;</div>[gallery ids='1,2']"
    assert run(item("Good"), item("Blog", blank)) is None
    assert f"no text: {HOME}/blog/: no text; if the site" in capsys.readouterr().err
    error = run(item("Good"), item("Bad", link="javascript:alert(1)"))
    assert "1 of 2 addresses" in str(error)
    assert pages(site) == {"good.html"}


# -- the second run ----------------------------------------------------------------------------


def test_a_second_import_changes_only_what_has_changed(
    run: Import, site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(item("Same"), item("Old"), item("Withdrawn"))
    before = (site / "same.html").stat().st_ino
    capsys.readouterr()
    assert run(item("Same"), item("Old", "New words."), item("Withdrawn", status="private")) is None
    printed = capsys.readouterr()
    assert "1 changed, 1 unchanged." in printed.out
    assert "withdrawn: withdrawn.html" in printed.err
    assert (site / "same.html").stat().st_ino == before
    assert "New words." in (site / "old.html").read_text()


def test_what_an_editor_has_written_is_named_and_never_overwritten(
    run: Import, site: Path, content: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(item("Knee"))
    (site / "knee.html").write_text("<h1>By hand</h1><p>Other words.</p>")
    (site / "knee.toml").write_text('reviewer = "A. Person"\n')
    assert isinstance(run(item("Knee", "The site has other words now.")), ContentError)
    assert f"changed by hand: {HOME}/knee/" in capsys.readouterr().err
    assert "By hand" in (site / "knee.html").read_text()
    assert (site / "knee.toml").read_text() == 'reviewer = "A. Person"\n'
    (content / "articles" / "elbow.md").write_text("# Elbow\n\nOurs.")
    assert run(item("Elbow")) is None
    assert [name for name in pages(site) if name.startswith("elbow-")]


# -- paragraphs --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One.\n\nTwo.", "<p>One.</p>\n<p>Two.</p>"),
        ("One.\r\n \r\nTwo.", "<p>One.</p>\n<p>Two.</p>"),
        ("Mon 9\nTue <b>8</b>\nWed", "<p>Mon 9<br>\nTue <b>8</b><br>\nWed</p>"),
        ("<h2>Why</h2>\nText.", "<h2>Why</h2>\n<p>Text.</p>"),
        ("Text\n<ul>\n<li>a</li>\n\n<li>b</li></ul>End", None),
        ("<div>\nOne.\n\nTwo.\n</div>", "<div>\n<p>One.</p>\n<p>Two.</p>\n</div>"),
        ("<pre>a\n\nb</pre>", "<pre>a\n\nb</pre>"),
        ("<script>a\n\n<p>b</script>c", "<script>a\n\n<p>b</script>\n<p>c</p>"),
        ("<!-- wp:paragraph -->\n<p>a\nb</p>\n<!-- /wp:paragraph -->", "<p>a\nb</p>"),
        ('<a\nhref="x">y</a>', '<p><a href="x">y</a></p>'),
        ("<prefix>a\n\nb", "<p><prefix>a</p>\n<p>b</p>"),
    ],
)
def test_an_empty_line_ends_a_paragraph_as_in_wordpress(text: str, expected: str | None) -> None:
    expected = expected or "<p>Text</p>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n<p>End</p>"
    assert body(text) == expected


@pytest.mark.parametrize(
    "piece",
    ["<pre>", "<!--", "[a_b", "[/a][", "<div ", "\n", "\n ", "<", "[vc_raw_js]", "</p ", "["],
)
def test_a_long_text_takes_no_longer_than_its_length(piece: str) -> None:
    start = time.thread_time()
    body(piece * (500_000 // len(piece)))
    assert time.thread_time() - start < 10


# -- hostile files -----------------------------------------------------------------------------

BOMB = (
    '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY a{n} "{"&a;" * 10}">' for n in range(9))
    + "]><rss><channel><item><title>&a8;</title></item></channel></rss>"
)


@pytest.mark.parametrize(
    ("whole", "found"),
    [
        (BOMB, "document type"),
        ('<!DOCTYPE rss SYSTEM "file:///etc/passwd"><rss/>', "document type"),
        ("<!doctype html><html><body>Log in</body></html>", "no XML"),
        ("Not XML at all", "no XML"),
        (b"PK\x03\x04 a packed file", "no XML"),
        (" ", "no XML"),
        (export(item("Cut"))[:-40], "no XML"),
        ("<html><body>Log in</body></html>", "<html>"),
        (export(item("Feed"), version=""), "the feed of a site"),
        (export(), "without items"),
        ("<rss>" * 200, "100 deep"),
        ('<?xml version="1.0" encoding="nothing"?><rss/>', "no XML"),
        ('<?xml version="1.0" encoding="shift_jis"?><rss/>', "no XML"),
    ],
)
def test_what_is_no_export_is_refused_and_nothing_is_saved(
    run: Import, site: Path, whole: str | bytes, found: str
) -> None:
    error = run(whole=whole)
    assert isinstance(error, UsageError)
    assert found in (error.found or "")
    assert not site.exists()


def test_an_export_of_drafts_alone_says_so(run: Import, site: Path) -> None:
    assert "no published post" in str(run(item("Draft", status="draft")))
    assert not site.exists()


def test_a_huge_export_is_refused(run: Import, monkeypatch: pytest.MonkeyPatch) -> None:
    assert limits.EXPORT_BYTES == 100_000_000
    monkeypatch.setattr(wordpress_export, "EXPORT_BYTES", 1_000)
    assert "larger than 1,000 bytes" in str(run(item("Long", TEXT * 100)))
    monkeypatch.undo()
    monkeypatch.setattr(wordpress_export, "XML_ELEMENTS", 10)
    assert "over 10 elements" in str(run(item("Many")))


def test_a_missing_file_and_a_folder_are_named(content: Path, tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.xml"):
        with pytest.raises(UsageError, match="cannot be read"):
            cli.main(["--content", str(content), "import", str(path)], standalone_mode=False)


def test_characters_that_xml_forbids_are_left_out(
    run: Import, read: Callable[[str], Article]
) -> None:
    whole = "\ufeff\n" + export(item("Toe", "Pain\x0b in\x08 the toe."))
    assert run(whole=whole) is None
    assert read("toe.html").text == "Toe\n\nPain in the toe."


def test_markup_in_names_stays_text(run: Import, read: Callable[[str], Article]) -> None:
    assert run(item('A &lt;script&gt; "x"', link=f"{HOME}/a")) is None
    assert read("a.html").title == 'A <script> "x"'


def test_what_a_site_builder_keeps_beside_the_text_is_read_where_there_is_none(
    run: Import, read: Callable[[str], Article]
) -> None:
    stored = '[{"widgetType":"text-editor","settings":{"editor":"<p>Keep it warm.</p>"}}]'
    key = "<wp:meta_key>_elementor_data</wp:meta_key>"
    value = f"<wp:meta_value><![CDATA[{stored}]]></wp:meta_value>"
    with_data = f"<wp:postmeta>{key}{value}</wp:postmeta><wp:comment>"
    assert run(item("Elbow", "").replace("<wp:comment>", with_data), item("Knee")) is None
    assert read("elbow.html").text == "Elbow\n\nKeep it warm."
    assert read("knee.html").text == f"Knee\n\n{TEXT}"
