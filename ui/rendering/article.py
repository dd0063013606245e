"""An article and the About page as HTML: pure functions, all escaped."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from itertools import count
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from core.labels import NOT_CHECKED
from core.text.characters import collapse_spaces
from core.types import Span
from safety.claims.kinds import Severity
from ui.languages import text
from ui.rendering.blocks import Marks, blocks_html
from ui.rendering.contact import next_steps
from ui.rendering.passage import article_address, page_label, passage_address, share_address
from ui.rendering.printed import online
from ui.rendering.provenance import review_line, trust_block

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from core.clinic_settings import Clinic
    from core.types import Article, ClaimRow, Passage, SearchResult, Section

_PARAGRAPH = re.compile(r"\S(?:.|\n(?!\s*\n))*")
_DEEPEST = 6


def article_html(
    article: Article,
    clinic: Clinic,
    *,
    today: date,
    section: str = "",
    passage: Passage | None = None,
    sentence: Span | None = None,
    back: str = "",
    claims: Iterable[ClaimRow] = (),
    results: Sequence[SearchResult] = (),
    confirmed: bool = True,
) -> str:
    """Draw an article to read and to print.

    `section` is the slug of the part that was asked for; `passage` the passage that a search
    found, and `sentence` its answering sentence, as offsets into the article's text; `back` the
    link of `back_link`, and `results` are those that the visitor came from, best first.
    `confirmed` says whether the sentence may be shown as an answer. `claims` are those of this
    article.
    """
    unchecked = Unchecked(article, claims)
    chosen = next((part for part in article.sections if part.slug == section), None)
    lost = section and chosen is None
    note = f'<p class="cs-note">{text.NO_SECTION}</p>' if lost else ""
    is_answer = bool(sentence and confirmed and passage and NOT_CHECKED not in passage.labels)
    above = _label(passage, article, sentence) + pager(passage, results)
    found = _Found(passage, sentence, above, "cs-ans" if is_answer else "cs-near")
    steps = next_steps(
        clinic, share=share_address(clinic, article.id, section), title=article.title
    )
    parts = "".join(
        _section_html(article, part, before, chosen, found, unchecked)
        for before, part in zip((None, *article.sections), article.sections, strict=False)
    )
    return (
        f'{back or back_link()}<article class="cs-article"><h1 id="cs-title"{text.content_lang()}>'
        f"{escape(article.title)}</h1>"
        f"{unchecked.label_of(article.title)}{review_line(article.provenance, today=today)}"
        f"{note}{_contents(article, unchecked)}{parts}"
        f"{steps}{trust_block(article, today=today)}{online(article, clinic)}</article>"
        f'<p class="cs-acts"><button type="button" class="cs-btn" data-print>{text.PRINT}</button>'
        f"</p>"
    )


def about_html() -> str:
    """Draw the About page, with the intended purpose word for word."""
    blocks = (
        (text.ABOUT_PURPOSE, (text.PURPOSE,)),
        (text.ABOUT_HOW, text.ABOUT_HOW_MORE),
        (text.ABOUT_PRIVACY, text.ABOUT_PRIVACY_MORE),
        (text.ABOUT_TRUST, text.ABOUT_TRUST_MORE),
    )
    body = "".join(
        f"<h2>{escape(heading)}</h2>" + "".join(f"<p>{escape(line)}</p>" for line in lines)
        for heading, lines in blocks
    )
    return f'<div class="cs-article"><h1 id="cs-title">{text.ABOUT_TITLE}</h1>{body}</div>'


def paragraphs(body: str, start: int) -> Iterator[Span]:
    """Yield the paragraphs of a body as offsets counted from `start`; blank lines part them."""
    for match in _PARAGRAPH.finditer(body):
        yield Span(start + match.start(), start + match.start() + len(match[0].rstrip()))


class Unchecked:
    """The places of open, grave claims in an article, and the label that they carry.

    A heading is shown on its own, so it is known by its words on one line.
    """

    def __init__(self, article: Article, claims: Iterable[ClaimRow]) -> None:
        self._sentences: list[Span] = []
        self._headings: set[str] = set()
        for claim in claims:
            if not claim.is_open or claim.severity != Severity.HIGH:
                continue
            span = Span(claim.start, claim.end)
            if span.start == span.end:  # a title that is not part of the text
                self._headings.add(collapse_spaces(claim.sentence))
            elif any(_overlap(part.body, span) for part in article.sections):
                self._sentences.append(span)
            else:
                lines = (line for line in paragraphs(article.text, 0) if _overlap(line, span))
                self._headings |= {collapse_spaces(article.text[x.start : x.end]) for x in lines}

    def label_of(self, heading: str) -> str:
        """Draw the label after a heading or title that holds such a claim."""
        return _not_checked() if collapse_spaces(heading) in self._headings else ""

    def label_in(self, paragraph: Span) -> str:
        """Draw the label after a paragraph that holds such a claim."""
        return _not_checked() if any(_overlap(paragraph, span) for span in self._sentences) else ""


def _not_checked() -> str:
    return f'<p class="cs-unchecked">{escape(text.UNCHECKED)}</p>'


def _overlap(first: Span, second: Span) -> bool:
    return first.start < second.end and second.start < first.end


def pager(passage: Passage | None, results: Sequence[SearchResult]) -> str:
    """Draw the links to the previous and next result of a search; nothing for another passage."""
    ids = [result.passage.id for result in results]
    at = ids.index(passage.id) if passage and passage.id in ids else -1
    if at < 0 or len(results) < 2:
        return ""
    counted = text.RESULT_OF.format(rank=at + 1, count=len(results))
    links = ""
    for step, word, spoken in (
        (-1, text.PREVIOUS, text.PREVIOUS_RESULT),
        (1, text.NEXT, text.NEXT_RESULT),
    ):
        if 0 <= at + step < len(results):
            other = results[at + step].passage
            name = escape(f"{spoken}: {other.heading}")
            links += (
                f'<a class="cs-in cs-step" href="{escape(passage_address(other))}"'
                f' aria-label="{name}">{word}</a>'
            )
    return f'<nav class="cs-pager" aria-label="{text.PAGER}"><span>{counted}</span>{links}</nav>'


def _label(passage: Passage | None, article: Article, sentence: Span | None) -> str:
    """Say above the passage that was found, or linked to, what it is, and its page."""
    if passage is None:
        return ""
    label = text.FOUND_HERE if sentence else text.LINKED_HERE
    page = page_label(passage, article)
    return f'<span class="cs-here-label">{escape(f"{label}, {page}" if page else label)}</span>'


@dataclass(frozen=True, slots=True)
class _Found:
    """The marked passage of an article, its sentence, the HTML above it, and the kind of mark."""

    passage: Passage | None
    sentence: Span | None
    above: str
    kind: str


def back_link(search: str = "", *, is_known: bool = False) -> str:
    """Draw the link to the results of the search of a name, or to a new question.

    `is_known` says whether this session knows what was asked. Otherwise only the tab does, and a
    new document asks it again (assets/first.js).
    """
    if not search:
        return f'<p class="cs-back"><a class="cs-in" href="./">{text.ASK_AGAIN}</a></p>'
    kind = ' class="cs-in"' if is_known else ""
    address = f"?{urlencode({'search': search})}"
    return f'<p class="cs-back"><a{kind} href="{escape(address)}">{text.BACK}</a></p>'


def _named(article: Article) -> list[Section]:
    """Return the sections that carry a heading of their own."""
    return [part for part in article.sections if part.path]


def parts_list(article: Article, unchecked: Unchecked) -> str:
    """Draw the links to the sections of an article that carry a heading of their own."""
    lang = text.content_lang()
    links = "".join(
        f'<li><a class="cs-in" href="{escape(article_address(article.id, part.slug))}"{lang}>'
        f"{escape(part.heading)}</a>{unchecked.label_of(part.heading)}</li>"
        for part in _named(article)
    )
    return f'<ul class="cs-parts">{links}</ul>' if links else ""


def _contents(article: Article, unchecked: Unchecked) -> str:
    if len(_named(article)) < 2:
        return ""
    return (
        f'<nav class="cs-panel cs-contents" aria-label="{text.CONTENTS}"><p>{text.CONTENTS}</p>'
        f"{parts_list(article, unchecked)}</nav>"
    )


def _section_html(
    article: Article,
    part: Section,
    before: Section | None,
    chosen: Section | None,
    found: _Found,
    unchecked: Unchecked,
) -> str:
    """Draw one section: the headings that begin here, then its paragraphs."""
    above = before.path if before else ()
    shared = next(n for n in count() if n >= len(part.path) or part.path[: n + 1] != above[: n + 1])
    headings = ""
    for depth, heading in enumerate(part.path[shared:], shared):
        level = min(2 + depth, _DEEPEST)
        headings += f"<h{level}{text.content_lang()}>{escape(heading)}</h{level}>"
        headings += unchecked.label_of(heading)
    whole = part is chosen and found.passage is None
    body = article.text[part.body.start : part.body.end]
    lines = "".join(
        _paragraph_html(article.text, span, found, unchecked.label_in(span))
        for span in paragraphs(body, part.body.start)
    )
    hint = f'<p class="cs-here-label">{text.LINKED_HERE}</p>' if whole else ""
    kind = ' class="cs-here"' if whole else ""
    return f'<section id="cs-part-{escape(part.slug)}"{kind}>{hint}{headings}{lines}</section>'


def _paragraph_html(content: str, span: Span, found: _Found, label: str) -> str:
    words = content[span.start : span.end]
    passage = Span(found.passage.start, found.passage.end) if found.passage else None
    if not passage or not _overlap(passage, span):
        return f"{blocks_html(words, attributes=text.content_lang())}{label}"
    marked = found.sentence or passage
    moved = Span(marked.start - span.start, marked.end - span.start)
    marks = Marks(moved, kind=found.kind)
    first = span.start <= passage.start
    above, anchor = (found.above, ' id="cs-found"') if first else ("", "")
    shown = blocks_html(words, marks, attributes=text.content_lang())
    return f'<div class="cs-here"{anchor}>{above}{shown}{label}</div>'
