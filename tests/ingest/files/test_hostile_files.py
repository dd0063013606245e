"""Files that were made to do harm, or that nobody looked at: one clear error each, in time."""

from __future__ import annotations

import os
import resource
import struct
import subprocess
import sys
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.errors import ContentError
from core.text.slugs import Slugs
from ingest.files import limits, worker
from ingest.files.file_kinds import ENDINGS
from ingest.files.folder import article_files
from ingest.files.sandbox import Sandbox
from ingest.readers.read import read_article
from tests.support.files import office_files
from tests.support.files.pdf_files import by_hand, pdf, stream
from tests.support.files.word_files import document_xml, docx, packed, paragraph
from tests.support.paths import ROOT

Write = Callable[[str, str | bytes], Path]
Refuse = Callable[[str, str | bytes], ContentError]


@pytest.fixture
def refused(write_article: Write, content: Path) -> Refuse:
    """Read an article that must be refused; return the error, which must name the file."""

    def read(name: str, raw: str | bytes) -> ContentError:
        path = write_article(name, raw)
        began = time.monotonic()
        with pytest.raises(ContentError) as caught:
            read_article(path, root=content / "articles")
        error = caught.value
        assert time.monotonic() - began < 30
        assert (error.where or "").startswith(str(path))
        assert error.expected
        assert error.found
        assert (error.fix or "").endswith("python -m ingest")
        assert len(str(error)) < 1500
        return error

    return read


