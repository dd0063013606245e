"""Which sentence is marked: the product holds its invariants, and wrong rows are named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from core.errors import ContentError
from core.labels import NOT_CHECKED
from core.types import Outcome
from evaluation.search.retrieval import index_articles
from evaluation.sentences.measure import Marked, ask, summarise
from evaluation.sentences.questions import (
    FILE,
    Half,
    MarkQuestion,
    own_articles,
    read_mark_questions,
)
from tests.support.building import no_progress

HEAD = "article,half,question,sentences\n"


@pytest.fixture(scope="session")
def marked(real_index: Any, reference: Any) -> dict[str, list[Marked]]:
    """Every question of the half to develop, with a bank and without any."""
    own = own_articles()
    asked = [
        one
        for one in read_mark_questions(FILE, articles={**real_index.articles, **own})
        if one.half is Half.DEVELOP
    ]
    without = index_articles(own.values(), reference, no_progress)
    return {
        "with": ask(real_index, [one for one in asked if one.article not in own]),
        "without": ask(without, [one for one in asked if one.article in own]),
    }


def test_no_sentence_that_does_not_answer_is_filled(marked: dict[str, list[Marked]]) -> None:
    of_clinic = [one for one in marked["with"] if one.is_answer]
    assert [one.question.text for one in of_clinic if not one.question.accepts(one.sentence)] == []
    assert len(of_clinic) >= 20
    others = [one for one in marked["without"] if one.is_answer]
    wrong = [one.question.text for one in others if not one.question.accepts(one.sentence)]
    assert wrong in ([], ["how long does plantar fasciitis last"])
    assert len(others) >= 10


def test_the_sentence_on_top_is_mostly_one_that_a_physiotherapist_accepts(
    marked: dict[str, list[Marked]],
) -> None:
    for found in marked.values():
        answered = [one for one in found if one.question.sentences]
        right = [one for one in answered if one.question.accepts(one.sentence)]
        assert len(right) >= 0.9 * len(answered)


def test_what_the_articles_answer_is_at_least_related_reading(
    marked: dict[str, list[Marked]],
) -> None:
    for one in (*marked["with"], *marked["without"]):
        passages = [result.passage.text for result in one.response.results[:3]]
        if one.question.sentences:
            assert one.response.outcome is not Outcome.NOT_COVERED, one.question.text
            assert any(map(one.question.accepts, passages)), one.question.text


def test_only_the_sentence_on_top_of_an_answer_is_filled(marked: dict[str, list[Marked]]) -> None:
    for one in (*marked["with"], *marked["without"]):
        first, *others = one.response.results or (None,)
        assert not any(result.is_answer for result in others if result)
        if first and first.is_answer:
            assert one.response.outcome is Outcome.ANSWER


def test_an_open_claim_is_still_the_answer_with_its_label(marked: dict[str, list[Marked]]) -> None:
    (hurts,) = [one for one in marked["with"] if one.question.text == "does dry needling hurt"]
    assert hurts.is_answer
    assert hurts.first
    assert NOT_CHECKED in hurts.first.labels


@pytest.mark.parametrize(
    "question",
    [
        "can i fly with a broken rib",
        "how much is a steroid injection for my shoulder",
        "can i swim with a frozen shoulder",
        "opening hours of the library",
        "how long does gout last",
    ],
)
def test_a_kind_of_answer_that_no_passage_gives_is_no_answer(
    marked: dict[str, list[Marked]], reference: Any, question: str
) -> None:
    articles = own_articles()
    del articles["fees-and-opening-hours"]
    index = index_articles(articles.values(), reference, no_progress)
    (found,) = ask(index, [MarkQuestion("", Half.DEVELOP, question, ())])
    assert not found.is_answer


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ("neck,develop,does it hurt,", "neck"),
        ("heel-pain,both,does it hurt,", "both"),
        ("heel-pain,develop,,", "an empty cell"),
        ("heel-pain,develop,does it hurt,No such words", "in 0 sentences"),
        ("heel-pain,develop,does it hurt,the", "sentences"),
        ("heel-pain,develop,why,\nheel-pain,report,Why,", "twice"),
    ],
)
def test_a_wrong_row_is_named(tmp_path: Path, row: str, found: str) -> None:
    file = tmp_path / "sentences.csv"
    file.write_text(f"{HEAD}{row}\n")
    with pytest.raises(ContentError) as error:
        read_mark_questions(file, articles=own_articles())
    assert found in str(error.value)


def test_what_went_wrong_is_only_listed_for_the_half_to_develop(
    marked: dict[str, list[Marked]],
) -> None:
    (one, *_) = (one for one in marked["without"] if one.is_answer)
    wrong = [
        Marked(MarkQuestion("", half, one.question.text, ("no such words",)), one.response)
        for half in Half
    ]
    result = summarise({"some": wrong})
    assert [row["group"] for row in result["wrong"]] == ["some, develop"]
    assert result["metrics"]["some, report: wrong but filled"]["mean"] == 1.0
