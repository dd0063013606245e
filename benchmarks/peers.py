"""Our search beside txtai, Chroma and a demo of thirty lines: same texts, same model, one run.

The others live in an environment of their own, `.venv-peers` (requirements-peers.txt), and each
search is a process of its own (`harness/peer_searches.py`).
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, Literal

from benchmarks.harness.options import ROOT, Options
from benchmarks.harness.peer_searches import OURS, SEARCHES, TXTAI
from benchmarks.harness.result import Result, Row, Table, percentiles
from core.errors import UsageError
from core.types import BankRowKind, ViewKind
from evaluation.metrics import hit, ndcg, paired_difference, recall
from evaluation.search.questions import QuestionKind, labelled
from index.store import generations

_THREADS = 2
_ROUNDS, _QUICK_QUESTIONS = 3, 8
_METRICS = {"nDCG@10": (ndcg, 10), "hit@1": (hit, 1), "hit@3": (hit, 3), "recall@10": (recall, 10)}
_SETTINGS = {
    **dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"), str(_THREADS)),
    "ANONYMIZED_TELEMETRY": "False",
    "DO_NOT_TRACK": "1",
    "CUDA_VISIBLE_DEVICES": "",
}


@dataclass(frozen=True, slots=True)
class Corpus:
    """What is searched and asked. `relevance` names articles or sections, as `by` says."""

    name: str
    source: Path
    questions: tuple[str, ...]
    relevance: tuple[Mapping[str, int], ...]
    by: Literal["article_id", "section_id"]


@dataclass(frozen=True, slots=True)
class Measured:
    """What one search took over one corpus, and the passages that it found for each question."""

    ingest_s: float
    start_s: float
    ms: list[float]
    rss_mb: float
    pss_mb: float
    disk_mb: float
    found: list[list[str]]


def measure(options: Options) -> Result:
    """Measure all over the clinic's own articles and, where `--beir` names it, a collection.

    Raises UsageError when the others cannot be installed or no question is labelled.
    """
    python = peers_python(ROOT)
    corpora = [question_bank(options)]
    if options.beir is not None and not options.quick:
        corpora.insert(0, labelled_collection(options.beir))
    rows: list[Row] = []
    figures: dict[str, float | None] = {}
    with tempfile.TemporaryDirectory() as place:
        for corpus in corpora:
            folder = Path(place) / corpus.name
            measured = _measured(python, corpus, folder, 1 if options.quick else _ROUNDS)
            passages = generations.read_current(folder / OURS).passages
            owners = {p.id: getattr(p, corpus.by) for p in passages}
            rows += compared(corpus, measured, owners)
            ratio = _ratio(measured[TXTAI], measured[OURS])
            figures[f"txtai's hybrid search to ours, {corpus.name}"] = ratio
    table = Table(
        "Our search beside others: the same passages, the same model",
        (
            *("collection", "search", "passages", "ingest s", "start s", "p50 ms", "p95 ms"),
            *("query / ours", "RSS MB", "PSS MB", "disk MB", *_METRICS, "nDCG@10 less ours"),
        ),
        tuple(rows),
        (
            "All are given the passages that ours has made, with the same model from the same"
            f" folder; {_THREADS} threads each; no network. txtai: hybrid, weights of one half."
            " Chroma: dense only; its local version does not rank by words. The demo: all cosines"
            " and BM25, joined by reciprocal rank (Cormack et al. 2009). Ours: a whole search.",
            "Ingest is without loading the model; ours also embeds headings and sentences and"
            " exports the encoder. Start: from the process to its first answer. Quality counts the"
            " document (article: the section) of each passage once.",
            "On the article the bank of ours is empty, because it holds the very questions that are"
            " asked; docs/evaluation.md has the whole product, cross-validated.",
        ),
    )
    return Result((table,), figures)


def compared(
    corpus: Corpus, measured: Mapping[str, Measured], owners: Mapping[str, str]
) -> list[Row]:
    """Return a row for each search; `owners` names the document or section of each passage."""
    rows: list[Row] = []
    ours = quality(corpus, measured[OURS].found, owners)["nDCG@10"]
    for name, search in measured.items():
        values = quality(corpus, search.found, owners)
        less = paired_difference(values["nDCG@10"], ours)
        rows.append(
            (
                *(corpus.name, name, len(owners), search.ingest_s, search.start_s),
                *(*percentiles(search.ms), _ratio(search, measured[OURS])),
                *(search.rss_mb, search.pss_mb, search.disk_mb),
                *(statistics.fmean(each) for each in values.values()),
                None if name == OURS else f"{less.mean:+.3f} ({less.low:+.3f} to {less.high:+.3f})",
            )
        )
    return rows


def quality(
    corpus: Corpus, found: Sequence[Sequence[str]], owners: Mapping[str, str]
) -> dict[str, list[float]]:
    """Return every metric of every question; each document counts once, at its best passage."""
    units = [list(dict.fromkeys(owners[passage] for passage in ids)) for ids in found]
    return {
        name: [metric(u, r, k) for u, r in zip(units, corpus.relevance, strict=True)]
        for name, (metric, k) in _METRICS.items()
    }


def _ratio(theirs: Measured, ours: Measured) -> float:
    return statistics.median(a / b for a, b in zip(theirs.ms, ours.ms, strict=True))


def question_bank(options: Options) -> Corpus:
    """Return the answerable questions of the bank, over the articles of the open index."""
    bank = generations.read_current(options.built).bank.rows
    rows = [row for row in bank if row.kind is BankRowKind.QUESTION]
    asked = [question for question in labelled(rows) if question.kind is QuestionKind.ANSWERABLE]
    if not asked:
        raise UsageError(
            "There is no labelled question to ask.",
            where=str(options.built),
            fix="write questions into content/questions.csv, then run: python -m ingest",
        )
    asked = asked[:_QUICK_QUESTIONS] if options.quick else asked
    relevance = tuple(dict.fromkeys(question.sections, 1) for question in asked)
    texts = tuple(question.text for question in asked)
    return Corpus("article", options.built.resolve(), texts, relevance, "section_id")


def labelled_collection(folder: Path) -> Corpus:
    """Return a collection in BEIR layout: corpus.jsonl, queries.jsonl, qrels/test.tsv."""
    from evaluation.beir import read_collection

    collection = read_collection(folder.resolve())
    texts = tuple(collection.queries.values())
    relevance = tuple(collection.relevance[name] for name in collection.queries)
    return Corpus("collection", folder.resolve(), texts, relevance, "article_id")


def _measured(python: Path, corpus: Corpus, folder: Path, rounds: int) -> dict[str, Measured]:
    """Let each search ingest, ours first; then ask all in turn, in a new process each round."""
    ingests: dict[str, float] = {}
    source = str(corpus.source)
    for name in SEARCHES:
        _say(f"{corpus.name}: {name} ingests")
        (folder / name).mkdir(parents=True)
        ingests[name] = _run(python, name, "ingest", folder / name, source)[0]["seconds"]
        if name == OURS:
            source = str(folder / "texts.jsonl")
            _write_texts(folder / name, Path(source))
    asked: dict[str, list[tuple[dict[str, Any], float]]] = {name: [] for name in SEARCHES}
    for number in range(rounds):
        for name in SEARCHES:
            _say(f"{corpus.name}: {name} answers, round {number + 1} of {rounds}")
            asked[name].append(_run(python, name, "ask", folder / name, corpus.questions))
    return {
        name: Measured(
            ingest_s=ingests[name],
            start_s=statistics.median(answer["first_at"] - begun for answer, begun in answers),
            ms=[ms for answer, _ in answers for ms in answer["ms"]],
            rss_mb=statistics.median(answer["rss_mb"] for answer, _ in answers),
            pss_mb=statistics.median(answer["pss_mb"] for answer, _ in answers),
            disk_mb=_size_mb(folder / name),
            found=answers[0][0]["ids"],
        )
        for name, answers in asked.items()
    }


def _run(
    python: Path, name: str, action: str, folder: Path, given: object
) -> tuple[dict[str, Any], float]:
    """Run one search as a process; return what it printed last, and when it was started."""
    interpreter = sys.executable if name == OURS else str(python)
    begun = time.time()
    done = subprocess.run(  # noqa: S603  an interpreter and this module
        [interpreter, "-m", "benchmarks.harness.peer_searches", name, action, str(folder)],
        cwd=ROOT,
        env={**os.environ, **_SETTINGS},
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise UsageError("A search failed.", where=f"{name}, {action}", found=done.stderr[-1000:])
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer, begun


def _write_texts(built: Path, file: Path) -> None:
    """Write what ours embeds of each passage as a whole: title, headings and text."""
    stored = generations.read_current(built)
    names = [passage.id for passage in stored.passages]
    lines = [
        json.dumps([names[view.passage], view.text.lstrip("\n")])
        for view in stored.views
        if view.kind is ViewKind.TEXT
    ]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def peers_python(root: Path) -> Path:
    """Return the interpreter that has the others, after installing what is missing.

    The project's own environment stays as it is. Raises UsageError when that fails.
    """
    folder = root / ".venv-peers"
    python, stamp = folder / "bin" / "python", folder / "installed"
    files = [*root.glob("requirements*.txt"), root / "benchmarks" / "requirements-peers.txt"]
    if stamp.exists() and all(stamp.stat().st_mtime >= file.stat().st_mtime for file in files):
        return python
    _say("installing requirements-peers.txt into .venv-peers (a few minutes, 2.4 GB)")
    pip = (str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet")
    wanted = [option for file in requirement_files(root) for option in ("-r", str(file))]
    new = (sys.executable, "-m", "venv", str(folder))
    for command in (new, (*pip, "--require-hashes", *wanted)):
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            raise UsageError(
                "The searches to compare with cannot be installed.",
                where="benchmarks/requirements-peers.txt",
                found=done.stderr.strip()[-600:],
                fix="connect to a package index, then run: python -m benchmarks peers",
            )
    stamp.touch()
    return python


def requirement_files(root: Path) -> list[Path]:
    """Return what is installed for the others, PyTorch in the build that is installed here."""
    build = "cpu" if metadata.version("torch").endswith("+cpu") else "cuda"
    names = (f"requirements-{build}.txt", "benchmarks/requirements-peers.txt")
    return [root / name for name in names]


def _size_mb(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 2**20


def _say(what: str) -> None:
    print(f"peers: {what} ...", file=sys.stderr, flush=True)
