"""Which pieces of a passage match those of a query: by hand, a few cosines at a time."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from core.text.tokens import content_stems, words_of
from core.types import Span
from index.search.alignment import (
    PlacedWords,
    matched_words,
    placed,
    sentence_matches,
    topic_pieces,
)
from index.search.highlight import answering_sentence, matched_terms

#       0         1         2         3
#       0123456789012345678901234567890123
TEXT = "Sore necks ease. The ache is mild."
FIRST, SECOND = Span(0, 16), Span(17, 34)
# Where the pieces begin: two of the title, then "sore", "neck", "##s", "ease", ".", and so on.
SORE, NECK, NECKS_END, EASE, STOP, THE, ACHE, IS, MILD = 0, 5, 9, 11, 15, 17, 21, 26, 29


def cosines(*rows: list[float]) -> NDArray[np.float32]:
    return np.array(rows, dtype=np.float32)


def places(*starts: int) -> NDArray[np.int32]:
    return np.array(starts, dtype=np.int32)


def placed_words(text: str) -> PlacedWords:
    return placed(words_of(text))


NONE = np.zeros((0, 0), np.float32), np.zeros(0, np.int32)


def said(spans: tuple[Span, ...], text: str = TEXT) -> list[str]:
    return [text[span.start : span.end] for span in spans]


# -- sentences -------------------------------------------------------------------------------------


def test_a_sentence_matches_by_the_mean_of_its_best_cosine_to_each_piece() -> None:
    found = sentence_matches(
        cosines([0.2, 0.9], [0.6, 0.1], [0.8, 0.0], [0.4, 0.4]),
        places(SORE, NECK, ACHE, MILD),
        [FIRST, SECOND],
    )
    assert found == pytest.approx([(0.6 + 0.9) / 2, (0.8 + 0.4) / 2])


def test_pieces_of_the_title_are_in_no_sentence() -> None:
    found = sentence_matches(
        cosines([1.0], [1.0], [0.3], [0.2]), places(-9, -1, SORE, THE), [FIRST, SECOND]
    )
    assert found == pytest.approx([0.3, 0.2])


def test_a_piece_belongs_to_the_sentence_that_holds_where_it_begins() -> None:
    # The last character of a sentence is its own, the one after it no longer.
    one = sentence_matches(cosines([0.5]), places(FIRST.end - 1), [FIRST, SECOND])
    assert one == pytest.approx([0.5, 0])
    assert sentence_matches(cosines([0.5]), places(FIRST.end), [FIRST, SECOND]) == [0, 0]
    two = sentence_matches(cosines([0.5]), places(SECOND.start), [FIRST, SECOND])
    assert two == pytest.approx([0, 0.5])


def test_a_sentence_without_pieces_matches_zero_and_not_less() -> None:
    # A passage longer than the encoder reads has sentences without pieces.
    assert sentence_matches(cosines([-0.5]), places(SORE), [FIRST, SECOND]) == [-0.5, 0.0]


@pytest.mark.parametrize(
    ("of_pieces", "starts"),
    [
        NONE,
        (np.zeros((0, 3), np.float32), places()),
        (np.zeros((2, 0), np.float32), places(SORE, ACHE)),
    ],
)
def test_without_pieces_of_the_passage_or_of_the_query_every_sentence_matches_zero(
    of_pieces: NDArray[np.float32], starts: NDArray[np.int32]
) -> None:
    assert sentence_matches(of_pieces, starts, [FIRST, SECOND]) == [0, 0]
    assert sentence_matches(of_pieces, starts, []) == []


def test_cosines_of_other_pieces_are_an_error() -> None:
    with pytest.raises(ValueError, match="1 pieces and 2 offsets"):
        sentence_matches(cosines([0.5]), places(SORE, ACHE), [FIRST])


@given(st.integers(0, 2**32 - 1), st.integers(1, 9), st.integers(1, 4))
def test_a_single_sentence_over_all_pieces_has_the_maxsim_of_the_passage(
    seed: int, pieces: int, asked: int
) -> None:
    drawn = np.random.default_rng(seed).uniform(-1, 1, (pieces, asked)).astype(np.float32)
    (found,) = sentence_matches(drawn, np.arange(pieces, dtype=np.int32), [Span(0, pieces)])
    assert found == pytest.approx(drawn.max(axis=0).mean(), abs=1e-6)
    parts = sentence_matches(
        drawn, np.arange(pieces, dtype=np.int32), [Span(i, i + 1) for i in range(pieces)]
    )
    # No sentence matches better than the passage that it is a part of.
    assert max(parts) <= found + 1e-6


# -- pieces of words with a topic ------------------------------------------------------------------


def test_pieces_of_stop_words_signs_and_titles_have_no_topic() -> None:
    starts = places(-4, SORE, NECK, NECKS_END, EASE, STOP, THE, ACHE, IS, MILD)
    found = topic_pieces(starts, placed_words(TEXT))
    assert found.dtype == bool
    assert found.tolist() == [
        *(False, True, True, True, True),
        *(False, False, True, False, True),
    ]


@pytest.mark.parametrize("text", ["it is", "THE", "don’t", "…", ""])
def test_a_text_without_a_topic_has_no_such_piece(text: str) -> None:
    starts = np.arange(len(text), dtype=np.int32)
    assert not topic_pieces(starts, placed_words(text)).any()
    assert topic_pieces(starts, placed_words(text)).shape == starts.shape


@given(st.text(max_size=60))
def test_a_piece_has_a_topic_where_its_character_is_in_a_content_word(text: str) -> None:
    starts = np.arange(len(text), dtype=np.int32)
    found = topic_pieces(starts, placed_words(text))
    inside = {
        place
        for word in words_of(text)
        if content_stems(text[word.start : word.end])
        for place in range(word.start, word.end)
    }
    assert {*np.flatnonzero(found).tolist()} == inside


# -- words that mean the same ----------------------------------------------------------------------


def matched(rows: list[list[float]], starts: list[int]) -> list[str]:
    found = matched_words(cosines(*rows), places(*starts), placed_words(TEXT))
    words = words_of(TEXT)
    return said(tuple(Span(words[i].start, words[i].end) for i in sorted(found)))


def test_a_word_is_marked_whole_when_one_of_its_pieces_is_near_enough() -> None:
    assert matched([[0.1], [0.2], [0.9]], [SORE, NECK, NECKS_END]) == ["necks"]


def test_any_piece_of_the_query_marks_and_words_stay_in_their_order() -> None:
    assert matched([[0.1, 0.8], [0.2, 0.3], [0.9, 0.1]], [SORE, NECK, ACHE]) == ["Sore", "ache"]


def test_the_cut_itself_marks_and_less_does_not() -> None:
    # 0.7 has no exact float32: the next numbers on both sides part what is near.
    exact = np.float32(0.7)
    above = exact if exact >= 0.7 else np.nextafter(exact, np.float32(1))
    below = np.nextafter(above, np.float32(0))
    assert matched([[float(above)], [float(below)]], [SORE, ACHE]) == ["Sore"]


def test_stop_words_signs_and_titles_are_never_marked() -> None:
    assert matched([[1.0]] * 4, [-1, STOP, THE, IS]) == []


def test_without_pieces_no_word_is_marked() -> None:
    words = placed_words(TEXT)
    assert matched_words(*NONE, words) == set()
    assert matched_words(np.zeros((0, 2), np.float32), places(), words) == set()
    assert matched_words(np.zeros((2, 0), np.float32), places(SORE, ACHE), words) == set()
    assert matched_words(cosines([1.0]), places(SORE), placed_words("")) == set()


def test_a_word_is_marked_once() -> None:
    assert matched([[0.9], [0.9], [0.9]], [NECK, NECK + 2, NECKS_END]) == ["necks"]


# -- what is marked with both ----------------------------------------------------------------------


def test_words_are_marked_by_stem_or_by_meaning_each_once_in_their_order() -> None:
    near = cosines([0.75], [0.1], [0.9])
    found = matched_terms(TEXT, {"neck", "sore"}, near, places(SORE, NECK, ACHE))
    assert said(found) == ["Sore", "necks", "ache"]
    assert said(matched_terms(TEXT, {"neck"}, *NONE)) == ["necks"]
    assert said(matched_terms(TEXT, set(), near, places(SORE, NECK, ACHE))) == ["Sore", "ache"]


def test_neither_marks_nothing() -> None:
    assert matched_terms(TEXT, set(), *NONE) == ()
    assert matched_terms("", {"neck"}, *NONE) == ()
    assert matched_terms(TEXT, {"heel"}, cosines([0.6]), places(SORE)) == ()


@given(st.text("neck ache's-\n.", max_size=40), st.integers(0, 2**32 - 1))
def test_marks_are_words_that_do_not_overlap(text: str, seed: int) -> None:
    starts = np.arange(len(text), dtype=np.int32)
    drawn = np.random.default_rng(seed).uniform(0, 1, (len(text), 1)).astype(np.float32)
    found = matched_terms(text, {"neck"}, drawn, starts)
    assert [*found] == sorted({*found})
    assert {*found} <= {Span(word.start, word.end) for word in words_of(text)}
    assert all(re.search(r"\w", text[span.start : span.end]) for span in found)


@pytest.mark.parametrize(
    ("similarities", "matches", "stems", "answering"),
    [
        # cosine + 1.5 * MaxSim + 0.4 * the share of the stems
        ([0.5, 0.4], [0.0, 0.0], set(), FIRST),
        ([0.5, 0.4], [0.3, 0.38], set(), SECOND),  # 0.95 and 0.97
        ([0.5, 0.4], [0.3, 0.36], set(), FIRST),  # 0.95 and 0.94
        ([0.5, 0.4], [0.3, 0.36], {"ach"}, SECOND),  # 0.95 and 1.34
        ([0.5, 0.4], [0.3, 0.3], {"ach", "sore"}, FIRST),  # half of the stems each
        ([0.5, 0.4], [0.3, 0.3], {"ach", "mild", "sore"}, SECOND),  # - 0.1 + 0.13
        ([0.4, 0.4], [0.3, 0.3], set(), FIRST),
        ([-0.9, -0.8], [-0.1, -0.1], set(), SECOND),
    ],
)
def test_the_answering_sentence_has_the_highest_sum(
    similarities: list[float], matches: list[float], stems: set[str], answering: Span
) -> None:
    assert content_stems("ache mild sore") == {"ach", "mild", "sore"}
    found = answering_sentence(TEXT, [FIRST, SECOND], similarities, matches, stems)
    assert found.span == answering


@pytest.mark.parametrize(
    ("similarities", "is_clear"), [([0.5, 0.4], True), ([0.5, 0.46], False), ([0.5, 0.5], False)]
)
def test_a_sentence_is_clear_where_it_leads(similarities: list[float], is_clear: bool) -> None:
    found = answering_sentence(TEXT, [FIRST, SECOND], similarities, [0.0, 0.0], set())
    assert found == (FIRST, is_clear, False)
    assert answering_sentence(TEXT, [FIRST], similarities[:1], [0.0], set()).is_clear


def test_words_of_the_headings_count_less() -> None:
    stems = {"ach", "sore"}  # one in each sentence
    assert answering_sentence(TEXT, [FIRST, SECOND], [0.5, 0.4], [0, 0], stems).span == FIRST
    found = answering_sentence(TEXT, [FIRST, SECOND], [0.5, 0.4], [0, 0], stems, above="Sore necks")
    assert found.span == SECOND


def test_pieces_find_the_sentence_that_cosines_alone_would_not() -> None:
    starts = places(SORE, NECK, ACHE, MILD)
    matches = sentence_matches(cosines([0.1], [0.2], [0.9], [0.3]), starts, [FIRST, SECOND])
    alone = answering_sentence(TEXT, [FIRST, SECOND], [0.5, 0.4], [0.0, 0.0], set())
    found = answering_sentence(TEXT, [FIRST, SECOND], [0.5, 0.4], matches, set())
    assert (alone.span, found.span) == (FIRST, SECOND)


@pytest.mark.parametrize(
    ("similarities", "matches"),
    [([0.1], [0.1, 0.2]), ([0.1, 0.2], [0.1]), ([], [0.1, 0.2]), ([0.1] * 3, [0.1] * 3)],
)
def test_lists_of_other_lengths_are_an_error(
    similarities: list[float], matches: list[float]
) -> None:
    with pytest.raises(ValueError, match="2 sentences"):
        answering_sentence(TEXT, [FIRST, SECOND], similarities, matches, [])
