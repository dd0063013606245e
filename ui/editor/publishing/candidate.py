"""The section that previews and publishes: what waits, what it would change, and what to do."""

from __future__ import annotations

import streamlit as st

from core.errors import BusyError
from index.preview import wording
from index.preview.types import Preview, by_kind
from index.preview.words import word_changes
from ui.editor.frame import (
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
    rendered,
)
from ui.editor.progress import draw_progress
from ui.editor.publishing import publish
from ui.editor.publishing.publish import GenerationStatus, generation_status
from ui.editor.publishing.versions import described, taken_back
from ui.editor.runs import RUNS, preview_command
from ui.languages import text
from ui.service import settings

# The whole of a large change would be megabytes; preview.html beside the index has everything.
MOST_CHANGES = 60


def draw() -> None:
    """Draw what waits to be published, or that nothing does."""
    built = settings.from_environment().built
    now = generation_status(built)
    st.html(
        frame(
            CANDIDATE,
            rendered("candidate", now=now, links=_links(now), versions=described(built, now)),
        )
    )
    with st.container(key="editor-run"):
        st.button(
            text.EDITOR_RUN_AGAIN if now.candidate else text.EDITOR_RUN,
            key="editor-start",
            type="secondary" if now.may_publish else "primary",
            disabled=RUNS.is_running,
            on_click=start,
        )
        words = (text.EDITOR_RUN_NOW, text.EDITOR_RUN_DONE, text.EDITOR_RUN_FAILED)
        draw_progress(RUNS, *words)
    if now.preview:
        st.html(block(preview_html(now.preview)))


def preview_html(preview: Preview) -> str:
    """Draw what a candidate would change, the most serious changes first."""
    changes = list(by_kind(preview))
    return rendered(
        "preview",
        preview=preview,
        changes=changes,
        wording=wording,
        most=MOST_CHANGES,
        word_changes=word_changes,
    )


def draw_question(part: str) -> None:
    """Ask for a confirmation before publishing, dropping or rolling back."""
    built = settings.from_environment().built
    now = generation_status(built)
    words = text.EDITOR_CONFIRM[part]
    wanted = now.previous if part == ROLL_BACK else now.candidate
    if part == PUBLISH and not now.may_publish:
        wanted = None
    back = f'<p><a class="cs-in" href="{address(CANDIDATE)}">{text.EDITOR_NO}</a></p>'
    versions = described(built, now)
    body = rendered(
        "confirm",
        words=words,
        wanted=wanted and (versions.previous if part == ROLL_BACK else versions.candidate),
        current=versions.current,
        back=back,
        articles=taken_back(built, now) if part == ROLL_BACK else (),
        wording=wording,
        most=MOST_CHANGES,
        word_changes=word_changes,
    )
    st.html(frame(part, body, heading=words["heading"]))
    if wanted is not None:
        key = f"editor-{part}"
        st.button(words["yes"], key=key, type="primary", on_click=act, args=(part, wanted))
        st.html(block(back))


@for_staff
def act(part: str, generation: str) -> None:
    """Do what was confirmed, with the generation that was shown."""
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
    folders = settings.from_environment()
    if not RUNS.start(preview_command(folders.content, folders.built)):
        note(text.EDITOR_RUNNING_ALREADY)


def _links(now: GenerationStatus) -> list[str]:
    """Return what can be done now."""
    possible = {
        PUBLISH: now.may_publish,
        DISCARD: now.candidate is not None,
        ROLL_BACK: now.previous is not None,
    }
    return [name for name, is_possible in possible.items() if is_possible]
