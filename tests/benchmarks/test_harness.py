"""What the benchmarks count and who they send to the page: what is measured, never how fast."""

from __future__ import annotations

import asyncio
import math
import os
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Coroutine, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from ipaddress import ip_address
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from benchmarks import __main__ as command
from benchmarks import ingest, page, soak, start, visitors
from benchmarks.harness import page_server, report
from benchmarks.harness.load_generator import Load, Observed, generate, question_of
from benchmarks.harness.options import Options
from benchmarks.harness.processes import (
    Memory,
    memory,
    parse_maps,
    parse_rollup,
    parse_stat,
    processor_s,
)
from benchmarks.harness.questions import bank_questions
from benchmarks.harness.result import Result, Row, Table, percentiles
from benchmarks.harness.session import VisitError, address_of, visiting
from benchmarks.harness.targets import TARGETS, verdict
from benchmarks.soak import slope_of
from tests.support.building import build_with
from tests.support.fakes import BagOfWordsEncoder
from tests.support.files.content import label
from tests.support.pages.browser import Server, serving
from tests.support.paths import ROOT
from tests.support.workers import free_port

TABLE = Table("Two ways", ("way", "ms"), (("short", 0.12345), ("longer", None)), ("Of one run.",))


def finished(work: Coroutine[Any, Any, Any]) -> Any:
    """Run in a thread of its own: the browser tests keep a loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


# -- results ---------------------------------------------------------------------------------------


def test_a_report_has_the_targets_of_its_measure_and_aligned_tables_with_notes() -> None:
    found = report.report("search", Result((TABLE,), {"whole search to bare encoding, p50": 1.7}))
    targets, _, table = found.partition("## Two ways")
    assert (
        "| whole search to bare encoding, p50 | at most 1.6 | 1.700    | NOT reached |" in targets
    )
    assert "million" not in targets
    assert table == (
        "\n\n| way    | ms    |\n| ------ | ----- |\n| short  | 0.123 |\n| longer | –     |"
        "\n\n- Of one run."
    )


@pytest.mark.parametrize(
    ("cell", "shown"),
    [(1234.56, "1,234.6"), (12.345, "12.35"), (1234, "1,234"), (math.nan, "–"), ("a", "a")],
)
def test_a_figure_is_shown_with_about_three_digits(cell: Any, shown: str) -> None:
    assert report.shown(cell) == shown


@pytest.mark.slow
def test_what_is_saved_has_its_source_and_a_picture_where_it_draws(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "RESULTS", tmp_path)
    monkeypatch.setattr(report, "PICTURES", tmp_path)
    drawn = Result((TABLE,), draw=lambda figure: figure.subplots())
    path = report.save("search", "the text", drawn, "the command.")
    assert path.read_text(encoding="utf-8") == "# search\n\nthe command.\n\nthe text\n"
    assert (tmp_path / "search.webp").read_bytes()[8:12] == b"WEBP"


@pytest.mark.parametrize("values", [[3.0], [1.0, 2.0], [5.0, 1.0, 4.0, 2.0, 3.0]])
def test_percentiles_are_those_that_numpy_finds(values: list[float]) -> None:
    assert percentiles(values) == pytest.approx(np.percentile(values, [50, 95]))
    assert all(math.isnan(value) for value in percentiles([]))


def test_a_figure_at_its_limit_is_judged_by_the_words_of_the_target() -> None:
    verdicts = {t.wanted: [verdict(t, t.limit + d) for d in (-0.5, 0, 0.5)] for t in TARGETS}
    assert verdicts == {
        "at most": ["reached", "reached", "NOT reached"],
        "less than": ["reached", "NOT reached", "NOT reached"],
        "at least": ["NOT reached", "reached", "reached"],
    }
    assert verdict(TARGETS[0], None) == "not measured"


def test_the_page_of_benchmarks_says_of_every_target_what_its_saved_result_says() -> None:
    def cells(line: str) -> list[str]:
        return [cell.strip() for cell in line.strip("| ").split("|")]

    page = (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    listed = [cells(line) for line in page.splitlines() if line.count("|") == 6]
    for target in TARGETS:
        result = report.RESULTS / f"{target.measure}.md"
        saved = result.read_text(encoding="utf-8") if result.exists() else ""  # not saved yet
        lines = [line for line in saved.splitlines() if line.startswith(f"| {target.figure} ")]
        assert [[*cells(line), f"`{target.measure}`"] for line in lines] == [
            row for row in listed if row[0] == target.figure
        ]


# -- where a figure comes from ---------------------------------------------------------------------


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A git checkout of one commit, with a benchmark's result, docs and a module in it."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    root = tmp_path / "checkout"
    for name in ("index/search/pipeline.py", "docs/page.md", "benchmarks/results/search.json"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("before\n")
    git(root, "init", "--quiet")
    git(root, "add", ".")
    who = ("-c", "user.name=x", "-c", "user.email=x@x", "-c", "commit.gpgsign=false")
    git(root, *who, "commit", "--quiet", "-m", "one")
    return root


def git(root: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def test_a_result_names_the_commit_and_whether_what_is_measured_was_another(checkout: Path) -> None:
    commit = f"commit {git(checkout, 'rev-parse', 'HEAD')[:7]},"
    for name in ("docs/page.md", "benchmarks/results/search.json", "index/new.py"):
        (checkout / name).write_text("after\n")
    assert commit in report.source(["search"], checkout)
    (checkout / "index" / "search" / "pipeline.py").write_text("after\n")
    assert "with uncommitted changes," in report.source(["search"], checkout)


def test_outside_a_checkout_no_commit_is_named_nor_that_of_one_around_it(checkout: Path) -> None:
    (checkout / "copy").mkdir()
    for place in (checkout.parent, checkout / "copy"):
        assert "no known commit" in report.source(["search"], place)


def test_a_command_has_all_that_was_asked_for_and_no_path_of_this_machine(tmp_path: Path) -> None:
    given = ["soak", "--content", "../other", "--built", str(tmp_path / "an index")]
    assert report.source(given).startswith(
        "`python -m benchmarks soak --content ../other --built 'an index'`, "
    )


# -- one command -----------------------------------------------------------------------------------


@pytest.fixture
def options_given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Options]:
    """Replace `search` by a measure of no work, save elsewhere; return what it is given."""
    given: list[Options] = []

    def measure(options: Options) -> Result:
        given.append(options)
        return Result((TABLE,))

    monkeypatch.setitem(sys.modules, "benchmarks.search", SimpleNamespace(measure=measure))
    monkeypatch.setattr(report, "RESULTS", tmp_path)
    return given


def invoke(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(command.main, arguments)
    return done.exit_code, done.output


def test_a_result_is_printed_and_saved_only_where_that_was_asked_for(
    options_given: list[Options], tmp_path: Path
) -> None:
    code, output = invoke("search", "--quick", "--built", "elsewhere", "--minutes", "2")
    expected = Options(built=Path("elsewhere"), quick=True, minutes=2.0)
    assert (code, options_given) == (0, [expected])
    assert report.markdown(TABLE) in output
    assert "these figures mean nothing" in output
    assert invoke("search")[0] == 0
    assert list(tmp_path.iterdir()) == []
    assert invoke("search", "--save")[0] == 0
    assert [path.name for path in tmp_path.iterdir()] == ["search.md"]
    assert invoke("search", "--save", "--quick")[0] == 2


def test_all_runs_each_in_a_process_of_its_own_and_a_failure_stops_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ran: list[list[str]] = []

    def recorded(arguments: list[str], *, check: bool) -> Any:
        ran.append(arguments)
        return SimpleNamespace(returncode=int("start" in arguments))

    monkeypatch.setattr(subprocess, "run", recorded)
    monkeypatch.setattr(sys, "argv", ["benchmarks", "all", "--quick"])
    code, output = invoke("all", "--quick")
    assert (code, output.splitlines()[-1]) == (1, "Not measured: start.")
    assert ran == [
        [sys.executable, "-m", "benchmarks", name, "--quick"] for name in command.MEASURES
    ]


def test_without_an_index_a_measure_says_how_to_build_one(tmp_path: Path) -> None:
    code, output = invoke("search", "--quick", "--built", str(tmp_path))
    assert code == 1
    assert "python -m ingest" in output


# -- what is asked ---------------------------------------------------------------------------------


def test_the_banks_questions_are_asked_and_without_a_bank_the_passages(
    content: Path, encoder: BagOfWordsEncoder, tmp_path: Path
) -> None:
    build_with(encoder, content, tmp_path / "without")
    assert "A stiff neck is common. It often passes." in bank_questions(tmp_path / "without")
    label(content, answers={"why is my neck stiff": "necks#introduction"})
    build_with(encoder, content, tmp_path / "with")
    assert bank_questions(tmp_path / "with") == ("why is my neck stiff",)


def test_no_two_of_a_hundred_visitors_ask_the_same_in_a_round() -> None:
    questions = [f"question {number}" for number in range(270)]
    for round_ in range(-1, 12):
        asked = {question_of(questions, visitor, round_, 100) for visitor in range(100)}
        assert len(asked) == 100
    assert question_of(questions, 7, 0, 100) != question_of(questions, 7, 1, 100)


def test_every_visitor_has_an_address_of_its_own() -> None:
    addresses = {address_of(visitor) for visitor in range(70_000)}
    assert len(addresses) == 70_000
    assert all(ip_address(address).is_private for address in addresses)


# -- memory and time of a process ------------------------------------------------------------------

ROLLUP = """\
55c0a4a00000-7ffd1b5f0000 ---p 00000000 00:00 0                          [rollup]
Rss:              102400 kB
Pss:               51200 kB
Pss_Dirty:         10240 kB
Shared_Clean:      61440 kB
Private_Clean:      2048 kB
Private_Dirty:     38912 kB
Private_Hugetlb:       0 kB
"""
MAPS = """\
55c0a4a00000-55c0a4b00000 r-xp 00000000 08:01 11 /usr/bin/python3.11
Rss:                 900 kB
7f0000000000-7f0000100000 r-xp 00000000 08:01 12 /x/lib/python3.11/site-packages/torch/lib/a.so
Size:               2048 kB
Rss:                1024 kB
Pss:                 512 kB
7f0000200000-7f0000300000 rw-p 00000000 08:01 12 /x/lib/python3.11/site-packages/torch/lib/a.so
Rss:                 512 kB
7f0000400000-7f0000500000 r-xp 00000000 08:01 13 /x/site-packages/faiss_cpu.libs/with a space.so
Rss:                2048 kB
7f0000600000-7f0000700000 rw-p 00000000 00:00 0
Rss:                4096 kB
"""


def test_memory_is_read_as_the_kernel_reports_it_and_no_figure_is_guessed() -> None:
    assert parse_rollup(ROLLUP) == Memory(rss=100.0, pss=50.0, uss=40.0)
    with pytest.raises(KeyError, match="Private_Dirty"):
        parse_rollup(ROLLUP.replace("Private_Dirty", "Private_Other"))


def test_files_in_memory_are_added_up_by_package() -> None:
    assert parse_maps(MAPS) == {"torch": 1.5, "faiss": 2.0}


@pytest.mark.parametrize("name", ["python", "a b", "a) 1 2 (b", "python3) S 1"])
def test_processor_time_is_found_behind_any_programs_name(name: str) -> None:
    stat = f"4711 ({name}) S 1 2 3 4 5 6 7 8 9 10 250 50 13 14 20 0"
    assert parse_stat(stat, ticks_per_s=100) == 3.0


def test_this_very_process_has_memory_and_took_time() -> None:
    held = memory(os.getpid())
    assert held.rss >= held.pss >= held.uss > 0
    assert processor_s(os.getpid()) <= time.process_time() + 1


# -- what each measure counts ----------------------------------------------------------------------


def rows_of(table: Table) -> dict[Any, Row]:
    return {row[0]: row[1:] for row in table.rows}


def test_a_text_is_recorded_once_whichever_encoder_has_encoded_it() -> None:
    first, second = BagOfWordsEncoder("a"), BagOfWordsEncoder("b")
    with ingest.recorded(BagOfWordsEncoder) as texts:
        first.encode_tokens(["a", "b"])
        second.encode_tokens(["b", "c"])
    first.encode_tokens(["after"])
    assert list(texts) == ["a", "b", "c"]


def test_an_ingest_is_compared_round_by_round_with_all_that_it_encodes() -> None:
    names = (ingest._WHOLE, ingest._BARE)
    rounds = [dict(zip(names, s, strict=True)) for s in ((20, 10), (10, 9), (10, 8))]
    result = ingest.compared(rounds, 100, 1.0, ())
    assert result.figures == {"ingest to bare encoding, texts/s": 0.8, ingest._PEAK: 1.0}
    rows = rows_of(result.tables[0])
    assert rows["ratio of texts/s"] == (0.8, 0.5, 0.9)
    assert rows["whole ingest, texts/s"] == (10.0, 5.0, 10.0)


def test_more_articles_are_copied_beside_the_clinics_without_its_invariants(
    content: Path, tmp_path: Path
) -> None:
    (content / "invariants.csv").write_text("question,must\n")
    more = tmp_path / "more"
    more.mkdir()
    (more / "elbows.txt").write_text("All About Elbows\n\nAn elbow bends.\n")
    given = Options(content=content, articles=more)
    copy = ingest.content_to_ingest(given, tmp_path / "copies")
    own = {path.name for path in (content / "articles").iterdir()}
    assert {p.name for p in (copy / "articles").rglob("*.*")} == {*own, "elbows.txt"}
    assert not (copy / "invariants.csv").exists()
    assert ingest.content_to_ingest(Options(content=content), tmp_path) == content


def test_a_start_is_the_median_of_its_rounds_beside_the_bare_interpreter(tmp_path: Path) -> None:
    names = (start._BARE, start._ANSWER, start._RESULTS)
    rounds = [dict(zip(names, s, strict=True)) for s in ((1, 4, 8), (1, 2, 6), (1, 3, 9))]
    result = start.compared(rounds)
    assert list(result.figures.values()) == [3, 8]
    assert rows_of(result.tables[0])[start._ANSWER] == (3, 2, 4, 3.0)


def test_what_the_page_adds_is_counted_pair_by_pair() -> None:
    rows = rows_of(page.compared([(30.0, 10.0), (40.0, 20.0)], [(1.0, 2.0, 3_000)]).tables[0])
    assert rows["added, pairwise, ms"][0] == 20.0
    assert rows["ratio, pairwise"][0] == 2.5
    assert rows["first visit: over the wire, kB"][0] == 3.0


def test_the_slope_is_that_of_the_second_half_only() -> None:
    rising = [(seconds, 50.0 + seconds) for seconds in range(0, 300, 10)]
    flat = [(seconds, 300.0) for seconds in range(300, 601, 10)]
    steady = [(seconds, 300.0 + (seconds - 300) / 30) for seconds in range(300, 601, 10)]
    assert slope_of(rising + flat) == pytest.approx((0.0, 0.0), abs=1e-6)
    assert slope_of(rising + steady) == pytest.approx((2.0, 0.0), abs=1e-6)
    for short in ([], rising[:1], rising):  # two whole minutes in the second half, at most
        assert math.isnan(slope_of(short).mb_per_minute)


def test_the_interval_of_a_slope_is_students_over_the_means_of_whole_minutes() -> None:
    # Minutes 5, 6 and 7 of ten, at 10, 12 and 11 MB: slope 0.5, residuals -0.5, 1 and -0.5, so a
    # standard error of sqrt(1.5 / 1 / 2), times 12.706 for one degree of freedom.
    held = {3: 10.0, 4: 12.0, 5: 11.0, 6: 99.0}
    sampled = [(s, held.get(s // 60, 0.0)) for s in range(0, 361, 10)]
    assert slope_of(sampled) == pytest.approx((0.5, 12.7062 * math.sqrt(0.75)), rel=1e-4)


def test_more_samples_a_minute_that_are_alike_make_no_interval_narrower() -> None:
    draw = np.random.default_rng(1)
    wandering = np.repeat(draw.normal(size=16), 60)
    often = [(float(s), float(held)) for s, held in enumerate(wandering)]
    assert slope_of(often).half_width == pytest.approx(slope_of(often[::10]).half_width, rel=0.2)


def seen(*replies_s: float, **more: Any) -> Observed:
    return Observed(
        replies_s=list(replies_s),
        seconds=2.0,
        server_s=0.4,
        own_s=0.1,
        before=Memory(100.0, 90.0, 80.0),
        present=Memory(130.0, 120.0, 110.0),
        after=Memory(105.0, 95.0, 85.0),
        **more,
    )


def test_a_page_that_searches_is_compared_with_the_page_that_does_not() -> None:
    group = visitors.Group(100, 2.0)
    runs: visitors.Runs = {
        (group, "nothing"): seen(0.01, 0.02, 0.03),
        (group, "real"): seen(0.03, 0.04, 0.05, 0.06, errors={"no results": 2}),
    }
    result = visitors.compared([group], runs)
    answers, weights = result.tables
    idle, real = (dict(zip(answers.columns, row, strict=True)) for row in answers.rows)
    assert (idle["p50 ms"], idle["p50 to nothing's"]) == (20.0, None)
    assert (real["searches"], real["searches/s"], real["errors"]) == (4, 2.0, 2)
    assert real["p50 ms"] == pytest.approx(45.0)
    assert real["p95 ms"] == pytest.approx(np.percentile([30, 40, 50, 60], 95))
    assert real["p50 to nothing's"] == pytest.approx(2.25)
    assert real["server CPU ms/search"] == pytest.approx(100.0)
    assert real["clients' CPU ms/search"] == pytest.approx(25.0)
    assert "no results" in answers.notes[-1]
    assert [row[-1] for row in weights.rows] == [None, 0.3, 0.05] * 2
    assert result.figures["one more visitor, MB"] == 0.3


def test_a_group_that_nobody_answered_has_errors_and_no_figures() -> None:
    busy = visitors.Group(100, 2.0, every_s=0.0)
    paced = visitors.Group(100, 2.0)
    runs: visitors.Runs = {
        (group, search): seen(errors={"not let in": 2})
        for group in (paced, busy)
        for search in visitors.SEARCHES
    }
    result = visitors.compared([paced, busy], runs)
    assert {row[7] for row in result.tables[0].rows} == {2}
    assert result.figures["100 visitors every 5 s: errors"] == 2
    assert report.report("visitors", result).count("not let in") == 1


def test_a_soak_says_how_memory_grew() -> None:
    sampled = [(60.0 * minute, 100.0 + 10 * minute) for minute in range(9)]
    result = soak.summary(seen(0.1, 0.2, visits=3, sampled=sampled), seen(0.1, visits=150))
    rows = {name: figure for name, (figure,) in rows_of(result.tables[0]).items()}
    assert (rows["visits"], rows["searches"], rows["errors"]) == (3, 2, 0)
    assert rows["RSS half-way, MB"] == 140.0
    assert rows["slope of the second half, MB/min"] == pytest.approx(10.0)
    assert list(result.figures.values()) == pytest.approx([0, 10.0, 1.05])
    assert rows_of(result.tables[1])["with all of them"] == (130.0,)


# -- visitors before the page ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def control(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("control")


@pytest.fixture(scope="module")
def page_of_words(tmp_path_factory: pytest.TempPathFactory, control: Path) -> Iterator[Server]:
    """The page over three articles, each about one word that no other holds."""
    folder = tmp_path_factory.mktemp("page-of-words")
    articles = folder / "content" / "articles"
    articles.mkdir(parents=True)
    for word, sentence in SENTENCES.items():
        (articles / f"{word}.txt").write_text(f"About {word}\n\n{sentence}\n", encoding="utf-8")
    build_with(BagOfWordsEncoder(), folder / "content", folder / "built")
    launcher = ("-m", "tests.support.pages.crowd_page", str(control))
    log = folder / "page.log"
    with serving(folder / "built", log, content=folder / "content", launcher=launcher) as running:
        yield running


SENTENCES: Mapping[str, str] = {
    "neck": "A neck that carries the head all day deserves a rest at night.",
    "blood": "More blood reaches a muscle & its tendons after ten minutes of walking.",
    "sleep": "Good sleep is when the body mends what the day has worn.",
}


def first_of(html: str) -> str:
    """Return the word whose article's sentence stands first in what was drawn."""
    shown = unescape(re.sub("<[^>]*>", "", html))
    positions = {
        word: shown.find(sentence) for word, sentence in SENTENCES.items() if sentence in shown
    }
    return min(positions, key=positions.__getitem__)


