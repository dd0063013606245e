"""What a question wants to know, and whether a sentence speaks of it: praise answers no caution."""

import time
from pathlib import Path

import pytest

from core.text.normalize import normalize_query
from core.types import Outcome
from index.intent.aspects import Aspect, aspect_of, is_about, is_caution, speaks_of
from index.search.pipeline import search
from index.store.generations import open_index
from tests.support.building import build_with
from tests.support.fakes import BagOfWordsEncoder
from tests.support.files.content import with_one_notice


def listed(texts: str) -> list[str]:
    """Return texts that are separated by bars and line ends."""
    return texts.strip().replace("\n", " | ").split(" | ")


CAUTION = listed("""
who should not have dry needling | who shouldn't have it | who can't have acupuncture
who cannot have dry needling | who must avoid it | who is it not suitable for
who isnt it suitable for | who is dry needling not recommended for | when is it not suitable
when should it be avoided | when should I avoid cupping | when not to have dry needling
when is dry needling not a good idea | are there people who should not be needled
is there anyone who can't have this | is there any reason i couldnt have it
any reason not to have it | reasons to avoid dry needling | should some people avoid it
should I avoid it | contraindications | dry needling contra-indications
what are the contraindications of dry needling | is it dangerous | is dry needling unsafe
could it be dangerous for me | how dangerous are the needles | how risky is it
what are the risks | dangers of acupuncture | side effects | side-effects of massage
are there any side effects | what could go wrong | what can go wrong with needles
has it ever gone wrong | what happens if it goes wrong | what are the downsides | any drawbacks
can it harm me | can it do any harm | could the needle damage a nerve | can it make things worse
could it make my back worse | will it make me bleed | complications of dry needling | is it safe
is it safe for everyone | is needling safe for older people | is it safe if im pregnant
can I have it if I am pregnant | can i have dry needling while pregnant
pregnant can I be needled | I'm pregnant, is it ok | can I have it while breastfeeding
can I have it if I take blood thinners | i take warfarin can I still have it
im on apixaban is that a problem | can people with a pacemaker have it | i have a pacemaker
pacemaker | dry needling pregnancy | can my mum who has cancer have massage
can diabetics have dry needling | is it ok with epilepsy | i have epilepsy is it alright
can i have it with high blood pressure | can I have needling with a metal plate in my leg
is it suitable for someone with haemophilia | am i too old for it
is there an age when its too risky | who would you not treat | who do you refuse to treat
when would you not needle someone | is dry needling bad for you | could it kill me
can you die from dry needling | any warnings | precautions | adverse reactions | what are the cons
pros and cons of dry needling | is it harmful | does it have bad effects
can it cause nerve damage | can it give me an infection | why shouldnt i have dry needling
should everyone have it | not everyone can have it right | who is excluded | unsuitable for whom
do i need to tell you about my heart condition | i am allergic to nickel can i have the needles
is it still ok if i have a fever
""")
ORDINARY = listed("""
who should have dry needling | who is it for | who benefits from dry needling
what helps a stiff neck | can it relieve my sore shoulder | how to reduce my risk of injury
i can't lift my arm | my knee hurts when I run | why can't I turn my head
people who can't sleep because of back pain | my back is not right | is walking good for sciatica
does dry needling work | can needles help nerve pain | can it help with nerve damage
how do I avoid surgery | why does my shoulder ache at night | when i sit my back gets worse
what makes sciatica worse | when will I be able to run again | how long until it stops hurting
does my heel hurt because of my shoes | is it normal that my knee is sore after running
back pain in pregnancy | pregnancy pelvic pain | diabetes foot pain | exercises for osteoporosis
my arm isn't getting better | who will treat me | when are you not open
why is it not getting better | my muscle is damaged | does needling help damaged tissue mend
what is a trigger point | is it a good idea to stretch | which people get good results
can i drive after | headaches from stress | my shoulder has been bad for years
sitting is bad for my back | when should I not worry about back pain
can dry needling help migraines | is it better than surgery | can it cure asthma
will exercise lower my blood pressure | can I run with shin splints | can you help me
how long should I rest | what are the risk factors for back pain
""")
PRAISE = [
    "Many people experiencing severe pain benefit from dry needling treatment.",
    "It is a safe and effective treatment for everyone.",
    "Massage reduces the risk of injury.",
    "It helps you avoid surgery and its complications.",
    "There are no side effects.",
    "It relieves sore muscles without any risk.",
    "Cupping is a completely safe, natural therapy.",
    "Patients can expect fast pain relief.",
]
CAUTIONS = {
    "You should not have this treatment if you are pregnant.": Aspect.WHO_NOT,
    "Dry needling is not suitable for people with a bleeding disorder.": Aspect.WHO_NOT,
    "Tell us before your visit if you take blood thinners.": Aspect.WHO_NOT,
    "Side effects are usually mild: bruising or soreness for a day.": Aspect.HARM,
    "There is a small risk of a punctured lung.": Aspect.HARM,
    "It is generally safe for most adults.": Aspect.SAFE,
    "It helps many people, but there is a risk of bruising.": Aspect.HARM,
    "Needling is safe in pregnancy after the third month.": Aspect.LEAVE,
}


