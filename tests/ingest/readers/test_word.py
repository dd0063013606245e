"""Word documents become articles: what is read, what is left out, and how it is put."""

from __future__ import annotations

from io import BytesIO

import pytest

from ingest.readers.outline import LeftOut, ParsedText, Reason
from ingest.readers.properties import stated_title
from ingest.readers.word.document import parse_word
from tests.support.files.word_files import NAMESPACES, bold, docx, paragraph, run, table


def told(parsed: ParsedText) -> list[tuple[str, tuple[str, ...], str]]:
    return [(s.slug, s.path, parsed.text[s.body.start : s.body.end]) for s in parsed.sections]


def text(body: str) -> str:
    return "\n\n".join(words for _, _, words in told(parse_word(docx(body), "a", "File")))


# -- three documents -----------------------------------------------------------------------------


def test_a_leaflet_with_styles_lists_and_a_table() -> None:
    parsed = parse_word(
        docx(
            paragraph("Tennis elbow", style="Title")
            + paragraph("It hurts on the outside.")
            + paragraph("Causes", style="Heading1")
            + paragraph("Mostly work.")
            + paragraph("Gripping", items=(1, 0))
            + paragraph("Tools", items=(1, 1))
            + paragraph("Rackets", items=(1, 1))
            + paragraph("Lifting", items=(1, 0))
            + paragraph("Who gets it", style="Heading2")
            + paragraph("People of forty.")
            + paragraph("Exercises", style="Heading1")
            + paragraph("Squeeze.", items=(2, 0))
            + paragraph("Twist.", items=(2, 0))
            + table(("Week", "Sets"), ("1", "3"), ("2", "4"), head=True)
            + paragraph("Then rest."),
            title="Something else",
            author="Priya Nair",
        ),
        "elbow",
        "File",
    )
    assert parsed.title == "Tennis elbow"
    assert parsed.provenance.author == "Priya Nair"
    assert parsed.warnings == ()
    assert told(parsed) == [
        ("introduction", (), "It hurts on the outside."),
        (
            "causes",
            ("Causes",),
            "Mostly work.\n\n- Gripping\n  1. Tools\n  2. Rackets\n- Lifting",
        ),
        ("who-gets-it", ("Causes", "Who gets it"), "People of forty."),
        (
            "exercises",
            ("Exercises",),
            "1. Squeeze.\n2. Twist.\n\n- Week: 1; Sets: 3\n- Week: 2; Sets: 4\n\nThen rest.",
        ),
    ]


def test_questions_and_answers_in_bold_without_any_style() -> None:
    parsed = parse_word(
        docx(
            paragraph("Ask us anything.")
            + bold("Does it hurt?")
            + paragraph("A little.")
            + bold("Afterwards")
            + paragraph("Drink water.")
            + bold("Come back when it does not get better.")
            + paragraph("Soon."),
            title="Questions about needles",
            author="admin",
        ),
        "faq",
        "File",
    )
    assert parsed.title == "Questions about needles"
    assert parsed.provenance.author is None
    assert parsed.warnings == ("no headings found; bold lines used as headings: 1",)
    assert told(parsed) == [
        ("introduction", (), "Ask us anything."),
        ("does-it-hurt", ("Does it hurt?",), "A little."),
        (
            "afterwards",
            ("Afterwards",),
            "Drink water.\n\nCome back when it does not get better.\n\nSoon.",
        ),
    ]


