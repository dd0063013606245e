"""Finds the headings of a PDF: what is larger than the text, bold, or in capitals."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.readers.blocks import looks_like_heading
from ingest.readers.pdf.fragments import Emphasis
from ingest.readers.pdf.paragraphs import LARGER, OTHER, Paragraph

_MAX_WORDS = 25
_FIGURES = 4
_SAME_EDGE = 0.3  # of the size of letters
_CAPITALS_MAX_WORDS, _CAPITALS_MIN_CHARS = 8, 4


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
        around = [*paragraphs[max(i - 1, 0) : i], *paragraphs[i + 1 : i + 2]]
        if is_large:
            levels.append(len(sizes) - sizes.index(_rounded(paragraph.size)))
        elif follows and not follows.islower() and _stands_out(paragraph, around, body):
            levels.append(len(sizes) + 1)
        else:
            levels.append(0)
    return levels


def _is_larger(paragraph: Paragraph, body: float) -> bool:
    return (
        not paragraph.lines[0].is_table
        and _rounded(paragraph.size) >= body * LARGER
        and len(paragraph.text.split()) <= _MAX_WORDS
        and any(c.isalpha() for c in paragraph.text)
    )


def _stands_out(paragraph: Paragraph, around: Sequence[Paragraph], body: float) -> bool:
    text, bold = paragraph.text, paragraph.bold
    if paragraph.lines[0].is_table or not looks_like_heading(text) or text[:1].islower():
        return False
    if bold == Emphasis.HINT:
        # Letters that are only thicker: a line by itself, no list in such letters.
        is_told = not paragraph.mark and not any(other.bold for other in around)
    else:
        is_told = bold == Emphasis.BOLD and not any(_is_item_like(paragraph, o) for o in around)
    if is_told:
        return paragraph.size >= body * (1 - OTHER)
    is_short = len(text.split()) <= _CAPITALS_MAX_WORDS and len(text) >= _CAPITALS_MIN_CHARS
    # Codes, telephone numbers and postcodes have as many figures as letters.
    is_words = sum(c.isdigit() for c in text) * _FIGURES < len(text)
    return text.isupper() and is_short and is_words and not paragraph.mark


def _is_item_like(paragraph: Paragraph, other: Paragraph) -> bool:
    """Say whether two neighbours are items of one list: alike in their marks, or both bold."""
    if not (paragraph.is_bullet and other.is_bullet):
        return False
    a, b = paragraph.lines[0], other.lines[0]
    is_beside = abs(a.left - b.left) <= a.size * _SAME_EDGE and a.page == b.page
    return other.bold == Emphasis.BOLD or (paragraph.mark == other.mark and is_beside)


def _rounded(size: float) -> float:
    """Return a size rounded to half points: programs write 11.04 and 10.98 for 11."""
    return round(size * 2) / 2
