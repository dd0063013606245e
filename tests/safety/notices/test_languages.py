"""Tokens by language: French is parted at its apostrophes and stemmed, English as always."""

from pathlib import Path

import pytest

from core.errors import ContentError
from safety.notices.finder import NoticeFinder
from safety.notices.languages import language_of
from safety.notices.red_flags import RedFlags, SpeechPatterns
from safety.notices.red_flags_file import read_red_flags
from safety.notices.tokenizer import Tokenizer
from tests.support.files.notice_files import block, table, write

FRENCH = SpeechPatterns(
    fillers=("l", "j", "ai", "la", "a", "mon"),
    negators=("pas", "ni", "sans"),
    clause_ends=("mais",),
    same={"cant": ("arrive plus", "peux pas"), "suddenly": ("d un coup",)},
)


def words(text: str, language: str = "fr") -> list[str]:
    return [token.word for token in Tokenizer(FRENCH, language=language).tokens(text)]


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        ("l'épaule", "epaule"),
        ("L\u2019ÉPAULE", "l'épaule"),
        ("j'ai mal", "jai mal"),
        ("j'arrive plus à", "jarrive plus a"),
        ("d'un coup", "dun coup"),
        ("d\u2019un coup", "dun coup"),
        ("aujourd'hui", "aujourdhui"),
        ("gonflée", "gonfle"),
        ("gonflé", "gonfler"),
        ("bleus", "bleue"),
        ("genoux", "genou"),
        ("cœur", "coeur"),
        ("œil", "oeil"),
        ("là-bas", "la bas"),
        ("g mal o bras", "j'ai mal au bras"),
    ],
)
def test_ways_of_typing_the_same_french_words_are_the_same(typed: str, same: str) -> None:
    assert words(typed) == words(same) != []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("cou", "coup"),
        ("poids", "pois"),
        ("peau", "peux"),
        ("jambe", "jambon"),
        ("main", "mains x"),
    ],
)
def test_other_french_words_stay_other(one: str, other: str) -> None:
    assert words(one) != words(other)


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("pas de fièvre", True),
        ("sans fièvre", True),
        ("pas de frissons ni fièvre", True),
        ("pas de frissons, de toux ou de fièvre", True),
        ("pas de toux mais fièvre", False),
        ("pas de toux, j'ai la fièvre", False),
        ("fièvre", False),
    ],
)
def test_french_denials_reach_to_the_end_of_their_clause(
    tmp_path: Path, text: str, denied: bool
) -> None:
    folder = write(
        tmp_path,
        'language = "fr"',
        table("manner", {"negators": ["pas", "ni", "sans"], "clause_ends": ["mais"]}),
        block("fever", rules=["fièvre"]),
    )
    raised = NoticeFinder(read_red_flags(folder)).match_rules(text).matches
    assert (not raised) == denied


def test_a_word_of_inability_is_never_denied() -> None:
    (token, _) = Tokenizer(FRENCH, language="fr").tokens("je peux pas respirer")[1:]
    assert token.word == "cant"
    assert token.holds_no
    assert not token.is_negator


def test_only_a_language_with_a_dictionary_corrects_typos(tmp_path: Path) -> None:
    for language, raised in (("en", 1), ("fr", 0), ("it", 0)):
        folder = write(tmp_path, f'language = "{language}"', block("calf", rules=["thrombosis"]))
        finder = NoticeFinder(read_red_flags(folder))
        assert len(finder.match_rules("trombosis").matches) == raised, language
        assert len(finder.match_rules("thrombosis").matches) == 1


def test_a_language_of_which_only_the_name_is_known_has_its_stemmer() -> None:
    assert words("douleurs", "it") == ["douleurs"]
    assert words("ginocchia ginocchio", "it")[0] == words("ginocchio", "it")[0]
    assert words("Knie", "xx") == ["knie"]
    assert language_of("xx").name == "the language “xx”"


def test_english_is_parted_as_before_whatever_french_does() -> None:
    english = Tokenizer(SpeechPatterns())
    assert [token.word for token in english.tokens("can't l'eau it's isn't")] == [
        *("cant", "leau", "it", "is", "not"),
    ]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        *(("", "en"), ('language = ""', "en"), ('language = "en-GB"', "en")),
        *(('language = "fr"', "fr"), ('language = "FR-ca"', "fr")),
    ],
)
def test_a_file_names_its_language(tmp_path: Path, line: str, code: str) -> None:
    assert read_red_flags(write(tmp_path, line, block("neck"))).language == code


@pytest.mark.parametrize("line", ['language = "français"', 'language = "fr_FR"', "language = 3"])
def test_a_language_that_is_none_is_an_error(tmp_path: Path, line: str) -> None:
    with pytest.raises(ContentError) as caught:
        read_red_flags(write(tmp_path, line, block("neck")))
    assert caught.value.where.endswith("red_flags.toml, language")


def test_no_file_is_english() -> None:
    assert RedFlags().language == "en"
