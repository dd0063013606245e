"""`python -m ingest --explain`, the figures that ingest prints, and the page beside the file."""

from __future__ import annotations

import base64
import re
import struct
import zlib
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest

from core.errors import ContentError
from index.store.generations import read_current
from index.store.manifest import WordCount
from ingest.__main__ import main
from ingest.build.report import BuildReport, table_of
from ingest.explain import measure, pictures
from ingest.explain.explanation import Entry, Fate, Lost, explanation_of
from ingest.explain.pictures import page_pictures
from ingest.explain.report import as_html, as_text, explain_file
from ingest.files import sandbox
from ingest.files.sandbox import Sandbox
from ingest.readers.outline import LeftOut, Reason
from ingest.readers.read import ReadArticle, read_article
from tests.support.building import build_with
from tests.support.fakes import BagOfWordsEncoder
from tests.support.files.pdf_files import Sheet, pdf

Write = Callable[[str, str | bytes], Path]

HIPS = """Hips

A hip is a joint. It carries the body.

Care

Rest the hip, then walk a little each day.
"""
HOSTILE = '<script>alert(1)</script> & "x" <img src=x onerror=alert(1)> </pre></style>'


def read(content: Path, name: str, *left_out: LeftOut) -> ReadArticle:
    root = content / "articles"
    found = read_article(root / name, root=root)
    return ReadArticle(found.article, found.warnings, left_out=(*found.left_out, *left_out))


def leaflet() -> bytes:
    def first(sheet: Sheet) -> None:
        sheet.heading("Sore Hips", size=20)
        sheet.lines("A hip is a joint that carries the", "body, day and night, for years.")

    def second(sheet: Sheet) -> None:
        sheet.heading("Care")
        sheet.lines(
            "Rest the hip, and then walk a little", "each day, never with a shoul-", "der bag."
        )

    return pdf(first, second)


# -- what an explanation holds -------------------------------------------------------------------


def test_a_file_is_beside_its_outline_with_what_is_missing(
    content: Path, write_article: Write
) -> None:
    write_article("hips.txt", HIPS)
    own = f"Menu Shop\n\n{HIPS}\nNot with a pacemaker.\n"
    found = explanation_of(read(content, "hips.txt", LeftOut(Reason.MENU, "Menu Shop")), own)
    assert found.count == WordCount(20, 2, 4, ("with", "pacemaker"))
    assert found.lost == (
        Lost(
            "the body. Care Rest the hip, then walk a little each day.", "Not with a pacemaker", "."
        ),
    )
    assert found.left_out == {"menu, header or footer": ["Menu Shop"]}
    (page,) = found.pages
    assert page.outline == (
        Entry("A hip is a joint. It carries the body."),
        Entry("Care", 1),
        Entry("Rest the hip, then walk a little each day."),
    )
    assert [s.text for s in page.own if s.fate is Fate.LEFT_OUT] == ["Menu Shop"]
    assert [(s.text, s.number) for s in page.own if s.fate is Fate.LOST] == [
        ("Not with a pacemaker", 1)
    ]
    assert "".join(s.text for s in page.own).split() == own.split()


def test_the_words_of_a_whole_file_may_be_missing(content: Path, write_article: Write) -> None:
    write_article("hips.txt", HIPS)
    found = explanation_of(read(content, "hips.txt"), "zebra yak")
    assert found.lost == (Lost("", "zebra yak", ""),)
    assert found.count.share_kept == 0


def test_each_page_of_a_pdf_has_what_begins_on_it(content: Path, write_article: Write) -> None:
    path = write_article("hips.pdf", leaflet())
    said = explain_file(path, content=content)
    assert "missing: 0 (100 %" in said
    assert "Missing (" not in said
    first, second = said.split("-- page 2")
    assert "A hip is a joint that carries the body" in first
    assert "Care" in second
    assert "shoulder bag" in second


