"""The parts of a Word document as trees: an archive of XML, read as if it were hostile.

No library for Word files: mammoth leaves out fields and shows hidden text, python-docx leaves out
tracked insertions, and both unpack and parse without limits. Nothing is written to the disk, and
no name in the archive is used as a path.
"""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

from core.errors import ContentError
from ingest.files.limits import (
    ARCHIVE_BYTES,
    ARCHIVE_PARTS,
    DEPTH,
    PART_BYTES,
    PART_RATIO,
    RATIO_FROM_BYTES,
    XML_ELEMENTS,
)

_PROBLEM = "This Word document cannot be read."
_AGAIN = "then run: python -m ingest"
_FIX = f"open it in a word processor, save it again as .docx, {_AGAIN}"
_OPEN, _STRICT = "http://schemas.openxmlformats.org", "http://purl.oclc.org/ooxml"
_SPACES = {
    f"{_OPEN}/wordprocessingml/2006/main": "",
    f"{_STRICT}/wordprocessingml/main": "",
    f"{_OPEN}/officeDocument/2006/math": "m:",
    f"{_STRICT}/officeDocument/math": "m:",
    f"{_OPEN}/markup-compatibility/2006": "mc:",
}
_DOCUMENT, _STYLES, _NUMBERING = "officeDocument", "styles", "numbering"
_PROPERTIES = "core-properties"
# What zipfile raises for damaged archives, and for names and sizes that mean nothing.
_DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError),
    *(ValueError, OverflowError, KeyError, IndexError),
)


@dataclass(eq=False, slots=True)
class Element:
    """An element of XML by its local name; only names that are not Word's have a prefix."""

    name: str
    attributes: dict[str, str]
    children: list[Element] = field(default_factory=list)
    text: str = ""

    def get(self, name: str) -> str:
        """Return an attribute, "" when it is missing."""
        return self.attributes.get(name, "")

    def child(self, name: str) -> Element | None:
        """Return the first child of this name."""
        return next((child for child in self.children if child.name == name), None)

    def value(self, *names: str) -> str | None:
        """Return the `val` of the element at the end of this path of names, None without one."""
        found: Element | None = self
        for name in names:
            found = found.child(name) if found else None
        return found.get("val") if found else None

    def within(self) -> Iterator[Element]:
        """Yield this element and all inside it, in reading order."""
        stack = [self]
        while stack:
            element = stack.pop()
            yield element
            stack += reversed(element.children)


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
    try:
        with zipfile.ZipFile(BytesIO(raw)) as archive:
            _check(archive)
            package = {kind: names[0] for kind, names in _targets(archive, "").items()}
            main = package.get(_DOCUMENT, "word/document.xml")
            targets = _targets(archive, main)
            parts = {kind: names[0] for kind, names in targets.items()}
            document = _tree(archive, main)
            if document is None:
                raise _refused("a document inside the file", "none")
            return WordParts(
                document,
                _tree(archive, parts.get(_STYLES, "")),
                _tree(archive, parts.get(_NUMBERING, "")),
                _tree(archive, package.get(_PROPERTIES, "docProps/core.xml")),
                _notes(archive, parts),
                *(tuple(_trees(archive, targets.get(kind, ()))) for kind in ("header", "footer")),
            )
    except _DAMAGED as error:
        raise _refused("an undamaged document", "a damaged file") from error


def _check(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    total = sum(part.file_size for part in parts)
    if len(parts) > ARCHIVE_PARTS or total > ARCHIVE_BYTES:
        raise _refused(
            f"at most {ARCHIVE_PARTS:,} parts, unpacked at most {ARCHIVE_BYTES // 1_000_000} MB",
            f"{len(parts):,} parts, unpacked {total // 1_000_000:,} MB",
        )


def _targets(archive: zipfile.ZipFile, source: str) -> dict[str, list[str]]:
    """Return the names of the parts that a part refers to, by the kind of relation."""
    folder, name = posixpath.split(source)
    tree = _tree(archive, posixpath.join(folder, "_rels", f"{name}.rels"))
    found: dict[str, list[str]] = {}
    for element in tree.children if tree else []:
        if element.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, element.get("Target")))
            kind = element.get("Type").rpartition("/")[2]
            found.setdefault(kind, []).append(target.lstrip("/"))
    return found


def _trees(archive: zipfile.ZipFile, names: Iterable[str]) -> Iterator[Element]:
    for name in dict.fromkeys(names):
        if tree := _tree(archive, name):
            yield tree


def _notes(archive: zipfile.ZipFile, parts: Mapping[str, str]) -> dict[tuple[str, str], Element]:
    """Return the notes and comments of a document, without the lines above them."""
    return {
        (note.name, note.get("id")): note
        for kind in ("footnotes", "endnotes", "comments")
        if (tree := _tree(archive, parts.get(kind, "")))
        for note in tree.children
        if note.get("type") in ("", "normal")
    }


def _tree(archive: zipfile.ZipFile, name: str) -> Element | None:
    """Return a part of the archive as a tree, None when there is no such part."""
    try:
        part = archive.getinfo(name)
    except KeyError:
        return None
    packed_well = part.file_size > max(RATIO_FROM_BYTES, part.compress_size * PART_RATIO)
    if part.file_size > PART_BYTES or packed_well:
        raise _refused(
            f"parts of at most {PART_BYTES // 1_000_000} MB, packed at most {PART_RATIO} times",
            f"{part.file_size // 1_000_000:,} MB packed into {part.compress_size:,} bytes",
            name,
        )
    if part.flag_bits & 1:
        raise _refused("a document without a password", "one with a password", name)
    if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _refused("parts compressed by deflate", "another compression", name)
    parser: Any = ElementTree.XMLParser(target=_Builder(name))  # noqa: S314 - it refuses what is bad
    read = 0
    try:
        with archive.open(part) as stream:
            while piece := stream.read(1 << 16):
                read += len(piece)
                if read > PART_BYTES:  # the size that the archive states may be wrong
                    raise _refused(f"at most {PART_BYTES // 1_000_000} MB in a part", "more", name)
                parser.feed(piece)
        tree: Element = parser.close()
    except ElementTree.ParseError as error:
        line = f"{name}, line {error.position[0]}"
        raise _refused("valid XML", "a damaged part", line) from error
    return tree


class _Builder:
    """Builds a tree of `Element`; refuses what no word processor writes."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._root: Element | None = None
        self._open: list[Element] = []
        self._count = 0

    def doctype(self, *_: object) -> None:
        """Refuse declarations: they can multiply text and read other files."""
        raise _refused("no document type", "a document type (DTD)", self._name)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if self._count > XML_ELEMENTS or len(self._open) >= DEPTH:
            raise _refused(
                f"at most {XML_ELEMENTS:,} elements, nested {DEPTH} deep", "more", self._name
            )
        plain = {key.rpartition("}")[2]: value for key, value in attributes.items()}
        element = Element(_local(tag), plain)
        if self._open:
            self._open[-1].children.append(element)
        self._root = self._root or element
        self._open.append(element)

    def data(self, text: str) -> None:
        self._open[-1].text += text

    def end(self, _tag: str) -> None:
        self._open.pop()

    def close(self) -> Element:
        assert self._root is not None  # noqa: S101 - the parser read an element
        return self._root


def _local(tag: str) -> str:
    space, _, name = tag.rpartition("}")
    return _SPACES.get(space.lstrip("{"), "x:") + name


def _refused(expected: str, found: str, where: str = "") -> ContentError:
    return ContentError(_PROBLEM, where=where or None, expected=expected, found=found, fix=_FIX)