def test_a_document_as_another_library_writes_it() -> None:
    import docx as python_docx

    document = python_docx.Document()
    document.core_properties.author = "Priya Nair"
    document.add_heading("Shin splints", 0)
    document.add_paragraph("Shins hurt after running.")
    document.add_heading("What helps", 1)
    document.add_paragraph("Rest", style="List Bullet")
    document.add_paragraph("for a week", style="List Bullet 2")
    document.add_paragraph("Shoes", style="List Bullet")
    document.add_paragraph("Walk", style="List Number")
    document.add_paragraph("Run", style="List Number")
    rows = document.add_table(2, 2)
    for place, words in enumerate(("Day", "Minutes", "Monday", "5")):
        rows.cell(place // 2, place % 2).text = words
    stream = BytesIO()
    document.save(stream)
    parsed = parse_word(stream.getvalue(), "a", "File")
    assert parsed.title == "Shin splints"
    assert parsed.provenance.author == "Priya Nair"
    assert told(parsed) == [
        ("introduction", (), "Shins hurt after running."),
        (
            "what-helps",
            ("What helps",),
            "- Rest\n  - for a week\n- Shoes\n1. Walk\n2. Run\n\n- Day: Minutes\n- Monday: 5",
        ),
    ]


# -- what is read --------------------------------------------------------------------------------

CHANGED = (
    run("Kept ")
    + '<w:ins w:id="1"><w:r><w:t xml:space="preserve">added </w:t></w:r></w:ins>'
    + '<w:del w:id="2"><w:r><w:delText>deleted </w:delText></w:r></w:del>'
    + '<w:moveFrom w:id="3"><w:r><w:t>moved </w:t></w:r></w:moveFrom>'
    + '<w:moveTo w:id="4"><w:r><w:t>here</w:t></w:r></w:moveTo>'
)
NOTED = (
    run("Text")
    + '<w:r><w:footnoteReference w:id="2"/></w:r><w:commentRangeStart w:id="0"/>'
    + run(" goes on.")
    + '<w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>'
)
FIELDS = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    '<w:r><w:instrText>HYPERLINK "http://x"</w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>a link</w:t></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    '<w:fldSimple w:instr="DATE"><w:r><w:t xml:space="preserve"> of May</w:t></w:r></w:fldSimple>'
    '<w:hyperlink r:id="x"><w:r><w:t xml:space="preserve"> here</w:t></w:r></w:hyperlink>'
)
BOX = f"<w:txbxContent>{paragraph('In a box.')}</w:txbxContent>"
BOXED = (
    f"<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>{BOX}</wps:txbx>"
    f"</w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{BOX}</v:textbox></w:pict>"
    "</mc:Fallback></mc:AlternateContent></w:r>"
)
CONTENTS = (
    '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj>'
    f"</w:sdtPr><w:sdtContent>{paragraph('Causes 2')}</w:sdtContent></w:sdt>"
)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (paragraph(CHANGED), "Kept added here"),
        (paragraph(NOTED), "Text goes on.\nNote: A FOOTNOTE"),
        (paragraph(FIELDS), "a link of May here"),
        (paragraph(run("See it.") + BOXED), "See it.\n\nIn a box."),
        (CONTENTS + paragraph("Contents", style="TOCHeading") + paragraph("t"), "t"),
        (paragraph("Causes 2", style="TOC1") + paragraph("t"), "t"),
        (paragraph(run("seen") + run(" hidden", "<w:vanish/>")), "seen"),
        (paragraph(run("seen") + run(" struck", "<w:strike/>")), "seen"),
        (paragraph(run("seen") + run(" too", '<w:vanish w:val="0"/>')), "seen too"),
        (paragraph("<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t></w:r>"), "a b\nc"),
        (paragraph("<w:r><w:t>self</w:t><w:noBreakHyphen/><w:t>care</w:t></w:r>"), "self-care"),
        (paragraph('<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>'), "\u2713"),
        (paragraph("<m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath>"), "x=1"),
        (f"<w:sdt><w:sdtContent>{paragraph('In a form.')}</w:sdtContent></w:sdt>", "In a form."),
        (
            '<w:p><w:pPr><w:rPr><w:del w:id="9"/></w:rPr></w:pPr><w:r><w:t>One</w:t></w:r></w:p>'
            + paragraph("paragraph."),
            "One paragraph.",
        ),
        (paragraph("a", style="ListBullet") + paragraph("b", style="ListBullet2"), "- a\n  - b"),
        (paragraph("a", items=(1, 1)) + paragraph("b", items=(1, 2)), "1. a\n  - b"),
        (paragraph("a", items=(2, 0)) + paragraph("t") + paragraph("b", items=(2, 0)),
         "1. a\n\nt\n\n2. b"),
        (paragraph("a", items=(0, 0)), "a"),
        (table(("Heel", "Low"), ("Sole", "")), "- Heel: Low\n- Sole"),
        (table(("only",), ("one",)), "only\n\none"),
        (table(("a", table(("b", "c")) + paragraph("d"))), "a\n\n- b: c\n\nd"),
        (table(("a", paragraph("b") + paragraph("C."), "d")), "- a: b, C.; d"),
    ],
)  # fmt: skip
def test_what_is_meant_to_be_read_is_read(body: str, said: str) -> None:
    assert text(body) == said


