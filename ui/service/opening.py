"""Opens the published generation for serving: its exported encoder, one thread per search."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from core.errors import EncoderError
from core.process import limit_blas_threads

if TYPE_CHECKING:
    from pathlib import Path

    from core.types import Encoder
    from index.store.generations import OpenIndex


def open_published(built: Path, encoder: Encoder | None) -> OpenIndex:
    """Open the generation that is published in a folder; `encoder` is the one loaded already.

    Searches once, so that the first visitor does not wait for what only a search loads.
    """
    from index.search.pipeline import search
    from index.store.generations import open_index

    index = _with_exported_encoder(open_index(built, encoder=encoder), built)
    limit_blas_threads()
    search(index, "neck")
    return index


def _with_exported_encoder(index: OpenIndex, built: Path) -> OpenIndex:
    """Return the index with its exported encoder in place of a predecessor's reference encoder.

    If the export cannot be opened, the reference stays; opening the index has logged that.
    """
    from core.encoders.onnx import FOLDER, GRAPH, OnnxEncoder

    is_exported = f"{FOLDER}/{GRAPH}" in index.manifest.files
    if not is_exported or isinstance(index.encoder, OnnxEncoder):
        return index
    with suppress(EncoderError):
        folder = built / index.generation / FOLDER
        return replace(index, encoder=OnnxEncoder(folder, index.manifest.encoder))
    return index
