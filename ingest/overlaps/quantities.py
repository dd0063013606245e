"""Reads the words, numbers, units and quantities of a sentence; pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from core.text.tokens import normalize_token
from core.types import Span
from ingest.overlaps import vocabulary as lists

# Skipped: numbers of list items, addresses, telephone numbers, notes, dates and years.
_SKIPPED = r"""
    ^\s*(?:[-*\u2022]\s+)?\(?\d{1,2}[.)]\s+ | https?://\S+ | www\.\S+ | (?<!\S)\S[^\s@]*+@\S+\.\S+
  | \b[a-z][\w-]{0,63}+(?:\.[\w-]{1,63}+){1,10}+/\S+
  | (?<=[a-z][.,;])\d{1,2}\b
  | \[\d+(?:[,\s\u2013-]+\d+)*\]
  | \+?\(?\b\d{2,5}\)?(?:[\s.\u2013-]\(?\d{2,5}\)?){1,4}(?<=\d{4})(?![\d%]) | \b\d{7,}\b
  | \b\d{1,2}(?:st|nd|rd|th)?\s+(?:of\s+)?MONTH(?:\s+\d{4})?\b
  | \bMONTH\s+\d{1,2}(?:st|nd|rd|th)?(?:,?\s+\d{4})?\b
  | \b(?:19|20)\d\d(?:\s?[\u2013-]\s?(?:19|20)?\d\d)?\b
    (?!\s*(?:mg|mcg|g|ml|calories|units|iu|steps|people|patients)\b)
