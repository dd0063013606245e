"""The texts of the page by language: files of this folder, or of the clinic's content folder.

A text that cannot be used is left out and logged: a mistake in a translation shows the English text
in one place, and never breaks the page.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter
from threading import Lock
from time import monotonic
from typing import Any

from core.errors import ContentError
from core.files.toml_file import TomlFile
from core.language_tags import ENGLISH
from core.places import as_typed
from ui.service import settings
from ui.service.reloading_file import signature

FOLDER = Path(__file__).parent
# Below the content folder: a clinic may translate the page itself, or change single words.
OWN_FOLDER = "languages"
# A page draws hundreds of texts, and settings change once a month.
_LOOK_EVERY_S = 0.5
PLURAL_FORMS = frozenset({"zero", "one", "two", "few", "many", "other"})
# The page's words are drawn as they are, also inside of attributes.
_MARKUP = frozenset('<>"')
_ALLOWED = {"LANGUAGE": r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", "DIRECTION": "ltr|rtl"}

_PROBLEM = "The words of the page cannot be read."
_FIX = "correct the file; the page reads it again by itself"

_log = logging.getLogger("clinic.ui")
_lock = Lock()
_state: tuple[float, Path | None, Mapping[str, Any]] = (0.0, None, {})
_read: dict[Path, tuple[tuple[int, ...], Mapping[str, Any]]] = {}


def word(name: str) -> Any:
    """Return the text of a key in the clinic's language, in English where that has none.

    Raises AttributeError for a key that no language has.
    """
    try:
        return _words()[name]
    except KeyError as error:
        raise AttributeError(f"no language has the words {name}") from error


def words(language: str, content: Path | None = None) -> dict[str, Any]:
    """Return all words of a language: the clinic's own, then ours, then the English ones.

    Of a language with a region ("fr-CA") the file of the language alone is read too.
    """
    found = dict(_file(FOLDER / f"{ENGLISH}.toml", {}))
    names = dict.fromkeys((language.partition("-")[0], language))
    for folder in (FOLDER, content / OWN_FOLDER if content else None):
        for name in filter(None, names):
            if folder and (folder, name) != (FOLDER, ENGLISH):
                found = _over(found, _file(folder / f"{name}.toml", found))
    return found


def misfits(
    given: Mapping[str, Any], english: Mapping[str, Any]
) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the texts that cannot replace the English ones: their keys, and why.

    A language may have other forms of a number than English.
    """
    is_counted = set(english) <= PLURAL_FORMS
    for key, value in given.items():
        if is_counted and key in PLURAL_FORMS:
            known = english.get(key, english.get("other"))
        elif key in english:
            known = english[key]
        else:
            yield (key,), "the English file has no such key"
            continue
        if isinstance(value, dict) and isinstance(known, dict):
            yield from (((key, *inner), why) for inner, why in misfits(value, known))
        elif why := _misfit(value, known) or _not_allowed(key, value):
            yield (key,), why


def names_in(line: str) -> set[str]:
    """Return the {names} that are filled into a text; ValueError where braces do not match."""
    return {name for _, name, _, _ in Formatter().parse(line) if name is not None}


def _misfit(value: object, english: object) -> str:
    if type(value) is not type(english):
        return f"it has to be a {'list' if isinstance(english, list) else type(english).__name__}"
    if isinstance(value, list) and isinstance(english, list):
        if len(value) != len(english):
            return f"it has to hold {len(english)} texts and holds {len(value)}"
        return next(filter(None, map(_misfit, value, english)), "")
    if signs := sorted(_MARKUP & set(str(value))):
        return f"it may not hold {' '.join(signs)}, which a browser would read as markup"
    try:
        more = names_in(str(value)) - names_in(str(english))
    except ValueError as error:
        return str(error)
    return f"nothing is filled into {{{min(more)}}}" if more else ""


def _not_allowed(key: str, value: object) -> str:
    allowed = _ALLOWED.get(key)
    return f"it has to be {allowed}" if allowed and not re.fullmatch(allowed, str(value)) else ""


def _over(found: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return texts replaced by others, table by table."""
    tables = {
        key: _over(found[key], value) for key, value in given.items() if isinstance(value, dict)
    }
    return {**found, **given, **tables}


def _words() -> Mapping[str, Any]:
    global _state  # noqa: PLW0603  one page has one language
    read_at, of, held = _state
    now, content = monotonic(), settings.from_environment().content
    if held and of == content and now - read_at < _LOOK_EVERY_S:
        return held
    found = words(settings.clinic().language, content)
    _state = (now, content, found)
    return found


def _file(path: Path, english: Mapping[str, Any]) -> Mapping[str, Any]:
    """Read the usable texts of a file; none of a missing file. A problem is logged once."""
    state = signature(path)
    if state is None:
        return {}
    with _lock:
        if path not in _read or _read[path][0] != state:
            try:
                given = _as_typed(TomlFile(path, _PROBLEM, _FIX).read() or {})
            except ContentError as error:
                _log.error("%s", error)
                given = {}
            _read[path] = (state, _usable(given, english, path) if english else given)
        return _read[path][1]


def _as_typed(given: Any) -> Any:
    if isinstance(given, dict):
        return {key: _as_typed(value) for key, value in given.items()}
    if isinstance(given, list):
        return [_as_typed(value) for value in given]
    return as_typed(given) if isinstance(given, str) else given


def _usable(given: dict[str, Any], english: Mapping[str, Any], path: Path) -> dict[str, Any]:
    for keys, why in list(misfits(given, english)):
        _log.error("Some words of the page are not used: %s, %s: %s", path, ".".join(keys), why)
        table = given
        for key in keys[:-1]:
            table = table[key]
        del table[keys[-1]]
    return given
