"""The frame around the benchmarks and the visitors they send: what is measured, never how fast."""

from __future__ import annotations

import asyncio
import json
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
from dataclasses import astuple
from html import unescape
from ipaddress import ip_address
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from benchmarks import __main__ as command
from benchmarks.crowd import Order, Pattern, Seen, question_of, run
from benchmarks.ingest import _compared, _Round, _Took, _watched
from benchmarks.ingest_bare import BATCHES, sampled, sweep, table
from benchmarks.memory import heavy
from benchmarks.options import Options
from benchmarks.processes import Memory, memory, parse_maps, parse_rollup, parse_stat, processor_s
from benchmarks.provenance import Provenance, provenance
from benchmarks.questions import bank_questions
from benchmarks.result import PICTURES, RESULTS, Result, middle_and_late, readable, write
from benchmarks.serving import serving as serving_real
from benchmarks.session import VisitError, address_of, visiting
from benchmarks.soak import slope_of, summary
from benchmarks.visitors import Load, _answers, _memory
from index.encoder import SentenceEncoder
from tests.browser import ROOT, Server, free_port, serving
from tests.conftest import WordCounts, build_with, label

TABLE = Result(
    name="table",
    title="Two ways",
    columns=("way", "ms", "texts"),
    rows=(("short", 0.12345, 1234), ("a longer one", 1234.56, None)),
    notes=("Of one run.",),
)
SOURCE = Provenance("python -m benchmarks table", "0123456789" * 4, changed=False)


