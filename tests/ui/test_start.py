"""What `python -m ui` says when it starts."""

import logging
from pathlib import Path

import pytest

from tests.support.files.notice_files import block, write
from ui.__main__ import main
from ui.service.settings import AUDIENCE_VARIABLE, BUILT_VARIABLE, CONTENT_VARIABLE, NAMES_VARIABLE


@pytest.mark.parametrize(("language", "lines"), [("en", 0), ("fr", 1), ("it", 1)])
def test_notices_in_another_language_than_the_page_are_said_once(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    language: str,
    lines: int,
) -> None:
    for name in (CONTENT_VARIABLE, BUILT_VARIABLE, AUDIENCE_VARIABLE, NAMES_VARIABLE):
        monkeypatch.setenv(name, "")  # the command sets them, and they are put back
    monkeypatch.setattr("ui.server.launcher.serve", lambda *_, **__: None)
    write(tmp_path, block("neck"))
    (tmp_path / "clinic.toml").write_text(f'language = "{language}"\n')
    with caplog.at_level(logging.WARNING, logger="clinic.ui"):
        assert main(["--content", str(tmp_path), "--built", str(tmp_path / "built")]) == 0
    said = [line.message for line in caplog.records if "Your page is in" in line.message]
    assert len(said) == lines
    assert all(str(tmp_path / "red_flags.toml") in line for line in said)


@pytest.mark.parametrize(("address", "lines"), [("", 1), ("https://search.clinic.example", 0)])
def test_a_missing_public_address_is_said_in_one_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    address: str,
    lines: int,
) -> None:
    for name in (CONTENT_VARIABLE, BUILT_VARIABLE, AUDIENCE_VARIABLE, NAMES_VARIABLE):
        monkeypatch.setenv(name, "")
    monkeypatch.setattr("ui.server.launcher.serve", lambda *_, **__: None)
    (tmp_path / "clinic.toml").write_text(f'name = "Ours"\npublic_url = "{address}"\n')
    with caplog.at_level(logging.WARNING, logger="clinic.ui"):
        assert main(["--content", str(tmp_path), "--built", str(tmp_path / "built")]) == 0
    said = [line.message for line in caplog.records if "public_url" in line.message]
    assert len(said) == lines
