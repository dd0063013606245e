"""Reads a table of questions and answers (CSV): an article with a section for each question."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence

from core.errors import ContentError
from core.text.characters import lines, one_line
from ingest.readers.blocks import Block, build_article_text, limit_levels
from ingest.readers.html.page import html_blocks
from ingest.readers.outline import LeftOut, ParsedText, Reason

_QUESTION, _ANSWER = {"question", "questions"}, {"answer", "answers"}
# What spreadsheets put between cells; in countries that write 1,5 that is no comma.
_DELIMITERS = ",;\t|"
_LEVEL = 2
_PARAGRAPHS = re.compile(r"\n[^\S\n]*\n")
# Programs that export questions keep the tags of their answers.
_BLOCKS = re.compile(r"</?(?:p|div|ul|ol|li|table|h\d|blockquote)\b", re.IGNORECASE)
_TAGS = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>", re.IGNORECASE)
# Spaces that people leave between a quoted cell and the end of it.
_SPACES = r'("(?:[^"]|"")*+")[^\S\n{0}]+(?=[\n{0}]|\Z)'
_AGAIN = "then run: python -m ingest"


def parse_faq(text: str, article_id: str, fallback_title: str) -> ParsedText:
    """Make an article of the rows of a table with the columns `question` and `answer`.

    Cells lie between commas, semicolons or tabs. A row without one of the two is left out with a
    warning, and so are other columns. Raises ContentError with the line for a text without these
    columns, a row with more cells than columns, and a quote that does not end.
    """
    # Excel writes down what lies between the cells.
    head = re.match(r"sep=(.)\n", text)
    text = text[head.end() :] if head else text
    first_line = 2 if head else 1
    header, delimiter = _header(text, first_line)
    blocks: list[Block] = []
    warnings: list[str] = []
    left_out = [LeftOut(Reason.LABEL, ", ".join(header))]
    try:
        rows = list(_rows(text, header, delimiter, first_line))
    except ContentError:  # the second error names the line
        text = re.sub(_SPACES.format(delimiter), r"\1", text)
        rows = list(_rows(text, header, delimiter, first_line))
    for line, row in rows:
        question, answer = one_line(_cell(row, _QUESTION)), _cell(row, _ANSWER)
        others = [cell for name, cell in row if name not in _QUESTION | _ANSWER]
        if question and answer:
            found, hidden = _answer_blocks(answer)
            blocks += [Block(question, _LEVEL), *found]
            left_out += hidden
        elif question or answer:
            missing = "an answer" if question else "a question"
            warnings.append(f"line {line} has not {missing} and is left out")
            others.insert(0, question or answer)
        left_out += [LeftOut(Reason.LABEL, cell) for cell in others if cell]
    unread = [name for name in header if name and name not in _QUESTION | _ANSWER]
    if unread:
        warnings.append(f"only question and answer are read, not {', '.join(unread)}")
    return build_article_text(
        blocks,
        article_id,
        fallback_title,
        fallback_title=fallback_title,
        warnings=warnings,
        left_out=left_out,
    )


def _header(text: str, line: int) -> tuple[list[str], str]:
    """Return the names of the columns in lower case, and what lies between cells."""
    first = text.partition("\n")[0]
    for delimiter in _DELIMITERS:
        names = [name.strip(' "').casefold() for name in first.split(delimiter)]
        if all(sum(n in wanted for n in names) == 1 for wanted in (_QUESTION, _ANSWER)):
            return names, delimiter
    raise ContentError(
        "This table has no questions and answers.",
        where=f"line {line}",
        expected="the names of the columns: question,answer",
        found=repr(first[:200]),
        fix=f"name its columns so or move it out of the folder, {_AGAIN}",
    )


def _rows(
    text: str, header: Sequence[str], delimiter: str, first_line: int
) -> Iterator[tuple[int, list[tuple[str, str]]]]:
    """Yield the line on which each row begins, and its cells with the names of their columns."""
    lines_of = io.StringIO(text, newline="")
    reader = csv.reader(lines_of, delimiter=delimiter, strict=True, skipinitialspace=True)
    line = first_line
    try:
        for number, cells in enumerate(reader):
            begins, line = line, first_line + reader.line_num
            if number and any(cell.strip() for cell in cells[len(header) :]):
                raise _wrong(begins, f"{len(header)} cells", f"{len(cells)}")
            if number and any(cell.strip() for cell in cells):
                yield begins, list(zip(header, map(str.strip, cells), strict=False))
    except csv.Error as error:
        raise _wrong(line, "a row of CSV", str(error)) from error


def _wrong(line: int, expected: str, found: str) -> ContentError:
    return ContentError(
        "A row of this table cannot be read.",
        where=f"line {line}",
        expected=expected,
        found=found,
        fix=f'put texts with commas or lines of their own between "double quotes", {_AGAIN}',
    )


def _cell(row: Sequence[tuple[str, str]], names: set[str]) -> str:
    return next((cell for name, cell in row if name in names), "")


def _answer_blocks(answer: str) -> tuple[list[Block], list[LeftOut]]:
    """Return the paragraphs of an answer, without the tags that it may have, and what they hide."""
    parts = [answer] if _BLOCKS.search(answer) else _PARAGRAPHS.split(answer)
    blocks: list[Block] = []
    left_out: list[LeftOut] = []
    for part in parts:
        if _TAGS.search(part):
            found, hidden = html_blocks(part)
            blocks += limit_levels(found, _LEVEL + 1)
            left_out += hidden
        else:
            blocks.append(Block(lines(part)))
    return blocks, left_out