def test_rows_under_a_bold_row_and_merged_cells_are_told_whole() -> None:
    merged = paragraph("1")
    body = (
        "<w:tbl>"
        f"<w:tr><w:tc>{bold('Week')}</w:tc><w:tc>{bold('Do')}</w:tc></w:tr>"
        f'<w:tr><w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr>{merged}</w:tc>'
        f"<w:tc>{paragraph('Rest')}</w:tc></w:tr>"
        f"<w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr>{paragraph('')}</w:tc>"
        f"<w:tc>{paragraph('Walk')}</w:tc></w:tr>"
        "<w:tr><w:trPr><w:del w:id='1'/></w:trPr><w:tc/><w:tc/></w:tr>"
        "</w:tbl>"
    )
    assert text(body) == "- Week: 1; Do: Rest\n- Week: 1; Do: Walk"


def test_a_row_that_begins_a_column_later_keeps_its_columns() -> None:
    body = table(("Day", "Team", "Room"), ("Mon", "Knee", "1"), ("Hip", "2"), ("Tue",), head=True)
    late = body.replace("<w:tr><w:tc><w:p><w:pPr></w:pPr><w:r><w:rPr></w:rPr><w:t xml:space="
                        '"preserve">Hip', "<w:tr><w:trPr><w:gridBefore w:val='1'/></w:trPr><w:tc>"
                        '<w:p><w:r><w:t xml:space="preserve">Hip')  # fmt: skip
    assert "gridBefore" in late
    assert text(late) == "- Day: Mon; Team: Knee; Room: 1\n- Team: Hip; Room: 2\n- Day: Tue"


def test_a_head_with_an_empty_corner_names_the_other_columns() -> None:
    body = table(("", "Mon", "Tue"), ("Hip", "walk", "rest"))
    looked = body.replace("<w:tblPr/>", '<w:tblPr><w:tblLook w:firstRow="1"/></w:tblPr>')
    assert text(looked) == "- Hip; Mon: walk; Tue: rest"


# -- marks of lists ------------------------------------------------------------------------------


def listed(*marks: tuple[str, str], link: bool = False) -> str:
    """Return a document's text: one item for each mark and its font, each in a list of its own."""
    kinds = "".join(
        f'<w:abstractNum w:abstractNumId="{i}">'
        + (f'<w:styleLink w:val="S{i}"/>' if link else "")
        + f'<w:lvl w:ilvl="0"><w:numFmt w:val="{"decimal" if "%" in mark else "bullet"}"/>'
        f'<w:lvlText w:val="{mark}"/><w:rPr><w:rFonts w:ascii="{font}"/></w:rPr></w:lvl>'
        "</w:abstractNum>"
        for i, (mark, font) in enumerate(marks)
    )
    if link:
        kinds += "".join(
            f'<w:abstractNum w:abstractNumId="{100 + i}"><w:numStyleLink w:val="S{i}"/>'
            "</w:abstractNum>"
            for i in range(len(marks))
        )
    numbers = "".join(
        f'<w:num w:numId="{i + 1}"><w:abstractNumId w:val="{i + 100 * link}"/></w:num>'
        for i in range(len(marks))
    )
    numbering = f"<w:numbering {NAMESPACES}>{kinds}{numbers}</w:numbering>"
    body = "".join(paragraph("item", items=(i + 1, 0)) for i in range(len(marks)))
    parsed = parse_word(docx(body, parts={"word/numbering.xml": numbering}), "a", "File")
    return "\n".join(words for _, _, words in told(parsed))


