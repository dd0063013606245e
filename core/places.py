"""Say where the project lies, where a clinic's folders are, and how its commands are typed.

The project is a checkout, or a package that pip installed (`clinic_search.py`): then its files lie
in Python's own folder, where nobody looks for a clinic's.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""The folder that holds `core/`, `ui/`, `app.py` and the others."""
IS_CHECKOUT = (ROOT / "pyproject.toml").is_file()
HERE = ROOT if IS_CHECKOUT else Path.cwd()
"""The folder in which the page looks for `content/` and `index/built/`."""

COMMAND_VARIABLE = "CLINIC_COMMAND"
"""Names the program that stands for `python -m`; children of the process inherit it."""
NAMES = {
    "ui": "serve",
    "ingest": "ingest",
    "evaluation": "evaluate",
    "index": "index",
    "safety": "safety",
    "ui.counting": "counts",
}
"""What the program calls each package that `python -m` runs."""
_MODULE = re.compile(rf"\bpython -m ({'|'.join(sorted(map(re.escape, NAMES), reverse=True))})\b")

_FILES = {
    "": "requirements-serve.txt",
    "ingest": "requirements.txt",
    "milvus": "requirements-milvus.txt",
}


def content_here() -> Path:
    """Return `content`, or where there is none the only folder here that holds a `clinic.toml`."""
    content = Path("content")
    others = [] if content.exists() else [file.parent for file in Path().glob("*/clinic.toml")]
    return others[0] if len(others) == 1 else content


def is_named() -> bool:
    """Say whether commands are typed as `clinic-search`: then there is neither make nor `.venv`."""
    return bool(os.environ.get(COMMAND_VARIABLE))


def as_typed(text: str) -> str:
    """Replace `python -m ingest` and its like by what a person types for it here."""
    program = os.environ.get(COMMAND_VARIABLE)
    return _MODULE.sub(lambda found: f"{program} {NAMES[found[1]]}", text) if program else text


def install(extra: str = "") -> str:
    """Return the command that installs what an extra of pyproject.toml brings; "" is serving."""
    if IS_CHECKOUT:
        return f"python -m pip install --require-hashes -r {_FILES[extra]}"
    # By its folder: a registry may have another package of the project's name.
    return f"""pip install ".{f"[{extra}]" if extra else ""}" in the folder of the project"""
