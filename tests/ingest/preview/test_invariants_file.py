"""The file of invariants is taken whole or not at all, and an invariant that fails says how."""

from pathlib import Path

import pytest

from core.errors import ContentError, SeveralContentErrors
from core.types import Outcome
from index.preview.types import FailedInvariant
from index.store.generations import open_index
from ingest.preview.invariants import (
    Invariant,
    check_invariants,
    invariants_warnings,
    read_invariants,
)
from safety.notices.finder import NoticeFinder
from safety.notices.red_flags import Group, Level, RedFlags, Rule
from tests.support.building import build_with
from tests.support.fakes import BagOfWordsEncoder

HEADER = "question,section,outcome,notice,note\n"


def read(folder: Path, text: str | bytes) -> list[Invariant]:
    raw = text if isinstance(text, bytes) else text.encode()
    (folder / "invariants.csv").write_bytes(raw)
    return list(read_invariants(folder))


def test_every_row_becomes_an_invariant(tmp_path: Path) -> None:
    rows = (
        "is it  stiff?,a#b | c#d,answer,,because\n\n"
        '"what, then",,not answer,none,\n'
        "my chest,,,heart_chest,\n"
    )
    assert read(tmp_path, HEADER + rows) == [
        Invariant("is it stiff?", ("a#b", "c#d"), (Outcome.ANSWER,), "", 2),
        Invariant("what, then", (), (Outcome.RELATED, Outcome.NOT_COVERED), "none", 4),
        Invariant("my chest", (), (), "heart_chest", 5),
    ]


def test_no_file_holds_no_invariants(tmp_path: Path) -> None:
    assert read_invariants(tmp_path) == ()


def test_columns_after_the_question_may_stand_in_any_order_and_a_byte_order_mark_before(
    tmp_path: Path,
) -> None:
    text = "\ufeffquestion,notice,section\r\na,none,b#c\r\n"
    assert read(tmp_path, text) == [Invariant("a", ("b#c",), (), "none", 2)]


WRONG = {
    "no question": (HEADER + " ,a#b,,,\n", 2, "a question"),
    "nothing that must hold": (HEADER + "a,,,,only a note\n", 2, "a section, an outcome"),
    "only a separator": (HEADER + "a,|,,,\n", 2, "a section, an outcome"),
    "unknown outcome": (HEADER + "a,,anwser,,\n", 2, "outcome: one of answer, related"),
    "too many cells": (HEADER + "a,b#c,,,x,y\n", 2, "5 columns"),
    "a quote left open": (HEADER + 'a,b#c,,,\n"b,b#c,,,\n', 3, "a row of CSV"),
    "an unknown column": ("question,where\na,b\n", 1, "the columns question, section"),
    "the question alone": ("question\na\n", 1, "the columns question, section"),
    "the question not first": ("section,question\na,b\n", 1, "the columns question, section"),
    "an empty file": ("", 1, "the columns question, section"),
}


@pytest.mark.parametrize(("text", "line", "expected"), WRONG.values(), ids=WRONG.keys())
def test_a_row_that_cannot_be_taken_is_named_by_line_with_the_mend(
    tmp_path: Path, text: str, line: int, expected: str
) -> None:
    with pytest.raises(ContentError) as caught:
        read(tmp_path, text)
    assert caught.value.where == f"{tmp_path / 'invariants.csv'}, line {line}"
    assert expected in (caught.value.expected or "")
    assert caught.value.fix == "correct the row, then run: python -m ingest"


def test_every_wrong_row_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(SeveralContentErrors) as caught:
        read(tmp_path, HEADER + "a,,x,,\nb,c#d,,,\nc,,,,\nB?,c#d,,,\n")
    for where in ("line 2", "line 4", "lines 3 and 5"):
        assert f"invariants.csv, {where}\n" in str(caught.value)


def group(name: str, level: Level, *rules: tuple[str, ...]) -> Group:
    return Group(name, level, name, "Call now if:", ("one",), "", None, tuple(map(Rule, rules)), ())


FLAGS = RedFlags(
    groups={
        one.id: one
        for one in (
            group("numb", Level.URGENT, ("numb", "neck")),
            group("needles", Level.CAUTION, ("afraid", "needle")),
        )
    }
)


def check(
    content: Path, folder: Path, rows: str, encoder: BagOfWordsEncoder
) -> list[tuple[str, str, str]]:
    """Return question, expected and found of every invariant that fails."""
    built = folder / "built"
    build_with(encoder, content, built)
    (content / "invariants.csv").write_text(HEADER + rows)
    index = open_index(built, encoder=encoder)
    failed = check_invariants(index, read_invariants(content), NoticeFinder(FLAGS))
    return [(one.question, one.expected, one.found) for one in failed]


HOLD = """stiff neck,necks#introduction,,,
stiff neck and blood,blood#introduction | necks#introduction,,,
apple candle,,not answer,none,
numb neck,,,numb,
I am afraid of the needle,,,none,it asks nobody to act
"""


