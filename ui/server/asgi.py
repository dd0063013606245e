"""What the ASGI application is made of besides Streamlit: our document, files, readiness, guard."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import asynccontextmanager
from datetime import date
from functools import cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from core.files.spreadsheet import csv_bytes
from ui.api import response
from ui.api import routes as api_routes
from ui.editor import facts
from ui.languages import text
from ui.page import streamlit_theme, theme
from ui.plain import document as plain
from ui.plain import routes as plain_routes
from ui.rendering import layout
from ui.rendering.notices import notices_html
from ui.server import document as shell
from ui.server import door, hosts, suggestions
from ui.server.guard import PLAIN, Guard
from ui.server.log_filter import OncePerMinute
from ui.service import engine, settings

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from starlette.requests import Request

FOR_GOOD = "public, max-age=31536000, immutable"

_log = logging.getLogger("clinic.ui")


def app_parts() -> dict[str, Any]:
    """Return the keyword arguments for `st.App`.

    Raises StreamlitVersionError under another Streamlit, UsageError for a bad name or secret.
    """
    security_headers("/")  # now, so that another Streamlit is refused before anybody visits
    told = settings.from_environment()
    return {
        "lifespan": lifespan,
        "routes": [
            Route("/", document),
            Route("/readyz", ready),
            Route("/notices", notices),
            Route(suggestions.PATH, suggestions.answer),
            *plain_routes.routes(),
            *api_routes.routes(),
            Route("/staff/{name}.csv", staff_csv),
            Route("/assets/{name}", asset),
        ],
        "middleware": [
            Middleware(
                Guard,
                headers=security_headers,
                not_found=not_found,
                is_file=shell.files().__contains__,
                hosts=hosts.hosts(told.names, told.origins),
                door=door.current(),
                refused=refused,
            )
        ],
    }


def security_headers(path: str) -> Sequence[tuple[str, str]]:
    """Return the headers of every answer at a path, as the clinic's settings are now.

    Only where the search without JavaScript stands may a form be sent, and only to ourselves.
    """
    form_action = "'self'" if path in PLAIN or path == "/" else "'none'"
    return _headers(form_action, settings.clinic().embed_origins)


@cache
def _headers(form_action: str, framed_by: tuple[str, ...]) -> Sequence[tuple[str, str]]:
    document_now = shell.page_html(settings.clinic(), settings.numbers())
    policy = shell.content_security_policy(
        document_now, framed_by=framed_by, form_action=form_action
    )
    # This header knows no list of websites; the policy says the same and more.
    framing = () if framed_by else (("x-frame-options", "DENY"),)
    return (
        ("content-security-policy", policy),
        ("x-content-type-options", "nosniff"),
        *framing,
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
    )


async def document(request: Request) -> Response:
    """Answer with the page around the page; of the address it reads `embed=true` and no more."""
    page = shell.page_html(
        settings.clinic(),
        settings.numbers(),
        for_staff=settings.is_for_staff(),
        embedded=_is_embedded(request),
    )
    return HTMLResponse(page, headers={"cache-control": "no-cache", "vary": "sec-fetch-dest"})


def _is_embedded(request: Request) -> bool:
    """Say whether the page stands in a frame; browsers also say so when the address does not."""
    asked: str = request.query_params.get("embed", "")
    return asked.lower() == "true" or bool(request.headers.get("sec-fetch-dest") == "iframe")


async def notices(_request: Request) -> Response:
    """Answer with all safety notices as a plain page: no script, no index, no connection."""
    told = notices_html(settings.red_flags(), settings.numbers(), today=date.today())
    told += plain.link_html()
    page = shell.plain_html(
        settings.clinic(),
        settings.numbers(),
        title=text.NOTICES_TITLE,
        body=told,
        for_staff=settings.is_for_staff(),
    )
    return HTMLResponse(page, headers={"cache-control": "no-cache"})


def staff_csv(request: Request) -> Response:
    """Answer with a table of the staff page; where that is not turned on, as if there were none.

    Not `async`, because it reads files: such a function has a thread of its own here.
    """
    name = str(request.path_params["name"])
    headers = {"cache-control": "no-store"}
    if not settings.is_for_staff() or name not in facts.TABLES:
        return _nothing_here()
    status = engine.get_engine().status
    table = facts.csv_table(name, facts.gather(status, today=date.today()))
    if table is None:
        return PlainTextResponse(text.NO_TABLE, status_code=503, headers=headers)
    headers["content-disposition"] = f'attachment; filename="staff-{name}.csv"'
    return Response(csv_bytes(*table), media_type="text/csv; charset=utf-8", headers=headers)


async def asset(request: Request) -> Response:
    """Answer with one of our own files, from memory."""
    name = str(request.path_params["name"])
    body = shell.assets().get(name)
    if body is None:
        return _nothing_here()
    kind = shell.TYPES[PurePosixPath(name).suffix]
    return Response(body, media_type=kind, headers={"cache-control": FOR_GOOD})


def _nothing_here() -> Response:
    """Answer as the guard does."""
    return PlainTextResponse(response.NOTHING_HERE, status_code=404)


def not_found(path: str) -> str:
    """Draw the page for an address where nothing is, however deep it lies."""
    page = shell.plain_html(
        settings.clinic(), settings.numbers(), title=text.NO_PAGE, body=plain.not_found_html()
    )
    return shell.from_below(page, "../" * (path.count("/") - 1) or "./")


def refused(path: str) -> str:
    """Draw the page for whoever has not come through the door of the page for staff."""
    page = shell.plain_html(
        settings.clinic(), settings.numbers(), title=text.DOOR, body=layout.door()
    )
    return shell.from_below(page, "../" * (path.count("/") - 1) or "./")


async def ready(_request: Request) -> Response:
    """Say whether questions can be answered and notices raised, for a monitor: 200 or 503.

    `notices` says where the safety notices come from: "content", or, when the clinic's own file
    does not serve, "last" (what this page read before), "index" (the copy there), "default" (the
    product's own) or "none". `problems` names the files of settings that do not serve.
    """
    status = engine.get_engine().status
    flags = settings.red_flags_in_use()
    is_ready = status.state is engine.State.READY and bool(flags.value.groups)
    body = {
        "ready": is_ready,
        "state": str(status.state),
        "generation": status.index.generation if status.index else None,
        "notices": str(flags.source) if flags.value.groups else "none",
        "problems": [name for name, _ in settings.problems()],
    }
    headers = {"cache-control": "no-store"}
    return JSONResponse(body, status_code=200 if is_ready else 503, headers=headers)


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncGenerator[dict[str, Any], None]:
    """Start opening the index when the server starts; visitors need not wait for it."""
    quiet_request_log()
    door.print_link()
    engine.get_engine()
    theme.use(settings.clinic())
    streamlit_theme.keep()
    try:
        yield {}
    finally:
        engine.set_engine(None)


def quiet_request_log() -> None:
    """Keep addresses out of every log: a clinic's own link may hold a question.

    Done when the server is up, because Streamlit gives this logger a handler of its own after
    the server was told not to use it. Warnings go too: the server writes one for each request that
    it cannot read. Of its errors each is written once a minute (ui/server/log_filter.py).
    """
    requests = logging.getLogger("uvicorn.access")
    requests.handlers.clear()
    requests.propagate = False
    requests.disabled = True
    server = logging.getLogger("uvicorn.error")
    server.setLevel(logging.ERROR)
    if not any(isinstance(known, OncePerMinute) for known in server.filters):
        server.addFilter(OncePerMinute())