def finished(work: Coroutine[Any, Any, Any]) -> Any:
    """Run in a thread of its own: the browser tests keep a loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


# -- tables, records, pictures ---------------------------------------------------------------------


def test_a_table_is_aligned_and_says_its_notes() -> None:
    assert readable(TABLE) == (
        "Two ways\n"
        "\n"
        "way                ms  texts\n"
        "------------  -------  -----\n"
        "short           0.123  1,234\n"
        "a longer one  1,234.6      -\n"
        "\n"
        "Of one run.\n"
    )


def test_a_result_is_kept_as_json_with_every_figure_unrounded(tmp_path: Path) -> None:
    (kept,) = write(TABLE, SOURCE, results=tmp_path / "new", pictures=tmp_path / "pictures")
    told = json.loads(kept.read_text(encoding="utf-8"))
    assert kept.name == "table.json"
    assert told["rows"] == [
        {"way": "short", "ms": 0.12345, "texts": 1234},
        {"way": "a longer one", "ms": 1234.56, "texts": None},
    ]
    assert (told["title"], told["notes"]) == ("Two ways", ["Of one run."])
    assert told["machine"]["processors"] == os.cpu_count()
    assert (told["command"], told["commit"]) == (SOURCE.command, SOURCE.commit)
    assert told["uncommitted changes"] is False
    assert not (tmp_path / "pictures").exists()


def test_what_is_no_number_is_null_in_json(tmp_path: Path) -> None:
    result = Result("empty", "Nothing", ("ms", "s"), ((math.nan, math.inf),))
    (kept,) = write(result, SOURCE, results=tmp_path, pictures=tmp_path)
    assert json.loads(kept.read_text(encoding="utf-8"))["rows"] == [{"ms": None, "s": None}]


def test_a_result_that_draws_leaves_a_picture(tmp_path: Path) -> None:
    drawn = Result("line", "A line", ("x",), ((1,),), draw=lambda figure: figure.subplots())
    _, picture = write(drawn, SOURCE, results=tmp_path, pictures=tmp_path / "pictures")
    assert picture == tmp_path / "pictures" / "line.png"
    assert picture.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("values", [[3.0], [1.0, 2.0], [5.0, 1.0, 4.0, 2.0, 3.0]])
def test_middle_and_late_are_the_percentiles_that_numpy_finds(values: list[float]) -> None:
    assert middle_and_late(values) == pytest.approx(np.percentile(values, [50, 95]))


def test_middle_and_late_of_nothing_are_no_numbers() -> None:
    assert all(math.isnan(value) for value in middle_and_late([]))


# -- where a figure comes from ---------------------------------------------------------------------


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A git checkout of one commit, with a benchmark's result, docs and a module in it."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    root = tmp_path / "checkout"
    for name in ("index/search.py", "docs/page.md", "benchmarks/results/search.json"):
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
    commit = git(checkout, "rev-parse", "HEAD")
    for name in ("docs/page.md", "benchmarks/results/search.json", "index/new.py"):
        (checkout / name).write_text("after\n")
    found = provenance("search", Options(), checkout)
    assert (found.commit, found.changed) == (commit, False)
    (checkout / "index" / "search.py").write_text("after\n")
    assert provenance("search", Options(), checkout).changed is True


def test_outside_a_checkout_no_commit_is_named_nor_that_of_one_around_it(checkout: Path) -> None:
    (checkout / "copy").mkdir()
    for place in (checkout.parent, checkout / "copy"):
        found = provenance("search", Options(), place)
        assert (found.commit, found.changed) == (None, None)


def test_a_command_has_all_that_was_asked_for_and_no_path_of_this_machine(tmp_path: Path) -> None:
    assert provenance("search", Options()).command == "python -m benchmarks search"
    asked = Options(
        content=ROOT.parent / "shared" / "data",
        built=ROOT / "index" / "other one",
        beir=tmp_path / "collection",
        articles=tmp_path / "articles",
        minutes=60.0,
    )
    assert provenance("soak", asked).command == (
        "python -m benchmarks soak --built 'index/other one' --content ../shared/data"
        " --beir '…/collection' --articles '…/articles' --minutes 60"
    )


# -- one command -----------------------------------------------------------------------------------


def test_all_runs_each_in_a_process_of_its_own_and_one_that_fails_stops_no_other(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    ran: list[list[str]] = []

    def recorded(arguments: list[str], *, check: bool) -> Any:
        assert not check
        ran.append(arguments)
        return SimpleNamespace(returncode=int("start" in arguments))

    monkeypatch.setattr(subprocess, "run", recorded)
    assert command.main(["all", "--quick"]) == 1
    assert ran == [
        [sys.executable, "-m", "benchmarks", name, "--quick"] for name in command.MODULES
    ]
    said = capfd.readouterr()
    assert "start failed" in said.out
    assert said.err == "Not measured: start.\n"


def test_all_is_well_when_none_has_failed() -> None:
    assert command.every(["one", "another"], lambda _name: 0) == 0


def fake(monkeypatch: pytest.MonkeyPatch, found: Result | list[Result]) -> list[Options]:
    """Put a benchmark of no work in the place of all others; return what it is told."""
    told: list[Options] = []

    def measure(options: Options) -> Result | list[Result]:
        told.append(options)
        return found

    monkeypatch.setitem(sys.modules, "benchmarks.fake", SimpleNamespace(measure=measure))
    monkeypatch.setattr(command, "MODULES", {"search": "benchmarks.fake"})
    return told


def test_a_quick_run_prints_its_tables_and_keeps_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    told = fake(monkeypatch, [TABLE, TABLE])
    places = (RESULTS, PICTURES)
    before = [sorted(place.glob("table.*")) for place in places]
    assert command.main(["search", "--quick", "--built", str(tmp_path), "--minutes", "2"]) == 0
    assert [sorted(place.glob("table.*")) for place in places] == before
    assert told == [Options(built=tmp_path, quick=True, minutes=2.0)]
    said = capsys.readouterr().out
    assert said.count(readable(TABLE)) == 2
    assert "nothing was kept" in said


def test_a_full_run_keeps_what_it_prints(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command.show([TABLE], SOURCE, results=tmp_path, pictures=tmp_path)
    assert capsys.readouterr().out == f"{readable(TABLE)}\n"
    assert [path.name for path in tmp_path.iterdir()] == ["table.json"]


def test_one_result_or_several_may_be_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    fake(monkeypatch, TABLE)
    assert command.measured("benchmarks.fake", Options()) == [TABLE]
    fake(monkeypatch, [TABLE, TABLE])
    assert command.measured("benchmarks.fake", Options()) == [TABLE, TABLE]


def test_a_benchmark_that_is_not_there_is_named_and_one_that_is_broken_breaks(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "MODULES", {"search": "benchmarks.gone"})
    assert command.main(["search", "--quick"]) == 1
    assert "benchmarks.gone" in capsys.readouterr().err
    (tmp_path / "measures_nothing.py").write_text("import a_library_that_is_nowhere\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModuleNotFoundError, match="a_library_that_is_nowhere"):
        command.measured("measures_nothing", Options())


def test_without_an_index_a_benchmark_says_how_to_build_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["search", "--quick", "--built", str(tmp_path)]) == 1
    assert "python -m ingest" in capsys.readouterr().err


# -- what is asked ---------------------------------------------------------------------------------


def test_the_banks_questions_are_asked_and_without_a_bank_the_passages(
    content: Path, encoder: WordCounts, tmp_path: Path
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


def test_memory_is_read_as_the_kernel_tells_it() -> None:
    assert parse_rollup(ROLLUP) == Memory(rss=100.0, pss=50.0, uss=40.0)


def test_a_figure_that_the_kernel_does_not_tell_is_missed() -> None:
    with pytest.raises(ValueError, match="no Private_Dirty"):
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


def test_only_heavy_libraries_are_named() -> None:
    assert heavy(["json", "torch", "index", "numpy"]) == ("torch", "numpy")


# -- bare encoding ---------------------------------------------------------------------------------


class Recorded:
    """A model that notes the batches it is asked for, slow with all but those of 64."""

    def __init__(self) -> None:
        self.batches: list[int] = []

    def encode(self, texts: list[str], *, batch_size: int, **_: Any) -> None:
        self.batches.append(batch_size)
        time.sleep(0.001 if batch_size == 64 else 0.02)


def test_every_precision_is_tried_with_every_size_of_batches_in_turn() -> None:
    models = {"float32": Recorded(), "another": Recorded()}
    swept = sweep(models, ["a", "b"], 2)
    assert list(swept) == [(name, batch) for name in models for batch in BATCHES]
    assert all(len(rates) == 2 for rates in swept.values())
    assert models["another"].batches == [*BATCHES] * 2
    best = max(table(swept, 2).rows, key=lambda row: row[2])
    assert best[1] == 64


def test_a_sample_has_texts_of_all_lengths_next_to_others_of_their_length() -> None:
    texts = ["x" * (n * 37 % 5_000) for n in range(5_000)]
    sample = sampled(texts, 4)
    blocks = [sample[start : start + 128] for start in range(0, 512, 128)]
    lengths = [[len(text) for text in block] for block in blocks]
    assert all(max(block) - min(block) == 127 for block in lengths)
    assert [min(block) // 1_000 for block in lengths] == [0, 1, 3, 4]
    assert sampled(texts[:9], 1) == sorted(texts[:9], key=len)


def test_a_text_is_noted_once_whichever_encoder_has_embedded_it() -> None:
    model = SimpleNamespace(
        max_seq_length=8,
        get_embedding_dimension=lambda: 2,
        encode=lambda texts, **_: np.ones((len(texts), 2), np.float32),
    )
    one, another = (SentenceEncoder(model, name=name, sha256="") for name in ("one", "another"))
    with _watched() as (embedded, asked):
        one.encode(["a", "b"])
        another.encode(["b", "c"])
    one.encode(["after"])
    assert (list(embedded), list(asked)) == (["a", "b", "c"], [])


def test_an_ingest_is_compared_with_the_faster_way_to_encode_its_questions() -> None:
    took = {name: _Took(seconds, 2 * seconds) for name, seconds in (("slow", 5.0), ("fast", 2.0))}
    for bare_asked, asked in (("slow", "fast"), ("fast", "slow")):
        whole, nothing = _Took(20.0, 40.0), _Took(0.0, 0.0)
        one = _Round(whole, _Took(8.0, 16.0), took[bare_asked], took[asked], nothing, nothing)
        assert one.least == _Took(10.0, 20.0)
        rows = {row[0]: row[1] for row in _compared([one], 100, 1.0, ()).rows}
        assert rows["throughput ratio by the clock"] == 0.5
        assert rows["bare encoding, texts/s"] == 10.0


# -- what visitors saw -----------------------------------------------------------------------------


def test_the_slope_is_that_of_the_second_half_only() -> None:
    rising = [(seconds, 50.0 + seconds) for seconds in range(0, 300, 10)]
    flat = [(seconds, 300.0) for seconds in range(300, 601, 10)]
    steady = [(seconds, 300.0 + (seconds - 300) / 30) for seconds in range(300, 601, 10)]
    assert astuple(slope_of(rising + flat)) == pytest.approx((0.0, 0.0), abs=1e-6)
    assert astuple(slope_of(rising + steady)) == pytest.approx((2.0, 0.0), abs=1e-6)
    for short in ([], rising[:1], rising):  # two whole minutes in the second half, at most
        assert math.isnan(slope_of(short).mb_a_minute)


def test_the_interval_of_a_slope_is_students_over_the_means_of_whole_minutes() -> None:
    # Minutes 5, 6 and 7 of ten, at 10, 12 and 11 MB: slope 0.5, residuals -0.5, 1 and -0.5, so a
    # standard error of sqrt(1.5 / 1 / 2), times 12.706 for one degree of freedom.
    held = {3: 10.0, 4: 12.0, 5: 11.0, 6: 99.0}
    sampled = [(s, held.get(s // 60, 0.0)) for s in range(0, 361, 10)]
    assert astuple(slope_of(sampled)) == pytest.approx((0.5, 12.7062 * math.sqrt(0.75)), rel=1e-4)


def test_more_samples_a_minute_that_are_alike_make_no_interval_narrower() -> None:
    draw = np.random.default_rng(1)
    wandering = np.repeat(draw.normal(size=16), 60)
    often = [(float(s), float(held)) for s, held in enumerate(wandering)]
    assert slope_of(often).half_width == pytest.approx(slope_of(often[::10]).half_width, rel=0.2)


def seen(*replies_s: float, **more: Any) -> Seen:
    return Seen(
        replies_s=list(replies_s),
        seconds=2.0,
        server_s=0.4,
        own_s=0.1,
        before=Memory(100.0, 90.0, 80.0),
        present=Memory(130.0, 120.0, 110.0),
        after=Memory(105.0, 95.0, 85.0),
        **more,
    )


def test_what_the_search_adds_is_said_beside_the_page_without_it() -> None:
    load = Load("busy", 10, 2.0)
    runs = {
        (load, "nothing"): seen(0.01, 0.02, 0.03),
        (load, "real"): seen(0.03, 0.04, 0.05, 0.06, errors={"no results": 2}),
    }
    result = _answers([load], runs)
    idle, real = (dict(zip(result.columns, row, strict=True)) for row in result.rows)
    assert (idle["p50 ms"], idle["p50 to nothing's"]) == (20.0, None)
    assert (real["searches"], real["searches/s"], real["errors"]) == (4, 2.0, 2)
    assert real["p50 ms"] == pytest.approx(45.0)
    assert real["p50 to nothing's"] == pytest.approx(2.25)
    assert real["server CPU ms/search"] == pytest.approx(100.0)
    assert real["clients' CPU ms/search"] == pytest.approx(25.0)
    assert "no results" in result.notes[-1]


def test_a_load_that_nobody_answered_has_errors_and_no_figures(tmp_path: Path) -> None:
    load = Load("paced", 2, 2.0)
    runs = {(load, "nothing"): seen(), (load, "real"): seen(errors={"not let in": 2})}
    result = _answers([load], runs)
    assert dict(zip(result.columns, result.rows[1], strict=True))["errors"] == 2
    _, picture = write(result, SOURCE, results=tmp_path, pictures=tmp_path)
    assert picture.exists()


def test_what_a_visitor_weighs_is_what_memory_grew_by_divided() -> None:
    rows = _memory(10, {"real": seen()}).rows
    assert [row[1:3] for row in rows] == [
        ("before they came", 100.0),
        ("all there", 130.0),
        ("all gone", 105.0),
    ]
    assert [row[-1] for row in rows] == [None, 3.0, 0.5]


def test_a_soak_says_how_memory_went_on() -> None:
    sampled = [(60.0 * minute, 100.0 + 10 * minute) for minute in range(9)]
    told = dict(summary(seen(0.1, 0.2, visits=3, sampled=sampled)).rows)
    assert (told["visits"], told["searches"], told["errors"]) == (3, 2, 0)
    assert told["RSS half-way, MB"] == 140.0
    assert told["lower end of its 95 % interval, MB/min"] == pytest.approx(10.0)
    assert told["slope of the second half, MB/min"] == pytest.approx(10.0)


# -- visitors before the page ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def control(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("control")


@pytest.fixture(scope="module")
def stood_in(tmp_path_factory: pytest.TempPathFactory, control: Path) -> Iterator[Server]:
    """The page over ten articles, each about one word that no other holds."""
    folder = tmp_path_factory.mktemp("stood-in")
    articles = folder / "content" / "articles"
    articles.mkdir(parents=True)
    for word, sentence in SAID.items():
        (articles / f"{word}.txt").write_text(f"About {word}\n\n{sentence}\n", encoding="utf-8")
    build_with(WordCounts(), folder / "content", folder / "built")
    launcher = ("-m", "tests.crowd_page", str(control))
    log = folder / "page.log"
    with serving(folder / "built", log, content=folder / "content", launcher=launcher) as running:
        yield running


SAID: Mapping[str, str] = {
    "neck": "A neck that carries the head all day deserves a rest at night.",
    "blood": "More blood reaches a muscle & its tendons after ten minutes of walking.",
    "sleep": "Good sleep is when the body mends what the day has worn.",
}


def first_of(html: str) -> str:
    """Return the word whose article's sentence stands first in what was drawn."""
    shown = unescape(re.sub("<[^>]*>", "", html))
    places = {word: shown.find(said) for word, said in SAID.items() if said in shown}
    return min(places, key=places.__getitem__)


