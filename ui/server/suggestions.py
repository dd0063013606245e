"""Questions that are suggested while somebody types: the clinic's own, never a visitor's.

They are served as one list, the same for everybody, and chosen from in the browser: no letter that
is typed leaves it.
"""

from __future__ import annotations

import hashlib
import json
from threading import Lock
from typing import TYPE_CHECKING

from starlette.responses import Response

from core.text.spelling import english_words
from core.text.tokens import words_of
from core.types import Outcome
from ui.counting.counts import is_sensitive
from ui.languages import text
from ui.service import engine, notice_service, settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from starlette.requests import Request

    from index.store.generations import OpenIndex
    from safety.notices.red_flags import RedFlags

PATH = "/suggestions.json"
MOST = 1000
# Read at a glance in one or two lines of a phone.
LONGEST = 90
# Shorter words are abbreviations as often as not.
_SHORTEST = 4
_KEPT_S = 300


def suggestions(index: OpenIndex, raises_notice: Callable[[str], bool]) -> tuple[str, ...]:
    """Return the questions worth suggesting, each once, in the order of examples and bank.

    Those that this very index answers and that are spelled without a slip. None that
    raises a notice, and none about self-harm or pregnancy: such words are to be somebody's own.
    """
    answered = [one.question for one in index.bank_answers if one.outcome is Outcome.ANSWER]
    examples = [one for one in index.examples if one in answered]
    return _chosen((*examples, *answered), index, raises_notice)


def answer(request: Request) -> Response:
    """Answer with the list; empty, and not to be kept, as long as there is no index.

    Not `async`, because the notices are asked about every question: such a function has a thread
    of its own here.
    """
    index = engine.get_engine().status.index
    body = _bodies.body(index)
    tag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    headers = {"cache-control": f"public, max-age={_KEPT_S}", "etag": tag}
    if index is None:
        headers = {"cache-control": "no-store"}
    elif request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


def _chosen(
    questions: Iterable[str], index: OpenIndex, raises_notice: Callable[[str], bool]
) -> tuple[str, ...]:
    chosen: dict[str, str] = {}
    for question in questions:
        said = " ".join(question.split())
        key = said.casefold().rstrip(" ?!.")
        if len(chosen) >= MOST or not key or key in chosen or len(said) > LONGEST:
            continue
        if is_sensitive(said) or raises_notice(said) or not _is_spelled(said, index):
            continue
        chosen[key] = said
    return tuple(chosen.values())


def _is_spelled(question: str, index: OpenIndex) -> bool:
    """Tell whether articles or language know every word: the bank holds slips on purpose."""
    return all(
        len(typed) < _SHORTEST or typed in english_words() or index.lexical.knows(word.stem)
        for word in words_of(question)
        for typed in [question[word.start : word.end].lower()]
    )


class _Bodies:
    """The body for index, notices and words as they are now, made once for everybody."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._of: tuple[OpenIndex | None, RedFlags, str, str] | None = None
        self._body = b""

    def body(self, index: OpenIndex | None) -> bytes:
        label, counted = str(text.SUGGESTIONS), str(text.SUGGESTIONS_COUNTED)
        now = (index, settings.red_flags(), label, counted)
        with self._lock:
            # One by one and by identity: an index is not to be compared by what it holds.
            if self._of is None or any(a is not b for a, b in zip(now, self._of, strict=True)):
                questions = (
                    suggestions(index, lambda q: bool(notice_service.find(q))) if index else ()
                )
                said = {"label": label, "counted": counted, "questions": questions}
                self._body, self._of = json.dumps(said, ensure_ascii=False).encode(), now
            return self._body


_bodies = _Bodies()
