"""The form that decides about a claim: shown with why it is asked, written, undone, refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from safety.claims.decisions import Decision, read_claim_decisions
from tests.support.building import build_with
from tests.support.fakes import BagOfWordsEncoder
from tests.support.files.content import label
from tests.support.pages import page_script
from tests.support.pages.page_script import html_of, served_to_staff
from ui.languages import text
from ui.service import settings

BACKS = "Backs\n\nA sore back is common. Needling the back is painless.\n\nThe back heals faster.\n"
KNEES = "Knees\n\nThis cures any knee.\n"


@pytest.fixture
def place(
    content: Path,
    write_article: Callable[[str, str | bytes], Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Path]:
    """Two articles that claim much beside two that do not, served to staff."""
    write_article("backs.txt", BACKS)
    write_article("knees.txt", KNEES)
    label(content)
    build_with(BagOfWordsEncoder(), content, tmp_path / "built")
    with served_to_staff(monkeypatch, content, tmp_path / "built"):
        yield content


def opened(**address: str) -> AppTest:
    return page_script.opened(view="staff", section="decide", **address)


def decide(at: AppTest, choice: Decision, **fields: str) -> AppTest:
    at.radio[0].set_value(choice.value).run()
    labels = dict(zip(("reason", "reference", "by"), text.EDITOR_CLAIM_FIELDS, strict=True))
    for name, value in fields.items():
        (found,) = [one for one in at.text_input if one.label == labels[name]]
        found.set_value(value).run()
    return at


def save_button(at: AppTest) -> Any:
    return next(button for button in at.button if button.label == text.EDITOR_SAVE)


def test_a_claim_is_decided_and_the_decision_undone(place: Path) -> None:
    at = opened()
    page = html_of(at)
    assert 'is <mark class="cs-near">painless</mark>.' in page
    assert save_button(at).disabled
    decide(at, Decision.ACCEPTED, reason="It is with us", by="Jo")
    save_button(at).click().run()
    assert text.EDITOR_DECIDED in html_of(at)
    (made,) = read_claim_decisions(place)
    assert (made.article, made.kind, made.decision) == ("backs", "painless", Decision.ACCEPTED)
    assert (made.reason, made.by, made.date) == ("It is with us", "Jo", date.today())
    assert at.radio[0].value == "accepted"
    (undo,) = [one for one in at.button if one.key == "editor-undo-claims.csv"]
    undo.click().run()
    assert read_claim_decisions(place) == []


def test_what_is_missing_is_named_and_nothing_is_saved_without_it(place: Path) -> None:
    at = decide(opened(), Decision.REFERENCED)
    assert "by: the name of the person who decided" in html_of(at)
    assert save_button(at).disabled
    decide(at, Decision.REFERENCED, by="Jo")
    assert "reference: where the evidence is published" in html_of(at)
    decide(at, Decision.REFERENCED, reference="A study, 2025")
    assert not save_button(at).disabled
    assert not (place / "claims.csv").exists()


def test_a_link_opens_the_claim_of_its_article(place: Path) -> None:
    assert '<mark class="cs-near">cures</mark>' in html_of(opened(about="knees"))
    assert '<mark class="cs-near">painless</mark>' in html_of(opened(about="nowhere"))


def test_claims_without_a_decision_come_first_in_the_list(place: Path) -> None:
    at = decide(opened(), Decision.REWRITE, by="Jo")
    save_button(at).click().run()
    shown = at.selectbox[0].options
    assert [words.partition(":")[0] for words in shown] == [
        text.OPEN, text.OPEN, text.EDITOR_DECISIONS["rewrite"],
    ]  # fmt: skip


def test_a_file_changed_meanwhile_is_not_overwritten(place: Path) -> None:
    at = decide(opened(), Decision.ACCEPTED, reason="r", by="Jo")
    by_hand = "article,sentence,kind,decision,reason,reference,by,date\n"
    (place / "claims.csv").write_text(by_hand)
    save_button(at).click().run()
    assert text.EDITOR_CHANGED_MEANWHILE in html_of(at)
    assert (place / "claims.csv").read_text() == by_hand


def test_nothing_is_decided_once_staff_are_off(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = decide(opened(), Decision.ACCEPTED, reason="r", by="Jo")
    monkeypatch.setenv(settings.AUDIENCE_VARIABLE, "patients")
    save_button(at).click().run()
    assert not (place / "claims.csv").exists()


def test_a_broken_file_is_edited_by_hand(place: Path) -> None:
    (place / "claims.csv").write_bytes(b"article\n\xff\n")
    assert text.EDITOR_BY_HAND in html_of(opened())
