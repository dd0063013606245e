"""The section in which a clinician signs notices: each as patients see it, beside what raises it.

Words and signatures are saved into `red_flags.toml`, which every page reads, so both count at once.
A signature is for the words in the file: words that are typed and not saved cannot be signed.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from core.errors import ClinicSearchError
from core.files import edits
from core.text.characters import collapse_spaces
from safety.notices.finder import Display
from safety.notices.red_flags_file import FILE_NAME, parse_red_flags
from safety.notices.signatures import SignatureState, counted_states, state_of
from safety.signing.notice_edits import Signer, with_decision, with_words
from safety.signing.sheet import rules_in_words
from ui.editor.addresses import NOTICES
from ui.editor.frame import SIGN, block, for_staff, frame, note, rendered
from ui.editor.open_file import OpenFile, conflict_html, draw_buttons, opened, problems_html
from ui.languages import text
from ui.rendering.notices import listed_html, notice_html, signature_of, source_of
from ui.service import settings

if TYPE_CHECKING:
    from pathlib import Path

    from safety.notices.red_flags import Group, Numbers, RedFlags

_CHOSEN = "editor-notice"
_SIGNER = "_editor_signer"
_DECIDED = (SignatureState.SIGNED, SignatureState.REFUSED)
_SIGNER_FIELDS = ("editor-signer-name", "editor-signer-number")
_LENGTH = 120
# A longer text of the file is kept whole: Streamlit would cut it off silently.
_LENGTHS = {"title": 200, "heading": 300, "bullets": 1_000}


def draw() -> None:
    """Draw the notice that is chosen, its rules, and the fields that sign, change or refuse it."""
    lead = f'<p class="cs-lead">{text.EDITOR_SIGN_LEAD}</p>'
    path = settings.from_environment().content / FILE_NAME
    found = opened(SIGN, lead, path, _opened, is_typed=_is_typed)
    if found is None:
        return
    file, flags = found
    today = date.today()
    counts = _counts(flags, today=today)
    link = f'<a href=".{NOTICES}" target="_blank">{text.EDITOR_SIGN_PRINT}</a>'
    st.html(frame(SIGN, f'{lead}{counts}<p class="cs-acts">{link}</p>'))
    group = _choose(flags, today=today)
    typed = _typed(file, group)
    is_changed = typed != group
    seen, raised = st.columns(2, gap="medium")
    with seen:
        _draw_notice(group, typed, flags, today=today)
        _draw_signing(file, group, is_changed=is_changed)
        _draw_words(file, group, is_changed=is_changed)
        st.html(block(_conflict(file, group, typed)))
    with raised:
        st.html(block(rendered("notice", group=group, rules=rules_in_words(group, flags))))


def print_html(flags: RedFlags, numbers: Numbers, *, today: date) -> str:
    """Draw every notice with its rules, its state and a line to sign on, for a meeting."""
    levels: dict[str, list[dict[str, object]]] = {}
    for group in sorted(flags.groups.values(), key=lambda group: group.level.order):
        notice = {
            "title": group.title,
            "shown": listed_html(group, flags, numbers, today=today),
            "refused": _refused(group, flags, today=today),
            "rules": rules_in_words(group, flags),
        }
        levels.setdefault(text.LEVELS[group.level], []).append(notice)
    return rendered("notices_print", levels=levels, day=text.day(today))


def _counts(flags: RedFlags, *, today: date) -> str:
    states = counted_states(flags, today=today)
    return rendered(
        "notices_counts", facts={text.SIGN_STATES[state]: n for state, n in states.items()}
    )


def _choose(flags: RedFlags, *, today: date) -> Group:
    """Draw the list of notices with their states, and return the chosen one."""
    if st.session_state.get(_CHOSEN) not in flags.groups:
        st.session_state[_CHOSEN] = next(iter(flags.groups))

    def named(name: str) -> str:
        group = flags.groups[name]
        state = text.SIGN_STATES[state_of(group, flags, today=today)]
        return f"{state}: {group.title}"

    chosen = st.selectbox(text.EDITOR_NOTICE, list(flags.groups), key=_CHOSEN, format_func=named)
    return flags.groups[chosen or next(iter(flags.groups))]


def _draw_signing(file: OpenFile, group: Group, *, is_changed: bool) -> None:
    """Draw the fields and buttons of a decision."""
    st.html(block(f"<h2>{text.EDITOR_APPROVE}</h2><p>{text.EDITOR_SIGNER_HOW}</p>"))
    # The name is kept when another section is drawn; a widget's own value is not.
    kept = st.session_state.get(_SIGNER, ("", ""))
    with st.container(horizontal=True, gap="small"):
        for key, label, value in zip(_SIGNER_FIELDS, text.EDITOR_SIGNER, kept, strict=True):
            st.session_state.setdefault(key, value)
            st.text_input(label, key=key, max_chars=_LENGTH)
    signer = _signer()
    st.session_state[_SIGNER] = (signer.name, signer.registration)
    keys = _keys(file, group.id)
    st.checkbox(text.EDITOR_SIGN_CHECKED, key=keys["checked"])
    st.button(
        text.EDITOR_APPROVE,
        key="editor-approve",
        type="primary",
        disabled=is_changed,
        on_click=approve,
        args=(file.path, group.id),
    )
    st.text_input(text.EDITOR_REASON, key=keys["reason"], max_chars=_LENGTHS["bullets"])
    st.button(
        text.EDITOR_REFUSE,
        key="editor-refuse",
        disabled=is_changed,
        on_click=refuse,
        args=(file.path, group.id),
    )


def _draw_words(file: OpenFile, group: Group, *, is_changed: bool) -> None:
    """Draw the fields of the notice's words."""
    st.html(block(f"<h2>{text.EDITOR_NOTICE_CHANGE}</h2><p>{text.EDITOR_NOTICE_WHEN}</p>"))
    keys, (title, heading, bullets) = _keys(file, group.id), text.EDITOR_NOTICE_FIELDS
    points = "\n".join(group.bullets)
    st.text_input(title, group.title, key=keys["title"], max_chars=_most("title", group.title))
    most = _most("heading", group.heading)
    st.text_input(heading, group.heading, key=keys["heading"], max_chars=most)
    most = _most("bullets", points)
    st.text_area(bullets, points, key=keys["bullets"], max_chars=most, height=160)
    with st.container(horizontal=True, gap="small"):
        draw_buttons(
            *(file, save_words, file.path, group.id), is_changed=is_changed, disabled=not is_changed
        )


