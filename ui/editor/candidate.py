"""The section that previews and publishes: what waits, what it would change, and what to do."""

from __future__ import annotations

from html import escape

import streamlit as st

from core.errors import BusyError
from ui.editor import publish
from ui.editor.parts import (
    CANDIDATE,
    DISCARD,
    PUBLISH,
    ROLL_BACK,
    address,
    block,
    for_staff,
    frame,
    go,
    note,
    paragraph,
)
from ui.editor.preview import preview_html
from ui.editor.publish import GenerationStatus, generation_status
from ui.editor.runs import COMMAND, RUNS, Run, preview_command
from ui.languages import text
from ui.rendering.tables import coded, facts_list
from ui.service import settings

LOOK_EVERY_S = 1.0
_WATCHED = "_editor_watched"


def draw() -> None:
    """Draw what waits to be published, or that nothing does."""
    now = generation_status(settings.from_environment().built)
    st.html(frame(CANDIDATE, _above(now)))
    with st.container(key="editor-run"):
        is_running = RUNS.is_running
        st.button(
            text.EDITOR_RUN_AGAIN if now.candidate else text.EDITOR_RUN,
            key="editor-start",
            type="secondary" if now.may_publish else "primary",
            disabled=is_running,
            on_click=start,
        )
        run_every = LOOK_EVERY_S if is_running else None
        st.fragment(_progress, run_every=run_every)()
    if now.preview:
        st.html(block(preview_html(now.preview)))


def draw_question(part: str) -> None:
    """Ask for a confirmation before publishing, dropping or rolling back."""
    now = generation_status(settings.from_environment().built)
    words = text.EDITOR_CONFIRM[part]
    wanted = now.previous if part == ROLL_BACK else now.candidate
    may = wanted is not None and (part != PUBLISH or now.may_publish)
    back = f'<p><a class="cs-in" href="{address(CANDIDATE)}">{text.EDITOR_NO}</a></p>'
    if not may:
        body = f"<p>{escape(words['not'])}</p>{back}"
        st.html(frame(part, body, heading=words["heading"]))
        return
    ids = {text.EDITOR_SERVED: now.current or text.EDITOR_NONE, words["which"]: wanted or ""}
    st.html(frame(part, f"{facts_list(ids)}{paragraph(words['said'])}", heading=words["heading"]))
    st.button(words["yes"], key=f"editor-{part}", type="primary", on_click=act, args=(part, wanted))
    st.html(block(back))


@for_staff
def act(part: str, generation: str) -> None:
    """Do what was confirmed, about the generation that was shown."""
    built = settings.from_environment().built
    action = {
        PUBLISH: publish.publish,
        DISCARD: publish.discard,
        ROLL_BACK: publish.roll_back,
    }[part]
    go(CANDIDATE)
    try:
        action(built, generation)
        note(text.EDITOR_CONFIRM[part]["done"])
    except BusyError:
        note(text.EDITOR_BUSY)


@for_staff
def start() -> None:
    """Begin to make a preview of what the content folder holds now."""
    place = settings.from_environment()
    if not RUNS.start(preview_command(place.content, place.built)):
        note(text.EDITOR_RUNNING_ALREADY)


def _above(now: GenerationStatus) -> str:
    if now.problem:
        return f'<div class="cs-note cs-refused"><pre>{escape(now.problem)}</pre></div>'
    shown = facts_list(
        {
            text.EDITOR_SERVED: now.current or text.EDITOR_NONE,
            text.EDITOR_CANDIDATE_ID: now.candidate or text.EDITOR_NONE,
            text.EDITOR_PREVIOUS: now.previous or text.EDITOR_NONE,
        }
    )
    lead = f'<p class="cs-lead">{coded(text.EDITOR_CANDIDATE_LEAD)}</p>'
    return f"{lead}{shown}{_state(now)}{_links(now)}"


def _state(now: GenerationStatus) -> str:
    if now.candidate is None:
        return f"<p><strong>{text.EDITOR_NO_CANDIDATE}</strong></p>"
    if now.preview is None:
        return f'<p class="cs-note">{coded(text.EDITOR_STALE)}</p>'
    if now.preview.is_blocked:
        return f'<p class="cs-note cs-refused">{coded(text.EDITOR_BLOCKED)}</p>'
    return ""


def _links(now: GenerationStatus) -> str:
    shown = [
        (PUBLISH, now.may_publish),
        (DISCARD, now.candidate is not None),
        (ROLL_BACK, now.previous is not None),
    ]
    items = "".join(
        f'<a class="cs-in cs-act-{part}" href="{address(part)}">'
        f"{escape(text.EDITOR_CONFIRM[part]['go'])}</a>"
        for part, is_shown in shown
        if is_shown
    )
    return f'<p class="cs-acts">{items}</p>' if items else ""


def _progress() -> None:
    """Draw the output of the preview; when it has ended, draw the whole page again."""
    run = RUNS.last()
    is_over = run is not None and run.code is not None
    if run is not None and not is_over:
        st.session_state[_WATCHED] = True
    elif is_over and st.session_state.pop(_WATCHED, False):
        note(text.EDITOR_RUN_DONE if run and run.code == 0 else text.EDITOR_RUN_FAILED)
        st.rerun(scope="app")
    st.html(block(_run(run)) if run else "<span hidden></span>")


def _run(run: Run) -> str:
    seconds = f"{run.seconds:.0f}"
    if run.code is None:
        state = text.EDITOR_RUN_NOW.format(seconds=seconds)
        return f'<p class="cs-busy">{escape(state)}</p><pre>{escape(run.written) or "…"}</pre>'
    heading = f"{text.EDITOR_RUN_LAST} <code>{COMMAND}</code>"
    return f"<details><summary>{heading}</summary><pre>{escape(run.written)}</pre></details>"
