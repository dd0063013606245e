"""An article becomes passages: pure, verbatim, and never inside a sentence.

A paragraph is what its author meant to be read together, so a paragraph is a passage unless it is
too short to stand alone or too long to be read at a glance or by the encoder.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from core.text.paragraphs import paragraph_spans
from core.text.sentences import sentence_spans
from core.types import Article, Passage, Section, Span

# Raised when the same article would be split differently: it is part of a generation's id.
SPLITTER_VERSION = 4
# A line without the end of a sentence that is no item of a list.
_LEAD_CHARS = 120
_LEAD = re.compile(r"[^\n]*[\w)\]\"\u2019\u201d?]")
_ITEM = re.compile(r"(?:[-*\u2022\u2013\u25cf\u25e6]|\d{1,2}[.)])\s")

CountTokens = Callable[[Sequence[str]], list[int]]


@dataclass(frozen=True, slots=True)
class SplitterSettings:
    """Sizes of passages.

    `max_tokens` is what the encoder reads, with title and heading included; `max_words` is what a
    reader takes in at a glance; a paragraph under `min_words` joins its neighbour in the section.
    """

    max_tokens: int = 256
    max_words: int = 130
    min_words: int = 15


def split_article(
    article: Article, *, count_tokens: CountTokens, settings: SplitterSettings
) -> list[Passage]:
    """Split an article into passages, in reading order.

    `count_tokens` is the encoder's. A single sentence that is longer than the limits becomes a
    passage of its own: it is never cut, and the encoder reads its beginning.
    """
    passages = []
    for section in article.sections:
        budget = settings.max_tokens - count_tokens([context(article.title, section.path)])[0]
        for number, span in enumerate(
            _spans(article, section, count_tokens, settings, budget), start=1
        ):
            passages.append(
                Passage(
                    id=f"{section.id}/{number}",
                    article_id=article.id,
                    section_id=section.id,
                    title=article.title,
                    heading=section.heading,
                    path=section.path,
                    text=article.text[span.start : span.end],
                    start=span.start,
                    end=span.end,
                )
            )
    return passages


def context(title: str, path: Sequence[str]) -> str:
    """Return the title and headings that are embedded in front of a passage, line by line."""
    return "\n".join([title, *path]) + "\n"


def _spans(
    article: Article,
    section: Section,
    count_tokens: CountTokens,
    settings: SplitterSettings,
    budget: int,
) -> list[Span]:
    @cache  # the same spans are tried again and again while a paragraph is divided
    def fits(span: Span) -> bool:
        text = article.text[span.start : span.end]
        return words(text) <= settings.max_words and count_tokens([text])[0] <= budget

    paragraphs = paragraph_spans(article.text, section.body)
    spans: list[Span] = []
    units = _join_leads(article.text, paragraphs, fits, settings.min_words)
    for paragraph in _join_short(article.text, units, fits, settings.min_words):
        spans += [paragraph] if fits(paragraph) else _divide(article.text, paragraph, fits)
    return spans


def words(text: str) -> int:
    """Count words as a reader does: by the white space between them."""
    return len(text.split())


def _join_leads(
    text: str, paragraphs: list[Span], fits: Callable[[Span], bool], min_words: int
) -> list[Span]:
    """Join a line that leads into a paragraph to that: no passage ends with "Exercises" alone."""
    units: list[Span] = []
    for i, span in enumerate(paragraphs):
        before = paragraphs[i - 1] if i else span
        if i and _leads(words_before := text[before.start : before.end]):
            both = Span(units[-1].start, span.end)
            # What is too long is divided later, but not behind a colon.
            if words(words_before) < min_words or words_before.endswith(":") or fits(both):
                units[-1] = both
                continue
        units.append(span)
    return units


def _leads(paragraph: str) -> bool:
    """Say whether a paragraph is a line like a heading, or ends with a colon."""
    if paragraph.endswith(":"):
        return True
    is_item = _ITEM.match(paragraph)
    return not is_item and len(paragraph) <= _LEAD_CHARS and bool(_LEAD.fullmatch(paragraph))


def _join_short(
    text: str, paragraphs: list[Span], fits: Callable[[Span], bool], min_words: int
) -> list[Span]:
    """Join a paragraph that is too short to stand alone to the one before, or else after, it."""
    joined: list[Span] = []
    for span in paragraphs:
        if joined:
            both = Span(joined[-1].start, span.end)
            short = min(words(text[s.start : s.end]) for s in (joined[-1], span)) < min_words
            if short and fits(both):
                joined[-1] = both
                continue
        joined.append(span)
    return joined


def _divide(text: str, paragraph: Span, fits: Callable[[Span], bool]) -> list[Span]:
    """Divide a paragraph at sentence ends into as few parts as fit, of about equal length."""
    inside = text[paragraph.start : paragraph.end]
    sentences = [
        Span(paragraph.start + s.start, paragraph.start + s.end) for s in sentence_spans(inside)
    ]
    units = _kept_together(text, sentences, fits)
    parts = _fill(units, fits, limit=len(inside))
    if len(parts) > 1:
        # The same number of parts with the smallest longest one: no stub is left at the end.
        low, high = len(inside) // len(parts), max(p.end - p.start for p in parts)
        while low < high:
            middle = (low + high) // 2
            tried = _fill(units, fits, limit=middle)
            if len(tried) <= len(parts):
                parts, high = tried, middle
            else:
                low = middle + 1
    return parts


def _kept_together(text: str, sentences: list[Span], fits: Callable[[Span], bool]) -> list[Span]:
    """Join what is not parted: a lead-in with what it leads into, a name with the lines under it.

    A sentence after a colon belongs to it whatever its length. Lines belong to the name above them,
    as opening hours to their branch, as far as they fit.
    """
    units: list[Span] = []
    is_under_name = False
    for sentence in sentences:
        is_name = _is_name(text[sentence.start : sentence.end])
        if units:
            before, both = units[-1], Span(units[-1].start, sentence.end)
            is_led = text[before.start : before.end].endswith(":")
            is_first = _is_name(text[before.start : before.end])
            if is_led or (is_under_name and (is_first or not is_name) and fits(both)):
                units[-1] = both
                continue
        units.append(sentence)
        is_under_name = is_name
    return units


def _is_name(line: str) -> bool:
    """Say whether a line names what follows: it is like a heading, and has no figures."""
    return _leads(line) and not any(c.isdigit() for c in line)


def _fill(sentences: list[Span], fits: Callable[[Span], bool], limit: int) -> list[Span]:
    parts: list[Span] = []
    for sentence in sentences:
        longer = Span(parts[-1].start, sentence.end) if parts else sentence
        if parts and longer.end - longer.start <= limit and fits(longer):
            parts[-1] = longer
        else:
            parts.append(sentence)
    return parts
