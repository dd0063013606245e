"""What speaks for an answer without a bank: each number by hand, and the model that weighs it."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.types import Encoded, Outcome
from index.search import decision, evidence
from index.search.decision import (
    UNCALIBRATED_ANSWER_FROM,
    UNCALIBRATED_RELATED_FROM,
    decide_without_bank,
)
from index.search.evidence import EVIDENCE, Evidence, GeneralModel, evidence_of, general_model
from index.search.ranking import Candidate
from index.vectors.token_vectors import TokenVectors, passage_tokens

NAN = math.nan
SHA256 = "e" * 64
# The pieces of three passages: both axes, the first one, none.
AXES = np.array([[1, 0], [0, 1]], dtype=np.float32)
TOKENS = TokenVectors(
    [
        passage_tokens(Encoded(AXES[0], one, np.arange(len(one), dtype=np.int32)), 0)
        for one in (AXES, AXES[:1], AXES[:0])
    ],
    2,
)


def index(sha256: str = SHA256, tokens: TokenVectors = TOKENS) -> Any:
    return SimpleNamespace(
        tokens=tokens,
        manifest=SimpleNamespace(encoder=SimpleNamespace(sha256=sha256)),
        passages=[SimpleNamespace(title="Backs", path=(), text="They ache.")],
    )


def query(normalized: str = "stiff neck", *pieces: list[float]) -> Any:
    return SimpleNamespace(
        normalized=normalized,
        tokens=np.array(pieces or np.zeros((0, 2)), dtype=np.float32).reshape(-1, 2),
    )


def candidate(own_score: float, passage: int = 0, **numbers: Any) -> Candidate:
    # text, heading and sentence
    best = np.array(numbers.pop("best", (0.5, NAN, 0.6)), dtype=np.float32)
    given_in = {"score": own_score, "coverage": 0.0, "late": 0.0, **numbers}
    return Candidate(
        passage=passage,
        id=f"a#s/{passage + 1}",
        own_score=own_score,
        rows=np.zeros(0, np.int64),
        similarities=np.zeros(0, np.float32),
        best=best,
        **given_in,
    )


def found(*candidates: Candidate, asked: Any = None) -> Evidence:
    evidence = evidence_of(index(), asked or query(), candidates, candidates)
    assert evidence
    return evidence


# -- the evidence ----------------------------------------------------------------------------------


def test_no_candidates_are_no_evidence() -> None:
    assert evidence_of(index(), query(), [], [candidate(0.7)]) is None


def test_a_single_candidate_has_its_own_numbers_and_no_lead() -> None:
    one = candidate(0.7, coverage=0.25, late=0.65)
    assert found(one).as_row() == pytest.approx(
        # score, late, worst pieces, text, sentence, coverage, leads, best late and sentence, stems
        [0.7, 0.65, 0, 0.5, 0.6, 0.25, 0, 0, 0.65, 0.6, 0.2]
    )


def test_the_best_by_its_own_score_speaks_wherever_it_stands() -> None:
    # Boosts of the bank order the list; they are no evidence.
    boosted = candidate(0.4, passage=1, score=2.0, coverage=0.9, late=0.8, best=(0.3, NAN, 0.9))
    best = candidate(0.7, score=0.7, coverage=0.1, late=0.6)
    for order in ((boosted, best), (best, boosted)):
        evidence = found(*order)
        assert (evidence.score, evidence.late, evidence.coverage) == (0.7, 0.6, 0.1)
        assert (evidence.text, evidence.sentence) == pytest.approx((0.5, 0.6))
        assert evidence.lead == evidence.long_lead == pytest.approx(0.3)
        assert evidence.best_late == 0.8
        assert evidence.best_sentence == pytest.approx(0.9)


def test_of_equals_the_first_speaks_and_does_not_lead() -> None:
    evidence = found(candidate(0.5, late=0.1), candidate(0.5, passage=1, late=0.2))
    assert (evidence.late, evidence.lead, evidence.long_lead) == (0.1, 0, 0)


@pytest.mark.parametrize(
    ("count", "lead", "long_lead"),
    [(1, 0, 0), (2, 0.01, 0.01), (9, 0.01, 0.08), (10, 0.01, 0.09), (11, 0.01, 0.09)],
)
def test_leads_are_over_the_best_and_the_ninth_other_one_or_the_last(
    count: int, lead: float, long_lead: float
) -> None:
    evidence = found(*(candidate(0.9 - n / 100, passage=n) for n in range(count)))
    assert (evidence.lead, evidence.long_lead) == pytest.approx((lead, long_lead))


def test_leads_are_also_over_passages_that_do_not_fit_the_intent() -> None:
    fits = candidate(0.6)
    others = [candidate(0.6 + n / 100, passage=n) for n in range(1, 11)]
    evidence = evidence_of(index(), query(), [fits], [*others, fits])
    assert evidence
    assert (evidence.score, evidence.best_late) == (0.6, fits.late)
    assert (evidence.lead, evidence.long_lead) == pytest.approx((-0.1, -0.02))


def test_without_a_sentence_the_text_counts() -> None:
    evidence = found(candidate(0.7, best=(0.5, NAN, NAN)), candidate(0.6, best=(0.55, 0.9, NAN)))
    assert evidence.sentence == pytest.approx(0.5)
    assert evidence.best_sentence == pytest.approx(0.55)  # a heading is no sentence
    assert np.isfinite(evidence.as_row()).all()


def test_a_sentence_below_the_text_counts_as_it_is() -> None:
    assert found(candidate(0.7, best=(0.5, NAN, 0.2))).sentence == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("pieces", "worst"),
    [
        ([], 0),
        ([[1, 0]], 1),
        ([[0.6, 0.8]], 0.8),
        ([[0.6, 0.8], [1, 0]], 0.8),  # a third of two is one
        ([[0.6, 0.8], [1, 0], [0, 1]], 0.8),
        ([[0.6, 0.8], [0.8, 0.6], [1, 0], [0, 1], [-1, 0], [1, 0]], (0 + 0.8) / 2),
        ([[-1, 0]], 0),
        ([[-0.8, -0.6]], -0.6),
    ],
)
def test_worst_pieces_are_the_mean_of_the_worst_third(
    pieces: list[list[float]], worst: float
) -> None:
    evidence = found(candidate(0.7), asked=query("neck", *pieces))
    assert evidence.worst_pieces == pytest.approx(worst, abs=0.01)  # rounded to 8 bits


def test_worst_pieces_are_those_of_the_best_candidate_and_zero_without_pieces() -> None:
    asked = query("neck", [0, 1])
    first, second, third = (candidate(0.7 - row / 10, passage=row) for row in range(3))
    assert found(first, second, asked=asked).worst_pieces == pytest.approx(1)
    assert found(second, third, asked=asked).worst_pieces == 0
    assert found(third, asked=asked).worst_pieces == 0


def test_an_encoder_without_pieces_leaves_zero() -> None:
    nothing = np.zeros((0, 0), np.float32)
    pieces = passage_tokens(Encoded(AXES[0], nothing, np.zeros(0, np.int32)), 0)
    asked = SimpleNamespace(normalized="neck", tokens=nothing)
    evidence = evidence_of(index(tokens=TokenVectors([pieces], 0)), asked, [candidate(0.7)], [])  # type: ignore[arg-type]
    assert evidence
    assert evidence.worst_pieces == 0


@pytest.mark.parametrize(
    ("text", "stems"),
    [
        ("", 0),
        ("what is it", 0),
        ("neck necks NECK", 0.1),
        ("stiff neck and sore back", 0.4),
        ("one two three four five six seven eight nine ten", 1),
        ("one two three four five six seven eight nine ten eleven twelve", 1),
    ],
)
def test_content_words_are_counted_up_to_ten_each_once(text: str, stems: float) -> None:
    assert found(candidate(0.7), asked=query(text)).stems == pytest.approx(stems)


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=15))
def test_leads_are_never_negative_and_the_score_is_the_highest(scores: list[float]) -> None:
    evidence = found(*map(candidate, scores))
    assert evidence.score == max(scores)
    assert 0 <= evidence.lead <= evidence.long_lead


def test_a_row_has_the_numbers_in_the_order_of_their_names() -> None:
    one = Evidence(*map(float, range(len(EVIDENCE))))
    assert one.as_row().tolist() == list(range(len(EVIDENCE)))
    assert one.as_row().dtype == np.float64
    assert tuple(dataclasses.asdict(one)) == EVIDENCE


# -- the model -------------------------------------------------------------------------------------


def weighing(*, encoder: str = SHA256, intercept: float = 0.0, **of: float) -> GeneralModel:
    return GeneralModel(
        encoder=encoder,
        evidence=EVIDENCE,
        coefficients=tuple(of.get(name, 0.0) for name in EVIDENCE),
        intercept=intercept,
        answer_from=1.5,
        related_from=-0.5,
    )


def test_the_logit_is_what_a_reader_computes() -> None:
    evidence = found(candidate(0.75, coverage=0.5, late=0.25), candidate(0.5, passage=1, late=0.5))
    model = weighing(intercept=-2, score=4, coverage=1, late=-2, lead=3, best_late=10)
    # -2 + 4 * 0.75 + 0.5 - 2 * 0.25 + 3 * 0.25 + 10 * 0.5
    assert model.logit(evidence) == pytest.approx(6.75)
    assert weighing(intercept=-2).logit(evidence) == -2


@pytest.mark.parametrize("name", EVIDENCE)
def test_each_coefficient_weighs_the_number_of_its_name(name: str) -> None:
    numbers = Evidence(*(1 + n / 10 for n in range(len(EVIDENCE))))
    assert weighing(**{name: 2.0}).logit(numbers) == pytest.approx(2 * getattr(numbers, name))


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A file in place of the shipped one, which no other test may have read before or after."""
    monkeypatch.setattr(evidence, "FILE", tmp_path / "model.json")
    general_model.cache_clear()
    yield tmp_path / "model.json"
    general_model.cache_clear()


