"""Write a decision about a claim into the text of `claims.csv`, all other rows as they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.files.csv_table import CsvTable, Record, records
from core.files.spreadsheet import csv_text, unescape_formula
from core.text.characters import collapse_spaces
from core.types import claim_key
from safety.claims.decisions import COLUMNS, check_claim_decisions

if TYPE_CHECKING:
    from core.types import ClaimKey

DECIDED = COLUMNS[3:]
"""The columns of a decision: decision, reason, reference, by, date."""


@dataclass(frozen=True, slots=True)
class _Row:
    record: Record
    cells: Mapping[str, str]

    @property
    def key(self) -> ClaimKey:
        return claim_key(self.cells["article"], self.cells["sentence"], self.cells["kind"])


def decided(text: str, table: CsvTable, key: ClaimKey) -> dict[str, str]:
    """Return the decision of a claim as written, each column of DECIDED empty where there is none.

    Raises ContentError for a text that is no CSV.
    """
    _, rows = _read(text, table)
    found: Mapping[str, str] = next((row.cells for row in rows if row.key == key), {})
    return {name: found.get(name, "") for name in DECIDED}


def with_claim_decision(
    text: str, table: CsvTable, key: ClaimKey, decision: Mapping[str, str]
) -> str:
    """Return the text with the row of a claim changed, or with a row more; an empty text gets both.

    Raises ContentError naming every row that `python -m ingest` would refuse.
    """
    head, rows = _read(text, table)
    header = [name.strip() for name in head.cells]
    line_end = "\r\n" if head.raw.endswith("\r\n") else "\n"
    named = dict(zip(COLUMNS[:3], key, strict=True)) | dict(decision)

    def line(cells: Mapping[str, str]) -> str:
        tidy = [collapse_spaces(cells.get(name, "")) for name in header]
        return csv_text([tidy], line_end=line_end)

    parts = [head.raw]
    is_new = True
    for row in rows:
        changed = is_new and row.key == key
        is_new = is_new and not changed
        parts.append(line({**row.cells, **named}) if changed else row.record.raw)
    if is_new:
        gap = "" if parts[-1].endswith(("\n", "\r")) else line_end
        parts += [gap, line(named)]
    made = "".join(parts)
    check_claim_decisions(made, table)
    return made


def _read(text: str, table: CsvTable) -> tuple[Record, list[_Row]]:
    head, *others = list(records(table, text)) or [Record(1, COLUMNS, ",".join(COLUMNS) + "\n")]
    header = [name.strip() for name in head.cells]
    empty = dict.fromkeys([*COLUMNS, *header], "")
    rows = []
    for record in others:
        cells = (collapse_spaces(unescape_formula(cell.strip())) for cell in record.cells)
        rows.append(_Row(record, {**empty, **dict(zip(header, cells, strict=False))}))
    return head, rows
