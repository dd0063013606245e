"""Write a labelled collection in BEIR layout."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path


def write_collection(
    folder: Path,
    documents: Mapping[str, tuple[str, str]],
    queries: Mapping[str, str],
    relevance: str,
) -> Path:
    """Write documents (title, text) and queries by id; `relevance` has "query document grade"."""
    (folder / "qrels").mkdir(parents=True)
    corpus = [{"_id": i, "title": title, "text": text} for i, (title, text) in documents.items()]
    asked = [{"_id": i, "text": text} for i, text in queries.items()]
    for name, rows in (("corpus", corpus), ("queries", asked)):
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    qrels = ["query-id corpus-id score", *relevance.split(", ")]
    text = "\n".join(qrels).replace(" ", "\t") + "\n"
    (folder / "qrels" / "test.tsv").write_text(text, encoding="utf-8")
    return folder
