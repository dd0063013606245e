"""The views of the page, drawn on the server: for pages without JavaScript and first documents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from index.search.similar import passage_row, similar
from ui.languages import text
from ui.plain import document as plain
from ui.rendering import layout
from ui.rendering.article import about_html, article_html, articles_html, back_link
from ui.rendering.notices import notices_html
from ui.rendering.results import similar_html
from ui.service import engine, settings

if TYPE_CHECKING:
    from index.store.generations import OpenIndex
    from ui.page.session import View


@dataclass(frozen=True, slots=True)
class Drawn:
    """A view: its title, which never holds a question, its HTML and the status of the answer."""

    title: str
    html: str
    status: int = 200


def first_view(view: View) -> Drawn:
    """Draw what an address asks for, before the application does; pages for staff are not here."""
    if view.is_for_staff:
        return Drawn(str(text.SEARCH), f'<p class="cs-boot">{text.STARTING}</p>')
    if view.kind == "ask":
        return Drawn(str(text.SEARCH), plain.sending_form(ask_html(is_asked=bool(view.search))))
    if view.kind == "about":
        return Drawn(str(text.ABOUT_TITLE), plain.article_page_html(about_html()))
    if view.kind == "notices":
        html = notices_html(settings.red_flags(), settings.numbers(), today=date.today())
        return Drawn(str(text.NOTICES_TITLE), plain.article_page_html(html))
    return reading(view)


def ask_html(*, is_asked: bool = False) -> str:
    """Draw the empty search box, and example questions once there is an index.

    `is_asked`: the browser knows the question and assets/first.js shows its results here.
    """
    if is_asked:
        return plain.search_html(is_asked=True)
    return plain.search_html(below=examples())


def examples() -> list[str]:
    """Draw example questions; nothing while there is no index."""
    index = engine.get_engine().status.index
    return [layout.examples(index.examples)] if index else []


def reading(view: View) -> Drawn:
    """Draw an article with its passage marked, passages like another, or the list of articles."""
    index = engine.get_engine().status.index
    if index is None:
        html = f'<h1 id="cs-title">{text.ARTICLES_TITLE}</h1>{no_index(engine.get_engine().status)}'
        return _page(text.ARTICLES_TITLE, html, status=503)
    if view.like:
        return _page(text.LIKE_TITLE, _similar(index, view.like))
    chosen = index.article(view.article) if view.article else None
    if chosen is None:
        lost = bool(view.article)
        html = articles_html(
            index.articles.values(), today=date.today(), lost=lost, claims=index.claims
        )
        title = text.NO_ARTICLE if lost else text.ARTICLES_TITLE
        return _page(title, html, status=404 if lost else 200)
    row = passage_row(index, f"{chosen.id}#{view.section}/{view.passage}")
    html = article_html(
        chosen,
        settings.clinic(),
        today=date.today(),
        section=view.section,
        passage=None if row is None else index.passages[row],
        claims=index.claims.get(chosen.id, ()),
    )
    return _page(chosen.title, html)


def no_index(status: engine.Status) -> str:
    """Draw that nothing can be searched or read at the moment."""
    message = status.visitor_message or str(text.STILL_PREPARING)
    return layout.unavailable(message, settings.clinic())


def _page(title: str, html: str, *, status: int = 200) -> Drawn:
    return Drawn(str(title), plain.article_page_html(html), status)


def _similar(index: OpenIndex, like: str) -> str:
    row = passage_row(index, like)
    return similar_html(
        None if row is None else index.passages[row],
        () if row is None else similar(index, row),
        index.articles,
        settings.clinic(),
        today=date.today(),
        back=back_link(""),
        routes=settings.routes(),
    )
