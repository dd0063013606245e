"""A visitor's words: made safe, and brought to the one form that is scored."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text.normalize import (
    AMERICAN,
    MAX_QUERY_CHARS,
    QUOTED,
    clean_query,
    has_words,
    normalize_query,
)


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


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("Hello, does it hurt?", "does it hurt"),
        ("Hi there", "there"),
        ("hi! Good morning - could you please tell me if it hurts? Many thanks!", "it hurts"),
        ("(Hello) does it hurt", "does it hurt"),
        ("good-morning! does it hurt", "does it hurt"),
        ("I was just wondering whether it works", "it works"),
        ("I’d like to know: is it sore? Kind regards", "is it sore"),
        ("Sorry to bother you, is it sore pls", "is it sore"),
        ("does it hurt please, thanks in advance", "does it hurt"),
        ("please", "please"),
        ("Thanks!", "thanks"),
        ("hi hello", "hello"),
        ("history of needles", "history of needles"),  # begins with "hi" and is not a greeting
        ("okra", "okra"),
        ("does thanks help me", "does thanks help me"),  # in the middle it stays
    ],
)
def test_politeness_is_not_scored(typed: str, plain: str) -> None:
    assert normalize_query(typed) == plain


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("TUMOUR", "tumor"),
        ("orthopaedic behaviour", "orthopedic behavior"),
        ("my mum's neck; my mum", "my mum's neck my mom"),
        ("dont cant whats", "don't can't what's"),
        ("don’t", "don't"),
        ("neck... back/leg (left)", "neck back leg left"),
        ("x-ray C5/C6", "x ray c5 c6"),
        ('"stiff neck"', "stiff neck"),
        ("+ stiff", "stiff"),
        ("snake_case", "snake case"),
        ("שלום", "שלום"),
    ],
)
def test_spelling_case_and_signs_are_made_even(typed: str, plain: str) -> None:
    assert normalize_query(typed) == plain


def test_american_spellings_are_ends_and_not_beginnings() -> None:
    assert not set(AMERICAN) & set(AMERICAN.values())


pieces = st.one_of(
    st.text(max_size=10),
    st.sampled_from(
        ["hello", "Hi", "please", "thanks", "good morning", "i'd like to know", "if", "neck",
         "Tumour", "dont", ",", "?", "(", "’", "'", "-", "_", "kind regards", "İ", "ΑΣ", "ﬁ", "²"]
    ),
)  # fmt: skip


@given(st.lists(pieces, max_size=10), st.sampled_from(["", " ", ", "]))
def test_a_plain_query_has_words_when_the_query_has_and_stays_as_it_is(
    parts: list[str], between: str
) -> None:
    query = clean_query(between.join(parts))
    plain = normalize_query(query)
    assert has_words(plain) == has_words(query)
    assert plain == plain.strip()
    assert normalize_query(plain) == plain


@pytest.mark.parametrize(
    ("query", "quoted"),
    [
        ('is "stiff neck" bad', ["stiff neck"]),
        ("“stiff” and \"neck\"", ["stiff", "neck"]),
        ('"stiff', []),
        ('""', []),
        ('5" and 6"', [" and 6"]),
        ("it's 'stiff'", []),
    ],
)  # fmt: skip
def test_quoted_words_are_those_between_double_quotes(query: str, quoted: list[str]) -> None:
    assert QUOTED.findall(query) == quoted
