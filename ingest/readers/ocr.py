"""Reads the pages of a PDF that are pictures, by Tesseract, where that program is installed.

The words come back with their places, so that the reader for PDFs finds headings and rows among
them as among letters. Tesseract runs in the sandbox: little memory, no files, a limit of time.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import median
from typing import Any

from core.errors import ContentError
from ingest.files.limits import OCR_PAGES, OCR_PIXELS, OCR_SECONDS
from ingest.readers.outline import LeftOut, Reason
from ingest.readers.pdf.direction import RIGHT_TO_LEFT, Place
from ingest.readers.pdf.fragments import Emphasis, Fragment
from ingest.readers.pdf.glyphs import PdfFile, PdfPage

# Below this confidence, 0 to 100, a page is refused: clear print has 90 and more, and a digit that
# is read wrongly may be a dose.
LEAST_CONFIDENCE = 80
_PROGRAM = "tesseract"
_DPI, _POINTS = 300, 72
# Tesseract's names of languages, by the code in clinic.toml.
_LANGUAGES = {
    "ar": "ara", "ca": "cat", "cs": "ces", "cy": "cym", "da": "dan", "de": "deu", "el": "ell",
    "en": "eng", "es": "spa", "fi": "fin", "fr": "fra", "ga": "gle", "he": "heb", "hu": "hun",
    "it": "ita", "ja": "jpn", "nb": "nor", "nl": "nld", "no": "nor", "pl": "pol", "pt": "por",
    "ro": "ron", "ru": "rus", "sv": "swe", "tr": "tur", "uk": "ukr",
}  # fmt: skip
_FEWEST_LETTERS = 10  # a page with fewer is a picture
_WORD = "5"  # the level of a row of Tesseract's table
# Of the size of letters: how high words are by what they hold, and how far some go below the line.
_HIGH, _LOW, _SMALL, _BELOW = 0.73, 0.71, 0.5, 0.21
_ASCENDING = frozenset("bdfhkltij0123456789?!()/%&\"'") | frozenset(map(chr, range(65, 91)))
_DESCENDING = frozenset("gjpqy,;()/")
_GAP = 1.0  # a wider gap between words divides a line
_ALIKE, _STEP = 0.2, 0.25  # of the size of most letters


@dataclass(frozen=True, slots=True)
class Ocr:
    """Tesseract as it is installed here: its path, its name of the language, what it is."""

    program: str
    language: str
    version: str


@dataclass(frozen=True, slots=True)
class Word:
    """A word in a picture: its line, its box in pixels from the upper left, its confidence."""

    line: tuple[str, ...]
    left: int
    top: int
    width: int
    height: int
    confidence: float
    text: str


@dataclass(frozen=True, slots=True)
class PicturesRead:
    """A PDF with the words of its pictures; page numbers count from 0.

    `pages` were read from pictures, `refused` could not be, and `warnings` say why. `left_out` are
    the words of refused pages, where there are any.
    """

    file: PdfFile
    pages: tuple[int, ...] = ()
    refused: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()
    left_out: Mapping[int, LeftOut] = field(default_factory=dict)


# Reads a grey picture: (bytes of rows, width, height, dots per inch) -> its words.
Recognize = Callable[[bytes, int, int, int], Sequence[Word]]


def find_ocr(language: str) -> Ocr | None:
    """Return Tesseract for a language ("en", "fr-CH"), None where it or the language is missing."""
    name = _LANGUAGES.get(language.partition("-")[0].lower(), "")
    program = shutil.which(_PROGRAM)
    if not name or not program:
        return None
    try:
        version = _run([program, "--version"]).decode()
        known = _run([program, "--list-langs"]).decode()
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return None
    if name not in known.split():
        return None
    return Ocr(program, name, f"{version.partition(chr(10))[0].strip()} {name}")


def recognizer(ocr: Ocr, begins: Callable[[], None]) -> Recognize:
    """Return what reads pictures; `begins` is called before each."""

    def recognize(picture: bytes, width: int, height: int, dpi: int) -> list[Word]:
        begins()
        head = b"P5\n%d %d\n255\n" % (width, height)
        options = ["-l", ocr.language, "--dpi", str(dpi), "--psm", "3", "tsv"]
        told = _run([ocr.program, "stdin", "stdout", *options], head + picture)
        return _words(told.decode("utf-8", "replace"))

    return recognize


def _run(command: list[str], given: bytes = b"") -> bytes:
    done = subprocess.run(  # noqa: S603 - a program of the machine, options of our own
        command,
        input=given,
        capture_output=True,
        timeout=OCR_SECONDS,
        check=True,
        # One thread: several would each take memory, and wait for each other.
        env={**os.environ, "OMP_THREAD_LIMIT": "1"},
    )
    return done.stdout


def read_pictures(raw: bytes, file: PdfFile, recognize: Recognize) -> PicturesRead:
    """Read the pages of a PDF that have hardly a letter.

    Raises ContentError when there are too many of them, or when no page can be read.
    """
    numbers = [n for n, page in enumerate(file.pages) if _letters(page) < _FEWEST_LETTERS]
    if not numbers:
        return PicturesRead(file)
    if len(numbers) > OCR_PAGES:
        raise _refused(f"at most {OCR_PAGES} pages that are pictures", f"{len(numbers)}")
    pages, read = list(file.pages), list[int]()
    refused: dict[int, str] = {}
    left_out: dict[int, LeftOut] = {}
    for number, picture in zip(numbers, _pictures(raw, numbers), strict=True):
        try:
            words = recognize(*picture)
        except subprocess.TimeoutExpired:
            refused[number] = "is a picture that takes too long to read; scan it again"
            continue
        except (OSError, subprocess.SubprocessError):
            refused[number] = "is a picture on which text recognition fails; scan it again"
            continue
        if not words:
            continue  # an empty page, or a drawing
        confidence = _confidence(words)
        if confidence >= LEAST_CONFIDENCE:
            pages[number] = _with_words(pages[number], words, picture[3])
            read.append(number)
        else:
            text = " ".join(word.text for word in words)
            left_out[number] = LeftOut(Reason.UNSURE, text)
            refused[number] = (
                f"is a picture that cannot be read safely (confidence {confidence:.0f} of 100, at "
                f"least {LEAST_CONFIDENCE} is needed); scan it again, upright and with {_DPI} dots "
                "per inch, or type it"
            )
    warnings = tuple(f"page {number + 1} {why}" for number, why in refused.items())
    if warnings and not any(map(_letters, pages)):
        raise _refused("pages that can be read", "; ".join(warnings))
    return PicturesRead(
        replace(file, pages=tuple(pages)), tuple(read), tuple(refused), warnings, left_out
    )


def _pictures(raw: bytes, numbers: Iterable[int]) -> Iterable[tuple[bytes, int, int, int]]:
    """Yield pages as grey pictures: bytes of rows, width, height, dots per inch."""
    import pypdfium2  # type: ignore[import-untyped]

    document = pypdfium2.PdfDocument(raw)
    try:
        for number in numbers:
            page = document[number]
            width, height = page.get_size()
            most = (OCR_PIXELS / max(width * height, 1)) ** 0.5
            dpi = max(1, min(_DPI, int(most * _POINTS)))
            bitmap: Any = page.render(scale=dpi / _POINTS, grayscale=True)
            rows, stride, wide = bytes(bitmap.buffer), bitmap.stride, bitmap.width
            starts = range(0, bitmap.height * stride, stride)
            yield b"".join(rows[at : at + wide] for at in starts), wide, bitmap.height, dpi
            bitmap.close()
            page.close()
    finally:
        document.close()


def _words(table: str) -> list[Word]:
    """Read Tesseract's table, a row for each word."""
    found = []
    for row in table.splitlines():
        level, *rest = row.split("\t")
        if level != _WORD or len(rest) != 11:
            continue
        *line, _, left, top, width, height, confidence, text = rest
        if text.strip() and float(confidence) >= 0:
            box = (int(left), int(top), int(width), int(height))
            found.append(Word(tuple(line), *box, float(confidence), text.strip()))
    return found


