"""What the page understands before it has an index."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from core.text.language import spoken_in
from ui.service import settings
from ui.service.understanding import understands


@pytest.mark.parametrize(
    ("language", "french", "english"),
    [("en-GB", False, True), ("fr", True, True), ("", False, True)],
)
def test_without_an_index_the_language_of_the_content_is_understood(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, french: bool, english: bool
) -> None:
    (tmp_path / "clinic.toml").write_text(f'content_language = "{language}"', encoding="utf-8")
    monkeypatch.setenv(settings.CONTENT_VARIABLE, str(tmp_path))
    assert understands("douleur dans la poitrine", None) is french
    assert understands("my chest hurts", None) is english


def test_an_index_understands_what_it_is_written_in() -> None:
    french: Any = SimpleNamespace(spoken=spoken_in({"les": 5, "douleurs": 3, "avec": 2}))
    assert understands("douleur dans la poitrine", french)
    assert not understands("Schmerzen in der Brust", french)
