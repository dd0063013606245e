"""Which sentence is marked for common questions, over the real article and the real model."""

from typing import Any

import pytest

from core.types import Outcome
from index.search.pipeline import search

PAINLESS = "It is a 100% painless procedure."
WHAT = "Dry needling therapy is an effective treatment that involves"
PEOPLE = "Many people experiencing severe musculoskeletal pain"
NAME = "Dry needling therapy is also referred to as IMS"
SOLID = "In this procedure, solid thin needles are used"
INJECTED = "no medicine will be injected"
TRIGGER = "These are also called trigger points"
INSERTS = "insert the thin needle slowly"
RELEASES = "the needles release inflammation, tension"
ENDORPHINS = "activates your body to discharge opiate peptides"
HEALING = "The healing time is fast when compared"
FAST = "Patients undergoing dry needling treatment experience fast pain relief"
CONDITIONS = "manage medical conditions such as sciatica"
MOTION = "experience improvement in range of motion"
FEEL = "They can feel the differences when they move"
FLOW = "it results in improved blood flow"
RESET = "similar to the reset button for muscles"
LENGTH = "get back the muscles to normal length"
MARKED = {
    "does dry needling hurt": PAINLESS,
    "is dry needling painful": PAINLESS,
    "will it hurt": PAINLESS,
    "how painful is it": PAINLESS,
    "how much does it hurt?": PAINLESS,
    "does the needle sting": PAINLESS,
    "is it painfull": PAINLESS,
    "im terrified of needles will it be sore": PAINLESS,
    "will I feel the needle go in or is it pain free": PAINLESS,
    "ouch factor": PAINLESS,
    "what is dry needling": WHAT,
    "explain dry needling to a complete beginner": WHAT,
    "Who is this treatment suitable for?": PEOPLE,
    "who should have dry needling?": PEOPLE,
    "another name for dry needling": NAME,
    "what does IMS stand for": NAME,
    "are the needles hollow like a syringe or solid": SOLID,
    "is it basically acupuncture": SOLID,
    "do you inject any medication": INJECTED,
    "Do you inject any medicine through the needle?": INJECTED,
    "what is a trigger point": TRIGGER,
    "what actually happens when they do the needling": WHAT,
    "procedure step by step": INSERTS,
    "what happens inside the muscle once the needle is in": RELEASES,
    "does it release endorphins": ENDORPHINS,
    "Is the healing time shorter than with other treatments?": HEALING,
    "how quickly will the pain ease off": FAST,
    "sciatica": CONDITIONS,
    "can it help tennis elbow?": CONDITIONS,
    "range of motion": MOTION,
    "will I notice a difference when I move": FEEL,
    "does it boost blood flow": FLOW,
    "like a reset button for muscles?": RESET,
    "get muscles back to normal": LENGTH,
}
# Another sentence is nearly as near, so the right one is marked, but not as the answer.
UNCLEAR = {"explain dry needling to a complete beginner"}


@pytest.mark.parametrize(("question", "sentence"), MARKED.items())
def test_the_marked_sentence_answers(real_index: Any, question: str, sentence: str) -> None:
    response = search(real_index, question)
    assert response.outcome is Outcome.ANSWER
    first = response.results[0]
    marked = first.passage.text[first.sentence.start : first.sentence.end]
    assert sentence in marked
    assert first.is_answer or question in UNCLEAR


@pytest.mark.parametrize("question", [q for q, s in MARKED.items() if s is PAINLESS])
def test_an_open_claim_is_never_a_confirmed_answer(real_index: Any, question: str) -> None:
    assert search(real_index, question).results[0].labels
