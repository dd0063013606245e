"""What may be shown as an answer: the formula by hand, its cuts, and what it is tied to."""

import json
import math
from dataclasses import asdict, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.types import BankRow, BankRowKind, Outcome
from index.bank.bank import fit_bank
from index.bank.lexicon import learn_lexicon
from index.search.answer_model import (
    FEATURES,
    AnswerFeatures,
    AnswerModel,
    read_calibration,
    write_calibration,
)
from index.search.bm25 import LexicalIndex
from index.search.decision import decide
from index.search.features import extract_features, of_candidates

NOTHING = AnswerFeatures(**dict.fromkeys(FEATURES, 0.0))
TIED_TO = {"encoder": "a", "questions": "b"}
CALIBRATION = AnswerModel(
    features=FEATURES,
    means=(0.5,) * len(FEATURES),
    scales=(0.25,) * len(FEATURES),
    coefficients=(1.0, -2.0, *[0.0] * (len(FEATURES) - 2)),
    intercept=0.3,
    answer_from=0.7,
    related_from=0.4,
    tied_to=TIED_TO,
    measured={"answered_of_answerable": 0.9},
)


def test_the_probability_is_what_a_reader_computes() -> None:
    features = replace(NOTHING, answerable_vote=0.75, off_topic_vote=0.25)
    # 0.3 + 1 * (0.75 - 0.5) / 0.25 - 2 * (0.25 - 0.5) / 0.25 = 0.3 + 1 + 2
    assert CALIBRATION.probability(features) == pytest.approx(1 / (1 + math.exp(-3.3)))


@pytest.mark.parametrize("value", [1e300, -1e300])
def test_the_probability_stays_between_zero_and_one(value: float) -> None:
    p = CALIBRATION.probability(replace(NOTHING, answerable_vote=value))
    assert p == pytest.approx(float(value > 0))


@pytest.mark.parametrize(
    ("probability", "outcome"),
    [
        (0.7 + 1e-9, Outcome.ANSWER),
        (0.7 - 1e-9, Outcome.RELATED),
        (0.4 + 1e-9, Outcome.RELATED),
        (0.4 - 1e-9, Outcome.NOT_COVERED),
    ],
)
def test_the_cuts_part_the_outcomes(probability: float, outcome: Outcome) -> None:
    logit = math.log(probability / (1 - probability))
    flat = replace(CALIBRATION, coefficients=(0.0,) * len(FEATURES), intercept=logit)
    assert decide(flat, NOTHING) is outcome


ORDER = [Outcome.NOT_COVERED, Outcome.RELATED, Outcome.ANSWER]
values = st.floats(-2, 2)


@given(st.lists(values, min_size=len(FEATURES), max_size=len(FEATURES)), values, values)
def test_a_higher_feature_for_an_answer_never_makes_less_of_it(
    features: list[float], low: float, high: float
) -> None:
    low, high = sorted((low, high))
    one, two = (replace(AnswerFeatures(*features), answerable_vote=x) for x in (low, high))
    assert ORDER.index(decide(CALIBRATION, one)) <= ORDER.index(decide(CALIBRATION, two))


@given(st.lists(values, min_size=len(FEATURES), max_size=len(FEATURES)))
def test_a_row_holds_the_features_in_their_order(features: list[float]) -> None:
    assert AnswerFeatures(*features).as_row().tolist() == features
    assert list(asdict(AnswerFeatures(*features))) == list(FEATURES)


@pytest.mark.parametrize("calibration", [CALIBRATION, None])
def test_a_calibration_or_none_is_read_as_it_was_written(
    tmp_path: Path, calibration: AnswerModel | None
) -> None:
    path = tmp_path / "calibration.json"
    write_calibration(calibration, path)
    assert (path.read_text() == "null\n") is (calibration is None)
    assert read_calibration(path, tied_to=TIED_TO) == calibration


