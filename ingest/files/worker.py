"""From a file's bytes to its text and sections, by format; and the process that does it apart.

`python -m ingest.files.worker` is no command for people: `ingest/files/sandbox.py` starts it and
talks to it.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any, BinaryIO

from core.errors import ContentError
from core.types import Provenance, Section, Span
from ingest.files.limits import PARSE_MEMORY_BYTES
from ingest.readers.html.page import parse_html
from ingest.readers.markdown import parse_markdown
from ingest.readers.outline import ParsedText
from ingest.readers.pdf.document import parse_pdf
from ingest.readers.word.document import parse_word

# Without work for so long the process ends: models need the memory that it holds.
_IDLE_S = 10
_AGAIN = "then run: python -m ingest"
_FIELDS = ("problem", "where", "expected", "found", "fix")
_DATES = ("reviewed", "next_review")


def parse(raw: bytes, suffix: str, article_id: str, fallback_title: str) -> ParsedText:
    """Parse a file of a format that a library reads; text formats are in UTF-8 here.

    Raises ContentError, whatever the library raised: `where` says no more than the place inside
    the file.
    """
    try:
        return _PARSERS[suffix](raw, article_id, fallback_title)
    except ContentError:
        raise
    except RecursionError as error:
        raise _unreadable(
            "parts that stand deeper within each other than in any article"
        ) from error
    except MemoryError as error:
        raise _unreadable("a file that needs more memory than any article") from error
    except Exception as error:  # libraries fail in ways of their own on broken files
        raise _unreadable(f"a damaged file ({type(error).__name__})") from error


def _unreadable(found: str) -> ContentError:
    return ContentError(
        "An article cannot be read.",
        expected="a file as programs write it",
        found=found,
        fix=f"open it in the program that made it, save it anew, {_AGAIN}",
    )


def _text_parser(
    parser: Callable[[str, str, str], ParsedText],
) -> Callable[[bytes, str, str], ParsedText]:
    return lambda raw, article_id, title: parser(raw.decode("utf-8"), article_id, title)


_PARSERS: Mapping[str, Callable[[bytes, str, str], ParsedText]] = {
    ".md": _text_parser(parse_markdown),
    ".htm": _text_parser(parse_html),
    ".html": _text_parser(parse_html),
    ".docx": parse_word,
    ".pdf": parse_pdf,
}
FORMATS = tuple(_PARSERS)


# -- the same, said in JSON ------------------------------------------------------------------------


def to_record(raw: bytes, suffix: str, article_id: str, fallback_title: str) -> dict[str, Any]:
    """Parse a file and return what was found, or the error, as JSON can hold it."""
    try:
        parsed = parse(raw, suffix, article_id, fallback_title)
    except ContentError as error:
        return {"error": {name: getattr(error, name) for name in _FIELDS}}
    record = asdict(parsed)
    for name in _DATES:
        day = record["provenance"][name]
        record["provenance"][name] = day.isoformat() if day else None
    return record


def from_record(record: dict[str, Any]) -> ParsedText:
    """Return what `answer` was given, or raise the ContentError that it caught."""
    if "error" in record:
        raise ContentError(**record["error"])
    stated = record["provenance"]
    days = {name: stated[name] and date.fromisoformat(stated[name]) for name in _DATES}
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
    )


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer requests until there are no more: a line of JSON and so many bytes, both ways."""
    while True:
        _set_alarm(_IDLE_S)
        line = requests.readline()
        _set_alarm(0)
        if not line:
            return
        request = json.loads(line)
        size = request.pop("size")
        raw = requests.read(size)
        if len(raw) < size:
            return
        told = json.dumps(to_record(raw, **request)).encode()
        answers.write(b"%d\n" % len(told))
        answers.write(told)
        answers.flush()


def _set_alarm(seconds: int) -> None:
    if hasattr(signal, "alarm"):  # not on Windows, where it waits as long as who started it
        signal.alarm(seconds)


def _limit_resources() -> None:
    """Take from this process what parsing does not need: memory without end, and writing files."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for kind, limit in (
        (resource.RLIMIT_AS, PARSE_MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        within = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(kind, (within, within))


def main() -> None:
    """Serve whoever started this process, over its standard input and output."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints is no answer
    _limit_resources()
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
