"""The question bank as a search uses it: how alike a query is to what was labelled before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.types import BankRow, BankRowKind
from index.votes import Votes, fit_votes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from numpy.typing import NDArray

OFF_TOPIC = "off-topic"
# Chosen by cross-validation on the bank; see docs/evaluation.md for the figures.
_SECTION_SHARPNESS, _SECTION_RIDGE = 1.0, 0.05
_OUTCOME_SHARPNESS, _OUTCOME_RIDGE = 2.0, 0.3


@dataclass(frozen=True, slots=True)
class Bank:
    """Labelled rows and what was learned from them.

    `answerable` and `questions` are masks over the rows: bool, shape (rows,). `section_votes` are
    fitted on the answerable rows for `sections`; `outcome_votes` on all rows for "answerable" and
    then each of `routes`. With no rows at all both votes are None.
    """

    rows: Sequence[BankRow]
    answerable: NDArray[np.bool_]
    questions: NDArray[np.bool_]
    sections: tuple[str, ...]
    routes: tuple[str, ...]
    section_votes: Votes | None
    outcome_votes: Votes | None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What the bank says of its own rows when each is left out: used for calibration.

    `section_votes` has shape (answerable rows, sections), `outcome_votes` (rows, 1 + routes).
    """

    section_votes: NDArray[np.float64]
    outcome_votes: NDArray[np.float64]


def fit_bank(rows: Sequence[BankRow], similarities: NDArray[np.floating]) -> tuple[Bank, LeftOut]:
    """Learn from labelled rows; `similarities` are the cosines between them, (rows, rows)."""
    answerable = np.array([bool(row.sections) for row in rows], dtype=bool)
    questions = np.array([row.kind is BankRowKind.QUESTION for row in rows], dtype=bool)
    sections = tuple(sorted({name for row in rows for name in row.sections}))
    routes = tuple(sorted({row.route for row in rows if row.route}))
    if not rows:
        empty = Bank(rows, answerable, questions, (), (), None, None)
        return empty, LeftOut(np.zeros((0, 0)), np.zeros((0, 1)))
    by_section = np.array([[name in row.sections for name in sections] for row in rows], float)
    by_section = by_section.reshape(len(rows), len(sections))  # also without a single section
    inside = np.ix_(answerable, answerable)
    section_votes, section_left_out = fit_votes(
        similarities[inside],
        by_section[answerable],
        sharpness=_SECTION_SHARPNESS,
        ridge=_SECTION_RIDGE,
    )
    by_outcome = np.array([[bool(row.sections), *(row.route == r for r in routes)] for row in rows])
    outcome_votes, outcome_left_out = fit_votes(
        similarities,
        by_outcome.astype(float),
        sharpness=_OUTCOME_SHARPNESS,
        ridge=_OUTCOME_RIDGE,
    )
    bank = Bank(rows, answerable, questions, sections, routes, section_votes, outcome_votes)
    return bank, LeftOut(section_left_out, outcome_left_out)


def section_gains(bank: Bank, similarities: NDArray[np.floating]) -> dict[str, float]:
    """Return what the bank speaks for each section, above the usual: only sections it favours.

    `similarities` are cosines of one query to all rows, shape (rows,).
    """
    if bank.section_votes is None or not bank.sections:
        return {}
    votes = bank.section_votes.cast(similarities[bank.answerable])
    return gains_of(votes, bank.section_votes.means, bank.sections)


def gains_of(
    votes: NDArray[np.float64], means: NDArray[np.float64], sections: Sequence[str]
) -> dict[str, float]:
    """Return votes above their mean by section; a bank's favourites get no head start."""
    above = votes - means
    return {name: float(gain) for name, gain in zip(sections, above, strict=True) if gain > 0}


def best_route(bank: Bank, outcome_votes: NDArray[np.float64]) -> str | None:
    """Return the route card with the most votes, or None when there is none."""
    if not bank.routes:
        return None
    return bank.routes[int(np.argmax(outcome_votes[1:]))]


def write_votes(bank: Bank, path: Path) -> None:
    """Write what was learned as arrays; the rows themselves are a table of their own."""
    arrays = {}
    for name, votes in (("section", bank.section_votes), ("outcome", bank.outcome_votes)):
        if votes is not None:
            arrays[f"{name}_coefficients"] = votes.coefficients
            arrays[f"{name}_means"] = votes.means
    names = {"sections": np.array(bank.sections, dtype=str), "routes": np.array(bank.routes, str)}
    with path.open("wb") as stream:
        np.savez(stream, allow_pickle=False, **names, **arrays)


def read_votes(path: Path, rows: Sequence[BankRow]) -> Bank:
    """Read what `write_votes` wrote for these rows."""
    # Opened here: numpy leaves a damaged file open.
    with path.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
        return Bank(
            rows=rows,
            answerable=np.array([bool(row.sections) for row in rows], dtype=bool),
            questions=np.array([row.kind is BankRowKind.QUESTION for row in rows], dtype=bool),
            sections=tuple(arrays["sections"].tolist()),
            routes=tuple(arrays["routes"].tolist()),
            section_votes=_votes(arrays, "section", _SECTION_SHARPNESS),
            outcome_votes=_votes(arrays, "outcome", _OUTCOME_SHARPNESS),
        )


def _votes(arrays: Mapping[str, Any], name: str, sharpness: float) -> Votes | None:
    if f"{name}_means" not in arrays:
        return None
    return Votes(arrays[f"{name}_coefficients"], arrays[f"{name}_means"], sharpness)
