"""Divides a rich text file (.rtf) into groups, control words and bytes of text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    rb"\\(?P<word>[A-Za-z]{1,40})(?P<number>-?\d{1,10})? ?"
    rb"|\\'(?P<hex>[0-9A-Fa-f]{2})|\\(?P<sign>[^A-Za-z])"
    rb"|(?P<brace>[{}])|[\r\n\0]+|(?P<text>[^\\{}\r\n\0]+)|\\"
)
# Code pages by the number that a font table gives its character sets.
_CHARSETS = {
    77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gbk", 136: "cp950",
    161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257",
    204: "cp1251", 222: "cp874", 238: "cp1250", 254: "cp437", 255: "cp437",
}  # fmt: skip
SYMBOLS = "symbols"
_SYMBOL_CHARSET = 2
# Letters of fonts of symbols that carry meaning; all others are marks of a list, or decoration.
_SIGNS = {0xFC: "\u2713", 0xFB: "\u2717", 0xFD: "\u2717", 0xFE: "\u2611", 0xA8: "\u2610",
          0xE0: "\u2192", 0xDF: "\u2190", 0xB0: "\u00b0"}  # fmt: skip
_BULLET = "\u2022"
_PRIVATE = 0xF000


class Token(NamedTuple):
    """A "{" or "}", or a control word with its number, or else bytes of text."""

    word: str
    number: int | None = None
    text: bytes = b""


def tokens_of(raw: bytes) -> Iterator[Token]:
    r"""Yield the tokens of a file; control signs (`\~`) are words of one sign.

    Bytes of pictures that stand between them as they are (`\bin`) are left out.
    """
    at = 0
    while match := _TOKEN.match(raw, at):
        at = match.end()
        if word := match["word"]:
            number = int(match["number"]) if match["number"] else None
            if word == b"bin":
                at += max(number or 0, 0)
            else:
                yield Token(word.decode("ascii"), number)
        elif match["hex"]:
            yield Token("", None, bytes([int(match["hex"], 16)]))
        elif sign := match["sign"] or match["brace"]:
            is_escaped = match["sign"] and sign in b"\\{}"
            yield Token("", None, sign) if is_escaped else Token(sign.decode("latin-1"))
        elif match["text"]:
            yield Token("", None, match["text"])


def encoding_of(charset: int | None, usual: str) -> str:
    """Return the encoding of a font's letters by its character set, `SYMBOLS` for a symbol font."""
    if charset == _SYMBOL_CHARSET:
        return SYMBOLS
    return _CHARSETS.get(charset or 0, usual)


def decoded(raw: bytes, encoding: str) -> str:
    """Return bytes as text; what the encoding does not know becomes the sign for that."""
    if encoding == SYMBOLS:
        return "".join(_SIGNS.get(byte, _BULLET) for byte in raw)
    return raw.decode(encoding, "replace")


def character(code: int) -> str:
    r"""Return the character, or half of one, of a `\u` word, whose number may be negative."""
    code &= 0xFFFF
    if _PRIVATE <= code <= _PRIVATE | 0xFF:
        return decoded(bytes([code & 0xFF]), SYMBOLS)
    return chr(code)


def joined(text: str) -> str:
    """Return text whose halves of characters are joined; a half alone is left out."""
    if not any("\ud800" <= c <= "\udfff" for c in text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
