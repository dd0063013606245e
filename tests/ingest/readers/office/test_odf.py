"""OpenDocument texts become articles: what is read, what is left out, and how it is put."""

from __future__ import annotations

import pytest

from core.errors import ContentError
from ingest.readers.office.odf import parse_odf
from ingest.readers.outline import LeftOut, ParsedText, Reason
from tests.support.files.office_files import h, items, odf_style, odt, p, rows


def told(parsed: ParsedText) -> list[tuple[tuple[str, ...], str]]:
    return [(s.path, parsed.text[s.body.start : s.body.end]) for s in parsed.sections]


def read(body: str, styles: str = "") -> ParsedText:
    return parse_odf(odt(body, styles=styles), "a", "File")


def text(body: str, styles: str = "") -> str:
    return "\n\n".join(words for _, words in told(read(body, styles)))


def test_a_leaflet_with_styles_lists_and_a_table() -> None:
    inner = items("Tools", "Rackets", style="N")
    parsed = parse_odf(
        odt(
            p("Tennis elbow", "P1")
            + p("It hurts on the outside.")
            + h("Causes")
            + p("Mostly work.")
            + items("Gripping", "<text:p>Turning</text:p>" + inner, "Lifting")
            + h("Who gets it", 2)
            + p("People of forty.")
            + h("Exercises")
            + items("Squeeze.", "Twist.", style="N")
            + rows(("Week", "Sets"), ("1", "3"), ("2", "4"), head=1)
            + p("Then rest."),
            styles=odf_style("P1", "paragraph", "Title"),
            title="Something else",
            author="Priya Nair",
        ),
        "elbow",
        "File",
    )
    assert parsed.title == "Tennis elbow"
    assert parsed.provenance.author == "Priya Nair"
    assert parsed.warnings == ()
    assert parsed.left_out == ()
    assert told(parsed) == [
        ((), "It hurts on the outside."),
        (("Causes",), "Mostly work.\n\n- Gripping\n- Turning\n  - Tools\n  - Rackets\n- Lifting"),
        (("Causes", "Who gets it"), "People of forty."),
        (
            ("Exercises",),
            "1. Squeeze.\n2. Twist.\n\n- Week: 1; Sets: 3\n- Week: 2; Sets: 4\n\nThen rest.",
        ),
    ]


SPAN = '<text:span text:style-name="T1">'
BOX = f"<draw:frame><draw:text-box>{p('In a box.')}</draw:text-box></draw:frame>"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (p('<text:span>To</text:span>day<text:s text:c="3"/>we<text:tab/>run.'), "Today we run."),
        (p("<text:a>One</text:a><text:line-break/>two"), "One\ntwo"),
        (p("<text:span>a</text:span>\n   wrapped line"), "a wrapped line"),
        (p(f"<text:span>See it.</text:span>{BOX} Now."), "See it. Now.\n\nIn a box."),
        (f"<text:section>{p('In a section.')}</text:section>", "In a section."),
        (BOX, "In a box."),
        (p("<text:ruby><text:ruby-base>漢</text:ruby-base><text:ruby-text>kan</text:ruby-text>"
           "</text:ruby>"), "漢"),
    ],
)  # fmt: skip
def test_what_is_read(body: str, said: str) -> None:
    assert text(body) == said


@pytest.mark.parametrize(
    ("body", "styles", "reason", "left"),
    [
        (p(f"<text:span>Seen</text:span>{SPAN} never</text:span>"),
         odf_style("T1", text__display="none"), Reason.HIDDEN, "never"),
        (p(f"<text:span>Seen</text:span>{SPAN} 40 mg</text:span>"),
         odf_style("T1", style__text_line_through_style="solid"), Reason.STRUCK, "40 mg"),
        (p("<text:span>Seen</text:span><text:note><text:note-citation>1</text:note-citation>"
           f"<text:note-body>{p('Not with a pacemaker.')}</text:note-body></text:note>"),
         "", Reason.NOTE, "1 Not with a pacemaker."),
        (p("<text:span>Seen</text:span><office:annotation><dc:creator>Ann</dc:creator>"
           f"{p('Check this.')}</office:annotation>"), "", Reason.NOTE, "Check this."),
        ("<text:tracked-changes><text:changed-region><text:deletion><office:change-info>"
         "<dc:creator>Ann</dc:creator></office:change-info><text:p>Old words.</text:p>"
         f"</text:deletion></text:changed-region></text:tracked-changes>{p('Seen')}",
         "", Reason.STRUCK, "Old words."),
        (f"<text:table-of-content><text:index-body>{p('Causes 2')}</text:index-body>"
         f"</text:table-of-content>{p('Seen')}", "", Reason.CONTENTS, "Causes 2"),
        (f'<text:section text:display="none">{p("Draft.")}</text:section>{p("Seen")}',
         "", Reason.HIDDEN, "Draft."),
        (p('<text:hidden-paragraph text:is-hidden="true"/>Hidden line.') + p("Seen"),
         "", Reason.HIDDEN, "Hidden line."),
    ],
    ids=["hidden", "struck", "note", "comment", "deleted", "contents", "section", "paragraph"],
)  # fmt: skip
def test_what_is_left_out_is_told(body: str, styles: str, reason: Reason, left: str) -> None:
    parsed = read(body, styles)
    assert [words for _, words in told(parsed)] == ["Seen"]
    assert parsed.left_out == (LeftOut(reason, left),)


