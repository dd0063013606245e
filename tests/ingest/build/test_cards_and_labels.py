"""A question that the clinic labels with a section is answered by it, whatever a card asks."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from core.types import Outcome
from index.bank.route_cards import FILE_NAME as ROUTES
from index.search.pipeline import search
from index.store.generations import open_index
from tests.support.building import build_with

ARTICLE = """# Your first visit

## What happens

We talk about your neck for half an hour and look how far it turns.

## What it costs

The first visit is 60 pounds, and each later one 45 pounds.
"""
CARDS = """[cost]
title = "Prices"
text = "Ask reception."
asks = ["how much does it cost", "is there parking"]
"""


def made(folder: Path, reference: Any, *questions: tuple[str, ...]) -> tuple[Path, list[str]]:
    (folder / "articles").mkdir(parents=True)
    (folder / "articles" / "first-visit.md").write_text(ARTICLE, encoding="utf-8")
    (folder / ROUTES).write_text(CARDS, encoding="utf-8")
    with (folder / "questions.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([("question", "answers", "route", "note"), *questions])
    built = folder / "built"
    build_with(reference, folder, built)
    manifest = open_index(built, encoder=reference).manifest
    return built, [str(one) for one in manifest.findings]


COST = ("how much does it cost", "first-visit#what-it-costs", "", "")


@pytest.mark.parametrize("asked", ["how much does it cost", "How much does it cost?"])
def test_the_section_answers_and_no_card_is_shown(
    tmp_path: Path, reference: Any, asked: str
) -> None:
    built, _ = made(tmp_path / "content", reference, COST)
    response = search(open_index(built, encoder=reference), asked)
    assert (response.outcome, response.route) == (Outcome.ANSWER, None)
    assert response.results[0].passage.section_id == "first-visit#what-it-costs"
    scores = [result.score for result in response.results]
    assert scores == sorted(scores, reverse=True)


def test_a_card_that_no_label_contradicts_is_not_named(tmp_path: Path, reference: Any) -> None:
    _, found = made(
        tmp_path / "content", reference, ("what happens", "first-visit#what-happens", "", "")
    )
    assert not any('card "cost" asks' in line for line in found)


def test_ingest_names_the_phrase_and_the_section(tmp_path: Path, reference: Any) -> None:
    _, found = made(tmp_path / "content", reference, COST)
    (named,) = (line for line in found if 'card "cost" asks' in line)
    for part in ('"cost"', '"how much does it cost"', "first-visit#what-it-costs", "Delete"):
        assert part in named
    assert "is there parking" not in named
