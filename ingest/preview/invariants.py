"""Reads the invariants in `content/invariants.csv`, and checks them by searching."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import ContentError
from core.files.csv_table import (
    CsvTable,
    find_duplicates,
    raise_all,
    read_rows,
    split_cell,
)
from core.ids import article_of, present_id, section_of
from core.text.characters import collapse_spaces
from core.types import Outcome
from index.bank.absent import absent_warning, speller_of
from index.bank.question_bank import expected_like, question_key, section_ids
from index.preview.types import FailedInvariant
from ingest.build.bank_answers import answer_bank

if TYPE_CHECKING:
    from core.findings import Finding
    from core.types import RecordedAnswer
    from index.store.opened import OpenIndex
    from safety.notices.finder import NoticeFinder

FILE_NAME = "invariants.csv"
COLUMNS = ("question", "section", "outcome", "notice", "note")
_AMONG = 3
# In the column `notice`: no notice that asks to act.
NO_NOTICE = "none"
_OUTCOMES = {
    "": (),
    **{outcome.value: (outcome,) for outcome in Outcome},
    "not answer": (Outcome.RELATED, Outcome.NOT_COVERED),
}


@dataclass(frozen=True, slots=True)
class Invariant:
    """One row: a question, and what must hold of its answer; what is empty may be anything.

    One of `sections` must be among the first three results, the outcome one of `outcomes`, and
    `notice` must be raised. `line` is the row's line in the file, for messages.
    """

    question: str
    sections: tuple[str, ...]
    outcomes: tuple[Outcome, ...]
    notice: str
    line: int


def read_invariants(content: Path) -> tuple[Invariant, ...]:
    """Read the invariants from the content folder; none when the file is missing.

    Raises ContentError naming every wrong row: no question, no condition, an unknown outcome, or a
    repeated question. A section or notice that does not exist is no such error: an invariant is
    there to find it, unless its whole article is gone (`absent_articles`).
    """
    table = CsvTable(content / FILE_NAME, "the invariants", COLUMNS)
    rows, errors = read_rows(
        table, lambda row, line: _checked(row, line, table), is_header=_is_header
    )
    errors += (
        table.wrong(f"lines {other.line} and {row.line}", "each question once", row.question)
        for other, row in find_duplicates(rows, lambda row: question_key(row.question))
    )
    raise_all(errors)
    return tuple(rows)


def check_invariants(
    index: OpenIndex, invariants: Sequence[Invariant], finder: NoticeFinder
) -> list[FailedInvariant]:
    """Ask an index the question of every invariant; return those that do not hold, in order."""
    asked = answer_bank(
        index, [invariant.question for invariant in invariants], finder, _no_progress
    )
    sections = set(section_ids(index.articles.values()))
    known = _Known(sections, index.manifest.renamed_from, finder)
    absent = absent_articles(invariants, index.articles, known.former)
    is_about_others = _is_about_others(invariants, absent)
    return [
        failed
        for invariant, answer in zip(invariants, asked, strict=True)
        if (failed := _failed(_without(invariant, absent, is_about_others), answer, known))
    ]


def absent_articles(
    invariants: Iterable[Invariant], articles: Collection[str], former: Mapping[str, str]
) -> dict[str, list[int]]:
    """Return the lines of invariants that name articles which do not exist, by these articles.

    A spelling mistake is none of them: that invariant fails. `former` maps earlier ids of articles
    to the present ones.
    """
    absent: dict[str, list[int]] = {}
    meant = speller_of(articles)
    for invariant in invariants:
        for section in invariant.sections:
            article = article_of(present_id(section, former))
            if article in articles or "#" not in section or meant(article):
                continue
            absent.setdefault(article_of(section), []).append(invariant.line)
    return absent


def invariants_warnings(
    content: Path, articles: Collection[str], former: Mapping[str, str]
) -> list[Finding]:
    """Return the warning about invariants of articles which do not exist, if there are any.

    A file that cannot be read has none here: whoever checks the invariants reports it.
    """
    try:
        invariants = read_invariants(content)
    except ContentError:
        return []
    absent = absent_articles(invariants, articles, former)
    if not absent:
        return []
    warning = absent_warning(FILE_NAME, absent)
    if _is_about_others(invariants, absent):
        more = " So is the outcome in all other rows: none names an article that exists."
        warning = replace(warning, problem=warning.problem + more)
    return [warning]


def _is_about_others(invariants: Iterable[Invariant], absent: Collection[str]) -> bool:
    """Say whether a file names only articles that do not exist.

    It then says nothing about what the articles answer which do.
    """
    named = {article_of(section) for one in invariants for section in one.sections}
    return bool(named) and named <= set(absent)


def _without(
    invariant: Invariant, absent: Mapping[str, Sequence[int]], is_about_others: bool
) -> Invariant:
    """Return what an invariant still says, once what it says of absent articles is left aside."""
    sections = tuple(s for s in invariant.sections if article_of(s) not in absent)
    if is_about_others or (invariant.sections and not sections):
        return replace(invariant, sections=(), outcomes=())
    return replace(invariant, sections=sections)


@dataclass(frozen=True, slots=True)
class _Known:
    sections: Collection[str]
    former: Mapping[str, str]
    finder: NoticeFinder

    def acts(self, group: str) -> bool:
        return self.finder.flags.groups[group].level.asks_to_act


def _no_progress(items: Iterable[Any], total: int, what: str) -> Iterable[Any]:  # noqa: ARG001
    return items


def _checked(row: dict[str, str], line: int, table: CsvTable) -> Invariant:
    where = f"line {line}"
    question = collapse_spaces(row["question"])
    sections = split_cell(row["section"])
    outcome = collapse_spaces(row["outcome"])
    if not question:
        raise table.wrong(where, "a question", repr(row["question"]))
    if outcome not in _OUTCOMES:
        names = ", ".join(filter(None, _OUTCOMES))
        raise table.wrong(where, f"outcome: one of {names}", outcome)
    if not (sections or outcome or row["notice"]):
        raise table.wrong(where, "a section, an outcome or a notice", f"none, for: {question}")
    return Invariant(question, sections, _OUTCOMES[outcome], row["notice"], line)


def _is_header(header: list[str]) -> bool:
    return header[:1] == ["question"] and set(header) <= set(COLUMNS) and len(header) > 1


def _failed(invariant: Invariant, answer: RecordedAnswer, known: _Known) -> FailedInvariant | None:
    wrong = [
        *_section(invariant, answer, known),
        *_outcome(invariant, answer),
        *_notice(invariant, answer, known),
    ]
    if not wrong:
        return None
    expected, found = zip(*wrong, strict=True)
    return FailedInvariant(
        invariant.question, invariant.line, "; ".join(expected), "; ".join(found)
    )


def _section(
    invariant: Invariant, answer: RecordedAnswer, known: _Known
) -> Iterable[tuple[str, str]]:
    sections = [present_id(section, known.former) for section in invariant.sections]
    first = list(dict.fromkeys(section_of(p) for p in answer.passages[:_AMONG]))
    if not sections or set(sections) & set(first):
        return
    expected = f"{' or '.join(sections)} among the first three results"
    gone = [section for section in sections if section not in known.sections]
    if gone:
        yield expected, expected_like(f"there is no section {gone[0]}", gone[0], known.sections)
    else:
        yield expected, ", ".join(first) or "no result"


def _outcome(invariant: Invariant, answer: RecordedAnswer) -> Iterable[tuple[str, str]]:
    if invariant.outcomes and answer.outcome not in invariant.outcomes:
        yield f"outcome {' or '.join(invariant.outcomes)}", f"outcome {answer.outcome}"


def _notice(
    invariant: Invariant, answer: RecordedAnswer, known: _Known
) -> Iterable[tuple[str, str]]:
    if invariant.notice == NO_NOTICE:
        acting = [group for group in answer.notices if known.acts(group)]
        if acting:
            yield "no notice that asks to act", f"notice {', '.join(acting)}"
    elif invariant.notice and invariant.notice not in answer.notices:
        groups = known.finder.flags.groups
        if invariant.notice in groups:
            yield f"notice {invariant.notice}", f"notice {', '.join(answer.notices) or 'none'}"
        else:
            there_is_none = f"there is no notice {invariant.notice}"
            yield (
                f"notice {invariant.notice}",
                expected_like(there_is_none, invariant.notice, groups),
            )
