"""Reads an e-book (.epub): its chapters in order, as one web page.

The chapters are web pages in an archive, so the reader for web pages reads them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from html import escape, unescape
from urllib.parse import unquote

from core.text.characters import one_line
from ingest.files.archive import Archive, Element, Format, open_archive, resolved
from ingest.files.encoding import decode
from ingest.files.limits import FILE_BYTES
from ingest.readers.html.page import parse_html
from ingest.readers.outline import LeftOut, ParsedText, Reason
from ingest.readers.properties import stated_title

_OPF, _DC = "http://www.idpf.org/2007/opf", "http://purl.org/dc/elements/1.1/"
_CONTAINER = "urn:oasis:names:tc:opendocument:xmlns:container"
_FORMAT = Format("e-book", ".epub", {_OPF: "", _DC: "dc:", _CONTAINER: ""})
_PAGES = frozenset({"application/xhtml+xml", "text/html", "application/xml"})
_MOST_BYTES = FILE_BYTES[".html"]
# XHTML may close any element in its own tag; to a browser only these have no content.
_CLOSED = re.compile(
    r"<(?!(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)[\s/>])"
    r"([a-zA-Z][\w:-]*)((?:\s[^<>]*)?)/>"
)
_HEADING = re.compile(r"<h[1-6]\b[^<>]*>(.{1,500}?)</h[1-6]", re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
_BODY = re.compile(r"<body\b[^<>]*>", re.IGNORECASE)
_BODY_END = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Book:
    """The title and author of an e-book, and the content of its chapters as web pages.

    `contents` are the pages among them that only list the others.
    """

    title: str
    author: str
    chapters: list[str]
    contents: list[str]


def parse_epub(raw: bytes, article_id: str, fallback_title: str) -> ParsedText:
    """Find title, author, headings and sections in an e-book.

    The title is the book's, else that of its first chapter. Raises ContentError as `read_book`.
    """
    book = read_book(raw)
    title, text = book.title, "".join(book.chapters)
    heading = _HEADING.search(text)
    first = one_line(unescape(_TAG.sub("", heading[1]))) if heading else ""
    above = f"<h1>{escape(title)}</h1>" if title and title.casefold() != first.casefold() else ""
    page = (
        f'<title>{escape(title)}</title><meta name="author" content="{escape(book.author)}">'
        f"<body><main>{above}{text}</main></body>"
    )
    parsed = parse_html(page, article_id, fallback_title)
    listed = [one_line(unescape(_TAG.sub(" ", page))) for page in book.contents]
    left_out = (LeftOut(Reason.CONTENTS, text) for text in listed if text)
    return replace(parsed, left_out=(*left_out, *parsed.left_out))


def read_book(raw: bytes) -> Book:
    """Read the chapters of an e-book.

    Raises ContentError when it is damaged, protected against copying, too complex, or a
    decompression bomb.
    """
    with open_archive(raw, _FORMAT) as archive:
        package_name = _package(archive)
        package = archive.tree(package_name)
        if package is None:
            raise _FORMAT.refused("a list of chapters inside the file", "none")
        metadata = package.child("metadata") or Element("metadata", {})
        chapters, contents = _chapters(archive, package, package_name)
    title, author = stated_title(_first(metadata, "dc:title")), _first(metadata, "dc:creator")
    return Book(title, author, chapters, contents)


def _package(archive: Archive) -> str:
    """Return the name of the part that lists the others."""
    encryption = archive.tree("META-INF/encryption.xml")
    # Fonts may be scrambled; a chapter that is means a book protected against copying.
    hidden = [e.get("URI") for e in (encryption.within() if encryption else ())]
    if any(name.lower().endswith((".xhtml", ".html", ".htm", ".xml")) for name in hidden):
        raise _FORMAT.refused("a book without protection against copying", "one that has it")
    container = archive.tree("META-INF/container.xml")
    listed = container.within() if container else ()
    return next((e.get("full-path") for e in listed if e.name == "rootfile"), "")


def _chapters(archive: Archive, package: Element, package_name: str) -> tuple[list[str], list[str]]:
    """Return the content of the chapters in reading order, and that of lists of contents."""
    manifest = package.child("manifest") or Element("manifest", {})
    spine = package.child("spine") or Element("spine", {})
    parts = {part.get("id"): part for part in manifest.children}
    found: list[str] = []
    contents: list[str] = []
    size = 0
    for entry in spine.children:
        part = parts.get(entry.get("idref"))
        if part is None or part.get("media-type") not in _PAGES:
            continue
        name = resolved(package_name, unquote(part.get("href")))
        chapter = archive.read(name)
        if chapter is None:
            raise _FORMAT.refused("every chapter inside the file", "one that is missing", name)
        size += len(chapter)
        if size > _MOST_BYTES:
            most = f"chapters of at most {_MOST_BYTES // 1_000_000} MB together"
            raise _FORMAT.refused(most, "more", name)
        is_list = "nav" in part.get("properties").split()
        (contents if is_list else found).append(_body(decode(chapter, name, is_page=True).text))
    return found, contents


def _body(page: str) -> str:
    """Return what is between the tags of a page's body, as a browser must see it."""
    page = _CLOSED.sub(r"<\1\2></\1>", page)
    start = _BODY.search(page)
    inside = page[start.end() :] if start else page
    return f"<div>{_BODY_END.sub('', inside)}</div>"


def _first(metadata: Element, name: str) -> str:
    return next((one_line(e.text) for e in metadata.children if e.name == name), "")