def test_raised_digits_stay_apart() -> None:
    style = odf_style("T1", style__text_position="super 58%")
    assert text(p(f"<text:span>400 mg</text:span>{SPAN}1</text:span>"), style) == "400 mg¹"


def test_bold_lines_are_headings_where_none_is_marked() -> None:
    bold = odf_style("B", "paragraph", fo__font_weight="bold")
    parsed = read(p("Your knee", "B") + p("It bends.") + p("Pain", "B") + p("Rest it."), bold)
    assert parsed.title == "Your knee"
    assert told(parsed) == [((), "It bends."), (("Pain",), "Rest it.")]
    assert parsed.warnings == ("no headings found; bold lines used as headings: 2",)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (rows(("Heel", "low"), ("Toe", "high")), "- Heel: low\n- Toe: high"),
        (
            rows(
                ("Day", "Team", "Room"),
                (
                    '<table:table-cell table:number-rows-spanned="2">'
                    f"{p('Monday')}</table:table-cell>",
                    "Hip",
                    "2",
                ),
                ("<table:covered-table-cell/>", "Knee", "3"),
                head=1,
            ),
            "- Day: Monday; Team: Hip; Room: 2\n- Day: Monday; Team: Knee; Room: 3",
        ),
        (
            rows(
                ("Day", "Team", "Room"),
                (
                    '<table:table-cell table:number-columns-repeated="2"/>',
                    "7",
                ),
                head=1,
            ),
            "- Day; Team; Room\n- Room: 7",
        ),
    ],
)
def test_a_table_keeps_its_rows(table: str, said: str) -> None:
    assert text(table) == said


def test_a_table_for_layout_is_read_cell_by_cell() -> None:
    layout = (
        "<table:table><table:table-row><table:table-cell>"
        f"{h('Left')}{p('One.')}</table:table-cell><table:table-cell>{p('Two.')}"
        "</table:table-cell></table:table-row></table:table>"
    )
    assert told(read(layout + h("Next") + p("Three."))) == [
        (("Left",), "One.\n\nTwo."),
        (("Next",), "Three."),
    ]


def test_a_document_with_a_password_says_so() -> None:
    locked = odt(
        parts={
            "META-INF/manifest.xml": '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:'
            'manifest:1.0"><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>',
            "content.xml": b"\x8a\x01",
        }
    )
    with pytest.raises(ContentError) as caught:
        parse_odf(locked, "a", "File")
    assert caught.value.found == "one with a password"


def test_objects_that_are_not_read_are_told() -> None:
    body = p("<text:span>See</text:span><draw:frame><draw:object/></draw:frame>")
    assert read(body).warnings[0] == "objects inside the document that were not read: 1"


# -- lists ---------------------------------------------------------------------------------------


def numbered(*texts: str, style: str = "N", said: str = "") -> str:
    entries = "".join(f"<text:list-item>{p(text)}</text:list-item>" for text in texts)
    return f'<text:list text:style-name="{style}" {said}>{entries}</text:list>'


@pytest.mark.parametrize(
    ("first", "second", "third", "numbers"),
    [
        ("", 'text:continue-numbering="true"', 'text:continue-numbering="true"', "1 2 3 4 5 6"),
        ("", "", "", "1 2 1 2 1 2"),
        ('xml:id="a"', "", 'text:continue-list="a"', "1 2 1 2 3 4"),
        ('xml:id="a"', 'text:continue-list="a"', 'text:continue-list="unknown"', "1 2 3 4 1 2"),
    ],
)
def test_steps_with_pictures_or_remarks_between_keep_counting(
    first: str, second: str, third: str, numbers: str
) -> None:
    lists = [numbered("Sit up.", "Wait.", said=said) for said in (first, second, third)]
    lines = text(p("Not too fast.").join(lists)).split("\n")
    assert " ".join(line.partition(".")[0] for line in lines if line[:1].isdigit()) == numbers


def test_a_list_begins_where_its_style_says() -> None:
    style = (
        '<text:list-style style:name="L4"><text:list-level-style-number text:level="1" '
        'style:num-format="1" text:start-value="4"/></text:list-style>'
    )
    assert text(numbered("Sit up.", "Wait.", style="L4"), style) == "4. Sit up.\n5. Wait."


def test_a_heading_in_a_list_counts_for_nothing() -> None:
    header = f"<text:list-header>{p('In the morning')}</text:list-header>"
    said = numbered("Sit up.").replace("<text:list-item>", header + "<text:list-item>", 1)
    assert "1. Sit up." in text(said)


@pytest.mark.parametrize(
    ("sign", "font", "shown"),
    [
        ("\u2717", "", "- \u2717"),
        ("\u2713", "OpenSymbol", "- \u2713"),
        ("\uf0fb", "Wingdings", "- \u2717"),
        ("\u2022", "", "-"),
        ("", "", "-"),
    ],
)
def test_a_mark_that_says_something_is_kept(sign: str, font: str, shown: str) -> None:
    style = (
        '<text:list-style style:name="X"><text:list-level-style-bullet text:level="1" '
        f'text:bullet-char="{sign}"><style:text-properties fo:font-family="{font}"/>'
        "</text:list-level-style-bullet></text:list-style>"
    )
    assert text(numbered("Drive a car.", style="X"), style) == f"{shown} Drive a car."