@pytest.mark.parametrize("link", [False, True])
def test_marks_that_say_something_are_kept_in_front_of_the_item(link: bool) -> None:
    ticks = listed(
        ("\uf0fc", "Wingdings"), ("\uf0fb", "Wingdings"), ("P", "Wingdings 2"), link=link
    )
    assert ticks == "- \u2713 item\n- \u2717 item\n- \u2713 item"


def test_marks_that_say_nothing_are_dashes() -> None:
    assert listed(("\uf0b7", "Symbol"), ("\uf0a7", "Wingdings"), ("\u2192", "")) == "\n".join(
        ["- item"] * 3
    )
    assert listed(("o", "Courier New"), ("\uf0a7", "Courier")) == "- item\n- item"


def test_filled_and_hollow_marks_beside_each_other_are_kept() -> None:
    assert listed(("\u25cf", ""), ("\u25cb", "")) == "- \u25cf item\n- \u25cb item"


def test_words_in_the_mark_of_an_item_are_kept() -> None:
    assert listed(("Week %1:", ""), ("Never", "")) == "- Week 1: item\n- Never item"


def test_marks_that_are_pictures_are_told() -> None:
    numbering = (
        f'<w:numbering {NAMESPACES}><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0">'
        '<w:numFmt w:val="bullet"/><w:lvlText w:val="\uf0b7"/><w:lvlPicBulletId w:val="0"/>'
        '</w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        "</w:numbering>"
    )
    raw = docx(paragraph("Kneel", items=(1, 0)), parts={"word/numbering.xml": numbering})
    assert "items of lists whose mark is a picture" in parse_word(raw, "a", "File").warnings[0]


@pytest.mark.parametrize(
    ("letters", "font", "signs"),
    [
        ("\uf0fc Walk", "", "\u2713 Walk"),
        ("\u00fc", "Wingdings", "\u2713"),
        ("m", "Symbol", "\u00b5"),
    ],
)
def test_letters_in_symbol_fonts_are_what_they_draw(letters: str, font: str, signs: str) -> None:
    assert text(paragraph(run(letters, f'<w:rFonts w:ascii="{font}"/>'))) == signs


# -- notes and what is left out ------------------------------------------------------------------


def noted(body: str, note: str = "Not with a pacemaker.") -> ParsedText:
    parts = {
        f"word/{kind}s.xml": f'<w:{kind}s {NAMESPACES}><w:{kind} w:type="separator" w:id="0"/>'
        f'<w:{kind} w:id="2">{paragraph(note)}{paragraph("Ask us.")}</w:{kind}></w:{kind}s>'
        for kind in ("footnote", "endnote")
    }
    return parse_word(docx(body, parts=parts), "a", "File")


FOOTNOTE = '<w:r><w:footnoteReference w:id="2"/></w:r>'
OWN_MARK = '<w:r><w:footnoteReference w:id="2" w:customMarkFollows="1"/><w:t>1</w:t></w:r>'


INSIDE = '<w:r><w:t></w:t><w:footnoteReference w:id="2"/><w:t></w:t></w:r>'


@pytest.mark.parametrize("mark", [FOOTNOTE, OWN_MARK, INSIDE])
def test_a_note_is_read_below_the_paragraph_that_refers_to_it(mark: str) -> None:
    note = "Note: Not with a pacemaker. Ask us."

    def read(body: str) -> list[tuple[tuple[str, ...], str]]:
        return [(path, words) for _, path, words in told(noted(body))]

    assert read(paragraph(run("400 mg"), mark, run(" help."))) == [((), f"400 mg help.\n{note}")]
    assert read(
        paragraph(run("Ultrasound"), mark, items=(1, 0)) + paragraph("Heat", items=(1, 0))
    ) == [((), f"- Ultrasound\n  {note}\n- Heat")]
    assert read(table(("Heat", "yes"), (paragraph(run("Current"), mark), "no"))) == [
        ((), f"- Heat: yes\n- Current, {note}: no")
    ]
    heading = paragraph(run("Current"), mark, style="Heading1")
    assert read(paragraph("Before.") + heading + paragraph("It tingles.")) == [
        ((), "Before."),
        (("Current",), f"{note}\n\nIt tingles."),
    ]


