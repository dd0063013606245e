"""How hard a text is to read: syllables by rule, the formula as published."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text.readability import MIN_WORDS, TextSize, reading_ages, size, syllables

# As dictionaries divide them.
SYLLABLES = {
    1: "a the care cares cared bone knee toes eyes one helped tired friend cause judged don't",
    2: "careful safely movement settled muscle muscles needle needled faces needed treated ranges"
    " patient patients diet quiet being spasm isn't doesn't headache tendon fatigue technique"
    " tissue special million region language question social",
    3: "improvement element medial radius usual area exercise releases reduces physical muscular"
    " arthritis oxygen endorphins serious previous ligament",
    4: "experience circulation acupuncture serotonin anterior immediate mechanism sciatica"
    " continuous gradually comprehensive",
    5: "individual neurotransmitters approximately intramuscular evaluation",
    6: "physiotherapy physiotherapist",
}


@pytest.mark.parametrize(
    ("word", "count"), [(word, n) for n, words in SYLLABLES.items() for word in words.split()]
)
def test_syllables_are_those_of_the_dictionary(word: str, count: int) -> None:
    assert syllables(word) == count
    assert syllables(word.upper()) == count


def test_accents_and_typographic_apostrophes_change_no_syllable() -> None:
    assert syllables("M\u00e9ni\u00e8re") == syllables("Meniere")
    assert syllables("isn\u2019t") == 2


def test_words_are_what_is_spelt_with_letters() -> None:
    found = size("In 2024, 30 % of well-known needles weren't sterile.", sentences=1)
    assert found == TextSize(words=7, sentences=1, syllables=10)


@pytest.mark.parametrize(
    ("text", "age"),
    [
        (TextSize(100, 5, 150), 15),  # 0.39 * 100 / 5 + 11.8 * 150 / 100 - 15.59 = 9.91, plus 5
        (TextSize(100, 10, 130), 9),  # 3.65 and 5
        (TextSize(100, 50, 100), 5),  # -3.01 and 5, and nobody reads at two
        # Too short to tell.
        (TextSize(MIN_WORDS - 1, 2, 60), None),
        (TextSize(MIN_WORDS, 2, 60), 19),
        (TextSize(100, 0, 150), None),
        (TextSize(), None),
    ],
)
def test_the_age_is_the_published_grade_and_five(text: TextSize, age: int | None) -> None:
    assert reading_ages(np.array([text, text])) == [age, age]


@given(st.text())
def test_any_text_can_be_measured(text: str) -> None:
    found = size(text, sentences=1)
    assert found.syllables >= found.words >= 0
