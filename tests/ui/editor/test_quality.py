"""The section that measures the search on the clinic's own questions, and shows no other figure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from index.store.generations import read_current
from tests.support.building import build_with
from tests.support.fakes import BagOfWordsEncoder
from tests.support.files.content import label
from tests.support.pages import page_script
from tests.support.pages.page_script import html_of, served_to_staff
from ui.editor import runs
from ui.editor.overview import quality
from ui.editor.runs import Runs
from ui.languages import text
from ui.service import settings


@pytest.fixture
def place(content: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The two articles with a bank of two questions, served to staff."""
    label(content, answers={"stiff neck": "necks#introduction", "blood": "blood#introduction"})
    build_with(BagOfWordsEncoder(), content, tmp_path / "built")
    monkeypatch.setattr(quality, "MEASURES", Runs("python -m evaluation"))
    with served_to_staff(monkeypatch, content, tmp_path / "built"):
        yield content


def opened() -> AppTest:
    return page_script.opened(view="staff", section="quality")


def test_what_nobody_has_measured_is_not_measured_and_the_button_measures_it(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr(quality.MEASURES, "start", lambda command: bool(started.append(command)))
    at = opened()
    assert text.EDITOR_NOT_MEASURED in html_of(at)
    at.button(key="editor-measure").click().run()
    built = tmp_path / "built"
    ((_, *command),) = started
    places = ["--content", str(place), "--built", str(built), "--out", str(built / "measured")]
    assert command == ["-m", "evaluation", *places]
    assert runs.measure_command(Path("c"), Path("b"), Path("o"))[1:3] == ["-m", "evaluation"]


def test_a_bank_without_questions_cannot_be_measured_and_says_what_is_missing(
    content: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    label(content)
    build_with(BagOfWordsEncoder(), content, tmp_path / "built")
    with served_to_staff(monkeypatch, content, tmp_path / "built"):
        at = opened()
        assert at.button(key="editor-measure").disabled
        assert text.EDITOR_NOTHING_ASKED in html_of(at)


def test_the_record_of_this_index_is_shown_with_its_range(place: Path, tmp_path: Path) -> None:
    manifest = read_current(tmp_path / "built").manifest
    record = {
        "date": "2026-02-03",
        "generation": manifest.generation,
        "model": {"sha256": manifest.encoder.sha256},
        "metrics": {"hit@1": {"mean": 0.5, "low": 0.1, "high": 0.9, "n": 2}},
    }
    folder = tmp_path / "built" / quality.FOLDER
    folder.mkdir()
    (folder / "bank.json").write_text(json.dumps(record))
    page = html_of(opened())
    assert "<td>50%</td><td>10% to 90%</td><td>2</td>" in page
    assert text.EDITOR_FEW_QUESTIONS.format(n=quality.ENOUGH) in page
    (folder / "bank.json").write_text(json.dumps({**record, "generation": "f" * 16}))
    page = html_of(opened())
    assert "50%" not in page
    assert text.EDITOR_NOT_MEASURED in page


def test_nothing_is_measured_once_staff_are_off(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[object] = []
    monkeypatch.setattr(quality.MEASURES, "start", started.append)
    at = opened()
    monkeypatch.setenv(settings.AUDIENCE_VARIABLE, "patients")
    at.button(key="editor-measure").click().run()
    assert started == []
