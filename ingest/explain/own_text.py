"""The text that a file has by itself, whatever its reader makes of it; runs in the sandbox.

It is read in another and simpler way than the article, so that a mistake of a reader shows. Menus,
hidden parts and notes are in it: a reader has to say that it leaves them out.
"""

from __future__ import annotations

import re
from typing import Literal

from ingest.files.archive import Element
from ingest.files.limits import DEPTH
from ingest.readers.word.parts import read_parts

# Where nobody can tell whether a word goes on: after a hyphen at the end of a line, and between
# elements of a page that no space separates.
SEAM = "\x1f"
PAGE_END = "\f"
# The ways to look at a file without its reader: this one, and `ingest/explain/pictures.py`.
Look = Literal["text", "pictures"]
# What a browser does not show, and what visitors fill in.
_NOT_SHOWN = """script style template noscript iframe object embed audio video canvas select
textarea datalist rp rt annotation annotation-xml""".split()
_NEW_LINE = re.compile(
    r"</?(?:address|article|aside|blockquote|body|br|button|caption|center|dd|details|dialog|div|dl"
    r"|dt|fieldset|figcaption|figure|footer|form|h\d|header|hr|img|input|label|legend|li|main|menu"
    r"|nav|ol|option|p|pre|section|summary|svg|table|tbody|td|tfoot|th|thead|tr|ul)\b",
    re.IGNORECASE,
)
_FRONT_MATTER = re.compile(
    r"\A\ufeff?(---|\+\+\+)[ \t]*\n.*?^(?:\1|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE
)
# pdfium writes \x02 or \ufffe where a hyphen ends a line.
_HYPHEN = re.compile(r"(?<=\w)(?:[-\u2010\xad]\s*\n|[\x02\ufffe]\s*)\s*(?=\w)")


def own_text(raw: bytes, suffix: str) -> str:
    """Return the visible text of a file, with SEAM where a word may go on or end.

    Text formats are in UTF-8 here. Pages of a PDF end in PAGE_END. Raises what the libraries raise.
    """
    if suffix == ".docx":
        return _of_word(raw)
    if suffix == ".pdf":
        return _of_pdf(raw)
    text = raw.decode("utf-8")
    if suffix == ".md":
        return _of_markdown(text)
    return text if suffix == ".txt" else _of_page(text)


def _of_markdown(text: str) -> str:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": DEPTH}).enable("table")
    return _of_page(parser.render(_FRONT_MATTER.sub("", text)))


def _of_page(markup: str) -> str:
    from selectolax.lexbor import LexborHTMLParser

    page = LexborHTMLParser(_NEW_LINE.sub(r"\n\g<0>", markup))
    page.strip_tags(_NOT_SHOWN)
    return page.body.text(deep=True, separator=SEAM) if page.body else ""


def _of_word(raw: bytes) -> str:
    found: list[str] = []
    stack: list[Element | str] = [read_parts(raw).document]
    while stack:
        element = stack.pop()
        if isinstance(element, str):
            found.append(element)
            continue
        name = element.name
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


def _of_pdf(raw: bytes) -> str:
    import pypdfium2  # type: ignore[import-untyped]

    document = pypdfium2.PdfDocument(raw)
    try:
        texts = []
        for page in document:
            text = page.get_textpage()
            texts.append(_HYPHEN.sub(SEAM, text.get_text_range().replace("\r\n", "\n")))
            text.close()
            page.close()
        return PAGE_END.join(texts)
    finally:
        document.close()
