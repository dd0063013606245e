"""The section in which a clinician signs notices, and the page of all notices for print."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from safety.notices.red_flags import Group, Numbers, RedFlags
from safety.notices.red_flags_file import read_red_flags
from safety.notices.signatures import SignatureState, state_of
from tests.support.building import build_with
from tests.support.fakes import BagOfWordsEncoder
from tests.support.files.notice_files import block, table, write
from tests.support.pages import page_script
from tests.support.pages.page_script import html_of, served_to_staff
from ui.editor.notices import print_html
from ui.languages import text
from ui.rendering.notices import notices_html
from ui.service import settings

HOSTILE = '<script>alert(1)</script> & "x" <img src=x onerror=alert(1)>'
CHECKED = date(2026, 2, 28)
FILE = (
    table("numbers.GB", {"emergency": "999"}),
    table("terms", {"fat_calf": ["fat calf", "big calf"], "hot": ["hot"]}),
    block(
        "calf",
        title="Swollen calf",
        heading="Call {emergency} if",
        bullets=["it is hot"],
        source="NHS",
        checked=CHECKED,
        rules=["@fat_calf + @hot", "my leg"],
        examples=["my calf is fat"],
        not_examples=["a calf on a farm"],
    ),
    block("chest", level="emergency", rules=["chest"]),
    block("low", rules=["low"], checked=CHECKED),
)


@pytest.fixture
def place(content: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Three notices, of which the second was never compared with its source, served to staff."""
    write(content, *FILE)
    (content / "clinic.toml").write_text('country = "GB"\n', encoding="utf-8")
    build_with(BagOfWordsEncoder(), content, tmp_path / "built")
    with served_to_staff(monkeypatch, content, tmp_path / "built"):
        yield content


def opened() -> AppTest:
    return page_script.opened(view="staff", section="sign")


def signer(at: AppTest, name: str = "Dr A", number: str = "GMC 1") -> AppTest:
    at.text_input(key="editor-signer-name").set_value(name)
    at.text_input(key="editor-signer-number").set_value(number)
    return at


def press(at: AppTest, key: str) -> str:
    at.button(key=key).click().run()
    assert not at.exception
    return html_of(at)


def field(at: AppTest, label: str) -> Any:
    fields = (*at.text_input, *at.text_area, *at.checkbox)
    return next(found for found in fields if found.label == label)


def chosen(at: AppTest) -> str:
    return str(at.selectbox(key="editor-notice").value)


def group(place: Path, name: str = "calf") -> Group:
    return read_red_flags(place).groups[name]


def state(place: Path, name: str = "calf") -> SignatureState:
    flags = read_red_flags(place)
    return state_of(flags.groups[name], flags, today=date.today())


def test_a_notice_is_shown_as_patients_see_it_beside_what_raises_it(place: Path) -> None:
    page = html_of(opened())
    shown = page.index(text.EDITOR_NOTICE_SHOWN)
    raised = page.index(text.EDITOR_NOTICE_RAISED)
    seen, rules = page[shown:raised], page[raised:]
    assert 'class="cs-notice cs-urgent"' in seen
    assert "Call <a" in seen
    assert "<li>it is hot</li>" in seen
    assert "Source: NHS (checked 28 February 2026)" in seen
    assert text.SIGNATURES["unsigned"] in seen
    together = rules.index(text.EDITOR_NOTICE_TOGETHER)
    alone = rules.index(text.EDITOR_NOTICE_ALONE)
    assert together < rules.index("<li>fat calf + hot</li>") < alone < rules.index("“my leg”")
    assert "<summary>fat calf (2)</summary><ul><li>fat calf</li><li>big calf</li>" in rules
    assert "<li>my calf is fat</li>" in rules
    assert "<li>a calf on a farm</li>" in rules


def test_the_list_and_its_counts_say_what_is_signed(place: Path) -> None:
    at = opened()
    assert at.selectbox(key="editor-notice").options == [
        "Not signed: Swollen calf",
        "Not signed: Chest",
        "Not signed: Low",
    ]
    assert "<dt>Not signed</dt><dd>3</dd>" in html_of(at)
    page = press(signer(at), "editor-approve")
    assert "<dt>Signed</dt><dd>1</dd>" in page
    assert at.selectbox(key="editor-notice").options[0] == "Signed: Swollen calf"


