"""The question bank as a search uses it: what the labels of similar questions predict."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from core.models.kernel_ridge import KernelRidge, fit_kernel_ridge
from core.text.tokens import content_stems
from core.types import BankRow, BankRowKind
from index.intent.aspects import is_caution

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from numpy.typing import NDArray

# Chosen by cross-validation on the bank; see docs/evaluation.md for the figures.
_SECTION_SHARPNESS, _SECTION_RIDGE = 1.0, 0.05
_OUTCOME_SHARPNESS, _OUTCOME_RIDGE = 2.0, 0.3
# From this cosine on, two questions differ in hardly a word.
DUPLICATE_COSINE = 0.9


@dataclass(frozen=True, slots=True)
class Bank:
    """Labelled rows and the kernel ridge models fitted on them.

    `answerable` and `questions` are masks over the rows: bool, shape (rows,). `section_votes` is
    fitted on the answerable questions, with an output for each of `sections`; `outcome_votes` on
    all rows, with an output for "answerable" and then each of `routes`. Without rows both are None.
    `topics` are the content stems of each row. `vectors` are the unit vectors of the rows in the
    form of queries: float32, shape (rows, dimension). Every query is compared with all of them, so
    they are not kept with the vectors of passages, which may be on another machine.
    """

    rows: Sequence[BankRow]
    answerable: NDArray[np.bool_]
    questions: NDArray[np.bool_]
    sections: tuple[str, ...]
    routes: tuple[str, ...]
    section_votes: KernelRidge | None
    outcome_votes: KernelRidge | None
    topics: tuple[frozenset[str], ...]
    vectors: NDArray[np.float32]

    def similarities(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the cosines of a query, (dimension,), to the rows: float32, shape (rows,)."""
        return self.vectors @ vector

    def predict_outcomes(self, similarities: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return the predictions for "answerable" and each route: (1 + routes,), 0 without rows."""
        return self.outcome_votes.predict(similarities) if self.outcome_votes else np.zeros(1)

    @property
    def voters(self) -> NDArray[np.bool_]:
        """The rows that `section_votes` is fitted on: the answerable questions.

        Words of the vocabulary are not among them: a section with a term need not be about it.
        """
        return self.answerable & self.questions


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The predictions for each row by all other rows, for the calibration.

    `section_votes` has shape (voters, sections), `outcome_votes` (rows, 1 + routes).
    """

    section_votes: NDArray[np.float64]
    outcome_votes: NDArray[np.float64]


def fit_bank(rows: Sequence[BankRow], vectors: NDArray[np.float32]) -> tuple[Bank, LeftOut]:
    """Fit the bank on labelled rows and their unit vectors: float32, shape (rows, dimension)."""
    bank = _unfitted(rows, vectors)
    if not rows:
        return bank, LeftOut(np.zeros((0, 0)), np.zeros((0, 1)))
    similarities = vectors @ vectors.T
    by_section = np.zeros((len(rows), len(bank.sections)))
    by_outcome = np.zeros((len(rows), 1 + len(bank.routes)))
    for i, row in enumerate(rows):
        by_section[i] = [name in row.sections for name in bank.sections]
        by_outcome[i] = [bool(row.sections), *(row.route == name for name in bank.routes)]
    section_votes, section_left_out = fit_kernel_ridge(
        similarities[np.ix_(bank.voters, bank.voters)],
        by_section[bank.voters],
        sharpness=_SECTION_SHARPNESS,
        ridge=_SECTION_RIDGE,
    )
    outcome_votes, outcome_left_out = fit_kernel_ridge(
        similarities, by_outcome, sharpness=_OUTCOME_SHARPNESS, ridge=_OUTCOME_RIDGE
    )
    fitted = replace(bank, section_votes=section_votes, outcome_votes=outcome_votes)
    return fitted, LeftOut(section_left_out, outcome_left_out)


def _unfitted(rows: Sequence[BankRow], vectors: NDArray[np.float32]) -> Bank:
    questions = np.array([row.kind is BankRowKind.QUESTION for row in rows], dtype=bool)
    named = (row.sections for row in rows if row.kind is BankRowKind.QUESTION)
    return Bank(
        rows=rows,
        answerable=np.array([bool(row.sections) for row in rows], dtype=bool),
        questions=questions,
        sections=tuple(sorted({section for sections in named for section in sections})),
        routes=tuple(sorted({row.route for row in rows if row.route})),
        section_votes=None,
        outcome_votes=None,
        topics=tuple(content_stems(row.text) for row in rows),
        vectors=vectors,
    )


def section_boosts(bank: Bank, similarities: NDArray[np.floating]) -> dict[str, float]:
    """Return the boost of each section of the bank, positive or negative.

    A boost is the prediction for the section less the mean target of all sections: a section with
    many questions keeps its advantage over sections with few, and the size of the bank is no
    disadvantage for the sections that it does not name, whose boost is 0. `similarities` are the
    cosines of a query to all rows, shape (rows,).
    """
    if bank.section_votes is None or not bank.sections:
        return {}
    votes = bank.section_votes.predict(similarities[bank.voters])
    boosts = votes - bank.section_votes.means.mean()
    return dict(zip(bank.sections, map(float, boosts), strict=True))


def find_label(
    bank: Bank,
    similarities: NDArray[np.floating],
    normalized: str,
    subject: Collection[str],
    *,
    asks_caution: bool,
) -> BankRow | None:
    """Return the row of the bank that asks the same as a normalised question, None without one.

    A row with a card matches when it is the nearest of all and nearly identical, or when the
    question has all its stems and besides them only stems of the `subject` of the articles ("side
    effects", asked as "what are the side effects of dry needling?"). A row with sections matches
    when it is nearly identical and has the same stems besides the subject: "does it help an elbow"
    is near to "does it help a knee". Of several matches, labels with a section come first, then
    labels with a card, then the words of the cards. A question of caution, by its words, matches
    only questions of caution ("who should have it", "who should not have it").
    """
    if not len(bank.rows):
        return None
    words, about = content_stems(normalized), frozenset(subject)
    near, nearest = similarities >= DUPLICATE_COSINE, int(np.argmax(similarities))
    same = [
        row
        for row in np.flatnonzero(near & bank.answerable & bank.questions).tolist()
        if bank.topics[row] - about == words - about
    ]
    if near[nearest] and not bank.answerable[nearest]:
        same.append(nearest)
    same += [
        row
        for row in np.flatnonzero(~bank.answerable).tolist()
        if bank.topics[row] <= words <= bank.topics[row] | about and bank.topics[row] - about
    ]
    found = [row for row in same if _row_asks_caution(bank.rows[row].text) == asks_caution]
    order = list(BankRowKind)
    best = min(
        found,
        key=lambda row: (
            not bank.answerable[row],
            order.index(bank.rows[row].kind),
            -similarities[row],
            row,
        ),
        default=None,
    )
    return None if best is None else bank.rows[best]


@lru_cache(maxsize=4096)  # only rows of the bank; no question may be cached
def _row_asks_caution(text: str) -> bool:
    return is_caution(text)


def best_route(bank: Bank, outcome_votes: NDArray[np.float64]) -> str | None:
    """Return the route card with the most votes, or None when there is none."""
    if not bank.routes:
        return None
    return bank.routes[int(np.argmax(outcome_votes[1:]))]


def write_votes(bank: Bank, path: Path) -> None:
    """Write the vectors and the fitted models; the rows are written as a table."""
    arrays: dict[str, NDArray[np.floating]] = {"vectors": bank.vectors}
    for name, votes in (("section", bank.section_votes), ("outcome", bank.outcome_votes)):
        if votes is not None:
            arrays[f"{name}_coefficients"] = votes.coefficients
            arrays[f"{name}_means"] = votes.means
    with path.open("wb") as stream:
        np.savez(stream, allow_pickle=False, **arrays)


def read_votes(path: Path, rows: Sequence[BankRow]) -> Bank:
    """Read what `write_votes` wrote for these rows."""
    # Opened here, because numpy leaves a damaged file open.
    with path.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
        return replace(
            _unfitted(rows, arrays["vectors"]),
            section_votes=_votes(arrays, "section", _SECTION_SHARPNESS),
            outcome_votes=_votes(arrays, "outcome", _OUTCOME_SHARPNESS),
        )


def _votes(arrays: Mapping[str, Any], name: str, sharpness: float) -> KernelRidge | None:
    if f"{name}_means" not in arrays:
        return None
    return KernelRidge(arrays[f"{name}_coefficients"], arrays[f"{name}_means"], sharpness)
