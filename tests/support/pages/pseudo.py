"""A language that nobody speaks: English words with accents, longer, in brackets, right to left.

What is shown without brackets was not looked up; what is cut off has no room for a longer language.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ui import languages

TAG = "ar-XB"
"""Unicode's own name for a made-up language that is written from right to left."""
OPENS, CLOSES = "⟦", "⟧"
_LONGER = 0.3
_KEPT = re.compile(r"(\{[^}]*\}|`[^`]*`)")
_BRACKETED = re.compile(rf"{OPENS}[^{OPENS}{CLOSES}]*{CLOSES}")
_ACCENTS = str.maketrans("aeiouAEIOUcnCN", "àéîöûÀÉÎÖÛçñÇÑ")


def pseudo(words: str) -> str:
    """Return words as somebody might read them who knows no word of them."""
    if not words:
        return ""
    pieces = _KEPT.split(words)
    told = "".join(p if i % 2 else p.translate(_ACCENTS) for i, p in enumerate(pieces))
    more = " lö" * round(len(words) * _LONGER / 3)
    return f"{OPENS}{told}{more}{CLOSES}"


def pseudo_file(path: Path) -> None:
    """Write the whole English file in that language, as a clinic would add its own."""
    path.parent.mkdir(exist_ok=True)
    lines = [f"{json.dumps(key)} = {_toml(value)}" for key, value in _english().items()]
    path.write_text("\n".join(lines), encoding="utf-8")


def not_looked_up(shown: str) -> str:
    """Return what is left of a text without the words of the language; nested ones go too."""
    shown = unicodedata.normalize("NFC", shown)
    while (left := _BRACKETED.sub(" ", shown)) != shown:
        shown = left
    return " ".join(shown.split())


def _english() -> dict[str, Any]:
    told: dict[str, Any] = _in_pseudo(languages.words("en"))
    return told | {"LANGUAGE": TAG, "DIRECTION": "rtl"}


def _in_pseudo(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _in_pseudo(inner) for key, inner in value.items()}
    return [_in_pseudo(one) for one in value] if isinstance(value, list) else pseudo(value)


def _toml(value: Any) -> str:
    if isinstance(value, Mapping):
        inner = ", ".join(f"{json.dumps(key)} = {_toml(one)}" for key, one in value.items())
        return f"{{ {inner} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value, ensure_ascii=False)
