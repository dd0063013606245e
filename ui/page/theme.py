"""The clinic's own colours: custom properties of the document, and Streamlit's theme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core import contrast
from ui.page import streamlit_theme

if TYPE_CHECKING:
    from core.clinic_settings import Clinic

# What app.css and .streamlit/config.toml say where a clinic has not chosen.
DAY, NIGHT = "#0a545f", "#7fd3de"
PLAIN = {
    "theme.light.primaryColor": "#0b5f6b",
    "theme.light.linkColor": "#0b5f6b",
    "theme.dark.primaryColor": "#0f7a89",
    "theme.dark.linkColor": NIGHT,
}


def style(clinic: Clinic) -> str:
    """Return a `<style>` for the head of the document, empty when the clinic has chosen nothing.

    The values are hexadecimal numbers, checked when the clinic's settings were read.
    """
    if not (clinic.accent or clinic.accent_dark):
        return ""
    day, night = _pair(clinic)
    day_tint, night_tint = contrast.grounds(day)[-1], contrast.grounds(night, dark=True)[-1]
    lines = [
        f"--cs-accent:light-dark({day},{night})",
        f"--cs-tint:light-dark({day_tint},{night_tint})",
    ]
    if clinic.accent:
        lines.append(f"--cs-button:{day}")
    return f"<style>:root{{{';'.join(lines)}}}</style>"


def theme(clinic: Clinic) -> dict[str, str]:
    """Return the options of Streamlit's theme that the clinic's colours replace."""
    if not (clinic.accent or clinic.accent_dark):
        return {}
    day, night = _pair(clinic)
    chosen = {"theme.dark.linkColor": night}
    if clinic.accent:
        chosen |= {
            "theme.light.primaryColor": day,
            "theme.light.linkColor": day,
            # It has to contrast with its white text and with the dark page.
            "theme.dark.primaryColor": contrast.under_white(day),
        }
    return chosen


def use(clinic: Clinic) -> None:
    """Set Streamlit's theme; it sends it with the next run of each session."""
    from streamlit import config

    changed = {
        option: colour
        for option, colour in (PLAIN | theme(clinic)).items()
        if config.get_option(option) != colour
    }
    for option, colour in changed.items():
        config.set_option(option, colour)
    if changed:
        streamlit_theme.forget()


def _pair(clinic: Clinic) -> tuple[str, str]:
    day = clinic.accent or DAY
    return day, clinic.accent_dark or (contrast.for_dark(day) if clinic.accent else NIGHT)
