"""Texts that try to become markup, and a reader that finds out whether one of them has."""

from __future__ import annotations

import re
from html.parser import HTMLParser

MARKER = "zq{number:02}z"
# `%s` is the marker, so that a test can see that a text was drawn at all.
_TEXTS = (
    "<script>alert('%s')</script>",
    '"><script src=//evil.example/%s.js></script>',
    "</title><script>alert('%s')</script>",
    "</style><script>alert('%s')</script>",
    "</textarea></noscript><script>alert('%s')</script>",
    "--><script>alert('%s')</script><!--",
    "<scr<script>ipt>alert('%s')</scr</script>ipt>",
    "<SCRIPT\n>alert('%s')</SCRIPT\n>",
    "<img src=x onerror=alert('%s')>",
    "<img src=//evil.example/%s.png>",
    "<svg onload=alert('%s')>",
    "<svg><animate onbegin=alert('%s') attributeName=x>",
    "<svg><a xlink:href=javascript:alert('%s')><text>x</text></a></svg>",
    "<math href=javascript:alert('%s')>x</math>",
    "<iframe src=javascript:alert('%s')></iframe>",
    "<iframe srcdoc=\"&lt;script&gt;alert('%s')&lt;/script&gt;\"></iframe>",
    "<object data=data:text/html,<script>alert('%s')</script>></object>",
    "<embed src=//evil.example/%s.swf>",
    "<form action=//evil.example/%s><input name=q autofocus onfocus=alert(1)>",
    "<button formaction=javascript:alert('%s')>x</button>",
    "<a href=javascript:alert('%s')>x</a>",
    "<a href=\" jav\tascript:alert('%s')\">x</a>",
    "<base href=//evil.example/%s/>",
    "<meta http-equiv=refresh content=0;url=//evil.example/%s>",
    "<link rel=stylesheet href=//evil.example/%s.css>",
    "<style>@import '//evil.example/%s.css';</style>",
    "<div style=\"background:url(//evil.example/%s.png)\">",
    "<details open ontoggle=alert('%s')>",
    "\" onmouseover=alert('%s') x=\"",
    "' onfocus=alert('%s') autofocus='",
    "` onclick=alert('%s') `",
    "javascript:alert('%s')",
    "data:text/html,<script>alert('%s')</script>",
    "&lt;script&gt;alert('%s')&lt;/script&gt;",
    "&#60;script&#62;alert('%s')&#60;/script&#62;",
    "<template><script>alert('%s')</script></template>",
    "</li></ul></div></main></body><h1>%s",
    "[%s](javascript:alert(1)) ![x](//evil.example/x.png)",
    "<%%00script>%s{{7*7}}${7*7}{0.__class__}",
)  # fmt: skip
PAYLOADS = [text % MARKER.format(number=n) for n, text in enumerate(_TEXTS)]
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
# What the page is drawn with. Whatever else appears, somebody else has drawn it.
_NEVER = frozenset(
    "iframe object embed base applet frame frameset math template portal img video audio".split()
)
_ADDRESSES = frozenset(
    "href src action formaction xlink:href data poster srcset background ping cite manifest".split()
)
# In which the document keeps Streamlit's own scripts until the search is painted.
_APPLICATION = "<template {'id': 'cs-app'}>"
_OURS = re.compile(r"(?!//|[a-z][a-z0-9+.-]*:)|tel:[+0-9*#]+$", re.IGNORECASE)


class Reader(HTMLParser):
    """Reads a page as a browser does and notes what is not ours, in `wrong`.

    `allowed` are addresses elsewhere that the clinic itself has named, `scripts` the scripts that
    may stand in the page. `shown` are all its texts, those of attributes too.
    """

    def __init__(self, *, allowed: frozenset[str] = frozenset(), scripts: str = "") -> None:
        super().__init__(convert_charrefs=True)
        self._allowed = allowed
        self._scripts = scripts
        self._open: list[str] = []
        self.wrong: list[str] = []
        self.shown: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._element(tag, dict(attrs))
        if tag not in _VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._element(tag, dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.wrong.append(f"</{tag}> closes nothing")

    def handle_data(self, data: str) -> None:
        if self._open[-1:] == ["script"]:
            if data not in self._scripts:
                self.wrong.append(f"script: {data[:80]}")
        elif self._open[-1:] == ["style"]:
            # Words in quotes are drawn as they are; they may not end their quotes.
            if re.search(r"zq|@import|url\(\s*//", re.sub(r'"[^"\\\n]*"', "", data)):
                self.wrong.append(f"style: {data[:80]}")
        else:
            self.shown.append(data)

    def handle_comment(self, data: str) -> None:
        if "zq" in data:
            self.wrong.append(f"comment: {data[:80]}")

    def _element(self, tag: str, attributes: dict[str, str | None]) -> None:
        said = f"<{tag} {attributes}>"
        if said == _APPLICATION:
            return
        if tag in _NEVER or "srcdoc" in attributes or attributes.get("http-equiv") == "refresh":
            self.wrong.append(said)
        source = attributes.get("src", "./static/none.js") or ""
        if tag == "script" and not re.match(r"\./(assets|static)/[\w./-]+\.js", source):
            self.wrong.append(said)
        for name, given in attributes.items():
            value = given or ""
            self.shown.append(value)
            if _is_foreign(name, value) and value not in self._allowed:
                self.wrong.append(said)

    def end(self) -> list[str]:
        """Return what is not ours in what was fed, elements that were never closed too."""
        self.close()
        return self.wrong + [f"<{tag}> is never closed" for tag in self._open]


def _is_foreign(name: str, value: str) -> bool:
    """Say whether an attribute runs something, or leads or fetches from elsewhere."""
    if name.startswith("on") or not re.fullmatch(r"[a-z][a-z0-9:-]*", name):
        return True
    if name == "style":
        return "url(" in value
    # A browser leaves out control characters and white space before it reads a scheme.
    return name in _ADDRESSES and not _OURS.match(re.sub(r"[\0-\x20]", "", value))


def numbers_in(texts: list[str]) -> set[int]:
    """Return which of the payloads were shown."""
    return {int(found) for found in re.findall(r"zq(\d\d)z", " ".join(texts))}
