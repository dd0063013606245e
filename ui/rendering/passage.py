"""A passage as HTML: card, address, citation. Pure; everything is escaped here.

The visible text of a passage is the passage, word for word: the stylesheet adds what is not content
(the word "marked" for screen readers).
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from core.ids import number_of, slug_of
from core.labels import NOT_CHECKED
from core.text.pages import page_of
from core.types import ViewKind
from index.reviews import ReviewState, review_state
from ui.languages import text
from ui.rendering.blocks import Marks, blocks_html
from ui.rendering.provenance import review_line, review_status

if TYPE_CHECKING:
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


def public_article_address(clinic: Clinic, article_id: str, section: str = "") -> str:
    """Return the address at which patients read an article; empty while nobody has said it."""
    return clinic.public_url and clinic.public_url + article_address(article_id, section)


def share_address(clinic: Clinic, article_id: str, section: str = "") -> str:
    """Return the address that visitors share: the public one, or the one below this very page."""
    return public_article_address(clinic, article_id, section) or article_address(
        article_id, section
    )


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
    address = public_article_address(clinic, article.id, slug_of(passage.section_id))
    is_reviewed = review_state(article.provenance, today=today) is not ReviewState.NOT_REVIEWED
    reviewed = review_status(article.provenance, today=today) if is_reviewed else ""
    return (
        f"“{article.title}”, {place}{f', {page}' if page else ''}. {clinic.name},"
        f"{f' {address},' if address else ''} {text.READ_ON} {text.day(today)}."
        f"{f' {reviewed}.' if reviewed else ''}"
    )


def match_reason(result: SearchResult) -> str:
    """Say which part of the passage matched, as plain text."""
    view = result.matched_view
    if view.kind is ViewKind.QUESTION:
        return f"{text.WHY_QUESTION} {text.QUOTED.format(words=view.text)}."
    reason: str = {
        ViewKind.SENTENCE: text.WHY_SENTENCE,
        ViewKind.HEADING: text.WHY_HEADING,
        ViewKind.TEXT: text.WHY_TEXT,
    }[view.kind]
    return reason


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page says of passages besides their texts.

    `confirmed`: the sentence of the first one may be shown as an answer. `has_reasons`: each says
    why it was found. `for_staff`: a citation can be copied.
    """

    today: date
    confirmed: bool = False
    has_reasons: bool = True
    for_staff: bool = False


def card(
    result: SearchResult,
    article: Article,
    clinic: Clinic,
    shown: Shown,
    *,
    is_trusted: bool = False,
) -> str:
    """Draw a passage in full, with everything that a reader must know of it.

    `is_trusted` leaves out the article's title and the line about its author and review, which
    another passage of it has. A passage with an unchecked claim is no confirmed answer, whatever
    `shown` says.
    """
    filled = is_answer(result, confirmed=shown.confirmed)
    heading = escape(heading_of(result.passage, article, is_named=filled))
    where = escape(trail(result.passage, article, is_named=filled))
    top = " cs-top-card" if filled else ""
    lang = text.content_lang()
    return (
        f'<li class="cs-card{top}"><article aria-labelledby="cs-hit-{result.rank}">'
        f'<h3 id="cs-hit-{result.rank}"{lang}>{heading}</h3>'
        f'<p class="cs-trail"{lang}>{where}</p>{_labels(result)}'
        f"{_body(result, article, clinic, shown, filled=filled, is_trusted=is_trusted)}"
        f"</article></li>"
    )


def short_card(
    result: SearchResult,
    article: Article,
    clinic: Clinic,
    shown: Shown,
    *,
    is_trusted: bool = False,
    is_repeated: bool = False,
) -> str:
    """Draw a passage as its heading and one line, which open to the whole; as `card` else.

    `is_repeated`: another passage of its section stands above, and its line says more than the
    heading.
    """
    lang = text.content_lang()
    heading = escape(heading_of(result.passage, article, is_named=is_trusted))
    where = escape(trail(result.passage, article, is_named=is_trusted))
    line = escape(" ".join(_line(result).split()))
    if is_repeated:
        heading, line = line, heading
    kind = ' class="cs-line"' if is_repeated else ""
    return (
        f'<li class="cs-card cs-short"><article aria-labelledby="cs-hit-{result.rank}"><details>'
        f'<summary><h3 id="cs-hit-{result.rank}"{kind}{lang}>{heading}</h3>'
        f'<span class="cs-trail"{lang}>{where}</span>'
        f'<span class="cs-line"{lang}>{line}</span>{_labels(result)}</summary>'
        f"{_body(result, article, clinic, shown, filled=False, is_trusted=is_trusted)}"
        f"</details></article></li>"
    )


def is_answer(result: SearchResult, *, confirmed: bool) -> bool:
    """Say whether a sentence is marked as the answer: it answers, and has no open claim."""
    return confirmed and result.is_answer and NOT_CHECKED not in result.labels


def heading_of(passage: Passage, article: Article, *, is_named: bool = False) -> str:
    """Name a passage; a section without a heading of its own has only a made-up name.

    That is enough where the article `is_named` above.
    """
    return passage.heading if passage.path or is_named else article.title


def _line(result: SearchResult) -> str:
    sentence = result.passage.text[result.sentence.start : result.sentence.end]
    return sentence or result.passage.text


def _labels(result: SearchResult) -> str:
    """Draw the labels of a passage; as spans, because they also stand in a summary."""
    labels = " ".join(f"<span>{escape(text.translated(label))}</span>" for label in result.labels)
    return f'<span class="cs-labels">{labels}</span>' if labels else ""


def _body(
    result: SearchResult,
    article: Article,
    clinic: Clinic,
    shown: Shown,
    *,
    filled: bool,
    is_trusted: bool,
) -> str:
    kind = "cs-ans" if filled else "cs-near"
    body = blocks_html(result.passage.text, Marks(result.sentence, result.terms, kind))
    because = (
        f'<details class="cs-why"><summary>{text.WHY}</summary>'
        f"<p>{escape(match_reason(result))}</p></details>"
    )
    trust = "" if is_trusted else review_line(article.provenance, today=shown.today)
    actions = _actions(result.passage, article, clinic, shown)
    return (
        f'<div class="cs-text"{text.content_lang()}>{body}</div>'
        f"{trust}{actions}{because if shown.has_reasons else ''}"
    )


def trail(passage: Passage, article: Article, *, is_named: bool = False) -> str:
    """Name the article, the headings above a passage, and the page of its file, as plain text.

    Not the article where it `is_named` above.
    """
    above = [name.rstrip(" :") for name in passage.path[:-1]]
    parts = [article.title, *above] if passage.path else [passage.heading]
    page = page_label(passage, article)
    return ", ".join(filter(None, (" › ".join(above if is_named else parts), page)))


def _actions(passage: Passage, article: Article, clinic: Clinic, shown: Shown) -> str:
    name = escape(f"{passage.heading}, {article.title}")
    cite = ""
    if shown.for_staff:
        cited = escape(citation(passage, article, clinic, today=shown.today))
        cite = (
            f' <button type="button" class="cs-btn" data-cite="{cited}"'
            f' aria-label="{text.COPY}: {name}">{text.COPY}</button>'
        )
    return (
        f'<p class="cs-acts"><a class="cs-in" href="{escape(passage_address(passage))}"'
        f' aria-label="{text.READ}: {name}">{text.READ}</a>'
        f' <a class="cs-in" href="{escape(similar_address(passage))}"'
        f' aria-label="{text.LIKE}: {name}">{text.LIKE}</a>{cite}</p>'
    )
