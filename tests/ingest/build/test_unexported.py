"""Where the encoder could not be exported: tried again by the next ingest, and nothing else."""

import errno
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from core.encoders.onnx import GRAPH
from core.errors import EncoderError, IndexMismatchError, PublishError
from index.store import generations, opened
from ingest.build.previous import PreviousGeneration
from ingest.encoder import onnx_export, serving_encoder
from ingest.preview import review
from tests.support.building import build_with, no_progress
from tests.support.fakes import BagOfWordsEncoder
from tests.support.files.content import label


class Exported(BagOfWordsEncoder):
    """Stands in for the exported encoder."""

    def __init__(self, folder: Path, _info: Any) -> None:
        super().__init__()
        self.graph = (folder / GRAPH).read_bytes()


@dataclass
class Exporter:
    """Exports the encoder of the tests, or fails to; remembers the questions it compared."""

    fails: bool = True
    asked: list[list[str]] = field(default_factory=list)

    def __call__(self, _encoder: Any, folder: Path, texts: Sequence[str] = ()) -> None:
        self.asked.append(list(texts))
        if self.fails:
            raise EncoderError("The encoder cannot be exported for serving.")
        folder.mkdir()
        (folder / GRAPH).write_bytes(b"graph")


@pytest.fixture
def exporter(monkeypatch: pytest.MonkeyPatch) -> Exporter:
    made = Exporter()
    monkeypatch.setattr(serving_encoder, "SentenceEncoder", BagOfWordsEncoder)
    monkeypatch.setattr(serving_encoder, "export_encoder", made)
    monkeypatch.setattr(serving_encoder, "OnnxEncoder", Exported)
    monkeypatch.setattr(opened, "OnnxEncoder", Exported)
    return made


def test_an_export_that_failed_is_mended_by_the_next_ingest(
    content: Path, tmp_path: Path, exporter: Exporter
) -> None:
    built = tmp_path / "built"
    first = build_with(BagOfWordsEncoder(), content, built)
    assert any("cannot be exported" in warning.problem for warning in first.warnings)
    assert generations.read_current(built).exported is None
    exporter.fails = False
    again = BagOfWordsEncoder()
    second = build_with(again, content, built)
    assert second.published
    assert generations.read_current(built).exported
    assert not any("cannot be exported" in warning.problem for warning in second.warnings)
    assert again.encoded == []
    assert len(exporter.asked) == 2  # not once to try and once more to build
    assert not build_with(BagOfWordsEncoder(), content, built).published
    assert len(exporter.asked) == 2


@pytest.mark.parametrize("as_candidate", [False, True])
def test_what_can_never_be_exported_is_not_built_again(
    content: Path,
    tmp_path: Path,
    exporter: Exporter,
    monkeypatch: pytest.MonkeyPatch,
    as_candidate: bool,
) -> None:
    built = tmp_path / "built"
    first = build_with(BagOfWordsEncoder(), content, built, review=as_candidate)
    monkeypatch.setattr(
        "ingest.build.pipeline.make_generation", lambda *_, **__: pytest.fail("built again")
    )
    second = build_with(BagOfWordsEncoder(), content, built, review=as_candidate)
    assert (second.generation, second.published) == (first.generation, False)
    assert second.proposed is as_candidate
    assert len(exporter.asked) == 2


def test_some_of_the_banks_questions_are_compared_when_the_encoder_is_exported(
    tmp_path: Path, exporter: Exporter
) -> None:
    questions = [f"question {number}" for number in range(100)]
    exporter.fails = False
    serving_encoder.serving_encoder(
        "", BagOfWordsEncoder, PreviousGeneration(), tmp_path / "encoder", questions
    )
    assert exporter.asked == [questions[::4]]


@pytest.mark.parametrize("where", ["mkdir", "_export"])
def test_a_full_disk_is_told_as_such_and_not_as_a_model_that_cannot_be_exported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(*((Path, where) if where == "mkdir" else (onnx_export, where)), full)
    encoder: Any = BagOfWordsEncoder()
    with pytest.raises(PublishError, match="could not be written") as caught:
        onnx_export.export_encoder(encoder, tmp_path / "encoder")
    assert caught.value.found == "No space left on device"
    assert not (tmp_path / "encoder").exists()


# -- what a candidate is judged with ---------------------------------------------------------------


def must_hold(content: Path) -> None:
    (content / "invariants.csv").write_text("question,section\nstiff neck,necks#introduction\n")


def unloadable(_model: str = "") -> Any:
    raise ModuleNotFoundError("No module named 'torch'")


def test_a_candidate_is_judged_by_what_serves_it_without_the_reference(
    content: Path, tmp_path: Path, exporter: Exporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = tmp_path / "built"
    exporter.fails = False
    must_hold(content)
    build_with(BagOfWordsEncoder(), content, built)
    label(content, answers={"stiff neck": "necks#introduction"})
    monkeypatch.setattr(opened, "load_encoder", unloadable)
    report = build_with(BagOfWordsEncoder(), content, built, review=True)
    preview = review.preview_candidate(content, built, no_progress)
    assert (preview.after, preview.failed) == (report.generation, ())
    assert review.publish_candidate(content, built) == report.generation


def test_a_candidate_is_never_judged_by_another_model_than_its_own(
    content: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = tmp_path / "built"
    must_hold(content)
    loaded: list[str] = []

    def load(model: str = "") -> BagOfWordsEncoder:
        loaded.append(model)
        return BagOfWordsEncoder(sha256=sha256)

    monkeypatch.setattr(opened, "load_encoder", load)
    report = build_with(BagOfWordsEncoder(), content, built, review=True)
    sha256 = "1" * 64
    with pytest.raises(IndexMismatchError):
        review.publish_candidate(content, built)
    sha256 = "0" * 64
    assert review.publish_candidate(content, built) == report.generation
    assert loaded == ["word-counts"] * 2
