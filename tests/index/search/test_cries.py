"""Cries for help in words that no list knows are met and not searched."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.types import Outcome
from index.intent.aspects import Aspect
from index.search.pipeline import Explanation, explain, respond, search
from index.search.prepared_query import prepare_query
from index.store.opened import OpenIndex


@pytest.mark.parametrize(
    "question",
    [
        "will somebody please do something i cannot live with this pain",
        "somebody answer me please im begging you i cant bear it",
    ],
)
def test_despair_in_free_words_is_met_and_not_searched(
    real_index: OpenIndex, question: str
) -> None:
    response = search(real_index, question)
    assert (response.is_cry, response.results) == (True, ())


@pytest.mark.parametrize(
    "question",
    [
        *("what is dry needling", "whats your phone number", "what could go wrong", "hhhhhh"),
        "my sholder is killing me can needling help",
    ],
)
def test_a_question_is_no_cry(real_index: OpenIndex, question: str) -> None:
    assert not search(real_index, question).is_cry


@pytest.mark.parametrize(
    ("aspect", "is_cry"), [(None, True), (Aspect.HURT, True), (Aspect.LEAVE, False)]
)
def test_a_question_of_caution_is_never_taken_for_a_cry(
    real_index: OpenIndex, aspect: Aspect | None, is_cry: bool
) -> None:
    query = replace(prepare_query(real_index, "my neck"), sounds_like_cry=True)
    explanation = Explanation(query, aspect=aspect, outcome=Outcome.ANSWER)
    assert respond(real_index, explanation).is_cry is is_cry


def test_a_question_that_the_bank_labels_is_never_taken_for_a_cry(real_index: OpenIndex) -> None:
    row = next(row for row in real_index.bank.rows if row.sections)
    query = replace(prepare_query(real_index, row.text), sounds_like_cry=True)
    response = respond(real_index, explain(real_index, query))
    assert not response.is_cry
    assert response.results[0].passage.section_id in row.sections