# -- sizes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", sorted(limits.FILE_BYTES))
def test_a_file_that_is_too_large_is_not_even_read(
    content: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = content / "articles" / f"large{suffix}"
    with path.open("wb") as file:
        file.truncate(500_000_000)  # a hole: nothing is written
    with pytest.raises(ContentError, match="too large") as caught:
        read_article(path, root=content)
    assert caught.value.found == "500 MB"
    assert caught.value.expected == (
        f"at most {limits.FILE_BYTES[suffix] // 1_000_000} MB for a {suffix} file"
    )


def test_more_text_than_an_article_has_is_refused(refused: Refuse) -> None:
    text = " ".join(f"{n:07}" for n in range(limits.TEXT_CHARS // 8 + 1))
    for name, raw in (
        ("a.txt", text),
        ("a.md", text),
        ("a.html", f"<p>{text}"),
        ("a.docx", docx(paragraph(text))),
    ):
        error = refused(name, raw)
        assert error.problem == "This article is too long."
        assert error.expected == "at most 2,000,000 characters of text"


def test_settings_that_are_too_large_are_not_even_read(content: Path) -> None:
    with (content / "articles" / "necks.toml").open("wb") as file:
        file.truncate(500_000_000)
    with pytest.raises(ContentError) as caught:
        read_article(content / "articles" / "necks.txt", root=content)
    assert caught.value.where == str(content / "articles" / "necks.toml")
    assert caught.value.found == "500,000,000 bytes"


def test_settings_of_brackets_are_refused(content: Path) -> None:
    (content / "articles" / "necks.toml").write_text("author = " + "[" * 30_000)
    with pytest.raises(ContentError, match="settings file beside"):
        read_article(content / "articles" / "necks.txt", root=content)


# -- places --------------------------------------------------------------------------------------


def test_a_link_out_of_the_folder_is_refused_by_name(content: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("Secret\n\nNobody may read this.")
    link = content / "articles" / "a.txt"
    link.symlink_to(secret)
    assert link in article_files(content / "articles")
    with pytest.raises(ContentError, match="leads out") as caught:
        read_article(link, root=content / "articles")
    assert caught.value.where == str(link)
    assert caught.value.found == f"a link to {secret}"


def test_a_linked_folder_is_refused_by_name_and_one_inside_is_not_read_twice(
    content: Path, tmp_path: Path
) -> None:
    articles = content / "articles"
    (tmp_path / "other").mkdir()
    (articles / "out").symlink_to(tmp_path / "other")
    (articles / "in").mkdir()
    (articles / "again").symlink_to(articles / "in")
    (articles / "self").symlink_to(articles)
    names = [path.name for path in article_files(articles)]
    assert names == ["blood.txt", "necks.txt", "out"]
    with pytest.raises(ContentError, match="leads out"):
        read_article(articles / "out", root=articles)


@pytest.mark.parametrize("target", ["nowhere.txt", "a.txt"])
def test_a_link_to_nothing_or_to_itself_is_refused(content: Path, target: str) -> None:
    link = content / "articles" / "a.txt"
    link.symlink_to(target)
    assert link in article_files(content / "articles")
    with pytest.raises(ContentError, match="leads out") as caught:
        read_article(link, root=content / "articles")
    assert caught.value.found == "a link to nothing"


def test_a_link_inside_the_folder_is_an_article(content: Path) -> None:
    link = content / "articles" / "a.txt"
    link.symlink_to("necks.txt")
    assert read_article(link, root=content / "articles").article.title == "All About Necks"


def test_linked_settings_that_lead_out_are_refused(content: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.toml").write_text("author = 'A'")
    link = content / "articles" / "necks.toml"
    link.symlink_to(tmp_path / "secret.toml")
    with pytest.raises(ContentError, match="leads out") as caught:
        read_article(content / "articles" / "necks.txt", root=content / "articles")
    assert caught.value.where == str(link)


def test_a_path_that_climbs_out_of_the_folder_is_refused(content: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("Secret\n\nNobody may read this.")
    with pytest.raises(ContentError, match="leads out"):
        read_article(content / "articles" / ".." / ".." / "secret.txt", root=content / "articles")


def test_what_is_no_file_is_neither_opened_nor_waited_for(content: Path) -> None:
    pipe = content / "articles" / "pipe.txt"
    os.mkfifo(pipe)
    assert pipe not in article_files(content / "articles")
    with pytest.raises(ContentError, match="not a file"):
        read_article(pipe, root=content / "articles")


def test_files_that_word_processors_leave_beside_an_open_document_are_none(
    write_article: Write, content: Path
) -> None:
    write_article("~$necks.docx", b"\x05User")
    write_article(".~lock.necks.docx#", b"User")
    names = [path.name for path in article_files(content / "articles")]
    assert names == ["blood.txt", "necks.txt"]


# -- names ---------------------------------------------------------------------------------------


def simple_pdf() -> bytes:
    return pdf(lambda sheet: sheet.lines("Some words on a page."))


@pytest.mark.parametrize(
    ("name", "raw", "found"),
    [
        ("a.txt", simple_pdf(), "a PDF"),
        ("a.md", docx(paragraph("t")), "a Word document"),
        ("a.html", docx(paragraph("t")), "a Word document"),
        ("a.txt", "<!DOCTYPE html><p>t", "a web page"),
        ("a.txt", b"\xff\xfe" + "<html><p>t".encode("utf-16-le"), "a web page"),
        ("a.md", "\ufeff<!-- x -->\n<HTML>\n<p>t", "a web page"),
        ("a.docx", simple_pdf(), "a PDF"),
        ("a.docx", "Title\n\nText.", "plain text"),
        ("a.docx", packed({"xl/workbook.xml": "<x/>"}), "a spreadsheet (.xlsx)"),
        ("a.docx", packed({"a.txt": "t"}), "a packed file (zip)"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
         "an old Word file (.doc), or one with a password"),
        ("a.docx", rb"{\rtf1 text}", "a rich text file"),
        ("a.docx", office_files.odt(office_files.p("t")), "an OpenDocument text"),
        ("a.odt", docx(paragraph("t")), "a Word document"),
        ("a.odt", office_files.pptx(), "a presentation"),
        ("a.pptx", office_files.epub(), "an e-book"),
        ("a.epub", packed({"a.txt": "t"}), "a packed file (zip)"),
        ("a.rtf", "Title\n\nText.", "plain text"),
        ("a.pptx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
         "an old Word file (.doc), or one with a password"),
        ("a.pdf", "Title\n\nText.", "not a PDF"),
        ("a.pdf", docx(paragraph("t")), "a Word document"),
        ("a.PDF", "<!doctype html><p>t", "a web page"),
        ("a.pdf", b"\x89PNG\r\n\x1a\n" + bytes(99), "a picture (PNG)"),
        ("a.html", "From: <Saved by Blink>\nMIME-Version: 1.0\n\n<html>",
         "a web page with its pictures in one file (.mht)"),
        ("a.txt", b"\x7fELF" + bytes(99), "a program"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_what_its_name_says(
    refused: Refuse, name: str, raw: str | bytes, found: str
) -> None:
    error = refused(name, raw)
    assert error.problem == "This file is not what its name says."
    assert error.found == found


def test_null_bytes_are_dirt_when_few_and_no_text_when_many(
    refused: Refuse, write_article: Write, content: Path
) -> None:
    few = read_article(write_article("few.txt", "Title\n\nA li\0ttle dirt."), root=content)
    assert few.article.text == "Title\n\nA little dirt."
    assert "many null bytes" in (refused("many.txt", "a\0b\0c\0d\0").found or "")


@pytest.mark.parametrize("suffix", ENDINGS)
def test_an_empty_file_of_each_format(refused: Refuse, suffix: str) -> None:
    problem = refused(f"a{suffix}", b"").problem
    assert problem == "This article is empty." or problem.endswith(" cannot be read.")


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("a.html", "<title>Only a title</title><nav>Home</nav>"),
        ("a.html", "<frameset><frame src=x></frameset>x"),
        ("a.docx", docx("")),
        ("a.docx", docx(paragraph("T", style="Title"))),
        ("a.odt", office_files.odt(office_files.p("T", "Title"))),
        ("a.rtf", r"{\rtf1 {\v hidden}\par}"),
        ("a.pptx", office_files.pptx(office_files.slide(office_files.shape("T", place="title")))),
        ("a.epub", office_files.epub(title="T")),
    ],
)
def test_a_document_without_a_paragraph_is_refused(
    refused: Refuse, name: str, raw: str | bytes
) -> None:
    assert refused(name, raw).problem.startswith("This article ")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "cp1252"])
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.txt", "Title\r\n\r\nIt\u2019s a caf\u00e9 for \u20ac5."),
        ("a.MD", "# Title\n\nIt\u2019s a caf\u00e9 for \u20ac5."),
        ("a.html", "<h1>Title</h1><p>It\u2019s a caf\u00e9 for \u20ac5.</p>"),
    ],
)
def test_a_text_is_the_same_in_every_encoding_that_programs_write(
    write_article: Write, content: Path, name: str, text: str, encoding: str
) -> None:
    read = read_article(write_article(name, text.encode(encoding)), root=content)
    assert read.article.text == "Title\n\nIt\u2019s a caf\u00e9 for \u20ac5."
    assert bool(read.warnings) is (encoding == "cp1252")  # a guess, and told


# -- Word ----------------------------------------------------------------------------------------


def lying(raw: bytes, says: int) -> bytes:
    """Let the parts of an archive say that they are of another size than they are."""
    changed = bytearray(raw)
    at = 0
    while (at := changed.find(b"PK\x01\x02", at)) >= 0:
        if changed[at + 46 :].startswith(b"word/document.xml"):
            changed[at + 24 : at + 28] = struct.pack("<I", says)
        at += 4
    return bytes(changed)


BOMB = document_xml(paragraph("a" * 60_000_000))
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij"))  # noqa: B905
    + "]><d>&j;</d>"
)
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>'


@pytest.mark.parametrize(
    ("raw", "where", "found"),
    [
        (docx(parts={"word/document.xml": BOMB}), "word/document.xml", "60 MB packed into"),
        (docx(parts={"word/document.xml": "<a>" + " " * 9_000_000 + "</a>"}), "word/document.xml",
         "9 MB packed into"),
        (docx(parts={f"x/{n}": "" for n in range(5_100)}), "", "5,109 parts"),
        (docx(parts={"word/document.xml": LAUGHS}), "word/document.xml", "a document type"),
        (docx(parts={"word/document.xml": OUTSIDE}), "word/document.xml", "a document type"),
        (docx(parts={"word/styles.xml": LAUGHS}), "word/styles.xml", "a document type"),
        (docx(parts={"_rels/.rels": LAUGHS}), "_rels/.rels", "a document type"),
        (docx(parts={"docProps/core.xml": OUTSIDE}), "docProps/core.xml", "a document type"),
        (docx(parts={"word/document.xml": document_xml("<w:p>" * 500)}), "word/document.xml",
         "more"),
        (docx(parts={"word/document.xml": "<a>\n<b>\n</a>"}), "word/document.xml, line 3",
         "a damaged part"),
        (docx(paragraph("t"))[:-400], "", "a damaged file"),
        (docx(paragraph("t")).replace(b"word/document.xml", b"word/nocument.xml"), "", "none"),
        (lying(docx(paragraph("t" * 5000)), 100), "", "a damaged"),
        (lying(docx(paragraph("t")), 400_000_000), "word/document.xml", "400 MB packed into"),
        (docx(paragraph("t"), compression=zipfile.ZIP_LZMA), "_rels/.rels", "another compression"),
    ],
    ids=["bomb", "packed-too-well", "parts", "laughs", "outside", "laughing-styles",
         "laughing-relations", "outside-properties", "deep", "broken-xml", "cut", "no-document",
         "says-less", "says-more", "lzma"],
)  # fmt: skip
def test_word_documents_that_were_made_to_do_harm(
    refused: Refuse, raw: bytes, where: str, found: str
) -> None:
    error = refused("a.docx", raw)
    assert error.problem == "This Word document cannot be read."
    assert (error.where or "").endswith(f", {where}" if where else "a.docx")
    assert (error.found or "").startswith(found)


DIVE = "<text:span>" * 500


@pytest.mark.parametrize(
    ("name", "part", "inside", "found"),
    [
        ("odt", "content.xml", f"<a>{'a' * 60_000_000}</a>", "60 MB packed into"),
        ("odt", "content.xml", f"<a>{' ' * 9_000_000}</a>", "9 MB packed into"),
        ("odt", "content.xml", LAUGHS, "a document type"),
        ("odt", "styles.xml", OUTSIDE, "a document type"),
        ("odt", "meta.xml", LAUGHS, "a document type"),
        ("odt", "META-INF/manifest.xml", LAUGHS, "a document type"),
        ("odt", "content.xml", DIVE, "a damaged part"),
        ("odt", "content.xml", f"<a {office_files.ODF_SPACES}>{DIVE}", "more"),
        ("pptx", "ppt/presentation.xml", LAUGHS, "a document type"),
        ("pptx", "ppt/slides/slide1.xml", OUTSIDE, "a document type"),
        ("pptx", "ppt/_rels/presentation.xml.rels", LAUGHS, "a document type"),
        ("pptx", "ppt/slides/slide1.xml", f"<a>{'a' * 60_000_000}</a>", "60 MB packed into"),
        ("epub", "META-INF/container.xml", LAUGHS, "a document type"),
        ("epub", "OEBPS/book.opf", OUTSIDE, "a document type"),
        ("epub", "OEBPS/part 1.xhtml", "a" * 60_000_000, "60 MB packed into"),
        ("epub", "OEBPS/part 1.xhtml", "<div>" * 100_000, "more"),
    ],
)
def test_other_archives_that_were_made_to_do_harm(
    refused: Refuse, name: str, part: str, inside: str, found: str
) -> None:
    made = {
        "odt": lambda: office_files.odt(parts={part: inside}),
        "pptx": lambda: office_files.pptx(office_files.slide(), parts={part: inside}),
        "epub": lambda: office_files.epub(office_files.chapter("t"), parts={part: inside}),
    }
    error = refused(f"a.{name}", made[name]())
    assert (error.found or "").startswith(found)


@pytest.mark.slow
def test_the_elements_of_all_slides_are_counted_together(refused: Refuse) -> None:
    full = office_files.slide("".join(f'<p:sp i="{n * 7919}"/>' for n in range(300_000)))
    error = refused("a.pptx", office_files.pptx(*[full] * 4))
    assert (error.where or "").endswith("slide4.xml")


def test_the_chapters_of_a_book_have_a_size_together(refused: Refuse) -> None:
    texts = [" ".join(f"{i}{n:x}" for n in range(1_000_000)) for i in range(4)]
    error = refused("a.epub", office_files.epub(*texts))
    assert error.expected == "chapters of at most 20 MB together"


def test_what_a_book_names_is_never_a_path(write_article: Write, content: Path) -> None:
    container = office_files.CONTAINER.replace("OEBPS/book.opf", "../../../etc/passwd")
    raw = office_files.epub(parts={"META-INF/container.xml": container})
    with pytest.raises(ContentError, match="e-book cannot be read"):
        read_article(write_article("a.epub", raw), root=content)


def test_rich_text_that_was_made_to_do_harm(refused: Refuse) -> None:
    deep = refused("a.rtf", "{\\rtf1" + "{" * 3_000_000)
    assert deep.expected == "groups nested at most 100 deep"
    assert refused("a.rtf", "{\\rtf1 " + "word " * 500_000).problem == "This article is too long."


def test_a_large_archive_is_refused_by_what_it_says_of_itself(refused: Refuse) -> None:
    filler = zlib.compress(b"")
    raw = packed({"word/document.xml": document_xml(paragraph("t")), "word/media/a": filler})
    changed = bytearray(raw)
    at = changed.rfind(b"PK\x01\x02")
    changed[at + 24 : at + 28] = struct.pack("<I", 4_000_000_000)
    assert refused("a.docx", bytes(changed)).found == "2 parts, unpacked 4,000 MB"


def test_names_in_an_archive_are_never_paths(content: Path, write_article: Write) -> None:
    relations = (
        '<Relationships xmlns="x"><Relationship Id="a" Type="x/officeDocument" '
        'Target="../../../../etc/passwd"/></Relationships>'
    )
    raw = docx(
        paragraph("t"),
        parts={"_rels/.rels": relations, "../../evil.txt": "x", "/etc/passwd": "root:x"},
    )
    before = sorted(content.parent.rglob("*"))
    with pytest.raises(ContentError):
        read_article(write_article("a.docx", raw), root=content)
    after = [path for path in sorted(content.parent.rglob("*")) if path.name != "a.docx"]
    assert after == before


# -- web pages -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 100_000 + "text",
        "<ul><li>" * 10_000 + "text",
        "<table><tr><td>" * 10_000 + "text",
        "<details>" * 10_000 + "text",
        "<dl><dd>" * 10_000 + "text",
    ],
)
def test_pages_that_nest_without_end_are_refused(refused: Refuse, page: str) -> None:
    assert refused("a.html", page).expected == "at most 100 nested elements"


