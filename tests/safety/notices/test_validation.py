"""What is wrong with the file of notices, or missing in it, with the line on which to fix it."""

import re
from datetime import date
from pathlib import Path

import pytest

from core.clinic_settings import read_clinic
from safety.notices.red_flags import read_red_flags
from safety.notices.validation import Finding, findings
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
SOUND = {
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
    """Return the findings of a file with this text as (line, is it an error, what)."""
    flags = read_red_flags(write(folder, text))
    return [
        (one.line, one.is_error, one.text)
        for one in findings(flags, text, today=today, country=country)
    ]


def with_group(**keys: object) -> str:
    return HEAD + block("calf", **(SOUND | keys))


def test_a_sound_file_has_nothing_to_mend(tmp_path: Path) -> None:
    assert found(tmp_path, with_group()) == []
    assert found(tmp_path, with_group(), country="") == []


# -- the file -------------------------------------------------------------------------------------


def test_a_file_that_nobody_signed_is_a_warning_at_that_line(tmp_path: Path) -> None:
    unsigned = [(2, False, "unsigned: `reviewed_by` names no clinician")]
    assert found(tmp_path, with_group().replace('"Dr A"', '""')) == unsigned
    # Without the line itself it is told at the top.
    without = with_group().replace('reviewed_by = "Dr A"', "")
    assert found(tmp_path, without) == [(1, *unsigned[0][1:])]


def test_a_signature_without_a_next_review_is_a_warning(tmp_path: Path) -> None:
    text = with_group().replace("next_review = 2027-01-01", 'next_review = ""')
    assert found(tmp_path, text) == [(3, False, "signed, but `next_review` has no date")]


@pytest.mark.parametrize(
    ("today", "overdue"), [(date(2027, 1, 1), False), (date(2027, 1, 2), True)]
)
def test_a_review_is_overdue_from_the_day_after_it_was_due(
    tmp_path: Path, today: date, overdue: bool
) -> None:
    told = [(3, False, "overdue: the next review was due on 2027-01-01")]
    assert found(tmp_path, with_group(), today=today) == (told if overdue else [])


def test_a_country_without_numbers_is_an_error_that_names_those_there_are(
    tmp_path: Path,
) -> None:
    told = "no [numbers.FR] for the country in clinic.toml (present: GB)"
    assert found(tmp_path, with_group(), country="FR") == [(1, True, told)]
    nowhere = with_group().replace('[numbers.GB]\nemergency = "999"\n', "\n\n")
    told = "no [numbers.FR] for the country in clinic.toml (present: none)"
    assert found(tmp_path, nowhere, country="FR") == [(1, True, told)]


def test_a_word_class_that_is_in_no_rule_is_a_warning_at_its_line(tmp_path: Path) -> None:
    text = with_group().replace('calf = ["calf"]', 'calf = ["calf"]\nshin = ["shin"]')
    assert found(tmp_path, text) == [(9, False, "no rule uses the word class `shin`")]


# -- a notice -------------------------------------------------------------------------------------

LONG = " ".join(["word"] * 21)


@pytest.mark.parametrize(
    ("key", "value", "line", "told"),
    [
        (
            "heading",
            "You should call",
            14,
            "the heading must begin with one of Call, Go, Ask, Get, Contact, Tell, See, Talk,"
            " Phone",
        ),
        (
            "heading",
            "call now",
            14,
            "the heading must begin with one of Call, Go, Ask, Get, Contact, Tell, See, Talk,"
            " Phone",
        ),
        (
            "heading",
            "Call {emergncy} now",
            14,
            "{emergncy} is no placeholder; use a key of [numbers]",
        ),
        ("bullets", ["a", "b", "c", "d", "e"], 15, "5 bullets, but at most 4 are allowed"),
        ("bullets", [LONG], 15, f"“{LONG[:30]}…” has 21 words, but at most 20 are allowed"),
        ("rules", [], 18, "no rule: without the model this notice is never raised"),
        ("examples", EIGHT[:7], 19, "7 examples, but at least 8 are needed"),
        ("examples", [*EIGHT, "calf one"], 19, "the example “calf one” appears twice"),
        ("source", "", 16, "no source"),
        ("checked", "", 17, "no date on which the source was checked"),
    ],
)
def test_what_is_wrong_with_a_notice_is_an_error_at_its_line(
    tmp_path: Path, key: str, value: object, line: int, told: str
) -> None:
    errors = [one for one in found(tmp_path, with_group(**{key: value})) if one[1]]
    assert errors == [(line, True, f"calf: {told}")]


@pytest.mark.parametrize("bullets", [["a", "b", "c", "d"], [" ".join(["word"] * 20)], []])
def test_as_many_bullets_and_words_as_allowed_are_fine(tmp_path: Path, bullets: list[str]) -> None:
    assert found(tmp_path, with_group(bullets=bullets)) == []


def test_a_heading_that_is_empty_in_a_country_is_an_error(tmp_path: Path) -> None:
    told = found(tmp_path, with_group(heading="{crisis_help}"))
    assert (14, True, "calf: the heading is empty in at least one country") in told
    helped = HEAD.replace("[terms]", 'crisis_help = "Call us"\n[terms]')
    told = found(tmp_path, helped + block("calf", **(SOUND | {"heading": "{crisis_help}"})))
    assert all("is empty" not in text for _, _, text in told)


def test_a_rule_of_nothing_but_small_words_is_an_error(tmp_path: Path) -> None:
    text = with_group(rules=["@calf + of the"]).replace(
        "\n[terms]", '\n[manner]\nfillers = ["of", "the"]\n[terms]'
    )
    told = "calf: “of the” in a rule holds only filler words"
    assert found(tmp_path, text) == [(20, True, told)]


def test_an_example_that_is_also_a_counter_example_is_an_error(tmp_path: Path) -> None:
    told = (19, True, "calf: “calf two” is both an example and a counter-example")
    assert found(tmp_path, with_group(not_examples=["calf two", "knee"])) == [told]
    ordinary = '[benign]\nexamples = ["calf two"]\n'
    assert found(tmp_path, with_group() + ordinary) == [told]


def test_a_source_that_nobody_can_look_up_is_a_warning(tmp_path: Path) -> None:
    told = "calf: part of the source is “own knowledge”, which nobody can look up"
    assert found(tmp_path, with_group(source="NHS; own knowledge")) == [(16, False, told)]


def test_a_missing_check_is_a_warning_in_a_draft_and_an_error_under_a_signature(
    tmp_path: Path,
) -> None:
    told = (17, "calf: no date on which the source was checked")
    draft = with_group(checked="").replace('"Dr A"', '""')
    assert [one for one in found(tmp_path, draft) if one[0] == 17] == [(17, False, told[1])]
    assert found(tmp_path, with_group(checked="")) == [(17, True, told[1])]


def test_a_key_that_is_not_there_is_told_at_the_beginning_of_its_notice(tmp_path: Path) -> None:
    assert found(tmp_path, with_group(source=None)) == [(10, True, "calf: no source")]


def test_findings_of_several_notices_stand_at_their_own_lines_in_order(tmp_path: Path) -> None:
    text = with_group(source="") + block("shin", **(SOUND | {"id": "shin", "rules": []}))
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


def test_the_shipped_file_has_no_error_and_is_told_to_be_unsigned() -> None:
    content = ROOT / "content"
    text = (content / "red_flags.toml").read_text(encoding="utf-8")
    told = findings(
        read_red_flags(content), text, today=TODAY, country=read_clinic(content).country
    )
    assert [one for one in told if one.is_error] == []
    line = next(n for n, row in enumerate(text.splitlines(), 1) if row.startswith("reviewed_by"))
    unsigned = "unsigned: `reviewed_by` names no clinician"
    assert Finding(line, is_error=False, text=unsigned) in told


def test_whoever_signs_the_shipped_file_has_to_check_every_source_first(tmp_path: Path) -> None:
    text = (ROOT / "content" / "red_flags.toml").read_text(encoding="utf-8")
    signed = text.replace('reviewed_by = ""', 'reviewed_by = "Dr A"').replace(
        'next_review = ""', "next_review = 2027-01-01"
    )
    unchecked = re.sub("(?m)^checked = .*$", 'checked = ""', signed)
    lines = [n for n, row in enumerate(unchecked.splitlines(), 1) if row == 'checked = ""']
    errors = [(line, told) for line, is_error, told in found(tmp_path, unchecked) if is_error]
    assert len(lines) == len(read_red_flags(tmp_path).groups)
    assert [line for line, _ in errors] == lines
    assert all(told.endswith(": no date on which the source was checked") for _, told in errors)
    checked = unchecked.replace('checked = ""', "checked = 2026-02-28")
    assert not any(is_error for _, is_error, _ in found(tmp_path, checked))
