"""`python -m ingest contacts` asks for what is empty, and changes nothing else."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from core.clinic_settings import read_clinic
from core.errors import ContentError
from ingest.new import contacts

FILE = """# Who you are
name = "Hillside"      # kept
telephone = ''
booking_url="" # yours
"""
ANSWERS = {"telephone": "020 7946 0000", "booking_url": "https://book.example", "address": " "}


@pytest.fixture
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "clinic.toml").write_text(FILE)
    monkeypatch.setattr(contacts.sys.stdin, "isatty", lambda: True, raising=False)
    return tmp_path


def answer(monkeypatch: pytest.MonkeyPatch, **answers: str) -> list[str]:
    """Answer the questions on the terminal; return the list of those that were asked."""
    asked: list[str] = []
    keys = {question: key for key, question in contacts.ASKED.items()}

    def prompt(question: str, **_: object) -> str:
        asked.append(keys[question])
        return answers.get(keys[question], "")

    monkeypatch.setattr(click, "prompt", prompt)
    return asked


def test_what_is_empty_is_asked_for_and_written(
    content: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert answer(monkeypatch, **ANSWERS) == []
    contacts.fill_in(content)
    clinic = read_clinic(content)
    assert (clinic.telephone, clinic.booking_url) == ("020 7946 0000", "https://book.example")
    written = (content / "clinic.toml").read_text()
    assert written.startswith('# Who you are\nname = "Hillside"      # kept\ntelephone = "020')
    assert written.endswith("# yours\n")
    assert "are empty" not in capsys.readouterr().out.splitlines()[-1]


def test_what_is_there_is_not_asked_for_again(
    content: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (content / "clinic.toml").write_text('telephone = "1"\nopening_hours = "9 to 5"')
    asked = answer(monkeypatch, address="1 High Street\nTown")
    contacts.fill_in(content)
    assert asked == ["booking_url", "address", "public_url"]
    assert read_clinic(content).address == "1 High Street\nTown"
    assert read_clinic(content).opening_hours == "9 to 5"


def test_an_answer_that_cannot_be_used_changes_nothing(
    content: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, booking_url="javascript:alert(1)")
    with pytest.raises(ContentError):
        contacts.fill_in(content)
    assert (content / "clinic.toml").read_text() == FILE


def test_without_a_terminal_nothing_is_asked_and_what_is_missing_is_said(
    content: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(contacts.sys.stdin, "isatty", lambda: False, raising=False)
    contacts.fill_in(content)
    assert "telephone, booking_url, public_url are empty" in capsys.readouterr().out
    assert (content / "clinic.toml").read_text() == FILE