@pytest.mark.parametrize("question", CAUTION)
def test_a_question_of_caution_is_recognised(question: str) -> None:
    assert is_caution(question)


@pytest.mark.parametrize("question", ORDINARY)
def test_an_ordinary_question_is_none_of_caution(question: str) -> None:
    assert not is_caution(question)


@pytest.mark.parametrize("sentence", PRAISE)
@pytest.mark.parametrize("aspect", [aspect for aspect in Aspect if aspect.is_caution])
def test_praise_speaks_of_no_caution(sentence: str, aspect: Aspect) -> None:
    assert not speaks_of(aspect, sentence)


@pytest.mark.parametrize(("sentence", "aspect"), CAUTIONS.items())
def test_a_sentence_of_caution_speaks(sentence: str, aspect: Aspect) -> None:
    assert speaks_of(aspect, sentence)


@pytest.mark.parametrize(
    ("sentence", "speaks"),
    [
        ("It is a 100% painless procedure.", True),
        ("You may feel a slight prick.", True),
        ("Most people find it a little uncomfortable.", True),
        ("Many people experiencing severe musculoskeletal pain benefit.", False),
        ("It helps to relieve painful muscles.", False),
        ("They can feel the differences when they move.", False),
        ("Neck pain and shoulder pain are common.", False),
    ],
)
def test_pain_of_the_treatment_is_not_pain_that_it_treats(sentence: str, speaks: bool) -> None:
    assert speaks_of(Aspect.HURT, sentence) is speaks


@pytest.mark.parametrize(
    ("question", "passage", "about"),
    [
        ("who should not have needling", "Cupping should not be used on burns.", False),
        ("who should not have needling", "Dry needling is not for everyone.", True),
        ("can i have needling if i am pregnant", "Needling: tell us if you take warfarin.", False),
        ("can i have needling if i am pregnant", "Needling: not if you are pregnant.", True),
    ],
)
def test_a_passage_names_the_treatment_and_the_state_that_is_asked_about(
    question: str, passage: str, about: bool
) -> None:
    asked = normalize_query(question)
    assert is_about(asked, aspect_of(asked), passage) is about


PIECES = ["who ", "is ", "can i ", "not ", "avoid ", "a", "' ", "no risk ", "pain ", "safe "]


@pytest.mark.parametrize("piece", [*PIECES, "make it ", "i "])
def test_no_text_takes_long_to_read(piece: str) -> None:
    long = normalize_query((piece * 4000)[:4000])
    started = time.process_time()
    is_about(long, aspect_of(long), long)
    for aspect in Aspect:
        speaks_of(aspect, long)
    assert time.process_time() - started < 2.0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Articles without a bank and without cards: praise in one, cautions in the other."""
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "praise.txt").write_text(
        "Needle\n\nA needle may bring blood to a stiff neck and help the muscle. Pain may end.\n"
    )
    return tmp_path


ASKED = [
    "who should not have a needle in the neck",
    "is a needle in the neck dangerous",
    "neck risks",
]


@pytest.mark.parametrize("question", ASKED)
def test_without_bank_and_cards_praise_answers_no_question_of_caution(
    folder: Path, question: str
) -> None:
    encoder = BagOfWordsEncoder()
    build_with(encoder, with_one_notice(folder), folder / "built")
    response = search(open_index(folder / "built", encoder=encoder), question)
    assert (response.outcome, response.results) == (Outcome.NOT_COVERED, ())


@pytest.mark.parametrize("question", ASKED)
def test_a_passage_of_caution_is_found_and_praise_does_not_stand_below_it(
    folder: Path, question: str
) -> None:
    (folder / "articles" / "care.txt").write_text(
        "Care\n\nA needle in the neck is not suitable for people who bleed. "
        "There is a risk of bruising.\n"
    )
    encoder = BagOfWordsEncoder()
    build_with(encoder, with_one_notice(folder), folder / "built")
    response = search(open_index(folder / "built", encoder=encoder), question)
    assert [result.passage.article_id for result in response.results] == ["care"]
