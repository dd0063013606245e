"""Which notices are shown, how, and as what HTML: the same for everyone."""

import re
from dataclasses import replace
from datetime import date
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

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
    _pieces,
    display,
    notice_records,
)
from safety.notices.red_flags import Level, Numbers, RedFlags, read_red_flags
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
        {
            "asking": ["can needling", "what is"],
            "personal": ["i", "my", "he"],
            "negators": ["no"],
        },
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


@pytest.fixture
def flags(tmp_path: Path) -> RedFlags:
    return read_red_flags(write(tmp_path, *FILE))


def raised(flags: RedFlags, *names: str, is_information: bool = False) -> list[Notice]:
    """Return the notices with these names, in this order."""
    return [Notice(name, flags.groups[name].level, is_information) for name in names]


def shown(flags: RedFlags, *names: str, is_information: bool = False) -> Display:
    return display(raised(flags, *names, is_information=is_information), flags)


def names(found: Display) -> tuple[list[str], list[str]]:
    return [group.id for group in found.full], [group.id for group in found.others]


# -- finding --------------------------------------------------------------------------------------


def test_the_most_urgent_notice_comes_first_whatever_the_words_order(flags: RedFlags) -> None:
    found = NoticeFinder(flags).find("warfarin, my calf, my chest")
    assert found == (
        Notice("chest", Level.EMERGENCY),
        Notice("calf", Level.URGENT),
        Notice("thinner", Level.CAUTION),
    )


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
    assert [one.group for one in NoticeFinder(flags).find(question)] == order


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


def test_records_name_group_and_level_the_most_urgent_first(flags: RedFlags) -> None:
    found = NoticeFinder(flags).find("my calf and chest")
    assert notice_records(found) == [
        {"group": "chest", "level": "emergency"},
        {"group": "calf", "level": "urgent"},
    ]
    assert notice_records(()) == []


# -- display --------------------------------------------------------------------------------------


def test_nothing_raised_changes_nothing(flags: RedFlags) -> None:
    assert display([], flags) == Display()
    assert Display().articles is Articles.SHOWN
    assert Display().related
    assert Display().counted


@pytest.mark.parametrize(
    ("raised", "full", "others"),
    [
        ("chest face calf", ["chest"], ["face"]),
        ("calf thinner", ["calf"], []),
        ("chest low face", ["chest", "low"], ["face"]),  # "low" stands alone: full below another
        ("low chest", ["low"], ["chest"]),
    ],
)
def test_the_first_notice_is_in_full_and_others_of_its_level_are_named(
    flags: RedFlags, raised: str, full: list[str], others: list[str]
) -> None:
    assert names(shown(flags, *raised.split())) == (full, others)


def test_a_notice_that_stands_alone_is_in_full_whatever_its_level(flags: RedFlags) -> None:
    quiet = replace(flags.groups["low"], level=Level.CAUTION)
    changed = replace(flags, groups={**flags.groups, "low": quiet})
    found = shown(changed, "chest", "low")
    assert names(found) == (["chest", "low"], [])
    assert found.articles is Articles.HIDDEN


@pytest.mark.parametrize(
    ("raised", "articles", "related", "counted"),
    [
        ("chest", Articles.COLLAPSED, False, True),
        ("chest face", Articles.COLLAPSED, False, True),
        ("calf", Articles.SHOWN, False, True),
        ("thinner", Articles.SHOWN, True, True),
        ("baby", Articles.SHOWN, True, False),
        ("thinner baby", Articles.SHOWN, True, False),
        ("low", Articles.HIDDEN, False, False),
        ("low thinner", Articles.HIDDEN, False, False),
        ("chest low", Articles.HIDDEN, False, False),
        ("chest face low", Articles.HIDDEN, False, False),
    ],
)
def test_notices_decide_about_the_articles_and_the_counting_of_a_search(
    flags: RedFlags, raised: str, articles: Articles, related: bool, counted: bool
) -> None:
    found = shown(flags, *raised.split())
    assert (found.articles, found.related, found.counted) == (articles, related, counted)


