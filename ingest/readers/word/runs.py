"""The text of one paragraph of a Word document, without hidden or deleted text."""

from __future__ import annotations

import re

from ingest.files.archive import Element
from ingest.readers.marks import drawn
from ingest.readers.outline import LeftOut, Reason
from ingest.readers.word.styles import Styles, bold, is_on

# Wrappers around text.
AROUND = frozenset(
    """ins moveTo hyperlink smartTag fldSimple sdtContent customXml dir bdo r rubyBase ruby
    m:oMath m:oMathPara m:r m:t""".split()
)
_SIGNS = {"tab": " ", "ptab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_NOTES = {
    "footnoteReference": "footnote",
    "endnoteReference": "endnote",
    "commentReference": "comment",
}
# A raised number is that of a note, but after a unit of length or a ten it is a power.
_NOTE_NUMBER = re.compile(r"[\s\d,;*\u2020\u2021\u00a7()\[\]\u2013-]+")
_POWER = re.compile(r"(?:(?<![^\W\d_])[cdkm\u00b5]?m|(?<!\d)10)\Z")
_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_BEFORE_CHARS = 4
_CODE = re.compile("[0-9a-fA-F]{2,4}")


class Runs:
    """Reads the text of one paragraph.

    `boxes` are its text boxes, `notes` the kinds and ids of the notes that it refers to, in order.
    """

    def __init__(self, styles: Styles, *, is_bold: bool, is_hidden: bool = False) -> None:
        self.boxes: list[Element] = []
        self.notes: list[tuple[str, str]] = []
        self.left_out: list[LeftOut] = []
        self._styles = styles
        self._by_style = is_bold
        self._is_hidden = is_hidden
        self._found: list[tuple[str, bool]] = []
        self._left_at = -1  # where text was left out last

    @property
    def is_bold(self) -> bool:
        """Whether all text is set bold."""
        bold_runs = [is_bold for text, is_bold in self._found if text.strip()]
        return bool(bold_runs) and all(bold_runs)

    def text(self) -> str:
        """Return the text, with the paragraph's line breaks."""
        return "".join(text for text, _ in self._found)

    def read(self, parent: Element, *, is_bold: bool | None = None, font: str = "") -> None:
        """Read the text inside an element; text boxes are collected in `boxes`."""
        is_bold = self._by_style if is_bold is None else is_bold
        for element in parent.children:
            name = element.name
            if name in ("t", "m:t"):
                self._add(element.text, is_bold=is_bold, font=font)
            elif name == "r":
                self._run(element, is_bold=is_bold)
            elif name in _SIGNS:
                self._found.append((_SIGNS[name], is_bold))
            elif name == "sym":
                code = element.get("char")
                letter = chr(int(code, 16)) if _CODE.fullmatch(code) else ""
                self._add(letter, is_bold=is_bold, font=element.get("font"))
            elif name in _NOTES:
                self.notes.append((_NOTES[name], element.get("id")))
                if is_on(element.get("customMarkFollows") or "0"):
                    self.leave_out(Reason.NOTE, plain(parent))
                    return
            elif name == "del":
                self.leave_out(Reason.STRUCK, plain(element))
            elif name == "mc:AlternateContent":
                self.read(alternative(element), is_bold=is_bold, font=font)
            elif name in ("drawing", "pict", "object"):
                self.boxes += _outermost(element, "txbxContent")
            elif name == "sdt" or name in AROUND or name.startswith("m:"):
                self.read(element, is_bold=is_bold, font=font)

    def leave_out(self, reason: Reason, text: str) -> None:
        """Note a text that is left out; a program divides it into runs, which belong together."""
        if self._left_at == len(self._found) and self.left_out[-1].reason is reason:
            self.left_out[-1] = LeftOut(reason, self.left_out[-1].text + text)
        elif text.strip():
            self.left_out.append(LeftOut(reason, text))
            self._left_at = len(self._found)

    def _add(self, text: str, *, is_bold: bool, font: str) -> None:
        shown = drawn(text, font)
        self._found.append((shown, is_bold))
        if text and not shown:
            self.leave_out(Reason.LABEL, text if text.isprintable() else "")

    def _run(self, run: Element, *, is_bold: bool) -> None:
        properties = run.child("rPr")
        stated = self._styles.run(properties)
        if self._is_hidden or stated.is_hidden:
            self.leave_out(Reason.HIDDEN, plain(run))
        elif stated.is_struck:
            self.leave_out(Reason.STRUCK, plain(run))
        elif stated.is_raised and _NOTE_NUMBER.fullmatch(plain(run)):
            self._raised(plain(run), is_bold=is_bold)
        else:
            is_bold = self._run_is_bold(properties, is_bold=is_bold)
            self.read(run, is_bold=is_bold, font=stated.font)

    def _raised(self, text: str, *, is_bold: bool) -> None:
        """Read a raised number: a power of what is before it, or the number of a note."""
        before = self.text()[-_BEFORE_CHARS:]
        if _POWER.search(before) and not text.strip("0123456789-"):
            self._found.append((text.translate(_RAISED), is_bold))
        else:
            self.leave_out(Reason.NOTE, text)

    def _run_is_bold(self, properties: Element | None, *, is_bold: bool) -> bool:
        if self._styles.is_large(properties):
            return True  # large text stands out like bold text
        own = bold(properties)
        if own is not None:
            return own
        style = properties.value("rStyle") if properties else None
        return is_bold or (style is not None and self._styles.is_bold(style))


def plain(element: Element) -> str:
    """Return all text inside an element as it stands there, deleted and hidden text as well."""
    found = []
    for inner in element.within():
        if inner.name in ("t", "delText", "m:t"):
            found.append(inner.text)
        elif inner.name in _SIGNS:
            found.append(_SIGNS[inner.name])
        elif inner.name in ("p", "tc"):
            found.append("\n")
    return "".join(found)


def alternative(element: Element) -> Element:
    """Return one of several alternatives; the one for old programs is the simplest."""
    return element.child("mc:Fallback") or element.child("mc:Choice") or Element("", {})


def _outermost(parent: Element, name: str) -> list[Element]:
    found: list[Element] = []
    stack = [parent]
    while stack:
        element = stack.pop()
        if element.name == name:
            found.append(element)
        elif element.name == "mc:AlternateContent":
            stack.append(alternative(element))
        else:
            stack += reversed(element.children)
    return found
