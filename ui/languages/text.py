"""Every text of the page's own interface, in the language that the clinic chose.

`ui/languages/` has a file for each language; `text.ASK` is the text of that key. Texts are looked
up whenever they are drawn, so that a page follows its clinic's settings.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from core import labels
from core.errors import ClinicSearchError, IndexMissingError
from core.language_tags import ENGLISH, code_of
from ui import languages
from ui.service import settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from babel import Locale

# English sentences for visitors that other packages write, and the key of each.
_TRANSLATED = {
    labels.NOT_CHECKED: "UNCHECKED",
    labels.READ_FROM_PICTURE: "FROM_PICTURE",
    ClinicSearchError.visitor_message: "NOT_WORKING",
    IndexMissingError.visitor_message: "NOT_READY",
}


def __getattr__(name: str) -> Any:
    if not name.isupper():
        raise AttributeError(name)
    return languages.word(name)


def locale() -> Locale:
    """Return the language of the page as Babel knows it, for dates and plurals; else English."""
    from babel import Locale, UnknownLocaleError

    tag = str(languages.word("LANGUAGE"))
    for known in (tag, tag.partition("-")[0]):
        with suppress(UnknownLocaleError, ValueError):
            return Locale.parse(known, sep="-")
    return Locale(ENGLISH)


def country(code: str) -> str:
    """Name a country ("GB", also "EU") in the language of the page."""
    return str(locale().territories.get(code, code))


def direction() -> str:
    """Return the direction of writing, "ltr" or "rtl"."""
    return str(languages.word("DIRECTION"))


def content_language() -> str:
    """Name the language of the clinic's content in the language of the page."""
    tag = settings.clinic().content_language or ENGLISH
    return str(locale().languages.get(code_of(tag), tag))


def content_lang() -> str:
    """Return attributes for an element that holds the clinic's content, with a space before.

    Nothing where content and page are in one language: the document says it already.
    """
    content = settings.clinic().content_language or ENGLISH
    page = str(languages.word("LANGUAGE"))
    if code_of(content) == code_of(page):
        return ""
    return f' lang="{content}" dir="auto"'


def translated(sentence: str) -> str:
    """Return a sentence that another package wrote for visitors, in the language of the page.

    An unknown sentence (a label that a clinic's own program has written) is returned unchanged.
    """
    return str(languages.word(_TRANSLATED[sentence])) if sentence in _TRANSLATED else sentence


def style() -> str:
    """Return a `<style>` with the words that a screen reader reads around a marked sentence.

    The stylesheet adds them, so that the visible text of a passage is the passage alone.
    """
    marks = {"begins": languages.word("MARK_BEGINS"), "ends": languages.word("MARK_ENDS")}
    lines = ";".join(f'--cs-mark-{name}:"{_in_css(words)}"' for name, words in marks.items())
    return f"<style>:root{{{lines}}}</style>"


def _in_css(words: str) -> str:
    """Make words safe between quotes in a style sheet inside HTML."""
    plain = "".join(sign for sign in words if sign.isprintable() and sign not in '"\\<>&')
    return f" {plain.strip()} "


def day(value: date) -> str:
    """Write a date as people say it, '3 January 2025'."""
    from babel.dates import format_date

    return str(format_date(value, "long", locale=locale()))


def moment(value: datetime) -> str:
    """Write a day with the time of day, '3 January 2025, 18:49'."""
    return f"{day(value.date())}, {value:%H:%M}"


def counted(forms: Mapping[str, str], n: int, **more: str) -> str:
    """Choose the form of a text that fits a number, and fill it in."""
    form = forms.get(locale().plural_form(n)) or forms["other"]
    return form.format(n=n, **more)


def claims_counted(total: int, opened: dict[str, int]) -> str:
    """Say how many claims there are and how many of each severity are open."""
    all_claims = counted(languages.word("CLAIMS_COUNTED"), total)
    count = sum(opened.values())
    if not count:
        return f"{all_claims} {languages.word('NO_CLAIM_OPEN')}"
    severities = languages.word("SEVERITIES")
    kinds = ", ".join(f"{n} {severities[name].lower()}" for name, n in opened.items() if n)
    return f"{all_claims} {counted(languages.word('CLAIMS_OPEN'), count, kinds=kinds)}"


def found(passages: int, articles: int) -> str:
    """Say how much was found, for the page and for a screen reader."""
    filled = {
        "passages": counted(languages.word("PASSAGES_COUNTED"), passages),
        "articles": counted(languages.word("ARTICLES_COUNTED"), articles),
    }
    return str(languages.word("FOUND").format(**filled))
