"""Gives pages that share a title, which is that of their site, titles of their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace

from core.errors import ContentError
from ingest.readers.read import ReadArticle

_PAGES = (".htm", ".html")


def give_own_titles(
    articles: dict[str, ReadArticle],
    known: Mapping[str, ReadArticle],
    read: Callable[[str], ReadArticle],
) -> None:
    """Replace a title that several pages share by the first heading of each, in place.

    Only a title that stands nowhere but in the head of a page is replaced, and one from a sidecar
    never. The text of an article begins with the title that its page states. `read` reads a page
    again, because what was published before does not say where its title comes from.
    """
    pages = {source: found for source, found in articles.items() if source.lower().endswith(_PAGES)}
    stated = {source: _stated_title(found) for source, found in pages.items()}
    texts = {(stated[source], found.article.text) for source, found in pages.items()}
    uses = Counter(title for title, _ in texts)  # a copy of a page is the same page
    for source, found in pages.items():
        title = stated[source]
        is_shared = uses[title] > 1
        if found.article.title != title and (is_shared or found.sidecar_sha256):
            continue  # it has been given one
        now = found
        if is_shared and found is known.get(source):
            with suppress(ContentError):  # it was published, and stays as it is
                now = read(source)
        own = (is_shared and now.headline) or title
        if own != found.article.title:
            articles[source] = replace(now, article=replace(now.article, title=own))


def _stated_title(found: ReadArticle) -> str:
    return found.article.text.partition("\n\n")[0]
