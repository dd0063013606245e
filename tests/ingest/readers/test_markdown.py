from datetime import date

import pytest

from core.errors import ContentError
from ingest.readers.markdown.document import parse_markdown

TEXT = """---
title: Knee Pain
author: A. Author
reviewed: 2026-01-02
sources: [One 2020, Two 2021]
---
Intro with *marks* and a [link](http://x).

# Knee Pain

## What helps?

Rest <b>well</b>.

1. Walk
2. Swim
   - slowly

| Day | Steps |
|-----|-------|
| Mon | 900 |

## Empty parent

### Child

> Quoted.
"""


def test_structure_is_kept_and_marks_are_left_out() -> None:
    parsed = parse_markdown(TEXT, "knee", "x")
    assert parsed.title == "Knee Pain"
    found = {s.id: (s.path, parsed.text[s.body.start : s.body.end]) for s in parsed.sections}
    assert found == {
        "knee#introduction": ((), "Intro with marks and a link."),
        "knee#what-helps": (
            ("What helps?",),
            "Rest well.\n\n1. Walk\n2. Swim\n  - slowly\n\n- Day: Mon; Steps: 900",
        ),
        "knee#child": (("Empty parent", "Child"), "Quoted."),
    }


def test_the_front_matter_says_who_stands_behind_the_article() -> None:
    provenance = parse_markdown(TEXT, "knee", "x").provenance
    assert provenance.author == "A. Author"
    assert provenance.reviewer is None
    assert provenance.reviewed == date(2026, 1, 2)
    assert provenance.sources == ("One 2020", "Two 2021")


def test_without_front_matter_the_first_heading_is_the_title() -> None:
    assert parse_markdown("# Hips\n\nText.", "a", "file").title == "Hips"


def test_without_any_title_the_file_name_serves_and_the_editor_is_told() -> None:
    parsed = parse_markdown("Text.\n\n## Part\n\nMore.", "a", "File name")
    assert parsed.title == "File name"
    assert parsed.warnings


@pytest.mark.parametrize(
    ("head", "where"),
    [
        ("reviewed: soon", "a, reviewed"),
        ("reviewed: '2026-01-02'", "a, reviewed"),
        ("reviewed: 2026-02-30", "a"),
        ("reviewed: 2026-01-02\nnext_review: 2025-01-02", "a, next_review"),
        ("sources: [[1]]", "a, sources"),
        ("title: [1]", "a, title"),
        ("- x", "a"),
        ("a: [b", "a, line 3"),
    ],
)
def test_settings_that_cannot_be_used_are_named(head: str, where: str) -> None:
    with pytest.raises(ContentError) as caught:
        parse_markdown(f"---\n{head}\n---\nText.", "a", "x")
    assert caught.value.where == where


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("a<br>b <b>c</b><!-- d -->", "a\nb c"),
        (
            "<details>\n<summary>Why?</summary>\nBecause &amp; so.\n</details>",
            "Why?\n\nBecause & so.",
        ),
        ("<div>\n\nstill *read*\n\n</div>", "still read"),
        ("<script>\nalert(1)\n</script>\n\nt", "t"),
        ("<style>\np {}\n", ""),
        ("|a|b|\n|-|-|\n|1||\n|2|3|", "- a: 1\n- a: 2; b: 3"),
        ("|a|b|\n|-|-|", "- a: b"),
        (
            "<h3>Step 1</h3>\n\n<ol>\n<li>Push</li>\n\n<li>Pull</li>\n</ol>",
            "Step 1\n\n1. Push\n2. Pull",
        ),
        (
            "<table>\n<tr><th>Day</th><th>Km</th></tr>\n\n<tr><td>1</td><td>2</td></tr></table>",
            "- Day: 1; Km: 2",
        ),
        ("**May I swim?**\n\nYes.", "May I swim?\n\nYes."),
    ],
)
def test_text_between_tags_is_kept_and_tags_are_not(body: str, said: str) -> None:
    assert parse_markdown(f"# T\n\n{body}", "a", "x").text == f"T\n\n{said}".strip()


@pytest.mark.parametrize(
    ("body", "line"),
    [
        (">" * 200 + "text", 3),
        ("- " * 200 + "text", 3),
        ("".join("  " * i + "- a\n" for i in range(200)), 51),
        ("*a " * 2000 + "a*" * 2000, 3),
    ],
)
def test_what_stands_too_deep_is_an_error_and_never_left_out(body: str, line: int) -> None:
    with pytest.raises(ContentError) as caught:
        parse_markdown(f"# T\n\n{body}", "a", "x")
    assert caught.value.where == f"line {line} of the text"


def test_lists_deeper_than_the_library_would_read_are_read() -> None:
    body = "".join("  " * i + f"- a{i}\n" for i in range(20))
    assert "a19" in parse_markdown(f"# T\n\n{body}", "a", "x").text


@pytest.mark.parametrize(
    "head",
    [
        "a: &a [1, 1]\nb: &b [*a, *a]\ntitle: [*b, *b]",
        "title: " + "[" * 20_000,
        "x: " + "y" * 100_000,
        "title: 0001-01-01T00:00:00+23:59",
    ],
)
def test_settings_that_would_grow_or_never_end_are_refused(head: str) -> None:
    with pytest.raises(ContentError, match="settings at the top") as caught:
        parse_markdown(f"---\n{head}\n---\nText.", "a", "x")
    assert len(str(caught.value)) < 1000


