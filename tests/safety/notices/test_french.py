"""The French draft: the same notices as the English file, and French questions raise them."""

import tomllib
from datetime import date
from pathlib import Path

import pytest

from safety.notices.fallback import product_file, product_notices
from safety.notices.finder import NoticeFinder
from safety.notices.red_flags import Level, Numbers, RedFlags, filled
from safety.notices.validation import findings

QUESTIONS = tomllib.loads((Path(__file__).parent / "french_questions.toml").read_text("utf-8"))
HARMLESS = [
    question
    for name in ("harmless", "second_harmless", "third_harmless")
    for question in QUESTIONS[name]["questions"]
]
FURTHER = [
    (group, question)
    for name in ("second", "third")
    for group, questions in QUESTIONS[name].items()
    for question in questions
]
# Each language has its own way of typing without accents.
PLAIN = str.maketrans("àâçéèêëîïôùûü’", "aaceeeeiiouuu'")


@pytest.fixture(scope="module")
def flags() -> RedFlags:
    return product_notices("fr")


@pytest.fixture(scope="module")
def finder(flags: RedFlags) -> NoticeFinder:
    return NoticeFinder(flags)


@pytest.fixture(scope="module")
def rules_alone(flags: RedFlags) -> NoticeFinder:
    return NoticeFinder(flags, own_words=False)


def raised(finder: NoticeFinder, question: str) -> set[str]:
    return {notice.group for notice in finder.find(question)}


def asked_to_act(finder: NoticeFinder, question: str) -> set[str]:
    return {n.group for n in finder.find(question) if n.level.asks_to_act}


def test_it_is_a_draft_that_nobody_has_signed(flags: RedFlags) -> None:
    head = product_file("fr").read_text(encoding="utf-8")[:800]
    assert "PROJET (DRAFT)" in head
    assert "Aucun clinicien n'a signé" in head
    assert (flags.language, flags.reviewed_by, flags.next_review) == ("fr", "", None)


def test_it_has_the_notices_of_the_english_file_in_its_order_with_its_flags(
    flags: RedFlags,
) -> None:
    english = product_notices("en").groups
    assert list(flags.groups) == list(english)
    for name, group in flags.groups.items():
        same = ("level", "articles", "counted", "history")
        assert [getattr(group, key) for key in same] == [
            getattr(english[name], key) for key in same
        ], name
        assert bool(group.bullets) == bool(english[name].bullets), name
        assert "checked" not in group.source
        assert group.checked is None


@pytest.mark.parametrize("country", ["FR", "BE", "CH", "CA", "LU", "EU"])
def test_it_has_no_error_in_any_country(flags: RedFlags, country: str) -> None:
    text = product_file("fr").read_text(encoding="utf-8")
    found = findings(flags, text, today=date(2026, 3, 1), country=country)
    assert not [finding for finding in found if finding.is_error]
    assert not [finding for finding in found if "no rule uses" in finding.text]


def test_every_text_is_complete_in_every_country(flags: RedFlags) -> None:
    for numbers in [*flags.numbers.values(), Numbers()]:
        for group in flags.groups.values():
            for text in (group.title, group.heading, *group.bullets):
                shown = filled(text, numbers)
                assert not set("{}") & set(shown), shown
                assert "  " not in shown, shown


def test_the_numbers_of_france_are_those_of_france(flags: RedFlags) -> None:
    assert {"15", "3114"} == set(flags.numbers["FR"].telephones)
    assert flags.numbers["EU"].emergency == "112"


def test_there_are_enough_examples_and_ordinary_questions(flags: RedFlags) -> None:
    assert len(flags.groups) == 38
    assert len(flags.benign) >= 60
    for group in flags.groups.values():
        assert len(group.examples) >= 8, group.id
        for text in group.examples:
            assert text not in [*QUESTIONS["urgent"].values(), *HARMLESS], text


def test_every_bullet_title_heading_and_example_raises_its_notice(
    flags: RedFlags, finder: NoticeFinder, rules_alone: NoticeFinder
) -> None:
    missed = [
        (group.id, text)
        for group in flags.groups.values()
        for numbers in flags.numbers.values()
        for text in (filled(t, numbers) for t in (group.title, group.heading, *group.bullets))
        if text and group.id not in raised(finder, text)
    ]
    missed += [
        (group.id, text)
        for group in flags.groups.values()
        for text in group.examples
        if group.id not in raised(rules_alone, text)
    ]
    assert not missed


def test_every_example_without_accents_raises_its_notice(
    flags: RedFlags, rules_alone: NoticeFinder
) -> None:
    missed = [
        (group.id, text)
        for group in flags.groups.values()
        for text in group.examples
        if group.id not in raised(rules_alone, text.translate(PLAIN).upper())
    ]
    assert not missed