def test_a_signature_goes_into_the_file_and_onto_the_page_of_patients(place: Path) -> None:
    before = (place / "red_flags.toml").read_bytes()
    at = signer(opened())
    assert "Signed: Swollen calf" in press(at, "editor-approve")
    assert state(place) is SignatureState.SIGNED
    calf = group(place)
    assert (calf.signed_by, calf.registration) == ("Dr A", "GMC 1")
    assert (calf.signed_on, calf.checked) == (date.today(), CHECKED)
    shown = notices_html(settings.red_flags(), Numbers(), today=date.today())
    assert f"Signed by Dr A (GMC 1), {text.day(date.today())}" in shown
    assert shown.count(text.SIGNATURES["unsigned"]) == 2
    # The next notice that waits is chosen; what was done can be undone.
    assert chosen(at) == "chest"
    press(at, "editor-undo-red_flags.toml")
    assert (place / "red_flags.toml").read_bytes() == before


def test_a_source_that_nobody_compared_has_to_be_compared_first(place: Path) -> None:
    at = signer(opened())
    at.selectbox(key="editor-notice").select("chest").run()
    assert text.EDITOR_NOT_SAVED in press(at, "editor-approve")
    assert state(place, "chest") is SignatureState.UNSIGNED
    field(at, text.EDITOR_SIGN_CHECKED).check()
    press(at, "editor-approve")
    assert state(place, "chest") is SignatureState.SIGNED
    assert group(place, "chest").checked == date.today()
    assert chosen(at) == "low"
    assert not field(at, text.EDITOR_SIGN_CHECKED).value


def test_without_a_name_or_a_number_nothing_is_signed(place: Path) -> None:
    before = (place / "red_flags.toml").read_bytes()
    for name, number in (("", ""), ("Dr A", " "), (" ", "GMC 1")):
        at = signer(opened(), name, number)
        assert text.EDITOR_NOT_SAVED in press(at, "editor-approve")
        assert chosen(at) == "calf"
    assert (place / "red_flags.toml").read_bytes() == before


def test_name_and_number_are_kept_for_the_session_and_for_nobody_else(place: Path) -> None:
    at = signer(opened()).run()
    at.query_params["section"] = "cards"
    at.run()
    at.query_params["section"] = "sign"
    at.run()
    assert at.text_input(key="editor-signer-name").value == "Dr A"
    assert at.text_input(key="editor-signer-number").value == "GMC 1"
    assert opened().text_input(key="editor-signer-name").value == ""


def test_a_refused_notice_stays_for_patients_and_staff_read_why(place: Path) -> None:
    at = signer(opened())
    assert text.EDITOR_SIGN_REASON in press(at, "editor-refuse")
    assert state(place) is SignatureState.UNSIGNED
    field(at, text.EDITOR_REASON).set_value(f"The number {HOSTILE}")
    assert text.EDITOR_SIGN_REFUSED.format(title="Swollen calf") in press(at, "editor-refuse")
    assert state(place) is SignatureState.REFUSED
    at.selectbox(key="editor-notice").select("calf").run()
    page = html_of(at)
    assert f"Refused by Dr A (GMC 1), {text.day(date.today())}: The number &lt;script" in page
    assert "<script" not in page
    patients = notices_html(settings.red_flags(), Numbers(), today=date.today())
    assert "Swollen calf" in patients
    assert "The number" not in patients
    assert patients.count(text.SIGNATURES["refused"]) == 3


def test_other_words_are_drawn_while_they_are_written_and_void_the_signature(place: Path) -> None:
    at = signer(opened())
    press(at, "editor-approve")
    at.selectbox(key="editor-notice").select("calf").run()
    title, heading, bullets = text.EDITOR_NOTICE_FIELDS
    field(at, heading).set_value("Go to hospital <b> if")
    field(at, bullets).set_value("it is hot\n\n it  is red ").run()
    page = html_of(at)
    assert "Go to hospital &lt;b&gt; if" in page
    assert "<li>it is red</li>" in page
    assert at.button(key="editor-approve").disabled
    assert group(place).heading == "Call {emergency} if"
    assert text.EDITOR_NOTICE_SAVED in press(at, "editor-save-red_flags")
    calf = group(place)
    assert (calf.heading, calf.bullets) == ("Go to hospital <b> if", ("it is hot", "it is red"))
    assert state(place) is SignatureState.CHANGED
    assert settings.red_flags().groups["calf"].heading == calf.heading
    assert field(at, title).value == "Swollen calf"
    press(at, "editor-approve")
    assert state(place) is SignatureState.SIGNED


