"""The training questions fit the articles that they were written from."""

from __future__ import annotations

import csv
from collections import Counter
from functools import cache

import pytest

from tests.support.paths import ROOT

TRAINING = ROOT / "training"


@cache
def rows() -> list[dict[str, str]]:
    with (TRAINING / "questions.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@cache
def articles() -> dict[str, str]:
    """All texts by their names, white space collapsed."""
    files = (TRAINING / "articles").glob("*.md")
    return {path.stem: " ".join(path.read_text(encoding="utf-8").split()) for path in files}


def test_every_answer_stands_in_its_article() -> None:
    missing = [
        (row["article"], answer)
        for row in rows()
        if row["kind"] == "in"
        for answer in row["answer"].split(" | ")
        if not answer or answer not in articles()[row["article"]]
    ]
    assert missing == []


def test_near_questions_name_their_article_and_no_answer_and_far_ones_neither() -> None:
    near = [row for row in rows() if row["kind"] == "near"]
    far = [row for row in rows() if row["kind"] == "far"]
    assert {row["article"] for row in near} <= {*articles()}
    assert {row["answer"] for row in near} == {""}
    assert {(row["article"], row["answer"]) for row in far} == {("", "")}
    assert {row["kind"] for row in rows()} == {"in", "near", "far"}


def test_no_question_stands_twice_under_an_article() -> None:
    asked = Counter(
        (row["article"], row["kind"], " ".join(row["question"].lower().split())) for row in rows()
    )
    assert [key for key, times in asked.items() if times > 1] == []


@pytest.mark.parametrize(("kind", "least"), [("in", 8_000), ("near", 2_500), ("far", 800)])
def test_there_are_enough_of_each_kind(kind: str, least: int) -> None:
    assert sum(row["kind"] == kind for row in rows()) >= least


def test_every_article_is_asked_about() -> None:
    assert {row["article"] for row in rows()} - {""} == {*articles()}
