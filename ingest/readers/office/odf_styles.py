"""Styles and lists of an OpenDocument text: what they say of paragraphs, letters and items."""

from __future__ import annotations

from ingest.files.archive import Element
from ingest.readers.office.odf_lists import ListLevel, list_level

_BASED_ON_MAX = 20


class Styles:
    """Looks up what a style and the styles that it is based on say."""

    def __init__(self, trees: list[Element]) -> None:
        self._styles: dict[tuple[str, str], Element] = {}
        self._lists: dict[str, Element] = {}
        for element in (e for tree in trees for e in tree.within()):
            name = element.get("style:name")
            if element.name == "style:style":
                self._styles[element.get("style:family"), name] = element
            elif element.name == "text:list-style":
                self._lists[name] = element

    def chain(self, family: str, name: str) -> list[Element]:
        """Return a style and the styles that it is based on, nearest first."""
        found: list[Element] = []
        while (family, name) in self._styles and len(found) < _BASED_ON_MAX:
            found.append(self._styles[family, name])
            name = found[-1].get("style:parent-style-name")
        return found

    def names(self, name: str) -> list[str]:
        """Return the names of a paragraph's style and of those it is based on, nearest first."""
        parents = [style.get("style:parent-style-name") for style in self.chain("paragraph", name)]
        return [one.replace("_20_", " ") for one in (name, *parents) if one]

    def stated(self, family: str, name: str, *keys: str) -> str:
        """Return what the letters of a style are said to be, "" when nothing is said."""
        found = (style.child("style:text-properties") for style in self.chain(family, name))
        said = (p.get(key) for p in found if p for key in keys)
        return next(filter(None, said), "")

    def is_shown_section(self, name: str) -> bool:
        """Say whether a section of this style is shown."""
        return all(
            properties.get("text:display") != "none"
            for style in self.chain("section", name)
            for properties in style.children
        )

    def level(self, name: str, depth: int) -> ListLevel:
        """Return how the items of a list at this depth, from 0, are marked."""
        levels = self._lists[name].children if name in self._lists else []
        found = (level for level in levels if level.get("text:level") == str(depth + 1))
        return next(map(list_level, found), ListLevel())
