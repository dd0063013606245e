"""HTML that is set in from the margin in Markdown, which CommonMark would show as code.

Pages of site makers keep HTML with empty lines and indents; what made the site reads it as HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Protocol

_MARKUP = re.compile(r"\s*(?:</?[A-Za-z][\w-]*(?:\s[^<>]*)?/?>|<!--)")


class Token(Protocol):
    """A token of the library that parses Markdown."""

    type: str
    content: str


def read_indented_html(tokens: Iterable[Token]) -> None:
    """Turn blocks of code by indent that begin with a tag into HTML, in place."""
    for token in tokens:
        if token.type == "code_block" and _MARKUP.match(token.content):
            token.type = "html_block"
