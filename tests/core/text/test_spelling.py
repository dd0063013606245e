"""Correction helps with words that nobody knows and touches no other."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text import spelling
from core.text.normalize import QUOTED
from core.text.spelling import Speller, english_words
from core.text.tokens import words_of

COUNTS = {
    "needling": 9, "needle": 5, "neck": 7, "muscle": 4, "injection": 3, "cancer": 2, "chest": 3,
    "weak": 2, "tight": 4, "tightness": 4, "plantar": 2, "fasciitis": 2, "hurt": 3, "ims": 2,
    "physiotherapist": 6, "sciatica": 1, "pain": 9, "don't": 1,
}  # fmt: skip
SPELLER = Speller(COUNTS)


@pytest.mark.parametrize(
    ("typed", "corrected"),
    [
        ("dry needeling", "dry needling"),
        ("my nekc hurts", "my neck hurts"),
        ("planter fascitis", "planter fasciitis"),  # a planter is English, and stays
        ("physiotherpist", "physiotherapist"),
        ("phisiotherapsit", "physiotherapist"),  # two typos in a long word
        ("sciatticca", "sciatica"),
        ("musccle", "muscle"),
        ("niedling", "needling"),
        ("what, exactly, is sciattica?", "what, exactly, is sciatica?"),  # signs stay
        ("Sciattica", "Sciatica"),
        ("SCIATTICA", "Sciatica"),
        ("  sciattica  ", "  sciatica  "),
    ],
)
def test_a_misspelt_word_becomes_one_of_the_contents(typed: str, corrected: str) -> None:
    assert SPELLER.correct(typed) == corrected


@pytest.mark.parametrize(
    "word",
    ["infection", "cancel", "chess", "week", "light", "lightness", "plant", "hunt", "muscles"],
)
def test_an_english_word_is_never_made_a_word_of_the_content(word: str) -> None:
    assert word in english_words()
    assert SPELLER.correct(f"is {word} bad") is None
    assert SPELLER.correct(word.capitalize()) is None
    assert SPELLER.correct(word.upper()) is None


@pytest.mark.parametrize(
    ("trap", "near"), [("infection", "injection"), ("cancel", "cancer"), ("chess", "chest")]
)
def test_the_traps_would_be_taken_if_nobody_knew_english(
    trap: str, near: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.text.spelling.english_words", frozenset)
    assert Speller(COUNTS).correct(trap) == near


@pytest.mark.parametrize(
    "typed",
    [
        # Forms of a known word, short words, numbers, other scripts, another first letter, and two
        # typos in a word of fewer than eight letters.
        "needled", "necks", "cancers", "hurting", "IMS", "don’t", "nec", "nek", "n3edle",
        "needlin9", "12345", "c5c6", "x-rey", "сciatica", "néedeling", "qqqqqqqq", "needle-ling",
        "", "   ", "?!", "🦵", "meedling", "musccel",
    ],
)  # fmt: skip
def test_other_words_are_left_alone(typed: str) -> None:
    assert SPELLER.correct(typed) is None
    assert Speller({}).correct("sciattica needeling") is None


def test_of_equally_near_words_the_more_frequent_one_is_meant() -> None:
    assert Speller({"bandage": 1, "bandags": 5}).correct("bandagx") == "bandags"
    assert Speller({"bandage": 5, "bandags": 5}).correct("bandagx") == "bandage"


def test_which_words_are_corrected_towards_does_not_depend_on_their_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(spelling, "_CORRECTED_TOWARDS", 2)
    counts = {"sciatica": 1, "acromion": 1, "tendon": 2}
    for known in (counts, dict(sorted(counts.items()))):
        assert Speller(known).correct("acromiom") == "acromion"
        assert Speller(known).correct("sciattica") is None


@pytest.mark.parametrize(
    ("typed", "corrected"),
    [
        ('"sciattica"', None),
        ("\u201csciattica\u201d", None),
        ('sciattica "sciattica" sciattica', 'sciatica "sciattica" sciatica'),
        ('"sciattica', '"sciatica'),  # a quote that is never closed quotes nothing
        ('""sciattica"', None),
        ('"" sciattica', '"" sciatica'),
    ],
)
def test_words_in_quotes_are_left_as_they_stand(typed: str, corrected: str | None) -> None:
    assert SPELLER.correct(typed) == corrected


@given(st.lists(st.sampled_from(sorted(english_words() | set(COUNTS))), min_size=1, max_size=6))
def test_known_words_are_never_touched(words: list[str]) -> None:
    assert SPELLER.correct(" ".join(words)) is None


pieces = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["sciattica", "needeling", "neck", '"', "\u201c", "'", "-", "\x00", "İ", "ﬁ"]),
)


@given(st.lists(pieces, max_size=12).map(" ".join))
def test_only_words_that_nobody_knows_change_and_all_else_stays(query: str) -> None:
    corrected = SPELLER.correct(query)
    if corrected is None:
        return
    before, after = words_of(query), words_of(corrected)
    assert len(before) == len(after)
    assert QUOTED.findall(query) == QUOTED.findall(corrected)
    for old, new in zip(before, after, strict=True):
        typed, found = query[old.start : old.end], corrected[new.start : new.end]
        if typed != found:
            assert typed.lower() not in english_words() | set(COUNTS)
            assert found.lower() in COUNTS
    assert SPELLER.correct(corrected) is None


@pytest.mark.parametrize(
    "query",
    ["a" * 1000, "sciattica " * 100, "z" * 500 + "y" * 500, '"' * 1000, "-'" * 500, "qx" * 60],
)
def test_a_long_and_hostile_query_takes_no_time(query: str) -> None:
    Speller(COUNTS).correct("warm up")
    started = time.perf_counter()
    SPELLER.correct(query)
    assert time.perf_counter() - started < 1.0


def test_a_nearer_word_of_the_language_is_not_passed_over_for_one_of_the_content() -> None:
    assert Speller({"injection": 5}).correct("infectiom") is None
    assert Speller({"injection": 5}).correct("injectiom") == "injection"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("followup", "follow-up"),
        ("Followups at home", "Follow-up at home"),
        ("Rueckenschule", "Rückenschule"),
        ("huefte", "hüfte"),
        ("Übung", "Uebung"),
        ("fuss", None),  # already the same word
        ("Foersoeg", "Førsøg"),
        ("knæ", "knae"),
        ("recover", None),  # a word of the language that the content has too
    ],
)
def test_another_spelling_of_a_word_is_that_word(typed: str, meant: str | None) -> None:
    words = "follow-up follow up rückenschule hüfte uebung fuß knae førsøg re-cover recover".split()
    assert Speller(dict.fromkeys(words, 1)).correct(typed) == meant
