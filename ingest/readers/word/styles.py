"""Styles of a Word document: which paragraph is a heading or a list item."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from ingest.files.archive import Element

# Word names its own styles in English in every language; other programs do not, and clinics name
# theirs after them ("Leaflet heading 2").
_HEADING = re.compile(
    r"(?:.*\b)?(?:heading|\u00fcberschrift|titre|t\u00edtulo|titolo|kop|rubrik) ?([1-9])(?:,.*)?\Z"
)
_LEFT_OUT = re.compile(
    r"(?:toc (?:heading|\d)|table of (?:figures|authorities)|index (?:heading|\d))\Z"
)
_LIST = re.compile(r"list (bullet|number)(?: ([2-5]))?\Z")
_BASED_ON_MAX = 20
_OFF = frozenset({"0", "false", "off"})
_NO_LIST = "0"
_BODY_LEVEL = 9
_SHOWN = frozenset({"vanish", "strike", "dstrike", "vertAlign", "rFonts", "rStyle"})
_WORDS_SIZE = 20  # half points, where a document says nothing
_LARGE = 1.2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """The role of a paragraph: `level` 0 for text, `list_id` "" outside lists."""

    level: int = 0
    is_title: bool = False
    is_left_out: bool = False
    is_bold: bool = False
    is_hidden: bool = False
    list_id: str = ""
    depth: int = 0
    is_bullet: bool = True


@dataclass(frozen=True, slots=True)
class Run:
    """How a run is shown; `font` "" where nothing names one."""

    is_hidden: bool = False
    is_struck: bool = False
    is_raised: bool = False
    font: str = ""


_PLAIN = Run()


class Styles:
    """Looks up the role of a paragraph in its style and the styles that this is based on."""

    def __init__(self, styles: Element | None, document: Element | None = None) -> None:
        self._styles = {
            style.get("styleId"): style
            for style in (styles.children if styles else [])
            if style.name == "style"
        }
        self._default = next(
            (
                name
                for name, style in self._styles.items()
                if style.get("type") == "paragraph" and is_on(style.get("default") or "0")
            ),
            "",
        )
        self._usual = self._usual_size(styles, document)

    def _usual_size(self, styles: Element | None, document: Element | None) -> int:
        """Return the size of most letters, in half points."""
        stated = [styles.value("docDefaults", "rPrDefault", "rPr", "sz")] if styles else []
        stated = [style.value("rPr", "sz") for style in self.chain(None)] + stated
        default = next((n for s in stated if s and (n := number(s, 0))), _WORDS_SIZE)
        letters: Counter[int] = Counter()
        for run in document.within() if document else ():
            if run.name == "r":
                size = number(run.value("rPr", "sz") or "", default)
                letters[size] += sum(len(text.text) for text in run.children)
        return max(letters, key=lambda size: (letters[size], size), default=default)

    def is_large(self, properties: Element | None) -> bool:
        """Say whether properties of a run set it clearly larger than most letters."""
        size = properties.value("sz") if properties else None
        return number(size or "", 0) >= self._usual * _LARGE

    def chain(self, name: str | None) -> list[Element]:
        """Return a style and the styles that it is based on, nearest first."""
        found: list[Element] = []
        name = self._default if name is None else name
        while name in self._styles and len(found) < _BASED_ON_MAX:
            found.append(self._styles[name])
            name = found[-1].value("basedOn") or ""
        return found

    def is_bold(self, name: str | None) -> bool:
        """Say whether a style sets its text bold."""
        return next((b for s in self.chain(name) if (b := bold(s.child("rPr"))) is not None), False)

    def run(self, properties: Element | None) -> Run:
        """Return how a run with these properties, and the style that they name, is shown."""
        if not properties or not properties.children:
            return _PLAIN
        names = {element.name for element in properties.children}
        if names.isdisjoint(_SHOWN):
            return _PLAIN
        style = properties.value("rStyle")
        styles = self.chain(style) if style else []
        sources = [properties, *(found for s in styles if (found := s.child("rPr")))]
        fonts = next((found for s in sources if (found := s.child("rFonts"))), None)
        raised = next((v for s in sources if (v := s.value("vertAlign")) is not None), "")
        return Run(
            is_hidden=_is_set(sources, "vanish"),
            is_struck=_is_set(sources, "strike") or _is_set(sources, "dstrike"),
            is_raised=raised == "superscript",
            font=(fonts.get("ascii") or fonts.get("hAnsi")) if fonts else "",
        )

    def paragraph(self, properties: Element | None) -> Paragraph:
        """Return the role of a paragraph with these properties."""
        own = properties or Element("pPr", {})
        chain = self.chain(own.value("pStyle"))
        names = [(style.value("name") or "").lower() for style in chain]
        sources = [own, *(p for style in chain if (p := style.child("pPr")))]
        list_id = next((v for s in sources if (v := s.value("numPr", "numId")) is not None), "")
        depth = next((v for s in sources if (v := s.value("numPr", "ilvl")) is not None), "0")
        named = next((match for name in names if (match := _LIST.match(name))), None)
        deeper = int(named[2] or 1) - 1 if named else 0
        return Paragraph(
            level=_level(names, sources),
            is_title="title" in names[:1],
            is_left_out=any(_LEFT_OUT.match(name) for name in names[:1]),
            is_bold=next((b for s in chain if (b := bold(s.child("rPr"))) is not None), False),
            is_hidden=_is_set([p for s in chain if (p := s.child("rPr"))], "vanish"),
            list_id="" if list_id == _NO_LIST else list_id or (named[0] if named else ""),
            depth=max(deeper, min(number(depth, 0), 8)),
            is_bullet=not named or named[1] == "bullet",
        )


def _is_set(sources: list[Element], name: str) -> bool:
    return is_on(next((v for s in sources if (v := s.value(name)) is not None), "0"))


def _level(names: list[str], sources: list[Element]) -> int:
    for name in names:
        if match := _HEADING.match(name):
            return int(match[1])
    for source in sources:
        value = source.value("outlineLvl")
        if value is not None:
            is_level = value.isdecimal() and len(value) == 1 and int(value) < _BODY_LEVEL
            return int(value) + 1 if is_level else 0
    return 0


def bold(properties: Element | None) -> bool | None:
    """Say whether properties of a run set it bold; None when they do not say."""
    value = properties.value("b") if properties else None
    return None if value is None else is_on(value)


def is_on(value: str) -> bool:
    """Say whether a switch is on; an empty value means on."""
    return value.lower() not in _OFF


def number(text: str, otherwise: int) -> int:
    """Return a number that a document states, `otherwise` when it is none or too large."""
    return int(text) if text.isdecimal() and len(text) < 6 else otherwise
