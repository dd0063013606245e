"""Finds what patients should read in the settings of an article: questions, symptoms, steps.

Sites keep lists of them in the front matter, and their templates show them under the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from core.text.characters import one_line
from ingest.readers.article_settings import KEYS, plain_name

# Settings for programs and search engines, in lower case and without "-" and "_".
_OTHERS = frozenset(
    """tag tags category categories keyword keywords alias aliases redirect redirects redirectfrom
    redirectto slug slugs permalink url urls href link links image images img picture pictures photo
    photos gallery cover banner thumbnail icon icons video videos layout template type kind id uid
    menu menus nav navigation sidebar breadcrumb breadcrumbs header footer head hero cta button
    buttons seo meta metadata og opengraph twitter social schema jsonld robots sitemap build cascade
    outputs output resources assets script scripts style styles css js class classes color colour
    params cascadeparams series taxonomies topics related relatedposts relatedarticles seealso next
    prev previous pagination toc weight order position lang language locale locales translations
    bibliography csl references citations contributors team staff prerequisites defaults import
    imports components plugins formats format execute headerincludes geometry output""".split()
)
# Parts of these names are about the page, or repeat its text for search engines and lists.
_ABOUT = re.compile(
    r"description|summary|excerpt|abstract|teaser|subtitle|tagline|^(?:seo|meta|og|twitter)"
    r"|(?:url|alt|image|href|path|title|label|date|id|class)$"
)
# What editors write to each other.
_INTERNAL = re.compile(r"todo|note|comment|internal|editor|draft|history|changelog|review|version")
_LEADS = re.compile(r"intro(?:duction)?|lead(?:text|in)?|lede|standfirst")
_QUESTIONS = re.compile(r"faqs?|q(?:uestions?)?(?:and)?a(?:nswers?)?|questions?")
_HEADS = ("question", "q", "heading", "title", "name", "label", "term", "header", "step", "summary")
_BODIES = frozenset(
    "answer a acceptedanswer body text content description details value definition".split()
)
_WORD = re.compile(r"[^\W\d_]")
_IDENTIFIER = re.compile(r"\A(?:[a-z0-9]++(?:[-_.][a-z0-9]++)*+|#[0-9a-fA-F]{3,8})\Z")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])|[-_]+")
_LONG_TEXT_WORDS = 8
# Of so many words a text with the end of a sentence is for patients, whatever its name.
_PROSE_WORDS = 20
_SENTENCE = re.compile(r"\w[.!?\u3002](?:\s|\Z)")
_NO_PROSE = re.compile(r"prompt|copyright|licen[cs]e|code|query|embed|caption|credit|disclaimer")
_DEEPEST = 6


def lead_of(values: Mapping[str, Any]) -> str:
    """Return the text that settings put above the article, as Markdown, "" for none."""
    return "\n\n".join(value for key, value in values.items() if _is_lead(key, value))


def texts_of(values: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    """Return what settings tell patients, as Markdown, and warnings about what is not read.

    A question and its answer are a section; so is a list of texts or of names with texts, under
    the name of its setting.
    """
    found: list[str] = []
    warnings: list[str] = []
    for key, value in values.items():
        name = plain_name(key)
        is_about = key in KEYS or name in _OTHERS or _ABOUT.search(name)
        if is_about or _is_lead(key, value):
            continue
        if _is_prose(name, value):
            found.append(f"{_heading(1, _humanised(str(key)))}\n\n{value.strip()}")
            continue
        if isinstance(value, list | dict) and not _INTERNAL.search(name):
            text = "\n\n".join(_group(str(key), value, 1))
            found += filter(None, [text])
            if text:
                continue
        warnings += _unread(str(key), value)
    return "\n\n".join(found), tuple(warnings)


def _is_lead(key: object, value: Any) -> bool:
    is_long = isinstance(value, str) and len(value.split()) >= _LONG_TEXT_WORDS
    return is_long and bool(_LEADS.fullmatch(plain_name(key)))


def _is_prose(name: str, value: Any) -> bool:
    if not isinstance(value, str) or _INTERNAL.search(name) or _NO_PROSE.search(name):
        return False
    return len(value.split()) >= _PROSE_WORDS and bool(_SENTENCE.search(value))


def _unread(key: str, value: Any) -> Iterator[str]:
    if isinstance(value, list | dict):
        if any(_is_text(text) for text in _texts_in(value)):
            entries = "1 entry that is" if len(value) == 1 else f"{len(value)} entries that are"
            yield (
                f"the setting {key!r} holds {entries} not read; if patients need it, move it "
                "into the text"
            )
    elif isinstance(value, str) and len(value.split()) >= _LONG_TEXT_WORDS:
        yield (
            f"the setting {key!r} holds {len(value.split())} words that are not read; if "
            "patients need them, move them into the text"
        )


def _group(key: str, value: Any, level: int) -> Iterator[str]:
    """Yield a list under the name of its setting, or the lists in a mapping."""
    if isinstance(value, dict):
        head, rest = _divide(value)
        if head and rest:
            yield from _entry(value, level)
        else:
            for inner, texts in rest.items():
                if isinstance(texts, list | dict):
                    yield from _group(inner if len(rest) > 1 else key, texts, level)
        return
    is_asked = bool(_QUESTIONS.fullmatch(plain_name(key)))
    entries = list(_items(value, level if is_asked else level + 1))
    if entries and not is_asked:
        yield _heading(level, _humanised(key))
    yield from entries


def _items(values: list[Any], level: int) -> Iterator[str]:
    """Yield the entries of a list: texts as a list, mappings as sections."""
    texts = [value for value in values if isinstance(value, str)]
    if any(map(_is_text, texts)):
        yield _bullets(filter(_WORD.search, texts))
    for value in values:
        if isinstance(value, dict):
            yield from _entry(value, level)


def _entry(values: Mapping[Any, Any], level: int) -> Iterator[str]:
    """Yield a heading and its texts; a heading alone is an item of a list."""
    head, rest = _divide(values)
    body: list[str] = []
    for value in rest.values():
        if isinstance(value, str):
            body.append(value.strip())
        elif isinstance(value, list):
            body += _items(value, level + 1)
        elif isinstance(value, dict):
            body += _entry(value, level + 1)
    if head and body:
        yield _heading(level, head)
    elif head and not any(plain_name(key) in _OTHERS for key in values):
        yield _bullets([head])
    yield from body


def _divide(values: Mapping[Any, Any]) -> tuple[str, dict[str, Any]]:
    """Return the heading among the values of a mapping, "" without one, and its texts by name."""
    named = {plain_name(key): (str(key), value) for key, value in values.items()}
    heads = [name for name in _HEADS if isinstance(named.get(name, ("", 0))[1], str)]
    head = one_line(named[heads[0]][1]) if heads else ""
    rest = {
        key: value
        for name, (key, value) in named.items()
        if name not in heads[:1]
        and name not in _OTHERS
        and not _INTERNAL.search(name)
        and (
            isinstance(value, list | dict)
            or (
                (isinstance(value, str) and _WORD.search(value))
                and (name in _BODIES or _is_text(value))
            )
        )
    }
    return head, rest


def _texts_in(value: Any) -> Iterator[str]:
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            waiting += value.values()


def _is_text(text: str) -> bool:
    """Say whether a value is for people, and not a name that programs use."""
    text = text.strip()
    is_address = " " not in text and ("/" in text or ":" in text)
    return bool(_WORD.search(text)) and not is_address and not _IDENTIFIER.match(text)


def _heading(level: int, text: str) -> str:
    return f"{'#' * min(level, _DEEPEST)} {one_line(text)}"


def _bullets(texts: Iterable[str]) -> str:
    return "\n".join("- " + text.strip().replace("\n", "\n  ") for text in texts)


def _humanised(key: str) -> str:
    """Return the name of a setting in words: "whenToCall", "when_to_call" -> "When to call"."""
    words = _HUMP.sub(" ", key).split()
    return one_line(" ".join(w if w.isupper() else w.lower() for w in words)).capitalize()
