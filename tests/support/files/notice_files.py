"""Write files of safety notices, right and wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path


def block(name: str, **keys: object) -> str:
    """Write one [[group]]: what every group needs, and these keys; None leaves a key out."""
    usual = {"id": name, "level": "urgent", "title": name.title(), "heading": f"Call about {name}"}
    lines = [f"{key} = {toml(value)}" for key, value in (usual | keys).items() if value is not None]
    return "\n".join(["[[group]]", *lines, ""])


def table(name: str, keys: Mapping[str, object]) -> str:
    """Write one [table] of the file."""
    return "\n".join([f"[{name}]", *(f"{key} = {toml(value)}" for key, value in keys.items()), ""])


def toml(value: object) -> str:
    """Write a value as TOML does; of the kinds used here only dates differ from JSON."""
    return str(value) if isinstance(value, date) else json.dumps(value, ensure_ascii=False)


def write(folder: Path, *parts: str | bytes) -> Path:
    """Put a file of notices made of these parts into a content folder, and return the folder."""
    raw = [part if isinstance(part, bytes) else part.encode() for part in parts]
    (folder / "red_flags.toml").write_bytes(b"\n".join(raw))
    return folder
