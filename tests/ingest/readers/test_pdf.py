"""PDF files become articles: reading order, headings, pages, and what is no article at all."""

from __future__ import annotations

from io import BytesIO

import pytest

from core.errors import ContentError
from core.text.pages import page_of
from core.types import Article
from ingest.readers.outline import ParsedText
from ingest.readers.pdf.document import parse_pdf
from tests.support.files.pdf_files import BODY, BOLD, LEFT, Draw, Sheet, by_hand, pdf, stream


def told(parsed: ParsedText) -> list[tuple[str, tuple[str, ...], str]]:
    return [(s.slug, s.path, parsed.text[s.body.start : s.body.end]) for s in parsed.sections]


def body(*texts: str) -> bytes:
    """A page with a heading and one paragraph of these lines."""

    def draw(sheet: Sheet) -> None:
        sheet.heading("A heading")
        sheet.lines(*texts)

    return pdf(draw)


def said(*texts: str) -> str:
    return "\n\n".join(words for _, _, words in told(parse_pdf(body(*texts), "a", "File")))


# -- three leaflets ------------------------------------------------------------------------------


def edges(sheet: Sheet, number: int) -> None:
    sheet.at(LEFT, 805, "Riverside Physio patient leaflet", 8)
    sheet.at(290, 30, f"Page {number} of 3", 8)


def knee_first(sheet: Sheet) -> None:
    edges(sheet, 1)
    sheet.lines("Looking after your knee", size=22, font=BOLD)
    sheet.lines(
        "Knee pain is common in runners. It often comes",
        "from doing too much too soon, and gets better",
        "with the right exer-",
        "cises.",
    )
    sheet.lines("A second paragraph stands here. It is about the", "knee as well.")
    sheet.heading("Who gets it?")
    sheet.lines("People who:")
    sheet.lines("\u2022 run or jump", gap=0)
    sheet.lines("\u2022 kneel at work, for a long time and", "  carry things")
    sheet.lines("This paragraph begins on the first page and goes")


def knee_second(sheet: Sheet) -> None:
    edges(sheet, 2)
    sheet.lines("on over the edge to the second one.")
    sheet.heading("What helps?")
    sheet.heading("In the first week", size=12.5)
    sheet.lines("Rest for a day or two.")
    sheet.lines("1. Bend the knee.", gap=0)
    sheet.lines("2. Stretch it.")
    sheet.heading("Later", size=12.5)
    sheet.lines(
        "Walk every day, a little further each time. Self-",
        "management works well for most people, and a well-",
        "known plan is in the box.",
    )


def knee_third(sheet: Sheet) -> None:
    edges(sheet, 3)
    sheet.lines("When to see someone", font=BOLD)
    sheet.lines("Come back when it locks.")
    for row in (
        ("Week", "Exercise", "How often"),
        ("1", "Bend the knee", "10 times"),
        ("2", "Stretch", "5 times"),
        ("", "and hold", ""),
        ("3", "Hop", "3 times"),
    ):
        for x, words in zip((72, 150, 350), row, strict=True):
            if words:
                sheet.at(x, sheet.y, words, font=BOLD if row[0] == "Week" else BODY)
        sheet.y -= 15
    sheet.y -= 10
    sheet.lines("The end of the leaflet.")


def test_a_leaflet_of_three_pages() -> None:
    raw = pdf(knee_first, knee_second, knee_third, title="knee.docx", author="A. Writer")
    parsed = parse_pdf(raw, "knee", "File")
    assert parsed.title == "Looking after your knee"
    assert parsed.provenance.author == "A. Writer"
    assert parsed.warnings == ()
    assert told(parsed) == [
        (
            "introduction",
            (),
            "Knee pain is common in runners. It often comes from doing too much too soon, and "
            "gets better with the right exercises.\n\n"
            "A second paragraph stands here. It is about the knee as well.",
        ),
        (
            "who-gets-it",
            ("Who gets it?",),
            "People who:\n\n"
            "- run or jump\n- kneel at work, for a long time and carry things\n\n"
            "This paragraph begins on the first page and goes on over the edge to the second one.",
        ),
        (
            "in-the-first-week",
            ("What helps?", "In the first week"),
            "Rest for a day or two.\n\n1. Bend the knee.\n2. Stretch it.",
        ),
        (
            "later",
            ("What helps?", "Later"),
            "Walk every day, a little further each time. Self-management works well for most "
            "people, and a well-known plan is in the box.",
        ),
        (
            "when-to-see-someone",
            ("What helps?", "Later", "When to see someone"),
            "Come back when it locks.\n\n"
            "- Week: 1; Exercise: Bend the knee; How often: 10 times\n"
            "- Week: 2; Exercise: Stretch and hold; How often: 5 times\n"
            "- Week: 3; Exercise: Hop; How often: 3 times\n\n"
            "The end of the leaflet.",
        ),
    ]
    assert parsed.pages == (
        0,
        parsed.text.index("on over the edge"),
        parsed.text.index("When to see someone"),
    )
    article = Article("knee", parsed.title, parsed.text, parsed.sections, "k.pdf", "0" * 64,
                      pages=parsed.pages)  # fmt: skip
    for words, number in (
        ("Looking", 1),
        ("begins on the first", 1),
        ("over the edge", 2),
        ("Stretch it", 2),
        ("well-known", 2),
        ("Hop", 3),
    ):
        assert page_of(article, parsed.text.index(words)) == number, words


