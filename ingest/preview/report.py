"""Renders a preview as an HTML page, and as tables for the terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from index.output import table_text
from index.preview import wording
from index.preview.types import ChangeKind, Preview, QuestionChange, by_kind
from index.preview.words import word_changes
from index.templating import render

_WIDTH = 100
# Three such columns and a short one fit.
_WIDEST = 28
# The terminal shows the first rows of each table; the page has all of them.
_AT_MOST = 10


def as_html(preview: Preview) -> str:
    """Return a preview as an HTML document, the most serious changes first."""
    changes = list(by_kind(preview))
    return render(
        "preview.html.jinja",
        preview=preview,
        changes=changes,
        wording=wording,
        word_changes=word_changes,
    )


def as_text(preview: Preview) -> str:
    """Return a preview as text of at most 100 columns, the most serious changes first."""
    return "\n".join(
        [
            *textwrap.wrap(wording.headline(preview), _WIDTH),
            f"served now: {preview.before or 'nothing'}    candidate: {preview.after}",
            *_table(
                "Invariants that fail",
                ("Line", "Question", "Expected", "Found"),
                [(case.line, case.question, case.expected, case.found) for case in preview.failed],
            ),
            *_listed("Skipped files and labels", preview.problems),
            *_table(
                "Articles",
                ("What", "File", "Was", "Title"),
                [
                    (
                        wording.ARTICLES[change.kind].partition(" (")[0],
                        *(change.source, change.former_source, change.title),
                    )
                    for change in preview.articles
                ],
            ),
            *_sentences(preview),
            *_questions(preview),
            *_bank(preview),
            *_claims(preview),
            *_listed("New warnings", preview.warnings_new),
            *_listed("Warnings that are gone", preview.warnings_gone),
        ]
    )


def _sentences(preview: Preview) -> Iterator[str]:
    for article in preview.articles:
        texts = [
            f"{sign} {text}"
            for change in article.sentences
            for sign, text in (("-", change.before), ("+", change.after))
            if text
        ]
        more = texts[_AT_MOST * 2 :]
        rest = [f"and {len(more)} more, on the page and in the JSON"] if more else []
        if texts:
            yield from ("", f"{article.source}: {len(article.sentences)} changed")
        for text in [*texts[: _AT_MOST * 2], *rest]:
            yield from textwrap.wrap(text, _WIDTH, subsequent_indent="  ")


def _questions(preview: Preview) -> Iterator[str]:
    for kind, _, groups in by_kind(preview):
        yield from _table(
            wording.KINDS[kind],
            ("Question", "Effect", "Before", "After"),
            [
                (question, change.effect if wording.EFFECTS[change.effect] else "", *_sides(change))
                for change, questions in groups
                for question in questions
            ],
        )


def _sides(change: QuestionChange) -> tuple[str, str]:
    """Return what differs most between the replies: notices, words, or sections."""
    shown = {
        ChangeKind.NOTICE_LOST: wording.notices,
        ChangeKind.NOTICE_RAISED: wording.notices,
        ChangeKind.OTHER_WORDS: wording.words,
    }.get(change.kinds[0], wording.reply)
    return shown(change.before), shown(change.after)


def _bank(preview: Preview) -> Iterator[str]:
    yield from ("", "The question bank (the search has learned from it)")
    if not preview.figures_after.asked:
        yield "It is empty: nothing checks what patients get."
    for caption, columns, rows in wording.bank_tables(preview):
        yield from ("", caption) if caption else ()
        yield table_text(rows, columns)


def _claims(preview: Preview) -> Iterator[str]:
    for kind, title in wording.CLAIMS.items():
        yield from _table(
            title,
            ("Place", "Sentence", "Severity", "Decision"),
            [
                (claim.place, claim.sentence, claim.severity, claim.after or claim.before or "open")
                for claim in preview.claims
                if claim.kind is kind
            ],
        )


def _table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> Iterator[str]:
    if rows:
        yield from ("", f"{title} ({len(rows)})")
        yield table_text(rows[:_AT_MOST], columns, widest=_WIDEST)
    if rows[_AT_MOST:]:
        yield f"and {len(rows) - _AT_MOST} more, on the page and in the JSON"


def _listed(title: str, texts: Iterable[str]) -> Iterator[str]:
    texts = list(texts)
    if texts:
        yield from ("", f"{title} ({len(texts)})")
    for text in texts:
        for line in text.splitlines():
            yield from textwrap.wrap(line, _WIDTH, subsequent_indent="    ")
