"""Pages that are pictures: read where Tesseract is installed, marked, or refused by name."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageFilter
from reportlab.lib.utils import ImageReader

from core.errors import ContentError
from core.labels import READ_FROM_PICTURE
from index.search.pipeline import search
from index.store import generations
from ingest.build import settings
from ingest.build.articles import read_articles
from ingest.explain.report import explain_file
from ingest.files.sandbox import Sandbox
from ingest.readers import ocr
from ingest.readers.ocr import Ocr, Word, find_ocr
from ingest.readers.outline import ParsedText, Reason
from ingest.readers.pdf.document import parse_pdf
from ingest.readers.read import read_article
from tests.support.building import build_with
from tests.support.fakes import BagOfWordsEncoder
from tests.support.files.pdf_files import HEIGHT, WIDTH, Draw, Sheet, pdf
from tests.support.pages.visitor import without

Write = Callable[[str, str | bytes], Path]
Line = tuple[float, str]  # size in points, text


@pytest.fixture
def tesseract() -> Ocr:
    """Return the program, or skip the test."""
    found = find_ocr("en")
    if found is None:
        without("tesseract-ocr")
    assert found
    return found


def leaflet(sheet: Sheet) -> None:
    sheet.heading("Tennis elbow", 24)
    sheet.lines(
        "It hurts on the outside of the elbow when you grip things,",
        "and it can take many months to become better again.",
    )
    sheet.heading("Medicine", 17)
    sheet.lines("Take 400 mg of ibuprofen three times a day, with food.")


def scanned(raw: bytes, *, blur: float = 0, dpi: int = 200) -> Draw:
    """Return a page that is a picture of the first page of a PDF."""
    document = pypdfium2.PdfDocument(raw)
    picture: Image.Image = document[0].render(scale=dpi / 72, grayscale=True).to_pil()
    if blur:
        picture = picture.filter(ImageFilter.GaussianBlur(blur))
    document.close()

    def draw(sheet: Sheet) -> None:
        stream = BytesIO()
        picture.save(stream, "PNG")
        stream.seek(0)
        sheet.canvas.drawImage(ImageReader(stream), 0, 0, WIDTH, HEIGHT)

    return draw


def black(sheet: Sheet) -> None:
    sheet.canvas.rect(10, 10, 500, 500, fill=1)


def words(*lines: Line, confidence: float = 95) -> Callable[..., Sequence[Word]]:
    """Return what reads these lines from every picture, one below the other."""

    def recognize(picture: bytes, width: int, height: int, dpi: int) -> list[Word]:
        assert len(picture) == width * height
        found, top = [], 1000.0
        for number, (size, text) in enumerate(lines):
            left, em = 150.0, size * dpi / 72
            for word in text.split():
                if word != "|":  # a gap as between the columns of a table
                    box = (int(left), int(top), int(len(word) * em / 2), int(0.73 * em))
                    found.append(Word(("1", "1", "1", str(number)), *box, confidence, word))
                left += len(word) * em / 2 + em * (0.3 if word != "|" else 4)
            top += 2.2 * em
        return found

    return recognize


def told(parsed: ParsedText) -> list[tuple[tuple[str, ...], str]]:
    return [(s.path, parsed.text[s.body.start : s.body.end]) for s in parsed.sections]


# -- without Tesseract ---------------------------------------------------------------------------

READ = words((22, "Bed Rest"), (11, "Walk a bit each hour."), (11, "Lie flat at midday."))


def test_words_of_a_picture_become_headings_and_text() -> None:
    parsed = parse_pdf(pdf(black), "a", "File", recognize=READ)
    assert parsed.title == "Bed Rest"
    assert told(parsed) == [((), "Walk a bit each hour. Lie flat at midday.")]
    assert [(span.start, span.end) for span in parsed.pictures] == [(0, len(parsed.text))]
    assert parsed.warnings == ()


def test_only_pages_without_letters_are_pictures() -> None:
    parsed = parse_pdf(pdf(leaflet, black), "a", "File", recognize=READ)
    (span,) = parsed.pictures
    assert "ibuprofen" in parsed.text[: span.start]
    assert "ibuprofen" not in parsed.text[span.start : span.end]
    assert parsed.text[span.start : span.end].endswith("Lie flat at midday.")


def test_a_table_in_a_picture_keeps_its_rows() -> None:
    table = words((11, "Week | Sets"), (11, "one | three"), (11, "two | four"))
    parsed = parse_pdf(pdf(leaflet, black), "a", "File", recognize=table)
    assert parsed.text.endswith("- Week: Sets\n- one: three\n- two: four")


def test_a_page_under_the_confidence_is_refused_by_name() -> None:
    doubtful = words((11, "40 mg or 400 rng"), confidence=61)
    parsed = parse_pdf(pdf(leaflet, black), "a", "File", recognize=doubtful)
    assert "400 rng" not in parsed.text
    assert parsed.pictures == ()
    (warning,) = parsed.warnings
    assert warning.startswith("page 2 is a picture that cannot be read safely (confidence 61 of")
    assert [(o.reason, o.text) for o in parsed.left_out] == [(Reason.UNSURE, "40 mg or 400 rng")]


def test_a_file_of_nothing_but_such_pages_is_an_error_that_names_them() -> None:
    with pytest.raises(ContentError, match="pictures of text") as caught:
        parse_pdf(pdf(black, black), "a", "F", recognize=words((9, "rng"), confidence=20))
    assert (caught.value.found or "").count("confidence 20 of 100") == 2
    assert "page 2 is" in (caught.value.found or "")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (subprocess.TimeoutExpired("t", 60), "page 2 is a picture that takes too long to read"),
        (subprocess.CalledProcessError(1, "t"), "page 2 is a picture on which text recognition"),
        (FileNotFoundError(), "page 2 is a picture on which text recognition fails"),
    ],
)
def test_a_page_on_which_tesseract_fails_is_refused_by_name(error: Exception, said: str) -> None:
    def fail(*_: object) -> list[Word]:
        raise error

    parsed = parse_pdf(pdf(leaflet, black), "a", "File", recognize=fail)
    assert parsed.warnings[0].startswith(said)


def test_a_picture_without_words_is_told_as_before() -> None:
    parsed = parse_pdf(pdf(leaflet, black), "a", "File", recognize=words())
    assert parsed.warnings == ("no text on page 2, a picture perhaps",)


def test_too_many_pictures_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "OCR_PAGES", 2)
    with pytest.raises(ContentError) as caught:
        parse_pdf(pdf(black, black, black), "a", "File", recognize=READ)
    assert caught.value.expected == "at most 2 pages that are pictures"


def test_a_huge_page_is_drawn_small() -> None:
    sizes = []

    def recognize(_: bytes, width: int, height: int, dpi: int) -> list[Word]:
        sizes.append((width * height, dpi))
        return []

    from reportlab.pdfgen.canvas import Canvas

    stream = BytesIO()
    canvas = Canvas(stream, pagesize=(14_000, 14_000))
    canvas.rect(0, 0, 9_000, 9_000, fill=1)
    canvas.showPage()
    canvas.save()
    with pytest.raises(ContentError):
        parse_pdf(stream.getvalue(), "a", "File", recognize=recognize)
    ((pixels, dpi),) = sizes
    assert pixels < 13_000_000
    assert dpi < 20


# -- a program in place of Tesseract -------------------------------------------------------------

FAKE = """#!{python}
import os, sys, time
arguments = " ".join(sys.argv[1:])
if "--version" in arguments:
    print("tesseract 9.9"); sys.exit()
