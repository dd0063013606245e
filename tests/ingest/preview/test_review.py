"""From a change in the content folder to the page: looked at first, published, undone."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from index import __main__ as index_command
from index.preview.types import from_json
from index.store import generations
from ingest import __main__ as ingest_command
from tests.support.building import build_with
from tests.support.fakes import BagOfWordsEncoder
from tests.support.files.content import label

Write = Callable[[str, str | bytes], Path]
Run = Callable[..., int]


@pytest.fixture
def run(content: Path, built: Path, hand_made: None) -> Run:
    """Run `python -m ingest` on the content folder with the hand-computable encoder."""

    def run(*arguments: str) -> int:
        return ingest_command.main(["--content", str(content), "--built", str(built), *arguments])

    return run


def must_hold(content: Path, *rows: str) -> None:
    (content / "invariants.csv").write_text("question,section,outcome,notice\n" + "\n".join(rows))


def test_a_preview_publishes_nothing_and_publish_publishes_just_that(
    run: Run,
    content: Path,
    built: Path,
    write_article: Write,
    capsys: pytest.CaptureFixture[str],
) -> None:
    label(content, answers={"stiff neck": "necks#introduction"})
    assert run() == 0
    served = generations.current_generation(built)
    write_article("necks.txt", "All About Necks\n\nA stiff neck is another matter now.")
    assert run("--preview") == 0
    said = capsys.readouterr()
    assert generations.current_generation(built) == served
    candidate = generations.candidate_generation(built)
    assert candidate
    assert candidate in said.out
    assert "necks.txt" in said.out
    preview = from_json((built / "preview.json").read_text())
    assert (preview.before, preview.after) == (served, candidate)
    assert [change.question for change in preview.questions] == ["stiff neck"]
    assert "stiff neck" in (built / "preview.html").read_text()
    write_article("blood.txt", "Blood Flow\n\nThis was written after the preview.")
    assert run("--publish") == 0
    assert generations.current_generation(built) == candidate
    assert generations.candidate_generation(built) is None


def test_a_preview_as_json_is_all_that_is_printed_as_such(
    run: Run, write_article: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    write_article("aches.txt", "Aches\n\nThe back may hurt.")
    assert run("--preview", "--json") == 0
    out = capsys.readouterr().out
    record = json.loads(out[out.index("{") :])
    assert [article["source"] for article in record["articles"]] == ["aches.txt"]


def test_nothing_to_preview_is_said_and_drops_what_waited(
    run: Run,
    content: Path,
    built: Path,
    write_article: Write,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = write_article("aches.txt", "Aches\n\nThe back may hurt.")
    assert run("--preview") == 0
    path.unlink()
    assert run("--preview") == 0
    assert "Nothing has changed" in capsys.readouterr().out
    assert generations.candidate_generation(built) is None
    assert run("--publish") == 1
    assert "There is no candidate to publish." in capsys.readouterr().err


@pytest.mark.parametrize("is_first", [False, True])
def test_where_the_clinic_asks_for_review_nothing_is_published_by_itself(
    run: Run, content: Path, built: Path, write_article: Write, is_first: bool
) -> None:
    (content / "clinic.toml").write_text("review = true\n")
    write_article("aches.txt", "Aches\n\nThe back may hurt.")
    built = built.with_name("fresh") if is_first else built
    served = generations.current_generation(built)
    assert (served is None) is is_first
    assert run("--built", str(built)) == 0
    assert generations.current_generation(built) == served
    assert generations.candidate_generation(built)
    assert run("--built", str(built), "--publish") == 0
    assert generations.current_generation(built) not in (served, None)


def test_an_invariant_that_fails_blocks_publishing_until_forced(
    run: Run,
    content: Path,
    built: Path,
    write_article: Write,
    capsys: pytest.CaptureFixture[str],
) -> None:
    must_hold(content, "stiff neck,necks#introduction,,")
    served = generations.current_generation(built)
    write_article("necks.txt", "All About Necks\n\nWhy It Hurts\n\nNobody knows.\n")
    assert run() == 1
    said = capsys.readouterr().err
    for part in ("Nothing was published.", "line 2, stiff neck", "necks#introduction", "--force"):
        assert part in said
    assert generations.current_generation(built) == served
    assert run("--preview") == 1
    assert run("--publish") == 1
    assert "line 2, stiff neck" in capsys.readouterr().err
    assert generations.current_generation(built) == served
    assert generations.candidate_generation(built)  # still there, to be published by force
    assert run("--publish", "--force") == 0
    assert generations.current_generation(built) != served


def test_force_publishes_directly_whatever_fails(run: Run, content: Path, built: Path) -> None:
    must_hold(content, "stiff neck,,not_covered,")
    assert run("--force") == 0
    assert generations.current_generation(built)


def test_invariants_that_hold_are_no_hindrance(run: Run, content: Path, built: Path) -> None:
    served = generations.current_generation(built)
    must_hold(content, "stiff neck,necks#introduction,,", "xyzzy,,not answer,none")
    (content / "articles" / "blood.txt").unlink()
    assert run() == 0
    assert generations.current_generation(built) != served


def test_a_bad_file_of_invariants_publishes_nothing(
    run: Run, content: Path, built: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    served = generations.current_generation(built)
    must_hold(content, "stiff neck,,perhaps,")
    (content / "articles" / "blood.txt").unlink()
    assert run() == 1
    assert "invariants.csv, line 2" in capsys.readouterr().err
    assert generations.current_generation(built) == served


def test_a_rollback_undoes_a_publish_at_once(
    run: Run, content: Path, built: Path, write_article: Write
) -> None:
    served = generations.current_generation(built)
    write_article("aches.txt", "Aches\n\nThe back may hurt.")
    assert run("--preview") == 0
    assert run("--publish") == 0
    assert index_command.main(["rollback", "--built", str(built)]) == 0
    assert generations.current_generation(built) == served


def test_an_article_kept_in_the_candidate_is_named_and_the_code_says_so(
    run: Run, built: Path, write_article: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    write_article("necks.txt", "")
    assert run("--preview") == 1
    assert "This article is empty." in capsys.readouterr().err


def test_a_candidate_goes_on_from_what_was_published_without_embedding_twice(
    content: Path, built: Path, write_article: Write
) -> None:
    write_article("aches.txt", "Aches\n\nThe back may hurt.")
    encoder = BagOfWordsEncoder()
    build_with(encoder, content, built, review=True)
    assert sorted(encoder.encoded) == ["Aches\nThe back may hurt.", "The back may hurt."]
    again = BagOfWordsEncoder()
    report = build_with(again, content, built)
    assert report.published
    assert again.encoded == []
