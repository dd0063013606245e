"""Rows of a PDF that are no part of the article: headers, footers, page numbers, contents."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from ingest.readers.outline import LeftOut, Reason
from ingest.readers.pdf.layout.rows import Row

# Of a page's height: where headers and footers stand. Of pages: on how many they must be.
_EDGE = 0.12
_REPEATED = 0.3
_SAME_HEIGHT = 6.0  # points
# Of the size of the text: rows up to the first are alike whatever numbers they hold; up to the
# second they must be the same, because "Exercise 1" and "Exercise 2" are headings.
_RUNNING_SIZE, _RUNNING_SAME_SIZE = 1.05, 1.35
_SHORT_CHARS = 80
_PAGE_NUMBER = re.compile(
    r"(?:page|p\.?)?\s*(?:[-\u2013|]\s*)?\d{1,4}\s*(?:(?:of|/)\s*\d{1,4}\s*)?[-\u2013|]?",
    re.IGNORECASE,
)
_NAMED_NUMBER = re.compile(
    r"(?:page|pg\.?|p\.|seite|p\u00e1gina|pagina|strona|sida|side)\s*\d{1,4}"
    r"(?:\s*(?:of|/|von|de|sur|di|van)\s*\d{1,4})?",
    re.IGNORECASE,
)
_NUMBER_FIRST, _NUMBER_LAST = re.compile(r"(\d{1,4})\s+\D"), re.compile(r"\D\s+(\d{1,4})\Z")
_LEADERS = re.compile(
    r"(?:\.{4}|(?:\. ){4}|\u2026{2}|(?:\u2026 ){2}|(?:\u00b7 ?){5})[ .\u2026\u00b7]*(\d{1,4})\Z"
)
_CONTENTS = re.compile(
    r"(?:table of )?contents:?|in(?:side)? this \w+:?|what.s inside\??|inhalt(?:sverzeichnis)?|"
    r"sommaire|table des mati\u00e8res|[i\u00ed]ndice|inhoud(?:sopgave)?",
    re.IGNORECASE,
)
_NEAR = 3.2  # of the size of letters
_LEAST_ENTRIES = 3  # in each of two columns
_LONG = 6  # entries: surely no prices when they are in order
_LARGEST = 2  # a page number in the contents of so many pages: of sheets with two pages

Place = tuple[int, int]  # page and row


def left_out_rows(
    pages: Sequence[Sequence[Row]], heights: Sequence[float], body: float
) -> dict[Place, LeftOut]:
    """Return what is no part of the article, by page and row, in reading order.

    `heights` are those of the pages, `body` is the size of the text, both in points.
    """
    found = dict.fromkeys(_running(pages, heights, body), Reason.MENU)
    found |= dict.fromkeys(_contents(pages, found), Reason.CONTENTS)
    found |= dict.fromkeys(_contents_in_columns(pages), Reason.CONTENTS)
    return {(page, i): LeftOut(found[page, i], pages[page][i].text) for page, i in sorted(found)}


def with_numbers_apart(rows: Sequence[Row], height: float) -> list[Row]:
    """Return the rows of a page, "Page 5" at an end of a header or footer as a row of its own.

    Beside a heading it would be a part of that, or both would be the head of a table.
    """
    found: list[Row] = []
    for row in rows:
        cells = row.cells
        edge = height * _EDGE
        if len(cells) > 1 and not edge < row.y < height - edge:
            if _NAMED_NUMBER.fullmatch(cells[0].text):
                found.append(Row(cells[:1]))
                cells = cells[1:]
            elif _NAMED_NUMBER.fullmatch(cells[-1].text):
                found.append(Row(cells[-1:]))
                cells = cells[:-1]
        found.append(Row(cells))
    return found


def _running(pages: Sequence[Sequence[Row]], heights: Sequence[float], body: float) -> set[Place]:
    """Return the rows that are page numbers or repeat on many pages."""
    places: dict[tuple[str, int], list[Place]] = defaultdict(list)
    found: set[Place] = set()
    edges: dict[int, list[Place]] = defaultdict(list)
    for number, (rows, height) in enumerate(zip(pages, heights, strict=True)):
        for i, row in enumerate(rows):
            edge = height * _EDGE
            if edge < row.y < height - edge or row.size > body * _RUNNING_SAME_SIZE:
                continue
            if _PAGE_NUMBER.fullmatch(row.text):
                found.add((number, i))
            words = row.text.casefold()
            level = round(row.y / _SAME_HEIGHT)
            if row.size <= body * _RUNNING_SIZE:
                words = re.sub(r"\d+", "#", words)
                edges[level].append((number, i))
            places[words, level].append((number, i))
    least = 2 if len(pages) <= 3 else max(3, len(pages) * _REPEATED)
    for same in (*places.values(), *(_numbered(pages, rows) for rows in edges.values())):
        if len({number for number, _ in same}) >= least:
            found.update(same)
    return found


def _numbered(pages: Sequence[Sequence[Row]], places: Iterable[Place]) -> list[Place]:
    """Return the rows at one height that begin or end with the number of their page."""
    by_offset: dict[tuple[int, bool], list[Place]] = defaultdict(list)
    for page, i in places:
        text = pages[page][i].text
        if len(text) > _SHORT_CHARS:
            continue
        for is_last, pattern in enumerate((_NUMBER_FIRST.match, _NUMBER_LAST.search)):
            if match := pattern(text):
                by_offset[int(match[1]) - page, bool(is_last)].append((page, i))
    numbers = Counter(offset for offset, _ in by_offset for _ in by_offset[offset, _])
    if not numbers:
        return []
    offset = numbers.most_common(1)[0][0]  # the number is at the outer edge of either page
    return [*by_offset[offset, False], *by_offset[offset, True]]


def _contents(pages: Sequence[Sequence[Row]], running: Mapping[Place, Reason]) -> set[Place]:
    """Return the rows of lists of contents: those with leaders to a number, and between them."""
    places = [
        (page, i)
        for page, rows in enumerate(pages)
        for i in range(len(rows))
        if (page, i) not in running
    ]
    numbers = {
        at: int(match[1])
        for at, (page, i) in enumerate(places)
        if (match := _LEADERS.search(pages[page][i].text))
    }
    found: set[Place] = set()
    for entries in _clusters(list(numbers)):
        values = [numbers[at] for at in entries]
        in_order = sum(a <= b for a, b in pairwise(values))
        # Prices may have leaders as well; they are larger and in any order.
        is_ordered = in_order * 4 >= (len(values) - 1) * 3
        is_small = max(values) <= len(pages) * _LARGEST and is_ordered
        if len(values) < 2 or not (is_small or in_order + 1 == len(values) >= _LONG):
            continue
        found.update(places[entries[0] : entries[-1] + 1])
        before = entries[0] - 1
        if before >= 0 and _is_title_of_contents(pages, places[before], places[before + 1]):
            found.add(places[before])
    return found


def _contents_in_columns(pages: Sequence[Sequence[Row]]) -> set[Place]:
    """Return the rows of lists of contents in two columns: from the first to the last leader."""
    found: set[Place] = set()
    for page, rows in enumerate(pages):
        columns: tuple[list[tuple[int, int]], list[tuple[int, int]]] = ([], [])
        for i, row in enumerate(rows):
            for side, cell in enumerate(row.cells[:: max(len(row.cells) - 1, 1)][:2]):
                if match := _LEADERS.search(cell.text):
                    is_right = side or cell.left > (rows[0].left + max(r.right for r in rows)) / 2
                    columns[bool(is_right)].append((i, int(match[1])))
        if min(map(len, columns)) < _LEAST_ENTRIES:
            continue
        values = [number for column in columns for _, number in column]
        in_order = sum(a <= b for a, b in pairwise(values))
        if max(values) > len(pages) * _LARGEST or in_order * 4 < (len(values) - 1) * 3:
            continue
        places = [i for column in columns for i, _ in column]
        first, last = min(places), max(places)
        found.update((page, i) for i in range(first, last + 1))
        if first and _is_title_of_contents(pages, (page, first - 1), (page, first)):
            found.add((page, first - 1))
    return found


def _clusters(found: Sequence[int]) -> Iterator[list[int]]:
    """Yield places that follow each other; the first line of a long entry may be between."""
    cluster: list[int] = []
    for at in found:
        if cluster and at - cluster[-1] > 2:
            yield cluster
            cluster = []
        cluster.append(at)
    if cluster:
        yield cluster


def _is_title_of_contents(pages: Sequence[Sequence[Row]], above: Place, below: Place) -> bool:
    a, b = pages[above[0]][above[1]], pages[below[0]][below[1]]
    is_near = above[0] == below[0] and a.y - b.y <= _NEAR * max(a.size, b.size)
    return is_near and bool(_CONTENTS.fullmatch(a.text))
