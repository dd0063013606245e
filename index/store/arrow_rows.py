"""Arrow tables as sequences and mappings of rows, which become objects when they are used.

So a large index takes only the memory of its columns, which are in a memory-mapped file.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Callable, ItemsView, Iterator, Mapping, Sequence, ValuesView
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from numpy.typing import NDArray

Row = TypeVar("Row")
Key = TypeVar("Key")
Made = TypeVar("Made")
Number = TypeVar("Number", bound=np.integer)
_ROWS_AT_ONCE = 1024
# Enough for the passages and views of the results of a few searches.
_CACHED_ROWS = 256


class _Recent(Generic[Key, Made]):
    """The last few objects that were made, by key; safe to share between threads.

    An lru_cache of a method would be a reference cycle: a replaced index would stay in memory until
    the garbage collector runs.
    """

    def __init__(self) -> None:
        self._made: OrderedDict[Key, Made] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Key, make: Callable[[Key], Made]) -> Made:
        """Return the object of a key; `make` makes it where it is not among the last few."""
        with self._lock:
            if key in self._made:
                self._made.move_to_end(key)
                return self._made[key]
        made = make(key)
        with self._lock:
            self._made[key] = made
            if len(self._made) > _CACHED_ROWS:
                self._made.popitem(last=False)
        return made


class Rows(Sequence[Row], Generic[Row]):
    """A table as a sequence of objects, made when they are used; the last few are kept.

    They are made of the columns that are named, of all without names.
    """

    def __init__(
        self,
        table: pa.Table,
        make: Callable[[dict[str, Any]], Row],
        names: Sequence[str] | None = None,
    ) -> None:
        # A single chunk a column: a lookup among many chunks is a search of its own.
        self.table = table if _is_whole(table) else table.combine_chunks()
        self._columns = {
            name: self.table[name].chunk(0) if len(table) else self.table[name]
            for name in self.table.column_names
        }
        self._names = names or self.table.column_names
        self._make = make
        self._recent: _Recent[int, Row] = _Recent()

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
        return self._recent.get(row, self._made)

    def _made(self, row: int) -> Row:
        return self._make({name: self._columns[name][row].as_py() for name in self._names})

    def __iter__(self) -> Iterator[Row]:
        wanted = self.table.select(self._names)
        for batch in wanted.to_batches(max_chunksize=_ROWS_AT_ONCE):
            yield from map(self._make, batch.to_pylist())

    def integers(self, name: str) -> NDArray[np.int64]:
        """Return a column of integers in row order, nulls as -1: int64, shape (rows,)."""
        column = self.table[name].cast(pa.int64())  # no copy of what is as long already
        return _numbers(column.fill_null(-1) if column.null_count else column, np.int64)

    def codes(self, name: str) -> NDArray[np.int8]:
        """Return the codes of a dictionary column: int8, shape (rows,)."""
        return _numbers(self.table[name].combine_chunks().indices, np.int8)

    def text(self, name: str, row: int) -> str:
        """Return one text of a column."""
        return str(self._columns[name][row].as_py())

    def texts(
        self, name: str, rows: Sequence[int] | NDArray[np.integer] | None = None
    ) -> list[str]:
        """Return a column's texts, of the given rows in their order or of all rows."""
        found: list[str] = self._taken(name, rows).to_pylist()
        return found

    def coded(self, name: str) -> tuple[NDArray[np.int32], list[str]]:
        """Return the codes of a column's texts, int32 of shape (rows,), and the text of each."""
        encoded = self.table[name].combine_chunks().dictionary_encode()
        return _numbers(encoded.indices, np.int32), encoded.dictionary.to_pylist()

    def rows_of(
        self, name: str, texts: Sequence[str], among: NDArray[np.bool_] | None = None
    ) -> dict[str, int]:
        """Return the first row that has each text in a column, of those that any row has.

        `among` says which rows count, by default all: bool, shape (rows,).
        """
        counted = np.arange(len(self)) if among is None else np.flatnonzero(among)
        column = self.table[name]
        if among is not None:
            column = column.filter(pa.array(among))
        found = pc.index_in(pa.array(texts, column.type), value_set=column).to_pylist()
        return {
            text: int(counted[row])
            for text, row in zip(texts, found, strict=True)
            if row is not None
        }

    def numbers(self, name: str, rows: Sequence[int]) -> list[int]:
        """Return the numbers in a column of the given rows, in their order."""
        found: list[int] = self._taken(name, rows).to_pylist()
        return found

    def _taken(
        self, name: str, rows: Sequence[int] | NDArray[np.integer] | None
    ) -> pa.Array | pa.ChunkedArray:
        if rows is None:
            return self._columns[name]
        wanted = np.ascontiguousarray(rows, dtype=np.int64)
        places = [None, pa.py_buffer(wanted)]
        return self._columns[name].take(pa.Array.from_buffers(pa.int64(), len(wanted), places))

    def holding(self, name: str, text: str) -> Iterator[Row]:
        """Yield the rows whose list of texts in a column holds a text."""
        lists = self.table[name].combine_chunks()
        wanted = pc.equal(pc.list_flatten(lists), text)
        for row in pc.list_parent_indices(lists).filter(wanted).unique().to_pylist():
            yield self[row]


