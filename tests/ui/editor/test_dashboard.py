"""What staff see and patients do not: claims in the index, the labels, the staff page, tables."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from core.clinic_settings import Clinic
from core.encoders.reference import DEFAULT_NAME
from core.findings import Finding as ContentFinding
from core.labels import NOT_CHECKED
from core.types import ClaimRow, EncoderInfo, Span
from index.coverage.next_steps import next_steps
from index.reviews import ReviewRow, ReviewState
from index.store.generations import open_index
from index.store.manifest import Manifest
from safety.claims.decisions import COLUMNS
from safety.notices.red_flags import Group, Level, RedFlags, Rule
from safety.notices.red_flags_file import parse_red_flags
from safety.notices.signatures import text_digest
from safety.notices.validation import Finding
from safety.signing.notice_edits import Signer, with_decision
from tests.index.coverage.test_coverage import article, covered, everything
from tests.support.building import build_with
from tests.support.fakes import BagOfWordsEncoder
from tests.support.files.content import label
from tests.support.pages.asgi import Answer, ask
from tests.support.pages.page_script import html_of, opened
from tests.support.paths import ROOT
from ui.api.response import NOTHING_HERE
from ui.counting import counts as counting
from ui.editor import dashboard, facts
from ui.editor.addresses import TABLES
from ui.editor.dashboard import dashboard_html
from ui.editor.overview import quality
from ui.editor.overview.tiles import State, tiles
from ui.languages import text
from ui.rendering.article import article_html
from ui.rendering.articles import articles_html
from ui.server import door
from ui.server.guard import PAGES
from ui.service import engine, notice_service, settings
from ui.service.catalogue import listed_of, page_of_list

Write = Callable[[str, str | bytes], Path]

TODAY = date(2026, 3, 1)
CLINIC = Clinic(name="Test clinic")
LABEL = '<p class="cs-unchecked">The clinic&#x27;s own words, not checked</p>'
HOSTILE = '<script>alert(1)</script> & "x" <img src=x onerror=alert(1)>'
BACKS = """Painless Backs

A sore back is common. Needling the back is painless. It often helps.

The back heals faster.

Cures Stiff Backs

How It Works

The back carries the trunk, all day and most of the night, and it gets stiff from that.

- It cures any back

What Else

