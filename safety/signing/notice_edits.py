"""Edit the text of `red_flags.toml` notice by notice: signatures and words. Pure.

All other bytes stay as they are, and the new text is read again before it is returned: only this
notice may differ, and only as it was asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import ContentError
from core.files.toml_edit import document_text, line_array, parse_document
from core.files.toml_file import TomlFile
from core.text.characters import one_line
from safety.notices.red_flags_file import FILE_NAME, parse_red_flags
from safety.notices.signatures import text_digest
from safety.notices.validation import text_problems

if TYPE_CHECKING:
    from safety.notices.red_flags import Group, RedFlags

_FIX = "correct it, then save again"
_BY_HAND = "edit the file with a text editor"


@dataclass(frozen=True, slots=True)
class Signer:
    """A clinician, and the number under which they are registered."""

    name: str
    registration: str


def with_decision(
    text: str,
    names: Iterable[str],
    signer: Signer,
    *,
    today: date,
    is_checked: bool = False,
    refused: str | None = None,
) -> str:
    """Return the text with notices signed as they are, or `refused` for that reason.

    `is_checked` says that the signer has compared them with their sources today. Raises
    ContentError for an unknown notice, a signer without name or number, an empty reason, and for a
    signature on a notice whose source nobody has checked.
    """
    flags = _flags(text)
    reason = one_line(refused or "")
    given: dict[str, dict[str, Any]] = {}
    for name in names:
        group = _group(flags, name)
        decision: dict[str, Any] = {
            "signed_by": one_line(signer.name),
            "registration": one_line(signer.registration),
            "signed_on": today,
            "signed_text": text_digest(group),
            "refused": reason,
        }
        if not (decision["signed_by"] and decision["registration"]):
            expected = "a clinician’s name and registration number"
            raise _wrong(name, "signed_by", expected, "not both")
        if refused is not None:
            if not reason:
                raise _wrong(name, "refused", "the reason of the refusal", "nothing")
        elif is_checked:
            decision["checked"] = today
        elif not group.checked:
            expected = "a day on which somebody compared the notice with its source"
            raise _wrong(name, "checked", expected, "none; compare them, and say so as you sign")
        given[name] = decision
    return _edited(text, flags, given)


def with_words(text: str, name: str, *, title: str, heading: str, bullets: Sequence[str]) -> str:
    """Return the text with other words for a notice, which makes its signature void.

    Raises ContentError for an unknown notice and for words that break a rule of notices, such as a
    heading that does not begin with what to do.
    """
    flags = _flags(text)
    before = _group(flags, name)
    given: dict[str, Any] = {
        "title": one_line(title),
        "heading": one_line(heading),
        "bullets": tuple(filter(None, map(one_line, bullets))),
    }
    for key, value in given.items():
        if not value and getattr(before, key):
            raise _wrong(name, key, "a text", "nothing")
    for key, problem, _ in text_problems(replace(before, **given), flags):
        raise _wrong(name, key, "words that keep the rules of notices", problem)
    return _edited(text, flags, {name: given})


def _edited(text: str, flags: RedFlags, given: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the text with these values of notices; what is equal already is not written."""
    document = parse_document(text, _file())
    blocks = {str(block["id"]).strip(): block for block in document["group"]}
    groups = dict(flags.groups)
    for name, values in given.items():
        for key, value in values.items():
            if value != getattr(groups[name], key):
                _set(blocks[name], key, value)
        groups[name] = replace(groups[name], **values)
    made = document_text(document)
    if _flags(made) != replace(flags, groups=groups):
        raise ContentError(
            "This change cannot be made here.",
            where=f"{FILE_NAME}, group {', '.join(given)}",
            fix=_BY_HAND,
        )
    return made


def _set(block: Any, key: str, value: Any) -> None:
    """Set a value; an array that keeps its length keeps its layout and comments."""
    if value == "":
        block.pop(key, None)
    elif not isinstance(value, tuple):
        block[key] = value
    elif len(lines := block.get(key, [])) != len(value):
        block[key] = line_array(value)
    else:
        for at, text in enumerate(value):
            if str(lines[at]).strip() != text:
                lines[at] = text


def _file() -> TomlFile:
    return TomlFile(Path(FILE_NAME), "The notices cannot be used.", _BY_HAND)


def _flags(text: str) -> RedFlags:
    return parse_red_flags(text.encode(), Path(FILE_NAME))


def _group(flags: RedFlags, name: str) -> Group:
    group = flags.groups.get(name)
    if group is None:
        raise ContentError(
            "There is no such notice.",
            where=FILE_NAME,
            expected="the id of a notice",
            found=name or "nothing",
            fix="python -m safety sign --help",
        )
    return group


def _wrong(name: str, key: str, expected: str, found: str) -> ContentError:
    return ContentError(
        "This notice cannot be saved.",
        where=f"{FILE_NAME}, group {name}, {key}",
        expected=expected,
        found=found,
        fix=_FIX,
    )
