"""Questions about the clinic itself, and questions about health that share their words."""

from __future__ import annotations

import pytest

from index.intent.practical import Practical, practical_of

ASKED = {
    Practical.HOURS: """
        opening times | opening hours | when are you open | what time do you close
        are you open on saturday | are you open today? | what are your opening hours please
        is the clinic open on bank holidays | hours | How late are you open in the evening
        do you open at weekends | what time do you shut | horaires d'ouverture
        Quand êtes-vous ouverts ? | When r u open""",
    Practical.PRICE: """
        how much does it cost | how much does dry needling cost | prices | price list
        what do you charge | how much is a session | how much for an appointment
        what does the first visit cost | cost of treatment | is it expensive | your fees
        how much do you charge per visit | how much will i pay | Quel est le prix d'une séance
        combien ça coûte | what's the price""",
    Practical.PLACE: """
        where are you | where is the clinic | what is your address | address
        postcode please | how do i find you | where exactly are you | your location
        where are you based | where are you located? | directions to the clinic
        what's the address of the clinic | quelle est votre adresse | où êtes-vous""",
    Practical.TRAVEL: """
        parking | is there parking | where can i park | can i park my car
        do you have a car park | how do i get there | how do i get to the clinic by bus
        which bus do i take | is there wheelchair access | nearest train station
        is there disabled parking nearby | où se garer""",
    Practical.CONTACT: """
        phone number | what is your phone number | telephone | email address
        I want to talk to a person | can i speak to someone at the clinic | talk to a human
        i would like to speak to a real person please | can i call you | who do i call
        can you call me back | contact details | how can I contact you | call the clinic
        parler à une personne | votre numéro de téléphone""",
    Practical.BOOKING: """
        book appointment | how do i book | how to book an appointment | can I book online
        make an appointment | i need an appointment | can i see a physio
        i'd like to book a session | do you have any appointments tomorrow
        next available appointment | Can I get an apointment today | appointments available
        prendre rendez-vous | booking""",
    Practical.CHANGE: """
        cancel my appointment | I need to cancel my appointment | how do i cancel
        reschedule | can i change my appointment | move my booking to tuesday
        i can't make my appointment | i cant come to my appointment tomorrow
        change the time of my visit | i missed my appointment | I'm running late
        postpone my session | annuler mon rendez-vous""",
}
HARMLESS = """
    how long are appointments | cancel the pain | can i cancel out the pain
    how many appointments will i need | what should i wear to my appointment
    what happens at the first appointment | what do i need to do at the first session
    do i need to see a physio | when should i see a physio | should i see a physio or a doctor
    how much physio do i need | how much does it hurt | how much is too much exercise
    how much weight can i lift | how much rest do i need | does exercise pay off
    the cost of not treating back pain | how much ice should i put on it
    open wound after needling | my mouth does not open | can't open my jaw
    my hip feels closed up | sore when i close my hand | open fracture
    where is the pain coming from | where is the rotator cuff | how do i find the trigger point
    what is the location of the sciatic nerve | address the cause of pain
    can i run in the park | can i train after needling | when can i get back to training
    pain in my ring finger | ringing in my ears | i can't reach behind my back
    number of sessions | my fingers are number than before | heart rate
    i can't move my neck | can i move after the session | how do i move with back pain
    change of posture | does changing position help | why does my knee lock when i change direction
    will my doctor call it sciatica | talk to me about sciatica | phone neck
    does looking at my phone hurt my neck | numb hand on the phone | is it safe to drive there
    i missed a step and hurt my ankle | late for surgery recovery | how often should i book massage
    how long before i am better | what does a physiotherapist do | can a person with arthritis run
    good book about back pain | do you treat children | how long is a session
    i need to talk to someone | is there anybody i can talk to
    stop the pain now | what time of day is best to exercise | is dry needling free of pain
"""


def _split(lines: str) -> list[str]:
    return [one.strip() for line in lines.splitlines() for one in line.split("|") if one.strip()]


@pytest.mark.parametrize(
    ("wanted", "question"), [(key, one) for key, lines in ASKED.items() for one in _split(lines)]
)
def test_a_question_about_the_clinic_is_known(wanted: Practical, question: str) -> None:
    assert practical_of(question) is wanted


@pytest.mark.parametrize("question", _split(HARMLESS))
def test_a_question_about_health_with_the_same_words_is_none(question: str) -> None:
    assert practical_of(question) is None


@pytest.mark.parametrize("question", ["", "   ", "?!", "'", "book " * 900])
def test_what_says_nothing_is_none(question: str) -> None:
    assert practical_of(question) is None


def test_each_intent_has_wordings_enough() -> None:
    assert all(len(_split(lines)) >= 8 for lines in ASKED.values())
    assert set(ASKED) == set(Practical)
    assert len(_split(HARMLESS)) >= 40
