"""The training: its material, its scores and losses by hand, and the whole path once."""

from __future__ import annotations

import math
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from core.encoders.adaptation import FILE
from tests.support.paths import ROOT
from training.data import FAR, IN, NEAR, SPLITS, Material, read_material
from training.model import LowRank, late_scores, principal_axes
from training.train import _answer_loss, _rate

# -- the material ----------------------------------------------------------------------------------


@cache
def material(*splits: str) -> Material:
    """Read a split; a word counts as one piece, so that no model has to be loaded."""
    return read_material(lambda texts: [len(t.split()) + 2 for t in texts], splits=splits)


@pytest.mark.parametrize("split", SPLITS)
def test_every_answered_question_is_answered_by_a_passage_of_its_article(split: str) -> None:
    read = material(split)
    answered = [question for question in read.questions if question.kind == IN]
    assert answered
    for question in answered:
        assert question.answers
        assert question.sentences
        assert {read.passages[row].article_id for row in question.answers} == {question.article}
        texts = [" ".join(read.passages[row].text.split()) for row in question.answers]
        assert all(any(first in text for first in question.sentences) for text in texts)


@pytest.mark.parametrize("split", SPLITS)
def test_questions_are_of_their_split_and_only_answered_ones_have_answers(split: str) -> None:
    questions = material(split).questions
    assert {question.split for question in questions} == {split}
    assert {question.kind for question in questions} == {IN, NEAR, FAR}
    for question in questions:
        assert bool(question.answers) is bool(question.sentences) is (question.kind == IN)
        assert bool(question.article) is (question.kind != FAR)


@pytest.mark.slow
def test_no_topic_and_no_passage_is_in_two_splits() -> None:
    topics = [{material(s).topic(row) for row in range(len(material(s).passages))} for s in SPLITS]
    texts = [{*material(s).texts} for s in SPLITS]
    for sets in (topics, texts):
        assert all(sets)
        assert len(set().union(*sets)) == sum(map(len, sets))


@pytest.mark.slow
def test_all_splits_together_have_what_each_has() -> None:
    everything = material(*SPLITS)
    parts = [material(split) for split in SPLITS]
    assert len(everything.passages) == sum(len(part.passages) for part in parts)
    assert len(everything.questions) == sum(len(part.questions) for part in parts)


def test_a_text_is_its_passage_after_title_and_headings() -> None:
    read = material("test")
    assert len(read.texts) == len(read.passages)
    for text, passage in zip(read.texts, read.passages, strict=True):
        assert text.endswith(passage.text)
        assert text.startswith(passage.title)


def test_few_articles_have_their_own_questions_and_all_far_ones() -> None:
    few = read_material(
        lambda texts: [len(t.split()) + 2 for t in texts], splits=["test"], most_articles=2
    )
    assert len({passage.article_id for passage in few.passages}) == 2
    assert len({question.article for question in few.questions} - {""}) == 2
    far = [q.text for q in material("test").questions if q.kind == FAR]
    assert [q.text for q in few.questions if q.kind == FAR] == far


def test_no_split_is_no_material() -> None:
    assert (material().passages, material().questions) == ([], [])


# -- scores ----------------------------------------------------------------------------------------


def test_late_scores_are_what_a_reader_computes() -> None:
    # Two queries of two pieces and one, two passages of two pieces and one.
    query = torch.tensor([[[1.0, 0.0], [0.6, 0.8]], [[0.0, 1.0], [9.0, 9.0]]])
    passage = torch.tensor([[[1.0, 0.0], [0.0, 1.0]], [[0.8, 0.6], [9.0, 9.0]]])
    mask = torch.tensor([[True, True], [True, False]])
    found = late_scores(query, mask, passage, mask)
    # (1 + 0.8) / 2, (0.8 + 0.96) / 2; 1, 0.6
    torch.testing.assert_close(found, torch.tensor([[0.9, 0.88], [1.0, 0.6]]))


@given(st.integers(0, 2**32 - 1), st.integers(1, 4), st.integers(1, 4), st.integers(1, 6))
def test_late_scores_are_maxsim_by_loops(seed: int, queries: int, passages: int, most: int) -> None:
    rng = np.random.default_rng(seed)

    def drawn(count: int) -> tuple[Any, Any]:
        tokens = rng.normal(size=(count, most, 3))
        tokens /= np.linalg.norm(tokens, axis=2, keepdims=True)
        return tokens, np.arange(most) < rng.integers(1, most + 1, (count, 1))

    (query, asked), (passage, mask) = drawn(queries), drawn(passages)
    expected = [
        [
            np.mean([max(piece @ other for other in p[m]) for piece in q[a]])
            for p, m in zip(passage, mask, strict=True)
        ]
        for q, a in zip(query, asked, strict=True)
    ]
    found = late_scores(
        torch.tensor(query).float(),
        torch.tensor(asked),
        torch.tensor(passage).float(),
        torch.tensor(mask),
    )
    np.testing.assert_allclose(found.numpy(), expected, atol=1e-6)


def test_low_rank_adds_the_product_and_begins_with_nothing() -> None:
    weight = torch.ones(3, 2)
    low_rank = LowRank(weight, 1, torch.Generator().manual_seed(0))
    assert torch.equal(low_rank(weight), weight)
    low_rank.a = nn.Parameter(torch.tensor([[1.0, 2.0]]))
    low_rank.b = nn.Parameter(torch.tensor([[1.0], [2.0], [3.0]]))
    assert low_rank(weight).tolist() == [[2, 3], [3, 5], [4, 7]]
    assert weight.tolist() == [[1, 1]] * 3


