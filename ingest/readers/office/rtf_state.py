"""What the control words of a rich text file say of its letters, paragraphs and tables."""

from __future__ import annotations

import codecs
from dataclasses import dataclass, field

from ingest.readers.blocks import Block
from ingest.readers.office.article import Cell, table_blocks
from ingest.readers.outline import Reason

# Places other than the text (""), where the text of a group goes; what is in `SKIP` is not read.
SKIP, FONTS, STYLES, INFO, MARK = "skip", "fonts", "styles", "info", "mark"
PLACES = {
    **dict.fromkeys("pict colortbl fldinst nonshppict shprslt sp xe tc pn".split(), SKIP),
    **dict.fromkeys("header headerl headerr headerf".split(), Reason.MENU),
    **dict.fromkeys("footer footerl footerr footerf".split(), Reason.MENU),
    **dict.fromkeys("footnote annotation".split(), Reason.NOTE),
    **dict.fromkeys("listtext pntext".split(), MARK),
    "fonttbl": FONTS,
    "stylesheet": STYLES,
    "info": INFO,
    **dict.fromkeys("shpinst moMath moMathPara".split(), ""),
}
CHARACTERS = {
    "tab": "\t", "line": "\n", "lquote": "\u2018", "rquote": "\u2019", "ldblquote": "\u201c",
    "rdblquote": "\u201d", "bullet": "\u2022", "endash": "\u2013", "emdash": "\u2014",
    "emspace": " ", "enspace": " ", "qmspace": " ", "~": "\u00a0", "_": "-",
}  # fmt: skip
ENDS_PARAGRAPH = frozenset(["par", "sect", "page", "nestcell", "nestrow", "\n", "\r"])
LATIN = "cp1252"
_ENCODINGS = {
    "mac": "mac_roman", "pc": "cp437", "pca": "cp850", "cp65001": "utf-8", "cp10000": "mac_roman",
}  # fmt: skip
_DEEPEST, _MOST_FALLBACKS = 8, 8


@dataclass(slots=True)
class State:
    """What holds until the end of a group."""

    place: str = ""
    is_bold: bool = False
    is_hidden: bool = False
    is_struck: bool = False
    fallbacks: int = 1  # letters after a character that are for programs without Unicode
    direction: int = 0  # above 0: raised, below 0: lowered
    font: int = -1
    style: int = 0
    level: int = 0
    in_table: bool = False
    in_list: bool = False
    depth: int = 0

    def set_letters(self, name: str, number: int | None) -> bool:
        """Take a word about letters; say whether it was one."""
        is_on = number != 0
        match name:
            case "b":
                self.is_bold = is_on
            case "v":
                self.is_hidden = is_on
            case "strike" | "striked" | "deleted":
                self.is_struck = is_on
            case "super" | "sub" | "nosupersub":
                self.direction = is_on * {"super": 1, "sub": -1}.get(name, 0)
            case "plain":
                self.is_bold = self.is_hidden = self.is_struck = False
                self.direction = 0
                self.font = -1
            case "f":
                self.font = number or 0
            case "uc":
                self.fallbacks = min(max(number or 0, 0), _MOST_FALLBACKS)
            case _:
                return False
        return True

    def set_paragraph(self, name: str, number: int) -> bool:
        """Take a word about a paragraph; say whether it was one."""
        match name:
            case "pard":
                self.style = self.level = self.depth = 0
                self.in_table = self.in_list = False
            case "s":
                self.style = number
            case "outlinelevel":
                self.level = number + 1
            case "ls":
                self.in_list = number > 0
            case "ilvl":
                self.depth = min(max(number, 0), _DEEPEST)
            case "intbl":
                self.in_table = True
            case "itap":
                self.in_table = number > 0
            case _:
                return False
        return True


@dataclass(slots=True)
class Table:
    """The rows of a table so far; `joins` say how the cells of the row reach those around them."""

    _rows: list[list[Cell]] = field(default_factory=list)
    _cells: list[Cell] = field(default_factory=list)
    _joins: list[str] = field(default_factory=list)
    _owners: dict[int, Cell] = field(default_factory=dict)
    _join: str = ""
    _is_head: bool = False
    _has_head: bool = False

    def __bool__(self) -> bool:
        return bool(self._rows or self._cells)

    def word(self, name: str) -> None:
        """Take a word about the row that is being read; others mean nothing here."""
        match name:
            case "trowd":
                self._joins, self._is_head = [], False
            case "trhdr":
                self._is_head = True
            case "clmrg" | "clvmrg":
                self._join = name
            case "cellx":
                self._joins.append(self._join)
                self._join = ""

    def end_cell(self, blocks: list[Block]) -> None:
        """Add a cell to the row."""
        self._cells.append(Cell(blocks))

    def end_row(self) -> None:
        """End the row; a cell that continues one before or above makes that one larger."""
        row: list[Cell] = []
        joins = [*self._joins, *[""] * len(self._cells)]
        for column, (cell, join) in enumerate(zip(self._cells, joins, strict=False)):
            if join == "clmrg" and row:
                row[-1].wide += 1
            elif join == "clvmrg" and column in self._owners:
                self._owners[column].tall += 1
            else:
                row.append(cell)
                self._owners[column] = cell
        self._has_head |= self._is_head and not self._rows
        self._rows.append(row)
        self._cells = []

    def finish(self) -> list[Block]:
        """Return the table as blocks, and begin another."""
        if self._cells:
            self.end_row()
        blocks = table_blocks(self._rows, marked=self._has_head)
        self._rows, self._owners, self._has_head = [], {}, False
        return blocks


def encoding_named(word: str, number: int | None) -> str:
    """Return the encoding that a file states of itself, `LATIN` for one that Python lacks."""
    name = f"cp{number}" if word == "ansicpg" else word
    try:
        return codecs.lookup(_ENCODINGS.get(name, name)).name
    except LookupError:
        return LATIN
