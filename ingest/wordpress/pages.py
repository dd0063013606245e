"""Saves the posts and pages of a WordPress export as web pages: `python -m ingest import`.

So is an entry of another type, such as a treatment, that has a page of its own.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from html import escape, unescape
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import UsageError
from core.text.characters import one_line
from ingest.fetch.addresses import host_of, read_address
from ingest.fetch.folder import Folder, open_folder, site_folder
from ingest.fetch.outcomes import Outcome, Row, print_outcomes
from ingest.fetch.saver import Saver
from ingest.files.limits import FILE_BYTES
from ingest.readers.markdown.template_code import Taken, without_shortcodes
from ingest.readers.read import ARTICLES_FOLDER
from ingest.wordpress.elementor import html_of
from ingest.wordpress.export import Post, read_export
from ingest.wordpress.titled import with_titles

if TYPE_CHECKING:
    from ingest.build.articles import Progress

_SUFFIX = ".html"
_NUMBERED = re.compile(r"(?:p|page_id)=\d+")
_TAG = re.compile(r"<[^<>]*>")
_COMMENT = re.compile(r"<!--[^<>]*-->")
# Between these tags an end and a beginning meet, as columns do; text does not run on over them.
_NEXT = re.compile(r"(\[/[\w-]+\])(?=\[)")
_BOXES = "div|section|article|main|aside|header|footer|blockquote|details|form|fieldset"
_BLOCKS = (
    rf"(?:{_BOXES}|p|h[1-6]|hr|ul|ol|li|dl|dt|dd|table|caption|colgroup|col|thead|tbody|tfoot|tr"
    r"|td|th|figure|figcaption|summary|address|nav|legend|pre|script|style|textarea)(?=[\s/>])"
)
_BEFORE = re.compile(rf"<{_BLOCKS}|</(?:{_BOXES})(?=[\s>])", re.IGNORECASE)
_AFTER = re.compile(rf"</{_BLOCKS}[^<>]*>|<(?:{_BOXES}|hr)(?=[\s/>])[^<>]*>", re.IGNORECASE)
_BLOCK = re.compile(rf"</?{_BLOCKS}", re.IGNORECASE)
_AS_TYPED = re.compile(r"<(pre|script|style|textarea)(?=[\s>])", re.IGNORECASE)
_EMPTY_LINES = re.compile(r"\n\s*\n")
# Shortcodes that hold words of the page themselves, which are named first.
_WORDED = re.compile(r"\b(?:title|text|heading)=")
_SHOWN = 5


def import_export(export: Path, *, content: Path, today: date, progress: Progress) -> None:
    """Save each published post and page of an export, and print what became of each.

    Posts that are dated after `today` are not published. Raises UsageError when the export cannot
    be read or publishes nothing, ContentError at the end when a page was not saved.
    """
    posts = read_export(export)
    reasons = [post.unpublished(today) for post in posts]
    published = [post for post, reason in zip(posts, reasons, strict=True) if not reason]
    articles = content / ARTICLES_FOLDER
    into = site_folder(articles)
    rows: list[Row] = []
    if published:
        with open_folder(into) as folder:
            importer = _Importer(folder, articles)
            rows = [importer.save(post) for post in progress(published, len(published), "Saving")]
            importer.warn_of_withdrawn()
    for reason, count in Counter(filter(None, reasons)).items():
        print(f"Left out: {count} {reason}.")
    if not rows:
        raise UsageError(
            "This export has no published post or page; nothing was saved.",
            where=str(export),
            fix="in WordPress choose Tools, Export, Posts or Pages",
        )
    print_outcomes(rows, into)


class _Importer:
    """Saves posts into the folder of the site's pages, and warns about what is left out of them."""

    def __init__(self, folder: Folder, articles: Path) -> None:
        self._folder = folder
        self._saver = Saver(folder, articles=articles)
        self._seen: set[str] = set()

    def save(self, post: Post) -> Row:
        """Save one post if it is new or has changed."""
        try:
            address = read_address(post.get("link"))
        except UsageError:
            named = one_line(post.get("link") or title_of(post))[:200]
            return Row(named, Outcome.FAILED, why="no address of a page")
        if address in self._seen:
            why = "the export has this address twice; the first one is saved"
            return Row(address, Outcome.FAILED, why=why)
        self._seen.add(address)
        body, taken = body_of(post)
        if not any(c.isalnum() for c in _words(body)):
            why = f"no text; if the site shows some, run: python -m ingest fetch {address}"
            return Row(address, Outcome.EMPTY, why=why)
        page = page_of(post, body)
        if len(page) > FILE_BYTES[_SUFFIX]:
            return Row(address, Outcome.FAILED, why=f"{len(page):,} bytes of text")
        row = self._saver.save(address, page, _SUFFIX, asked=address, name=_name(post, address))
        if taken:
            _warn_of_shortcodes(row.file, taken)
        return row

    def warn_of_withdrawn(self) -> None:
        """Name the files of pages of the same site that the export does not publish."""
        hosts = set(map(host_of, self._seen))
        gone = [
            record.file
            for address, record in sorted(self._folder.records.items())
            if host_of(address) in hosts and address not in self._seen
        ]
        if gone:
            listed = ", ".join(gone[:_SHOWN]) + ", …" * (len(gone) > _SHOWN)
            print(
                f"warning: this export does not publish {len(gone)} pages that were saved before; "
                f"remove the files of those that the site has withdrawn: {listed}",
                file=sys.stderr,
            )


