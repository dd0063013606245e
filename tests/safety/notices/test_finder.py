"""Which notices are shown, how, and as what HTML: the same for everyone."""

import re
from dataclasses import replace
from datetime import date
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from core.text.normalize import MAX_QUERY_CHARS, clean_query
from safety.notices.finder import (
    MAX_PIECES,
    Articles,
    Display,
    Notice,
    NoticeFinder,
    display,
    notice_records,
    pieces_of,
)
from safety.notices.red_flags import Group, Level, Numbers, RedFlags
from safety.notices.red_flags_file import read_red_flags
from safety.notices.signatures import text_digest
from safety.notices.tokenizer import sentences
from tests.support.files.notice_files import block, table, write
from ui.rendering.notices import announcement, notice_html, notices_html, review_of

TODAY = date(2026, 3, 1)
GB = Numbers(emergency="999", urgent="111", crisis="116 123", hospital="A&E", doctor="GP")
DRAFT = "These notices are a draft. No clinician has signed them off yet."
HOSTILE = '<script>alert(1)</script> & "x" <img src=x onerror=alert(1)>'

FILE = (
    table(
        "manner",
        {"asking": ["can needling", "what is"], "personal": ["i", "my", "he"], "negators": ["no"]},
    ),
    block(
        "calf",
        title="Swollen calf",
        heading="Ask a {doctor} today if:",
        bullets=["one calf is hot", "it began today"],
        source="NHS",
        checked=date(2026, 2, 28),
        rules=["calf"],
    ),
    block(
        "chest",
        level="emergency",
        title="Chest pain",
        heading="Call {emergency} or go to {hospital} now if:",
        bullets=["your chest is tight"],
        source="HSE",
        rules=["chest"],
    ),
    block("face", level="emergency", title="Face", rules=["face", "face + droop"]),
    block(
        "low",
        level="emergency",
        title="Feeling low",
        heading="Call {emergency} now",
        rules=["low"],
        articles=False,
        counted=False,
    ),
    block("thinner", level="caution", title="Thinners", rules=["warfarin"]),
    block("baby", level="caution", title="Pregnant", rules=["pregnant"], counted=False),
)


def signed(group: Group, *, signed_on: date = TODAY) -> Group:
    """Return a notice that a doctor has signed as it is."""
    digest = text_digest(group)
    return replace(
        group, signed_by="Dr <A>", registration="GMC 1", signed_on=signed_on, signed_text=digest
    )


@pytest.fixture
def flags(tmp_path: Path) -> RedFlags:
    return read_red_flags(write(tmp_path, *FILE))


def raised(flags: RedFlags, *names: str, is_information: bool = False) -> list[Notice]:
    """Return the notices with these names, in this order."""
    return [Notice(name, flags.groups[name].level, is_information) for name in names]


def shown(flags: RedFlags, names: str, *, is_information: bool = False) -> Display:
    return display(raised(flags, *names.split(), is_information=is_information), flags)


def groups(flags: RedFlags, question: str) -> list[str]:
    return [notice.group for notice in NoticeFinder(flags).find(question)]


# -- finding --------------------------------------------------------------------------------------


def test_the_most_urgent_notice_comes_first_whatever_the_words_order(flags: RedFlags) -> None:
    found = NoticeFinder(flags).find("warfarin, my calf, my chest")
    assert list(found) == raised(flags, "chest", "calf", "thinner")
    assert notice_records(found[:2]) == [
        {"group": "chest", "level": "emergency"},
        {"group": "calf", "level": "urgent"},
    ]
    assert notice_records(()) == []


@pytest.mark.parametrize(
    ("question", "order"),
    [
        ("my face and my chest", ["chest", "face"]),  # one part each: the order of the file
        ("my chest, and a droop of my face", ["face", "chest"]),  # two parts say more than one
    ],
)
def test_of_one_level_the_rule_that_says_most_comes_first(
    flags: RedFlags, question: str, order: list[str]
) -> None:
    assert groups(flags, question) == order


