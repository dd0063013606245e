"""The parts of a Word document that hold its text and structure, as trees."""

from __future__ import annotations

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
_DOCUMENT, _STYLES, _NUMBERING = "officeDocument", "styles", "numbering"
_PROPERTIES = "core-properties"


@dataclass(frozen=True, slots=True)
class WordParts:
    """The parts that an article is made of; only the text is always there."""

    document: Element
    styles: Element | None
    numbering: Element | None
    properties: Element | None


def read_parts(raw: bytes) -> WordParts:
    """Read the parts of a Word document that hold its text and structure.

    Raises ContentError when it is damaged, needs a password, or is a decompression bomb.
    """
    with open_archive(raw, _FORMAT) as archive:
        package = archive.targets("")
        main = package.get(_DOCUMENT, "word/document.xml")
        parts = archive.targets(main)
        document = archive.tree(main)
        if document is None:
            raise _FORMAT.refused("a document inside the file", "none")
        return WordParts(
            document,
            archive.tree(parts.get(_STYLES, "")),
            archive.tree(parts.get(_NUMBERING, "")),
            archive.tree(package.get(_PROPERTIES, "docProps/core.xml")),
        )