def test_text_in_the_run_of_a_reference_stays() -> None:
    mixed = '<w:r><w:t>Heat</w:t><w:footnoteReference w:id="2"/><w:t> helps.</w:t></w:r>'
    assert text(paragraph(mixed)) == "Heat helps.\nNote: A FOOTNOTE"


def test_endnotes_are_read_like_footnotes_and_one_without_a_reference_is_left_out() -> None:
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="a" Type="x/endnotes" Target="endnotes.xml"/></Relationships>'
    )
    notes = "".join(
        f'<w:endnote w:id="{i}">{paragraph(words)}</w:endnote>'
        for i, words in ((1, "One."), (2, "2."))
    )
    parts = {
        "word/endnotes.xml": f"<w:endnotes {NAMESPACES}>{notes}</w:endnotes>",
        "word/_rels/document.xml.rels": relations,
    }
    body = paragraph(run("Text."), '<w:r><w:endnoteReference w:id="1"/></w:r>')
    parsed = parse_word(docx(body, parts=parts), "a", "File")
    assert told(parsed) == [("introduction", (), "Text.\nNote: One.")]
    assert parsed.left_out == (LeftOut(Reason.NOTE, "2."),)


@pytest.mark.parametrize(
    ("before", "raised", "said"),
    [("400 mg", "1,3", "400 mg"), ("each year", "2", "each year"), ("5 m", "2", "5 m\u00b2"),
     ("10", "6", "10\u2076"), ("1", "st", "1st"), ("up to 400", "1", "up to 400")],
)  # fmt: skip
def test_a_raised_number_is_a_power_or_that_of_a_note(before: str, raised: str, said: str) -> None:
    body = paragraph(run(before), run(raised, '<w:vertAlign w:val="superscript"/>'))
    assert text(body) == said


def test_what_is_left_out_is_told_in_reading_order() -> None:
    styles = (
        f'<w:styles {NAMESPACES}><w:style w:type="paragraph" w:styleId="Secret"><w:rPr><w:vanish/>'
        '</w:rPr></w:style><w:style w:type="character" w:styleId="Gone"><w:rPr><w:vanish/></w:rPr>'
        "</w:style></w:styles>"
    )
    body = (
        paragraph("Kept.")
        + paragraph(run("Stop "), run("your tablets", "<w:vanish/>"), run(" now", "<w:vanish/>"))
        + paragraph("A secret", style="Secret")
        + paragraph(run("Two. "), run("three", '<w:rStyle w:val="Gone"/>'))
        + paragraph(run("Rest "), "<w:del><w:r><w:delText>a week</w:delText></w:r></w:del>")
        + paragraph(run("struck", "<w:strike/>"))
        + CONTENTS
        + table(("a row",)).replace("<w:tr>", "<w:tr><w:trPr><w:del/></w:trPr>")
        + paragraph(NOTED)
    )  # fmt: skip
    parsed = parse_word(docx(body, parts={"word/styles.xml": styles}), "a", "File")
    assert "\n\n".join(words for _, _, words in told(parsed)) == (
        "Kept.\n\nStop\n\nTwo.\n\nRest\n\nText goes on.\nNote: A FOOTNOTE"
    )
    assert parsed.left_out == (
        LeftOut(Reason.HIDDEN, "your tablets now"),
        LeftOut(Reason.HIDDEN, "A secret"),
        LeftOut(Reason.HIDDEN, "three"),
        LeftOut(Reason.STRUCK, "a week"),
        LeftOut(Reason.STRUCK, "struck"),
        LeftOut(Reason.CONTENTS, "Causes 2"),
        LeftOut(Reason.STRUCK, "a row"),
        LeftOut(Reason.NOTE, "A COMMENT"),
    )


