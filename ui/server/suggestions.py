"""Suggestions while somebody types: the clinic's own questions and titles, never a visitor's.

Everybody gets the same list, and the browser chooses from it: no typed letter leaves the browser.
"""

from __future__ import annotations

import hashlib
import json
from itertools import chain
from threading import Lock
from typing import TYPE_CHECKING

from starlette.responses import Response

from core.text.spelling import english_words
from core.text.tokens import words_of
from core.types import Outcome
from index.bank.examples import asks, with_title
from ui.counting.counts import is_sensitive
from ui.languages import text
from ui.service import engine, notice_service, settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from starlette.requests import Request

    from index.store.generations import OpenIndex

PATH = "/suggestions.json"
MOST = 1000
# One or two lines on a phone.
LONGEST = 90
# Shorter words are often abbreviations.
_SHORTEST = 4
_MAX_AGE_S = 300


def suggestions(index: OpenIndex, raises_notice: Callable[[str], bool]) -> tuple[str, ...]:
    """Return what is worth suggesting, each once.

    Examples first, then questions of the bank that this index answers, titles, and headings that
    ask; all spelled correctly. None that raises a notice or is about self-harm or pregnancy: nobody
    should read such words before typing them.
    """
    answered = [known.question for known in index.bank_answers if known.outcome is Outcome.ANSWER]
    examples = [question for question in index.examples if question in answered]
    chosen: dict[str, str] = {}
    offered = chain(examples, answered, _of_articles(index))
    for question in (" ".join(asked.split()) for asked in offered):
        key = question.casefold().rstrip(" ?!.")
        if len(chosen) >= MOST or not key or key in chosen or len(question) > LONGEST:
            continue
        if is_sensitive(question) or raises_notice(question) or not _is_spelled(question, index):
            continue
        chosen[key] = question
    return tuple(chosen.values())


def _of_articles(index: OpenIndex) -> Iterator[str]:
    """Yield the titles of the articles, then their headings that ask."""
    asking = []
    for article in index.articles.values():
        yield article.title
        headings = [part.heading for part in article.sections if part.path and asks(part.heading)]
        asking += [with_title(heading, article.title) for heading in headings]
    yield from asking


def answer(request: Request) -> Response:
    """Answer with the list; empty and not cached while there is no index.

    Not `async`, because every question is checked for notices: Starlette runs it in a thread.
    """
    index = engine.get_engine().status.index
    body = _bodies.body(index)
    tag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    headers = {"cache-control": f"public, max-age={_MAX_AGE_S}", "etag": tag}
    if index is None:
        headers = {"cache-control": "no-store"}
    elif request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


def _is_spelled(question: str, index: OpenIndex) -> bool:
    """Say whether articles or language know every word: the bank holds typos on purpose."""
    return all(
        len(typed) < _SHORTEST or typed in english_words() or index.lexical.knows(word.stem)
        for word in words_of(question)
        for typed in [question[word.start : word.end].lower()]
    )


class _Bodies:
    """The body of the answer, made once for each state of index, notices and words."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._made_from: tuple[object, ...] = ()
        self._body = b""

    def body(self, index: OpenIndex | None) -> bytes:
        label, counted = str(text.SUGGESTIONS), str(text.SUGGESTIONS_COUNTED)
        now = (index, settings.red_flags(), label, counted)
        with self._lock:
            # By identity: comparing what indexes hold would be slow.
            if tuple(map(id, now)) != tuple(map(id, self._made_from)):
                questions = (
                    suggestions(index, lambda q: bool(notice_service.find(q))) if index else ()
                )
                record = {"label": label, "counted": counted, "questions": questions}
                self._body, self._made_from = json.dumps(record, ensure_ascii=False).encode(), now
            return self._body


_bodies = _Bodies()
