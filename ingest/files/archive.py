"""A document that is an archive of XML (Word, OpenDocument, slides, e-books), read as if hostile.

Nothing is written to the disk, and no name in the archive is used as a path. No library for these
formats: mammoth leaves out fields and shows hidden text, python-docx leaves out tracked insertions,
and these, odfpy and python-pptx unpack and parse without limits.
"""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
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

_AGAIN = "then run: python -m ingest"
_MANY, _MEGABYTES = f"{XML_ELEMENTS:,}", PART_BYTES // 1_000_000
# What zipfile raises for damaged archives, and for names and sizes that mean nothing.
_DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError),
    *(ValueError, OverflowError, KeyError, IndexError),
)


@dataclass(frozen=True, slots=True)
class Format:
    """A format as its errors name it, its ending, and the prefixes of its namespaces.

    Elements whose namespace is not among them begin with "x:"; such attributes have no prefix.
    """

    name: str
    ending: str
    spaces: Mapping[str, str]

    def refused(self, expected: str, found: str, where: str = "") -> ContentError:
        """Return the error about a file of this format that cannot be read."""
        return ContentError(
            f"This {self.name} cannot be read.",
            where=where or None,
            expected=expected,
            found=found,
            fix=f"open it in the program that made it, save it again as {self.ending}, {_AGAIN}",
        )


@dataclass(eq=False, slots=True)
class Element:
    """An element of XML by its local name, after the prefix that the format gives its namespace.

    `text` is the text before its first child, `tail` the text after it, up to the next element.
    """

    name: str
    attributes: dict[str, str]
    children: list[Element] = field(default_factory=list)
    text: str = ""
    tail: str = ""

    def get(self, name: str) -> str:
        """Return an attribute, "" when it is missing."""
        return self.attributes.get(name, "")

    def child(self, *names: str) -> Element | None:
        """Return the first element at the end of this path of names."""
        found: Element | None = self
        for name in names:
            found = next((c for c in found.children if c.name == name), None) if found else None
        return found

    def value(self, *names: str) -> str | None:
        """Return the `val` of the element at the end of this path of names, None without one."""
        found = self.child(*names)
        return found.get("val") if found else None

    def within(self) -> Iterator[Element]:
        """Yield this element and all inside it, in reading order."""
        stack = [self]
        while stack:
            element = stack.pop()
            yield element
            stack += reversed(element.children)


@dataclass(frozen=True, slots=True)
class Relation:
    """What a part refers to: the id, the kind ("slide"), and the name of the other part."""

    id: str
    kind: str
    target: str


