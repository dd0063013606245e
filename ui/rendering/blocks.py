"""The text of a passage or a paragraph as HTML: paragraphs, lists and tables, with its marks. Pure.

The readers write a list one item a line ("- circles", "2. stretch", deeper items indented), and a
table one row a line ("- Week: 1; Exercise: circles"). A browser and a screen reader need real lists
and tables. Nothing of the text is lost but the marks of items, which the browser draws itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING

from core.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

# A line of a list; "1990. It was" is none.
_ITEM = re.compile(
    r"(?P<indent>[ \t]*)(?:(?P<number>\d{1,2})[.)]|[-*\u2022\u25cf\u25e6])[ \t]+(?=\S)"
)
_LINE = re.compile(r"[^\n]+")
_CELL = re.compile(
    r"(?P<name>[^:;\n]{1,40}): (?P<value>.+?)(?:; (?=[^:;\n]{1,40}: )|\Z)", re.DOTALL
)
_FEWEST_ROWS = 2


@dataclass(slots=True)
class _Item:
    """An item of a list: its text as an offset range, its number if it has one, and its parts."""

    indent: int
    number: str
    span: Span
    below: list[_Item] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Marks:
    """What is marked in a text: a sentence in `<mark>` of a class, and words in `<b>`."""

    sentence: Span | None = None
    terms: Sequence[Span] = ()
    kind: str = "cs-ans"


def blocks_html(content: str, marks: Marks | None = None, *, attributes: str = "") -> str:
    """Draw a text as paragraphs, lists and tables; `attributes` are those of each, as HTML.

    The offsets of `marks` are those of `content`; what lies outside is cut off.
    """
    marks = marks or Marks()
    parts = []
    for block in _blocks(content):
        if isinstance(block, Span):
            inside = _marked(content, block, marks)
            parts.append(f'<p class="cs-p"{attributes}>{inside}</p>' if inside else "")
        else:
            table = _table_html(content, block, marks, attributes)
            parts.append(table or _list_html(content, block, marks, attributes))
    return "".join(parts)


def highlight(
    content: str, sentence: Span | None, terms: Sequence[Span], *, kind: str = "cs-ans"
) -> str:
    """Escape a text, with the answering sentence in `<mark>` and the matched terms in `<b>`.

    Spans are offsets into `content`; what lies outside is cut off, overlaps are allowed. Removing
    the tags and unescaping gives `content` back, whatever the spans are.
    """
    return _marked(content, Span(0, len(content)), Marks(sentence, terms, kind))


def _marked(content: str, part: Span, marks: Marks) -> str:
    """Escape a part of a text, with what is marked in it."""
    given = (*marks.terms, *([marks.sentence] if marks.sentence else []))
    spans = [_clip(span, part) for span in given]
    cuts = sorted({part.start, part.end, *(edge for s in spans for edge in (s.start, s.end))})
    marked = spans[-1] if marks.sentence else Span(part.start, part.start)
    words = spans[: len(marks.terms)]
    html: list[str] = []
    is_open = False
    for start, end in pairwise(cuts):
        inside = marked.start <= start and end <= marked.end
        if inside != is_open:
            html.append(f'<mark class="{marks.kind}">' if inside else "</mark>")
            is_open = inside
        piece = escape(content[start:end])
        is_term = any(word.start <= start and end <= word.end for word in words)
        html.append(f'<b class="cs-term">{piece}</b>' if is_term else piece)
    return "".join(html) + ("</mark>" if is_open else "")


def _clip(span: Span, part: Span) -> Span:
    start = min(max(span.start, part.start), part.end)
    return Span(start, min(max(span.end, start), part.end))


def _blocks(content: str) -> Iterator[Span | list[_Item]]:
    """Yield paragraphs, as offsets, and lists, as their outermost items, in order."""
    paragraph: Span | None = None
    items: list[_Item] = []
    end = 0
    for line in _LINE.finditer(content):
        words = line[0].strip()
        gap = content.count("\n", end, line.start()) > 1 or not words
        end = line.end()
        if gap:
            yield from filter(None, (paragraph, _nested(items)))
            paragraph, items = None, []
        if not words:
            continue
        found = _ITEM.match(line[0])
        if found:
            if paragraph:
                yield paragraph
                paragraph = None
            span = _stripped(content, Span(line.start() + found.end(), line.end()))
            items.append(_Item(len(found["indent"]), found["number"] or "", span))
        elif items and line[0][:1].isspace():  # the item goes on in the next line
            items[-1].span = Span(items[-1].span.start, _stripped(content, Span(*line.span())).end)
        else:
            if items:
                yield _nested(items)
                items = []
            here = _stripped(content, Span(*line.span()))
            paragraph = Span(paragraph.start if paragraph else here.start, here.end)
    yield from filter(None, (paragraph, _nested(items)))


def _stripped(content: str, span: Span) -> Span:
    words = content[span.start : span.end]
    start = span.start + len(words) - len(words.lstrip())
    return Span(start, start + len(words.strip()))


def _nested(items: Iterable[_Item]) -> list[_Item]:
    """Put each item below the last one that is less indented; return the outermost ones.

    A passage may begin in the middle of a list: then the first item is not the outermost.
    """
    outermost: list[_Item] = []
    above: list[_Item] = []
    for item in items:
        while above and above[-1].indent >= item.indent:
            above.pop()
        (above[-1].below if above else outermost).append(item)
        above.append(item)
    return outermost


def _list_html(content: str, items: Sequence[_Item], marks: Marks, attributes: str) -> str:
    """Draw items as lists: numbered ones and others are lists of their own."""
    html, at = [], 0
    while at < len(items):
        first = items[at]
        run = [first]
        while at + len(run) < len(items) and _goes_on(run[-1], items[at + len(run)]):
            run.append(items[at + len(run)])
        at += len(run)
        tag = "ol" if first.number else "ul"
        start = f' start="{int(first.number)}"' if first.number not in ("", "1") else ""
        inside = "".join(
            f"<li>{_marked(content, item.span, marks)}"
            f"{_list_html(content, item.below, marks, '')}</li>"
            for item in run
        )
        html.append(f'<{tag} class="cs-points"{start}{attributes}>{inside}</{tag}>')
    return "".join(html)


def _goes_on(item: _Item, after: _Item) -> bool:
    """Say whether an item goes on with the list of the one before: without number, or the next."""
    if not item.number or not after.number:
        return item.number == after.number
    return int(after.number) == int(item.number) + 1


def _table_html(content: str, items: Sequence[_Item], marks: Marks, attributes: str) -> str:
    """Draw items that are rows of one table, with the same names in each; empty for any others."""
    if len(items) < _FEWEST_ROWS or any(item.number or item.below for item in items):
        return ""
    rows = [_cells(content, item.span) for item in items]
    longest = max(rows, key=len)
    names = list(longest)
    if len(names) < 2 or not all(_in_order(list(row), names) for row in rows):
        return ""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
    body = "".join(
        "<tr>"
        + "".join(
            f"<td>{_marked(content, row[name], marks) if name in row else ''}</td>"
            for name in names
        )
        + "</tr>"
        for row in rows
    )
    return (
        f'<table class="cs-table"{attributes}><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table>"
    )


def _cells(content: str, span: Span) -> dict[str, Span]:
    """Return the cells of a row by their names, "Week: 1; Exercise: circles"; empty for no row."""
    words = content[span.start : span.end]
    cells: dict[str, Span] = {}
    end = 0
    for cell in _CELL.finditer(words):
        if cell.start() != end or cell["name"].strip() in cells:
            return {}
        value = cell.span("value")
        cells[cell["name"].strip()] = Span(span.start + value[0], span.start + value[1])
        end = cell.end()
    return cells if end == len(words) else {}


def _in_order(row: Sequence[str], names: Sequence[str]) -> bool:
    """Say whether a row has cells, and no other names than the table, in their order."""
    rest = iter(names)
    return bool(row) and all(name in rest for name in row)
