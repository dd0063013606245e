"""Everything that labels what patients say, as rows of the bank: questions, vocabulary, routes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from core.findings import Finding
from core.ids import article_of
from core.text.normalize import has_words
from core.text.tokens import words_of
from core.types import BankRow, BankRowKind, Passage
from index.bank.bank import DUPLICATE_COSINE, Bank
from index.bank.question_bank import BankQuestion
from index.bank.route_cards import FILE_NAME as ROUTES
from index.bank.route_cards import Route
from index.bank.vocabulary import Term

# A term that stands in more sections than this says little about which of them is meant.
_MOST_SECTIONS = 3


def bank_rows(
    questions: Iterable[BankQuestion],
    terms: Iterable[Term],
    routes: Iterable[Route],
    passages: Sequence[Passage],
) -> list[BankRow]:
    """Return the rows in a stable order: questions, vocabulary, then what route cards are for.

    Patients' words for a clinical term are answerable by the sections that hold the term.
    """
    rows = [
        BankRow(q.question, BankRowKind.QUESTION, q.sections, q.route)
        for q in questions
        if has_words(q.question)  # others are turned away before anything is searched
    ]
    labelled = {article_of(section) for row in rows for section in row.sections}
    words = [
        (p.section_id, [w.stem for w in words_of(p.text)])
        for p in passages
        if p.article_id in labelled
    ]
    for term in terms:
        sections = tuple(
            dict.fromkeys(
                section
                for section, stems in words
                if any(_holds(stems, phrase) for phrase in term.clinical)
            )
        )
        if 0 < len(sections) <= _MOST_SECTIONS:
            rows += [BankRow(p, BankRowKind.VOCABULARY, sections) for p in term.lay]
    for route in routes:
        rows += [BankRow(ask, BankRowKind.ROUTE, (), route.id) for ask in route.asks]
    return rows


def card_conflicts(bank: Bank) -> tuple[Finding, ...]:
    """Name the phrases of cards that ask what a question labelled with a section asks.

    The section answers such a question, whatever the card says, so the phrase is of no use.
    """
    rows = [row for row, one in enumerate(bank.rows) if one.kind is BankRowKind.ROUTE]
    labelled = np.flatnonzero(bank.answerable & bank.questions)
    found = []
    for row in rows if len(labelled) else ():
        near = bank.similarities(bank.vectors[row])[labelled]
        nearest = bank.rows[int(labelled[near.argmax()])]
        if near.max() >= DUPLICATE_COSINE:
            card = bank.rows[row]
            problem = (
                f'card "{card.route}" asks "{card.text}", which questions.csv labels with '
                f"{nearest.sections[0]}: that section answers it. Delete the phrase from the card."
            )
            found.append(Finding("warning", "calibrate", problem, source=ROUTES, where=ROUTES))
    return tuple(found)


def _holds(stems: Sequence[str], phrase: str) -> bool:
    wanted = [w.stem for w in words_of(phrase)]
    size = len(wanted)
    return any(list(stems[i : i + size]) == wanted for i in range(len(stems) - size + 1))
