"""Asks an index the questions of the bank, each as a patient would, and records the answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from core.encoders.caching import CachingEncoder
from core.text.normalize import normalize_query
from core.types import Outcome, RecordedAnswer
from index.search.pipeline import DEFAULT_K, Explanation, explain, is_cry_for_help
from index.search.prepared_query import prepare_query, with_corrections

if TYPE_CHECKING:
    from index.store.opened import OpenIndex
    from ingest.build.articles import Progress
    from ingest.build.calibration import Asked
    from safety.notices.finder import NoticeFinder


def answer_bank(
    index: OpenIndex,
    questions: Sequence[str],
    finder: NoticeFinder,
    progress: Progress,
    *,
    asked: Iterable[Asked] | None = None,
) -> list[RecordedAnswer]:
    """Ask an index some questions; return what a patient would get, in their order.

    `asked` is what the calibration asked about these questions of the same index: what it found
    near to them is not searched for again.
    """
    encoder = CachingEncoder(index.encoder)
    encoder.encode_tokens([normalize_query(q) for q in questions])  # all at once: faster
    index = replace(index, encoder=encoder)
    before: Iterable[Asked | None] = [None] * len(questions) if asked is None else asked
    pairs = list(zip(questions, before, strict=True))
    return [
        _recorded(index, question, _explained(index, question, known), finder)
        for question, known in progress(pairs, len(pairs), "Asking the question bank")
    ]


def _explained(index: OpenIndex, question: str, known: Asked | None) -> Explanation:
    if known is None:
        return explain(index, prepare_query(index, question))
    query = with_corrections(index, known.query)
    return explain(index, query, near=known.near if query is known.query else None)


def _recorded(
    index: OpenIndex, question: str, explanation: Explanation, finder: NoticeFinder
) -> RecordedAnswer:
    is_shown = not is_cry_for_help(index, explanation)
    notices = finder.find(question, index.encoder.encode)
    return RecordedAnswer(
        question=question,
        outcome=explanation.outcome if is_shown else Outcome.NOT_COVERED,
        route=explanation.route if is_shown else None,
        passages=tuple(one.id for one in explanation.candidates[:DEFAULT_K] if is_shown),
        notices=tuple(notice.group for notice in notices),
    )
