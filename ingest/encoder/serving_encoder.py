"""Which encoder will serve: one without PyTorch, made once and used by later generations too."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from core.encoders.onnx import OnnxEncoder
from core.encoders.reference import SentenceEncoder
from core.errors import EncoderError
from core.findings import Finding, finding_of
from index.store.settings_copy import CLINIC
from ingest.encoder.assembled import assemble, released_info
from ingest.encoder.onnx_export import export_encoder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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
    sha256: str,
    load_reference: Callable[[], Encoder],
    previous: PreviousGeneration,
    scratch: Path,
    questions: Sequence[str] = (),
) -> ServingEncoder:
    """Return the encoder that will serve: that of the previous generation, or a new one.

    `sha256` is its hash. The released encoder is put together in the folder `scratch`; another is
    exported into it, and compared with the reference on a sample of `questions`. Only then, or
    where the export fails and the reference serves, is the reference loaded. Raises PublishError
    when the disk refuses.
    """
    try:
        if exported := previous.exported(sha256):
            return ServingEncoder(OnnxEncoder(*exported), exported.folder)
        if info := released_info(sha256):
            return ServingEncoder(assemble(scratch, info), scratch)
        reference = load_reference()
        if not isinstance(reference, SentenceEncoder):
            return ServingEncoder(reference)
        export_encoder(reference, scratch, questions[:: len(questions) // _COMPARED + 1])
        return ServingEncoder(OnnxEncoder(scratch, reference.info), scratch)
    except EncoderError as error:
        encoder = load_reference()
        finding = replace(
            finding_of(error, CLINIC),
            severity="warning",
            step="export",
            where=f"{CLINIC}, model {encoder.info.name}",
        )
        return ServingEncoder(encoder, finding=finding)
