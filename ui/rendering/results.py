"""Search results as HTML: pure functions, everything that comes from content is escaped."""

from __future__ import annotations

import re
from html import escape, unescape
from typing import TYPE_CHECKING

from core.ids import slug_of
from core.labels import NOT_CHECKED
from core.text.spelling import english_words
from core.text.tokens import words_of
from core.types import Outcome
from index.bank.route_cards import SAFETY, Route
from index.intent.practical import Practical
from safety.notices.finder import Articles, Display
from ui.languages import text
from ui.rendering.contact import answers_itself, contact_card, next_steps
from ui.rendering.passage import (
    Shown,
    card,
    is_answer,
    share_address,
    short_card,
)
from ui.rendering.searched import only_in, searched_html

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from core.clinic_settings import Clinic
    from core.types import Article, Passage, SearchResponse, SearchResult

# So many passages stand below the first one, as headings that open.
MOST_FURTHER = 3
# A longer question that found nothing may find something with fewer words.
_MANY_WORDS = 12
# The attributes of the heading that the focus goes to after a search; once on a page.
FOCUS = ' id="cs-results" tabindex="-1"'


def results_html(
    response: SearchResponse,
    articles: Mapping[str, Article],
    clinic: Clinic,
    *,
    today: date,
    routes: Mapping[str, Route] | None = None,
    display: Display | None = None,
    for_staff: bool = False,
) -> str:
    """Draw everything below the search box after a search, as one block.

    Order: what was searched for, outcome, route, passages. `display` says what the notices above
    leave of the articles.
    """
    shown = display or Display()
    if instead := _in_place_of_results(response, shown):
        heading, more = map(escape, instead)
        return panel(heading, f"<p>{more}</p>")
    route = route_shown(response, shown, routes or {})
    about_clinic = _about_clinic(response, shown, clinic, route)
    parts = [searched_html(response), about_clinic]
    if has_results(response, shown):
        what = Shown(today, response.outcome is Outcome.ANSWER, for_staff=for_staff)
        # The card above has the words of every other route card.
        beside = route if not about_clinic or (route and route.id == SAFETY) else None
        is_folded = _is_folded(response, shown, clinic)
        focus = "" if about_clinic else FOCUS
        found = _results(
            response, articles, clinic, what, route=beside, focus="" if is_folded else focus
        )
        parts.append(_folded(found, focus) if is_folded else found)
    elif shown.related or shown.is_strip:
        parts.append("" if about_clinic else _not_covered(clinic, response, route))
    else:
        parts.append(panel(text.NOT_COVERED, f"<p>{text.NOTICE_ABOVE}</p>"))
    return "".join(parts)


def _about_clinic(
    response: SearchResponse, display: Display, clinic: Clinic, route: Route | None
) -> str:
    """Draw the card of the clinic's details; empty for a question about anything else."""
    practical = practical_shown(response, display)
    if practical is None:
        return ""
    card = contact_card(practical, clinic, None if route and route.id == SAFETY else route)
    return panel(str(text.CONTACT_TITLES[practical]), card, kind=" cs-contact")


def _is_folded(response: SearchResponse, display: Display, clinic: Clinic) -> bool:
    """Say whether passages are not what to read first.

    Under the clinic's details they are not, unless these do not answer and an article does.
    """
    practical = practical_shown(response, display)
    if practical is None:
        return display.articles is Articles.COLLAPSED
    return response.outcome is not Outcome.ANSWER or answers_itself(practical, clinic)


def _folded(found: str, focus: str) -> str:
    return (
        f'<h2 class="cs-h2"{focus}>{text.ARTICLES_BELOW}</h2>'
        f'<details class="cs-below"><summary>{text.ARTICLES_BELOW_OPEN}</summary>'
        f"{found}</details>"
    )


def practical_shown(response: SearchResponse, display: Display) -> Practical | None:
    """Return what the card of the clinic's details is about, None where it is not shown.

    Below a notice that asks to act nobody is sent to the clinic first.
    """
    if not response.practical or not (display.related or display.is_strip):
        return None
    return None if _in_place_of_results(response, display) else Practical(response.practical)


def _in_place_of_results(response: SearchResponse, display: Display) -> tuple[str, str] | None:
    """Return the heading and the sentence where nothing is said of results, else None."""
    if display.articles is Articles.HIDDEN:
        return str(text.ARTICLES_HIDDEN), str(text.ARTICLES_HIDDEN_MORE)
    if not response.is_understood and not has_results(response, display):
        return only_in(), str(text.ONLY_IN_MORE)
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
        return routes.get(SAFETY) or _own_card(SAFETY)
    return None if response.outcome is Outcome.ANSWER else route


def _own_card(name: str | None) -> Route | None:
    """Return the page's own card about safety, for a clinic that has none."""
    if name != SAFETY:
        return None
    return Route(SAFETY, text.SAFETY_CARD, text.SAFETY_CARD_TEXT)