def test_a_heading_needs_no_space_after_its_marks() -> None:
    parsed = parse_markdown("# T\n\n##Rest well\n\nA day.\n\n###*Ice*\n\nA bit.", "a", "x")
    assert [s.path for s in parsed.sections] == [("Rest well",), ("Rest well", "Ice")]


@pytest.mark.parametrize("line", ["#backpain #physio", "#1 of three", "C## is no note"])
def test_a_sign_of_a_number_is_no_heading(line: str) -> None:
    assert parse_markdown(f"# T\n\n## H\n\n{line}", "a", "x").text == f"T\n\nH\n\n{line}"


def test_a_paragraph_with_the_marks_of_a_heading_is_shown_without_them() -> None:
    said = "Most people are well again after six weeks, and " * 3 + "some need longer."
    assert parse_markdown(f"# T\n\n##{said}", "a", "x").text == f"T\n\n{said}"


@pytest.mark.parametrize(
    ("stated", "title"),
    [
        ("<h1>Sore elbows</h1>", "Sore elbows"),
        ("Sore<br/>elbows", "Sore elbows"),
        ("<span class='x'>Sore</span> <em>elbows</em>", "Sore elbows"),
        ("Pressure <20 mm and >30 mm", "Pressure <20 mm and >30 mm"),
    ],
)
def test_a_title_has_no_tags(stated: str, title: str) -> None:
    assert parse_markdown(f'---\ntitle: "{stated}"\n---\nText.', "a", "x").title == title


LEAD = "An elbow that hurts when you lift a cup is common and it heals by itself."


@pytest.mark.parametrize("key", ["intro", "introduction", "lede", "leadText"])
def test_an_introduction_in_the_front_matter_comes_first(key: str) -> None:
    parsed = parse_markdown(f"---\ntitle: T\n{key}: {LEAD}\n---\nText.\n\n## H\n\nRest.", "a", "x")
    assert parsed.text == f"T\n\n{LEAD}\n\nText.\n\nH\n\nRest."
    assert parsed.warnings == ()


def test_an_introduction_that_the_text_repeats_is_read_once() -> None:
    parsed = parse_markdown(f"---\ntitle: T\nintro: {LEAD}\n---\n{LEAD}\n\nText.", "a", "x")
    assert parsed.text == f"T\n\n{LEAD}\n\nText."


def test_what_is_left_out_is_in_reading_order() -> None:
    text = (
        "# T\n\n- [One](#one)\n- [Two](#two)\n\n## One\n\nA.[^1]\n\n{% include x.html %}\n\n"
        "B ~~not~~.\n\n## Two\n\n<p hidden>Old.</p>\n\nC.\n\n{{ site.phone }}\n\n[^1]: Note."
    )
    found = [part.text for part in parse_markdown(text, "a", "x").left_out]
    assert found == ["One\nTwo", "[^1]", "{% include x.html %}", "not", "Old.", "{{ site.phone }}"]


def test_html_that_is_set_in_is_no_code() -> None:
    html = (
        "<div class=cards>\n    <div>\n      <h2>Knee</h2>\n      <p>Bend it.</p>\n    </div>\n\n"
        "    <div>\n        <h2>Hip</h2>\n\n        <p>Turn it.</p>\n    </div>\n</div>"
    )
    parsed = parse_markdown(f"# T\n\n{html}\n\nWalk.", "a", "x")
    assert parsed.text == "T\n\nKnee\n\nBend it.\n\nHip\n\nTurn it.\n\nWalk."


def test_what_is_set_in_without_tags_stays_as_it_is() -> None:
    text = "# T\n\nTake:\n\n    10 mg < 20 mg\n    in the evening"
    assert parse_markdown(text, "a", "x").text.endswith("10 mg < 20 mg\nin the evening")


LONG = "Come ten minutes early. " + "We look at how you walk, sit and lift. " * 3 + "Then we talk."


@pytest.mark.parametrize("value", [f"whatToExpect: {LONG}", f"what_to_expect: |\n  {LONG}\n"])
def test_prose_in_the_front_matter_is_a_section(value: str) -> None:
    parsed = parse_markdown(f"---\ntitle: T\n{value}\n---\nText.", "a", "x")
    assert parsed.text == f"T\n\nText.\n\nWhat to expect\n\n{LONG}"
    assert parsed.warnings == ()


@pytest.mark.parametrize(
    ("value", "is_told"),
    [
        (f"todo: {LONG}", True),
        (f"imagePrompt: {LONG}", True),
        (f"description: {LONG}", False),
        (f"keys: {'knee hip ' * 20}", True),
    ],
)
def test_what_editors_and_programs_write_at_length_is_no_section(value: str, is_told: bool) -> None:
    parsed = parse_markdown(f"---\ntitle: T\n{value}\n---\nText.", "a", "x")
    assert parsed.text == "T\n\nText."
    assert bool(parsed.warnings) is is_told
