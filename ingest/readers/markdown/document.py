"""Reads Markdown (CommonMark with tables) as the page that a site makes of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from operator import itemgetter
from typing import TYPE_CHECKING

from core.errors import ContentError
from ingest.files.limits import DEPTH
from ingest.readers.blocks import Block, build_article_text, with_bold_headings
from ingest.readers.html.page import html_blocks
from ingest.readers.markdown.front_matter import read_front_matter
from ingest.readers.markdown.indented import read_indented_html
from ingest.readers.markdown.notes import with_notes_in_place
from ingest.readers.markdown.settings_texts import lead_of, texts_of
from ingest.readers.markdown.template_code import left_out_of, template_warning, without_templates
from ingest.readers.markdown.typed_lists import with_lists
from ingest.readers.outline import LeftOut, ParsedText

# The marks of a heading without the space behind them, which other programs do not ask for.
_GLUED = re.compile(r"^(#{2,6})(?=[^#\s])(.*)", re.MULTILINE)
_HEADING_CHARS = 80
# How far apart two parts that are left out may be for the second one to be found.
_SEARCHED_CHARS, _SEARCHED_WITHIN = 80, 20_000

if TYPE_CHECKING:
    from markdown_it.token import Token


def parse_markdown(text: str, article_id: str, fallback_title: str) -> ParsedText:
    """Find title, provenance, headings and sections in Markdown with or without front matter.

    The title is that of the front matter, else the first heading of level 1. HTML in the text is
    read as on a web page. An introduction in the front matter is read before the text, other texts
    and questions there are sections at the end. Raises ContentError when the text is nested too
    deeply, and as `read_front_matter` does.
    """
    front = read_front_matter(text, article_id)
    body, taken = without_templates(text[front.length :])
    blocks, marks, left_out = _blocks(body)
    blocks, guessed = with_bold_headings(blocks)
    lead = lead_of(front.values)
    first, *_ = _blocks("" if lead in body else without_templates(lead)[0])
    stated, unread = texts_of(front.values)
    plain, taken_there = without_templates(stated)
    more, _, left_out_there = _blocks(plain)
    heads = (block.text for block in blocks if block.level == 1 and not block.leaves)
    return build_article_text(
        [*first, *blocks, *more],
        article_id,
        front.settings.title or next(heads, ""),
        fallback_title=fallback_title,
        provenance=front.settings.provenance,
        warnings=[
            *template_warning(taken, 1 + front.lines),
            *([f"no headings found; bold lines used as headings: {guessed}"] if guessed else []),
            *unread,
        ],
        left_out=[
            *_in_order(text[front.length :], left_out_of(taken), marks, left_out),
            *_in_order(stated, left_out_of(taken_there), left_out_there),
        ],
    )


def _in_order(text: str, *parts: Iterable[LeftOut]) -> list[LeftOut]:
    """Return parts that are each in the order of a text in the order of all."""
    found: list[tuple[int, LeftOut]] = []
    for in_order in parts:
        place = -1
        for part in in_order:
            line = part.text.partition("\n")[0][:_SEARCHED_CHARS]
            place = max(place, text.find(line, place + 1, place + _SEARCHED_WITHIN))
            found.append((place, part))
    return [part for _, part in sorted(found, key=itemgetter(0))]


def _blocks(text: str) -> tuple[list[Block], list[LeftOut], list[LeftOut]]:
    """Return the blocks of Markdown without template code, the marks of notes, what is left out."""
    text = _GLUED.sub(lambda m: f"{m[1]} {m[2]}" if len(m[2]) <= _HEADING_CHARS else m[2], text)
    from markdown_it import MarkdownIt

    text, marks = with_notes_in_place(with_lists(text))
    # The library silently drops what is nested deeper than `maxNesting`.
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": DEPTH})
    parser.enable(["table", "strikethrough"])
    tokens = parser.parse(text)
    _check_depth(tokens)
    read_indented_html(tokens)
    blocks, left_out = html_blocks(parser.renderer.render(tokens, parser.options, {}))
    return blocks, marks, list(left_out)


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
