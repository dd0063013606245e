"""Exports the encoder as it is, for `ingest/encoder/assembled.py`: its graph, without weights."""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import onnx

from core.encoders.adaptation import adapted_weights
from core.encoders.onnx import GRAPH
from core.encoders.reference import BASE_SHA256, WEIGHTS_FILE, default_folder
from ingest.encoder.assembled import EXPECTED, RECORD, RELEASE, TRANSPOSED
from ingest.encoder.onnx_export import SAMPLES, export_encoder

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.encoders.reference import SentenceEncoder


def release(encoder: SentenceEncoder, folder: Path = RELEASE) -> None:
    """Write the graph, the names of its weights in their order, and the vectors of SAMPLES.

    Raises ValueError for a part of the graph that is none of the encoder's weights.
    """
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        exported = Path(name) / "encoder"
        export_encoder(encoder, exported)
        shutil.copyfile(exported / GRAPH, folder / GRAPH)
        graph = onnx.load(str(exported / GRAPH)).graph
    weights = adapted_weights(default_folder() / WEIGHTS_FILE, BASE_SHA256)
    stored = onnx.load(str(folder / GRAPH), load_external_data=False).graph.initializer
    apart = {tensor.name for tensor in stored if tensor.external_data}
    names = [
        _name_of(onnx.numpy_helper.to_array(tensor), weights)
        for tensor in graph.initializer
        if tensor.name in apart
    ]
    record = {"encoder": asdict(encoder.info), "weights": names}
    (folder / RECORD).write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    encoded = encoder.encode_tokens(SAMPLES)
    np.savez_compressed(
        folder / EXPECTED,
        vectors=np.stack([one.vector for one in encoded]),
        tokens=np.concatenate([one.tokens for one in encoded]),
        ends=np.cumsum([len(one.tokens) for one in encoded]),
    )


def _name_of(array: NDArray[np.float32], weights: dict[str, NDArray[np.float32]]) -> str:
    for name, weight in weights.items():
        if np.array_equal(weight, array):
            return name
        if np.array_equal(weight.T, array):
            return f"{name}{TRANSPOSED}"
    raise ValueError(f"{array.shape} numbers in the graph are no weight of the encoder")