def test_each_of_three_visitors_gets_what_was_found_for_its_own_question(
    page_of_words: Server,
) -> None:
    words = tuple(SENTENCES)

    async def visit(number: int) -> list[tuple[str, str]]:
        got = []
        async with visiting(page_of_words.url, number) as session:
            for round_ in range(4):
                word = words[(number + round_) % len(words)]
                got.append((word, (await session.ask(word)).html))
        return got

    async def together() -> list[list[tuple[str, str]]]:
        return await asyncio.gather(*(visit(number) for number in range(3)))

    answers = [answer for visitor in finished(together()) for answer in visitor]
    assert Counter(word for word, _ in answers) == dict.fromkeys(words, 4)
    assert all(first_of(html) == word for word, html in answers)


@pytest.mark.slow
def test_a_reply_is_complete_only_when_the_results_have_taken_the_place_of_searching(
    page_of_words: Server, control: Path
) -> None:
    slow = control / "slow"

    async def visit() -> str:
        async with visiting(page_of_words.url, 0) as session:
            await session.ask("sleep")
            slow.touch()
            asked = asyncio.create_task(session.ask("neck"))
            await asyncio.sleep(0.5)  # twice as long as the page keeps quiet about a slow search
            assert not asked.done()
            slow.unlink()
            return (await asked).html

    try:
        html = finished(visit())
    finally:
        slow.unlink(missing_ok=True)
    assert first_of(html) == "neck"
    assert "Searching" not in html


