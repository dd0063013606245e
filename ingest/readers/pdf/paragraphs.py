"""Joins lines of a PDF into headings, paragraphs and lists, with the offsets of pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from ingest.readers.pdf.fragments import Emphasis
from ingest.readers.pdf.layout.rows import ITEM, LETTERED, Line

# Of the size of the text: larger letters are a heading, other letters another paragraph.
LARGER = 1.12
OTHER = 0.08
# Of the usual distance of lines, of the size of letters, of the width that a word needs.
_FURTHER = 1.3
_FURTHEST, _LEADING = 3.0, 1.2
_INDENT = 0.8
_LOOSE, _HUNG, _HANGING = 2.0, 0.4, 3.0
_LABEL_WORDS = 4
_WORD_SPACE = 1.2
_LOOK_AROUND = 15  # lines
_NEARBY = 4  # lines
# Of the width of a column: a line of prose, though ragged.
_LONG_LINE = 0.6
# After these a sentence goes on.
_OPEN_WORDS = frozenset(
    """a an the and or but nor of in on at to for with without from by about than only over under
    between up is are was were be been has have had can may must should will would could not no
    your our their his her its my this these that which who when if as per into after before until
    every each more most less least fewer der die das und oder mit von zu im am bei f\u00fcr le la
    les des du de et ou avec pour en un une el los las y con para het een van met voor""".split()
)
_SENTENCE_END = re.compile(
    "[.!?:;\u0964\u0965\u061f\u06d4\u3002\uff01\uff1f][\"'\u201d\u2019)]?\\Z"
)
_HYPHEN = re.compile(r"(?<![^\W_])([^\W_]+)[-\u2010]\Z")
_CONTACT = re.compile(r"(?:www\.\S+|https?://\S+|[^\s@]+@\S+)\Z")
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
    def bold(self) -> Emphasis:
        """How surely all of it is bold."""
        return min(line.bold for line in self.lines)

    @property
    def is_bullet(self) -> bool:
        """Whether it is an item with a mark and no number."""
        return bool(self.mark) and not self.mark[0].isdigit()


def body_size(lines: Sequence[Line]) -> float:
    """Return the size of most letters."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size * 2) / 2] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def paragraphs_of(lines: Sequence[Line], body: float) -> list[Paragraph]:
    """Return the paragraphs of a document with their text, in reading order."""
    steps = _usual_steps(lines, body)
    edges = _right_edges(lines)
    found: list[Paragraph] = []
    for i, line in enumerate(lines):
        if found and _continues(found[-1], lines[i : i + 2], steps[i], body, edges[i - 1]):
            found[-1].lines.append(line)
        else:
            match = None if line.is_table else ITEM.match(line.text)
            mark = "" if not match else match["bullet"] or f"{match['number']}."
            found.append(Paragraph([line], mark))
    known = Counter(word.lower() for line in lines for word in _WORD.findall(line.text))
    for paragraph in found:
        _write(paragraph, known)
    return [paragraph for paragraph in found if paragraph.text]


def _usual_steps(lines: Sequence[Line], body: float) -> list[float]:
    """Return for each line the distance of lines in one paragraph around it.

    It is that of lines that surely continue one: those nearby, or all when there are none.
    """
    pairs = [
        (i, above, below, above.y - below.y)
        for i, (above, below) in enumerate(pairwise(lines), start=1)
        if above.page == below.page and 0 < above.y - below.y < _FURTHEST * body
    ]
    sure = [
        (i, step)
        for i, above, below, step in pairs
        if (_is_caseless(below) and above.bold == below.bold and abs(above.size - below.size) < 1)
        or below.text[:1].islower()
        if not _SENTENCE_END.search(above.text)
    ]
    least = min((step for *_, step in pairs), default=body * _LEADING)
    usual = median(step for _, step in sure) if sure else least
    found = []
    first = last = 0
    for i in range(len(lines)):
        while first < len(sure) and sure[first][0] < i - _NEARBY:
            first += 1
        while last < len(sure) and sure[last][0] <= i + _NEARBY:
            last += 1
        near = [step for _, step in sure[first:last]]
        found.append(max(usual, median(near)) if near else usual)
    return found