def test_near_misses_and_ordinary_questions_raise_nothing_that_asks_to_act(
    flags: RedFlags, rules_alone: NoticeFinder
) -> None:
    alarms = {
        text: found
        for text in (*flags.benign, *HARMLESS)
        if (found := asked_to_act(rules_alone, text))
    }
    alarms |= {
        text: {group.id}
        for group in flags.groups.values()
        for text in group.not_examples
        if group.id in raised(rules_alone, text)
    }
    assert not alarms


@pytest.mark.parametrize(("name", "question"), QUESTIONS["urgent"].items())
def test_questions_written_before_the_rules_raise_their_notice(
    flags: RedFlags, rules_alone: NoticeFinder, name: str, question: str
) -> None:
    group = {"sms_lung": "clot_lung", "sms_heart": "heart_chest"}.get(name, name)
    assert group in flags.groups
    assert group in raised(rules_alone, question)


@pytest.mark.parametrize(("name", "question"), FURTHER)
def test_further_questions_raise_their_notice(
    rules_alone: NoticeFinder, name: str, question: str
) -> None:
    assert name in raised(rules_alone, question)


def test_the_30_questions_speak_of_every_notice_that_asks_to_act(flags: RedFlags) -> None:
    acting = {group.id for group in flags.groups.values() if group.level.asks_to_act}
    assert acting <= {*QUESTIONS["urgent"]} & {*QUESTIONS["second"]}
    assert len(QUESTIONS["urgent"]) == 30
    assert len(QUESTIONS["harmless"]["questions"]) == 30


@pytest.mark.parametrize(
    "question",
    [
        "pas de douleur dans la poitrine",
        "je n'ai pas mal à la poitrine",
        "je ne suis pas essoufflé",
        "aucune fièvre et genou raide",
        "mal au dos sans fièvre ni perte de poids",
        "mal au dos, pas de fièvre, de frissons ou de perte de poids",
        "jamais eu d'engourdissement entre les jambes",
        "phlébite exclue, mollet contracturé",
        "ma mère a eu un cancer il y a 20 ans",
        "mon dos me tue",
        "comment en finir avec la sciatique",
        "j'ai eu un coup de coeur pour votre cabinet",
        "ça coûte un bras",
    ],
)
def test_denials_idioms_and_the_past_of_others_raise_nothing(
    rules_alone: NoticeFinder, question: str
) -> None:
    assert not asked_to_act(rules_alone, question)


@pytest.mark.parametrize(
    ("question", "group"),
    [
        ("pas de fièvre mais je n'arrive plus à respirer", "clot_lung"),
        ("je ne peux pas respirer", "clot_lung"),
        ("je ne sens plus rien entre les jambes", "cauda_equina"),
        ("je n'ai jamais eu aussi mal à la tête", "sudden_headache"),
        ("c'est passé maintenant mais mon visage tombait d'un côté", "stroke_tia"),
        ("désolé de déranger, c'est sûrement rien, j'ai un poids dans la poitrine", "heart_chest"),
        ("ma grand-mère a la jambe gonflée et rouge", "clot_leg"),
        ("mon chum a mal dans la poitrine", "heart_chest"),
        ("j'ai de la difficulté à respirer", "clot_lung"),
        ("mon natel sonne, mon mari ne se réveille pas", "collapse"),
    ],
)
def test_what_people_add_or_deny_beside_a_symptom_takes_nothing_away(
    rules_alone: NoticeFinder, question: str, group: str
) -> None:
    assert group in raised(rules_alone, question)


def test_own_past_illness_is_a_caution(flags: RedFlags, rules_alone: NoticeFinder) -> None:
    for question in ("j'ai fait un AVC il y a 5 ans", "phlébite en 2019", "infarctus l'an dernier"):
        found = raised(rules_alone, question)
        assert "medical_history" in found, question
        assert all(flags.groups[name].level is Level.CAUTION for name in found), (question, found)


def test_a_question_in_general_is_shown_as_one_line(finder: NoticeFinder) -> None:
    (first, *_) = finder.find("est-ce que le dry needling peut causer un pneumothorax")
    assert first.is_information
    (first, *_) = finder.find("j'ai du mal à respirer depuis le dry needling")
    assert not first.is_information


def test_english_questions_are_left_to_the_english_file() -> None:
    english = NoticeFinder(product_notices("en"))
    assert "heart_chest" in raised(english, "tight chest and pain down my arm")
    assert "clot_lung" in raised(english, "cant breath")
