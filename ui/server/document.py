"""The document around the page: Streamlit's index page with our language, header and scripts.

The header and "Get help now" are part of the document and not of the application, so they are
there before any script runs, without JavaScript, and when the connection is lost.
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
from ui.plain import document
from ui.rendering.layout import header

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.clinic_settings import Clinic
    from safety.notices.red_flags import Numbers

ASSETS = Path(__file__).parent.parent / "assets"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".woff2": "font/woff2",
    ".png": "image/png",
    ".txt": "text/plain; charset=utf-8",
}


class StreamlitVersionError(RuntimeError):
    """Streamlit's index page is not the page that this module can change."""


@cache
def assets() -> dict[str, bytes]:
    """Read our own files once; no other file is served."""
    files = sorted(ASSETS.iterdir())
    return {path.name: path.read_bytes() for path in files if path.suffix in TYPES}


@cache
def version() -> str:
    """Return a hash of our files, so that a browser may cache them for ever."""
    return hashlib.sha256(b"".join(assets().values())).hexdigest()[:10]


@cache
def files() -> frozenset[str]:
    """Return the addresses of all files of the page, ours and Streamlit's.

    At any other address below /static/ Streamlit answers with its own index page.
    """
    ours = (f"/assets/{name}" for name in assets())
    theirs = (path for path in (_streamlit() / "static").rglob("*") if path.is_file())
    return frozenset([*ours, *(f"/{path.relative_to(_streamlit()).as_posix()}" for path in theirs)])


@cache
def streamlit_index() -> str:
    """Read the index page of the installed Streamlit once."""
    return (_streamlit() / "index.html").read_text(encoding="utf-8")


def _streamlit() -> Path:
    import streamlit

    return Path(streamlit.__file__).parent / "static"


@cache
def template(page: str, language: str = "") -> tuple[str, str, str]:  # noqa: ARG001  part of the key
    """Change Streamlit's index page; return the parts before, between and after title and header.

    The words are in the clinic's language; `language` is the key of the cache.
    Raises StreamlitVersionError when something to change is not there exactly once.
    """
    page = re.sub(r"<!--.*?-->", "", page, flags=re.DOTALL).strip()
    page = _once(page, r'<html lang="[^"]*">', f"<html {_language()}>")
    page = _once(page, r'<link\s[^>]*rel="shortcut icon"[^>]*>', "")
    page = _once(page, r'<link\s[^>]*rel="preload"[^>]*SourceSans[^>]*>', "")
    page = _once(page, r'<link\s[^>]*rel="service-desc"[^>]*>', "")
    page = _once(page, r"<noscript>.*?</noscript>", "")
    starting = f'<p class="cs-boot">{text.STARTING}</p>{document.noscript_html()}'
    live = '<div id="cs-live" class="cs-vh" role="status" aria-atomic="true"></div>'
    page = _once(page, r'<div id="root"></div>', f'<div id="root">{starting}</div>{live}')
    # Before Streamlit's own module: the helper takes a question out of the address first.
    ours = (
        '<meta name="color-scheme" content="light dark">'
        f'<link rel="icon" type="image/png" href="./assets/favicon.png?v={version()}">'
        f'<link rel="preload" as="font" type="font/woff2" crossorigin'
        f' href="./assets/atkinson-latin.woff2">'
        f'<link rel="stylesheet" href="./assets/app.css?v={version()}">'
        f'<script type="module" src="./assets/helper.js?v={version()}"></script>'
        f'<script type="module" src="./assets/suggest.js?v={version()}"></script>'
    )
    module = r'(<script type="module" crossorigin src="[^"]+"></script>)'
    page = _once(page, module, ours + r"\1")
    before, title, rest = page.partition("<title>Streamlit</title>")
    middle, body, after = rest.partition("<body>")
    if not (title and body):
        raise StreamlitVersionError(
            "Streamlit's index page has another title or body: see ui/server/document.py."
        )
    return before, middle + body, after


def page_html(
    clinic: Clinic, numbers: Numbers, *, for_staff: bool = False, embedded: bool = False
) -> str:
    """Return the document for a clinic, with its country's telephone numbers.

    `embedded` hides the menu, for a frame on the clinic's own website.
    """
    before, middle, after = template(streamlit_index(), clinic.language)
    title = f"<title>{escape(f'{text.SEARCH} – {clinic.name}')}</title>{text.style()}"
    middle = middle.replace("</head>", f"{style(clinic)}</head>")
    if for_staff:
        for name in ("desk", "sheet"):
            title += f'<script type="module" src="./assets/{name}.js?v={version()}"></script>'
    if embedded:
        title += f'<script type="module" src="./assets/embed.js?v={version()}"></script>'
        middle = middle.replace("<body>", '<body class="cs-embed">')
    return f"{before}{title}{middle}{header(clinic, numbers, for_staff=for_staff)}{after}"


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
        f'<link rel="icon" type="image/png" href="./assets/favicon.png?v={version()}">'
        f'<link rel="stylesheet" href="./assets/app.css?v={version()}">{text.style()}'
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


def _once(page: str, pattern: str, replacement: str) -> str:
    changed, times = re.subn(pattern, replacement, page, flags=re.DOTALL)
    if times != 1:
        raise StreamlitVersionError(
            f"Streamlit's index page holds {pattern!r} {times} times instead of once. This page was"
            " written for another version of Streamlit: install the pinned one, or change"
            " ui/server/document.py."
        )
    return changed
