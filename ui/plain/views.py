"""The views of the page, drawn on the server: for pages without JavaScript and first documents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from index.intent.cries import is_cry
from safety.notices.finder import Articles, display
from ui.languages import text
from ui.plain import document as plain
from ui.rendering import layout
from ui.rendering.article import about_html, article_html, back_link
from ui.rendering.articles import articles_html, counted, heading_html
from ui.rendering.notices import above_results, notices_html, spoken
from ui.rendering.similar import similar_html
from ui.service import engine, notice_service, settings
from ui.service.catalogue import filtered, listed_of, page_of_list

if TYPE_CHECKING:
    from index.store.generations import OpenIndex
    from safety.notices.finder import Display
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
    return reading(view, back=back_link(view.search))


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


def reading(view: View, *, typed: str = "", back: str = "") -> Drawn:
    """Draw an article with its passage marked, passages like another, or the list of articles.

    `typed` are the words of the list's filter, `back` is the link that leads back.
    """
    from index.search.similar import passage_row  # with NumPy: the search box comes first

    status = engine.get_engine().wait()
    index = status.index
    if index is None:
        html = f'<h1 id="cs-title">{text.ARTICLES_TITLE}</h1>{no_index(status)}'
        return _page(text.ARTICLES_TITLE, html, status=503)
    if view.like:
        return _page(text.LIKE_TITLE, similar_passages(index, view.like, back=back))
    chosen = index.article(view.article) if view.article else None
    if chosen is None:
        lost = bool(view.article)
        listed, _ = list_html(index, view, typed)
        title = text.NO_ARTICLE if lost else text.ARTICLES_TITLE
        parts = heading_html(lost=lost), plain.filter_html(typed), listed
        return _page(title, *parts, status=404 if lost else 200)
    row = passage_row(index, f"{chosen.id}#{view.section}/{view.passage}")
    html = article_html(
        chosen,
        settings.clinic(),
        today=date.today(),
        section=view.section,
        passage=None if row is None else index.passages[row],
        back=back,
        claims=index.claims.get(chosen.id, ()),
    )
    return _page(chosen.title, html)


def list_html(index: OpenIndex, view: View, typed: str) -> tuple[str, str]:
    """Draw a page of the list of articles, or what its filter found; return what is announced too.

    Whoever types a symptom here must find the same notices as anybody who asks.
    """
    listed = listed_of(index)
    shelf = filtered(listed, typed)
    if not shelf.wanted:
        shelf = page_of_list(listed, page=view.page, letter=view.letter)
    shown = display(notice_service.find(typed), settings.red_flags())
    html, said = above(shown, cries=is_cry(typed), is_understood=True)
    if shown.articles is not Articles.HIDDEN:
        html += articles_html(shelf, index.articles, today=date.today(), claims=index.claims)
    return html, f"{said} {counted(shelf) if shelf.wanted else ''}".strip()


def above(shown: Display, *, cries: bool, is_understood: bool) -> tuple[str, str]:
    """Draw the notices of a question; return their HTML and what a screen reader announces."""
    numbers = settings.numbers()
    html = above_results(
        shown, settings.clinic(), numbers, cries=cries, is_understood=is_understood
    )
    return html, spoken(shown, numbers, cries=cries, is_understood=is_understood)


def similar_passages(
    index: OpenIndex, like: str, *, back: str = "", for_staff: bool = False
) -> str:
    """Draw the passages that are like that of an id; `back` is the link that leads back."""
    from index.search.similar import passage_row, similar

    row = passage_row(index, like)
    return similar_html(
        None if row is None else index.passages[row],
        () if row is None else similar(index, row),
        index.articles,
        settings.clinic(),
        today=date.today(),
        back=back or back_link(),
        routes=settings.routes(),
        for_staff=for_staff,
    )


def no_index(status: engine.Status) -> str:
    """Draw that nothing can be searched or read at the moment."""
    message = status.visitor_message or str(text.STILL_PREPARING)
    return layout.unavailable(message, settings.clinic())


def _page(title: str, *parts: str, status: int = 200) -> Drawn:
    return Drawn(str(title), plain.article_page_html(*parts), status)
