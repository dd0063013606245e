"""Short forms are words, with and without their apostrophe, for search, spelling and notices."""

from __future__ import annotations

import pytest

from core.text.contractions import JOINED, WITH_NOT
from core.text.normalize import clean_query, normalize_query
from core.text.spelling import Speller
from safety.notices.languages import language_of

COUNTS = {
    "done": 50,
    "cant": 0,
    "ache": 9,
    "what": 9,
    "could": 9,
    "wound": 20,
    "have": 9,
    "does": 3,
}


@pytest.mark.parametrize("form", JOINED)
def test_no_short_form_is_corrected_to_another_word(form: str) -> None:
    speller = Speller(COUNTS)
    assert speller.correct(f"it {form} help") is None
    assert speller.correct(f"it {form.upper()} help") is None


@pytest.mark.parametrize("form", JOINED)
def test_with_and_without_apostrophe_a_question_is_the_same(form: str) -> None:
    assert normalize_query(f"pain {form} go") == normalize_query(f"pain {JOINED[form]} go")


@pytest.mark.parametrize("word", "ill were its well shell wed id hell shed lets".split())
def test_what_is_another_word_stays(word: str) -> None:
    assert word not in JOINED


def test_the_notices_know_the_same_forms() -> None:
    english = language_of("en")
    assert set(english.with_not.values()) <= JOINED.keys()
    denied = {form for form, parts in english.parts.items() if parts[-1:] == ("not",)}
    assert denied - {"cannot"} <= JOINED.keys()
    assert english.with_not.keys() <= WITH_NOT.keys()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("<p>my <b>back</b> hurts</p>", "my back hurts"),
        ("<img src=x onerror=alert(1)> back pain", "back pain"),
        ('<a href="https://x.example" class="y">knee</a>', "knee"),
        ("<br/>neck<BR />", "neck"),
        ("<script>x</script>", "x"),
        ("pain <3 weeks> and <5", "pain <3 weeks> and <5"),
        ("<chest pain> help", "<chest pain> help"),
        ("<i can't breathe>", "<i can't breathe>"),
        ("a<b and b>a", "a<b and b>a"),
        ("<b", "<b"),
        ("<" * 4000, "<" * 4000),
    ],
)
def test_tags_are_dropped_and_nothing_else(typed: str, kept: str) -> None:
    assert clean_query(typed) == kept