class Keyed(Generic[Row]):
    """A lookup of rows by the text in a column, which holds no texts."""

    def __init__(self, rows: Rows[Row], name: str) -> None:
        self.rows = rows
        self._name = name

    @cached_property
    def _order(self) -> NDArray[np.int64]:
        # Arrow sorts by bytes, and UTF-8 keeps the order of code points, so Python agrees.
        found = pc.sort_indices(self.rows.table, sort_keys=[(self._name, "ascending")])
        return _numbers(found, np.uint64).astype(np.int64)

    def find(self, text: str) -> NDArray[np.int64]:
        """Return the rows that hold this text, ascending: int64, shape (found,)."""
        order = self._order

        def at(place: int) -> str:
            return self.rows.text(self._name, int(order[place]))

        start = bisect_left(range(len(order)), text, key=at)
        end = start
        while end < len(order) and at(end) == text:
            end += 1
        return np.sort(order[start:end])


class ById(Mapping[str, Row]):
    """Rows by their ids, in row order."""

    def __init__(self, rows: Rows[Row], name: str = "id") -> None:
        self.rows = rows
        self._keyed = Keyed(rows, name)
        self._name = name
        self._recent: _Recent[str, int] = _Recent()

    def __getitem__(self, key: str) -> Row:
        return self.rows[self._recent.get(key, self._found)]

    def _found(self, key: str) -> int:
        row = self.row(key)
        if row is None:
            raise KeyError(key)
        return row

    def values(self) -> ValuesView[Row]:
        """Return all rows, which an iteration makes once each, without lookups."""
        return _AllRows(self, self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[str]:
        return iter(self.rows.texts(self._name))

    def row(self, key: str) -> int | None:
        """Return the number of the row with this id, None without one."""
        found = self._keyed.find(key)
        return int(found[0]) if len(found) else None

    def text(self, name: str, key: str) -> str | None:
        """Return the text in a column of the row with this id, None without one.

        The row does not become an object, which takes much longer.
        """
        try:
            return self.rows.text(name, self._recent.get(key, self._found))
        except KeyError:
            return None


class ByOwner(Mapping[str, tuple[Row, ...]]):
    """The rows of each owner that has any, in row order."""

    def __init__(self, rows: Rows[Row], name: str) -> None:
        self._keyed = Keyed(rows, name)
        self._name = name

    def __getitem__(self, key: str) -> tuple[Row, ...]:
        found = self._keyed.find(key)
        if not len(found):
            raise KeyError(key)
        return tuple(self._keyed.rows[int(row)] for row in found)

    def __len__(self) -> int:
        return len(set(iter(self)))

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(self._keyed.rows.texts(self._name)))

    def items(self) -> ItemsView[str, tuple[Row, ...]]:
        """Return all owners with their rows, grouped in a single pass."""
        grouped: dict[str, list[Row]] = {}
        owners = self._keyed.rows.texts(self._name)
        for owner, row in zip(owners, self._keyed.rows, strict=True):
            grouped.setdefault(owner, []).append(row)
        return {owner: tuple(rows) for owner, rows in grouped.items()}.items()

    def values(self) -> ValuesView[tuple[Row, ...]]:
        """Return the rows of all owners, grouped in a single pass."""
        return dict(self.items()).values()


class _AllRows(ValuesView[Row]):
    """The values of a mapping by ids, read from the table in row order."""

    def __init__(self, mapping: Mapping[str, Row], rows: Rows[Row]) -> None:
        super().__init__(mapping)
        self._rows = rows

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows)


def _numbers(column: pa.Array | pa.ChunkedArray, dtype: type[Number]) -> NDArray[Number]:
    """Return a column without nulls as an array, without a copy when it has a single chunk.

    Arrow's own conversion imports pandas first: 35 MB that the page does not need.
    """
    chunks = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
    parts = [
        np.frombuffer(chunk.buffers()[1], dtype)[chunk.offset : chunk.offset + len(chunk)]
        for chunk in chunks
        if len(chunk)
    ]
    return parts[0] if len(parts) == 1 else np.concatenate([np.zeros(0, dtype), *parts])


def _is_whole(table: pa.Table) -> bool:
    return all(column.num_chunks == 1 for column in table.columns)
