"""Term rules: what raises a notice, and what a "no", the past or another person changes."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.text.spelling import english_words
from safety.notices import typos
from safety.notices.finder import NoticeFinder
from safety.notices.red_flags import filled
from safety.notices.red_flags_file import read_red_flags
from safety.notices.rules import LONG_TEXT_WORDS, NEGATION_REACH, Match, TermRules
from safety.notices.typos import TypoCorrector
from tests.support.files.notice_files import block, table, write
from tests.support.paths import ROOT

FILE = (
    table("numbers.GB", {"emergency": "999"}),
    table("numbers.IE", {"emergency": "112"}),
    table(
        "manner",
        {
            "fillers": ["a", "the", "my", "i"],
            "negators": ["no", "not", "never", "without", "isnt", "havent", "dont"],
            "not_negations": ["not sure", "no idea"],
            "ruled_out": ["is fine", "ruled out"],
            "clause_ends": ["but", "and", "because", "since", "though", "just", "except"],
            "past": ["years ago", "last year"],
            "present": ["today", "still"],
            "lasting": ["cancer"],
            "relatives": ["mum", "friend"],
            "idioms": ["stroke of luck", "off my chest", "chest of drawers"],
        },
    ),
    table("manner.same", {"cant": ["unable"], "sudden": ["out of nowhere"]}),
    table(
        "terms",
        {
            "chest": ["chest"],
            "bad": ["tight", "pain", "crushing"],
            "breath": ["cant breathe", "breathless"],
            "numb": ["numb", "not feel"],
            "back": ["back"],
            "strain": ["cough", "when run"],
            "cancer": ["cancer"],
            "illness": ["stroke", "cancer", "heart attack"],
            "when": ["years ago", "last year"],
        },
    ),
    block(
        "heart",
        level="emergency",
        title="Tightness behind the breastbone",
        heading="Call {emergency} now if it squeezes:",
        bullets=["it will not let go", "it runs into the jaw"],
        rules=["@chest + @bad"],
    ),
    block("lung", level="emergency", title="Lungs", rules=["@breath", "@breath + @chest + sudden"]),
    block(
        "leak", level="emergency", title="Leaks", rules=["drip - @strain - song", "drip + @back"]
    ),
    block("stroke", level="emergency", title="Brain", rules=["stroke"]),
    block("nerve", level="urgent", title="Nerves", rules=["@numb"]),
    block("spine", level="urgent", title="Spine", rules=["@back + @cancer"]),
    block("thinner", level="caution", title="Blood", rules=["warfarin"]),
    block("past", level="caution", title="Before", history=True, rules=["@illness + @when"]),
)


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> TermRules:
    return TermRules(read_red_flags(write(tmp_path_factory.mktemp("content"), *FILE)))


SHIPPED = read_red_flags(ROOT / "content")
SHIPPED_FINDER = NoticeFinder(SHIPPED)
SHIPPED_RULES = TermRules(SHIPPED)


def raised(rules: TermRules, text: str) -> list[str]:
    """Return the notices that a text raises, in the order of the file."""
    return [match.group for match in rules.match(text).matches]


# -- claims about the file above: by claim, texts and the notices that they raise -----------------

CLAUSE_ENDS = [
    *(".", ",", ";", ":", "!", "?", "\n", " (", " – ", " - "),
    *(f" {word}" for word in "but and because since though just except".split()),
]
NEGATORS = ["no", "not", "never", "without", "isn't", "is not", "haven’t"]
CLAIMS: dict[str, dict[str, str]] = {
    "a rule holds when all its parts are said in any order": {
        "tight chest": "heart",
        "my chest, since Tuesday, feels a bit TIGHT": "heart",
        "pain": "",
        "chest": "",
        "warfarin, numb": "nerve thinner",
        "": "",
        "?!": "",
    },
    "a rule does not hold where something is said that it excludes": {
        "it drips": "leak",
        "it drips when I run": "",
        "I cough. And it drips.": "",
        "it drips in the song": "",
        "it drips on the run": "leak",
        "it drips, and I do not cough": "leak",
        "it drips when I cough, my back": "leak",
    },
    "a symptom raises its notice, and words that take it back do not": {
        "my chest is tight": "heart",
        "my chest is not tight": "",
        "my chest is tight, not numb": "heart",
        "chest pain ruled out": "",
        "a tight box, off my chest": "",
        "off my chest: my chest is tight": "heart",
        "my friend has a tight chest": "heart",
    },
    "the past raises only notices about history": {
        "years ago my chest was tight": "",
        "since last year my chest is tight still": "heart",
        "a stroke": "stroke",
        "a stroke years ago": "past",
        "my mum had a stroke years ago": "",
        "never had a stroke years ago": "",
        "a stroke of luck years ago": "",
        "a stroke years ago, today my chest is tight": "heart past",
        "cancer last year, my back": "spine past",
        "cancer last year": "past",
        "years ago cancer in my back": "past",
        "warfarin last year": "thinner",
    },
    "words that are left out count for the reach of a negator": {
        "no the the the the warfarin": "",
        "no the the the the the warfarin": "thinner",
    },
    "the beginning of a term decides whether it is denied": {
        "not one two three four warfarin tablets": "",
        "not one two three four five warfarin tablets": "thinner",
    },
    "a negator denies what follows it": {f"{negator} warfarin": "" for negator in NEGATORS},
    "a negator denies nothing before it": {f"warfarin {n}": "thinner" for n in NEGATORS},
    "a negator never reaches beyond its clause": {
        f"not numb{end} warfarin": "thinner"
        for end in (*CLAUSE_ENDS[0].split(" "), *CLAUSE_ENDS[1:])
    },
    "a negator reaches over a list that ends in or": {
        "no stroke, warfarin or pain": "",
        "no stroke or warfarin": "",
        "no stroke, warfarin and pain": "thinner",
        "no stroke, now warfarin or pain": "thinner",
    },
    "a phrase that only sounds like a denial denies nothing": {
        f"{excused} warfarin": "thinner"
        for excused in ("not sure if it is", "no idea but", "no idea, not sure,")
    },
    "inability, and a term with a negator of its own, is never denied": {
        "no i cant breathe": "lung",
        "i do not feel it": "",  # "do not" becomes another word, "dont"
        "could it not feel": "nerve",
        "no, never not feel": "nerve",
        "no never not feel": "nerve",
    },
    "a negator inside a term cancels no other term": {
        "i not feel warfarin": "nerve thinner",
        "i never feel warfarin": "",
    },
    "a denied mention does not cancel another": {
        "no warfarin. then warfarin": "thinner",
        "chest pain but no chest scar": "heart",
    },
    "a phrase after a term rules it out in its clause alone": {
        "warfarin is fine": "",
        "warfarin, my knee is fine": "thinner",
        "warfarin one two three is fine": "thinner",
    },
    "misspelt words raise and real words do not": {
        "my chset is tihgt": "heart",
        "warfarrin": "thinner",
        "wafarrin": "thinner",
        "my chess is tight": "",
        "my chest is light": "",
        "i cancel my back": "",
        "no chset pain": "",
        "a storke of luck": "",  # the words of idioms are known as well
    },
    "a notice's own words raise it in every country": {
        "Tightness behind the breastbone": "heart",
        "call 999 now if it squeezes": "heart",
        "Call 112 now if it squeezes:": "heart",
        "it will not let go": "heart",
        "I wonder: it runs into the jaw?": "heart",
    },
    "some of a notice's own words do not raise it": {"call 999 now": "", "it runs": ""},
}


@pytest.mark.parametrize("claim", CLAIMS)
def test_rules(rules: TermRules, claim: str) -> None:
    assert {text: " ".join(raised(rules, text)) for text in CLAIMS[claim]} == CLAIMS[claim]


def test_of_several_rules_the_one_that_says_most_counts(rules: TermRules) -> None:
    expected = {
        "breathless": (Match("lung", 1),),
        "breathless, chest": (Match("lung", 1),),
        "breathless, chest, out of nowhere": (Match("lung", 3),),
        "stroke, chest pain": (Match("heart", 2), Match("stroke", 1)),
    }
    assert {text: rules.match(text).matches for text in expected} == expected


def test_a_hypothetical_question_raises_the_same_notice_as_information() -> None:
    asked, had = "can dry needling puncture a lung", "dry needling punctured my lung"
    found = [SHIPPED_FINDER.find(text)[0] for text in (asked, had)]
    assert [notice.group for notice in found] == ["lung_after_needling"] * 2
    assert [notice.is_information for notice in found] == [True, False]


def test_a_negator_reaches_five_words_and_not_six(rules: TermRules) -> None:
    assert NEGATION_REACH == 5
    between = ["one", "two", "three", "four", "five", "six"]
    denied = [not raised(rules, f"no {' '.join(between[:n])} warfarin") for n in range(7)]
    assert denied == [True, True, True, True, True, False, False]


@pytest.mark.parametrize("cant", ["can't", "can’t", "cant", "cannot"])
def test_a_denial_before_the_but_denies_nothing_after_it(cant: str) -> None:
    found = raised(SHIPPED_RULES, f"no chest pain but I {cant} get my breath since the needles")
    assert "lung_after_needling" in found
    assert "heart_chest" not in found


# -- other people and small words -----------------------------------------------------------------

EMERGENCIES = [
    ("crushing chest pain and sweating", "heart_chest"),
    ("my face has dropped on one side and my speech is slurred", "stroke_tia"),
    ("numb between my legs and I can't pee", "cauda_equina"),
    ("can't get my breath since the needles", "lung_after_needling"),
    ("my tongue is swelling up and my throat is closing", "anaphylaxis"),
    ("the worst headache of my life, it came on in seconds", "sudden_headache"),
]
LOWERING = [
    "my dad has {}",
    "my friend says {}",
    "asking for my neighbour: {}",
    "{}, probably nothing",
    "{} but it is probably nothing",
    "{}, fine now",
    "{} but fine now",
    "{} but it is fine now",
    "{}, it has gone now",
    "I don't want to bother anyone but {}",
    "sorry to be a nuisance, {}",
    "I'm sure it's silly: {}",
]


@pytest.mark.parametrize(("symptom", "group"), EMERGENCIES)
def test_other_people_and_minimising_lower_nothing(symptom: str, group: str) -> None:
    asked = [symptom, *(way.format(symptom) for way in LOWERING)]
    assert [text for text in asked if group not in raised(SHIPPED_RULES, text)] == []


# Each harmless text with an urgent twin, and the notice that only the twin raises.
TWINS = [
    ("I pee myself when I cough since the baby", "I pee myself since my back went"),
    ("leaking urine when I run on the treadmill", "leaking urine and my bum is numb"),
    ("wee comes out when I sneeze, since having twins", "wee comes out and I feel nothing"),
    ("stress incontinence exercises after childbirth", "incontinence since Tuesday"),
    ("can dry needling help with incontinence", "incontinent since the car crash"),
    ("my bladder leaks when lifting weights", "my bladder leaks since lifting a box"),
    ("how do I treat bladder control problems", "lost control of my bladder when I laughed"),
    ("I wet myself when I jump", "I can't pee since I had a jump"),
    ("leaking wee on the trampoline", "leaking wee on the trampoline, both my legs are numb"),
]


@pytest.mark.parametrize(("harmless", "urgent"), TWINS)
def test_leaking_under_strain_is_no_emergency_and_any_other_loss_is(
    harmless: str, urgent: str
) -> None:
    assert raised(SHIPPED_RULES, harmless) == []
    assert "cauda_equina" in raised(SHIPPED_RULES, urgent)


@pytest.mark.parametrize(
    ("harmless", "urgent", "group"),
    [
        ("night sweats and back pain", "back pain and a cold sweat", "aaa"),
        ("one side of my face hurts", "one side of my face won't move", "stroke_tia"),
        ("I keep tripping over my toes", "I tripped and my foot is numb", "major_injury"),
        ("a lump on the back of my knee", "a lump on my back", "back_serious"),
        ("the back of my knee hurts", "the back of my knee is swollen and hot", "clot_leg"),
        ("weak ankle after the cast came off", "I came off my bike, weak ankle", "major_injury"),
        ("weak grip from tennis elbow", "weak grip, and I drop things", "new_weakness"),
        ("an ankle sprain, the foot is weak", "leg weak after a hip replacement", "new_weakness"),
        ("arthritis, I can't open jars", "I can't open jars any more", "new_weakness"),
        ("jaw pain and headaches from grinding", "jaw pain and a headache at 70", "gca"),
    ],
)
def test_words_that_are_shared_with_a_symptom_do_not_make_it(
    harmless: str, urgent: str, group: str
) -> None:
    assert group not in raised(SHIPPED_RULES, harmless)
    assert group in raised(SHIPPED_RULES, urgent)


# -- spelling -------------------------------------------------------------------------------------

CORRECT = TypoCorrector(["chest", "needles", "breathing", "tingling", "shoulder", "numb"])


@pytest.mark.parametrize(
    ("meant", "typed"),
    [
        ("chest", "chset cheest chestt chesx chst chest"),  # swapped letters are one typo
        ("needles", "needels"),
        ("breathing", "breathng braethng"),  # two typos in eight letters
        ("numb", "numbb nmb"),
    ],
)
def test_one_typo_is_corrected_from_four_letters_on_and_two_from_eight(
    typed: str, meant: str
) -> None:
    assert {CORRECT(word) for word in typed.split()} == {meant}


# Two typos in seven letters, three, too short, another first letter, a digit, nothing.
@pytest.mark.parametrize("typed", ["neddels", "brxxthxng", "nb", "vhest", "xhoulder", "ch3st", ""])
def test_what_is_further_from_every_term_is_left_alone(typed: str) -> None:
    assert CORRECT(typed) == typed


def test_of_words_that_are_equally_near_the_one_that_begins_alike_is_meant() -> None:
    # One typo from either; the first of the alphabet differs from what was typed much earlier.
    assert TypoCorrector(["zagled", "zogler"])("zogled") == "zogler"
    assert TypoCorrector(["zagled"])("zogled") == "zagled"


TRAPS = [
    ("infection", "injection"),
    ("injection", "infection"),
    ("cancel", "cancer"),
    ("chess", "chest"),
    ("light", "tight"),
    ("week", "weak"),
]


@pytest.mark.parametrize(("typed", "term"), TRAPS)
def test_a_real_word_is_never_made_a_word_of_the_terms(typed: str, term: str) -> None:
    assert typed in english_words()
    assert TypoCorrector([term])(typed) == typed


@pytest.mark.parametrize(("typed", "term"), [*TRAPS[2:4], ("tigth", "tight")])
def test_the_traps_would_be_taken_if_nobody_knew_english(
    typed: str, term: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typos, "english_words", frozenset)
    assert TypoCorrector([term])(typed) == term


@pytest.mark.parametrize(
    ("asked", "group"),
    [
        ("how do I cancel, my back hurts", "back_serious"),
        ("my back hurts after chess", "heart_chest"),
        ("an injection in my knee, it is swollen", "infection_after_needling"),
    ],
)
def test_the_shipped_rules_take_no_real_word_for_another(asked: str, group: str) -> None:
    assert group not in raised(SHIPPED_RULES, asked)


# -- long texts -----------------------------------------------------------------------------------


def padded(words: int, **places: int) -> str:
    """Return a text of so many words without punctuation, with these words at these places."""
    text = ["zebra"] * words
    for word, place in places.items():
        text[place] = word
    return " ".join(text)


def sentence(words: int, beginning: str) -> str:
    """Return a sentence of so many words that begins with these."""
    given = beginning.split()
    return " ".join([*given, *["zebra"] * (words - len(given))]) + "."


@pytest.mark.parametrize(
    ("parts", "groups"),
    [
        # Up to sixty words a text is judged as a whole, longer ones by sentence.
        ([(30, "chest"), (30, "zebra tight")], ["heart"]),
        ([(30, "chest"), (31, "zebra tight")], []),
        ([(30, "zebra"), (20, "chest tight"), (30, "zebra")], ["heart"]),
        ([(30, "warfarin"), (30, "numb"), (30, "a tight chest")], ["heart", "nerve", "thinner"]),
        # The past of one sentence is not that of another.
        ([(30, "years ago my chest was tight"), (40, "zebra")], []),
        ([(30, "years ago my chest was tight"), (40, "today my chest is tight")], ["heart"]),
    ],
)
def test_a_long_text_is_judged_by_its_sentences(
    rules: TermRules, parts: list[tuple[int, str]], groups: list[str]
) -> None:
    text = " ".join(sentence(words, beginning) for words, beginning in parts)
    assert LONG_TEXT_WORDS == 60
    assert raised(rules, text) == groups


def test_without_full_stops_what_is_near_combines_and_what_is_far_does_not(
    rules: TermRules,
) -> None:
    total = 130
    for distance, expected in ((20, ["heart"]), (40, [])):
        for start in range(total - distance):
            text = padded(total, chest=start, tight=start + distance)
            assert raised(rules, text) == expected, start


def test_no_word_of_a_long_text_is_left_unread(rules: TermRules) -> None:
    for total in (61, 79, 80, 81, 100, 119):
        assert [n for n in range(total) if not raised(rules, padded(total, warfarin=n))] == []


def calls(judge: Callable[[str], Any], text: str) -> int:
    """Return how many functions are called while a text is judged."""
    count = 0

    def counting(frame: Any, event: str, argument: Any) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    judge(text)  # once before, so that no cache is filled while counting
    previous = sys.getprofile()
    sys.setprofile(counting)
    try:
        judge(text)
    finally:
        sys.setprofile(previous)
    return count


@pytest.mark.parametrize(
    "repeated",
    ["no chest pain, ", "my chest is tight and I can't breathe. ", "no feeling or pain or ",
     "warfarin ", "is fine ", "a, b or ", "not ", "- ", "x", ",", "'", "\n"],
)  # fmt: skip
def test_a_text_of_four_thousand_characters_is_judged_in_bounded_work(
    repeated: str,
) -> None:
    half, whole = ((repeated * 4_000)[:length] for length in (2_000, 4_000))
    needed, doubled = (calls(SHIPPED_RULES.match, text) for text in (half, whole))
    assert doubled < 2.5 * needed + 500
    assert doubled < 500 * 4_000


# -- the words of the notices themselves ----------------------------------------------------------


def test_for_measuring_a_notice_can_go_without_its_own_words(tmp_path: Path) -> None:
    flags = read_red_flags(write(tmp_path, *FILE))
    own = "it runs into the jaw"
    assert raised(TermRules(flags), own) == ["heart"]
    without = NoticeFinder(flags, own_words=False)
    assert without.find(own) == ()
    assert [notice.group for notice in without.find("numb")] == ["nerve"]


@pytest.mark.parametrize("country", ["GB", "IE", "US", "AU"])
def test_every_heading_title_and_bullet_of_the_shipped_file_raises_its_notice(
    country: str,
) -> None:
    texts = [
        (group.id, own)
        for group in SHIPPED.groups.values()
        for text in (group.title, group.heading, *group.bullets)
        if (own := filled(text, SHIPPED.numbers[country]))
    ]
    assert len(texts) > 150
    assert [(id_, own) for id_, own in texts if id_ not in raised(SHIPPED_RULES, own)] == []


# -- emergencies that were once missed or folded into one line ------------------------------------


@pytest.mark.parametrize(
    "asked",
    [
        "no feeling between my legs",
        "no power in my left arm, it came on suddenly",
        "without warning my face dropped on one side",
        "is chest pain normal after dry needling",
        "numb between my legs is that normal",
        "sudden severe headache normal painkillers not working",
        "crushing chest pain is fine now",
        "my dad is not able to pass urine",
        "he isn't able to speak",
        "she isn't responding",
        "no I can't get my breath",
        "no i cant feel when i wipe",
        "since last year both legs numb",
        "nothing eases this crushing chest pain",
        "no joke crushing chest pain",
    ],
)
def test_an_emergency_is_not_talked_away(asked: str) -> None:
    assert any(notice.level.order == 0 for notice in SHIPPED_FINDER.find(asked))


@pytest.mark.parametrize(
    "asked",
    [
        "crushing chest pain which spreads down left arm",
        "stroke symptoms face drooping on one side",
        "whats wrong chest tight and sweating",
        "face drooping, symptoms for an hour",
    ],
)
def test_a_symptom_told_without_a_pronoun_is_no_request_for_information(asked: str) -> None:
    assert not SHIPPED_FINDER.find(asked)[0].is_information
