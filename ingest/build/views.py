"""The ways in which a passage can be reached, as texts to be embedded: pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.text.sentences import sentence_spans
from core.types import Passage, View, ViewKind
from ingest.build.splitter import context

# Raised when the same passages would get other views: it is part of a generation's id.
VIEWS_VERSION = 3
# A question that has lost its mark: "What is dry needling", "How long does it take". Nothing that
# begins with a verb: "Do not drive" asks nothing.
_ASKS = re.compile(
    r"(?:(?:who|what|when|where|why|how)|(?:what|which) (?!(?:to|not|you|we|they|it|i)\b)\w+"
    r"|how (?:long|often|soon|far|fast|quickly|well|safe|painful|many \w+|much(?: \w+)?))"
    r" (?:is|are|was|were|do|does|did|can|could|will|would|should|may|might|has|have) \w",
    re.IGNORECASE,
)


def views_of(passages: Sequence[Passage]) -> list[View]:
    """Return the views of all passages, those of one passage together, in passage order.

    Each passage has a text view (title, headings and text), a heading view (title and headings)
    where the article has a heading for it, and one sentence view for each of its sentences. The
    view of a heading that is a question is a question view.
    """
    views = []
    for number, passage in enumerate(passages):
        lead = context(passage.title, passage.path)
        views.append(View(number, ViewKind.TEXT, lead + passage.text))
        if passage.path:
            heading = passage.path[-1]
            kind = ViewKind.QUESTION if is_question(heading) else ViewKind.HEADING
            # Alone, "When should I not have it?" is near to every treatment.
            below = dict.fromkeys([passage.title, *passage.path])
            views.append(View(number, kind, ": ".join(filter(None, below))))
        views += [
            View(number, ViewKind.SENTENCE, passage.text[span.start : span.end], span)
            for span in sentence_spans(passage.text)
        ]
    return views


def is_question(heading: str) -> bool:
    """Say whether a heading asks what the text under it answers."""
    return heading.endswith("?") or bool(_ASKS.match(heading))
