"""The parts of every page in every state: header, "Get help now", footer, messages."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from safety.notices import last_resort
from ui.languages import text
from ui.rendering.contact import call_button, telephone
from ui.rendering.results import panel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.clinic_settings import Clinic
    from safety.notices.red_flags import Numbers


def help_panel(clinic: Clinic, numbers: Numbers) -> str:
    """Draw "Get help now": a native disclosure, so that it works when nothing else does."""
    return (
        f'<details class="cs-help"><summary>{text.HELP}</summary>'
        f'<div class="cs-help-panel">{_numbers(clinic, numbers)}</div></details>'
    )


def help_now(clinic: Clinic, numbers: Numbers) -> str:
    """Draw the answer to a cry for help: kind words, then whom to call."""
    return _help(text.HELP_NOW, f"<p>{text.HELP_NOW_MORE}</p>{_numbers(clinic, numbers)}")


def help_opened(clinic: Clinic, numbers: Numbers) -> str:
    """Draw "Get help now" in full, above a question that was not understood."""
    return _help(text.HELP, _numbers(clinic, numbers))


def _help(heading: str, body: str) -> str:
    return (
        '<div class="cs-notices">'
        '<section class="cs-notice cs-urgent" aria-labelledby="cs-help-now">'
        f'<h2 id="cs-help-now">{heading}</h2>'
        f'<div class="cs-notice-body">{body}</div></section></div>'
    )


def _numbers(clinic: Clinic, numbers: Numbers) -> str:
    """Draw whom to call for what, and the way to all notices."""
    named = f"{numbers.crisis_name} {text.ON} " if numbers.crisis_name else ""
    lines = [
        (numbers.emergency, "", text.HELP_EMERGENCY),
        (numbers.urgent, "", text.HELP_URGENT),
        (numbers.crisis, named, text.HELP_CRISIS),
        (clinic.telephone, "", text.HELP_CLINIC),
    ]
    items = [
        f"<li>{call_button(number, who)} <span>{then}</span></li>"
        for number, who, then in lines
        if number
    ]
    if not numbers.emergency:
        items.insert(0, f"<li>{text.HELP_NO_NUMBER}<br>{_emergency_numbers()}</li>")
    listed = f'<ul class="cs-numbers">{"".join(items)}</ul>'
    return f'{listed}<p><a href="./notices">{text.ALL_NOTICES}</a></p>'


def _emergency_numbers() -> str:
    """List the built-in emergency numbers, for a clinic without a country."""
    countries: dict[str, list[str]] = {}
    for code, numbers in last_resort.NUMBERS.items():
        countries.setdefault(numbers.emergency, []).append(escape(text.country(code)))
    return "<br>".join(
        f"{telephone(number)} ({', '.join(names)})" for number, names in countries.items()
    )


def header(clinic: Clinic, numbers: Numbers, *, for_staff: bool = False) -> str:
    """Draw the banner: whose page this is, its pages, and help."""
    pages = (("./", text.ASK), ("?view=articles", text.ARTICLES), ("?view=about", text.ABOUT))
    links = "".join(
        f'<li><a class="cs-in" href="{href}">{escape(name)}</a></li>' for href, name in pages
    )
    if for_staff:
        staff = (("desk", text.DESK), ("staff", text.EDITOR_TITLE))
        links += "".join(
            f'<li class="cs-staff-link"><a class="cs-in" href="?view={kind}">{name}</a></li>'
            for kind, name in staff
        )
    return (
        f'<a class="cs-skip" href="#root">{text.SKIP}</a>'
        f'<header class="cs-top"><div class="cs-top-in">'
        f'<a class="cs-brand cs-in" href="./">{escape(clinic.short_name or clinic.name)}</a>'
        f'<nav aria-label="{text.PAGES}"><ul>{links}</ul></nav>'
        f"{help_panel(clinic, numbers)}</div></header>"
    )


def footer() -> str:
    """Draw the line that says on every page what this is and what it is not."""
    return (
        f'<footer class="cs-foot"><p>{text.SHORT_PURPOSE} '
        f'<a class="cs-in" href="?view=about">{text.ABOUT_TITLE}</a></p></footer>'
    )


def hero(*, asked: bool) -> str:
    """Draw the heading; after a search only a screen reader needs it."""
    if asked:
        return f'<h1 class="cs-vh" id="cs-title">{text.TITLE}</h1>'
    lead = f'<p class="cs-lead">{text.LEAD}</p>'
    return f'<div class="cs-hero"><h1 id="cs-title">{text.TITLE}</h1>{lead}</div>'


def hint(*, asked: bool = False) -> str:
    """Draw what every visitor must know before typing; after a search the short form is seen."""
    kind = ' class="cs-vh"' if asked else ""
    names = f"<span{kind}>{text.NO_NAMES}</span>"
    return f'<p class="cs-hint" id="cs-hint">{text.SHORT_PURPOSE} {names}</p>'


def examples(questions: Sequence[str], note: str = "") -> str:
    """Draw example questions as buttons; the helper script fills the box and sends the form.

    They are not Streamlit buttons because those read Markdown and LaTeX in their labels.
    """
    above = f'<p class="cs-note">{escape(note)}</p>' if note else ""
    if not questions:
        return above
    lang = text.content_lang()
    buttons = "".join(
        f'<li><button type="button" class="cs-example" data-ask="{escape(question)}"{lang}>'
        f"{escape(question)}</button></li>"
        for question in questions
    )
    return f'{above}<h2 class="cs-h2">{text.EXAMPLES}</h2><ul class="cs-examples">{buttons}</ul>'


def message(heading: str, more: str = "", *, busy: bool = False) -> str:
    """Draw a calm message in the place of results."""
    details = f"<p>{escape(more)}</p>" if more else ""
    return panel(escape(heading), details, kind=" cs-busy" if busy else "")


def unavailable(visitor_message: str, clinic: Clinic) -> str:
    """Draw that nothing can be searched, and what still works."""
    lines = [escape(text.translated(visitor_message))]
    if clinic.telephone:
        lines.append(f"{text.CALL} {telephone(clinic.telephone)} {text.HELP_CLINIC}")
    lines.append(text.NOT_COVERED_HELP)
    return panel(text.UNAVAILABLE, "".join(f"<p>{line}</p>" for line in lines))


def door() -> str:
    """Draw what a visitor reads who has not opened the page for staff by its link.

    The link is for a member of staff who comes from another website: the browser then sends no
    cookie at first.
    """
    return (
        f'<div class="cs-panel"><h1 id="cs-title">{text.DOOR}</h1><p>{text.DOOR_MORE}</p>'
        f'<p><a href="./">{text.DOOR_AGAIN}</a></p></div>'
    )


def state_for_helper(
    *, announced: str, token: str, address: str, scroll_to: str = "", kept: str = ""
) -> str:
    """Draw the invisible element from which assets/helper.js learns that a view is complete.

    `token` changes with every run; `address` names the view that was drawn; `kept` is its question,
    sealed for the tab (ui/service/sealed.py). The texts that the script itself shows come along.
    """
    pairs = {"say": announced, "token": token, "address": address, "scroll": scroll_to}
    pairs["kept"] = kept
    pairs |= {"copied": text.COPIED, "notcopied": text.NOT_COPIED}
    pairs |= {"saycopied": text.CITATION_COPIED, "saynotcopied": text.CITATION_NOT_COPIED}
    pairs |= {"shared": text.SHARED, "notshared": text.NOT_SHARED}
    data = " ".join(f'data-{key}="{escape(value)}"' for key, value in pairs.items())
    return f'<span id="cs-state" {data} hidden></span>'
