"""Which export of the encoder serves: float32, or the same graph as dynamic int8.

Each is held against the reference, which embeds the passages (sentence-transformers, float32): by
its vectors, by what a search finds and says, by a labelled collection, and by what it costs.
"""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.options import ROOT, Options
from benchmarks.peer_corpora import has_collection, labelled_collection
from benchmarks.processes import memory
from benchmarks.questions import bank_questions
from benchmarks.result import Cell, Result, middle_and_late
from evaluation.beir import Collection, read_collection
from evaluation.crossvalidation import cross_validate
from evaluation.judging import averaged
from evaluation.retrieval import index_collection, run, scores
from evaluation.summary import figures
from index.encoder import DEFAULT_NAME, SentenceEncoder, load_encoder
from index.fusion import DEFAULT_WEIGHTS
from index.onnx_encoder import GRAPH, TOKENIZER, WEIGHTS, OnnxEncoder
from index.query import normalize_query
from index.search import search
from index.store import open_index
from ingest.export import export_encoder

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from index.generation import Index
    from index.types import Encoder, SearchResponse

REFERENCE, FLOAT32 = "sentence-transformers", "ONNX float32"
INT8, INT8_REDUCED = "ONNX int8", "ONNX int8, weights of 7 bits"
_OUTSIDE = ROOT / "evaluation" / "outside.csv"
_ROUNDS = 3
_QUICK_QUESTIONS = 8
_HELD_QUESTIONS = 20
_MB = 1 << 20
# What a process runs that holds an encoder and nothing else; it is told on stdin what to encode.
_HOLDER = """
import json, pathlib, sys
{opened}
for text in json.loads(sys.stdin.readline()):
    encoder.encode([text])
print(flush=True)
sys.stdin.readline()
"""
_CROSS_VALIDATED = ("hit@1", "ndcg@10", "answered_of_answerable", "answered_of_unanswerable")


@dataclass(frozen=True, slots=True)
class Way:
    """A way to encode questions: the folder it lies in, and the Python that opens it there."""

    name: str
    encoder: Encoder
    folder: Path
    opened: str


def measure(options: Options) -> list[Result]:
    """Compare the exports by agreement, by cost, by calibrated outcomes and by a collection.

    The last only where there is a collection.
    """
    is_judged = has_collection(options, "the labelled collection (table light_collection)")
    index = open_index(options.built)
    bank, outside = bank_questions(options.built), outside_questions()
    if options.quick:
        bank, outside = bank[:_QUICK_QUESTIONS], outside[:_QUICK_QUESTIONS]
    name = index.manifest.encoder.name
    reference = load_encoder("" if name == DEFAULT_NAME else name)
    with tempfile.TemporaryDirectory() as folder:
        ways = _ways(reference, Path(folder))
        found = [
            _agreement(ways, index, {"bank": bank, "outside the bank": outside}),
            _cost(ways, [*bank, *outside], rounds=1 if options.quick else _ROUNDS),
        ]
        if not options.quick:
            found.append(_calibrated(ways, index))
        if is_judged:
            source = labelled_collection(options, Path(folder)).source  # a reduced one when quick
            found.append(_collection(ways, read_collection(source)))
    return found


def quantised(exported: Path, folder: Path, *, reduce_range: bool = False) -> None:
    """Write an exported encoder as dynamic int8 into a new folder, laid out as the exported one.

    Weights become int8, by channel; activations become uint8 when they are there. With
    `reduce_range` weights have 7 bits, which no processor's instructions overflow.
    """
    from onnx import load, save_model
    from onnxruntime.quantization import QuantType, quantize_dynamic

    folder.mkdir(parents=True)
    whole = folder / "whole.onnx"
    kind = QuantType.QInt8
    quantize_dynamic(
        exported / GRAPH, whole, per_channel=True, reduce_range=reduce_range, weight_type=kind
    )
    # Weights beside the graph, as ingest writes them; save_model's own limit is the same 1,024.
    save_model(load(str(whole)), str(folder / GRAPH), save_as_external_data=True, location=WEIGHTS)
    whole.unlink()
    shutil.copyfile(exported / TOKENIZER, folder / TOKENIZER)


def agreeing(
    one: Sequence[SearchResponse], other: Sequence[SearchResponse]
) -> tuple[float, float, float]:
    """Return in what share of pairs the first passage, all in order, and the outcome are equal."""
    pairs = [(_ids(a), _ids(b), a.outcome is b.outcome) for a, b in zip(one, other, strict=True)]
    return (
        fmean(a[:1] == b[:1] for a, b, _ in pairs),
        fmean(a == b for a, b, _ in pairs),
        fmean(same for _, _, same in pairs),
    )


