"""Which encoder serves what is being built: the exported one, made once and carried on."""

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

# Of the bank's questions, about so many are compared when the encoder is exported.
_COMPARED = 32


class Serving(NamedTuple):
    """The encoder that questions will be encoded with, and the folder it lies in.

    `exported` is None where the reference itself serves; `warnings` then say why, unless nobody
    wanted it exported.
    """

    encoder: Encoder
    exported: Path | None = None
    warnings: tuple[str, ...] = ()


def is_exportable(encoder: Encoder) -> TypeGuard[SentenceEncoder]:
    """Say whether an encoder should be exported; whether it can be is known when it is tried."""
    return isinstance(encoder, SentenceEncoder)


def serving_encoder(
    encoder: Encoder, published: Published, scratch: Path | None, questions: Sequence[str] = ()
) -> Serving:
    """Return the encoder that will serve: that of the published generation, or a new export.

    `scratch` is where a new one is written, or where it was by an earlier call of the same ingest;
    with None nothing is exported. A sample of `questions` is held against the reference then. What
    cannot be exported is served by the reference. Raises PublishError when the disk refuses.
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