@pytest.mark.parametrize(
    ("raised", "is_information", "is_strip"),
    [
        (["calf"], True, True),
        (["calf"], False, False),
        (["low"], True, False),  # stands alone: never one line
        (["chest", "low"], True, False),
    ],
)
def test_a_question_for_information_shows_one_line_that_opens(
    flags: RedFlags, raised: list[str], is_information: bool, is_strip: bool
) -> None:
    assert shown(flags, *raised, is_information=is_information).is_strip is is_strip


def test_a_notice_that_the_file_no_longer_holds_is_not_shown(flags: RedFlags) -> None:
    fewer = replace(flags, groups={"calf": flags.groups["calf"]})
    assert names(display(raised(flags, "chest", "calf"), fewer)) == (["calf"], [])
    assert display(raised(flags, "chest"), fewer) == Display()


# -- HTML of a search -----------------------------------------------------------------------------


class Parsed(HTMLParser):
    """The links, tags and visible text of a piece of HTML; every tag has to be closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[tuple[str, str]] = []
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.said = ""
        self._open: list[str] = []
        self._href: str | None = None
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
        self.said += data
        if "a" in self._open:
            href, text = self.links[-1]
            self.links[-1] = (href, text + data)


def test_nothing_raised_draws_and_says_nothing() -> None:
    assert notice_html(Display(), GB) == ""
    assert announcement(Display(), GB) == ""


def test_a_notice_names_its_level_what_to_do_and_when(flags: RedFlags) -> None:
    assert notice_html(shown(flags, "chest"), GB) == (
        '<div class="cs-notices">'
        '<section class="cs-notice cs-emergency" aria-labelledby="cs-notice-chest">'
        '<h2 id="cs-notice-chest"><span class="cs-vh">Emergency: </span>'
        '<span>Call <a href="tel:999">999</a> or go to A&amp;E now if:</span></h2>'
        '<div class="cs-notice-body"><ul><li>your chest is tight</li></ul></div>'
        "</section></div>"
    )


def test_a_notice_without_bullets_has_no_empty_list(flags: RedFlags) -> None:
    assert "ul" not in Parsed(notice_html(shown(flags, "face"), GB)).tags


def test_other_notices_of_the_level_are_one_line_of_links(flags: RedFlags) -> None:
    parsed = Parsed(notice_html(shown(flags, "chest", "face"), GB))
    assert parsed.links == [("tel:999", "999"), ("?view=notices&notice=face", "Face")]
    assert parsed.said.endswith("Your words also match these notices: Face.")
    assert "Your words also match" not in notice_html(shown(flags, "chest", "calf"), GB)


def test_a_notice_that_stands_alone_is_drawn_below_the_first(flags: RedFlags) -> None:
    parsed = Parsed(notice_html(shown(flags, "chest", "low"), GB))
    assert parsed.ids == ["cs-notice-chest", "cs-notice-low"]
    assert parsed.tags.count("h2") == 2


def test_inside_a_notice_there_are_no_links_but_to_telephones(flags: RedFlags) -> None:
    for group in flags.groups:
        for is_information in (False, True):
            html = notice_html(shown(flags, group, is_information=is_information), GB)
            assert all(href.startswith("tel:") for href, _ in Parsed(html).links)


@pytest.mark.parametrize(
    ("line", "dialled"),
    [
        ("Call 999", ["999"]),
        ("999", ["999"]),
        ("(999), or 999.", ["999", "999"]),
        ("in 1999", []),
        ("call 9990", []),
        ("form 999-x", []),
        ("form x-999", []),
        ("room 999a", []),
        ("talk to us on 116 123", ["116 123"]),
        ("on 116 1234", []),
        ("call 111 or 999", ["111", "999"]),
        ("call 112", []),  # another country's
    ],
)
def test_only_a_number_of_the_country_that_stands_by_itself_can_be_dialled(
    flags: RedFlags, line: str, dialled: list[str]
) -> None:
    group = replace(flags.groups["face"], heading="Go now", bullets=(line,))
    parsed = Parsed(notice_html(Display((group,)), GB))
    assert [text for _, text in parsed.links] == dialled
    assert [href for href, _ in parsed.links] == ["tel:" + d.replace(" ", "") for d in dialled]
    assert parsed.said == f"Emergency: Go now{line}"


def test_a_number_inside_a_longer_one_does_not_take_its_place(flags: RedFlags) -> None:
    here = Numbers(emergency="111", urgent="0800 111")
    group = replace(flags.groups["face"], heading="Call 0800 111 or 111")
    links = Parsed(notice_html(Display((group,)), here)).links
    assert links == [("tel:0800111", "0800 111"), ("tel:111", "111")]


def test_without_a_country_nothing_can_be_dialled(flags: RedFlags) -> None:
    parsed = Parsed(notice_html(shown(flags, "chest"), Numbers()))
    assert parsed.links == []
    assert "Call your local emergency number or go to the nearest hospital now if:" in parsed.said


def test_a_strip_is_one_line_whose_body_has_the_whole_notice(flags: RedFlags) -> None:
    assert notice_html(shown(flags, "chest", is_information=True), GB) == (
        '<div class="cs-notices"><details class="cs-notice cs-emergency cs-strip">'
        "<summary>Important: <span>Chest pain</span></summary>"
        '<div class="cs-notice-body">'
        '<p><strong>Call <a href="tel:999">999</a> or go to A&amp;E now if:</strong></p>'
        "<ul><li>your chest is tight</li></ul></div></details></div>"
    )


def test_whatever_the_file_says_is_text_and_never_markup(flags: RedFlags) -> None:
    hostile = replace(
        flags.groups["chest"], title=HOSTILE, heading=HOSTILE, bullets=(HOSTILE,), source=HOSTILE
    )
    bad = replace(flags, groups={"chest": hostile}, reviewed_by=HOSTILE, next_review=TODAY)
    drawn = [
        notice_html(Display((hostile,), others=(hostile,)), GB),
        notice_html(Display((hostile,), is_strip=True), GB),
        notices_html(bad, GB, today=TODAY),
        notice_html(Display((flags.groups["chest"],)), replace(GB, hospital=HOSTILE)),
    ]
    for html in drawn:
        assert not {"script", "img"} & set(Parsed(html).tags)
        assert HOSTILE in Parsed(html).said


def test_staff_are_told_below_the_notices_who_stands_behind_them(flags: RedFlags) -> None:
    usual = notice_html(shown(flags, "chest"), GB)
    told = notice_html(shown(flags, "chest"), GB, review="a <draft>")
    note = '<p class="cs-note">For staff: a &lt;draft&gt;</p></div>'
    assert told == usual.removesuffix("</div>") + note
    assert notice_html(Display(), GB, review="a draft") == ""


def test_everyone_sees_the_same_text_whatever_the_words(flags: RedFlags) -> None:
    finder = NoticeFinder(flags)
    asked = ["my calf zzz", "his calf, aged 71", "CALF!!", "no chest but what about the calf"]
    drawn = {notice_html(display(finder.find(question), flags), GB) for question in asked}
    assert drawn == {notice_html(shown(flags, "calf"), GB)}


@pytest.mark.parametrize(
    ("raised", "is_information", "announced"),
    [
        (["chest", "face"], False, "Important: Call 999 or go to A&E now if."),
        (["chest", "low"], False, "Important: Call 999 or go to A&E now if. Call 999 now."),
        (["calf"], True, "Important: Ask a GP today if."),
    ],
)
def test_the_announcement_says_the_headings_without_markup(
    flags: RedFlags, raised: list[str], is_information: bool, announced: str
) -> None:
    assert announcement(shown(flags, *raised, is_information=is_information), GB) == announced


# -- the page of all notices ----------------------------------------------------------------------


def test_the_page_lists_every_notice_by_urgency_with_a_place_to_link_to(flags: RedFlags) -> None:
    html = notices_html(flags, GB, today=TODAY)
    anchors = [name for name in Parsed(html).ids if name.startswith("notice-")]
    assert anchors == [
        "notice-chest", "notice-face", "notice-low", "notice-calf", "notice-thinner", "notice-baby",
    ]  # fmt: skip
    assert re.findall("<h2[^>]*>([^<]*)</h2>", html) == [
        "Emergency", "Get help today", "Tell us before treatment",
    ]  # fmt: skip
    assert len(Parsed(html).ids) == len(set(Parsed(html).ids))


def test_a_listed_notice_has_its_title_what_to_do_and_every_bullet(flags: RedFlags) -> None:
    said = Parsed(notices_html(flags, GB, today=TODAY)).said
    chest, _, after = said.partition("Chest pain")
    assert after.startswith("Call 999 or go to A&E now if:your chest is tightSource: HSE")
    assert "Chest pain" not in after
    assert "it began today" not in chest
    assert "one calf is hotit began todaySource: NHS" in after


def test_a_level_without_notices_has_no_heading(flags: RedFlags) -> None:
    fewer = replace(flags, groups={"calf": flags.groups["calf"]})
    html = notices_html(fewer, GB, today=TODAY)
    assert re.findall("<h2[^>]*>([^<]*)</h2>", html) == ["Get help today"]


def test_a_listed_notice_says_its_source_and_when_that_was_checked(flags: RedFlags) -> None:
    html = notices_html(flags, GB, today=TODAY)
    assert re.findall('<p class="cs-source">([^<]*)</p>', html)[0] == (
        "Source: HSE (checked on a day that is not stated)"
    )
    assert '<p class="cs-source">Source: NHS (checked 28 February 2026)</p>' in html


def test_a_file_without_notices_says_so() -> None:
    html = notices_html(RedFlags(), GB, today=TODAY)
    assert "There are no notices yet. Use “Get help now” at the top of the page." in html
    assert "signed" not in html


@pytest.mark.parametrize(
    ("reviewed_by", "next_review", "told"),
    [
        ("", None, DRAFT),
        ("", date(2027, 1, 5), DRAFT),
        ("Dr A", None, DRAFT),
        ("Dr <A>", date(2026, 3, 1), "Checked by Dr <A>. Next review: 1 March 2026."),
        (
            "Dr A",
            date(2026, 2, 28),
            "The check of these notices is overdue. It was due on 28 February 2026.",
        ),
    ],
)
def test_the_page_says_who_stands_behind_the_notices(
    flags: RedFlags, reviewed_by: str, next_review: date | None, told: str
) -> None:
    signed = replace(flags, reviewed_by=reviewed_by, next_review=next_review)
    assert review_of(signed, today=TODAY) == told
    html = notices_html(signed, GB, today=TODAY)
    assert told in unescape(html)
    assert "<A>" not in html


# -- long questions -------------------------------------------------------------------------------


@pytest.fixture
def finder(flags: RedFlags) -> NoticeFinder:
    return NoticeFinder(flags)


@given(some.text(alphabet="ab.?! ", max_size=500))
def test_no_question_of_500_characters_has_sentences_joined(question: str) -> None:
    assert len(sentences(clean_query(question))) <= MAX_PIECES


@pytest.mark.parametrize(
    "long", [". ".join(map(str, range(2000))), "no! " * 1000, "a? b. " * 700, "x" * 4000]
)
def test_a_long_question_is_compared_in_few_pieces_and_none_of_it_is_left_out(long: str) -> None:
    question = clean_query(long)
    pieces = _pieces(question)
    assert len(pieces) <= MAX_PIECES
    assert " ".join(pieces) == question


@pytest.mark.parametrize("filler", ["my back is stiff. ", "my back is stiff ", "7. ", "no. "])
def test_urgent_words_at_the_end_of_the_longest_question_raise_their_notice(
    filler: str, finder: NoticeFinder
) -> None:
    urgent = ". My chest hurts"
    question = (filler * 4000)[: MAX_QUERY_CHARS - len(urgent)] + urgent
    assert "chest" in [one.group for one in finder.find(question)]


def test_rules_that_were_matched_are_not_matched_again(
    finder: NoticeFinder, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_rules = finder.match_rules("my chest hurts")
    monkeypatch.setattr(finder, "_rules", None)
    found = finder.find("my chest hurts", by_rules=by_rules)
    assert [notice.group for notice in found] == ["chest"]
