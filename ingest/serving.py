"""Which encoder serves what is being built: the exported one, made once and carried on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from index.encoder import SentenceEncoder
from index.errors import EncoderError
from index.onnx_encoder import OnnxEncoder
from ingest.export import export_encoder

if TYPE_CHECKING:
    from index.types import Encoder
    from ingest.published import Published


class Serving(NamedTuple):
    """The encoder that questions will be encoded with, and the folder it lies in.

    `exported` is None where the reference itself serves; `warnings` then say why, unless nobody
    wanted it exported.
    """

    encoder: Encoder
    exported: Path | None = None
    warnings: tuple[str, ...] = ()


def serving_encoder(encoder: Encoder, published: Published, scratch: Path | None) -> Serving:
    """Return the encoder that will serve: that of the published generation, or a new export.

    `scratch` is where a new one is written, a folder that is not there yet; with None nothing is
    exported. What cannot be exported is served by the reference.
    """
    if scratch is None or not isinstance(encoder, SentenceEncoder):
        return Serving(encoder)
    try:
        exported = published.exported(encoder.info)
        if exported is None:
            export_encoder(encoder, scratch)
            exported = scratch
        return Serving(OnnxEncoder(exported, encoder.info), exported)
    except EncoderError as error:
        return Serving(encoder, warnings=(f"clinic.toml, model: {error}",))
