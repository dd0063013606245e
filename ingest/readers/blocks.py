"""Blocks: headings, paragraphs, lists and tables in reading order, and the article they make.

Web pages, Word documents and PDF files become the same blocks, so that a list reads the same
whatever it comes from.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from core.errors import ContentError
from core.text.characters import one_line, word_count
from core.types import Provenance
from ingest.files.limits import TEXT_CHARS
from ingest.readers.marks import shown_mark
from ingest.readers.outline import LeftOut, Outline, ParsedText

NO_TITLE = "no title found; the file name is used: {}"
# A cell with more words than this means that the table is only layout.
CELL_MAX_WORDS = 80
SPAN_MAX = 50
_HEADING_MAX_CHARS = 120
_HEADING_MAX_WORDS = 16
# No full stop or comma (also of Hindi and Chinese), and no line to write on.
_HEADING_END = re.compile(r"[^.,;!\u2026\u0964\u0965\u3002\uff01\uff0c\u3001_]\Z")
_QUESTION_MARK = re.compile(r"\s*(?:Q|Question)\s*(?:\d{1,3}\s*)?[:.)]\s*(?=\S)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Block:
    """A heading (`level` 1 for the outermost), or a text when `level` is 0.

    `bold` and `linked` mean that all of its text is. A block that `leaves` has no text: it ends the
    section of its level.
    """

    text: str
    level: int = 0
    bold: bool = False
    leaves: bool = False
    linked: bool = False


B = TypeVar("B", bound=Block)


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list: its depth, its mark as drawn ("\u2022", "2.", "\u2717"), and its lines."""

    depth: int
    mark: str
    text: str
    bold: bool = False


def list_text(items: Iterable[Item]) -> str:
    """Return a list as text, one item per line, deeper items indented."""
    items = list(items)
    marks: dict[int, set[str]] = {}
    for item in items:
        marks.setdefault(item.depth, set()).add(item.mark)
    return "\n".join(
        item_text(item.depth, shown_mark(item.mark, marks[item.depth]), item.text) for item in items
    )


def list_block(items: Sequence[Item]) -> Block:
    """Return a list as one block, its outermost items at the left.

    A single bold item with a number is like a bold line: "2. Who should not have it?" above a text.
    """
    least = min(item.depth for item in items)
    text = list_text(Item(i.depth - least, i.mark, i.text) for i in items)
    is_line = len(items) == 1 and items[0].bold and items[0].mark[:1].isalnum()
    return Block(text, bold=is_line)


def item_text(depth: int, begins: str, text: str) -> str:
    """Return an item of a list as text; `begins` is what `shown_mark` returns."""
    indent = "  " * depth
    first, *rest = text.split("\n")
    return "\n".join((f"{indent}{begins} {first}", *(f"{indent}  {line}" for line in rest)))


def table_text(rows: Sequence[Sequence[str]], *, has_head: bool, caption: str = "") -> str:
    """Return a table as text, one row per line, so that every row can be read by itself.

    With a head: "- Week: 1; Exercise: circles". Without: "- Heel: low", with more columns
    "- a: b; c". Empty cells are left out.
    """
    head = [cell.rstrip(":") for cell in rows[0]] if has_head and len(rows) > 1 else []
    lines = [caption] if caption else []
    used = {i for row in rows[1:] for i, cell in enumerate(row) if cell}
    if any(name and i not in used for i, name in enumerate(head)):
        lines.append("- " + "; ".join(name for name in head if name))  # or its text would be lost
    for row in rows[1:] if head else rows:
        if head:
            names = [*head, *[""] * len(row)]
            pairs = [(name, cell) for name, cell in zip(names, row, strict=False) if cell]
            text = "; ".join(f"{name}: {cell}" if name else cell for name, cell in pairs)
        else:
            first, *others = [cell for cell in row if cell] or [""]
            text = f"{first.rstrip(':')}: {'; '.join(others)}" if others else first
        if text:
            lines.append(f"- {text}")
    return "\n".join(lines)


def grid(rows: Iterable[Sequence[tuple[str, int, int]]]) -> list[list[str]]:
    """Return the texts of cells by column, from rows of texts and the columns and rows they span.

    A cell that spans several rows is repeated in each of them.
    """
    found: list[list[str]] = []
    below: dict[int, tuple[int, str]] = {}  # column: rows to go, text
    for row in rows:
        texts: list[str] = []
        waiting = list(row)
        while waiting or len(texts) in below:
            column = len(texts)
            left, text = below.pop(column, (0, ""))
            if left:
                texts.append(text)
            else:
                text, wide, left = waiting.pop(0)
                left = min(left, SPAN_MAX)
                # An empty cell more for each column that it spans beside its own.
                texts += [text] + [""] * (min(wide, SPAN_MAX) - 1)
            if left > 1:
                below[column] = (left - 1, text)
        found.append(texts)
    return found