@pytest.mark.slow
def test_forty_of_one_address_are_let_in_and_visitors_of_other_addresses_too(
    page_of_words: Server,
) -> None:
    async def visit() -> None:
        async with asyncio.TaskGroup() as group, asyncio.timeout(60):
            leave = asyncio.Event()

            async def stay(number: int) -> None:
                async with visiting(page_of_words.url, number):
                    inside.append(number)
                    await leave.wait()

            inside: list[int] = []
            for _ in range(40):
                group.create_task(stay(7))
            while len(inside) < 40:
                await asyncio.sleep(0.02)
            with pytest.raises(VisitError, match="not let in"):
                async with visiting(page_of_words.url, 7):
                    pass
            async with visiting(page_of_words.url, 8) as session:
                assert first_of((await session.ask("neck")).html) == "neck"
            leave.set()

    finished(visit())


def test_where_nobody_answers_a_visitor_is_not_let_in() -> None:
    async def visit() -> None:
        async with visiting(f"http://127.0.0.1:{free_port()}/", 0):
            pass

    with pytest.raises(VisitError, match="not let in: ConnectionRefusedError"):
        finished(visit())


def load_on(server: Server, **more: Any) -> Load:
    settings = {"seconds": 0.5, "every_s": 0.1, "memory_every_s": 0.1, **more}
    return Load(server.url, server.process.pid, 3, tuple(SENTENCES), **settings)


