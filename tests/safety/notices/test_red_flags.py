"""The file of urgent-symptom notices: read whole or not at all, and as the clinic ships it."""

from datetime import date
from pathlib import Path

import pytest

from core.errors import ContentError
from safety.notices.finder import Display
from safety.notices.red_flags import Group, Level, Numbers, RedFlags, Rule, SpeechPatterns, filled
from safety.notices.red_flags_file import read_red_flags
from safety.notices.signatures import SignatureState, counted_states
from tests.support.files.notice_files import block, table, write
from tests.support.paths import ROOT
from ui.rendering.notices import notice_html, review_of

TODAY = date(2026, 3, 1)


NOT_TOML = "a TOML file in UTF-8"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (None, "a file with notices"),
        (b"", "at least one notice, a [[group]]"),
        (b"\xef\xbb\xbf# nothing yet\n", "at least one notice, a [[group]]"),
        (b'version = "3"\n[terms]\nnumb = ["numb"]\n', "at least one notice, a [[group]]"),
        (b"[[group]\n", NOT_TOML),
        (b"version = 1\nversion = 2\n", NOT_TOML),
        (b"\xff\xfe", NOT_TOML),
    ],
)
def test_a_file_without_a_notice_or_not_in_toml_is_an_error_that_names_it(
    tmp_path: Path, raw: bytes | None, expected: str
) -> None:
    if raw is not None:
        write(tmp_path, raw)
    with pytest.raises(ContentError) as caught:
        read_red_flags(tmp_path)
    assert caught.value.where == str(tmp_path / "red_flags.toml")
    assert caught.value.expected == expected
    assert "python -m safety validate" in (caught.value.fix or "")


def test_everything_is_read_in_the_order_of_the_file_with_its_texts_trimmed(
    tmp_path: Path,
) -> None:
    head = 'version = " 3 "\nlanguage = "en-GB"\nreviewed_by = " Dr A "\nnext_review = 2027-01-31'
    calf = block(
        "calf",
        title=" Swollen calf ",
        heading=" Ask a {doctor} ",
        bullets=[" one leg "],
        source=" NHS ",
        checked=date(2026, 2, 28),
        rules=["@calf + swollen - in bed", " in plaster "],
        examples=[" fat calf "],
        not_examples=["slim calf"],
        articles=False,
        counted=False,
        history=True,
        signed_by=" Dr A ",
        registration=" GMC 1 ",
        signed_on=date(2026, 2, 27),
        signed_text="0123",
        refused=" not yet ",
    )
    written = write(
        tmp_path,
        head,
        table("numbers.IE", {"emergency": "112"}),
        table("numbers.GB", {"emergency": " 999 ", "doctor": "GP"}),
        table("manner", {"fillers": ["the"], "negators": ["no", "not"]}),
        table("manner.same", {"cant": ["unable", "not able"]}),
        table("terms", {"calf": [" calf ", "lower leg"]}),
        calf,
        block("arm", level="emergency"),
        table("benign", {"examples": ["where do i park"]}),
    )
    found = read_red_flags(written)
    assert found == RedFlags(
        version="3",
        reviewed_by="Dr A",
        next_review=date(2027, 1, 31),
        numbers={"IE": Numbers(emergency="112"), "GB": Numbers(emergency="999", doctor="GP")},
        manner=SpeechPatterns(
            fillers=("the",), negators=("no", "not"), same={"cant": ("unable", "not able")}
        ),
        terms={"calf": ("calf", "lower leg")},
        groups={
            "calf": Group(
                id="calf",
                level=Level.URGENT,
                title="Swollen calf",
                heading="Ask a {doctor}",
                bullets=("one leg",),
                source="NHS",
                checked=date(2026, 2, 28),
                rules=(Rule(("@calf", "swollen"), ("in bed",)), Rule(("in plaster",))),
                examples=("fat calf",),
                not_examples=("slim calf",),
                articles=False,
                counted=False,
                history=True,
                signed_by="Dr A",
                registration="GMC 1",
                signed_on=date(2026, 2, 27),
                signed_text="0123",
                refused="not yet",
            ),
            "arm": Group("arm", Level.EMERGENCY, "Arm", "Call about arm", (), "", None, (), ()),
        },
        benign=("where do i park",),
    )
    assert list(found.groups) == ["calf", "arm"]
    assert list(found.numbers) == ["IE", "GB"]


GROUP_KEYS = (
    "id, level, title, heading, bullets, source, checked, rules, examples, not_examples, articles,"
    " counted, history, signed_by, registration, signed_on, signed_text, refused"
)
NUMBERS_KEYS = (
    "emergency, urgent, crisis, crisis_name, hospital, doctor, urgent_line, urgent_centre,"
    " mental_health_help, crisis_help, young_child, local_emergency"
)


