"""The section that measures how good the search is, on the clinic's own articles and questions.

`python -m evaluation` does it in a process of its own and leaves its record beside the index. A
record of another index says nothing about this one and is never shown.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import streamlit as st

from ui.editor.frame import QUALITY, QUESTIONS, address, block, for_staff, frame, note, rendered
from ui.editor.progress import draw_progress
from ui.editor.runs import MEASURES, measure_command
from ui.languages import text
from ui.service import settings

if TYPE_CHECKING:
    from pathlib import Path

    from index.store.generations import OpenIndex
    from index.store.manifest import Manifest

FOLDER = "measured"
ENOUGH = 20
"""Of fewer questions a share says next to nothing."""
_RECORD = "bank.json"
# In the order of EDITOR_QUALITY_ROWS.
_FIGURES = ("hit@1", "hit@3", "answered_of_answerable", "answered_of_unanswerable")


@dataclass(frozen=True, slots=True)
class Quality:
    """What was measured on an index, on so many questions that its articles answer.

    `shares` has mean, lowest and highest (95 % interval) and the number of questions of each of the
    figures, None for a figure without questions.
    """

    day: date
    questions: int
    shares: tuple[tuple[float, float, float, int] | None, ...]

    @property
    def are_few(self) -> bool:
        """Say whether these were too few questions to rely on."""
        return self.questions < ENOUGH

    @property
    def right_first(self) -> float:
        """The share of questions whose section comes first."""
        return self.shares[0][0] if self.shares[0] else 0.0


def measured(built: Path, manifest: Manifest) -> Quality | None:
    """Return what was measured on this very index; None for another index, model or no record."""
    try:
        record = json.loads((built / FOLDER / _RECORD).read_text(encoding="utf-8"))
        made_with = (record["generation"], record["model"]["sha256"])
        if made_with != (manifest.generation, manifest.encoder.sha256):
            return None
        shares = tuple(_share(record["metrics"].get(name)) for name in _FIGURES)
        if shares[0] is None:
            return None
        return Quality(date.fromisoformat(record["date"]), shares[0][3], shares)
    except (OSError, ValueError, RecursionError, LookupError, TypeError, AttributeError):
        return None


def _share(figure: dict[str, float] | None) -> tuple[float, float, float, int] | None:
    if not figure or figure["mean"] is None or not figure["n"]:
        return None
    return float(figure["mean"]), float(figure["low"]), float(figure["high"]), int(figure["n"])


def draw(index: OpenIndex | None) -> None:
    """Draw what was measured on the index that serves, and the button that measures it."""
    lead = f'<p class="cs-lead">{text.EDITOR_QUALITY_LEAD}</p>'
    if index is None:
        st.html(frame(QUALITY, f"{lead}<p>{text.EDITOR_NO_INDEX}</p>"))
        return
    built = settings.from_environment().built
    found = measured(built, index.manifest)
    asked = sum(bool(row.sections) for row in index.bank.rows)
    body = rendered(
        "quality",
        found=found,
        is_asked=asked > 1,
        questions=address(QUESTIONS),
        enough=ENOUGH,
        percent=lambda share: f"{share:.0%}",
    )
    st.html(frame(QUALITY, lead + body))
    with st.container(key="editor-run"):
        st.button(
            text.EDITOR_MEASURE,
            key="editor-measure",
            type="secondary" if found else "primary",
            disabled=MEASURES.is_running or asked < 2,
            on_click=measure,
        )
        words = (text.EDITOR_MEASURE_NOW, text.EDITOR_MEASURE_DONE, text.EDITOR_MEASURE_FAILED)
        draw_progress(MEASURES, *words)
    st.html(block(f"<p>{text.EDITOR_FIGURES_SAMPLE}</p>"))


@for_staff
def measure() -> None:
    """Begin to measure."""
    place = settings.from_environment()
    command = measure_command(place.content, place.built, place.built / FOLDER)
    if not MEASURES.start(command):
        note(text.EDITOR_MEASURE_ALREADY)
