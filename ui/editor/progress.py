"""Draws how far a command in a process of its own is, and its output once it has ended."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from ui.editor.frame import block, note
from ui.languages import text

if TYPE_CHECKING:
    from ui.editor.runs import Run, Runs

_LOOK_EVERY_S = 1.0


def draw_progress(runs: Runs, now: str, done: str, failed: str) -> None:
    """Draw the output of the last command; when it has ended, draw the whole page again.

    `now` says for how many `{seconds}` it has been running; `done` or `failed` is the note that is
    left when it has ended.
    """
    watched = f"_editor_watched {runs.command}"

    def draw() -> None:
        run = runs.last()
        is_over = run is not None and run.code is not None
        if run is not None and not is_over:
            st.session_state[watched] = True
        elif is_over and st.session_state.pop(watched, False):
            note(done if run and run.code == 0 else failed)
            st.rerun(scope="app")
        st.html(block(_run(run, now, runs.command)) if run else "<span hidden></span>")

    st.fragment(draw, run_every=_LOOK_EVERY_S if runs.is_running else None)()


def _run(run: Run, now: str, command: str) -> str:
    if run.code is None:
        state = now.format(seconds=f"{run.seconds:.0f}")
        return f'<p class="cs-busy">{escape(state)}</p><pre>{escape(run.written) or "…"}</pre>'
    heading = f"{text.EDITOR_RUN_LAST} <code>{command}</code>"
    return f"<details><summary>{heading}</summary><pre>{escape(run.written)}</pre></details>"
