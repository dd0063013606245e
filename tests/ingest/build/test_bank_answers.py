"""The answers to the bank's questions that are recorded are those that the search gives."""

from pathlib import Path

import pytest

from core.types import BankRow, BankRowKind
from index.search import ranking
from index.search.pipeline import search
from index.search.prepared_query import prepare_query, with_corrections
from index.store import generations
from index.vectors.faiss_store import VectorIndex
from ingest.build.bank_answers import answer_bank
from ingest.build.calibration import ask, questions_of
from safety.notices.finder import NoticeFinder
from safety.notices.red_flags_file import read_red_flags
from tests.support.building import build_with, no_progress
from tests.support.fakes import BagOfWordsEncoder
from tests.support.files.content import label

MISSPELT, AS_TYPED = "why is my nekc stif", "+why is my nekc stif"


@pytest.fixture
def index(content: Path, built: Path, encoder: BagOfWordsEncoder) -> generations.OpenIndex:
    answers = {
        "why is the neck stiff": "necks#introduction",
        "may a needle bring blood": "blood#introduction",
    }
    routed = {"what does it cost": "fees", "help me please": "fees"}
    build_with(
        encoder, label(content, answers=answers, routed=routed, asks={"fees": ["price"]}), built
    )
    return generations.open_index(built, encoder=encoder)


def test_recorded_answers_are_what_the_search_shows(
    content: Path, index: generations.OpenIndex
) -> None:
    recorded = list(index.bank_answers)
    assert len(recorded) == 4
    for answer in recorded:
        response = search(index, answer.question)
        assert answer.outcome is response.outcome
        assert answer.route == response.route
        assert answer.passages == tuple(result.passage.id for result in response.results)
    shown = {answer.question: answer.passages for answer in recorded}
    assert not shown["help me please"]
    assert shown["why is the neck stiff"]
    finder = NoticeFinder(read_red_flags(content), index.notices)
    texts = [answer.question for answer in recorded]
    assert answer_bank(index, texts, finder, no_progress) == recorded


def test_what_is_near_is_searched_for_once_but_where_the_spelling_is_corrected(
    content: Path, index: generations.OpenIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Words of the bank are never corrected: these two questions are not in it.
    others = [BankRow(text, BankRowKind.QUESTION) for text in (MISSPELT, AS_TYPED)]
    rows = [*questions_of(index.bank.rows), *others]
    asked = ask(index, rows)
    assert len(asked) == len(rows)
    for one in asked:
        assert one.near.tolist() == ranking.nearest(index, one.query).tolist()
    searches: list[int] = []
    real = VectorIndex.search
    monkeypatch.setattr(
        VectorIndex, "search", lambda self, query, k: searches.append(k) or real(self, query, k)
    )
    finder = NoticeFinder(read_red_flags(content), index.notices)
    texts = [row.text for row in rows]
    known = answer_bank(index, texts, finder, no_progress, asked=asked)
    assert len(searches) == 1
    assert known == answer_bank(index, texts, finder, no_progress)


@pytest.mark.parametrize("text", [MISSPELT, AS_TYPED, "why is the neck stiff", "help me please"])
def test_a_query_corrected_later_is_the_query_corrected_at_once(
    index: generations.OpenIndex, text: str
) -> None:
    at_once = prepare_query(index, text)
    later = with_corrections(index, prepare_query(index, text, correct_spelling=False))
    assert (later.corrected, later.normalized, later.stems) == (
        at_once.corrected,
        at_once.normalized,
        at_once.stems,
    )
    assert later.vector.tolist() == at_once.vector.tolist()
    assert (later.corrected is not None) == (text == MISSPELT)