def shown_results(response: SearchResponse) -> tuple[SearchResult, ...]:
    """Return the results that the page shows: the first one, and few others.

    The search has left out those that add little to an answer (`without_far`).
    """
    return response.results[: 1 + MOST_FURTHER]


def _results(
    response: SearchResponse,
    articles: Mapping[str, Article],
    clinic: Clinic,
    shown: Shown,
    *,
    route: Route | None,
    focus: str,
) -> str:
    first, *others = shown_results(response)
    passage, beside = first.passage, beside_html(route)
    head = f'<h2 class="cs-h2"{focus}>{_heading(response)}</h2>'
    if not shown.confirmed:
        head += f'<p class="cs-lead">{escape(text.RELATED_MORE)}</p>'
        # Who asks whether it is safe must not read a benefit first.
        if response.route == SAFETY:
            head, beside = head + beside, ""
    steps = next_steps(
        clinic,
        share=share_address(clinic, passage.article_id, slug_of(passage.section_id)),
        title=passage.title,
    )
    own = card(first, articles[passage.article_id], clinic, shown)
    return (
        f'{head}<ol class="cs-list">{own}</ol>{steps}'
        f"{_further(others, articles, clinic, shown, after=passage)}{beside}"
    )


def _further(
    others: Sequence[SearchResult],
    articles: Mapping[str, Article],
    clinic: Clinic,
    shown: Shown,
    *,
    after: Passage,
) -> str:
    """Draw further passages as headings that open; each article's review is said once."""
    said = {after.article_id, after.section_id}
    cards = []
    for result in others:
        article, section = articles[result.passage.article_id], result.passage.section_id
        is_trusted, is_repeated = article.id in said, section in said
        cards.append(
            short_card(
                result, article, clinic, shown, is_trusted=is_trusted, is_repeated=is_repeated
            )
        )
        said |= {article.id, section}
    if not cards:
        return ""
    listed = f'<ol class="cs-list cs-shorts">{"".join(cards)}</ol>'
    return f'<h2 class="cs-h2 cs-further">{text.FURTHER}</h2>{listed}'


def _heading(response: SearchResponse) -> str:
    """Say what the first passage is, as HTML."""
    first = response.results[0]
    if response.outcome is not Outcome.ANSWER:
        return escape(text.RELATED)
    if not is_answer(first, confirmed=True):
        return escape(text.OUR_ARTICLE_SAYS)
    title = escape(text.QUOTED.format(words=first.passage.title))
    return f"{text.ANSWER_FROM} <span{text.content_lang()}>{title}</span>"


def summary(response: SearchResponse, display: Display | None = None) -> str:
    """Say in one line what was found, for a screen reader: the best heading, not a count."""
    shown = display or Display()
    if instead := _in_place_of_results(response, shown):
        return instead[0]
    if practical := practical_shown(response, shown):
        return str(text.CONTACT_TITLES[practical])
    if not has_results(response, shown):
        return str(text.NOT_COVERED)
    said = re.sub(r"<[^>]*>", "", _heading(response))
    return f"{unescape(said)}: {response.results[0].passage.heading}"


def panel(heading: str, body: str, *, kind: str = "") -> str:
    """Draw a panel in the place of results; its heading takes the focus. Both are HTML."""
    return f'<div class="cs-panel{kind}"><h2 class="cs-h2"{FOCUS}>{heading}</h2>{body}</div>'


def _not_covered(clinic: Clinic, response: SearchResponse, route: Route | None) -> str:
    """Say that nothing was found, and what helps all the same."""
    card = route_html(route, clinic) if route else f"<p>{text.STILL_HELP}</p>{next_steps(clinic)}"
    steps = [] if route else _wording(response)
    steps += [f'<a class="cs-in" href="?view=articles">{text.NOT_COVERED_BROWSE}</a>']
    steps += [text.NOT_COVERED_HELP]
    items = "".join(f"<li>{step}</li>" for step in steps)
    return panel(text.NOT_COVERED, f"{card}<ul>{items}</ul>")


def _wording(response: SearchResponse) -> list[str]:
    """Say what to change in the words, where these may be why nothing was found."""
    words = words_of(response.query.lower())
    known = english_words()
    tips = []
    if any(response.query[w.start : w.end].lower() not in known for w in words):
        tips.append(str(text.CHECK_SPELLING))
    if len(words) > _MANY_WORDS:
        tips.append(str(text.FEWER_WORDS))
    return tips


def beside_html(route: Route | None) -> str:
    """Draw a route card in a panel of its own, without contacts; nothing for None."""
    return f'<div class="cs-panel cs-route">{_route_words(route)}</div>' if route else ""


def route_html(route: Route, clinic: Clinic) -> str:
    """Draw a route card: what to do instead, in the clinic's own words, and how to reach it."""
    return f"{_route_words(route)}{next_steps(clinic)}"


def _route_words(route: Route) -> str:
    lang = text.content_lang()
    return f"<h3{lang}>{escape(route.title)}</h3><p{lang}>{escape(route.text)}</p>"
