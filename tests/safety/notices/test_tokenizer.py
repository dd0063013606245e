"""Tokens in the form that is compared: words, ends of clauses, denials."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from safety.notices.red_flags import SpeechPatterns
from safety.notices.red_flags_file import read_red_flags
from safety.notices.tokenizer import CHILD_AGE, YEAR, Token, Tokenizer, sentences
from tests.support.paths import ROOT

PLAIN = Tokenizer(SpeechPatterns())
MANNER = SpeechPatterns(
    fillers=("a", "the", "my", "i", "it", "is", "and"),
    exact=("needles",),
    negators=("no", "not", "never", "isnt", "dont", "hasnt"),
    not_negations=("not sure", "no idea", "never felt", "fine now", "not only"),
    ruled_out=("is fine", "fine", "ruled out", "was negative"),
    clause_ends=("but", "and", "because", "since"),
    idioms=("stroke of luck", "stroke", "pain in the neck", "no way"),
    same={
        "cant": ("unable", "not able", "couldnt"),
        "numb": ("no feeling", "lost all feeling", "lost"),
        "pinsneedles": ("pins and needles",),
    },
)
TOKENIZER = Tokenizer(MANNER)


def words(text: str, tokenizer: Tokenizer = TOKENIZER) -> list[str]:
    return [token.word for token in tokenizer.tokens(text)]


def places(text: str, tokenizer: Tokenizer = TOKENIZER) -> list[tuple[str, int]]:
    return [(token.word, token.place) for token in tokenizer.tokens(text)]


def clauses(text: str, tokenizer: Tokenizer = PLAIN) -> list[int]:
    return [token.clause for token in tokenizer.tokens(text)]


# -- words ----------------------------------------------------------------------------------------


def test_a_word_is_its_stem_in_lower_case_with_its_place_and_clause() -> None:
    assert PLAIN.tokens("Hurting KNEES, swollen") == [
        Token("hurt", 0, 0),
        Token("knee", 1, 0),
        Token("swollen", 2, 1),
    ]
    # Some words are compared exactly.
    assert words("needles knees") == ["needles", "knee"]
    assert words("needles", PLAIN) == ["needl"]


CANT = ["can't", "can’t", "can‘t", "can`t", "cant", "cannot", "can not", "CAN'T", "Can Not"]


@pytest.mark.parametrize("typed", CANT)
def test_every_way_of_writing_cant_is_one(typed: str) -> None:
    assert words(f"{typed} feel") == ["cant", "feel"]
    assert PLAIN.phrase(f"{typed} feel") == ("cant", "feel")


@pytest.mark.parametrize("verb", "could do does did will would should".split())
def test_a_verb_with_not_is_the_same_joined_shortened_or_apart(verb: str) -> None:
    joined = "wont" if verb == "will" else f"{verb}nt"
    for typed in (joined, f"{joined[:-1]}'t", f"{verb} not"):
        assert words(f"{typed} move", PLAIN) == [joined, "move"]


@pytest.mark.parametrize("verb", "is are was were has have had".split())
def test_after_to_be_and_to_have_the_not_stays_with_what_follows(verb: str) -> None:
    for typed in (f"{verb}n't", f"{verb}nt", f"{verb} not"):
        assert words(f"{typed} move", PLAIN) == [verb, "not", "move"]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("can not feel", [("cant", 0), ("feel", 2)]),
        ("cannot feel", [("cant", 0), ("feel", 2)]),
        ("can't feel", [("cant", 0), ("feel", 1)]),
        # A "not" apart from its verb stays a word of its own.
        ("can you not feel", [("can", 0), ("you", 1), ("not", 2), ("feel", 3)]),
        ("not can", [("not", 0), ("can", 1)]),
    ],
)
def test_a_word_in_two_parts_keeps_the_places_of_both(
    typed: str, read: list[tuple[str, int]]
) -> None:
    assert places(typed, PLAIN) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("light-headed", ["light", "head"]),
        ("light headed", ["light", "head"]),
        ("x-ray", ["x", "ray"]),
        ("dad's knee", ["dad", "knee"]),
        ("dad’s knee", ["dad", "knee"]),
        ("I'm", ["im"]),
        ("naïve café", ["naiv", "cafe"]),
        ("ＮＵＭＢ", ["numb"]),
        ("oedema_leg", ["edema", "leg"]),
        ("5kg", [CHILD_AGE, "kg"]),
        ("40kg", ["40", "kg"]),
        ("🙂 ?! ...", []),
        ("", []),
        # Every year of two centuries is one year.
        ("1900 1998 2099", [YEAR] * 3),
        ("1899 2100 20245 198", ["1899", "2100", "20245", "198"]),
    ],
)
def test_hyphens_quotes_accents_units_and_years_make_no_other_word(
    typed: str, read: list[str]
) -> None:
    assert words(typed, PLAIN) == read


@pytest.mark.parametrize("typed", "1 9 10 17 0 18 71 170".split())
def test_every_age_below_eighteen_is_one_age(typed: str) -> None:
    read = CHILD_AGE if 1 <= int(typed) < 18 else typed
    assert words(f"{typed}-year-old", PLAIN) == [read, "year", "old"]
    assert PLAIN.phrase(f"{typed} years old") == (read, "year", "old")


def test_spelling_is_corrected_in_questions_and_never_in_terms() -> None:
    correcting = Tokenizer(MANNER, lambda word: {"numm": "numb", "strok": "stroke"}.get(word, word))
    assert words("numm strok of luck", correcting) == ["numb"]
    assert correcting.phrase("numm") == ("numm",)


# -- phrases --------------------------------------------------------------------------------------


def test_fillers_are_left_out_on_both_sides_and_count_as_words_typed() -> None:
    assert places("my arm is the numb one") == [("arm", 1), ("numb", 4), ("one", 5)]
    assert TOKENIZER.phrase("the arm is numb") == ("arm", "numb")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("unable to feel", [("cant", 0), ("to", 1), ("feel", 2)]),
        ("not able to feel", [("cant", 0), ("to", 2), ("feel", 3)]),
        ("couldn't feel", [("cant", 0), ("feel", 1)]),
        ("could not feel", [("cant", 0), ("feel", 2)]),
        ("pins and needles here", [("pinsneedl", 0), ("here", 3)]),
        ("lost all feeling", [("numb", 0)]),  # the longest way of saying it is taken
        ("lost keys", [("numb", 0), ("key", 1)]),
        ("pins needles", [("pin", 0), ("needles", 1)]),
    ],
)
def test_several_ways_of_saying_the_same_are_one_word(
    typed: str, read: list[tuple[str, int]]
) -> None:
    assert places(typed) == read
    assert TOKENIZER.phrase(typed) == tuple(word for word, _ in read)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("a stroke of luck for her arm", [("for", 4), ("her", 5), ("arm", 6)]),
        ("Stroke-of-luck!", []),
        ("stroke her arm", [("her", 1), ("arm", 2)]),
        ("stroking her arm", [("stroke", 0), ("her", 1), ("arm", 2)]),  # a word for word list
        ("pain in her neck", [("pain", 0), ("in", 1), ("her", 2), ("neck", 3)]),
        ("pain in the neck", []),
    ],
)
def test_the_words_of_idioms_are_not_looked_at(typed: str, read: list[tuple[str, int]]) -> None:
    assert places(typed) == read


def test_a_negator_inside_an_idiom_denies_nothing() -> None:
    assert TOKENIZER.tokens("no way arm") == [Token("arm", 2, 0)]
    # A term is read as it is written, even where it is an idiom.
    assert TOKENIZER.phrase("pain in the neck") == ("pain", "in", "neck")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("can Needling hurt?", True),
        ("CAN-NEEDLING", True),
        ("can dry needling hurt", False),
        ("canneedling", False),
        ("he cant", False),
        ("", False),
    ],
)
def test_a_text_says_a_phrase_word_for_word(text: str, says: bool) -> None:
    assert PLAIN.contains(text, ("can needling", "what is")) is says


# -- clauses --------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", [*".,;:!?()", "\n", "…", "–", "—", " - ", " -- ", "..."])
def test_signs_end_a_clause(end: str) -> None:
    first, second = clauses(f"one{end}two")
    assert first == 0
    assert second > 0


@pytest.mark.parametrize("joint", ["-", " ", "'", '"', "/", "*", "  \t", "_"])
def test_other_signs_end_nothing(joint: str) -> None:
    assert set(clauses(f"one{joint}two")) == {0}


def test_some_words_begin_another_clause() -> None:
    assert clauses("arm but leg because foot butter", TOKENIZER) == [0, 1, 1, 2, 2, 2]
    assert clauses("but arm", TOKENIZER) == [1, 1]
    # A filler that ends a clause ends it all the same.
    assert [(t.word, t.clause) for t in TOKENIZER.tokens("arm and leg")] == [("arm", 0), ("leg", 1)]


@pytest.mark.parametrize(
    "listed",
    [
        "no fever, chills or night sweats",
        "no fever, chills nor sweats",
        "no fever, chills, aches, sweats or cough",
        "no fever , chills or  sweats",
        "no fever,chills or sweats",
        "no fever, one two three four or five",
    ],
)
def test_the_comma_of_a_list_with_or_ends_nothing(listed: str) -> None:
    assert set(clauses(listed)) == {0}


@pytest.mark.parametrize(
    "apart",
    [
        "no fever, one two three four five or six",
        "no fever, i feel sick or worse",
        "no fever, now chills or sweats",
        "no fever, chills, still sweats or cough",
        "no fever, my arm or leg",
        "no fever, chills and sweats",
        "no fever. chills or sweats",
        "no fever, chills for sweats",
    ],
)
def test_the_comma_before_a_new_thought_ends_the_clause(apart: str) -> None:
    assert max(clauses(apart)) > 0


# -- denial ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "negators"),
    [
        ("no fever", ["no"]),
        ("is not hot", ["not"]),
        ("isn't hot", ["not"]),
        ("hasn’t fever, never had", ["not", "never"]),
        ("fever", []),
        ("nobody", []),
        ("not sure if it is hot", []),
        ("I've no idea, not hot", ["not"]),
        ("not only hot", []),
        ("not just hot", ["not"]),
    ],
)
def test_negators_deny_unless_they_stand_in_a_phrase_that_does_not(
    typed: str, negators: list[str]
) -> None:
    assert [token.word for token in TOKENIZER.tokens(typed) if token.is_negator] == negators


@pytest.mark.parametrize(
    ("typed", "words_denied"),
    [
        ("my knee is fine", ["knee", "fine"]),
        ("clot was ruled out", ["clot", "was", "rule", "out"]),
        ("one two three four ruled out", ["two", "three", "four", "rule", "out"]),  # three before
        ("arm hurts, knee is fine", ["knee", "fine"]),
        ("arm hurts but knee is fine", ["but", "knee", "fine"]),
        ("knee fine now", []),
        ("crushing pain is fine now", []),  # minimising lowers nothing
        ("knee is fine, now my arm", []),  # "fine now" is seen across the comma: the safe side
        ("is fine knee", ["fine"]),
        ("knee fineness", []),
    ],
)
def test_a_phrase_rules_out_up_to_three_words_before_it_in_its_clause(
    typed: str, words_denied: list[str]
) -> None:
    denied = [token.word for token in TOKENIZER.tokens(typed) if token.is_denied]
    assert denied == words_denied


# -- sentences ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. Two! Three? Four… five", ["One.", "Two!", "Three?", "Four…", "five"]),
        ("One\ntwo\n\nthree", ["One", "two", "three"]),
        ("at 1.30 today", ["at 1.30 today"]),
        ("one two", ["one two"]),
        ("", []),
        (" \n ", []),
    ],
)
def test_sentences_end_where_punctuation_says(text: str, parts: list[str]) -> None:
    assert sentences(text) == parts


# -- properties -----------------------------------------------------------------------------------

SHIPPED = Tokenizer(read_red_flags(ROOT / "content").manner)
PIECES = some.sampled_from(
    "can not cannot can't no feeling pins and needles , . ; - \n but is fine now or nor "
    "stroke of luck 2019 12 5kg light-headed mum's I’m not sure ruled out knee".split(" ")
)
texts = some.text(max_size=200) | some.lists(PIECES, max_size=40).map(" ".join)


@given(texts, some.sampled_from([PLAIN, TOKENIZER, SHIPPED]))
def test_any_text_is_read_with_places_ascending_and_clauses_never_descending(
    text: str, tokenizer: Tokenizer
) -> None:
    tokens = tokenizer.tokens(text)
    order = [token.place for token in tokens]
    assert order == sorted(set(order))
    ends = [token.clause for token in tokens]
    assert ends == sorted(ends)
    assert all(token.word for token in tokens)
    tokenizer.phrase(text)


@given(some.text(alphabet="ab.!?… \n\t", max_size=60) | some.text(max_size=200))
def test_sentences_lose_nothing_but_the_space_between_them(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


@given(texts)
def test_without_idioms_a_question_is_read_as_a_term_is(text: str) -> None:
    assert tuple(words(text, PLAIN)) == PLAIN.phrase(text)


@given(texts)
def test_reading_does_not_depend_on_capital_letters(text: str) -> None:
    lower = text.lower()
    if lower.upper().lower() == lower:
        assert TOKENIZER.tokens(lower.upper()) == TOKENIZER.tokens(lower)
