"""The commands as a person runs them, in their own process where the real model is needed."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from index import __main__ as index_command
from index.store import generations
from ingest import __main__ as ingest_command
from tests.support.building import build_with
from tests.support.fakes import BagOfWordsEncoder
from tests.support.paths import ROOT

Write = Callable[[str, str | bytes], Path]


@pytest.mark.usefixtures("hand_made")
def test_ingest_prints_a_table_and_where_it_published(
    content: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--content", str(content), "--built", str(tmp_path / "built")]
    assert ingest_command.main(arguments) == 0
    table = capsys.readouterr().out
    lines = [line.split() for line in table.splitlines()]
    assert lines[0] == ["article", "state", "sections", "passages", "words", "warnings"]
    assert lines[1] == ["blood.txt", "new", "1", "1", "15", "0"]
    assert lines[2] == ["necks.txt", "new", "2", "2", "19", "0"]
    assert lines[3] == ["2", "in", "all", "3", "3", "34", "0"]
    assert "Published generation" in table
    assert ingest_command.main(arguments) == 0
    assert "Nothing has changed" in capsys.readouterr().out


@pytest.mark.usefixtures("hand_made")
def test_everything_but_what_cannot_be_taken_is_published_and_the_exit_code_says_so(
    content: Path, built: Path, write_article: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    write_article("bad.txt", b"\x81\xfe")
    write_article("empty.txt", "")
    write_article("zz/NECKS.txt", "Necks\n\nThe same id as another article.")
    write_article("necks.txt", "")
    (content / "articles" / "blood.txt").rename(content / "articles" / "veins.txt")
    arguments = ["--content", str(content), "--built", str(built)]
    assert ingest_command.main(arguments) == 1
    captured = capsys.readouterr()
    assert ["necks.txt", "kept"] in [line.split()[:2] for line in captured.out.splitlines()]
    assert "Published generation" in captured.out
    assert "blood.txt is gone from the folder." in captured.out
    for part in ("bad.txt, line 1", "empty.txt", "NECKS.txt", "to fix it:", "necks twice"):
        assert part in captured.err
    assert captured.err.splitlines()[-1] == (
        "4 files or labels were skipped (see above)."
        " For 1 of them the previous version stays online."
    )
    assert ingest_command.main(arguments) == 1
    assert index_command.main(["status", "--built", str(built)]) == 0
    said = capsys.readouterr().out
    assert "kept        necks: its file cannot be taken, the last good version serves" in said
    assert said.count("problem     This article is empty.") == 2


@pytest.mark.usefixtures("hand_made")
def test_show_knows_an_article_by_the_name_that_a_citation_carries(
    content: Path, built: Path, encoder: BagOfWordsEncoder, capsys: pytest.CaptureFixture[str]
) -> None:
    (content / "articles" / "necks.txt").rename(content / "articles" / "throats.txt")
    build_with(encoder, content, built)
    for name in ("necks#why-it-hurts", "throats#why-it-hurts"):
        assert index_command.main(["show", name, "--built", str(built)]) == 0
        assert "throats#why-it-hurts" in capsys.readouterr().out


@pytest.mark.usefixtures("hand_made")
def test_a_missing_content_folder_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ingest_command.main(["--content", str(tmp_path / "no"), "--built", str(tmp_path)]) == 1
    assert str(tmp_path / "no" / "articles") in capsys.readouterr().err


@pytest.mark.usefixtures("hand_made")
def test_a_search_prints_one_documented_object_a_question(
    built: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    questions = tmp_path / "questions.txt"
    questions.write_text("stiff neck\n\nwill sleep help?\n")
    arguments = ["search", "--file", str(questions), "--json", "-k", "2", "--built", str(built)]
    assert index_command.main(arguments) == 0
    records: list[dict[str, Any]] = [
        json.loads(line) for line in capsys.readouterr().out.splitlines()
    ]
    assert [record["query"] for record in records] == ["stiff neck", "", "will sleep help?"]
    assert list(records[0]) == [
        "query", "outcome", "route", "corrected_query", "also_searched", "notices", "results",
    ]  # fmt: skip
    first = records[0]["results"][0]
    assert list(first) == [
        "rank", "article_id", "section_id", "passage_id", "heading", "text", "score",
        "sentence", "matched_view", "labels",
    ]  # fmt: skip
    assert first["section_id"] == "necks#introduction"
    span = first["sentence"]
    assert first["text"][span["start"] : span["end"]] == "A stiff neck is common."
    assert first["matched_view"] == {"kind": "sentence", "text": "A stiff neck is common."}
    assert len(records[0]["results"]) == 2
    assert records[1]["results"] == []
    assert records[1]["outcome"] == "not_covered"


@pytest.mark.usefixtures("hand_made")
def test_a_search_for_people_marks_the_answering_sentence(
    built: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert index_command.main(["search", "stiff neck", "--built", str(built)]) == 0
    assert ">>A stiff neck is common.<<" in capsys.readouterr().out


@pytest.mark.usefixtures("hand_made")
def test_status_show_and_rollback_say_what_there_is(
    built: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert index_command.main(["status", "--built", str(built)]) == 0
    assert f"generation  {generations.current_generation(built)}, sound" in capsys.readouterr().out
    assert index_command.main(["show", "necks#why-it-hurts", "--built", str(built)]) == 0
    assert "The neck carries the head." in capsys.readouterr().out
    assert index_command.main(["show", "necks#none", "--built", str(built)]) == 1
    assert "necks#why-it-hurts" in capsys.readouterr().err
    assert index_command.main(["rollback", "--built", str(built)]) == 1
    assert "no earlier generation" in capsys.readouterr().err


@pytest.mark.usefixtures("hand_made")
@pytest.mark.parametrize("when", ["before", "after"])
def test_status_names_the_generation_that_it_has_judged(
    when: str,
    content: Path,
    built: Path,
    encoder: BagOfWordsEncoder,
    write_article: Write,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    first = generations.current_generation(built)
    write_article("new.txt", "New\n\nA needle for the back.")

    def opened(folder: Path) -> generations.OpenIndex:
        """Open the index while somebody else publishes."""
        index = None if when == "before" else generations.open_index(folder)
        build_with(encoder, content, built)
        return index or generations.open_index(folder)

    monkeypatch.setattr(index_command, "open_index", opened)
    assert index_command.main(["status", "--built", str(built)]) == 0
    told = capsys.readouterr().out
    second = generations.current_generation(built)
    assert second != first
    if when == "before":
        assert f"generation  {second}, sound\nprevious    {first}\n" in told
        assert "articles    3" in told
    else:
        assert f"generation  {first}, sound\npublished   {second} meanwhile" in told
        assert "articles    2" in told
        assert "previous" not in told


def test_rollback_changes_what_is_served(
    content: Path, built: Path, encoder: BagOfWordsEncoder, write_article: Write
) -> None:
    first = generations.current_generation(built)
    write_article("new.txt", "New\n\nA needle for the back.")
    build_with(encoder, content, built)
    assert index_command.main(["rollback", "--built", str(built)]) == 0
    assert generations.current_generation(built) == first


@pytest.mark.usefixtures("hand_made")
def test_show_names_the_version_that_a_citation_names(
    content: Path, built: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert index_command.main(["show", "necks#introduction", "--built", str(built)]) == 0
    file = content / "articles" / "necks.txt"
    version = hashlib.sha256(file.read_bytes()).hexdigest()[:8]
    assert f"of necks.txt, version {version}" in capsys.readouterr().out


@pytest.fixture
def reviewed(content: Path, built: Path, encoder: BagOfWordsEncoder, write_article: Write) -> Path:
    """The index with one article that is overdue, one due soon and one never reviewed."""
    write_article("blood.toml", "reviewed = 2026-01-01\nnext_review = 2026-03-10\nauthor = '=A1'")
    write_article(
        "late.md",
        "---\nauthor: É. Author\nreviewer: Dr R\nreviewed: 2023-02-01\nsources: [One, Two]\n---\n"
        "# Late\n\nThe neck again.\n",
    )
    build_with(encoder, content, built)
    return built


@pytest.mark.usefixtures("hand_made")
def test_reviews_lists_every_article_worst_first(
    reviewed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["reviews", "--today", "2026-03-01", "--built", str(reviewed)]
    assert index_command.main(arguments) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines == [
        ["article", "author", "reviewer", "reviewed", "due", "state", "days_overdue", "sources"],
        ["late", "É.", "Author", "Dr", "R", "2023-02-01", "2026-02-01", "overdue", "28", "2"],
        ["necks", "-", "-", "-", "-", "not_reviewed", "-", "0"],
        ["blood", "=A1", "-", "2026-01-01", "2026-03-10", "reviewed", "0", "0"],
    ]


@pytest.mark.usefixtures("hand_made")
def test_reviews_can_be_cut_to_what_is_due(
    reviewed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["reviews", "--today", "2026-03-01", "--built", str(reviewed), "--due-within"]
    assert index_command.main([*arguments, "9"]) == 0
    soon = capsys.readouterr().out
    assert index_command.main([*arguments, "8"]) == 0
    sooner = capsys.readouterr().out
    assert ("blood" in soon, "blood" in sooner) == (True, False)
    assert "late" in sooner
    assert "necks" not in soon
    arguments[2] = "2025-01-01"
    assert index_command.main([*arguments, "8"]) == 0
    assert "No review is overdue" in capsys.readouterr().out


@pytest.mark.usefixtures("hand_made")
def test_reviews_go_into_a_table_that_a_spreadsheet_reads_and_does_not_run(
    reviewed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "reviews.csv"
    arguments = ["reviews", "--today", "2026-03-01", "--built", str(reviewed), "--csv", str(file)]
    assert index_command.main(arguments) == 0
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    assert file.read_text(encoding="utf-8-sig").splitlines() == [
        "article,title,author,reviewer,reviewed,due,state,days_overdue,sources",
        "late,Late,É. Author,Dr R,2023-02-01,2026-02-01,overdue,28,2",
        "necks,All About Necks,,,,,not_reviewed,,0",
        "blood,Blood Flow,'=A1,,2026-01-01,2026-03-10,reviewed,0,0",
    ]
    assert index_command.main([*arguments[:-1], str(tmp_path / "no" / "reviews.csv")]) == 1
    assert "to fix it:" in capsys.readouterr().err


@pytest.mark.usefixtures("hand_made")
def test_reviews_are_as_of_today_unless_told_otherwise(
    content: Path, built: Path, encoder: BagOfWordsEncoder, write_article: Write,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    write_article("necks.toml", f"reviewed = {date.today() - timedelta(days=1)}")
    write_article("blood.toml", f"reviewed = {date.today() + timedelta(days=2)}")
    build_with(encoder, content, built)
    assert index_command.main(["reviews", "--built", str(built)]) == 0
    states = [line.split()[5] for line in capsys.readouterr().out.splitlines()[1:]]
    assert states == ["not_reviewed", "reviewed"]


@pytest.mark.parametrize(
    "wrong", [["--today", "tomorrow"], ["--due-within", "-1"], ["--due-within", "x"]]
)
def test_a_report_of_reviews_called_wrongly_is_refused(wrong: list[str]) -> None:
    with pytest.raises(SystemExit):
        index_command.main(["reviews", *wrong])


@pytest.mark.usefixtures("hand_made")
def test_ingest_reminds_of_reviews_even_when_nothing_has_changed(
    content: Path, tmp_path: Path, write_article: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--content", str(content), "--built", str(tmp_path / "built")]
    assert ingest_command.main(arguments) == 0
    assert "review" not in capsys.readouterr().err
    write_article("necks.toml", f"next_review = {date.today() + timedelta(days=29)}")
    write_article("blood.toml", "reviewed = 2020-01-01")
    write_article("gone.toml", "")
    assert ingest_command.main(arguments) == 0
    said = capsys.readouterr().err
    assert ingest_command.main(arguments) == 0
    captured = capsys.readouterr()
    assert "Nothing has changed" in captured.out
    told = [line for line in said.splitlines() if "review" in line or "gone" in line]
    assert told[0].startswith("warning: gone.toml: there is no article gone (")
    assert told[1:] == [
        "warning: 1 review is overdue and 1 review is due within 30 days;"
        " see: python -m index reviews"
    ]
    assert set(told) <= set(captured.err.splitlines())


@pytest.mark.parametrize(
    "arguments", [["search"], ["search", "one", "--file", "two"], ["search", "--file", "/none"]]
)
def test_a_search_called_wrongly_says_what_is_needed(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert index_command.main(arguments) == 1
    assert "to fix it:" in capsys.readouterr().err


@pytest.mark.parametrize("k", ["0", "-1", "x"])
def test_a_number_of_passages_below_one_is_refused(k: str) -> None:
    with pytest.raises(SystemExit):
        index_command.main(["search", "neck", "-k", k])


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
