"""Reads a rich text file (.rtf): the visible text with its structure.

Headers, footers, notes, comments and hidden, struck out and deleted text are left out. striprtf was
tried: it returns lines without headings and lists, and hidden text with the rest.
"""

from __future__ import annotations

import re
from dataclasses import replace

from core.text.characters import lines, one_line
from ingest.files.archive import Format
from ingest.files.limits import DEPTH
from ingest.readers.blocks import Block, Item
from ingest.readers.office.article import Collector, article_of, moved
from ingest.readers.office.rtf_state import (
    CHARACTERS,
    ENDS_PARAGRAPH,
    FONTS,
    INFO,
    LATIN,
    MARK,
    PLACES,
    SKIP,
    STYLES,
    State,
    Table,
    encoding_named,
)
from ingest.readers.office.rtf_tokens import (
    Token,
    character,
    decoded,
    encoding_of,
    joined,
    tokens_of,
)
from ingest.readers.outline import ParsedText, Reason

_FORMAT = Format("rich text file", ".rtf", {})
_TITLE, _AUTHOR = "title", "author"
_HEADING = re.compile(r"(?:heading|\u00fcberschrift|titre|t\u00edtulo|titolo|kop) ?([1-9])")
_CONTENTS = re.compile(r"(?:toc|contents) ?(?:heading|\d)")
# Marks of items: those that say something stay, and numbers and letters do.
_SIGN = re.compile("[\u2713\u2717\u2611\u2610]")
_COUNTED = re.compile(r"\(?[0-9A-Za-z]{1,6}[.)]?\Z")
# A mark that was typed, with a tab after it, as small programs write lists.
_TYPED = re.compile(
    r"\s*([\u2022\u00b7\u25aa\u25cf\u25e6\u2013\u2713\u2717-]|\d{1,3}[.)])[ \u00a0]?\t"
)
_BODY_LEVEL = 9
_REASONS = frozenset(Reason)


def parse_rtf(raw: bytes, article_id: str, fallback_title: str) -> ParsedText:
    """Find title, author, headings and sections in a rich text file.

    The title is the paragraph of that style, else as `article_of` says. Raises ContentError for
    groups that are nested too deeply.
    """
    reader = _Reader()
    for token in tokens_of(raw):
        reader.take(token)
    found = reader.finish()
    return article_of(
        found.finish(),
        article_id,
        title=found.title,
        left_out=found.left_out,
        fallback_title=fallback_title,
        stated=reader.texts.get(_TITLE, ""),
        author=reader.texts.get(_AUTHOR, ""),
    )


def own_text_of_rtf(raw: bytes) -> str:
    """Return all text of a rich text file, also what is left out, whatever its structure."""
    reader = _Reader()
    for token in tokens_of(raw):
        reader.take(token)
    reader.finish()
    return joined("".join(reader.heard))


