"""Search results as HTML: pure functions, everything that comes from content is escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from core.text.normalize import AS_TYPED, MAX_QUERY_CHARS
from core.types import Outcome
from index.bank.route_cards import Route
from safety.claims.finder import NOT_CHECKED
from safety.notices.finder import Articles, Display
from ui.languages import text
from ui.rendering.passage import card, match_reason, passage_address, trail

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from core.clinic_settings import Clinic
    from core.types import Article, Passage, SearchResponse, SearchResult

# The card of routes.toml for questions about safety.
SAFETY_ROUTE = "safety"
# The attributes of the heading that the focus goes to after a search; once on a page.
_FOCUS = ' id="cs-results" tabindex="-1"'


def results_html(
    response: SearchResponse,
    articles: Mapping[str, Article],
    clinic: Clinic,
    *,
    today: date,
    routes: Mapping[str, Route] | None = None,
    display: Display | None = None,
) -> str:
    """Draw everything below the search box after a search, as one block.

    Order: what was searched for, outcome, route, passages. `display` says what the notices above
    leave of the articles.
    """
    shown = display or Display()
    if instead := _in_place_of_results(response, shown):
        heading, more = map(escape, instead)
        return panel(heading, f"<p>{more}</p>")
    correction = _searched(response)
    route = route_shown(response, shown, routes or {})
    if not has_results(response, shown):
        if shown.related or shown.is_strip:
            return correction + _not_covered(clinic, route)
        return correction + panel(text.NOT_COVERED, f"<p>{text.NOTICE_ABOVE}</p>")
    if shown.articles is Articles.COLLAPSED:
        inner = _results(response, articles, clinic, today=today, route=route, focus="")
        return (
            f'<h2 class="cs-h2"{_FOCUS}>{text.ARTICLES_BELOW}</h2>'
            f'<details class="cs-below"><summary>{text.ARTICLES_BELOW_OPEN}</summary>'
            f"{correction}{inner}</details>"
        )
    return correction + _results(response, articles, clinic, today=today, route=route)


def _in_place_of_results(response: SearchResponse, display: Display) -> tuple[str, str] | None:
    """Return the heading and the sentence where nothing is said of results, else None."""
    if display.articles is Articles.HIDDEN:
        return str(text.ARTICLES_HIDDEN), str(text.ARTICLES_HIDDEN_MORE)
    if not response.is_understood and not has_results(response, display):
        return _only_in(), str(text.ONLY_IN_MORE)
    if response.is_cry:
        return str(text.NOT_SEARCHED), str(text.NOT_SEARCHED_HOW)
    return None


def has_results(response: SearchResponse, display: Display) -> bool:
    """Say whether passages are shown.

    No weak match is, under a notice that asks to act and for a question that was not understood.
    """
    if response.outcome is Outcome.NOT_COVERED or not response.results:
        return False
    is_firm = response.outcome is Outcome.ANSWER and not response.is_doubted
    return is_firm or (display.related and response.is_understood)


def route_shown(
    response: SearchResponse, display: Display, routes: Mapping[str, Route]
) -> Route | None:
    """Return the route card to show beside the results, None where there is none.

    An unchecked claim is never shown alone: the card about safety says whom to ask.
    """
    if _in_place_of_results(response, display):
        return None
    route = routes.get(response.route or "") or _own_card(response.route)
    if not has_results(response, display):
        return route if display.related or display.is_strip else None
    if any(NOT_CHECKED in result.labels for result in response.results):
        return routes.get(SAFETY_ROUTE) or _own_card(SAFETY_ROUTE)
    return None if response.outcome is Outcome.ANSWER else route


def _own_card(name: str | None) -> Route | None:
    """Return the page's own card about safety, for a clinic that has none."""
    if name != SAFETY_ROUTE:
        return None
    return Route(SAFETY_ROUTE, text.SAFETY_CARD, text.SAFETY_CARD_TEXT)


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
        card(
            result,
            articles[result.passage.article_id],
            clinic,
            today=today,
            best=answers and result.rank == 1,
            confirmed=answers,
            reason=match_reason(result),
        )
        for result in response.results
    ]
    heading = summary(response) if answers else text.RELATED
    head = f'<h2 class="cs-h2"{focus}>{escape(heading)}</h2>'
    beside = _beside(route, clinic)
    if not answers:
        more = f'<p class="cs-lead">{escape(text.RELATED_MORE)}</p>'
        reading = f'{more}<ol class="cs-list">{"".join(cards)}</ol>'
        # Who asks whether it is safe must not read a benefit first.
        parts = (beside, reading) if response.route == SAFETY_ROUTE else (reading, beside)
        return head + "".join(parts)
    further = ""
    if cards[1:]:
        rest = "".join(cards[1:])
        further = f'<h2 class="cs-h2 cs-further">{text.FURTHER}</h2><ol class="cs-list">{rest}</ol>'
    return f'{head}<ol class="cs-list">{cards[0]}</ol>{further}{beside}'


