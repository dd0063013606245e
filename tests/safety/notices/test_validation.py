"""What is wrong or missing in the file of notices, with its line."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from core.clinic_settings import read_clinic
from safety.notices.red_flags_file import read_red_flags
from safety.notices.signatures import text_digest
from safety.notices.validation import findings
from safety.signing.notice_edits import Signer, with_decision
from tests.support.files.notice_files import block, write
from tests.support.paths import ROOT

TODAY = date(2026, 3, 1)
EIGHT = [f"calf {word}" for word in "one two three four five six seven eight".split()]
# Lines 1 to 9: the head; from line 10 on, one key of the group a line.
HEAD = (
    'version = "1"\n'
    'reviewed_by = "Dr A"\n'
    "next_review = 2027-01-01\n"
    "\n"
    "[numbers.GB]\n"
    'emergency = "999"\n'
    "[terms]\n"
    'calf = ["calf"]\n'
    "\n"
)
GOOD = {
    "id": "calf",  # line 11
    "level": "urgent",  # 12
    "title": "Swollen calf",  # 13
    "heading": "Ask a {doctor} today if:",  # 14
    "bullets": ["your calf is hot"],  # 15
    "source": "NHS",  # 16
    "checked": TODAY,  # 17
    "rules": ["@calf"],  # 18
    "examples": EIGHT,  # 19
}


def found(
    folder: Path, text: str, *, today: date = TODAY, country: str = "GB"
) -> list[tuple[int, bool, str]]:
    """Return the findings of a file with this text as (line, is it an error, what).

    That a notice is not signed is left out: the tests of signatures below look at it.
    """
    flags = read_red_flags(write(folder, text))
    return [
        (finding.line, finding.is_error, finding.text)
        for finding in findings(flags, text, today=today, country=country)
        if NOT_SIGNED not in finding.text
    ]


def with_group(**keys: object) -> str:
    return HEAD + block("calf", **(GOOD | keys))


def changed(old: str, new: str) -> str:
    assert old in with_group()
    return with_group().replace(old, new)


NOT_SIGNED = "no clinician has signed this notice"
UNSIGNED = "`reviewed_by` names nobody who has checked the numbers and word classes"
NO_COUNTRY = "no [numbers.FR] for the country in clinic.toml (present: {})"


@pytest.mark.parametrize(
    ("text", "options", "findings"),
    [
        (with_group(), {}, []),
        (with_group(), {"country": ""}, []),
        (changed('"Dr A"', '""'), {}, [(2, False, UNSIGNED)]),
        # Without the line itself it is reported at the top.
        (changed('reviewed_by = "Dr A"', ""), {}, [(1, False, UNSIGNED)]),
        (
            changed("next_review = 2027-01-01", 'next_review = ""'),
            {},
            [(3, False, "checked, but `next_review` has no date")],
        ),
        (with_group(), {"today": date(2027, 1, 1)}, []),
        (
            with_group(),
            {"today": date(2027, 1, 2)},
            [(3, False, "overdue: the next review was due on 2027-01-01")],
        ),
        (with_group(), {"country": "FR"}, [(1, True, NO_COUNTRY.format("GB"))]),
        (
            changed('[numbers.GB]\nemergency = "999"\n', "\n\n"),
            {"country": "FR"},
            [(1, True, NO_COUNTRY.format("none"))],
        ),
        (
            changed('calf = ["calf"]', 'calf = ["calf"]\nshin = ["shin"]'),
            {},
            [(9, False, "no rule uses the word class `shin`")],
        ),
    ],
)
def test_what_the_file_as_a_whole_lacks_is_found_at_its_line(
    tmp_path: Path, text: str, options: dict[str, Any], findings: list[tuple[int, bool, str]]
) -> None:
    assert found(tmp_path, text, **options) == findings


# -- a notice -------------------------------------------------------------------------------------

LONG = " ".join(["word"] * 21)
FIRST_WORDS = "Call, Go, Ask, Get, Contact, Tell, See, Talk, Phone"
UNCHECKED = "no date on which the source was checked"
BOTH = "“calf two” is both an example and a counter-example"


@pytest.mark.parametrize(
    ("keys", "line", "text"),
    [
        ({"heading": "You should call"}, 14, f"the heading must begin with one of {FIRST_WORDS}"),
        ({"heading": "call now"}, 14, f"the heading must begin with one of {FIRST_WORDS}"),
        (
            {"heading": "Call {emergncy} now"},
            14,
            "{emergncy} is no placeholder; use a key of [numbers]",
        ),
        ({"bullets": list("abcde")}, 15, "5 bullets, but at most 4 are allowed"),
        ({"bullets": [LONG]}, 15, f"“{LONG[:30]}…” has 21 words, but at most 20 are allowed"),
        ({"rules": []}, 18, "no rule: without the model this notice is never raised"),
        ({"examples": EIGHT[:7]}, 19, "7 examples, but at least 8 are needed"),
        ({"examples": [*EIGHT, "calf one"]}, 19, "the example “calf one” appears twice"),
        ({"not_examples": ["calf two", "knee"]}, 19, BOTH),
        ({"source": ""}, 16, "no source"),
        ({"source": None}, 10, "no source"),  # without its line, where the notice begins
        ({"checked": "", "signed_by": "Dr A"}, 17, UNCHECKED),
    ],
)
def test_what_is_wrong_with_a_notice_is_an_error_at_its_line(
    tmp_path: Path, keys: dict[str, object], line: int, text: str
) -> None:
    errors = [finding for finding in found(tmp_path, with_group(**keys)) if finding[1]]
    assert errors == [(line, True, f"calf: {text}")]


@pytest.mark.parametrize("bullets", [["a", "b", "c", "d"], [" ".join(["word"] * 20)], []])
def test_as_many_bullets_and_words_as_allowed_are_fine(tmp_path: Path, bullets: list[str]) -> None:
    assert found(tmp_path, with_group(bullets=bullets)) == []


def test_a_heading_that_is_empty_in_a_country_is_an_error(tmp_path: Path) -> None:
    empty = (14, True, "calf: the heading is empty in at least one country")
    text = with_group(heading="{crisis_help}")
    assert empty in found(tmp_path, text)
    helped = text.replace("[terms]", 'crisis_help = "Call us"\n[terms]')
    assert all("is empty" not in finding for _, _, finding in found(tmp_path, helped))


def test_a_rule_of_nothing_but_small_words_is_an_error(tmp_path: Path) -> None:
    fillers = '\n[manner]\nfillers = ["of", "the"]\n[terms]'
    text = with_group(rules=["@calf + of the"]).replace("\n[terms]", fillers)
    assert found(tmp_path, text) == [(20, True, "calf: “of the” in a rule holds only filler words")]


def test_an_example_that_is_an_ordinary_question_too_is_an_error(tmp_path: Path) -> None:
    ordinary = '[benign]\nexamples = ["calf two"]\n'
    assert found(tmp_path, with_group() + ordinary) == [(19, True, f"calf: {BOTH}")]


def test_a_source_that_nobody_can_look_up_is_a_warning(tmp_path: Path) -> None:
    text = "calf: part of the source is “own knowledge”, which nobody can look up"
    assert found(tmp_path, with_group(source="NHS; own knowledge")) == [(16, False, text)]


@pytest.mark.parametrize("keys", [{}, {"signed_by": "Dr A", "refused": "the number is wrong"}])
def test_a_missing_check_is_only_a_warning_in_a_draft(
    tmp_path: Path, keys: dict[str, object]
) -> None:
    assert (17, False, f"calf: {UNCHECKED}") in found(tmp_path, with_group(checked="", **keys))


SIGNED = {"signed_by": "Dr A", "registration": "GMC 1", "signed_on": TODAY}


@pytest.mark.parametrize(
    ("keys", "line", "text"),
    [
        ({}, 10, NOT_SIGNED),
        (
            SIGNED | {"registration": ""},
            20,
            "the signature lacks a name, a number or a day that has come",
        ),
        (SIGNED | {"signed_text": "0"}, 23, "changed since Dr A decided on it on 2026-03-01"),
        (SIGNED | {"refused": "no."}, 24, "refused by Dr A on 2026-03-01: no."),
        (
            SIGNED | {"signed_on": date(2025, 2, 28)},
            22,
            "overdue: Dr A signed this notice on 2025-02-28",
        ),
        (SIGNED, 0, ""),
    ],
)
def test_the_state_of_a_signature_is_a_warning_at_its_line(
    tmp_path: Path, keys: dict[str, object], line: int, text: str
) -> None:
    digest = text_digest(read_red_flags(write(tmp_path, with_group())).groups["calf"])
    if "signed_by" in keys:
        refused = keys.get("refused")
        keys = {"signed_text": digest} | keys
        order = ("signed_by", "registration", "signed_on", "signed_text")
        keys = {key: keys[key] for key in order} | ({"refused": refused} if refused else {})
    written = with_group(**keys)
    flags = read_red_flags(write(tmp_path, written))
    warnings = findings(flags, written, today=TODAY, country="GB")
    expected = [(line, False, f"calf: {text}")] if text else []
    assert [(found.line, found.is_error, found.text) for found in warnings] == expected


def test_findings_of_several_notices_stand_at_their_own_lines_in_order(tmp_path: Path) -> None:
    text = with_group(source="") + block("shin", **(GOOD | {"id": "shin", "rules": []}))
    assert found(tmp_path, text) == [
        (16, True, "calf: no source"),
        (28, True, "shin: no rule: without the model this notice is never raised"),
    ]


def test_lines_are_counted_as_an_editor_shows_them(tmp_path: Path) -> None:
    # A list over several lines, with a line in it that looks like a key; Windows line ends.
    listed = 'examples = [\n  "rules = none",\n' + "".join(f'  "{e}",\n' for e in EIGHT[1:]) + "]"
    text = with_group(examples=None, source="").replace("rules = [", f"{listed}\nrules = [")
    for line_end in ("\n", "\r\n"):
        ended = text.replace("\n", line_end)
        assert found(tmp_path, ended) == [(16, True, "calf: no source")]
        without = ended.replace('"@calf"', "")
        rules = "calf: no rule: without the model this notice is never raised"
        assert (28, True, rules) in found(tmp_path, without)


# -- the file as it is shipped --------------------------------------------------------------------


def test_the_shipped_file_is_unsigned_and_has_no_error(tmp_path: Path) -> None:
    text = (ROOT / "content" / "red_flags.toml").read_text(encoding="utf-8")
    shipped = found(tmp_path, text, country=read_clinic(ROOT / "content").country)
    assert [finding for finding in shipped if finding[1]] == []
    line = next(n for n, row in enumerate(text.splitlines(), 1) if row.startswith("reviewed_by"))
    assert (line, False, UNSIGNED) in shipped


def test_whoever_signs_the_shipped_file_has_to_check_every_source_first(tmp_path: Path) -> None:
    text = (ROOT / "content" / "red_flags.toml").read_text(encoding="utf-8")
    names = read_red_flags(ROOT / "content").groups
    signed = with_decision(text, names, Signer("Dr A", "GMC 1"), today=TODAY, is_checked=True)
    unchecked = re.sub("(?m)^checked = .*$", 'checked = ""', signed)
    lines = [n for n, row in enumerate(unchecked.splitlines(), 1) if row == 'checked = ""']
    errors = [finding for finding in found(tmp_path, unchecked) if finding[1]]
    assert len(lines) == len(read_red_flags(tmp_path).groups)
    assert [line for line, _, _ in errors] == lines
    assert all(text.endswith(f": {UNCHECKED}") for _, _, text in errors)
    checked = unchecked.replace('checked = ""', "checked = 2026-02-28")
    assert not any(is_error for _, is_error, _ in found(tmp_path, checked))
