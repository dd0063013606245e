"""Letters of PDF files that stand for drawn ones, as Canva and Chrome write joined scripts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from ingest.explain.own_text import own_text
from ingest.explain.words import account, texts_of
from ingest.readers.pdf.document import parse_pdf
from ingest.readers.pdf.glyphs import read_pdf
from ingest.readers.read import read_article
from tests.support.files.pdf_files import by_hand, stream

# A word is a list of shapes: its letters, and in how many pieces they are drawn.
Word = Sequence[tuple[str, int]]
WIDTH = 6.0  # of a piece, in points


def shapes(lines: Sequence[Sequence[Word]], scale: float, leading: float = 16) -> bytes:
    """Lines of words in a form that is `scale` times smaller on the page, drawn downwards."""
    out = b""
    size, wide = 11 / scale, WIDTH / scale
    for number, words in enumerate(lines):
        x, y = 60 / scale, (60 + number * leading) / scale
        for word in words:
            for letters, pieces in word:
                text = letters.encode("utf-16-be").hex().upper().encode()
                out += b"/Span << /ActualText <FEFF%s> >> BDC BT /F1 %g Tf " % (text, size)
                for _ in range(pieces):
                    out += b"1 0 0 -1 %g %g Tm (x) Tj " % (x, y)
                    x += wide
                out += b"ET EMC\n"
            out += b"BT /F1 %g Tf 1 0 0 -1 %g %g Tm ( ) Tj ET\n" % (size, x, y)
            x += 4 / scale
    return out


def leaflet(lines: Sequence[Sequence[Word]], scale: float = 0.24) -> bytes:
    """A page with one form that is smaller and upside down there."""
    widths = b" ".join([b"545"] * 95)
    form = (
        b"/Type /XObject /Subtype /Form /BBox [0 0 9999 9999]"
        b" /Resources << /Font << /F1 6 0 R >> >>"
    )
    return by_hand(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources"
            b" << /XObject << /X1 5 0 R >> >> >>",
            stream(b"%g 0 0 %g 0 842 cm /X1 Do" % (scale, -scale)),
            stream(shapes(lines, scale), form),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /FirstChar 32 /LastChar 126"
            b" /Widths [%s] >>" % widths,
        ]
    )


def word(text: str, pieces: int = 2) -> Word:
    """A word each of whose shapes has a consonant and the signs on it."""
    found: list[str] = []
    for letter in text:
        if found and not letter.isalpha():
            found[-1] += letter
        else:
            found.append(letter)
    return [(shape, pieces) for shape in found]


def line(text: str, pieces: int = 2) -> list[Word]:
    return [word(part, pieces) for part in text.split()]


SENTENCES = ["घुटने को धीरे मोड़ें", "पाँच सेकंड तक रोकें और फिर सीधा करें", "दिन में दो बार दोहराएँ"]


@pytest.mark.parametrize("scale", [0.24, 1.0, 3.0])
@pytest.mark.parametrize("pieces", [1, 2, 3])
def test_joined_letters_in_a_form_are_read_where_they_are_seen(scale: float, pieces: int) -> None:
    parsed = parse_pdf(leaflet([line(s, pieces) for s in SENTENCES], scale), "a", "A")
    assert " ".join(parsed.text.split()[1:]) == " ".join(SENTENCES)


@pytest.mark.parametrize("script", ["முழங்கால் வலி", "మోకాలి నొప్పి", "হাঁটুর ব্যথা"])
def test_other_scripts_of_india_keep_their_words(script: str) -> None:
    raw = leaflet([line(script), line(SENTENCES[0])])
    assert script in parse_pdf(raw, "a", "A").text


def test_latin_letters_that_were_joined_stay_at_their_place() -> None:
    lines = [
        [[("T", 1), ("h", 1), ("e", 1)], [("fi", 1), ("n", 1), ("g", 1), ("e", 1), ("r", 1)]],
        [[("i", 1), ("s", 1)], [("sti", 1), ("ff", 1)], [("t", 1), ("o", 1), ("o", 1)]],
    ]
    assert "The finger is stiff too" in " ".join(parse_pdf(leaflet(lines), "a", "A").text.split())


def test_the_place_on_the_page_is_that_of_the_shapes() -> None:
    (page,) = read_pdf(leaflet([line(SENTENCES[0])])).pages
    first = min(page.fragments, key=lambda fragment: fragment.left)
    assert first.left == pytest.approx(60, abs=1)
    assert first.y == pytest.approx(842 - 60, abs=1)


def test_no_word_is_missing_from_the_account(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(leaflet([line(s) for s in SENTENCES]))
    read = read_article(path, root=tmp_path)
    own = own_text(path.read_bytes(), ".pdf")
    assert not account(own, texts_of(read.article), []).lost


def test_lines_of_a_script_without_capitals_are_one_paragraph_until_their_full_stop() -> None:
    lines = ["घुटने को धीरे धीरे मोड़ें और फिर पाँच", "सेकंड तक रोकें।", "दिन में दो बार दोहराएँ।"]
    text = parse_pdf(leaflet([line(words) for words in lines]), "a", "A").text
    assert text.split("\n\n")[1:] == [f"{lines[0]} {lines[1]}", lines[2]]
