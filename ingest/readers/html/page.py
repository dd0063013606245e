"""Reads a web page: the main part with its structure, without boilerplate."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from core.text.characters import one_line, word_count
from ingest.readers.blocks import Block, build_article_text, with_bold_headings
from ingest.readers.html.blocks import PageBlock, blocks_of
from ingest.readers.html.cleaning.boilerplate import leave_out_around, main_part, remove_boilerplate
from ingest.readers.html.cleaning.headings import main_headings
from ingest.readers.html.cleaning.hidden import remove_hidden
from ingest.readers.html.cleaning.notes import remove_notes
from ingest.readers.html.forward import refuse_forwarding
from ingest.readers.html.node import Node
from ingest.readers.html.omissions import Omissions
from ingest.readers.html.source import read_source_page
from ingest.readers.html.tree import Page, parse_page
from ingest.readers.markdown.template_code import left_out_of, template_warning
from ingest.readers.outline import LeftOut, ParsedText, Reason
from ingest.readers.properties import PageMetadata, read_metadata

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
# Lists of links that pages put under or beside an article; text of their own would be left.
_LISTS_OF_LINKS = re.compile(
    r"(?:related|other|our other|more) (?:services|conditions|treatments|therapies|resources|links"
    r"|topics|pages|information)(?: we (?:treat|offer))?|related|see also|quick links",
    re.IGNORECASE,
)
# Links that belong to no text: up the page, and to social networks.
_LINKS = re.compile(
    r"(?:(?:back|return|go|scroll) )?(?:to )?(?:the )?top(?: of (?:the )?page)?"
    r"|(?:[-\s|]|\b(?:share|on|by|via|this|page|post|tweet|pin|facebook|twitter|x|linkedin|whatsapp"
    r"|pinterest|instagram|youtube|e-?mail|print|copy link)\b)+",
    re.IGNORECASE,
)
# Titles that programs write where nobody filled one in.
_NO_NAMES = re.compile(r"home(?:page)?|untitled.{0,20}|new page|page title|document|index|website")
# A page that keeps less than this part of its words gets a warning.
_LEAST_KEPT = 0.2


def parse_html(text: str, article_id: str, fallback_title: str) -> ParsedText:
    """Find title, provenance, headings and sections in a web page.

    The title is the first heading of level 1 that does not name the site, else that of the page's
    metadata. Raises ContentError when the page is too complex, NoArticleError when it only
    forwards, and as `read_source_page` does.
    """
    text, front, code = read_source_page(text, article_id)
    page = parse_page(text)
    refuse_forwarding(page)
    metadata = read_metadata(page)
    words = word_count(page.body.text())
    left_out = Omissions()
    part, above = _article_of(page, metadata.site, left_out)
    found = _without_boilerplate(blocks_of(part, left_out), metadata.site, left_out)
    blocks, guessed = with_bold_headings(found)
    first = _first_of(blocks, level=6)
    heading = _first_of(found, level=1) or above
    stated = front.settings.title or ("" if _names_no_page(metadata) else metadata.title)
    kept = sum(word_count(block.text) for block in blocks)
    warnings = template_warning(code, 1 + front.lines)
    if guessed:
        warnings.append(f"no headings found; bold lines used as headings: {guessed}")
    if kept < words * _LEAST_KEPT:
        warnings.append(
            f"only {kept} of the page's {words} words were read as the article, the rest as menus "
            "and notices; check that nothing is missing"
        )
    parsed = build_article_text(
        blocks,
        article_id,
        heading or stated or (first if metadata.title else ""),
        fallback_title=fallback_title,
        provenance=metadata.provenance,
        warnings=warnings,
        left_out=[*left_out_of(code), *left_out.in_order()],
    )
    return parsed if heading else replace(parsed, headline=first)


def html_blocks(fragment: str) -> tuple[list[Block], tuple[LeftOut, ...]]:
    """Return the blocks of a part of a page, such as HTML inside Markdown, and what is left out.

    Both are in reading order. Raises ContentError when the part is too complex.
    """
    left_out = Omissions()
    body = _seen(parse_page(fragment), left_out)
    return list(blocks_of(body, left_out)), left_out.in_order()


def _seen(page: Page, left_out: Omissions) -> Node:
    """Return what a page shows, without the numbers of notes."""
    for dropped in page.dropped:
        left_out.add(*dropped)
    if page.has_hidden:
        remove_hidden(page.body, left_out)
    if page.has_notes:
        remove_notes(page.body, left_out)
    return page.body


def _article_of(page: Page, site: str, left_out: Omissions) -> tuple[Node, str]:
    """Return the part that holds the article, and the heading above it that may name it."""
    body = _seen(page, left_out)
    own, brands = main_headings(body)
    boxes = remove_boilerplate(body, own, brands, left_out)
    part = main_part(body)
    if part is body:
        part.children += boxes
        return part, ""
    above = ""
    outside = {id(node) for node in body.elements()} - {id(node) for node in part.elements()}
    for heading in own:
        if any(inner is part for inner in heading.elements()):
            continue  # it holds the article
        text = one_line(heading.text())
        if text and id(heading) in outside and not _is_same(text, site):
            above = text
            heading.children = []  # the title is not left out
            break
    leave_out_around(body, part, left_out)
    part.children += boxes
    return part, above


def _first_of(blocks: Sequence[Block], *, level: int) -> str:
    """Return the first heading of this level or above, "" when there is none."""
    return next((b.text for b in blocks if 0 < b.level <= level and not b.leaves), "")


def _names_no_page(metadata: PageMetadata) -> bool:
    title = metadata.title.casefold()
    return bool(_NO_NAMES.fullmatch(title)) or _is_same(title, metadata.site)


def _is_same(text: str, site: str) -> bool:
    return bool(site) and text.casefold() == site.casefold()


def _without_boilerplate(
    blocks: Sequence[PageBlock], site: str, left_out: Omissions
) -> list[PageBlock]:
    """Return the blocks without the site's name, menus before the article and links after it."""
    start = next((i for i, b in enumerate(blocks) if b.level or not b.linked), len(blocks))
    found: list[PageBlock] = []
    lists = _lists_of_links(blocks)
    within = 0  # the level of a boilerplate heading, 0 outside
    for i, block in enumerate(blocks):
        if block.level and not block.leaves:
            if block.level <= within and not block.linked:  # a list of linked headings
                within = 0
            if not within and _BOILERPLATE.fullmatch(block.text.rstrip(":.! ")):
                within = block.level
        is_link = block.linked and _LINKS.fullmatch(block.text)
        if (
            i < start
            or i in lists
            or within
            or is_link
            or (block.level == 1 and _is_same(block.text, site))
        ):
            left_out.add(Reason.MENU, block.place, block.text)
        elif block.text and not any(c.isalnum() for c in block.text):
            left_out.add(Reason.LABEL, block.place, block.text)
        else:
            found.append(block)
    return found


def _lists_of_links(blocks: Sequence[PageBlock]) -> set[int]:
    """Return the places of lists of links and of their headings."""
    found: set[int] = set()
    for i, block in enumerate(blocks):
        if block.linked or not (block.level or block.bold) or block.leaves:
            continue
        if _LISTS_OF_LINKS.fullmatch(block.text.rstrip(":.! ")):
            end = _end_of_links(blocks, i + 1)
            closed = end == len(blocks) or bool(blocks[end].level) or not block.level
            found |= set(range(i, end)) if closed and end > i + 1 else set()
    return found


def _end_of_links(blocks: Sequence[PageBlock], start: int) -> int:
    return next((i for i in range(start, len(blocks)) if not blocks[i].linked), len(blocks))
