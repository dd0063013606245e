"""What to do next, and the clinic's details in answer to questions about the clinic itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from core.clinic_settings import Clinic
from core.types import Outcome, SearchResponse
from index.bank.route_cards import Route
from index.intent.practical import Practical
from safety.notices.finder import Articles, Display
from tests.ui.rendering.test_results import make
from ui.languages import text
from ui.rendering.contact import contact_card, next_steps
from ui.rendering.results import results_html, summary

TODAY = date(2026, 3, 1)
FULL = Clinic(
    telephone="020 7946 0000",
    booking_url="https://book.example",
    opening_hours="Monday, 8 to 6\n<b>Sunday</b> closed",
    prices="£60",
    address="1 High Street",
    getting_here="Bus 14",
    email="hello@clinic.example",
)
ROUTE = Route("cost", "Prices and insurance", "Ask your insurer.")
NOTHING = SearchResponse("when are you open", Outcome.NOT_COVERED, (), "g", practical="hours")


def drawn(response: SearchResponse, clinic: Clinic = FULL, **more: object) -> str:
    _, article = make()
    return results_html(response, {"a": article}, clinic, today=TODAY, **more)  # type: ignore[arg-type]


def test_after_an_answer_and_after_none_there_is_call_book_and_share() -> None:
    result, _ = make()
    found = drawn(SearchResponse("secret", Outcome.ANSWER, (result,), "g"))
    nothing = drawn(SearchResponse("secret", Outcome.NOT_COVERED, (), "g"))
    for html in (found, nothing):
        assert 'href="tel:02079460000"' in html
        assert 'href="https://book.example"' in html
        assert "secret" not in html
    assert 'data-share="?article=a&amp;section=what-happens"' in found
    assert "data-share" not in nothing
    assert str(text.STILL_HELP) in nothing


def test_without_telephone_booking_and_article_there_is_nothing_to_press() -> None:
    assert next_steps(Clinic()) == ""
    assert "tel:" not in next_steps(Clinic(), share="?article=a")


@pytest.mark.parametrize("practical", Practical)
def test_each_question_about_the_clinic_is_answered_by_its_settings_or_by_whom_to_ask(
    practical: Practical,
) -> None:
    answered = contact_card(practical, FULL, ROUTE)
    assert "Ask your insurer" not in answered
    assert str(text.CONTACT_ASK) not in answered
    assert "Ask your insurer." in contact_card(practical, Clinic(), ROUTE)
    assert str(text.CONTACT_ASK) in contact_card(practical, Clinic(), None)


def test_details_are_shown_as_written_and_only_as_text() -> None:
    html = contact_card(Practical.HOURS, FULL, None)
    assert "Monday, 8 to 6\n&lt;b&gt;Sunday&lt;/b&gt; closed" in html
    assert "mailto:hello@clinic.example" in contact_card(Practical.CONTACT, FULL, None)


def test_the_card_comes_first_with_and_without_route_cards() -> None:
    for routes in ({}, {"cost": ROUTE}):
        html = drawn(replace(NOTHING, route="cost"), routes=routes)
        assert html.count('id="cs-results"') == 1
        assert str(text.NOT_COVERED) not in html
        assert "Monday, 8 to 6" in html
    assert summary(NOTHING) == text.CONTACT_TITLES["hours"]


@pytest.mark.parametrize(
    ("outcome", "clinic", "is_open"),
    [
        (Outcome.ANSWER, FULL, False),
        (Outcome.ANSWER, Clinic(telephone="1"), True),
        (Outcome.RELATED, Clinic(telephone="1"), False),
    ],
)
def test_passages_are_folded_below_the_card_unless_only_they_answer(
    outcome: Outcome, clinic: Clinic, is_open: bool
) -> None:
    result, _ = make()
    html = drawn(replace(NOTHING, outcome=outcome, results=(result,)), clinic)
    assert ('<details class="cs-below">' not in html) is is_open
    assert html.index("cs-contact") < html.index("<article")
    assert html.count('id="cs-results"') == 1


def test_under_a_notice_that_asks_to_act_nobody_is_sent_to_the_clinic_first() -> None:
    for display in (Display(related=False), Display(articles=Articles.HIDDEN)):
        assert "cs-contact" not in drawn(NOTHING, display=display)


def test_tips_on_wording_stand_only_where_the_words_may_be_why() -> None:
    def asked(words: str, **more: object) -> str:
        response = SearchResponse(words, Outcome.NOT_COVERED, (), "g")
        return drawn(replace(response, **more), routes={"cost": ROUTE})  # type: ignore[arg-type]

    assert str(text.CHECK_SPELLING) not in asked("is yoga good")
    assert str(text.CHECK_SPELLING) in asked("sholdur trubble")
    assert str(text.FEWER_WORDS) in asked("my back " * 10)
    assert str(text.CHECK_SPELLING) not in asked("sholdur trubble", route="cost")
