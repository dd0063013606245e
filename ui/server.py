"""What the ASGI application is made of besides Streamlit: our document, files, readiness, guard."""

from __future__ import annotations

import logging
from contextlib import asynccontextmanager
from datetime import date
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from index.printing import csv_bytes
from ui import engine, facts, settings, shell, text
from ui.guard import NOTHING_HERE, Guard
from ui.notices import notices_html

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from starlette.requests import Request

FOR_GOOD = "public, max-age=31536000, immutable"

_log = logging.getLogger("clinic.ui")


def app_parts() -> dict[str, Any]:
    """Return the keyword arguments for `st.App`; raises ShellError under another Streamlit."""
    headers = security_headers()
    return {
        "lifespan": lifespan,
        "routes": [
            Route("/", document),
            Route("/readyz", ready),
            Route("/notices", notices),
            Route("/staff/{name}.csv", staff_csv),
            Route("/assets/{name}", asset),
        ],
        "middleware": [
            Middleware(Guard, headers=headers, origins=settings.from_environment().origins)
        ],
    }


def security_headers() -> list[tuple[str, str]]:
    """Return the headers of every answer."""
    document_now = shell.page_html(settings.clinic(), settings.numbers())
    return [
        ("content-security-policy", shell.content_security_policy(document_now)),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
    ]


async def document(_request: Request) -> Response:
    """Answer with the page around the page; it never reads the address."""
    for_staff = settings.is_for_staff()
    page = shell.page_html(settings.clinic(), settings.numbers(), for_staff=for_staff)
    return HTMLResponse(page, headers={"cache-control": "no-cache"})


async def notices(_request: Request) -> Response:
    """Answer with all safety notices as a plain page: no script, no index, no connection."""
    told = notices_html(settings.red_flags(), settings.numbers(), today=date.today())
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
    status = engine.get_engine(settings.from_environment().built).status
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
    return PlainTextResponse(NOTHING_HERE, status_code=404)


async def ready(_request: Request) -> Response:
    """Say whether questions can be answered, for a monitor: 200 or 503."""
    status = engine.get_engine(settings.from_environment().built).status
    is_ready = status.state is engine.State.READY
    generation = status.index.generation if status.index else None
    body = {"ready": is_ready, "state": str(status.state), "generation": generation}
    headers = {"cache-control": "no-store"}
    return JSONResponse(body, status_code=200 if is_ready else 503, headers=headers)


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncGenerator[dict[str, Any], None]:
    """Start opening the index when the server starts; visitors need not wait for it."""
    silence_request_log()
    engine.get_engine(settings.from_environment().built)
    try:
        yield {}
    finally:
        engine.set_engine(None)


def silence_request_log() -> None:
    """Keep addresses out of every log: a clinic's own link may hold a question.

    Done when the server is up, because Streamlit gives this logger a handler of its own after
    the server was told not to use it.
    """
    requests = logging.getLogger("uvicorn.access")
    requests.handlers.clear()
    requests.propagate = False
    requests.disabled = True
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