def test_headers_and_footers_are_told() -> None:
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="a" Type="x/footer" Target="footer1.xml"/>'
        '<Relationship Id="b" Type="x/header" Target="header1.xml"/></Relationships>'
    )
    parts = {
        "word/header1.xml": f"<w:hdr {NAMESPACES}>{paragraph('Our clinic')}</w:hdr>",
        "word/footer1.xml": f"<w:ftr {NAMESPACES}>{paragraph('Page 1')}</w:ftr>",
        "word/_rels/document.xml.rels": relations,
    }
    parsed = parse_word(docx(paragraph("t"), parts=parts), "a", "File")
    assert [left.text for left in parsed.left_out] == ["Our clinic", "Page 1"]
    assert {left.reason for left in parsed.left_out} == {Reason.MENU}


# -- bold lines under headings -------------------------------------------------------------------


def test_a_bold_line_under_a_heading_is_one_a_level_deeper() -> None:
    body = (
        paragraph("Before.")
        + paragraph("Treatment", style="Heading1")
        + paragraph("It helps.")
        + bold("Exercises")
        + paragraph("Hop.")
        + bold("Surgery")
        + paragraph("Rarely.")
        + bold("Call us at once")
        + bold("if it bleeds.")
        + paragraph("Afterwards", style="Heading1")
        + paragraph("Rest.")
    )
    parsed = parse_word(docx(body), "a", "File")
    assert parsed.warnings == ("no title found; the file name is used: File",)
    assert [(path, words) for _, path, words in told(parsed)] == [
        ((), "Before."),
        (("Treatment",), "It helps."),
        (("Treatment", "Exercises"), "Hop."),
        (("Treatment", "Surgery"), "Rarely.\n\nCall us at once\n\nif it bleeds."),
        (("Afterwards",), "Rest."),
    ]


def test_a_file_inside_the_document_is_told() -> None:
    parsed = parse_word(docx(paragraph("t") + '<w:altChunk r:id="x"/>'), "a", "File")
    assert "files inside the document that were not read: 1" in parsed.warnings


def test_headings_by_their_level_in_the_outline_and_in_other_languages() -> None:
    body = (
        paragraph("Top", style="Heading1")
        + paragraph("Tief", style="berschrift3")
        + paragraph("t.")
        + '<w:p><w:pPr><w:outlineLvl w:val="1"/></w:pPr><w:r><w:t>Second</w:t></w:r></w:p>'
        + paragraph("u.")
    )
    parsed = parse_word(docx(body), "a", "File")
    assert parsed.title == "Top"
    assert told(parsed) == [("tief", ("Tief",), "t."), ("second", ("Second",), "u.")]


@pytest.mark.parametrize(
    "name",
    ["heading 2", "Heading 2,h2,Section", "Leaflet Heading 2", "\u00dcberschrift 2", "Titre 2"],
)
def test_styles_that_are_named_after_headings_are_headings(name: str) -> None:
    styles = (
        f'<w:styles {NAMESPACES}><w:style w:type="paragraph" w:styleId="Own">'
        f'<w:name w:val="{name}"/></w:style></w:styles>'
    )
    body = paragraph("Before.") + paragraph("Causes", style="Own") + paragraph("t.")
    parsed = parse_word(docx(body, parts={"word/styles.xml": styles}), "a", "File")
    assert told(parsed)[1:] == [("causes", ("Causes",), "t.")]


def large(words: str, size: int) -> str:
    return paragraph(run(words, f'<w:sz w:val="{size}"/>'))


def test_lines_in_larger_letters_are_headings_where_no_style_is_used() -> None:
    body = (
        large("Frozen shoulder", 44)
        + large("A shoulder that has become stiff.", 24)
        + large("What helps", 32)
        + large("Moving it, a little and often, for as long as it takes.", 24)
        + large("A little larger", 26)
        + large("This is still of the same section.", 24)
    )
    parsed = parse_word(docx(body), "a", "File")
    assert parsed.title == "Frozen shoulder"
    assert parsed.warnings == ("no headings found; bold lines used as headings: 2",)
    assert [section for section, *_ in told(parsed)] == ["introduction", "what-helps"]


def test_a_document_that_is_large_throughout_has_no_headings_for_it() -> None:
    parsed = parse_word(docx(large("One line", 40) + large("Another line", 40)), "a", "File")
    assert told(parsed) == [("introduction", (), "One line\n\nAnother line")]