def neck(sheet: Sheet) -> None:
    sheet.lines("Neck care at work", size=20, font=BOLD)
    sheet.lines("An introduction over the whole width of the page, which is quite long indeed.")
    left = [
        "The neck carries the head all",
        "day long. When you sit still",
        "for hours it gets stiff, and the",
        "muscles ache. Moving now and",
        "then helps most people.",
    ]
    right = [
        "Turn the head slowly from one",
        "side to the other. Do it ten",
        "times. Then let the chin sink",
        "to the chest and hold it there",
        "for a while.",
    ]
    y = sheet.y
    sheet.at(72, y, "Why it hurts", 13, BOLD)
    sheet.at(320, y, "What to do", 13, BOLD)
    for i, words in enumerate(left):
        sheet.at(72, y - 20 - 14 * i, words)
    for i, words in enumerate(right):  # the other column stands a little higher
        sheet.at(320, y - 17 - 14 * i, words)
    sheet.y = y - 130
    sheet.lines("Ask us if it does not get better.")


def test_columns_are_read_one_after_the_other() -> None:
    parsed = parse_pdf(pdf(neck), "neck", "File")
    assert parsed.title == "Neck care at work"
    assert told(parsed) == [
        (
            "introduction",
            (),
            "An introduction over the whole width of the page, which is quite long indeed.",
        ),
        (
            "why-it-hurts",
            ("Why it hurts",),
            "The neck carries the head all day long. When you sit still for hours it gets stiff, "
            "and the muscles ache. Moving now and then helps most people.",
        ),
        (
            "what-to-do",
            ("What to do",),
            "Turn the head slowly from one side to the other. Do it ten times. Then let the chin "
            "sink to the chest and hold it there for a while.\n\n"
            "Ask us if it does not get better.",
        ),
    ]


def hip(sheet: Sheet) -> None:
    sheet.lines("HIP PAIN")
    sheet.lines(
        "Hips hurt for many reasons. One of them is wear of",
        "the joint. Another is a sore tendon at the side.",
    )
    sheet.lines("CAUSES")
    sheet.lines("Too much sitting.")
    sheet.lines("What can I do?", font=BOLD, gap=0)
    sheet.lines("Walk more. Sit less. Lie on the other side.")


def test_headings_in_capitals_and_bold_of_the_size_of_the_text() -> None:
    parsed = parse_pdf(pdf(hip), "hip", "File")
    assert parsed.title == "HIP PAIN"
    assert told(parsed) == [
        (
            "introduction",
            (),
            "Hips hurt for many reasons. One of them is wear of the joint. Another is a sore "
            "tendon at the side.",
        ),
        ("causes", ("CAUSES",), "Too much sitting."),
        ("what-can-i-do", ("What can I do?",), "Walk more. Sit less. Lie on the other side."),
    ]


def test_a_document_that_another_program_has_set() -> None:
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import ListFlowable, ListItem, Paragraph, SimpleDocTemplate

    styles = getSampleStyleSheet()
    words = "Tendons become strong by being used, little by little, for some weeks. " * 4
    out = BytesIO()
    SimpleDocTemplate(out, invariant=1).build(
        [
            Paragraph("Tennis elbow", styles["Title"]),
            Paragraph(words, styles["BodyText"]),
            Paragraph("What helps?", styles["Heading2"]),
            ListFlowable(
                [ListItem(Paragraph(item, styles["BodyText"])) for item in ("Squeeze", "Lift")],
                bulletType="bullet",
            ),
            Paragraph(words, styles["BodyText"]),
        ]
    )
    parsed = parse_pdf(out.getvalue(), "a", "File")
    assert parsed.title == "Tennis elbow"
    assert told(parsed) == [
        ("introduction", (), words.strip()),
        ("what-helps", ("What helps?",), f"- Squeeze\n- Lift\n\n{words.strip()}"),
    ]


