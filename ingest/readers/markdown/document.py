"""Reads Markdown (CommonMark with tables) as the page that a site makes of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from core.errors import ContentError
from ingest.files.limits import DEPTH
from ingest.readers.blocks import Block, build_article_text, with_bold_headings
from ingest.readers.html.page import html_blocks
from ingest.readers.markdown.front_matter import read_front_matter
from ingest.readers.markdown.notes import with_notes_in_place
from ingest.readers.markdown.settings_texts import texts_of
from ingest.readers.markdown.template_code import left_out_of, template_warning, without_templates
from ingest.readers.markdown.typed_lists import with_lists
from ingest.readers.outline import LeftOut, ParsedText

if TYPE_CHECKING:
    from markdown_it.token import Token


def parse_markdown(text: str, article_id: str, fallback_title: str) -> ParsedText:
    """Find title, provenance, headings and sections in Markdown with or without front matter.

    The title is that of the front matter, else the first heading of level 1. HTML in the text is
    read as on a web page. Texts and questions in the front matter are sections at the end. Raises
    ContentError when the text is nested too deeply, and as `read_front_matter` does.
    """
    front = read_front_matter(text, article_id)
    body, taken = without_templates(text[front.length :])
    first_line = text.count("\n", 0, front.length) + 1
    blocks, left_out = _blocks(body)
    blocks, guessed = with_bold_headings(blocks)
    stated, unread = texts_of(front.values)
    stated, taken_there = without_templates(stated)
    more, left_out_there = _blocks(stated)
    heads = (block.text for block in blocks if block.level == 1 and not block.leaves)
    return build_article_text(
        [*blocks, *more],
        article_id,
        front.settings.title or next(heads, ""),
        fallback_title=fallback_title,
        provenance=front.settings.provenance,
        warnings=[
            *template_warning(taken, first_line),
            *([f"no headings found; bold lines used as headings: {guessed}"] if guessed else []),
            *unread,
        ],
        left_out=[*left_out_of(taken), *left_out, *left_out_of(taken_there), *left_out_there],
    )


def _blocks(text: str) -> tuple[list[Block], list[LeftOut]]:
    """Return the blocks of Markdown without template code, and what is left out."""
    from markdown_it import MarkdownIt

    text, marks = with_notes_in_place(with_lists(text))
    # The library silently drops what is nested deeper than `maxNesting`.
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": DEPTH})
    parser.enable(["table", "strikethrough"])
    tokens = parser.parse(text)
    _check_depth(tokens)
    blocks, left_out = html_blocks(parser.renderer.render(tokens, parser.options, {}))
    return blocks, [*marks, *left_out]


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
