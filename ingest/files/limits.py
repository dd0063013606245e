"""Limits on what is read: a content folder may hold anything, also by mistake.

Every limit is far above what an article needs and far below what a small machine can bear.
"""

from __future__ import annotations

_MEGABYTE = 1_000_000

# Of a file on disk. Text: a long novel has one megabyte. Web pages may hold their pictures in
# themselves; documents hold photographs as they came from the camera.
FILE_BYTES = {
    ".txt": 5 * _MEGABYTE,
    ".md": 5 * _MEGABYTE,
    ".csv": 5 * _MEGABYTE,
    ".htm": 20 * _MEGABYTE,
    ".html": 20 * _MEGABYTE,
    ".docx": 50 * _MEGABYTE,
    ".odt": 50 * _MEGABYTE,
    ".rtf": 50 * _MEGABYTE,
    ".pptx": 50 * _MEGABYTE,
    ".epub": 50 * _MEGABYTE,
    ".pdf": 50 * _MEGABYTE,
}
# Of what is read out of a file of whatever format: a handbook of five hundred pages has half of it.
TEXT_CHARS = 2_000_000
# Headings with text under them; a handbook of five hundred pages has a third of it.
SECTIONS = 5_000
# Settings at the head of an article or beside it.
SETTINGS_BYTES = 64_000
# Elements within elements, those that only change how letters look not counted. Pages of site
# builders reach forty.
DEPTH = 100
# Elements of a web page; one with every comment of ten years has fewer. Those of all parts of an
# office document: a page of text has a thousand.
ELEMENTS = 500_000
XML_ELEMENTS = 1_000_000
PAGES = 1_000
# Pages that are pictures: how many, of how many pixels (an A4 page at 300 dots per inch has nine
# million), and how long text recognition may take for one; most take three seconds.
OCR_PAGES = 200
OCR_PIXELS = 12_000_000
OCR_SECONDS = 60

# Office documents and e-books are archives. The text is in some of the parts: a megabyte of it is
# ten of XML. XML packs well, to a twentieth say; bombs are packed to a thousandth.
ARCHIVE_PARTS = 5_000
ARCHIVE_BYTES = 500 * _MEGABYTE
PART_BYTES = 50 * _MEGABYTE
PART_RATIO = 200
# Below this size no ratio is suspicious: a small part of white space packs as well as a bomb.
RATIO_FROM_BYTES = _MEGABYTE

# An export of a WordPress site, which has no pictures: ten thousand posts are half of it.
EXPORT_BYTES = 100 * _MEGABYTE

# Of the process that parses: what a thousand pages need, several times over.
PARSE_SECONDS = 120
PARSE_MEMORY_BYTES = 1_000 * _MEGABYTE
