"""The trained difference: added by hand-made factors, and refused where it does not belong."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from core.encoders.adaptation import BASE, PROJECTION, adapt, adapted_sha256
from core.encoders.caching import CachingEncoder
from core.errors import EncoderError
from core.types import Encoded
from tests.support.fakes import BagOfWordsEncoder

SHA256 = "b" * 64
# Of rank one, for a layer from two numbers to three: their product is [[1, 2], [2, 4], [3, 6]].
A, B = torch.tensor([[1.0, 2.0]]), torch.tensor([[1.0], [2.0], [3.0]])
AXES = torch.tensor([[1.0], [0.5]])
TENSORS = {PROJECTION: AXES, "0.up.a": A, "0.up.b": B}


def model() -> Any:
    """A model with two linear layers in its encoder, all weights one."""
    layer = nn.ModuleDict({"up": nn.Linear(2, 3), "down": nn.Linear(3, 2)})
    bert = nn.Module()
    bert.encoder = nn.ModuleList([layer])
    for weights in bert.parameters():
        weights.data.fill_(1.0)
    return [SimpleNamespace(auto_model=bert)]


def weights(of: Any, name: str) -> list[list[float]]:
    found: list[list[float]] = of[0].auto_model.encoder[0][name].weight.tolist()
    return found


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write(tmp_path / "words.safetensors")


def write(path: Path, tensors: dict[str, Tensor] | None = None, base: str = SHA256) -> Path:
    copies = {name: tensor.clone() for name, tensor in (tensors or TENSORS).items()}
    save_file(copies, str(path), metadata={BASE: base})
    return path


# -- what is added ---------------------------------------------------------------------------------


def test_the_product_of_the_factors_is_added_to_the_named_weight_alone(file: Path) -> None:
    changed = model()
    adapt(changed, SHA256, file)
    assert weights(changed, "up") == [[2, 3], [3, 5], [4, 7]]
    assert weights(changed, "down") == [[1, 1, 1], [1, 1, 1]]
    assert changed[0].auto_model.encoder[0]["up"].bias.tolist() == [1, 1, 1]


def test_the_projection_is_returned_as_numbers(file: Path) -> None:
    found = adapt(model(), SHA256, file)
    assert isinstance(found, np.ndarray)
    assert found.dtype == np.float32
    assert found.tolist() == [[1], [0.5]]


def test_factors_in_half_precision_are_multiplied_in_full(tmp_path: Path) -> None:
    # 2049 has no float16: a product in half precision would be 2048.
    halves = {name: tensor.half() for name, tensor in TENSORS.items()}
    halves["0.up.a"] = torch.tensor([[2048.0, 1.0], [1.0, 0.0]]).half()
    halves["0.up.b"] = torch.tensor([[1.0, 1.0]] * 3).half()
    changed = model()
    assert adapt(changed, SHA256, write(tmp_path / "half", halves)).dtype == np.float32
    assert weights(changed, "up") == [[2050, 2]] * 3
    assert changed[0].auto_model.encoder[0]["up"].weight.dtype == torch.float32


def test_several_layers_change_each_by_its_own_factors(tmp_path: Path) -> None:
    more = {**TENSORS, "0.down.a": torch.ones(2, 3), "0.down.b": torch.eye(2)}
    changed = model()
    adapt(changed, SHA256, write(tmp_path / "more", more))
    assert weights(changed, "up") == [[2, 3], [3, 5], [4, 7]]
    assert weights(changed, "down") == [[2, 2, 2], [2, 2, 2]]


def test_factors_of_zeros_and_no_factors_change_nothing(tmp_path: Path) -> None:
    zeros = {**TENSORS, "0.up.b": torch.zeros(3, 1)}
    for number, tensors in enumerate((zeros, {PROJECTION: AXES})):
        changed = model()
        adapt(changed, SHA256, write(tmp_path / str(number), tensors))
        assert weights(changed, "up") == [[1, 1]] * 3


# -- what is refused -------------------------------------------------------------------------------


def refused(file: Path, base: str = SHA256) -> EncoderError:
    with pytest.raises(EncoderError) as caught:
        adapt(model(), base, file)
    assert caught.value.where == str(file)
    assert 'model = "general"' in (caught.value.fix or "")
    assert "python -m ingest" in (caught.value.fix or "")
    assert base in (caught.value.expected or "")
    return caught.value


def test_a_file_for_other_weights_is_refused_and_changes_nothing(file: Path) -> None:
    assert SHA256 in (refused(file, "c" * 64).found or "")
    kept = model()
    with pytest.raises(EncoderError):
        adapt(kept, "c" * 64, file)
    assert weights(kept, "up") == [[1, 1]] * 3


def test_a_file_that_names_no_weights_is_refused(tmp_path: Path) -> None:
    save_file(TENSORS, str(tmp_path / "no-base"))
    assert "None" in (refused(tmp_path / "no-base").found or "")


@pytest.mark.parametrize(
    ("changed", "left_out", "named"),
    [
        ({"1.up.a": A, "1.up.b": B}, "", "1.up"),
        ({"0.sideways.a": A, "0.sideways.b": B}, "", "0.sideways"),
        ({"0.a": A, "0.b": B}, "", "weight"),  # a layer without a weight
        ({}, PROJECTION, PROJECTION),
        ({}, "0.up.a", "0.up.a"),
        ({}, "0.up.b", "0.up.b"),
        ({"0.up.a": torch.ones(1, 3)}, "", "(3, 2)"),
        ({"0.up.b": torch.ones(2, 1)}, "", "(3, 2)"),
        ({"0.up.b": torch.ones(3, 2)}, "", "mismatch"),
        ({"0.up.b": torch.ones(1, 1)}, "", ""),  # one row would be added to all three
    ],
)
def test_factors_that_do_not_fit_the_model_are_refused(
    tmp_path: Path, changed: dict[str, Tensor], left_out: str, named: str
) -> None:
    tensors = {name: tensor for name, tensor in (TENSORS | changed).items() if name != left_out}
    assert named in (refused(write(tmp_path / "other", tensors)).found or "")


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def _cut_in_the_header(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:20])


def _emptied(path: Path) -> None:
    path.write_bytes(b"")


def _other_bytes(path: Path) -> None:
    path.write_bytes(b"version https://git-lfs.github.com/spec/v1\n")


def _a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    "damage", [_cut, _cut_in_the_header, _emptied, _other_bytes, _a_folder, Path.unlink]
)
def test_a_damaged_or_missing_file_is_refused(file: Path, damage: Callable[[Path], None]) -> None:
    damage(file)
    refused(file)


# -- the hash --------------------------------------------------------------------------------------


def test_the_hash_is_of_the_base_and_the_bytes_of_the_file(file: Path) -> None:
    expected = hashlib.sha256(SHA256.encode() + file.read_bytes()).hexdigest()
    assert adapted_sha256(SHA256, file) == expected


def test_the_hash_changes_with_the_file_and_with_the_base(file: Path, tmp_path: Path) -> None:
    other = write(tmp_path / "other", {**TENSORS, "0.up.a": A + 1})
    same = write(tmp_path / "same")
    hashes = [adapted_sha256(SHA256, path) for path in (file, other, same)]
    assert hashes[0] == hashes[2] != hashes[1]
    assert adapted_sha256("c" * 64, file) not in {*hashes, SHA256}


@pytest.mark.parametrize("damage", [_a_folder, Path.unlink])
def test_a_missing_file_has_no_hash(file: Path, damage: Callable[[Path], None]) -> None:
    damage(file)
    with pytest.raises(EncoderError) as caught:
        adapted_sha256(SHA256, file)
    assert caught.value.where == str(file)
    assert 'model = "general"' in (caught.value.fix or "")


# -- the encoder that encodes once -----------------------------------------------------------------


class PiecesEncoder(BagOfWordsEncoder):
    """Counts what it encodes piece by piece; its pieces are the text's characters, one number."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []

    def encode_tokens(self, texts: Any) -> list[Encoded]:
        self.pieces += texts
        vectors = super().encode(texts)
        self.encoded = self.encoded[: -len(texts)]
        return [
            Encoded(
                vector, np.ones((len(text), 1), np.float32), np.arange(len(text), dtype=np.int32)
            )
            for vector, text in zip(vectors, texts, strict=True)
        ]


