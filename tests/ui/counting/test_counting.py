"""Counting: off unless asked for, never text, no time finer than a week, small numbers unsaid."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from core.clinic_settings import Clinic, read_clinic
from core.errors import ContentError
from tests.support.paths import ROOT
from ui.counting import counts as counting
from ui.counting.counts import (
    Counting,
    CountsFile,
    Row,
    is_sensitive,
    read_counts,
    shown_counts,
    week_of,
)

THURSDAY = datetime(2026, 11, 19, 15, 42, 7, 123456, tzinfo=UTC)
MONDAY = datetime(2026, 11, 16, tzinfo=UTC).timestamp()


def counting_in(folder: Path, *, is_on: bool = True, now: datetime = THURSDAY) -> Counting:
    return Counting(lambda: CountsFile(folder, is_on), clock=lambda: now)


def contents(folder: Path) -> str:
    return (folder / counting.FILE_NAME).read_text(encoding="utf-8")


# -- what is written -------------------------------------------------------------------------------


def test_the_file_holds_week_kind_id_and_count_and_nothing_else(tmp_path: Path) -> None:
    counts = counting_in(tmp_path)
    counts.count("route", "cost", sensitive=False)
    counts.count("article", "neck-pain", sensitive=False)
    counts.count("article", "neck-pain", sensitive=False)
    assert contents(tmp_path) == (
        "week,kind,id,count\n2026-W47,article,neck-pain,2\n2026-W47,route,cost,1\n"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["counts.csv"]


def test_an_id_like_a_formula_is_counted_and_no_spreadsheet_runs_it(tmp_path: Path) -> None:
    for _ in range(3):
        counting_in(tmp_path).count("article", "-neck", sensitive=False)
    assert read_counts(tmp_path) == [Row("2026-W47", "article", "-neck", 3)]
    assert "'-neck" in contents(tmp_path)


def test_off_writes_nothing_and_a_sensitive_search_is_left_out(tmp_path: Path) -> None:
    counting_in(tmp_path, is_on=False).count("article", "neck-pain", sensitive=False)
    counting_in(tmp_path).count("article", "neck-pain", sensitive=True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words",
    [
        *("pregnancy", "needling-in-pregnancy", "back_pain_when_pregnant", "after-childbirth"),
        *("birth-and-pelvic-floor", "Breastfeeding and needles", "miscarriage", "ivf"),
        *("suicide-help", "Suicidal thoughts", "self-harm", "selfharm", "deliberate-self-injury"),
        *("overdose", "I keep cutting myself", "cut_my_self", "harming your self"),
        "I want to end my life",
    ],
)
def test_self_harm_suicide_and_pregnancy_are_known_by_their_words(
    tmp_path: Path, words: str
) -> None:
    assert is_sensitive(words)
    counting_in(tmp_path).count("article", words.replace(" ", "-"), sensitive=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words",
    ["neck-pain", "cost", "cutting-edge", "self-care", "does it hurt myself", "drivf", "aftercare"],
)
def test_ordinary_words_are_counted(words: str) -> None:
    assert not is_sensitive(words)


def test_the_shipped_articles_and_cards_are_counted_all() -> None:
    from index.bank.route_cards import read_routes

    names = [path.stem for path in (ROOT / "content" / "articles").iterdir()]
    assert [name for name in (*names, *read_routes(ROOT / "content")) if is_sensitive(name)] == []


@pytest.mark.parametrize("typed", ["my neck hurts", "", "a\nb", "=1+1", "x" * 300, "<b>", "a,b"])
def test_what_cannot_be_an_id_is_not_written(tmp_path: Path, typed: str) -> None:
    counting_in(tmp_path).count("article", typed, sensitive=False)
    assert list(tmp_path.iterdir()) == []


def test_letters_of_other_scripts_are_ids_too(tmp_path: Path) -> None:
    counting_in(tmp_path).count("article", "ألم-الرقبة", sensitive=False)
    assert read_counts(tmp_path) == [Row("2026-W47", "article", "ألم-الرقبة", 1)]


# -- no time finer than a week ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "week"),
    [
        (datetime(2026, 11, 16, 0, 0, tzinfo=UTC), "2026-W47"),
        (datetime(2026, 11, 22, 23, 59, 59, tzinfo=UTC), "2026-W47"),
        (datetime(2026, 11, 23, 0, 0, tzinfo=UTC), "2026-W48"),
        (datetime(2027, 1, 1, tzinfo=UTC), "2026-W53"),
        (datetime(2024, 12, 30, tzinfo=UTC), "2025-W01"),
        (datetime(2026, 11, 23, 1, 0, tzinfo=timezone(timedelta(hours=2))), "2026-W47"),
    ],
)
def test_weeks_are_iso_weeks_in_utc(moment: datetime, week: str) -> None:
    assert week_of(moment) == week


def test_a_new_week_has_rows_of_its_own(tmp_path: Path) -> None:
    counting_in(tmp_path).count("article", "a", sensitive=False)
    counting_in(tmp_path, now=THURSDAY + timedelta(days=7)).count("article", "a", sensitive=False)
    assert [row.week for row in read_counts(tmp_path)] == ["2026-W47", "2026-W48"]


def test_the_files_own_times_say_only_the_week(tmp_path: Path) -> None:
    counts = counting_in(tmp_path)
    for _ in range(2):
        counts.count("article", "a", sensitive=False)
        said = (tmp_path / counting.FILE_NAME).stat()
        assert (said.st_mtime, said.st_atime) == (MONDAY, MONDAY)


def test_the_temporary_file_says_only_the_week_before_it_becomes_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[float] = []
    replace = Path.replace

    def watched(path: Path, target: Path) -> Path:
        seen.append(path.stat().st_mtime)
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", watched)
    counting_in(tmp_path).count("article", "a", sensitive=False)
    assert seen == [MONDAY]


# -- reading ---------------------------------------------------------------------------------------


def test_staff_read_no_number_below_ten() -> None:
    rows = [Row("2026-W47", "article", "a", number) for number in (0, 1, 9, 10, 11)]
    shown = [row.times for row in shown_counts(rows)]
    assert shown == ["fewer than 10", "fewer than 10", "fewer than 10", "10", "11"]
    assert shown_counts(rows)[0][:3] == ("2026-W47", "article", "a")


def test_without_a_file_nothing_was_counted(tmp_path: Path) -> None:
    assert read_counts(tmp_path) == []


def test_the_command_for_staff_shows_no_small_number(tmp_path: Path) -> None:
    counts = counting_in(tmp_path)
    for name, times in (("often", 12), ("rarely", 3)):
        for _ in range(times):
            counts.count("article", name, sensitive=False)
    done = subprocess.run(
        [sys.executable, "-m", "ui.counting"],
        cwd=ROOT,
        env={**os.environ, "CLINIC_BUILT": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == [
        "week,kind,id,count",
        "2026-W47,article,often,12",
        "2026-W47,article,rarely,fewer than 10",
    ]


# -- it never breaks the page ----------------------------------------------------------------------


def test_many_threads_lose_no_count(tmp_path: Path) -> None:
    counts = counting_in(tmp_path)

    def work() -> None:
        for _ in range(20):
            counts.count("article", "a", sensitive=False)

    with ThreadPoolExecutor(8) as pool:
        for thread in [pool.submit(work) for _ in range(8)]:
            thread.result()
    assert read_counts(tmp_path) == [Row("2026-W47", "article", "a", 160)]


@pytest.mark.parametrize("broken", ["open", "write", "replace"])
def test_a_full_disk_or_a_read_only_folder_costs_one_log_line_and_the_old_file_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, broken: str
) -> None:
    counts = counting_in(tmp_path)
    counts.count("article", "neck-pain", sensitive=False)
    before = contents(tmp_path)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        place, name = {
            "open": (Path, "open"),
            "write": (os, "fsync"),
            "replace": (Path, "replace"),
        }[broken]
        if broken == "open":
            patch.setattr(counting, "read_counts", lambda _: [])
        patch.setattr(place, name, full)
        for _ in range(3):
            counts.count("article", "neck-pain", sensitive=False)
    assert contents(tmp_path) == before
    assert [path.name for path in tmp_path.iterdir()] == ["counts.csv"]
    assert len(caplog.records) == 1
    assert "No space left on device" in caplog.text
    assert "neck-pain" not in caplog.text
    counts.count("article", "neck-pain", sensitive=False)
    assert read_counts(tmp_path)[0].times == 2


def test_a_missing_folder_breaks_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    counting_in(tmp_path / "nowhere").count("article", "a", sensitive=False)
    assert len(caplog.records) == 1


@pytest.mark.parametrize(
    "spoilt",
    ["", "week;kind;id;count\n", "week,kind,id,count\n2026-W47,article,a,many\n", "\udcff", "\0"],
)
def test_a_file_that_somebody_spoilt_is_left_as_it_is(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, spoilt: str
) -> None:
    written = spoilt.encode("utf-8", "surrogateescape")
    (tmp_path / counting.FILE_NAME).write_bytes(written)
    counting_in(tmp_path).count("article", "a", sensitive=False)
    assert (tmp_path / counting.FILE_NAME).read_bytes() == written
    assert len(caplog.records) == 1


# -- the clinic's setting --------------------------------------------------------------------------


def test_counting_is_off_unless_the_clinic_writes_true(tmp_path: Path) -> None:
    assert not Clinic().counting
    assert not read_clinic(ROOT / "content").counting
    for written, expected in (
        ("# nothing yet", False),
        ("counting = false", False),
        ("counting = true", True),
    ):
        (tmp_path / "clinic.toml").write_text(written)
        assert read_clinic(tmp_path).counting is expected


@pytest.mark.parametrize("switch", ["counting", "review", "api"])
@pytest.mark.parametrize("written", ['"true"', '"false"', "1", "0", '"yes"', "[]"])
def test_a_switch_that_is_neither_true_nor_false_is_an_error_that_says_so(
    tmp_path: Path, switch: str, written: str
) -> None:
    (tmp_path / "clinic.toml").write_text(f"{switch} = {written}")
    with pytest.raises(ContentError) as caught:
        read_clinic(tmp_path)
    assert (caught.value.where or "").endswith(f"clinic.toml, {switch}")
    assert caught.value.expected == "true or false, without quotes"


@pytest.fixture
def page_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CLINIC_CONTENT", str(tmp_path))
    monkeypatch.setenv("CLINIC_BUILT", str(tmp_path / "built"))
    (tmp_path / "built").mkdir()
    return tmp_path


@pytest.mark.parametrize(("written", "files"), [("false", 0), ("true", 1)])
def test_the_pages_own_counting_follows_the_clinics_setting(
    page_of: Path, written: str, files: int
) -> None:
    (page_of / "clinic.toml").write_text(f"counting = {written}")
    counting.count("article", "neck-pain", sensitive=False)
    assert len(list((page_of / "built").iterdir())) == files


def test_a_question_is_looked_at_only_where_the_page_counts_and_private_things_never_count(
    page_of: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (page_of / "clinic.toml").write_text("counting = true")
    assert counting.may_count("my neck hurts")
    assert not counting.may_count("pregnant")
    (page_of / "clinic.toml").write_text("counting = false")
    monkeypatch.setattr(counting, "is_sensitive", lambda _words: pytest.fail("it was looked at"))
    assert not counting.may_count("my neck hurts")
