"""Common questions with the sentences that a physiotherapist would accept as the mark.

`evaluation/sentences.csv` was written from the articles before anybody saw what the search marks.
Its half "develop" may be looked into, its half "report" is only measured on. `articles/` are short
articles of the project's own; they are asked as one collection without a bank.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from core.files.csv_table import CsvTable, find_duplicates, raise_all, read_rows, split_cell
from core.text.characters import collapse_spaces
from evaluation.search.questions import no_questions
from ingest.readers.read import read_article

if TYPE_CHECKING:
    from core.types import Article

ARTICLES = Path(__file__).with_name("articles")
FILE = Path(__file__).parent.with_name("sentences.csv")
COLUMNS = ("article", "half", "question", "sentences")


class Half(StrEnum):
    """What a question may be used for."""

    DEVELOP = "develop"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class MarkQuestion:
    """A question about an article, and words of each sentence that may be marked for it.

    Without such a sentence the article does not answer it, nor does any other of its collection.
    """

    article: str
    half: Half
    text: str
    sentences: tuple[str, ...]

    def accepts(self, marked: str) -> bool:
        """Say whether a marked sentence is one of those that answer."""
        flat = collapse_spaces(marked)
        return any(words in flat for words in self.sentences)


def own_articles() -> dict[str, Article]:
    """Read the project's own articles, by id."""
    found = (read_article(path, root=ARTICLES).article for path in sorted(ARTICLES.glob("*.md")))
    return {article.id: article for article in found}


def read_mark_questions(path: Path, *, articles: Mapping[str, Article]) -> list[MarkQuestion]:
    """Read a CSV file with the columns of COLUMNS.

    Raises ContentError for every row with an unknown article or half, or words that are not in
    exactly one sentence of the article, and for a question that an article has twice.
    """
    table = CsvTable(
        path, "the questions about sentences", COLUMNS, again="run: python -m evaluation sentences"
    )
    sentences = {name: _sentences(article) for name, article in articles.items()}
    found, errors = read_rows(
        table,
        lambda row, line: _question(row, f"line {line}", table, sentences),
        is_header=lambda header: tuple(header) == COLUMNS,
    )
    errors += [
        table.wrong("a row", "each question of an article once", f"twice: {later.text}")
        for _, later in find_duplicates(found, lambda one: (one.article, one.text.casefold()))
    ]
    raise_all(errors)
    if not found:
        raise no_questions(table)
    return found


def _sentences(article: Article) -> list[str]:
    from core.text.sentences import sentence_spans  # serving does without its library

    spans = sentence_spans(article.text)
    return [collapse_spaces(article.text[span.start : span.end]) for span in spans]


def _question(
    row: Mapping[str, str],
    where: str,
    table: CsvTable,
    sentences: Mapping[str, Sequence[str]],
) -> MarkQuestion:
    if not row["question"]:
        raise table.wrong(where, "a question", "an empty cell")
    if row["article"] not in sentences:
        raise table.wrong(where, "the id of an article", row["article"] or "an empty cell")
    if row["half"] not in list(Half):
        raise table.wrong(where, f"one of {', '.join(Half)}", row["half"] or "an empty cell")
    accepted = split_cell(row["sentences"])
    for words in accepted:
        count = sum(words in sentence for sentence in sentences[row["article"]])
        if count != 1:
            raise table.wrong(
                where, "words of one sentence of the article", f"{words!r} in {count} sentences"
            )
    return MarkQuestion(row["article"], Half(row["half"]), row["question"], accepted)
