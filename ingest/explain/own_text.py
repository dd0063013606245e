"""The text that a file has by itself, whatever its reader makes of it; runs in the sandbox.

It is read in another and simpler way than the article, so that a mistake of a reader shows. Menus,
hidden parts and notes are in it: a reader has to say that it leaves them out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Literal

from ingest.explain.words import SEAM
from ingest.files.archive import Element
from ingest.files.limits import DEPTH
from ingest.readers.epub import read_book
from ingest.readers.markdown.indented import read_indented_html
from ingest.readers.office.odf import read_odf
from ingest.readers.office.rtf import own_text_of_rtf
from ingest.readers.office.slides import read_slides
from ingest.readers.word.parts import read_parts

PAGE_END = "\f"
# The ways to look at a file without its reader: this one, and `ingest/explain/pictures.py`.
Look = Literal["text", "pictures"]
# What a browser does not show, and what visitors fill in.
_NOT_SHOWN = """title script style template noscript iframe object embed audio video canvas select
textarea datalist rp rt annotation annotation-xml""".split()
_NEW_LINE = re.compile(
    r"</?(?:address|article|aside|blockquote|body|br|button|caption|center|dd|details|dialog|div|dl"
    r"|dt|fieldset|figcaption|figure|footer|form|h\d|header|hr|img|input|label|legend|li|main|menu"
    r"|nav|ol|option|p|pre|section|summary|svg|table|tbody|td|tfoot|th|thead|tr|ul)\b",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"<div [^<>]*style=[^<>]*inline[^<>]*>\w</div>", re.IGNORECASE)
_FRONT_MATTER = re.compile(
    r"\A\ufeff?(---|\+\+\+)[ \t]*\n.*?^(?:\1|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE
)
_ODF_NEW_LINE = frozenset(
    "text:p text:h text:line-break text:s text:tab text:note text:note-citation".split()
)
# Patterns for what an index shows, and what is said aloud.
_ODF_NOT_SHOWN = frozenset(["text:table-of-content-source", "text:ruby-text"])
# pdfium writes \x02 or \ufffe where a hyphen ends a line.
_HYPHEN = re.compile(r"(?<=\w)(?:[-\u2010\xad]\s*\n|[\x02\ufffe]\s*)\s*(?=\w)")
# And it guesses the spaces between joined letters of the scripts of India.
_GUESSED = re.compile("(?<=[\u0900-\u0dff])\\s+(?=[\u0900-\u0dff])")


def own_text(raw: bytes, suffix: str) -> str:
    """Return the visible text of a file, with SEAM where a word may go on or end.

    Text formats are in UTF-8 here. Pages of a PDF end in PAGE_END. Raises what the libraries raise.
    """
    if suffix in _OF:
        return _OF[suffix](raw)
    text = raw.decode("utf-8")
    if suffix == ".md":
        return _of_markdown(text)
    return text if suffix == ".txt" else _of_page(text)


def _of_markdown(text: str) -> str:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": DEPTH}).enable("table")
    tokens = parser.parse(_FRONT_MATTER.sub("", text))
    read_indented_html(tokens)
    return _of_page(parser.renderer.render(tokens, parser.options, {}))


def _of_page(markup: str) -> str:
    from selectolax.lexbor import LexborHTMLParser

    markup = _FRONT_MATTER.sub("", markup)
    page = LexborHTMLParser(_NEW_LINE.sub(r"\n\g<0>", _with_whole_words(markup)))
    page.strip_tags(_NOT_SHOWN)
    return page.body.text(deep=True, separator=SEAM) if page.body else ""


def _with_whole_words(markup: str) -> str:
    """Return a page without the elements in which scripts put each letter of a word."""
    from selectolax.lexbor import LexborHTMLParser

    if not _LETTERS.search(markup):
        return markup
    page = LexborHTMLParser(markup)
    for element in page.css("div[style*=inline]"):
        if not any(map(str.isspace, element.text(deep=True))):
            element.unwrap()
    return page.html or ""


def _of_book(raw: bytes) -> str:
    book = read_book(raw)
    return "\n".join(map(_of_page, [*book.contents, *book.chapters]))


def _of_word(raw: bytes) -> str:
    return _of_office(read_parts(raw).document)


def _of_slides(raw: bytes) -> str:
    trees = [tree for slide in read_slides(raw)[0] for tree in (slide.tree, slide.notes) if tree]
    return "\n".join(map(_of_office, trees))


def _of_office(tree: Element) -> str:
    """Return the text of a part of a document or a presentation of Microsoft Office."""
    found: list[str] = []
    stack: list[Element | str] = [tree]
    while stack:
        element = stack.pop()
        if isinstance(element, str):
            found.append(element)
            continue
        name = element.name.removeprefix("a:")
        if name in ("t", "m:t"):
            found.append(element.text)
        elif name in ("tab", "ptab", "br", "cr"):
            found.append("\n")
        elif name == "noBreakHyphen":
            found.append("-")
        elif name == "mc:AlternateContent":
            stack.append(element.child("mc:Fallback") or element.child("mc:Choice") or "")
        elif name not in ("del", "moveFrom", "rPr", "pPr", "instrText"):
            if name in ("p", "txbxContent"):
                found.append("\n")
                stack.append("\n")
            stack += reversed(element.children)
    return "".join(found)


def _of_open_text(raw: bytes) -> str:
    found: list[str] = []

    def walk(element: Element) -> None:
        is_text = element.name.startswith("text:")
        line_end = "\n" * (element.name in _ODF_NEW_LINE)
        found.append(line_end + element.text * is_text)
        for child in element.children:
            if child.name not in _ODF_NOT_SHOWN:
                walk(child)
            found.append(child.tail * is_text)
        found.append(line_end)

    walk(read_odf(raw).text)
    return "".join(found)


def _of_pdf(raw: bytes) -> str:
    import pypdfium2  # type: ignore[import-untyped]

    document = pypdfium2.PdfDocument(raw)
    try:
        texts = []
        for page in document:
            text = page.get_textpage()
            words = _HYPHEN.sub(SEAM, text.get_text_range().replace("\r\n", "\n"))
            texts.append(_GUESSED.sub(SEAM, words))
            text.close()
            page.close()
        return PAGE_END.join(texts)
    finally:
        document.close()


_OF: Mapping[str, Callable[[bytes], str]] = {
    ".docx": _of_word,
    ".odt": _of_open_text,
    ".rtf": own_text_of_rtf,
    ".pptx": _of_slides,
    ".epub": _of_book,
    ".pdf": _of_pdf,
}
