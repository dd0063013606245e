"""Folded leaflets: a page across whose panels are read one after the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ingest.readers.pdf.fragments import Fragment
from ingest.readers.pdf.layout.rows import Row, rows_of

# Of the height of a page: a page across is wider.
_ACROSS = 1.1
_GUTTER = 1.5  # of the size of the text
_OFF = 0.04  # of the width: how far a fold may be from where equal panels have it
_MOST_PANELS = 4
_LARGER = 1.12
_LEAST_HEADS, _LEAST_PANELS = 2, 2
_SAME_HEIGHT = 0.5  # of the size of the text


def rows_by_panels(
    fragments: Sequence[Fragment], sides: tuple[float, float], height: float
) -> list[Row]:
    """Return the rows of a page; those of a folded leaflet panel by panel, from the left.

    `sides` are the left and the right edge of the page, in points.
    """
    return [row for panel in _panels(fragments, sides, height) for row in rows_of(panel)]


def panels_of(rows: Sequence[Row]) -> list[Sequence[Row]]:
    """Return the rows of each panel: where a row is above the one before, another panel begins."""
    starts = [i for i in range(1, len(rows)) if rows[i].y > rows[i - 1].y + rows[i].size]
    return [rows[a:b] for a, b in zip([0, *starts], [*starts, len(rows)], strict=True)]


def _panels(
    fragments: Sequence[Fragment], sides: tuple[float, float], height: float
) -> list[list[Fragment]]:
    whole = list(fragments)
    left, width = sides[0], sides[1] - sides[0]
    if not whole or width < height * _ACROSS:
        return [whole]
    sizes: Counter[float] = Counter()
    for fragment in whole:
        sizes[fragment.size] += len(fragment.text)
    body = sizes.most_common(1)[0][0]
    gaps = _gaps(whole, body)
    for count in range(_MOST_PANELS, 1, -1):
        folds = [_fold(gaps, left + width * i / count, width) for i in range(1, count)]
        if all(fold is not None for fold in folds):
            edges = [fold for fold in folds if fold is not None]
            panels: list[list[Fragment]] = [[] for _ in range(count)]
            for fragment in whole:
                panels[sum(fragment.left > edge for edge in edges)].append(fragment)
            if _have_headings(panels, body):
                return panels
    return [whole]


def _gaps(fragments: Sequence[Fragment], body: float) -> list[tuple[float, float]]:
    """Return the strips of a page without any text, from the left."""
    found: list[tuple[float, float]] = []
    end = None
    for fragment in sorted(fragments, key=lambda f: f.left):
        if end is not None and fragment.left - end >= body * _GUTTER:
            found.append((end, fragment.left))
        end = fragment.right if end is None else max(end, fragment.right)
    return found


def _fold(gaps: Sequence[tuple[float, float]], at: float, width: float) -> float | None:
    """Return the middle of the strip at a fold, None where there is none."""
    near = [(a + b) / 2 for a, b in gaps if a - width * _OFF <= at <= b + width * _OFF]
    return min(near, key=lambda x: abs(x - at), default=None)


def _have_headings(panels: Sequence[Sequence[Fragment]], body: float) -> bool:
    """Say whether panels have headings of their own, and not only those of the columns of a table.

    Headings of a table are at one height.
    """
    heights = [
        {round(f.y / (body * _SAME_HEIGHT)) for f in panel if f.bold or f.size >= body * _LARGER}
        for panel in panels
    ]
    first = {y for y in heights[0] if all(y in other for other in heights[1:])}
    return sum(len(own - first) >= _LEAST_HEADS for own in heights) >= _LEAST_PANELS