@pytest.mark.parametrize("nothing", ["", " ", "?!", "\n", "🙂", "my elbow", "\ud800"])
def test_words_that_no_rule_knows_raise_nothing(flags: RedFlags, nothing: str) -> None:
    assert NoticeFinder(flags).find(nothing) == ()


@pytest.mark.parametrize(
    ("question", "is_information"),
    [
        ("can needling hurt the calf", True),
        ("what is a hot calf", True),
        ("Can needling hurt my calf?", False),
        ("what is this calf he has", False),
        ("a hot calf", False),
    ],
)
def test_a_question_for_information_asks_and_speaks_of_nobody(
    flags: RedFlags, question: str, is_information: bool
) -> None:
    found = NoticeFinder(flags).find(question)
    assert found == (Notice("calf", Level.URGENT, is_information),)


# -- display --------------------------------------------------------------------------------------


def test_nothing_raised_changes_nothing(flags: RedFlags) -> None:
    assert display([], flags) == Display((), (), False, Articles.SHOWN, True, True)
    assert (notice_html(Display(), GB), announcement(Display(), GB)) == ("", "")


SHOWN, COLLAPSED, HIDDEN = Articles.SHOWN, Articles.COLLAPSED, Articles.HIDDEN


@pytest.mark.parametrize(
    ("names", "full", "others", "articles", "related", "counted"),
    [
        ("chest", "chest", "", COLLAPSED, False, True),
        ("chest face", "chest", "face", COLLAPSED, False, True),
        ("chest face calf", "chest", "face", COLLAPSED, False, True),
        ("calf", "calf", "", SHOWN, False, True),
        ("calf thinner", "calf", "", SHOWN, False, True),
        ("thinner", "thinner", "", SHOWN, True, True),
        ("baby", "baby", "", SHOWN, True, False),
        ("thinner baby", "thinner", "baby", SHOWN, True, False),
        ("low", "low", "", HIDDEN, False, False),
        ("low thinner", "low", "", HIDDEN, False, False),
        ("low chest", "low", "chest", HIDDEN, False, False),
        # "low" stands alone: it is in full below another.
        ("chest low", "chest low", "", HIDDEN, False, False),
        ("chest face low", "chest low", "face", HIDDEN, False, False),
    ],
)
def test_notices_decide_what_is_in_full_and_about_articles_and_counting(
    flags: RedFlags,
    names: str,
    full: str,
    others: str,
    articles: Articles,
    related: bool,
    counted: bool,
) -> None:
    found = shown(flags, names)
    assert [g.id for g in found.full] == full.split()
    assert [g.id for g in found.others] == others.split()
    assert (found.articles, found.related, found.counted) == (articles, related, counted)


def test_a_notice_that_stands_alone_is_in_full_whatever_its_level(flags: RedFlags) -> None:
    quiet = replace(flags.groups["low"], level=Level.CAUTION)
    found = shown(replace(flags, groups={**flags.groups, "low": quiet}), "chest low")
    assert ([g.id for g in found.full], found.others) == (["chest", "low"], ())
    assert found.articles is HIDDEN


@pytest.mark.parametrize(
    ("names", "is_information", "is_strip"),
    [
        ("calf", True, True),
        ("calf", False, False),
        ("low", True, False),  # stands alone: never one line
        ("chest low", True, False),
    ],
)
def test_a_question_for_information_shows_one_line_that_opens(
    flags: RedFlags, names: str, is_information: bool, is_strip: bool
) -> None:
    assert shown(flags, names, is_information=is_information).is_strip is is_strip


def test_a_notice_that_the_file_no_longer_holds_is_not_shown(flags: RedFlags) -> None:
    fewer = replace(flags, groups={"calf": flags.groups["calf"]})
    assert display(raised(flags, "chest", "calf"), fewer).full == (flags.groups["calf"],)
    assert display(raised(flags, "chest"), fewer) == Display()


# -- HTML of a search -----------------------------------------------------------------------------


