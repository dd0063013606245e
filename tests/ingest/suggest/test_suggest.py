"""Rows are suggested from a clinic's own articles, decided in a spreadsheet, and never twice."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from core.errors import ContentError
from core.types import Outcome
from index.search.pipeline import search
from index.store.generations import open_index
from index.suggestions.decisions import Asked, read_asked
from index.suggestions.types import Source, Suggestion, read_record
from ingest import __main__ as ingest_command
from ingest.suggest.finder import find_suggestions
from ingest.suggest.sheet import COLUMNS
from ingest.suggest.sources import Asking, own_questions, patients_questions
from safety.notices.fallback import product_notices
from safety.notices.finder import NoticeFinder
from tests.support.building import build_with, no_progress
from tests.support.fakes import BagOfWordsEncoder
from tests.support.files.content import label

Write = Callable[[str, str | bytes], Path]
Run = Callable[..., tuple[int, str, str]]

# The three questions share no word that the encoder counts, so their cosines are 0.
BACKS = """# All About Backs

## Why does the back hurt?

The back carries the trunk all day long, and so it may hurt in the evening after much work.

## The needle

3) Does the needle leave a mark?

A needle is as thin as a hair, and it leaves no mark that anybody could see a day later.

So what of a needle? And a needle more?

Nothing at all from a needle, as this paragraph is here to say in more than fifteen words.

## 2. What about sleep?

