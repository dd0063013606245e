"""What office documents share: how their tables read, and how their blocks become an article."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from core.text.characters import one_line
from core.types import Provenance
from ingest.readers.blocks import (
    CELL_MAX_WORDS,
    Block,
    Item,
    build_article_text,
    cell_text,
    first_title,
    grid,
    list_block,
    table_text,
    with_bold_headings,
)
from ingest.readers.outline import LeftOut, ParsedText, Reason
from ingest.readers.properties import person, stated_title

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def moved(text: str, direction: int) -> str:
    """Return text that is raised (above 0) or lowered: its digits must not join those beside it."""
    return text.translate(_RAISED if direction > 0 else _LOWERED) if direction else text


@dataclass(slots=True)
class Cell:
    """A cell of a table: its blocks, and over how many columns and rows it reaches."""

    blocks: list[Block] = field(default_factory=list)
    wide: int = 1
    tall: int = 1


class Collector:
    """Collects what a document holds, in reading order; items that follow each other are a list."""

    def __init__(self) -> None:
        self.title = ""
        self.left_out: list[LeftOut] = []
        self._blocks: list[Block] = []
        self._items: list[Item] = []

    def add(self, *blocks: Block) -> None:
        """Add headings, paragraphs or tables; a block without text is none."""
        self._end_list()
        self._blocks += [block for block in blocks if block.text]

    def item(self, item: Item) -> None:
        """Add an item of a list."""
        if item.text:
            self._items.append(item)

    def leave_out(self, reason: Reason, text: str) -> None:
        """Remember a part that is not read; white space is none."""
        if text := one_line(text):
            self.left_out.append(LeftOut(reason, text))

    def finish(self) -> list[Block]:
        """Return all blocks."""
        self._end_list()
        return self._blocks

    def _end_list(self) -> None:
        if self._items:
            self._blocks.append(list_block(self._items))
            self._items.clear()


def table_blocks(
    rows: Sequence[Sequence[Cell]], *, marked: bool = False, set_off: bool = False
) -> list[Block]:
    """Return a table as one block, or its cells one after another when it is only layout.

    `marked` says that the first row is one of headings, `set_off` that it only looks like one,
    which counts from three columns on: programs set it off in nearly every table.
    """
    cells = [cell for row in rows for cell in row]
    blocks = [block for cell in cells for block in cell.blocks]
    words = (sum(len(b.text.split()) for b in cell.blocks) for cell in cells)
    if (
        max(map(len, rows), default=0) < 2
        or any(block.level for block in blocks)
        or max(words, default=0) > CELL_MAX_WORDS
    ):
        return blocks
    texts = grid([[(cell_text(c.blocks), c.wide, c.tall) for c in row] for row in rows])
    head = [block for cell in rows[0] for block in cell.blocks]
    names = texts[0]
    looks = set_off and len(names) > 2 and all(n and not any(map(str.isdigit, n)) for n in names)
    is_bold = bool(head) and all(block.bold for block in head)
    text = table_text(texts, has_head=marked or is_bold or looks)
    return [Block(text)] if text else []


def article_of(
    blocks: list[Block],
    article_id: str,
    *,
    fallback_title: str,
    title: str = "",
    stated: str = "",
    author: str = "",
    warnings: Iterable[str] = (),
    left_out: Iterable[LeftOut] = (),
) -> ParsedText:
    """Return the article that a document's blocks make.

    The title is `title`, that of a paragraph of that style, else a heading above all others, else
    `stated`, that of the document's properties, else a bold first line. Raises ContentError when it
    is too long.
    """
    title = title or first_title(blocks) or stated_title(stated)
    headed, guessed = with_bold_headings(blocks)
    if not title and guessed and blocks[0].bold and headed[0].level:
        title = headed[0].text
    guesses = [f"no headings found; bold lines used as headings: {guessed}"] * bool(guessed)
    return build_article_text(
        headed,
        article_id,
        title,
        fallback_title=fallback_title,
        provenance=Provenance(author=person(author) or None),
        warnings=[*guesses, *warnings],
        left_out=left_out,
    )
