"""The physiotherapists' desk: several questions, many passages, everything that is known of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from ui import text

if TYPE_CHECKING:
    from index.store import Index


def draw(index: Index) -> str:
    """Draw the desk; return what a screen reader should be told."""
    st.title(text.DESK_TITLE, anchor=False)
    return ""
