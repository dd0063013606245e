"""The parts of the ASGI application besides Streamlit: document, files, readiness and guard."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import asynccontextmanager
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from ui.api import response
from ui.api import routes as api_routes
from ui.editor.addresses import STAFF_PAGES
from ui.languages import text
from ui.page import streamlit_theme, theme
from ui.page.session import view_of
from ui.plain import document as plain
from ui.plain import routes as plain_routes
from ui.plain import views
from ui.rendering import layout
from ui.rendering.notices import notices_html
from ui.server import document as shell
from ui.server import door, hosts, suggestions
from ui.server.files import Files
from ui.server.guard import PLAIN, Guard
from ui.server.log_filter import OncePerMinute
from ui.service import engine, sealed, settings

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from starlette.requests import Request

_log = logging.getLogger("clinic.ui")


def app_parts() -> dict[str, Any]:
    """Return the keyword arguments for `st.App`.

    Raises StreamlitVersionError under another Streamlit, UsageError for a bad name or secret.
    """
    security_headers("/")  # refuses another Streamlit before the first visit
    given = settings.from_environment()
    return {
        "lifespan": lifespan,
        "routes": [
            Route("/", document),
            Route("/readyz", ready),
            Route("/notices", notices),
            Route(suggestions.PATH, suggestions.answer),
            *plain_routes.routes(),
            *api_routes.routes(),
            *(Route(path, staff) for path in sorted(STAFF_PAGES)),
        ],
        "middleware": [
            Middleware(
                Guard,
                headers=security_headers,
                not_found=not_found,
                is_file=shell.files().__contains__,
                hosts=hosts.hosts(given.names, given.origins),
                door=door.current(),
                refused=refused,
            ),
            Middleware(Files),
            # Answers to questions too: the size of what is compressed tells about a secret beside
            # words that somebody else chose (BREACH), and no page here holds a secret. There are no
            # cookies for patients and no tokens; what seals a question is made of that question.
            Middleware(GZipMiddleware, compresslevel=6),
        ],
    }


def security_headers(path: str) -> Sequence[tuple[str, str]]:
    """Return the headers for answers at a path under the clinic's settings of this moment.

    Only pages with the search form without JavaScript may send a form, and only to this page.
    """
    form_action = "'self'" if path in PLAIN or path == "/" else "'none'"
    return _headers(form_action, settings.clinic().embed_origins)


@cache
def _headers(form_action: str, framed_by: tuple[str, ...]) -> Sequence[tuple[str, str]]:
    page = shell.page_html(settings.clinic(), settings.numbers())
    policy = shell.content_security_policy(page, framed_by=framed_by, form_action=form_action)
    # The older header has no list of websites.
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


def document(request: Request) -> Response:
    """Answer with the document around the page, and in it what the address asks for.

    A question in the address (a clinic's own link) is not read here, but by the browser. Not
    `async`, because drawing a long article takes time: Starlette runs it in a thread.
    """
    view = view_of(request.query_params, for_staff=settings.is_for_staff())
    first = views.first_view(view)
    page = shell.page_html(
        settings.clinic(),
        settings.numbers(),
        title=first.title,
        body=first.html,
        for_staff=settings.is_for_staff(),
        embedded=_is_embedded(request),
    )
    return HTMLResponse(page, headers={"cache-control": "no-cache", "vary": "sec-fetch-dest"})


def _is_embedded(request: Request) -> bool:
    """Say whether the page is in a frame: by the address, or by what the browser sends."""
    by_address: str = request.query_params.get("embed", "")
    return by_address.lower() == "true" or request.headers.get("sec-fetch-dest") == "iframe"


async def notices(_request: Request) -> Response:
    """Answer with all safety notices as a plain page: it needs no script, index or connection."""
    body = notices_html(settings.red_flags(), settings.numbers(), today=date.today())
    body += plain.link_html()
    page = shell.plain_html(
        settings.clinic(),
        settings.numbers(),
        title=text.NOTICES_TITLE,
        body=body,
        for_staff=settings.is_for_staff(),
    )
    return HTMLResponse(page, headers={"cache-control": "no-cache"})


def staff(request: Request) -> Response:
    """Answer with what only staff see; 404 on a page for patients.

    Not `async`, because it reads files: Starlette runs such a function in a thread.
    """
    if settings.is_for_staff():
        from ui.editor import routes  # a page for patients starts without it

        if answered := routes.answer(request):
            return answered
    return PlainTextResponse(response.NOTHING_HERE, status_code=404)


def not_found(path: str) -> str:
    """Draw the page for an unknown address."""
    return _plain_page(path, text.NO_PAGE, plain.not_found_html())


def refused(path: str) -> str:
    """Draw the page for visitors without the cookie of the page for staff."""
    return _plain_page(path, text.DOOR, layout.door())


def _plain_page(path: str, title: str, body: str) -> str:
    page = shell.plain_html(settings.clinic(), settings.numbers(), title=title, body=body)
    return shell.from_below(page, "../" * (path.count("/") - 1) or "./")


async def ready(_request: Request) -> Response:
    """Tell a monitor whether the page answers questions and raises notices: 200 or 503.

    `notices` says where the safety notices come from: "content", or, when the clinic's file cannot
    be used, "last" (as this page read it before), "index" (the copy there), "default" (the
    product's) or "none". `problems` names the settings files that cannot be used.
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
    """Start opening the index when the server starts, before the first visitor."""
    quiet_request_log()
    door.print_link()
    engine.get_engine()
    theme.use(settings.clinic())
    streamlit_theme.keep()
    sealed.seal("")  # loads its library before the first visitor
    try:
        yield {}
    finally:
        engine.set_engine(None)


def quiet_request_log() -> None:
    """Keep addresses out of every log: a clinic's own link may hold a question.

    This runs when the server is up, because Streamlit adds a handler to this logger after the
    server has turned it off. Warnings go too, one for each request that cannot be parsed; each
    error is logged once a minute (ui/server/log_filter.py).
    """
    requests = logging.getLogger("uvicorn.access")
    requests.handlers.clear()
    requests.propagate = False
    requests.disabled = True
    server = logging.getLogger("uvicorn.error")
    server.setLevel(logging.ERROR)
    if not any(isinstance(existing, OncePerMinute) for existing in server.filters):
        server.addFilter(OncePerMinute())
