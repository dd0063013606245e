"""The page of all benchmarks: made from what was kept, and no better than that."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from benchmarks import memory, report, vector_ways, visitors
from benchmarks.bars import BARS, Bar, verdict
from benchmarks.kept import TABLES, Kept, measurer, read
from benchmarks.options import Options
from benchmarks.provenance import Provenance
from benchmarks.report import page
from benchmarks.result import PICTURES, RESULTS, Result, write
from index.errors import UsageError
from tests.conftest import ROOT

SEARCH = Result(
    name="search",
    title="A whole search",
    columns=("what", "p50", "p95"),
    rows=(("bare encoding, ms", 55.0, None), ("ratio, pairwise", 1.5004, 1.9)),
    notes=("Of /proc/<pid>/maps | 2 ** 20 bytes, see `a <b>`.",),
    draw=lambda figure: figure.subplots(),
)
SOURCE = Provenance("python -m benchmarks search --content ../x", "abcdef0" * 6, changed=True)
CROWD = Result(
    name="visitors",
    title="Visitors",
    columns=("load", "visitors", "search", "p50 ms", "p95 ms", "errors"),
    rows=(
        ("each every 5 s", 100, "nothing", 5.0, 9.0, 7),
        ("each every 5 s", 100, "real", 39.96, 150.0, 0),
    ),
)


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the project in which nothing was measured yet; return its folder of results."""
    (tmp_path / "docs").mkdir()
    monkeypatch.setattr(report, "RESULTS", tmp_path / "results")
    monkeypatch.setattr(report, "PICTURES", tmp_path / "docs" / "benchmarks")
    monkeypatch.setattr(report, "PAGE", tmp_path / "docs" / "benchmarks.md")
    return tmp_path / "results"


def kept(places: Path, *results: Result) -> dict[str, Kept]:
    for result in results:
        write(result, SOURCE, results=places, pictures=places.parent / "docs" / "benchmarks")
    return read(places)


def bar(says: str) -> Bar:
    (found,) = (one for one in BARS if one.says == says)
    return found


def row_of(text: str, says: str) -> str:
    (found,) = (line for line in text.splitlines() if line.startswith(f"| {says} |"))
    return found


def test_a_table_has_its_figures_notes_picture_day_machine_and_command(places: Path) -> None:
    kept(places, SEARCH)
    assert report.measure(Options()) == []
    text = report.PAGE.read_text(encoding="utf-8")
    told = json.loads((places / "search.json").read_text(encoding="utf-8"))
    section = text.partition("## A whole search\n")[2]
    assert (
        "| what | p50 | p95 |\n"
        "| --- | --- | --- |\n"
        "| bare encoding, ms | 55.00 | – |\n"
        "| ratio, pairwise | 1.500 | 1.900 |\n"
    ) in section
    assert (
        "Table `search`, measured by `python -m benchmarks search --content ../x` of commit"
        f" `abcdef0` with uncommitted changes, {told['measured']}, "
    ) in section
    assert f"Python {told['machine']['python']}" in section
    picture = re.search(r"!\[A whole search\]\((\S+)\)", section)
    assert picture
    assert (report.PAGE.parent / picture[1]).is_file()
    assert r"- Of /proc/\<pid>/maps \| 2 \*\* 20 bytes, see `a <b>`." in section


def test_a_bar_is_judged_by_the_figure_as_it_was_measured_not_as_it_is_shown(places: Path) -> None:
    text = page(kept(places, SEARCH), ())
    assert "| at most 1.5 | 1.500 | **NOT reached** |" in row_of(
        text, "whole search to bare encoding, p50"
    )


def test_a_bar_looks_at_its_own_row_and_less_than_is_not_at_most(places: Path) -> None:
    found = kept(places, CROWD)
    assert verdict(bar("100 visitors every 5 s: p50 ms"), found) == "reached"
    assert verdict(bar("100 visitors every 5 s: p95 ms"), found) == "NOT reached"
    assert verdict(bar("100 visitors every 5 s: errors"), found) == "reached"


@pytest.mark.parametrize(("measured", "said"), [(0.99, "reached"), (0.9899, "NOT reached")])
def test_at_least_is_reached_by_just_that(places: Path, measured: float, said: str) -> None:
    columns, row = ("way", "views", "recall@10"), ("short forms first", 1_000_000, measured)
    found = kept(places, Result("vectors", "Views", columns, (row,)))
    assert verdict(bar("a million views: recall@10"), found) == said