def overlapping(
    runs: Mapping[str, Sequence[str]], expected: Mapping[str, Sequence[str]]
) -> tuple[float, float]:
    """Return how often the expected document is first, and the mean share of those expected.

    Where none was expected, none may be there.
    """
    pairs = [(runs[query], wanted) for query, wanted in expected.items()]
    shared = [
        len(set(found) & set(wanted)) / len(wanted) if wanted else float(not found)
        for found, wanted in pairs
    ]
    return fmean(list(a[:1]) == list(b[:1]) for a, b in pairs), fmean(shared)


def has_vnni(cpuinfo: str) -> bool:
    """Say whether a Linux `/proc/cpuinfo` names instructions that add int8 products up exactly."""
    flags = set(cpuinfo.split())
    return bool(flags & {"avx512_vnni", "avx_vnni"})


def _ways(reference: SentenceEncoder, folder: Path) -> list[Way]:
    """Export the reference, make int8 of the export, and open all of them."""
    info = reference.info
    name = "" if info.name == DEFAULT_NAME else info.name
    loaded = f"from index.encoder import load_encoder\nencoder = load_encoder({name!r})"
    exported = {FLOAT32: folder / "float32", INT8: folder / "int8", INT8_REDUCED: folder / "7"}
    export_encoder(reference, exported[FLOAT32])
    quantised(exported[FLOAT32], exported[INT8])
    quantised(exported[FLOAT32], exported[INT8_REDUCED], reduce_range=True)
    opened = (
        "from index.onnx_encoder import OnnxEncoder\nfrom index.types import EncoderInfo\n"
        "encoder = OnnxEncoder(pathlib.Path({!r}), {!r})"
    )
    return [
        Way(REFERENCE, reference, Path(reference.model.tokenizer.name_or_path), loaded),
        *(
            Way(name, OnnxEncoder(path, info), path, opened.format(str(path), info))
            for name, path in exported.items()
        ),
    ]


def _agreement(ways: Sequence[Way], index: Index, asked: Mapping[str, Sequence[str]]) -> Result:
    counted = " and ".join(f"{len(questions):,} ({name})" for name, questions in asked.items())
    searched = [replace(index, encoder=way.encoder) for way in ways]
    rows: list[tuple[Cell, ...]] = []
    for source, questions in asked.items():
        plain = [normalize_query(question) for question in questions]
        vectors = [np.stack([way.encoder.encode([text])[0] for text in plain]) for way in ways]
        answers = [[search(own, question) for question in questions] for own in searched]
        for way, vector, said in zip(ways[1:], vectors[1:], answers[1:], strict=True):
            cosines = np.sum(vector * vectors[0], axis=1, dtype=np.float64)
            shares = agreeing(said, answers[0])
            rows.append((way.name, source, float(cosines.min()), float(cosines.mean()), *shares))
    return Result(
        name="light",
        title="What serves against the reference, question by question",
        columns=(
            *("encoder", "questions", "cosine min", "cosine mean"),
            *("same first", "same five", "same outcome"),
        ),
        rows=tuple(rows),
        notes=(
            f"The reference is {REFERENCE}. Same first passage, same five in the same order, same"
            f" outcome: shares of {counted}.",
            "Passages, and the rows of the bank that questions are compared with, are embedded"
            " as ingest did; only the question is encoded by each.",
        ),
    )


def _cost(ways: Sequence[Way], questions: Sequence[str], *, rounds: int) -> Result:
    plain = [normalize_query(question) for question in questions]
    took = _timed(ways, plain, rounds=rounds)
    rows: list[tuple[Cell, ...]] = []
    for way in ways:
        pairs = zip(took[way.name], took[FLOAT32], strict=True)
        ratio, late_ratio = middle_and_late([own / other for own, other in pairs])
        size = sum(path.stat().st_size for path in way.folder.rglob("*") if path.is_file())
        held = _held_mb(way.opened, plain[:_HELD_QUESTIONS])
        times = (*middle_and_late(took[way.name]), ratio, late_ratio)
        rows.append((way.name, *times, size / _MB, held))
    return Result(
        name="light_cost",
        title="What each costs",
        columns=(
            *("encoder", "p50 ms", "p95 ms", "to float32, p50", "to float32, p95"),
            *("on disk, MB", "RSS MB"),
        ),
        rows=tuple(rows),
        notes=(
            f"{len(questions):,} questions, {rounds} times, one by one on one thread, each through"
            " all in turn; ratios are taken pair by pair. MB are of 1024 kB.",
            "RSS is that of a process that holds the encoder and nothing else, after"
            f" {min(_HELD_QUESTIONS, len(plain))} questions.",
            _processor(),
        ),
    )


