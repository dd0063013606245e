"""What the worker of the sandbox answers, as its parent reads it: no reader is needed for that."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from core.errors import ContentError, NoArticleError
from core.types import Provenance, Section, Span
from ingest.readers.outline import LeftOut, ParsedText, Reason

if TYPE_CHECKING:
    from ingest.explain.own_text import Look

FIELDS = ("problem", "where", "expected", "found", "fix")
DATES = ("reviewed", "next_review")


def look_of(record: dict[str, Any], look: Look) -> Any:
    """Return the text, or the pictures in base64, of `look_record`, or raise the error in it."""
    if "error" in record:
        raise ContentError(**record["error"])
    return record[look]


def from_record(record: dict[str, Any]) -> ParsedText:
    """Return the result in a record of `to_record`, or raise the error in it."""
    if "error" in record:
        raise (NoArticleError if record["is_no_article"] else ContentError)(**record["error"])
    stated = record["provenance"]
    days = {name: stated[name] and date.fromisoformat(stated[name]) for name in DATES}
    return ParsedText(
        title=record["title"],
        text=record["text"],
        sections=tuple(
            Section(s["id"], tuple(s["path"]), Span(s["body"]["start"], s["body"]["end"]))
            for s in record["sections"]
        ),
        provenance=Provenance(**{**stated, **days, "sources": tuple(stated["sources"])}),
        warnings=tuple(record["warnings"]),
        pages=tuple(record["pages"]),
        left_out=tuple(LeftOut(Reason(o["reason"]), o["text"]) for o in record["left_out"]),
        headline=record["headline"],
        pictures=tuple(Span(**span) for span in record["pictures"]),
    )
