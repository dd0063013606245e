"""`python -m benchmarks`: a search, an ingest or the page, each against the least it could be."""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from index.query import plain_query
from index.search import search
from index.store import DEFAULT_BUILT, open_index
from index.types import BankRowKind

_ROUNDS = 5


def main() -> int:
    """Run one benchmark and print its figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("what", nargs="?", choices=("search", "ingest", "page"), default="search")
    parser.add_argument("--built", type=Path, default=DEFAULT_BUILT, help="what is searched")
    parser.add_argument("--content", type=Path, default=Path("content"), help="what is ingested")
    options = parser.parse_args()
    if options.what == "ingest":
        from benchmarks.ingest import measure

        print(measure(options.content))
    elif options.what == "page":
        from benchmarks.page import measure as measure_page

        print(measure_page(options.built))
    else:
        _search(options.built)
    return 0


def _search(built: Path) -> None:
    """Time both, question by question in turn, and print medians and their ratio."""
    index = open_index(built)
    questions = [row.text for row in index.bank.rows if row.kind is BankRowKind.QUESTION]
    questions = questions or [passage.text[:60] for passage in index.passages[:200]]
    plain = [plain_query(question) for question in questions]
    search(index, questions[0])  # what is loaded on first use is not what is measured
    encode_ms: list[float] = []
    search_ms: list[float] = []
    ratios: list[float] = []
    for _ in range(_ROUNDS):
        for question, words in zip(questions, plain, strict=True):
            encoding = _milliseconds(partial(index.encoder.encode, [words]))
            searching = _milliseconds(partial(search, index, question))
            encode_ms.append(encoding)
            search_ms.append(searching)
            ratios.append(searching / encoding)
    print(f"{len(ratios)} pairs over {len(index.passages)} passages, medians:")
    print(f"bare encoding   {statistics.median(encode_ms):7.2f} ms")
    print(f"whole search    {statistics.median(search_ms):7.2f} ms")
    print(f"ratio, pairwise {statistics.median(ratios):7.2f}")


def _milliseconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


if __name__ == "__main__":
    raise SystemExit(main())