def test_principal_axes_are_those_with_most_of_the_tokens_first() -> None:
    tokens = torch.tensor([[1.0, 0, 0]] * 2 + [[0, 0, 1.0]] * 3 + [[0, 1.0, 0]])
    found = principal_axes(tokens, 2)
    assert found.shape == (3, 2)
    torch.testing.assert_close(found.abs(), torch.tensor([[0.0, 1], [0, 0], [1, 0]]))


# -- the area under the curve ----------------------------------------------------------------------


# -- the loss --------------------------------------------------------------------------------------


def loss(scores: list[list[float]], right: list[list[int]], counts: list[list[int]]) -> float:
    """Return the loss by a scale of two, with 0.5 as the score of no answer."""
    return float(
        _answer_loss(
            torch.tensor(scores),
            torch.tensor(0.5),
            2.0,
            torch.tensor(right, dtype=torch.bool),
            torch.tensor(counts, dtype=torch.bool),
        )
    )


def test_the_loss_of_an_answered_question_and_of_one_that_nothing_answers() -> None:
    first = -math.log(math.exp(1.6) / (math.exp(1.6) + math.exp(0.4) + math.exp(1)))
    second = -math.log(math.exp(1) / (math.exp(0.6) + math.exp(0.2) + math.exp(1)))
    scores, right = [[0.8, 0.2], [0.3, 0.1]], [[1, 0], [0, 0]]
    found = loss(scores, right, [[1, 1], [1, 1]])
    assert found == pytest.approx((first + second) / 2, rel=1e-5)
    assert loss(scores[:1], right[:1], [[1, 1]]) == pytest.approx(first, rel=1e-5)
    assert loss(scores[1:], right[1:], [[1, 1]]) == pytest.approx(second, rel=1e-5)


def test_any_of_several_right_passages_will_do() -> None:
    right = math.exp(1.6) + math.exp(0.4)
    found = loss([[0.8, 0.2, 0.4]], [[1, 1, 0]], [[1, 1, 1]])
    assert found == pytest.approx(-math.log(right / (right + math.exp(0.8) + math.exp(1))))


def test_a_passage_that_may_answer_as_well_does_not_count() -> None:
    expected = -math.log(math.exp(1.6) / (math.exp(1.6) + math.exp(1)))
    for score in (-1.0, 0.2, 1.0):
        assert loss([[0.8, score]], [[1, 0]], [[1, 0]]) == pytest.approx(expected)


def test_with_nothing_that_counts_no_answer_is_right() -> None:
    assert loss([[0.9, 0.9]], [[0, 0]], [[0, 0]]) == pytest.approx(0, abs=1e-6)


def test_the_loss_pulls_right_passages_up_and_wrong_ones_and_no_answer_down() -> None:
    scores, nothing = torch.tensor([[0.4, 0.4]]), torch.tensor(0.5)
    scores.requires_grad_()
    nothing.requires_grad_()
    right = torch.tensor([[True, False]])
    _answer_loss(scores, nothing, 2.0, right, torch.ones_like(right)).backward()
    assert scores.grad is not None
    assert nothing.grad is not None
    assert scores.grad[0, 0] < 0 < scores.grad[0, 1]
    assert nothing.grad > 0


# -- the learning rate -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("done", "rate"),
    [(0, 0), (0.05, 0.5), (0.1, 1), (0.1 + 0.9 / 3, 0.75), (0.55, 0.5), (0.1 + 0.6, 0.25), (1, 0)],
)
def test_the_rate_rises_evenly_and_falls_as_a_cosine(done: float, rate: float) -> None:
    assert _rate(done, 0.1) == pytest.approx(rate, abs=1e-12)


def test_without_a_warm_up_the_rate_only_falls() -> None:
    assert [_rate(done, 0.0) for done in (0, 0.5, 1)] == pytest.approx([1, 0.5, 0], abs=1e-12)


@given(st.floats(0, 1), st.floats(0, 0.5))
def test_the_rate_is_a_share(done: float, warm_up: float) -> None:
    assert -1e-12 <= _rate(done, warm_up) <= 1


# -- the whole path --------------------------------------------------------------------------------


def train(work: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "training", "--quick", "--work", str(work)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
        timeout=600,
    )
    return done.stdout


@pytest.mark.slow
@pytest.mark.model
def test_a_quick_training_goes_on_where_it_was_and_its_file_is_loaded(tmp_path: Path) -> None:
    from core.encoders.adaptation import adapt
    from core.encoders.reference import BASE_SHA256, load_encoder

    shipped = FILE.read_bytes() if FILE.exists() else b""
    first = train(tmp_path)
    file = tmp_path / "quick" / FILE.name
    assert "epoch 1/1, step 3/3" in first
    assert f"written: {file}" in first
    written = file.read_bytes()
    second = train(tmp_path)
    assert "step" not in second  # every epoch was finished
    assert file.read_bytes() == written
    assert (FILE.read_bytes() if FILE.exists() else b"") == shipped

    general = load_encoder("general")
    before = general.encode(["my neck is stiff"])
    projection = adapt(general.model, BASE_SHA256, file)
    assert projection.shape == (general.info.dimension, 96)
    assert np.isfinite(projection).all()
    after = general.encode(["my neck is stiff"])
    assert not np.array_equal(after, before)  # three steps change a little
    assert float((after * before).sum()) > 0.9