@pytest.mark.slow
def test_pages_of_too_many_elements_are_refused(refused: Refuse) -> None:
    assert refused("a.html", "<p>a" * 600_000).expected == "at most 500,000 elements"


def test_letters_that_look_otherwise_may_nest_without_end(
    write_article: Write, content: Path
) -> None:
    path = write_article("a.html", "<font><i><span>" * 20_000 + "text")
    assert read_article(path, root=content).article.text.endswith("text")


@pytest.mark.parametrize(
    "page",
    [
        f"<p>{LAUGHS}",
        f"<p>{OUTSIDE}",
        "<p>text<iframe src='file:///etc/passwd'></iframe><img src='http://127.0.0.1:9/x'>",
        "<p>text<object data='file:///etc/passwd'></object><link rel=import href='/etc/passwd'>",
        "<base href='file:///'><p>text<script src='/etc/passwd'></script>",
        "<meta http-equiv=refresh content='0;url=file:///etc/passwd'><p>text",
    ],
)
def test_nothing_that_a_page_points_to_is_read(
    write_article: Write, content: Path, page: str
) -> None:
    text = read_article(write_article("a.html", page), root=content).article.text
    assert "root:" not in text
    assert len(text) < 2_000


# -- PDF -----------------------------------------------------------------------------------------


