"""Word documents become articles: what is read, what is left out, and how it is put."""

from __future__ import annotations

from io import BytesIO

import pytest

from ingest.readers.outline import ParsedText
from ingest.readers.word.document import parse_word, stated_title
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


@pytest.mark.parametrize("stated", ["Microsoft Word - a", "untitled", "a.pdf", "12", " "])
def test_names_of_files_are_no_titles(stated: str) -> None:
    assert stated_title(stated) == ""
