"""Puts the notes of a Markdown text where they are referred to.

A note may say when advice does not hold, so it must not be parted from the advice.
"""

from __future__ import annotations

import re

from ingest.readers.outline import LeftOut, Reason

_NOTE = re.compile(r" {0,3}\[\^([^\[\]\s]++)\]:(.*)")
_MARK = re.compile(r"\[\^([^\[\]\s]++)\]|\^\[([^\[\]\n]++)\]")
_INDENTED = re.compile(r"(?: {2}|\t)")


def with_notes_in_place(text: str) -> tuple[str, list[LeftOut]]:
    """Return the text with each note in brackets at its first mark, and the marks left out.

    A note that no mark names stays where it is, as a paragraph.
    """
    lines = text.split("\n")
    if "^" not in text:
        return text, []
    notes, places = _take_notes(lines)
    left_out: list[LeftOut] = []
    for i, line in enumerate(lines):
        if "^" in line:
            lines[i] = _with_notes(line, notes, left_out)
    for name, note in notes.items():  # those that no mark has taken
        lines[places[name]] = note
    return "\n".join(lines), left_out


def _take_notes(lines: list[str]) -> tuple[dict[str, str], dict[str, int]]:
    """Take the notes out of lines; return their texts and the numbers of their lines."""
    notes: dict[str, str] = {}
    places: dict[str, int] = {}
    i = 0
    while i < len(lines):
        found = _NOTE.match(lines[i])
        if not found:
            i += 1
            continue
        start, parts, after_gap = i, [found[2].strip()], False
        while True:
            lines[i] = ""
            i += 1
            line = lines[i] if i < len(lines) else "#"
            after_gap = after_gap or not line.strip()
            if (
                line.startswith("#")
                or _NOTE.match(line)
                or (after_gap and line.strip() and not _INDENTED.match(line))
            ):
                break
            parts.append(line.strip())
        text = " ".join(filter(None, parts))
        if found[1] in notes:  # two of one name: the second stays where it is
            lines[start] = text
        elif text:
            notes[found[1]], places[found[1]] = text, start
    return notes, places


def _with_notes(line: str, notes: dict[str, str], left_out: list[LeftOut]) -> str:
    after: list[str] = []

    def text_of(mark: re.Match[str]) -> str:
        left_out.append(LeftOut(Reason.NOTE, mark[0]))
        note = mark[2] or notes.pop(mark[1], "")
        if line.startswith("#"):  # a heading stays as short as it is
            after.append(note)
            return ""
        return f" ({note})" if note else ""

    changed = _MARK.sub(text_of, line)
    return "\n\n".join([changed, *filter(None, after)])
