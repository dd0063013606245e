"""The list of 20,000 articles, its filter, and what staff see of all of them."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from benchmarks.harness.options import Options
from benchmarks.harness.result import Result, table_of
from benchmarks.harness.synthetic_index import renamed, texts
from benchmarks.harness.synthetic_vectors import PASSAGES
from index.coverage.measure import coverage_of
from index.coverage.next_steps import next_steps
from index.reviews import review_rows
from index.store.generations import read_current
from index.store.outlines import outlines
from ui.service.catalogue import catalogue, filtered, page_of_list

_ARTICLES, _QUICK, _TIMES = 20_000, 200, 5
_FILTER = "the of"


def measure(options: Options) -> Result:
    """Make that many articles with the bank of the index, and time each report, from nothing."""
    count = _QUICK if options.quick else _ARTICLES
    real = read_current(options.built)
    passages, articles, views = texts(count * PASSAGES)
    bank = replace(real.bank, rows=renamed(real.bank.rows, articles))
    built = replace(real, articles=articles, passages=passages, views=views, bank=bank)
    today = date.today()
    listed = catalogue(outlines(articles))
    outlined = outlines(articles)

    def cover() -> Any:
        rows = outlines(articles)
        reviews = review_rows(rows, today=today)
        return coverage_of(built, articles=rows, claims=(), reviews=reviews)

    covered = cover()
    gc.freeze()  # as the page does once it is open
    works: dict[str, Callable[[], Any]] = {
        "the list, first": lambda: page_of_list(catalogue(outlines(articles))),
        "the list, again": lambda: page_of_list(listed),
        "its filter": lambda: filtered(listed, _FILTER),
        "reviews": lambda: review_rows(outlined, today=today),
        "coverage": cover,
        "next steps": lambda: next_steps(covered),
    }
    seconds = {name: _seconds(work) for name, work in works.items()}
    figures = {
        f"20,000 articles: {what}, s": seconds[name]
        for what, name in (("the list", "the list, first"), ("coverage", "coverage"))
        if not options.quick
    }
    table = table_of(
        f"{count:,} articles",
        [{"what": name, "s": took} for name, took in seconds.items()],
        f"Synthetic articles of {PASSAGES} passages; median of {_TIMES}. first: after a new index;"
        " the page keeps list, coverage and steps. coverage: with the reviews.",
    )
    return Result((table,), figures)


def _seconds(work: Callable[[], Any]) -> float:
    took = []
    for _ in range(_TIMES):
        begun = time.perf_counter()
        work()
        took.append(time.perf_counter() - begun)
    return statistics.median(took)
