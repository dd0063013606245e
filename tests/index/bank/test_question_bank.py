"""The question bank is taken whole or not at all, and every row that is wrong is named."""

from pathlib import Path

import pytest

from core.errors import ContentError, SeveralContentErrors
from core.types import BankRowKind, Passage
from index.bank.absent import absent_warning, speller_of
from index.bank.question_bank import BankQuestion, BankRead, read_question_bank
from index.bank.vocabulary import Term
from ingest import __main__ as ingest_command
from ingest.build.bank_rows import bank_rows

SECTIONS = ("necks#introduction", "necks#why-it-hurts")
ROUTES = ("cost", "booking")
HEADER = "question,answers,route,note\n"


def read(folder: Path, text: str | bytes) -> list[BankQuestion]:
    raw = text if isinstance(text, bytes) else text.encode()
    (folder / "questions.csv").write_bytes(raw)
    return list(read_question_bank(folder, sections=SECTIONS, routes=ROUTES).questions)


def test_every_row_becomes_a_question_with_its_sections_or_its_route(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        HEADER
        + "is it  stiff?,necks#introduction | necks#why-it-hurts,,a note\n\n"
        + '"what, then, is the price",,cost,\n',
    )
    assert found == [
        BankQuestion("is it stiff?", SECTIONS, None, 2),
        BankQuestion("what, then, is the price", (), "cost", 4),
    ]
    assert [question.answerable for question in found] == [True, False]


def test_a_spreadsheets_byte_order_mark_and_line_ends_are_taken(tmp_path: Path) -> None:
    text = "\ufeffquestion,answers\r\nstiff,necks#introduction\r\n"
    assert [q.question for q in read(tmp_path, text)] == ["stiff"]


def test_a_section_named_twice_in_a_row_counts_once(tmp_path: Path) -> None:
    row = "stiff,necks#introduction|necks#introduction|\n"
    assert read(tmp_path, HEADER + row)[0].sections == ("necks#introduction",)


def test_no_file_and_a_header_alone_are_an_empty_bank(tmp_path: Path) -> None:
    assert read_question_bank(tmp_path, sections=SECTIONS, routes=ROUTES) == BankRead()
    assert read(tmp_path, HEADER) == []


WRONG = {
    "unknown section": (HEADER + "a,necks#introducton,,\n", 2, "unknown section necks#introducton"),
    "unknown among known": (HEADER + "a,necks#introduction|no,,\n", 2, "unknown section no"),
    "unknown route": (HEADER + "\n\na,,prices,\n", 4, "unknown route prices"),
    "both": (HEADER + "a,necks#introduction,cost,\n", 2, "both"),
    "neither": (HEADER + "a,,,because\n", 2, "neither"),
    "only a separator": (HEADER + "a,|,,\n", 2, "neither"),
    "no question": (HEADER + " ,necks#introduction,,\n", 2, "''"),
    "short row": (HEADER + "a\n", 2, "neither"),
    "too many cells": (HEADER + "a,necks#introduction,,note,more\n", 2, "5"),
    "a column without a name": ("question,answers\na,necks#introduction,cost\n", 2, "3"),
    "wrong header": ("query,section\na,b\n", 1, "query, section"),
    "columns in another order": ("answers,question\na,b\n", 1, "answers, question"),
    "an unknown column": ("question,answers,who\na,b,c\n", 1, "question, answers, who"),
    "empty file": ("", 1, None),
    "a quote that is never closed": (HEADER + 'a,,cost,\n"b,,cost,\n', 3, "unexpected end"),
    "a quote in the header": ('"question,answers\n', 1, "unexpected end"),
    "a cell beyond every limit": (HEADER + "x" * 140_000 + ",,cost,\n", 2, "field larger"),
}


@pytest.mark.parametrize(("text", "line", "found"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_row_is_an_error_that_names_its_line_and_the_mend(
    tmp_path: Path, text: str, line: int, found: str | None
) -> None:
    with pytest.raises(ContentError) as caught:
        read(tmp_path, text)
    error = caught.value
    assert error.where == f"{tmp_path / 'questions.csv'}, line {line}"
    assert (found or "") in (error.found or "")
    assert error.fix == "correct the row, then run: python -m ingest"


def test_what_was_probably_meant_is_said(tmp_path: Path) -> None:
    with pytest.raises(ContentError) as caught:
        read(tmp_path, HEADER + "a,necks#why-hurts,,\n")
    assert caught.value.expected == "the id of a section, perhaps necks#why-it-hurts"


@pytest.mark.parametrize("again", ["is it stiff", "Is it  stiff?!", "IS IT STIFF"])
@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("necks#introduction,", "the same question twice"),
        ("necks#why-it-hurts,", "two answers to the same question"),
        (",cost", "two answers to the same question"),
    ],
)
def test_a_question_that_stands_twice_is_an_error(
    tmp_path: Path, again: str, answer: str, said: str
) -> None:
    rows = f"is it stiff,necks#introduction,,\nother,,cost,\n{again},{answer},\n"
    with pytest.raises(ContentError) as caught:
        read(tmp_path, HEADER + rows)
    assert caught.value.where == f"{tmp_path / 'questions.csv'}, lines 2 and 4"
    assert (caught.value.found or "").startswith(said)