def pages(count: int) -> bytes:
    kids = b" ".join(b"3 0 R" for _ in range(count))
    return by_hand(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [" + kids + b"] /Count %d >>" % count,
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>",
        ]
    )


PAGE = (
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
    b" /Resources << /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> "
)


def one_page(content: bytes, *extra: bytes, resources: bytes = b"") -> bytes:
    return by_hand(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            PAGE + resources + b" >> >>",
            content,
            *extra,
        ]
    )


TEXT = b"BT /F 12 Tf 72 700 Td (%s) Tj ET"


def drawing_itself(times: int) -> bytes:
    return one_page(
        stream(TEXT % (b"Text in a loop of forms. " * 2) + b" /X Do"),
        stream(
            b"/X Do " * times,
            b"/Type /XObject /Subtype /Form /BBox [0 0 9 9]"
            b" /Resources << /XObject << /X 5 0 R >> >>",
        ),
        resources=b"/XObject << /X 5 0 R >>",
    )


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (pages(1_500), "1,500 pages"),
        (b"%PDF-1.7\nnothing", "a damaged file"),
        (simple_pdf()[:300], "a damaged file"),
        (one_page(stream(b"q " * 100_000)), "0 letters on 1 page"),
        (one_page(stream(TEXT % (b"a" * 30_000) * 80)), "more"),
        (
            one_page(stream(zlib.compress(b" " * 300_000_000), b"/Filter /FlateDecode")),
            "0 letters on 1 page",
        ),
    ],
    ids=["pages", "nothing", "cut", "states", "letters", "bomb"],
)
def test_pdfs_that_were_made_to_do_harm(refused: Refuse, raw: bytes, found: str) -> None:
    assert refused("a.pdf", raw).found == found


