"""Every word of the page's own interface, in the language that the clinic chose.

The words stand in `ui/languages/`, a file a language; `text.ASK` is the text under that key. They
are looked up whenever they are drawn, so that a page follows its clinic's settings.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from ui import languages

if TYPE_CHECKING:
    from collections.abc import Mapping

    from babel import Locale


def __getattr__(name: str) -> Any:
    if not name.isupper():
        raise AttributeError(name)
    return languages.word(name)


def locale() -> Locale:
    """Return the language of the page as Babel knows it, for dates, plurals and direction."""
    from babel import Locale

    return Locale.parse(languages.word("LANGUAGE"), sep="-")


def direction() -> str:
    """Return "ltr" or "rtl", as the document says it."""
    return str(languages.word("DIRECTION"))


def day(value: date) -> str:
    """Write a date as people say it, '3 January 2025'."""
    from babel.dates import format_date

    return str(format_date(value, "long", locale=locale()))


def counted(forms: Mapping[str, str], n: int, **more: str) -> str:
    """Fill the form of a text that goes with a number."""
    form = forms.get(locale().plural_form(n)) or forms["other"]
    return form.format(n=n, **more)


def more_rows(rows: int) -> str:
    """Say that the page holds back some rows of a table."""
    return counted(languages.word("ROWS_MORE"), rows)


def more_steps(steps: int) -> str:
    """Say how many steps stand behind what opens."""
    return counted(languages.word("STEPS_MORE"), steps)


def claims_counted(total: int, opened: dict[str, int]) -> str:
    """Say how many claims there are and how many of each severity are open."""
    said = counted(languages.word("CLAIMS_COUNTED"), total)
    count = sum(opened.values())
    if not count:
        return f"{said} {languages.word('NO_CLAIM_OPEN')}"
    severities = languages.word("SEVERITIES")
    kinds = ", ".join(f"{n} {severities[name].lower()}" for name, n in opened.items() if n)
    return f"{said} {counted(languages.word('CLAIMS_OPEN'), count, kinds=kinds)}"


def found(passages: int, articles: int) -> str:
    """Say how much was found; this is also what a screen reader announces."""
    filled = {
        "passages": counted(languages.word("PASSAGES_COUNTED"), passages),
        "articles": counted(languages.word("ARTICLES_COUNTED"), articles),
    }
    return str(languages.word("FOUND").format(**filled))
