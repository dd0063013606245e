"""What only paper shows: who publishes this, when it was read, and where it is online. Pure."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

import segno

from ui.languages import text
from ui.rendering.contact import telephone
from ui.rendering.passage import public_article_address

if TYPE_CHECKING:
    from datetime import date

    from core.clinic_settings import Clinic
    from core.types import Article

# A QR code of more letters is too fine for paper, and of 2,332 there is none.
_LONGEST = 400


def print_foot(clinic: Clinic, *, today: date) -> str:
    """Draw the end of a printed page: the clinic, the day, its telephone number and address."""
    lines = [
        f"{text.GENERAL} {escape(clinic.name)}, {text.READ_ON} {escape(text.day(today))}."
        f" {text.SHORT_PURPOSE}"
    ]
    if clinic.telephone:
        lines.append(f"{text.CALL} {telephone(clinic.telephone)} {text.HELP_CLINIC}")
    if clinic.public_url:
        lines.append(escape(clinic.public_url))
    return f'<div class="cs-only-print cs-print-foot">{"".join(f"<p>{x}</p>" for x in lines)}</div>'


def online(article: Article, clinic: Clinic) -> str:
    """Draw where an article is online, with a QR code; nothing while `public_url` is empty."""
    address = public_article_address(clinic, article.id)
    if not address:
        return ""
    code = f'<img class="cs-qr" alt="" src="{qr_code(address)}">' if len(address) < _LONGEST else ""
    return (
        f'<div class="cs-only-print cs-online">{code}'
        f"<p>{text.READ_ONLINE}<br>{escape(address)}</p></div>"
    )


@lru_cache(maxsize=256)
def qr_code(address: str) -> str:
    """Return the QR code of an address as a `data:` address of an SVG picture, dark on white."""
    code = segno.make(address, error="m", micro=False)
    return str(code.svg_data_uri(border=2, omitsize=True, dark="#000", light="#fff"))
