"""Results, articles and panels as HTML: what is said, and that content is only ever text."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as some

from core.clinic_settings import Clinic
from core.types import (
    Article,
    MatchedView,
    Outcome,
    Passage,
    Provenance,
    SearchResponse,
    SearchResult,
    Section,
    Span,
    ViewKind,
)
from index.bank.route_cards import Route
from safety.notices.finder import Display
from safety.notices.red_flags import Numbers
from ui.languages import text
from ui.rendering import layout
from ui.rendering.article import about_html, article_html, back_link, pager, paragraphs
from ui.rendering.articles import articles_html, heading_html
from ui.rendering.blocks import highlight
from ui.rendering.contact import telephone
from ui.rendering.passage import (
    article_address,
    citation,
    match_reason,
    page_label,
    passage_address,
    similar_address,
    trail,
)
from ui.rendering.provenance import review_line, review_status
from ui.rendering.results import has_results, results_html, shown_results, summary
from ui.rendering.similar import similar_html
from ui.service.catalogue import catalogue, page_of_list

TODAY = date(2026, 3, 1)
CLINIC = Clinic(name="Test clinic")
HOSTILE = '<script>alert(1)</script> & "x" <img src=x onerror=alert(1)> $x$ **b** :red[y]'
spans = some.builds(Span, some.integers(-5, 60), some.integers(-5, 60))


def make(
    words: str = "It is safe. No medicine is injected. Ask us.",
    *,
    kind: ViewKind = ViewKind.SENTENCE,
    heading: str = "What happens",
    provenance: Provenance | None = None,
    labels: tuple[str, ...] = (),
    rank: int = 1,
) -> tuple[SearchResult, Article]:
    section = Section("a#what-happens", (heading,), Span(0, len(words)))
    article = Article(
        "a",
        "Needles",
        words,
        (section,),
        "a.txt",
        "0123456789" * 6 + "abcd",
        provenance or Provenance(),
    )
    passage = Passage(
        "a#what-happens/1", "a", section.id, "Needles", heading, (heading,), words, 0, len(words)
    )
    view, terms = MatchedView(kind, "Is it safe?"), (Span(15, 23),)
    result = SearchResult(
        rank, passage, 0.5, Span(12, 36), terms, view, labels, is_answer=rank == 1
    )
    return result, article


def test_an_answer_of_the_bank_alone_does_not_stand_under_a_notice_that_asks_to_act() -> None:
    answer = respond(make()[0])
    doubted = replace(answer, is_doubted=True)
    acting = Display(related=False)
    shown = [
        has_results(one, display) for one in (answer, doubted) for display in (acting, Display())
    ]
    assert shown == [True, True, False, True]


def respond(*results: SearchResult, outcome: Outcome = Outcome.ANSWER) -> SearchResponse:
    return SearchResponse("secret question", outcome, tuple(results), "g1")


def drawn(result: SearchResult, article: Article, outcome: Outcome = Outcome.ANSWER) -> str:
    return results_html(respond(result, outcome=outcome), {"a": article}, CLINIC, today=TODAY)


class Tags(HTMLParser):
    """Collects the tags and attributes that a browser would see."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes.update(name for name, _ in attrs)


# -- marking --------------------------------------------------------------------------------------


def test_sentence_and_terms_are_marked() -> None:
    assert highlight("One two. Three.", Span(0, 8), [Span(4, 7)]) == (
        '<mark class="cs-ans">One <b class="cs-term">two</b>.</mark> Three.'
    )


@given(some.text(max_size=50), some.none() | spans, some.lists(spans, max_size=5))
def test_marking_never_changes_the_text_whatever_the_spans(
    words: str, sentence: Span | None, terms: list[Span]
) -> None:
    html = highlight(words, sentence, terms)
    assert unescape(re.sub(r'</?(?:mark|b)(?: class="[a-z-]+")?>', "", html)) == words
    assert html.count("<mark") == html.count("</mark>") <= 1


@given(some.text(max_size=80))
def test_content_can_only_ever_be_text(words: str) -> None:
    plain_result, plain_article = make()
    result, article = make(words, heading=words or "h", labels=(words,), kind=ViewKind.QUESTION)
    lists = make("A:\n- one\n1. two\n\n- a: b; c: d\n- a: e; c: f", labels=("x",))
    allowed = Tags(drawn(*lists) + drawn(*make("3. three")) + drawn(*make(words[:3] + ".")))
    seen = Tags(drawn(result, article) + article_html(article, Clinic(name=words), today=TODAY))
    plain = Tags(
        article_html(plain_article, CLINIC, today=TODAY) + drawn(plain_result, plain_article)
    )
    assert seen.names <= allowed.names | plain.names | {"mark", "b"}
    assert seen.attributes <= allowed.attributes | plain.attributes