def test_pieces_are_encoded_once_in_the_order_asked() -> None:
    inner = PiecesEncoder()
    caching = CachingEncoder(inner)
    first = caching.encode_tokens(["neck", "back", "neck"])
    assert [len(one.tokens) for one in first] == [4, 4, 4]
    assert first[0] is first[2]
    again = caching.encode_tokens(["back", "blood", "neck"])
    assert again[0] is first[1]
    assert again[2] is first[0]
    assert inner.pieces == ["neck", "back", "blood"]
    assert caching.encode_tokens([]) == []


def test_what_was_encoded_piece_by_piece_gives_its_vector_to_encode() -> None:
    inner = PiecesEncoder()
    caching = CachingEncoder(inner)
    (neck,) = caching.encode_tokens(["neck"])
    assert caching.unknown(["neck", "back", "back"]) == ["back"]
    found = caching.encode(["back", "neck", "neck"])
    assert inner.encoded == ["back"]
    np.testing.assert_array_equal(found[1], neck.vector)
    np.testing.assert_array_equal(found, BagOfWordsEncoder().encode(["back", "neck", "neck"]))


def test_a_known_vector_is_not_encoded_and_has_no_pieces_yet() -> None:
    inner = PiecesEncoder()
    known = np.full(inner.info.dimension, 1 / 3, dtype=np.float32)
    caching = CachingEncoder(inner, {"neck": known})
    np.testing.assert_array_equal(caching.encode(["neck"])[0], known)
    assert (inner.encoded, inner.pieces) == ([], [])
    caching.encode_tokens(["neck"])
    assert inner.pieces == ["neck"]


def test_nothing_to_encode_asks_the_encoder_for_nothing() -> None:
    inner = PiecesEncoder()
    caching = CachingEncoder(inner)
    assert caching.encode([]).shape == (0, inner.info.dimension)
    assert caching.encode_tokens([]) == []
    assert (inner.encoded, inner.pieces) == ([], [])
