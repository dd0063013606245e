"""Search results as HTML: pure functions, everything that comes from content is escaped here.

No Streamlit in this module. Visible text of a passage is the passage, character for character:
what is not content (the word "marked" for screen readers) is added by the stylesheet.
"""

from __future__ import annotations

from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from index.pages import page_of
from index.query import AS_TYPED
from index.types import Outcome, Span, ViewKind
from safety.notices import Articles, Display
from ui import text
from ui.trust import review_line, review_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from index.clinic import Clinic
    from index.routes import Route
    from index.types import Article, Passage, SearchResponse, SearchResult

# The card of routes.toml for questions about safety.
SAFETY_ROUTE = "safety"
# What makes a heading the place where results begin: the focus goes there, once on a page.
_FOCUS = ' id="cs-results" tabindex="-1"'


def article_address(article_id: str, section: str = "", passage: str = "") -> str:
    """Return the relative address of an article; it never holds anything a visitor typed."""
    parts = {"article": article_id, "section": section, "passage": passage}
    return "?" + urlencode({key: value for key, value in parts.items() if value})


def passage_address(passage: Passage) -> str:
    """Return the address of the article at this very passage."""
    section = passage.section_id.partition("#")[2]
    return article_address(passage.article_id, section, passage.id.rpartition("/")[2])


