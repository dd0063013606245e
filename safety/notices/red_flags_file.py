"""Read the urgent-symptom notices that clinicians keep in `content/red_flags.toml`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from core.files.toml_file import TomlFile
from core.language_tags import EXPECTED, TAG, code_of
from safety.notices.red_flags import Group, Level, Numbers, RedFlags, Rule, SpeechPatterns

if TYPE_CHECKING:
    from pathlib import Path

FILE_NAME = "red_flags.toml"
_PROBLEM = "The urgent-symptom notices cannot be used."
_FIX = "correct the file, then run: python -m safety validate"
_KEYS = "version language reviewed_by next_review numbers manner terms group benign".split()
_SIGNATURE = ("signed_by", "registration", "signed_text", "refused")


def read_red_flags(content: Path) -> RedFlags:
    """Read and check the `red_flags.toml` of a folder.

    Raises ContentError when there is no such file, and as `parse_red_flags` does.
    """
    file = TomlFile(content / FILE_NAME, _PROBLEM, _FIX)
    raw = file.read_bytes()
    if raw is None:
        raise file.wrong("", "a file with notices", "no file")
    return parse_red_flags(raw, file.path)


def parse_red_flags(raw: bytes, path: Path) -> RedFlags:
    """Check the bytes of the file of notices at `path` and return its content.

    Raises ContentError when they are not TOML, hold no notice, lack something that a notice needs
    to be raised or shown, or name an unknown word class. `validation.findings` lists other gaps.
    """
    file = TomlFile(path, _PROBLEM, _FIX)
    data = file.parse(raw)
    read = _TableReader(file)
    read.check_keys(data, _KEYS, "")
    for name in ("terms", "numbers", "manner", "benign"):
        if not isinstance(data.get(name, {}), dict):
            raise read.wrong(name, f"a table, [{name}]", repr(data[name])[:80])
    terms = read.lists(data.get("terms", {}), "[terms]")
    groups: dict[str, Group] = {}
    blocks = data.get("group", [])
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        raise read.wrong("group", "[[group]] blocks", repr(blocks)[:80])
    for block in blocks:
        group = read.group(block)
        where = f"group {group.id}"
        if group.id in groups:
            raise read.wrong(where, "an id that no other group has", "the same id twice")
        for part in (part for rule in group.rules for part in rule.parts):
            if part.startswith("@") and part[1:] not in terms:
                raise read.wrong(f"{where}, rules", "a word class of [terms]", part)
        groups[group.id] = group
    found = RedFlags(
        version=read.text(data, "version", "", default=""),
        language=read.language(data),
        reviewed_by=read.text(data, "reviewed_by", "", default=""),
        next_review=read.day(data, "next_review", ""),
        numbers={
            country: read.numbers(f"[numbers.{country}]", table)
            for country, table in data.get("numbers", {}).items()
        },
        manner=read.manner(data.get("manner", {})),
        terms=terms,
        groups=groups,
        benign=read.texts(data.get("benign", {}), "examples", "[benign]"),
    )
    if not groups:
        raise read.wrong("", "at least one notice, a [[group]]", "none")
    return found


class _TableReader:
    """Read values from the parsed file; an error names the place of a wrong value."""

    def __init__(self, file: TomlFile) -> None:
        self.wrong = file.wrong

    def check_keys(self, table: Any, known: Iterable[str], where: str) -> None:
        """Raise for a value that is not a table, and for an unknown key."""
        if not isinstance(table, dict):
            raise self.wrong(where, f"a table, {where}", repr(table)[:80])
        for key in table:
            if key not in known:
                raise self.wrong(_at(where, key), f"one of {', '.join(known)}", "an unknown key")

    def text(self, table: Any, key: str, where: str, *, default: str | None = None) -> str:
        value = table.get(key, default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            found = "nothing" if value is None else repr(value)
            raise self.wrong(_at(where, key), "a text in quotes", found)
        return value.strip()

    def language(self, table: Any) -> str:
        tag = self.text(table, "language", "", default="")
        if tag and not TAG.fullmatch(tag):
            raise self.wrong("language", EXPECTED, repr(tag))
        return code_of(tag)

    def texts(self, table: dict[str, Any], key: str, where: str) -> tuple[str, ...]:
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(x, str) and x.strip() for x in value):
            raise self.wrong(_at(where, key), "a list of texts in quotes", repr(value)[:80])
        return tuple(text.strip() for text in value)

    def lists(self, table: dict[str, Any], where: str) -> dict[str, tuple[str, ...]]:
        return {key: self.texts(table, key, where) for key in table}

    def flag(self, table: Any, key: str, where: str, *, default: bool) -> bool:
        value = table.get(key, default)
        if not isinstance(value, bool):
            raise self.wrong(_at(where, key), "true or false", repr(value))
        return value

    def day(self, table: Any, key: str, where: str) -> date | None:
        value = table.get(key, "")
        if value == "":
            return None
        if type(value) is not date:
            expected = "a date without quotes, such as 2026-03-31"
            raise self.wrong(_at(where, key), expected, str(value))
        return value

    def numbers(self, where: str, table: Any) -> Numbers:
        self.check_keys(table, Numbers.__slots__, where)
        return Numbers(**{key: self.text(table, key, where, default="") for key in table})

    def manner(self, table: dict[str, Any]) -> SpeechPatterns:
        self.check_keys(table, SpeechPatterns.__slots__, "[manner]")
        same = table.get("same", {})
        self.check_keys(same, same, "[manner.same]")
        lists = self.lists({key: table[key] for key in table if key != "same"}, "[manner]")
        return SpeechPatterns(**lists, same=self.lists(same, "[manner.same]"))

    def group(self, table: dict[str, Any]) -> Group:
        where = f"group {table.get('id', '?')}"
        self.check_keys(table, Group.__slots__, where)
        level = self.text(table, "level", where)
        if level not in list(Level):
            raise self.wrong(f"{where}, level", f"one of {', '.join(Level)}", level)
        rules = self.texts(table, "rules", where)
        return Group(
            id=self.text(table, "id", where),
            level=Level(level),
            title=self.text(table, "title", where),
            heading=self.text(table, "heading", where),
            bullets=self.texts(table, "bullets", where),
            source=self.text(table, "source", where, default=""),
            checked=self.day(table, "checked", where),
            rules=tuple(map(Rule.parse, rules)),
            examples=self.texts(table, "examples", where),
            not_examples=self.texts(table, "not_examples", where),
            articles=self.flag(table, "articles", where, default=True),
            counted=self.flag(table, "counted", where, default=True),
            history=self.flag(table, "history", where, default=False),
            signed_on=self.day(table, "signed_on", where),
            **{key: self.text(table, key, where, default="") for key in _SIGNATURE},
        )


def _at(where: str, key: str) -> str:
    return f"{where}, {key}" if where else key
