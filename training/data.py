"""The training questions with the passages that answer them, split by article."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import ContentError
from core.text.characters import collapse_spaces
from core.text.normalize import normalize_query
from ingest.build.splitter import SplitterSettings, context, split_article
from ingest.readers.read import read_article

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from core.types import Passage

FOLDER = Path(__file__).parent
ARTICLES, QUESTIONS, GROUPS = "articles", "questions.csv", "topics.csv"
SPLITS = ("train", "calibrate", "test")
IN, NEAR, FAR = "in", "near", "far"


@dataclass(frozen=True, slots=True)
class Question:
    """A question in a patient's words.

    `kind` is IN, NEAR or FAR. `article` is empty for a far one. `answers` are the rows of the
    passages that answer it, `sentences` the first words of the sentences that do, both empty unless
    it is IN.
    """

    text: str
    kind: str
    article: str
    split: str
    answers: tuple[int, ...] = ()
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Material:
    """All passages and questions of some articles.

    `texts` are the passages with title and headings, as they are encoded. `groups` has the topic of
    each article: articles of one topic answer each other's questions.
    """

    passages: list[Passage]
    texts: list[str]
    questions: list[Question]
    groups: dict[str, str]

    def topic(self, row: int) -> str:
        """Return the topic of a passage by its row."""
        return self.groups[self.passages[row].article_id]


def read_material(
    count_tokens: Callable[[Sequence[str]], list[int]],
    *,
    splits: Sequence[str] = SPLITS,
    max_tokens: int = 256,
    most_articles: int | None = None,
) -> Material:
    """Read the articles and questions of these splits; at most so many articles, if given.

    Raises ContentError for a question whose answer is in no passage of its article.
    """
    rows = read_table(QUESTIONS)
    wanted = sorted({r["article"] for r in rows if r["split"] in splits} - {""})[:most_articles]
    settings = SplitterSettings(max_tokens=max_tokens)
    passages: list[Passage] = []
    of_article: dict[str, list[int]] = {}
    for name in wanted:
        article = read_article(FOLDER / ARTICLES / f"{name}.md", root=FOLDER / ARTICLES).article
        first = len(passages)
        passages += split_article(article, count_tokens=count_tokens, settings=settings)
        of_article[article.id] = list(range(first, len(passages)))
    flat = [collapse_spaces(passage.text) for passage in passages]
    questions = []
    for row in rows:
        if row["split"] not in splits or (row["article"] and row["article"] not in of_article):
            continue
        sentences = tuple(row["answer"].split(" | ")) if row["kind"] == IN else ()
        answers = tuple(
            number
            for number in of_article.get(row["article"], ())
            if any(sentence in flat[number] for sentence in sentences)
        )
        if sentences and not answers:
            raise ContentError(
                "A training question is answered by no passage.",
                where=f"training/{QUESTIONS}, {row['question']!r}",
                expected=f"first words of a sentence of {row['article']}",
                found=row["answer"],
                fix="correct its `answer`",
            )
        questions.append(
            Question(
                text=normalize_query(row["question"]),
                kind=row["kind"],
                article=row["article"],
                split=row["split"],
                answers=answers,
                sentences=sentences,
            )
        )
    return Material(
        passages=passages,
        texts=[context(p.title, p.path) + p.text for p in passages],
        questions=questions,
        groups={row["article"]: row["topic"] for row in read_table(GROUPS)},
    )


def read_table(name: str) -> list[dict[str, str]]:
    """Read the rows of a table in the folder of the training, by its columns."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
