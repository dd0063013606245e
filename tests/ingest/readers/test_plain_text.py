import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.types import Section
from ingest.readers.outline import LeftOut, Reason
from ingest.readers.plain_text import parse_plain_text


def sections(text: str) -> list[tuple[str, tuple[str, ...], str]]:
    parsed = parse_plain_text(text, "a", "File name")
    return [(s.slug, s.path, text[s.body.start : s.body.end]) for s in parsed.sections]


def test_the_first_line_is_the_title_and_text_before_a_heading_the_introduction() -> None:
    text = "Neck Pain\n\nIt is common.\n\nWhat Helps\n\nRest does."
    assert parse_plain_text(text, "a", "x").title == "Neck Pain"
    assert sections(text) == [
        ("introduction", (), "It is common."),
        ("what-helps", ("What Helps",), "Rest does."),
    ]


def test_a_heading_before_a_heading_is_the_parent_of_all_that_follow() -> None:
    text = "T\n\nBenefits:\n\nLess Pain\n\nOne.\n\nMore Sleep\n\nTwo."
    assert [path for _, path, _ in sections(text)] == [
        ("Benefits:", "Less Pain"),
        ("Benefits:", "More Sleep"),
    ]


def test_a_closing_paragraph_belongs_to_no_heading() -> None:
    text = "T\n\nLess Pain\n\nOne.\n\nTo conclude, it helps."
    assert sections(text)[-1] == ("conclusion", (), "To conclude, it helps.")


def test_closing_words_in_the_middle_open_no_section() -> None:
    text = "T\n\nLess Pain\n\nTo conclude the course, rest.\n\nThen walk."
    assert [slug for slug, _, _ in sections(text)] == ["less-pain"]


def test_a_repeated_heading_is_numbered() -> None:
    text = "T\n\nPain\n\nOne.\n\nPain\n\nTwo.\n\nPain\n\nThree."
    assert [slug for slug, _, _ in sections(text)] == ["pain", "pain-2", "pain-3"]


def test_a_question_is_a_heading_and_a_line_that_leads_into_a_list_is_not() -> None:
    text = "T\n\nDoes it hurt?\n\nA little.\n\nYou need:\n\n- a towel\n- water"
    assert sections(text) == [
        ("does-it-hurt", ("Does it hurt?",), "A little.\n\nYou need:\n\n- a towel\n- water")
    ]


def test_a_short_sentence_with_its_stop_is_text() -> None:
    assert sections("T\n\nIt hurts.\n\nIt passes.") == [
        ("introduction", (), "It hurts.\n\nIt passes.")
    ]


def test_a_last_line_without_a_stop_is_text_because_nothing_stands_under_it() -> None:
    assert sections("T\n\nOne two.\n\nCall Us Today")[-1][2] == "One two.\n\nCall Us Today"


def test_without_a_title_the_file_name_serves_and_the_editor_is_told() -> None:
    parsed = parse_plain_text("It hurts when I move.\n\nIt passes.", "a", "Neck pain")
    assert parsed.title == "Neck pain"
    assert parsed.warnings == ("no title found; the file name is used: Neck pain",)


@given(st.text(alphabet=st.sampled_from("Aa1 .:?-\n"), max_size=200))
def test_sections_are_in_order_apart_and_have_ids_of_their_own(text: str) -> None:
    found: tuple[Section, ...] = parse_plain_text(text, "a", "file").sections
    assert len({s.id for s in found}) == len(found)
    edges = [edge for s in found for edge in (s.body.start, s.body.end)]
    assert edges == sorted(edges)
    assert all(text[s.body.start : s.body.end].strip() for s in found)


@pytest.mark.parametrize(
    ("text", "title", "expected"),
    [
        (
            "Stiff hip\n=========\n\nIt is common.\n\nEXERCISES\n---------\nSwing it.\n\n"
            "3. When to call\n---------------\n\nCall us.",
            "Stiff hip",
            [
                ("introduction", (), "It is common."),
                ("exercises", ("EXERCISES",), "Swing it."),
                ("3-when-to-call", ("3. When to call",), "Call us."),
            ],
        ),
        (
            "*******\nT E N N I S   E L B O W\n*******\nIt hurts.\nDO NOT LIFT\nRest it.",
            "TENNIS ELBOW",
            [
                ("introduction", (), "It hurts."),
                ("do-not-lift", ("DO NOT LIFT",), "Rest it."),
            ],
        ),
        (
            "Title\n\nNHS\nThe service pays.\n\nIT IS LOUD.\nBut short.\n\nALL OF\nTHIS IS LOUD",
            "Title",
            [
                (
                    "introduction",
                    (),
                    "NHS\nThe service pays.\n\nIT IS LOUD.\nBut short.\n\nALL OF\nTHIS IS LOUD",
                )
            ],
        ),
    ],
)
def test_underlines_capitals_and_wide_letters_mark_headings(
    text: str, title: str, expected: list[tuple[str, tuple[str, ...], str]]
) -> None:
    parsed = parse_plain_text(text, "a", "File")
    found = [(s.slug, s.path, parsed.text[s.body.start : s.body.end]) for s in parsed.sections]
    assert (parsed.title, found) == (title, expected)


def test_lines_of_signs_are_left_out_and_kept_beside_the_article() -> None:
    parsed = parse_plain_text("Title\n=====\n\nOne.\n\n* * *\n\nTwo.", "a", "File")
    assert "=" not in parsed.text
    assert parsed.left_out == (LeftOut(Reason.LABEL, "====="), LeftOut(Reason.LABEL, "* * *"))
