"""The document around the page: Streamlit's index page with our language, header and first page.

The header and "Get help now" are part of the document and not of the application, so they are
there before any script runs, without JavaScript, and when the connection is lost. So is what a
visitor came for, the search or an article: it works at once, and assets/first.js lets the
application take its place when that has loaded.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from ui.languages import text
from ui.page.theme import style
from ui.rendering.layout import header
from ui.server import streamlit_files
from ui.server.streamlit_files import StreamlitVersionError, found_once

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.clinic_settings import Clinic
    from safety.notices.red_flags import Numbers

ASSETS = Path(__file__).parent.parent / "assets"
FIRST = ("box.js", "first.js", "helper.js", "lost.js")
"""The scripts that the first document begins with, in their order."""
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".woff2": "font/woff2",
    ".png": "image/png",
    ".txt": "text/plain; charset=utf-8",
}


@cache
def assets() -> dict[str, bytes]:
    """Read our own files once, and Streamlit's style sheet as it is sent to patients."""
    files = sorted(ASSETS.iterdir())
    ours = {path.name: path.read_bytes() for path in files if path.suffix in TYPES}
    return {**ours, streamlit_files.STYLE: streamlit_files.style().encode()}


@cache
def version() -> str:
    """Return a hash of our files, so that a browser may cache them for ever."""
    return hashlib.sha256(b"".join(assets().values())).hexdigest()[:10]


@cache
def files() -> frozenset[str]:
    """Return the addresses of all files of the page, ours and Streamlit's."""
    return frozenset([*(f"/assets/{name}" for name in assets()), *streamlit_files.files()])


@cache
def template(
    page: str,
    language: str = "",  # noqa: ARG001  part of the key
    *,
    for_staff: bool = False,
) -> tuple[str, str, str]:
    """Change Streamlit's index page; return the parts before, between and after title and body.

    The words are in the clinic's language; `language` is the key of the cache. Raises
    StreamlitVersionError when something to change is not there exactly once.
    """
    page = re.sub(r"<!--.*?-->", "", page, flags=re.DOTALL).strip()
    # Choices on the pages for staff have icons of Streamlit's fonts.
    style_at = "" if for_staff else _ours(streamlit_files.STYLE)
    page, application = streamlit_files.parted(page, style_at=style_at)
    page = _once(page, r'<html lang="[^"]*">', f"<html {_language()}>")
    page = _once(page, r'<link\s[^>]*rel="shortcut icon"[^>]*>', "")
    page = _once(page, r'<link\s[^>]*rel="preload"[^>]*SourceSans[^>]*>', "")
    page = _once(page, r'<link\s[^>]*rel="service-desc"[^>]*>', "")
    page = _once(page, r"<noscript>.*?</noscript>", "")
    live = '<div id="cs-live" class="cs-vh" role="status" aria-atomic="true"></div>'
    later = f'<template id="cs-app">{application}{_script("suggest.js")}</template>'
    page = _once(page, r'<div id="root"></div>', f'<div id="root"></div>{live}{later}')
    ours = (
        '<meta name="color-scheme" content="light dark">'
        f'<link rel="icon" type="image/png" href="{_ours("favicon.png")}">'
        f"<style>{_inline_style()}</style>{''.join(map(_script, FIRST))}"
        f'<link rel="preload" as="font" type="font/woff2" crossorigin'
        f' href="./assets/atkinson-latin.woff2">'
    )
    page = page.replace("</head>", f"{ours}</head>")
    before, title, rest = page.partition("<title>Streamlit</title>")
    middle, body, after = rest.partition("<body>")
    if not (title and body):
        raise StreamlitVersionError(
            "Streamlit's index page has another title or body: see ui/server/document.py."
        )
    return before, middle + body, after


