"""What was learned from labelled rows: computed by hand, and never from the row itself."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from core.models.kernel_ridge import KernelRidge, fit_kernel_ridge
from core.types import BankRow, BankRowKind
from index.bank.bank import (
    Bank,
    best_route,
    find_label,
    fit_bank,
    read_votes,
    section_boosts,
    write_votes,
)
from index.intent.aspects import is_caution

ROWS = [
    BankRow("stiff neck", BankRowKind.QUESTION, ("a#neck",)),
    BankRow("back pain", BankRowKind.QUESTION, ("a#back", "a#neck")),
    BankRow("crick", BankRowKind.VOCABULARY, ("a#neck",)),
    BankRow("price", BankRowKind.QUESTION, (), "cost"),
    BankRow("how much", BankRowKind.ROUTE, (), "cost"),
    BankRow("weather", BankRowKind.QUESTION, (), "off-topic"),
]


def unit_rows(seed: int, rows: int, dimension: int = 5) -> NDArray[np.float64]:
    vectors = np.random.default_rng(seed).normal(size=(rows, dimension))
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


@pytest.fixture
def bank() -> Bank:
    vectors = unit_rows(0, len(ROWS))
    return fit_bank(ROWS, vectors)[0]


def test_one_row_votes_as_a_reader_computes() -> None:
    # One row: the mean is its target, nothing is left to explain, every vote is that target.
    votes, left_out = fit_kernel_ridge(np.eye(1), np.array([[1.0]]), sharpness=2.0, ridge=0.5)
    assert votes.coefficients.tolist() == [[0.0]]
    assert votes.predict(np.array([0.3])).tolist() == [1.0]
    assert left_out.tolist() == [[0.0]]  # no other row says anything


def test_two_rows_vote_as_a_reader_computes() -> None:
    # Cosine 0 between the rows, sharpness 1: K = [[1, e], [e, 1]] with e = exp(-1); ridge 1.
    # Targets 1 and 0 have the mean 1/2; (K + I) A = [1/2, -1/2] gives A = ±(1/2) / (2 - e).
    e = np.exp(-1)
    votes, left_out = fit_kernel_ridge(
        np.eye(2), np.array([[1.0], [0.0]]), sharpness=1.0, ridge=1.0
    )
    a = 0.5 / (2 - e)
    assert votes.coefficients == pytest.approx(np.array([[a], [-a]]))
    # A query at cosine 1 from the first row and 0.5 from the second one.
    expected = a * 1 - a * np.exp(-0.5) + 0.5
    assert votes.predict(np.array([1.0, 0.5])) == pytest.approx([expected])
    # Without itself each row knows the other one's target and nothing else.
    assert left_out == pytest.approx(np.array([[0.0], [1.0]]))


def test_votes_are_cast_for_one_query_or_for_many() -> None:
    votes = KernelRidge(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([0.1, 0.2]), 2.0)
    kernel = np.exp(2.0 * (np.array([[0.5, -1.0], [1.0, 0.0]]) - 1))
    expected = [
        [row[0] + 3 * row[1] + 0.1, 2 * row[0] + 4 * row[1] + 0.2] for row in kernel.tolist()
    ]
    assert votes.predict(np.array([[0.5, -1.0], [1.0, 0.0]])) == pytest.approx(np.array(expected))
    assert votes.predict(np.array([0.5, -1.0])) == pytest.approx(expected[0])


@given(
    seed=st.integers(0, 2**32 - 1),
    rows=st.integers(2, 9),
    targets=st.integers(1, 3),
    sharpness=st.floats(0.1, 8),
    ridge=st.floats(0.01, 2),
)
def test_a_vote_left_out_is_that_of_a_bank_that_never_held_the_row(
    seed: int, rows: int, targets: int, sharpness: float, ridge: float
) -> None:
    vectors = unit_rows(seed, rows)
    alike = vectors @ vectors.T
    wanted = np.random.default_rng(seed).integers(0, 2, size=(rows, targets)).astype(float)
    _, left_out = fit_kernel_ridge(alike, wanted, sharpness=sharpness, ridge=ridge)
    for row in range(rows):
        others = np.arange(rows) != row
        refitted, _ = fit_kernel_ridge(
            alike[np.ix_(others, others)], wanted[others], sharpness=sharpness, ridge=ridge
        )
        np.testing.assert_allclose(left_out[row], refitted.predict(alike[row][others]), atol=1e-9)


@given(seed=st.integers(0, 2**32 - 1))
def test_a_row_left_out_does_not_hear_its_own_label(seed: int) -> None:
    vectors = unit_rows(seed, 6)
    wanted = np.random.default_rng(seed).random((6, 2))
    changed = wanted.copy()
    changed[2] += 7.0
    one, two = (
        fit_kernel_ridge(vectors @ vectors.T, y, sharpness=1.0, ridge=0.1)[1]
        for y in (wanted, changed)
    )
    np.testing.assert_allclose(one[2], two[2], atol=1e-9)


def test_a_bank_knows_which_rows_answer_and_which_are_questions(bank: Bank) -> None:
    assert bank.sections == ("a#back", "a#neck")
    assert bank.routes == ("cost", "off-topic")
    assert bank.answerable.tolist() == [True, True, True, False, False, False]
    assert bank.questions.tolist() == [True, True, False, True, False, True]


def test_section_votes_are_learned_from_answerable_questions_alone() -> None:
    vectors = unit_rows(0, len(ROWS))
    whole, _ = fit_bank(ROWS, vectors)
    part, _ = fit_bank(ROWS[:2], vectors[:2])
    assert whole.voters.tolist() == [True, True, False, False, False, False]
    assert whole.section_votes is not None
    assert part.section_votes is not None
    np.testing.assert_allclose(whole.section_votes.coefficients, part.section_votes.coefficients)


def test_outcome_votes_begin_with_answerable_and_go_on_with_the_routes(bank: Bank) -> None:
    assert bank.outcome_votes is not None
    assert bank.outcome_votes.means == pytest.approx([3 / 6, 2 / 6, 1 / 6])


def test_a_question_of_the_bank_favours_its_own_section() -> None:
    # Two questions at right angles, one a section. With e = exp(-1) and the fixed ridge 0.05 a
    # query equal to the first one gets +-A (1 - e) with A = (1/2) / (1.05 - e) around the mean.
    rows = [BankRow(n, BankRowKind.QUESTION, (f"a#{n}",)) for n in ("neck", "back")]
    bank, _ = fit_bank(rows, np.eye(2))
    e = np.exp(-1)
    expected = 0.5 / (1.05 - e) * (1 - e)
    assert section_boosts(bank, np.array([1.0, 0.0])) == {
        "a#neck": pytest.approx(expected),
        "a#back": pytest.approx(-expected),
    }


def test_far_from_every_question_no_section_gains_from_the_size_of_the_bank() -> None:
    rows = [BankRow(f"q{i}", BankRowKind.QUESTION, ("a#one",)) for i in range(9)]
    bank, _ = fit_bank(rows, np.eye(9))
    assert section_boosts(bank, np.zeros(9)) == {"a#one": pytest.approx(0.0)}


LABELLED = [
    BankRow("what is needling", BankRowKind.QUESTION, ("a#one",)),
    BankRow("side effects", BankRowKind.ROUTE, (), "safety"),
    BankRow("needling", BankRowKind.ROUTE, (), "technique"),
]


def label_of(
    bank: Bank, similarities: NDArray[np.float64], query: str, subject: set[str]
) -> BankRow | None:
    return find_label(bank, similarities, query, subject, asks_caution=is_caution(query))


@pytest.mark.parametrize(
    ("query", "similarities", "same"),
    [
        ("side effects of needling", [0.8, 0.5, 0.1], "side effects"),
        ("side effects of needling on nerves", [0.8, 0.5, 0.1], None),
        ("benefits of needling", [0.8, 0.5, 0.1], None),
        ("what can go wrong", [0.1, 0.9, 0.1], "side effects"),
        ("what can go wrong", [0.1, 0.89, 0.1], None),
        ("what is needling", [0.95, 0.91, 0.1], "what is needling"),
    ],
)
def test_a_row_asks_the_same_when_it_is_nearly_identical_or_has_the_same_topics(
    query: str, similarities: list[float], same: str | None
) -> None:
    bank, _ = fit_bank(LABELLED, np.eye(3))
    found = label_of(bank, np.array(similarities), query, {"needl"})
    assert (found.text if found else None) == same


@pytest.mark.parametrize(("sections", "route"), [(("fees#prices",), None), ((), "booking")])
def test_a_label_goes_before_what_a_card_says_of_itself(
    sections: tuple[str, ...], route: str | None
) -> None:
    card = BankRow("how much does it cost", BankRowKind.ROUTE, (), "cost")
    label = BankRow("how much does it cost", BankRowKind.QUESTION, sections, route)
    for rows in ([card, label], [label, card]):
        bank, _ = fit_bank(rows, np.eye(2))
        assert label_of(bank, np.ones(2), "how much does it cost", set()) is label


def test_a_section_about_one_thing_does_not_answer_for_another_in_like_words() -> None:
    bank, _ = fit_bank(
        [BankRow("does it help a knee", BankRowKind.QUESTION, ("a#one",))], np.eye(1)
    )
    assert label_of(bank, np.array([0.97]), "does it help an elbow", set()) is None


@pytest.mark.parametrize(
    ("row", "query"),
    [
        ("who should have needling", "who should not have needling"),
        ("who is it suitable for", "who is it not suitable for"),
    ],
)
def test_questions_that_want_opposite_things_are_not_the_same(row: str, query: str) -> None:
    for one, other in ((row, query), (query, row)):
        label = BankRow(one, BankRowKind.QUESTION, ("a#one",))
        bank, _ = fit_bank([label], np.eye(1))
        assert label_of(bank, np.array([0.99]), one, set()) is label
        assert label_of(bank, np.array([0.99]), other, set()) is None
        bank, _ = fit_bank([BankRow(one, BankRowKind.ROUTE, (), "safety")], np.eye(1))
        assert label_of(bank, np.array([0.99]), other, set()) is None


def test_an_empty_bank_labels_nothing_and_one_without_answers_favours_no_section() -> None:
    bank, _ = fit_bank([], np.zeros((0, 4)))
    assert label_of(bank, np.zeros(0), "neck", set()) is None
    bank, _ = fit_bank(ROWS[3:], np.eye(3))
    assert section_boosts(bank, np.ones(3)) == {}


def test_the_route_with_most_votes_is_named(bank: Bank) -> None:
    assert best_route(bank, np.array([9.0, 0.1, 0.2])) == "off-topic"
    assert best_route(bank, np.array([9.0, 0.2, 0.1])) == "cost"


@pytest.mark.parametrize(
    "rows", [ROWS, ROWS[:3], ROWS[3:], ROWS[3:4], ROWS[:1], []],
    ids=["all", "answers", "routes", "one route", "one answer", "none"],
)  # fmt: skip
def test_any_bank_is_fitted_and_read_back_as_it_was_written(
    rows: list[BankRow], tmp_path: Path
) -> None:
    vectors = unit_rows(1, len(rows)) if rows else np.zeros((0, 5))
    bank, left_out = fit_bank(rows, vectors)
    write_votes(bank, tmp_path / "votes.npz")
    again = read_votes(tmp_path / "votes.npz", rows)
    assert (again.sections, again.routes) == (bank.sections, bank.routes)
    assert again.answerable.tolist() == bank.answerable.tolist()
    assert again.questions.tolist() == bank.questions.tolist()
    for one, two in (
        (bank.section_votes, again.section_votes),
        (bank.outcome_votes, again.outcome_votes),
    ):
        assert (one is None) == (two is None)
        if one and two:
            assert one.sharpness == two.sharpness
            np.testing.assert_array_equal(one.coefficients, two.coefficients)
            np.testing.assert_array_equal(one.means, two.means)
    query = np.linspace(-1, 1, len(rows))
    assert section_boosts(again, query) == section_boosts(bank, query)
    voters, routes = int(bank.voters.sum()), len({r.route for r in rows} - {None})
    if rows:
        assert left_out.section_votes.shape == (voters, len(bank.sections))
        assert left_out.outcome_votes.shape == (len(rows), 1 + routes)
    assert (best_route(again, np.zeros(1 + routes)) is None) == (not routes)
