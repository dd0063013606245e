"""Questions that must find their section, nonsense that must get no answer, notices: all of them.

A question that fails is a defect of the search or of the notices, never of the file, which is the
clinic's own.
"""

import csv
from typing import Any

import pytest

from index.bank.question_bank import question_key
from ingest.preview.invariants import check_invariants, read_invariants
from safety.notices.finder import NoticeFinder
from safety.notices.red_flags_file import read_red_flags
from tests.support.paths import ROOT

CONTENT = ROOT / "content"
INVARIANTS = read_invariants(CONTENT)


@pytest.fixture(scope="module")
def finder(real_index: Any) -> NoticeFinder:
    return NoticeFinder(read_red_flags(CONTENT), real_index.notices)


@pytest.mark.model
@pytest.mark.parametrize("invariant", INVARIANTS, ids=lambda one: one.question)
def test_it_holds_on_the_real_index(invariant: Any, real_index: Any, finder: NoticeFinder) -> None:
    assert check_invariants(real_index, [invariant], finder) == []


def test_no_invariant_is_a_question_of_the_bank() -> None:
    with (CONTENT / "questions.csv").open(encoding="utf-8", newline="") as stream:
        bank = {question_key(row["question"]) for row in csv.DictReader(stream)}
    assert [one.question for one in INVARIANTS if question_key(one.question) in bank] == []


def test_no_invariant_is_an_example_that_the_notices_learn_from() -> None:
    flags = read_red_flags(CONTENT)
    learned = [*flags.benign, *(text for group in flags.groups.values() for text in group.examples)]
    examples = {question_key(text) for text in learned}
    assert [one.question for one in INVARIANTS if question_key(one.question) in examples] == []


def test_there_are_invariants_of_every_kind() -> None:
    assert sum(bool(one.sections) for one in INVARIANTS) >= 27
    assert sum(bool(one.outcomes) for one in INVARIANTS) >= 22
    notices = [one.notice for one in INVARIANTS if one.notice]
    assert notices.count("none") >= 4
    assert len(set(notices)) >= 8
