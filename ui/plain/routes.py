"""Answers visitors without JavaScript: a search by form, and the articles, each a whole page.

Nothing is remembered between two answers, and no question gets into an address, a title, a cookie
or a log. The same functions draw as on the page. Threads read questions and draw answers: the
event loop serves everybody.
"""

from __future__ import annotations

from datetime import date
from math import ceil
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from core.text.normalize import clean_query
from index.intent.cries import is_cry
from index.search.similar import passage_row, similar
from safety.notices.finder import Articles, display
from ui.languages import text
from ui.limits import rate_limit
from ui.plain import document as plain
from ui.rendering import layout
from ui.rendering.article import about_html, article_html, back_link
from ui.rendering.articles import articles_html, heading_html
from ui.rendering.notices import above_results
from ui.rendering.printed import print_foot
from ui.rendering.results import results_html
from ui.rendering.similar import similar_html
from ui.server import document as shell
from ui.service import engine, notice_service, settings
from ui.service.async_search import answered
from ui.service.catalogue import filtered, listed_of, page_of_list
from ui.service.understanding import understands

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

    from index.store.generations import OpenIndex
    from safety.notices.finder import Notice
    from ui.service.catalogue import Shelf

FORM_TYPE = "application/x-www-form-urlencoded"


def routes() -> list[Route]:
    """Return the routes of this module."""
    return [
        Route(plain.SEARCH, ask),
        Route(plain.SEARCH, found, methods=["POST"]),
        Route(plain.ARTICLE, article),
        Route(plain.ARTICLE, found_articles, methods=["POST"]),
        Route(plain.ABOUT, about),
    ]


async def ask(_request: Request) -> Response:
    """Answer with the empty search box, and example questions once there is an index."""
    index = _status().index
    below = [layout.examples(index.examples)] if index else []
    return _page(text.SEARCH, plain.search_html(below=below))


async def found(request: Request) -> Response:
    """Answer a question: notices first, then results."""
    if rate_limit.kind_of(request) != FORM_TYPE:
        return _page(text.SEARCH, plain.search_html(), status=415)
    sent = await rate_limit.body_of(request)
    if sent is None:
        return _page(text.SEARCH, plain.search_html(note=str(text.TOO_LONG)), status=413)
    question = await run_in_threadpool(asked, sent)
    if not question:
        return _page(text.SEARCH, plain.search_html(note=str(text.EMPTY)))
    with notice_service.once(question):
        notices = await run_in_threadpool(notice_service.find, question)
        status = _status()
        if status.index is None:
            return await run_in_threadpool(_unavailable, question, notices, status)
        try:
            outcome = await answered(status.index, question, rate_limit.address_of(request))
        except engine.TooFastError as refused:
            return await run_in_threadpool(_refused, question, notices, refused)
        return await run_in_threadpool(_results, question, notices, status.index, outcome)


def asked(sent: bytes) -> str:
    """Return the cleaned question in a form; empty if there is none. Never raises."""
    try:
        fields = parse_qs(sent.decode("ascii"), errors="replace", max_num_fields=4)
    except ValueError:  # not ASCII, or too many fields: no browser sends that
        return ""
    for name in (plain.AGAIN, plain.BOX):
        if question := clean_query(fields.get(name, [""])[0]):
            return question
    return ""


def _unavailable(question: str, notices: Sequence[Notice], status: engine.Status) -> Response:
    below = [_notices_of(question, notices, status.index), _no_index(status)]
    return _page(text.PLAIN_RESULTS, plain.search_html(question, below))


def _no_index(status: engine.Status) -> str:
    message = status.visitor_message or str(text.STILL_PREPARING)
    return layout.unavailable(message, settings.clinic())


def _refused(question: str, notices: Sequence[Notice], refused: engine.TooFastError) -> Response:
    above = _notices_of(question, notices, _status().index)
    body = plain.search_html(question, [above], note=str(text.TOO_FAST))
    headers = {"retry-after": str(ceil(refused.wait_s))}
    return _page(text.SEARCH, body, status=429, headers=headers)


