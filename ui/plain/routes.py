"""Answers for visitors without JavaScript: a search by form, and the articles, each a whole page.

Nothing is remembered between two answers, and no question is put into an address, a title, a
cookie or a log. What is shown is drawn by the same functions as on the page. What reads a question
or draws an answer has a thread of its own: the loop serves everybody.
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
from safety.notices.finder import display
from ui.languages import text
from ui.limits import rate_limit
from ui.plain import document as plain
from ui.rendering import layout
from ui.rendering.article import about_html, article_html, articles_html, back_link
from ui.rendering.notices import notice_html
from ui.rendering.results import results_html, similar_html
from ui.server import document as shell
from ui.service import engine, notice_service, settings
from ui.service.async_search import answered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

    from index.store.generations import OpenIndex
    from safety.notices.finder import Notice

FORM_TYPE = "application/x-www-form-urlencoded"


def routes() -> list[Route]:
    """Return the addresses that are answered here."""
    return [
        Route(plain.SEARCH, ask),
        Route(plain.SEARCH, found, methods=["POST"]),
        Route(plain.ARTICLE, article),
        Route(plain.ABOUT, about),
    ]


async def ask(_request: Request) -> Response:
    """Answer with the empty search box, and the example questions once the index is there."""
    index = _status().index
    below = [layout.examples(index.examples)] if index else []
    return _page(text.SEARCH, plain.search_html(below=below))


async def found(request: Request) -> Response:
    """Answer a question that was sent in: notices first, then what was found."""
    if rate_limit.kind_of(request) != FORM_TYPE:
        return _page(text.SEARCH, plain.search_html(), status=415)
    sent = await rate_limit.body_of(request)
    if sent is None:
        return _page(text.SEARCH, plain.search_html(note=str(text.TOO_LONG)), status=413)
    question = await run_in_threadpool(asked, sent)
    if not question:
        return _page(text.SEARCH, plain.search_html(note=str(text.EMPTY)))
    with notice_service.once(question):
        notices = await run_in_threadpool(
            notice_service.find, question
        )  # whatever happens after them
        status = _status()
        if status.index is None:
            return await run_in_threadpool(_unavailable, question, notices, status)
        try:
            outcome = await answered(status.index, question, rate_limit.address_of(request))
        except engine.TooFastError as refused:
            return await run_in_threadpool(_refused, question, notices, refused)
        return await run_in_threadpool(_results, question, notices, status.index, outcome)


def asked(sent: bytes) -> str:
    """Return the question in a form, cleaned; empty when there is none, whatever was sent."""
    try:
        fields = parse_qs(sent.decode("ascii"), errors="replace", max_num_fields=4)
    except ValueError:  # not ASCII, or too many fields: no browser sends that
        return ""
    for name in (plain.AGAIN, plain.BOX):
        if question := clean_query(fields.get(name, [""])[0]):
            return question
    return ""


def _unavailable(question: str, notices: Sequence[Notice], status: engine.Status) -> Response:
    said = status.visitor_message or str(text.STILL_PREPARING)
    above = _notices(notices, cries=is_cry(question))
    below = [above, layout.unavailable(said, settings.clinic())]
    return _page(text.PLAIN_RESULTS, plain.search_html(question, below))


def _refused(question: str, notices: Sequence[Notice], refused: engine.TooFastError) -> Response:
    above = _notices(notices, cries=is_cry(question))
    body = plain.search_html(question, [above], note=str(text.TOO_FAST))
    headers = {"retry-after": str(ceil(refused.wait_s))}
    return _page(text.SEARCH, body, status=429, headers=headers)


def _results(
    question: str, notices: Sequence[Notice], index: OpenIndex, outcome: engine.Answer | str
) -> Response:
    """Draw what was found; `notices` are those of the rules, for when the search has failed."""
    if isinstance(outcome, str):
        below = [_notices(notices, cries=is_cry(question)), layout.message(outcome)]
        return _page(text.PLAIN_RESULTS, plain.search_html(question, below))
    drawn = results_html(
        outcome.response,
        index.articles,
        settings.clinic(),
        today=date.today(),
        routes=settings.routes(),
        display=display(outcome.notices, settings.red_flags()),
    )
    above = _notices(outcome.notices, cries=outcome.response.is_cry)
    return _page(
        text.PLAIN_RESULTS, plain.search_html(question, [above, plain.links_in_new_tabs(drawn)])
    )


def article(request: Request) -> Response:
    """Answer with an article, the passage marked that was found; without a name, with the list.

    Not `async`, because drawing a long article takes its time: it has a thread of its own here.
    """
    asked_for = request.query_params
    status = _status()
    index = status.index
    if index is None:
        said = status.visitor_message or str(text.STILL_PREPARING)
        body = f'<h1 id="cs-title">{text.ARTICLES_TITLE}</h1>'
        body += layout.unavailable(said, settings.clinic())
        return _page(text.ARTICLES_TITLE, plain.article_page_html(body), up="../", status=503)
    if like := asked_for.get("like", ""):
        return _page(text.LIKE_TITLE, plain.article_page_html(_similar(index, like)), up="../")
    name, section = asked_for.get("article", ""), asked_for.get("section", "")
    chosen = index.article(name) if name else None
    if chosen is None:
        listed = articles_html(
            index.articles.values(), today=date.today(), lost=bool(name), claims=index.claims
        )
        title = text.NO_ARTICLE if name else text.ARTICLES_TITLE
        status_code = 404 if name else 200
        return _page(title, plain.article_page_html(listed), up="../", status=status_code)
    row = passage_row(index, f"{chosen.id}#{section}/{asked_for.get('passage', '')}")
    drawn = article_html(
        chosen,
        settings.clinic(),
        today=date.today(),
        section=section,
        passage=None if row is None else index.passages[row],
        claims=index.claims.get(chosen.id, ()),
    )
    return _page(chosen.title, plain.article_page_html(drawn), up="../")


async def about(_request: Request) -> Response:
    """Answer with what the search is for."""
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


def _notices(notices: Sequence[Notice], *, cries: bool) -> str:
    """Draw the notices of a question; whom to call where there are none and it cries for help."""
    shown = display(notices, settings.red_flags())
    if cries and not shown.full:
        return layout.help_now(settings.clinic(), settings.numbers())
    return notice_html(shown, settings.numbers())


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
    """Answer with a plain page. The title goes into the browser's history: never a question."""
    page = shell.plain_html(settings.clinic(), settings.numbers(), title=title, body=body)
    page = shell.from_below(plain.without_script(page), up)
    return HTMLResponse(page, status, {"cache-control": "no-store", **(headers or {})})
