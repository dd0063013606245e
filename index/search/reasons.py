"""Why a passage is a result: a question of the bank that is like the query, or one of its views."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.types import BankRow, BankRowKind, MatchedView, Passage, ViewKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from index.bank.bank import Bank
    from index.search.ranking import Candidate
    from index.store.opened import OpenIndex

# From this cosine on, a question of the bank is named as the reason for a result.
_REASON_COSINE = 0.6


def nearest_questions(bank: Bank, similarities: NDArray[np.floating]) -> list[BankRow]:
    """Return up to three questions of the bank that are much like the query, nearest first."""
    nearest = np.argsort(-similarities, kind="stable")[:3]
    rows = [bank.rows[row] for row in nearest if similarities[row] >= _REASON_COSINE]
    return [row for row in rows if row.kind is BankRowKind.QUESTION]


def bank_reason(section: str, nearest: Sequence[BankRow]) -> MatchedView | None:
    """Return the similar question that the bank labels with this section, None without one."""
    text = next((row.text for row in nearest if section in row.sections), None)
    return MatchedView(ViewKind.QUESTION, text) if text else None


def own_reason(index: OpenIndex, candidate: Candidate, passage: Passage) -> MatchedView:
    """Return the view of a passage that is nearest to the query."""
    # Of equally similar views the most specific: a sentence before a heading before the text.
    kinds = index.view_columns[candidate.rows]
    top = max(range(len(kinds)), key=lambda i: (candidate.similarities[i], kinds[i]))
    view = index.views[int(candidate.rows[top])]
    texts = {ViewKind.TEXT: passage.text, ViewKind.SENTENCE: view.text}
    return MatchedView(view.kind, texts.get(view.kind, passage.heading))
