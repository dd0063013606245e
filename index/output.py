"""Format responses, passages and tables for commands, and write the files that staff name."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from core.errors import UsageError
from core.files.atomic import replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from core.types import Article, Passage, SearchResponse, Span


def response_record(
    response: SearchResponse, notices: Sequence[Mapping[str, str]] = ()
) -> dict[str, Any]:
    """Return a response as the JSON object that the README documents.

    `notices` are the notices that the question raises, each with `group` and `level`.
    """
    return {
        "query": response.query,
        "outcome": response.outcome.value,
        "route": response.route,
        "corrected_query": response.corrected_query,
        "also_searched": list(response.also_searched),
        "notices": list(notices),
        "results": [
            {
                "rank": r.rank,
                "article_id": r.passage.article_id,
                "section_id": r.passage.section_id,
                "passage_id": r.passage.id,
                "heading": r.passage.heading,
                "text": r.passage.text,
                "score": round(r.score, 6),
                "sentence": asdict(r.sentence),
                "is_answer": r.is_answer,
                "matched_view": {"kind": r.matched_view.kind.value, "text": r.matched_view.text},
                "labels": list(r.labels),
            }
            for r in response.results
        ],
    }


def response_text(response: SearchResponse, notices: Sequence[Mapping[str, str]] = ()) -> str:
    """Return a response as text, notices first, answering sentences between >> and <<."""
    parts = [
        *(f"NOTICE ({notice['level']}): {notice['group']}" for notice in notices),
        f"{response.outcome.value.replace('_', ' ').upper()}: {len(response.results)} passages",
    ]
    if response.route:
        parts.append(f"route card: {response.route}")
    if response.corrected_query:
        parts.append(f"showing results for: {response.corrected_query}")
    if response.also_searched:
        parts.append(f"also searched for: {', '.join(response.also_searched)}")
    parts += [
        f"\n{r.rank}. {r.passage.heading}  ({r.passage.title})\n"
        f"   score {r.score:.3f}, matched by {r.matched_view.kind.value}, {r.passage.id}\n"
        f"   {marked(r.passage.text, [r.sentence])}"
        for r in response.results
    ]
    return "\n".join(parts) + "\n"


def passage_text(passage: Passage, article: Article) -> str:
    """Return a passage with its headings, its offsets and the version that a citation names."""
    return (
        f"{passage.id}\n  {passage.title} > {' > '.join(passage.path) or passage.heading}\n"
        f"  characters {passage.start} to {passage.end} of {article.source},"
        f" version {article.version}\n"
        f"  {passage.text}\n"
    )


def write_file(path: Path, raw: bytes, what: str, *, fix: str) -> None:
    """Write a file that staff named, completely or not at all.

    Raises UsageError when the disk refuses.
    """
    try:
        if path.exists() and not path.is_file():  # a pipe or a terminal
            path.write_bytes(raw)
        else:
            replace(path.resolve(), raw)
    except OSError as error:
        raise UsageError(
            f"The {what} cannot be written.",
            where=str(path),
            expected="a file in a folder with write permission and free space on its disk",
            found=error.strerror or str(error),
            fix=fix,
        ) from error


def table_text(
    rows: Sequence[Sequence[object]], columns: Sequence[str] | None = None, *, widest: int = 48
) -> str:
    """Return a table for a terminal; a cell over `widest` characters loses its middle.

    The end of an id says more than its middle.
    """
    texts = [[_shortened(str(cell), widest) for cell in row] for row in rows]
    table = [list(columns), *texts] if columns else texts
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in table
    )


def marked(text: str, spans: Iterable[Span]) -> str:
    """Return a text with every span between >> and <<; spans must not overlap."""
    for span in sorted(spans, reverse=True):
        text = f"{text[: span.start]}>>{text[span.start : span.end]}<<{text[span.end :]}"
    return text


def _shortened(cell: str, widest: int) -> str:
    if len(cell) <= widest:
        return cell
    left = widest - len("...")
    return f"{cell[: left - left // 2]}...{cell[-(left // 2) :]}"