class _Reader:
    """Follows the words of a file, and collects its paragraphs and tables.

    `heard` is all text by itself: what a paragraph, a note or a header says, with the line ends.
    """

    def __init__(self) -> None:
        self.heard: list[str] = []
        self._heard_in = ""
        self.texts: dict[str, str] = {}  # what was said outside the text, by its place
        self._found = Collector()
        self._cell = Collector()  # the cell that is being read
        self._table = Table()
        self._state = State()
        self._around: list[State] = []
        self._bytes = bytearray()
        self._skip = 0  # bytes
        self._is_starred = False
        self._usual_encoding, self._usual_font = LATIN, -1
        self._encodings: dict[int, str] = {}
        self._style_names: dict[int, str] = {}
        self._style_levels: dict[int, int] = {}
        self._runs: list[tuple[str, bool]] = []
        self._unseen: list[tuple[Reason, str]] = []

    def take(self, token: Token) -> None:
        """Take the next token of the file."""
        if token.text:
            self._bytes += token.text[self._skip :]
            self._skip = max(0, self._skip - len(token.text))
            return
        self._flush()
        self._skip = 0
        if token.word == "{":
            self._open()
        elif token.word == "}":
            self._close()
        elif token.word == "*":
            self._is_starred = True
        elif self._state.place != SKIP:
            self._word(token.word, token.number)
            self._is_starred = False

    def finish(self) -> Collector:
        """Return what was collected; a file may end anywhere."""
        self._flush()
        self._state.place = ""
        self._end_paragraph()
        self._end_table()
        return self._found

    def _open(self) -> None:
        if len(self._around) >= DEPTH:
            raise _FORMAT.refused(f"groups nested at most {DEPTH} deep", "more")
        self._around.append(self._state)
        self._state = replace(self._state)
        self._is_starred = False

    def _close(self) -> None:
        if self._around:
            place, self._state = self._state.place, self._around.pop()
            if place != self._state.place and place in self.texts and place in _REASONS:
                self._found.leave_out(Reason(place), joined(self.texts.pop(place)))

    def _word(self, name: str, number: int | None) -> None:
        state = self._state
        if name in PLACES:
            if not state.place or PLACES[name] == SKIP:
                state.place = PLACES[name]
        elif state.place == INFO and name in (_TITLE, _AUTHOR):
            state.place = name
        elif self._is_starred:  # a group that only some programs know
            state.place = SKIP
        elif name in CHARACTERS:
            self._say(CHARACTERS[name])
        elif name == "u":
            self._say(character(number or 0))
            self._skip = state.fallbacks
        elif state.place in (FONTS, STYLES):
            self._define(name, number or 0)
        elif name in ENDS_PARAGRAPH:
            self._end_paragraph()
        elif name in ("cell", "row"):
            self._end_cell(is_row=name == "row")
        elif name == "deff":
            self._usual_font = number or 0
        elif name in ("ansicpg", "mac", "pc", "pca"):
            self._usual_encoding = encoding_named(name, number)
        elif not (state.set_letters(name, number) or state.set_paragraph(name, number or 0)):
            self._table.word(name)

    def _define(self, name: str, number: int) -> None:
        """Take a word in the table of fonts, or of styles."""
        if name == "f":
            self._state.font = number
        elif name == "fcharset":
            self._encodings[self._state.font] = encoding_of(number, self._usual_encoding)
        elif name == "s":
            self._state.style = number
        elif name == "outlinelevel":
            self._style_levels[self._state.style] = number + 1

    def _flush(self) -> None:
        if self._bytes:
            font = self._usual_font if self._state.font < 0 else self._state.font
            encoding = self._encodings.get(font, self._usual_encoding)
            raw, self._bytes = bytes(self._bytes), bytearray()
            self._say(decoded(raw, encoding))

    def _say(self, text: str) -> None:
        state = self._state
        if state.place in (SKIP, FONTS, INFO):
            return
        if not state.place or state.place in _REASONS:
            self.heard += [text] if state.place == self._heard_in else ["\n", text]
            self._heard_in = state.place
        if state.place == STYLES:
            self._style_names[state.style] = self._style_names.get(state.style, "") + text
        elif state.place:
            self.texts[state.place] = self.texts.get(state.place, "") + text
        elif state.is_hidden or state.is_struck:
            self._unseen.append((Reason.HIDDEN if state.is_hidden else Reason.STRUCK, text))
        else:
            self._runs.append((moved(text, state.direction), state.is_bold))

    def _end_paragraph(self) -> None:
        self.heard.append("\n")
        if self._state.place:
            self._say(" ")
            return
        for reason in (Reason.HIDDEN, Reason.STRUCK):
            unseen = "".join(text for why, text in self._unseen if why is reason)
            self._found.leave_out(reason, joined(unseen))
        runs, self._runs, self._unseen = self._runs, [], []
        mark = one_line(joined(self.texts.pop(MARK, "")))
        text = joined("".join(text for text, _ in runs))
        if not mark and (typed := _TYPED.match(text)):
            mark, text = typed[1], text[typed.end() :]
        text = lines(text)
        if not self._state.in_table:
            self._end_table()
        if text:
            is_bold = all(is_bold for words, is_bold in runs if words.strip())
            self._add(text, mark, is_bold=is_bold)

    def _add(self, text: str, mark: str, *, is_bold: bool) -> None:
        state = self._state
        into = self._cell if state.in_table else self._found
        name = one_line(self._style_names.get(state.style, "")).rstrip(";").lower()
        named = _HEADING.match(name)
        level = int(named[1]) if named else state.level or self._style_levels.get(state.style, 0)
        if _CONTENTS.match(name):
            self._found.leave_out(Reason.CONTENTS, text)
        elif name == _TITLE and not self._found.title and not state.in_table:
            self._found.title = one_line(text)
        elif 0 < level <= _BODY_LEVEL:
            into.add(Block(one_line(text), level))
        elif mark or state.in_list:
            sign = _SIGN.match(mark)
            counted = mark if _COUNTED.match(mark) else "-"
            into.item(Item(state.depth, counted, f"{sign[0]} {text}" if sign else text, is_bold))
        else:
            into.add(Block(text, bold=is_bold))

    def _end_cell(self, *, is_row: bool) -> None:
        """End a cell, or a row; words left at its end are in a cell that the file did not end."""
        self._state.in_table = True
        self._end_paragraph()
        blocks, self._cell = self._cell.finish(), Collector()
        if blocks or not is_row:
            self._table.end_cell(blocks)
        if is_row:
            self._table.end_row()

    def _end_table(self) -> None:
        if blocks := self._cell.finish():
            self._table.end_cell(blocks)
            self._cell = Collector()
        if self._table:
            self._found.add(*self._table.finish())
