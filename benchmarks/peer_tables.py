"""What was measured of all searches, as tables and a picture."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.peer_corpora import BANK, BEIR
from benchmarks.peer_figures import METRICS, Latency, Values, difference, draw_quality
from benchmarks.peer_runs import Corpus, Ingest, Start
from benchmarks.result import Cell, Result

OURS, EMPTY, CROSSED = "ours", "ours, bank empty", "ours, cross-validated"
_NOTES = (
    "Everybody is given the passages that ours has made, under the same ids (checked by a digest), "
    "and embeds them with the same model from the same folder; two threads each; no network.",
    "txtai: hybrid=True, weights of one half, ids alone. Chroma: dense alone, cosines, ids alone; "
    "its local version has no ranking by words. rank-bm25 + s-t: all cosines and BM25, joined by "
    "reciprocal rank. Ours: search() with outcome, marks and the comparison with the article.",
)


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured over one corpus, by the name of the search; ours first."""

    corpus: Corpus
    ingests: Mapping[str, Ingest]
    latencies: Mapping[str, Latency]
    values: Mapping[str, Values]


def speed(found: Mapping[str, Measured]) -> Result:
    """Return the table of ingests and queries, over every corpus."""
    rows: list[tuple[Cell, ...]] = []
    for one in found.values():
        ours = one.ingests[OURS].seconds
        for name, ingest in one.ingests.items():
            query = one.latencies[name]
            taken = (ingest.seconds, ingest.seconds / ours, query.p50, query.p95, query.ratio)
            rows.append((name, one.corpus.name, ingest.texts, *taken))
    columns = "search,collection,texts,ingest s,ingest / ours,p50 ms,p95 ms,query / ours"
    return Result(
        "peers-speed",
        "Peers side by side: ingest and queries",
        tuple(columns.split(",")),
        tuple(rows),
        (
            *_NOTES,
            "Ingest is without loading the model, and until the index is on the disk; ours embeds "
            "headings and single sentences too, and exports the encoder that serves. Ten ids a "
            "query; each question goes to all in turn, and the last column is the median of "
            "pairwise ratios.",
        ),
    )


def weight(over: Measured, starts: Mapping[str, Sequence[Start]]) -> Result:
    """Return the table of starts and memory, with the index over one corpus."""
    rows: list[tuple[Cell, ...]] = []
    ours_s, ours_mb = _middle(starts[OURS])
    for name, all_starts in starts.items():
        seconds, rss = _middle(all_starts)
        last = all_starts[-1]
        rows.append(
            (
                name,
                seconds,
                seconds / ours_s,
                rss,
                rss / ours_mb if rss and ours_mb else None,
                last.memory.pss if last.memory else None,
                over.ingests[name].disk_mb,
                {None: None, True: "yes", False: "no"}[last.torch],
            )
        )
    columns = (
        "search,start to answer s,start / ours,resident MB,resident / ours,PSS MB,on disk MB,torch"
    )
    return Result(
        "peers-weight",
        "Peers side by side: process start to first answer, and memory",
        tuple(columns.split(",")),
        tuple(rows),
        (
            *_NOTES,
            f"Over the {over.ingests[OURS].texts} texts of the collection {over.corpus.name}. "
            "Medians of "
            f"{len(starts[OURS])} starts, in turn, each process alone, files in the system's "
            "cache; memory after twenty questions. PSS is less where other processes here "
            "have the same libraries open. On the disk ours has the encoder that serves; the "
            "others read the model's folder.",
        ),
    )


def _middle(starts: Sequence[Start]) -> tuple[float, float | None]:
    weights = [start.memory.rss for start in starts if start.memory]
    seconds = statistics.median(start.seconds for start in starts)
    return seconds, statistics.median(weights) if weights else None


def found_table(found: Mapping[str, Measured], crossed: Values) -> Result:
    """Return the table of what is found; `crossed` is ours with its bank, on the bank.

    Columns of the labelled collection are empty, and there is no picture, where it is not there.
    """
    beir, bank = found.get(BEIR), found[BANK]
    hits = ("hit@1", "hit@3")
    nothing = [None] * len(METRICS)
    rows: list[tuple[Cell, ...]] = []
    for name, own in bank.values.items():
        labelled = map(_mean, beir.values[name].values()) if beir else nothing
        shown = EMPTY if name == OURS else name
        rows.append((shown, *labelled, *(_mean(own[hit]) for hit in hits)))
    rows.insert(1, (CROSSED, *nothing, *(_mean(crossed[hit]) for hit in hits)))
    others = [name for name in bank.values if name != OURS]
    less = [
        f"Article, {hit}, less that of {whose}: " + _differences(others, bank.values, ours, hit)
        for whose, ours in ((EMPTY, bank.values[OURS]), (CROSSED, crossed))
        for hit in hits
    ]
    if beir:
        less.insert(
            0,
            "nDCG@10 less that of ours, 95 % intervals: "
            + _differences(others, beir.values, beir.values[OURS], "nDCG@10"),
        )
    return Result(
        "peers-quality",
        "Peers side by side: what is found",
        ("search", *METRICS, *(f"article {hit}" for hit in hits)),
        tuple(rows),
        (*_NOTES, *_asked(beir, bank), *less),
        _drawn(beir) if beir else None,
    )


def _asked(beir: Measured | None, bank: Measured) -> tuple[str, ...]:
    of_beir = (
        f"nDCG@10 to recall@10: {len(beir.corpus.questions)} queries of the labelled collection, a"
        " document where its best passage stands."
        if beir
        else "There was no labelled collection."
    )
    return (
        of_beir,
        f"Article: {len(bank.corpus.questions)} answerable questions of the bank over"
        f" {bank.ingests[OURS].texts} passages of the clinic. Ours has learned from the bank: so it"
        " is asked with the bank empty (passages alone), and with each question held out.",
    )


def _drawn(beir: Measured) -> Callable[[Any], None]:
    points = {
        name: (beir.latencies[name].p50, _mean(values["nDCG@10"]))
        for name, values in beir.values.items()
    }
    return lambda figure: draw_quality(figure.subplots(), points)


def _differences(
    names: Sequence[str], values: Mapping[str, Values], ours: Values, metric: str
) -> str:
    return "; ".join(difference(name, values[name][metric], ours[metric]) for name in names) + "."


def _mean(values: Sequence[float]) -> float:
    return statistics.fmean(values)
