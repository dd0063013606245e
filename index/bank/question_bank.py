"""Read and check the question bank, `content/questions.csv`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import ContentError
from core.files.csv_table import (
    CsvTable,
    find_duplicates,
    parse_rows,
    raise_all,
    read_rows,
    read_text,
    split_cell,
)
from core.ids import article_of, present_id
from core.text.characters import collapse_spaces
from core.text.tokens import words_of
from index.bank.absent import speller_of

if TYPE_CHECKING:
    from core.types import Article
    from index.store.outlines import Outline

FILE_NAME = "questions.csv"
COLUMNS = ("question", "answers", "route", "note")


@dataclass(frozen=True, slots=True)
class BankQuestion:
    """A row: a question as a patient types it, with its label.

    The label is either `sections` (ids of sections, each of which answers it) or `route` (the id
    of a route card). `line` is the row's line in the file, for messages.
    """

    question: str
    sections: tuple[str, ...]
    route: str | None
    line: int

    @property
    def answerable(self) -> bool:
        """Whether a section of the content answers the question."""
        return bool(self.sections)


@dataclass(frozen=True, slots=True)
class BankRead:
    """The valid rows, in their order, and what became of labels without an article.

    `absent` has the lines of rows that name articles which do not exist, by the articles' ids: they
    are withdrawn, refused or not written yet. It must be possible to withdraw any article, and a
    bad article must not stop the others, so this is no error. `misspelt` has an error for each
    label whose article exists under nearly that id.
    """

    questions: Sequence[BankQuestion] = field(default_factory=list)
    misspelt: Sequence[ContentError] = field(default_factory=list)
    absent: Mapping[str, Sequence[int]] = field(default_factory=dict)

    @property
    def waiting(self) -> int:
        """How many labels are left aside until their articles are there."""
        return len(self.misspelt) + sum(map(len, self.absent.values()))


def section_ids(articles: Iterable[Article | Outline]) -> list[str]:
    """Return the ids of all sections of some articles, in their order: what a label may name."""
    return [section.id for article in articles for section in article.sections]


def bank_table(content: Path) -> CsvTable:
    """Describe the bank's file in a content folder: its path, name and columns."""
    return CsvTable(content / FILE_NAME, "the question bank", COLUMNS)


def read_question_bank(
    content: Path,
    *,
    sections: Collection[str],
    routes: Collection[str],
    former: Mapping[str, str] | None = None,
) -> BankRead:
    """Read and check the bank of a content folder; without the file it has no rows.

    Raises the errors of `check_question_bank`.
    """
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

    `former` maps earlier ids of articles to their present ids. Raises ContentError naming every bad
    row: an unknown section of an existing article, an unknown route, both or neither of them, no
    question, or the same question twice.
    """
    known = _Known(sections, {article_of(s) for s in sections}, routes, former or {})
    wrong: list[ContentError] = []
    absent: dict[str, list[int]] = {}
    meant = speller_of(known.articles)

    def parse(row: dict[str, str], line: int) -> BankQuestion | None:
        checked = _checked(row, line, table, known)
        existing = tuple(section for section in checked.sections if section in sections)
        for section in checked.sections:
            if section in existing:
                continue
            if article := meant(article_of(section)):
                where = f"{table.path}, line {line}"
                wrong.append(_misspelt(where, section, checked.question, article))
            else:
                absent.setdefault(article_of(section), []).append(line)
        return replace(checked, sections=existing) if existing or checked.route else None

    rows, errors = parse_rows(table, text, parse, is_header=_is_header)
    raise_all([*errors, *_repeated(rows, table)])
    return BankRead(rows, wrong, absent)


def labelled_sections(content: Path) -> frozenset[str]:
    """Return the ids that the bank's file names as answers, existing or not; none when unreadable.

    `read_question_bank` reports the errors of the file.
    """
    sections: set[str] = set()

    def parse(row: dict[str, str], _line: int) -> None:
        sections.update(split_cell(row.get("answers", "")))

    try:
        read_rows(bank_table(content), parse, is_header=_is_header)
    except ContentError:
        return frozenset()
    return frozenset(sections)


def questions_by_route(content: Path) -> Counter[str]:
    """Count the rows of the bank's present file that lead to each route card.

    Raises ContentError for an unreadable file, other columns or a bad row.
    """
    counts: Counter[str] = Counter()

    def parse(row: dict[str, str], _line: int) -> None:
        counts[row["route"]] += bool(row["route"])

    _, errors = read_rows(bank_table(content), parse, is_header=_is_header)
    raise_all(errors)
    return +counts


def question_key(question: str) -> tuple[str, ...]:
    """Return a question's words without case and punctuation: equal for the same question."""
    words = (question[w.start : w.end].casefold() for w in words_of(question))
    return tuple(words) or (question,)


def expected_like(what: str, wrong: str, known: Collection[str]) -> str:
    """Return `what` was expected, and the known text that is most like the wrong one."""
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
        """Say whether the id of a section names an article that does not exist."""
        return "#" in section and article_of(section) not in self.articles

    def present_id(self, section: str) -> str:
        """Return the id that a section has since its article's file was renamed."""
        renamed = present_id(section, self.former)
        return renamed if section not in self.sections and renamed in self.sections else section


def _checked(row: dict[str, str], line: int, table: CsvTable, known: _Known) -> BankQuestion:
    where = f"line {line}"
    question = collapse_spaces(row["question"])
    answers = tuple(dict.fromkeys(map(known.present_id, split_cell(row["answers"]))))
    route = row["route"] or None
    if not question:
        raise table.wrong(where, "a question", repr(row["question"]))
    for answer in answers:
        if answer not in known.sections and not known.waits(answer):
            raise table.wrong(
                where,
                expected_like("the id of a section", answer, known.sections),
                f"unknown section {answer}",
            )
    if route is not None and route not in known.routes:
        raise table.wrong(
            where,
            expected_like("the id of a route card", route, known.routes),
            f"unknown route {route}",
        )
    if bool(answers) == (route is not None):
        found = "both" if answers else "neither"
        raise table.wrong(where, "either answers or a route", f"{found}, for: {question}")
    return BankQuestion(question, answers, route, line)


def _misspelt(where: str, section: str, question: str, article: str) -> ContentError:
    return ContentError(
        "A question of the bank names an article that does not exist; this label is left out.",
        where=where,
        expected=f"the id of an article, perhaps {article}",
        found=f"{section}, for: {question}",
        fix="correct the row, then run: python -m ingest",
    )


def _repeated(rows: Iterable[BankQuestion], table: CsvTable) -> Iterator[ContentError]:
    for other, row in find_duplicates(rows, lambda row: question_key(row.question)):
        same = (set(other.sections), other.route) == (set(row.sections), row.route)
        found = "the same question twice" if same else "two answers to the same question"
        yield table.wrong(
            f"lines {other.line} and {row.line}", "each question once", f"{found}: {row.question}"
        )