def test_hostile_content_is_shown_as_written() -> None:
    result, article = make(HOSTILE, heading=HOSTILE)
    html = drawn(result, article)
    assert "<script" not in html
    assert "<img" not in html
    assert HOSTILE in unescape(re.sub(r"</?(?:mark|b)\b[^>]*>", "", html))


# -- what is said ---------------------------------------------------------------------------------


def test_the_question_is_not_repeated_in_the_page() -> None:
    assert "secret" not in drawn(*make())


def test_only_an_answer_is_called_one() -> None:
    assert drawn(*make()).count(text.ANSWER_FROM) == 1
    related = drawn(*make(), outcome=Outcome.RELATED)
    assert text.ANSWER_FROM not in related
    assert text.RELATED in related
    assert "cs-ans" not in related


def test_a_sentence_that_is_only_the_nearest_one_is_no_answer() -> None:
    result, article = make()
    html = drawn(replace(result, is_answer=False), article)
    assert text.OUR_ARTICLE_SAYS in html
    assert text.ANSWER_FROM not in html
    assert "cs-ans" not in html


@pytest.mark.parametrize(("name", "is_first"), [("safety", True), ("cost", False)])
def test_related_reading_stands_below_the_card_about_safety(name: str, is_first: bool) -> None:
    result, article = make()
    response = replace(respond(result, outcome=Outcome.RELATED), route=name)
    card = Route(name, "Is it safe for me?", "Tell your physiotherapist about your health.", ())
    html = results_html(response, {"a": article}, CLINIC, today=TODAY, routes={name: card})
    assert (html.index("Is it safe for me?") < html.index("<article")) is is_first
    assert html.index(text.RELATED) < html.index("Is it safe for me?")


def test_nothing_near_is_shown_when_the_articles_do_not_cover_it() -> None:
    html = drawn(*make(), outcome=Outcome.NOT_COVERED)
    assert text.NOT_COVERED in html
    assert "injected" not in html
    assert text.HELP in html


def test_a_clinic_with_telephone_and_booking_offers_both_when_nothing_is_found() -> None:
    clinic = Clinic(telephone="020 7946 0000", booking_url="https://example.org/?a=1&b=2")
    html = results_html(respond(outcome=Outcome.NOT_COVERED), {}, clinic, today=TODAY)
    assert f'href="tel:02079460000">{text.CALL} <bdi>020 7946 0000</bdi></a>' in html
    assert 'href="https://example.org/?a=1&amp;b=2"' in html


def test_further_passages_stand_under_their_own_heading() -> None:
    (first, article), (second, _) = make(), make(rank=2)
    html = results_html(respond(first, second), {"a": article}, CLINIC, today=TODAY)
    assert html.index(text.ANSWER_FROM) < html.index(text.FURTHER)
    assert html.count("<article") == 2
    assert html.count("<summary><h3") == 1
    assert html.count(text.PUBLISHER) == 1  # who wrote and reviewed it is said once an article
    assert html.count('<mark class="cs-ans">') == 1
    said = summary(respond(first, second))
    assert said == "Answer from our article “Needles”: What happens"


@pytest.mark.parametrize("outcome", [Outcome.ANSWER, Outcome.RELATED])
def test_few_passages_stand_below_the_first(outcome: Outcome) -> None:
    made = [make(rank=rank)[0] for rank in range(1, 8)]
    response = respond(*made, outcome=outcome)
    assert [result.rank for result in shown_results(response)] == [1, 2, 3, 4]
    html = results_html(response, {"a": make()[1]}, CLINIC, today=TODAY)
    assert html.count("<article") == 4


def test_a_label_of_a_further_passage_is_seen_before_it_is_opened() -> None:
    (first, article), (second, _) = make(), make(rank=2, labels=("Not checked",))
    html = results_html(respond(first, second), {"a": article}, CLINIC, today=TODAY)
    (seen,) = re.findall(r"<summary><h3.*?</summary>", html)
    assert "Not checked" in seen


def test_a_second_passage_of_a_section_is_named_by_its_sentence() -> None:
    (first, article), (second, _) = make(), make(rank=2)
    html = results_html(respond(first, second), {"a": article}, CLINIC, today=TODAY)
    assert '<h3 id="cs-hit-2" class="cs-line">No medicine is injected.</h3>' in html


