"""Which letters of a PDF are bold: those that stand out from the document's own plain letters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ingest.readers.pdf.fragments import Emphasis, Fragment

# What pdfium calls thick, and how much thicker than the plain letters that must be.
_THICK = 600
_THICKER = 1.2
_MOST = 0.5


def relative(pages: Iterable[Sequence[Fragment]]) -> list[tuple[Fragment, ...]]:
    """Return the fragments of pages with the emphasis that they have among all of them.

    What most letters of the usual size have marks nothing: some programs make every letter bold,
    and pdfium takes its weight from the stem that the file states, which is often wrong.
    """
    pages = list(pages)
    sizes: Counter[float] = Counter()
    for fragment in (f for page in pages for f in page):
        sizes[fragment.size] += len(fragment.text)
    usual = sizes.most_common(1)[0][0] if sizes else 0.0
    body = [f for page in pages for f in page if abs(f.size - usual) < usual / 10]
    letters = sum(len(f.text) for f in body)
    bold = sum(len(f.text) for f in body if f.bold)
    is_told = bold <= letters * _MOST
    thick = max(_THICK, _plain_weight(body) * _THICKER)
    return [tuple(_emphasised(f, thick, is_told=is_told) for f in page) for page in pages]


def _emphasised(fragment: Fragment, thick: float, *, is_told: bool) -> Fragment:
    bold = fragment.bold if is_told else Emphasis.NONE
    if not bold and fragment.weight >= thick:
        bold = Emphasis.HINT
    return fragment if bold == fragment.bold else replace(fragment, bold=bold)


def _plain_weight(fragments: Iterable[Fragment]) -> float:
    """Return the weight of most letters that no name calls bold."""
    weights: Counter[int] = Counter()
    for fragment in fragments:
        if not fragment.bold:
            weights[fragment.weight] += len(fragment.text)
    return weights.most_common(1)[0][0] if weights else 0.0
