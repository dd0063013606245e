"""Reads plain text: title, headings and sections by the layout of its lines."""

from __future__ import annotations

import re

from core.text.characters import collapse_spaces
from core.text.paragraphs import paragraph_spans
from core.text.slugs import Slugs
from core.types import Section, Span
from ingest.readers.blocks import NO_TITLE
from ingest.readers.outline import ParsedText
from ingest.readers.sections import Entry, sections_of

CONCLUSION = "conclusion"
_LIST_ITEM = re.compile(r"(?:[-*\u2022\u2013\u25cf\u25e6]|\d{1,2}[.)])\s+\S")
# A last paragraph that begins like this belongs to the whole article, not to the heading above.
_CLOSING = re.compile(
    r"(?:to (?:conclude|sum up|summari[sz]e)|in (?:conclusion|summary|short|closing)|"
    r"summing up|all in all)\b",
    re.IGNORECASE,
)
_HEADING_MAX_CHARS = 100
_HEADING_MAX_WORDS = 14
# Short lines need no capitals to be headings; longer ones could be a sentence without its stop.
_SURELY_SHORT_WORDS = 6


def parse_plain_text(text: str, article_id: str, fallback_title: str) -> ParsedText:
    """Find title, headings and sections in plain text.

    A heading is a short line alone between blank lines that does not end like a sentence. A heading
    directly followed by another one is the parent of all that come after it. Text before the first
    heading is the section `introduction`; a last paragraph that begins "To conclude" or the like is
    the section `conclusion`.
    """
    blocks = paragraph_spans(text)
    headings = [_is_heading(text, blocks, i) for i in range(len(blocks))]
    warnings = []
    if headings and headings[0]:
        title = _one_line(text, blocks[0])
        blocks, headings = blocks[1:], headings[1:]
    else:
        title = fallback_title
        warnings.append(NO_TITLE.format(title))
    closing = len(blocks) - 1
    if not (blocks and closing > 0 and _CLOSING.match(text, blocks[closing].start)):
        closing = -1

    entries = []
    for i, (block, heading) in enumerate(zip(blocks, headings, strict=True)):
        if i != closing:
            level = (1 if headings[i + 1] else 2) if heading else 0  # a heading is never last
            entries.append(Entry(level, _one_line(text, block), block))
    slugs = Slugs()
    sections = sections_of(entries, article_id, slugs)
    if closing >= 0:
        section_id = f"{article_id}#{slugs.take(CONCLUSION)}"
        sections.append(Section(section_id, (), blocks[closing]))
    return ParsedText(title, text, tuple(sections), warnings=tuple(warnings))


def _is_heading(text: str, blocks: list[Span], i: int) -> bool:
    line = text[blocks[i].start : blocks[i].end]
    if i + 1 == len(blocks) or "\n" in line or len(line) > _HEADING_MAX_CHARS:
        return False
    words = line.split()
    if len(words) > _HEADING_MAX_WORDS or not any(c.isalpha() for c in line):
        return False
    if (
        line[-1] in ".,;!\u2026"
        or _LIST_ITEM.match(line)
        or not (line[0].isupper() or line[0].isdigit())
    ):
        return False
    if line[-1] == ":":  # a line that leads into a list belongs to the list
        return not _LIST_ITEM.match(text, blocks[i + 1].start)
    if line[-1] == "?" or len(words) <= _SURELY_SHORT_WORDS:
        return True
    long_words = [word for word in words if len(word) > 3]
    return sum(word[0].isupper() for word in long_words) * 2 > len(long_words)


def _one_line(text: str, span: Span) -> str:
    return collapse_spaces(text[span.start : span.end])
