"""Exports an encoder as ONNX, so that serving needs neither PyTorch nor its libraries.

The installed model was exported with the release (`ingest/encoder/assembled.py`); this is for a
model of the clinic's own, and makes the release's files.
"""

from __future__ import annotations

import logging
import shutil
import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from core.encoders.onnx import GRAPH, IDS, MASK, TOKENIZER, TOKENS, VECTORS, WEIGHTS, OnnxEncoder
from core.errors import EncoderError, PublishError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from core.encoders.reference import SentenceEncoder
    from core.types import Encoded

# Increased when the same encoder would be exported or put together differently.
EXPORT_VERSION = 3
_OPSET = 17
# Weights under this size in bytes stay in the graph.
_SMALL = 1024
# The largest difference between components of exported and reference vectors; float32 rounds
# at 1e-7.
TOLERANCE = 1e-5
SAMPLES = (
    "pain",
    "My shoulder hurts when I reach behind my back, what is it?",
    "Café – 5 µg of naïve “quotes”, ½ a pill, 疼痛, боль, 🦵",
    "knee " * 400,
)


def export_encoder(encoder: SentenceEncoder, folder: Path, texts: Sequence[str] = ()) -> None:
    """Export an encoder into a new folder in float32, and compare it with the reference.

    `texts` are compared besides SAMPLES. Raises EncoderError when the model cannot be exported or
    the export gives other vectors, and PublishError when the disk refuses; both remove the folder.
    """
    with exporting(folder, encoder.info.name):
        _export(encoder, folder)
        compared = [*SAMPLES, *texts]
        exported = OnnxEncoder(folder, encoder.info)
        require_same(exported.encode_tokens(compared), encoder.encode_tokens(compared))


@contextmanager
def exporting(folder: Path, name: str) -> Iterator[None]:
    """Make a folder for an exported encoder; remove it when anything fails inside.

    Raises EncoderError, and PublishError when the disk refuses.
    """
    try:
        folder.mkdir(parents=True)
        yield
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise PublishError(
            "The exported encoder could not be written; what was serving goes on serving.",
            where=str(error.filename or folder),
            expected="a folder that can be written to, with room on its disk",
            found=error.strerror or str(error),
            fix="give the folder room and write permission, then run the same command again",
        ) from error
    except Exception as error:  # of many kinds: torch, onnx, an unusual model
        shutil.rmtree(folder, ignore_errors=True)
        raise EncoderError(
            "The encoder cannot be exported for serving.",
            where=name,
            expected=f"the same vectors to within {TOLERANCE:g}",
            found=f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}",
            fix="nothing to do: the page uses sentence-transformers instead, which takes more "
            "memory and a longer start; the next ingest tries again",
        ) from error


def require_same(found: Sequence[Encoded], expected: Sequence[Encoded]) -> None:
    """Raise ValueError where vectors of texts or of their pieces differ by more than TOLERANCE."""
    difference = max(
        float(np.abs(theirs - ours).max(initial=0.0))
        for one, other in zip(found, expected, strict=True)
        for theirs, ours in ((one.vector, other.vector), (one.tokens, other.tokens))
    )
    if not difference <= TOLERANCE:
        raise ValueError(f"vectors that differ by {difference:.2g}")


def _export(encoder: SentenceEncoder, folder: Path) -> None:
    import onnx
    import torch
    from onnx.external_data_helper import set_external_data
    from tokenizers import Tokenizer

    model = encoder.model
    identity = torch.eye(encoder.info.dimension)
    projection = identity if encoder.projection is None else torch.tensor(encoder.projection)

    class Whole(torch.nn.Module):  # type: ignore[misc]
        """The whole model: from word pieces to unit vectors of the text and of each piece."""

        def __init__(self) -> None:
            super().__init__()
            self.modules_in_order = torch.nn.ModuleList(model)
            self.register_buffer("projection", projection)

        def forward(self, ids: Any, mask: Any) -> Any:
            features = {IDS: ids, MASK: mask}
            for module in self.modules_in_order:
                features = module(features)
            tokens = features["token_embeddings"] @ self.projection
            return (
                torch.nn.functional.normalize(features["sentence_embedding"], dim=1),
                torch.nn.functional.normalize(tokens, dim=2),
            )

    example = torch.ones((2, 8), dtype=torch.int64)
    whole = folder / "whole.onnx"
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    # The older of torch's two exporters: seconds instead of half a minute, and the same vectors.
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Whole().eval(),
            (example, example),
            str(whole),
            input_names=[IDS, MASK],
            output_names=[VECTORS, TOKENS],
            dynamic_axes={IDS: {0: "texts", 1: "pieces"}, MASK: {0: "texts", 1: "pieces"}},
            opset_version=_OPSET,
            dynamo=False,
        )
    graph = onnx.load(str(whole))
    whole.unlink()
    # Not by the option of save_model, which makes a name with uuid1: that reads this machine's
    # network address, calls a service and may write into /var/lib.
    for tensor in graph.graph.initializer:
        if len(tensor.raw_data) >= _SMALL:
            set_external_data(tensor, WEIGHTS)
    onnx.save_model(graph, str(folder / GRAPH))
    (folder / WEIGHTS).chmod((folder / GRAPH).stat().st_mode)  # onnx makes it unreadable for others
    write_tokenizer(Tokenizer.from_str(model.tokenizer.backend_tokenizer.to_str()), folder)


def write_tokenizer(tokenizer: Any, folder: Path) -> None:
    """Write a tokenizer of `tokenizers` without the truncation and padding of its last user."""
    tokenizer.no_truncation()
    tokenizer.no_padding()
    (folder / TOKENIZER).write_text(tokenizer.to_str(), encoding="utf-8")
