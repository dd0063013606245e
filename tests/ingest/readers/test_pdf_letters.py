"""Letters of PDF files: thick ones, ligatures, marks, and scripts from right to left."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ingest.readers.outline import ParsedText
from ingest.readers.pdf.direction import Place, in_order
from ingest.readers.pdf.document import parse_pdf
from ingest.readers.pdf.recognition import recognition_warning
from tests.support.files.pdf_files import Sheet, by_hand, pdf, stream

Text = tuple[str, float, float, str]  # font, x, y, words


def told(parsed: ParsedText) -> list[tuple[str, str]]:
    return [(" > ".join(s.path), parsed.text[s.body.start : s.body.end]) for s in parsed.sections]


# -- thick letters -------------------------------------------------------------------------------


def in_fonts(fonts: dict[str, tuple[str, int]], texts: Sequence[Text], size: int = 11) -> bytes:
    """A page of texts in fonts of these names and thicknesses of stem."""
    content = b"\n".join(
        b"BT /%s %d Tf %g %g Td (%s) Tj ET"
        % (font.encode(), size, x, y, words.encode("cp1252").replace(b"(", b"\\("))
        for font, x, y, words in texts
    )
    widths = b" ".join([b"500"] * 224)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"",
        stream(content),
    ]
    names = b""
    for name, (base, stem) in fonts.items():
        at = len(objects) + 1
        names += b"/%s %d 0 R " % (name.encode(), at)
        objects += [
            b"<< /Type /Font /Subtype /TrueType /BaseFont /%s /FirstChar 32 /LastChar 255 /Widths"
            b" [%s] /Encoding /WinAnsiEncoding /FontDescriptor %d 0 R >>"
            % (base.encode(), widths, at + 1),
            b"<< /Type /FontDescriptor /FontName /%s /Flags 32 /FontBBox [0 -200 1000 900]"
            b" /ItalicAngle 0 /Ascent 800 /Descent -200 /CapHeight 700 /StemV %d >>"
            % (base.encode(), stem),
        ]
    objects[2] = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << %s >> >> >>" % names
    )
    return by_hand(objects)


def leaflet(item: str) -> list[Text]:
    """A leaflet with a list in the font `item`, headings in B and the rest in R."""
    return [
        ("B", 72, 760, "Trigger finger"),
        ("R", 72, 746, "A finger catches when you bend it and may snap straight again."),
        ("R", 72, 732, "It is common in people who grip tools for many hours a day."),
        ("B", 72, 704, "How is it treated?"),
        ("R", 72, 690, "First of all we suggest:"),
        (item, 90, 666, "\u2022  Rest the finger from gripping"),
        (item, 90, 650, "\u2022  Wear a small splint at night"),
        (item, 90, 634, "\u2022  Avoid lifting heavy bags"),
        ("R", 72, 606, "Most people are better within three months of starting this."),
    ]


@pytest.mark.parametrize(
    ("plain", "bold", "item"),
    [
        (("Helvetica", 88), ("Helvetica-Bold", 148), "R"),
        (("Helvetica", 148), ("Helvetica-Bold", 148), "R"),
        (("Helvetica", 190), ("Helvetica-Bold", 190), "R"),
        (("Helvetica", 160), ("Helvetica", 230), "R"),  # headings are only thicker
        (("Helvetica", 88), ("Helvetica-Bold", 148), "T"),
        (("Helvetica", 148), ("Helvetica-Bold", 148), "T"),
    ],
)
def test_bold_is_what_stands_out_from_the_plain_letters(
    plain: tuple[str, int], bold: tuple[str, int], item: str
) -> None:
    fonts = {"R": plain, "B": bold, "T": ("Verdana", 170)}
    parsed = parse_pdf(in_fonts(fonts, leaflet(item)), "a", "File")
    assert parsed.title == "Trigger finger"
    assert told(parsed)[1:] == [
        (
            "How is it treated?",
            "First of all we suggest:\n\n- Rest the finger from gripping\n"
            "- Wear a small splint at night\n- Avoid lifting heavy bags\n\n"
            "Most people are better within three months of starting this.",
        )
    ]


def test_a_document_in_bold_letters_only_has_no_headings_in_bold() -> None:
    fonts = {"R": ("Arial-Bold", 148), "B": ("Arial-Bold", 148)}
    parsed = parse_pdf(in_fonts(fonts, leaflet("R")), "a", "File")
    assert "- Rest the finger from gripping" in told(parsed)[0][1]


# -- ligatures -----------------------------------------------------------------------------------


def test_the_letters_of_a_ligature_are_one_word() -> None:
    content = (
        b"BT /F 18 Tf 72 770 Td (A painful \256nger) Tj ET "
        b"BT /F 9 Tf 72 740 Td (The \256rst joint is hard to \257ex. It is of \256ve.) Tj ET"
    )
    raw = by_hand(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
            b" /Resources << /Font << /F 5 0 R >> >> >>",
            stream(content),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman /Encoding /StandardEncoding >>",
        ]
    )
    parsed = parse_pdf(raw, "a", "File")
    assert parsed.title == "A painful finger"
    assert told(parsed) == [("", "The first joint is hard to flex. It is of five.")]


# -- marks of lists ------------------------------------------------------------------------------


def marked(marks: str, font: str = "ZapfDingbats", colours: str = "") -> list[str]:
    """The items of a list with these marks; letters of ZapfDingbats by their codes."""

    def draw(sheet: Sheet) -> None:
        sheet.lines("For the first six weeks this list tells you what to do and what not.")
        for i, mark in enumerate(marks):
            if colours:
                sheet.canvas.setFillColor(colours.split()[i])
            sheet.at(80, sheet.y, mark, font=font)
            sheet.canvas.setFillColor("black")
            sheet.at(98, sheet.y, f"Walk a little every hour {i}")
            sheet.y -= 16

    text = told(parse_pdf(pdf(draw), "a", "File"))[0][1]
    return [line.removesuffix(f" Walk a little every hour {i}")
            for i, line in enumerate(text.split("\n")[-len(marks) :])]  # fmt: skip


def test_ticks_and_crosses_stay_and_neutral_marks_are_dashes() -> None:
    assert marked("\u2713\u2714\u2715\u2716\u2717\u2718") == [
        "- \u2713", "- \u2714", "- \u2715", "- \u2716", "- \u2717", "- \u2718"
    ]  # fmt: skip
    assert marked("\u25cf\u25cf") == ["-", "-"]
    assert marked("\u25cf\u274d\u25cf") == ["- \u25cf", "- \u274d", "- \u25cf"]
    assert marked("!\u2022\u00d7", font="Helvetica") == ["- !", "-", "- \u00d7"]


def test_marks_of_several_colours_keep_them_and_one_colour_says_nothing() -> None:
    red, green = "- \U0001f534", "- \U0001f7e2"
    assert marked("\u2022\u2022\u2022", "Helvetica", "green red green") == [green, red, green]
    assert marked("\u2022\u2022", "Helvetica", "red red") == ["-", "-"]
    assert marked("\u2022\u2022", "Helvetica", "blue black") == ["-", "-"]


@pytest.mark.parametrize(("name", "codes", "marks"), [
    ("ABCDEF+Wingdings", "\u00fb\u00fc\u00fd\u00fe", "\u2717\u2713\u2612\u2611"),
    ("Wingdings2", "PO", "\u2713\u2717"),
    ("Webdings", "ar", "\u2713\u2717"),
])  # fmt: skip
def test_marks_in_symbol_fonts_are_what_they_draw(name: str, codes: str, marks: str) -> None:
    texts = [("R", 72.0, 760.0, "What you may do and what you may not do after it:")]
    for i, code in enumerate(codes):
        texts += [("S", 80.0, 740.0 - 16 * i, code), ("R", 98.0, 740.0 - 16 * i, "Drive a car")]
    raw = in_fonts({"R": ("Helvetica", 88), "S": (name, 88)}, texts)
    text = told(parse_pdf(raw, "a", "File"))[0][1]
    assert text.split("\n")[2:] == [f"- {mark} Drive a car" for mark in marks]


# -- from right to left --------------------------------------------------------------------------


def drawn(text: str) -> list[Place]:
    """Letters side by side from left to right; "_" is a gap without a letter."""
    return [Place(10.0 * i, 10.0 * i + 10, c) for i, c in enumerate(text) if c != "_"]


@pytest.mark.parametrize(
    ("seen", "text"),
    [
        ("\u05d0\u05d5\u05db \u05e3\u05ea\u05db", "\u05db\u05ea\u05e3 \u05db\u05d5\u05d0"),
        ("\u05d1_\u05d0", "\u05d0 \u05d1"),
        ("14:30-08:15 \u05d1\u05d0", "\u05d0\u05d1 14:30-08:15"),
        ("\u05d2 MRI and CT \u05d1\u05d0", "\u05d0\u05d1 MRI and CT \u05d2"),
        ("50% \u05d1\u05d0", "\u05d0\u05d1 50%"),
        ("Dr \u05d1\u05d0 says so", "Dr \u05d0\u05d1 says so"),
        (".\u05d1\u05d0", "\u05d0\u05d1."),
    ],
)  # fmt: skip
def test_letters_are_read_in_the_order_of_their_script(seen: str, text: str) -> None:
    assert in_order(drawn(seen), 20) == text


def test_a_joined_lam_and_alef_and_marks_above_letters_are_in_order() -> None:
    lam, alef, kasra, beh = "\u0644", "\u0627", "\u0650", "\u0628"
    joined = [Place(0, 10, alef), Place(0, 10, lam), Place(12, 14, kasra), Place(10, 20, beh)]
    assert in_order(joined, 20) == beh + kasra + lam + alef


# -- text that was recognised badly --------------------------------------------------------------

PROSE = (
    "The knee is a hinge that bends and turns a little. Rest it for two days, and put ice on it "
    "for ten minutes at a time. Come back when it locks, or when you cannot stand on it. The C5-C6 "
    "disc, vitamin B12, 10mg of it, an MRI at 8am and the NHS are words as well, e.g. for Dr McKay."
)


def test_text_that_was_recognised_badly_is_told_and_other_text_is_not() -> None:
    def lines(words: str) -> bytes:
        parts = words.split()
        groups = [" ".join(parts[i : i + 8]) for i in range(0, len(parts), 8)]
        return pdf(lambda sheet: sheet.lines(*groups))

    assert parse_pdf(lines(f"{PROSE} {PROSE}"), "a", "File").warnings[1:] == ()
    letters = str.maketrans({"k": "|<", "o": "0", "b": "6", "l": "!", "d": "c1"})
    misread = PROSE.translate(letters)
    (found,) = parse_pdf(lines(misread), "a", "File").warnings[1:]
    assert "words look misread, such as" in found
    assert "run text recognition (OCR) again" in found


@pytest.mark.parametrize("characters", ["002D00AD2010", "002D2010", "002D"])
def test_a_hyphen_with_several_characters_is_one(characters: str) -> None:
    names = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /A def "
        "1 begincodespacerange <00> <FF> endcodespacerange "
        f"1 beginbfrange <20> <2C> <0020> endbfrange 1 beginbfchar <2D> <{characters}> endbfchar "
        "1 beginbfrange <2E> <7E> <002E> endbfrange endcmap end end"
    )
    words = b"You may pay 25-30 pounds for a check-up of your well-being here."
    raw = by_hand(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
            b" /Resources << /Font << /F1 5 0 R >> >> >>",
            stream(b"BT /F1 11 Tf 72 700 Td (" + words + b") Tj ET"),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>",
            stream(names.encode()),
        ]
    )
    assert parse_pdf(raw, "a", "File").text.endswith(words.decode())


WRONG = "informa2on chiroprac2c authoriza2on wri2ng no2ce condi2ons medica2ons irrita2on".split()


@pytest.mark.parametrize(("count", "is_told"), [(8, True), (3, False)])
def test_a_font_with_figures_for_joined_letters_is_told(count: int, *, is_told: bool) -> None:
    plain = "we tell you before what we do and why and you may say no at any time " * 10
    assert bool(recognition_warning(f"{plain}{' '.join(WRONG[:count])}")) is is_told
    assert not recognition_warning(f"{plain} vitamin B12 and B6, CO2, H2O, mp3 and 2nd of 400mg")