def test_each_of_three_visitors_gets_what_was_found_for_its_own_question(
    stood_in: Server,
) -> None:
    words = tuple(SAID)

    async def visit(number: int) -> list[tuple[str, str]]:
        got = []
        async with visiting(stood_in.url, number) as session:
            for round_ in range(4):
                word = words[(number + round_) % len(words)]
                got.append((word, (await session.ask(word)).html))
        return got

    async def together() -> list[list[tuple[str, str]]]:
        return await asyncio.gather(*(visit(number) for number in range(3)))

    answers = [answer for visitor in finished(together()) for answer in visitor]
    assert Counter(word for word, _ in answers) == dict.fromkeys(words, 4)
    assert all(first_of(html) == word for word, html in answers)


def test_a_reply_is_complete_only_when_the_results_have_taken_the_place_of_searching(
    stood_in: Server, control: Path
) -> None:
    slow = control / "slow"

    async def visit() -> str:
        async with visiting(stood_in.url, 0) as session:
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


def test_forty_of_one_address_are_let_in_and_visitors_of_other_addresses_too(
    stood_in: Server,
) -> None:
    async def visit() -> None:
        async with asyncio.TaskGroup() as group, asyncio.timeout(60):
            leave = asyncio.Event()

            async def stay(number: int) -> None:
                async with visiting(stood_in.url, number):
                    inside.append(number)
                    await leave.wait()

            inside: list[int] = []
            for _ in range(40):
                group.create_task(stay(7))
            while len(inside) < 40:
                await asyncio.sleep(0.02)
            with pytest.raises(VisitError, match="not let in"):
                async with visiting(stood_in.url, 7):
                    pass
            async with visiting(stood_in.url, 8) as session:
                assert first_of((await session.ask("neck")).html) == "neck"
            leave.set()

    finished(visit())