def test_what_was_not_measured_is_said_with_its_command(places: Path) -> None:
    text = page(kept(places, SEARCH), ())
    row = row_of(text, "resident memory of the page, MB")
    assert "| – | **not measured** | `python -m benchmarks memory` |" in row
    (missing,) = re.findall(r"^Tables not measured yet: .*$", text, re.MULTILINE)
    assert "`memory`, `libraries` (`python -m benchmarks memory`)" in missing
    assert "`python -m benchmarks search`" not in missing


def test_a_missing_table_is_said_though_its_benchmark_has_left_another(places: Path) -> None:
    own = Result("vectors", "Views", ("way", "views"), (("exact", 1_000),))
    text = page(kept(places, own), ())
    assert "`vector_ways`, `vector_likeness` (`python -m benchmarks vectors`)" in text
    assert "`vectors`," not in text.partition("Tables not measured yet:")[2].partition("\n")[0]


def test_a_table_of_before_commits_were_kept_says_so_and_who_measures_it(places: Path) -> None:
    kept(places, SEARCH)
    path = places / "search.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    for name in ("command", "commit", "uncommitted changes"):
        del told[name]
    path.write_text(json.dumps(told), encoding="utf-8")
    assert "measured by `python -m benchmarks search` of no recorded commit, " in page(
        read(places), ()
    )


def test_the_page_is_what_the_report_makes_of_the_kept_results() -> None:
    drawn = {path.stem for path in PICTURES.glob("*.png")}
    assert report.PAGE.read_text(encoding="utf-8") == page(read(RESULTS), drawn), (
        "write it anew: python -m benchmarks report"
    )


def test_a_figure_that_its_table_has_no_longer_is_not_called_reached(places: Path) -> None:
    renamed = Result("search", "A whole search", ("what", "median"), (("ratio, pairwise", 1.0),))
    found = kept(places, renamed)
    assert verdict(bar("whole search to bare encoding, p50"), found) == "no such figure"


def test_a_long_table_is_folded_and_whole(places: Path) -> None:
    rows = tuple((number, 1000.0 + number) for number in range(90))
    text = page(kept(places, Result("soak_memory", "Course", ("minute", "RSS MB"), rows)), ())
    folded = text.partition("<details><summary>90 rows</summary>\n\n")[2].partition("</details>")[0]
    assert folded.count("\n| ") == 90 + 1  # and the line below the head
    assert "| 89 | 1,089.0 |" in folded


def test_a_table_that_the_page_does_not_know_is_shown_last(places: Path) -> None:
    text = page(kept(places, Result("another", "Another", ("x",), ((1,),)), SEARCH), ())
    assert text.index("## A whole search") < text.index("## Another")
    assert measurer("another") == "all"


def test_a_result_that_cannot_be_read_is_named_with_what_mends_it(places: Path) -> None:
    kept(places, CROWD)
    (places / "visitors.json").write_text('{"title": "Visitors"}', encoding="utf-8")
    with pytest.raises(UsageError) as refused:
        report.measure(Options())
    assert "visitors.json" in str(refused.value)
    assert "python -m benchmarks visitors" in str(refused.value)


def test_a_quick_run_leaves_the_page_as_it_is(places: Path) -> None:
    kept(places, SEARCH)
    report.PAGE.write_text("as it was", encoding="utf-8")
    assert report.measure(Options(quick=True)) == []
    assert report.PAGE.read_text(encoding="utf-8") == "as it was"


def test_a_page_of_nothing_says_that_no_bar_was_measured(places: Path) -> None:
    assert page(read(places), ()).count("**not measured**") == len(BARS)


def sources() -> str:
    found = [
        path
        for path in (ROOT / "benchmarks").glob("*.py")
        if path.name not in {"bars.py", "kept.py"}
    ]
    return "\n".join(path.read_text(encoding="utf-8") for path in found)


def test_the_page_knows_every_table_that_a_benchmark_makes_and_no_other() -> None:
    made = r'(?:\bResult|\b_by_size)\(\s*(?:name=)?"([\w-]+)"'
    known = [table for tables in TABLES.values() for table in tables]
    assert set(re.findall(made, sources())) == set(known)
    assert len(known) == len(set(known))


def test_what_a_bar_looks_up_has_the_name_that_its_benchmark_gives_it() -> None:
    given: set[Any] = {memory._SEARCHED, vector_ways.OWN, *visitors._NAMES.values()}
    text = sources()
    for one in BARS:
        assert (ROOT / "benchmarks" / f"{measurer(one.table)}.py").exists()
        for name in (*one.row, one.column):
            quoted = (f'"{name}"', f",{name},", f',{name}"', f'"{name},')
            assert any(form in text for form in quoted), name
        for value in one.row.values():
            assert value in given or isinstance(value, int) or f'"{value}"' in text, value