def _results(
    question: str, notices: Sequence[Notice], index: OpenIndex, outcome: engine.Answer | str
) -> Response:
    """Draw the results; `notices` are those of the rules, for a search that failed."""
    if isinstance(outcome, str):
        below = [_notices_of(question, notices, index), layout.message(outcome)]
        return _page(text.PLAIN_RESULTS, plain.search_html(question, below))
    drawn = results_html(
        outcome.response,
        index.articles,
        settings.clinic(),
        today=date.today(),
        routes=settings.routes(),
        display=display(outcome.notices, settings.red_flags()),
    )
    above = _notices(
        outcome.notices,
        cries=outcome.response.is_cry,
        is_understood=outcome.response.is_understood,
    )
    return _page(
        text.PLAIN_RESULTS, plain.search_html(question, [above, plain.links_in_new_tabs(drawn)])
    )


def article(request: Request) -> Response:
    """Answer with an article and its passage marked; without a name, with the list of articles.

    Not `async`, because drawing a long article takes time: Starlette runs it in a thread.
    """
    query = request.query_params
    status = _status()
    index = status.index
    if index is None:
        return _no_list(status)
    if like := query.get("like", ""):
        return _page(text.LIKE_TITLE, plain.article_page_html(_similar(index, like)), up="../")
    name, section = query.get("article", ""), query.get("section", "")
    chosen = index.article(name) if name else None
    if chosen is None:
        listed, place = listed_of(index), {key: query.get(key, "") for key in ("page", "letter")}
        return _list(index, page_of_list(listed, **place), lost=bool(name))
    row = passage_row(index, f"{chosen.id}#{section}/{query.get('passage', '')}")
    drawn = article_html(
        chosen,
        settings.clinic(),
        today=date.today(),
        section=section,
        passage=None if row is None else index.passages[row],
        claims=index.claims.get(chosen.id, ()),
    )
    return _page(chosen.title, plain.article_page_html(drawn), up="../")


async def found_articles(request: Request) -> Response:
    """Answer with the articles whose titles or headings have the words of the filter."""
    if rate_limit.kind_of(request) != FORM_TYPE:
        return _page(text.ARTICLES_TITLE, plain.article_page_html(""), up="../", status=415)
    sent = await rate_limit.body_of(request)
    return await run_in_threadpool(_filtered, asked(sent or b""))


def _filtered(typed: str) -> Response:
    status = _status()
    if status.index is None:
        return _no_list(status)
    if not typed:
        return _list(status.index, page_of_list(listed_of(status.index)))
    shelf = filtered(listed_of(status.index), typed)
    return _list(status.index, shelf, typed=typed)


def _list(index: OpenIndex, shelf: Shelf, *, typed: str = "", lost: bool = False) -> Response:
    """Answer with a page of the list; whoever types a symptom finds the notices here too."""
    notices = notice_service.find(typed)
    above = _notices(notices, cries=is_cry(typed), is_understood=True)
    drawn = articles_html(shelf, index.articles, today=date.today(), claims=index.claims)
    if display(notices, settings.red_flags()).articles is Articles.HIDDEN:
        drawn = ""
    body = f"{heading_html(lost=lost)}{plain.filter_html(typed)}{above}{drawn}"
    title = text.NO_ARTICLE if lost else text.ARTICLES_TITLE
    return _page(title, plain.article_page_html(body), up="../", status=404 if lost else 200)


def _no_list(status: engine.Status) -> Response:
    body = f'<h1 id="cs-title">{text.ARTICLES_TITLE}</h1>{_no_index(status)}'
    return _page(text.ARTICLES_TITLE, plain.article_page_html(body), up="../", status=503)


async def about(_request: Request) -> Response:
    """Answer with the page about the search."""
    return _page(text.ABOUT_TITLE, plain.article_page_html(about_html()), up="../")


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


def _notices_of(question: str, notices: Sequence[Notice], index: OpenIndex | None) -> str:
    """Draw the notices of a question that was not searched."""
    is_understood = understands(question, index)
    return _notices(notices, cries=is_cry(question), is_understood=is_understood)


def _notices(notices: Sequence[Notice], *, cries: bool, is_understood: bool) -> str:
    return above_results(
        display(notices, settings.red_flags()),
        settings.clinic(),
        settings.numbers(),
        cries=cries,
        is_understood=is_understood,
    )


def _status() -> engine.Status:
    return engine.get_engine().status


def _page(
    title: str,
    body: str,
    *,
    up: str = "./",
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    """Answer with a plain page. Its title goes into the browser's history: never a question."""
    clinic = settings.clinic()
    body += print_foot(clinic, today=date.today())
    page = shell.plain_html(clinic, settings.numbers(), title=title, body=body)
    page = shell.from_below(plain.without_script(page), up)
    return HTMLResponse(page, status, {"cache-control": "no-store", **(headers or {})})