def test_a_pdf_that_draws_itself_is_read_once(write_article: Write, content: Path) -> None:
    text = read_article(write_article("a.pdf", drawing_itself(1)), root=content).article.text
    assert text.count("loop") == 2


def test_scripts_and_actions_of_a_pdf_do_nothing(write_article: Write, content: Path) -> None:
    raw = by_hand(
        [
            b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /Launch /F (/bin/true) >>"
            b" /AA << /WC << /S /JavaScript /JS (app.alert\\(1\\)) >> >> >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            PAGE + b" >> >>",
            stream(TEXT % b"Words that are only read."),
        ]
    )
    read = read_article(write_article("a.pdf", raw), root=content)
    assert read.article.text.endswith("Words that are only read.")


# -- the sandbox ---------------------------------------------------------------------------------


@pytest.fixture
def parser() -> Iterator[Sandbox]:
    parser = Sandbox()
    yield parser
    parser.close()


# Quadratic in the number of attributes: minutes.
SLOW = b"<p " + b" ".join(b"a%d" % i for i in range(400_000)) + b">x"


def test_a_file_that_takes_too_long_is_ended_and_the_next_one_is_read(parser: Sandbox) -> None:
    assert parser.parse(b"<p>one", ".html", "a", "File").text == "File\n\none"
    parser.limit_s = 1
    with pytest.raises(ContentError) as caught:
        parser.parse(SLOW, ".html", "a", "File")
    assert caught.value.found == "it takes longer"
    assert caught.value.expected == "a file that is read within 1 seconds"
    parser.limit_s = 60
    assert parser.parse(b"<p>two", ".html", "a", "File").text == "File\n\ntwo"


