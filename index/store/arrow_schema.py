"""Convert articles, passages, views, bank rows, claims and answers to Arrow tables and back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import pyarrow as pa

from core.text.readability import size
from core.text.tokens import content_stems, signature
from core.types import (
    Article,
    BankRow,
    BankRowKind,
    ClaimRow,
    Outcome,
    Passage,
    Provenance,
    RecordedAnswer,
    Section,
    Span,
    View,
    ViewKind,
)
from index.store.arrow_rows import Rows

_TEXT, _TEXTS, _LONG_TEXT = pa.string(), pa.list_(pa.string()), pa.large_string()
_INTEGER, _SMALL, _DAY = pa.int64(), pa.int32(), pa.date32()


def _columns(kind: pa.DataType, names: str) -> list[tuple[str, pa.DataType]]:
    return [(name, kind) for name in names.split()]


_SECTION = pa.struct([("id", _TEXT), ("path", _TEXTS), *_columns(_INTEGER, "start end")])
ARTICLES = pa.schema(
    [
        *_columns(_TEXT, "id title"),
        ("text", _LONG_TEXT),
        ("sections", pa.list_(_SECTION)),
        *_columns(_TEXT, "source sha256 author reviewer"),
        *_columns(_DAY, "reviewed next_review"),
        ("sources", _TEXTS),
        ("pages", pa.list_(_INTEGER)),
    ]
)
PASSAGES = pa.schema(
    [
        *_columns(_TEXT, "id article_id section_id title heading"),
        ("path", _TEXTS),
        ("text", _LONG_TEXT),
        *_columns(_INTEGER, "start end"),
        ("labels", _TEXTS),
        # Of the text, for reports about all passages: what spaces part, and as in TextSize.
        *_columns(_SMALL, "parts words syllables stems"),
        ("signature", pa.uint64()),  # of the stems: index/search/distinct.py
    ]
)
_OF_PASSAGES = PASSAGES.names[: PASSAGES.names.index("parts")]
NO_SPAN = -1
# Their numbers in a table of views, in the order of ViewKind.
VIEW_KINDS = tuple(ViewKind)
KIND_CODES = {kind: code for code, kind in enumerate(VIEW_KINDS)}
VIEWS = pa.schema(
    [
        ("passage", _INTEGER),
        ("kind", pa.dictionary(pa.int8(), _TEXT)),
        ("text", _LONG_TEXT),
        *_columns(_INTEGER, "start end"),
    ]
)
BANK = pa.schema([*_columns(_TEXT, "text kind"), ("sections", _TEXTS), ("route", _TEXT)])
CLAIMS = pa.schema(
    [
        *_columns(_TEXT, "article_id place"),
        *_columns(_INTEGER, "start end"),
        *_columns(_TEXT, "sentence words"),
        ("words_start", _INTEGER),
        *_columns(_TEXT, "kind severity reason wording evidence"),
        ("is_open", pa.bool_()),
        ("decision", _TEXT),
    ]
)
REPLIES = pa.schema(
    [*_columns(_TEXT, "question outcome route"), *_columns(_TEXTS, "passages notices")]
)


def articles_table(articles: Iterable[Article]) -> pa.Table:
    """Return articles as a table, in their order."""
    return pa.Table.from_pylist(
        [
            {
                "id": a.id,
                "title": a.title,
                "text": a.text,
                "sections": [
                    {"id": s.id, "path": list(s.path), "start": s.body.start, "end": s.body.end}
                    for s in a.sections
                ],
                "source": a.source,
                "sha256": a.sha256,
                "author": a.provenance.author,
                "reviewer": a.provenance.reviewer,
                "reviewed": a.provenance.reviewed,
                "next_review": a.provenance.next_review,
                "sources": list(a.provenance.sources),
                "pages": list(a.pages),
            }
            for a in articles
        ],
        schema=ARTICLES,
    )


def passages_table(passages: Iterable[Passage]) -> pa.Table:
    """Return passages as a table, in their order, which is the order of the views' numbers."""
    rows = [{name: getattr(p, name) for name in _OF_PASSAGES} | _size(p.text) for p in passages]
    return pa.Table.from_pylist(rows, schema=PASSAGES)


