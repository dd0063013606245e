"""Which articles differ between two generations, and which of their sentences."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

import numpy as np

from core.ids import present_id
from core.text.characters import collapse_spaces
from core.types import ViewKind
from index.preview.types import ArticleChange, ArticleChangeKind, SentenceChange
from index.store.arrow_rows import Keyed

if TYPE_CHECKING:
    from core.types import Article
    from index.store.record import Generation

# Less alike than this, two sentences are one that is gone and another that is new.
_ALIKE = 0.5
# So many new sentences are looked at: an article that was written anew would take minutes.
_AHEAD = 20
# A sentence with the heading above it.
Line = tuple[str, str]


def article_changes(before: Generation | None, after: Generation) -> list[ArticleChange]:
    """Return the articles that change, losses first; each changed one with its sentences.

    Without `before` all are new. An article whose file was only renamed is the same article.
    """
    then = {article.id: article for article in before.articles} if before else {}
    now = {article.id: article for article in after.articles}
    manifest, kept = after.manifest, after.manifest.kept
    came_from = {to: then[old] for old, to in manifest.renamed_from.items() if old in then}
    changes = [
        ArticleChange(ArticleChangeKind.WITHDRAWN, article.id, article.title, article.source)
        for article in then.values()
        if present_id(article.id, manifest.renamed_from) not in now
    ]
    lines = (_Lines(before), _Lines(after)) if before else None
    for article in now.values():
        last = then.get(article.id) or came_from.get(article.id)
        kind = ArticleChangeKind.KEPT if article.id in kept else _kind(last, article)
        if kind is None:
            continue
        changes.append(
            ArticleChange(
                kind,
                article.id,
                article.title,
                article.source,
                former_source=last.source if last and last.source != article.source else "",
                reason=str(kept.get(article.id, "")),
                sentences=tuple(
                    sentence_changes(lines[0].of(last), lines[1].of(article))
                    if lines and last and last.text != article.text
                    else ()
                ),
            )
        )
    order = list(ArticleChangeKind)
    return sorted(changes, key=lambda change: (order.index(change.kind), change.source))


def _kind(last: Article | None, article: Article) -> ArticleChangeKind | None:
    if last is None:
        return ArticleChangeKind.NEW
    if last.sha256 == article.sha256 and last.source != article.source:
        return ArticleChangeKind.RENAMED
    return None if last == article else ArticleChangeKind.CHANGED


class _Lines:
    """The title, headings and sentences of the articles of a generation, as ingest cut them."""

    def __init__(self, stored: Generation) -> None:
        self._stored = stored
        self._rows = Keyed(stored.passages, "article_id")
        owners = stored.views.integers("passage")
        self._first = np.searchsorted(owners, np.arange(len(stored.passages) + 1))

    def of(self, article: Article) -> list[Line]:
        lines = [("", article.title)]
        section = ""
        for row in self._rows.find(article.id).tolist():
            passage = self._stored.passages[row]
            if passage.section_id != section and passage.path:
                lines.append((passage.heading, passage.heading))
            section = passage.section_id
            for number in range(self._first[row], self._first[row + 1]):
                view = self._stored.views[number]
                if view.kind is ViewKind.SENTENCE:
                    lines.append((passage.heading, collapse_spaces(view.text)))
        return lines


def sentence_changes(before: list[Line], after: list[Line]) -> Iterator[SentenceChange]:
    """Yield the sentences that differ, in their order, each with the heading above it.

    A sentence that became another is one change with both sides. One that only moved under another
    heading is none.
    """
    then, now = [text for _, text in before], [text for _, text in after]
    for kind, a, b, c, d in SequenceMatcher(None, then, now, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        yield from _paired(before[a:b], after[c:d])


def _paired(old: list[Line], new: list[Line]) -> Iterator[SentenceChange]:
    """Pair each old sentence with the next new one that is like it; the others are gone or new."""
    at = 0
    for heading, text in old:
        ahead = range(at, min(len(new), at + _AHEAD))
        match = next((number for number in ahead if _is_alike(text, new[number][1])), None)
        if match is None:
            yield SentenceChange(heading, text, "")
            continue
        yield from (SentenceChange(above, "", other) for above, other in new[at:match])
        yield SentenceChange(new[match][0], text, new[match][1])
        at = match + 1
    yield from (SentenceChange(above, "", other) for above, other in new[at:])


def _is_alike(old: str, new: str) -> bool:
    return SequenceMatcher(None, old.split(), new.split(), autojunk=False).ratio() >= _ALIKE
