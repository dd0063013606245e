"""Term rules: what raises a notice, and what a "no", the past or another person changes."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.text.spelling import english_words
from safety.notices import typos
from safety.notices.finder import NoticeFinder
from safety.notices.red_flags import Level, Numbers, RedFlags, filled, read_red_flags
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
    block("stroke", level="emergency", title="Brain", rules=["stroke"]),
    block("nerve", level="urgent", title="Nerves", rules=["@numb"]),
    block("spine", level="urgent", title="Spine", rules=["@back + @cancer"]),
    block("thinner", level="caution", title="Blood", rules=["warfarin"]),
    block("past", level="caution", title="Before", history=True, rules=["@illness + @when"]),
)


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> TermRules:
    return TermRules(read_red_flags(write(tmp_path_factory.mktemp("content"), *FILE)))


@pytest.fixture(scope="module")
def shipped() -> RedFlags:
    return read_red_flags(ROOT / "content")


@pytest.fixture(scope="module")
def shipped_rules(shipped: RedFlags) -> TermRules:
    return TermRules(shipped)


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


def test_a_hypothetical_question_raises_the_same_notice_as_information(shipped: RedFlags) -> None:
    finder = NoticeFinder(shipped)
    asked, had = "can dry needling puncture a lung", "dry needling punctured my lung"
    hypothetical, real = finder.find(asked)[0], finder.find(had)[0]
    assert hypothetical.group == real.group == "lung_after_needling"
    assert (hypothetical.is_information, real.is_information) == (True, False)


def test_a_negator_reaches_five_words_and_not_six(rules: TermRules) -> None:
    assert NEGATION_REACH == 5
    between = ["one", "two", "three", "four", "five", "six"]
    denied = [not raised(rules, f"no {' '.join(between[:n])} warfarin") for n in range(7)]
    assert denied == [True, True, True, True, True, False, False]


@pytest.mark.parametrize("cant", ["can't", "can’t", "cant", "cannot"])
def test_a_denial_before_the_but_denies_nothing_after_it(
    shipped_rules: TermRules, cant: str
) -> None:
    asked = f"no chest pain but I {cant} get my breath since the needles"
    assert "lung_after_needling" in raised(shipped_rules, asked)
    assert "heart_chest" not in raised(shipped_rules, asked)


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
def test_other_people_and_minimising_lower_nothing(
    shipped_rules: TermRules, symptom: str, group: str
) -> None:
    assert group in raised(shipped_rules, symptom)
    lowered = [way for way in LOWERING if group not in raised(shipped_rules, way.format(symptom))]
    assert lowered == []


# -- spelling -------------------------------------------------------------------------------------

CORRECT = TypoCorrector(["chest", "needles", "breathing", "tingling", "shoulder", "numb"])


@pytest.mark.parametrize(
    ("mended", "typed"),
    [
        ("chest", "chset cheest chestt chesx chst chest"),  # swapped letters are one typo
        ("needles", "needels"),
        ("breathing", "breathng braethng"),  # two typos in eight letters
        ("numb", "numbb nmb"),
    ],
)
def test_one_slip_is_mended_from_four_letters_on_and_two_from_eight(
    typed: str, mended: str
) -> None:
    assert {CORRECT(word) for word in typed.split()} == {mended}


# Two typos in seven letters, three, too short, another first letter, a digit, nothing.
@pytest.mark.parametrize("typed", ["neddels", "brxxthxng", "nb", "vhest", "xhoulder", "ch3st", ""])
def test_what_is_further_from_every_term_is_left_alone(typed: str) -> None:
    assert CORRECT(typed) == typed


def test_of_words_that_are_equally_near_the_one_that_begins_alike_is_meant() -> None:
    # One slip from either; the first of the alphabet differs from what was typed much earlier.
    both = TypoCorrector(["zagled", "zogler"])
    assert both("zogled") == "zogler"
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
def test_the_shipped_rules_take_no_real_word_for_another(
    shipped_rules: TermRules, asked: str, group: str
) -> None:
    assert group not in raised(shipped_rules, asked)


# -- long texts -----------------------------------------------------------------------------------


def padded(words: int, **places: str) -> str:
    """Return a text of so many words without punctuation, with these words at these places."""
    text = ["zebra"] * words
    for word, place in places.items():
        text[int(place)] = word
    return " ".join(text)


def sentence(words: int, said: str) -> str:
    """Return a sentence of so many words that says this at its beginning."""
    given = said.split()
    return " ".join([*given, *["zebra"] * (words - len(given))]) + "."


def test_up_to_sixty_words_a_text_is_judged_as_a_whole(rules: TermRules) -> None:
    assert LONG_TEXT_WORDS == 60
    short = f"{sentence(30, 'chest')} {sentence(30, 'zebra tight')}"
    long = f"{sentence(30, 'chest')} {sentence(31, 'zebra tight')}"
    assert (len(short.split()), len(long.split())) == (60, 61)
    assert raised(rules, short) == ["heart"]
    assert raised(rules, long) == []


def test_in_a_long_text_the_parts_of_one_sentence_combine(rules: TermRules) -> None:
    text = f"{sentence(30, 'zebra')} {sentence(20, 'chest tight')} {sentence(30, 'zebra')}"
    assert raised(rules, text) == ["heart"]


def test_in_a_long_text_every_sentence_raises_and_the_highest_comes_first(
    tmp_path: Path,
) -> None:
    flags = read_red_flags(write(tmp_path, *FILE))
    text = f"{sentence(30, 'warfarin')} {sentence(30, 'numb')} {sentence(30, 'a tight chest')}"
    levels = [(one.group, one.level) for one in NoticeFinder(flags).find(text)]
    assert levels == [
        ("heart", Level.EMERGENCY),
        ("nerve", Level.URGENT),
        ("thinner", Level.CAUTION),
    ]


def test_in_a_long_text_the_past_of_one_sentence_is_not_that_of_another(rules: TermRules) -> None:
    past = sentence(30, "years ago my chest was tight")
    assert raised(rules, f"{past} {sentence(40, 'zebra')}") == []
    now = sentence(40, "today my chest is tight")
    assert raised(rules, f"{past} {now}") == ["heart"]


def test_without_full_stops_what_is_near_combines_and_what_is_far_does_not(
    rules: TermRules,
) -> None:
    total, near, far = 130, 20, 40
    for start in range(total - near):
        text = padded(total, chest=str(start), tight=str(start + near))
        assert raised(rules, text) == ["heart"], start
    for start in range(total - far):
        text = padded(total, chest=str(start), tight=str(start + far))
        assert raised(rules, text) == [], start


def test_no_word_of_a_long_text_is_left_unread(rules: TermRules) -> None:
    for total in (61, 79, 80, 81, 100, 119):
        unread = [n for n in range(total) if not raised(rules, padded(total, warfarin=str(n)))]
        assert unread == []


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
    shipped_rules: TermRules, repeated: str
) -> None:
    half, whole = ((repeated * 4_000)[:length] for length in (2_000, 4_000))
    needed, doubled = (calls(shipped_rules.match, text) for text in (half, whole))
    assert doubled < 2.5 * needed + 500
    assert doubled < 500 * 4_000


# -- the words of the notices themselves ----------------------------------------------------------


def test_for_measuring_a_notice_can_go_without_its_own_words(tmp_path: Path) -> None:
    flags = read_red_flags(write(tmp_path, *FILE))
    own = "it runs into the jaw"
    assert [one.group for one in NoticeFinder(flags).find(own)] == ["heart"]
    assert NoticeFinder(flags, own_words=False).find(own) == ()
    assert raised(TermRules(flags, own_words=False), own) == []
    assert [one.group for one in NoticeFinder(flags, own_words=False).find("numb")] == ["nerve"]


@pytest.mark.parametrize("country", ["GB", "IE", "US", "AU"])
def test_every_heading_title_and_bullet_of_the_shipped_file_raises_its_notice(
    shipped: RedFlags, shipped_rules: TermRules, country: str
) -> None:
    numbers: Numbers = shipped.numbers[country]
    texts = [
        (group.id, said)
        for group in shipped.groups.values()
        for text in (group.title, group.heading, *group.bullets)
        if (said := filled(text, numbers))
    ]
    assert len(texts) > 150
    missed = [(group, said) for group, said in texts if group not in raised(shipped_rules, said)]
    assert missed == []


# -- emergencies that were once missed or folded into one line -----------------------------------

REAL = read_red_flags(ROOT / "content")
REAL_FINDER = NoticeFinder(REAL)


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
    assert any(notice.level.order == 0 for notice in REAL_FINDER.find(asked))


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
    assert not REAL_FINDER.find(asked)[0].is_information
