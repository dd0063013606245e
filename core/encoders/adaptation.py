"""The trained difference to MiniLM: how patients speak, in a few megabytes."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import EncoderError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy as np
    from numpy.typing import NDArray

    Weights = dict[str, NDArray[np.float32]]

# Made by `python -m training`; training/CARD.md has its hash and its figures.
FILE = Path(__file__).with_name("patient_words.safetensors")
# The names in the file: two factors for each linear layer, whose product is added to its weight
# (LoRA, Hu et al. 2021), the projection of tokens, and the weights that all of it belongs to.
A, B, PROJECTION, BASE = ".a", ".b", "projection", "base_sha256"
# What the base model's own file puts before the names of these layers.
_LAYERS = "encoder."


def adapted_sha256(base_sha256: str, file: Path = FILE) -> str:
    """Return one hash for the base weights and the difference: hex sha256.

    Raises EncoderError when the file is missing.
    """
    try:
        return hashlib.sha256(base_sha256.encode() + file.read_bytes()).hexdigest()
    except OSError as error:
        raise _unusable(file, base_sha256, error) from error


def adapt(model: Any, base_sha256: str, file: Path = FILE) -> NDArray[np.float32]:
    """Add the difference to a sentence-transformers model in float32, in place.

    Returns the projection of its tokens: float32, shape (dimension, token dimension). Raises
    EncoderError when the file belongs to other weights or does not fit the model.
    """
    with _refusing(file, base_sha256):
        layers = dict(model[0].auto_model.encoder.named_modules())
        return _add(lambda name: layers[name].weight.data.numpy(), base_sha256, file)


def adapted_weights(weights: Path, base_sha256: str, file: Path = FILE) -> Weights:
    """Read a model's weights from its file and add the difference, without PyTorch.

    Returns them by their names in the file, and the projection as "projection": float32. Raises
    EncoderError as `adapt` does.
    """
    from safetensors import safe_open

    with _refusing(file, base_sha256):
        with safe_open(str(weights), framework="np") as stored:
            found: Weights = {name: stored.get_tensor(name) for name in stored.keys()}  # noqa: SIM118
        found[PROJECTION] = _add(lambda name: found[f"{_LAYERS}{name}.weight"], base_sha256, file)
        return found


def _add(
    weight_of: Callable[[str], NDArray[np.float32]], base_sha256: str, file: Path
) -> NDArray[np.float32]:
    """Add the difference to weights in place, and return the projection."""
    import numpy as np
    from safetensors import safe_open

    with safe_open(str(file), framework="np") as stored:
        tensors = {name: stored.get_tensor(name).astype(np.float32) for name in stored.keys()}  # noqa: SIM118
        base = (stored.metadata() or {}).get(BASE)
    if base != base_sha256:
        raise ValueError(f"made for weights with sha256 {base}")
    projection: NDArray[np.float32] = tensors.pop(PROJECTION)
    for name in sorted({key.removesuffix(A).removesuffix(B) for key in tensors}):
        weight, change = weight_of(name), tensors[name + B] @ tensors[name + A]
        if change.shape != weight.shape:  # numpy would repeat a single row
            raise ValueError(f"{name}: {tuple(change.shape)} for {tuple(weight.shape)}")
        weight += change
    return projection


@contextmanager
def _refusing(file: Path, base_sha256: str) -> Iterator[None]:
    from safetensors import SafetensorError

    try:
        yield
    except (
        *(OSError, SafetensorError, ValueError, LookupError, RuntimeError, AttributeError),
    ) as error:
        raise _unusable(file, base_sha256, error) from error


def _unusable(file: Path, base_sha256: str, error: Exception) -> EncoderError:
    return EncoderError(
        "The trained part of the encoder cannot be used.",
        where=str(file),
        expected=f"the file of this project, for weights with sha256 {base_sha256}",
        found=f"{type(error).__name__}: {error}",
        fix='restore the file, or set model = "general" in clinic.toml, then: python -m ingest',
    )
