"""The source of a web page in a site maker such as Jekyll: settings at its top, Liquid in its text.

Its settings say what it is called and whether it is published, as in Markdown.
"""

from __future__ import annotations

import re

from ingest.readers.markdown.front_matter import FrontMatter, read_front_matter
from ingest.readers.markdown.template_code import Taken

# Programs and styles of pages have braces too, but not these on one line without tags.
_CODE = re.compile(r"\{%-?[^%{}\n]*+-?%\}|\{\{[^{}<>\n]*+\}\}")
_INSIDE = re.compile(r"<(script|style)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)


def read_source_page(text: str, where: str) -> tuple[str, FrontMatter, list[Taken]]:
    """Return a page without its front matter and template code, and both of these.

    Raises ContentError and NoArticleError as `read_front_matter` does.
    """
    front = read_front_matter(text, where) if text.startswith("---\n") else FrontMatter()
    body = text[front.length :]
    if "{%" not in body and "{{" not in body:
        return body, front, []
    taken: list[Taken] = []
    parts: list[str] = []
    start = 0
    for program in [*_INSIDE.finditer(body), None]:
        end = program.start() if program else len(body)
        parts.append(_without_code(body, start, end, taken))
        if program:
            parts.append(program[0])
            start = program.end()
    return "".join(parts), front, taken


def _without_code(body: str, start: int, end: int, taken: list[Taken]) -> str:
    parts: list[str] = []
    line, counted = 1, 0
    for code in _CODE.finditer(body, start, end):
        line, counted = line + body.count("\n", counted, code.start()), code.start()
        taken.append(Taken(code[0], line))
        parts.append(body[start : code.start()])
        start = code.end()
    return "".join([*parts, body[start:end]])
