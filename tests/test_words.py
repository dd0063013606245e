import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.highlight import answering_sentence, matched_terms
from index.query import MAX_QUERY_CHARS, clean_query, has_words
from index.types import Span
from index.words import stem, topic_stems, words_of


def test_words_keep_apostrophes_and_hyphens_inside_and_their_places() -> None:
    text = "Can’t x-ray: 'it'"
    assert [text[w.start : w.end] for w in words_of(text)] == ["Can’t", "x-ray", "it"]


def test_accents_and_case_do_not_part_words() -> None:
    assert stem("CAFÉS") == stem("cafe")


def test_stop_words_are_no_topic() -> None:
    assert topic_stems("What is the pain in my necks?") == {"pain", "neck"}


def test_matched_terms_are_places_of_words_with_the_same_stem() -> None:
    text = "Injecting medicines? No medicine is injected."
    assert [text[t.start : t.end] for t in matched_terms("is anything injected?", text)] == [
        "Injecting",
        "injected",
    ]


def test_the_first_of_equally_good_sentences_answers() -> None:
    spans = [Span(0, 1), Span(2, 3), Span(4, 5)]
    assert answering_sentence(spans, [0.1, 0.5, 0.5]) == Span(2, 3)


def test_no_sentence_is_an_error() -> None:
    with pytest.raises(ValueError, match="0 sentences"):
        answering_sentence([], [])


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("  my \t neck\n hurts ", "my neck hurts"),
        ("a\x00b\u202ec", "abc"),
        ("👨‍👩‍👧", "👨‍👩‍👧"),
        ("\ud800neck", "neck"),
        ("", ""),
    ],
)
def test_a_query_is_cleaned(typed: str, cleaned: str) -> None:
    assert clean_query(typed) == cleaned


def test_signs_alone_are_nothing_to_search_for() -> None:
    assert not has_words("?!… 😀")
    assert has_words("🦵1")


@given(st.text(max_size=3000))
def test_cleaning_is_bounded_and_changes_nothing_the_second_time(text: str) -> None:
    once = clean_query(text)
    assert len(once) <= MAX_QUERY_CHARS
    assert clean_query(once) == once