@pytest.mark.parametrize(
    ("number", "words", "problem"),
    [
        (1, "If it hurts", "the heading must begin with one of"),
        (1, "", "nothing"),
        (2, "a\nb\nc\nd\ne", "5 bullets, but at most 4 are allowed"),
    ],
)
def test_words_that_break_a_rule_of_notices_are_not_saved_and_stay(
    place: Path, number: int, words: str, problem: str
) -> None:
    before = (place / "red_flags.toml").read_bytes()
    at = opened()
    label = text.EDITOR_NOTICE_FIELDS[number]
    field(at, label).set_value(words).run()
    assert problem in html_of(at)
    assert text.EDITOR_NOT_SAVED in press(at, "editor-save-red_flags")
    assert field(at, label).value == words
    assert (place / "red_flags.toml").read_bytes() == before


def test_words_that_are_not_saved_cannot_be_signed(place: Path) -> None:
    at = signer(opened())
    field(at, text.EDITOR_NOTICE_FIELDS[0]).set_value("Mine")
    # The browser sends the field and the button together.
    assert text.EDITOR_SIGN_UNSAVED in press(at, "editor-approve")
    assert state(place) is SignatureState.UNSIGNED


def test_nothing_is_signed_that_was_changed_after_it_was_shown(place: Path) -> None:
    at = signer(opened())
    path = place / "red_flags.toml"
    by_hand = path.read_bytes().replace(b"it is hot", b"it is cold")
    path.write_bytes(by_hand)
    assert text.EDITOR_CHANGED_MEANWHILE in press(at, "editor-approve")
    assert path.read_bytes() == by_hand
    assert "<li>it is cold</li>" in html_of(at.run())
    press(at, "editor-approve")
    assert state(place) is SignatureState.SIGNED


def test_a_broken_file_is_told_where_it_is_edited(place: Path) -> None:
    at = signer(opened())
    (place / "red_flags.toml").write_text("[open", encoding="utf-8")
    page = html_of(at.run())
    assert text.EDITOR_BY_HAND in page
    assert text.FAILED not in page
    assert text.EDITOR_BY_HAND in html_of(opened())


@pytest.mark.parametrize("key", ["editor-approve", "editor-refuse", "editor-save-red_flags"])
def test_a_button_drawn_for_staff_signs_nothing_once_they_are_off(
    place: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    before = (place / "red_flags.toml").read_bytes()
    at = signer(opened())
    field(at, text.EDITOR_REASON).set_value("no")
    if key == "editor-save-red_flags":
        field(at, text.EDITOR_NOTICE_FIELDS[0]).set_value("Mine").run()
    monkeypatch.setenv(settings.AUDIENCE_VARIABLE, "patients")
    assert "cs-editor" not in press(at, key)
    assert (place / "red_flags.toml").read_bytes() == before


def test_whatever_the_file_says_is_text(place: Path) -> None:
    calf = block(
        "calf",
        title=HOSTILE,
        bullets=[HOSTILE],
        source=HOSTILE,
        rules=[f"@hot + {HOSTILE}", HOSTILE],
        examples=[HOSTILE],
        signed_by=HOSTILE,
        registration=HOSTILE,
        signed_on=CHECKED,
        refused=HOSTILE,
    )
    write(place, table("terms", {"hot": [HOSTILE]}), calf)
    page = html_of(opened())
    page += print_html(read_red_flags(place), Numbers(), today=CHECKED)
    assert page.count("&lt;script") > 8
    assert "<script" not in page
    assert "<img" not in page


def test_the_dashboard_counts_the_signatures_and_leads_to_them(place: Path) -> None:
    press(signer(opened()), "editor-approve")
    page = html_of(page_script.opened(view="staff"))
    assert "<dt>Signed</dt><dd>1</dd>" in page
    assert "<dt>Not signed</dt><dd>2</dd>" in page
    assert 'href="?view=staff&amp;section=sign"' in page
    assert "Clinicians have signed 1 of these 3 notices. The others are drafts." in page


def test_all_notices_are_printed_by_urgency_each_with_its_state_and_a_line_to_sign_on(
    place: Path,
) -> None:
    press(signer(opened()), "editor-approve")
    flags: RedFlags = read_red_flags(place)
    page = print_html(flags, flags.numbers["GB"], today=date.today())
    chest, calf, low = page.split("cs-print-notice")[1:]
    assert "Call about chest" in chest
    assert text.SIGNATURES["unsigned"] in chest
    assert f"Signed by Dr A (GMC 1), {text.day(date.today())}" in calf
    assert "fat calf + hot" in calf
    for notice in (chest, calf, low):
        for label in text.EDITOR_SIGN_LINE:
            assert f"<dt>{label}</dt>" in notice
