"""Every word of a file is in its article, or in the list of what was left out, or it is missed."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.types import Article, Section, Span
from index.store.manifest import WordCount
from ingest.explain.words import SEAM, account, cleaned, places, texts_of, words_of


def lost(own: str, *article: str, left_out: tuple[str, ...] = ()) -> list[str]:
    return list(account(own, article, left_out).lost.elements())


def test_each_word_is_in_the_article_or_left_out_or_lost() -> None:
    found = account(
        "Home Knee pain. Rest the knee, not with a pacemaker. Home",
        ["Knee pain", "Rest the knee"],
        ["Home", "Home"],
    )
    assert found.count == WordCount(5, 2, 4, ("with", "pacemaker"))
    assert found.lost == Counter(["not", "with", "a", "pacemaker"])
    assert found.left_out == Counter(home=2)
    assert found.count.share_kept == 5 / 9  # what was left out with a reason takes no part


def test_a_word_that_occurs_twice_must_occur_twice() -> None:
    assert lost("never more than 4 , never", "never more than 4") == ["never"]


def test_capitals_order_and_white_space_make_no_difference() -> None:
    assert lost("Left column\nRIGHT\tcolumn", "right column left column") == []


@pytest.mark.parametrize(
    ("own", "article"),
    [
        ("ﬁnger", "finger"),
        ("10 m²", "10 m2"),
        ("shoul\u00adder", "shoulder"),
        ("\u2714 Rest", "\u2713 rest"),
        ("Straße", "STRASSE"),
    ],
)
def test_signs_that_look_alike_are_alike(own: str, article: str) -> None:
    assert lost(own, article) == []


def test_a_lost_tick_or_cross_is_a_lost_word() -> None:
    assert lost("\u2713 Walk\n\u2717 Run", "- Walk\n- Run") == ["\u2713", "\u2717"]


@pytest.mark.parametrize("article", ["shoulder", "shoul der", "shoul-der"])
def test_a_word_with_a_seam_may_be_one_or_two(article: str) -> None:
    assert lost(f"The shoul{SEAM}der", f"the {article}") == []


def test_a_seam_forgives_no_loss() -> None:
    assert lost(f"self{SEAM}care a{SEAM}b{SEAM}c", "self ab") == ["care", "c"]
    assert lost(f"a{SEAM}b a{SEAM}b", "ab") == ["a", "b"]


def test_words_that_the_article_cuts_are_lost() -> None:
    assert lost("A painful finger", "A painful f inger") == ["finger"]


def test_scripts_without_spaces_are_compared_letter_by_letter() -> None:
    assert lost("肩关节\n疼痛", "肩关节疼痛") == []
    assert lost("肩关节疼痛", "肩节疼痛") == ["关"]


def test_nothing_lost_of_nothing() -> None:
    assert account("", [], []).count == WordCount(0)
    assert WordCount(0).share_kept == 1.0


def test_examples_are_long_words_in_the_order_of_the_file() -> None:
    found = account("an x of zebra yellow wheat violet umber tan", [], []).count
    assert found.examples == ("zebra", "yellow", "wheat", "violet", "umber")
    assert account("no ox", [], []).count.examples == ("no", "ox")


# -- the article's texts -------------------------------------------------------------------------


def article(text: str, *sections: tuple[tuple[str, ...], str]) -> Article:
    made = tuple(
        Section(f"a#{n}", path, Span(text.index(body), text.index(body) + len(body)))
        for n, (path, body) in enumerate(sections)
    )
    return Article("a", text.partition("\n\n")[0], text, made, "a.txt", "0" * 64)


def test_a_heading_counts_once_for_the_sections_under_it() -> None:
    made = article(
        "T\n\nA\n\nB\n\nbody one\n\nC\n\nbody two\n\nC\n\nbody three",
        (("A", "B"), "body one"),
        (("A", "C"), "body two"),
        (("A", "C"), "body three"),
    )
    assert list(texts_of(made)) == ["T", "A", "B", "body one", "C", "body two", "C", "body three"]


def test_a_heading_without_a_section_counts_as_lost() -> None:
    made = article("T\n\nA\n\nbody\n\nEmpty words", (("A",), "body"))
    assert lost(made.text, *texts_of(made)) == ["empty", "words"]


def test_text_before_any_heading_counts_once() -> None:
    made = article("body first\n\nbody second", ((), "body first\n\nbody second"))
    assert list(texts_of(made)) == ["body first", "body first\n\nbody second"]


# -- where ---------------------------------------------------------------------------------------


def where(own: str, wanted: str, *beside: str) -> list[str]:
    found = places(own, Counter(wanted.split()), beside)
    return [f"{own[: span.start]}[{own[span.start : span.end]}]" for span in found]


def test_of_equal_words_the_one_with_other_neighbours_is_marked() -> None:
    own = "take two tablets and take more"
    assert where(own, "take", "take two tablets") == ["take two tablets and [take]"]
    assert where(own, "take", "and take more") == ["[take]"]


@given(st.text(max_size=60), st.lists(st.text(max_size=30), max_size=3), st.text(max_size=20))
def test_figures_add_up_and_lost_words_are_found(own: str, texts: list[str], left: str) -> None:
    found = account(own, texts, [left])
    own = cleaned(own)
    assert found.kept + found.left_out.total() + found.lost.total() == len(words_of(own))
    spans = places(own, found.lost, texts)
    assert Counter(w for s in spans for w in words_of(own[s.start : s.end])) == found.lost
    assert all(a.end <= b.start for a, b in pairwise(spans))


@given(st.lists(st.sampled_from(["knee", "pain", "4", "\u2713", SEAM, " ", "\n"]), max_size=30))
def test_a_file_loses_nothing_to_its_own_text(parts: list[str]) -> None:
    own = "".join(parts)
    assert not account(own, [own], []).lost
    assert not account(own, [own.replace(SEAM, "")], []).lost or own.count(SEAM) > 1
    assert not account(own, [], [own]).lost


def test_a_word_that_runs_from_right_to_left_counts_from_either_end() -> None:
    word = "\u05db\u05ea\u05e3"
    assert not account(word[::-1], [word], []).lost
    assert account("abc", ["cba"], []).lost
