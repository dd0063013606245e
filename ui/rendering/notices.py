"""Urgent-symptom notices as HTML: pure, everything escaped, the same text for everyone."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from safety.notices.red_flags import Level, filled
from safety.notices.signatures import SignatureState, counted_states, state_of
from ui.languages import text
from ui.rendering import layout
from ui.rendering.contact import telephone

if TYPE_CHECKING:
    from datetime import date

    from core.clinic_settings import Clinic
    from safety.notices.finder import Display
    from safety.notices.red_flags import Group, Numbers, RedFlags


def notice_html(display: Display, numbers: Numbers, *, review: str = "") -> str:
    """Draw the notices of a search: those in full, then a line that names the others.

    `review` says to staff who has signed the notices off.
    """
    if not display.full:
        return ""
    cards = [_card(display.full[0], numbers, is_strip=display.is_strip)]
    cards += [_card(group, numbers) for group in display.full[1:]]
    if display.others:
        lang = text.content_lang()
        links = ", ".join(
            f'<a class="cs-in" href="{_address(group)}"{lang}>{escape(group.title)}</a>'
            for group in display.others
        )
        cards.append(f'<p class="cs-note cs-others">{text.OTHER_NOTICES} {links}.</p>')
    if review:
        cards.append(f'<p class="cs-note">{text.STAFF_NOTE} {escape(review)}</p>')
    return f'<div class="cs-notices">{"".join(cards)}</div>'


def announcement(display: Display, numbers: Numbers) -> str:
    """Return what a screen reader announces of the notices, before the results."""
    if not display.full:
        return ""
    said = [_first_sentence(group, numbers) for group in display.full]
    return f"{text.NOTICE}: {' '.join(said)} {text.NOTICE_MORE}"


def _first_sentence(group: Group, numbers: Numbers) -> str:
    """Return a notice's heading, and the first of its points where it leads into them."""
    points = [line for bullet in group.bullets if (line := filled(bullet, numbers))]
    said = filled(group.heading, numbers).strip()
    if points and not said.endswith((".", "!")):
        said = f"{said} {points[0]}"
    return said if said.endswith((".", "!")) else f"{said.rstrip(':;,')}."


def spoken(display: Display, numbers: Numbers, *, cries: bool, is_understood: bool) -> str:
    """Return what a screen reader announces of `above_results`."""
    if cries and not display.full:
        return f"{text.NOTICE}: {text.HELP_NOW}. {text.HELP_NOW_MORE}"
    announced = announcement(display, numbers)
    return announced if is_understood else f"{announced} {text.HELP}.".strip()


def above_results(
    shown: Display,
    clinic: Clinic,
    numbers: Numbers,
    *,
    cries: bool,
    is_understood: bool,
    review: str = "",
) -> str:
    """Draw the notices of a question, and whom to call.

    For a cry for help only where there are no notices; for a question that was not understood in
    any case. `review` as in `notice_html`.
    """
    if cries and not shown.full:
        return layout.help_now(clinic, numbers)
    called = "" if is_understood else layout.help_opened(clinic, numbers)
    return notice_html(shown, numbers, review=review) + called


def notices_html(flags: RedFlags, numbers: Numbers, *, today: date) -> str:
    """Draw the page with every notice, by how urgent they are, with sources and review."""
    parts = [f'<h1 id="cs-title">{text.NOTICES_TITLE}</h1>']
    if not flags.groups:
        return f"{parts[0]}<p>{text.NO_NOTICES}</p>"
    parts.append(f'<p class="cs-lead">{text.NOTICES_LEAD}</p>')
    parts.append(f'<p class="cs-note">{escape(review_of(flags, today=today))}</p>')
    for level in Level:
        groups = [group for group in flags.groups.values() if group.level is level]
        if groups:
            cards = "".join(listed_html(group, flags, numbers, today=today) for group in groups)
            parts.append(f'<h2 class="cs-h2">{text.LEVELS[level]}</h2>{cards}')
    return f'<div class="cs-notices">{"".join(parts)}</div>'


