"""Finds articles that say the same, word for word, so that one of them is served."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from core.findings import Finding
from core.types import Article
from ingest.files.article_ids import name_of
from ingest.readers.read import ReadArticle, content_path

_WORD = re.compile(r"[^\W_]+")
_NO_WORD = bytes(code for code in range(128) if not chr(code).isalnum())


def find_copies(
    articles: Mapping[str, ReadArticle], known: Mapping[str, ReadArticle]
) -> dict[str, str]:
    """Return which file is served for each whose words are the same, by their paths.

    A leaflet may be there as PDF and as Word document, or again as "copy of". Articles of the same
    words whose titles say different things ("Left knee", "Right knee") are no copies. What is
    `known` to patients is served before others, then what has settings beside it, then the
    shortest path.
    """
    if all(read is known.get(source) for source, read in articles.items()):
        return {}  # they were compared when the last of them was new
    same: dict[str, list[str]] = defaultdict(list)
    for source, read in articles.items():
        same[_words_under_title(read.article)].append(source)
    copies = {}
    for group in same.values():
        served: list[Article] = []
        for source in _best_first(group, articles, known) if len(group) > 1 else ():
            article = articles[source].article
            original = next((other for other in served if _agree(article, other)), None)
            if original:
                copies[source] = original.source
            else:
                served.append(article)
    return dict(sorted(copies.items()))


def copy_warning(source: str, served: str) -> Finding:
    """Return the warning about a file that is left aside, which names the one that is served."""
    problem = (
        f"it has the words of {served}, and only {served} is served. Remove the file that you do "
        "not need."
    )
    return Finding("warning", "read", problem, source=content_path(source), where=source)


def _best_first(
    group: Sequence[str], articles: Mapping[str, ReadArticle], known: Mapping[str, ReadArticle]
) -> list[str]:
    def rank(source: str) -> tuple[bool, bool, int, str]:
        return source not in known, articles[source].sidecar_sha256 is None, len(source), source

    return sorted(group, key=rank)


def _words_under_title(article: Article) -> str:
    """Return all letters and digits below the title, which may come from elsewhere."""
    return _squeezed(article.text).removeprefix(_squeezed(article.title))


def _agree(one: Article, other: Article) -> bool:
    """Say whether a title adds nothing to the other, or is only the name of its file."""
    a, b = (set(_WORD.findall(article.title.casefold())) for article in (one, other))
    return a <= b or b <= a or any(map(_is_named_by_file, (one, other)))


def _is_named_by_file(article: Article) -> bool:
    names = (name_of(article.source), PurePosixPath(article.source).stem)
    return _squeezed(article.title) in map(_squeezed, names)


def _squeezed(text: str) -> str:
    if text.isascii():  # the same in a fifth of the time
        return text.lower().encode().translate(None, _NO_WORD).decode()
    return "".join(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))
