"""The commands, in this process but for one question to the real model."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from index import __main__ as index_command
from index.store import generations
from ingest import __main__ as ingest_command
from tests.support.building import build_with
from tests.support.fakes import BagOfWordsEncoder
from tests.support.paths import ROOT

Write = Callable[[str, str | bytes], Path]
Run = Callable[..., tuple[int, str, str]]
NEW = "New\n\nA needle for the back."


@pytest.fixture(autouse=True)
def hand_made(monkeypatch: pytest.MonkeyPatch, encoder: BagOfWordsEncoder) -> None:
    """Let the commands load the hand-computable encoder."""
    monkeypatch.setattr("index.store.opened.load_encoder", lambda model="": encoder)
    monkeypatch.setattr(ingest_command, "load_encoder", lambda model="": encoder)
    monkeypatch.setattr(ingest_command, "encoder_sha256", lambda model="": encoder.info.sha256)


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command on the index of `built`; return its code, output and errors."""

    def ran(command: str, *arguments: str) -> tuple[int, str, str]:
        code = index_command.main([command, *arguments, "--built", str(tmp_path / "built")])
        return code, *capsys.readouterr()

    return ran


@pytest.fixture
def ingest(content: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Ingest the content into `built`; return the code, the output and the errors."""

    def ran() -> tuple[int, str, str]:
        arguments = ["--content", str(content), "--built", str(tmp_path / "built")]
        return ingest_command.main(arguments), *capsys.readouterr()

    return ran


def test_ingest_prints_a_table_and_where_it_published(ingest: Run) -> None:
    code, table, _ = ingest()
    assert code == 0
    lines = [line.split() for line in table.splitlines()]
    heads = "article state sections passages words left out words kept warnings"
    assert lines[0] == heads.split()
    assert lines[1] == ["blood.txt", "new", "1", "1", "15", "0", "100", "%", "0"]
    assert lines[2] == ["necks.txt", "new", "2", "2", "19", "0", "100", "%", "0"]
    assert lines[3] == ["2", "in", "all", "3", "3", "34", "0", "0"]
    assert "Published generation" in table
    code, again, _ = ingest()
    assert (code, "Nothing has changed" in again) == (0, True)


@pytest.mark.usefixtures("built")
def test_everything_but_what_cannot_be_taken_is_published_and_the_exit_code_says_so(
    content: Path, write_article: Write, ingest: Run, run: Run
) -> None:
    write_article("bad.txt", b"\x81\xfe")
    write_article("empty.txt", "")
    write_article("NECKS.txt", "Necks\n\nThe same id as another article.")
    write_article("necks.txt", "")
    (content / "articles" / "blood.txt").rename(content / "articles" / "veins.txt")
    code, out, errors = ingest()
    assert code == 1
    assert ["necks.txt", "kept"] in [line.split()[:2] for line in out.splitlines()]
    assert "Published generation" in out
    assert "blood.txt is gone from the folder." in out
    for part in ("bad.txt, line 1", "empty.txt", "NECKS.txt", "to fix it:", "necks twice"):
        assert part in errors
    assert errors.splitlines()[-1] == (
        "4 files were skipped (see above). For 1 of them the previous version stays online."
    )
    assert ingest()[0] == 1
    code, out, _ = run("status")
    assert code == 0
    assert "kept        necks: its new file was skipped, the previous version stays online" in out
    assert out.count("problem     This article is empty.") == 2


def test_show_knows_an_article_by_the_name_that_a_citation_carries(
    content: Path, built: Path, encoder: BagOfWordsEncoder, run: Run
) -> None:
    (content / "articles" / "necks.txt").rename(content / "articles" / "throats.txt")
    build_with(encoder, content, built)
    for name in ("necks#why-it-hurts", "throats#why-it-hurts"):
        code, out, _ = run("show", name)
        assert (code, "throats#why-it-hurts" in out) == (0, True)


def test_a_missing_content_folder_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ingest_command.main(["--content", str(tmp_path / "no"), "--built", str(tmp_path)]) == 1
    assert str(tmp_path / "no" / "articles") in capsys.readouterr().err


@pytest.mark.usefixtures("built")
def test_a_search_prints_one_documented_object_a_question(tmp_path: Path, run: Run) -> None:
    questions = tmp_path / "questions.txt"
    questions.write_text("stiff neck\n\nwill sleep help?\n")
    code, out, _ = run("search", "--file", str(questions), "--json", "-k", "2")
    assert code == 0
    records = [json.loads(line) for line in out.splitlines()]
    assert [record["query"] for record in records] == ["stiff neck", "", "will sleep help?"]
    assert list(records[0]) == [
        "query", "outcome", "route", "corrected_query", "also_searched", "notices", "results",
    ]  # fmt: skip
    first = records[0]["results"][0]
    assert list(first) == [
        "rank", "article_id", "section_id", "passage_id", "heading", "text", "score",
        "sentence", "is_answer", "matched_view", "labels",
    ]  # fmt: skip
    assert first["section_id"] == "necks#introduction"
    span = first["sentence"]
    assert first["text"][span["start"] : span["end"]] == "A stiff neck is common."
    assert first["matched_view"] == {"kind": "sentence", "text": "A stiff neck is common."}
    assert len(records[0]["results"]) == 2
    assert (records[1]["results"], records[1]["outcome"]) == ([], "not_covered")


@pytest.mark.usefixtures("built")
def test_a_search_for_people_marks_the_answering_sentence(run: Run) -> None:
    assert ">>A stiff neck is common.<<" in run("search", "stiff neck")[1]


def test_status_show_and_rollback_say_what_there_is(content: Path, built: Path, run: Run) -> None:
    assert f"generation  {generations.current_generation(built)}, sound" in run("status")[1]
    code, out, _ = run("show", "necks#why-it-hurts")
    assert (code, "The neck carries the head." in out) == (0, True)
    version = hashlib.sha256((content / "articles" / "necks.txt").read_bytes()).hexdigest()[:8]
    assert f"of necks.txt, version {version}" in out
    code, _, errors = run("show", "necks#none")
    assert (code, "necks#why-it-hurts" in errors) == (1, True)
    code, _, errors = run("rollback")
    assert (code, "no earlier generation" in errors) == (1, True)


@pytest.mark.parametrize("when", ["before", "after"])
def test_status_names_the_generation_that_it_has_judged(
    when: str,
    content: Path,
    built: Path,
    encoder: BagOfWordsEncoder,
    write_article: Write,
    monkeypatch: pytest.MonkeyPatch,
    run: Run,
) -> None:
    first = generations.current_generation(built)
    write_article("new.txt", NEW)

    def opened(folder: Path) -> generations.OpenIndex:
        """Open the index while somebody else publishes."""
        index = None if when == "before" else generations.open_index(folder)
        build_with(encoder, content, built)
        return index or generations.open_index(folder)

    monkeypatch.setattr(index_command, "open_index", opened)
    code, out, _ = run("status")
    assert code == 0
    second = generations.current_generation(built)
    assert second != first
    if when == "before":
        assert f"generation  {second}, sound\nprevious    {first}\n" in out
        assert "articles    3" in out
    else:
        assert f"generation  {first}, sound\npublished   {second} meanwhile" in out
        assert "articles    2" in out
        assert "previous" not in out


def test_rollback_changes_what_is_served(
    content: Path, built: Path, encoder: BagOfWordsEncoder, write_article: Write, run: Run
) -> None:
    first = generations.current_generation(built)
    write_article("new.txt", NEW)
    build_with(encoder, content, built)
    assert run("rollback")[0] == 0
    assert generations.current_generation(built) == first


@pytest.fixture
def reviewed(content: Path, built: Path, encoder: BagOfWordsEncoder, write_article: Write) -> None:
    """The index with one article that is overdue, one due soon and one never reviewed."""
    write_article("blood.toml", "reviewed = 2026-01-01\nnext_review = 2026-03-10\nauthor = '=A1'")
    write_article(
        "late.md",
        "---\nauthor: É. Author\nreviewer: Dr R\nreviewed: 2023-02-01\nsources: [One, Two]\n---\n"
        "# Late\n\nThe neck again.\n",
    )
    build_with(encoder, content, built)


@pytest.mark.usefixtures("reviewed")
def test_reviews_lists_every_article_worst_first_for_terminal_and_spreadsheet(
    tmp_path: Path, run: Run
) -> None:
    file = tmp_path / "reviews.csv"
    code, out, _ = run("reviews", "--today", "2026-03-01", "--csv", str(file))
    assert code == 0
    assert [line.split() for line in out.splitlines()] == [
        ["article", "author", "reviewer", "reviewed", "due", "state", "days_overdue", "sources"],
        ["late", "É.", "Author", "Dr", "R", "2023-02-01", "2026-02-01", "overdue", "28", "2"],
        ["necks", "-", "-", "-", "-", "not_reviewed", "-", "0"],
        ["blood", "=A1", "-", "2026-01-01", "2026-03-10", "reviewed", "0", "0"],
    ]
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    assert file.read_text(encoding="utf-8-sig").splitlines() == [
        "article,title,author,reviewer,reviewed,due,state,days_overdue,sources",
        "late,Late,É. Author,Dr R,2023-02-01,2026-02-01,overdue,28,2",
        "necks,All About Necks,,,,,not_reviewed,,0",
        "blood,Blood Flow,'=A1,,2026-01-01,2026-03-10,reviewed,0,0",
    ]
    code, _, errors = run("reviews", "--csv", str(tmp_path / "no" / "reviews.csv"))
    assert (code, "to fix it:" in errors) == (1, True)


@pytest.mark.usefixtures("reviewed")
def test_reviews_can_be_cut_to_what_is_due(run: Run) -> None:
    def due(days: str, today: str = "2026-03-01") -> str:
        code, out, _ = run("reviews", "--today", today, "--due-within", days)
        assert code == 0
        return out

    assert ("blood" in due("9"), "blood" in due("8")) == (True, False)
    assert "late" in due("8")
    assert "necks" not in due("9")
    assert "No review is overdue" in due("8", today="2025-01-01")


def test_reviews_are_as_of_today_unless_told_otherwise(
    content: Path, built: Path, encoder: BagOfWordsEncoder, write_article: Write, run: Run
) -> None:
    write_article("necks.toml", f"reviewed = {date.today() - timedelta(days=1)}")
    write_article("blood.toml", f"reviewed = {date.today() + timedelta(days=2)}")
    build_with(encoder, content, built)
    states = [line.split()[5] for line in run("reviews")[1].splitlines()[1:]]
    assert states == ["not_reviewed", "reviewed"]


@pytest.mark.parametrize(
    ("command", "wrong"),
    [
        ("reviews", ["--today", "tomorrow"]),
        ("reviews", ["--due-within", "-1"]),
        ("reviews", ["--due-within", "x"]),
        ("search", ["neck", "-k", "0"]),
        ("search", ["neck", "-k", "-1"]),
        ("search", ["neck", "-k", "x"]),
        ("nonsense", []),
    ],
)
def test_a_wrong_option_is_refused_with_exit_code_2(
    command: str, wrong: list[str], run: Run
) -> None:
    assert run(command, *wrong)[0] == 2


@pytest.mark.parametrize(
    "arguments", [[], ["one", "--file", "two"], ["--file", "/none"]], ids=["none", "both", "gone"]
)
def test_a_search_called_wrongly_says_what_is_needed(arguments: list[str], run: Run) -> None:
    code, _, errors = run("search", *arguments)
    assert (code, "to fix it:" in errors) == (1, True)


def test_ingest_reminds_of_reviews_even_when_nothing_has_changed(
    write_article: Write, ingest: Run
) -> None:
    code, _, errors = ingest()
    assert (code, "review" in errors) == (0, False)
    write_article("necks.toml", f"next_review = {date.today() + timedelta(days=29)}")
    write_article("blood.toml", "reviewed = 2020-01-01")
    write_article("gone.toml", "")
    code, _, errors = ingest()
    reminders = [line for line in errors.splitlines() if "review" in line or "gone" in line]
    assert code == 0
    assert reminders[0].startswith("warning: gone.toml: no article gone (")
    assert reminders[1:] == [
        "warning: 1 review is overdue and 1 review is due within 30 days;"
        " see: python -m index reviews"
    ]
    _, out, errors = ingest()
    assert "Nothing has changed" in out
    assert set(reminders) <= set(errors.splitlines())


@pytest.mark.model
def test_two_questions_find_the_right_passages_of_the_real_article(real_built: Path) -> None:
    questions = "pain in my heel first thing in the morning\nis anything injected?\n"
    done = subprocess.run(
        [sys.executable, "-m", "index", "search", "--file", "-", "--json", "--built", real_built],
        input=questions, capture_output=True, text=True, cwd=ROOT, check=True,
    )  # fmt: skip
    heel, injected = (json.loads(line) for line in done.stdout.splitlines())
    first = injected["results"][0]
    span = first["sentence"]
    assert first["text"][span["start"] : span["end"]] == (
        "But in reality, no medicine will be injected."
    )
    assert injected["outcome"] == "answer"
    assert heel["results"][0]["section_id"] == "dry-needling-benefits#treats-chronic-pain"
    assert heel["outcome"] == "answer"
    assert "heel" not in done.stderr