def limit_levels(blocks: Iterable[B], least: int) -> list[B]:
    """Return blocks with every heading at this level or deeper."""
    return [replace(b, level=max(b.level, least)) if b.level else b for b in blocks]


def cell_text(blocks: Iterable[Block]) -> str:
    """Return the blocks of a cell as one line, separated by commas or stops."""
    text = ""
    for block in blocks:
        line = one_line(block.text.replace("\n- ", ", ").removeprefix("- "))
        gap = " " if text.endswith((".", "!", "?", ":", ";", ",")) else ", "
        text = f"{text}{gap}{line}" if text and line else text + line
    return text


def with_bold_headings(blocks: Sequence[Block]) -> tuple[list[Block], int]:
    """Turn bold lines above a text into headings; return how many where no heading is marked.

    A bold question always is one, as on pages of questions and answers. So is any other bold line
    where no heading is marked; under a marked heading it is one level deeper, unless bold text
    follows.
    """
    marked = any(block.level and not block.leaves for block in blocks)
    found: list[Block] = []
    guessed, level = 0, 0
    for i, block in enumerate(blocks):
        if block.level:
            level = block.level - block.leaves
            found.append(block)
            continue
        follows = i + 1 < len(blocks) and not blocks[i + 1].level
        question = _QUESTION_MARK.match(block.text)
        text = block.text[question.end() :] if question else block.text
        asks = text.endswith("?") and (block.bold or bool(question))
        is_below = level > 0 and not block.linked and follows and not blocks[i + 1].bold
        is_bold = block.bold and (not marked or is_below)
        if follows and looks_like_heading(text) and (asks or is_bold):
            guessed += not asks and not marked
            found.append(Block(text, level + 1))
        else:
            found.append(block)
    return found, guessed


def looks_like_heading(text: str) -> bool:
    """Say whether a text could be a heading: one short line, no sentence and no address."""
    return (
        "\n" not in text
        and len(text) <= _HEADING_MAX_CHARS
        and word_count(text) <= _HEADING_MAX_WORDS
        and bool(_HEADING_END.search(text))
        and not _is_address(text)
        and any(c.isalpha() for c in text)
    )


def _is_address(text: str) -> bool:
    """Say whether a text is that of a web page, or of a mailbox."""
    is_word = not any(c.isspace() for c in text)
    return is_word and ("@" in text or text.startswith("www.") or ("." in text and "/" in text))


def first_title(blocks: Sequence[Block]) -> str:
    """Return the first heading if it must be the title: no other one has its level; else ""."""
    heads = [block for block in blocks if block.level and not block.leaves]
    if not heads or heads[0] is not blocks[0]:
        return ""
    return heads[0].text if all(h.level > heads[0].level for h in heads[1:]) else ""


def build_article_text(
    blocks: Sequence[Block],
    article_id: str,
    title: str,
    *,
    fallback_title: str,
    provenance: Provenance | None = None,
    warnings: Iterable[str] = (),
    left_out: Iterable[LeftOut] = (),
    report: Callable[[Block, int], None] = lambda _block, _start: None,
) -> ParsedText:
    """Return the article that blocks make; `report` gets each block and its offset in the text.

    The first heading with the title's words is the title and no section. Raises ContentError when
    the text is too long.
    """
    warnings = [*warnings, *([] if title else [NO_TITLE.format(fallback_title)])]
    title = title or fallback_title
    outline = Outline(article_id, title)
    has_title = False
    for block in blocks:
        if block.leaves:
            outline.leave(block.level)
        elif block.level:
            if not has_title and block.text.casefold() == title.casefold():
                has_title = True
                report(block, 0)
            else:
                report(block, outline.heading(block.level, block.text))
        elif block.text:
            report(block, outline.block(block.text))
    text, sections = outline.finish()
    check_length(text)
    return ParsedText(
        *(title, text, sections, provenance or Provenance(), tuple(warnings)),
        left_out=tuple(left_out),
    )


def check_length(text: str) -> None:
    """Raise ContentError when a text is too long for an article."""
    if len(text) > TEXT_CHARS:
        raise ContentError(
            "This article is too long.",
            expected=f"at most {TEXT_CHARS:,} characters of text",
            found=f"{len(text):,} characters",
            fix="divide it, then run: python -m ingest",
        )
