"""Questions that must find their section, and nonsense that must get no answer: all of them.

The file is frozen: a question that fails is a defect of the search, never of the file.
"""

import csv
from typing import Any

import pytest

from index.search import search
from index.types import Outcome
from tests.conftest import ROOT

pytestmark = pytest.mark.model


def invariants(*, answerable: bool) -> list[tuple[str, str]]:
    with (ROOT / "tests" / "invariants.csv").open(encoding="utf-8", newline="") as stream:
        rows = [(row["question"], row["section"]) for row in csv.DictReader(stream)]
    return [row for row in rows if bool(row[1]) is answerable]


def bank_texts() -> set[str]:
    with (ROOT / "content" / "questions.csv").open(encoding="utf-8", newline="") as stream:
        return {row["question"].casefold().strip(" ?.!") for row in csv.DictReader(stream)}


@pytest.mark.parametrize(("question", "section"), invariants(answerable=True))
def test_a_clear_question_finds_its_section_in_the_first_three(
    question: str, section: str, real_index: Any
) -> None:
    found = [r.passage.section_id for r in search(real_index, question, k=3).results]
    assert section in found


@pytest.mark.parametrize(("question", "section"), invariants(answerable=False))
def test_nonsense_is_not_answered(question: str, section: str, real_index: Any) -> None:
    assert search(real_index, question).outcome is not Outcome.ANSWER


def test_no_invariant_is_a_question_of_the_bank() -> None:
    texts = bank_texts()
    both = [*invariants(answerable=True), *invariants(answerable=False)]
    assert len(both) >= 45
    assert [question for question, _ in both if question.casefold().strip(" ?.!") in texts] == []