TEXT, TEXTS = "a text in quotes", "a list of texts in quotes"
LEVELS, FLAG = "one of emergency, urgent, caution", "true or false"
DAY = "a date without quotes, such as 2026-03-31"


@pytest.mark.parametrize(
    ("text", "place", "expected", "found"),
    [
        (block("a") + block("a"), "group a", "an id that no other group has", "the same id twice"),
        (block("a", rules=["x + @b"]), "group a, rules", "a word class of [terms]", "@b"),
        (block("a", rule=["x"]), "group a, rule", f"one of {GROUP_KEYS}", "an unknown key"),
        (block("a", id=None), "group ?, id", TEXT, "nothing"),
        (block("a", id=" "), "group  , id", TEXT, "' '"),
        (block("a", title=None), "group a, title", TEXT, "nothing"),
        (block("a", heading=3), "group a, heading", TEXT, "3"),
        (block("a", level=None), "group a, level", TEXT, "nothing"),
        (block("a", level="soon"), "group a, level", LEVELS, "soon"),
        (block("a", level="Urgent"), "group a, level", LEVELS, "Urgent"),
        (block("b") + block("a", level="soon"), "group a, level", LEVELS, "soon"),
        (block("a", bullets="x"), "group a, bullets", TEXTS, "'x'"),
        (block("a", rules=["x", 1]), "group a, rules", TEXTS, "['x', 1]"),
        (block("a", examples=[" "]), "group a, examples", TEXTS, "[' ']"),
        (block("a", not_examples=[["x"]]), "group a, not_examples", TEXTS, "[['x']]"),
        (block("a", source=1), "group a, source", TEXT, "1"),
        (block("a", articles="no"), "group a, articles", FLAG, "'no'"),
        (block("a", counted=0), "group a, counted", FLAG, "0"),
        (block("a", history="true"), "group a, history", FLAG, "'true'"),
        (block("a", checked="2026-03-31"), "group a, checked", DAY, "2026-03-31"),
        (
            block("a") + "checked = 2026-03-31T10:00:00\n",
            "group a, checked",
            DAY,
            "2026-03-31 10:00:00",
        ),
        ("group = ['a']", "group", "[[group]] blocks", "['a']"),
        ("[group]\nid = 'a'", "group", "[[group]] blocks", "{'id': 'a'}"),
        ("version = 3", "version", TEXT, "3"),
        ("reviewed_by = ['A']", "reviewed_by", TEXT, "['A']"),
        ("next_review = 'soon'", "next_review", DAY, "soon"),
        (
            table("numbers.GB", {"emergncy": "999"}),
            "[numbers.GB], emergncy",
            f"one of {NUMBERS_KEYS}",
            "an unknown key",
        ),
        (table("numbers.GB", {"emergency": 999}), "[numbers.GB], emergency", TEXT, "999"),
        ("[numbers]\nGB = '999'", "[numbers.GB]", "a table, [numbers.GB]", "'999'"),
        ("[manner]\nsame = 'x'", "[manner.same]", "a table, [manner.same]", "'x'"),
        ("[terms]\nnumb = 'dead'", "[terms], numb", TEXTS, "'dead'"),
        ("[terms]\nnumb = ['']", "[terms], numb", TEXTS, "['']"),
        ("[manner]\nidioms = 'x'", "[manner], idioms", TEXTS, "'x'"),
        ("[manner.same]\ncant = [1]", "[manner.same], cant", TEXTS, "[1]"),
        ("[benign]\nexamples = 'x'", "[benign], examples", TEXTS, "'x'"),
        (
            "[manner]\nnegator = ['no']",
            "[manner], negator",
            f"one of {', '.join(SpeechPatterns.__slots__)}",
            "an unknown key",
        ),
    ],
)
def test_what_cannot_be_used_is_an_error_that_names_its_place_and_the_fix(
    tmp_path: Path, text: str, place: str, expected: str, found: str
) -> None:
    with pytest.raises(ContentError) as caught:
        read_red_flags(write(tmp_path, text))
    error = caught.value
    assert error.problem == "The urgent-symptom notices cannot be used."
    assert error.where == f"{tmp_path / 'red_flags.toml'}, {place}"
    assert (error.expected, error.found) == (expected, found)
    assert error.fix == "correct the file, then run: python -m safety validate"


# -- levels, numbers, signature -------------------------------------------------------------------


def test_levels_are_ordered_and_only_the_first_two_ask_to_act() -> None:
    assert [(level.value, level.order, level.asks_to_act) for level in Level] == [
        ("emergency", 0, True),
        ("urgent", 1, True),
        ("caution", 2, False),
    ]


HERE = Numbers(emergency="999", hospital="A&E", urgent_line="NHS 111", crisis_name="Samaritans")


