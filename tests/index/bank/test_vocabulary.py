"""Patients' words and clinicians' words: read whole or not at all, added where they help."""

from pathlib import Path

import pytest

from core.errors import ContentError
from index.bank.vocabulary import Term, expansions, read_vocabulary
from index.search.bm25 import LexicalIndex
from tests.support.files.content import label
from tests.support.paths import ROOT

SCIATICA = Term(("sciatica", "sciatic nerve"), ("pain down my leg", "leg pain"))
FASCIITIS = Term(("plantar fasciitis",), ("heel pain", "sore heel"))
TERMS = (SCIATICA, FASCIITIS)


@pytest.fixture
def known() -> LexicalIndex:
    return LexicalIndex.build([("One", "The sciatic nerve."), ("Two", "Plantar fasciitis: pain.")])


def test_terms_come_in_the_order_of_the_file_with_white_space_made_even(tmp_path: Path) -> None:
    terms = [(["sciatica"], ["pain  down\nmy leg"]), (["IMS"], ["needling", "needles"])]
    label(tmp_path, terms=terms)
    assert read_vocabulary(tmp_path) == (
        Term(("sciatica",), ("pain down my leg",)),
        Term(("IMS",), ("needling", "needles")),
    )


def test_no_file_and_an_empty_one_have_no_terms(tmp_path: Path) -> None:
    assert read_vocabulary(tmp_path) == ()
    (tmp_path / "vocabulary.toml").write_bytes(b"\xef\xbb\xbf# only a comment\n")
    assert read_vocabulary(tmp_path) == ()


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (b"[[term]\n", ""),
        (b"\xff", ""),
        (b"term = 3\n", ""),
        (b"[[word]]\n", ""),
        (b"title = 'x'\n", ""),
        (b"term = [1]\n", ", term 1"),
        (b"[[term]]\nclinical = ['nerve']\n", ", term 1"),
        (b"[[term]]\nclinical = ['nerve']\nlay = ['leg']\nnote = 'c'\n", ", term 1"),
        (b"[[term]]\nclinical = ['nerve']\nlay = ['leg']\n[[term]]\nclinical = []\nlay = ['leg']\n",
         ", term 2"),
        (b"[[term]]\nclinical = 'nerve'\nlay = ['leg']\n", ", term 1"),
        (b"[[term]]\nclinical = ['nerve', 3]\nlay = ['leg']\n", ", term 1"),
        (b"[[term]]\nclinical = ['nerve']\nlay = ['?!']\n", ", term 1"),
        (b"[[term]]\nclinical = ['nerve']\nlay = ['leg', 'My']\n", ", term 1"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_an_error_that_names_the_term_and_the_mend(
    tmp_path: Path, text: bytes, where: str
) -> None:
    (tmp_path / "vocabulary.toml").write_bytes(text)
    with pytest.raises(ContentError) as caught:
        read_vocabulary(tmp_path)
    assert caught.value.where == f"{tmp_path / 'vocabulary.toml'}{where}"
    assert caught.value.fix == "correct the file, then run: python -m ingest"


@pytest.mark.parametrize(
    ("query", "added"),
    [
        ("i have pain down my leg", ("sciatic nerve",)),  # no passage says "sciatica"
        ("pains down my legs", ("sciatic nerve",)),  # endings do not matter
        ("my leg has a pain", ("sciatic nerve",)),  # nor does the order
        ("leg so very pain", ("sciatic nerve",)),  # two words may stand between
        ("leg so very much pain", ()),  # and no more
        ("leg", ()),
        ("leg pain and heel pain", ("sciatic nerve", "plantar fasciitis")),
        ("heel pain and leg pain", ("sciatic nerve", "plantar fasciitis")),  # the file's order
        ("is plantar fasciitis a heel pain", ()),  # said already
        ("plantar fasciitis", ()),  # no passage says "heel"
        ("what is sciatica", ()),  # nor "leg"
        ("neck", ()),
        ("", ()),
    ],
)
def test_a_phrase_brings_what_means_the_same_and_stands_in_passages(
    known: LexicalIndex, query: str, added: tuple[str, ...]
) -> None:
    assert expansions(query, TERMS, known=known) == added


def test_a_clinicians_word_brings_a_patients() -> None:
    known = LexicalIndex.build([("Legs", "The leg has pain.")])
    assert expansions("sciatica", TERMS, known=known) == ("leg pain",)


def test_at_most_three_phrases_are_added_the_first_of_the_file() -> None:
    terms = [Term((f"word{number}",), ("ache",)) for number in range(5)]
    known = LexicalIndex.build([("", " ".join(term.clinical[0] for term in terms))])
    assert expansions("ache", terms, known=known) == ("word0", "word1", "word2")
    assert expansions("ache", terms, known=known, most=1) == ("word0",)


def test_the_clinics_own_vocabulary_can_be_read() -> None:
    assert len(read_vocabulary(ROOT / "content")) > 10