def test_the_text_report_is_narrow_and_names_everything(
    content: Path, write_article: Write
) -> None:
    write_article("hips.txt", HIPS)
    parts = [LeftOut(Reason.NOTE, f"note {n} " + "long " * 40) for n in range(30)]
    said = as_text(explanation_of(read(content, "hips.txt", *parts), f"{HIPS} gone"))
    assert max(map(len, said.splitlines())) <= 100
    assert "Left out: note or its number (30)" in said
    assert "and 10 more: --html FILE" in said
    assert ">>gone<<" in said
    assert "    10 words: Rest the hip" not in said  # nine
    assert "    9 words: Rest the hip, then walk" in said


# -- the page ------------------------------------------------------------------------------------


def test_the_page_runs_nothing_and_asks_for_nothing(content: Path, write_article: Write) -> None:
    path = write_article("hips.pdf", leaflet())
    page = content / "page.html"
    said = explain_file(path, content=content, html=page)
    assert said.startswith(f"Wrote {page}: ")
    html = page.read_text(encoding="utf-8")
    assert not re.search(r"<script|<link|<iframe|https?:|@import|url\(|\son\w+=| style=", html)
    assert "default-src 'none'; style-src 'sha256-" in html
    assert '; img-src data:"' in html
    assert html.count("<img ") == html.count('src="data:image/png;base64,') == 2
    assert 'alt="Page 2 of the file"' in html
    links = set(re.findall(r'href="#([^"]+)"', html))
    assert links <= set(re.findall(r'id="([^"]+)"', html))


def test_missing_words_are_linked_to_their_place(content: Path, write_article: Write) -> None:
    write_article("hips.txt", HIPS)
    html = as_html(explanation_of(read(content, "hips.txt"), f"{HIPS}\nNot with a pacemaker"))
    assert '<a href="#missing-1">Not with a pacemaker</a>' in html
    assert '<mark id="missing-1">Not with a pacemaker</mark>' in html


def test_whatever_a_file_says_is_text_on_the_page(content: Path, write_article: Write) -> None:
    write_article("hips.txt", f"{HOSTILE}\n\nA hip {HOSTILE}.\n\nCare\n\nRest {HOSTILE}.\n")
    left = LeftOut(Reason.MENU, HOSTILE)
    html = as_html(explanation_of(read(content, "hips.txt", left), f"{HOSTILE} zebra {HOSTILE}"))
    assert not re.search(r"<(script|img)", html, re.IGNORECASE)
    assert html.count("</pre>") == html.count("<pre")
    assert html.count("</style>") == 1
    assert HOSTILE in unescape(html)


# -- pictures ------------------------------------------------------------------------------------


def test_pictures_are_small_pngs_of_the_pages() -> None:
    found = page_pictures(leaflet())
    assert len(found) == 2
    for picture in found:
        assert picture.startswith(b"\x89PNG\r\n\x1a\n")
        width, height = struct.unpack(">II", picture[16:24])
        assert 300 < width <= pictures.WIDTH
        assert 300 < height <= pictures.HEIGHT
        lines = zlib.decompress(picture[picture.index(b"IDAT") + 4 : -16])
        assert len(lines) == height * (width + 1)
        assert min(lines[1:]) == 0 < max(lines)


def test_pictures_are_few_and_together_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MOST_PAGES", 1)
    assert len(page_pictures(leaflet())) == 1
    monkeypatch.setattr(pictures, "MOST_BYTES", 10)
    assert page_pictures(leaflet()) == []


@pytest.mark.parametrize("size", [(1, 14_400), (14_400, 1), (14_400, 14_400)])
def test_a_page_of_any_shape_is_drawn_small(size: tuple[int, int]) -> None:
    raw = leaflet().replace(b"/MediaBox [ 0 0 595 842 ]", b"/MediaBox [ 0 0 %d %d ]" % size)
    assert b"%d %d ]" % size in raw
    assert all(len(picture) < 100_000 for picture in page_pictures(raw))


def test_pictures_and_own_text_come_through_the_sandbox() -> None:
    box = Sandbox()
    try:
        found = box.look(leaflet(), ".pdf", "pictures")
        assert [base64.b64decode(picture)[:4] for picture in found] == [b"\x89PNG"] * 2
        assert "Sore Hips" in box.look(leaflet(), ".pdf", "text")
        with pytest.raises(ContentError) as caught:
            box.look(b"%PDF-1.4 nonsense", ".pdf", "text")
        assert caught.value.fix
    finally:
        box.close()