def test_of_two_articles_each_says_who_reviewed_it() -> None:
    (first, article), (second, _) = make(), make(rank=2)
    other = replace(second, passage=replace(second.passage, article_id="b"))
    articles = {"a": article, "b": replace(article, id="b")}
    html = results_html(respond(first, other), articles, CLINIC, today=TODAY)
    assert html.count(text.PUBLISHER) == 2


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (ViewKind.SENTENCE, text.WHY_SENTENCE),
        (ViewKind.HEADING, text.WHY_HEADING),
        (ViewKind.TEXT, text.WHY_TEXT),
        (ViewKind.QUESTION, "Our clinic says that this answers the question “Is it safe?”."),
    ],
)
def test_why_it_matched_is_said_in_plain_words(kind: ViewKind, said: str) -> None:
    assert match_reason(make(kind=kind)[0]) == said


@pytest.mark.parametrize(
    ("provenance", "said"),
    [
        (Provenance(), "Not clinically reviewed"),
        (
            Provenance(reviewer="Dr A"),
            "Not clinically reviewed (Dr A named as reviewer, date not stated)",
        ),
        (Provenance(reviewed=date(2026, 3, 2), reviewer="Dr A"), "Not clinically reviewed"),
        (Provenance(reviewed=date(2026, 1, 3), reviewer="Dr A"), "Reviewed 3 January 2026 by Dr A"),
        (Provenance(reviewed=date(2026, 1, 3)), "Reviewed 3 January 2026, reviewer not stated"),
        (
            Provenance(reviewed=date(2026, 1, 3), next_review=date(2026, 2, 28)),
            "Review overdue, last reviewed 3 January 2026, reviewer not stated",
        ),
        (
            Provenance(reviewed=date(2023, 1, 3), reviewer="A", next_review=date(2030, 1, 1)),
            "Review overdue, last reviewed 3 January 2023 by A",
        ),
    ],
)
def test_the_review_state_is_said_honestly(provenance: Provenance, said: str) -> None:
    assert review_status(provenance, today=TODAY) == said
    result, article = make(provenance=provenance)
    assert said in drawn(result, article)
    cited = citation(result.passage, article, CLINIC, today=TODAY)
    assert cited.endswith(f" {said}.") is not said.startswith(text.NOT_REVIEWED)


@pytest.mark.parametrize(
    ("provenance", "checked"),
    [
        (Provenance(), False),
        (Provenance(reviewer="Dr A"), False),
        (Provenance(reviewed=date(2026, 3, 2)), False),
        (Provenance(reviewed=date(2023, 2, 28)), False),
        (Provenance(reviewed=date(2026, 1, 3)), True),
    ],
)
def test_only_a_review_that_counts_today_looks_like_one(
    provenance: Provenance, checked: bool
) -> None:
    assert ("cs-ok" in review_line(provenance, today=TODAY)) is checked


def listed(articles: Sequence[Article]) -> str:
    shelf = page_of_list(catalogue(articles))
    return articles_html(shelf, {article.id: article for article in articles}, today=TODAY)


@pytest.mark.parametrize(
    "view",
    [
        drawn,
        lambda result, article: drawn(result, article, Outcome.RELATED),
        lambda _, article: article_html(article, CLINIC, today=TODAY),
        lambda _, article: listed([article]),
    ],
    ids=["answer", "related", "article", "articles"],
)
def test_what_is_missing_is_said_wherever_a_passage_or_an_article_stands(
    view: Callable[[SearchResult, Article], str],
) -> None:
    html = view(*make())
    for said in (
        "Author not stated",
        "Not clinically reviewed",
        "No sources given",
        "Published by the clinic that offers this treatment",
    ):
        assert said in html
    overdue = view(*make(provenance=Provenance(reviewed=date(2023, 2, 28), author="A. Author")))
    assert "Review overdue" in overdue
    assert "Written by A. Author" in overdue


def test_a_citation_pins_title_section_clinic_public_address_day_and_review() -> None:
    result, article = make(provenance=Provenance(reviewed=date(2026, 1, 3), reviewer="Dr A"))
    public = replace(CLINIC, public_url="https://clinic.example/search/")
    assert citation(result.passage, article, public, today=TODAY) == (
        "“Needles”, section “What happens”. Test clinic,"
        " https://clinic.example/search/?article=a&section=what-happens, read 1 March 2026."
        " Reviewed 3 January 2026 by Dr A."
    )


