"""Joins lines of a PDF into headings, paragraphs and lists, with the offsets of pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from ingest.readers.blocks import looks_like_heading
from ingest.readers.pdf.lines import ITEM, Line

# Of the size of the text: larger letters are a heading, other letters another paragraph.
_LARGER = 1.12
_OTHER = 0.08
_HEADING_MAX_WORDS = 25
_CAPITALS_MAX_WORDS, _CAPITALS_MIN_CHARS = 8, 4
# Of the usual distance of lines, of the size of letters, of the width that a word needs.
_FURTHER = 1.3
_FURTHEST, _LEADING = 3.0, 1.2
_INDENT = 0.8
_WORD_SPACE = 1.2
_LOOK_AROUND = 15  # lines
_SENTENCE_END = re.compile(r"""[.!?:;]["'”’)]?\Z""")
_HYPHEN = re.compile(r"(?<![^\W_])([^\W_]+)[-\u2010]\Z")
_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")
# First parts of words that keep their hyphen when a line ends there.
_KEEPS = frozenset(
    """self well non ex half full long short high low mid part first second third over day follow up
    one two three four five six seven eight nine ten left right weight evidence side cross co post
    pre anti multi""".split()
)
_BETWEEN = frozenset({"and", "or", "to"})


@dataclass(slots=True)
class Paragraph:
    """Lines that belong together; `mark` is that of a list item, "" outside lists."""

    lines: list[Line]
    mark: str = ""
    text: str = ""
    begins: list[tuple[int, int]] = field(default_factory=list)  # offset in text, page

    @property
    def size(self) -> float:
        """The size of its first letters."""
        return self.lines[0].size

    @property
    def is_bold(self) -> bool:
        """Whether all of it is bold."""
        return all(line.is_bold for line in self.lines)


