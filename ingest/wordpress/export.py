"""Reads the posts and pages in an export of WordPress (WXR), as if it were hostile."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

from core.errors import UsageError
from core.files.regular_file import read_regular
from ingest.files.limits import DEPTH, EXPORT_BYTES, XML_ELEMENTS

# WordPress writes control characters that editors pasted, which XML forbids.
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r")
_WIDE = (b"\xff\xfe", b"\xfe\xff")  # UTF-16 has such bytes in letters
_MARK = b"\xef\xbb\xbf"
_SPACES = {
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://purl.org/dc/elements/1.1/": "dc:",
}
_WORDPRESS = "http://wordpress.org/export/"
_CHANNEL = ["rss", "channel"]
_PARTS = frozenset(
    """title link dc:creator content:encoded wp:post_name wp:post_date wp:post_type wp:status
    wp:post_password""".split()
)
_ELEMENTOR, _VALUE = "_elementor_data", "wp:meta_value"
_NAMES = tuple(f"wp:author_{part}" for part in "login display_name first_name last_name".split())
_ASKED = _PARTS.union(_NAMES)
# Why an item is no article, by its type and by its state.
_KINDS = {
    "attachment": "attachments",
    "nav_menu_item": "entries of menus",
    "revision": "revisions",
}
# Types that plugins add and whose entries are no articles, though some have pages of their own.
_NO_ARTICLES = re.compile(
    r"testimonial|review|product|shop|order|coupon|slide|banner|logo|partner|brand|client|gallery"
    r"|portfolio|popup|form\b|template|library|module|block|layout|header|footer|menu|field|css"
    r"|log|cache|request|redirect|ticket|booking|reservation|\bwp_",
    re.IGNORECASE,
)
_STATES = {
    "draft": "drafts",
    "auto-draft": "drafts",
    "pending": "waiting for approval",
    "private": "private",
    "future": "dated in the future",
    "trash": "in the trash",
}


@dataclass(frozen=True, slots=True)
class Post:
    """A post or page, or another item, as the export has it; "" for what it does not state.

    `elementor` is what that site builder stores of it, as JSON.
    """

    parts: dict[str, str]
    author: str
    elementor: str = ""

    def get(self, name: str) -> str:
        """Return the text of an element of the item, without white space around it."""
        return self.parts.get(name, "").strip()

    @property
    def day(self) -> date | None:
        """The day of publication, None when it is missing."""
        with suppress(ValueError):
            return date.fromisoformat(self.get("wp:post_date")[:10])
        return None

    def unpublished(self, today: date) -> str:
        """Return what keeps this item from being an article, "" for a published page of its own."""
        kind, state = self.get("wp:post_type"), self.get("wp:status")
        if kind not in ("post", "page") and not self._has_a_page():
            return _KINDS.get(kind, f"of the type {kind[:40]!r}")
        if state != "publish":
            return _STATES.get(state, f"with the status {state[:40]!r}")
        if self.parts.get("wp:post_password"):
            return "with a password"
        return "dated in the future" if self.day and self.day > today else ""

    def _has_a_page(self) -> bool:
        """Say whether an entry of a type that a theme or plugin adds has a page of its own.

        What a site shows in parts of other pages has an address with a query.
        """
        kind, link = self.get("wp:post_type"), urlsplit(self.get("link"))
        is_known = kind in _KINDS or bool(_NO_ARTICLES.search(kind))
        return not is_known and bool(link.path.strip("/")) and not link.query


def read_export(path: Path) -> list[Post]:
    """Return all items of an export, in its order.

    Raises UsageError when it cannot be read, is no export of WordPress, declares a document type,
    is larger than `EXPORT_BYTES`, or has no items.
    """
    try:
        raw = read_regular(path, most=EXPORT_BYTES)
    except OSError as error:
        raise _refused(path, error.strerror or str(error)) from error
    if not raw.startswith(_WIDE):
        raw = raw.removeprefix(_MARK).translate(None, _CONTROLS).lstrip()
    parser: Any = ElementTree.XMLParser(target=_Builder(path))  # noqa: S314 - it refuses what is bad
    try:
        parser.feed(raw)
        posts: list[Post] = parser.close()
    # An encoding that Python does not know raises the latter two.
    except (ElementTree.ParseError, LookupError, ValueError) as error:
        raise _refused(path, f"no XML, or a damaged file: {error}") from error
    return posts


@dataclass(slots=True)
class _Builder:
    """Collects the items and the names of authors; refuses what WordPress never writes."""

    path: Path
    count: int = 0
    open: list[str] = field(default_factory=list)
    text: list[str] | None = None  # of the open element, None when nobody asks for it
    found: dict[str, str] = field(default_factory=dict)  # of the open item or author
    items: list[dict[str, str]] = field(default_factory=list)
    authors: dict[str, str] = field(default_factory=dict)  # names by login
    key: str = ""  # of the open piece of data that a plugin keeps
    is_export: bool = False

    def doctype(self, *_: object) -> None:
        """Refuse declarations: they can multiply text and read other files."""
        raise _refused(self.path, "a document type (DTD), as web pages have")

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        self.count += 1
        if self.count > XML_ELEMENTS or len(self.open) >= DEPTH:
            raise _refused(self.path, f"over {XML_ELEMENTS:,} elements, or over {DEPTH} deep")
        name = _local(tag)
        self.open.append(name)
        is_asked = len(self.open) == 4 and name in _ASKED
        if self.open[3:4] == ["wp:postmeta"] and len(self.open) == 5:
            is_asked = name == "wp:meta_key" or (name == _VALUE and self.key == _ELEMENTOR)
        self.text = [] if is_asked else None
        self.is_export |= name == "wp:wxr_version"
        if self.open[0] != "rss":
            raise _refused(self.path, f"XML of another kind, <{self.open[0][:40]}>")
        if self.open[:-1] == _CHANNEL:
            self.found = {}

    def data(self, text: str) -> None:
        if self.text is not None:
            self.text.append(text)

    def end(self, _tag: str) -> None:
        name = self.open.pop()
        if self.text is not None:
            text = "".join(self.text)
            self.text = None
            if name == "wp:meta_key":
                self.key = text.strip()
            else:
                self.found.setdefault(name, text)
        if self.open == _CHANNEL and name == "item":
            self.items.append(self.found)
        elif self.open == _CHANNEL and name == "wp:author":
            login, shown, *names = (self.found.get(n, "").strip() for n in _NAMES)
            own = " ".join(filter(None, names))
            # WordPress shows the login of those who chose no name.
            self.authors[login] = own if own and shown in ("", login) else shown

    def close(self) -> list[Post]:
        if not self.is_export:
            raise _refused(self.path, "XML of another kind, such as the feed of a site")
        if not self.items:
            raise _refused(self.path, "an export without items")
        creators = (item.get("dc:creator", "").strip() for item in self.items)
        return [
            Post(item, self.authors.get(login, ""), item.pop(_VALUE, ""))
            for item, login in zip(self.items, creators, strict=True)
        ]


def _local(tag: str) -> str:
    space, _, name = tag.rpartition("}")
    space = space.lstrip("{")
    if space.startswith(_WORDPRESS):
        return f"wp:{name}"
    return _SPACES.get(space, "x:" if space else "") + name


def _refused(path: Path, found: str) -> UsageError:
    return UsageError(
        "This export cannot be read; nothing was saved.",
        where=str(path),
        expected=f"an export of WordPress (.xml), at most {EXPORT_BYTES // 1_000_000} MB",
        found=found,
        fix="in WordPress choose Tools, Export, Posts or Pages; unpack the file if it is packed",
    )
