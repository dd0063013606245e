"""Reads Markdown (CommonMark with tables): keeps its structure, leaves out its marks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import unescape
from typing import TYPE_CHECKING

from core.errors import ContentError
from core.text.characters import lines, one_line
from ingest.files.limits import DEPTH
from ingest.readers.blocks import NO_TITLE, check_length, table_text
from ingest.readers.front_matter import split_front_matter
from ingest.readers.outline import Outline, ParsedText

if TYPE_CHECKING:
    from markdown_it.token import Token
    from markdown_it.tree import SyntaxTreeNode

_BREAK = re.compile(r"<br\b", re.IGNORECASE)
# Of a block of HTML: what is no text, and where a line of text begins.
_NOT_TEXT = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|template|noscript)\b.*?(?:</\1\s*>|\Z)",
    re.IGNORECASE | re.DOTALL,
)
_NEW_LINE = re.compile(
    r"</?(?:p|div|br|li|ul|ol|tr|table|h\d|summary|details|dt|dd|section|blockquote)\b[^<>]*>",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[^<>]*>")


def parse_markdown(text: str, article_id: str, fallback_title: str) -> ParsedText:
    """Find title, provenance, headings and sections in Markdown with or without front matter.

    The title is that of the front matter, else the first heading of level 1. A list becomes one
    block with an item per line, a table with a row per line. Pictures and HTML tags are left out,
    not the text between tags. Raises ContentError when the text is nested too deeply.
    """
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

    title, provenance, body = split_front_matter(text, article_id)
    # The library silently drops what is nested deeper than `maxNesting`.
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": DEPTH}).enable("table")
    tokens = parser.parse(body)
    _check_depth(tokens)
    nodes = list(SyntaxTreeNode(tokens).children)
    heads = [
        words
        for node in nodes
        if node.type == "heading" and node.tag == "h1" and (words := one_line(_words(node)))
    ]
    warnings: tuple[str, ...] = ()
    if not title and heads:
        title = heads[0]
    elif not title:
        title = fallback_title
        warnings = (NO_TITLE.format(title),)
    outline = Outline(article_id, title)
    has_title = False  # the title is at the top of the text, and not repeated as a heading
    for node in nodes:
        if node.type == "heading":
            words = one_line(_words(node))
            if not has_title and node.tag == "h1" and words.casefold() == title.casefold():
                has_title = True
            elif words:
                outline.heading(int(node.tag[1]), words)
        elif block := "\n".join(_lines(node)):
            outline.block(block)
    whole, sections = outline.finish()
    check_length(whole)
    return ParsedText(title, whole, sections, provenance, warnings)


def _check_depth(tokens: Iterable[Token]) -> None:
    for token in tokens:
        depth = deepest = token.level
        for inner in token.children or ():
            depth += inner.nesting
            deepest = max(deepest, depth)
        if deepest >= DEPTH - 1:
            line = f"line {token.map[0] + 1} of the text" if token.map else None
            raise ContentError(
                "This Markdown file is nested too deeply.",
                where=line,
                expected=f"lists, quotes and emphasis nested at most {DEPTH} deep",
                found="more",
                fix="make it simpler, then run: python -m ingest",
            )


def _lines(node: SyntaxTreeNode, indent: str = "") -> Iterator[str]:
    """Yield the lines of a block, without its marks."""
    if node.type in ("bullet_list", "ordered_list"):
        for number, item in enumerate(node.children, start=int(node.attrs.get("start", 1))):
            mark = "- " if node.type == "bullet_list" else f"{number}. "
            inner = [line for child in item.children for line in _lines(child, indent + "  ")]
            if inner:
                yield indent + mark + inner[0].strip()
                yield from inner[1:]
    elif node.type == "table":
        rows = [
            [_words(cell) for cell in row.children]
            for part in node.children
            for row in part.children
        ]
        yield from (indent + line for line in table_text(rows, has_head=True).split("\n") if line)
    elif node.type in ("fence", "code_block"):
        yield from (indent + line for line in node.content.splitlines() if line.strip())
    elif node.type == "html_block":
        yield from (indent + line for line in _text_of_html(node.content).split("\n") if line)
    elif node.type in ("paragraph", "inline"):
        yield from (indent + line for line in _words(node).split("\n") if line)
    else:
        for child in node.children:
            yield from _lines(child, indent)


def _words(node: SyntaxTreeNode) -> str:
    """Return the text inside a node; line breaks that the author asked for are kept."""
    if node.type in ("text", "code_inline"):
        return node.content
    if node.type == "softbreak":
        return " "
    if node.type == "hardbreak":
        return "\n"
    if node.type == "html_inline":
        return "\n" if _BREAK.match(node.content) else ""
    if node.type in ("image", "html_block"):
        return ""
    return "".join(_words(child) for child in node.children).strip(
        "" if node.type in ("em", "strong", "link") else None
    )


def _text_of_html(markup: str) -> str:
    """Return the text between the tags of a block of HTML, one line for each block in it."""
    text = _NEW_LINE.sub("\n", " ".join(_NOT_TEXT.sub("", markup).split()))
    return lines(unescape(_TAG.sub("", text)))
