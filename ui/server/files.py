"""Answers with files, ours and Streamlit's, compressed once; and with Streamlit's host settings.

A middleware, because Streamlit keeps /static/ and /_stcore/ to its own routes.
"""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from mimetypes import guess_type
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import brotli
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import FileResponse, JSONResponse, Response

from ui.server import document, streamlit_files
from ui.service.async_search import opened_index

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

HOST_SETTINGS = "/_stcore/host-config"
FOREVER = "public, max-age=31536000, immutable"
# Pictures, and fonts in woff2, are compressed already.
_TEXTS = frozenset({".js", ".css", ".json", ".svg", ".txt", ".map", ".html"})
_WORTH_BYTES = 500
# One per cent less would take brotli five times as long, while the first visitor waits.
_BROTLI, _GZIP = 7, 6


@dataclass(frozen=True, slots=True)
class Copy:
    """A body as it goes over the line, and the name of its encoding: empty for none."""

    body: bytes
    encoding: str = ""


class Files:
    """The middleware: everything but files and host settings goes on to `app`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass a request on."""
        path = scope.get("path", "")
        if scope["type"] == "http" and path == HOST_SETTINGS:
            await host_settings()(scope, receive, send)
        elif scope["type"] == "http" and path in document.files():
            if path in streamlit_files.files():
                await opened_index()  # an answer in the first document comes before the application
            answer = await run_in_threadpool(file_answer, path, Headers(scope=scope))
            await answer(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def file_answer(path: str, asked: Headers) -> Response:
    """Answer with a file of the page; `path` is one of `document.files()`.

    A part of a file (Range) is a part of the file itself: the copies are for whole answers.
    """
    suffix = PurePosixPath(path).suffix
    kind = document.TYPES.get(suffix) or guess_type(path)[0] or "application/octet-stream"
    # Names change with what is in the files, but for the page that names them.
    kept = "no-cache" if suffix == ".html" else FOREVER
    headers = {"cache-control": kept, "vary": "accept-encoding", "content-type": kind}
    encoding = _encoding(asked.get("accept-encoding", "")) if suffix in _TEXTS else ""
    theirs = streamlit_files.files().get(path)
    if theirs is not None and ("range" in asked or not encoding):
        return FileResponse(theirs, headers=headers)
    copy = _copy(path, encoding)
    tag = _tag(path, copy.encoding)
    headers |= {"etag": tag}
    if copy.encoding:
        headers["content-encoding"] = copy.encoding
    if tag in [one.strip() for one in asked.get("if-none-match", "").split(",")]:
        return Response(status_code=304, headers=headers)
    return Response(copy.body, headers=headers)


def host_settings() -> Response:
    """Answer with what Streamlit tells a page around its own: nothing is allowed.

    `blockErrorDialogs`: on a lost connection Streamlit would lay an English dialog over the page
    that makes "Get help now" inert. assets/lost.js says it calmly.
    """
    allowed = {
        "allowedOrigins": [],
        "useExternalAuthToken": False,
        "enableCustomParentMessages": False,
        "enforceDownloadInNewTab": False,
        "metricsUrl": "",
        "blockErrorDialogs": True,
        "resourceCrossOriginMode": None,
    }
    return JSONResponse(allowed, headers={"cache-control": "no-cache"})


def _encoding(accepted: str) -> str:
    """Return the encoding to use for an Accept-Encoding header, empty for none."""
    weights: dict[str, str] = {}
    for part in accepted.lower().split(","):
        name, _, weight = part.strip().partition(";")
        weights[name.strip()] = weight.replace(" ", "").removeprefix("q=")
    wanted = [name for name in ("br", "gzip") if name in weights and _is_wanted(weights[name])]
    return wanted[0] if wanted else ""


def _is_wanted(weight: str) -> bool:
    return weight.strip("0.") != "" or weight == ""


@cache
def _copy(path: str, encoding: str) -> Copy:
    """Return a file in an encoding: made when it is first asked for, then kept in memory."""
    theirs = streamlit_files.files().get(path)
    body = theirs.read_bytes() if theirs else document.assets()[PurePosixPath(path).name]
    if not encoding or len(body) < _WORTH_BYTES:
        return Copy(body)
    if encoding == "br":
        return Copy(brotli.compress(body, quality=_BROTLI), encoding)
    return Copy(gzip.compress(body, _GZIP, mtime=0), encoding)


@cache
def _tag(path: str, encoding: str) -> str:
    digest = hashlib.sha256(_copy(path, encoding).body).hexdigest()[:20]
    return f'"{digest}-{encoding}"' if encoding else f'"{digest}"'
