"""Content health: what an editor looks at, tries and publishes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from ui import text

if TYPE_CHECKING:
    from ui.engine import Status


def draw(status: Status) -> str:
    """Draw the page; return what a screen reader should be told."""
    st.title(text.HEALTH_TITLE, anchor=False)
    return ""
