"""The ways in which a passage can be reached, as texts to be embedded: pure."""

from __future__ import annotations

from collections.abc import Sequence

from index.types import Passage, View, ViewKind
from ingest.sentences import sentence_spans
from ingest.splitter import context

# Raised when the same passages would get other views: it is part of a generation's id.
VIEWS_VERSION = 1


def views_of(passages: Sequence[Passage]) -> list[View]:
    """Return the views of all passages, those of one passage together, in passage order.

    Each passage has a text view (title, headings and text), a heading view (its own heading alone)
    where the article has one for it, and one sentence view for each of its sentences.
    """
    views = []
    for number, passage in enumerate(passages):
        lead = context(passage.title, passage.path)
        views.append(View(number, ViewKind.TEXT, lead + passage.text))
        if passage.path:
            views.append(View(number, ViewKind.HEADING, passage.path[-1]))
        views += [
            View(number, ViewKind.SENTENCE, passage.text[span.start : span.end], span)
            for span in sentence_spans(passage.text)
        ]
    return views
