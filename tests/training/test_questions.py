"""The training questions fit the articles that they were written from."""

from __future__ import annotations

import csv
from collections import Counter
from functools import cache

import pytest

from tests.support.paths import ROOT

TRAINING = ROOT / "training"
SPLITS = ("train", "calibrate", "test")


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


def test_every_topic_is_in_one_split_and_every_split_has_all_kinds() -> None:
    with (TRAINING / "topics.csv").open(encoding="utf-8", newline="") as stream:
        topics = list(csv.DictReader(stream))
    assert sorted(row["article"] for row in topics) == sorted(articles())
    assert len({row["topic"] for row in topics}) == len(
        {(row["topic"], row["split"]) for row in topics}
    )
    split_of = {row["article"]: row["split"] for row in topics}
    assert {row["split"] for row in rows() if row["article"]} == {*split_of.values()}
    assert [
        row["question"]
        for row in rows()
        if row["article"] and row["split"] != split_of[row["article"]]
    ] == []
    kinds = {(row["split"], row["kind"]) for row in rows()}
    assert len(kinds) == len(SPLITS) * len({kind for _, kind in kinds})


def test_a_tenth_was_read_a_second_time_and_the_readers_agree() -> None:
    with (TRAINING / "second_reading.csv").open(encoding="utf-8", newline="") as stream:
        again = list(csv.DictReader(stream))
    first = {(row["question"], row["article"]): row["kind"] for row in rows()}
    # A far question was shown beside an article drawn for it.
    kinds = [(first.get((r["question"], r["article"]), "far"), r["kind"]) for r in again]
    assert len(again) >= len(rows()) // 10
    assert sum(one == two for one, two in kinds) >= 0.98 * len(kinds)
    assert sum(row["patient"] == "yes" for row in again) >= 0.95 * len(again)
