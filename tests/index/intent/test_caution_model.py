"""Questions of caution by their vectors: the formula by hand, and what becomes of them."""

import json
from pathlib import Path

import numpy as np
import pytest

from core.types import Outcome
from index.intent import caution_model as module
from index.intent import suitability
from index.intent.aspects import Aspect, aspect_of, speaks_of
from index.intent.caution_model import FILE, CautionModel, Linear, aspect_in, caution_model
from index.search.pipeline import search
from index.store.generations import open_index
from tests.support.building import build_with
from tests.support.fakes import BagOfWordsEncoder

MODEL = CautionModel(
    "e", Linear((2.0, -1.0), intercept=0.5, cut=1.0), 2.0, Linear((1.0, 0.0), 0.0, cut=0.5)
)


@pytest.mark.parametrize(
    ("vector", "recognised"),
    [([0.25, 0.0], True), ([0.24, 0.0], False), ([1.0, 1.0], True), ([0.0, 1.0], False)],
)
def test_a_question_is_recognised_from_the_cut_on(vector: list[float], recognised: bool) -> None:
    # 0.5 + 2 x - y
    assert MODEL.recognises(np.array(vector, dtype=np.float32), has_bank=False) is recognised


def test_beside_a_bank_it_takes_more() -> None:
    vector = np.array([0.74, 0.0], dtype=np.float32)
    assert [MODEL.recognises(vector, has_bank=has) for has in (False, True)] == [True, False]
    vector[0] = 0.75
    assert MODEL.recognises(vector, has_bank=True)


def test_the_shipped_model_belongs_to_its_encoder_and_to_no_other() -> None:
    record = json.loads(FILE.read_text(encoding="utf-8"))
    model = caution_model(record["encoder"])
    assert model
    assert len(model.questions.coefficients) == len(model.passages.coefficients) == 384
    assert model.questions.cut < model.cut_with_bank
    assert caution_model("another") is None


@pytest.fixture
def certain(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model that takes every question for one of caution, and what has "sleep" for praise."""
    asleep = BagOfWordsEncoder().encode(["sleep"])[0]
    of_passages = Linear(tuple(map(float, -asleep)), intercept=0.1, cut=0.0)
    model = CautionModel("", MODEL.questions, 0.0, of_passages)
    monkeypatch.setattr(CautionModel, "recognises", lambda *_, **__: True)
    for place in (module, suitability):
        monkeypatch.setattr(place, "caution_model", lambda _encoder: model)


@pytest.mark.usefixtures("certain")
def test_words_that_a_pattern_knows_come_first() -> None:
    vector = np.zeros(3, dtype=np.float32)
    for question in ("who should have dry needling", "does it hurt", "is it dangerous"):
        found = aspect_in(question, vector, encoder_sha256="", has_bank=False)
        assert found is aspect_of(question)
    assert aspect_in("stiff neck", vector, encoder_sha256="", has_bank=True) is Aspect.CAUTION


@pytest.mark.usefixtures("certain")
@pytest.mark.parametrize(
    ("article", "question", "outcome"),
    [
        ("Rest\n\nSleep helps a stiff neck and back.\n", "stiff neck and back", Outcome.RELATED),
        ("Rest\n\nA stiff neck and back may bruise.\n", "stiff neck and back", Outcome.ANSWER),
        # A pattern knows the question, and the praise has words of caution.
        (
            "Sleep\n\nSleep has dangers for the neck and may cause pain.\n",
            "dangers of sleep for the neck",
            Outcome.RELATED,
        ),
    ],
)
def test_praise_is_at_most_related_reading(
    tmp_path: Path, encoder: BagOfWordsEncoder, article: str, question: str, outcome: Outcome
) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.txt").write_text(article)
    build_with(encoder, tmp_path, tmp_path / "built")
    response = search(open_index(tmp_path / "built", encoder=encoder), question)
    assert response.outcome is outcome
    assert response.results


@pytest.mark.parametrize(
    ("sentence", "speaks"),
    [
        ("Do not have it if you take blood thinners.", True),
        ("It may bruise the skin.", True),
        ("It is safe for most people.", True),
        ("It relieves pain and lets you sleep.", False),
    ],
)
def test_what_speaks_of_caution(sentence: str, speaks: bool) -> None:
    assert speaks_of(Aspect.CAUTION, sentence) is speaks


def test_the_file_is_small() -> None:
    assert Path(FILE).stat().st_size < 10_000
