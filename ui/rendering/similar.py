"""The passages that are like another one as HTML: pure, everything escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from core.labels import NOT_CHECKED
from index.bank.route_cards import SAFETY
from ui.languages import text
from ui.rendering.contact import next_steps
from ui.rendering.passage import Shown, card, passage_address, trail
from ui.rendering.results import FOCUS, beside_html

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from core.clinic_settings import Clinic
    from core.types import Article, Passage, SearchResult
    from index.bank.route_cards import Route


def similar_html(
    passage: Passage | None,
    found: Sequence[SearchResult],
    articles: Mapping[str, Article],
    clinic: Clinic,
    *,
    today: date,
    back: str = "",
    routes: Mapping[str, Route] | None = None,
    for_staff: bool = False,
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
    shown = Shown(today, has_reasons=False, for_staff=for_staff)
    cards = "".join(
        card(
            result,
            articles[result.passage.article_id],
            clinic,
            shown,
            is_trusted=result.passage.article_id in {r.passage.article_id for r in found[:number]},
        )
        for number, result in enumerate(found)
    )
    counted = text.found(len(found), len({result.passage.article_id for result in found}))
    route = (routes or {}).get(SAFETY) if any(NOT_CHECKED in r.labels for r in found) else None
    beside = beside_html(route) + next_steps(clinic)
    return (
        f'{title}<h2 class="cs-h2"{FOCUS}>{escape(counted)}</h2>'
        f'<p class="cs-lead">{text.LIKE_LEAD}</p><ol class="cs-list">{cards}</ol>{beside}'
    )