@pytest.mark.slow
@pytest.mark.parametrize("pattern", [{}, {"every_s": 0.0}, {"passing": True}])
def test_visitors_are_answered_without_an_error_and_weighed(
    page_of_words: Server, pattern: dict[str, Any]
) -> None:
    seen = generate(load_on(page_of_words, **pattern))
    assert seen.errors == {}
    assert len(seen.replies_s) >= 3
    assert all(seconds > 0 for seconds in seen.replies_s)
    assert seen.seconds >= 0.5
    assert seen.visits >= 3 if pattern.get("passing") else seen.visits == 3
    assert all(held.rss > 0 for held in (seen.before, seen.present, seen.after))
    assert seen.sampled[0][1] > 0


@pytest.mark.slow
def test_visitors_who_are_not_let_in_are_counted_and_nothing_raises(page_of_words: Server) -> None:
    nowhere = Server(f"http://127.0.0.1:{free_port()}/", page_of_words.log, page_of_words.process)
    seen = generate(load_on(nowhere, every_s=0.0))
    assert seen.replies_s == []
    assert set(seen.errors) == {"not let in: ConnectionRefusedError"}
    assert seen.errors["not let in: ConnectionRefusedError"] >= 3


# -- the page as it is measured --------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.model
def test_the_page_without_a_search_answers_everything_alike_and_names_its_modules(
    real_built: Path,
) -> None:
    async def visit(url: str) -> set[str]:
        async with visiting(url, 0) as session:
            return {(await session.ask(asked)).html for asked in ("neck pain", "parking")}

    with page_server.serving(real_built, ROOT / "content", "nothing") as page:
        assert len(finished(visit(page.url))) == 1
        modules = page.modules()
    assert {"streamlit", "uvicorn", "index"} <= set(modules)
    assert "matplotlib" not in modules  # nothing of the benchmarks' own weighs in the page
    assert list(modules) == sorted(set(modules))
