"""Headings and texts become sections, and every word is in a passage, a path or the title."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.types import Article
from ingest.build.splitter import SplitterSettings, split_article
from ingest.readers.blocks import Block, build_article_text
from ingest.readers.markdown.document import parse_markdown
from ingest.readers.outline import Outline, ParsedText
from ingest.readers.plain_text import parse_plain_text

Lines = list[tuple[int, str]]  # level 0 is text, a text "" leaves the level


def told(*lines: tuple[int, str]) -> list[tuple[tuple[str, ...], list[str]]]:
    text, sections = built([*lines])
    return [(s.path, text[s.body.start : s.body.end].split("\n\n")) for s in sections]


def built(lines: Lines) -> tuple[str, tuple]:
    outline = Outline("a", "Title")
    for level, text in lines:
        if not text:
            outline.leave(level)
        elif level:
            outline.heading(level, text)
        else:
            outline.block(text)
    return outline.finish()


def test_headings_without_text_are_lines_under_the_heading_above() -> None:
    assert told(
        (1, "What to do"),
        (2, "Take the pack off"),
        (2, "Never rub butter on it"),
        (1, "Afterwards"),
        (0, "Rest for a day."),
    ) == [
        (("What to do",), ["Take the pack off", "Never rub butter on it"]),
        (("Afterwards",), ["Rest for a day."]),
    ]


def test_headings_without_text_after_a_section_of_their_level_join_it() -> None:
    assert told(
        (2, "What to do"),
        (0, "Do this."),
        (2, "Take the pack off"),
        (2, "Never rub butter on it"),
        (2, "Afterwards"),
        (0, "Rest for a day."),
    ) == [
        (("What to do",), ["Do this.", "Take the pack off", "Never rub butter on it"]),
        (("Afterwards",), ["Rest for a day."]),
    ]


def test_nothing_but_headings_is_an_introduction() -> None:
    assert told((1, "Rest well"), (1, "Drink water")) == [((), ["Rest well", "Drink water"])]


def test_a_heading_without_text_after_the_sections_below_its_parent_stays_under_that() -> None:
    assert told(
        (1, "Do not"),
        (2, "Kneel"),
        (0, "It hurts the scar."),
        (2, "Drive a car or a van"),
    ) == [
        (("Do not", "Kneel"), ["It hurts the scar."]),
        (("Do not",), ["Drive a car or a van"]),
    ]


def test_a_short_last_heading_without_text_joins_the_section_before() -> None:
    assert told((1, "A"), (2, "B"), (0, "It hurts."), (2, "Contact us")) == [
        (("A", "B"), ["It hurts.", "Contact us"])
    ]


def test_a_short_heading_without_text_is_above_the_next_of_its_level() -> None:
    assert told(
        (1, "Rest"), (0, "Rest well."), (1, "Exercises"), (1, "Week one"), (0, "Hop."), (1, "Two"),
        (0, "Run."),
    ) == [
        (("Rest",), ["Rest well."]),
        (("Exercises", "Week one"), ["Hop."]),
        (("Two",), ["Run."]),
    ]  # fmt: skip


def test_a_label_before_a_heading_is_in_its_path() -> None:
    assert told(
        (0, "Welcome"), (1, "Neck pain"), (0, "Sleep"), (2, "Your pillow"), (0, "One is best.")
    ) == [(("Welcome", "Neck pain", "Sleep", "Your pillow"), ["One is best."])]


def test_a_section_that_is_only_a_label_joins_the_one_before() -> None:
    assert told(
        (1, "Rest"), (0, "Rest well."), (1, "When to stop"), (0, "Severe pain"), (1, "Then"),
        (0, "Call us."),
    ) == [
        (("Rest",), ["Rest well.", "When to stop", "Severe pain"]),
        (("Then",), ["Call us."]),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["No.", "01234 567890", "- Rest", "£40", "Not at all!"])
def test_a_short_answer_is_a_section(text: str) -> None:
    assert told((1, "A"), (0, "Do it."), (1, "How?"), (0, text), (1, "B"), (0, "c."))[1] == (
        ("How?",),
        [text],
    )


# -- no word is lost -----------------------------------------------------------------------------

WORDS = st.lists(
    st.sampled_from("Rest hop never rub butter on it 12 - A. b? c: £4 Übung".split()),
    min_size=1,
    max_size=6,
).map(" ".join)
LINES = st.lists(st.tuples(st.integers(0, 4), WORDS) | st.tuples(st.integers(1, 4), st.just("")))


def check_words(parsed: ParsedText) -> None:
    """Every letter of the text is in a section or in a path, in reading order, or the title."""
    article = Article("a", parsed.title, parsed.text, parsed.sections, "a", "0" * 64)
    passages = split_article(
        article,
        count_tokens=lambda texts: [len(text.split()) + 2 for text in texts],
        settings=SplitterSettings(max_tokens=24, max_words=12, min_words=3),
    )
    held = [*re.findall(r"\S+", parsed.title)]
    for section in parsed.sections:
        own = [p.text for p in passages if p.section_id == section.id]
        held += [*" ".join((*section.path, *own)).split()]
    missing = [word for word in parsed.text.split() if word not in held]
    assert not missing
    end = 0
    for section in parsed.sections:
        assert end <= section.body.start < section.body.end
        end = section.body.end


@given(LINES)
def test_every_word_is_in_a_passage_a_path_or_the_title(lines: Lines) -> None:
    numbered = [
        (level, f"w{i} {text} z{i}" if text else "") for i, (level, text) in enumerate(lines)
    ]
    for own in (lines, numbered):
        blocks = [Block(text, level, leaves=bool(level and not text)) for level, text in own]
        check_words(build_article_text(blocks, "a", "Title", fallback_title="F"))
        marked = "\n\n".join(f"{'#' * level} {text}".strip() for level, text in own if text)
        check_words(parse_markdown(marked, "a", "F"))
        check_words(parse_plain_text("\n\n".join(text for _, text in own if text), "a", "F"))


def test_many_headings_take_no_longer_than_they_must() -> None:
    lines = [(1 + i % 3, f"heading {i}") for i in range(60_000)]
    _, sections = built(lines)
    assert sections


@pytest.mark.parametrize(
    "text",
    [
        "\u4f60\u53ef\u4ee5\u5728\u5169\u5929\u5f8c\u958b\u59cb\u6162\u6162\u8d70\u8def\u3002",
        "\u4eca\u65e5\u306f\u5b89\u9759\u306b\u3057\u3066\u304f\u3060\u3055\u3044",
        "\u0e04\u0e38\u0e13\u0e2a\u0e32\u0e21\u0e32\u0e23\u0e16\u0e40\u0e14\u0e34\u0e19\u0e44\u0e14\u0e49",
    ],
)
def test_a_sentence_without_spaces_between_its_words_is_no_label(text: str) -> None:
    assert told((1, "A"), (2, "B?"), (0, text), (2, "C?"), (0, text)) == [
        (("A", "B?"), [text]),
        (("A", "C?"), [text]),
    ]
    assert told((0, text), (1, "B"), (0, "One two three four.")) == [
        ((), [text]),
        (("B",), ["One two three four."]),
    ]
