from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text.sentences import sentence_spans
from core.types import Article, Passage, Section, Span
from ingest.build.splitter import SplitterSettings, split_article
from ingest.readers.plain_text import parse_plain_text


def count_tokens(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) + 2 for text in texts]


def article_of(text: str) -> Article:
    parsed = parse_plain_text(text, "a", "a")
    return Article("a", parsed.title, text, parsed.sections, "a.txt", "0" * 64)


def split(text: str, **settings: int) -> list[Passage]:
    return split_article(
        article_of(text), count_tokens=count_tokens, settings=SplitterSettings(**settings)
    )


def one_section(body: str, **settings: int) -> list[str]:
    article = Article("a", "T", body, (Section("a#s", (), Span(0, len(body))),), "a.txt", "0" * 64)
    passages = split_article(
        article, count_tokens=count_tokens, settings=SplitterSettings(**settings)
    )
    return [passage.text for passage in passages]


def test_a_paragraph_is_a_passage() -> None:
    assert one_section("One two three.\n\nFour five six.", min_words=3) == [
        "One two three.",
        "Four five six.",
    ]


def test_a_short_paragraph_joins_its_neighbour_in_the_section() -> None:
    assert one_section("Yes.\n\nIt is quite safe.", min_words=3) == ["Yes.\n\nIt is quite safe."]


def test_a_short_paragraph_stays_alone_where_joining_would_be_too_long() -> None:
    body = "Yes.\n\nIt is quite safe for you."
    assert one_section(body, min_words=3, max_words=6) == ["Yes.", "It is quite safe for you."]


@pytest.mark.parametrize("lead", ["Exercises", "Does it help?", "You may:", "What helps (at home)"])
def test_a_line_that_leads_into_a_paragraph_stays_with_it(lead: str) -> None:
    body = f"Rest for a week or two.\n\n{lead}\n\nHop on one leg."
    assert one_section(body, min_words=4, max_words=10) == [
        "Rest for a week or two.",
        f"{lead}\n\nHop on one leg.",
    ]
    long = f"{lead}\n\n" + "Hop on one leg, then on both. " * 5
    assert all(len(part.split()) > 6 for part in one_section(long.strip(), max_words=20))


def test_a_list_goes_with_the_line_above_it_and_not_with_the_one_below() -> None:
    body = "Rest for a week or two.\n\n- Hop\n\nThen walk for a week or two."
    assert one_section(body, min_words=4, max_words=9)[0] == "Rest for a week or two.\n\n- Hop"


def test_a_long_paragraph_is_divided_at_sentence_ends_into_even_parts() -> None:
    body = "It may hurt you. Rest will help you. Sleep can be good. Walks may help too."
    assert one_section(body, max_words=12, min_words=1) == [
        "It may hurt you. Rest will help you.",
        "Sleep can be good. Walks may help too.",
    ]


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
@pytest.mark.parametrize("before", [1, 9, 30])
@pytest.mark.parametrize("item", [2, 12, 40])
def test_a_lead_in_is_never_parted_from_its_list(gap: str, before: int, item: int) -> None:
    lead = "Rest will help you. " * before + "You can call us when:"
    items = [f"- {'word ' * item}{number}" for number in range(9)]
    parts = one_section(f"{lead}{gap}" + "\n".join(items), max_words=50)
    assert not [part for part in parts if part.endswith(":")]
    assert any("call us when:" in part and items[0].rstrip() in part for part in parts)


def test_opening_hours_say_their_branch() -> None:
    branches = ["Highgate", "Crouch End", "Muswell Hill", "Our clinic in Archway", "Finsbury Park"]
    days = ["Monday 8:30 am - 7 pm", "Thursday 9 am - 5 pm", "Friday 8:30 am - 1 pm"]
    lines = [line for branch in branches for line in (branch, *days)]
    parts = one_section("\n\n".join(lines), max_words=40)
    assert len(parts) > 1
    assert all(part.splitlines()[0] in branches for part in parts)
    alone = one_section("\n\n".join(lines[:12]), max_words=20)
    assert [part.splitlines()[0] for part in alone] == branches[:3]


def test_the_title_and_the_headings_count_against_what_the_model_reads() -> None:
    long_title = "A title of quite a few words that takes the room of the text"
    text = f"{long_title}\n\nHeading\n\n" + "One two three four. Five six seven eight. " * 2
    passages = split(text, max_tokens=30, min_words=1)
    assert len(passages) > 1
    for passage in passages:
        assert count_tokens(["\n".join([passage.title, *passage.path, passage.text])])[0] <= 30


def test_a_sentence_longer_than_every_limit_is_one_passage_and_not_cut() -> None:
    body = "word " * 50 + "end."
    assert one_section(body, max_words=10, max_tokens=20) == [body]


def test_ids_number_the_passages_of_a_section_from_one() -> None:
    passages = split("Title\n\nHead\n\n" + "Rest will help you. " * 8, max_words=12)
    assert [p.id for p in passages] == [f"a#head/{i}" for i in range(1, len(passages) + 1)]
    assert len(passages) > 1


WORDS = st.lists(st.sampled_from(["neck", "Back", "pain", "e.g.", "3.5", "—", "😀"]), max_size=12)
SENTENCES = st.builds(lambda words: " ".join([*words, "end."]), WORDS)
PARAGRAPHS = st.builds(" ".join, st.lists(SENTENCES, min_size=1, max_size=6))
TEXTS = st.builds(
    "\n\n".join,
    st.lists(
        st.one_of(PARAGRAPHS, st.just("A Heading"), st.just("- item"), st.just("Call us if:")),
        max_size=8,
    ),
)


@given(TEXTS, st.integers(1, 40), st.integers(8, 60))
def test_passages_tile_the_sections_verbatim_and_cut_no_sentence(
    text: str, max_words: int, max_tokens: int
) -> None:
    article = article_of(text)
    passages = split_article(
        article,
        count_tokens=count_tokens,
        settings=SplitterSettings(max_tokens=max_tokens, max_words=max_words, min_words=4),
    )
    assert all(article.text[p.start : p.end] == p.text for p in passages)
    covered = {i for p in passages for i in range(p.start, p.end)}
    assert len(covered) == sum(p.end - p.start for p in passages), "passages overlap"
    inside = {i for s in article.sections for i in range(s.body.start, s.body.end)}
    assert {i for i in inside if not text[i].isspace()} <= covered <= inside
    edges = {edge for p in passages for edge in (p.start, p.end)}
    for section in article.sections:
        leads = [p.end for p in passages if p.section_id == section.id and p.text.endswith(":")]
        assert not any(text[end : section.body.end].strip() for end in leads)
        body = text[section.body.start : section.body.end]
        for sentence in sentence_spans(body):
            inner = range(
                section.body.start + sentence.start + 1, section.body.start + sentence.end
            )
            assert edges.isdisjoint(inner), "a sentence was cut"
