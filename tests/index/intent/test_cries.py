"""A cry for help is met by numbers and kind words; a question with the same words is searched."""

import time
from datetime import date

import pytest

from core.clinic_settings import Clinic
from core.types import Outcome, SearchResponse
from index.bank.route_cards import Route
from index.intent.cries import is_cry
from safety.notices.finder import Display
from safety.notices.red_flags import Numbers
from ui.api.response import help_now
from ui.languages import text
from ui.rendering import layout
from ui.rendering.results import has_results, results_html, route_shown, summary


def listed(texts: str) -> list[str]:
    """Return texts that are separated by bars and line ends."""
    return texts.strip().replace("\n", " | ").split(" | ")


CRIES = listed("""
help | help me | Help! | HELP ME PLEASE | please help | please help me | pls help | helppp
heeelp | urgent | urgent!! | URGENT HELP NEEDED | this is urgent | it's urgent please | emergency
this is an emergency | it is an emergency | sos | SOS!!! | I need help | I need help now
i really need some help right now | i need urgent help | need help asap | hilfe | Hilfe! | aide
aidez-moi | à l'aide | au secours | ayuda | aiuto | can someone help | can anyone help me
could somebody please help me | someone help me | help my husband | my mum needs help
call an ambulance | ambulance | i need an ambulance | emergency number | nothing helps anymore
nothing helps | nothing works any more | nothing helps me anymore I give up | I give up
i want to give up | i can't go on | i cant go on like this | i cannot cope anymore
I can't take it anymore | i can't take this pain any more | I've had enough | i'm at my wits' end
at the end of my tether | i am desperate | desperate | no hope | i feel hopeless
i don't know what to do anymore | nobody can help me | no one helps me | i can't do this anymore
i cant live like this | what is the point | i have tried everything and nothing helps
who can help me | save me
""")
QUESTIONS = listed("""
what helps a stiff neck | does it help with sleep | how can you help my back | self-help exercises
emergency appointment price | is it urgent to book | can dry needling help me
does dry needling help | can it help my headaches | will it help me sleep | help with sciatica
golfers elbow help | i need help with my shoulder | help for tennis elbow | urgent appointment
emergency appointment | do you do emergency appointments | urgent care near me
what to do in an emergency | how does needling help | nothing helps my neck pain
i can't go on holiday with this back | i can't go on runs any more | how do i give up smoking
i give up sugar | i can't take ibuprofen | i can't do this exercise | how can physio help
what can help my knee | helps blood flow | does it help | helpful stretches
is back pain an emergency | when is back pain an emergency | how urgent is a slipped disc
can't cope with stairs since my knee went | fed up with waiting for my ankle to heal
sprained my ankle and fed up of waiting for it to get better | can needles help a stiff hip
hearing aid | first aid for a sprain | aid recovery | rescue remedy | crisis of muscle spasm
who can have it | what is it | who can i talk to about prices | can I speak to somebody
phone number | i have had enough sessions, can i stop
""")
CLINIC = Clinic(name="Our clinic", telephone="020 7946 0000")
NUMBERS = Numbers(emergency="999", urgent="111", crisis="116 123", crisis_name="Samaritans")
CRY = SearchResponse("help", Outcome.NOT_COVERED, (), "0", route="off-topic", is_cry=True)


@pytest.mark.parametrize("words", CRIES)
def test_a_cry_for_help_is_heard(words: str) -> None:
    assert is_cry(words)


@pytest.mark.parametrize("words", QUESTIONS)
def test_a_question_with_the_words_of_a_cry_is_searched(words: str) -> None:
    assert not is_cry(words)


@pytest.mark.parametrize("words", ["", "?!", "needling", "\x00", "\ud83d help my neck"])
def test_what_cries_nothing_is_no_cry(words: str) -> None:
    assert not is_cry(words)


@pytest.mark.parametrize("piece", ["help ", "h", "nothing ", "i ", "can't ", "e e", "' ", "救命"])
def test_no_text_takes_long_to_hear(piece: str) -> None:
    started = time.perf_counter()
    is_cry((piece * 4000)[:4000])
    assert time.perf_counter() - started < 0.5


def test_the_answer_to_a_cry_names_every_number_and_the_clinics() -> None:
    html = layout.help_now(CLINIC, NUMBERS)
    assert str(text.HELP_NOW) in html
    for number in ("999", "111", "116123", "02079460000"):
        assert f'href="tel:{number}"' in html


def test_the_answer_to_a_cry_is_whole_without_numbers() -> None:
    assert str(text.HELP_NO_NUMBER) in layout.help_now(Clinic(name="Our clinic"), Numbers())


def test_a_cry_gets_no_passage_no_card_and_no_spelling_advice() -> None:
    routes = {"off-topic": Route("off-topic", "Something else", "They do not cover this.")}
    html = results_html(CRY, {}, CLINIC, today=date(2026, 1, 1), routes=routes)
    assert not has_results(CRY, Display())
    assert route_shown(CRY, Display(), routes) is None
    assert str(text.CHECK_SPELLING) not in html
    assert "Something else" not in html
    assert str(text.NOT_SEARCHED_HOW) in html
    assert 'id="cs-results"' in html
    assert summary(CRY) == str(text.NOT_SEARCHED)


def test_a_program_is_sent_what_to_say_to_a_cry_and_nothing_otherwise() -> None:
    assert help_now(CRY, Display()) == {
        "title": str(text.HELP_NOW),
        "text": str(text.HELP_NOW_MORE),
    }
    assert help_now(SearchResponse("neck", Outcome.NOT_COVERED, (), "0"), Display()) is None