class FiringLate:
    """A timer that fires just when the answer is there; it acts only while it is waited for."""

    acted = 0

    def __init__(self, _seconds: float, act: Callable[[], None]) -> None:
        self._act = act

    def start(self) -> None:
        pass

    def cancel(self) -> None:
        """Too late."""

    def join(self) -> None:
        FiringLate.acted += 1
        self._act()


def test_a_file_that_is_read_just_in_time_does_not_cost_the_next_one(
    parser: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as late:
        late.setattr("ingest.files.sandbox.threading.Timer", FiringLate)
        assert parser.parse(b"<p>one", ".html", "a", "File").text == "File\n\none"
        assert FiringLate.acted == 1  # before anything else could be sent
        assert parser._process is None
    assert parser.parse(b"<p>two", ".html", "a", "File").text == "File\n\ntwo"


def test_a_pdf_that_draws_itself_many_times_over_is_ended(parser: Sandbox) -> None:
    parser.limit_s = 2
    with pytest.raises(ContentError, match="cannot be read") as caught:
        parser.parse(drawing_itself(3), ".pdf", "a", "File")
    assert (caught.value.found or "").startswith("it ")


def test_a_file_that_ends_its_reader_is_one_error(parser: Sandbox) -> None:
    parser.parse(b"<p>one", ".html", "a", "File")
    assert parser._process
    parser._process.kill()
    parser._process.wait()
    assert parser.parse(b"<p>two", ".html", "a", "File").text == "File\n\ntwo"


def test_a_reader_that_dies_on_a_file_says_so(
    parser: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.files.sandbox._COMMAND", ["-c", "import os; os.abort()"])
    with pytest.raises(ContentError) as caught:
        parser.parse(b"<p>one", ".html", "a", "File")
    assert caught.value.found == "it crashes the reader (code -6)"


def test_a_reader_that_ended_for_want_of_work_is_started_again(
    parser: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    idle = "import signal, os; os.kill(os.getpid(), signal.SIGALRM)"
    monkeypatch.setattr("ingest.files.sandbox._COMMAND", ["-c", idle])
    ask = parser._ask

    def once(head: bytes, raw: bytes) -> tuple[bytes | None, bool, int]:
        told = ask(head, raw)
        monkeypatch.setattr("ingest.files.sandbox._COMMAND", ["-m", "ingest.files.worker"])
        return told

    monkeypatch.setattr(parser, "_ask", once)
    assert parser.parse(b"<p>one", ".html", "a", "File").text == "File\n\none"


def test_what_is_found_comes_back_whole(parser: Sandbox) -> None:
    page = (
        '<script type="application/ld+json">{"@type":"Article","author":"Ann","reviewedBy":"B",'
        '"lastReviewed":"2025-02-03"}</script><h1>T</h1><p>a</p><h2>\u00e9\U0001f642</h2><p>b</p>'
    )
    for raw, suffix in ((page.encode(), ".html"), (simple_pdf(), ".pdf")):
        assert parser.parse(raw, suffix, "a", "File") == worker.parse(raw, suffix, "a", "File")


@pytest.mark.parametrize("error", [RecursionError, MemoryError, KeyError, OSError, UnicodeError])
def test_whatever_a_library_raises_is_an_error_in_words(
    monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def fail(*_: object) -> None:
        raise error("x")

    monkeypatch.setitem(worker._PARSERS, ".pdf", fail)  # type: ignore[arg-type]
    with pytest.raises(ContentError, match="cannot be read"):
        worker.parse(b"", ".pdf", "a", "File")


def test_the_reader_has_little_memory_and_may_write_no_file(parser: Sandbox) -> None:
    script = (
        "from ingest.files import worker; worker._limit_resources()\n"
        "for act in (lambda: bytearray(2_000_000_000), lambda: print('x', file=open(PATH, 'w'),"
        " flush=True)):\n"
        "    try: act(); print('done')\n"
        "    except (MemoryError, OSError) as error: print(type(error).__name__)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script.replace("PATH", repr("/tmp/clinic-search-test"))],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert done.stdout.split() == ["MemoryError", "OSError"]


@pytest.mark.parametrize(("platform", "is_limited"), [("linux", True), ("darwin", False)])
def test_a_limit_that_macos_refuses_is_not_set_there(
    monkeypatch: pytest.MonkeyPatch, platform: str, is_limited: bool
) -> None:
    limits: dict[int, tuple[int, int]] = {}
    monkeypatch.setattr(resource, "setrlimit", limits.__setitem__)
    monkeypatch.setattr(sys, "platform", platform)
    worker._limit_resources()
    assert (resource.RLIMIT_AS in limits) is is_limited
    assert limits[resource.RLIMIT_FSIZE] == (0, 0)


def test_a_heading_that_repeats_without_end_is_numbered_in_time() -> None:
    slugs = Slugs()
    assert [slugs.take("pain") for _ in range(100_000)][-1] == "pain-100000"
    assert slugs.take("pain-7") == "pain-7-2"
