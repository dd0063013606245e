"""Questions that the bank might ask: headings that ask, FAQs, and questions in patients' words."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from core.files.csv_table import CsvTable, parse_rows, raise_all, read_text
from core.text.characters import collapse_spaces
from core.text.paragraphs import paragraph_spans
from core.text.sentences import sentence_spans
from index.suggestions.types import Source
from ingest.build.views import is_question

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from core.types import Article, Passage

# The columns that are read of the training questions, and which rows: the test questions stay
# unseen, so that a bank made with them can still be measured.
_COLUMNS = ("question", "kind", "split")
_ANSWERED, _SPLITS = "in", ("train", "calibrate")
# "Q:", "Question 3.", "4)" before a question, which nobody types.
_NUMBERING = re.compile(r"(?:q(?:uestion)?\s*\d*\s*[.:)]|\d{1,2}\s*[.)])\s*", re.IGNORECASE)
_MOST_WORDS = 25


@dataclass(frozen=True, slots=True)
class Asking:
    """A question, and the passages whose text its author wrote as the answer, in their order.

    A question in patients' words has none: the search finds its passage.
    """

    question: str
    source: Source
    passages: tuple[Passage, ...] = ()


def own_questions(articles: Iterable[Article], passages: Iterable[Passage]) -> Iterator[Asking]:
    """Yield what the clinic's own articles ask and answer, in reading order."""
    by_section: dict[str, list[Passage]] = defaultdict(list)
    for passage in passages:
        by_section[passage.section_id].append(passage)
    for article in articles:
        for section in article.sections:
            held = by_section.get(section.id)
            if not held:
                continue
            if section.path and is_question(section.path[-1]):
                yield Asking(_worded(section.path[-1]), Source.HEADING, tuple(held))
            paragraphs = paragraph_spans(article.text, section.body)
            for asked, answer in pairwise(paragraphs):
                question = collapse_spaces(article.text[asked.start : asked.end])
                following = collapse_spaces(article.text[answer.start : answer.end])
                holder = _holder(held, answer.start)
                if holder and _asks_alone(question) and not _asks_alone(following):
                    yield Asking(_worded(question), Source.FAQ, (holder,))


def patients_questions(path: Path) -> list[Asking] | None:
    """Read the questions in patients' words that training learned from; None without the file.

    Raises ContentError when it is no table of training questions.
    """
    table = CsvTable(path, "the training questions", _COLUMNS, again="run the command again")
    text = read_text(table)
    if text is None:
        return None

    def parse(row: dict[str, str], _line: int) -> Asking | None:
        question = collapse_spaces(row["question"])
        if not question or row["kind"] != _ANSWERED or row["split"] not in _SPLITS:
            return None
        return Asking(question, Source.TRAINING)

    rows, errors = parse_rows(
        table, text, parse, is_header=lambda header: set(_COLUMNS) <= set(header)
    )
    raise_all(errors)
    return rows


def _asks_alone(paragraph: str) -> bool:
    """Say whether a paragraph is one short question and nothing else."""
    question = _worded(paragraph)
    is_short = 1 < len(question.split()) <= _MOST_WORDS
    return is_short and is_question(question) and len(sentence_spans(question)) == 1


def _worded(question: str) -> str:
    """Return a question on one line, without its number."""
    question = collapse_spaces(question)
    number = _NUMBERING.match(question)
    return question[number.end() :] if number else question


def _holder(passages: Sequence[Passage], offset: int) -> Passage | None:
    """Return the passage that holds an offset of the article, None for none."""
    return next((p for p in passages if p.start <= offset < p.end), None)
