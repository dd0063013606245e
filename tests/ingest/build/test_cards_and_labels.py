"""A question that the clinic labels with a section is answered by it, whatever a card asks."""

from __future__ import annotations

import csv
from typing import Any

import pytest

from core.types import Outcome
from index.bank.route_cards import FILE_NAME as ROUTES
from index.search.pipeline import search
from index.store.generations import open_index
from index.store.opened import OpenIndex
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


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory, reference: Any) -> OpenIndex:
    """The article, the cards, and a question of one of them that the clinic labels."""
    folder = tmp_path_factory.mktemp("labelled")
    (folder / "articles").mkdir()
    (folder / "articles" / "first-visit.md").write_text(ARTICLE, encoding="utf-8")
    (folder / ROUTES).write_text(CARDS, encoding="utf-8")
    with (folder / "questions.csv").open("w", encoding="utf-8", newline="") as stream:
        rows = [
            ("question", "answers", "route", "note"),
            ("how much does it cost", "first-visit#what-it-costs", "", ""),
        ]
        csv.writer(stream).writerows(rows)
    build_with(reference, folder, folder / "built")
    return open_index(folder / "built", encoder=reference)


@pytest.mark.parametrize("asked", ["how much does it cost", "How much does it cost?"])
def test_the_section_answers_and_no_card_is_shown(labelled: OpenIndex, asked: str) -> None:
    response = search(labelled, asked)
    assert (response.outcome, response.route) == (Outcome.ANSWER, None)
    assert response.results[0].passage.section_id == "first-visit#what-it-costs"
    scores = [result.score for result in response.results]
    assert scores == sorted(scores, reverse=True)


def test_ingest_names_the_phrase_and_the_section_and_no_other(labelled: OpenIndex) -> None:
    found = map(str, labelled.manifest.findings)
    (named,) = (line for line in found if 'card "cost" asks' in line)
    for part in ('"how much does it cost"', "first-visit#what-it-costs", "Delete"):
        assert part in named
    assert "is there parking" not in named
