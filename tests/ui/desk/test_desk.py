"""The desk: what is looked up, what a score is made of, what is shown, copied and handed on."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from threading import current_thread
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from core.clinic_settings import Clinic
from core.text.normalize import MAX_QUERY_CHARS
from core.types import (
    Article,
    MatchedView,
    Outcome,
    Passage,
    Provenance,
    SearchResponse,
    SearchResult,
    Span,
    ViewKind,
)
from index.search.pipeline import search
from index.store.generations import OpenIndex, open_index
from safety.notices.finder import Articles, Display, Notice
from safety.notices.red_flags import Group, Level
from tests.support.building import build_with
from tests.support.fakes import BagOfWordsEncoder
from tests.support.files.content import label, label_enough_to_calibrate
from ui.desk import page
from ui.desk.choice import Choice, chosen, options, without_hidden
from ui.desk.handout import CSV_COLUMNS, csv_text, parts_html, sheet_html
from ui.desk.rows import MAX_QUESTIONS, Lookup, Row, Scores, look_up, questions_of
from ui.desk.table import desk_html, keys_html, number
from ui.languages import text
from ui.limits.rate_limit import TokenBucket
from ui.service import engine
from ui.service.catalogue import area_of

TODAY = date(2026, 3, 1)
CLINIC = Clinic(name="Test <clinic>", telephone="020 7946 0000")
HOSTILE = '</style><script>alert(1)</script> --> & "x" <img src=x onerror=alert(1)> $x$ **b**'
WORDS = "It is safe. No medicine is injected. Ask us."


@pytest.fixture
def index(built: Path, encoder: BagOfWordsEncoder) -> OpenIndex:
    return open_index(built, encoder=encoder)


def no_notices(question: str, encode: object) -> tuple[Notice, ...]:
    return ()


def shown(notices: Sequence[Notice]) -> Display:
    """Show a notice as the page does; "alone" lets no article stand beside it."""
    if not notices:
        return Display()
    group = replace(GROUP, id=notices[0].group)
    articles = Articles.HIDDEN if group.id == "alone" else Articles.COLLAPSED
    return Display(full=(group,), articles=articles)


GROUP = Group(
    id="chest",
    level=Level.EMERGENCY,
    title="Chest <pain>",
    heading="Call 999",
    bullets=(),
    rules=(),
    examples=(),
    not_examples=(),
    source="",
    checked=None,
)


def a_row(
    words: str = WORDS,
    *,
    rank: int = 1,
    article: str = "a",
    heading: str = "What happens",
    source: str = "a.txt",
    provenance: Provenance | None = None,
    labels: tuple[str, ...] = (),
    scores: Scores | None = None,
) -> Row:
    made = Article(
        article,
        f"Needles {article}",
        words,
        (),
        source,
        "0123456789" * 6 + "abcd",
        provenance or Provenance(),
    )
    section = f"{article}#{heading.lower().replace(' ', '-')}"
    passage = Passage(
        f"{section}/1",
        article,
        section,
        made.title,
        heading,
        (heading,),
        words,
        0,
        len(words),
        labels,
    )
    result = SearchResult(
        rank,
        passage,
        0.5,
        Span(12, 36),
        (Span(15, 23),),
        MatchedView(ViewKind.SENTENCE, "No medicine is injected."),
        labels,
    )
    return Row(
        result, made, scores or Scores(0.9, None, 0.8, 0.5, 0.625, -0.125, 1.2345), area_of(made)
    )


def asked(
    *rows: Row,
    question: str = "is it safe",
    outcome: Outcome = Outcome.ANSWER,
    notices: tuple[Notice, ...] = (),
) -> Lookup:
    response = SearchResponse(question, outcome, tuple(row.result for row in rows), "g1")
    return Lookup(response, rows, notices)


class Tags(HTMLParser):
    """Every element with its attributes, and the text inside of each element of a class."""

    def __init__(self, wanted: str = "") -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.found: list[str] = []
        self._wanted = wanted
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        assert not [name for name, _ in attrs if name.startswith("on")]
        if tag in ("br", "input", "img"):
            return
        if self._depth:
            self._depth += 1
        elif self._wanted and self._wanted in (dict(attrs).get("class") or "").split():
            self._depth = 1
            self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        self._depth = max(0, self._depth - 1)

    def handle_data(self, data: str) -> None:
        if self._depth:
            self.found[-1] += data


def inside(html: str, wanted: str) -> list[str]:
    parser = Tags(wanted)
    parser.feed(html)
    return parser.found


def drawn(*found: Lookup, csv: str = "") -> str:
    return desk_html(found, CLINIC, today=TODAY, shown=shown, run=1, csv=csv)


# -- what is looked up ----------------------------------------------------------------------------


def test_a_list_is_one_question_a_line_without_blanks_and_repetitions() -> None:
    pasted = "  stiff\u202e neck \n\n???\r\nback\tpain\nstiff neck\n"
    assert questions_of(pasted) == (("stiff neck", "back pain"), 0)
    assert questions_of("") == ((), 0)


def test_a_long_list_is_cut_and_says_by_how_much_and_so_is_a_long_question() -> None:
    lines = [f"neck {number}" for number in range(MAX_QUESTIONS + 7)]
    questions, left_out = questions_of("\n".join(lines))
    assert (questions, left_out) == (tuple(lines[:MAX_QUESTIONS]), 7)
    (long,), _ = questions_of("neck " * MAX_QUERY_CHARS)
    assert len(long) <= MAX_QUERY_CHARS


def test_scores_of_a_passage_are_those_that_can_be_computed_by_hand(index: OpenIndex) -> None:
    found = look_up(index, "stiff neck", k=5, find=no_notices)
    first = found.rows[0]
    assert first.result.passage.id == "necks#introduction/1"
    # "A stiff neck is common. It often passes." counts one stiff and one neck, as the question
    # does; the introduction has no heading, and what its text says counts for it.
    assert first.scores.text == pytest.approx(1)
    assert first.scores.sentence == pytest.approx(1)
    assert first.scores.heading is None
    assert first.scores.boost == 0
    assert first.scores.total == pytest.approx(1 + 0.3 * first.scores.coverage)
    # "The neck carries the head. Pain can spread to the back." has neck, pain and back: one of the
    # question's two words among three. Its heading, "Why It Hurts", has none.
    second = found.rows[1]
    assert second.result.passage.id == "necks#why-it-hurts/1"
    assert second.scores.text == pytest.approx(1 / 6**0.5)
    assert second.scores.heading == pytest.approx(0)
    assert second.scores.sentence == pytest.approx(0.5**0.5)


@pytest.mark.parametrize("question", ["stiff neck", "nek pain", "does it hurt", "zebra", "+nek"])
def test_rows_are_what_a_search_returns_and_their_parts_make_its_score(
    question: str, content: Path, encoder: BagOfWordsEncoder, tmp_path: Path
) -> None:
    label_enough_to_calibrate(content)
    build_with(encoder, content, tmp_path / "other")
    index = open_index(tmp_path / "other", encoder=encoder)
    found = look_up(index, question, k=3, find=no_notices)
    assert found.response == search(index, question, k=3)
    assert [row.result for row in found.rows] == list(found.response.results)
    for row in found.rows:
        scores = row.scores
        assert scores.total == row.result.score
        assert scores.text is not None
        views = {"heading": scores.heading, "sentence": scores.sentence}
        cosines = [0.5 * scores.text] + [
            share * (scores.text if views[name] is None else views[name])
            for name, share in (("heading", 0.1), ("sentence", 0.4))
        ]
        first = sum(cosines) + 0.3 * scores.coverage
        assert scores.late is None  # this encoder has no word pieces
        assert first + scores.boost == pytest.approx(scores.total)


def test_a_row_holds_the_boost_of_the_bank(
    content: Path, encoder: BagOfWordsEncoder, tmp_path: Path
) -> None:
    label(content, answers={"neck blood": "blood#introduction", "stiff": "necks#introduction"})
    build_with(encoder, content, tmp_path / "other")
    index = open_index(tmp_path / "other", encoder=encoder)
    rows = look_up(index, "neck blood", k=5, find=no_notices).rows
    boosts = {row.result.passage.id: row.scores.boost for row in rows}
    assert boosts["blood#introduction/1"] > 0.1
    assert boosts["necks#why-it-hurts/1"] == 0


def test_a_question_is_encoded_once_for_search_scores_and_notices(
    built: Path, encoder: BagOfWordsEncoder
) -> None:
    index = open_index(built, encoder=encoder)
    encoder.encoded.clear()
    notice = Notice("chest", Level.EMERGENCY)

    def find(question: str, encode: Callable[[Sequence[str]], object]) -> tuple[Notice, ...]:
        encode([question])
        return (notice,)

    found = look_up(index, "stiff neck", k=5, find=find)
    assert encoder.encoded == ["stiff neck"]
    assert found.notices == (notice,)


def test_a_desk_searches_in_the_threads_of_the_engine_beside_the_visitors(
    index: OpenIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = engine.Engine(
        open_index=lambda _: index,
        generation=lambda: "g1",
        search=lambda _index, _question: pytest.fail("the desk asks for itself"),
        allowance=TokenBucket(per_second=0.001, at_once=1),  # which is the visitors'
    )
    threads: list[str] = []

    def noted(*given: Any, **named: Any) -> Lookup:
        threads.append(current_thread().name)
        return look_up(*given, **named)

    monkeypatch.setattr(page, "look_up", noted)
    monkeypatch.setattr(page, "notice_service", SimpleNamespace(find=no_notices))
    monkeypatch.setattr(page.st, "session_state", {})
    engine.set_engine(made)
    try:
        drawn = SimpleNamespace(html=lambda _html: None)
        questions = tuple(f"stiff neck {number}" for number in range(5))
        held = page._search(drawn, index, questions, 5)  # type: ignore[arg-type]
    finally:
        engine.set_engine(None)
    assert [lookup.response.query for lookup in held.found] == list(questions)
    assert len(threads) == 5
    assert all(name.startswith("search") for name in threads)


def test_a_body_area_is_the_folder_of_an_article_and_nothing_else() -> None:
    assert area_of(a_row(source="shoulder/frozen/a.txt").article) == "shoulder"
    assert area_of(a_row(source="shoulder.txt").article) == ""


# -- what is shown --------------------------------------------------------------------------------

NECK = a_row(article="neck", source="neck/n.txt", heading="Introduction", rank=1)
BACK = a_row(
    article="back",
    source="back/b.txt",
    heading="Introduction",
    rank=2,
    provenance=Provenance(reviewed=date(2026, 1, 1), reviewer="Dr A"),
    scores=Scores(0.1, 0.7, None, 0.9, None, 0.0, 0.6),
)
HIP = a_row(
    article="hip", heading="Rest", rank=3, scores=Scores(0.5, 0.6, 0.95, 0.1, 0.4, 0.2, 0.3)
)
ALL = asked(NECK, BACK, HIP)


@pytest.mark.parametrize(
    ("choice", "left"),
    [
        (Choice(), [1, 2, 3]),
        (Choice(article="back"), [2]),
        (Choice(section="hip#rest"), [3]),
        (Choice(area="neck"), [1]),
        (Choice(review="reviewed"), [2]),
        (Choice(review="not_reviewed"), [1, 3]),
        (Choice(article="back", area="neck"), []),
        (Choice(sort="text"), [1, 3, 2]),
        (Choice(sort="heading"), [2, 3, 1]),
        (Choice(sort="sentence"), [3, 1, 2]),
        (Choice(sort="coverage"), [2, 1, 3]),
        (Choice(sort="late"), [1, 3, 2]),
        (Choice(sort="boost"), [3, 2, 1]),
    ],
)
def test_a_choice_keeps_and_orders_rows(choice: Choice, left: list[int]) -> None:
    (kept,) = chosen([ALL], choice, today=TODAY)
    assert [row.result.rank for row in kept.rows] == left


def test_only_answers_leaves_out_questions_that_the_page_does_not_answer() -> None:
    related = asked(HIP, question="other", outcome=Outcome.RELATED)
    nothing = asked(question="cost", outcome=Outcome.NOT_COVERED)
    everything = [ALL, related, nothing]
    assert chosen(everything, Choice(), today=TODAY) == tuple(everything)
    assert chosen(everything, Choice(only_answers=True), today=TODAY) == (ALL,)


def test_filters_offer_what_was_found_and_tell_sections_of_one_name_apart() -> None:
    offered = options([ALL, asked(HIP)], today=TODAY)
    assert [*offered.articles] == ["back", "hip", "neck"]
    assert offered.areas == {"back": "back", "neck": "neck"}
    assert offered.reviews == ("not_reviewed", "reviewed")
    assert [*offered.sections.values()] == [
        "Introduction (Needles back)",
        "Introduction (Needles neck)",
        "Rest",
    ]


def test_no_article_stands_beside_a_notice_that_stands_alone_for_staff_neither() -> None:
    alone = asked(NECK, notices=(Notice("alone", Level.EMERGENCY),))
    chest = asked(NECK, notices=(Notice("chest", Level.EMERGENCY),))
    kept = without_hidden([alone, chest, ALL], shown)
    assert [len(one.rows) for one in kept] == [0, 1, 3]


def test_a_question_says_its_outcome_its_correction_and_its_notices() -> None:
    found = asked(NECK, notices=(Notice("chest", Level.EMERGENCY),), outcome=Outcome.RELATED)
    response = replace(found.response, corrected_query="is <it> safe", also_searched=("sciatica",))
    html = drawn(replace(found, response=response))
    (question,) = inside(html, "cs-desk-q")
    assert question == f"is it safe {text.DESK_OUTCOMES['related']}"
    assert inside(html, "cs-desk-note") == [
        f"{text.DESK_SEARCHED} is <it> safe. {text.ALSO_SEARCHED} sciatica."
    ]
    assert inside(html, "cs-desk-raised") == [f"{text.DESK_NOTICES}Emergency: Chest <pain>"]
    assert "?view=notices&amp;notice=chest" in html


def test_scores_have_two_decimals_and_are_no_percentages() -> None:
    cells = inside(drawn(asked(NECK)), "cs-desk-no")
    assert cells == [*text.DESK_COLUMNS[3:10], "0.90", "–", "0.80", "0.50", "0.62", "−0.12", "1.23"]
    assert not any("%" in cell for cell in cells)
    assert (number(0), number(1), number(None)) == ("0.00", "1.00", "–")


def test_a_row_tells_its_review_its_labels_and_why_it_matched() -> None:
    row = a_row(labels=("not <checked>",))
    html = drawn(asked(row))
    assert inside(html, "cs-labels") == ["not <checked>"]
    assert text.REVIEW_STATES["not_reviewed"] in html
    assert text.WHY_SENTENCE in html


def test_a_list_without_a_passage_says_so() -> None:
    nothing = asked(question="cost", outcome=Outcome.NOT_COVERED)
    html = drawn(nothing)
    assert text.DESK_NO_ROWS in html
    assert "<table" not in html
    both = drawn(ALL, nothing)
    assert inside(both, "cs-desk-note") == [text.DESK_NO_ROWS]


def test_nothing_from_content_or_a_question_becomes_markup() -> None:
    row = a_row(
        HOSTILE * 3,
        heading=HOSTILE,
        source=f"{HOSTILE.replace('/', '')}/a.txt",
        provenance=Provenance(author=HOSTILE, sources=(HOSTILE,)),
        labels=(HOSTILE,),
    )
    row = replace(row, article=replace(row.article, title=HOSTILE))
    found = asked(row, question=HOSTILE, notices=(Notice("chest", Level.EMERGENCY),))
    html = drawn(found, csv=csv_text([found], CLINIC, today=TODAY))
    parser = Tags()
    parser.feed(html)
    assert not parser.tags & {"script", "img", "style"}
    assert HOSTILE in inside(html, "cs-desk-q")[0]


def test_every_key_that_the_page_lists_is_drawn_as_one() -> None:
    keys = re.findall(r"<kbd>(.*?)</kbd>", keys_html())
    assert keys == [
        *("/", "Ctrl", "K", "Enter", "Shift", "Enter", "Ctrl", "Enter", *"npjk↓↑", "Enter"),
        *("x", "b", "c", "t", "h", "Esc"),
    ]


# -- what is copied and handed on -----------------------------------------------------------------


@given(some.text())
def test_what_is_copied_and_printed_of_a_passage_is_the_passage(words: str) -> None:
    html = parts_html([a_row(words)], CLINIC, today=TODAY)
    (copied,) = re.findall(r'<p class="cs-text">(.*?)</p>', html, flags=re.DOTALL)
    assert unescape(copied) == words
    assert "<" not in copied


def test_the_parts_hold_each_passage_once_with_its_citation_and_no_address_of_this_page() -> None:
    row = a_row(labels=("not checked",))
    html = parts_html([row, row, HIP], CLINIC, today=TODAY)
    assert inside(html, "cs-text") == [row.result.passage.text, HIP.result.passage.text]
    assert inside(html, "cs-sheet-cite")[0] == (
        f"“Needles a”, section “What happens”. Test <clinic>, read {text.day(TODAY)}."
    )
    assert "article=" not in html
    public = replace(CLINIC, public_url="https://clinic.example/")
    cited = inside(parts_html([row], public, today=TODAY), "cs-sheet-cite")[0]
    assert " https://clinic.example/?article=a&section=what-happens," in cited
    assert inside(html, "cs-unchecked") == ["not checked"]
    assert text.NO_AUTHOR in html


def test_the_sheet_says_whose_it_is_of_what_day_and_what_it_is_not() -> None:
    html = sheet_html(CLINIC, today=TODAY)
    assert inside(html, "cs-sheet-clinic") == ["Test <clinic>"]
    assert inside(html, "cs-sheet-day") == [
        f"General information from Test <clinic>, {text.day(TODAY)}"
    ]
    (foot,) = inside(html, "cs-sheet-foot")
    assert text.PURPOSE in foot
    assert "020 7946 0000" in foot
    assert text.HELP_CLINIC not in sheet_html(Clinic(), today=TODAY)


def test_the_fields_of_a_handout_have_no_name_and_lie_in_no_form() -> None:
    """What has no name and no form is never sent by a browser."""
    html = sheet_html(CLINIC, today=TODAY)
    fields = re.findall(r"<(?:input|textarea)[^>]*>", html)
    assert len(fields) == 5
    assert not [field for field in fields if " name=" in field or " form=" in field]
    assert "<form" not in html
    assert html.count('autocomplete="off"') == 3
    assert text.DESK_SHEET_PRIVATE in html


def test_the_file_holds_every_row_and_nothing_that_a_spreadsheet_runs() -> None:
    hostile = asked(a_row(HOSTILE), question="＝1+1")
    held = csv_text([ALL, hostile], CLINIC, today=TODAY)
    assert not set("<>") & set(held)
    table = list(csv.DictReader(io.StringIO(json.loads(held), newline="")))
    assert tuple(table[0]) == CSV_COLUMNS
    assert [row["rank"] for row in table] == ["1", "2", "3", "1"]
    assert table[0]["text_score"] == "0.9"
    assert table[0]["heading_score"] == ""
    assert table[1]["area"] == "back"
    assert table[1]["review"] == "reviewed"
    assert (table[3]["question"], table[3]["passage"]) == ("'＝1+1", HOSTILE)