class Parsed(HTMLParser):
    """The links, tags and visible text of a piece of HTML; every tag has to be closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[tuple[str, str]] = []
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._open.append(tag)
        given = dict(attrs)
        self.ids += [value for key, value in attrs if key == "id" and value]
        if tag == "a":
            self.links.append((given["href"] or "", ""))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        if "a" in self._open:
            href, text = self.links[-1]
            self.links[-1] = (href, text + data)


def test_a_notice_names_its_level_what_to_do_and_when(flags: RedFlags) -> None:
    assert notice_html(shown(flags, "chest"), GB) == (
        '<div class="cs-notices">'
        '<section class="cs-notice cs-emergency" aria-labelledby="cs-notice-chest">'
        '<h2 id="cs-notice-chest"><span class="cs-vh">Emergency: </span>'
        '<span>Call <a href="tel:999">999</a> or go to A&amp;E now if:</span></h2>'
        '<div class="cs-notice-body"><ul><li>your chest is tight</li></ul></div>'
        "</section></div>"
    )
    # Without bullets there is no empty list.
    assert "ul" not in Parsed(notice_html(shown(flags, "face"), GB)).tags


def test_a_strip_is_one_line_whose_body_has_the_whole_notice(flags: RedFlags) -> None:
    assert notice_html(shown(flags, "chest", is_information=True), GB) == (
        '<div class="cs-notices"><details class="cs-notice cs-emergency cs-strip">'
        "<summary>Important: <span>Chest pain</span></summary>"
        '<div class="cs-notice-body">'
        '<p><strong>Call <a href="tel:999">999</a> or go to A&amp;E now if:</strong></p>'
        "<ul><li>your chest is tight</li></ul></div></details></div>"
    )


def test_other_notices_of_the_level_are_one_line_of_links(flags: RedFlags) -> None:
    parsed = Parsed(notice_html(shown(flags, "chest face"), GB))
    assert parsed.links == [("tel:999", "999"), ("?view=notices&notice=face", "Face")]
    assert parsed.text.endswith("Your words also match these notices: Face.")
    assert "Your words also match" not in notice_html(shown(flags, "chest calf"), GB)


def test_a_notice_that_stands_alone_is_drawn_below_the_first(flags: RedFlags) -> None:
    parsed = Parsed(notice_html(shown(flags, "chest low"), GB))
    assert parsed.ids == ["cs-notice-chest", "cs-notice-low"]
    assert parsed.tags.count("h2") == 2


@pytest.mark.parametrize("is_information", [False, True])
def test_inside_a_notice_there_are_no_links_but_to_telephones(
    flags: RedFlags, is_information: bool
) -> None:
    for group in flags.groups:
        html = notice_html(shown(flags, group, is_information=is_information), GB)
        assert all(href.startswith("tel:") for href, _ in Parsed(html).links)


SHORT = Numbers(emergency="111", urgent="0800 111")


@pytest.mark.parametrize(
    ("line", "numbers", "dialled"),
    [
        ("Call 999", GB, ["999"]),
        ("999", GB, ["999"]),
        ("(999), or 999.", GB, ["999", "999"]),
        ("in 1999", GB, []),
        ("call 9990", GB, []),
        ("form 999-x", GB, []),
        ("form x-999", GB, []),
        ("room 999a", GB, []),
        ("talk to us on 116 123", GB, ["116 123"]),
        ("on 116 1234", GB, []),
        ("call 111 or 999", GB, ["111", "999"]),
        ("call 112", GB, []),  # another country's
        ("call 999", Numbers(), []),
        ("Call 0800 111 or 111", SHORT, ["0800 111", "111"]),  # a number inside a longer one
    ],
)
def test_only_a_number_of_the_country_that_stands_by_itself_can_be_dialled(
    flags: RedFlags, line: str, numbers: Numbers, dialled: list[str]
) -> None:
    group = replace(flags.groups["face"], heading="Go now", bullets=(line,))
    parsed = Parsed(notice_html(Display((group,)), numbers))
    assert parsed.links == [("tel:" + number.replace(" ", ""), number) for number in dialled]
    assert parsed.text == f"Emergency: Go now{line}"


def test_without_a_country_the_text_names_the_local_number(flags: RedFlags) -> None:
    parsed = Parsed(notice_html(shown(flags, "chest"), Numbers()))
    assert parsed.links == []
    assert "Call your local emergency number or go to the nearest hospital now if:" in parsed.text


def test_whatever_the_file_says_is_text_and_never_markup(flags: RedFlags) -> None:
    hostile = replace(
        flags.groups["chest"], title=HOSTILE, heading=HOSTILE, bullets=(HOSTILE,), source=HOSTILE
    )
    hostile = replace(signed(hostile), signed_by=HOSTILE, registration=HOSTILE)
    bad = replace(flags, groups={"chest": hostile}, reviewed_by=HOSTILE, next_review=TODAY)
    for html in (
        notice_html(Display((hostile,), others=(hostile,)), GB),
        notice_html(Display((hostile,), is_strip=True), GB),
        notices_html(bad, GB, today=TODAY),
        notice_html(Display((flags.groups["chest"],)), replace(GB, hospital=HOSTILE)),
    ):
        assert not {"script", "img"} & set(Parsed(html).tags)
        assert HOSTILE in Parsed(html).text


def test_staff_see_below_the_notices_who_has_reviewed_them(flags: RedFlags) -> None:
    usual = notice_html(shown(flags, "chest"), GB)
    note = '<p class="cs-note">For staff: a &lt;draft&gt;</p></div>'
    for_staff = notice_html(shown(flags, "chest"), GB, review="a <draft>")
    assert for_staff == usual.removesuffix("</div>") + note
    assert notice_html(Display(), GB, review="a draft") == ""


def test_everyone_sees_the_same_text_whatever_the_words(flags: RedFlags) -> None:
    finder = NoticeFinder(flags)
    asked = ["my calf zzz", "his calf, aged 71", "CALF!!", "no chest but what about the calf"]
    drawn = {notice_html(display(finder.find(question), flags), GB) for question in asked}
    assert drawn == {notice_html(shown(flags, "calf"), GB)}


@pytest.mark.parametrize(
    ("names", "is_information", "announced"),
    [
        ("chest face", False, "Call 999 or go to A&E now if: your chest is tight."),
        ("chest low", False, "Call 999 or go to A&E now if: your chest is tight. Call 999 now."),
        ("calf", True, "Ask a GP today if: one calf is hot."),
    ],
)
def test_the_announcement_says_the_headings_without_markup(
    flags: RedFlags, names: str, is_information: bool, announced: str
) -> None:
    said = announcement(shown(flags, names, is_information=is_information), GB)
    assert said == f"Important: {announced} Please read the whole notice."


# -- the page of all notices ----------------------------------------------------------------------


def test_the_page_lists_every_notice_by_urgency_with_a_place_to_link_to(flags: RedFlags) -> None:
    html = notices_html(flags, GB, today=TODAY)
    ids = Parsed(html).ids
    assert [name.removeprefix("notice-") for name in ids if name.startswith("notice-")] == [
        "chest", "face", "low", "calf", "thinner", "baby",
    ]  # fmt: skip
    assert len(ids) == len(set(ids))
    levels = ["Emergency", "Get help today", "Tell us before treatment"]
    assert re.findall("<h2[^>]*>([^<]*)</h2>", html) == levels
    fewer = replace(flags, groups={"calf": flags.groups["calf"]})
    html = notices_html(fewer, GB, today=TODAY)
    assert re.findall("<h2[^>]*>([^<]*)</h2>", html) == levels[1:2]


def test_a_listed_notice_has_its_title_what_to_do_every_bullet_and_its_source(
    flags: RedFlags,
) -> None:
    chest, _, after = Parsed(notices_html(flags, GB, today=TODAY)).text.partition("Chest pain")
    assert after.startswith(
        "Call 999 or go to A&E now if:your chest is tight"
        "Source: HSE (checked on a day that is not stated)"
        "Draft: not signed by a clinician"
    )
    assert "Chest pain" not in after
    assert "it began today" not in chest
    assert "one calf is hotit began todaySource: NHS (checked 28 February 2026)Draft" in after


def test_a_file_without_notices_says_so() -> None:
    html = notices_html(RedFlags(), GB, today=TODAY)
    assert "There are no notices yet. Use “Get help now” at the top of the page." in html
    assert "signed" not in html


EACH = "A clinician has signed each of these notices."
SOME = "Clinicians have signed 2 of these 6 notices. The others are drafts."


@pytest.mark.parametrize(
    ("number", "signed_on", "next_review", "text"),
    [
        (0, TODAY, None, DRAFT),
        (0, TODAY, date(2027, 1, 5), DRAFT),
        (2, TODAY, None, SOME),
        (6, TODAY, None, EACH),
        (6, TODAY, TODAY, f"{EACH} Next review: 1 March 2026."),
        (6, TODAY, date(2026, 2, 28), EACH),
        (2, date(2026, 2, 1), date(2026, 2, 28), f"{SOME} Overdue for a new check: 2."),
        (6, date(2025, 2, 28), None, f"{EACH} Overdue for a new check: 6."),
    ],
)
def test_the_page_says_how_many_notices_are_signed(
    flags: RedFlags, number: int, signed_on: date, next_review: date | None, text: str
) -> None:
    names = list(flags.groups)[:number]
    groups = {name: signed(flags.groups[name], signed_on=signed_on) for name in names}
    flags = replace(flags, groups={**flags.groups, **groups}, next_review=next_review)
    assert review_of(flags, today=TODAY) == text
    assert text in unescape(notices_html(flags, GB, today=TODAY))


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({}, "Signed by Dr <A> (GMC 1), 1 March 2026"),
        ({"signed_by": ""}, "Draft: not signed by a clinician"),
        ({"refused": "no <b>"}, "Draft: not signed by a clinician"),
        ({"title": "New"}, "Draft: the text has changed since a clinician last saw it"),
        (
            {"signed_on": date(2025, 1, 3)},
            "Draft: the next check is overdue. Signed by Dr <A> (GMC 1), 3 January 2025",
        ),
    ],
)
def test_each_listed_notice_says_who_has_signed_it_or_that_it_is_a_draft(
    flags: RedFlags, keys: dict[str, Any], said: str
) -> None:
    chest = replace(signed(flags.groups["chest"]), **keys)
    html = notices_html(replace(flags, groups={"chest": chest}), GB, today=TODAY)
    assert Parsed(html).text.endswith(said)
    assert "<A>" not in html
    assert "<b>" not in html
    assert "your chest is tight" in html


# -- long questions -------------------------------------------------------------------------------


@given(some.text(alphabet="ab.?! ", max_size=500))
def test_no_question_of_500_characters_has_sentences_joined(question: str) -> None:
    assert len(sentences(clean_query(question))) <= MAX_PIECES


@pytest.mark.parametrize(
    "long", [". ".join(map(str, range(2000))), "no! " * 1000, "a? b. " * 700, "x" * 4000]
)
def test_a_long_question_is_compared_in_fewpieces_of_and_none_of_it_is_left_out(long: str) -> None:
    question = clean_query(long)
    pieces = pieces_of(question)
    assert len(pieces) <= MAX_PIECES
    assert " ".join(pieces) == question


@pytest.mark.parametrize("filler", ["my back is stiff. ", "my back is stiff ", "7. ", "no. "])
def test_urgent_words_at_the_end_of_the_longest_question_raise_their_notice(
    filler: str, flags: RedFlags
) -> None:
    urgent = ". My chest hurts"
    question = (filler * 4000)[: MAX_QUERY_CHARS - len(urgent)] + urgent
    assert "chest" in groups(flags, question)


def test_rules_that_were_matched_are_not_matched_again(
    flags: RedFlags, monkeypatch: pytest.MonkeyPatch
) -> None:
    finder = NoticeFinder(flags)
    by_rules = finder.match_rules("my chest hurts")
    monkeypatch.setattr(finder, "_rules", None)
    assert list(finder.find("my chest hurts", by_rules=by_rules)) == raised(flags, "chest")
