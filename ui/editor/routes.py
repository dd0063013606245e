"""What only staff see and Streamlit does not draw: tables, how a file was read, notices to print.

A page for patients never imports this module.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, PlainTextResponse, Response

from core.errors import PublishError
from core.files.spreadsheet import csv_bytes
from ui.editor import addresses, facts, notices, reading
from ui.languages import text
from ui.server import document as shell
from ui.service import engine, settings

if TYPE_CHECKING:
    from starlette.requests import Request

_HEADERS = {"cache-control": "no-store"}


def answer(request: Request) -> Response | None:
    """Answer at one of the addresses for staff; None where there is nothing. It may wait."""
    path = request.url.path
    if path == addresses.READING:
        return _reading(request.query_params.get(reading.ARTICLE, ""))
    if path == addresses.NOTICES:
        return _notices()
    return _table(addresses.TABLES[path])


def _table(name: str) -> Response:
    status = engine.get_engine().status
    table = facts.csv_table(name, facts.gather(status, today=date.today()))
    if table is None:
        return PlainTextResponse(text.NO_TABLE, status_code=503, headers=_HEADERS)
    headers = {**_HEADERS, "content-disposition": f'attachment; filename="staff-{name}.csv"'}
    return Response(csv_bytes(*table), media_type="text/csv; charset=utf-8", headers=headers)


def _reading(article: str) -> Response | None:
    index = engine.get_engine().status.index
    if index is None or article not in index.articles:
        return None
    try:
        page, written = reading.made_page(index.articles[article].source)
    except TimeoutError:
        return PlainTextResponse(text.READING_BUSY, status_code=503, headers=_HEADERS)
    except PublishError as error:
        page, written = "", str(error)
    if page:
        return HTMLResponse(page, headers=_HEADERS)
    problem = f"{text.READING_FAILED}\n\n{written}\n"
    return PlainTextResponse(problem, status_code=503, headers=_HEADERS)


def _notices() -> Response:
    numbers = settings.numbers()
    body = notices.print_html(settings.red_flags(), numbers, today=date.today())
    page = shell.plain_html(
        settings.clinic(), numbers, title=text.EDITOR_SIGN, body=body, for_staff=True
    )
    return HTMLResponse(shell.from_below(page, "../"), headers=_HEADERS)
