"""The text of one paragraph of a Word document, without hidden or deleted text."""

from __future__ import annotations

from ingest.files.archive import Element
from ingest.readers.word.styles import Styles, bold, is_on

# Wrappers around text. Deleted text has other names.
AROUND = frozenset(
    """ins moveTo hyperlink smartTag fldSimple sdtContent customXml dir bdo r rubyBase ruby
    m:oMath m:oMathPara m:r m:t""".split()
)
_AS_SPACE = frozenset("tab ptab".split())
_AS_BREAK = frozenset("br cr".split())
# Characters of Word's symbol fonts that carry meaning.
_SYMBOLS = {
    "F0FC": "\u2713",
    "F0FB": "\u2717",
    "F0E0": "\u2192",
    "F0DF": "\u2190",
    "F0B0": "\u00b0",
}


class Runs:
    """Reads the text of one paragraph."""

    def __init__(self, styles: Styles, *, is_bold: bool) -> None:
        self.boxes: list[Element] = []
        self._styles = styles
        self._by_style = is_bold
        self._found: list[tuple[str, bool]] = []

    @property
    def is_bold(self) -> bool:
        """Whether all text is set bold."""
        bold_runs = [is_bold for text, is_bold in self._found if text.strip()]
        return bool(bold_runs) and all(bold_runs)

    def text(self) -> str:
        """Return the text, with the paragraph's line breaks."""
        return "".join(text for text, _ in self._found)

    def read(self, parent: Element, *, is_bold: bool | None = None) -> None:
        """Read the text inside an element; text boxes are collected in `boxes`."""
        is_bold = self._by_style if is_bold is None else is_bold
        for element in parent.children:
            name = element.name
            if name in ("t", "m:t"):
                self._found.append((element.text, is_bold))
            elif name == "r":
                if not _is_hidden(element):
                    self.read(element, is_bold=self._run_is_bold(element, is_bold=is_bold))
            elif name in _AS_SPACE:
                self._found.append((" ", is_bold))
            elif name in _AS_BREAK:
                self._found.append(("\n", is_bold))
            elif name == "noBreakHyphen":
                self._found.append(("-", is_bold))
            elif name == "sym":
                self._found.append((_SYMBOLS.get(element.get("char").upper(), ""), is_bold))
            elif name == "mc:AlternateContent":
                self.read(alternative(element), is_bold=is_bold)
            elif name in ("drawing", "pict", "object"):
                self.boxes += _outermost(element, "txbxContent")
            elif name == "sdt" or name in AROUND or name.startswith("m:"):
                self.read(element, is_bold=is_bold)

    def _run_is_bold(self, run: Element, *, is_bold: bool) -> bool:
        properties = run.child("rPr")
        if self._styles.is_large(properties):
            return True  # large text stands out like bold text
        own = bold(properties)
        if own is not None:
            return own
        style = properties.value("rStyle") if properties else None
        return is_bold or (style is not None and self._styles.is_bold(style))


def _is_hidden(run: Element) -> bool:
    """Say whether a run is not shown, or crossed out."""
    properties = run.child("rPr")
    return properties is not None and any(
        (value := properties.value(name)) is not None and is_on(value)
        for name in ("vanish", "strike", "dstrike")
    )


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
