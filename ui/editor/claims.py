"""The section that decides about claims: each sentence with why it is asked, and a decision.

A decision is written into `claims.csv` at once. Patients see its effect when the next index is
published, because the labels of passages are part of an index.
"""

from __future__ import annotations

import hashlib
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from core.errors import ClinicSearchError
from core.files import edits
from core.text.characters import collapse_spaces
from core.types import Span
from safety.claims.decision_edits import DECIDED, decided, with_claim_decision
from safety.claims.decisions import FILE_NAME, Decision, claims_table
from ui.editor.facts import claims_of
from ui.editor.frame import DECIDE, block, for_staff, frame, rendered
from ui.editor.open_file import (
    OpenFile,
    after_saving,
    conflict_html,
    draw_buttons,
    opened,
    problems_html,
)
from ui.languages import text
from ui.rendering.blocks import highlight
from ui.service import settings

if TYPE_CHECKING:
    from core.types import ClaimKey, ClaimRow
    from index.store.generations import OpenIndex

_CHOSEN, _ABOUT = "editor-claim", "_editor_claim_about"
_BY = "_editor_claim_by"
_LENGTH = 500
_MOST_SHOWN = 80


def draw(index: OpenIndex | None, *, about: str) -> None:
    """Draw the claim that is chosen, first one of the article `about`, and its decision."""
    lead = f'<p class="cs-lead">{text.CLAIMS_LEAD}</p>'
    if index is None:
        st.html(frame(DECIDE, f"{lead}<p>{text.EDITOR_NO_INDEX}</p>"))
        return
    claims = {_name(claim.key): claim for claim in claims_of(index)}
    if not claims:
        st.html(frame(DECIDE, f"<p>{text.NO_CLAIMS}</p>"))
        return
    path = settings.from_environment().content / FILE_NAME
    is_typed = partial(_is_typed, claims=claims)
    found = opened(DECIDE, lead, path, lambda file: file.text, is_typed=is_typed)
    if found is None:
        return
    file, words = found
    st.html(frame(DECIDE, lead))
    with st.container(key="editor-decide"):
        name = _choose(claims, about, words)
        claim = claims[name]
        st.html(rendered("claim", claim=claim, marked=marked(claim)))
        before = decided(words, claims_table(path.parent), claim.key)
        _draw_fields(file, name, before)
        typed = _typed(file, name, before)
        is_changed = typed != before
        problem = _problem(file, claim.key, typed) if is_changed else ""
        with st.container(horizontal=True, gap="small"):
            given = (path, name, claim.key)
            draw_buttons(
                *(file, save, *given),
                is_changed=is_changed,
                disabled=not is_changed or bool(problem),
            )
    st.html(block(problem + after_saving()))


def marked(claim: ClaimRow) -> str:
    """Return a claim's sentence as HTML with its words marked."""
    words = Span(claim.words_start, claim.words_start + len(claim.words))
    return highlight(claim.sentence, words, (), kind="cs-near")


def _name(key: ClaimKey) -> str:
    """Return a name for the widgets of a claim, the same in every index."""
    return hashlib.sha256("\n".join(key).encode()).hexdigest()[:12]


def _choose(claims: dict[str, ClaimRow], about: str, words: str) -> str:
    """Draw the list of claims, those without a decision first, and return the chosen one."""
    table = claims_table(settings.from_environment().content)
    states = {name: decided(words, table, claim.key)["decision"] for name, claim in claims.items()}
    names = sorted(claims, key=lambda name: bool(states[name]))
    if st.session_state.get(_ABOUT) != about or st.session_state.get(_CHOSEN) not in claims:
        st.session_state[_ABOUT] = about
        of_article = (name for name in names if claims[name].article_id == about)
        st.session_state[_CHOSEN] = next(of_article, names[0])

    def shown(name: str) -> str:
        sentence = collapse_spaces(claims[name].sentence)
        short = sentence[:_MOST_SHOWN] + "…" * (len(sentence) > _MOST_SHOWN)
        state = text.EDITOR_DECISIONS.get(states[name], text.OPEN)
        return f"{state}: {short} ({text.SEVERITIES[claims[name].severity].lower()})"

    chosen = st.selectbox(text.EDITOR_CLAIM, names, key=_CHOSEN, format_func=shown)
    return chosen or names[0]


def _draw_fields(file: OpenFile, name: str, before: dict[str, str]) -> None:
    keys = _keys(file, name)
    options = [decision.value for decision in Decision]
    written = before["decision"]
    st.radio(
        text.EDITOR_DECISION,
        options,
        index=options.index(written) if written in options else None,
        key=keys["decision"],
        format_func=text.EDITOR_DECISIONS.get,
        captions=[text.EDITOR_DECISION_MEANS[option] for option in options],
    )
    for field, label in zip(("reason", "reference", "by"), text.EDITOR_CLAIM_FIELDS, strict=True):
        kept = st.session_state.get(_BY, "") if field == "by" else ""
        most = max(_LENGTH, len(before[field]))
        st.text_input(label, before[field] or kept, key=keys[field], max_chars=most)


def _keys(file: OpenFile, name: str) -> dict[str, str]:
    """Name the fields of a claim; a file that is opened again gets new ones."""
    return {field: f"editor-claim-{file.token}-{name}-{field}" for field in DECIDED}


def _typed(file: OpenFile, name: str, before: dict[str, str]) -> dict[str, str]:
    """Return the decision of the fields, made today; as the file says where nothing was chosen."""
    keys, state = _keys(file, name), st.session_state
    cells = {
        field: collapse_spaces(str(state.get(keys[field], before[field]) or ""))
        for field in DECIDED
        if field != "date"
    }
    is_same = all(before[field] == cell for field, cell in cells.items())
    if is_same or not cells["decision"]:
        return before
    return {**cells, "date": date.today().isoformat()}


def _is_typed(file: OpenFile, claims: dict[str, ClaimRow]) -> bool:
    """Say whether the decision in the form differs from the file; ContentError for a broken one."""
    name = st.session_state.get(_CHOSEN)
    if name not in claims:
        return False
    before = decided(file.text, claims_table(file.path.parent), claims[name].key)
    return _typed(file, name, before) != before


def _problem(file: OpenFile, key: ClaimKey, typed: dict[str, str]) -> str:
    """Return what keeps a decision from being saved as HTML, empty where nothing does."""
    table = claims_table(file.path.parent)
    try:
        made = with_claim_decision(file.text, table, key, typed)
        return conflict_html(file, made) if edits.read(file.path) != file.raw else ""
    except ClinicSearchError as error:
        return problems_html(error)


@for_staff
def save(path: Path, name: str, key: ClaimKey) -> None:
    """Write the decision that was made."""
    file = OpenFile(path)
    table = claims_table(path.parent)
    typed = _typed(file, name, decided(file.text, table, key))
    st.session_state[_BY] = typed["by"]
    file.save(
        lambda before: with_claim_decision(before, table, key, typed), done=text.EDITOR_DECIDED
    )
