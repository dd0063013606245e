"""How to reach the clinic, as HTML: what to do next after an answer, and cards of its details."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from index.intent.practical import Practical
from ui.languages import text

if TYPE_CHECKING:
    from core.clinic_settings import Clinic
    from index.bank.route_cards import Route

# The settings that answer each kind of question about the clinic; the first one is the answer.
_ANSWERS: dict[Practical, tuple[str, ...]] = {
    Practical.HOURS: ("opening_hours",),
    Practical.PRICE: ("prices",),
    Practical.PLACE: ("address", "getting_here"),
    Practical.TRAVEL: ("getting_here", "address"),
    Practical.CONTACT: ("telephone", "opening_hours"),
    Practical.BOOKING: ("booking_url", "opening_hours"),
    Practical.CHANGE: ("telephone", "opening_hours"),
}
# These are drawn as links of their own.
_LINKS = frozenset({"telephone", "booking_url", "email"})


def next_steps(clinic: Clinic, *, share: str = "", title: str = "") -> str:
    """Draw what a visitor can do now: call, book, and share the article at an address.

    `share` is the article's address, which holds nothing of the question; `title` names it. The
    helper script shares or copies it; empty where there is no article.
    """
    links = []
    if clinic.telephone:
        links.append(call_button(clinic.telephone))
    if clinic.booking_url:
        links.append(
            f'<a class="cs-btn" href="{escape(clinic.booking_url)}" rel="noopener">{text.BOOK}</a>'
        )
    if share:
        links.append(
            f'<button type="button" class="cs-btn" data-share="{escape(share)}"'
            f' data-title="{escape(title)}">{text.SHARE}</button>'
        )
    if not links:
        return ""
    return f'<p class="cs-next" role="group" aria-label="{text.NEXT_STEPS}">{" ".join(links)}</p>'


def answers_itself(practical: Practical, clinic: Clinic) -> bool:
    """Say whether the clinic's own settings answer this question."""
    return bool(getattr(clinic, _ANSWERS[practical][0]))


def contact_details(practical: Practical, clinic: Clinic) -> dict[str, str]:
    """Return what the settings say to this question, by the names of the settings."""
    named = {name: getattr(clinic, name) for name in _ANSWERS[practical]}
    return {name: detail for name, detail in named.items() if detail}


def contact_card(practical: Practical, clinic: Clinic, route: Route | None) -> str:
    """Draw the answer to a question about the clinic, from its settings, without a heading.

    Where they do not answer, it says whom to ask, in the words of the clinic's route card if it has
    one for this question.
    """
    lang = text.content_lang()
    lines = [
        f'<p class="cs-detail"{lang}>{escape(detail)}</p>'
        for name, detail in contact_details(practical, clinic).items()
        if name not in _LINKS
    ]
    if not answers_itself(practical, clinic):
        asked = f"<p{lang}>{escape(route.text)}</p>" if route else f"<p>{text.CONTACT_ASK}</p>"
        lines.insert(0, asked)
    if clinic.email and practical in (Practical.CONTACT, Practical.CHANGE):
        lines.append(f"<p>{email(clinic)}</p>")
    worried = f'<p class="cs-hint">{text.NOT_COVERED_HELP}</p>'
    return f"{''.join(lines)}{next_steps(clinic)}{worried}"


def call_button(number: str, who: str = "") -> str:
    """Draw a telephone number as a button that dials it; plain text without any digit."""
    # Between words from right to left the number stays as it is dialled.
    words = f"{text.CALL} {escape(who)}<bdi>{escape(number)}</bdi>"
    dialled = _dialled(number)
    return f'<a class="cs-btn" href="tel:{dialled}">{words}</a>' if dialled else words


def telephone(number: str) -> str:
    """Return a `tel:` link for a number as the clinic wrote it; plain text without any digit."""
    dialled = _dialled(number)
    return f'<a href="tel:{dialled}">{escape(number)}</a>' if dialled else escape(number)


def email(clinic: Clinic) -> str:
    """Return a link that writes to the clinic."""
    return f'<a href="mailto:{escape(clinic.email)}">{escape(clinic.email)}</a>'


def _dialled(number: str) -> str:
    return "".join(sign for sign in number if sign in "+0123456789*#")