def _continues(
    paragraph: Paragraph, lines: Sequence[Line], step: float, body: float, edge: float
) -> bool:
    """Say whether a line, with the next one, continues the paragraph before it.

    The lines of the paragraph may reach to `edge`.
    """
    last, line = paragraph.lines[-1], lines[0]
    if line.is_table or last.is_table or ITEM.match(line.text) or _is_other(last, line, body):
        return False
    is_heading = last.size >= body * LARGER
    if line.page != last.page or line.y >= last.bottom:  # the next column or page
        broken = bool(_HYPHEN.search(last.text)) or not _SENTENCE_END.search(last.text)
        return not is_heading and broken and line.text[:1].islower()
    usual = max(step, last.size * _LEADING) if is_heading else step * max(1.0, last.size / body)
    gap = last.bottom - line.y
    is_close = gap <= usual * _FURTHER or (gap <= _LOOSE * last.size and _is_rest(last, line))
    return is_close and (is_heading or not _begins_another(paragraph, lines, edge))


def _is_rest(last: Line, line: Line) -> bool:
    """Say whether a line surely goes on with the sentence of the one before, however far it is."""
    is_aligned = abs(line.left - last.left) <= _INDENT * last.size
    return is_aligned and line.text[:1].islower() and not _SENTENCE_END.search(last.text)


def _is_other(last: Line, line: Line, body: float) -> bool:
    """Say whether two lines are in letters that never are in one paragraph."""
    if abs(line.size - last.size) > OTHER * body:
        return True
    if line.bold == last.bold:
        return False
    is_named = Emphasis.BOLD in (line.bold, last.bold)
    return is_named or not (line.text[:1].islower() or _is_caseless(line))


def _begins_another(paragraph: Paragraph, lines: Sequence[Line], edge: float) -> bool:
    """Say whether a line right under a paragraph begins another one."""
    line = lines[0]
    first, last = paragraph.lines[0], paragraph.lines[-1]
    if paragraph.mark and line.left < first.left - last.size / 2:
        return True  # back at the margin, left of the mark
    if _CONTACT.match(line.text) or (LETTERED.match(line.text) and LETTERED.match(first.text)):
        return True
    if line.text[:1].islower() or _HYPHEN.search(last.text) or _is_below_text(paragraph, line):
        return False
    # Its first word would have fitted on the line before: that line was ended on purpose.
    letter = (last.right - last.left) / max(len(last.text), 1)
    needed = (len(line.text.partition(" ")[0]) + 1) * letter * _WORD_SPACE
    ended = bool(_SENTENCE_END.search(last.text))
    if not ended and _goes_on(paragraph, lines, edge):
        return False
    if not ended and _is_label(last) and _is_label(line) and not _is_prose(paragraph, lines):
        return True
    indented = line.left > last.left + _INDENT * last.size and len(paragraph.lines) > 1
    return last.right + needed < edge or (ended and indented)


def _is_below_text(paragraph: Paragraph, line: Line) -> bool:
    """Say whether a line is below the text of an item and right of its mark: the item goes on."""
    first = paragraph.lines[0]
    return bool(paragraph.mark) and _HUNG < (line.left - first.left) / first.size <= _HANGING


def _goes_on(paragraph: Paragraph, lines: Sequence[Line], edge: float) -> bool:
    """Say whether a line without an end goes on though there was room: in ragged prose it does.

    Lists without marks, addresses and the like have short lines, each with a capital.
    """
    last, line = paragraph.lines[-1], lines[0]
    word = last.text.rsplit(" ", 1)[-1].casefold()
    if word in _OPEN_WORDS and len(last.text) > len(word):
        return True
    is_long = last.right - last.left >= _LONG_LINE * (edge - last.left)
    if _is_caseless(line):
        return is_long
    is_aligned = abs(line.left - last.left) <= _INDENT * last.size
    return is_long and is_aligned and _is_prose(paragraph, lines)


def _is_caseless(line: Line) -> bool:
    """Say whether a line is in a script without capitals, which would tell how it begins."""
    first = line.text[:1]
    return first.isalpha() and first.lower() == first.upper()


def _is_prose(paragraph: Paragraph, lines: Sequence[Line]) -> bool:
    """Say whether lines around a line go on with the one before them."""
    return any(
        line.text[:1].islower() and not _CONTACT.match(line.text)
        for line in (*paragraph.lines[1:], *lines[1:])
    )


def _is_label(line: Line) -> bool:
    """Say whether a line could be one of an address: a few words, each line by itself."""
    return not line.bold and len(line.text.split()) <= _LABEL_WORDS


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