def body_size(lines: Sequence[Line]) -> float:
    """Return the size of most letters."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size * 2) / 2] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def paragraphs_of(lines: Sequence[Line], body: float) -> list[Paragraph]:
    """Return the paragraphs of a document with their text, in reading order."""
    step = _usual_step(lines, body)
    edges = _right_edges(lines)
    found: list[Paragraph] = []
    for i, line in enumerate(lines):
        if found and _continues(found[-1], line, step, body, edges[i - 1]):
            found[-1].lines.append(line)
        else:
            match = None if line.is_table else ITEM.match(line.text)
            mark = "" if not match else f"{match['number']}." if match["number"] else "-"
            found.append(Paragraph([line], mark))
    known = Counter(word.lower() for line in lines for word in _WORD.findall(line.text))
    for paragraph in found:
        _write(paragraph, known)
    return [paragraph for paragraph in found if paragraph.text]


def _usual_step(lines: Sequence[Line], body: float) -> float:
    """Return the distance of lines in one paragraph, from lines that surely continue one."""
    pairs = [
        (above, below, above.y - below.y)
        for above, below in pairwise(lines)
        if above.page == below.page and 0 < above.y - below.y < _FURTHEST * body
    ]
    sure = [
        step
        for above, below, step in pairs
        if below.text[:1].islower() and not _SENTENCE_END.search(above.text)
    ]
    return median(sure) if sure else min((step for *_, step in pairs), default=body * _LEADING)


def heading_levels(paragraphs: Sequence[Paragraph], body: float) -> list[int]:
    """Return the level of each heading, 1 for the largest letters, and 0 for text.

    Bold lines of the size of the text, and lines in capitals, are headings under all larger ones.
    """
    large = [_is_larger(paragraph, body) for paragraph in paragraphs]
    sizes = sorted(
        {_rounded(p.size) for p, is_large in zip(paragraphs, large, strict=True) if is_large}
    )
    levels = []
    for i, (paragraph, is_large) in enumerate(zip(paragraphs, large, strict=True)):
        follows = paragraphs[i + 1].text[:1] if i + 1 < len(paragraphs) else ""
        if is_large:
            levels.append(len(sizes) - sizes.index(_rounded(paragraph.size)))
        elif follows and not follows.islower() and _stands_out(paragraph, body):
            levels.append(len(sizes) + 1)
        else:
            levels.append(0)
    return levels


def _is_larger(paragraph: Paragraph, body: float) -> bool:
    return (
        not paragraph.lines[0].is_table
        and _rounded(paragraph.size) >= body * _LARGER
        and len(paragraph.text.split()) <= _HEADING_MAX_WORDS
        and any(c.isalpha() for c in paragraph.text)
    )


def _stands_out(paragraph: Paragraph, body: float) -> bool:
    text = paragraph.text
    if paragraph.lines[0].is_table or not looks_like_heading(text) or text[:1].islower():
        return False
    if paragraph.is_bold:
        return paragraph.size >= body * (1 - _OTHER)
    is_short = len(text.split()) <= _CAPITALS_MAX_WORDS and len(text) >= _CAPITALS_MIN_CHARS
    return text.isupper() and is_short and not paragraph.mark


def _rounded(size: float) -> float:
    """Return a size rounded to half points: programs write 11.04 and 10.98 for 11."""
    return round(size * 2) / 2


def _continues(paragraph: Paragraph, line: Line, step: float, body: float, edge: float) -> bool:
    """Say whether a line continues the paragraph before it, whose lines may reach to `edge`."""
    last = paragraph.lines[-1]
    if (
        line.is_table
        or last.is_table
        or ITEM.match(line.text)
        or abs(line.size - last.size) > _OTHER * body
        or line.is_bold != last.is_bold
    ):
        return False
    is_heading = last.size >= body * _LARGER
    if line.page != last.page or line.y >= last.bottom:  # the next column or page
        broken = bool(_HYPHEN.search(last.text)) or not _SENTENCE_END.search(last.text)
        return not is_heading and broken and line.text[:1].islower()
    usual = max(step, last.size * _LEADING) if is_heading else step * max(1.0, last.size / body)
    is_close = last.bottom - line.y <= usual * _FURTHER
    return is_close and (is_heading or not _begins_another(paragraph, line, edge))


def _begins_another(paragraph: Paragraph, line: Line, edge: float) -> bool:
    """Say whether a line right under a paragraph begins another one."""
    first, last = paragraph.lines[0], paragraph.lines[-1]
    if paragraph.mark and line.left < first.left - last.size / 2:
        return True  # back at the margin, left of the mark
    if line.text[:1].islower() or _HYPHEN.search(last.text):
        return False
    # Its first word would have fitted on the line before: that line was ended on purpose.
    letter = (last.right - last.left) / max(len(last.text), 1)
    needed = (len(line.text.partition(" ")[0]) + 1) * letter * _WORD_SPACE
    ended = bool(_SENTENCE_END.search(last.text))
    indented = line.left > last.left + _INDENT * last.size and len(paragraph.lines) > 1
    return last.right + needed < edge or (ended and indented)


def _right_edges(lines: Sequence[Line]) -> list[float]:
    """Return for each line the right edge of the lines around it in its column."""
    edges = []
    for i, line in enumerate(lines):
        around = lines[max(0, i - _LOOK_AROUND) : i + _LOOK_AROUND]
        edges.append(
            max(
                other.right
                for other in around
                if other.page == line.page and other.left < line.right and line.left < other.right
            )
        )
    return edges


def _write(paragraph: Paragraph, known: Counter[str]) -> None:
    """Join the lines of a paragraph, and words that were divided at line ends."""
    page = -1
    for line in paragraph.lines:
        words = line.text
        if paragraph.mark and line is paragraph.lines[0]:
            words = ITEM.sub("", words, count=1)
        paragraph.text = _with_next(paragraph.text, words, known) if paragraph.text else words
        if line.page != page:
            page = line.page
            paragraph.begins.append((len(paragraph.text) - len(words), page))


def _with_next(text: str, line: str, known: Counter[str]) -> str:
    """Return a text with its next line; a hyphen that only divided a word is dropped."""
    divided = _HYPHEN.search(text)
    follows = _WORD.match(line)
    if not divided or not follows:
        return f"{text} {line}"
    before, after = divided[1], follows[0]
    if after in _BETWEEN:  # "pre- and post-natal"
        return f"{text} {line}"
    whole, joined = known[f"{before}{after}".lower()], known[f"{before}-{after}".lower()]
    keeps = not (before.isalpha() and after[0].islower()) or joined > whole
    keeps = keeps or (before.lower() in _KEEPS and not whole)
    return text + line if keeps else text[:-1] + line