def _most(field: str, value: str) -> int:
    return max(_LENGTHS[field], len(value))


def _keys(file: OpenFile, name: str) -> dict[str, str]:
    """Name the fields of a notice; a file that is opened again gets new ones."""
    fields = (*_LENGTHS, "checked", "reason")
    return {field: f"editor-notice-{file.token}-{name}-{field}" for field in fields}


def _opened(file: OpenFile) -> RedFlags:
    """Return the notices of the file as it was opened here; ContentError when it is broken."""
    return parse_red_flags(file.raw or b"", file.path)


def _signer() -> Signer:
    return Signer(*(str(st.session_state.get(key, "")) for key in _SIGNER_FIELDS))


def _typed(file: OpenFile, group: Group) -> Group:
    """Return a notice with the words of its fields; where none are drawn yet, as the file says."""

    def given(field: str, before: str) -> str:
        now = collapse_spaces(str(st.session_state.get(keys[field], before)))
        return before if now == collapse_spaces(before) else now

    keys = _keys(file, group.id)
    lines = str(st.session_state.get(keys["bullets"], "\n".join(group.bullets))).splitlines()
    bullets = tuple(filter(None, map(collapse_spaces, lines)))
    is_same = bullets == tuple(map(collapse_spaces, group.bullets))
    return replace(
        group,
        title=given("title", group.title),
        heading=given("heading", group.heading),
        bullets=group.bullets if is_same else bullets,
    )