def test_what_holds_is_not_told(content: Path, tmp_path: Path, encoder: BagOfWordsEncoder) -> None:
    assert check(content, tmp_path, HOLD, encoder) == []


FAIL = {
    "a section that does not exist": (
        "stiff neck,necks#introducton,,,",
        "necks#introducton among the first three results",
        "there is no section necks#introducton, perhaps necks#introduction",
    ),
    "an outcome": ("apple candle,,answer,,", "outcome answer", "outcome not_covered"),
    "either of two outcomes": (
        "neck,,not answer,,",
        "outcome related or not_covered",
        "outcome answer",
    ),
    "a notice that is not raised": ("stiff neck,,,numb,", "notice numb", "notice none"),
    "another notice": ("numb neck,,,needles,", "notice needles", "notice numb"),
    "a notice that asks to act": ("numb neck,,,none,", "no notice that asks to act", "notice numb"),
    "a notice that does not exist": (
        "stiff neck,,,numbb,",
        "notice numbb",
        "there is no notice numbb, perhaps numb",
    ),
    "two things at once": (
        "apple candle,,answer,numb,",
        "outcome answer; notice numb",
        "outcome not_covered; notice none",
    ),
}


@pytest.mark.parametrize(("row", "expected", "found"), FAIL.values(), ids=FAIL.keys())
def test_what_fails_says_what_was_expected_and_what_was_found(
    content: Path, tmp_path: Path, encoder: BagOfWordsEncoder, row: str, expected: str, found: str
) -> None:
    question = row.partition(",")[0]
    assert check(content, tmp_path, f"{row}\n", encoder) == [(question, expected, found)]


def test_a_section_beyond_the_first_three_results_fails(
    content: Path, tmp_path: Path, encoder: BagOfWordsEncoder
) -> None:
    for name, when in {"a": "morning", "b": "noon", "c": "night"}.items():
        text = f"Article {name}\n\nA stiff neck, a stiff neck, a stiff neck at {when}.\n"
        (content / "articles" / f"{name}.txt").write_text(text)
    ((_, _, found),) = check(content, tmp_path, "stiff neck,blood#introduction,,,\n", encoder)
    assert found == "a#introduction, b#introduction, c#introduction"


def test_a_failed_invariant_knows_its_line(
    content: Path, built: Path, encoder: BagOfWordsEncoder
) -> None:
    invariants = [Invariant("neck", (), (Outcome.NOT_COVERED,), "", 7)]
    index = open_index(built, encoder=encoder)
    assert check_invariants(index, invariants, NoticeFinder(RedFlags())) == [
        FailedInvariant("neck", 7, "outcome not_covered", "outcome answer")
    ]


def test_an_invariant_follows_an_article_whose_file_got_another_name(
    content: Path, tmp_path: Path, encoder: BagOfWordsEncoder
) -> None:
    build_with(encoder, content, tmp_path / "built")
    (content / "articles" / "necks.txt").rename(content / "articles" / "the-neck.txt")
    assert check(content, tmp_path, "stiff neck,necks#introduction,,,\n", encoder) == []


def test_what_is_said_of_an_article_that_is_gone_is_left_aside_and_told_once(
    content: Path, tmp_path: Path, encoder: BagOfWordsEncoder
) -> None:
    (content / "articles" / "blood.txt").unlink()
    rows = """blood,blood#introduction,answer,,
blood and sleep,blood#introduction,,numb,the notice counts all the same
stiff neck,blood#introduction | necks#introduction,,,
apple candle,,answer,,
"""
    failed = check(content, tmp_path, rows, encoder)
    assert [(question, expected) for question, expected, _ in failed] == [
        ("blood and sleep", "notice numb"),
        ("apple candle", "outcome answer"),
    ]
    (warning,) = invariants_warnings(content, {"necks"}, {})
    assert str(warning) == (
        "invariants.csv: 3 rows name an article that does not exist and are left aside: blood "
        "(from line 2 on). Delete the rows, or put the article back."
    )


def test_invariants_of_other_articles_alone_hold_for_their_notices_only(
    content: Path, tmp_path: Path, encoder: BagOfWordsEncoder
) -> None:
    rows = "gone,gone#introduction,,,\nneck,,not_covered,,\nneck back,,not_covered,numb,\n"
    assert check(content, tmp_path, rows, encoder) == [("neck back", "notice numb", "notice none")]
    (warning,) = invariants_warnings(content, {"necks", "blood"}, {})
    assert warning.problem.endswith("none names an article that exists.")


@pytest.mark.parametrize("section", ["neks#introduction", "necks#introducton", "necks"])
def test_a_misspelt_id_fails(
    content: Path, tmp_path: Path, encoder: BagOfWordsEncoder, section: str
) -> None:
    ((_, _, found),) = check(content, tmp_path, f"stiff,{section},,,\n", encoder)
    assert found.startswith(f"there is no section {section}, perhaps necks#")
