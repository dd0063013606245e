"""Presentations become articles: a section for each slide."""

from __future__ import annotations

import pytest

from core.errors import ContentError
from ingest.readers.office.slides import parse_slides
from ingest.readers.outline import LeftOut, ParsedText, Reason
from tests.support.files.office_files import a_p, pptx, shape, slide, slide_table


def told(parsed: ParsedText) -> list[tuple[tuple[str, ...], str]]:
    return [(s.path, parsed.text[s.body.start : s.body.end]) for s in parsed.sections]


def read(*slides: str) -> ParsedText:
    return parse_slides(pptx(*slides), "a", "File")


def deeper(text: str) -> str:
    return a_p(text, '<a:pPr lvl="1"/>')


def test_a_talk_with_a_cover_lists_and_a_table() -> None:
    parsed = parse_slides(
        pptx(
            slide(shape("Tennis elbow", place="ctrTitle"), shape("For patients", place="subTitle")),
            slide(
                shape("Gripping", deeper("Tools"), "Lifting", place="body"),
                shape("Causes", place="title"),
                shape("7", place="sldNum"),
            ),
            slide(shape("Causes", place="title"), shape("Mostly work.")),
            slide(
                shape("Exercises", place="title"),
                slide_table(("Week", "Day", "Sets"), ("1", "2", "3"), ("4", "5", "6")),
            ),
            slide(shape("No title here.")),
            notes={2: "Ask who plays."},
            title="PowerPoint Presentation",
            author="Priya Nair",
        ),
        "elbow",
        "File",
    )
    assert parsed.title == "Tennis elbow"
    assert parsed.provenance.author == "Priya Nair"
    assert told(parsed) == [
        (("For patients", "Causes"), "- Gripping\n  - Tools\n- Lifting\n\nMostly work."),
        (("Exercises",), "- Week: 1; Day: 2; Sets: 3\n- Week: 4; Day: 5; Sets: 6"),
        (("Slide 5",), "No title here."),
    ]
    assert parsed.left_out == (LeftOut(Reason.MENU, "7"), LeftOut(Reason.NOTE, "Ask who plays."))
    assert parsed.warnings == ()


def test_numbers_of_items_go_on_and_start_again() -> None:
    numbered = '<a:pPr><a:buAutoNum type="arabicPeriod"/></a:pPr>'
    inner = '<a:pPr lvl="1"><a:buAutoNum type="arabicPeriod" startAt="3"/></a:pPr>'
    body = shape(
        a_p("Squeeze", numbered),
        a_p("Hard", inner),
        a_p("Twist", numbered),
        a_p("", numbered),
        a_p("Turn", inner),
        a_p("Rest.", "<a:pPr><a:buNone/></a:pPr>"),
        a_p("Again", numbered),
        place="body",
    )
    assert told(read(slide(shape("Do", place="title"), body))) == [
        ((), "1. Squeeze\n  3. Hard\n2. Twist\n  3. Turn\n\nRest.\n\n1. Again")
    ]


def test_hidden_slides_are_left_out_and_told() -> None:
    parsed = read(
        slide(shape("Rest", place="title"), shape("Two weeks.")),
        slide(shape("Old", place="title"), shape("Never run again."), hidden=True),
        slide(shape("Walk", place="title"), shape("Then walk.")),
    )
    assert [path for path, _ in told(parsed)] == [("Rest",), ("Walk",)]
    assert parsed.left_out == (LeftOut(Reason.HIDDEN, "Old Never run again."),)
    assert parsed.warnings[0] == "hidden slides that were not read: 1"


def test_struck_out_runs_are_left_out_and_raised_digits_stay_apart() -> None:
    runs = (
        "<a:r><a:t>400 mg</a:t></a:r><a:r><a:rPr baseline='30000'/><a:t>2</a:t></a:r>"
        "<a:r><a:rPr strike='sngStrike'/><a:t> never</a:t></a:r>"
    )
    parsed = read(slide(shape("T", place="title"), shape(a_p(runs))))
    assert told(parsed) == [((), "400 mg²")]
    assert parsed.left_out == (LeftOut(Reason.STRUCK, "never"),)


def test_groups_boxes_and_line_breaks_are_read() -> None:
    broken = "<a:r><a:t>One</a:t></a:r><a:br/><a:fld><a:t>two</a:t></a:fld>"
    group = f"<p:grpSp>{shape(a_p(broken))}<p:grpSp>{shape('Deep.')}</p:grpSp></p:grpSp>"
    choice = (
        f"<mc:AlternateContent><mc:Choice>{shape('New.')}</mc:Choice><mc:Fallback>"
        f"{shape('Old.')}</mc:Fallback></mc:AlternateContent>"
    )
    parsed = read(slide(shape("T", place="title"), group, choice), slide(shape("U", place="title")))
    assert told(parsed) == [(("T",), "One\ntwo\n\nDeep.\n\nOld.\n\nU")]


def test_a_merged_cell_is_repeated_in_its_rows() -> None:
    cell = "<a:tc{}><a:txBody>{}</a:txBody></a:tc>"
    table = slide_table(
        ("Day", "Team", "Room"),
        (cell.format(' rowSpan="2"', a_p("Monday")), "Hip", "A"),
        (cell.format(' vMerge="1"', a_p("")), "Knee", "B"),
    )
    assert told(read(slide(shape("T", place="title"), table)))[0][1] == (
        "- Day: Monday; Team: Hip; Room: A\n- Day: Monday; Team: Knee; Room: B"
    )


def test_diagrams_that_are_not_read_are_told() -> None:
    frame = "<p:graphicFrame><a:graphic><a:graphicData/></a:graphic></p:graphicFrame>"
    parsed = read(slide(shape("T", place="title"), shape("Text."), frame))
    assert parsed.warnings == ("charts and diagrams that were not read: 1",)


def test_a_slide_that_is_missing_is_an_error() -> None:
    raw = pptx(slide(shape("T")))
    with pytest.raises(ContentError) as caught:
        parse_slides(raw.replace(b"ppt/slides/slide1.xml", b"ppt/slides/slideX.xml"), "a", "File")
    assert caught.value.found == "one that is missing"


@pytest.mark.parametrize(
    ("sign", "font", "shown"),
    [
        ("\u2717", "Arial", "- \u2717"),
        ("\u00fb", "Wingdings", "- \u2717"),
        ("\u00fc", "Wingdings", "- \u2713"),
        ("\u2022", "Arial", "-"),
        ("\u00a7", "Wingdings", "-"),
    ],
)
def test_a_mark_that_says_something_is_kept(sign: str, font: str, shown: str) -> None:
    marked = f'<a:pPr><a:buFont typeface="{font}"/><a:buChar char="{sign}"/></a:pPr>'
    body = shape(a_p("Drive a car.", marked), a_p("Kneel.", marked))
    assert [words for _, words in told(read(slide(shape("After", place="title"), body)))] == [
        f"{shown} Drive a car.\n{shown} Kneel."
    ]