# -- words, lines and pages ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (("Do the exer-", "cise daily and well."), "Do the exercise daily and well."),
        (("It is well-", "known to all of us."), "It is well-known to all of us."),
        (("A follow-", "up visit is a follow-up."), "A follow-up visit is a follow-up."),
        (("Pain in the C5-", "C6 disc is not rare."), "Pain in the C5-C6 disc is not rare."),
        (("It is for pre-", "and post-natal care."), "It is for pre- and post-natal care."),
        (("Ten minutes a", "day are enough for it."), "Ten minutes a day are enough for it."),
        (("One sentence here.", "Another one follows it, longer and longer still."),
         "One sentence here.\n\nAnother one follows it, longer and longer still."),
    ],
)  # fmt: skip
def test_what_was_divided_at_the_end_of_a_line_is_made_whole(
    lines: tuple[str, ...], words: str
) -> None:
    assert said(*lines) == words


def test_small_numbers_above_and_below_the_line_stay_so() -> None:
    def draw(sheet: Sheet) -> None:
        x = 72.0
        for words, y, size in (
            ("About 10", 700, 11),
            ("6", 704, 7),
            (" cells and H", 700, 11),
            ("2", 697, 7),
            ("O are in it.", 700, 11),
        ):
            sheet.at(x, y, words, size)
            x += sheet.canvas.stringWidth(words, BODY, size)

    assert "About 10⁶ cells and H₂O are in it." in parse_pdf(pdf(draw), "a", "File").text


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_whose_text_is_turned_is_read(turn: int) -> None:
    def draw(sheet: Sheet) -> None:
        sheet.canvas.translate(300, 400)
        sheet.canvas.rotate(turn)
        sheet.canvas.scale(2, 2)
        sheet.at(-100, 50, "Sideways", 10, BOLD)
        sheet.at(-100, 30, "The whole page is turned, and", 6)
        sheet.at(-100, 22, "so is this paragraph of it.", 6)

    parsed = parse_pdf(pdf(draw), "a", "File")
    assert parsed.title == "Sideways"
    assert told(parsed)[0][2] == "The whole page is turned, and so is this paragraph of it."


def test_a_stamp_across_the_page_is_left_out() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.lines("The article itself goes straight on here.")
        sheet.canvas.rotate(45)
        sheet.at(300, 300, "DRAFT", 60)

    assert "DRAFT" not in parse_pdf(pdf(draw), "a", "File").text


def test_a_page_number_alone_is_left_out_and_a_number_in_the_text_stays() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.lines("Call this number at any time:", "0113 496 0000", "or write to us instead.")
        sheet.at(300, 30, "- 7 -")

    text = parse_pdf(pdf(draw), "a", "File").text
    assert "7" not in text
    assert "0113 496 0000" in text


def test_headings_that_repeat_at_the_top_of_pages_stay() -> None:
    def page(number: int, words: str) -> Draw:
        def draw(sheet: Sheet) -> None:
            sheet.at(72, 800, f"Exercise {number}", 16, BOLD)
            sheet.lines(f"Do it {words} and do it often enough.")

        return draw

    words = ("slowly", "standing", "lying down", "with care")
    parsed = parse_pdf(pdf(*(page(i, w) for i, w in enumerate(words, start=1))), "a", "File")
    assert [path for _, path, _ in told(parsed)] == [
        (),
        ("Exercise 2",),
        ("Exercise 3",),
        ("Exercise 4",),
    ]


def test_a_header_in_larger_letters_than_the_text_is_left_out_and_a_repeated_title_stays() -> None:
    def page(words: str) -> Draw:
        def draw(sheet: Sheet) -> None:
            sheet.at(72, 815, "Looking after backs", 18)
            sheet.at(72, 790, "The Clinic", 13, BOLD)
            sheet.at(280, 20, f"Page {words} of 2", 13)
            sheet.lines(f"This is page {words}, and it has a line of its own.")

        return draw

    parsed = parse_pdf(pdf(page("1"), page("2")), "a", "File")
    assert "Looking after backs" in parsed.text
    assert "The Clinic" not in parsed.text
    assert "of 2" not in parsed.text