def summary(response: SearchResponse, display: Display | None = None) -> str:
    """Say in one line what was found, for the heading and for a screen reader."""
    shown = display or Display()
    if instead := _in_place_of_results(response, shown):
        return instead[0]
    if not has_results(response, shown):
        return str(text.NOT_COVERED)
    found = response.results
    counted = text.found(len(found), len({result.passage.article_id for result in found}))
    return counted if response.outcome is Outcome.ANSWER else f"{text.RELATED}: {counted}"


def similar_html(
    passage: Passage | None,
    found: Sequence[SearchResult],
    articles: Mapping[str, Article],
    clinic: Clinic,
    *,
    today: date,
    back: str = "",
    routes: Mapping[str, Route] | None = None,
) -> str:
    """Draw the passages that are like another; None means that there is no such passage.

    `back` is the link that leads back. No passage is drawn as an answer: there was no question.
    """
    if passage is None:
        return (
            f'{back}<h1 id="cs-title">{text.NO_PASSAGE}</h1>'
            f'<p class="cs-lead">{text.NO_PASSAGE_MORE}</p><p class="cs-acts">'
            f'<a class="cs-in" href="?view=articles">{text.NOT_COVERED_BROWSE}</a></p>'
        )
    article = articles[passage.article_id]
    heading = passage.heading if passage.path else article.title
    lang = text.content_lang()
    start = (
        f'<p class="cs-start">{text.LIKE_OF} <a class="cs-in"'
        f' href="{escape(passage_address(passage))}"{lang}>{escape(heading)}</a>'
        f'<span class="cs-trail"{lang}>{escape(trail(passage, article))}</span></p>'
    )
    title = f'{back}<h1 id="cs-title">{text.LIKE_TITLE}</h1>{start}'
    if not found:
        return f"{title}<p>{text.NO_LIKE}</p>"
    cards = "".join(
        card(result, articles[result.passage.article_id], clinic, today=today, confirmed=False)
        for result in found
    )
    counted = text.found(len(found), len({result.passage.article_id for result in found}))
    route = (
        (routes or {}).get(SAFETY_ROUTE) if any(NOT_CHECKED in r.labels for r in found) else None
    )
    beside = _beside(route, clinic)
    return (
        f'{title}<h2 class="cs-h2"{_FOCUS}>{escape(counted)}</h2>'
        f'<p class="cs-lead">{text.LIKE_LEAD}</p><ol class="cs-list">{cards}</ol>{beside}'
    )


def _searched(response: SearchResponse) -> str:
    """Say what was searched for where it differs from what was typed, and how to undo that."""
    lines = []
    if not response.is_understood:
        lines.append(f"{_only_in()}. {text.ONLY_IN_MORE}")
    if len(response.query) >= MAX_QUERY_CHARS - 1:  # a space at its end was taken away as well
        lines.append(escape(text.LONG.format(n=MAX_QUERY_CHARS)))
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


def _only_in() -> str:
    return str(text.ONLY_IN.format(language=text.content_language()))


def panel(heading: str, body: str, *, kind: str = "") -> str:
    """Draw a panel in the place of results; its heading takes the focus. Both are HTML."""
    return f'<div class="cs-panel{kind}"><h2 class="cs-h2"{_FOCUS}>{heading}</h2>{body}</div>'


def _not_covered(clinic: Clinic, route: Route | None) -> str:
    browse = f'<a class="cs-in" href="?view=articles">{text.NOT_COVERED_BROWSE}</a>.'
    # With a card the wording was understood.
    steps = [browse] if route else [text.NOT_COVERED_TRY, browse]
    if route is None:
        steps += _contacts(clinic)
    steps.append(text.NOT_COVERED_HELP)
    items = "".join(f"<li>{step}</li>" for step in steps)
    card = route_html(route, clinic) if route else ""
    return panel(text.NOT_COVERED, f"{card}<ul>{items}</ul>")


def _beside(route: Route | None, clinic: Clinic) -> str:
    return f'<div class="cs-panel cs-route">{route_html(route, clinic)}</div>' if route else ""


def route_html(route: Route, clinic: Clinic) -> str:
    """Draw a route card: what to do instead, in the clinic's own words."""
    contacts = "".join(f"<li>{line}</li>" for line in _contacts(clinic))
    more = f"<ul>{contacts}</ul>" if contacts else ""
    lang = text.content_lang()
    return f"<h3{lang}>{escape(route.title)}</h3><p{lang}>{escape(route.text)}</p>{more}"


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
