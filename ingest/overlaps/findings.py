"""The findings as an editor reads them; pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from core.text.tokens import Word, words_of
from core.types import Passage, Span
from ingest.overlaps.sentences import Difference
from ingest.overlaps.types import Overlap, OverlapKind, Place, Side, Wording
from safety.claims.finder import Severity

_REPEATED_ARTICLES = 3
_REPEATED_WORDS = 5


def contradiction(
    wordings: tuple[Wording, Wording],
    difference: Difference,
    *,
    severity: Severity,
    similarity: float,
) -> Overlap:
    """Return the finding for two sentences that contradict each other."""
    marks = difference.first, difference.second
    sides = tuple(
        Side(wording.text, spans, wording.places)
        for wording, spans in zip(wordings, marks, strict=True)
    )
    return Overlap(difference.kind, severity, sides, similarity, _note(difference, sides))


def repeated(wordings: Iterable[Wording]) -> list[Overlap]:
    """Return a finding for each set of articles that repeat the same sentences."""
    by_articles: dict[tuple[str, ...], list[Side]] = defaultdict(list)
    for wording in wordings:
        articles = {place.article_id for place in wording.places}
        if len(articles) >= _REPEATED_ARTICLES and len(words_of(wording.text)) >= _REPEATED_WORDS:
            by_articles[tuple(sorted(articles))].append(Side(wording.text, (), wording.places))
    return [
        Overlap(
            OverlapKind.REPEATED,
            Severity.LOW,
            tuple(sides),
            1.0,
            f"The same {_counted(len(sides))} in {len(articles)} articles.",
        )
        for articles, sides in by_articles.items()
    ]


def _counted(count: int) -> str:
    return "sentence is" if count == 1 else f"{count} sentences are"


def duplicate(rows: Sequence[int], similarity: float, passages: Sequence[Passage]) -> Overlap:
    """Return the finding for passages, by their rows, that are the same or nearly."""
    by_text: dict[str, list[Place]] = defaultdict(list)
    for row in rows:
        text = passages[row].text
        by_text[text].append(Place(passages[row].id, Span(0, len(text))))
    first = next(iter(by_text))
    marks = _other_words(first, list(by_text)[1] if len(by_text) > 1 else first)
    sides = tuple(
        Side(text, marks[0] if text == first else _other_words(first, text)[1], tuple(places))
        for text, places in by_text.items()
    )
    how = "The same" if similarity == 1 else "Nearly the same"
    count = len({passages[row].article_id for row in rows})
    note = f"{how} passage is in {count} articles; a change in one leaves the others as they are."
    return Overlap(OverlapKind.DUPLICATE, Severity.MEDIUM, sides, similarity, note)


def _other_words(first: str, second: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Return the runs of words in which two texts differ, as spans of each."""
    ours, theirs = words_of(first), words_of(second)
    matcher = SequenceMatcher(
        None, [word.stem for word in ours], [word.stem for word in theirs], autojunk=False
    )
    edits = [edit for edit in matcher.get_opcodes() if edit[0] != "equal"]
    return (
        tuple(_stretch(ours[a:b]) for _, a, b, _, _ in edits if a < b),
        tuple(_stretch(theirs[a:b]) for _, _, _, a, b in edits if a < b),
    )


def _stretch(words: Sequence[Word]) -> Span:
    return Span(words[0].start, words[-1].end)


def _note(difference: Difference, sides: Sequence[Side]) -> str:
    first, second = (
        ", ".join(side.text[mark.start : mark.end] for mark in side.marks) for side in sides
    )
    if difference.kind is OverlapKind.OTHER_NUMBER:
        return f'One sentence says "{first}", the other "{second}": are both right?'
    if first and second:
        return f'One sentence says "{first}", the other "{second}": do they contradict each other?'
    return f'Only one of the two sentences says "{first or second}": do they contradict each other?'