class Archive:
    """The parts of a document, unpacked and parsed one by one."""

    def __init__(self, opened: zipfile.ZipFile, kind: Format) -> None:
        self._opened = opened
        self._kind = kind
        self._count = 0  # of all elements that were read

    def relations(self, source: str) -> list[Relation]:
        """Return the parts that a part of an Office document refers to; none outside the file."""
        folder, name = posixpath.split(source)
        tree = self.tree(posixpath.join(folder, "_rels", f"{name}.rels"))
        return [
            Relation(
                element.get("Id"),
                element.get("Type").rpartition("/")[2],
                resolved(source, element.get("Target")),
            )
            for element in (tree.children if tree else [])
            if element.get("TargetMode") != "External"
        ]

    def targets(self, source: str) -> dict[str, str]:
        """Return the first part that a part of an Office document refers to, by kind."""
        return {r.kind: r.target for r in reversed(self.relations(source))}

    def read(self, name: str) -> bytes | None:
        """Return the bytes of a part, None when there is no such part.

        Raises ContentError when it is too large, packed too well, or needs a password.
        """
        pieces = self._pieces(name)
        return None if pieces is None else b"".join(pieces)

    def tree(self, name: str) -> Element | None:
        """Return a part as a tree, None when there is no such part.

        Raises ContentError as `read` does, and for XML that is damaged, too deep or declares types.
        """
        pieces = self._pieces(name)
        if pieces is None:
            return None
        builder = _Builder(name, self._kind, self._count)
        parser: Any = ElementTree.XMLParser(target=builder)  # noqa: S314 - it refuses what is bad
        try:
            for piece in pieces:
                parser.feed(piece)
            tree: Element = parser.close()
        except ElementTree.ParseError as error:
            line = f"{name}, line {error.position[0]}"
            raise self._kind.refused("valid XML", "a damaged part", line) from error
        self._count = builder.count
        return tree

    def _pieces(self, name: str) -> Iterator[bytes] | None:
        try:
            part = self._opened.getinfo(name)
        except KeyError:
            return None
        packed_well = part.file_size > max(RATIO_FROM_BYTES, part.compress_size * PART_RATIO)
        if part.file_size > PART_BYTES or packed_well:
            raise self._kind.refused(
                f"parts of at most {_MEGABYTES} MB, packed at most {PART_RATIO} times",
                f"{part.file_size // 1_000_000:,} MB packed into {part.compress_size:,} bytes",
                name,
            )
        if part.flag_bits & 1:
            raise self._kind.refused("a document without a password", "one with a password", name)
        if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise self._kind.refused("parts compressed by deflate", "another compression", name)
        return self._unpacked(part)

    def _unpacked(self, part: zipfile.ZipInfo) -> Iterator[bytes]:
        read = 0
        with self._opened.open(part) as stream:
            while piece := stream.read(1 << 16):
                read += len(piece)
                if read > PART_BYTES:  # the size that the archive states may be wrong
                    most = f"at most {_MEGABYTES} MB in a part"
                    raise self._kind.refused(most, "more", part.filename)
                yield piece


@contextmanager
def open_archive(raw: bytes, kind: Format) -> Iterator[Archive]:
    """Open a document; whatever is wrong with it raises ContentError, also while it is open."""
    try:
        with zipfile.ZipFile(BytesIO(raw)) as opened:
            parts = opened.infolist()
            total = sum(part.file_size for part in parts)
            if len(parts) > ARCHIVE_PARTS or total > ARCHIVE_BYTES:
                raise kind.refused(
                    f"at most {ARCHIVE_PARTS:,} parts, unpacked at most "
                    f"{ARCHIVE_BYTES // 1_000_000} MB",
                    f"{len(parts):,} parts, unpacked {total // 1_000_000:,} MB",
                )
            yield Archive(opened, kind)
    except _DAMAGED as error:
        raise kind.refused("an undamaged document", "a damaged file") from error


def resolved(source: str, target: str) -> str:
    """Return the name of the part that a part refers to; it never leads out of the archive."""
    folder = posixpath.dirname(source)
    return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")


class _Builder:
    """Builds a tree of `Element`; refuses what no program writes."""

    def __init__(self, name: str, kind: Format, count: int) -> None:
        self.count = count
        self._name = name
        self._kind = kind
        self._root: Element | None = None
        self._open: list[Element] = []

    def doctype(self, *_: object) -> None:
        """Refuse declarations: they can multiply text and read other files."""
        raise self._kind.refused("no document type", "a document type (DTD)", self._name)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if self.count > XML_ELEMENTS or len(self._open) >= DEPTH:
            most = f"at most {_MANY} elements, nested {DEPTH} deep"
            raise self._kind.refused(most, "more", self._name)
        space, _, name = tag.rpartition("}")
        prefix = self._kind.spaces.get(space.lstrip("{"), "x:")
        plain = {self._attribute(key): value for key, value in attributes.items()}
        element = Element(prefix + name, plain)
        if self._open:
            self._open[-1].children.append(element)
        self._root = self._root or element
        self._open.append(element)

    def _attribute(self, key: str) -> str:
        space, _, name = key.rpartition("}")
        return self._kind.spaces.get(space.lstrip("{"), "") + name if space else name

    def data(self, text: str) -> None:
        around = self._open[-1]
        if around.children:
            around.children[-1].tail += text
        else:
            around.text += text

    def end(self, _tag: str) -> None:
        self._open.pop()

    def close(self) -> Element:
        assert self._root is not None  # noqa: S101 - the parser read an element
        return self._root