def _is_typed(file: OpenFile) -> bool:
    """Say whether the words of a notice differ from the file; ContentError for a broken one."""
    return any(_typed(file, group) != group for group in _opened(file).groups.values())


def _draw_notice(group: Group, typed: Group, flags: RedFlags, *, today: date) -> None:
    """Draw a notice with the typed words as patients see it, its state and its source."""
    state = _refused(group, flags, today=today) or signature_of(group, flags, today=today)
    st.html(block(f"<h2>{text.EDITOR_NOTICE_SHOWN}</h2>"))
    st.html(notice_html(Display((typed,)), settings.numbers()))
    st.html(block(f"<p><strong>{escape(state)}</strong></p><p>{escape(source_of(group))}</p>"))


def _refused(group: Group, flags: RedFlags, *, today: date) -> str:
    """Say to staff who has refused a notice and why; empty where it is not refused."""
    if state_of(group, flags, today=today) is not SignatureState.REFUSED or not group.signed_on:
        return ""
    return str(
        text.EDITOR_NOTICE_REFUSED.format(
            name=group.signed_by,
            number=group.registration,
            day=text.day(group.signed_on),
            reason=group.refused,
        )
    )


def _conflict(file: OpenFile, group: Group, typed: Group) -> str:
    """Show what is wrong with typed words, and both sides where the file was changed elsewhere."""
    if typed == group:
        return ""
    try:
        mine = _with_words(file.text, typed)
        return "" if edits.read(file.path) == file.raw else conflict_html(file, mine)
    except ClinicSearchError as error:
        return problems_html(error)


def _with_words(before: str, typed: Group) -> str:
    return with_words(
        before, typed.id, title=typed.title, heading=typed.heading, bullets=typed.bullets
    )


@for_staff
def save_words(path: Path, name: str) -> None:
    """Save the words that were typed."""
    file = OpenFile(path)
    typed = _typed(file, _opened(file).groups[name])
    file.save(lambda before: _with_words(before, typed), done=text.EDITOR_NOTICE_SAVED)


@for_staff
def approve(path: Path, name: str) -> None:
    """Sign a notice as the file has it."""
    _decide(path, name, done=text.EDITOR_SIGNED)


@for_staff
def refuse(path: Path, name: str) -> None:
    """Refuse a notice for the reason that was typed."""
    file = OpenFile(path)
    reason = str(st.session_state.get(_keys(file, name)["reason"], ""))
    if not reason.strip():
        note(text.EDITOR_SIGN_REASON)
        return
    _decide(path, name, refused=reason, done=text.EDITOR_SIGN_REFUSED)


def _decide(path: Path, name: str, *, done: str, refused: str | None = None) -> None:
    file, today = OpenFile(path), date.today()
    group = _opened(file).groups[name]
    if _typed(file, group) != group:
        note(text.EDITOR_SIGN_UNSAVED)
        return
    signer, before = _signer(), file.raw
    is_checked = st.session_state.get(_keys(file, name)["checked"]) is True

    def change(words: str) -> str:
        return with_decision(
            words, [name], signer, today=today, is_checked=is_checked, refused=refused
        )

    file.save(change, done=done.format(title=group.title))
    if file.raw != before:
        _choose_next(_opened(file), name, today=today)


def _choose_next(flags: RedFlags, name: str, *, today: date) -> None:
    """Choose the next notice that waits for a decision, if there is one."""
    names = list(flags.groups)
    at = names.index(name)
    for other in [*names[at + 1 :], *names[:at]]:
        if state_of(flags.groups[other], flags, today=today) not in _DECIDED:
            st.session_state[_CHOSEN] = other
            return
