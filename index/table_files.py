"""How tables lie on disk: small ones packed as Parquet, large ones as Arrow, to be mapped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from index.mapped import MAP_FROM_BYTES

if TYPE_CHECKING:
    from pathlib import Path


def write_packed(table: pa.Table, path: Path) -> None:
    """Write a table as a Parquet file; the same table gives the same bytes."""
    with path.open("wb") as stream:
        pq.write_table(table, stream, compression="zstd")


def read_packed(path: Path, schema: pa.Schema) -> pa.Table:
    """Read a Parquet file; raise ValueError when its columns are not those of `schema`."""
    # Without threads: the readers' pool would outlive the call and cost a small server memory.
    return _checked(pq.read_table(path, use_threads=False), schema)


def write_mappable(table: pa.Table, path: Path) -> None:
    """Write a table as an Arrow file of one batch; the same table gives the same bytes."""
    with path.open("wb") as stream, pa.ipc.new_file(stream, table.schema) as writer:
        writer.write_table(table.combine_chunks(), max_chunksize=max(1, table.num_rows))


def read_mappable(path: Path, schema: pa.Schema) -> pa.Table:
    """Read an Arrow file, mapped when it is large; raise ValueError for other columns."""
    large = path.stat().st_size >= MAP_FROM_BYTES
    source = pa.memory_map(str(path)) if large else pa.BufferReader(path.read_bytes())
    return _checked(pa.ipc.open_file(source).read_all(), schema)


def _checked(table: pa.Table, schema: pa.Schema) -> pa.Table:
    if not table.schema.equals(schema):
        raise ValueError(f"columns {table.schema.names} instead of {schema.names}")
    return table
