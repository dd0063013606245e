"""Measures from end to end in their shortest form: that they measure, never how fast."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from benchmarks import memory, search, soak
from benchmarks.harness.options import Options
from benchmarks.harness.report import report
from benchmarks.harness.result import Result
from tests.support.paths import ROOT

pytestmark = pytest.mark.slow


@pytest.fixture
def quick(real_built: Path) -> Options:
    return Options(built=real_built, content=ROOT / "content", quick=True)


def with_one_verdict(name: str, result: Result) -> Result:
    """Assert that there are figures in every table, and one verdict."""
    assert all(table.rows for table in result.tables)
    text = report(name, result)
    assert text.count("reached |") == 1, text
    return result


@pytest.mark.model
def test_a_search_is_measured(quick: Options) -> None:
    with_one_verdict("search", search.measure(quick))


@pytest.mark.model
def test_memory_is_measured(quick: Options) -> None:
    # In a thread of its own: in this one the driver of browser tests may have an event loop.
    with ThreadPoolExecutor(1) as pool:
        result = with_one_verdict("memory", pool.submit(memory.measure, quick).result())
    assert all(rss >= pss >= uss > 0 for _name, rss, pss, uss, _ratio in result.tables[0].rows)
    libraries = {row[0] for row in result.tables[1].rows}
    assert {"streamlit", "onnxruntime", "faiss"} <= libraries
    assert not libraries & {"torch", "pandas", "matplotlib"}


@pytest.mark.model
def test_a_soak_is_measured(quick: Options, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soak, "_QUICK_S", 2.0)
    result = with_one_verdict("soak", soak.measure(quick))
    assert result.figures["visitors who come and leave: errors"] == 0
