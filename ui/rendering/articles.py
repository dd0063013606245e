"""The list of articles as HTML: titles from A to Z, their sections behind them. Pure."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from ui.languages import text
from ui.rendering.article import Unchecked, parts_list
from ui.rendering.passage import article_address
from ui.rendering.provenance import review_line
from ui.service.catalogue import folded, has_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from core.types import Article, ClaimRow
    from ui.service.catalogue import Listed, Shelf


def heading_html(*, lost: bool = False) -> str:
    """Draw the heading of the list; `lost` says that the article asked for does not exist."""
    if lost:
        lead = f'<p class="cs-lead">{text.NO_ARTICLE_MORE}</p>'
        return f'<h1 id="cs-title">{text.NO_ARTICLE}</h1>{lead}'
    return f'<h1 id="cs-title">{text.ARTICLES_TITLE}</h1>'


def articles_html(
    shelf: Shelf,
    articles: Mapping[str, Article],
    *,
    today: date,
    claims: Mapping[str, Sequence[ClaimRow]] | None = None,
) -> str:
    """Draw a page of the list, or what the filter found, below the heading and the filter's box.

    `claims` are those found in the articles, by their ids.
    """
    if not shelf.total:
        return f"<p>{text.NO_ARTICLES}</p>"
    if shelf.wanted:
        return _found(shelf, articles, today=today, claims=claims or {})
    groups = "".join(
        f'<div class="cs-letter" id="cs-letter-{escape(letter)}"><h2>{escape(letter)}</h2>'
        f"{_list(listed, shelf, articles, today=today, claims=claims or {})}</div>"
        for letter, listed in _by_letter(shelf)
    )
    return f"{_letters(shelf)}{groups}{_pager(shelf)}"


def counted(shelf: Shelf) -> str:
    """Say how many articles the filter found."""
    return str(text.counted(text.FILTER_FOUND, shelf.found, total=str(shelf.total)))


def _found(
    shelf: Shelf,
    articles: Mapping[str, Article],
    *,
    today: date,
    claims: Mapping[str, Sequence[ClaimRow]],
) -> str:
    said = counted(shelf)
    if not shelf.found:
        said = f'{text.FILTER_NONE} <a class="cs-in" href="./">{text.FILTER_ASK}</a>.'
    elif shelf.found > len(shelf.listed):
        said = f"{said}. {text.FILTER_MORE.format(n=len(shelf.listed))}"
    shown = _list(shelf.listed, shelf, articles, today=today, claims=claims)
    return f'<p class="cs-found-count">{said}</p>{shown}'


def _by_letter(shelf: Shelf) -> Iterator[tuple[str, list[Listed]]]:
    for letter in dict.fromkeys(one.letter for one in shelf.listed):
        yield letter, [one for one in shelf.listed if one.letter == letter]


def _list(
    listed: Sequence[Listed],
    shelf: Shelf,
    articles: Mapping[str, Article],
    *,
    today: date,
    claims: Mapping[str, Sequence[ClaimRow]],
) -> str:
    items = "".join(
        _item(articles[one.id], one, shelf, today=today, claims=claims.get(one.id, ()))
        for one in listed
    )
    return f'<ul class="cs-titles">{items}</ul>' if items else ""


def _item(
    article: Article, one: Listed, shelf: Shelf, *, today: date, claims: Sequence[ClaimRow]
) -> str:
    """Draw a title, and behind it its sections and what is known of it.

    It is open where a word was found in a heading only.
    """
    unchecked = Unchecked(article, claims)
    lang = text.content_lang()
    area = f' <span class="cs-area">{escape(one.area)}</span>' if one.area else ""
    is_by_heading = shelf.wanted and not has_words(f"{one.title} {folded(one.area)}", shelf.wanted)
    parts = text.counted(text.PARTS_COUNTED, len(one.headings)) if one.headings else ""
    return (
        f'<li><a class="cs-in" href="{escape(article_address(article.id))}"{lang}>'
        f"{escape(article.title)}</a>{area}{unchecked.label_of(article.title)}"
        f"<details{' open' if is_by_heading else ''}>"
        f"<summary>{parts or text.TRUST}"
        f'<span class="cs-vh">: {escape(article.title)}</span></summary>'
        f"{parts_list(article, unchecked)}{review_line(article.provenance, today=today)}"
        "</details></li>"
    )


def _letters(shelf: Shelf) -> str:
    """Draw the letters to jump to; one that begins on another page leads there."""
    if len(shelf.letters) < 2:
        return ""
    links = "".join(
        f'<li><a class="cs-in" href="{escape(_address(letter=letter))}">{escape(letter)}</a></li>'
        for letter in shelf.letters
    )
    return f'<nav class="cs-letters" aria-label="{text.LETTERS}"><ul>{links}</ul></nav>'


def _pager(shelf: Shelf) -> str:
    if shelf.pages < 2:
        return ""
    links = "".join(
        f'<a class="cs-in" href="{escape(_address(page=str(shelf.number + step)))}">{name}</a>'
        for step, name in ((-1, text.PREVIOUS_PAGE), (1, text.NEXT_PAGE))
        if 1 <= shelf.number + step <= shelf.pages
    )
    here = text.PAGE_OF_LIST.format(n=shelf.number, total=shelf.pages)
    return (
        f'<nav class="cs-pager" aria-label="{text.PAGES_OF_LIST}"><span>{here}</span>{links}</nav>'
    )


def _address(**place: str) -> str:
    return "?" + urlencode({"view": "articles", **place})
