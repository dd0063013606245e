"""Articles, passages and views as Arrow tables: how they lie on disk, and read row by row.

A row becomes a Python object only when it is asked for, so that a large index costs the memory of
its columns and no more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from index.types import (
    Article,
    BankRow,
    BankRowKind,
    ClaimRow,
    Outcome,
    Passage,
    Provenance,
    Reply,
    Section,
    Span,
    View,
    ViewKind,
)

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

Row = TypeVar("Row")
_TEXTS = pa.list_(pa.string())
_SECTION = pa.struct(
    [("id", pa.string()), ("path", _TEXTS), ("start", pa.int64()), ("end", pa.int64())]
)

ARTICLES = pa.schema(
    [
        ("id", pa.string()),
        ("title", pa.string()),
        ("text", pa.large_string()),
        ("sections", pa.list_(_SECTION)),
        ("source", pa.string()),
        ("sha256", pa.string()),
        ("author", pa.string()),
        ("reviewer", pa.string()),
        ("reviewed", pa.date32()),
        ("next_review", pa.date32()),
        ("sources", _TEXTS),
        ("pages", pa.list_(pa.int64())),
    ]
)
PASSAGES = pa.schema(
    [
        ("id", pa.string()),
        ("article_id", pa.string()),
        ("section_id", pa.string()),
        ("title", pa.string()),
        ("heading", pa.string()),
        ("path", _TEXTS),
        ("text", pa.large_string()),
        ("start", pa.int64()),
        ("end", pa.int64()),
        ("labels", _TEXTS),
    ]
)
VIEWS = pa.schema(
    [
        ("passage", pa.int64()),
        ("kind", pa.string()),
        ("text", pa.large_string()),
        ("start", pa.int64()),
        ("end", pa.int64()),
    ]
)
BANK = pa.schema(
    [
        ("text", pa.string()),
        ("kind", pa.string()),
        ("sections", _TEXTS),
        ("route", pa.string()),
    ]
)

CLAIMS = pa.schema(
    [
        ("article_id", pa.string()),
        ("place", pa.string()),
        ("start", pa.int64()),
        ("end", pa.int64()),
        ("sentence", pa.string()),
        ("words", pa.string()),
        ("words_start", pa.int64()),
        ("kind", pa.string()),
        ("severity", pa.string()),
        ("reason", pa.string()),
        ("wording", pa.string()),
        ("evidence", pa.string()),
        ("is_open", pa.bool_()),
        ("decision", pa.string()),
    ]
)
REPLIES = pa.schema(
    [
        ("question", pa.string()),
        ("outcome", pa.string()),
        ("route", pa.string()),
        ("passages", _TEXTS),
        ("notices", _TEXTS),
    ]
)
_ROWS_AT_ONCE = 1024


class Rows(Sequence[Row], Generic[Row]):
    """A table read as a sequence of objects, each made when it is asked for."""

    def __init__(self, table: pa.Table, make: Callable[[dict[str, Any]], Row]) -> None:
        # One chunk a column: looking a row up in many chunks is a search of its own.
        self.table = table.combine_chunks()
        self._make = make

    def __len__(self) -> int:
        return int(self.table.num_rows)

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | Sequence[Row]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        row = index + len(self) if index < 0 else index
        if not 0 <= row < len(self):
            raise IndexError(index)
        return self._make({name: self.table[name][row].as_py() for name in self.table.column_names})

    def __iter__(self) -> Iterator[Row]:
        for batch in self.table.to_batches(max_chunksize=_ROWS_AT_ONCE):
            yield from map(self._make, batch.to_pylist())

    def column(self, name: str) -> NDArray[Any]:
        """Return one column as a numpy array, in row order; missing integers become -1."""
        column = self.table[name]
        if pa.types.is_integer(column.type):
            column = column.fill_null(-1)
        return np.asarray(column.to_numpy())


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
    rows = [{name: getattr(p, name) for name in PASSAGES.names} for p in passages]
    return pa.Table.from_pylist(rows, schema=PASSAGES)


def views_table(views: Iterable[View]) -> pa.Table:
    """Return views as a table; row i belongs to vector i."""
    return pa.Table.from_pylist(
        [
            {
                "passage": v.passage,
                "kind": v.kind.value,
                "text": v.text,
                "start": v.span.start if v.span else None,
                "end": v.span.end if v.span else None,
            }
            for v in views
        ],
        schema=VIEWS,
    )


def bank_table(rows: Iterable[BankRow]) -> pa.Table:
    """Return the bank as a table; row i belongs to the i-th of the views of no passage."""
    return pa.Table.from_pylist(
        [{**asdict(r), "kind": r.kind.value, "sections": list(r.sections)} for r in rows],
        schema=BANK,
    )


def claims_table(claims: Iterable[ClaimRow]) -> pa.Table:
    """Return claims as a table, in their order."""
    return pa.Table.from_pylist([asdict(claim) for claim in claims], schema=CLAIMS)


def replies_table(replies: Iterable[Reply]) -> pa.Table:
    """Return replies as a table, in their order, which is that of the bank's questions."""
    rows = [{name: getattr(r, name) for name in REPLIES.names} for r in replies]
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


def reply_rows(table: pa.Table) -> Rows[Reply]:
    """Read a table made by `replies_table`."""
    return Rows(
        table,
        lambda row: Reply(
            row["question"],
            Outcome(row["outcome"]),
            row["route"],
            tuple(row["passages"]),
            tuple(row["notices"]),
        ),
    )


def write_table(table: pa.Table, path: Path) -> None:
    """Write a table as a Parquet file; the same table gives the same bytes."""
    pq.write_table(table, path, compression="zstd")


def read_table(path: Path, schema: pa.Schema) -> pa.Table:
    """Read a Parquet file; raise ValueError when its columns are not those of `schema`."""
    # Without threads: the readers' pool would outlive the call and cost a small server memory.
    table = pq.read_table(path, use_threads=False)
    if not table.schema.equals(schema):
        raise ValueError(f"columns {table.schema.names} instead of {schema.names}")
    return table


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
    span = None if row["start"] is None else Span(row["start"], row["end"])
    return View(row["passage"], ViewKind(row["kind"]), row["text"], span)
