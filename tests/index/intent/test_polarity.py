"""A question of caution is answered by a caution, never by praise, and only it is one.

`training/polarity.csv` holds pairs of passages with the same words: one answers, one praises.
"""

import csv

import pytest

from core.text.normalize import normalize_query
from core.text.sentences import sentence_spans
from index.intent.aspects import Aspect, aspect_of, is_about, is_caution, speaks_of
from tests.support.paths import ROOT

with (ROOT / "training" / "polarity.csv").open(encoding="utf-8", newline="") as file:
    PAIRS = list(csv.DictReader(file))
LEAST_ANSWERED = 0.85


def is_suitable(pair: dict[str, str], passage: str) -> bool:
    """Say whether a passage may answer the pair's question, as index.intent.suitability decides."""
    question = normalize_query(pair["question"])
    aspect = aspect_of(question)
    if aspect is None or not aspect.is_caution:
        return True  # nothing keeps praise from it
    spans = sentence_spans(passage)
    return is_about(question, aspect, f"{pair['treatment']} {passage}") and any(
        speaks_of(aspect, passage[span.start : span.end]) for span in spans
    )


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair["question"])
def test_praise_is_never_suitable(pair: dict[str, str]) -> None:
    assert not is_suitable(pair, pair["opposite"])


@pytest.mark.parametrize("writer", ["pa", "pc"])
def test_most_cautions_are_suitable(writer: str) -> None:
    pairs = [pair for pair in PAIRS if pair["writer"] == writer]
    suitable = [pair for pair in pairs if is_suitable(pair, pair["answers"])]
    assert len(suitable) >= LEAST_ANSWERED * len(pairs)


# In words of several Englishes; none is a question of the file.
CAUTION = """
who isnt allowed to do hot yoga
who is not supposed to use a sauna
should i be careful with a heat pad
anything to watch out for when using a foam roller
could a back brace weaken me
can stretching aggravate a torn hamstring
is running bad for your knees
is it a bad idea to sleep in a neck collar
did anyone react badly to the steroid jab
what if the injection goes badly
can taping cause problems with my skin
what problems come after an epidural
is kinesio tape safe with eczema
is massage safe after a stroke
is yoga safe in pregnancy
reasons not to get a massage
precautions for tens machine
laser treatment is contraindicated in whom
complications of prp
is ultrasound harmful for unborn baby
wax bath can be done or not for sugar patient, is it safe
any side effect is there in cupping
who all should not do traction
tens machine not good for heart patients?
is it advisable to do acupuncture in pregnancy
physio exercise can do harm or not
will the manipulation make my neck pain worse
my pain got worse after dry needling
shockwave made my heel worse, should i stop
can a knee brace cause blood clots
who would be turned away from the pool
does it interact with my tablets
can kids have acupuncture
is cupping ok for children
is codeine addictive
when is it unwise to use ice
when should i stop using crutches
i am scared it goes wrong, horror stories
""".strip().splitlines()
ORDINARY = """
getting back to normal after being hurt, does needling help
how long until i return to normal after my massage
my knee is getting worse
why is my back pain bad at night
what is bad posture
problem walking after stroke
can dry needling help
why does sitting make my back worse
does sitting make sciatica worse
what makes my shoulder worse
my neck has been bad for weeks
my back is bad for the third day
my knee is not good for years now
i have a bad back and a bad knee
bad ankle sprain how long till i can walk
i hurt my back lifting, what can i do
i am diabetic and my foot is sore, what can i do
my child has a flat head what can i do
is my baby's head shape normal
my teenager has heel pain
my son is 8 years old and walks on his toes
exercises for older people with weak legs
physio for children with cerebral palsy
do you treat kids
how do i get back to running after surgery
how can i recover from a hip replacement
weakness in my arm after stroke
my leg is weak and numb
can sciatica cause numbness in the foot
can a slipped disc cause leg weakness
can arthritis cause swelling in one knee
can stress cause neck pain
could a trapped nerve cause tingling fingers
why do i have trouble sleeping on my shoulder
trouble climbing stairs with bad knee
what is the problem with my knee
problems with balance
i have a problem with my jaw
when will it get better
why is it worse in the morning
what aggravates tennis elbow
my back went bad again
i can't lift my arm above my head
who can help with vertigo
who should have acupuncture
who is pilates good for
is yoga good for back pain
are insoles good for flat feet
does massage work
how does tens work
what does shockwave do
how many sessions of traction do i need
what is cupping used for
can acupuncture help with pregnancy sickness
will exercise help my osteoporosis
can physio prevent falls
how to reduce the risk of another sprain
best exercises for weak core
what should i wear to physio
do i need a referral
how long does a steroid injection last
when can i go back to football after an ankle sprain
i fell and my wrist is swollen
is swimming good for arthritis
how do i sit at my desk without neck pain
can i drive after shoulder surgery with my left arm in pain, how do i recover
my shoulder is not going back to normal
strengthening after acl surgery
can children get back pain
what exercises stop my knee giving way
""".strip().splitlines()


@pytest.mark.parametrize("question", CAUTION)
def test_caution_is_recognised_in_kind(question: str) -> None:
    assert is_caution(question)


@pytest.mark.parametrize("question", ORDINARY)
def test_what_patients_ask_about_a_complaint_is_no_caution(question: str) -> None:
    assert not is_caution(question)


PRAISE = """
It is safe and effective.
It is safe, gentle and loved by everyone.
It helps you avoid surgery.
It has fewer side effects than tablets.
It reduces the risk of falls and fractures.
People who should not lift heavy weights build strength with it.
Those who must not take tablets like it.
People who cannot take painkillers are glad of it.
You should not have to live with pain.
It has none of the dangers of surgery.
It eases sore, stiff muscles after sport.
Swelling and bruising fade in days.
The risk of another sprain is halved.
It is safe for all ages in trained hands.
Arthritis can cause swelling and stiffness.
It helps people who are at risk of falling.
If you can't sleep, it may help you rest.
Never let pain stop you.
""".strip().splitlines()
CAUTIONS = """
Anyone with a pacemaker must not use it.
It is not used over a tumour.
It may leave the skin red and blistered.
A fresh fracture rules it out.
Bruising and dizziness are common.
Stay out of the pool with an open wound.
Leave it off if the skin is broken.
Some patients feel sick or faint for an hour.
Ask your doctor first if you take warfarin.
Those who should not have it include people with epilepsy.
It can make the pain worse.
Rarely, infection follows.
Burns have been reported.
Clinics turn away, or have declined, people with clots.
""".strip().splitlines()


@pytest.mark.parametrize("sentence", PRAISE)
def test_praise_with_words_of_caution_speaks_of_none(sentence: str) -> None:
    assert not any(speaks_of(aspect, sentence) for aspect in Aspect if aspect.is_caution)


@pytest.mark.parametrize("sentence", CAUTIONS)
def test_a_caution_speaks(sentence: str) -> None:
    assert speaks_of(Aspect.HARM, sentence)


@pytest.mark.parametrize(
    ("passage", "about"),
    [
        ("Massage is safe and gentle.", False),
        ("Massage may leave you sore. It bruises.", False),
        ("Massage is gentle. Those expecting a baby lie on one side.", True),
        ("Massage should not be given to anyone with a fever.", True),
        ("Massage is for people who should not lift.", False),
    ],
)
@pytest.mark.parametrize(
    "question", ["is massage safe in pregnancy", "can i have massage when pregnant"]
)
def test_a_passage_names_the_state_or_says_who_must_not(
    question: str, passage: str, about: bool
) -> None:
    assert is_about(question, aspect_of(question), passage) is about