def test_a_citation_names_no_address_while_none_is_public_and_no_review_that_was_not() -> None:
    result, article = make()
    assert citation(result.passage, article, CLINIC, today=TODAY) == (
        "“Needles”, section “What happens”. Test clinic, read 1 March 2026."
    )


def test_a_citation_of_a_file_with_pages_names_the_page_where_the_passage_begins() -> None:
    result, article = make()
    passage = replace(result.passage, start=20)
    cited = citation(passage, replace(article, pages=(0, 8, 19, 30)), CLINIC, today=TODAY)
    assert cited.startswith("“Needles”, section “What happens”, page 3. Test clinic,")


def test_addresses_are_stable_and_escaped() -> None:
    assert article_address("a b&c", "d") == "?article=a+b%26c&section=d"
    assert passage_address(make()[0].passage) == "?article=a&section=what-happens&passage=1"


def test_labels_are_shown_as_chips() -> None:
    assert "<span>The clinic&#x27;s own words</span>" in drawn(
        *make(labels=("The clinic's own words",))
    )


# -- articles -------------------------------------------------------------------------------------

BODY = "First thing.\n\nSecond thing. More of it.\n\n\nThird\nline."


@given(some.text(alphabet="ab .\n\t<", max_size=60))
def test_paragraphs_lose_nothing_but_white_space(body: str) -> None:
    parts = [body[span.start : span.end] for span in paragraphs(body, 0)]
    assert "".join("".join(parts).split()) == "".join(body.split())


def test_the_found_passage_and_its_sentence_are_marked_in_the_article() -> None:
    _, article = make(BODY)
    passage = Passage(
        "a#what-happens/2",
        "a",
        "a#what-happens",
        "Needles",
        "What happens",
        (),
        BODY[14:39],
        14,
        39,
    )
    html = article_html(
        article,
        CLINIC,
        today=TODAY,
        section="what-happens",
        passage=passage,
        sentence=Span(14, 27),
        back=back_link("ab", is_known=True),
    )
    assert html.count('id="cs-found"') == 1
    assert '<mark class="cs-ans">Second thing.</mark> More of it.' in html
    assert '<a class="cs-in" href="?search=ab">' in html


def test_headings_above_a_section_are_drawn_once() -> None:
    sections = (Section("a#x", ("Top", "X"), Span(0, 5)), Section("a#y", ("Top", "Y"), Span(5, 9)))
    article = Article("a", "T", "First next", sections, "a.txt", "0" * 64)
    html = article_html(article, CLINIC, today=TODAY)
    assert re.findall(r"<(h[23])>(\w+)</", html) == [("h2", "Top"), ("h3", "X"), ("h3", "Y")]


def test_an_unknown_section_or_article_is_said_calmly() -> None:
    _, article = make()
    assert text.NO_SECTION in article_html(article, CLINIC, today=TODAY, section="gone")
    assert text.NO_ARTICLE in heading_html(lost=True)
    assert text.NO_ARTICLE not in heading_html()
    assert "?article=a" in listed([article])


def test_the_intended_purpose_stands_word_for_word_on_the_about_page() -> None:
    assert text.PURPOSE.replace("'", "&#x27;") in about_html()


# -- panels ---------------------------------------------------------------------------------------


def test_help_lists_the_clinics_numbers_and_never_an_empty_one() -> None:
    html = layout.help_panel(Clinic(), Numbers(emergency="112"))
    assert html.count("<li>") == 1
    assert f'href="tel:112">{text.CALL} <bdi>112</bdi></a>' in html
    assert text.HELP_NO_NUMBER in layout.help_panel(Clinic(), Numbers())


def test_a_number_without_digits_is_not_a_link() -> None:
    assert telephone("<call us>") == "&lt;call us&gt;"


def test_examples_are_buttons_whose_text_is_only_text() -> None:
    html = layout.examples([HOSTILE])
    assert Tags(html).names == {"h2", "ul", "li", "button"}


# -- from result to result, more like this --------------------------------------------------------


def test_the_first_and_the_last_result_lead_only_one_way() -> None:
    made = [make(f"Words {n}. More.", heading=f"Part {n}", rank=n)[0] for n in (1, 2, 3)]
    results = [
        replace(one, passage=replace(one.passage, id=f"a#what-happens/{n}"))
        for n, one in enumerate(made, start=1)
    ]
    first, middle, last = (pager(one.passage, results) for one in results)
    assert ("Result 1 of 3" in first, "Result 2 of 3" in middle, "Result 3 of 3" in last) == (
        True,
        True,
        True,
    )
    assert text.PREVIOUS_RESULT not in first
    assert text.NEXT_RESULT not in last
    assert f"{text.PREVIOUS_RESULT}: Part 1" in middle
    assert "passage=3" in middle


