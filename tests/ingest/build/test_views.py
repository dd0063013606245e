from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from core.types import MatchedView, Passage, ViewKind
from index.search.fusion import COLUMNS, KINDS
from index.search.pipeline import search
from index.store.generations import open_index
from ingest.build import views
from ingest.build.views import is_question, views_of
from tests.support.building import build_with
from tests.support.fakes import BagOfWordsEncoder

Write = Callable[[str, str | bytes], Path]


def passage(*path: str) -> Passage:
    return Passage("a#s/1", "a", "a#s", "T", "H", path, "It hurts. It passes.", 0, 20)


def test_a_passage_is_reached_by_its_text_its_heading_and_each_sentence() -> None:
    found = [(view.kind, view.text) for view in views_of([passage("Parts", "Necks")])]
    assert found == [
        (ViewKind.TEXT, "T\nParts\nNecks\nIt hurts. It passes."),
        (ViewKind.HEADING, "T: Parts: Necks"),
        (ViewKind.SENTENCE, "It hurts."),
        (ViewKind.SENTENCE, "It passes."),
    ]


def test_a_heading_that_is_a_question_is_a_question_view_of_its_passage() -> None:
    view = views_of([passage(), passage("Does it hurt?")])[4]
    assert (view.passage, view.kind, view.text) == (1, ViewKind.QUESTION, "T: Does it hurt?")


@pytest.mark.parametrize(
    "heading",
    [
        "Does it hurt?",
        "Sore?",
        "What is dry needling",
        "How long does it take",
        "WHY IS MY NECK STIFF",
        "How many sessions will I need",
        "What conditions can it treat",
        "When should I see a doctor",
    ],
)
def test_headings_that_ask(heading: str) -> None:
    assert is_question(heading)


@pytest.mark.parametrize(
    "heading",
    ["Do not drive", "Can help with pain", "What to expect", "What you should know", "Treats pain",
     "When to see a doctor", "How dry needling works", "Which is", "Who we are", "Whatever is left",
     "Is", "What?!", "Benefits of Dry Needling Treatment:"],
)  # fmt: skip
def test_headings_that_do_not_ask(heading: str) -> None:
    assert not is_question(heading)


def test_every_kind_has_its_column_and_a_question_that_of_headings() -> None:
    assert set(COLUMNS) == set(ViewKind)
    assert [KINDS[COLUMNS[kind]] for kind in KINDS] == list(KINDS)
    assert KINDS[COLUMNS[ViewKind.QUESTION]] is ViewKind.HEADING


QUESTIONS = "# Necks\n\nA stiff neck.\n\n## Does sleep help?\n\nIt often passes by itself.\n"


def test_a_question_scores_as_the_heading_that_it_is(
    content: Path,
    write_article: Write,
    encoder: BagOfWordsEncoder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write_article("sleep.md", QUESTIONS)
    build_with(encoder, content, tmp_path / "asked")
    monkeypatch.setattr(views, "is_question", lambda _: False)
    build_with(encoder, content, tmp_path / "plain")
    asked, plain = (open_index(tmp_path / name, encoder=encoder) for name in ("asked", "plain"))
    for query in ("sleep", "stiff neck", "does sleep help"):
        found, before = (search(index, query, k=9).results for index in (asked, plain))
        assert [(r.passage.id, r.score) for r in found] == [
            (r.passage.id, pytest.approx(r.score)) for r in before
        ]
    assert np.array_equal(asked.view_passages, plain.view_passages)


def test_a_question_that_is_a_heading_is_named_as_the_reason(
    content: Path, write_article: Write, encoder: BagOfWordsEncoder, tmp_path: Path
) -> None:
    write_article("sleep.md", QUESTIONS)
    build_with(encoder, content, tmp_path / "built")
    results = search(open_index(tmp_path / "built", encoder=encoder), "sleep", k=9).results
    reasons = {r.passage.section_id: r.matched_view for r in results}
    assert reasons["sleep#does-sleep-help"] == MatchedView(ViewKind.QUESTION, "Does sleep help?")