def test_every_wrong_row_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(SeveralContentErrors) as caught:
        read(tmp_path, HEADER + "a,no,,\nb,,cost,\nc,,no,\nd,,,\nb,,cost,\n")
    said = str(caught.value)
    for where in ("line 2", "line 4", "line 5", "lines 3 and 6"):
        assert f"{tmp_path / 'questions.csv'}, {where}\n" in said
    assert said.count("to fix it:") == 4


@pytest.mark.parametrize(
    "wrong", ["unknown section", "wrong header", "a quote that is never closed"]
)
def test_a_wrong_bank_publishes_nothing(
    content: Path,
    built: Path,
    wrong: str,
    hand_made: None,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = {p: p.stat().st_mtime_ns for p in built.rglob("*") if p.name != ".lock"}
    (content / "routes.toml").write_text('[cost]\ntitle = "a"\ntext = "b"\n')
    (content / "questions.csv").write_text(WRONG[wrong][0])
    assert ingest_command.main(["--content", str(content), "--built", str(built)]) == 1
    said = capsys.readouterr()
    assert said.err.startswith("Nothing was published.\n")
    assert f"{content / 'questions.csv'}, line" in said.err
    assert "python -m ingest" in said.err
    assert said.out == ""
    assert {p: p.stat().st_mtime_ns for p in built.rglob("*") if p.name != ".lock"} == before


def test_rows_of_an_article_that_is_not_there_are_left_aside_and_told_once(tmp_path: Path) -> None:
    rows = "a,gone#one | necks#introduction,,\nb,gone#one,,\nc,,cost,\nd,other#x,,\n"
    (tmp_path / "questions.csv").write_text(HEADER + rows)
    read = read_question_bank(tmp_path, sections=SECTIONS, routes=ROUTES)
    assert [(q.question, q.sections) for q in read.questions] == [
        ("a", ("necks#introduction",)),
        ("c", ()),
    ]
    assert (read.misspelt, read.waiting) == ([], 3)
    assert str(absent_warning("questions.csv", read.absent)) == (
        "questions.csv: 3 rows name articles that do not exist and are left aside: gone (from "
        "line 2 on), other (from line 5 on). Delete the rows, or put the article back."
    )


@pytest.mark.parametrize("wrong", ["neks", "neckss", "ncks", "necsk"])
def test_a_misspelt_article_stays_an_error(tmp_path: Path, wrong: str) -> None:
    (tmp_path / "questions.csv").write_text(HEADER + f"a,{wrong}#introduction,,\n")
    read = read_question_bank(tmp_path, sections=SECTIONS, routes=ROUTES)
    (error,) = read.misspelt
    assert error.where == f"{tmp_path / 'questions.csv'}, line 2"
    assert error.expected == "the id of an article, perhaps necks"
    assert error.found == f"{wrong}#introduction, for: a"
    assert read.absent == {}


@pytest.mark.parametrize(
    "other",
    [
        *("knee-pain-2", "right-knee-pain", "knee-exercises", "neck-pain", "hand-pain"),
        *("dry-needling", "benefits-of-dry-needling", "dry-needling-and-benefits"),
    ],
)
def test_ids_that_differ_in_a_number_or_a_word_name_other_articles(other: str) -> None:
    articles = "knee-pain-1 left-knee-pain hip-exercises back-pain head-pain".split()
    assert speller_of([*articles, "dry-needling-benefits"])(other) == ""


def test_labels_follow_an_article_whose_file_was_renamed(tmp_path: Path) -> None:
    (tmp_path / "questions.csv").write_text(HEADER + "a,throats#introduction,,\n")
    read = read_question_bank(
        tmp_path, sections=SECTIONS, routes=ROUTES, former={"throats": "necks"}
    )
    assert [q.sections for q in read.questions] == [("necks#introduction",)]
    assert read.waiting == 0


def passage(section: str, text: str) -> Passage:
    return Passage(f"{section}/1", section.partition("#")[0], section, "T", "", (), text, 0, 9)


PASSAGES = [
    passage("a#one", "Sciatic nerves were treated."),
    passage("a#two", "Something else."),
    passage("b#one", "The sciatic nerve."),
]


def test_rows_come_as_questions_then_vocabulary_then_routes() -> None:
    from index.bank.route_cards import Route

    rows = bank_rows(
        [BankQuestion("does it help", ("a#two",), None, 2), BankQuestion("?!", (), "cost", 3)],
        [Term(("sciatic nerve",), ("pain down my leg", "leg pain"))],
        [Route("cost", "Prices", "Ask.", ("how much",))],
        PASSAGES,
    )
    assert [(row.text, row.kind, row.sections, row.route) for row in rows] == [
        ("does it help", BankRowKind.QUESTION, ("a#two",), None),
        # Not b#one: nobody has labelled that article. The question without words is left out.
        ("pain down my leg", BankRowKind.VOCABULARY, ("a#one",), None),
        ("leg pain", BankRowKind.VOCABULARY, ("a#one",), None),
        ("how much", BankRowKind.ROUTE, (), "cost"),
    ]


def test_a_term_that_stands_in_more_than_three_sections_says_nothing() -> None:
    asked = [BankQuestion("q", ("a#0",), None, 2)]
    term = Term(("nerve",), ("leg pain",))
    for sections, rows in ((3, 2), (4, 1)):
        passages = [passage(f"a#{number}", "a nerve") for number in range(sections)]
        assert len(bank_rows(asked, [term], [], passages)) == rows


def test_without_a_labelled_question_vocabulary_answers_nothing() -> None:
    assert bank_rows([], [Term(("nerve",), ("leg pain",))], [], PASSAGES) == []
