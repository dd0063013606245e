"""A preview as a table for the terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from itertools import zip_longest

from index.preview import Preview, QuestionChange, Shown, by_kind
from index.preview_words import (
    ARTICLES,
    CLAIMS,
    EFFECTS,
    KINDS,
    OUTCOMES,
    headline,
    notices,
    reply,
    words,
)

_WIDTH = 100
_COLUMN = 46
# The page holds everything; a terminal is for the first look.
_AT_MOST = 10


def as_text(preview: Preview) -> str:
    """Return a preview as text of at most 100 columns, what is most serious first."""
    return "\n".join(
        [
            *_wrapped(headline(preview)),
            f"served now: {preview.before or 'nothing'}    candidate: {preview.after}",
            *_failed(preview),
            *_listed("Could not be taken", preview.problems),
            *_articles(preview),
            *_questions(preview),
            *_figures(preview),
            *_claims(preview),
            *_listed("New warnings", preview.warnings_new),
            *_listed("Warnings that are gone", preview.warnings_gone),
        ]
    )


def _failed(preview: Preview) -> Iterator[str]:
    if preview.failed:
        yield from _title("Invariants that fail")
    for one in preview.failed:
        yield from _wrapped(f"line {one.line}: {one.question}", 2)
        yield from _wrapped(f"expected: {one.expected}", 4)
        yield from _wrapped(f"found: {one.found}", 4)


def _articles(preview: Preview) -> Iterator[str]:
    if preview.articles:
        yield from _title("Articles")
    for one in preview.articles:
        moved = f", was {one.former_source}" if one.former_source else ""
        yield from _wrapped(f"{ARTICLES[one.kind]}: {one.source}{moved} ({one.title})", 2)


def _questions(preview: Preview) -> Iterator[str]:
    for kind, count, groups in by_kind(preview):
        yield from _title(f"{KINDS[kind]} ({count})")
        for change, questions in groups[:_AT_MOST]:
            yield from _change(change, questions)
        if groups[_AT_MOST:]:
            yield f"  and {len(groups) - _AT_MOST} more, on the page and in the JSON"


def _change(change: QuestionChange, questions: list[str]) -> Iterator[str]:
    for question in questions[:_AT_MOST]:
        yield from _wrapped(question, 2)
    if questions[_AT_MOST:]:
        yield f"  and {len(questions) - _AT_MOST} more questions"
    also = [KINDS[kind] for kind in change.kinds[1:]]
    yield from _wrapped("; ".join(filter(None, [EFFECTS[change.effect], *also])), 2)
    columns = [_side("before", change.before), _side("after", change.after)]
    for left, right in zip_longest(*columns, fillvalue=""):
        yield f"    {left:{_COLUMN}}  {right}".rstrip()


def _side(name: str, shown: Shown) -> list[str]:
    parts = (f"{name}: {reply(shown)}", words(shown), notices(shown))
    return [line for part in parts for line in textwrap.wrap(part, _COLUMN)]


def _figures(preview: Preview) -> Iterator[str]:
    before, after = preview.figures_before, preview.figures_after
    yield from _title("The question bank (the search has learned from it)")
    yield f"  {'':48}{'before':>12}{'after':>12}"
    sides = [before, after]
    first = [f"{one.answered_first} of {one.answerable}" if one else "" for one in sides]
    falsely = [f"{one.falsely_answered} of {one.unanswerable}" if one else "" for one in sides]
    yield f"  {'answered first by a labelled section':48}{first[0]:>12}{first[1]:>12}"
    yield f"  {'answered though no section answers':48}{falsely[0]:>12}{falsely[1]:>12}"
    if preview.outcomes:
        yield from ("", f"  {'questions by outcome, before (down), after (across)':52}".rstrip())
        yield f"  {'':20}" + "".join(f"{OUTCOMES[one]:>18}" for one in OUTCOMES)
    for outcome, row in preview.outcomes.items():
        name = {one.value: said for one, said in OUTCOMES.items()}[outcome]
        yield f"  {name:20}" + "".join(f"{row[one]:>18}" for one in OUTCOMES)


def _claims(preview: Preview) -> Iterator[str]:
    for kind, title in CLAIMS.items():
        claims = [one for one in preview.claims if one.kind is kind]
        if claims:
            yield from _title(f"{title} ({len(claims)})")
        for one in claims:
            state = "open" if one.is_open else "settled"
            yield from _wrapped(f"{one.severity}, {one.claim}, {state}: {one.place}", 2)
            yield from _wrapped(one.sentence, 4)
            for when, decision in (("before", one.before), ("after", one.after)):
                yield from _wrapped(f"{when}: {decision}" if decision else "", 4)


def _listed(title: str, texts: Iterable[str]) -> Iterator[str]:
    texts = list(texts)
    if texts:
        yield from _title(f"{title} ({len(texts)})")
    for text in texts:
        first, *rest = text.splitlines()
        yield from _wrapped(first, 2)
        for line in rest:
            yield from _wrapped(line.strip(), 4)


def _title(title: str) -> tuple[str, ...]:
    return "", title, "-" * len(title)


def _wrapped(text: str, indent: int = 0) -> list[str]:
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=" " * indent,
        subsequent_indent=" " * (indent + 2 * bool(indent)),
    )
