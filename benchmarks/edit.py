"""How long an editor waits: a first ingest of one article, and one edited article among many."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from unittest.mock import patch

import numpy as np

from benchmarks.harness.options import ROOT, Options
from benchmarks.harness.result import Result, Table
from benchmarks.harness.synthetic_articles import write
from core.encoders.reference import encoder_sha256, load_encoder
from core.types import Encoded
from index.store.generations import read_current
from index.vectors.token_vectors import PassageTokens, passage_tokens
from ingest.build import embedding
from ingest.build.pipeline import build
from ingest.readers.read import ARTICLES_FOLDER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from core.types import Encoder
    from ingest.build.articles import Progress

_ROUNDS, _PASSAGES, _FEW = 5, 10_000, 400
_MORE = "more"
_FIRST, _EDITED = "a first ingest of one article, s", "one edited article of 10,000 passages, s"


class Run(NamedTuple):
    """What a process took: seconds by the clock and of the processors, and the most memory."""

    seconds: float
    processor_s: float
    peak_mb: float


def measure(options: Options) -> Result:
    """Run `python -m ingest` as an editor does, each time in a process of its own."""
    rounds = 1 if options.quick else _ROUNDS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        first = [_ingest(options.content, folder / f"first-{n}") for n in range(rounds)]
        content = many_articles(options, folder / "content")
        built = folder / "built"
        _build_drawn(content, built)
        passages = read_current(built).manifest.counts["passages"]
        edited = []
        for number in range(rounds):
            edit(content, number)
            edited.append(_ingest(content, built))
    rows = [
        (f"{what}: {field.replace('_', ' ')}", statistics.median(v), min(v), max(v))
        for what, runs in ((_FIRST, first), (_EDITED, edited))
        for field, v in zip(Run._fields, zip(*runs, strict=True), strict=True)
    ]
    table = Table(
        "`python -m ingest`, from the start of the process to its end",
        ("what", "median", "least", "most"),
        tuple(rows),
        (
            f"Medians of {rounds} processes. The edited article lies among {passages:,} passages:"
            " the clinic's own and articles of no meaning, whose vectors are drawn and not"
            " embedded before the edits. Each edit adds a sentence to another article.",
        ),
    )
    figures = {_FIRST: _median(first), _EDITED: _median(edited)}
    return Result((table,), {} if options.quick else figures)


def many_articles(options: Options, content: Path) -> Path:
    """Copy the clinic's content, without invariants, and write articles of no meaning beside it."""
    shutil.copytree(options.content, content, ignore=shutil.ignore_patterns("invariants.csv"))
    (content / ARTICLES_FOLDER / _MORE).mkdir()
    for written in write(_FEW if options.quick else _PASSAGES):
        for article in written.articles:
            path = content / ARTICLES_FOLDER / _MORE / article.source
            path.write_text(f"{article.text}\n", encoding="utf-8")
    return content


def edit(content: Path, number: int) -> None:
    """Add a sentence to an article from the middle of the list, another one for each number."""
    articles = sorted((content / ARTICLES_FOLDER / _MORE).iterdir())
    path = articles[len(articles) // 2 + number]
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(". ", ". Kneeling hurts the ankle. ", 1), encoding="utf-8")


def _ingest(content: Path, built: Path) -> Run:
    command = [sys.executable, "-m", "ingest", "--content", str(content), "--built", str(built)]
    begun = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 - this project's own command
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - begun
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Run(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def _build_drawn(content: Path, built: Path) -> None:
    """Build an index whose passages have drawn vectors, which takes seconds and not an hour."""

    def announce(items: Iterable[Any], total: int, what: str) -> Iterable[Any]:
        print(f"{what} ({total}) ...", file=sys.stderr, flush=True)
        return items

    with patch.object(embedding, "_embedded", _drawn):
        build(
            content,
            built,
            encoder_sha256=encoder_sha256(),
            load_encoder=load_encoder,
            progress=announce,
            force=True,
        )


def _drawn(
    encoder: Encoder, texts: Sequence[str], whole: Mapping[str, int], _progress: Progress
) -> tuple[dict[str, NDArray[np.float32]], dict[str, PassageTokens]]:
    """Return what `embedding._embedded` would return, for texts of no meaning."""
    vectors = dict(zip(texts, _unit(len(texts), encoder.info.dimension), strict=True))
    counts = [len(text.split()) * 5 // 4 for text in whole]
    tokens = np.split(_unit(sum(counts), encoder.info.token_dimension), np.cumsum(counts)[:-1])
    pieces = {}
    for (text, start), of_text in zip(whole.items(), tokens, strict=True):
        starts = np.arange(len(of_text), dtype=np.int32)
        pieces[text] = passage_tokens(Encoded(vectors[text], of_text, starts), start)
    return vectors, pieces


def _unit(rows: int, dimension: int) -> NDArray[np.float32]:
    vectors = np.random.default_rng(0).standard_normal((rows, dimension), dtype=np.float32)
    lengths: NDArray[np.float32] = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / lengths


def _median(runs: Sequence[Run]) -> float:
    return statistics.median(run.seconds for run in runs)