Nothing is promised here.
"""


# -- claims in the index ---------------------------------------------------------------------------


@pytest.fixture
def backs(content: Path, write_article: Write) -> Path:
    """The two articles of `content` and one that claims much."""
    write_article("backs.txt", BACKS)
    return content


def index_of(content: Path, built: Path) -> Any:
    build_with(BagOfWordsEncoder(), content, built)
    return open_index(built, encoder=BagOfWordsEncoder())


def decide(content: Path, sentence: str, kind: str, decision: str) -> None:
    row = ("backs", sentence, kind, decision, "so they say", "", "Jo", "2025-03-31")
    lines = [",".join(COLUMNS), ",".join(row)]
    (content / "claims.csv").write_text("\n".join(lines), encoding="utf-8")


def test_the_index_holds_the_claims_of_each_article_word_for_word(
    backs: Path, tmp_path: Path
) -> None:
    index = index_of(backs, tmp_path / "built")
    assert list(index.claims) == ["backs"]
    article, claims = index.articles["backs"], index.claims["backs"]
    assert [(c.words, c.kind, c.severity, c.place) for c in claims] == [
        ("Painless", "painless", "high", "title"),
        ("painless", "painless", "high", "backs#introduction"),
        ("heals faster", "fast_healing", "medium", "backs#introduction"),
        ("Cures", "cure", "high", "heading of backs#how-it-works"),
        ("cures", "cure", "high", "backs#how-it-works"),
    ]
    for claim in claims:
        assert article.text[claim.start : claim.end] == claim.sentence
        end = claim.words_start + len(claim.words)
        assert claim.sentence[claim.words_start : end] == claim.words
        assert claim.reason
        assert claim.wording
        assert claim.evidence
        assert (claim.is_open, claim.decision) == (True, "")


def test_a_decision_about_a_claim_is_in_the_next_index(backs: Path, tmp_path: Path) -> None:
    before = index_of(backs, tmp_path / "built")
    decide(backs, "Needling the back is painless.", "painless", "accepted")
    after = index_of(backs, tmp_path / "built")
    assert before.generation != after.generation
    claim = after.claims["backs"][1]
    assert not claim.is_open
    assert claim.decision == "accepted by Jo, 2025-03-31, settled: so they say"
    decide(backs, "Needling the back is painless.", "painless", "rewrite")
    claim = index_of(backs, tmp_path / "built").claims["backs"][1]
    assert claim.is_open
    assert claim.decision.startswith("rewrite by Jo")


def test_a_title_that_does_not_stand_in_the_text_has_no_place_in_it(
    content: Path, write_article: Write, tmp_path: Path
) -> None:
    write_article("backs.txt", "About Backs\n\nA sore back is common.\n")
    write_article("backs.toml", 'title = "Painless Backs"')
    (claim,) = index_of(content, tmp_path / "built").claims["backs"]
    assert (claim.start, claim.end, claim.sentence) == (0, 0, "Painless Backs")


# -- the label in an article -----------------------------------------------------------------------


def labelled(html: str) -> list[str]:
    """Return what stands right before each label."""
    return [
        re.sub(r"<[^>]*>", "", part).strip()
        for part in re.findall(
            rf"<(?:[hp]|a |li)[^>]*>([^<]*)"
            rf"(?:</mark>[^<]*)?(?:</li></ul>|</\w+>){re.escape(LABEL)}",
            html,
        )
    ]


def test_after_every_paragraph_and_heading_with_an_open_grave_claim_stands_the_label(
    backs: Path, tmp_path: Path
) -> None:
    index = index_of(backs, tmp_path / "built")
    article, claims = index.articles["backs"], index.claims["backs"]
    html = article_html(article, CLINIC, today=TODAY, claims=claims)
    assert labelled(html) == [
        "Painless Backs",
        "A sore back is common. Needling the back is painless. It often helps.",
        "Cures Stiff Backs",
        "It cures any back",
    ]
    assert unescape(LABEL).count(NOT_CHECKED) == 1
    assert LABEL not in article_html(article, CLINIC, today=TODAY)


def test_a_settled_claim_and_one_that_is_not_grave_carry_no_label(
    backs: Path, tmp_path: Path
) -> None:
    index = index_of(backs, tmp_path / "built")
    article = index.articles["backs"]
    for change in ({"is_open": False}, {"severity": "medium"}):
        claims = [replace(claim, **change) for claim in index.claims["backs"]]
        assert LABEL not in article_html(article, CLINIC, today=TODAY, claims=claims)


def test_the_label_stands_in_the_found_passage_too(backs: Path, tmp_path: Path) -> None:
    index = index_of(backs, tmp_path / "built")
    passage = next(p for p in index.passages if "painless" in p.text)
    start = passage.start + passage.text.index("Needling")
    html = article_html(
        index.articles["backs"],
        CLINIC,
        today=TODAY,
        passage=passage,
        sentence=Span(start, start + 30),
        claims=index.claims["backs"],
    )
    found = html[html.index('id="cs-found"') :]
    assert f"</p>{LABEL}</div>" in found[: found.index("</div>") + 6]


def test_the_list_of_articles_labels_a_title_that_claims(backs: Path, tmp_path: Path) -> None:
    index = index_of(backs, tmp_path / "built")
    shelf = page_of_list(listed_of(index))
    html = articles_html(shelf, index.articles, today=TODAY, claims=index.claims)
    assert labelled(html) == ["Painless Backs"]
    assert f"Painless Backs</a>{LABEL}" in html


# -- the staff page as HTML ------------------------------------------------------------------------


def claim_row(**change: Any) -> ClaimRow:
    usual = ClaimRow(
        article_id="backs",
        place="backs#introduction",
        start=0,
        end=21,
        sentence="It cures stiff\nbacks.",
        words="cures",
        words_start=3,
        kind="cure",
        severity="high",
        reason="A reason.",
        wording="A wording.",
        evidence="Some evidence.",
        is_open=True,
        decision="",
    )
    return replace(usual, **change)


def warning(problem: str) -> ContentFinding:
    return ContentFinding("warning", "read", problem)


def manifest(**change: Any) -> Manifest:
    usual = Manifest(
        generation="0123456789abcdef",
        encoder=EncoderInfo(DEFAULT_NAME, "0" * 64, 384, 256),
        inputs={},
        counts={"articles": 1, "passages": 4},
        articles={},
        files={},
        findings=(warning("backs.txt: something"),),
        libraries={},
    )
    return replace(usual, **change)


def group(name: str, level: Level = Level.URGENT) -> Group:
    return Group(name, level, name, "Call us", (), "NHS", None, (Rule(("x",)),), ())


NOTHING_ASKED = covered(
    articles=[], passages=[], sentences=[], bank=[], bank_answers=[], reviews=[]
)


def told(**change: Any) -> facts.Facts:
    usual = facts.Facts(
        state="ready",
        manifest=manifest(),
        claims=(claim_row(),),
        reviews=(
            ReviewRow("backs", "Backs", None, "Dr A", date(2022, 1, 3), date(2025, 1, 3),
                      ReviewState.OVERDUE, 422, 0),
        ),
        coverage=NOTHING_ASKED,
        flags=RedFlags(groups={"chest": group("chest", Level.EMERGENCY), "calf": group("calf")}),
    )  # fmt: skip
    return replace(usual, **change)


class Parsed:
    """What a browser makes of HTML: its tags, links, the cells of each row, and all of its text."""

    def __init__(self, html: str) -> None:
        tree = LexborHTMLParser(html)
        self.tags = {node.tag for node in tree.css("*")}
        self.links = [link.attributes["href"] or "" for link in tree.css("a")]
        self.rows = [[words(cell) for cell in row.css("th, td")] for row in tree.css("tr")]
        self.said = words(tree.body)


def words(node: Any) -> str:
    return " ".join(node.text(separator=" ").split())


def drawn(**change: Any) -> Parsed:
    return Parsed(dashboard_html(told(**change), today=TODAY))


PARTS = ("coverage", "claims", "reviews", "notices", "counts", "index")


def test_the_dashboard_says_first_whom_it_is_for_and_what_to_do_and_leads_to_its_parts() -> None:
    counts = (counting.ShownRow("2026-W01", "article", "backs", "12"),)
    html = dashboard_html(told(is_counting=True, counts=counts), today=TODAY)
    page = Parsed(html)
    assert page.said.startswith(text.STAFF_ONLY)
    assert page.said.index(text.EDITOR_NEXT) < page.said.index(text.EDITOR_STATE)
    for part in PARTS:
        way = "decide" if part == "claims" else part  # claims lead to their form
        assert f"?view=staff&section={way}" in page.links
        assert f'<section id="cs-part-{part}"' in html


def test_every_table_has_a_caption_headers_and_a_box_of_its_own_to_scroll() -> None:
    counts = (counting.ShownRow("2026-W01", "article", "backs", "12"),)
    html = dashboard_html(told(is_counting=True, counts=counts), today=TODAY)
    assert html.count("<table") == html.count("<caption") == 4
    assert html.count('role="region"') == html.count('tabindex="0"') == 4
    assert html.count('<th scope="row">') == 4
    assert html.count('<th scope="col">') == 8 + 8 + 4 + 5


def test_a_claim_is_told_in_full_with_its_words_marked() -> None:
    html = dashboard_html(told(), today=TODAY)
    assert 'It <mark class="cs-near">cures</mark> stiff\nbacks.' in html
    assert 'href="?article=backs&amp;section=introduction"' in html
    row = Parsed(html).rows[1]
    assert row[0].split() == ["backs", "introduction"]
    assert row[2:] == ["cure", "High", "Open", "A reason.", "A wording.", "Some evidence."]
    assert "1 claim. 1 is open: 1 high." in html
    assert 'href="?view=staff&amp;section=decide"' in html
    assert "python -m ingest claims" not in html


def test_a_decision_is_told_and_an_open_one_says_that_it_is_open() -> None:
    settled = claim_row(is_open=False, decision="accepted by Jo")
    rewrite = claim_row(kind="painless", decision="rewrite by Jo")
    page = drawn(claims=(settled, rewrite))
    assert [row[4] for row in page.rows[1:3]] == ["accepted by Jo", "Open rewrite by Jo"]
    assert "2 claims. 1 is open: 1 high." in page.said
    assert "None is open." in drawn(claims=(settled,)).said


def test_claims_come_gravest_first_and_a_repeated_sentence_once() -> None:
    low = claim_row(article_id="a", severity="low", kind="testimonial")
    again = claim_row(start=50, end=71, sentence="It cures stiff backs.")
    done = claim_row(article_id="a", is_open=False)
    assert facts.gravest_first([low, done, claim_row(), again]) == (claim_row(), done, low)


def test_reviews_say_their_state_in_words() -> None:
    never = ReviewRow(
        "necks", "Necks", "A. Author", None, None, None, ReviewState.NOT_REVIEWED, None, 2
    )
    rows = drawn(claims=(), reviews=(*told().reviews, never)).rows
    assert rows[1][1:] == [
        "Review overdue", "not stated", "Dr A", "3 January 2022", "3 January 2025", "422", "0",
    ]  # fmt: skip
    assert rows[2][1:] == [
        "Not clinically reviewed", "A. Author", "not stated", "not stated", "not stated",
        "nothing due", "2",
    ]  # fmt: skip


def test_findings_stand_errors_first_with_lines_and_equal_ones_are_one_line_that_opens() -> None:
    found = (
        Finding(3, False, "unsigned: no clinician is named"),
        Finding(9, False, "chest: no day on which the source was checked"),
        Finding(12, True, "calf: no source"),
        Finding(19, False, "calf: no day on which the source was checked"),
    )
    html = dashboard_html(told(findings=found), today=TODAY)
    assert html.index("Errors: 1") < html.index("Line 12, calf: no source")
    assert html.index("Line 12, calf") < html.index("Warnings: 3")
    assert "<li>Line 3: unsigned: no clinician is named</li>" in html
    assert (
        "<details><summary>2 times: no day on which the source was checked</summary>"
        "<ul><li>Line 9, chest</li><li>Line 19, calf</li></ul></details>"
    ) in html
    assert text.NO_FINDINGS in dashboard_html(told(), today=TODAY)


def test_the_notices_say_whose_they_are_and_how_many() -> None:
    said = drawn().said
    assert text.NOTICES_DRAFT in said
    assert "Numbers and word lists checked by nobody yet" in said
    assert "Signed 0 Overdue 0 Changed since 0 Refused 0 Not signed 2" in said
    assert "Emergency 1 Get help today 1 Tell us before treatment 0" in said
    calf = group("calf")
    calf = replace(
        calf,
        signed_by="Dr A",
        registration="1",
        signed_on=TODAY,
        signed_text=text_digest(calf),
    )
    due = date(2026, 6, 1)
    signed = RedFlags("7", reviewed_by="Dr B", next_review=due, groups={"calf": calf})
    said = drawn(flags=signed).said
    assert f"{text.NOTICES_SIGNED} Next review: 1 June 2026." in said
    assert "Numbers and word lists checked by Dr B" in said
    assert "Version 7" in said


def test_notices_in_another_language_than_the_page_are_told_on_the_tile_and_above_the_notices() -> (
    None
):
    gap = "Your page is in French but its safety notices are in English: <b>"
    signed = RedFlags(reviewed_by="Dr A", next_review=date(2026, 6, 1))
    html = dashboard_html(told(flags=signed, notices_gap=gap), today=TODAY)
    assert html.count("in English: &lt;b&gt;") == 2
    assert "<b>" not in html
    assert "in English" not in dashboard_html(told(flags=signed), today=TODAY)


def test_counts_are_told_only_where_the_clinic_counts() -> None:
    row = counting.ShownRow("2026-W01", "article", "backs", counting.FEWER)
    assert "Counting is off." in drawn(counts=(row,)).said
    assert ["2026-W01", "Article opened", "backs", "fewer than 10"] in drawn(
        is_counting=True, counts=(row,)
    ).rows
    assert text.COUNTS_NONE in drawn(is_counting=True, counts=()).said
    assert text.COUNTS_BROKEN in drawn(is_counting=True, counts=None).said


def test_the_index_is_told_with_its_warnings() -> None:
    said = drawn().said
    for words in ("Generation 0123456789abcdef", DEFAULT_NAME, "Articles 1", "Passages 4",
                  "backs.txt: something"):  # fmt: skip
        assert words in said
    assert text.NO_WARNINGS in drawn(manifest=manifest(findings=())).said


@pytest.mark.parametrize("state", ["loading", "missing", "damaged"])
def test_without_an_index_the_parts_that_need_none_still_stand(state: str) -> None:
    found = (Finding(3, False, "unsigned"),)
    page = drawn(state=state, manifest=None, claims=(), reviews=(), coverage=None, findings=found)
    assert page.said.count(text.INDEX_STATES[state].replace("`", "")) == 1
    assert "Line 3: unsigned" in page.said
    assert f"– {text.EDITOR_TILES['questions']['unit']}" in page.said
    assert text.STAFF_CLAIMS not in page.said
    assert "table" not in page.tags
    assert not [link for link in page.links if link.endswith(".csv")]


def test_whatever_the_content_says_is_text_on_the_staff_page() -> None:
    usual = drawn().tags | {"details", "summary", "pre"}
    hostile = claim_row(**dict.fromkeys(
        ("article_id", "place", "sentence", "kind", "reason", "wording", "evidence", "decision"),
        HOSTILE,
    ))  # fmt: skip
    review = replace(told().reviews[0], article=HOSTILE, title=HOSTILE, author=HOSTILE)
    flags = RedFlags(version=HOSTILE, reviewed_by=HOSTILE, groups={HOSTILE: group(HOSTILE)})
    found = (Finding(1, True, HOSTILE), Finding(2, True, f"{HOSTILE}: {HOSTILE}"))
    page = drawn(
        manifest=manifest(findings=(warning(HOSTILE),), generation=HOSTILE),
        claims=(hostile,),
        reviews=(review,),
        flags=flags,
        findings=found,
        is_counting=True,
        counts=(counting.ShownRow(HOSTILE, HOSTILE, HOSTILE, HOSTILE),),
    )
    assert page.tags <= usual
    assert not {"script", "img"} & page.tags


# -- the coverage of the articles ------------------------------------------------------------------


def coverage_told(found: Any) -> str:
    steps = tuple(next_steps(found))
    return dashboard_html(told(claims=(), reviews=(), coverage=found, steps=steps), today=TODAY)


def test_the_coverage_is_told_with_steps_links_tables_and_bars() -> None:
    html = coverage_told(everything())
    page = Parsed(html)
    assert "backs: The article cannot be read." in page.said
    assert html.index("The article cannot be read.") < html.index('class="cs-tile"')
    assert 'href="?article=necks&amp;section=how"' in html
    assert "./staff/coverage.csv" in page.links
    (necks,) = [row for row in page.rows if row[0] == "Necks necks"]
    assert necks[1:4] == ["2 of 4", "6", "3"]
    assert necks[8:10] == ["overdue", "27 February 2026"]
    assert '<span style="width:50%">' in html
    assert html.count("<table") == html.count('role="region"') == 4


def test_like_steps_are_one_line_with_a_way_to_their_form() -> None:
    found = everything()
    html = coverage_told(found)
    page = Parsed(html)
    kinds = {step.kind for step in next_steps(found)}
    for kind in kinds:
        assert text.EDITOR_STEPS[kind]["why"] in page.said
    assert "?view=staff&section=decide&about=necks" in page.links
    assert "?view=staff&section=questions&item=new&about=backs" in page.links
    assert "?view=staff&section=questions&about=unlike" in page.links
    # A page with tabs sends nobody to a command, but for what only a person at the files can do.
    steps = html[: html.index(text.EDITOR_STATE)]
    assert "python -m" not in steps.replace("save it as .docx, then run: python -m ingest", "")


def test_47_articles_without_a_review_are_one_line_that_opens() -> None:
    names = [f"a{n:02}" for n in range(47)]
    rows = tuple(
        ReviewRow(name, f"<{name}>", None, None, None, None, ReviewState.NOT_REVIEWED, None, 0)
        for name in names
    )
    found = covered(
        articles=[article(name) for name in names],
        passages=[],
        sentences=[],
        bank=[],
        bank_answers=[],
        reviews=list(rows),
    )
    steps = tuple(next_steps(found))
    html = dashboard_html(told(claims=(), reviews=rows, coverage=found, steps=steps), today=TODAY)
    assert html.count("47 articles: no review stated") == 2  # the line, and for a screen reader
    assert html.count("<details>") >= 1
    assert '<a class="cs-in" href="?article=a07">&lt;a07&gt;</a></li>' in html


def test_long_tables_say_what_they_hold_back(monkeypatch: pytest.MonkeyPatch) -> None:
    found = everything()
    assert "The CSV has every" not in coverage_told(found)
    monkeypatch.setattr(dashboard, "MOST_ROWS", 3)
    assert "1 more row. The CSV has every article and section." in coverage_told(found)


# -- the truth of the tiles ------------------------------------------------------------------------


def states(**change: Any) -> dict[str, State]:
    return {tile.name: tile.state for tile in tiles(told(**change), today=TODAY)}


def test_a_clinic_without_articles_is_told_nothing_it_has_not_got() -> None:
    empty = told(claims=(), reviews=(), manifest=manifest(findings=()), questions=0, cards=0)
    found = {tile.name: tile for tile in tiles(empty, today=TODAY)}
    for name in ("claims", "reviews", "coverage", "quality"):
        assert found[name].state is State.UNKNOWN, name
        assert found[name].figure is None, name
    for name in ("questions", "cards", "index", "notices"):
        assert found[name].state is State.TO_DO, name
    assert (
        text.EDITOR_STATES["fine"]
        not in Parsed(dashboard_html(replace(empty, candidate="x"), today=TODAY)).said
    )


def test_nothing_is_to_do_only_where_no_part_says_otherwise() -> None:
    signed = replace(group("calf"), signed_by="Dr A", registration="1", signed_on=TODAY)
    signed = replace(signed, signed_text=text_digest(signed))
    flags = RedFlags("7", reviewed_by="Dr B", next_review=TODAY, groups={"calf": signed})
    done = told(flags=flags, questions=3, cards=2)
    assert text.EDITOR_NOTHING_NEXT in Parsed(dashboard_html(done, today=TODAY)).said
    for change in ({"questions": 0}, {"cards": 0}, {"candidate": "x"}, {"reviews": ()},
                   {"flags": RedFlags(groups={"calf": group("calf")})}):  # fmt: skip
        said = Parsed(dashboard_html(replace(done, **change), today=TODAY)).said  # type: ignore[arg-type]
        assert text.EDITOR_NOTHING_NEXT not in said, change
        assert text.EDITOR_ALSO_TO_DO in said, change


def test_without_an_index_publishing_one_is_to_do() -> None:
    found = states(state="missing", manifest=None, coverage=None, claims=(), reviews=())
    assert found["candidate"] is State.TO_DO
    assert states()["candidate"] is State.FINE


def test_articles_without_a_question_have_no_figure_of_answers() -> None:
    page = drawn(questions=0, cards=3)
    assert "0/0" not in page.said
    assert text.EDITOR_NOTHING_ASKED in page.said
    assert text.EDITOR_NO_QUESTIONS in page.said
    assert states(questions=0)["questions"] is State.TO_DO
    assert states(questions=1)["questions"] is State.FINE
    assert states(questions=None)["questions"] is State.TO_DO


def test_a_tile_has_nothing_to_do_exactly_where_no_step_names_its_part() -> None:
    found = everything()
    steps = tuple(next_steps(found))
    assert states(coverage=found, steps=steps)["coverage"] is State.TO_DO
    assert states(coverage=found, steps=())["coverage"] is State.FINE
    assert states()["index"] is State.TO_DO  # a warning is a step, so there is something to do
    assert states(manifest=manifest(findings=()))["index"] is State.FINE


RECORD: dict[str, Any] = {
    "date": "2026-02-03",
    "model": {"name": "m", "sha256": "0" * 64},
    "generation": "0123456789abcdef",
    "metrics": {
        "hit@1": {"mean": 0.8049, "low": 0.7383, "high": 0.8642, "n": 135},
        "hit@3": {"mean": 0.9654, "low": 0.93, "high": 0.99, "n": 135},
        "answered_of_answerable": {"mean": None, "low": None, "high": None, "n": 0},
    },
}


def recorded(built: Path, **change: Any) -> quality.Quality | None:
    folder = built / quality.FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "bank.json").write_text(json.dumps(RECORD | change), encoding="utf-8")
    return quality.measured(built, manifest())


def test_a_figure_is_of_this_very_index_or_it_is_not_shown(tmp_path: Path) -> None:
    assert quality.measured(tmp_path, manifest()) is None
    found = recorded(tmp_path)
    assert found is not None
    assert (found.day, found.questions, found.right_first) == (date(2026, 2, 3), 135, 0.8049)
    assert found.shares[2:] == (None, None)
    page = drawn(quality=found)
    assert "80%" in page.said
    assert "Measured on 3 February 2026 with 135 questions" in page.said
    few = recorded(tmp_path, metrics={"hit@1": {"mean": 1.0, "low": 1.0, "high": 1.0, "n": 3}})
    assert few is not None
    assert text.EDITOR_FEW_QUESTIONS.format(n=20) in drawn(quality=few).said
    assert states(quality=few)["quality"] is State.TO_DO
    assert states(quality=found)["quality"] is State.FINE
    others: list[dict[str, Any]] = [
        {"generation": "f" * 16},
        {"model": {"name": "m", "sha256": "1" * 64}},
        {"metrics": {}},
        {"metrics": {"hit@1": {"mean": None, "n": 0}}},
        {"date": "today"},
        {"model": None},
    ]
    for other in others:
        assert recorded(tmp_path, **other) is None, other
    (tmp_path / quality.FOLDER / "bank.json").write_text("{")
    assert quality.measured(tmp_path, manifest()) is None
    assert text.EDITOR_NOT_MEASURED in drawn().said


def test_whatever_the_content_says_is_text_in_the_coverage() -> None:
    found = everything()
    backs, necks = found.articles
    sections = tuple(section._replace(heading=HOSTILE) for section in necks.sections)
    hostile = replace(
        found,
        articles=(replace(backs, title=HOSTILE), replace(necks, id=HOSTILE, sections=sections)),
        missed=tuple(replace(one, question=HOSTILE) for one in found.missed),
        unexpected=tuple(replace(one, question=HOSTILE) for one in found.unexpected),
        routes=tuple(replace(one, route=HOSTILE, questions=(HOSTILE,)) for one in found.routes),
        problems=(replace(warning(HOSTILE), severity="error", where=HOSTILE),),
        warnings=(replace(warning(HOSTILE), where=HOSTILE),),
    )
    assert Parsed(coverage_told(hostile)).tags == Parsed(coverage_told(found)).tags


def test_the_sheet_of_the_coverage_has_every_article_and_section(
    backs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(settings.CONTENT_VARIABLE, str(backs))
    status = engine.Status(engine.State.READY, index_of(backs, tmp_path / "built"))
    assert "/staff/coverage.csv" in TABLES
    made = facts.csv_table("coverage", facts.gather(status, today=TODAY))
    assert made is not None
    rows = [dict(zip(made[0], row, strict=True)) for row in made[1]]
    assert [row["section"] for row in rows if row["article"] == "backs"] == [
        None, "backs#introduction", "backs#how-it-works", "backs#what-else",
    ]  # fmt: skip
    by_article = [row["open_grave_claims"] for row in rows if row["level"] == "article"]
    assert by_article == [4, 0, 0]
    assert facts.csv_table("coverage", facts.Facts(state="missing")) is None


def test_the_coverage_is_made_once_a_generation_and_day(
    backs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(settings.CONTENT_VARIABLE, str(backs))
    monkeypatch.setattr(facts, "_reported", None)
    label(backs, answers={"sore back": "backs#introduction"})
    status = engine.Status(engine.State.READY, index_of(backs, tmp_path / "built"))
    first = facts.gather(status, today=TODAY)
    assert first.coverage is not None
    assert first.coverage.answerable == 1
    assert [one.id for one in first.coverage.articles] == ["backs", "blood", "necks"]
    assert facts.gather(status, today=TODAY).coverage is first.coverage
    assert facts.gather(status, today=date(2026, 3, 2)).coverage is not first.coverage
    label(backs, answers={"sore back": "backs#introduction", "stiff neck": "necks#introduction"})
    status = engine.Status(engine.State.READY, index_of(backs, tmp_path / "built"))
    after = facts.gather(status, today=TODAY).coverage
    assert after is not None
    assert after.answerable == 2


# -- turned on or not ------------------------------------------------------------------------------


@pytest.fixture
def served(
    backs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., None]]:
    """Serve the three articles; the settings given are the lines of clinic.toml."""
    monkeypatch.setenv(settings.CONTENT_VARIABLE, str(backs))
    monkeypatch.setenv(settings.BUILT_VARIABLE, str(tmp_path / "built"))
    monkeypatch.delenv(settings.AUDIENCE_VARIABLE, raising=False)
    index = index_of(backs, tmp_path / "built")

    def serve(*lines: str, with_index: bool = True) -> None:
        (backs / "clinic.toml").write_text("\n".join(("#", *lines)), encoding="utf-8")
        made = engine.Engine(
            open_index=lambda _: index if with_index else Path("nowhere").read_text(),
            generation=lambda: "g1",
            search=lambda index, question: engine.Answer(
                search_of(index, question), notice_service.find(question)
            ),
        )
        made.look()
        engine.set_engine(made)

    yield serve
    engine.set_engine(None)
    monkeypatch.undo()
    settings.clinic()  # what is kept of the file is that of the usual place again


def search_of(index: Any, question: str) -> Any:
    from index.search.pipeline import search

    return search(index, question)


def get(path: str) -> Answer:
    """Ask the application as it is behind the network; staff have a cookie."""
    known = door.current()
    return ask(path, **({"cookie": "=".join(known.cookie)} if known else {}))


STAFF_TEXTS = [
    text.STAFF_ONLY,
    text.STAFF_CLAIMS,
    text.STAFF_REVIEWS,
    text.STAFF_COUNTS,
    text.DOWNLOAD,
    "python -m",
    "cs-part-claims",
]

OFF: list[tuple[tuple[str, ...], Mapping[str, str]]] = [
    ((), {}),
    (('audience = "patients"',), {}),
    (('audience = "staff"',), {}),
    (('audience = "staff"',), {settings.AUDIENCE_VARIABLE: "patients"}),
    ((), {settings.AUDIENCE_VARIABLE: "Staff"}),
]
ON: list[tuple[tuple[str, ...], Mapping[str, str]]] = [
    ((), {settings.AUDIENCE_VARIABLE: "staff"}),
    (('audience = "patients"',), {settings.AUDIENCE_VARIABLE: "staff"}),
]


@pytest.mark.parametrize(("lines", "environment"), OFF)
def test_unless_turned_on_no_address_shows_anything_of_staff(
    served: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    lines: tuple[str, ...],
    environment: Mapping[str, str],
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    served("counting = true", *lines)
    for address in ({"view": "staff"}, {"view": "staff", "section": "claims"}):
        at = opened(**address)
        assert at.text_area(key="question").label == text.LABEL
        assert not [words for words in STAFF_TEXTS if words in html_of(at)]
    unknown = get("/nowhere")
    assert (unknown.status, unknown.text) == (404, NOTHING_HERE)
    for path in (*TABLES, "/staff/reading", "/staff/notices", "/staff/other.csv", "/staff"):
        answer = get(path)
        assert (answer.status, answer.headers) == (404, unknown.headers)
        assert answer.body == unknown.body
    for path in ("/", "/notices"):
        answer = get(path)
        assert answer.status == 200
        assert "view=staff" not in answer.text


@pytest.mark.parametrize(("lines", "environment"), ON)
def test_turned_on_there_are_a_link_the_page_and_its_tables(
    served: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    lines: tuple[str, ...],
    environment: Mapping[str, str],
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    served("counting = true", *lines)
    page = html_of(opened(view="staff"))
    assert text.STAFF_ONLY in page
    assert "5 claims. 5 are open: 4 high, 1 medium." in page
    for path in TABLES:
        answer = get(path)
        name = path.rpartition("/")[2]
        assert answer.status == 200
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["content-disposition"] == f'attachment; filename="staff-{name}"'
        assert answer.body.startswith(b"\xef\xbb\xbf")
    printed = get("/staff/notices")
    assert (printed.status, printed.headers["cache-control"]) == (200, "no-store")
    assert text.EDITOR_SIGN_LINE[3] in printed.text
    assert 'href="../assets/app.css' in printed.text
    assert get("/staff/other.csv").status == 404
    assert 'href="?view=staff"' in get("/").text
    assert 'href="./?view=staff"' in get("/notices").text


def table(path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(get(path).body.decode("utf-8-sig"), newline="")))


def test_the_tables_hold_what_the_page_tells_and_nothing_a_spreadsheet_would_run(
    served: Callable[..., None], backs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(settings.AUDIENCE_VARIABLE, "staff")
    (tmp_path / "built" / "counts.csv").write_text(
        "week,kind,id,count\n2026-W01,article,backs,9\n2026-W01,article,necks,10\n"
    )
    served("counting = true")
    claims = table("/staff/claims.csv")
    assert [(row["kind"], row["claim"]) for row in claims] == [
        ("painless", "Painless"),
        ("painless", "painless"),
        ("cure", "Cures"),
        ("cure", "cures"),
        ("fast_healing", "heals faster"),
    ]
    assert claims[3]["sentence"] == "'- It cures any back"
    assert {row["state"] for row in claims} == {"open"}
    reviews = table("/staff/reviews.csv")
    assert [row["article"] for row in reviews] == ["backs", "blood", "necks"]
    assert {(row["state"], row["due"]) for row in reviews} == {("not_reviewed", "")}
    assert [(row["id"], row["count"]) for row in table("/staff/counts.csv")] == [
        ("backs", "fewer than 10"),
        ("necks", "10"),
    ]


def test_what_cannot_be_made_says_so_and_the_rest_still_stands(
    served: Callable[..., None], monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    monkeypatch.setenv(settings.AUDIENCE_VARIABLE, "staff")
    served(with_index=False)
    page = html_of(opened(view="staff"))
    assert page.count(text.INDEX_STATES["damaged"]) == 1
    assert text.STAFF_NOTICES in page
    for path in TABLES:
        answer = get(path)
        assert (answer.status, answer.text) == (503, text.NO_TABLE)
        assert answer.headers["cache-control"] == "no-store"


def test_a_file_of_notices_that_cannot_be_used_is_told(
    served: Callable[..., None], backs: Path, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    monkeypatch.setenv(settings.AUDIENCE_VARIABLE, "staff")
    served()
    (backs / "red_flags.toml").write_text("[[group", encoding="utf-8")
    page = html_of(opened(view="staff"))
    assert text.NOTICES_NOT_IN_USE in page
    assert text.SETTINGS_SERVING["index"] in page


def test_the_addresses_of_patients_do_not_name_staff() -> None:
    assert not [path for path in PAGES if "staff" in path]


CHEST = "crushing chest pain down my left arm"


@pytest.mark.parametrize("audience", ["patients", "staff"])
def test_only_staff_read_beside_a_notice_that_nobody_has_signed_it(
    served: Callable[..., None], backs: Path, monkeypatch: pytest.MonkeyPatch, audience: str
) -> None:
    flags = (ROOT / "content" / "red_flags.toml").read_text(encoding="utf-8")
    flags += (backs / "red_flags.toml").read_text(encoding="utf-8")
    monkeypatch.setenv(settings.AUDIENCE_VARIABLE, audience)
    names = parse_red_flags(flags.encode(), backs).groups
    for signed_on, said in (
        (None, text.SIGNATURES["unsigned"]),
        (date(2020, 1, 31), "Signed by Dr A (GMC 1), 31 January 2020"),
        (date.today(), None),
    ):
        signed = flags
        if signed_on:
            signer = Signer("Dr A", "GMC 1")
            signed = with_decision(flags, names, signer, today=signed_on, is_checked=True)
        (backs / "red_flags.toml").write_text(signed, encoding="utf-8")
        served(f"# {signed_on}")
        at = opened()
        at.text_area(key="question").set_value(CHEST)
        at.button[0].click()
        at.run()
        page = html_of(at)
        assert "cs-emergency" in page
        assert (text.STAFF_NOTE in page) == (audience == "staff" and said is not None)
        if said and audience == "staff":
            assert said in page


@pytest.mark.parametrize(("audience", "counted"), [("patients", True), ("staff", False)])
def test_what_staff_open_is_not_counted_as_a_visit(
    served: Callable[..., None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    audience: str,
    counted: bool,
) -> None:
    monkeypatch.setenv(settings.AUDIENCE_VARIABLE, audience)
    served("counting = true")
    assert "Painless Backs" in html_of(opened(article="backs"))
    assert (tmp_path / "built" / "counts.csv").exists() is counted
