"""Asks an index the questions of the bank, each as a patient would, and records the answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from core.encoders.caching import CachingEncoder
from core.text.normalize import normalize_query
from core.types import RecordedAnswer
from index.search.pipeline import search

if TYPE_CHECKING:
    from index.store.opened import OpenIndex
    from ingest.build.articles import Progress
    from safety.notices.finder import NoticeFinder


def answer_bank(
    index: OpenIndex, questions: Sequence[str], finder: NoticeFinder, progress: Progress
) -> list[RecordedAnswer]:
    """Ask an index some questions; return what a patient would get, in their order."""
    encoder = CachingEncoder(index.encoder)
    encoder.encode_tokens([normalize_query(q) for q in questions])  # all at once: faster
    index = replace(index, encoder=encoder)
    return [
        _answer(index, question, finder)
        for question in progress(questions, len(questions), "Asking the question bank")
    ]


def _answer(index: OpenIndex, question: str, finder: NoticeFinder) -> RecordedAnswer:
    response = search(index, question)
    notices = finder.find(question, index.encoder.encode)
    return RecordedAnswer(
        question=question,
        outcome=response.outcome,
        route=response.route,
        passages=tuple(result.passage.id for result in response.results),
        notices=tuple(notice.group for notice in notices),
    )
