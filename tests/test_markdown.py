from datetime import date

import pytest

from index.errors import ContentError
from ingest.markdown import parse_markdown

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
            "Rest well.\n\n1. Walk\n2. Swim\n  - slowly\n\nDay | Steps\nMon | 900",
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
        ("title: [1]", "a, title"),
        ("- x", "a"),
        ("a: b: c", "a, line 2"),
    ],
)
def test_settings_that_cannot_be_used_are_named(head: str, where: str) -> None:
    with pytest.raises(ContentError) as caught:
        parse_markdown(f"---\n{head}\n---\nText.", "a", "x")
    assert caught.value.where == where
