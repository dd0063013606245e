"""The parts of a Word document that hold its text and structure, as trees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ingest.files.archive import Element, Format, open_archive

_OPEN, _STRICT = "http://schemas.openxmlformats.org", "http://purl.oclc.org/ooxml"
_FORMAT = Format(
    "Word document",
    ".docx",
    {
        f"{_OPEN}/wordprocessingml/2006/main": "",
        f"{_STRICT}/wordprocessingml/main": "",
        f"{_OPEN}/officeDocument/2006/math": "m:",
        f"{_STRICT}/officeDocument/math": "m:",
        f"{_OPEN}/markup-compatibility/2006": "mc:",
    },
)
_DOCUMENT, _PROPERTIES = "officeDocument", "core-properties"
_NOTES = ("footnotes", "endnotes", "comments")


@dataclass(frozen=True, slots=True)
class WordParts:
    """The parts that an article is made of; only the text is always there."""

    document: Element
    styles: Element | None
    numbering: Element | None
    properties: Element | None
    notes: Mapping[tuple[str, str], Element]  # by kind (footnote, endnote, comment) and id
    headers: tuple[Element, ...]
    footers: tuple[Element, ...]


def read_parts(raw: bytes) -> WordParts:
    """Read the parts of a Word document that hold its text and structure.

    Raises ContentError when it is damaged, needs a password, or is a decompression bomb.
    """
    with open_archive(raw, _FORMAT) as archive:
        package = archive.targets("")
        main = package.get(_DOCUMENT, "word/document.xml")
        relations = archive.relations(main)
        document = archive.tree(main)
        if document is None:
            raise _FORMAT.refused("a document inside the file", "none")

        def trees(kind: str) -> list[Element]:
            names = dict.fromkeys(r.target for r in relations if r.kind == kind)
            return [tree for name in names if (tree := archive.tree(name))]

        notes = [note for kind in _NOTES for tree in trees(kind)[:1] for note in tree.children]
        return WordParts(
            document,
            next(iter(trees("styles")), None),
            next(iter(trees("numbering")), None),
            archive.tree(package.get(_PROPERTIES, "docProps/core.xml")),
            # Without the lines above them.
            {(n.name, n.get("id")): n for n in notes if n.get("type") in ("", "normal")},
            tuple(trees("header")),
            tuple(trees("footer")),
        )
