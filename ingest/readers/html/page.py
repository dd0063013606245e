"""Reads a web page: the main part with its structure, without boilerplate."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.text.characters import one_line
from ingest.readers.blocks import Block, build_article_text, with_bold_headings
from ingest.readers.html.blocks import blocks_of
from ingest.readers.html.boilerplate import main_part, remove_boilerplate
from ingest.readers.html.tree import Node, parse_page
from ingest.readers.outline import LeftOut, ParsedText
from ingest.readers.properties import read_metadata

# Headings of what themes put under an article; the text under them is left out too.
_BOILERPLATE = re.compile(
    r"(?:related|recent|latest|popular|similar)"
    r" (?:posts?|articles?|pages?|news|comments?|reading|stories)|related"
    r"|you (?:may|might) also (?:like|be interested in).*|leave a (?:reply|comment)|share this.*"
    r"|comments?|\d+ (?:comments?|thoughts? on .*)|post navigation|(?:table of )?contents"
    r"|more (?:posts?|articles?|stories)|keep reading|read (?:more|next)|about the author"
    r"|add a comment|post a comment|cookies on (?:this|our) (?:web ?)?site"
    r"|(?:this|our) (?:web ?)?site uses cookies"
    r"|follow us.*|subscribe.*|sign up.*newsletter.*|categories|tags|search",
    re.IGNORECASE,
)
# Links that belong to no text: up the page, and to social networks.
_LINKS = re.compile(
    r"(?:(?:back|return|go|scroll) )?(?:to )?(?:the )?top(?: of (?:the )?page)?"
    r"|(?:[-\s|]|\b(?:share|on|by|via|this|page|post|tweet|pin|facebook|twitter|x|linkedin|whatsapp"
    r"|pinterest|instagram|youtube|e-?mail|print|copy link)\b)+",
    re.IGNORECASE,
)
# A page that keeps less than this part of its words gets a warning.
_LEAST_KEPT = 0.2


def parse_html(text: str, article_id: str, fallback_title: str) -> ParsedText:
    """Find title, provenance, headings and sections in a web page.

    The title is the page's first heading of level 1, else that of its metadata. Raises
    ContentError when the page is too complex.
    """
    page = parse_page(text)
    metadata = read_metadata(page)
    words = len(page.body.text().split())
    remove_boilerplate(page.body)
    found = _without_boilerplate(blocks_of(main_part(page.body)))
    heading = next((block.text for block in found if block.level == 1), "")
    if heading.casefold() == metadata.site.casefold():
        heading = ""
    title = heading or metadata.title or _heading_outside(page.body)
    blocks, guessed = with_bold_headings(found)
    kept = sum(len(block.text.split()) for block in blocks)
    warnings = []
    if guessed:
        warnings.append(f"no headings found; bold lines used as headings: {guessed}")
    if kept < words * _LEAST_KEPT:
        warnings.append(
            f"only {kept} of the page's {words} words were read as the article, the rest as menus "
            "and notices; check that nothing is missing"
        )
    return build_article_text(
        blocks,
        article_id,
        title,
        fallback_title=fallback_title,
        provenance=metadata.provenance,
        warnings=warnings,
    )


def html_blocks(fragment: str) -> tuple[list[Block], list[LeftOut]]:
    """Return the blocks of a part of a page, such as HTML inside Markdown, and what is left out.

    Both are in reading order. Raises ContentError when the part is too complex.
    """
    return blocks_of(parse_page(fragment).body), []


def _without_boilerplate(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks without menus before the article and without lists of links after it."""
    start = next((i for i, b in enumerate(blocks) if b.level or not b.linked), len(blocks))
    found: list[Block] = []
    within = 0  # the level of a boilerplate heading, 0 outside
    for block in blocks[start:]:
        if block.level and not block.leaves:
            if block.level <= within and not block.linked:  # a list of linked headings
                within = 0
            if not within and _BOILERPLATE.fullmatch(block.text.rstrip(":.! ")):
                within = block.level
        if not within and not (block.linked and _LINKS.fullmatch(block.text)):
            found.append(block)
    return found


def _heading_outside(body: Node) -> str:
    return next((one_line(node.text()) for node in body.elements() if node.tag == "h1"), "")
