"""An article's own questions are answered, and what it forbids answers whether it is allowed."""

from __future__ import annotations

from typing import Any

import pytest

from core.types import Outcome
from evaluation.search.retrieval import index_articles
from index.search.pipeline import search
from index.store.opened import OpenIndex
from ingest.readers.read import read_article
from tests.support.building import no_progress

CUPS = """# Cupping

Round cups pull the skin up for some minutes. Many people find that their back feels looser.

## Questions

### Does it hurt?

It pulls, and most people call that uncomfortable rather than painful.

### When should I not have it?

Tell us if you take tablets that thin the blood, or if your skin is broken.

### How long does it take?

The cups stay on for ten minutes.
"""
KNEE = """# After your knee operation

In the first weeks the joint swells easily.

- \u2717 Drive a car
- \u2717 Kneel on the floor
- \u2713 Walk with two sticks

## What not to do

- Twist on the leg
- Sit with crossed legs
"""


@pytest.fixture(scope="module")
def leaflets(tmp_path_factory: pytest.TempPathFactory, reference: Any) -> OpenIndex:
    folder = tmp_path_factory.mktemp("leaflets")
    articles = []
    for name, text in (("cupping", CUPS), ("knee", KNEE)):
        path = folder / f"{name}.md"
        path.write_text(text, encoding="utf-8")
        articles.append(read_article(path, root=folder).article)
    return index_articles(articles, reference, no_progress)


@pytest.mark.parametrize(
    ("question", "section"),
    [
        ("is cupping painful", "cupping#does-it-hurt"),
        ("does cupping hurt?", "cupping#does-it-hurt"),
        ("who should not have cupping", "cupping#when-should-i-not-have-it"),
        ("when should I avoid cupping", "cupping#when-should-i-not-have-it"),
        ("how long does a cupping take", "cupping#how-long-does-it-take"),
    ],
)
def test_what_a_heading_asks_is_answered(leaflets: OpenIndex, question: str, section: str) -> None:
    response = search(leaflets, question)
    assert response.outcome is Outcome.ANSWER
    assert response.results[0].passage.section_id == section


@pytest.mark.parametrize(
    "question",
    [
        "is dry needling painful",
        "who should not have dry needling",
        "who should have cupping for their heart failure",
        "how much does cupping cost",
    ],
)
def test_a_question_about_something_else_is_not_what_the_heading_asks(
    leaflets: OpenIndex, question: str
) -> None:
    assert search(leaflets, question).outcome is not Outcome.ANSWER


@pytest.mark.parametrize(
    "question", ["may I drive a car after my knee operation", "can I kneel after a knee operation"]
)
def test_a_cross_before_an_item_forbids_it(leaflets: OpenIndex, question: str) -> None:
    response = search(leaflets, question)
    assert response.outcome is not Outcome.NOT_COVERED
    assert response.results[0].passage.id.startswith("knee#")
