"""Signatures and words are written into the file of notices, and nothing else changes."""

import difflib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from core.errors import ContentError
from safety.notices.red_flags import RedFlags
from safety.notices.red_flags_file import parse_red_flags
from safety.notices.signatures import SignatureState, state_of, text_digest
from safety.signing.notice_edits import Signer, with_decision, with_words
from tests.support.paths import ROOT

TODAY = date(2026, 3, 1)
DOCTOR = Signer(" Dr  A “Ann” \\ ", "GMC 1")
FILE = """\
# A comment at the top.
version = "1"

[numbers.GB]
emergency = "999"

[terms]
calf = ["calf"]

[[group]] # the calf
id = "calf"
level = "urgent"
title   = 'Swollen calf'
heading = "Ask a {doctor} today if:"  # begins with what to do
bullets = [
  "it is hot",     # heat
  "it began today",
]
source = "NHS"
checked = ""
rules = ["@calf"]
# Examples of the calf.
examples = ["fat calf"]

[[group]]
id = "chest"
level = "emergency"
title = "Chest pain"
heading = "Call {emergency} now"
checked = 2026-02-28
rules = ["chest"]
# The end.
"""


def flags_of(text: str) -> RedFlags:
    return parse_red_flags(text.encode(), Path("red_flags.toml"))


def changes(after: str, before: str = FILE) -> list[str]:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return [line for line in lines if line[:2] not in ("--", "++", "@@")]


def signed(text: str = FILE, name: str = "chest", **options: Any) -> str:
    return with_decision(text, [name], DOCTOR, today=TODAY, **options)


def words(text: str = FILE, **other: Any) -> str:
    usual = {"title": "Swollen calf", "heading": "Ask a {doctor} today if:"}
    bullets = ["it is hot", "it began today"]
    return with_words(text, "calf", **(usual | {"bullets": bullets} | other))


def test_a_signature_adds_its_lines_to_the_block_and_changes_no_other_byte() -> None:
    digest = text_digest(flags_of(FILE).groups["chest"])
    made = signed()
    assert changes(made) == [
        '+signed_by = "Dr A “Ann” \\\\"',
        '+registration = "GMC 1"',
        "+signed_on = 2026-03-01",
        f'+signed_text = "{digest}"',
    ]
    flags = flags_of(made)
    assert flags.groups["chest"].signed_by == "Dr A “Ann” \\"
    assert state_of(flags.groups["chest"], flags, today=TODAY) is SignatureState.SIGNED
    assert signed(made) == made


def test_a_signature_can_say_that_the_source_was_compared_today() -> None:
    made = signed(name="calf", is_checked=True)
    assert changes(made)[:2] == ['-checked = ""', "+checked = 2026-03-01"]
    assert flags_of(made).groups["calf"].checked == TODAY


def test_nothing_is_signed_whose_source_nobody_has_compared() -> None:
    with pytest.raises(ContentError) as caught:
        signed(name="calf")
    assert caught.value.where == "red_flags.toml, group calf, checked"
    refused = signed(name="calf", is_checked=True, refused="no")
    assert flags_of(refused).groups["calf"].checked is None


def test_a_refusal_keeps_its_reason_until_the_notice_is_signed() -> None:
    refused = signed(refused=" The number\n is wrong.\x1b ")
    group = flags_of(refused).groups["chest"]
    assert (group.refused, group.signed_by) == ("The number is wrong.", "Dr A “Ann” \\")
    assert state_of(group, flags_of(refused), today=TODAY) is SignatureState.REFUSED
    assert signed(refused) == signed()


@pytest.mark.parametrize("signer", [Signer("", "1"), Signer("Dr A", " "), Signer("\u200b", "1")])
def test_a_signature_has_a_name_and_a_number(signer: Signer) -> None:
    with pytest.raises(ContentError) as caught:
        with_decision(FILE, ["chest"], signer, today=TODAY)
    assert caught.value.expected == "a clinician’s name and registration number"


@pytest.mark.parametrize("reason", ["", " ", "\u200b"])
def test_a_refusal_without_a_reason_is_neither_a_refusal_nor_a_signature(reason: str) -> None:
    with pytest.raises(ContentError) as caught:
        signed(refused=reason)
    assert caught.value.where == "red_flags.toml, group chest, refused"


def test_several_notices_are_signed_in_one_edit_or_none_of_them() -> None:
    made = with_decision(FILE, ["chest", "calf"], DOCTOR, today=TODAY, is_checked=True)
    assert all(group.signed_on == TODAY for group in flags_of(made).groups.values())
    with pytest.raises(ContentError, match="There is no such notice"):
        with_decision(FILE, ["chest", "shin"], DOCTOR, today=TODAY)


def test_other_words_change_their_values_only_and_keep_comments_and_layout() -> None:
    made = words(title="Hot  calf", heading="Call a {doctor}", bullets=["it is warm", "it is new"])
    assert changes(made) == [
        "-title   = 'Swollen calf'",
        '-heading = "Ask a {doctor} today if:"  # begins with what to do',
        '+title   = "Hot calf"',
        '+heading = "Call a {doctor}"  # begins with what to do',
        '-  "it is hot",     # heat',
        '-  "it began today",',
        '+  "it is warm",     # heat',
        '+  "it is new",',
    ]
    assert words() == FILE
    more = words(bullets=["one", " ", "two", "three"])
    assert flags_of(more).groups["calf"].bullets == ("one", "two", "three")
    assert '  "three",\n]' in more


def test_other_words_make_the_signature_void() -> None:
    made = words(signed(name="calf", is_checked=True), title="Calf")
    group = flags_of(made).groups["calf"]
    assert group.signed_by
    assert state_of(group, flags_of(made), today=TODAY) is SignatureState.CHANGED


@pytest.mark.parametrize(
    ("other", "key", "found"),
    [
        ({"heading": "You should ask"}, "heading", "the heading must begin with one of Call"),
        ({"heading": "Call {emergncy}"}, "heading", "{emergncy} is no placeholder"),
        ({"heading": " "}, "heading", "nothing"),
        ({"title": ""}, "title", "nothing"),
        ({"bullets": []}, "bullets", "nothing"),
        ({"bullets": list("abcde")}, "bullets", "5 bullets, but at most 4"),
        ({"bullets": ["word " * 21]}, "bullets", "21 words, but at most 20"),
    ],
)
def test_words_that_break_a_rule_of_notices_are_refused(
    other: dict[str, Any], key: str, found: str
) -> None:
    with pytest.raises(ContentError) as caught:
        words(**other)
    assert caught.value.where == f"red_flags.toml, group calf, {key}"
    assert found in str(caught.value.found)


def test_a_file_that_cannot_be_used_is_not_edited() -> None:
    with pytest.raises(ContentError):
        signed("[[group]]\nid = 'chest'\n")
    with pytest.raises(ContentError):
        signed("a." * 60 + "a = 1")


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_every_notice_of_the_shipped_file_can_be_signed_without_another_change(
    line_end: str,
) -> None:
    text = (ROOT / "content" / "red_flags.toml").read_text(encoding="utf-8")
    text = text.replace("\n", line_end)
    flags = flags_of(text)
    made = with_decision(text, flags.groups, DOCTOR, today=TODAY, is_checked=True)
    for group in (now := flags_of(made)).groups.values():
        assert state_of(group, now, today=TODAY) is SignatureState.SIGNED
    changed = [line for line in changes(made, text) if "checked = " not in line]
    assert len(changed) == 4 * len(flags.groups)
    assert all(line.startswith("+") for line in changed)