def ship(path: Path, model: GeneralModel, **changed: Any) -> None:
    path.write_text(json.dumps(dataclasses.asdict(model) | changed), encoding="utf-8")
    general_model.cache_clear()


def test_the_model_is_read_as_it_was_written_for_its_encoder_only(shipped: Path) -> None:
    model = weighing(intercept=-2, score=4)
    ship(shipped, model)
    assert general_model(SHA256) == model
    assert general_model("f" * 64) is None
    assert general_model("") is None


@pytest.mark.parametrize(
    "names", [EVIDENCE[:-1], EVIDENCE[::-1], (*EVIDENCE, "mood"), (*EVIDENCE[:-1], "mood"), ()]
)
def test_a_model_over_other_evidence_is_none(shipped: Path, names: tuple[str, ...]) -> None:
    ship(shipped, weighing(), evidence=names)
    assert general_model(SHA256) is None


def test_the_shipped_model_is_over_this_evidence_or_for_no_encoder() -> None:
    record = json.loads(evidence.FILE.read_text(encoding="utf-8"))
    assert set(record) == {field.name for field in dataclasses.fields(GeneralModel)}
    if record["encoder"]:
        assert tuple(record["evidence"]) == EVIDENCE
        assert len(record["coefficients"]) == len(EVIDENCE)
        assert record["related_from"] <= record["answer_from"]


