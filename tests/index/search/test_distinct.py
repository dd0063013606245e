"""No passage says what another one said, and no section fills the list."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.types import Passage
from index.search.distinct import _alike, distinct
from index.search.ranking import Candidate
from index.store.arrow_rows import Rows
from index.store.arrow_schema import passage_rows, passages_table

NUMBERS = np.zeros(0, np.float32)


def candidates(*ids: str) -> list[Candidate]:
    """Return candidates of passages with these ids, best first; row i is of id i."""
    return [
        Candidate(
            passage=row,
            id=name,
            score=1 - row / 100,
            own_score=1 - row / 100,
            coverage=0.0,
            late=0.0,
            rows=np.zeros(0, np.int64),
            similarities=NUMBERS,
            best=NUMBERS,
        )
        for row, name in enumerate(ids)
    ]


def stored(texts: list[str]) -> Rows[Passage]:
    """Return passages with these texts, as an index stores them."""
    return passage_rows(
        passages_table(Passage("a#s/1", "a", "a#s", "A", "S", (), text, 0, 1) for text in texts)
    )


def kept(**texts: str) -> list[str]:
    """Return the names of the passages that are kept, each of a section of its own."""
    return shown([(f"{name}#s/1", text) for name, text in texts.items()], "#")


def shown(passages: list[tuple[str, str]], until: str = "") -> list[str]:
    index: Any = SimpleNamespace(passages=stored([text for _, text in passages]))
    found = distinct(index, candidates(*(name for name, _ in passages)))
    return [one.id.partition(until)[0] if until else one.id for one in found]


def words(*numbers: int) -> str:
    """Return a text of words that share no stem: `w1x w2x`."""
    return " ".join(f"w{number}x" for number in numbers)


TEN = range(10)


def test_nothing_and_one_passage_stay_what_they_are() -> None:
    assert shown([]) == []
    assert shown([("a#s/1", "A stiff neck.")]) == ["a#s/1"]
    assert shown([("a#s/1", "")]) == ["a#s/1"]


def test_the_same_text_in_two_articles_takes_one_place_and_the_better_one_stays() -> None:
    assert kept(a="A stiff neck is common.", b="A stiff neck is common.", c="Rest.") == ["a", "c"]
    assert kept(b="A stiff neck is common.", c="Rest.", a="A stiff neck is common.") == ["b", "c"]


def test_case_spaces_signs_and_forms_of_words_make_no_other_text() -> None:
    assert kept(a="Stiff necks ease.", b="stiff NECK,\n  easing…") == ["a"]


def test_every_further_copy_is_left_out() -> None:
    assert kept(**dict.fromkeys("abcd", "A stiff neck is common.")) == ["a"]


@pytest.mark.parametrize(
    ("other", "is_same"),
    [
        (words(*TEN), True),
        (words(*TEN, 10), True),  # 10 of 11 are common
        (words(*TEN, 10, 11), False),  # 10 of 12
        (words(*range(9)), True),  # 9 of 10, the cut itself
        (words(*range(8)), False),
        (words(*range(9), 10), False),  # 9 of 11
        (words(*TEN, *TEN), True),  # repetitions say nothing new
        (words(*reversed(TEN)), True),
        (words(0), False),
        ("", False),
    ],
)
def test_nine_of_ten_common_words_are_the_same(other: str, is_same: bool) -> None:
    assert kept(a=words(*TEN), b=other) == (["a"] if is_same else ["a", "b"])
    assert kept(b=other, a=words(*TEN)) == (["b"] if is_same else ["b", "a"])


def test_a_text_is_compared_with_the_kept_ones_only() -> None:
    # Each says the same as the one before it; the third is another text than the first.
    first, second, third = words(*TEN), words(*TEN, 10), words(*TEN, 10, 11)
    assert kept(a=first, b=second, c=third) == ["a", "c"]


def test_texts_that_differ_in_a_negation_are_both_shown() -> None:
    assert kept(
        a="Needling is safe while you are pregnant.", b="Needling is not safe while pregnant."
    ) == ["a", "b"]


def test_texts_of_stop_words_only_are_the_same_only_when_equal() -> None:
    assert kept(a="What is it?", b="When do I get it?") == ["a", "b"]


def of_sections(*ids: str) -> list[str]:
    """Return the order of passages, each with a text of its own."""
    return shown([(name, words(row)) for row, name in enumerate(ids)])


def test_the_third_passage_of_a_section_comes_after_those_of_others() -> None:
    assert of_sections("a#s/1", "a#s/2", "a#s/3", "b#s/1", "c#s/1") == [
        *("a#s/1", "a#s/2"),
        *("b#s/1", "c#s/1"),
        "a#s/3",
    ]


def test_a_section_fills_the_list_where_there_is_nothing_else() -> None:
    ids = [f"a#s/{n}" for n in range(1, 6)]
    assert of_sections(*ids) == ids


def test_two_sections_of_an_article_are_two() -> None:
    ids = ["a#s/1", "a#t/1", "a#s/2", "a#t/2"]
    assert of_sections(*ids) == ids


def test_further_passages_of_several_sections_keep_their_order() -> None:
    assert of_sections("a#s/1", "a#s/2", "b#s/1", "b#s/2", "b#s/3", "a#s/3", "c#s/1", "b#s/4") == [
        *("a#s/1", "a#s/2", "b#s/1", "b#s/2", "c#s/1"),
        *("b#s/3", "a#s/3", "b#s/4"),
    ]


def test_a_copy_takes_no_place_of_its_section() -> None:
    text = words(0)
    found = shown(
        [("a#s/1", text), ("a#s/2", text), ("a#s/3", words(1)), ("b#s/1", words(2))],
    )
    assert found == ["a#s/1", "a#s/3", "b#s/1"]


def test_a_copy_in_another_section_takes_no_place_of_a_third_passage() -> None:
    found = shown(
        [
            *(("a#s/1", words(0)), ("a#s/2", words(1)), ("a#s/3", words(2))),
            *(("b#s/1", words(2)), ("c#s/1", words(3))),
        ]
    )
    assert found == ["a#s/1", "a#s/2", "c#s/1", "a#s/3"]


def test_beyond_the_twenty_best_nothing_is_read() -> None:
    class Passages(Rows[Passage]):
        def numbers(self, name: str, rows: Sequence[int]) -> list[int]:
            assert max(rows) < 20
            return super().numbers(name, rows)

    table = stored([words(row) for row in range(30)]).table
    index: Any = SimpleNamespace(passages=Passages(table, lambda row: row["id"]))
    given_in = candidates(*(f"a{row}#s/1" for row in range(30)))
    assert distinct(index, given_in) == given_in


def test_what_comes_after_the_twenty_best_stays_after_them() -> None:
    ids = [*(f"a#s/{n}" for n in range(1, 21)), "b#s/1", "c#s/1"]
    assert of_sections(*ids) == ids


passages = st.lists(
    st.tuples(st.sampled_from(["a#s", "a#t", "b#s"]), st.integers(0, 9)), max_size=30
)


@given(passages)
def test_nothing_is_invented_the_best_comes_first_and_sections_keep_their_order(
    drawn: list[tuple[str, int]],
) -> None:
    texts = [(f"{section}/{row}", words(number)) for row, (section, number) in enumerate(drawn)]
    found = shown(texts)
    order = [name for name, _ in texts]
    assert len({*found}) == len(found)
    assert {*found} <= {*order}
    assert found[:1] == order[:1]
    for section in ("a#s", "a#t", "b#s"):
        rows = [order.index(name) for name in found if name.startswith(section)]
        assert rows == sorted(rows)
    # Each text is said, once among the best.
    said = dict(texts)
    best = [said[name] for name in found if order.index(name) < 20]
    assert sorted(best) == sorted({text for _, text in texts[:20]})


@given(passages)
def test_what_is_distinct_stays_as_it_is(drawn: list[tuple[str, int]]) -> None:
    texts = [(f"{section}/{row}", words(number)) for row, (section, number) in enumerate(drawn)]
    once = shown(texts[:20])
    assert shown([(name, dict(texts)[name]) for name in once]) == once


@given(st.lists(st.sets(st.integers(0, 60), max_size=40), min_size=2, max_size=6))
def test_signatures_rule_out_no_passage_that_says_the_same(said: list[set[int]]) -> None:
    shares = [len(one & other) >= 0.9 * len(one | other) for one in said for other in said]
    index: Any = SimpleNamespace(passages=stored([words(*sorted(one)) for one in said]))
    alike = [may for row in _alike(index, range(len(said))) for may in row]
    assert all(may for may, same in zip(alike, shares, strict=True) if same)
