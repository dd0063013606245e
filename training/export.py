"""Writes what was trained as the one file that the product loads beside MiniLM."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.encoders.adaptation import BASE, PROJECTION, A, B

if TYPE_CHECKING:
    from pathlib import Path

    from training.model import Trained


def export(model: Trained, path: Path, *, base_sha256: str) -> None:
    """Write the differences and the projection, in half precision.

    Raises ValueError for numbers that are not finite.
    """
    import torch
    from safetensors.torch import save_file

    tensors = {PROJECTION: model.projection.detach().half().contiguous()}
    for name, layer in model.layers.items():
        low_rank = layer.parametrizations.weight[0]
        tensors[f"{name}{A}"] = low_rank.a.detach().half().contiguous()
        tensors[f"{name}{B}"] = low_rank.b.detach().half().contiguous()
    if not all(torch.isfinite(tensor).all() for tensor in tensors.values()):
        raise ValueError("the training left numbers that are not finite")
    save_file(tensors, str(path), metadata={BASE: base_sha256})
    path.chmod(0o644)  # safetensors makes it unreadable for others