# -- ingest --------------------------------------------------------------------------------------

GONE = "<!doctype html><body><main><h1>Hips</h1><p>A hip is a joint.</p>{}</main>"
LOSING = "Only drawn words here"


@pytest.fixture
def losing(content: Path, write_article: Write, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A page with words that its reader does not know and the second look finds."""
    write_article("my hips.html", GONE.format(""))
    look = measure.look_in_sandbox
    monkeypatch.setattr(measure, "look_in_sandbox", lambda *of: f"{look(*of)} {LOSING}")
    return content


def rows(report: BuildReport) -> dict[str, tuple[int, str, int]]:
    return {row.article: (row.left_out, row.kept, row.warnings) for row in report.articles}


def test_ingest_counts_the_words_and_warns(
    losing: Path, encoder: BagOfWordsEncoder, tmp_path: Path
) -> None:
    report = build_with(encoder, losing, tmp_path / "built")
    assert rows(report)["necks.txt"] == (0, "100 %", 0)
    assert rows(report)["my hips.html"] == (0, "60 %", 1)
    (warning,) = [finding for finding in report.warnings if finding.step == "words"]
    assert (warning.article, warning.source) == ("my-hips", "articles/my hips.html")
    assert "4 of the file's 10 words are missing in the article (60 % kept)" in str(warning)
    assert "“only”, “drawn”, “words”, “here”" in str(warning)
    assert "python -m ingest --explain 'articles/my hips.html'" in str(warning)
    table = table_of(report)
    assert "left out  words kept  warnings" in table.splitlines()[0]
    assert "60 %" in table


def test_an_unchanged_file_keeps_its_count_and_is_not_read_again(
    losing: Path, encoder: BagOfWordsEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = tmp_path / "built"
    first = build_with(encoder, losing, built)
    monkeypatch.setattr(sandbox._sandbox, "look", lambda *_: pytest.fail("it was read again"))
    assert rows(build_with(encoder, losing, built)) == rows(first)  # nothing to publish
    (losing / "articles" / "necks.txt").write_text("Necks\n\nA stiff neck is common here.\n")
    second = build_with(encoder, losing, built)
    assert second.published
    assert rows(second)["my hips.html"] == (0, "60 %", 1)
    records = read_current(built).manifest.articles
    assert records["my-hips"].words == WordCount(6, 0, 4, ("only", "drawn", "words", "here"))


def test_a_file_that_cannot_be_looked_at_is_published_with_a_warning(
    losing: Path, encoder: BagOfWordsEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise ContentError("No.")

    monkeypatch.setattr(sandbox._sandbox, "look", refuse)
    report = build_with(encoder, losing, tmp_path / "built")
    assert rows(report)["my hips.html"] == (0, "?", 1)
    assert any("could not be compared" in str(warning) for warning in report.warnings)


# -- the command ---------------------------------------------------------------------------------


@pytest.mark.parametrize("named", ["articles/necks.txt", "necks.txt"])
def test_the_command_finds_an_article_by_its_name(
    content: Path, named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--content", str(content), "--explain", named]) == 0
    said = capsys.readouterr().out
    assert said.startswith("necks.txt: 25 words in the file; in the article: 25")
    assert "Why It Hurts" in said


def test_the_command_explains_a_file_outside_of_the_content(
    tmp_path: Path, content: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "hips.txt"
    path.write_text(HIPS)
    assert main(["--content", str(tmp_path / "none"), "--explain", str(path)]) == 0
    assert "Read as the article “Hips”" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "wrong"),
    [
        (["--explain", "nowhere.txt"], "There is no such file."),
        (["--html", "page.html"], "--html needs --explain FILE"),
        (["--explain", "necks.txt", "--preview"], "Use only one of"),
        (["--explain", "necks.txt", "--html", "no/such/folder/x.html"], "cannot be written"),
    ],
)
def test_a_command_that_makes_no_sense_is_refused(
    content: Path, arguments: list[str], wrong: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--content", str(content), *arguments]) != 0
    assert wrong in capsys.readouterr().err