@pytest.mark.parametrize(
    ("features", "tied_to", "refusal"),
    [
        *((FEATURES, TIED_TO | {name: "z"}, "for") for name in ("encoder", "questions", "more")),
        (FEATURES[:-1], TIED_TO, "over the features"),
        (FEATURES[::-1], TIED_TO, "over the features"),
        ((*FEATURES[:-1], "mood"), TIED_TO, "over the features"),
    ],
)
def test_a_calibration_of_something_else_or_over_other_features_is_refused(
    tmp_path: Path, features: tuple[str, ...], tied_to: dict[str, str], refusal: str
) -> None:
    write_calibration(replace(CALIBRATION, features=features), tmp_path / "calibration.json")
    with pytest.raises(ValueError, match=f"calibrated {refusal}"):
        read_calibration(tmp_path / "calibration.json", tied_to=tied_to)


@pytest.mark.parametrize("text", ["", "{", "[]", "3", "{}", json.dumps({"features": []})])
def test_what_is_no_calibration_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "calibration.json").write_text(text)
    with pytest.raises((ValueError, KeyError, TypeError)):
        read_calibration(tmp_path / "calibration.json", tied_to=TIED_TO)


ROWS = [
    BankRow("neck", BankRowKind.QUESTION, ("a#neck",)),
    BankRow("back", BankRowKind.QUESTION, ("a#back",)),
    BankRow("price", BankRowKind.QUESTION, (), "cost"),
    BankRow("weather", BankRowKind.QUESTION, (), "off-topic"),
]


def features_of(
    rows: list[BankRow],
    text: str,
    *own: tuple[float, float],
    fewer: list[tuple[float, float]] | None = None,
) -> AnswerFeatures:
    """Extract the features of a text over one passage, with candidates of these scores.

    With `fewer`, return what is left of them for those candidates.
    """
    bank, _ = fit_bank(rows, np.eye(4)[: len(rows)])
    index = SimpleNamespace(
        bank=bank,
        lexical=LexicalIndex.build([("", "Needles help.")]),
        lexicon=learn_lexicon((), rows, ()),
        manifest=SimpleNamespace(encoder=SimpleNamespace(sha256="of no general model")),
    )
    query = SimpleNamespace(
        normalized=text, bank_similarities=np.array([0.1, 0.6, 0.3, 0.2])[: len(rows)]
    )
    candidates: Any = [SimpleNamespace(own_score=score, coverage=c) for score, c in own]
    votes = np.array([0.5, 0.4, 0.25])
    made: Any = (index, query)
    features = extract_features(*made, candidates, votes=votes)
    if fewer is None:
        return features
    left: Any = [SimpleNamespace(own_score=score, coverage=c) for score, c in fewer]
    return of_candidates(*made, features, left, candidates)


def test_features_are_what_a_reader_counts() -> None:
    # Of the five topic words a passage knows "needles", a label with a section "neck", one with a
    # card "price", and nothing knows the two others.
    found = features_of(ROWS, "needles neck price zebra trumpet", (0.9, 0.2), (0.5, 0.8))
    assert found == AnswerFeatures(0.5, 0.25, 0.6, 0.3, 0.9, 0.8, 0.0, 2 / 5, 1 - 3 / 5, 5 / 15)


def test_features_of_fewer_candidates_differ_only_in_their_best() -> None:
    found = features_of(ROWS, "neck", (0.9, 0.2), (0.5, 0.8))
    one = features_of(ROWS, "neck", (0.9, 0.2), (0.5, 0.8), fewer=[(0.5, 0.8)])
    assert one == replace(found, best_score=0.5)
    none = features_of(ROWS, "neck", (0.9, 0.2), (0.5, 0.8), fewer=[])
    assert none == replace(found, best_score=0.0, best_coverage=0.0)


def test_a_query_without_content_words_and_a_bank_without_rows_say_nothing() -> None:
    found = features_of([], " ".join(["the"] * 99))
    assert found == replace(NOTHING, answerable_vote=0.5, length=1.0)
