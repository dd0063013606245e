"""Tables on disk: Arrow files, read whole when small and memory-mapped when large."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from index.store.mapped import MAP_FROM_BYTES

if TYPE_CHECKING:
    from pathlib import Path


def write_table(table: pa.Table, path: Path) -> None:
    """Write a table as an Arrow file of one batch; the same table gives the same bytes."""
    with path.open("wb") as stream, pa.ipc.new_file(stream, table.schema) as writer:
        writer.write_table(table.combine_chunks(), max_chunksize=max(1, table.num_rows))


def read_table(path: Path, schema: pa.Schema) -> pa.Table:
    """Read an Arrow file. Raises ValueError when its columns differ from those of `schema`."""
    large = path.stat().st_size >= MAP_FROM_BYTES
    source = pa.memory_map(str(path)) if large else pa.BufferReader(path.read_bytes())
    table = pa.ipc.open_file(source).read_all()
    if not table.schema.equals(schema):
        raise ValueError(f"columns {table.schema.names} instead of {schema.names}")
    return table
