"""Renders the templates of a package of the page: every value is escaped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.templating import environment
from ui.languages import text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def renderer(folder: Path) -> Callable[..., str]:
    """Return a function that renders a template of a folder by its name; each knows `text`."""

    def rendered(name: str, **values: object) -> str:
        return environment(folder).get_template(f"{name}.html.jinja").render(text=text, **values)

    return rendered
