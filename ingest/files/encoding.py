"""Decodes bytes: by their byte order mark, as UTF-8, as the page declares, or by a guess.

Windows-1252 is guessed only where it is likely. A guess is a warning that names the first line in
doubt, because somebody must check for wrong letters in a clinic's text. So are letters that another
program has read in a wrong encoding and saved, and letters that it has lost.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

from core.errors import ContentError
from core.text.characters import one_line

_AGAIN = "then run: python -m ingest"
# Longer marks first: that of UTF-32 begins like that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WINDOWS = "cp1252"
_META = re.compile(
    rb"""<meta\s[^>]{0,500}?charset\s*=\s*(?:["']\s*)?([A-Za-z0-9_.:-]{1,40})"""
    rb"""|\A\s*<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9_.:-]{1,40})""",
    re.IGNORECASE,
)
# Where browsers look for it, and some more for pages with long heads.
_META_WITHIN = 4096
# What pages may name; Python knows more "encodings", some of which are programs or bombs. Browsers
# read Latin-1 as Windows-1252, and a page that can say UTF-16 in ASCII is not UTF-16.
_LATIN = frozenset("cp1252 iso8859-1 ascii".split())
_PAGE_ENCODINGS = frozenset(
    """utf-8 cp1250 cp1251 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 cp874 cp866 koi8-r koi8-u
    iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-9 iso8859-10
    iso8859-13 iso8859-14 iso8859-15 iso8859-16 mac-roman mac-cyrillic shift_jis cp932 euc_jp
    euc_kr cp949 gb2312 gbk gb18030 big5 big5hkscs""".split()
)
_UTF8_PAIR = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
# What letters and signs in UTF-8 become when a program reads them in another encoding: "é" becomes
# "Ã©", a quote begins with "â€". U+FFFD stands for a letter that is lost.
_COMMON = (
    "àáâãäåæçèéêëìíîïñòóôõöøùúûüÜßÉœąćęłńśźżčřšžěůğşıășțőű"
    "авеиклнопрстαεηικνοπρστ£€°±²³·¼½¾×«»®©™‘’“”–—…•≤≥✓ "
)


def _misread() -> Iterator[str]:
    for encoding in (_WINDOWS, "latin-1", "mac-roman", "cp850"):
        for letter in _COMMON:
            with suppress(UnicodeDecodeError):
                yield letter.encode().decode(encoding)


_WRONG_LETTERS = re.compile("|".join(["â€", "\ufffd", *map(re.escape, _misread())]))
_HIGH = re.compile(rb"[\x80-\xff]")
# Bytes that stand for nothing in Windows-1252, and controls that no editor writes into a text.
_NOT_WINDOWS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\x81\x8d\x8f\x90\x9d]")
# In French, the language of Western Europe with most accents, one letter in fourteen has one.
_MOST_HIGH = 0.2
# A few null bytes are dirt; this many are another encoding or no text.
_MOST_NULL = 0.1
_SHOWN_CHARS = 60


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file, and warnings for the editor."""

    text: str
    warnings: tuple[str, ...] = ()


def decode(raw: bytes, where: str, *, is_page: bool = False) -> Decoded:
    """Decode a file; `is_page` lets a web page declare its own encoding.

    Letters that were wrong before the file was saved are a warning, and stay as they are. Raises
    ContentError with `where` and the line when the bytes are not in UTF-8, not in the encoding that
    they declare, and not likely in Windows-1252.
    """
    decoded = _decode(raw, where, is_page=is_page)
    return replace(decoded, warnings=(*decoded.warnings, *_wrong_letters(decoded.text)))


def _decode(raw: bytes, where: str, *, is_page: bool) -> Decoded:
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return Decoded(_decode_strictly(raw[len(mark) :], encoding, where))
    if raw.count(0) > len(raw) * _MOST_NULL:
        raise _refused(raw, raw.index(0), where, "many null bytes: no text, or unmarked UTF-16")
    try:
        return Decoded(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        found = _declared_encoding(raw) if is_page else None
        if found and found not in _LATIN and found != "utf-8":
            return Decoded(_decode_strictly(raw, found, where))
        _check_windows(raw, error.start, where)
        text = raw.decode(_WINDOWS)
        if found in _LATIN:  # not a guess: the page says so
            return Decoded(text)
        return Decoded(text, (_guess_warning(raw, text),))


def _declared_encoding(raw: bytes) -> str | None:
    """Return the encoding that a page declares, by Python's name, if it is allowed."""
    match = _META.search(raw, 0, _META_WITHIN)
    if not match:
        return None
    try:
        name = codecs.lookup((match[1] or match[2]).decode("ascii")).name
    except (LookupError, ValueError):
        return None
    return name if name in _PAGE_ENCODINGS | _LATIN else None


def _check_windows(raw: bytes, start: int, where: str) -> None:
    """Raise ContentError when Windows-1252 is not likely; `start` is where UTF-8 ends."""
    if _UTF8_PAIR.search(raw):
        raise _refused(raw, start, where, f"the byte 0x{raw[start]:02x} among letters in UTF-8")
    strange = _NOT_WINDOWS.search(raw)
    if strange:
        at = strange.start()
        raise _refused(raw, at, where, f"the byte 0x{raw[at]:02x}")
    letters = sum(c > 127 or chr(c).isalpha() for c in raw)
    if len(_HIGH.findall(raw)) > letters * _MOST_HIGH:
        raise _refused(raw, start, where, "an encoding that is not Western European, or no text")


def _guess_warning(raw: bytes, text: str) -> str:
    at = next(i for i, c in enumerate(raw) if c > 127)  # one byte is one character here
    return (
        f"not in UTF-8, read as Windows-1252: check {_place(text, at)}, and save the file with "
        f"encoding UTF-8"
    )


def _wrong_letters(text: str) -> Iterator[str]:
    """Yield a warning about letters that another program has read in a wrong encoding."""
    if text.isascii():
        return
    found = [match.start() for match in _WRONG_LETTERS.finditer(text)]
    if found:
        places = "1 place" if len(found) == 1 else f"{len(found)} places"
        yield (
            f"wrong letters in {places}, as after saving with a wrong encoding: check "
            f"{_place(text, found[0])}; save the original with encoding UTF-8, or correct them"
        )


def _place(text: str, at: int) -> str:
    """Return the line of an offset and what is written there."""
    line = text.count("\n", 0, at) + 1
    start = max(text.rfind("\n", 0, at) + 1, at - _SHOWN_CHARS // 2)
    shown = one_line(text[start : start + _SHOWN_CHARS].partition("\n")[0])
    return f"line {line}, “{shown}”"


def _decode_strictly(raw: bytes, encoding: str, where: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw[: error.start].decode(encoding, "replace").count("\n") + 1
        raise ContentError(
            "This file is not in the encoding that it declares.",
            where=f"{where}, line {line}",
            expected=f"text in the encoding {encoding.upper()}",
            found=f"the byte 0x{raw[error.start]:02x}",
            fix=f"open it in an editor, save it with encoding UTF-8, {_AGAIN}",
        ) from error


def _refused(raw: bytes, at: int, where: str, found: str) -> ContentError:
    return ContentError(
        "This file is not UTF-8 text.",
        where=f"{where}, line {raw.count(10, 0, at) + 1}",
        expected="text in the encoding UTF-8",
        found=found,
        fix=f"open it in an editor, save it with encoding UTF-8, {_AGAIN}",
    )
