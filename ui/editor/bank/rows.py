"""What the question bank is to a person: questions, and articles and sections by their titles."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.files.csv_table import SEPARATOR, split_cell
from core.ids import article_of, slug_of
from core.text.characters import collapse_spaces
from index.bank.question_bank import COLUMNS
from index.store.outlines import outlines
from ui.editor.overview.steps import CARD, UNLIKE

if TYPE_CHECKING:
    from core.types import Article
    from index.bank.question_edits import Sheet, SheetRow
    from index.store.generations import OpenIndex
    from index.store.outlines import Outline

QUESTION, ANSWERS, ROUTE, NOTE = COLUMNS
EMPTY: Mapping[str, str] = dict.fromkeys(COLUMNS, "")
_NUMBER = re.compile(r"[0-9]{1,9}")
# The names of the last index: of 20,000 sections they take longer than drawing the page.
_named: tuple[str, Names] | None = None


@dataclass(frozen=True, slots=True)
class Names:
    """The titles of articles and the names of sections ("What helps (Heel pain)") by their ids.

    Both in the order of the titles, and each name only once: a list to choose from has no ids.
    """

    articles: Mapping[str, str] = field(default_factory=dict)
    sections: Mapping[str, str] = field(default_factory=dict)
    by_article: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def section(self, name: str) -> str:
        """Name a section; an id that waits for its article is its own name."""
        return self.sections.get(name, name)


def names_of(articles: Iterable[Article | Outline]) -> Names:
    """Return the names of some articles and of all their sections."""
    ordered = sorted(articles, key=lambda article: (article.title.casefold(), article.id))
    titles = _once({article.id: article.title for article in ordered})
    sections = {
        section.id: f"{section.heading} ({titles[article.id]})"
        for article in ordered
        for section in article.sections
    }
    by_article = {a.id: tuple(section.id for section in a.sections) for a in ordered}
    return Names(titles, _once(sections), by_article)


def _once(names: Mapping[str, str]) -> dict[str, str]:
    """Tell equal names apart by the end of their ids."""
    counts = Counter(names.values())
    return {
        key: f"{name} ({slug_of(key) or key})" if counts[name] > 1 else name
        for key, name in names.items()
    }


def names_in(index: OpenIndex) -> Names:
    """Return the names of what serves; made once for an index."""
    global _named  # noqa: PLW0603
    if _named is None or _named[0] != index.generation:
        made = names_of(outlines(index.articles.rows))
        _named = (index.generation, made)
        return made
    return _named[1]


def matching(
    sheet: Sheet, words: str, show: str, *, unlike: Collection[str] = ()
) -> Iterator[SheetRow]:
    """Yield the rows in whose question or note all the words are, and that `show` asks for.

    `show` is empty for all, or the id of an article, a card after CARD, or UNLIKE: the questions in
    `unlike`.
    """
    wanted = words.casefold().split()
    for row in sheet.rows:
        said = f"{row.cells[QUESTION]} {row.cells[NOTE]}".casefold()
        if all(word in said for word in wanted) and _is_shown(row, show, unlike):
            yield row


def _is_shown(row: SheetRow, show: str, unlike: Collection[str]) -> bool:
    if not show:
        return True
    if show == UNLIKE:
        return collapse_spaces(row.cells[QUESTION]) in unlike
    if show.startswith(CARD):
        return row.cells[ROUTE] == show.removeprefix(CARD)
    return any(article_of(name) == show for name in split_cell(row.cells[ANSWERS]))


def row_of(sheet: Sheet, item: str) -> SheetRow | None:
    """Return the row that an address names by its number; None for NEW and any other text."""
    if not _NUMBER.fullmatch(item) or int(item) >= len(sheet.rows):
        return None
    return sheet.rows[int(item)]


def cells_of(
    question: str, sections: Iterable[str], route: str | None, note: str
) -> dict[str, str]:
    """Return what was chosen as the cells of a row, each on one line."""
    answers = f" {SEPARATOR} ".join(sections)
    said = {QUESTION: question, ANSWERS: answers, ROUTE: route or "", NOTE: note}
    return {name: collapse_spaces(cell) for name, cell in said.items()}


def is_same(before: Mapping[str, str], after: Mapping[str, str]) -> bool:
    """Say whether two rows say the same, whatever white space their file has."""
    for name in COLUMNS:
        split = split_cell if name == ANSWERS else str.split
        if list(split(before[name])) != list(split(after[name])):
            return False
    return True
