"""The wordings that the model of notices learns from, and that it learns at all."""

from __future__ import annotations

from collections import Counter

import numpy as np

from core.text.normalize import normalize_query
from evaluation.notices.questions import FILE
from safety.notices.fallback import product_notices
from training.data import read_table
from training.notices import HARMLESS, OF_CRY, SYMPTOM, WORDINGS, _train

ROWS = read_table(WORDINGS)


def test_every_notice_has_many_wordings_by_several_writers() -> None:
    groups = product_notices().groups
    writers: dict[str, Counter[str]] = {name: Counter() for name in groups}
    for row in ROWS:
        assert row["kind"] in (SYMPTOM, HARMLESS, OF_CRY)
        assert bool(row["group"]) == (row["kind"] == SYMPTOM)
        for name in filter(None, row["group"].split("|")):
            writers[name][row["writer"]] += 1
    for name, found in writers.items():
        enough = 100 if groups[name].level.asks_to_act else 25
        assert found.total() >= enough, name
        assert len(found) >= 3, name
    assert sum(row["kind"] == OF_CRY for row in ROWS) >= 200


def test_no_question_stands_twice_and_none_is_a_test_question() -> None:
    asked = [normalize_query(row["question"]) or row["question"] for row in ROWS]
    assert [text for text, count in Counter(asked).items() if count > 1] == []
    tests = [*read_table(FILE), *read_table(FILE.with_name("cries.csv"))]
    sealed = {normalize_query(row["question"]) for row in tests}
    assert len(sealed) > 1200
    assert sealed.isdisjoint(asked)


def test_the_network_learns_what_it_is_told_and_ignores_what_it_is_not_told() -> None:
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(600, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    right = (vectors[:, :2] > 0.2).astype(np.float32)
    told = right.copy()
    told[::2, 1] = np.nan
    hidden, bias, output, output_bias = _train(vectors, told)
    logits = np.maximum(vectors @ hidden + bias, 0) @ output + output_bias
    assert ((logits > 0) == (right > 0)).mean() > 0.85
    again = _train(vectors, told)
    assert np.array_equal(again[0], hidden)
