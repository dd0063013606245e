"""The page without JavaScript as HTML: links and forms take the place of scripts.

Pure. Everything drawn here was escaped where it was drawn; what is changed are our own attributes,
and content cannot look like one because its quotation marks are escaped.
"""

from __future__ import annotations

import re
from html import escape, unescape
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode

from core.text.normalize import MAX_QUERY_CHARS
from ui.languages import text
from ui.rendering import layout

if TYPE_CHECKING:
    from collections.abc import Sequence

SEARCH, ARTICLE, ABOUT = "/plain", "/plain/article", "/plain/about"
FORM = "cs-plain-form"
BOX = "q"
AGAIN = "again"
"""Name of the buttons that search for something else than what stands in the box."""

_BUTTON = re.compile(r'<button type="button"([^>]*)>(.*?)</button>', re.DOTALL)
_ASKS = re.compile(r' data-ask="([^"]*)"')
_LINK = re.compile(r'href="(?:\./)?(\?[^"]*)"')
_LEAVING = re.compile(r'<a class="cs-in[^"]*" href="\?[^"]*"(?: aria-label="([^"]*)")?(?=>)')
_EMPTY = re.compile(r'<p class="cs-acts">\s*</p>')


def form_html(question: str = "") -> str:
    """Draw the search box as a form that sends the question in its body, never in an address."""
    return (
        f'<form id="{FORM}" class="cs-form" method="post" action="./plain" role="search"'
        ' accept-charset="utf-8">'
        f'<label for="{FORM}-box">{text.LABEL}</label><div class="cs-form-row">'
        f'<input id="{FORM}-box" type="search" name="{BOX}" value="{escape(question)}"'
        f' placeholder="{escape(text.PLACEHOLDER)}" maxlength="{MAX_QUERY_CHARS}"'
        ' autocomplete="off" enterkeyhint="search" aria-describedby="cs-hint">'
        f'<button type="submit">{text.SEARCH}</button></div></form>'
    )


def search_html(question: str = "", below: Sequence[str] = (), *, note: str = "") -> str:
    """Draw the whole search: heading, box, and `below` it notices and results, if there are any."""
    said = f'<p class="cs-note">{escape(note)}</p>' if note else ""
    return (
        f"{layout.hero(asked=bool(question))}{form_html(question)}{layout.hint()}"
        f"{said}{''.join(below)}{layout.footer()}"
    )


def noscript_html() -> str:
    """Draw what stands in the document for visitors without JavaScript: the search itself."""
    body = without_script(search_html(note=str(text.NO_SCRIPT)))
    return f'<noscript><main class="stApp cs-noscript">{body}</main></noscript>'


def article_page_html(body: str) -> str:
    """Draw an article, the list of them, or the page about the search, with the footer."""
    return f"{body}{layout.footer()}"


def links_in_new_tabs(found: str) -> str:
    """Draw what a search found so that it stays: its links open in a tab of their own.

    Nothing may keep an answer to a question that was sent in, so going back to it would mean to
    send it again, and browsers warn of that.
    """
    if not _LEAVING.search(found):
        return found
    opened = _LEAVING.sub(_in_new_tab, found)
    return f'<p class="cs-hint cs-kept">{text.NEW_TABS}</p>{opened}'


def link_html() -> str:
    """Draw the way to this page from those that stand without a script."""
    return f'<p class="cs-acts"><a href="./plain">{text.PLAIN_LINK}</a></p>'


def not_found_html() -> str:
    """Draw what a person reads at an address where nothing is; it never repeats the address."""
    return (
        f'<div class="cs-panel"><h1 id="cs-title">{text.NO_PAGE}</h1><p>{text.NO_PAGE_MORE}</p>'
        f'<ul><li><a href="./">{text.ASK_AGAIN}</a></li>'
        f'<li><a href="./notices">{text.ALL_NOTICES}</a></li></ul>'
        f"<p>{text.NOT_COVERED_HELP}</p></div>"
    )


def without_script(html: str) -> str:
    """Turn what the page draws into what works without a script.

    Links into the page become addresses of plain pages. Buttons that ask become buttons of the
    form; all others (copy, print) go, because nothing would happen.
    """
    html = _BUTTON.sub(_button, html)
    html = _LINK.sub(lambda link: f'href="{escape(plain_address(unescape(link[1])))}"', html)
    return _EMPTY.sub("", html.replace('href="./"', 'href="./plain"'))


def plain_address(address: str) -> str:
    """Return where a plain page shows what an address of the page (`?article=...`) means."""
    asked = {name: values[-1] for name, values in parse_qs(address[1:]).items()}
    if asked.get("article"):
        kept = ("article", "section", "passage")
        parts: dict[str, str] = {name: asked[name] for name in kept if name in asked}
        anchor = "#cs-found" if "passage" in parts else ""
        if not anchor and "section" in parts:
            anchor = f"#cs-part-{parts['section']}"
        return f".{ARTICLE}?{urlencode(parts)}{anchor}"
    if asked.get("like"):
        return f".{ARTICLE}?{urlencode({'like': asked['like']})}"
    view = asked.get("view")
    if view == "articles":
        return f".{ARTICLE}"
    if view == "about":
        return f".{ABOUT}"
    if view == "notices":
        return "./notices" + (f"#notice-{asked['notice']}" if "notice" in asked else "")
    return f".{SEARCH}"


def _in_new_tab(link: re.Match[str]) -> str:
    name = link[1]
    named = name and link[0].replace(f'"{name}"', f'"{name} ({text.NEW_TAB})"')
    return f'{named or link[0]} target="_blank" rel="noopener"'


def _button(found: re.Match[str]) -> str:
    attributes, label = found.groups()
    asks = _ASKS.search(attributes)
    if not asks:
        return ""
    kept = _ASKS.sub("", attributes)
    return (
        f'<button type="submit" form="{FORM}" name="{AGAIN}" value="{asks[1]}"{kept}>'
        f"{label}</button>"
    )