Good sleep helps, and so does a mattress that is neither too hard nor too soft for your body.
"""
TRAINING = """question,kind,article,answer,writer,split
stiff neck,in,x,y,a1,train
needle and blood,in,x,y,a1,calibrate
stiff stiff neck,in,x,y,a1,test
what does it cost,in,x,y,a1,train
neck and blood,near,x,y,a1,train
"""
WHY, MARK, SLEEP = "Why does the back hurt?", "Does the needle leave a mark?", "What about sleep?"


@pytest.fixture
def content(content: Path) -> Path:
    (content / "articles" / "backs.md").write_text(BACKS, encoding="utf-8")
    return content


@pytest.fixture
def training(tmp_path: Path) -> Path:
    path = tmp_path / "training.csv"
    path.write_text(TRAINING, encoding="utf-8")
    return path


@pytest.fixture
def run(
    content: Path,
    built: Path,
    training: Path,
    hand_made: None,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """Run `python -m ingest suggest`; return its code, output and errors."""

    def ran(*arguments: object) -> tuple[int, str, str]:
        folders = ["--content", str(content), "--built", str(built), "--training", str(training)]
        code = ingest_command.main(["suggest", *folders, *map(str, arguments)])
        return code, *capsys.readouterr()

    return ran


def found_in(
    built: Path, encoder: BagOfWordsEncoder, questions: list[Asking], asked: Asked, most: int = 5
) -> list[Suggestion]:
    index = open_index(built, encoder=encoder)
    finder = NoticeFinder(product_notices())
    found = find_suggestions(
        index, questions, asked, finder=finder, most=most, progress=no_progress
    )
    assert found.generation == index.generation
    return list(found.rows)


def patients(*questions: str) -> list[Asking]:
    return [Asking(question, Source.TRAINING) for question in questions]


NOTHING = Asked((), ())

# -- where questions come from ---------------------------------------------------------------------


def test_headings_that_ask_and_paragraphs_that_ask_alone_are_the_articles_own_questions(
    built: Path, encoder: BagOfWordsEncoder
) -> None:
    index = open_index(built, encoder=encoder)
    found = [
        (one.question, one.source, [p.id for p in one.passages])
        for one in own_questions(index.articles.values(), index.passages)
    ]
    assert found == [
        (WHY, Source.HEADING, ["backs#why-does-the-back-hurt/1"]),
        (MARK, Source.FAQ, ["backs#the-needle/1"]),
        (SLEEP, Source.HEADING, ["backs#2-what-about-sleep/1"]),
    ]


def test_a_question_that_another_question_follows_has_no_answer_there(
    write_article: Write, content: Path, tmp_path: Path, encoder: BagOfWordsEncoder
) -> None:
    write_article("list.md", "# List\n\n## Asked\n\nDoes it hurt?\n\nQ: Is it safe?\n\nIt is.\n")
    build_with(encoder, content, tmp_path / "other")
    index = open_index(tmp_path / "other", encoder=encoder)
    article = index.articles["list"]
    questions = [one.question for one in own_questions([article], index.passages)]
    assert questions == ["Is it safe?"]


def test_only_answered_training_questions_outside_the_test_split_are_read(training: Path) -> None:
    assert patients_questions(training) == patients(
        "stiff neck", "needle and blood", "what does it cost"
    )
    assert patients_questions(training.with_name("none.csv")) is None
    training.write_text("question;kind;split\n", encoding="utf-8")
    with pytest.raises(ContentError, match=r"line 1\n.*question, kind, split"):
        patients_questions(training)


# -- what is suggested -----------------------------------------------------------------------------


def test_a_patients_question_is_suggested_with_the_passage_that_answers_it(
    built: Path, encoder: BagOfWordsEncoder
) -> None:
    questions = patients("stiff neck", "what does it cost", "HELP ME", "?")
    (one,) = found_in(built, encoder, questions, NOTHING)
    assert (one.question, one.section, one.passage, one.source) == (
        "stiff neck",
        "necks#introduction",
        "necks#introduction/1",
        Source.TRAINING,
    )
    assert one.words == "A stiff neck is common. It often passes."
    # The text has neck twice (with its title) and stiff once, the sentence has both once, and there
    # is no heading. BM25 adds up to 0.3, which is cut at 1.
    assert one.confidence == 1.0


def test_a_question_that_raises_a_notice_is_not_suggested_in_a_patients_words(
    built: Path, encoder: BagOfWordsEncoder
) -> None:
    urgent, same = "stiff neck and chest pain", "stiff neck and heel pain"
    assert found_in(built, encoder, patients(urgent), NOTHING) == []
    assert [one.question for one in found_in(built, encoder, patients(same), NOTHING)] == [same]


def test_an_outcome_alone_is_not_enough_where_the_passage_is_far(
    built: Path, encoder: BagOfWordsEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert search(open_index(built, encoder=encoder), "stiff neck").outcome is Outcome.ANSWER
    monkeypatch.setattr("ingest.suggest.finder.UNCALIBRATED_ANSWER_FROM", 2.0)
    assert found_in(built, encoder, patients("stiff neck"), NOTHING) == []


def test_a_heading_is_suggested_for_its_own_section_whatever_else_the_search_prefers(
    built: Path, encoder: BagOfWordsEncoder
) -> None:
    index = open_index(built, encoder=encoder)
    own = list(own_questions(index.articles.values(), index.passages))
    found = {one.question: one for one in found_in(built, encoder, own, NOTHING)}
    assert {question: one.section for question, one in found.items()} == {
        WHY: "backs#why-does-the-back-hurt",
        MARK: "backs#the-needle",
        SLEEP: "backs#2-what-about-sleep",
    }
    assert all(0 < one.confidence <= 1 for one in found.values())
    other = Asking("stiff neck", Source.HEADING, own[2].passages)
    (one,) = found_in(built, encoder, [other], NOTHING)
    assert one.section == "backs#2-what-about-sleep"
    assert one.confidence < 0.3


def test_what_the_bank_asks_or_an_editor_refused_is_not_suggested_nor_anything_twice(
    built: Path, encoder: BagOfWordsEncoder
) -> None:
    questions = patients("stiff neck", "neck stiff", "blood")
    asked_in = [one.question for one in found_in(built, encoder, questions, NOTHING)]
    assert sorted(asked_in) == ["blood", "neck stiff"]
    known = Asked(("The neck is stiff!",), ())
    assert [one.question for one in found_in(built, encoder, questions, known)] == ["blood"]
    refused = Asked((), (("a neck, stiff", "necks#introduction"), ("blood", "backs#the-needle")))
    assert [one.question for one in found_in(built, encoder, questions, refused)] == ["blood"]


def test_a_section_gets_no_more_than_its_share_the_highest_confidence_first(
    built: Path, encoder: BagOfWordsEncoder
) -> None:
    index = open_index(built, encoder=encoder)
    held = tuple(p for p in index.passages if p.section_id == "necks#introduction")
    texts = ("sleep", "stiff neck", "stiff pain")
    questions = [Asking(text, Source.FAQ, held) for text in texts]
    found = found_in(built, encoder, questions, NOTHING)
    assert [one.question for one in found] == ["stiff neck", "stiff pain", "sleep"]
    confidences = [one.confidence for one in found]
    assert confidences == sorted(confidences, reverse=True)
    assert found_in(built, encoder, questions, NOTHING, most=2) == found[:2]


# -- the command -----------------------------------------------------------------------------------


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def fill_in(path: Path, *filled: dict[str, str]) -> None:
    """Change the first rows of a spreadsheet, as an editor does."""
    rows = rows_of(path)
    for row, cells in zip(rows, filled, strict=False):
        row.update(cells)
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)


def test_the_list_says_what_how_sure_and_how_to_decide_and_changes_nothing(
    run: Run, content: Path, built: Path
) -> None:
    before = sorted(path for path in content.rglob("*"))
    code, out, err = run()
    assert (code, err) == (0, "")
    for question in (WHY, MARK, SLEEP, "stiff neck"):
        assert question in out
    assert "stiff stiff neck" not in out
    assert "backs#the-needle\n" in out
    assert "--csv FILE" in out.splitlines()[-1]
    assert sorted(path for path in content.rglob("*")) == before
    record = read_record(built)
    assert record is not None
    assert record.rows[0].question in out.splitlines()[0]


def test_a_server_without_the_training_questions_says_so_in_a_line(
    run: Run, training: Path
) -> None:
    training.unlink()
    code, out, err = run()
    assert code == 0
    assert (
        err
        == f"{training} is not on this computer, so no questions in patients' words are asked.\n"
    )
    assert MARK in out
    assert "stiff neck" not in out


def test_accepted_rows_go_to_the_bank_refused_ones_do_not_come_again(
    run: Run, content: Path, tmp_path: Path
) -> None:
    label(content, answers={"blood": "blood#introduction"})
    sheet = tmp_path / "sheet.csv"
    run("--csv", sheet)
    rows = rows_of(sheet)
    assert tuple(rows[0]) == COLUMNS
    assert {row["decision"] for row in rows} == {""}
    first, second, third, *rest = rows
    other = f"{second['question']} please tell me"
    fill_in(
        sheet,
        {"decision": "Accept"},
        {"decision": "accept", "question": other},
        {"decision": "refuse"},
    )
    code, out, _ = run("--from", sheet)
    assert code == 0
    assert f"2 accepted, 1 refused, {len(rest)} without a decision." in out
    assert (content / "questions.csv").read_text(encoding="utf-8") == (
        "question,answers,route,note\n"
        '"blood",blood#introduction,,\n'
        f"{first['question']},{first['answers']},,\n"
        f"{other},{second['answers']},,\n"
    )
    assert list((content / ".history" / "questions.csv").iterdir())
    assert set(read_asked(content).refused) == {
        (second["proposed"], second["answers"]),
        (third["proposed"], third["answers"]),
    }
    again = run("--from", sheet)
    assert "questions.csv has 0 more rows." in again[1]
    _, listed, _ = run()
    for row in (first, second, third):
        assert f"  {row['proposed']}\n" not in listed
    for row in rest:
        assert f"  {row['proposed']}\n" in listed


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"decision": "yes"}, "accept, refuse or nothing"),
        ({"decision": "accept", "question": "?!"}, "expected: a question"),
        ({"decision": "accept", "answers": ""}, "the id of a section"),
        ({"decision": "accept", "answers": "backs#the-needles"}, "perhaps backs#the-needle"),
        ({"decision": "accept", "question": "Blood"}, "another answer to: Blood"),
        ({"decision": "refuse", "proposed": ""}, "proposed"),
        ({"decision": "refuse", "passage": ""}, "passage"),
    ],
)
def test_a_wrong_row_is_named_with_its_line_and_nothing_is_written(
    run: Run, content: Path, tmp_path: Path, cells: dict[str, str], said: str
) -> None:
    label(content, answers={"blood": "blood#introduction"})
    sheet = tmp_path / "sheet.csv"
    run("--csv", sheet)
    fill_in(sheet, {"decision": "accept", "answers": "backs#the-needle"}, cells)
    before = (content / "questions.csv").read_bytes()
    code, _, err = run("--from", sheet)
    assert code == 1
    assert f"{sheet}, line 3" in err
    assert said in err
    assert "to fix it" in err
    assert (content / "questions.csv").read_bytes() == before
    assert not (content / "suggestions.csv").exists()


def test_no_file_another_table_or_a_file_of_the_clinic_is_refused_by_name(
    run: Run, content: Path, tmp_path: Path
) -> None:
    label(content, answers={"blood": "blood#introduction"})
    bank = content / "questions.csv"
    before = bank.read_bytes()
    for arguments in (
        ("--csv", bank),
        ("--from", tmp_path / "none.csv"),
        ("--from", bank),
        ("--from", bank, "--csv", tmp_path / "new.csv"),
    ):
        code, _, err = run(*arguments)
        assert code == 1, arguments
        assert "expected" in err
    assert bank.read_bytes() == before
