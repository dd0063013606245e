"""Parses a file by its format, in the process that `ingest/files/sandbox.py` starts.

`python -m ingest.files.worker` is not a command for people.
"""

from __future__ import annotations

import base64
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any, BinaryIO

from core.errors import ContentError, NoArticleError
from ingest.explain.own_text import Look, own_text
from ingest.explain.pictures import page_pictures
from ingest.files.limits import PARSE_MEMORY_BYTES
from ingest.files.records import DATES, FIELDS
from ingest.readers.epub import parse_epub
from ingest.readers.faq import parse_faq
from ingest.readers.html.page import parse_html
from ingest.readers.markdown.document import parse_markdown
from ingest.readers.ocr import Ocr, Recognize, recognizer
from ingest.readers.office.odf import parse_odf
from ingest.readers.office.rtf import parse_rtf
from ingest.readers.office.slides import parse_slides
from ingest.readers.outline import ParsedText
from ingest.readers.pdf.document import parse_pdf
from ingest.readers.word.document import parse_word

# Without work for this long the process ends: models need its memory.
_IDLE_S = 10
_AGAIN = "then run: python -m ingest"


def parse(
    raw: bytes,
    suffix: str,
    article_id: str,
    fallback_title: str,
    recognize: Recognize | None = None,
) -> ParsedText:
    """Parse a file of a format that a library reads; text formats are in UTF-8 here.

    `recognize` reads the pages of a PDF that are pictures. Raises ContentError, whatever the
    library raised; its `where` is a place inside the file.
    """
    with _clear_errors():
        if recognize and suffix == ".pdf":
            return parse_pdf(raw, article_id, fallback_title, recognize=recognize)
        return _PARSERS[suffix](raw, article_id, fallback_title)


@contextmanager
def _clear_errors() -> Iterator[None]:
    try:
        yield
    except ContentError:
        raise
    except RecursionError as error:
        raise _unreadable("elements that are nested too deeply") from error
    except MemoryError as error:
        raise _unreadable("it needs more memory than the reader may use") from error
    except Exception as error:  # each library has its own exceptions for broken files
        raise _unreadable(f"a damaged file ({type(error).__name__})") from error


def _unreadable(found: str) -> ContentError:
    return ContentError(
        "This file cannot be read.",
        expected="an undamaged file",
        found=found,
        fix=f"open it in the program that made it, save it again, {_AGAIN}",
    )


def _text_parser(
    parser: Callable[[str, str, str], ParsedText],
) -> Callable[[bytes, str, str], ParsedText]:
    return lambda raw, article_id, title: parser(raw.decode("utf-8"), article_id, title)


_PARSERS: Mapping[str, Callable[[bytes, str, str], ParsedText]] = {
    ".md": _text_parser(parse_markdown),
    ".csv": _text_parser(parse_faq),
    ".htm": _text_parser(parse_html),
    ".html": _text_parser(parse_html),
    ".docx": parse_word,
    ".odt": parse_odf,
    ".rtf": parse_rtf,
    ".pptx": parse_slides,
    ".epub": parse_epub,
    ".pdf": parse_pdf,
}


def to_record(
    raw: bytes,
    suffix: str,
    article_id: str,
    fallback_title: str,
    recognize: Recognize | None = None,
) -> dict[str, Any]:
    """Parse a file; return the result, or the error, as a record that JSON can hold."""
    try:
        parsed = parse(raw, suffix, article_id, fallback_title, recognize)
    except ContentError as error:
        return {
            "error": {name: getattr(error, name) for name in FIELDS},
            "is_no_article": isinstance(error, NoArticleError),
        }
    record = asdict(parsed)
    for name in DATES:
        day = record["provenance"][name]
        record["provenance"][name] = day.isoformat() if day else None
    return record


def look_record(raw: bytes, suffix: str, look: Look) -> dict[str, Any]:
    """Look at a file in another way than its reader; return what `look_of` understands."""
    try:
        with _clear_errors():
            if look == "text":
                return {look: own_text(raw, suffix)}
            return {look: [base64.b64encode(png).decode() for png in page_pictures(raw)]}
    except ContentError as error:
        return {"error": {name: getattr(error, name) for name in FIELDS}}


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer requests until the input ends: a line with the size, then the bytes, both ways.

    A line with the size 0 comes before an answer whenever a picture is read, which takes its time.
    """

    def begins() -> None:
        answers.write(b"0\n")
        answers.flush()

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
        if "look" in request:
            made = look_record(raw, **request)
        else:
            ocr = request.pop("ocr")
            recognize = recognizer(Ocr(**ocr), begins) if ocr else None
            made = to_record(raw, **request, recognize=recognize)
        record = json.dumps(made).encode()
        answers.write(b"%d\n" % len(record) + record)
        answers.flush()


def _set_alarm(seconds: int) -> None:
    if hasattr(signal, "alarm"):  # not on Windows: there it runs as long as its parent
        signal.alarm(seconds)


def _limit_resources() -> None:
    """Limit the memory of this process, and forbid it to write files."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for kind, limit in (
        (resource.RLIMIT_AS, PARSE_MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        if kind == resource.RLIMIT_AS and sys.platform == "darwin":
            continue  # macOS refuses any such limit (python/cpython#78783)
        hard = resource.getrlimit(kind)[1]
        within = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(kind, (within, within))


def main() -> None:
    """Serve the parent process over standard input and output."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not mix with the answers
    _limit_resources()
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
