"""The words of the page by language: files of this folder, or of the clinic's content folder."""

from __future__ import annotations

import logging
import tomllib
from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Any

from ui import settings

ENGLISH = "en"
FOLDER = Path(__file__).parent
# Below the content folder: a clinic may translate the page itself, or change single words.
OWN_FOLDER = "languages"
# Words are drawn by the hundred a page, and settings change by the month.
_LOOK_EVERY_S = 0.5

_log = logging.getLogger("clinic.ui")
_lock = Lock()
_state: tuple[float, Path | None, Mapping[str, Any]] = (0.0, None, {})
_read: dict[tuple[Path, int], Mapping[str, Any]] = {}


def word(name: str) -> Any:
    """Return what stands under a key in the clinic's language, in English where that has none.

    Raises AttributeError for a key that no language has.
    """
    try:
        return _words()[name]
    except KeyError as error:
        raise AttributeError(f"no language has the words {name}") from error


def words(language: str, content: Path | None = None) -> dict[str, Any]:
    """Return all words of a language: the clinic's own, then ours, then the English ones."""
    found = dict(_file(FOLDER / f"{ENGLISH}.toml"))
    for folder in (FOLDER, content / OWN_FOLDER if content else None):
        if folder and language:
            found |= _file(folder / f"{language}.toml")
    return found


def _words() -> Mapping[str, Any]:
    global _state  # noqa: PLW0603  one page has one language
    read_at, of, held = _state
    now, content = monotonic(), settings.from_environment().content
    if held and of == content and now - read_at < _LOOK_EVERY_S:
        return held
    language = settings.clinic().language
    found = words(language, content)
    _state = (now, content, found)
    return found


def _file(path: Path) -> Mapping[str, Any]:
    """Read a file of words; one that is missing has none, and a broken one is told once."""
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        return {}
    with _lock:
        if (path, changed) not in _read:
            try:
                _read[path, changed] = tomllib.loads(path.read_text(encoding="utf-8"))
            except (OSError, ValueError) as error:
                _log.error("The words of the page cannot be read: %s: %s", path, error)
                _read[path, changed] = {}
        return _read[path, changed]
