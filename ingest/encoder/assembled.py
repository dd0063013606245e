"""Puts the installed encoder together for serving, without PyTorch.

A release holds its graph, which `python -m training graph` exported, in `ingest/encoder/release/`.
The weights are those of the installed package and what was trained.
"""

from __future__ import annotations

import json
import shutil
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from core.encoders.adaptation import adapted_weights
from core.encoders.onnx import GRAPH, TOKENIZER, WEIGHTS, OnnxEncoder
from core.encoders.reference import BASE_SHA256, WEIGHTS_FILE, default_folder
from core.types import Encoded, EncoderInfo
from ingest.encoder.onnx_export import SAMPLES, exporting, require_same, write_tokenizer

if TYPE_CHECKING:
    from numpy.typing import NDArray

RELEASE = Path(__file__).with_name("release")
RECORD, EXPECTED = "weights.json", "samples.npz"
# After the name of a weight that the graph holds the other way round.
TRANSPOSED = ".T"


def released_info(sha256: str) -> EncoderInfo | None:
    """Say which encoder the release holds, None unless its hash is this one."""
    info = EncoderInfo(**_record()["encoder"])
    return info if info.sha256 == sha256 else None


def assemble(folder: Path, info: EncoderInfo) -> OnnxEncoder:
    """Write the released encoder into a new folder, and compare it with the reference's vectors.

    Raises EncoderError when it gives other vectors than the reference gave to the release, and
    PublishError when the disk refuses; both remove the folder.
    """
    from tokenizers import Tokenizer

    with exporting(folder, info.name):
        shutil.copyfile(RELEASE / GRAPH, folder / GRAPH)
        weights = adapted_weights(default_folder() / WEIGHTS_FILE, BASE_SHA256)
        with (folder / WEIGHTS).open("wb") as stream:
            for name in _record()["weights"]:  # in the order in which the graph looks for them
                stream.write(_weight(weights, name).tobytes())
        del weights
        write_tokenizer(Tokenizer.from_file(str(default_folder() / TOKENIZER)), folder)
        encoder = OnnxEncoder(folder, info)
        require_same(encoder.encode_tokens(SAMPLES), _expected())
        return encoder


def _weight(weights: dict[str, NDArray[np.float32]], name: str) -> NDArray[np.float32]:
    if name.endswith(TRANSPOSED):
        return np.ascontiguousarray(weights[name.removesuffix(TRANSPOSED)].T)
    return weights[name]


def _expected() -> list[Encoded]:
    """Return what the reference made of SAMPLES."""
    with np.load(RELEASE / EXPECTED, allow_pickle=False) as arrays:
        tokens = np.split(arrays["tokens"], arrays["ends"][:-1])
        return [
            Encoded(vector, pieces, np.zeros(len(pieces), np.int32))
            for vector, pieces in zip(arrays["vectors"], tokens, strict=True)
        ]


@cache
def _record() -> Any:
    return json.loads((RELEASE / RECORD).read_text(encoding="utf-8"))
