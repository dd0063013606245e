"""Our search beside txtai, Chroma and a demo of thirty lines: same texts, same model, one run.

The others live in an environment of their own (`make peers`), and each search is a process
(`harness/peer_searches.py`).
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
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.harness.options import ROOT, Options
from benchmarks.harness.peer_searches import OURS, SEARCHES, TXTAI
from benchmarks.harness.result import Cell, Result, percentiles, table_of
from core.errors import UsageError
from core.types import BankRowKind, ViewKind
from evaluation.metrics import hit, ndcg, recall
from index.store import generations

PYTHON = ROOT / ".venv-peers" / "bin" / "python"
_THREADS = 2
_QUICK_QUESTIONS = 8
_METRICS = {"nDCG@10": (ndcg, 10), "hit@1": (hit, 1), "hit@3": (hit, 3), "recall@10": (recall, 10)}
_ENVIRONMENT = {
    **dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"), str(_THREADS)),
    "ANONYMIZED_TELEMETRY": "False",
    "DO_NOT_TRACK": "1",
    "CUDA_VISIBLE_DEVICES": "",
}


Measured = Mapping[str, Any]


class Corpus(NamedTuple):
    """What is searched, what is asked, and the relevant articles or sections (`unit`)."""

    name: str
    source: Path
    questions: Sequence[str]
    relevance: Sequence[Mapping[str, int]]
    unit: str


def measure(options: Options) -> Result:
    """Measure all over the clinic's articles and, where `--beir` names it, a collection.

    Raises UsageError when the others are not installed or no question is labelled.
    """
    if not PYTHON.exists():
        raise UsageError("The searches to compare with are not installed.", fix="make peers")
    corpora = [question_bank(options)]
    if options.beir is not None and not options.quick:
        corpora.insert(0, labelled_collection(options.beir))
    rows: list[dict[str, Cell]] = []
    figures: dict[str, float | None] = {}
    with tempfile.TemporaryDirectory() as work:
        for corpus in corpora:
            folder = Path(work) / corpus.name
            measured = _measured(corpus, folder)
            passages = generations.read_current(folder / OURS).passages
            owners = {p.id: str(getattr(p, corpus.unit)) for p in passages}
            rows += compared(corpus, measured, owners)
            ratio = _ratio(measured[TXTAI], measured[OURS])
            figures[f"txtai's hybrid search to ours, {corpus.name}"] = ratio
    table = table_of(
        "Our search beside others: the same passages, the same model",
        rows,
        f"All search the passages that ours has made, with the same model; {_THREADS} threads each."
        " Ours: a whole search, its bank empty, because it holds the very questions. Chroma: dense"
        " only. The demo: all cosines and BM25, joined by reciprocal rank (Cormack et al. 2009).",
        "Ingest is without loading libraries; ours also loads the model, embeds headings and"
        " sentences and exports the encoder. Start: from the process to its first answer. Quality"
        " counts the document (article: the section) of each passage once.",
    )
    return Result((table,), figures)


def compared(
    corpus: Corpus, measured: Mapping[str, Measured], owners: Mapping[str, str]
) -> list[dict[str, Cell]]:
    """Return a row for each search; `owners` names the document or section of each passage."""
    rows: list[dict[str, Cell]] = []
    for name, found in measured.items():
        middle, late = percentiles(found["ms"])
        rows.append(
            {
                "collection": corpus.name,
                "search": name,
                "passages": len(owners),
                "ingest s": found["ingest_s"],
                "start s": found["start_s"],
                "p50 ms": middle,
                "p95 ms": late,
                "query / ours": _ratio(found, measured[OURS]),
                "RSS MB": found["rss_mb"],
                "disk MB": found["disk_mb"],
                **quality(corpus, found["found"], owners),
            }
        )
    return rows


def quality(
    corpus: Corpus, found: Sequence[Sequence[str]], owners: Mapping[str, str]
) -> dict[str, float]:
    """Return the mean of every metric; each document counts once, at its best passage."""
    units = [list(dict.fromkeys(owners[passage] for passage in ids)) for ids in found]
    pairs = list(zip(units, corpus.relevance, strict=True))
    return {
        name: statistics.fmean(metric(unit, relevance, k) for unit, relevance in pairs)
        for name, (metric, k) in _METRICS.items()
    }


def _ratio(theirs: Measured, ours: Measured) -> float:
    return statistics.median(float(a / b) for a, b in zip(theirs["ms"], ours["ms"], strict=True))


def question_bank(options: Options) -> Corpus:
    """Return the answerable questions of the bank, over the articles of the open index."""
    bank = generations.read_current(options.built).bank.rows
    asked = [row for row in bank if row.kind is BankRowKind.QUESTION and row.sections]
    if not asked:
        raise UsageError(
            "There is no labelled question to ask.",
            where=str(options.built),
            fix="write questions into content/questions.csv, then run: python -m ingest",
        )
    asked = asked[:_QUICK_QUESTIONS] if options.quick else asked
    relevance = [dict.fromkeys(row.sections, 1) for row in asked]
    source, texts = options.built.resolve(), [row.text for row in asked]
    return Corpus("article", source, texts, relevance, "section_id")


def labelled_collection(folder: Path) -> Corpus:
    """Return a collection in BEIR layout: corpus.jsonl, queries.jsonl, qrels/test.tsv."""
    from evaluation.beir import read_collection

    found = read_collection(folder.resolve())
    relevance = [found.relevance[name] for name in found.queries]
    return Corpus(
        "collection", folder.resolve(), list(found.queries.values()), relevance, "article_id"
    )


def _measured(corpus: Corpus, folder: Path) -> dict[str, Measured]:
    """Let each search ingest and answer in turn; ours first, whose passages the others get.

    Of each there are `ingest_s`, `start_s`, `ms`, `rss_mb`, `disk_mb`, and `found`, which has the
    ids of the passages for each question.
    """
    source: object = str(corpus.source)
    measured: dict[str, Measured] = {}
    for name in SEARCHES:
        own = folder / name
        own.mkdir(parents=True)
        ingested = _run(name, "ingest", own, source)
        source = _texts(own) if name == OURS else source
        begun = time.time()
        found = _run(name, "ask", own, corpus.questions)
        disk_mb = sum(path.stat().st_size for path in own.rglob("*")) / 2**20
        start_s = found["first_at"] - begun
        measured[name] = {**ingested, **found, "start_s": start_s, "disk_mb": disk_mb}
    return measured


def _texts(built: Path) -> list[tuple[str, str]]:
    """Return what ours embeds of each passage as a whole: its id; title, headings and text."""
    stored = generations.read_current(built)
    ids = [passage.id for passage in stored.passages]
    texts = [view for view in stored.views if view.kind is ViewKind.TEXT]
    return [(ids[view.passage], view.text.lstrip("\n")) for view in texts]


def _run(name: str, action: str, folder: Path, source: object) -> dict[str, Any]:
    """Run one search as a process, and return what it printed last."""
    print(f"{folder.parent.name}: {name}, {action} ...", file=sys.stderr, flush=True)
    python = sys.executable if name == OURS else str(PYTHON)
    done = subprocess.run(  # noqa: S603  an interpreter and this module
        [python, "-m", "benchmarks.harness.peer_searches", name, action, str(folder)],
        cwd=ROOT,
        env={**os.environ, **_ENVIRONMENT},
        input=json.dumps(source),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise UsageError("A search failed.", where=f"{name}, {action}", found=done.stderr[-1000:])
    return dict(json.loads(done.stdout.splitlines()[-1]))
