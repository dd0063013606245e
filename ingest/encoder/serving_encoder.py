"""Chooses the encoder of a new generation: a reused export, a new export, or the reference."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeGuard

from core.encoders.onnx import OnnxEncoder
from core.encoders.reference import SentenceEncoder
from core.errors import EncoderError
from ingest.encoder.onnx_export import export_encoder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.types import Encoder
    from ingest.build.previous import Published

# About this many of the bank's questions are compared after an export.
_COMPARED = 32


class Serving(NamedTuple):
    """The encoder for questions, and the folder of its export.

    `exported` is None when the reference itself serves; `warnings` then state why, unless no export
    was wanted.
    """

    encoder: Encoder
    exported: Path | None = None
    warnings: tuple[str, ...] = ()


def is_exportable(encoder: Encoder) -> TypeGuard[SentenceEncoder]:
    """Say whether an encoder should be exported; the export may still fail."""
    return isinstance(encoder, SentenceEncoder)


def serving_encoder(
    encoder: Encoder, published: Published, scratch: Path | None, questions: Sequence[str] = ()
) -> Serving:
    """Return the encoder that will serve: the export of the published generation, or a new one.

    `scratch` is the folder for a new export, or has it from an earlier call of the same ingest;
    None exports nothing. A new export is compared with the reference on a sample of `questions`. An
    encoder that cannot be exported serves itself. Raises PublishError when the disk refuses.
    """
    if scratch is None or not is_exportable(encoder):
        return Serving(encoder)
    try:
        exported = published.exported(encoder.info)
        if exported is None:
            if not scratch.exists():
                export_encoder(encoder, scratch, questions[:: len(questions) // _COMPARED + 1])
            exported = scratch
        return Serving(OnnxEncoder(exported, encoder.info), exported)
    except EncoderError as error:
        return Serving(encoder, warnings=(f"clinic.toml, model: {error}",))