def test_where_nobody_answers_a_visitor_is_not_let_in() -> None:
    async def visit() -> None:
        async with visiting(f"http://127.0.0.1:{free_port()}/", 0):
            pass

    with pytest.raises(VisitError, match="not let in: ConnectionRefusedError"):
        finished(visit())


def ordered(server: Server, pattern: Pattern, **more: Any) -> Order:
    return Order(
        url=server.url,
        pid=server.process.pid,
        visitors=3,
        pattern=pattern,
        questions=tuple(SAID),
        **{"seconds": 0.5, "every_s": 0.1, "memory_every_s": 0.1, **more},
    )


@pytest.mark.parametrize("pattern", ["paced", "busy", "together", "passing"])
def test_a_crowd_is_answered_without_an_error_and_weighed(
    stood_in: Server, pattern: Pattern
) -> None:
    seen = run(ordered(stood_in, pattern))
    assert seen.errors == {}
    assert len(seen.replies_s) >= 3
    assert all(seconds > 0 for seconds in seen.replies_s)
    assert seen.seconds >= 0.5
    assert seen.visits >= 3 if pattern == "passing" else seen.visits == 3
    assert all(held.rss > 0 for held in (seen.before, seen.present, seen.after))
    assert seen.sampled
    assert seen.sampled[0][1] > 0