@pytest.mark.parametrize(
    ("stated", "title", "paths"),
    [("", "Knees", [(), ("What helps",)]), ("Leaflet", "Leaflet", [("Knees",), ("What helps",)])],
)
def test_a_first_bold_line_is_the_title_where_nothing_else_states_one(
    stated: str, title: str, paths: list[tuple[str, ...]]
) -> None:
    body = bold("Knees") + paragraph("t.") + bold("What helps") + paragraph("Rest.")
    parsed = parse_word(docx(body, title=stated), "a", "File")
    assert parsed.title == title
    assert [path for _, path, _ in told(parsed)] == paths


def test_a_first_row_that_a_table_sets_off_is_one_of_headings_from_three_columns_on() -> None:
    def looked(*rows: tuple[str, ...]) -> str:
        return table(*rows).replace("<w:tblPr/>", '<w:tblPr><w:tblLook w:firstRow="1"/></w:tblPr>')

    three = looked(("Week", "Do", "Sets"), ("1", "Hop", "2"))
    assert text(three) == "- Week: 1; Do: Hop; Sets: 2"
    assert text(looked(("Heel", "low", "3 cm"), ("Sole", "firm", "1 cm"))) == (
        "- Heel: low; 3 cm\n- Sole: firm; 1 cm"
    )
    assert text(looked(("Heel", "low"), ("Sole", "firm"))) == "- Heel: low\n- Sole: firm"


# -- titles --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "stated", "title"),
    [
        (paragraph("T", style="Title") + paragraph("t"), "S", "T"),
        (paragraph("H", style="Heading1") + paragraph("t"), "S", "H"),
        (paragraph("H", style="Heading1") + paragraph("I", style="Heading1"), "S", "S"),
        (paragraph("t") + paragraph("H", style="Heading1"), "S", "S"),
        (paragraph("t"), "knee v3.docx", "File"),
        (paragraph("t"), "", "File"),
    ],
)
def test_the_title_is_the_documents_own(body: str, stated: str, title: str) -> None:
    parsed = parse_word(docx(body + paragraph("More."), title=stated), "a", "File")
    assert parsed.title == title


@pytest.mark.parametrize(
    "stated",
    ["Microsoft Word - a", "untitled", "a.pdf", "12", " ", "PowerPoint Presentation", "Slide 1"],
)
def test_names_of_files_are_no_titles(stated: str) -> None:
    assert stated_title(stated) == ""


@pytest.mark.parametrize(("item", "is_heading"), [((1, 0), False), ((2, 0), True)])
def test_a_bold_line_that_word_has_numbered_is_a_heading(
    item: tuple[int, int], *, is_heading: bool
) -> None:
    questions = ("What is it?", "When should I not have it", "What it costs")
    body = paragraph(run("Dry needling")) + "".join(
        paragraph(run(question, "<w:b/>"), items=item) + paragraph(run("We tell you before."))
        for question in questions
    )
    headings = [path[-1] for _, path, _ in told(parse_word(docx(body), "a", "File")) if path]
    numbered = [f"{number}. {question}" for number, question in enumerate(questions, start=1)]
    assert headings == (numbered if is_heading else [])


def test_bold_items_of_one_list_stay_a_list() -> None:
    body = "".join(
        paragraph(run(words, "<w:b/>"), items=(2, 0)) for words in ("Sit up", "Wait", "Stand up")
    )
    assert text(body + paragraph(run("Then walk."))).startswith("1. Sit up\n2. Wait\n3. Stand up")


@pytest.mark.parametrize(
    "line",
    ["www.clinic.example/knee", "https://clinic.example", "help@clinic.example", "Name: ____"],
)
def test_an_address_or_a_line_to_write_on_is_no_heading(line: str) -> None:
    body = paragraph(run("Knee")) + paragraph(run(line, "<w:b/>")) + paragraph(run("Rest it."))
    assert all(line not in path for _, path, _ in told(parse_word(docx(body), "a", "File")))
