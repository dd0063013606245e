"""Render reports from Jinja2 templates: values are escaped, a missing value is an error."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"


def render(template: str, **values: object) -> str:
    """Render a template of `index/templates` with these values."""
    return environment(TEMPLATES).get_template(template).render(values)


@cache
def environment(*folders: Path) -> Environment:
    """Return the environment of these folders; of equal names the first folder's counts."""
    import jinja2  # late: a search needs no templates

    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folders),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["csp_hash"] = _csp_hash
    return made


def _csp_hash(style: str) -> str:
    """Return the SHA-256 by which a Content-Security-Policy allows this inline stylesheet."""
    return base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