def page_html(
    clinic: Clinic,
    numbers: Numbers,
    *,
    title: str = "",
    body: str = "",
    for_staff: bool = False,
    embedded: bool = False,
) -> str:
    """Return the document for a clinic, with its country's telephone numbers.

    `body` is what stands below the header until the application takes its place. `embedded` hides
    the menu, for a frame on the clinic's own website.
    """
    index = streamlit_files.index_page()
    before, middle, after = template(index, clinic.language, for_staff=for_staff)
    head = f"<title>{escape(f'{title} – {clinic.name}')}</title>{text.style()}"
    middle = middle.replace("</head>", f"{style(clinic)}</head>")
    if for_staff:
        head += _script("desk.js") + _script("sheet.js")
    if embedded:
        head += _script("embed.js")
        middle = middle.replace("<body>", '<body class="cs-embed">')
    banner = header(clinic, numbers, for_staff=for_staff).replace("#root", "#cs-first")
    lost = (
        f'<div id="cs-lost" class="cs-lost" role="status" data-lost="{escape(text.LOST)}"'
        f' data-back="{escape(text.LOST_BACK)}" data-clear="{escape(text.CLEAR)}"></div>'
    )
    first = f'<main id="cs-first" class="stApp cs-first"><div>{body}</div></main>'
    return f"{before}{head}{middle}{banner}{lost}{first}{after}"


def plain_html(
    clinic: Clinic, numbers: Numbers, *, title: str, body: str, for_staff: bool = False
) -> str:
    """Return a document with our header and without scripts."""
    # From its own address the header's links must lead to the page.
    banner = header(clinic, numbers, for_staff=for_staff).replace('href="?', 'href="./?')
    return (
        f'<!DOCTYPE html><html {_language()}><head><meta charset="UTF-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{escape(f'{title} – {clinic.name}')}</title>"
        f'<link rel="icon" type="image/png" href="{_ours("favicon.png")}">'
        f'<link rel="stylesheet" href="{_ours("app.css")}">{text.style()}'
        f"{style(clinic)}</head>"
        f'<body class="cs-plain">{banner}'
        f'<main id="root" class="stApp">{body}</main></body></html>'
    )


def from_below(page: str, up: str) -> str:
    """Return a plain page for a deeper address; `up` leads from there to the start page."""
    return page.replace('="./', f'="{up}') if up != "./" else page


def content_security_policy(
    page: str, *, framed_by: Sequence[str] = (), form_action: str = "'none'"
) -> str:
    """Allow only this server, and the inline scripts of this page by their hash.

    Styles are `unsafe-inline` because Streamlit's style library writes `<style>` elements.
    `framed_by` lists the websites that may show the page in a frame.
    """
    inline = re.findall(r"<script>(.*?)</script>", page, flags=re.DOTALL)
    hashes = " ".join(f"'sha256-{_digest(script)}'" for script in inline)
    ancestors = " ".join(["'self'", *framed_by]) if framed_by else "'none'"
    return "; ".join(
        [
            "default-src 'self'",
            f"script-src 'self' {hashes}".strip(),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "font-src 'self' data:",  # Streamlit's style sheet holds a font for formulas
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            f"form-action {form_action}",
            "frame-src 'none'",
            "worker-src 'none'",
            f"frame-ancestors {ancestors}",
        ]
    )


def _language() -> str:
    return f'lang="{escape(text.LANGUAGE)}" dir="{text.direction()}"'


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _ours(name: str) -> str:
    """Return the address of one of our files; it changes with their content."""
    return f"./assets/{name}?v={version()}"


def _inline_style() -> str:
    """Return our styles for the document itself: on a slow line a file of them is 0.6 s later."""
    return assets()["app.css"].decode().replace('url("', 'url("./assets/')


def _script(name: str) -> str:
    return f'<script type="module" src="{_ours(name)}"></script>'


def _once(page: str, pattern: str, replacement: str) -> str:
    found_once(page, pattern)
    return re.sub(pattern, replacement, page, flags=re.DOTALL)
