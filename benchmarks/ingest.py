"""A whole ingest against the bare encoding of the very texts that it embedded, in one run."""

from __future__ import annotations

import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar
from unittest.mock import patch

import numpy as np

from benchmarks.clinic_content import content_to_ingest
from benchmarks.ingest_bare import bare, sampled, sweep, table
from benchmarks.options import Options
from benchmarks.result import Result
from index.encoder import SentenceEncoder, encoder_sha256, load_encoder
from index.manifest import BFLOAT16, FLOAT32
from index.onnx_encoder import OnnxEncoder
from ingest import serving
from ingest.build import build
from ingest.export import export_encoder

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MEGABYTE = 1024 * 1024
_ROUNDS, _SWEEPS, _SAMPLED = 3, 2, 8


@dataclass(frozen=True, slots=True)
class _Took:
    """Seconds on the clock and on the processors.

    On a busy machine the second tells more: others take time on the clock from both that are
    compared, but not at the same moments.
    """

    clock_s: float
    processors_s: float


class _Asked(OnnxEncoder):
    """What serves, which remembers the questions that it was asked."""

    texts: ClassVar[dict[str, None]] = {}

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.texts.update(dict.fromkeys(texts))
        return super().encode(texts)


@contextmanager
def _watched() -> Iterator[tuple[dict[str, None], dict[str, None]]]:
    """Note each text once that is embedded, in whatever precision, and that is asked."""
    embedded: dict[str, None] = {}
    encode = SentenceEncoder.encode

    def noted(encoder: SentenceEncoder, texts: Sequence[str]) -> NDArray[np.float32]:
        embedded.update(dict.fromkeys(texts))
        return encode(encoder, texts)

    _Asked.texts.clear()
    with (
        patch.object(SentenceEncoder, "encode", noted),
        patch.object(serving, "OnnxEncoder", _Asked),
    ):
        yield embedded, _Asked.texts


@dataclass(frozen=True, slots=True)
class _Round:
    """One ingest from nothing and the bare encoding of its texts: seconds by clock and processors.

    What the ingest has encoded by what serves, `asked` is here by that, `bare_asked` bare.
    """

    whole: _Took
    bare: _Took
    bare_asked: _Took
    asked: _Took
    export: _Took
    again: _Took

    @property
    def least(self) -> _Took:
        """The shortest time in which these texts can be encoded: questions in the faster way."""
        asked = min(self.bare_asked, self.asked, key=lambda took: took.clock_s)
        clock_s = self.bare.clock_s + asked.clock_s
        return _Took(clock_s, self.bare.processors_s + asked.processors_s)


def measure(options: Options) -> list[Result]:
    """Ingest a content folder from nothing and encode its texts, several times in turn."""
    encoder = load_encoder()
    models = {FLOAT32: encoder.model}
    if faster := encoder.in_bfloat16():
        models[BFLOAT16] = faster.model
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        content = content_to_ingest(options, folder)
        # Tells the texts, and loads what is loaded on first use; its time does not count.
        with _watched() as (embedded, asked):
            report = ingest_quietly(content, folder / "first", encoder)
        peak_mb = _peak_mb()
        # The export was tried with some of the questions.
        texts, questions = [text for text in embedded if text not in asked], list(asked)
        sample = sampled([*texts, *questions], 1 if options.quick else _SAMPLED)
        swept = sweep(models, sample, 1 if options.quick else _SWEEPS)
        precision, batch = max(swept, key=lambda way: statistics.median(swept[way]))
        encode = partial(bare, models[precision], batch=batch)
        rounds = [
            _round(content, folder / str(number), encoder, encode, (texts, questions))
            for number in range(1 if options.quick else _ROUNDS)
        ]
    passages = sum(row.passages for row in report.articles)
    about = (
        f"{len(report.articles):,} articles, {passages:,} passages; {len(texts):,} texts"
        f" embedded by the reference, {len(questions):,} questions and examples by what"
        " serves, which is exported by the first ingest and carried on by all others.",
        "Bare: sentence-transformers' own encode, in the way that the table `ingest_bare` shows to"
        f" be the fastest ({precision}, batches of {batch}); of the questions whichever was faster,"
        " that or what serves.",
        f"Medians of {len(rounds)} rounds, each an ingest from nothing and then the bare encoding;"
        " ratios are taken round by round. One ingest before them does not count; peak memory is"
        " of that one.",
    )
    return [
        _compared(rounds, len(texts) + len(questions), peak_mb, about),
        table(swept, len(sample)),
    ]


def _round(
    content: Path,
    folder: Path,
    encoder: SentenceEncoder,
    encode: Callable[[Sequence[str]], None],
    given: tuple[Sequence[str], Sequence[str]],
) -> _Round:
    texts, questions = given
    ingest = partial(ingest_quietly, content, folder / "built", encoder)
    whole = _timed(ingest)
    encoded, asked = _timed(partial(encode, texts)), _timed(partial(encode, questions))
    again = _timed(ingest)
    export = _timed(partial(export_encoder, encoder, folder / "encoder"))
    serves = OnnxEncoder(folder / "encoder", encoder.info)
    served = _timed(partial(serves.encode, questions))
    return _Round(whole, encoded, asked, served, export, again)


def _compared(
    rounds: Sequence[_Round], texts: int, peak_mb: float, about: tuple[str, ...]
) -> Result:
    figures: Mapping[str, list[float]] = {
        "whole ingest, s": [one.whole.clock_s for one in rounds],
        "whole ingest, texts/s": [texts / one.whole.clock_s for one in rounds],
        "bare encoding, s": [one.least.clock_s for one in rounds],
        "bare encoding, texts/s": [texts / one.least.clock_s for one in rounds],
        "of it what is no question, s": [one.bare.clock_s for one in rounds],
        "questions by sentence-transformers, s": [one.bare_asked.clock_s for one in rounds],
        "questions by what serves, s": [one.asked.clock_s for one in rounds],
        "export of the encoder, once, s": [one.export.clock_s for one in rounds],
        "throughput ratio by the clock": [one.least.clock_s / one.whole.clock_s for one in rounds],
        "throughput ratio by the processors": [
            one.least.processors_s / one.whole.processors_s for one in rounds
        ],
        "ratio by the clock without the export": [
            one.least.clock_s / (one.whole.clock_s - one.export.clock_s) for one in rounds
        ],
        "ratio by the processors without the export": [
            one.least.processors_s / (one.whole.processors_s - one.export.processors_s)
            for one in rounds
        ],
        "unchanged again, s": [one.again.clock_s for one in rounds],
        "peak memory, MB": [peak_mb],
    }
    return Result(
        name="ingest",
        title="A whole ingest against the bare encoding of the very texts that it embedded",
        columns=("what", "figure", "least", "most"),
        rows=tuple(
            (what, statistics.median(values), min(values), max(values))
            for what, values in figures.items()
        ),
        notes=about,
    )


def _timed(work: Callable[[], Any]) -> _Took:
    """Return how long a piece of work takes."""
    begun, begun_cpu = time.perf_counter(), time.process_time()
    work()
    return _Took(time.perf_counter() - begun, time.process_time() - begun_cpu)


def ingest_quietly(content: Path, built: Path, encoder: SentenceEncoder) -> Any:
    """Ingest with an encoder that is loaded already, saying only what comes next."""
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