# -- the decision ----------------------------------------------------------------------------------


def outcome(*candidates: Candidate, sha256: str = SHA256) -> Outcome:
    return decide_without_bank(index(sha256), query(), candidates)


@pytest.mark.parametrize("has_model", [True, False])
def test_without_candidates_nothing_covers_the_query(shipped: Path, has_model: bool) -> None:
    ship(shipped, weighing(intercept=99, encoder=SHA256 if has_model else ""))
    assert outcome() is Outcome.NOT_COVERED


@pytest.mark.parametrize(
    ("logit", "expected"),
    [
        (99.0, Outcome.ANSWER),
        (1.5, Outcome.ANSWER),
        (np.nextafter(1.5, 0), Outcome.RELATED),
        (-0.5, Outcome.RELATED),
        (np.nextafter(-0.5, -1), Outcome.NOT_COVERED),
        (-99.0, Outcome.NOT_COVERED),
    ],
)
def test_the_cuts_of_the_model_part_the_outcomes(
    shipped: Path, logit: float, expected: Outcome
) -> None:
    ship(shipped, weighing(intercept=float(logit)))
    assert outcome(candidate(0.0)) is expected


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        (1.0, Outcome.ANSWER),
        (UNCALIBRATED_ANSWER_FROM, Outcome.ANSWER),
        (np.nextafter(UNCALIBRATED_ANSWER_FROM, 0), Outcome.RELATED),
        (UNCALIBRATED_RELATED_FROM, Outcome.RELATED),
        (np.nextafter(UNCALIBRATED_RELATED_FROM, 0), Outcome.NOT_COVERED),
        (-1.0, Outcome.NOT_COVERED),
    ],
)
def test_another_encoder_is_judged_by_the_fixed_cuts(
    shipped: Path, score: float, expected: Outcome
) -> None:
    ship(shipped, weighing(intercept=99))
    assert outcome(candidate(float(score)), sha256="f" * 64) is expected


def test_the_fixed_cuts_judge_the_best_own_score_and_no_boost(shipped: Path) -> None:
    ship(shipped, weighing(encoder=""))
    boosted, best = candidate(0.1, score=9.0), candidate(UNCALIBRATED_ANSWER_FROM, score=0.0)
    assert outcome(boosted) is Outcome.NOT_COVERED
    assert outcome(boosted, best) is Outcome.ANSWER


def test_the_model_judges_by_what_the_evidence_says(
    shipped: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ship(shipped, weighing(score=2.0))
    assert outcome(candidate(0.8)) is Outcome.ANSWER
    assert outcome(candidate(0.7)) is Outcome.RELATED
    assert outcome(candidate(-0.3)) is Outcome.NOT_COVERED
    monkeypatch.setattr(decision, "general_model", lambda _: None)
    assert outcome(candidate(0.7)) is Outcome.ANSWER
