"""Tables of a Word document: which rows are shown, and which cell is in which column."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.files.archive import Element
from ingest.readers.blocks import SPAN_MAX
from ingest.readers.outline import Reason
from ingest.readers.word.styles import is_on, number


def has_head(table: Element, texts: list[list[str]]) -> bool:
    """Say whether the first row, set off by the table's style, is a row of headings.

    Word sets it off in nearly every table; in a table of two columns it means nothing.
    """
    properties = table.child("tblPr")
    look = properties.child("tblLook") if properties else None
    is_set_off = look is not None and is_on(look.get("firstRow") or "0")
    head = texts[0]
    has_numbers = any(map(str.isdigit, "".join(head)))
    return is_set_off and len(head) > 2 and all(head[1:]) and not has_numbers


def unseen(row: Element) -> Reason | None:
    """Say why a row of a table is not shown; None where it is."""
    properties = row.child("trPr")
    if properties and properties.child("del"):
        return Reason.STRUCK
    hidden = properties.value("hidden") if properties else None
    return Reason.HIDDEN if hidden is not None and is_on(hidden) else None


def below(parent: Element, name: str) -> Iterator[Element]:
    """Yield the rows of a table or the cells of a row, also inside wrappers."""
    for element in parent.children:
        if element.name == name:
            yield element
        elif element.name in ("sdt", "sdtContent", "customXml", "ins"):
            yield from below(element, name)


def grid(
    found_rows: list[Element], rows: list[list[Element]], texts: list[list[str]]
) -> list[list[str]]:
    """Return the texts of cells by column; a cell that spans rows is repeated in each of them.

    A row may leave columns free before its first cell.
    """
    found: list[list[str]] = []
    for whole, row, row_texts in zip(found_rows, rows, texts, strict=True):
        line = [""] * _columns(whole.value("trPr", "gridBefore"), 0)
        for cell, text in zip(row, row_texts, strict=True):
            properties = cell.child("tcPr") or Element("tcPr", {})
            merged = properties.child("vMerge")
            is_continued = merged is not None and merged.get("val") != "restart"
            above = found[-1] if found else []
            line.append(above[len(line)] if is_continued and len(line) < len(above) else text)
            line += [""] * (_columns(properties.value("gridSpan"), 1) - 1)
        found.append(line)
    return found


def _columns(stated: str | None, otherwise: int) -> int:
    return min(number(stated or "", otherwise), SPAN_MAX)
