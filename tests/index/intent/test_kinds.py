"""What kind of answer a question wants, and which sentences give it: by words, in variations."""

from __future__ import annotations

import pytest

from core.text.normalize import normalize_query
from index.intent.aspects import Aspect, aspect_of, is_about, speaks_of

ASKS = {
    Aspect.PRICE: [
        "how much does it cost",
        "How much is a first appointment?",
        "how much for a massage",
        "what are your prices",
        "price per session",
        "cost of shockwave",
        "is it expensive",
    ],
    Aspect.HOURS: [
        "opening hours",
        "opening times mill lane",
        "when are you open",
        "what time do you close on friday",
        "are you open on saturday",
        "do you have evening appointments",
    ],
    Aspect.BOOKING: [
        "book appointment",
        "how do I book an appointment",
        "how can i book",
        "can I make an appointment online",
        "i want to book a session",
    ],
    Aspect.CANCEL: [
        "cancel my appointment",
        "what happens if i cancel",
        "can i change my appointment",
        "I need to reschedule",
    ],
    Aspect.EXERCISES: [
        "frozen shoulder exercises",
        "exercises for a sprained ankle",
        "what stretches help sciatica",
        "what exercises can I do at home",
        "how do i stretch my calf",
    ],
    Aspect.ACTIVITY: [
        "can i drive with a broken rib",
        "when can I drive again",
        "driving after knee surgery",
        "is it ok to swim with a sore shoulder",
        "can i go to the gym after",
        "may I fly with a sprained ankle",
        "when can my son play football",
    ],
    Aspect.DURATION: [
        "how long does a frozen shoulder last",
        "how soon can i expect results",
        "how many weeks until it is better",
        "when will my ankle be normal",
    ],
    Aspect.CAUSE: [
        "why did i get a frozen shoulder",
        "what causes heel pain",
        "causes of sciatica",
    ],
    Aspect.MEANING: ["what is a bursa", "what does tendinopathy mean", "explain dry needling"],
}


@pytest.mark.parametrize(
    ("question", "aspect"), [(one, aspect) for aspect, all_ in ASKS.items() for one in all_]
)
def test_a_question_says_what_kind_of_answer_it_wants(question: str, aspect: Aspect) -> None:
    assert aspect_of(normalize_query(question)) is aspect


@pytest.mark.parametrize(
    "question",
    [
        "my heel hurts in the morning when i get out of bed",
        "neck pain when driving",
        "cant turn my head to check blind spot when driving",
        "how much water should I drink",
        "leaking when i cough after baby",
        "i have had this for a long time",
        "sciatica",
        "what is the best treatment for tennis elbow",
        "how should i sleep with a frozen shoulder",
    ],
)
def test_other_questions_want_no_certain_kind(question: str) -> None:
    aspect = aspect_of(normalize_query(question))
    assert aspect is None or not aspect.wants_kind


def test_the_kind_of_answer_never_hides_a_question_of_caution() -> None:
    """What no pattern of caution knows still goes to the model of caution."""
    assert not any(aspect.decides for aspect in ASKS)


@pytest.mark.parametrize(
    ("aspect", "sentence", "speaks"),
    [
        (Aspect.PRICE, "- Visit: First visit; Length: 45 minutes; Fee: £62", True),
        (Aspect.PRICE, "A first visit costs 60 pounds.", True),
        (Aspect.PRICE, "The first talk is free.", True),
        (Aspect.PRICE, "The industry has generated $37 billion in revenue.", False),
        (Aspect.PRICE, "Payment for appointments is due on the day.", False),
        (Aspect.HOURS, "- Thursday 8:30 am - 5 pm", True),
        (Aspect.HOURS, "Closed on Sundays", True),
        (Aspect.HOURS, "Opening the shoulder eases it.", False),
        (Aspect.BOOKING, "Ring reception, and we find a time.", True),
        (Aspect.BOOKING, "Payment is due after the visit.", False),
        (Aspect.CANCEL, "If you cancel less than 24 hours before, we charge half.", True),
        (Aspect.CANCEL, "Book online at any time.", False),
        (Aspect.EXERCISES, "- Write the alphabet, ten times.", True),
        (Aspect.EXERCISES, "Frozen shoulder means that the joint is stiff.", False),
        (Aspect.DURATION, "It takes between one and three years.", True),
        (Aspect.DURATION, "The painful stage lasts two to nine months.", True),
        (Aspect.DURATION, "Wait until you can hop.", True),
        (Aspect.DURATION, "Frozen shoulder is common.", False),
        (Aspect.ACTIVITY, "Do not drive while your arm is in a cast.", True),
        (Aspect.ACTIVITY, "Broken ribs are very painful.", False),
        (Aspect.CAUSE, "Tight shoes bring it on.", True),
        (Aspect.CAUSE, "Wear soft shoes.", False),
        (Aspect.MEANING, "A bursa is a small sac.", True),
        (Aspect.MEANING, "It is a painless procedure.", False),
        (Aspect.INSIDE, "Some people think that we inject medicine.", False),
        (Aspect.INSIDE, "No medicine is injected.", True),
    ],
)
def test_a_sentence_gives_that_kind_of_answer(aspect: Aspect, sentence: str, speaks: bool) -> None:
    assert speaks_of(aspect, sentence) is speaks


@pytest.mark.parametrize(
    ("question", "passage", "about"),
    [
        ("can i drive with a broken rib", "Do not drive with broken ribs.", True),
        ("can i drive with a broken rib", "Broken ribs can be very painful.", False),
        ("can i fly with a broken rib", "You may drive with broken ribs after weeks.", False),
        ("when can I swim again", "Swimming is fine after six weeks.", True),
    ],
)
def test_a_passage_names_the_activity(question: str, passage: str, about: bool) -> None:
    asked = normalize_query(question)
    assert is_about(asked, aspect_of(asked), passage) is about
