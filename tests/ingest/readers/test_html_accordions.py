"""Parts of a page that open: each part is a section of its own, whatever is inside the others."""

from __future__ import annotations

import pytest

from ingest.readers.html.page import parse_html


def paths(body: str) -> list[tuple[str, ...]]:
    return [s.path for s in parse_html(f"<title>T</title>{body}", "a", "File").sections]


PHASE = """<div class="accordion-item"><button class="accordion-header"><span>{}</span></button>
<div class="accordion-content"><div><h5>Exercises</h5><ul><li>{} a day</li></ul></div>
<div><h5>Take care</h5><p>{}</p></div></div></div>"""


@pytest.mark.parametrize("around", ["{}", "<section><h2>Your weeks</h2>{}</section>"])
def test_headings_in_one_part_say_nothing_about_the_next(around: str) -> None:
    body = PHASE.format("Weeks 1 to 2", "Ten", "Do not lift.") + PHASE.format(
        "Weeks 3 to 6", "Thirty", "Lift a cup."
    )
    outer = ("Your weeks",) if "h2" in around else ()
    assert paths(f"<h1>A new shoulder</h1>{around.format(body)}") == [
        (*outer, "Weeks 1 to 2", "Exercises"),
        (*outer, "Weeks 1 to 2", "Take care"),
        (*outer, "Weeks 3 to 6", "Exercises"),
        (*outer, "Weeks 3 to 6", "Take care"),
    ]


def test_a_heading_around_an_accordion_begins_anew() -> None:
    part = "<div><button class=faq>{}</button><div><h4>In short</h4><p>{}</p></div></div>"
    knee = part.format("May I kneel?", "Yes, on a cushion.")
    hip = part.format("May I sit low?", "No, not for six weeks.")
    body = f"<h2>Knee</h2>{knee}<h2>Hip</h2>{hip}"
    assert paths(f"<h1>After it</h1>{body}") == [
        ("Knee", "May I kneel?", "In short"),
        ("Hip", "May I sit low?", "In short"),
    ]


@pytest.mark.parametrize(
    "name",
    [
        "faq-question",
        "faq__question",
        "question",
        "accordion-title",
        "faq-header open",
        "dropdown-title",
    ],
)
def test_a_line_named_as_a_question_is_the_heading_of_its_answer(name: str) -> None:
    item = f"<div class=faq-item><div class='{name}'>{{}}</div><div class=answer>{{}}</div></div>"
    body = item.format("Does it hurt", "A little.") + item.format("Is it safe?", "It is for most.")
    assert paths(f"<h1>Cupping</h1>{body}") == [("Does it hurt",), ("Is it safe?",)]


def test_an_element_that_holds_more_than_a_line_is_no_question() -> None:
    body = "<div class=question><p>Is it safe?</p><p>It is for most people.</p></div>"
    assert paths(f"<h1>Cupping</h1><h2>Safety</h2>{body}") == [("Safety",)]
