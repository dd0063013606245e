"""Read a collection in BEIR layout (Thakur et al. 2021): documents, queries, graded judgements."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.errors import ContentError

if TYPE_CHECKING:
    from pathlib import Path

_CORPUS, _QUERIES, _QRELS = "corpus.jsonl", "queries.jsonl", "qrels/test.tsv"
_QRELS_HEADER = ["query-id", "corpus-id", "score"]
_GRADE = re.compile(r"-?\d{1,9}")


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a collection; title or text may be empty, not both."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Collection:
    """Documents, judged queries, and the grades (1 or more) of each query's relevant documents.

    `unjudged` counts queries without a relevant document, which cannot be measured. `empty` counts
    documents with neither title nor text: nothing can find them, but they may count as relevant.
    """

    name: str
    documents: tuple[Document, ...]
    queries: Mapping[str, str]
    relevance: Mapping[str, Mapping[str, int]]
    unjudged: int
    empty: int


def read_collection(folder: Path) -> Collection:
    """Read and check a collection; ContentError names the file, the line and the problem."""
    if not folder.is_dir():
        raise _problem(
            str(folder),
            f"a folder with {_CORPUS}, {_QUERIES} and {_QRELS}",
            "a file" if folder.exists() else "no such folder",
            "name the folder of a collection: python -m evaluation beir DIR",
        )
    documents = _documents(folder / _CORPUS)
    queries = _queries(folder / _QUERIES)
    relevance = _relevance(folder / _QRELS, queries, {document.id for document in documents})
    written = tuple(d for d in documents if d.title or d.text)
    return Collection(
        name=folder.resolve().name,
        documents=written,
        queries={name: queries[name] for name in queries if name in relevance},
        relevance=relevance,
        unjudged=len(queries.keys() - relevance.keys()),
        empty=len(documents) - len(written),
    )


def _documents(path: Path) -> list[Document]:
    documents = []
    for name, (where, record) in _records(path).items():
        title = _text(record, "title", where) if record.get("title") is not None else ""
        documents.append(Document(name, title.strip(), _text(record, "text", where).strip()))
    if not documents:
        raise _problem(str(path), "at least one document", "none")
    return documents


def _queries(path: Path) -> dict[str, str]:
    return {name: _text(record, "text", where) for name, (where, record) in _records(path).items()}


def _relevance(
    path: Path, queries: Mapping[str, str], documents: set[str]
) -> dict[str, dict[str, int]]:
    rows = csv.reader(io.StringIO(_read(path)), delimiter="\t", quoting=csv.QUOTE_NONE)
    header = next(rows, [])
    if header != _QRELS_HEADER:
        raise _problem(f"{path}, line 1", "the header " + " ".join(_QRELS_HEADER), " ".join(header))
    relevance: dict[str, dict[str, int]] = {}
    for cells in rows:
        if not cells:
            continue
        where = f"{path}, line {rows.line_num}"
        if len(cells) != len(_QRELS_HEADER) or not _GRADE.fullmatch(cells[2].strip()):
            raise _problem(where, "query, document and a whole number, with tabs", repr(cells))
        query, document, grade = cells[0], cells[1], int(cells[2])
        if query not in queries:
            raise _problem(where, f"a query of {_QUERIES}", f"unknown query {query}")
        if document not in documents:
            raise _problem(where, f"a document of {_CORPUS}", f"unknown document {document}")
        if grade > 0:
            relevance.setdefault(query, {})[document] = grade
    if not relevance:
        raise _problem(str(path), "at least one relevant document", "none")
    return relevance


def _records(path: Path) -> dict[str, tuple[str, Mapping[str, object]]]:
    """Return each line's file and number and its JSON object, by the object's _id."""
    found: dict[str, tuple[str, Mapping[str, object]]] = {}
    # Not splitlines, which also divides at characters that JSON allows inside a text.
    for number, line in enumerate(_read(path).split("\n"), start=1):
        if not line.strip():
            continue
        where = f"{path}, line {number}"
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise _problem(where, "a JSON object on each line", str(error)) from error
        if not isinstance(record, dict):
            raise _problem(where, "a JSON object on each line", type(record).__name__)
        name = _text(record, "_id", where)
        if name in found:
            raise _problem(where, "each _id once", f"{name} again")
        found[name] = where, record
    return found


def _text(record: Mapping[str, object], key: str, where: str) -> str:
    value = record.get(key)
    if not isinstance(value, str) or (key == "_id" and not value):
        found = "nothing" if value is None else repr(value)
        raise _problem(where, f"a text under {key}", found)
    return value


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as error:
        found = "no such file" if isinstance(error, FileNotFoundError) else str(error)
        raise _problem(str(path), "a file in BEIR layout, in UTF-8", found) from error


def _problem(
    where: str, expected: str, found: str, fix: str = "correct the file, then run it again"
) -> ContentError:
    return ContentError(
        "The collection cannot be evaluated.",
        where=where,
        expected=expected,
        found=found,
        fix=fix,
    )
