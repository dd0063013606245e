"""The page without JavaScript as HTML: links and forms take the place of scripts. Pure.

The HTML that comes in is escaped already. Only our own attributes are changed, and content cannot
look like an attribute because its quotation marks are escaped.
"""

from __future__ import annotations

import re
from html import escape, unescape
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, urlencode

from core.text.normalize import MAX_QUERY_CHARS
from ui.languages import text
from ui.rendering import layout

if TYPE_CHECKING:
    from collections.abc import Sequence

SEARCH, ARTICLE, ABOUT = "/plain", "/plain/article", "/plain/about"
FORM = "cs-plain-form"
BOX = "q"
AGAIN = "again"
"""Name of the buttons that search for another question than that in the box."""
KEPT = "kept"
"""Name of a question that was sealed for the visitor's tab (ui/service/sealed.py)."""
PART = "part"
"""Name of the field with which assets/first.js asks for the search without the page around it."""
ANSWER = "cs-answer"

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


def filter_html(typed: str = "") -> str:
    """Draw the filter of the list of articles as a form that sends its words in its body."""
    back = f' <a href="?view=articles">{text.FILTER_ALL}</a>' if typed else ""
    return (
        f'<form class="cs-form" method="post" action=".{ARTICLE}" accept-charset="utf-8">'
        f'<label for="cs-filter">{text.FILTER_LABEL}</label><div class="cs-form-row">'
        f'<input id="cs-filter" type="search" name="{BOX}" value="{escape(typed)}"'
        f' maxlength="{MAX_QUERY_CHARS}" autocomplete="off" enterkeyhint="search">'
        f'<button type="submit">{text.FILTER}</button></div>{back}</form>'
    )


def search_html(
    question: str = "", below: Sequence[str] = (), *, note: str = "", is_asked: bool = False
) -> str:
    """Draw the search: heading, box, and `below` it any notices and results.

    `is_asked`: something was asked, and the box is filled or already filled by a script.
    """
    asked = is_asked or bool(question)
    note = f'<p class="cs-note">{escape(note)}</p>' if note else ""
    return (
        f"{layout.hero(asked=asked)}{form_html(question)}{layout.hint(asked=asked)}"
        f'<div id="{ANSWER}" class="cs-answer" data-busy="{escape(text.SEARCHING)}">'
        f"{_apart(note, *below)}</div>{layout.footer()}"
    )


def _apart(*parts: str) -> str:
    """Return parts with room around each of them."""
    return "".join(f"<div>{part}</div>" for part in parts if part)


def article_page_html(*parts: str) -> str:
    """Add the footer to the parts of an article, the list of articles or the About page."""
    return f"{_apart(*parts)}{layout.footer()}"


def links_in_new_tabs(results: str) -> str:
    """Make the links of results open in new tabs.

    The answer to a form may not be cached: going back to it would send the question again, of which
    browsers warn.
    """
    changed, times = _LEAVING.subn(_in_new_tab, results)
    return f'<p class="cs-hint cs-kept">{text.NEW_TABS}</p>{changed}' if times else results


def link_html() -> str:
    """Draw the link to this page from other pages without scripts."""
    return f'<p class="cs-acts"><a href="./plain">{text.PLAIN_LINK}</a></p>'


def not_found_html() -> str:
    """Draw the page for an unknown address, which it never repeats."""
    return (
        f'<div class="cs-panel"><h1 id="cs-title">{text.NO_PAGE}</h1><p>{text.NO_PAGE_MORE}</p>'
        f'<ul><li><a href="./">{text.ASK_AGAIN}</a></li>'
        f'<li><a href="./notices">{text.ALL_NOTICES}</a></li></ul>'
        f"<p>{text.NOT_COVERED_HELP}</p></div>"
    )


def without_script(html: str) -> str:
    """Change the page's HTML so that it works without scripts.

    Links into the page become addresses of plain pages. Buttons that ask become buttons of the
    form; all others (copy, print) go, because they would do nothing.
    """
    html = _BUTTON.sub("", sending_form(html))
    html = _LINK.sub(lambda link: f'href="{escape(plain_address(unescape(link[1])))}"', html)
    return _EMPTY.sub("", html.replace('href="./"', 'href="./plain"'))


def sending_form(html: str) -> str:
    """Let the buttons that ask send the form of `form_html`."""
    return _BUTTON.sub(_button, html)


def plain_address(address: str) -> str:
    """Return the plain address for an address of the page (`?article=...`)."""
    asked = {name: values[-1] for name, values in parse_qs(address[1:]).items()}
    if asked.get("article"):
        names = ("article", "section", "passage")
        parts: dict[str, str] = {name: asked[name] for name in names if name in asked}
        anchor = "#cs-found" if "passage" in parts else ""
        if not anchor and "section" in parts:
            anchor = f"#cs-part-{parts['section']}"
        return f".{ARTICLE}?{urlencode(parts)}{anchor}"
    if asked.get("like"):
        return f".{ARTICLE}?{urlencode({'like': asked['like']})}"
    view = asked.get("view")
    if view == "articles":
        at = ("page", "letter")
        place: dict[str, str] = {name: asked[name] for name in at if name in asked}
        anchor = f"#cs-letter-{quote(place['letter'])}" if "letter" in place else ""
        return f".{ARTICLE}{'?' if place else ''}{urlencode(place)}{anchor}"
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
        return found[0]
    others = _ASKS.sub("", attributes)
    return (
        f'<button type="submit" form="{FORM}" name="{AGAIN}" value="{asks[1]}"{others}>'
        f"{label}</button>"
    )
