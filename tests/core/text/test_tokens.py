import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text.normalize import normalize_query
from core.text.tokens import content_stems, signature, stem, words_in, words_of
from core.types import Span
from index.search.highlight import answering_sentence, matched_terms

# The pieces of a passage and of a query by an encoder without any: cosines and offsets.
NO_PIECES = (np.zeros((0, 0), np.float32), np.zeros(0, np.int32))


def test_words_keep_apostrophes_inside_and_their_places() -> None:
    text = "Can’t x-ray: 'it'"
    assert [text[w.start : w.end] for w in words_of(text)] == ["Can’t", "x", "ray", "it"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Torn A.C.L.: rest", ["torn", "acl", "rest"]),
        ("the A.C.L", ["the", "acl"]),
        ("at 8 p.m. or e.g. in the U.K.", ["at", "8", "pm", "or", "eg", "in", "the", "uk"]),
        ("It ends. A new one", ["it", "end", "a", "new", "one"]),
        ("vitamin D.A pill, 1.5.2 and www.nhs.uk", "vitamin d a pill 1 5 2 and www nhs uk".split()),
        ("É.M.G.", ["emg"]),
    ],
)
def test_letters_with_stops_are_one_word_in_texts_and_in_questions(
    text: str, words: list[str]
) -> None:
    assert [word.stem for word in words_of(text)] == words
    assert [stem(word) for word in normalize_query(text).split()] == words


@given(st.text())
def test_a_question_is_parted_as_texts_are(text: str) -> None:
    asked = normalize_query(f"knee {text} knee")
    assert [word.stem for word in words_of(asked)] == [stem(word) for word in asked.split()]


def test_accents_and_case_do_not_part_words() -> None:
    assert stem("CAFÉS") == stem("cafe")


def test_spellings_on_both_sides_of_the_atlantic_share_a_stem() -> None:
    pairs = [("tumours", "tumor"), ("Colouring", "colors"), ("OEDEMA", "edema"), ("mums", "mom")]
    assert [stem(british) for british, _ in pairs] == [stem(american) for _, american in pairs]


def test_stop_words_are_no_topic() -> None:
    assert content_stems("What is the pain in my necks?") == {"pain", "neck"}


def test_matched_terms_are_places_of_words_with_the_same_stem() -> None:
    text = "Injecting medicines? No medicine is injected."
    terms = matched_terms(text, content_stems("is anything injected?"), *NO_PIECES)
    assert [text[t.start : t.end] for t in terms] == ["Injecting", "injected"]


def test_the_first_of_equally_good_sentences_answers() -> None:
    spans = [Span(0, 1), Span(2, 3), Span(4, 5)]
    assert answering_sentence("a b c", spans, [0.1, 0.5, 0.5], [0.0] * 3, []).span == Span(2, 3)


def test_no_sentence_is_an_error() -> None:
    with pytest.raises(ValueError, match="0 sentences"):
        answering_sentence("", [], [], [], [])


def test_words_of_the_query_tell_between_sentences_of_like_meaning() -> None:
    text = "It helps. It helps the heel."
    spans, none, heel = [Span(0, 9), Span(10, 28)], [0.0, 0.0], content_stems("my heel")
    assert answering_sentence(text, spans, [0.5, 0.4], none, heel).span == spans[1]
    assert answering_sentence(text, spans, [0.5, 0.1], none, heel).span == spans[0]


@given(st.sets(st.text("abc", min_size=1, max_size=4)), st.sets(st.text("abc", min_size=1)))
def test_no_more_bits_of_signatures_differ_than_stems(one: set[str], other: set[str]) -> None:
    differing = (signature(one) ^ signature(other)).bit_count()
    assert differing <= len(one ^ other)
    assert 0 <= signature(one) < 1 << 64


def test_a_signature_is_the_same_in_every_process() -> None:
    # An index holds it: another hash would need another schema.
    assert signature([]) == 0
    assert signature(["neck"]) == 1 << (zlib.crc32(b"neck") & 63)


@given(st.text("aB.9'\u2019 -_\u00e9"))
def test_words_are_the_same_with_their_places_and_without(text: str) -> None:
    assert words_in(text) == [text[word.start : word.end] for word in words_of(text)]


@pytest.mark.parametrize("text", ["the A.C.L. tore", "e.g.", "x.y.z", "end.A.new", "a.b", ".a."])
def test_letters_with_stops_are_one_word_with_places_and_without(text: str) -> None:
    assert words_in(text) == [text[word.start : word.end] for word in words_of(text)]
