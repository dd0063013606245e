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
from core.encoders.reference import encoder_sha256, load_encoder
from ingest.build.pipeline import build
from ingest.readers.read import ARTICLES_FOLDER

_ROUNDS = 3
# The fastest of 16, 32, 64 and 128 when they were measured (docs/benchmarks.md).
_BATCH = 32
_BFLOAT16 = ("avx512_bf16", "amx_bf16")  # the processors' instructions, as torch calls them
_WHOLE, _BARE, _PEAK = "whole ingest, s", "bare encoding, s", "peak memory of an ingest, MB"
# A quick run leaves these out, because they take longest; with more articles than the clinic's own
# the invariants need not hold.
_LONG, _INVARIANTS = ("questions.csv", "red_flags.toml", "invariants.csv"), ("invariants.csv",)


def measure(options: Options) -> Result:
    """Ingest a content folder from nothing and encode its texts, several times in turn."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        content = content_to_ingest(options, folder)
        # Finds out the texts, and loads what is loaded on first use; its time does not count.
        with recorded(OnnxEncoder) as texts:
            report = _ingested(content, folder / "first")
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        bare = bare_model()
        rounds = [
            _round(content, folder / str(number), bare, list(texts))
            for number in range(1 if options.quick else _ROUNDS)
        ]
    passages = sum(row.passages for row in report.articles)
    notes = (
        f"{len(report.articles):,} articles, {passages:,} passages; {len(texts):,} texts embedded.",
        "Bare: sentence-transformers' own encode, in bfloat16 where the processor has it, in"
        f" batches of {_BATCH}. The ingest computes in float32.",
        f"Medians of {len(rounds)} rounds, each an ingest from nothing and then the bare encoding;"
        " the ratio is of each round. Peak memory is that of the first ingest, which is not timed"
        " and has neither PyTorch nor sentence-transformers in memory.",
    )
    return compared(rounds, len(texts), peak_mb, notes)


def bare_model() -> Any:
    """Return the sentence-transformers model as it encodes fastest."""
    import torch

    model = load_encoder().model
    able = torch.cpu.get_capabilities()
    return model.to(torch.bfloat16) if any(able.get(name) for name in _BFLOAT16) else model


def compared(
    rounds: Sequence[Mapping[str, float]], texts: int, peak_mb: float, notes: tuple[str, ...]
) -> Result:
    """Lay out the seconds of all rounds; the ratio is that of texts a second."""
    ratios = [r[_BARE] / r[_WHOLE] for r in rounds]
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
    measured = {"ingest to bare encoding, texts/s": statistics.median(ratios), _PEAK: peak_mb}
    return Result((table,), measured)


def _round(content: Path, folder: Path, bare: Any, texts: list[str]) -> dict[str, float]:
    """Ingest from nothing, encode bare, ingest again; return the seconds of each."""
    ingest = partial(_ingested, content, folder / "built")
    whole = _seconds(ingest)
    settings = {"batch_size": _BATCH, "normalize_embeddings": True, "show_progress_bar": False}
    return {
        _WHOLE: whole,
        _BARE: _seconds(lambda: bare.encode(texts, **settings)),
        "ingest of unchanged content, s": _seconds(ingest),
    }


@contextmanager
def recorded(encoder: type[Any]) -> Iterator[dict[str, None]]:
    """Record each text once that any encoder of a class encodes piece by piece, in order."""
    texts: dict[str, None] = {}
    encode = encoder.encode_tokens

    def recording(self: Any, given: Sequence[str]) -> Any:
        texts.update(dict.fromkeys(given))
        return encode(self, given)

    with patch.object(encoder, "encode_tokens", recording):
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


def _ingested(content: Path, built: Path) -> Any:
    def announce(items: Iterable[Any], total: int, what: str) -> Iterable[Any]:
        print(f"{what} ({total}) ...", file=sys.stderr, flush=True)
        return items

    sha256 = encoder_sha256()
    return build(
        content, built, encoder_sha256=sha256, load_encoder=load_encoder, progress=announce
    )


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
