"""Tables, lists of facts and links for the pages for staff, as HTML. Pure."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from ui.languages import text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date


def table(name: str, caption: str, columns: Iterable[str], rows: Iterable[Sequence[str]]) -> str:
    """Draw a table that scrolls inside its own box; cells are HTML, the first names the row."""
    head = "".join(f'<th scope="col">{column}</th>' for column in columns)
    body = "".join(
        f'<tr><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in others)}</tr>'
        for first, *others in rows
    )
    caption_id = f"cs-{name}-caption"
    return (
        f'<div class="cs-scroll" role="region" aria-labelledby="{caption_id}" tabindex="0">'
        f'<table class="cs-table cs-table-{name}"><caption id="{caption_id}">{caption}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def download(name: str, heading: str) -> str:
    """Draw the link to a part's table as a file."""
    label = f"{text.DOWNLOAD}: {heading}"
    return (
        f'<p class="cs-acts"><a href="./staff/{name}.csv" aria-label="{label}">{text.DOWNLOAD}</a>'
        "</p>"
    )


def facts_list(facts: Mapping[str, str]) -> str:
    """Draw names and values beside each other."""
    pairs = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>"
        for name, value in facts.items()
    )
    return f'<dl class="cs-facts">{pairs}</dl>'


def day(value: date | None) -> str:
    """Write a date, or that none is stated."""
    return text.day(value) if value else text.NOT_STATED


def coded(line: str) -> str:
    """Escape a line; text between backticks is something to type."""
    parts = enumerate(line.split("`"))
    return "".join(f"<code>{escape(p)}</code>" if i % 2 else escape(p) for i, p in parts)
