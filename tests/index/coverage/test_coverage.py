"""The coverage report: what is counted, what comes first, and how it is told."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.encoders.reference import DEFAULT_NAME
from core.errors import IndexMissingError
from core.findings import Finding, Step
from core.types import (
    Article,
    BankRow,
    BankRowKind,
    ClaimRow,
    EncoderInfo,
    Outcome,
    Passage,
    RecordedAnswer,
    Section,
    Span,
)
from index.__main__ import main
from index.coverage import report
from index.coverage.measure import columns_of, coverage
from index.coverage.next_steps import RULE, StepKind, next_steps
from index.coverage.tables import CSV_COLUMNS, Link, Share, csv_rows, tables
from index.coverage.types import Coverage
from index.reviews import ReviewRow, ReviewState
from index.store.arrow_schema import passage_rows, passages_table
from index.store.manifest import Manifest
from tests.support.building import build_with
from tests.support.fakes import BagOfWordsEncoder
from tests.support.files.content import label, label_enough_to_calibrate

TODAY = date(2026, 3, 1)
HOSTILE = '<script>alert(1)</script> & "x" <img src=x onerror=alert(1)>'
PLAIN = "The neck is stiff. It hurts a bit in the cold. " * 3
REFUSED = Finding(
    "error",
    "read",
    "The article cannot be read.",
    article="backs",
    where="content/articles/backs.docx",
    found="a file that is no Word document",
    fix="save it as .docx, then run: python -m ingest",
)
TWICE = Finding("error", "read", "Two articles have the same id.", where="a.txt and A.txt")
ANSWERED = Finding(
    "warning", "calibrate", "may be answered now: pizza", "questions.csv", where="questions.csv"
)


def warning(problem: str, where: str, article: str = "", step: Step = "read") -> Finding:
    return Finding("warning", step, problem, article=article, where=where)


def review(
    article: str,
    state: str = "reviewed",
    due: date | None = date(2027, 1, 3),
    days_overdue: int | None = 0,
) -> ReviewRow:
    return ReviewRow(
        article, article, None, None, None, due, ReviewState(state), days_overdue, sources=0
    )


def article(name: str, *sections: str) -> Article:
    made = tuple(Section(f"{name}#{slug}", (slug.title(),), Span(0, 1)) for slug in sections)
    return Article(name, name.title(), "x", made, f"{name}.txt", "0" * 64)


def passages(of: Article, count: int, text: str = PLAIN) -> list[Passage]:
    return [
        Passage(f"{s.id}/{n}", of.id, s.id, of.title, s.heading, s.path, text, 0, 1)
        for s in of.sections
        for n in range(1, count + 1)
    ]


def asks(question: str, *sections: str, route: str | None = None) -> BankRow:
    return BankRow(question, BankRowKind.QUESTION, sections, route)


def answers(question: str, *found: str, outcome: Outcome = Outcome.ANSWER) -> RecordedAnswer:
    return RecordedAnswer(question, outcome, "cost", found)


def claim(severity: str, place: str, sentence: str = "It cures.", **change: Any) -> ClaimRow:
    row = ClaimRow(
        article_id="necks", place=place, start=0, end=9, sentence=sentence, words="cures",
        words_start=3, kind="cure", severity=severity, reason="", wording="", evidence="",
        is_open=True, decision="",
    )  # fmt: skip
    return replace(row, **change)


NECKS, BACKS = article("necks", "why", "how", "when"), article("backs", "why")
BANK = [
    asks("stiff neck", "necks#why"),
    asks("sore neck", "necks#why", "necks#how"),
    asks("cold neck", "necks#how"),
    asks("neck at night", "necks#how"),
    asks("what does it cost", route="cost"),
    asks("can I pay by card", route="cost"),
    asks("pizza", route="off-topic"),
    BankRow("crick", BankRowKind.VOCABULARY, ("necks#why",)),
]
REPLIES = [
    answers("stiff neck", "necks#why/1", "necks#how/2"),
    answers("sore neck", "necks#how/1"),
    answers("cold neck", "backs#why/1", "necks#how/1"),
    answers("neck at night", "necks#how/1", outcome=Outcome.RELATED),
    answers("what does it cost", "necks#when/1", outcome=Outcome.NOT_COVERED),
    answers("can I pay by card", "necks#why/1"),
    answers("pizza", "necks#when/1", outcome=Outcome.NOT_COVERED),
]


def covered(**change: Any) -> Coverage:
    usual: dict[str, Any] = {
        "articles": [NECKS, BACKS],
        "passages": [*passages(NECKS, 2), *passages(BACKS, 1)],
        "sentences": [6] * 7,
        "bank": BANK,
        "bank_answers": REPLIES,
        "claims": (),
        "reviews": [review("necks"), review("backs")],
    }
    manifest = Manifest(
        generation="0123456789abcdef",
        encoder=EncoderInfo(DEFAULT_NAME, "0" * 64, 384, 256),
        inputs={},
        counts={},
        articles={},
        files={},
        libraries={},
        findings=change.pop("findings", ()),
    )
    given = {**usual, **change}
    rows = passage_rows(passages_table(given.pop("passages")))
    sentences = np.array(given.pop("sentences"), dtype=np.int64)
    return coverage(manifest, passages=columns_of(rows, sentences), **given)


# -- what is counted -------------------------------------------------------------------------------


def test_a_question_counts_for_each_section_that_it_names_and_answered_where_one_comes_first() -> (
    None
):
    backs, necks = covered().articles
    asked = {s.id: (s.figures.asked, s.figures.answered) for s in necks.sections}
    assert asked == {"necks#why": (2, 2), "necks#how": (3, 1), "necks#when": (0, 0)}
    assert (necks.figures.asked, necks.figures.answered) == (4, 2)
    assert (backs.figures.asked, backs.figures.answered) == (0, 0)


def test_what_came_instead_is_told() -> None:
    found = {miss.question: (miss.outcome, miss.shown) for miss in covered().missed}
    assert found == {
        "cold neck": (Outcome.ANSWER, "backs#why/1"),
        "neck at night": (Outcome.RELATED, "necks#how/1"),
    }
    (anyway,) = covered().unexpected
    assert (anyway.question, anyway.expected, anyway.shown) == (
        "can I pay by card", ("cost",), "necks#why/1",
    )  # fmt: skip


def test_a_question_without_a_reply_is_one_that_nothing_answers() -> None:
    missed = covered(bank_answers=[]).missed
    assert len(missed) == covered().answerable == 4
    assert {(miss.outcome, miss.shown) for miss in missed} == {(Outcome.NOT_COVERED, None)}


def test_a_passage_is_reached_when_a_question_shows_it_and_not_when_nothing_is_shown() -> None:
    backs, necks = covered().articles
    assert necks.figures.unreached == ("necks#why/2", "necks#when/1", "necks#when/2")
    assert necks.sections[1].figures.unreached == ()
    assert backs.figures.unreached == ()


def test_questions_that_no_article_answers_stand_by_their_card() -> None:
    routes = {card.route: card.questions for card in covered().routes}
    assert routes == {
        "cost": ("what does it cost", "can I pay by card"),
        "off-topic": ("pizza",),
    }


def test_words_and_reading_age_are_those_of_the_passages() -> None:
    necks = covered().articles[1]
    assert necks.figures.words == 6 * 33
    assert necks.sections[0].figures.words == 2 * 33
    # 5.5 words a sentence, 33 syllables in 33 words
    assert necks.figures.reading_age == necks.sections[0].figures.reading_age == 5
    long = covered(sentences=[1] * 7).articles[1]
    assert long.figures.reading_age == 14


def test_open_claims_count_where_they_stand_and_a_repeated_sentence_once() -> None:
    necks = covered(
        claims=[
            claim("high", "necks#why"),
            claim("high", "necks#how", "It\ncures."),
            claim("medium", "heading of necks#how", "Cures"),
            claim("high", "title", "Cures Necks"),
            claim("high", "necks#why", "It heals.", is_open=False),
        ]
    ).articles[1]
    assert (necks.figures.grave_claims, necks.figures.other_claims) == (2, 1)
    by_section = [(s.figures.grave_claims, s.figures.other_claims) for s in necks.sections]
    assert by_section == [(1, 0), (0, 1), (0, 0)]


def test_warnings_stand_with_their_article_and_those_about_claims_are_not_told_twice() -> None:
    found = covered(
        findings=(
            no_title := warning("no title", "necks.txt", "necks"),
            too_long := warning("one sentence of 300 word pieces", "necks#why/1", "necks", "split"),
            warning("5 claims to review (2 high)", "necks.txt", "necks", "claims"),
            ANSWERED,
        ),
    )
    assert found.articles[1].warnings == (no_title, too_long)
    assert found.warnings == (ANSWERED,)


# -- what comes first ------------------------------------------------------------------------------


def everything() -> Coverage:
    return covered(
        findings=(REFUSED, TWICE, ANSWERED),
        claims=[claim("high", "necks#why"), claim("low", "necks#why", "It heals.")],
        reviews=[review("necks", "overdue", date(2026, 2, 27), 2), review("backs", "not_reviewed")],
        sentences=[*([1] * 6), 6],
        passages=[*passages(NECKS, 2, f"{PLAIN} Individuals experience. "), *passages(BACKS, 1)],
    )


def test_steps_come_by_kind_in_the_order_that_the_rule_tells() -> None:
    steps = next_steps(everything())
    kinds = list(dict.fromkeys(step.kind for step in steps))
    assert kinds == list(StepKind)
    assert steps == next_steps(everything())
    told = [
        "files that were skipped", "grave claims", "answers where there should be none",
        "their section does not answer", "reviews that are overdue", "never made",
        "sections that no question names", "passages that no question shows",
        "no article answers", "texts for readers over 14", "other claims", "warnings",
    ]  # fmt: skip
    places = [RULE.index(words) for words in told]
    assert places == sorted(places)
    assert len(told) == len(StepKind)


def test_within_a_kind_what_concerns_most_comes_first_and_equals_by_name() -> None:
    reviews = [review(name, "overdue", None, days) for name, days in (("necks", 9), ("backs", 1))]
    overdue = [s for s in next_steps(covered(reviews=reviews)) if s.kind is StepKind.OVERDUE]
    assert [(s.where, s.what) for s in overdue] == [
        ("necks", "The review is 9 days overdue"),
        ("backs", "The review is 1 day overdue"),
    ]
    reviews = [replace(review, days_overdue=5) for review in reviews]
    overdue = [s for s in next_steps(covered(reviews=reviews)) if s.kind is StepKind.OVERDUE]
    assert [s.where for s in overdue] == ["backs", "necks"]


def test_a_refused_file_is_told_once_with_what_mends_it() -> None:
    first, second, *_ = [s for s in next_steps(everything()) if s.kind is StepKind.NOT_TAKEN]
    assert (first.where, first.article) == ("a.txt and A.txt", None)
    assert (second.where, second.article) == ("backs", "backs")
    assert second.what.startswith("The article cannot be read.")
    assert "content/articles/backs.txt" in second.what
    assert second.why == "found a file that is no Word document"
    assert second.go == "save it as .docx, then run: python -m ingest"


def test_an_article_of_which_nothing_is_asked_has_one_step_for_it() -> None:
    found = covered(bank_answers=[])
    kinds = [s.kind for s in next_steps(found) if s.where == "backs"]
    assert found.articles[0].figures.unreached
    assert kinds == [StepKind.NO_QUESTION]


def test_where_all_is_well_there_is_nothing_to_do() -> None:
    found = covered(
        articles=[BACKS],
        passages=passages(BACKS, 1),
        sentences=[6],
        bank=[asks("why", "backs#why"), asks("pizza", route="off-topic")],
        bank_answers=[answers("why", "backs#why/1")],
    )
    assert next_steps(found) == []
    assert report.NOTHING_TO_DO in report.text(found, [], today=TODAY)
    assert report.NOTHING_TO_DO in report.html(found, [], today=TODAY)


# -- how it is told --------------------------------------------------------------------------------


def test_articles_stand_in_the_order_of_their_first_steps() -> None:
    found = covered(claims=[claim("high", "necks#why")])
    named = tables(found, next_steps(found))[0]
    assert [str(row[0]) for row in named.rows] == ["necks", "backs"]
    first = named.rows[0]
    assert isinstance(first[0], Link)
    assert first[1] == Share(2, 4)
    assert len(first) == len(named.columns)
    assert [str(row[0]) for row in tables(found, [])[0].rows] == ["backs", "necks"]


def test_every_table_has_a_cell_for_each_column() -> None:
    found = everything()
    made = tables(found, next_steps(found))
    assert [table.name for table in made] == ["articles", "sections", "instead", "routes"]
    for table in made:
        assert {len(row) for row in table.rows} == {len(table.columns)}
    assert {len(row) for row in csv_rows(found)} == {len(CSV_COLUMNS)}


def test_the_text_tells_steps_and_tables_and_says_when_it_holds_back() -> None:
    found = everything()
    said = report.text(found, next_steps(found), today=TODAY)
    assert re.search(r"necks +2 of 4 +6 +3", said)
    assert "cold neck" in said
    assert "more: --html FILE" not in said
    many = [asks(f"question {n}", "necks#why") for n in range(25)]
    said = report.text(covered(bank=many, bank_answers=[]), [], today=TODAY)
    assert "and 5 more: --html FILE, --csv FILE or --json" in said


def test_the_page_is_one_file_that_runs_nothing_and_asks_for_nothing() -> None:
    found = everything()
    html = report.html(found, next_steps(found), today=TODAY)
    assert not re.search(r"<script|<link|<img|<iframe|https?:|@import|url\(|\son\w+=", html)
    assert " style=" not in html  # the policy allows the one sheet by its hash
    assert "default-src 'none'; style-src 'sha256-" in html
    assert '<rect class="part" width="50" height="8"/>' in html
    assert "2 of 4" in html
    assert "1 March 2026" in html
    assert RULE in html
    ids = re.findall(r'id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert {unescape(link) for link in re.findall(r'href="#([^"]+)"', html)} <= set(ids)


def test_whatever_the_content_says_is_text_on_the_page() -> None:
    hostile = replace(article(HOSTILE, HOSTILE), title=HOSTILE, source=HOSTILE)
    rows = passages(hostile, 1)
    found = covered(
        articles=[hostile],
        passages=rows,
        sentences=[6],
        bank=[asks(HOSTILE, rows[0].section_id), asks(f"{HOSTILE}?", route=HOSTILE)],
        bank_answers=[answers(f"{HOSTILE}?", rows[0].id)],
        reviews=[review(HOSTILE)],
        findings=[
            Finding(severity, "read", HOSTILE, HOSTILE, about, HOSTILE, HOSTILE, HOSTILE, HOSTILE)
            for severity in ("error", "warning")
            for about in ("", HOSTILE)
        ],
    )
    html = report.html(found, next_steps(found), today=TODAY)
    assert not re.search(r"<(script|img)", html, re.IGNORECASE)
    assert "&lt;script&gt;alert(1)" in html


def test_the_object_holds_all_of_it_as_plain_json() -> None:
    found = everything()
    record = report.record(found, next_steps(found), today=TODAY)
    record = json.loads(json.dumps(record, default=str))
    assert record["today"] == "2026-03-01"
    assert record["articles"][1]["due"] == "2026-02-27"
    assert record["articles"][1]["sections"][0]["figures"]["asked"] == 2
    assert record["missed"][0]["shown"] == "backs#why/1"
    assert record["steps"][0]["kind"] == "not_taken"


# -- the command -----------------------------------------------------------------------------------


@pytest.fixture
def asked(content: Path, tmp_path: Path) -> Path:
    """An index of the two articles and a bank about one of them."""
    label_enough_to_calibrate(content)
    (content / "articles" / "necks.toml").write_text("reviewed = 2020-01-03\nreviewer = 'Dr A'")
    build_with(BagOfWordsEncoder(), content, tmp_path / "built")
    return tmp_path / "built"


def test_the_command_tells_of_the_index_that_is_served_and_needs_no_model(
    asked: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["coverage", "--built", str(asked), "--json", "--today", "2023-01-04"]) == 0
    record = json.loads(capsys.readouterr().out)
    by_id = {row["id"]: row for row in record["articles"]}
    assert set(by_id) == {"necks", "blood"}
    necks = by_id["necks"]["figures"]
    assert (necks["asked"], necks["passages"]) == (25, 2)
    assert (by_id["necks"]["review"], by_id["necks"]["days_overdue"]) == ("overdue", 1)
    assert by_id["blood"]["review"] == "not_reviewed"
    assert {row["route"]: len(row["questions"]) for row in record["routes"]} == {
        "cost": 13,
        "off-topic": 12,
    }
    assert record["answerable"] == 25


def test_the_command_prints_and_writes_a_sheet_and_a_page(
    asked: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet, page = tmp_path / "c.csv", tmp_path / "c.html"
    where = ["--built", str(asked), "--csv", str(sheet), "--html", str(page)]
    assert main(["coverage", *where]) == 0
    said = capsys.readouterr().out
    assert report.STEPS in said
    with sheet.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [(row["level"], row["article"], row["section"]) for row in rows] == [
        ("article", "blood", ""),
        ("section", "blood", "blood#introduction"),
        ("article", "necks", ""),
        ("section", "necks", "necks#introduction"),
        ("section", "necks", "necks#why-it-hurts"),
    ]
    assert rows[2]["questions"] == rows[3]["questions"] == "25"
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_an_article_that_is_withdrawn_is_in_no_part_of_the_report(
    content: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    label(content, answers={"stiff neck": "necks#introduction", "blood": "blood#introduction"})
    for _ in range(2):
        build_with(BagOfWordsEncoder(), content, tmp_path / "built")
        (content / "articles" / "blood.txt").unlink(missing_ok=True)
    assert main(["coverage", "--built", str(tmp_path / "built"), "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert [row["id"] for row in record["articles"]] == ["necks"]
    assert record["answerable"] == 1
    told = [s for s in record["steps"] if "left aside: blood" in str(s)]
    assert len(told) == 1


@pytest.mark.parametrize("option", ["--csv", "--html"])
def test_a_file_that_cannot_be_written_is_told_with_what_mends_it(
    asked: Path, tmp_path: Path, option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["coverage", "--built", str(asked), option, str(tmp_path)]) == 1
    assert f"name another file with {option}" in capsys.readouterr().err


def test_without_an_index_the_command_says_how_to_make_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["coverage", "--built", str(tmp_path / "none")]) == 1
    said = capsys.readouterr().err
    assert "python -m ingest" in said
    assert IndexMissingError.visitor_message not in said
