"""A whole ingest against the bare encoding of the very texts that it embedded, in one run."""

from __future__ import annotations

import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar
from unittest.mock import patch

import numpy as np

from benchmarks.options import Options
from benchmarks.result import Result
from index.encoder import SentenceEncoder, encoder_sha256, load_encoder
from index.onnx_encoder import OnnxEncoder
from ingest import serving
from ingest.build import build
from ingest.export import export_encoder

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MEGABYTE = 1024 * 1024


class _Watched(SentenceEncoder):
    """The reference, which remembers what it was asked for."""

    def __init__(self, encoder: SentenceEncoder) -> None:
        super().__init__(encoder.model, name=encoder.info.name, sha256=encoder.info.sha256)
        self.texts: list[str] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.texts += texts
        return super().encode(texts)


class _Asked(OnnxEncoder):
    """What serves, which remembers the questions that it was asked."""

    texts: ClassVar[list[str]] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.texts.extend(texts)
        return super().encode(texts)


def measure(options: Options) -> Result:
    """Ingest a content folder from nothing, then unchanged, then encode its texts."""
    encoder = load_encoder()
    encoder.encode(["warm"])
    watched = _Watched(encoder)
    watching = patch.object(serving, "OnnxEncoder", _Asked)
    with tempfile.TemporaryDirectory() as folder, watching:
        content = _some_of(options.content, Path(folder)) if options.quick else options.content
        built, exported = Path(folder) / "built", Path(folder) / "encoder"
        whole_s, cpu_s, report = _timed(lambda: _ingest(content, built, watched))
        peak_mb = _peak_mb()
        texts, questions = list(watched.texts), list(_Asked.texts)
        again_s, _, _ = _timed(lambda: _ingest(content, built, watched))
        export_s, export_cpu_s, _ = _timed(lambda: export_encoder(encoder, exported))
        asking = OnnxEncoder(exported, encoder.info)
    bare_s, bare_cpu_s, _ = _timed(lambda: encoder.encode(texts))  # it sorts them by length itself
    asked_s, asked_cpu_s, _ = _timed(lambda: asking.encode(questions))
    least_s, least_cpu_s = bare_s + asked_s, bare_cpu_s + asked_cpu_s
    passages = sum(row.passages for row in report.articles)
    return Result(
        name="ingest",
        title="A whole ingest against the bare encoding of the very texts that it embedded",
        columns=("what", "figure"),
        rows=(
            ("whole ingest, s", whole_s),
            ("whole ingest, texts/s", (len(texts) + len(questions)) / whole_s),
            ("bare encoding of passages, s", bare_s),
            ("bare encoding of passages, texts/s", len(texts) / bare_s),
            ("bare encoding of questions, s", asked_s),
            ("export of the encoder, once, s", export_s),
            ("throughput ratio by the clock", least_s / whole_s),
            ("throughput ratio by the processors", least_cpu_s / cpu_s),
            ("ratio by the clock without the export", least_s / (whole_s - export_s)),
            (
                "ratio by the processors without the export",
                least_cpu_s / (cpu_s - export_cpu_s),
            ),
            ("unchanged again, s", again_s),
            ("peak memory, MB", peak_mb),
        ),
        notes=(
            f"{len(report.articles):,} articles, {passages:,} passages; {len(texts):,} texts"
            f" embedded by the reference, {len(questions):,} questions and examples by what"
            " serves, which is exported by the first ingest and carried on by all others.",
        ),
    )


def _some_of(content: Path, folder: Path) -> Path:
    """Copy a content folder without the question bank and notices, which take longest."""
    shorter = folder / "content"
    left_out = shutil.ignore_patterns("questions.csv", "invariants.csv", "red_flags.toml")
    return Path(shutil.copytree(content, shorter, ignore=left_out))


def _timed(work: Callable[[], Any]) -> tuple[float, float, Any]:
    """Return seconds on the clock, seconds on the processors, and what the work returned.

    On a busy machine the second tells more: others take time on the clock from both alike, but
    not at the same moments.
    """
    begun, begun_cpu = time.perf_counter(), time.process_time()
    found = work()
    return time.perf_counter() - begun, time.process_time() - begun_cpu, found


def _ingest(content: Path, built: Path, encoder: _Watched) -> Any:
    return build(
        content,
        built,
        encoder_sha256=encoder_sha256(),
        load_encoder=lambda: encoder,
        progress=_quiet,
    )


def _quiet(items: Iterable[Any], total: int, what: str) -> Iterable[Any]:
    print(f"{what} ({total}) ...", file=sys.stderr, flush=True)
    return items


def _peak_mb() -> float:
    # In kilobytes on Linux, in bytes on macOS.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / _MEGABYTE if sys.platform == "darwin" else peak / 1024