def _timed(ways: Sequence[Way], texts: Sequence[str], *, rounds: int) -> dict[str, list[float]]:
    """Return milliseconds by way, in the same order of texts for all."""
    import torch

    took: dict[str, list[float]] = {way.name: [] for way in ways}
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # as the others have it
    for number, text in enumerate([*texts] * rounds):
        first = number % len(ways)  # nobody always comes after the same one
        for way in (*ways[first:], *ways[:first]):
            begun = time.perf_counter()
            way.encoder.encode([text])
            took[way.name].append((time.perf_counter() - begun) * 1000)
    torch.set_num_threads(threads)
    return took


def _held_mb(opened: str, texts: Sequence[str]) -> float:
    """Return the RSS of a process that opens an encoder so and encodes these texts."""
    with subprocess.Popen(  # noqa: S603  this very interpreter
        [sys.executable, "-c", _HOLDER.format(opened=opened)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None  # noqa: S101  for the type checker: they are pipes
        assert process.stdout is not None  # noqa: S101
        process.stdin.write(json.dumps(list(texts)).encode() + b"\n")
        process.stdin.flush()
        if not process.stdout.readline():
            raise SystemExit("A process that was to hold an encoder has ended (above).")
        held = memory(process.pid).rss
        process.communicate(b"\n")
    return held


def _calibrated(ways: Sequence[Way], index: Index) -> Result:
    """Judge the bank's questions held out, with bank and calibration of what serves."""
    rows: list[tuple[Cell, ...]] = []
    texts = [normalize_query(row.text) for row in index.bank.rows]
    for way in ways:
        bank = replace(index.bank, vectors=way.encoder.encode(texts))
        own = replace(index, encoder=way.encoder, bank=bank)
        judged = cross_validate(own, _silent, repeats=1)
        found = figures(averaged(judged))
        values = [found[name].mean if name in found else None for name in _CROSS_VALIDATED]
        rows.append((way.name, *values))
    return Result(
        name="light_calibrated",
        title="The bank held out in its turn, with each as what serves",
        columns=("encoder", "hit@1", "nDCG@10", "answered", "answered falsely"),
        rows=tuple(rows),
        notes=(
            "Bank rows are embedded, votes and calibration fitted, and questions encoded by the"
            " encoder itself; passages by the reference. Ten folds, once.",
        ),
    )


def _collection(ways: Sequence[Way], collection: Collection) -> Result:
    index = index_collection(collection, ways[0].encoder, _silent)
    rows: list[tuple[Cell, ...]] = []
    expected: dict[str, list[str]] = {}
    for way in ways:
        own = replace(index, encoder=way.encoder)
        runs = run(own, collection, DEFAULT_WEIGHTS, _silent, way.name)
        expected = expected or runs  # the reference comes first
        values = scores(runs, collection)
        means = (fmean(values["ndcg@10"]), fmean(values["hit@1"]))
        rows.append((way.name, *means, *overlapping(runs, expected)))
    return Result(
        name="light_collection",
        title=f"A labelled collection, {collection.name}, with each encoding the queries",
        columns=("encoder", "nDCG@10", "hit@1", "same first", "overlap of ten"),
        rows=tuple(rows),
        notes=(
            f"{len(collection.queries):,} queries over {len(collection.documents):,} documents,"
            " which the reference has embedded. The last two columns are against the reference.",
        ),
    )


def _ids(response: SearchResponse) -> list[str]:
    return [result.passage.id for result in response.results]


def outside_questions() -> tuple[str, ...]:
    """Return the questions that are evaluated with and that no bank holds."""
    with _OUTSIDE.open(encoding="utf-8-sig", newline="") as stream:
        return tuple(row["question"] for row in csv.DictReader(stream))


def _processor() -> str:
    about = Path("/proc/cpuinfo")
    if not about.is_file():
        return "Whether this processor has VNNI instructions is not known."
    has = "has" if has_vnni(about.read_text(encoding="utf-8")) else "has no"
    return (
        f"This processor {has} VNNI instructions, and was the only one measured on: the figures"
        " do not show what int8 gives on the other kind. There, as onnxruntime documents (Quantize"
        " ONNX Models, Data type selection), sums of uint8 by int8 products may saturate, which is"
        " other vectors than those that were calibrated with; those of 7-bit weights do not."
    )


def _silent(items: Iterable[Any], total: int, what: str) -> Iterable[Any]:  # noqa: ARG001
    return items