def test_visitors_who_are_not_let_in_are_counted_and_nothing_raises(stood_in: Server) -> None:
    nowhere = Server(f"http://127.0.0.1:{free_port()}/", stood_in.log, stood_in.process)
    seen = run(ordered(nowhere, "busy"))
    assert seen.replies_s == []
    assert set(seen.errors) == {"not let in: ConnectionRefusedError"}
    assert seen.errors["not let in: ConnectionRefusedError"] >= 3


# -- the page as it is measured --------------------------------------------------------------------


@pytest.mark.model
def test_the_page_without_a_search_answers_everything_alike_and_names_its_modules(
    real_built: Path,
) -> None:
    async def visit(url: str) -> set[str]:
        async with visiting(url, 0) as session:
            return {(await session.ask(asked)).html for asked in ("neck pain", "parking")}

    with serving_real(real_built, ROOT / "content", "nothing") as page:
        assert len(finished(visit(page.url))) == 1
        modules = page.modules()
    assert {"streamlit", "uvicorn", "index"} <= set(modules)
    assert "matplotlib" not in modules  # nothing of the benchmarks' own weighs in the page
    assert list(modules) == sorted(set(modules))


@pytest.mark.model
def test_the_parts_of_a_start_are_told_in_order(real_built: Path) -> None:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "benchmarks.start_parts"),
            *(repr(time.time()), str(real_built), "does it hurt?"),
        ],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    parts = json.loads(done.stdout)
    assert list(parts) == [
        "interpreter",
        "imports",
        "files read and checked",
        "encoder loaded",
        "index put together",
        "first search",
        "second search",
    ]
    assert all(seconds >= 0 for seconds in parts.values())
