"""Example questions for a first visit, drawn from the content itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.types import Passage, View, ViewKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST = 4
# A large index is not read through for four examples.
_LOOKED_AT = 2000


def example_questions(passages: Sequence[Passage], views: Iterable[View]) -> tuple[str, ...]:
    """Return up to MOST texts that are known to find something, each from another section.

    A section's first question in the question bank stands for it, else its heading; articles take
    turns, so that the examples show what there is.
    """
    by_section: dict[str, tuple[int, str, str]] = {}
    for _, view in zip(range(_LOOKED_AT), views, strict=False):
        passage = passages[view.passage]
        if view.kind is ViewKind.QUESTION:
            found = (0, passage.article_id, view.text)
        elif view.kind is ViewKind.HEADING:
            found = (1, passage.article_id, passage.heading.rstrip(" :"))
        else:
            continue
        kept = by_section.setdefault(passage.section_id, found)
        if found[0] < kept[0]:
            by_section[passage.section_id] = found
    turns: dict[str, int] = {}
    ordered = []
    for place, (_, article, text) in enumerate(by_section.values()):
        turns[article] = turns.get(article, -1) + 1
        ordered.append((turns[article], place, text))
    distinct = dict.fromkeys(text for _, _, text in sorted(ordered))
    return tuple(distinct)[:MOST]
