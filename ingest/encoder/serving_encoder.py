"""Which encoder will serve: the exported one, made once and used by later generations too."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from core.encoders.onnx import OnnxEncoder
from core.encoders.reference import SentenceEncoder
from core.errors import EncoderError
from core.findings import Finding, finding_of
from index.store.settings_copy import CLINIC
from ingest.encoder.onnx_export import export_encoder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.types import Encoder
    from ingest.build.previous import PreviousGeneration

# About this many of the bank's questions are compared after an export.
_COMPARED = 32


class ServingEncoder(NamedTuple):
    """The encoder that questions will be encoded with, and the folder it lies in.

    `exported` is None where the reference itself serves. If that is because it could not be
    exported, `finding` says why.
    """

    encoder: Encoder
    exported: Path | None = None
    finding: Finding | None = None


def serving_encoder(
    encoder: Encoder, previous: PreviousGeneration, scratch: Path, questions: Sequence[str] = ()
) -> ServingEncoder:
    """Return the encoder that will serve: that of the previous generation, or a new export.

    A new one is written to the folder `scratch`, and compared with the reference on a sample of
    `questions`. Where the export fails the reference serves. Raises PublishError when the disk
    refuses.
    """
    if not isinstance(encoder, SentenceEncoder):
        return ServingEncoder(encoder)
    try:
        exported = previous.exported(encoder.info)
        if exported is None:
            export_encoder(encoder, scratch, questions[:: len(questions) // _COMPARED + 1])
            exported = scratch
        return ServingEncoder(OnnxEncoder(exported, encoder.info), exported)
    except EncoderError as error:
        finding = replace(
            finding_of(error, CLINIC),
            severity="warning",
            step="export",
            where=f"{CLINIC}, model {encoder.info.name}",
        )
        return ServingEncoder(encoder, finding=finding)
