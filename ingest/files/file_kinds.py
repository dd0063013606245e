"""Recognises the kind of a file by its first bytes, whatever its name says."""

from __future__ import annotations

import re

from core.errors import ContentError

_PAGE = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--(?:(?!-->).){0,2000}-->\s*+){0,20}+"
    rb"<(?:!doctype\s+html|html)\b",
    re.IGNORECASE | re.DOTALL,
)
_SAVED_MAIL = re.compile(rb"(?:From: <Saved by|MIME-Version:|Content-Type: multipart/)", re.I)
# PDF readers look for the mark within this many bytes; some printers write a few before it.
_PDF_WITHIN = 1024
# Names of the first parts of an archive stand in it unpacked.
_ARCHIVE_WITHIN = 4096

PLAIN, PAGE, WORD, PDF = "plain text", "a web page", "a Word document", "a PDF"
OPEN_TEXT, RICH_TEXT = "an OpenDocument text", "a rich text file"
SLIDES, BOOK, TABLE = "a presentation", "an e-book", "a table as text (CSV)"
WANTED = {
    ".txt": PLAIN,
    ".md": PLAIN,
    ".csv": TABLE,
    ".htm": PAGE,
    ".html": PAGE,
    ".docx": WORD,
    ".pdf": PDF,
    ".odt": OPEN_TEXT,
    ".rtf": RICH_TEXT,
    ".pptx": SLIDES,
    ".epub": BOOK,
}
ENDINGS = tuple(sorted(WANTED))
_BETTER = {kind: ending for ending, kind in WANTED.items() if kind not in (PLAIN, TABLE)}
_IN_WORD = "open it in Word or LibreOffice and save it as .docx"
# What to do with a format that is not read, by its ending.
_FIXES = {
    **dict.fromkeys((".doc", ".dot", ".docm", ".dotx", ".wps", ".wpd", ".fodt", ".ott"), _IN_WORD),
    ".pages": "open it in Pages and export it to Word (.docx)",
    ".key": "open it in Keynote and export it to PowerPoint (.pptx)",
    **dict.fromkeys(
        (".ppt", ".pps", ".ppsx", ".odp"),
        "open it in PowerPoint or LibreOffice and save it as .pptx",
    ),
    ".pub": "export it to PDF",
    **dict.fromkeys((".mobi", ".azw3"), "convert it to .epub"),
    **dict.fromkeys(
        (".xls", ".xlsx", ".ods", ".numbers"),
        "save it as .csv with the columns question and answer, if it is one of questions",
    ),
    **dict.fromkeys((".mht", ".mhtml", ".webarchive"), "save the page again, as .html only"),
    **dict.fromkeys((".zip", ".rar", ".7z", ".gz", ".tar"), "unpack it"),
    ".markdown": "give it the ending .md",
    ".mdx": "give it the ending .md",
    ".xhtml": "give it the ending .html",
    ".text": "give it the ending .txt",
}
_OLD_WORD = "an old Word file (.doc), or one with a password"
_BEGINNINGS = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _OLD_WORD),
    (rb"{\rtf", RICH_TEXT),
    (b"\x89PNG\r\n", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"BM\x00\x00", "a picture (BMP)"),
    (b"\x1f\x8b", "a packed file (gzip)"),
    (b"7z\xbc\xaf", "a packed file (7z)"),
    (b"Rar!", "a packed file (rar)"),
    (b"SQLite format 3\x00", "a database"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\x00", "a program"),
    (b"bplist00", "a web archive of Safari"),
)


def check_kind(raw: bytes, suffix: str, where: str) -> None:
    """Raise ContentError when a file is not what its name says.

    A file that looks like plain text passes as a web page or a table: these may begin in any way.
    """
    wanted, found = WANTED[suffix], kind_of(raw)
    if found == wanted or (found == PLAIN and wanted in (PAGE, TABLE)):
        return
    ending = _BETTER.get(found)
    better = f"give it the ending {ending}" if ending else f"save the article as {wanted}"
    better = _IN_WORD if found == _OLD_WORD else better
    raise ContentError(
        "This file is not what its name says.",
        where=where,
        expected=f"{wanted}, because the name ends in {suffix}",
        found="not a PDF" if found == PLAIN and wanted == PDF else found,
        fix=f"{better} or move it out of the folder, then run: python -m ingest",
    )


def fix_of(suffix: str) -> str:
    """Return what to do with a file of an ending that is not read."""
    return _FIXES.get(suffix, f"save it as one of {', '.join(ENDINGS)}")


def kind_of(raw: bytes) -> str:
    """Return what a file looks like; `PLAIN` for everything unknown."""
    for beginning, kind in _BEGINNINGS:
        if raw.startswith(beginning):
            return kind
    if raw.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _archive(raw)
    if _PAGE.match(_ascii(raw)):
        return PAGE
    if b"%PDF-" in raw[:_PDF_WITHIN]:
        return PDF
    if _SAVED_MAIL.match(raw):
        return "a web page with its pictures in one file (.mht)"
    return PLAIN


def _archive(raw: bytes) -> str:
    # The list of parts is at the end; each part's name is before it as well.
    names = raw[:_ARCHIVE_WITHIN] + raw[-_ARCHIVE_WITHIN * 16 :]
    for part, kind in (
        (b"application/epub", BOOK),
        (b"META-INF/container.xml", BOOK),
        (b"opendocument.text", OPEN_TEXT),
        (b"opendocument", "an OpenDocument file"),
        (b"word/", WORD),
        (b"xl/", "a spreadsheet (.xlsx)"),
        (b"ppt/", SLIDES),
        (b"Index/Document.iwa", "a Pages document"),
    ):
        if part in names:
            return kind
    return "a packed file (zip)"


def _ascii(raw: bytes) -> bytes:
    """Return the beginning without byte order marks and the null bytes of UTF-16."""
    start = raw[:_ARCHIVE_WITHIN]
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        start = start[2:].replace(b"\x00", b"")
    return start.removeprefix(b"\xef\xbb\xbf")
