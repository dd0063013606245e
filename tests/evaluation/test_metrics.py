"""Metrics by hand, by their limits, and against an independent implementation."""

from typing import Any

import ir_measures
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ir_measures import AP, RR, R, Success, nDCG

from evaluation.metrics import (
    average_precision,
    estimate,
    hit,
    ndcg,
    paired_difference,
    recall,
    reciprocal_rank,
)

RANKED = ["a", "b", "c", "d"]
RELEVANCE = {"b": 1, "d": 3, "x": 1}


def test_values_computed_by_hand() -> None:
    assert hit(RANKED, RELEVANCE, 1) == 0.0
    assert hit(RANKED, RELEVANCE, 2) == 1.0
    assert recall(RANKED, RELEVANCE, 4) == pytest.approx(2 / 3)
    assert reciprocal_rank(RANKED, RELEVANCE, 4) == 0.5
    assert average_precision(RANKED, RELEVANCE, 4) == pytest.approx((1 / 2 + 2 / 4) / 3)
    # gains 0 1 0 3, ideal 3 1 1: discounts 1, 0.63093, 0.5, 0.43068
    expected = (0.6309298 + 3 * 0.4306766) / (3 + 0.6309298 + 0.5)
    assert ndcg(RANKED, RELEVANCE, 4) == pytest.approx(expected, abs=1e-6)


@given(
    st.permutations(list("abcdefgh")),
    st.dictionaries(st.sampled_from("abcdefghij"), st.integers(1, 3), min_size=1),
    st.integers(1, 10),
)
def test_an_independent_implementation_gives_the_same(
    ranked: list[str], relevance: dict[str, int], k: int
) -> None:
    run = {"q": {doc: float(-rank) for rank, doc in enumerate(ranked)}}
    measures: dict[Any, float] = {
        nDCG @ k: ndcg(ranked, relevance, k),
        AP @ k: average_precision(ranked, relevance, k),
        RR @ k: reciprocal_rank(ranked, relevance, k),
        R @ k: recall(ranked, relevance, k),
        Success @ k: hit(ranked, relevance, k),
    }
    theirs = ir_measures.calc_aggregate(list(measures), {"q": relevance}, run)
    for measure, ours in measures.items():
        assert 0 <= ours <= 1
        assert ours == pytest.approx(theirs[measure]), str(measure)


def test_no_relevant_document_gives_zero_and_not_an_error() -> None:
    for metric in (hit, recall, reciprocal_rank, average_precision, ndcg):
        assert metric(RANKED, {}, 10) == 0.0


def test_an_interval_holds_its_mean_and_is_the_same_every_time() -> None:
    found = estimate([0, 1, 1, 1] * 20)
    assert found == estimate([0, 1, 1, 1] * 20)
    assert (found.mean, found.n) == (0.75, 80)
    assert 0.6 < found.low < 0.75 < found.high < 0.9
    assert estimate([]).n == 0
    assert estimate([]).mean != estimate([]).mean


def test_a_paired_difference_needs_pairs() -> None:
    assert paired_difference([1, 1], [0, 1]).mean == 0.5
    with pytest.raises(ValueError, match="cannot be paired"):
        paired_difference([1], [])
