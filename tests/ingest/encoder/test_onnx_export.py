"""The encoder that serves gives what the one it was exported from gives."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.encoders.adaptation import adapted_weights
from core.encoders.onnx import GRAPH, TOKENIZER, WEIGHTS, OnnxEncoder
from core.encoders.reference import BASE_SHA256, WEIGHTS_FILE, default_folder
from core.errors import EncoderError
from core.text.normalize import normalize_query
from core.types import Encoded, EncoderInfo
from index.search.pipeline import search
from index.store import opened
from ingest.build.embedding import _steps
from ingest.build.previous import PreviousGeneration
from ingest.encoder import assembled, onnx_export
from ingest.encoder.serving_encoder import serving_encoder
from tests.support.building import no_progress
from tests.support.fakes import BagOfWordsEncoder
from training.graph import release

pytestmark = pytest.mark.model


@pytest.fixture
def questions(real_index: Any) -> list[str]:
    return [row.text for row in real_index.bank.rows]


def test_the_page_opens_the_exported_encoder(real_index: Any, real_built: Path) -> None:
    assert isinstance(real_index.encoder, OnnxEncoder)
    folder = real_built / real_index.generation / "encoder"
    assert sorted(p.name for p in folder.iterdir()) == sorted([GRAPH, TOKENIZER, WEIGHTS])
    assert {f"encoder/{p.name}" for p in folder.iterdir()} <= set(real_index.manifest.files)


@pytest.mark.slow
def test_the_vectors_of_all_questions_are_the_same(
    real_index: Any, reference: Any, questions: list[str]
) -> None:
    plain = [normalize_query(question) for question in questions]
    exported, expected = real_index.encoder.encode(plain), reference.encode(plain)
    assert (exported.dtype, exported.shape) == (expected.dtype, expected.shape)
    assert np.abs(exported - expected).max() < onnx_export.TOLERANCE
    assert np.sum(exported * expected, axis=1).min() > 0.99999


@pytest.mark.slow
def test_ranks_outcomes_and_sentences_of_all_questions_are_the_same(
    real_index: Any, reference: Any, questions: list[str]
) -> None:
    other = replace(real_index, encoder=reference)
    for question in questions:
        one, two = search(real_index, question), search(other, question)
        assert (one.outcome, one.route) == (two.outcome, two.route), question
        assert [(r.passage.id, r.sentence) for r in one.results] == [
            (r.passage.id, r.sentence) for r in two.results
        ], question


def test_what_the_bank_is_compared_with_is_what_serves(real_index: Any) -> None:
    texts = [normalize_query(row.text) for row in real_index.bank.rows]
    vectors: dict[str, Any] = {}
    for step in _steps(dict.fromkeys(texts), no_progress, ""):  # as ingest encodes them
        vectors.update(zip(step, real_index.encoder.encode(step), strict=True))
    assert all(map(np.array_equal, [vectors[text] for text in texts], real_index.bank.vectors))
    alone = real_index.encoder.encode(texts[:1])[0]
    np.testing.assert_allclose(alone, real_index.bank.vectors[0], atol=1e-6)


def test_a_text_has_one_vector_whatever_stands_beside_it(real_index: Any) -> None:
    texts = ["knee pain", "a much longer question about the knee and everything near it", ""]
    together = real_index.encoder.encode(texts)
    alone = [real_index.encoder.encode([text])[0] for text in texts]
    assert [v.tolist() for v in together] == [v.tolist() for v in alone]
    assert real_index.encoder.encode([]).shape == (0, real_index.encoder.info.dimension)


@pytest.mark.slow
def test_the_same_encoder_is_exported_to_the_same_bytes(
    reference: Any, real_built: Path, real_index: Any, tmp_path: Path
) -> None:
    reference.encode(["something in between"])
    onnx_export.export_encoder(reference, tmp_path / "again")
    for name in (GRAPH, TOKENIZER, WEIGHTS):
        first = real_built / real_index.generation / "encoder" / name
        assert (tmp_path / "again" / name).read_bytes() == first.read_bytes(), name


def test_an_export_that_gives_other_vectors_is_refused(
    reference: Any,
    real_built: Path,
    real_index: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = real_built / real_index.generation / "encoder"

    def exported_before(_encoder: Any, folder: Path) -> None:
        shutil.copytree(made, folder, dirs_exist_ok=True)

    class Other(OnnxEncoder):
        def encode_tokens(self, texts: Sequence[str]) -> list[Encoded]:
            return [
                one._replace(vector=one.vector + 2 * onnx_export.TOLERANCE)
                for one in super().encode_tokens(texts)
            ]

    monkeypatch.setattr(onnx_export, "_export", exported_before)
    monkeypatch.setattr(onnx_export, "OnnxEncoder", Other)
    serving = serving_encoder(
        "not released", lambda: reference, PreviousGeneration(), tmp_path / "encoder"
    )
    assert (serving.encoder, serving.exported) == (reference, None)
    assert "vectors that differ by" in str(serving.finding)
    assert not (tmp_path / "encoder").exists()


def test_an_encoder_that_was_exported_before_is_not_exported_again(
    reference: Any, real_built: Path, tmp_path: Path
) -> None:
    from index.store.generations import read_current

    stored = read_current(real_built)
    sha256 = reference.info.sha256
    serving = serving_encoder(sha256, unloadable, PreviousGeneration(stored), tmp_path / "encoder")
    assert serving.exported == stored.exported
    assert not (tmp_path / "encoder").exists()
    inputs = {**stored.manifest.inputs, "export": onnx_export.EXPORT_VERSION - 1}
    older = replace(stored, manifest=replace(stored.manifest, inputs=inputs))
    assert PreviousGeneration(older).exported(sha256) is None


def test_what_cannot_be_exported_serves_itself(tmp_path: Path) -> None:
    encoder = BagOfWordsEncoder()
    sha256, previous = encoder.info.sha256, PreviousGeneration()
    found = serving_encoder(sha256, lambda: encoder, previous, tmp_path / "x")
    assert found == (encoder, None, None)


def test_a_folder_that_holds_no_encoder_is_refused_with_the_mend(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="cannot be opened") as caught:
        OnnxEncoder(tmp_path, EncoderInfo("x", "0", 384, 256))
    assert "requirements-serve.txt" in caught.value.fix


@pytest.mark.parametrize("has_reference", [True, False])
def test_without_a_sound_export_the_reference_serves(
    real_built: Path,
    reference: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    has_reference: bool,
) -> None:
    from index.store.generations import read_current

    stored = read_current(real_built)
    assert stored.exported
    broken = tmp_path / "encoder"
    shutil.copytree(stored.exported, broken)
    (broken / GRAPH).write_bytes(b"nonsense")

    def load(_model: str = "") -> Any:
        if has_reference:
            return reference
        raise EncoderError("The sentence encoder is not installed.")

    monkeypatch.setattr(opened, "load_encoder", load)
    stored = replace(stored, exported=broken)
    if has_reference:
        assert opened.load(tmp_path, stored).encoder is reference
        assert "sentence-transformers serves instead" in caplog.text
        return
    with pytest.raises(EncoderError, match="exported encoder cannot be opened"):
        opened.load(tmp_path, stored)


def test_word_pieces_are_counted_as_the_reference_counts_them(
    real_index: Any, reference: Any
) -> None:
    texts = ["neck", "neck " * 300, "", "Café – 5 µg of naïve “quotes”, 疼痛"]
    assert real_index.encoder.count_tokens(texts) == reference.count_tokens(texts)
    assert real_index.encoder.count_tokens([]) == []
    assert len(real_index.encoder.encode_tokens(texts[1:2])[0].tokens) == 254  # cut all the same


# -- the released encoder --------------------------------------------------------------------------


def unloadable() -> Any:
    raise EncoderError("The reference is not needed, and must not be loaded.")


def test_the_installed_model_is_put_together_without_the_reference(
    reference: Any, tmp_path: Path
) -> None:
    serving = serving_encoder(
        reference.info.sha256, unloadable, PreviousGeneration(), tmp_path / "encoder"
    )
    assert serving.encoder.info == reference.info
    assert serving.finding is None
    texts = [*onnx_export.SAMPLES, "is it safe?"]
    onnx_export.require_same(serving.encoder.encode_tokens(texts), reference.encode_tokens(texts))


def test_an_encoder_put_together_wrongly_is_not_taken(
    reference: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def other(*_: Any) -> dict[str, Any]:
        weights = adapted_weights(default_folder() / WEIGHTS_FILE, BASE_SHA256)
        weights["encoder.layer.3.output.dense.bias"][:] += np.arange(384, dtype=np.float32)
        return weights

    monkeypatch.setattr(assembled, "adapted_weights", other)
    serving = serving_encoder(
        reference.info.sha256, lambda: reference, PreviousGeneration(), tmp_path / "encoder"
    )
    assert serving.encoder is reference
    assert "vectors that differ by" in str(serving.finding)
    assert not (tmp_path / "encoder").exists()


@pytest.mark.slow
def test_the_released_graph_is_the_one_that_is_exported_today(
    reference: Any, tmp_path: Path
) -> None:
    release(reference, tmp_path / "release")
    for name in (GRAPH, assembled.RECORD):
        released = (assembled.RELEASE / name).read_bytes()
        assert (tmp_path / "release" / name).read_bytes() == released, name
    info = assembled.released_info(reference.info.sha256)
    assert info == reference.info
    onnx_export.export_encoder(reference, tmp_path / "exported")
    assembled.assemble(tmp_path / "assembled", info)
    for name in (GRAPH, TOKENIZER, WEIGHTS):
        exported = (tmp_path / "exported" / name).read_bytes()
        assert (tmp_path / "assembled" / name).read_bytes() == exported, name