if "--list-langs" in arguments:
    print("List of available languages (1):\\neng"); sys.exit()
head = sys.stdin.buffer.read()[:2]
assert head == b"P5" and os.environ["OMP_THREAD_LIMIT"] == "1"
{act}
line = "1 1 1 1".split()
print("\\t".join(["4", *line, "0", "100", "1200", "900", "40", "-1", ""]))
for i, word in enumerate("Rest and sleep help the neck.".split()):
    box = [str(100 + 200 * i), "1200", "190", "33"]
    print("\\t".join(["5", *line, str(i + 1), *box, "{confidence}", word]))
"""


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Put a program in the place of Tesseract; it reads one sentence from every picture."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")

    def write(act: str = "", confidence: float = 95) -> None:
        program = folder / "tesseract"
        program.write_text(FAKE.format(python=sys.executable, act=act, confidence=confidence))
        program.chmod(program.stat().st_mode | stat.S_IXUSR)

    return write


def test_tesseract_is_found_when_it_runs_with_the_language_of_the_articles(
    fake: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    fake()
    program = shutil.which("tesseract") or ""
    assert find_ocr("en") == find_ocr("en-GB") == Ocr(program, "eng", "tesseract 9.9 eng")
    assert find_ocr("fr") is None  # its data is not installed
    assert find_ocr("tlh") is None
    monkeypatch.setenv("PATH", "")
    assert find_ocr("en") is None


def test_a_limit_of_time_holds_for_each_page_and_not_for_the_file(
    fake: Callable[..., None],
) -> None:
    fake("time.sleep(1)")
    sandbox = Sandbox(limit_s=4)
    try:
        assert (
            "sleep help"
            in sandbox.parse(pdf(*[black] * 5), ".pdf", "a", "File", find_ocr("en")).text
        )
        assert sandbox.parse(b"<p>two", ".html", "a", "File").text == "File\n\ntwo"
        fake("time.sleep(60)")
        with pytest.raises(ContentError) as caught:
            sandbox.parse(pdf(black), ".pdf", "a", "File", find_ocr("en"))
        assert caught.value.found == "it takes longer"
    finally:
        sandbox.close()


def test_what_a_program_says_that_is_no_table_is_an_error(fake: Callable[..., None]) -> None:
    for act in ("sys.exit(3)", "print('5' + chr(9) * 11 + 'x'); sys.exit()", "os.abort()"):
        fake(act)
        sandbox = Sandbox()
        with pytest.raises(ContentError):
            sandbox.parse(pdf(black), ".pdf", "a", "File", find_ocr("en"))
        sandbox.close()


def test_passages_of_pictures_are_marked_and_stay_so(
    fake: Callable[..., None], content: Path, built: Path, write_article: Write
) -> None:
    fake()
    write_article("scan.pdf", pdf(leaflet, black))
    encoder = BagOfWordsEncoder()

    def labels() -> dict[str, tuple[str, ...]]:
        index = generations.open_index(built, encoder=encoder)
        return {p.text: p.labels for p in index.passages if p.article_id == "scan"}

    def marked() -> list[bool]:
        return ["Rest and sleep" in text for text, own in labels().items() if own]

    build_with(encoder, content, built)
    assert set(labels().values()) == {(), (READ_FROM_PICTURE,)}
    assert marked() == [True]
    index = generations.open_index(built, encoder=encoder)
    found = [r for r in search(index, "sleep neck").results if r.passage.article_id == "scan"]
    assert found[0].labels == (READ_FROM_PICTURE,)

    write_article("blood.txt", "Blood Flow\n\nA needle may bring blood.")
    build_with(encoder, content, built)  # the scan is not read again
    assert marked() == [True]

    (content / "clinic.toml").write_text('name = "C"\nocr = false\n')
    report = build_with(encoder, content, built)
    assert not any(labels().values())
    assert any("a picture perhaps" in warning.problem for warning in report.warnings)


def test_pdfs_are_read_again_when_tesseract_is_installed_and_no_other_file(
    content: Path, write_article: Write, fake: Callable[..., None]
) -> None:
    write_article("scan.pdf", pdf(leaflet, black))
    folder = content / "articles"
    before = read_articles(folder, lambda some, *_: some)
    known = {read.article.source: read for read in before.articles}
    fake()
    found = find_ocr("en")
    after = read_articles(folder, lambda some, *_: some, known=known, ocr=found, known_ocr="")
    assert after.ocr == "tesseract 9.9 eng"
    assert set(after.unchanged) == {"blood", "necks"}
    again = read_articles(
        folder,
        lambda some, *_: some,
        known={read.article.source: read for read in after.articles},
        ocr=found,
        known_ocr=after.ocr,
    )
    assert set(again.unchanged) == {"blood", "necks", "scan"}


# -- with Tesseract ------------------------------------------------------------------------------


def test_a_scanned_leaflet_becomes_an_article(
    content: Path, write_article: Write, tesseract: Ocr
) -> None:
    path = write_article("scan.pdf", pdf(scanned(pdf(leaflet))))
    read = read_article(path, root=content / "articles", ocr=tesseract)
    article = read.article
    assert article.title == "Tennis elbow"
    assert [(s.path, article.text[s.body.start : s.body.end]) for s in article.sections] == [
        (
            (),
            "It hurts on the outside of the elbow when you grip things, and it can take many "
            "months to become better again.",
        ),
        (("Medicine",), "Take 400 mg of ibuprofen three times a day, with food."),
    ]
    assert read.warnings == ()
    assert [(span.start, span.end) for span in read.pictures] == [(0, len(article.text))]


def test_a_blurred_scan_is_refused_by_its_page(
    content: Path, write_article: Write, tesseract: Ocr
) -> None:
    path = write_article("scan.pdf", pdf(leaflet, scanned(pdf(leaflet), blur=3)))
    read = read_article(path, root=content / "articles", ocr=tesseract)
    (warning,) = read.warnings
    assert warning.problem.startswith("page 2 is a picture that cannot be read safely")
    assert read.pictures == ()


@pytest.mark.usefixtures("tesseract")
def test_a_scan_is_explained_as_ingest_reads_it(content: Path, write_article: Write) -> None:
    path = write_article("scan.pdf", pdf(scanned(pdf(leaflet))))
    said = explain_file(path, content=content)
    assert "Read as the article “Tennis elbow”" in said


def test_only_a_pdf_asks_for_tesseract(
    content: Path, write_article: Write, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(settings, "find_ocr", asked.append)
    build_with(BagOfWordsEncoder(), content, tmp_path / "built")
    assert asked == []
    write_article("a.PDF", pdf(leaflet))
    build_with(BagOfWordsEncoder(), content, tmp_path / "built")
    assert asked == ["en"]
