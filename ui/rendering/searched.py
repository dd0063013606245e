"""What was searched for, where it differs from what was typed, as HTML: pure."""

from __future__ import annotations

from difflib import SequenceMatcher
from html import escape
from typing import TYPE_CHECKING

from core.text.normalize import AS_TYPED, MAX_QUERY_CHARS
from ui.languages import text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.types import SearchResponse

_SIGNS = ".,;:!?()[]\"'\u201c\u201d\u2018\u2019"


def searched_html(response: SearchResponse) -> str:
    """Say what was searched for where it differs from what was typed, and how to undo that."""
    lines = []
    if not response.is_understood:
        lines.append(f"{only_in()}. {text.ONLY_IN_MORE}")
    if len(response.query) >= MAX_QUERY_CHARS - 1:  # a space at its end was taken away as well
        lines.append(escape(text.LONG.format(n=MAX_QUERY_CHARS)))
    if response.corrected_query:
        lines.append(_corrected(response.query, response.corrected_query))
    if response.also_searched:
        also = ", ".join(f"<strong>{escape(words)}</strong>" for words in response.also_searched)
        lines.append(f"{text.ALSO_SEARCHED} {also}.")
    return "".join(f'<p class="cs-note">{line}</p>' for line in lines)


def only_in() -> str:
    """Say in which language the articles can be searched."""
    return str(text.ONLY_IN.format(language=text.content_language()))


def _corrected(typed: str, corrected: str) -> str:
    """Name only the words that were changed: a whole story twice pushes the answer away."""
    changes = ", ".join(
        text.CORRECTED_WORD.format(
            typed=f"<em>{escape(old)}</em>", meant=f"<strong>{escape(new)}</strong>"
        )
        for old, new in _changes(typed, corrected)
    )
    said = text.CORRECTED.format(changes=changes)
    return (
        f'{said} <button type="button" class="cs-link" aria-label="{text.UNDO_MORE}"'
        f' data-ask="{AS_TYPED}{escape(typed)}">{text.UNDO}</button>'
    )


def _changes(typed: str, corrected: str) -> Iterator[tuple[str, str]]:
    """Yield the words that differ, as typed and as read, each pair once."""
    old, new = typed.split(), corrected.split()
    seen = set()
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        same = b - a == d - c
        parts = zip(old[a:b], new[c:d], strict=True) if same else [(old[a:b], new[c:d])]
        for before, after in parts:
            pair = (_plain(before), _plain(after))
            if pair not in seen:
                seen.add(pair)
                yield pair


def _plain(words: str | list[str]) -> str:
    return (words if isinstance(words, str) else " ".join(words)).strip(_SIGNS)