def citation(passage: Passage, article: Article, clinic: Clinic, *, today: date) -> str:
    """Name title, section, page, clinic, review, version, day of reading and, last, the address.

    The page is that of the file on which the passage begins, where the file has pages. The address
    is relative and stable. Who follows it later may find another version there; `python -m index
    show` tells which one is published.
    """
    section = passage.section_id.partition("#")[2]
    page = page_of(article, passage.start)
    place = f"section “{passage.heading}”" + (f", page {page}" if page else "")
    return (
        f"“{article.title}”, {place}. {clinic.name}."
        f" {review_words(article.provenance, today=today)}."
        f" {text.VERSION} {article.version}, {text.READ_ON} {text.day(today)}."
        f" {article_address(article.id, section)}"
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


def results_html(
    response: SearchResponse,
    articles: Mapping[str, Article],
    clinic: Clinic,
    *,
    today: date,
    routes: Mapping[str, Route] | None = None,
    display: Display | None = None,
) -> str:
    """Draw everything that stands below the search box after a search, as one block.

    Order: what was searched for, outcome, route, passages. `display` says what the notices above
    leave of the articles.
    """
    shown = display or Display()
    if shown.articles is Articles.HIDDEN:
        return _hidden()
    correction = _searched(response)
    route = route_shown(response, shown, routes or {})
    if not has_results(response, shown):
        asks_to_act = not shown.related and not shown.is_strip
        return correction + (_only_the_notice() if asks_to_act else _not_covered(clinic, route))
    if shown.articles is Articles.COLLAPSED:
        inner = _results(response, articles, clinic, today=today, route=route, focus="")
        return (
            f'<h2 class="cs-h2"{_FOCUS}>{text.ARTICLES_BELOW}</h2>'
            f'<details class="cs-below"><summary>{text.ARTICLES_BELOW_OPEN}</summary>'
            f"{correction}{inner}</details>"
        )
    return correction + _results(response, articles, clinic, today=today, route=route)


def has_results(response: SearchResponse, display: Display) -> bool:
    """Say whether passages are shown: no least bad one stands under a notice that asks to act."""
    if response.outcome is Outcome.NOT_COVERED or not response.results:
        return False
    return response.outcome is Outcome.ANSWER or display.related


def route_shown(
    response: SearchResponse, display: Display, routes: Mapping[str, Route]
) -> Route | None:
    """Return the route card that stands beside what was found, None where there is none.

    A claim that nobody has checked never stands alone: whom to ask about safety stands beside it.
    """
    if display.articles is Articles.HIDDEN:
        return None
    route = routes.get(response.route or "")
    if not has_results(response, display):
        return route if display.related or display.is_strip else None
    if any(result.labels for result in response.results):
        return routes.get(SAFETY_ROUTE) or route
    return None if response.outcome is Outcome.ANSWER else route


def _results(
    response: SearchResponse,
    articles: Mapping[str, Article],
    clinic: Clinic,
    *,
    today: date,
    route: Route | None,
    focus: str = _FOCUS,
) -> str:
    answers = response.outcome is Outcome.ANSWER
    cards = [
        _card(result, articles[result.passage.article_id], clinic, today=today, answers=answers)
        for result in response.results
    ]
    heading = summary(response) if answers else text.RELATED
    head = f'<h2 class="cs-h2"{focus}>{escape(heading)}</h2>'
    beside = f'<div class="cs-panel cs-route">{_route(route, clinic)}</div>' if route else ""
    if not answers:
        more = f'<p class="cs-lead">{escape(text.RELATED_MORE)}</p>'
        return f'{head}{more}<ol class="cs-list">{"".join(cards)}</ol>{beside}'
    further = ""
    if cards[1:]:
        rest = "".join(cards[1:])
        further = f'<h2 class="cs-h2 cs-further">{text.FURTHER}</h2><ol class="cs-list">{rest}</ol>'
    return f'{head}<ol class="cs-list">{cards[0]}</ol>{further}{beside}'


def summary(response: SearchResponse, display: Display | None = None) -> str:
    """Say in one line what was found, for the heading and for a screen reader."""
    shown = display or Display()
    if shown.articles is Articles.HIDDEN:
        return str(text.ARTICLES_HIDDEN)
    if not has_results(response, shown):
        return str(text.NOT_COVERED)
    found = response.results
    counted = text.found(len(found), len({result.passage.article_id for result in found}))
    return counted if response.outcome is Outcome.ANSWER else f"{text.RELATED}: {counted}"


def why(result: SearchResult) -> str:
    """Say in plain words which part of the passage met the visitor's words, as plain text."""
    view = result.matched_view
    if view.kind is ViewKind.QUESTION:
        return f"{text.WHY_QUESTION} “{view.text}”"
    said: str = {
        ViewKind.SENTENCE: text.WHY_SENTENCE,
        ViewKind.HEADING: text.WHY_HEADING,
        ViewKind.TEXT: text.WHY_TEXT,
    }[view.kind]
    return said


def _clip(span: Span, length: int) -> Span:
    start = min(max(span.start, 0), length)
    return Span(start, min(max(span.end, start), length))


def _card(
    result: SearchResult, article: Article, clinic: Clinic, *, today: date, answers: bool
) -> str:
    passage = result.passage
    claims = bool(result.labels)
    best = f'<p class="cs-best">{text.BEST}</p>' if answers and result.rank == 1 else ""
    if claims:  # findable and in its place, but never presented as a confirmed answer
        best = f'<p class="cs-says">{text.OUR_ARTICLE_SAYS}</p>'
    kind = "cs-ans" if answers and not claims else "cs-near"
    body = highlight(passage.text, result.sentence, result.terms, kind=kind)
    labels = "".join(f"<li>{escape(label)}</li>" for label in result.labels)
    chips = f'<ul class="cs-labels">{labels}</ul>' if labels else ""
    # A section without a heading of its own has only a made-up name: the title says more.
    heading = passage.heading if passage.path else article.title
    above = (name.rstrip(" :") for name in passage.path[:-1])
    trail = " › ".join((article.title, *above) if passage.path else (passage.heading,))
    name = escape(f"{passage.heading}, {article.title}")
    href = escape(passage_address(passage))
    cite = escape(citation(passage, article, clinic, today=today))
    top = " cs-top-card" if best and not claims else ""
    return (
        f'<li class="cs-card{top}"><article aria-labelledby="cs-hit-{result.rank}">{best}'
        f'<h3 id="cs-hit-{result.rank}">{escape(heading)}</h3>'
        f'<p class="cs-trail">{escape(trail)}</p>'
        f'<p class="cs-text">{body}</p>{chips}'
        f'<p class="cs-why"><strong>{text.WHY}</strong> {escape(why(result))}</p>'
        f"{review_line(article.provenance, today=today)}"
        f'<p class="cs-acts"><a class="cs-in" href="{href}" aria-label="{text.READ}: {name}">'
        f'{text.READ}</a> <button type="button" class="cs-btn" data-cite="{cite}"'
        f' aria-label="{text.COPY}: {name}">{text.COPY}</button></p></article></li>'
    )


def _searched(response: SearchResponse) -> str:
    """Say what was searched for where it is not what was typed, and how to have it as typed."""
    lines = []
    if response.corrected_query:
        typed = escape(response.query)
        lines.append(
            f"{text.CORRECTED} <strong>{escape(response.corrected_query)}</strong>."
            f' {text.INSTEAD} <button type="button" class="cs-link"'
            f' data-ask="{AS_TYPED}{typed}">{typed}</button>'
        )
    if response.also_searched:
        also = ", ".join(f"<strong>{escape(words)}</strong>" for words in response.also_searched)
        lines.append(f"{text.ALSO_SEARCHED} {also}.")
    return "".join(f'<p class="cs-note">{line}</p>' for line in lines)


def _only_the_notice() -> str:
    """Draw that nothing was found under a notice that asks to act: it says what to do already."""
    head = f'<h2 class="cs-h2"{_FOCUS}>{text.NOT_COVERED}</h2>'
    return f'<div class="cs-panel">{head}<p>{text.NOTICE_ABOVE}</p></div>'


def _hidden() -> str:
    head = f'<h2 class="cs-h2"{_FOCUS}>{text.ARTICLES_HIDDEN}</h2>'
    return f'<div class="cs-panel">{head}<p>{text.ARTICLES_HIDDEN_MORE}</p></div>'


def _not_covered(clinic: Clinic, route: Route | None) -> str:
    head = f'<h2 class="cs-h2"{_FOCUS}>{text.NOT_COVERED}</h2>'
    steps = [text.NOT_COVERED_TRY]
    steps.append(f'<a class="cs-in" href="?view=articles">{text.NOT_COVERED_BROWSE}</a>.')
    if route is None:
        steps += _contacts(clinic)
    steps.append(text.NOT_COVERED_HELP)
    items = "".join(f"<li>{step}</li>" for step in steps)
    card = _route(route, clinic) if route else ""
    return f'<div class="cs-panel">{head}{card}<ul>{items}</ul></div>'


def _route(route: Route, clinic: Clinic) -> str:
    """Draw a route card: what to do instead, in the clinic's own words."""
    contacts = "".join(f"<li>{line}</li>" for line in _contacts(clinic))
    more = f"<ul>{contacts}</ul>" if contacts else ""
    return f"<h3>{escape(route.title)}</h3><p>{escape(route.text)}</p>{more}"


def _contacts(clinic: Clinic) -> list[str]:
    lines = []
    if clinic.telephone:
        lines.append(f"{text.NOT_COVERED_CALL} {telephone(clinic.telephone)}.")
    if clinic.booking_url:
        href = escape(clinic.booking_url)
        lines.append(f'<a href="{href}" rel="noopener">{text.NOT_COVERED_BOOK}</a>.')
    return lines


def telephone(number: str) -> str:
    """Return a `tel:` link for a number as the clinic wrote it; plain text without any digit."""
    dialled = "".join(sign for sign in number if sign in "+0123456789*#")
    if not dialled:
        return escape(number)
    return f'<a href="tel:{escape(dialled)}">{escape(number)}</a>'
