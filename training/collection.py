"""The training articles as a clinic's content, indexed and asked as the product does it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evaluation.search.retrieval import index_articles
from index.search.pipeline import explain, respond
from index.search.prepared_query import prepare_query
from ingest.readers.read import read_article
from training.data import ARTICLES, FOLDER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.types import Encoder, SearchResponse
    from index.search.pipeline import Explanation
    from index.store.opened import OpenIndex
    from ingest.build.articles import Progress
    from training.data import Material, Question

_RESULTS = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the ids of the passages that answer it, and what the product made of it.

    `right` says which results answer it.
    """

    question: Question
    answers: frozenset[str]
    explanation: Explanation
    response: SearchResponse
    right: tuple[bool, ...]


def index_named(names: Sequence[str], encoder: Encoder, progress: Progress) -> OpenIndex:
    """Index some training articles in memory, without a bank, as ingest indexes content."""
    folder = FOLDER / ARTICLES
    read = [read_article(folder / f"{name}.md", root=folder).article for name in names]
    return index_articles(read, encoder, progress)


def ask(index: OpenIndex, material: Material, questions: Sequence[Question]) -> list[Asked]:
    """Ask an index some questions of the material, as typed, without correcting their spelling."""
    asked = []
    for question in questions:
        query = prepare_query(index, question.text, correct_spelling=False)
        explanation = explain(index, query)
        response = respond(index, explanation, k=_RESULTS)
        answers = frozenset(material.passages[row].id for row in question.answers)
        right = tuple(result.passage.id in answers for result in response.results)
        asked.append(Asked(question, answers, explanation, response, right))
    return asked
