"""Reads plain text: title, headings and sections by the layout of its lines."""

from __future__ import annotations

import re

from core.text.characters import collapse_spaces
from core.text.paragraphs import paragraph_spans
from core.text.slugs import Slugs
from core.types import Section, Span
from ingest.readers.blocks import NO_TITLE
from ingest.readers.outline import LeftOut, ParsedText, Reason
from ingest.readers.sections import Entry, sections_of

CONCLUSION = "conclusion"
_LIST_ITEM = re.compile(r"(?:[-*\u2022\u2013\u25cf\u25e6]|\d{1,2}[.)])\s+\S")
# A last paragraph that begins like this belongs to the whole article, not to the heading above.
_CLOSING = re.compile(
    r"(?:to (?:conclude|sum up|summari[sz]e)|in (?:conclusion|summary|short|closing)|"
    r"summing up|all in all)\b",
    re.IGNORECASE,
)
# A line of signs: drawn under a heading, or between parts.
_RULE = re.compile(r"[ \t]*([=\-~*_#+.\u2014\u2500\u2550])(?:[ \t]?\1){2,}[ \t]*")
# A line of letters set wide, with more space between words.
_WIDE = re.compile(r"\s*[^\W\d_](?:\s+[^\W\d_]|\s+[-&?!'\u2019]){3,}\s*")
_CAPITAL_MIN_LETTERS = 4
_HEADING_MAX_CHARS = 100
_HEADING_MAX_WORDS = 14
# Short lines need no capitals to be headings; longer ones could be a sentence without its stop.
_SURELY_SHORT_WORDS = 6


def parse_plain_text(text: str, article_id: str, fallback_title: str) -> ParsedText:
    """Find title, headings and sections in plain text.

    A heading is a short line alone between blank lines that does not end like a sentence, a line
    that is underlined, or one in capitals above its text. Lines of signs are left out. A heading
    directly followed by another one is the parent of all that come after it. Text before the first
    heading is the section `introduction`; a last paragraph that begins "To conclude" or the like is
    the section `conclusion`.
    """
    text, marked, left_out = _with_headings_apart(text)
    blocks = paragraph_spans(text)
    headings = [
        (block.start in marked and i + 1 < len(blocks)) or _is_heading(text, blocks, i)
        for i, block in enumerate(blocks)
    ]
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
    return ParsedText(
        title, text, tuple(sections), warnings=tuple(warnings), left_out=tuple(left_out)
    )


def _with_headings_apart(text: str) -> tuple[str, set[int], list[LeftOut]]:
    """Set headings that touch their text apart; return the offsets where these begin.

    Lines of signs, as above and under headings, are left out; letters set wide are joined. Without
    any of these the text stays as it is.
    """
    found: list[str] = []
    marked: set[int] = set()
    left_out: list[LeftOut] = []
    length = 0
    lines = ["", *text.split("\n"), ""]
    for before, line, after in zip(lines, lines[1:], lines[2:], strict=False):
        kept = line
        if _RULE.fullmatch(line):
            left_out.append(LeftOut(Reason.LABEL, line))
            kept = ""
        elif _could_be_heading(line) and _is_end(before):
            kept = _joined(line)
            if _RULE.fullmatch(after) or (_is_capital(kept) and _is_under(after)):
                apart = "\n" if before.strip() else ""
                marked.add(length + len(apart) + len(kept) - len(kept.lstrip()))
                kept = f"{apart}{kept}\n"
        found.append(kept)
        length += len(kept) + 1
    return "\n".join(found), marked, left_out


def _is_end(line: str) -> bool:
    """Say whether a heading may follow a line: nothing, signs, or the end of a sentence."""
    return not line.strip() or line.rstrip()[-1] in ".!?" or bool(_RULE.fullmatch(line))


def _could_be_heading(line: str) -> bool:
    return (
        0 < len(line) <= _HEADING_MAX_CHARS
        and any(c.isalpha() for c in line)
        and line.rstrip()[-1] not in ".,;"
    )


def _is_capital(line: str) -> bool:
    """Say whether a line is a few words in capitals, and no lone abbreviation."""
    letters = sum(c.isalpha() for c in line)
    few = len(line.split()) <= _HEADING_MAX_WORDS
    return line.isupper() and few and letters >= _CAPITAL_MIN_LETTERS and line.rstrip()[-1] != ":"


def _is_under(line: str) -> bool:
    """Say whether a line can be the text under a heading: it is no further line in capitals."""
    return bool(line.strip()) and not line.isupper()


def _joined(line: str) -> str:
    """Return a line without the spaces in words that are set wide: "H E E L  P A I N"."""
    if not _WIDE.fullmatch(line):
        return line
    words = (word.replace(" ", "") for word in re.split(r"\s{2,}", line.strip()))
    return " ".join(words)


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