@pytest.mark.parametrize(
    ("text", "numbers", "shown"),
    [
        (
            "Call {emergency} or go to {hospital}; ask a {doctor}, {urgent_line} or {crisis_name}",
            HERE,
            "Call 999 or go to A&E; ask a doctor, NHS 111 or Samaritans",  # the default doctor
        ),
        (
            "Call {emergency} or go to {hospital} now",
            Numbers(),
            "Call your local emergency number or go to the nearest hospital now",
        ),
        # Empty where the country has no such thing.
        ("{crisis_help}", Numbers(), ""),
        (" {crisis_help} ", Numbers(crisis_help="Call 988"), "Call 988"),
        *(
            ("{" + name + "}", Numbers(**{name: f"<{name}>"}), f"<{name}>")
            for name in Numbers.__slots__
        ),
    ],
)
def test_a_countrys_numbers_and_words_replace_the_placeholders(
    text: str, numbers: Numbers, shown: str
) -> None:
    assert filled(text, numbers) == shown


def test_a_bullet_that_is_empty_in_a_country_is_left_out_on_the_page(tmp_path: Path) -> None:
    group = block("low", bullets=["{crisis_help}", "you feel low", "{young_child}"])
    low = read_red_flags(write(tmp_path, group)).groups["low"]
    assert "<ul><li>you feel low</li></ul>" in notice_html(Display((low,)), Numbers())
    helped = notice_html(Display((low,)), Numbers(crisis_help="Talk to us"))
    assert "<ul><li>Talk to us</li><li>you feel low</li></ul>" in helped


def test_telephones_are_what_can_be_dialled_each_once_and_the_longest_first() -> None:
    assert Numbers().telephones == ()
    given = Numbers(emergency="111", urgent="0800 611 116", crisis="1737", urgent_line="Healthline")
    assert given.telephones == ("0800 611 116", "1737", "111")
    assert Numbers(emergency="112", urgent="112", crisis="116 123").telephones == ("116 123", "112")


# -- the file as it is shipped --------------------------------------------------------------------


@pytest.fixture(scope="module")
def shipped() -> RedFlags:
    return read_red_flags(ROOT / "content")


def test_every_country_of_the_shipped_file_has_an_emergency_number(shipped: RedFlags) -> None:
    numbers = {country: there.emergency for country, there in shipped.numbers.items()}
    assert numbers == {
        "GB": "999", "IE": "112", "EU": "112", "US": "911", "CA": "911", "AU": "000", "NZ": "111",
        "IN": "112",
    }  # fmt: skip


def test_the_shipped_file_is_marked_as_a_draft_and_nobody_has_signed_it(shipped: RedFlags) -> None:
    assert shipped.version.endswith("-draft")
    assert (shipped.reviewed_by, shipped.next_review) == ("", None)
    assert counted_states(shipped, today=TODAY)[SignatureState.UNSIGNED] == len(shipped.groups)
    assert review_of(shipped, today=TODAY) == (
        "These notices are a draft. No clinician has signed them off yet."
    )
    first_lines = (ROOT / "content" / "red_flags.toml").read_text(encoding="utf-8")[:400]
    assert "DRAFT. No clinician has signed this file off." in first_lines


def test_every_text_of_the_shipped_file_is_complete_in_every_country(shipped: RedFlags) -> None:
    assert len(shipped.groups) > 30
    for country, numbers in [*shipped.numbers.items(), ("no country", Numbers())]:
        for group in shipped.groups.values():
            heading = filled(group.heading, numbers)
            assert heading, f"{group.id} in {country}"
            bullets = [filled(bullet, numbers) for bullet in group.bullets]
            for text in (heading, group.title, *bullets):
                assert not set("{}") & set(text), f"{group.id} in {country}: {text}"
                assert "  " not in text, f"{group.id} in {country}: {text}"


def test_every_emergency_of_the_shipped_file_says_whom_to_call_or_where_to_go(
    shipped: RedFlags,
) -> None:
    emergencies = [g for g in shipped.groups.values() if g.level is Level.EMERGENCY]
    assert len(emergencies) > 10
    for group in emergencies:
        named = "{emergency}" in group.heading or "{hospital}" in group.heading
        assert named or group.id == "cord_compression"  # "Get medical help straight away"


def test_the_notice_about_self_harm_stands_alone_and_is_in_no_count(shipped: RedFlags) -> None:
    alone = {group.id for group in shipped.groups.values() if not group.articles}
    uncounted = {group.id for group in shipped.groups.values() if not group.counted}
    assert alone == {"self_harm"}
    assert uncounted == {
        "self_harm", "pregnancy_bleeding", "pregnancy_emergency", "pregnancy_treatment",
    }  # fmt: skip
