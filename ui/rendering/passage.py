"""A passage as HTML: card, marks, address, citation. Pure; everything is escaped here.

The visible text of a passage is the passage, character for character: the stylesheet adds what is
not content (the word "marked" for screen readers).
"""

from __future__ import annotations

from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from core.ids import number_of, slug_of
from core.text.pages import page_of
from core.types import Span, ViewKind
from index.reviews import ReviewState, review_state
from safety.claims.finder import NOT_CHECKED
from ui.languages import text
from ui.rendering.provenance import review_line, review_status

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from core.clinic_settings import Clinic
    from core.types import Article, Passage, SearchResult


def article_address(article_id: str, section: str = "", passage: str = "") -> str:
    """Return the relative address of an article; it never holds anything a visitor typed."""
    parts = {"article": article_id, "section": section, "passage": passage}
    return "?" + urlencode({key: value for key, value in parts.items() if value})


def passage_address(passage: Passage) -> str:
    """Return the address of the article at this very passage."""
    section = slug_of(passage.section_id)
    return article_address(passage.article_id, section, number_of(passage.id))


def similar_address(passage: Passage) -> str:
    """Return the address of the passages that are like this one; it holds its id and no more."""
    return "?" + urlencode({"like": passage.id})


def public_address(clinic: Clinic, article_id: str, section: str = "") -> str:
    """Return the address at which patients read an article; empty while nobody has said it."""
    return clinic.public_url and clinic.public_url + article_address(article_id, section)


def page_label(passage: Passage, article: Article) -> str:
    """Say on which page of its file a passage begins; empty where the file has no pages."""
    page = page_of(article, passage.start)
    return text.PAGE.format(n=page) if page else ""


def citation(passage: Passage, article: Article, clinic: Clinic, *, today: date) -> str:
    """Name title, section, page, clinic, the public address, the day of reading and of review.

    The page is that of the file on which the passage begins, where the file has pages. While no
    public address is known none is named: this page's own may be one that nobody else can open.
    """
    place = text.CITED_SECTION.format(heading=passage.heading)
    page = page_label(passage, article)
    address = public_address(clinic, article.id, slug_of(passage.section_id))
    is_reviewed = review_state(article.provenance, today=today) is not ReviewState.NOT_REVIEWED
    reviewed = review_status(article.provenance, today=today) if is_reviewed else ""
    return (
        f"“{article.title}”, {place}{f', {page}' if page else ''}. {clinic.name},"
        f"{f' {address},' if address else ''} {text.READ_ON} {text.day(today)}."
        f"{f' {reviewed}.' if reviewed else ''}"
    )


def highlight(
    content: str, sentence: Span | None, terms: Sequence[Span], *, kind: str = "cs-ans"
) -> str:
    """Escape a text, with the answering sentence in `<mark>` and the matched terms in `<b>`.

    Spans are offsets into `content`; what lies outside is cut off, overlaps are allowed. Removing
    the tags and unescaping gives `content` back, whatever the spans are.
    """
    spans = [_clip(span, len(content)) for span in (*terms, *([sentence] if sentence else []))]
    cuts = sorted({0, len(content), *(edge for span in spans for edge in (span.start, span.end))})
    marked = spans[-1] if sentence else Span(0, 0)
    words = spans[: len(terms)]
    html: list[str] = []
    is_open = False
    for start, end in pairwise(cuts):
        inside = marked.start <= start and end <= marked.end
        if inside != is_open:
            html.append(f'<mark class="{kind}">' if inside else "</mark>")
            is_open = inside
        piece = escape(content[start:end])
        is_term = any(word.start <= start and end <= word.end for word in words)
        html.append(f'<b class="cs-term">{piece}</b>' if is_term else piece)
    return "".join(html) + ("</mark>" if is_open else "")


def match_reason(result: SearchResult) -> str:
    """Say which part of the passage matched, as plain text."""
    view = result.matched_view
    if view.kind is ViewKind.QUESTION:
        return f"{text.WHY_QUESTION} “{view.text}”"
    reason: str = {
        ViewKind.SENTENCE: text.WHY_SENTENCE,
        ViewKind.HEADING: text.WHY_HEADING,
        ViewKind.TEXT: text.WHY_TEXT,
    }[view.kind]
    return reason


def card(
    result: SearchResult,
    article: Article,
    clinic: Clinic,
    *,
    today: date,
    best: bool = False,
    confirmed: bool = True,
    reason: str = "",
) -> str:
    """Draw a passage with everything that a reader must know of it, as an item of a list.

    `best` marks the best answer; `confirmed` says whether its sentence may be shown as an answer.
    A passage with an unchecked claim is neither, whatever they say.
    """
    passage = result.passage
    claims = NOT_CHECKED in result.labels
    lang = text.content_lang()
    badge = f'<p class="cs-best">{text.BEST}</p>' if best else ""
    if claims:  # shown at its rank, but never as a confirmed answer
        badge = f'<p class="cs-says">{text.OUR_ARTICLE_SAYS}</p>'
    kind = "cs-ans" if confirmed and not claims else "cs-near"
    body = highlight(passage.text, result.sentence, result.terms, kind=kind)
    labels = "".join(f"<li>{escape(text.translated(label))}</li>" for label in result.labels)
    chips = f'<ul class="cs-labels">{labels}</ul>' if labels else ""
    because = (
        f'<p class="cs-why"><strong>{text.WHY}</strong> {escape(reason)}</p>' if reason else ""
    )
    # A section without a heading of its own has only a made-up name: the title says more.
    heading = passage.heading if passage.path else article.title
    top = " cs-top-card" if best and not claims else ""
    return (
        f'<li class="cs-card{top}"><article aria-labelledby="cs-hit-{result.rank}">{badge}'
        f'<h3 id="cs-hit-{result.rank}"{lang}>{escape(heading)}</h3>'
        f'<p class="cs-trail"{lang}>{escape(trail(passage, article))}</p>'
        f'<p class="cs-text"{lang}>{body}</p>{chips}{because}'
        f"{review_line(article.provenance, today=today)}"
        f"{_actions(passage, article, clinic, today=today)}</article></li>"
    )


def trail(passage: Passage, article: Article) -> str:
    """Name the headings above a passage, and the page of its file, as plain text."""
    above = (name.rstrip(" :") for name in passage.path[:-1])
    parts = (article.title, *above) if passage.path else (passage.heading,)
    page = page_label(passage, article)
    return " › ".join(parts) + (f", {page}" if page else "")


def _actions(passage: Passage, article: Article, clinic: Clinic, *, today: date) -> str:
    name = escape(f"{passage.heading}, {article.title}")
    cite = escape(citation(passage, article, clinic, today=today))
    return (
        f'<p class="cs-acts"><a class="cs-in" href="{escape(passage_address(passage))}"'
        f' aria-label="{text.READ}: {name}">{text.READ}</a>'
        f' <a class="cs-in" href="{escape(similar_address(passage))}"'
        f' aria-label="{text.LIKE}: {name}">{text.LIKE}</a>'
        f' <button type="button" class="cs-btn" data-cite="{cite}"'
        f' aria-label="{text.COPY}: {name}">{text.COPY}</button></p>'
    )


def _clip(span: Span, length: int) -> Span:
    start = min(max(span.start, 0), length)
    return Span(start, min(max(span.end, start), length))