""".replace(
    "MONTH",
    "(?:January|February|March|April|May|June|July|August|September|October|November|December)",
)
_WORDS = r"""
    (?P<word>[^\W_]+(?:['\u2019][^\W_]+)*)
  | (?P<unit>°\s?[CF]\b|[%°£$€])
  | (?P<stop>[,;:.!?()\u2014])
"""
_NUMBERS = rf"""
    (?P<pass>{_SKIPPED})
  | (?P<clock>\b\d{{1,2}}(?:[:.]\d\d)?\s?[ap]\.?m\b\.? | \b\d{{1,2}}:\d\d\b)
  | (?P<number>(?<![^\W_])\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?(?![^\W_])
        | (?<![^\W_])\d+(?:\.\d+)?
          (?=(?:mg|mcg|g|kg|ml|mm|cm|km|l|m|lb|hrs?|mins?)\b|(?![^\W_])))
"""
# Most sentences have no digit, and are read much faster without the pattern for numbers.
_TOKEN = re.compile(_WORDS, re.VERBOSE | re.IGNORECASE)
_TOKEN_OR_NUMBER = re.compile(rf"{_NUMBERS} | {_WORDS}", re.VERBOSE | re.IGNORECASE)
_NEEDS_NUMBERS = re.compile(r"[\d@]|://|www\.", re.IGNORECASE)
_RANGE = re.compile(r"\s*(?:-|\u2013|\u2014|\bto\b|\bor\b|\band\b)\s*", re.IGNORECASE)
_CLOCK = re.compile(r"(\d+)(?:[:.](\d\d))?\s?([ap]?)", re.IGNORECASE)


class Token(NamedTuple):
    """A part of a sentence: "word", "number", "unit", "clock", "stop", or "pass" to skip it.

    A named tuple, because a million of them are made for ten thousand passages.
    """

    kind: str
    text: str
    start: int
    end: int

    @property
    def span(self) -> Span:
        """Its span in the sentence."""
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number or a range; each measure has one unit for `low` and `high`."""

    measure: str
    low: float
    high: float
    span: Span

    def agrees_with(self, other: Quantity) -> bool:
        """Say whether two quantities are equal, or one is within the other."""
        slack = 1e-3 * max(abs(self.high), abs(other.high))
        return (self.low - slack <= other.low and other.high <= self.high + slack) or (
            other.low - slack <= self.low and self.high <= other.high + slack
        )


def tokens_of(sentence: str) -> list[Token]:
    """Return the words, numbers, units and stops of a sentence in order."""
    pattern = _TOKEN_OR_NUMBER if _NEEDS_NUMBERS.search(sentence) else _TOKEN
    return [
        Token(match.lastgroup or "", normalize_token(match.group()), *match.span())
        for match in pattern.finditer(sentence)
    ]


def quantities_of(tokens: Sequence[Token], sentence: str) -> tuple[list[Quantity], set[int]]:
    """Return the quantities in order, and the indices of their tokens."""
    found: list[Quantity] = []
    used: set[int] = set()
    i = 0
    while i < len(tokens):
        quantity, end = _quantity(tokens, i, sentence)
        if end > i:
            used |= set(range(i, end))
        if quantity:
            found.append(quantity)
        i = max(end, i + 1)
    return found, used


def _quantity(tokens: Sequence[Token], i: int, sentence: str) -> tuple[Quantity | None, int]:
    """Read a quantity that begins at token i; return it and the index after it."""
    if tokens[i].kind == "clock":
        return _clock(tokens[i]), i + 1
    is_money = tokens[i].text in lists.MONEY
    low, end = _number(tokens, i + is_money)
    if low is None:
        return _rate(tokens, i) or (None, i)
    before = tokens[i - 1].text if i else ""
    is_called = before in lists.CALLED
    is_name = before in lists.NAMED_BY_NUMBER or _is_hyphenated(sentence, tokens[i].start)
    if is_called or is_name:
        return None, end if is_called else i
    then, last = _range_end(tokens, end, sentence)
    high, end = (then, last) if then is not None and then > low else (low, end)
    if low == high and (share := _share(tokens, end)):
        percent, end = 100 * low / share[0], share[1]
        return Quantity("share", percent, percent, _stretch(tokens, i, end)), end
    measure, factor, last = _unit(tokens, end)
    if is_money:
        measure, factor, last = "money", 1.0, end
    elif tokens[i].text in lists.TIMES:
        measure = "times"
    elif tokens[i].text == "one" and measure == "count":
        return None, i  # "one of them", "one side"
    return Quantity(measure, low * factor, high * factor, _stretch(tokens, i, last)), last


def _unit(tokens: Sequence[Token], i: int) -> tuple[str, float, int]:
    """Read the unit at token i; return its measure, its factor and the index after it."""
    texts = [token.text for token in tokens[i : i + 2]]
    if not texts or texts[0] not in lists.UNITS:
        return "count", 1.0, i
    measure, factor = lists.UNITS[texts[0]]
    if measure == "temperature" and texts[1:] and texts[1] in lists.UNITS:  # "degrees Fahrenheit"
        return *lists.UNITS[texts[1]], i + 2
    return measure, factor, i + 1


def _stretch(tokens: Sequence[Token], start: int, end: int) -> Span:
    return Span(tokens[start].start, tokens[end - 1].end)


def _is_hyphenated(sentence: str, start: int) -> bool:
    """Say whether a number ends a name: "omega-3"."""
    return sentence[start - 1 : start] == "-" and sentence[start - 2 : start - 1].isalpha()


def _number(tokens: Sequence[Token], i: int) -> tuple[float | None, int]:
    """Read a number in digits or words; return it and the index after it, or None and i."""
    if i >= len(tokens):
        return None, i
    text = tokens[i].text
    if text in lists.TIMES:
        then = tokens[i + 1].text if i + 1 < len(tokens) else ""
        rated = {"a", "an", "per", "every", "each", "in", *lists.RATES}
        return (float(lists.TIMES[text]), i + 1) if then in rated else (None, i)
    if text in ("a", "an", "half") and (half := _half(tokens, i)):
        return half
    value: float
    if tokens[i].kind == "number":
        value = float(text.replace(",", ""))
    elif text in lists.NUMBERS:
        value = lists.NUMBERS[text]
    else:
        return None, i
    end = i + 1
    if end < len(tokens) and 20 <= value < 100 and value % 10 == 0:
        ones = lists.NUMBERS.get(tokens[end].text, 0)
        if tokens[i].kind == "word" and 0 < ones < 10:
            value, end = value + ones, end + 1
    while end < len(tokens) and tokens[end].text in lists.SCALES:
        value, end = value * lists.SCALES[tokens[end].text], end + 1
    return value, end


def _half(tokens: Sequence[Token], i: int) -> tuple[float, int] | None:
    """Read "half an hour" or "a week", without the unit itself."""
    texts = [token.text for token in tokens[i : i + 3]]
    if texts[0] == "half":
        is_half = texts[1:2] in (["a"], ["an"]) and texts[2:] and texts[2] in lists.UNITS
        return (0.5, i + 2) if is_half else None
    unit = texts[1] if len(texts) > 1 else ""
    before = tokens[i - 1].text if i else ""
    is_time = lists.UNITS.get(unit, ("", 0))[0] == "time"
    return (1.0, i + 1) if is_time and before in lists.BEFORE_A_TIME else None


def _range_end(tokens: Sequence[Token], i: int, sentence: str) -> tuple[float | None, int]:
    """Read the second number of a range whose first one ends before token i."""
    for first in range(i, min(i + 2, len(tokens))):
        gap = sentence[tokens[i - 1].end : tokens[first].start]
        if _RANGE.fullmatch(gap):
            return _number(tokens, first)
    return None, i


def _share(tokens: Sequence[Token], i: int) -> tuple[float, int] | None:
    """Read the rest of "1 in 10" or "one out of ten": the second number and the index after it."""
    texts = [token.text for token in tokens[i : i + 2]]
    start = i + 2 if texts == ["out", "of"] else i + 1 if texts[:1] == ["in"] else 0
    if not start:
        return None
    whole, end = _number(tokens, start)
    is_timed = end < len(tokens) and tokens[end].text in lists.UNITS
    return None if not whole or is_timed else (whole, end)


def _rate(tokens: Sequence[Token], i: int) -> tuple[Quantity, int] | None:
    """Read "a day", "per week" or "daily": a frequency, as the time between two events."""
    token = tokens[i]
    if token.text in lists.RATES:
        unit, end = lists.RATES[token.text], i + 1
    elif token.text in ("a", "an", "per", "each", "every") and i + 1 < len(tokens):
        unit, end = tokens[i + 1].text, i + 2
        after_number = i > 0 and (token.text in ("per", "each", "every") or _ends_number(tokens, i))
        if not after_number:
            return None
    else:
        return None
    measure, factor = lists.UNITS.get(unit, ("", 0.0))
    if measure != "time" or unit.endswith("s"):
        return None
    return Quantity("rate", factor, factor, _stretch(tokens, i, end)), end


def _ends_number(tokens: Sequence[Token], i: int) -> bool:
    """Say whether "a" at token i follows a number ("twice a day", "two tablets a day")."""
    near = tokens[max(0, i - 3) : i]
    return any(
        t.kind == "number" or t.text in lists.NUMBERS or t.text in lists.TIMES or t.text == "times"
        for t in near
    )


def _clock(token: Token) -> Quantity:
    match = _CLOCK.match(token.text)
    hour, minute, half = match.groups() if match else ("0", None, "")
    at = (int(hour) % 12 + 12 * (half == "p") if half else int(hour)) * 60 + int(minute or 0)
    return Quantity("clock", at, at, token.span)
