"""An article in Markdown (CommonMark with tables): its structure kept, its marks left out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ingest.front_matter import split_front_matter
from ingest.outline import Outline, ParsedText

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode


def parse_markdown(text: str, article_id: str, fallback_title: str) -> ParsedText:
    """Find title, provenance, headings and sections in Markdown with or without front matter.

    The title is that of the front matter, else the first heading of level 1. A list becomes one
    block with an item a line, a table one with a row a line; tags of HTML and
    pictures are left out.
    """
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

    title, provenance, body = split_front_matter(text, article_id)
    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    nodes = list(SyntaxTreeNode(parser.parse(body)).children)
    heads = [_words(node) for node in nodes if node.type == "heading" and node.tag == "h1"]
    warnings: tuple[str, ...] = ()
    if not title and heads:
        title = heads[0]
    elif not title:
        title = fallback_title
        warnings = (f"no title found; the file's name serves: {title}",)
    outline = Outline(article_id, title)
    told = False  # the title stands once at the head of the text, not again as a heading
    for node in nodes:
        if node.type == "heading":
            words = _words(node)
            if not told and node.tag == "h1" and words.casefold() == title.casefold():
                told = True
            elif words:
                outline.heading(int(node.tag[1]), words)
        elif block := "\n".join(_lines(node)):
            outline.block(block)
    whole, sections = outline.finish()
    return ParsedText(title, whole, sections, provenance, warnings)


def _lines(node: SyntaxTreeNode, indent: str = "") -> Iterator[str]:
    """Yield the lines of text of a block, without its marks."""
    if node.type in ("bullet_list", "ordered_list"):
        for number, item in enumerate(node.children, start=int(node.attrs.get("start", 1))):
            mark = "- " if node.type == "bullet_list" else f"{number}. "
            inner = [line for child in item.children for line in _lines(child, indent + "  ")]
            if inner:
                yield indent + mark + inner[0].strip()
                yield from inner[1:]
    elif node.type == "tr":
        yield indent + " | ".join(_words(cell) for cell in node.children)
    elif node.type in ("fence", "code_block"):
        yield from (indent + line for line in node.content.splitlines() if line.strip())
    elif node.type in ("paragraph", "inline"):
        yield from (indent + line for line in _words(node).split("\n") if line)
    else:
        for child in node.children:
            yield from _lines(child, indent)


def _words(node: SyntaxTreeNode) -> str:
    """Return the text inside a node; a line break that the author asked for stays one."""
    if node.type in ("text", "code_inline"):
        return node.content
    if node.type == "softbreak":
        return " "
    if node.type == "hardbreak":
        return "\n"
    if node.type in ("image", "html_inline", "html_block"):
        return ""
    return "".join(_words(child) for child in node.children).strip(
        "" if node.type in ("em", "strong", "link") else None
    )
