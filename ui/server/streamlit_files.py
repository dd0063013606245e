"""Streamlit's front end as the pinned version ships it: what of it is sent, and when.

The index page's scripts and styles wait in a `<template>` until assets/first.js has painted the
search: on a slow line half a megabyte would come before it.
"""

from __future__ import annotations

import json
import logging
import re
from functools import cache
from pathlib import Path
from typing import Any

# What is only asked for when the page is drawn, by the names in Streamlit's own list of its files.
LATE = (
    "../lib/src/components/widgets/TextArea/TextArea.tsx",
    "../lib/src/components/widgets/TextInput/TextInput.tsx",
    "../lib/src/components/elements/Html/Html.tsx",
)
STYLE = "streamlit.css"
"""Streamlit's style sheet without its fonts, among our own files."""

_FONT_FACE = re.compile(r"@font-face\s*\{[^}]*\}")
_MODULE = r'<script type="module" crossorigin src="([^"]+)"></script>'
_PRELOAD = r'<link rel="modulepreload" crossorigin href="([^"]+)">'
_STYLE = r'<link rel="stylesheet" crossorigin href="([^"]+)">'

_log = logging.getLogger("clinic.ui")


class StreamlitVersionError(RuntimeError):
    """Streamlit's index page is not the page that this module can change."""


def folder() -> Path:
    """Return the folder whose files Streamlit serves."""
    import streamlit

    return Path(streamlit.__file__).parent / "static"


@cache
def index_page() -> str:
    """Read the index page of the installed Streamlit once."""
    return (folder() / "index.html").read_text(encoding="utf-8")


@cache
def files() -> dict[str, Path]:
    """Return Streamlit's files by their addresses.

    At any other address below /static/ Streamlit answers with its own index page.
    """
    found = (path for path in (folder() / "static").rglob("*") if path.is_file())
    return {f"/{path.relative_to(folder()).as_posix()}": path for path in found}


@cache
def style() -> str:
    """Return Streamlit's style sheet without its fonts.

    No page for patients uses them, and Streamlit asks for the one of its icons in any case.
    """
    (address,) = found_once(index_page(), _STYLE)
    return _FONT_FACE.sub("", (folder() / address).read_text(encoding="utf-8"))


def parted(page: str, *, style_at: str) -> tuple[str, str]:
    """Part the application from a page: the page without it, and what starts it.

    `style_at` is the address for Streamlit's style sheet; empty keeps its own. Raises
    StreamlitVersionError when scripts or styles are not where they are expected.
    """
    (module,), (own_style,) = found_once(page, _MODULE), found_once(page, _STYLE)
    chunks = re.findall(_PRELOAD, page)
    late = [chunk for chunk in late_chunks() if chunk not in chunks]
    for pattern in (_MODULE, _PRELOAD, _STYLE):
        page = re.sub(rf"\s*{pattern}", "", page)
    # A question that is sent meanwhile goes before all of it.
    later = 'fetchpriority="low" crossorigin'
    preloads = "".join(
        f'<link rel="modulepreload" {later} href="{chunk}">' for chunk in (*chunks, *late)
    )
    return page, (
        f'<link rel="stylesheet" {later} href="{style_at or own_style}">{preloads}'
        f'<script type="module" {later} src="{module}"></script>'
    )


@cache
def late_chunks() -> tuple[str, ...]:
    """Return the addresses of the scripts of `LATE` and of all that these import.

    Another version of Streamlit may have no such list or names: then nothing is loaded ahead, the
    page is a little slower, and the log says so.
    """
    try:
        listed = json.loads((folder() / "manifest.json").read_text(encoding="utf-8"))
        return tuple(dict.fromkeys(chunk for name in LATE for chunk in _imports(name, listed)))
    except (OSError, ValueError, KeyError) as error:
        _log.warning(
            "Streamlit's manifest.json does not list %s: the search box is loaded later than it"
            " could be. Install the pinned Streamlit, or change ui/server/streamlit_files.py.",
            error.args[0] if isinstance(error, KeyError) else "its files",
        )
        return ()


def _imports(name: str, listed: dict[str, Any]) -> list[str]:
    """Return the address of a script and of all that it imports, the deepest first."""
    order: dict[str, None] = {}

    def visit(key: str) -> None:
        if key not in order:
            order[key] = None
            for needed in listed[key].get("imports", ()):
                visit(needed)

    visit(name)
    return [f"./{listed[key]['file']}" for key in reversed(order) if key != "index.html"]


def found_once(page: str, pattern: str) -> tuple[str, ...]:
    """Return the groups of the one match of a pattern; raises StreamlitVersionError for others."""
    found = list(re.finditer(pattern, page, flags=re.DOTALL))
    if len(found) != 1:
        raise StreamlitVersionError(
            f"Streamlit's index page holds {pattern!r} {len(found)} times instead of once. This"
            " page was written for another version of Streamlit: install the pinned one, or change"
            " ui/server/document.py."
        )
    return found[0].groups()