def _size(text: str) -> dict[str, int]:
    measured, stems = size(text, sentences=0), content_stems(text)
    return {
        "parts": len(text.split()),
        "words": measured.words,
        "syllables": measured.syllables,
        "stems": len(stems),
        "signature": signature(stems),
    }


def views_table(views: Iterable[View]) -> pa.Table:
    """Return views as a table; row i belongs to vector i. What is no sentence has no span, -1."""
    views = list(views)
    codes = pa.array([KIND_CODES[v.kind] for v in views], pa.int8())
    kinds = pa.array([kind.value for kind in VIEW_KINDS], pa.string())
    columns = [
        pa.array([v.passage for v in views], pa.int64()),
        pa.DictionaryArray.from_arrays(codes, kinds),
        pa.array([v.text for v in views], pa.large_string()),
        pa.array([v.span.start if v.span else NO_SPAN for v in views], pa.int64()),
        pa.array([v.span.end if v.span else NO_SPAN for v in views], pa.int64()),
    ]
    return pa.Table.from_arrays(columns, schema=VIEWS)


def bank_table(rows: Iterable[BankRow]) -> pa.Table:
    """Return the bank as a table; row i belongs to the bank's i-th vector."""
    return pa.Table.from_pylist(
        [{**asdict(r), "kind": r.kind.value, "sections": list(r.sections)} for r in rows],
        schema=BANK,
    )


def claims_table(claims: Iterable[ClaimRow]) -> pa.Table:
    """Return claims as a table, in their order."""
    return pa.Table.from_pylist([asdict(claim) for claim in claims], schema=CLAIMS)


def bank_answers_table(bank_answers: Iterable[RecordedAnswer]) -> pa.Table:
    """Return answers as a table, in their order, which is that of the bank's questions."""
    rows = [{name: getattr(r, name) for name in REPLIES.names} for r in bank_answers]
    return pa.Table.from_pylist(
        [{**row, "outcome": row["outcome"].value} for row in rows], schema=REPLIES
    )


def article_rows(table: pa.Table) -> Rows[Article]:
    """Read a table made by `articles_table`."""
    return Rows(table, _article)


def passage_rows(table: pa.Table) -> Rows[Passage]:
    """Read a table made by `passages_table`."""
    return Rows(
        table,
        lambda row: Passage(**{**row, "path": tuple(row["path"]), "labels": tuple(row["labels"])}),
        _OF_PASSAGES,
    )


def view_rows(table: pa.Table) -> Rows[View]:
    """Read a table made by `views_table`."""
    return Rows(table, _view)


def bank_rows(table: pa.Table) -> Rows[BankRow]:
    """Read a table made by `bank_table`."""
    return Rows(
        table,
        lambda row: BankRow(
            row["text"], BankRowKind(row["kind"]), tuple(row["sections"]), row["route"]
        ),
    )


def claim_rows(table: pa.Table) -> Rows[ClaimRow]:
    """Read a table made by `claims_table`."""
    return Rows(table, lambda row: ClaimRow(**row))


def bank_answer_rows(table: pa.Table) -> Rows[RecordedAnswer]:
    """Read a table made by `bank_answers_table`."""
    return Rows(
        table,
        lambda row: RecordedAnswer(
            row["question"],
            Outcome(row["outcome"]),
            row["route"],
            tuple(row["passages"]),
            tuple(row["notices"]),
        ),
    )


def _article(row: dict[str, Any]) -> Article:
    names = ("author", "reviewer", "reviewed", "next_review")
    return Article(
        id=row["id"],
        title=row["title"],
        text=row["text"],
        sections=tuple(
            Section(s["id"], tuple(s["path"]), Span(s["start"], s["end"])) for s in row["sections"]
        ),
        source=row["source"],
        sha256=row["sha256"],
        provenance=Provenance(**{name: row[name] for name in names}, sources=tuple(row["sources"])),
        pages=tuple(row["pages"]),
    )


def _view(row: dict[str, Any]) -> View:
    span = None if row["start"] == NO_SPAN else Span(row["start"], row["end"])
    return View(row["passage"], ViewKind(row["kind"]), row["text"], span)