def test_what_is_no_result_and_what_is_the_only_one_has_no_pager() -> None:
    result, _ = make()
    assert pager(result.passage, [result]) == ""
    assert pager(None, [result, result]) == ""


def test_a_claim_that_nobody_checked_is_not_marked_as_an_answer_in_its_article() -> None:
    result, article = make()
    for labels, kind in (((), "cs-ans"), (("The clinic's own words, not checked",), "cs-near")):
        html = article_html(
            article,
            CLINIC,
            today=TODAY,
            section="what-happens",
            passage=replace(result.passage, labels=labels),
            sentence=result.sentence,
        )
        assert f'<mark class="{kind}">No medicine is injected.</mark>' in html


def test_a_sentence_of_related_reading_is_not_marked_as_an_answer_in_its_article() -> None:
    result, article = make()
    html = article_html(
        article,
        CLINIC,
        today=TODAY,
        passage=result.passage,
        sentence=result.sentence,
        confirmed=False,
    )
    assert '<mark class="cs-near">No medicine is injected.</mark>' in html


def test_the_page_of_the_file_stands_at_the_passage_only_where_there_are_pages() -> None:
    result, article = make()
    assert page_label(result.passage, article) == ""
    paged = replace(article, pages=(0, 5))
    later = replace(result.passage, start=6)
    assert page_label(later, paged) == "page 2"
    assert trail(later, paged).endswith(", page 2")
    assert ", page 2. Test clinic," in citation(later, paged, CLINIC, today=TODAY)


def test_passages_like_one_are_no_answers_and_their_text_is_only_text() -> None:
    result, article = make(HOSTILE, heading=HOSTILE)
    html = similar_html(result.passage, [result], {"a": article}, CLINIC, today=TODAY)
    assert "<script>" not in html
    assert text.ANSWER_FROM not in html
    assert "cs-ans" not in html
    assert similar_address(result.passage) == "?like=a%23what-happens%2F1"
    assert text.NO_LIKE in similar_html(result.passage, [], {"a": article}, CLINIC, today=TODAY)
    assert text.NO_PASSAGE in similar_html(None, [], {}, CLINIC, today=TODAY)


def test_a_clinic_without_cards_has_the_pages_own_card_about_safety() -> None:
    clinic = Clinic(telephone="020 7946 0000")
    for outcome in (Outcome.NOT_COVERED, Outcome.RELATED):
        result, article = make()
        response = replace(respond(result, outcome=outcome), route="safety")
        html = results_html(response, {"a": article}, clinic, today=TODAY, routes={})
        assert text.SAFETY_CARD in html
        assert "tel:02079460000" in html
    other = replace(respond(outcome=Outcome.NOT_COVERED), route="cost")
    assert "cs-route" not in results_html(other, {}, clinic, today=TODAY, routes={})


# -- a question in another language --------------------------------------------------------------


@pytest.mark.parametrize("outcome", Outcome)
def test_of_a_question_that_was_not_understood_only_an_answer_is_shown(outcome: Outcome) -> None:
    result, article = make()
    response = SearchResponse("mal au dos", outcome, (result,), "g", is_understood=False)
    response = replace(response, corrected_query="mal au doc", route="cost")
    routes = {"cost": Route("cost", "Prices", "Ask us.")}
    page = results_html(response, {"a": article}, CLINIC, today=TODAY, routes=routes)
    is_answer = outcome is Outcome.ANSWER
    assert "We can only search in English" in page
    assert str(text.ONLY_IN_MORE) in page
    assert ('class="cs-text"' in page) is is_answer
    assert (str(text.UNDO_MORE) in page) is is_answer
    for said in (text.NOT_COVERED, text.CHECK_SPELLING, text.RELATED, "Prices"):
        assert str(said) not in page
    assert page.count('id="cs-results"') == 1
    assert not has_results(replace(response, is_doubted=True), Display())


def test_a_cry_in_another_language_is_met_by_the_language_that_is_searched() -> None:
    cry = SearchResponse("hilfe", Outcome.NOT_COVERED, (), "g", is_cry=True, is_understood=False)
    assert summary(cry) == "We can only search in English"