def title_of(post: Post) -> str:
    """Return the title of a post without tags."""
    return _words(post.get("title"))


def body_of(post: Post) -> tuple[str, list[Taken]]:
    """Return the text of a post as HTML with paragraphs, and the shortcodes taken out of it."""
    text = post.get("content:encoded")
    if not any(c.isalnum() for c in _words(text)):
        text = html_of(post.elementor)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    plain, taken = without_shortcodes(_NEXT.sub("\\1\n\n", with_titles(text)))
    return "\n".join(_with_paragraphs(plain)), taken


def page_of(post: Post, body: str) -> bytes:
    """Return a web page of a post, in UTF-8."""
    plain, first = title_of(post), body.partition("\n")[0]
    title = escape(plain)
    has_heading = first.startswith("<h1") and _words(first) == plain
    author, day = escape(post.author), post.day
    parts = [
        f'<!doctype html>\n<html>\n<head>\n<meta charset="utf-8">\n<title>{title}</title>',
        f'<meta name="author" content="{author}">' if author else "",
        f'<meta property="article:published_time" content="{day}">' if day else "",
        "</head>\n<body>\n<main>",
        "" if has_heading or not title else f"<h1>{title}</h1>",
        f"{body}\n</main>\n</body>\n</html>\n",
    ]
    return "\n".join(filter(None, parts)).encode()


def _words(html: str) -> str:
    return one_line(unescape(_TAG.sub("", html)))


def _with_paragraphs(text: str) -> Iterator[str]:
    """Yield blocks of HTML from what WordPress keeps, where an empty line ends a paragraph.

    A line's end is a line's end on the page, except in texts of the block editor.
    """
    is_of_lines = "<!-- wp:" not in text
    for piece, is_typed in _pieces(_COMMENT.sub("", text)):
        if is_typed:
            yield piece
            continue
        flat = _TAG.sub(lambda tag: tag[0].replace("\n", " "), piece)
        apart = _AFTER.sub("\\g<0>\n\n", _BEFORE.sub("\n\n\\g<0>", flat))
        for block in filter(None, map(str.strip, _EMPTY_LINES.split(apart))):
            lines = block.replace("\n", "<br>\n") if is_of_lines else block
            yield lines if _BLOCK.match(block) else f"<p>{lines}</p>"


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the pieces of a text, and whether their lines stay as they are typed."""
    start = 0
    while match := _AS_TYPED.search(text, start):
        end = re.compile(rf"</{match[1]}\s*>", re.IGNORECASE).search(text, match.end())
        if not end:
            break
        yield text[start : match.start()], False
        yield text[match.start() : end.end()], True
        start = end.end()
    yield text[start:], False


def _name(post: Post, address: str) -> str:
    """Return the address that names a post's file: a number in place of a path says nothing."""
    page, _, query = address.partition("?")
    slug = post.get("wp:post_name")
    return f"{page}{slug}#{query}" if slug and _NUMBERED.fullmatch(query) else address


def _warn_of_shortcodes(file: str, taken: list[Taken]) -> None:
    found = dict.fromkeys(one_line(piece.code)[:60] for piece in taken)
    codes = sorted(found, key=lambda code: not _WORDED.search(code))
    listed = ", ".join(codes[:_SHOWN]) + ", …" * (len(codes) > _SHOWN)
    print(
        f"warning: {file}: {len(taken)} shortcodes left out: {listed}; if the site shows text in "
        "their place, write that text into the page",
        file=sys.stderr,
    )
