"""Lists of a Word document: the mark or number in front of each item."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ingest.files.archive import Element
from ingest.readers.marks import drawn
from ingest.readers.word.styles import Paragraph, number

_BULLETS = frozenset({"bullet", "none"})
_DEEPEST = 9
_MARK_CHARS = 40  # it is repeated for each item
_COUNT = re.compile("%[1-9]")


@dataclass(frozen=True, slots=True)
class _Level:
    """One level of a list. `text` is what is drawn in front: a sign, or "%1." with a number."""

    is_bullet: bool
    start: int = 1
    text: str = ""
    is_picture: bool = False


@dataclass(slots=True)
class Lists:
    """Counts the items of the lists of a document; `pictures` are items whose mark is a picture."""

    numbering: Element | None
    pictures: int = 0
    _levels: dict[str, dict[int, _Level]] = field(default_factory=dict)
    _counts: dict[str, list[int | None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        children = self.numbering.children if self.numbering else []
        kinds = [child for child in children if child.name == "abstractNum"]
        by_id = {kind.get("abstractNumId"): kind for kind in kinds}
        by_style = {name: kind for kind in kinds if (name := kind.value("styleLink"))}
        for child in children:
            if child.name == "num":
                kind = by_id.get(child.value("abstractNumId") or "")
                if kind and (link := kind.value("numStyleLink")):
                    kind = by_style.get(link, kind)
                levels = [c for c in (kind.children if kind else []) if c.name == "lvl"]
                levels += [c for o in child.children if (c := o.child("lvl"))]
                self._levels[child.get("numId")] = {
                    number(c.get("ilvl"), 0): _level(c) for c in levels
                }

    def mark(self, paragraph: Paragraph) -> str:
        """Return the mark of the next item of a paragraph's list, as drawn, or its number."""
        depth = paragraph.depth
        level = self._levels.get(paragraph.list_id, {}).get(depth, _Level(paragraph.is_bullet))
        counts = self._counts.setdefault(paragraph.list_id, [None] * _DEEPEST)
        before = counts[depth]
        counts[depth] = level.start if before is None else before + 1
        counts[depth + 1 :] = [None] * (_DEEPEST - 1 - depth)
        self.pictures += level.is_picture
        if level.is_bullet:
            return level.text or "-"
        words = _COUNT.sub("", level.text)
        if sum(c.isalpha() for c in words) > 1:  # "Week %1:"
            return _COUNT.sub(lambda m: str(counts[int(m[0][1]) - 1] or 1), level.text)
        return f"{counts[depth]}."


def _level(element: Element) -> _Level:
    fonts = element.child("rPr")
    font = (fonts.child("rFonts") if fonts else None) or Element("rFonts", {})
    return _Level(
        is_bullet=(element.value("numFmt") or "bullet") in _BULLETS,
        start=number(element.value("start") or "", 1),
        text=drawn(
            (element.value("lvlText") or "")[:_MARK_CHARS], font.get("ascii") or font.get("hAnsi")
        ).strip(),
        is_picture=element.child("lvlPicBulletId") is not None,
    )