def test_items_in_columns_stay_whole_though_marks_and_lines_are_not_level() -> None:
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import (
        BaseDocTemplate,
        Frame,
        ListFlowable,
        ListItem,
        PageTemplate,
        Paragraph,
    )  # fmt: skip

    style = getSampleStyleSheet()["BodyText"]
    text = "The shoulder is a ball in a socket that moves further than any other joint does."
    items = [ListItem(Paragraph(f"{word} the arm. {text}", style)) for word in ("Swing", "Lift")]
    story = [
        Paragraph(f"{text} {text}", style),
        ListFlowable(items, bulletType="bullet"),
        ListFlowable(items, bulletType="1"),  # in letters larger than the text
        *[Paragraph(f"{text} {text}", style)] * 6,
    ]
    stream = BytesIO()
    document = BaseDocTemplate(stream, pagesize=(595, 420), invariant=1)
    frames = [Frame(60, 60, 220, 300), Frame(310, 60, 220, 304)]
    document.addPageTemplates([PageTemplate(frames=frames)])
    document.build(story)
    parsed = parse_pdf(stream.getvalue(), "a", "File")
    assert told(parsed) == [
        (
            "introduction",
            (),
            f"{text} {text}\n\n- Swing the arm. {text}\n- Lift the arm. {text}\n\n"
            f"1 Swing the arm. {text}\n\n2 Lift the arm. {text}\n\n"
            + "\n\n".join([f"{text} {text}"] * 6),
        )
    ]


def test_a_page_that_is_a_picture_is_told_and_holds_no_place() -> None:
    def words(sheet: Sheet) -> None:
        sheet.lines("Enough words to be an article of its own.", "They stand on the first page.",
                    "And they go on for some lines more, so there.")  # fmt: skip

    def picture(sheet: Sheet) -> None:
        sheet.canvas.rect(10, 10, 500, 500, fill=1)

    parsed = parse_pdf(pdf(words, picture, words, title="Backs"), "a", "File")
    assert parsed.warnings == ("no text on page 2, a picture perhaps",)
    assert parsed.pages[1] == parsed.pages[2]
    article = Article("a", "", parsed.text, (), "", "", pages=parsed.pages)
    assert {page_of(article, i) for i in range(len(parsed.text))} == {1, 3}


# -- no articles ---------------------------------------------------------------------------------


def test_pictures_of_pages_are_refused_and_not_silently_empty() -> None:
    def picture(sheet: Sheet) -> None:
        sheet.canvas.rect(10, 10, 500, 500, fill=1)

    with pytest.raises(ContentError, match="pictures of text") as caught:
        parse_pdf(pdf(picture, picture), "a", "File")
    assert caught.value.found == "0 letters on 2 pages"


def test_a_pdf_that_needs_a_password_is_refused() -> None:
    with pytest.raises(ContentError) as caught:
        parse_pdf(pdf(neck, password="secret"), "a", "File")
    assert caught.value.found == "a PDF with a password"


def test_a_pdf_that_only_its_owner_may_change_is_read() -> None:
    assert parse_pdf(pdf(neck, owner="owner"), "a", "File").title == "Neck care at work"


def font_without_letters() -> bytes:
    """A page whose font draws codes and says of none which letter it is."""
    content = b"BT /F 12 Tf 72 700 Td <" + b"0011000300040005" * 20 + b"> Tj ET"
    return by_hand(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
            b" /Resources << /Font << /F 5 0 R >> >> >>",
            stream(content),
            b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H"
            b" /DescendantFonts [6 0 R] >>",
            b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /CIDSystemInfo"
            b" << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /DW 1000"
            b" /FontDescriptor 7 0 R >>",
            b"<< /Type /FontDescriptor /FontName /X /Flags 4 /FontBBox [0 0 1000 1000]"
            b" /ItalicAngle 0 /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >>",
        ]
    )


def test_letters_without_a_meaning_are_refused() -> None:
    with pytest.raises(ContentError, match="letters of this PDF cannot be read") as caught:
        parse_pdf(font_without_letters(), "a", "File")
    assert caught.value.found == "80 of 80 letters without a character"