def _letters(page: PdfPage) -> int:
    return sum(c.isalnum() for fragment in page.fragments for c in fragment.text)


def _confidence(words: Sequence[Word]) -> float:
    """Return the confidence in a letter of these words, on average."""
    letters = sum(len(word.text) for word in words)
    return sum(len(word.text) * word.confidence for word in words) / letters


def _with_words(page: PdfPage, words: Sequence[Word], dpi: int) -> PdfPage:
    """Return a page with the words of its picture as fragments, in points from the lower left."""
    lines: dict[tuple[str, ...], list[Word]] = defaultdict(list)
    for word in words:
        lines[word.line].append(word)
    usual = median(_size(word) for word in words for _ in word.text)
    fragments = [f for line in lines.values() for f in _fragments(line, usual)]
    points = _POINTS / dpi
    scaled = (
        replace(
            f,
            left=f.left * points,
            right=f.right * points,
            y=page.height - f.y * points,
            size=f.size * points,
            words=tuple(Place(w.left * points, w.right * points, w.text) for w in f.words),
        )
        for f in fragments
    )
    letters = sum(len(f.text) for f in fragments)
    return replace(page, fragments=tuple(scaled), letters=letters, unreadable=0)


def _fragments(line: Sequence[Word], usual: float) -> Iterable[Fragment]:
    """Yield the words of a line that are side by side, in pixels, `y` from the upper edge."""
    size = median(_size(word) for word in line for _ in word.text)
    # Sizes are estimates: those near to each other are the same, or each line would be a heading.
    times = size / usual
    size = usual * (1 if abs(times - 1) < _ALIKE else max(round(times / _STEP) * _STEP, _STEP))
    y = median(w.top + w.height - _BELOW * size * bool(_DESCENDING & {*w.text}) for w in line)
    run: list[Word] = []
    for word in [*line, None]:
        if run and (word is None or word.left - run[-1].left - run[-1].width > _GAP * size):
            text = " ".join(w.text for w in run)
            yield Fragment(
                *(text, run[0].left, run[-1].left + run[-1].width, y, size, Emphasis.NONE),
                words=_places(run, text),
            )
            run = []
        if word is not None:
            run.append(word)


def _places(run: Sequence[Word], text: str) -> tuple[Place, ...]:
    """Return the edges and texts of words, each with the space after it; as `Fragment.words`."""
    if RIGHT_TO_LEFT.search(text):
        return ()
    *before, last = [Place(w.left, w.left + w.width, w.text) for w in run]
    return (*(place._replace(text=f"{place.text} ") for place in before), last)


def _size(word: Word) -> float:
    """Return the size of the letters of a word, in pixels, as its height and letters say."""
    up, down = bool(_ASCENDING & {*word.text}), bool(_DESCENDING & {*word.text})
    share = _HIGH + _BELOW * down if up else _LOW if down else _SMALL
    return word.height / share


def _refused(expected: str, found: str) -> ContentError:
    return ContentError(
        "This PDF holds pictures of text and no text.",
        expected=expected,
        found=found,
        fix="scan it again, or type the article, then run: python -m ingest",
    )
