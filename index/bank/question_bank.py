"""The question bank, `content/questions.csv`: read and checked, every row or an error."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from core.errors import ContentError
from core.files.csv_table import (
    CsvTable,
    find_duplicates,
    one_line,
    parse_rows,
    raise_all,
    read_rows,
    read_text,
    split_cell,
)
from core.ids import article_of, present_id
from core.text.tokens import words_of

FILE_NAME = "questions.csv"
COLUMNS = ("question", "answers", "route", "note")


@dataclass(frozen=True, slots=True)
class BankQuestion:
    """One row: a question as a patient would type it, and what serves it.

    Either `sections` (ids of sections, any of which answers it) or `route` (the id of a route
    card) is given, never both. `line` is the row's line in the file, for messages.
    """

    question: str
    sections: tuple[str, ...]
    route: str | None
    line: int

    @property
    def answerable(self) -> bool:
        """Say whether a section of the content answers the question."""
        return bool(self.sections)


@dataclass(frozen=True, slots=True)
class BankRead:
    """The rows that can be taken, in their order, and an error for each label that waits.

    A label waits for an article that is not there: withdrawn, refused or not written yet. Nothing
    may stand in the way of taking an article out, and a bad article stops no other one.
    """

    questions: Sequence[BankQuestion] = field(default_factory=list)
    waiting: Sequence[ContentError] = field(default_factory=list)


def bank_table(content: Path) -> CsvTable:
    """Say where the bank of a content folder lies and what its columns are."""
    return CsvTable(content / FILE_NAME, "the question bank", COLUMNS)


def read_question_bank(
    content: Path,
    *,
    sections: Collection[str],
    routes: Collection[str],
    former: Mapping[str, str] | None = None,
) -> BankRead:
    """Read the bank from the content folder as `check_question_bank` does; no file, no rows."""
    table = bank_table(content)
    text = read_text(table)
    if text is None:
        return BankRead()
    return check_question_bank(text, table, sections=sections, routes=routes, former=former)


def check_question_bank(
    text: str,
    table: CsvTable,
    *,
    sections: Collection[str],
    routes: Collection[str],
    former: Mapping[str, str] | None = None,
) -> BankRead:
    """Return the rows of a bank's text.

    `former` maps earlier ids of articles to those of today. Raises ContentError naming every row
    that cannot be taken: a section that does not exist in an article that does, a route that does
    not exist, both or neither of them, no question, or the same question twice.
    """
    known = _Known(sections, {article_of(s) for s in sections}, routes, former or {})
    waiting: list[ContentError] = []

    def take(row: dict[str, str], line: int) -> BankQuestion | None:
        checked = _checked(row, line, table, known)
        there = tuple(a for a in checked.sections if a in sections)
        waiting.extend(
            _waits(f"{table.path}, line {line}", a, checked.question, known.articles)
            for a in checked.sections
            if a not in there
        )
        return replace(checked, sections=there) if there or checked.route else None

    rows, errors = parse_rows(table, text, take, is_header=_is_header)
    raise_all([*errors, *_repeated(rows, table)])
    return BankRead(rows, waiting)


def labelled_sections(content: Path) -> frozenset[str]:
    """Return the ids that the bank's file names as answers, whether they exist or not.

    A file that cannot be read names none: what is wrong with it is said where it is read.
    """
    named: list[str] = []

    def take(row: dict[str, str], _line: int) -> None:
        named.extend(split_cell(row.get("answers", "")))

    try:
        read_rows(bank_table(content), take, is_header=_is_header)
    except ContentError:
        return frozenset()
    return frozenset(named)


def questions_by_route(content: Path) -> Counter[str]:
    """Count the rows of the bank's file, as it is now, that lead to each route card.

    Raises ContentError when that cannot be said: an unreadable file, other columns, a bad row.
    """
    counts: Counter[str] = Counter()

    def take(row: dict[str, str], _line: int) -> None:
        counts[row["route"]] += bool(row["route"])

    _, errors = read_rows(bank_table(content), take, is_header=_is_header)
    raise_all(errors)
    return +counts


def words_as_asked(question: str) -> tuple[str, ...]:
    """Return what makes a question another one: case, punctuation and spaces do not."""
    words = (question[w.start : w.end].casefold() for w in words_of(question))
    return tuple(words) or (question,)


def nearest(what: str, wrong: str, known: Collection[str]) -> str:
    """Return what was expected, with the one of those known that was probably meant."""
    import difflib

    close = difflib.get_close_matches(wrong, sorted(known), n=1, cutoff=0.0)
    return f"{what}, perhaps {close[0]}" if close else what


def _is_header(header: list[str]) -> bool:
    return header[:2] == list(COLUMNS[:2]) and set(header) <= set(COLUMNS)


@dataclass(frozen=True, slots=True)
class _Known:
    sections: Collection[str]
    articles: Collection[str]
    routes: Collection[str]
    former: Mapping[str, str]

    def waits(self, section: str) -> bool:
        """Say whether the id of a section names an article that is not there."""
        return "#" in section and article_of(section) not in self.articles

    def today(self, section: str) -> str:
        """Return the id that a section has since its article's file got another name."""
        renamed = present_id(section, self.former)
        return renamed if section not in self.sections and renamed in self.sections else section


def _checked(row: dict[str, str], line: int, table: CsvTable, known: _Known) -> BankQuestion:
    where = f"line {line}"
    question = one_line(row["question"])
    answers = tuple(dict.fromkeys(map(known.today, split_cell(row["answers"]))))
    route = row["route"] or None
    if not question:
        raise table.wrong(where, "a question", repr(row["question"]))
    for answer in answers:
        if answer not in known.sections and not known.waits(answer):
            raise table.wrong(
                where,
                nearest("the id of a section", answer, known.sections),
                f"unknown section {answer}",
            )
    if route is not None and route not in known.routes:
        raise table.wrong(
            where,
            nearest("the id of a route card", route, known.routes),
            f"unknown route {route}",
        )
    if bool(answers) == (route is not None):
        found = "both" if answers else "neither"
        raise table.wrong(where, "either answers or a route", f"{found}, for: {question}")
    return BankQuestion(question, answers, route, line)


def _waits(where: str, section: str, question: str, articles: Collection[str]) -> ContentError:
    return ContentError(
        "A question of the bank names an article that is not there; this label is left out.",
        where=where,
        expected=nearest("the id of an article", article_of(section), articles),
        found=f"{section}, for: {question}",
        fix="put the article back or correct the row, then run: python -m ingest",
    )


def _repeated(rows: Iterable[BankQuestion], table: CsvTable) -> Iterator[ContentError]:
    for other, row in find_duplicates(rows, lambda row: words_as_asked(row.question)):
        same = (set(other.sections), other.route) == (set(row.sections), row.route)
        said = "the same question twice" if same else "two answers to one question"
        yield table.wrong(
            f"lines {other.line} and {row.line}", "each question once", f"{said}: {row.question}"
        )
