"""Answers visitors without JavaScript: a search by form, and the articles, each a whole page.

Nothing is remembered between two answers, and no question gets into an address, a title, a cookie
or a log. The same functions draw as on the page. Threads read questions and draw answers: the
event loop serves everybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from core.text.normalize import clean_query
from index.intent.cries import is_cry
from safety.notices.finder import display
from ui.languages import text
from ui.limits import rate_limit
from ui.page.session import View, view_of
from ui.plain import document as plain
from ui.plain import views
from ui.rendering import layout
from ui.rendering.printed import print_foot
from ui.rendering.results import results_html, summary
from ui.server import document as shell
from ui.service import engine, notice_service, sealed, settings
from ui.service.async_search import answered, opened_index
from ui.service.understanding import understands

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

    from index.store.generations import OpenIndex
    from safety.notices.finder import Notice

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
    return _page(text.SEARCH, views.ask_html())


async def found(request: Request) -> Response:
    """Answer a question: notices first, then results."""
    if rate_limit.kind_of(request) != FORM_TYPE:
        return _page(text.SEARCH, plain.search_html(), status=415)
    body = await rate_limit.body_of(request)
    if body is None:
        return _page(text.SEARCH, plain.search_html(note=str(text.TOO_LONG)), status=413)
    sent = await run_in_threadpool(read, body)
    if not sent.question:
        note = text.FORGOTTEN if sent.is_kept else text.EMPTY
        return _answer(sent, views.examples(), note=note)
    with notice_service.once(sent.question):
        notices = await run_in_threadpool(notice_service.find, sent.question)
        status = _status()
        if status.index is None and not notices:
            status = await opened_index()
        if status.index is None:
            return await run_in_threadpool(_unavailable, sent, notices, status)
        try:
            outcome = await answered(status.index, sent.question, rate_limit.address_of(request))
        except engine.TooFastError as refused:
            return await run_in_threadpool(_refused, sent, notices, refused)
        return await run_in_threadpool(_results, sent, notices, status.index, outcome)


@dataclass(frozen=True, slots=True)
class Sent:
    """What a form holds: the cleaned question, empty for none, and how it is to be answered.

    `is_kept`: the question came sealed, from a tab that was loaded again. `is_part`: a script asks
    for the search without the page around it.
    """

    question: str = ""
    is_kept: bool = False
    is_part: bool = False


def read(body: bytes) -> Sent:
    """Read a form. Never raises."""
    try:
        fields = parse_qs(body.decode("ascii"), errors="replace", max_num_fields=4)
    except ValueError:  # not ASCII, or too many fields: no browser sends that
        return Sent()
    given = {name: values[0] for name, values in fields.items()}
    kept = given.get(plain.KEPT, "")
    typed = (given.get(plain.AGAIN, ""), given.get(plain.BOX, ""), sealed.opened(kept))
    question = next(filter(None, map(clean_query, typed)), "")
    return Sent(question, is_kept=bool(kept), is_part=plain.PART in given)


def _unavailable(sent: Sent, notices: Sequence[Notice], status: engine.Status) -> Response:
    above, said = _notices_of(sent.question, notices, status.index)
    return _answer(sent, [above, views.no_index(status)], said=f"{said} {text.UNAVAILABLE}")


def _refused(sent: Sent, notices: Sequence[Notice], refused: engine.TooFastError) -> Response:
    above, said = _notices_of(sent.question, notices, _status().index)
    headers = {"retry-after": str(ceil(refused.wait_s))}
    note = str(text.TOO_FAST)
    return _answer(sent, [above], note=note, said=f"{said} {note}", status=429, headers=headers)


def _results(
    sent: Sent, notices: Sequence[Notice], index: OpenIndex, outcome: engine.Answer | str
) -> Response:
    """Draw the results; `notices` are those of the rules, for a search that failed."""
    if isinstance(outcome, str):
        above, said = _notices_of(sent.question, notices, index)
        return _answer(sent, [above, layout.message(outcome)], said=f"{said} {outcome}")
    response = outcome.response
    shown = display(outcome.notices, settings.red_flags())
    drawn = results_html(
        response,
        index.articles,
        settings.clinic(),
        today=date.today(),
        routes=settings.routes(),
        display=shown,
    )
    above, said = views.above(shown, cries=response.is_cry, is_understood=response.is_understood)
    drawn = drawn if sent.is_part else plain.links_in_new_tabs(drawn)
    return _answer(sent, [above, drawn], said=f"{said} {summary(response, shown)}")


def _answer(
    sent: Sent,
    below: Sequence[str],
    *,
    note: str = "",
    said: str = "",
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    """Answer with a page, or for a script with its part; `said` is for screen readers."""
    body = plain.search_html(sent.question, below, note=str(note))
    if sent.is_part:
        part = {
            "question": sent.question,
            "kept": sealed.seal(sent.question) if sent.question else "",
            "html": plain.sending_form(body),
            "said": said.strip() or str(note),
        }
        return JSONResponse(part, headers={"cache-control": "no-store", **(headers or {})})
    title = text.PLAIN_RESULTS if sent.question and status == 200 else text.SEARCH
    return _page(title, body, status=status, headers=headers)


def article(request: Request) -> Response:
    """Answer with an article and its passage marked; without a name, with the list of articles.

    Not `async`, because drawing a long article takes time: Starlette runs it in a thread.
    """
    return _below(views.reading(view_of({**request.query_params, "view": "articles"})))


async def found_articles(request: Request) -> Response:
    """Answer with the articles whose titles or headings have the words of the filter."""
    if rate_limit.kind_of(request) != FORM_TYPE:
        return _page(text.ARTICLES_TITLE, plain.article_page_html(""), up="../", status=415)
    body = await rate_limit.body_of(request)
    return await run_in_threadpool(_filtered, body or b"")


def _filtered(body: bytes) -> Response:
    return _below(views.reading(View("articles"), typed=read(body).question))


async def about(_request: Request) -> Response:
    """Answer with the page about the search."""
    return _below(views.first_view(View("about")))


def _below(drawn: views.Drawn) -> Response:
    """Answer with a view whose address is one deeper than that of the search."""
    return _page(drawn.title, drawn.html, up="../", status=drawn.status)


def _notices_of(
    question: str, notices: Sequence[Notice], index: OpenIndex | None
) -> tuple[str, str]:
    """Draw the notices of a question that was not searched; as `views.above`."""
    shown = display(notices, settings.red_flags())
    return views.above(shown, cries=is_cry(question), is_understood=understands(question, index))


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