def review_of(flags: RedFlags, *, today: date) -> str:
    """Say how many of the notices a clinician has signed, and when all are checked again."""
    states, total = counted_states(flags, today=today), len(flags.groups)
    overdue = states[SignatureState.OVERDUE]
    signed = states[SignatureState.SIGNED] + overdue
    if not signed:
        return str(text.NOTICES_DRAFT)
    partly = text.NOTICES_PARTLY.format(n=signed, total=total)
    parts = [text.NOTICES_SIGNED if signed == total else partly]
    if overdue:
        parts.append(text.NOTICES_OVERDUE.format(n=overdue))
    elif flags.next_review and flags.next_review >= today:
        parts.append(f"{text.NEXT_REVIEW} {text.day(flags.next_review)}.")
    return " ".join(parts)


def signature_of(group: Group, flags: RedFlags, *, today: date) -> str:
    """Say who has signed a notice and when, or that it is a draft and why."""
    on = group.signed_on
    return str(text.SIGNATURES[state_of(group, flags, today=today)]).format(
        name=group.signed_by, number=group.registration, day=text.day(on) if on else ""
    )


def source_of(group: Group) -> str:
    """Say where the words of a notice come from, and when they were compared with it."""
    when = text.day(group.checked) if group.checked else text.NOT_CHECKED
    return f"{text.SOURCE}: {group.source} ({text.CHECKED} {when})"


def _card(group: Group, numbers: Numbers, *, is_strip: bool = False) -> str:
    """Draw a notice of a search: its heading says first what to do."""
    lang = text.content_lang()
    heading = _with_telephones(filled(group.heading, numbers), numbers)
    kind = f"cs-notice cs-{group.level}"
    if is_strip:
        # A link inside a summary could not be followed: the numbers are in the body.
        return (
            f'<details class="{kind} cs-strip"><summary>{text.NOTICE}: '
            f"<span{lang}>{escape(group.title)}</span></summary>"
            f'<div class="cs-notice-body"><p><strong{lang}>{heading}</strong></p>'
            f"{_bullets(group, numbers)}</div></details>"
        )
    named = f'<span class="cs-vh">{text.LEVELS[group.level]}: </span><span{lang}>{heading}</span>'
    label = f"cs-notice-{escape(group.id)}"
    return (
        f'<section class="{kind}" aria-labelledby="{label}"><h2 id="{label}">{named}</h2>'
        f'<div class="cs-notice-body">{_bullets(group, numbers)}</div></section>'
    )


def listed_html(group: Group, flags: RedFlags, numbers: Numbers, *, today: date) -> str:
    """Draw a notice in the list of all: by its title, with its source and who has signed it."""
    lang = text.content_lang()
    heading = _with_telephones(filled(group.heading, numbers), numbers)
    signature = escape(signature_of(group, flags, today=today))
    return (
        f'<div class="cs-notice cs-{group.level}" id="notice-{escape(group.id)}">'
        f'<h3{lang}>{escape(group.title)}</h3><div class="cs-notice-body">'
        f"<p><strong{lang}>{heading}</strong></p>{_bullets(group, numbers)}"
        f'<p class="cs-source">{escape(source_of(group))}</p>'
        f'<p class="cs-source">{signature}</p></div></div>'
    )


def _bullets(group: Group, numbers: Numbers) -> str:
    lines = [line for bullet in group.bullets if (line := filled(bullet, numbers))]
    items = "".join(f"<li>{_with_telephones(line, numbers)}</li>" for line in lines)
    return f"<ul{text.content_lang()}>{items}</ul>" if items else ""


def _address(group: Group) -> str:
    return f"?view=notices&amp;notice={escape(group.id)}"


def _with_telephones(line: str, numbers: Numbers) -> str:
    """Escape a line; the country's telephone numbers in it become links that dial."""
    if not numbers.telephones:
        return escape(line)
    known = "|".join(map(re.escape, numbers.telephones))
    parts = re.split(rf"(?<![\w-])({known})(?![\w-])", line)
    return "".join(telephone(p) if i % 2 else escape(p) for i, p in enumerate(parts))
