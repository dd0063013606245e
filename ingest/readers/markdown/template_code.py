"""Takes the code of site makers out of Markdown and keeps the text between its tags.

Jekyll and others with Liquid, Hugo's shortcodes, MDX (Astro, Docusaurus), shortcodes of WordPress,
and the attributes and boxes of kramdown, Pandoc and Docusaurus. Lines keep their numbers.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from ingest.readers.outline import LeftOut, Reason

# Every pattern stops where another of its kind begins, so that a text full of openings takes no
# longer than others. Code does not reach over an empty line, or one opening would take all.
_BRACES = r"\{(?:[^{}]|\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*+\})*+\})*+\})*+\}"
_KINDS = {
    "liquid": r"\{%(?:[^%{\n]|\n(?!\n)|%(?!\})|\{(?![%{])|\{\{[^{}\n]*+\}\})*+%\}",
    "output": r"\{\{\{?(?:[^{}\n]|\n(?!\n)|\{(?!\{)|\}(?!\}))*+\}\}\}?",
    "remark": r"\{/\*(?:[^*{]|\*(?!/)|\{(?!/\*))*+\*/\}|\{#[^{}\n]*+#\}|<%[^<>\n]*+%>",
    "contents": r"^[ \t]*(?:[-*+]|1\.)[ \t][^\n]*+\n\{:[ \t]*toc[^{}\n]*+\}"
    r"|^[ \t]*@?\[\[?_?(?i:toc)_?\]\]?[ \t]*$",
    "attributes": r"""\{(?:[:#.]|[\w-]++=)(?:[^{}\n"]|"[^"{}\n]*+")*+\}|\{-\}""",
    "module": r"""^import\b(?:[^'"`;<>.!?()\n]|\n(?!import|\n))*+["'][^"'\n]++["'];?[ \t]*$""",
    "export": r"^export[ \t]+(?:const|let|var|default|function|async|class|type|interface|\{|\*)",
    "tag": r"</?[A-Za-z][\w.-]*+(?=[\s/>])"
    rf"""(?:[^<>{{}}"']|"[^"<]*+"|'[^'<]*+'|{_BRACES})*+>|</?>""",
    "braces": _BRACES,
    "box": r"^[ \t>]*+:{2,}[^:\n][^\n]*+$|^[ \t>]*+:{3,}[ \t]*$",
    "alert": r"(?<=>)[ \t]*+\[![A-Za-z]++\][-+]?",
    "shortcode": r"\[/?[A-Za-z][\w-]*+(?:[ \t][^\[\]\n]*+)?/?\](?![(:])",
    "citation": r"\[-?@\w[^\[\]\n]*+\](?!\()",
    "tex": r"^\\[a-z]++(?:\{[^{}\n]*+\})*+[ \t]*$",
}
_CODE = re.compile("|".join(f"(?P<{name}>{kind})" for name, kind in _KINDS.items()), re.MULTILINE)
_SHORTCODE = re.compile(f"(?P<shortcode>{_KINDS['shortcode']})")
_NAME = re.compile(r"\A[\[{%:<\-\s/]*+(?:end)?([\w-]+)")
# Between tags of these names is no text.
_SILENT = frozenset(
    """comment schema javascript stylesheet style embed audio video playlist
    vc_raw_html vc_raw_js""".split()
)
_ENDS = re.compile(r"(?:\{%-?\s*end|\[/|\{:/:?)([\w-]+)")
_DEFINED = re.compile(r"^ {0,3}\[([^\[\]\n]+)\]:", re.MULTILINE)
_SET = re.compile(r"""[\w-]+=["'\u201c\u201d\u2033&\w]""")
_ALONE = frozenset("gallery toc sitemap divider spacer".split())
_BOX = re.compile(r"([ \t>]*):+[ \t]*([\w-]*)(?:\[([^\]]*)\])?[ \t]*(?:\{[^}]*\}?)?([^{}]*)")
_SCRIPT = re.compile(
    r"""\A(?:/\*|//|\.\.\.|<|[A-Za-z_$][\w$]*(?:[.(\[?]|\s*$)|!|.*(?:=>|&&|\|\||\?\s*["'(<]))""",
    re.DOTALL,
)
_STRING = re.compile(r"""\A\s*+(["'`])([^"'`$]*)\1\s*\Z""")
_SPAN = re.compile(r"\[([^\[\]\n]*+)\](?=\{[.#:][^{}\n]*+\})")
_SET_IN_BRACES = re.compile(rf"\s[\w:-]*+=?{_BRACES}")
_BRACKETS = re.compile(r"[(\[{]|[)\]}]|\n|\Z")
_MOST_LINES = 8
_SHOWN_CHARS = 60


@dataclass(frozen=True, slots=True)
class Taken:
    """A piece of code that was taken out, and its line, 1 for the first of the text."""

    code: str
    line: int


def without_templates(text: str) -> tuple[str, list[Taken]]:
    """Return Markdown without template code, and the code in reading order."""
    return _Cleaner(_SPAN.sub(r"\1", text), _CODE).clean()


def without_shortcodes(text: str) -> tuple[str, list[Taken]]:
    """Return HTML as WordPress keeps it without shortcodes, and these in reading order."""
    return _Cleaner(text, _SHORTCODE).clean()


def template_warning(taken: Iterable[Taken], first_line: int) -> list[str]:
    """Return the warning about code that was taken out of a text that begins at a line."""
    taken = list(taken)
    if not taken:
        return []
    numbers = list(dict.fromkeys(first_line + piece.line - 1 for piece in taken))
    listed = ", ".join(map(str, numbers[:_MOST_LINES])) + ", …" * (len(numbers) > _MOST_LINES)
    code = " ".join(taken[0].code.split())
    shown = code if len(code) <= _SHOWN_CHARS else f"{code[:_SHOWN_CHARS]}…"
    count = "1 piece" if len(taken) == 1 else f"{len(taken)} pieces"
    lines = "line" if len(numbers) == 1 else "lines"
    return [
        f"{count} of template code left out, {lines} {listed}, such as “{shown}”; if a site shows "
        "text in its place, write that text into the article"
    ]


def left_out_of(taken: Iterable[Taken]) -> list[LeftOut]:
    """Return code that was taken out as what a reader leaves out."""
    return [LeftOut(Reason.TEMPLATE, piece.code) for piece in taken]


class _Cleaner:
    """Goes through a text once, from one piece of code to the next."""

    def __init__(self, text: str, code: re.Pattern[str]) -> None:
        self._text = text
        self._code = code
        self._breaks = [m.start() for m in re.finditer("\n", text)]
        ends = [(m[1].casefold(), m.start()) for m in _ENDS.finditer(text)]
        self._last_end = dict(ends)  # the last end of each name counts
        self._defined = {m[1].casefold() for m in _DEFINED.finditer(text)}
        self._endless = False  # an export whose brackets never close was met

    def clean(self) -> tuple[str, list[Taken]]:
        parts: list[str] = []
        taken: list[Taken] = []
        start = search = 0  # what is before `start` is dealt with
        while match := self._code.search(self._text, search):
            kind = match.lastgroup or ""
            end, kept = self._piece(kind, match)
            if end < 0:  # no code
                search = match.start() + 1
                continue
            before, code = self._text[start : match.start()], self._text[match.start() : end]
            if not kept and self._text[end : end + 1] in frozenset(".,;:!?)"):
                before = before.rstrip(" ")
            parts += [before, kept, "\n" * (code.count("\n") - kept.count("\n"))]
            if kind == "box" or not kept:
                taken.append(Taken(code, bisect_right(self._breaks, match.start()) + 1))
            start = search = max(end, match.start() + 1)
        parts.append(self._text[start:])
        return "".join(parts), taken

    def _piece(self, kind: str, match: re.Match[str]) -> tuple[int, str]:
        """Return where a piece ends, -1 if it is no code, and the text to keep of it."""
        if kind == "shortcode" and not self._is_shortcode(match):
            return -1, ""
        if kind in ("liquid", "attributes", "shortcode"):
            return self._end_of(match), ""
        if kind == "export":
            return self._end_of_export(match), ""
        read = {"box": _box, "braces": _braces, "tag": _tag}.get(kind)
        return read(match) if read else (match.end(), "")

    def _end_of(self, match: re.Match[str]) -> int:
        """Return the end of a piece, for a comment and the like that of its end tag."""
        named = _NAME.match(match[0])
        name = named[1].casefold() if named else ""
        if name not in _SILENT or self._last_end.get(name, -1) < match.end():
            return match.end()
        ends = (m for m in _ENDS.finditer(self._text, match.end()) if m[1].casefold() == name)
        end = next(ends).end()
        close = re.compile(r"[^\]}\n]*[\]}]").match(self._text, end)
        return close.end() if close else end

    def _is_shortcode(self, match: re.Match[str]) -> bool:
        """Say whether text in square brackets is code: it has an end, or looks like no prose."""
        inside = match[0][1:-1].rstrip("/ ")
        name, _, rest = inside.lstrip("/").partition(" ")
        if inside.casefold() in self._defined:  # a link whose address is elsewhere
            return False
        if rest:
            return name.casefold() in self._last_end or bool(_SET.match(rest.lstrip()))
        before = self._text[max(0, match.start() - 1) : match.start()]
        after = self._text[match.end() : match.end() + 1]
        is_alone = before in ("", "\n") and after in ("", "\n")
        return (
            inside.startswith("/")
            or "_" in name
            or name.casefold() in _ALONE
            or name.casefold() in self._last_end
            or (is_alone and "-" in name and name.islower())
        )

    def _end_of_export(self, match: re.Match[str]) -> int:
        """Return the end of the line on which all brackets of an export are closed."""
        line_end = self._text.find("\n", match.start())
        line_end = len(self._text) if line_end < 0 else line_end
        depth = 0
        for bracket in _BRACKETS.finditer(self._text, match.start()):
            if bracket[0] in ("\n", ""):
                if depth <= 0:
                    return bracket.start()
                if self._endless:
                    break
            else:
                depth += 1 if bracket[0] in "([{" else -1
        self._endless = True
        return line_end


def _box(match: re.Match[str]) -> tuple[int, str]:
    """Keep the title of a box as a line of its own, and the signs of quotes before it."""
    found = _BOX.match(match[0])
    lead = found[1] if found else ""
    title = (found[3] or found[4] or "").strip(": ") if found else ""
    return match.end(), f"{lead}{title}  " if title else lead.rstrip()


def _braces(match: re.Match[str]) -> tuple[int, str]:
    inside = match[0][1:-1]
    if text := _STRING.match(inside):
        return match.end(), text[2]
    return (match.end() if _SCRIPT.match(inside.strip()) else -1), ""


def _tag(match: re.Match[str]) -> tuple[int, str]:
    """Take out a component; an element of HTML keeps what HTML knows of it."""
    code = match[0]
    name = code.strip("</>").split(None, 1)[0] if code.strip("</>") else ""
    is_component = not name or "." in name or (name[0].isupper() and not name.isupper())
    if is_component:
        return match.end(), ""
    if "{" not in code:
        return -1, ""
    return match.end(), _SET_IN_BRACES.sub("", code)
