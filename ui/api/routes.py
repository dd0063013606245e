"""Answers programs: `POST /api/search`, off unless the clinic turns it on.

Questions come in the body and are neither logged nor stored. Errors say what is wrong with a
request and never repeat it.
"""

from __future__ import annotations

from datetime import date
from math import ceil
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from ui.api import response
from ui.languages import text
from ui.limits import rate_limit
from ui.server import hosts
from ui.service import engine, notice_service, settings
from ui.service.async_search import answered

if TYPE_CHECKING:
    from starlette.requests import Request

    from index.store.generations import OpenIndex

METHODS = ["GET", "POST", "OPTIONS"]
ALLOWED = "POST, OPTIONS"

PRICE = 0.5
"""The cost of a search here: half of a search on the page, because a website asks for all of its
visitors."""


def routes() -> list[Route]:
    """Return the routes of this module."""
    return [Route(response.SEARCH, search, methods=METHODS)]


class RefusedError(Exception):
    """A request that is refused; the sentence says why and repeats nothing of it."""

    def __init__(self, status: int, sentence: str, **headers: str) -> None:
        self.status = status
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        super().__init__(sentence)


async def search(request: Request) -> Response:
    """Answer a program; 404 while the API is turned off."""
    if not settings.is_api_on():
        return PlainTextResponse(response.NOTHING_HERE, status_code=404)
    cors: dict[str, str] = {}
    try:
        cors = _cors(request)
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={**cors, "allow": ALLOWED})
        asked = await _asked(request)
        with notice_service.once(asked.question):
            status, record, more = await _answer(asked, rate_limit.address_of(request))
    except RefusedError as refused:
        return _json(refused.status, {"error": str(refused)}, {**cors, **refused.headers})
    return _json(status, record, {**cors, **more})


async def _asked(request: Request) -> response.Asked:
    if request.method != "POST":
        raise RefusedError(405, "Send the question by POST.", allow=ALLOWED)
    if rate_limit.kind_of(request) != "application/json":
        raise RefusedError(415, "Send the question as application/json.")
    sent = await rate_limit.body_of(request)
    if sent is None:
        raise RefusedError(413, "The question is too long.")
    try:
        asked: response.Asked = await run_in_threadpool(response.read_asked, sent)
    except response.UnreadableError as error:
        raise RefusedError(400, str(error)) from None
    return asked


async def _answer(
    asked: response.Asked, address: str
) -> tuple[int, dict[str, Any], dict[str, str]]:
    """Return status, record and further headers, with the notices of the rules in any case.

    Threads read the question and make the answer: the event loop serves everybody.
    """
    status = engine.get_engine().status
    answer: engine.Answer | str = status.visitor_message or str(text.UNAVAILABLE)
    code, more = 503, {}
    if status.index:
        try:
            answer = await answered(status.index, asked.question, address, price=PRICE)
        except engine.TooFastError as refused:
            answer = "Too many searches. Try again later."
            code, more = 429, {"retry-after": str(ceil(refused.wait_s))}
    if isinstance(answer, str) or status.index is None:
        return code, await run_in_threadpool(_without_results, asked, str(answer)), more
    return 200, await run_in_threadpool(_with_results, asked, answer, status.index), {}


def _without_results(asked: response.Asked, error: str) -> dict[str, Any]:
    """Return the record when no search was possible: the rules need neither index nor model."""
    flags, numbers = settings.red_flags(), settings.numbers()
    notices = response.notice_texts(notice_service.find(asked.question), flags, numbers)
    return {**response.frame(settings.clinic(), numbers), "error": error, "notices": notices}


def _with_results(asked: response.Asked, answer: engine.Answer, index: OpenIndex) -> dict[str, Any]:
    return response.answer_record(
        answer.response,
        answer.notices,
        index.articles,
        settings.clinic(),
        k=asked.k,
        flags=settings.red_flags(),
        numbers=settings.numbers(),
        routes=settings.routes(),
        today=date.today(),
    )


def _cors(request: Request) -> dict[str, str]:
    """Return the headers that let a website's page read the answer.

    Programs send no origin. Browsers do, and only websites that the clinic named may ask.
    """
    origin = request.headers.get("origin")
    if origin is None or hosts.is_same(origin, request.headers.get("host", "")):
        return {"vary": "origin"}
    if origin not in settings.clinic().api_origins:
        raise RefusedError(403, "Pages of this website may not ask from a browser.", vary="origin")
    return {
        "vary": "origin",
        "access-control-allow-origin": origin,
        "access-control-allow-methods": "POST",
        "access-control-allow-headers": "content-type",
        "access-control-expose-headers": "retry-after",
        "access-control-max-age": "600",
    }


def _json(status: int, record: dict[str, Any], headers: dict[str, str]) -> Response:
    return JSONResponse(record, status, {"cache-control": "no-store", **headers})
