"""The model of wordings: its formula by hand, its file, and what it adds to the rules."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.encoders.adaptation import adapted_sha256
from core.encoders.reference import BASE_SHA256
from safety.notices import wording_model as module
from safety.notices.example_classifier import ExampleClassifier
from safety.notices.fallback import product_notices
from safety.notices.finder import NoticeFinder
from safety.notices.rules import TermRules
from safety.notices.wording_model import CRY, FILE, WordingModel, wording_model

# Two units over vectors of two numbers: the first looks for x above 0.5, the second for y below 0.
MODEL = WordingModel(
    encoder="e",
    kinds=("heart", "stroke", CRY),
    hidden=np.array([[1, 0], [0, -1]], np.float32),
    hidden_bias=np.array([-0.5, 0], np.float32),
    output=np.array([[2, 0, 1], [0, 3, 1]], np.float32),
    output_bias=np.array([0.5, -1, 0], np.float32),
    cuts=np.array([1.5, 0, 0.9], np.float32),
)


def test_logits_are_what_a_reader_computes() -> None:
    found = MODEL.logits(np.array([[1, 0], [0, -1], [0.25, 2]], np.float32))
    # Units: (0.5, 0), (0, 1), (0, 0).
    assert found.tolist() == [[1.5, -1, 0.5], [0.5, 2, 1], [0.5, -1, 0]]


@pytest.mark.parametrize(
    ("vectors", "kinds"),
    [
        ([[1, 0]], {"heart"}),  # on the cut itself
        ([[0.99, 0]], set()),
        ([[0, -1]], {"stroke", CRY}),
        ([[1, 0], [0, -0.5]], {"heart", "stroke"}),  # of any of its texts
        (np.zeros((0, 2)), set()),
    ],
)
def test_texts_are_of_each_kind_that_reaches_its_cut(vectors: Any, kinds: set[str]) -> None:
    assert MODEL.kinds_of(np.array(vectors, np.float32).reshape(-1, 2)) == kinds


def test_a_cry_is_told_by_its_vector() -> None:
    assert MODEL.is_cry(np.array([0, -1], np.float32))
    assert not MODEL.is_cry(np.array([1, 0], np.float32))


def test_what_is_saved_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    MODEL.save(tmp_path / "model.npz")
    monkeypatch.setattr(module, "FILE", tmp_path / "model.npz")
    read = wording_model.__wrapped__("e")
    assert read
    for one in fields(WordingModel):
        assert np.array_equal(getattr(read, one.name), getattr(MODEL, one.name)) or one.name in (
            "cuts",  # 0.9 is rounded
        )
    assert read.cuts == pytest.approx(MODEL.cuts, abs=1e-3)
    assert wording_model.__wrapped__("another") is None


def test_the_shipped_model_belongs_to_the_shipped_encoder_and_knows_every_notice() -> None:
    model = wording_model(adapted_sha256(BASE_SHA256))
    assert model
    assert model.kinds == (*product_notices().groups, CRY)
    assert FILE.stat().st_size < 1_000_000


# -- beside the rules ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def learned(reference: Any) -> NoticeFinder:
    flags = product_notices()
    sha256 = reference.info.sha256
    fitted = ExampleClassifier.fit(flags, reference.encode, encoder_sha256=sha256)
    assert fitted.kinds == ()  # the shipped model knows the product's own examples
    return NoticeFinder(flags, fitted)


@pytest.mark.parametrize(
    ("question", "group"),
    [
        ("there is a curtain coming down over my left eye", "stroke_tia"),
        ("calf like a hot brick since the flight and twice as thick as the other one", "clot_leg"),
        ("my back has gone and I can't tell when I need the loo any more", "cauda_equina"),
        (
            "I only wanted to ask whether I can still come on Tuesday, the shoulder is better, "
            "but since this morning half of my mouth does not move when I smile and the tea runs "
            "out of it, funny isn't it",
            "stroke_tia",
        ),
    ],
)
def test_words_that_no_rule_knows_raise_their_notice(
    learned: NoticeFinder, reference: Any, question: str, group: str
) -> None:
    raised = {notice.group for notice in learned.find(question, reference.encode)}
    assert group in raised


@pytest.mark.parametrize(
    "question",
    [
        "stiff neck after sleeping on the sofa",
        "which exercises for a weak ankle after a sprain",
        "how sore is normal the day after needling",
        "leaking a bit when I sneeze since I had the baby",
        "my knee is much better, no swelling, not hot, no fever",
    ],
)
def test_ordinary_questions_raise_nothing_to_act_on(
    learned: NoticeFinder, reference: Any, question: str
) -> None:
    found = learned.find(question, reference.encode)
    assert [notice.group for notice in found if notice.level.asks_to_act] == []


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("my calf hurts", "my calf hurts"),
        ("my calf hurts, no swelling or heat", "my calf hurts"),
        ("no chest pain but I can't breathe", "but i cant breathe"),
        ("the scan was clear. my hip aches", "my hip aches"),
        ("no numbness", ""),
        ("can't feel my saddle area", "can't feel my saddle area"),  # deals in no denial
    ],
)
def test_what_is_denied_is_not_compared(question: str, said: str) -> None:
    assert TermRules(product_notices()).match(question).said == said


def test_examples_of_the_clinics_own_are_learned_beside_the_model(reference: Any) -> None:
    flags = product_notices()
    own = "my zimmer has turned into a dragon"
    aaa = replace(flags.groups["aaa"], examples=(*flags.groups["aaa"].examples, own))
    with_own = replace(flags, groups={**flags.groups, "aaa": aaa}, benign=flags.benign[:40])
    sha256 = reference.info.sha256
    fitted = ExampleClassifier.fit(with_own, reference.encode, encoder_sha256=sha256)
    assert fitted.kinds == ("aaa",)
    finder = NoticeFinder(with_own, fitted)
    assert "aaa" in {notice.group for notice in finder.find(own, reference.encode)}
