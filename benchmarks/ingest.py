"""A whole ingest against the bare encoding of the very texts that it encodes, in one run."""

from __future__ import annotations

import resource
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from benchmarks.harness.options import Options
from benchmarks.harness.result import Result, Table
from core.encoders.onnx import OnnxEncoder
from core.encoders.reference import SentenceEncoder, encoder_sha256, load_encoder
from ingest.build.pipeline import build
from ingest.encoder.onnx_export import export_encoder
from ingest.readers.read import ARTICLES_FOLDER

_ROUNDS = 3
# The fastest of 16, 32, 64 and 128 when they were measured (docs/benchmarks.md).
_BATCH = 32
# A quick run leaves these out, because they take longest; with more articles than the clinic's own
# the invariants need not hold.
_LONG, _INVARIANTS = ("questions.csv", "red_flags.toml", "invariants.csv"), ("invariants.csv",)


def measure(options: Options) -> Result:
    """Ingest a content folder from nothing and encode its texts, several times in turn."""
    encoder = load_encoder()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        content = content_to_ingest(options, folder)
        # Finds out the texts, and loads what is loaded on first use; its time does not count.
        with recorded(SentenceEncoder) as by_reference, recorded(OnnxEncoder) as questions:
            report = _ingested(content, folder / "first", encoder)
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        # The export is checked with some of the questions.
        texts = [text for text in by_reference if text not in questions]
        rounds = [
            _round(content, folder / str(number), encoder, texts, list(questions))
            for number in range(1 if options.quick else _ROUNDS)
        ]
    passages = sum(row.passages for row in report.articles)
    notes = (
        f"{len(report.articles):,} articles, {passages:,} passages; {len(texts):,} texts embedded"
        f" by sentence-transformers, {len(questions):,} questions and examples by the exported"
        " encoder.",
        "Bare: sentence-transformers' own encode, in bfloat16 where the processor has it, in"
        f" batches of {_BATCH}; the questions by the exported encoder.",
        f"Medians of {len(rounds)} rounds, each an ingest from nothing and then the bare encoding;"
        " the ratio is of each round. Peak memory is that of the first ingest, which is not timed.",
    )
    return compared(rounds, len(texts) + len(questions), peak_mb, notes)


def compared(
    rounds: Sequence[Mapping[str, float]], texts: int, peak_mb: float, notes: tuple[str, ...]
) -> Result:
    """Lay out the seconds of all rounds; the ratio is that of texts a second."""
    ratios = [(r["bare, texts, s"] + r["bare, questions, s"]) / r[_WHOLE] for r in rounds]
    figures = {
        **{name: [r[name] for r in rounds] for name in rounds[0]},
        "whole ingest, texts/s": [texts / r[_WHOLE] for r in rounds],
        "ratio of texts/s": ratios,
        "peak memory, MB": [peak_mb],
    }
    table = Table(
        "A whole ingest against the bare encoding of the very texts that it encodes",
        ("what", "median", "least", "most"),
        tuple((what, statistics.median(v), min(v), max(v)) for what, v in figures.items()),
        notes,
    )
    return Result((table,), {"ingest to bare encoding, texts/s": statistics.median(ratios)})


_WHOLE = "whole ingest, s"


def _round(
    content: Path,
    folder: Path,
    encoder: SentenceEncoder,
    texts: list[str],
    questions: list[str],
) -> dict[str, float]:
    """Ingest from nothing, encode bare, ingest again; return the seconds of each."""
    model = (encoder.in_bfloat16() or encoder).model
    ingest = partial(_ingested, content, folder / "built", encoder)
    whole = _seconds(ingest)
    settings = {"batch_size": _BATCH, "normalize_embeddings": True, "show_progress_bar": False}
    bare = _seconds(lambda: model.encode(texts, **settings))
    again = _seconds(ingest)
    export = _seconds(lambda: export_encoder(encoder, folder / "encoder"))
    exported = OnnxEncoder(folder / "encoder", encoder.info)
    return {
        _WHOLE: whole,
        "bare, texts, s": bare,
        "bare, questions, s": _seconds(lambda: exported.encode(questions)),
        "export of the encoder, part of the ingest, s": export,
        "ingest of unchanged content, s": again,
    }


@contextmanager
def recorded(encoder: type[Any]) -> Iterator[dict[str, None]]:
    """Record each text once that any encoder of a class encodes, in order."""
    texts: dict[str, None] = {}
    encode = encoder.encode

    def recording(self: Any, given: Sequence[str]) -> Any:
        texts.update(dict.fromkeys(given))
        return encode(self, given)

    with patch.object(encoder, "encode", recording):
        yield texts


def content_to_ingest(options: Options, folder: Path) -> Path:
    """Return the content folder; a copy below `folder` where it is ingested in part or with more.

    A quick run has the clinic's articles alone, without question bank and notices.
    """
    if not options.quick and options.articles is None:
        return options.content
    left_out = shutil.ignore_patterns(*(_LONG if options.quick else _INVARIANTS))
    copy = Path(shutil.copytree(options.content, folder / "content", ignore=left_out))
    if options.articles and not options.quick:
        shutil.copytree(options.articles, copy / ARTICLES_FOLDER / "more")
    return copy


def _ingested(content: Path, built: Path, encoder: SentenceEncoder) -> Any:
    def announce(items: Iterable[Any], total: int, what: str) -> Iterable[Any]:
        print(f"{what} ({total}) ...", file=sys.stderr, flush=True)
        return items

    sha256, load = encoder_sha256(), lambda: encoder
    return build(content, built, encoder_sha256=sha256, load_encoder=load, progress=announce)


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
