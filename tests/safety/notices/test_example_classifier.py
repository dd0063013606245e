"""The example classifier: votes that a reader can compute, and that can only add a notice."""

from dataclasses import replace
from math import exp
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from numpy.typing import NDArray

from core.models.kernel_ridge import KernelRidge
from safety.notices.example_classifier import (
    ExampleClassifier,
    examples_digest,
)
from safety.notices.finder import Notice, NoticeFinder
from safety.notices.red_flags import Group, Level, RedFlags, Rule, SpeechPatterns
from tests.support.fakes import VOCABULARY, BagOfWordsEncoder

# The kernel of two texts that share no word of the encoder: exp(2 (0 - 1)).
APART = exp(-2)
# What is left of a row's own weight beside the ridge of 0.1, when all rows are apart.
OWN = (1 - APART) / (1.1 - APART)
PLAIN = SpeechPatterns()


def group(name: str, *examples: str, level: Level = Level.URGENT, rule: str = "") -> Group:
    rules = (Rule((rule,)),) if rule else ()
    return Group(name, level, name, f"Call about {name}", (), "", None, rules, examples)


def flags(
    *groups: Group, benign: tuple[str, ...] = (), manner: SpeechPatterns | None = None
) -> RedFlags:
    return RedFlags(groups={g.id: g for g in groups}, benign=benign, manner=manner or PLAIN)


def votes(
    fitted: ExampleClassifier, encoder: BagOfWordsEncoder, *texts: str
) -> NDArray[np.float64]:
    return fitted.votes.predict(encoder.encode(texts) @ fitted.vectors.T)


FOUR_APART = flags(group("stiff", "neck"), group("bleed", "blood"), benign=("sleep", "back"))


# -- votes ----------------------------------------------------------------------------------------


def test_examples_that_share_no_word_vote_as_a_reader_computes(encoder: BagOfWordsEncoder) -> None:
    fitted = ExampleClassifier.fit(FOUR_APART, encoder.encode)
    assert fitted.kinds == ("stiff", "bleed")
    assert (fitted.vectors.shape, fitted.vectors.dtype) == ((4, 9), np.float32)
    own, other = 0.25 + 0.75 * OWN, 0.25 - 0.25 * OWN
    assert votes(fitted, encoder, "neck", "blood", "sleep", "hurt") == pytest.approx(
        np.array([[own, other], [other, own], [other, other], [0.25, 0.25]])
    )


def test_examples_and_ordinary_questions_vote_in_plain_form_and_near_misses_do_not(
    encoder: BagOfWordsEncoder,
) -> None:
    stiff = replace(group("stiff", "Hello, my NECK can't turn!"), not_examples=("no neck pain",))
    ExampleClassifier.fit(flags(stiff, benign=("Please, sleep?", "???")), encoder.encode)
    assert encoder.encoded == ["my neck can't turn", "sleep", "???"]


def test_without_examples_nothing_is_encoded_and_nothing_is_near(
    encoder: BagOfWordsEncoder,
) -> None:
    fitted = ExampleClassifier.fit(RedFlags(), encoder.encode)
    assert (encoder.encoded, fitted.kinds) == ([], ())
    assert fitted.kinds_of(encoder.encode(["neck"])) == set()


def test_ordinary_questions_alone_raise_nothing(encoder: BagOfWordsEncoder) -> None:
    fitted = ExampleClassifier.fit(flags(group("stiff"), benign=("neck", "back")), encoder.encode)
    assert votes(fitted, encoder, "neck", "blood").tolist() == [[0.0], [0.0]]
    assert fitted.kinds_of(encoder.encode(["neck", "blood"])) == set()


# -- the cut --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "few",
    [
        FOUR_APART,  # left out, "sleep" and "back" get one vote of three for either notice
        flags(group("stiff", "neck")),
        # Only notices that ask to act set the cut.
        flags(group("stiff", "neck", level=Level.CAUTION), benign=("neck", "back")),
    ],
)
def test_the_cut_is_no_lower_than_few_ordinary_questions_can_tell(
    encoder: BagOfWordsEncoder, few: RedFlags
) -> None:
    assert ExampleClassifier.fit(few, encoder.encode).cut == 0.35


def test_the_cut_lies_where_one_in_two_hundred_ordinary_questions_is_above_it(
    encoder: BagOfWordsEncoder,
) -> None:
    # Judged without itself, the ordinary "neck" meets the example "neck" and the ordinary "back";
    # "back" meets an example and an ordinary question that are the same to it.
    two = flags(group("stiff", "neck"), benign=("neck", "back"))
    alarms = [0.5 + 0.5 * OWN, 0.5]
    fitted = ExampleClassifier.fit(two, encoder.encode)
    assert fitted.cut == pytest.approx(alarms[1] + 0.995 * (alarms[0] - alarms[1]))


def test_a_vote_that_reaches_the_cut_is_enough_and_any_text_may_reach_it() -> None:
    ridge = KernelRidge(np.array([[1.0, 0.0], [0.0, 0.5]]), np.zeros(2), sharpness=2.0)
    two = ExampleClassifier(("a", "b"), ("x", "y"), np.eye(2, dtype=np.float32), ridge, 0.5, "")
    first, second = np.eye(2, dtype=np.float32)
    assert two.kinds_of(np.stack([first])) == {"a"}
    assert two.kinds_of(np.stack([second])) == {"b"}  # exp(0) / 2 is the cut itself
    assert two.kinds_of(np.stack([first, second])) == {"a", "b"}
    assert replace(two, cut=0.51).kinds_of(np.stack([second])) == set()
    assert two.kinds_of(np.zeros((0, 2), dtype=np.float32)) == set()


# -- beside the rules -----------------------------------------------------------------------------

BOTH = flags(
    group("heart", "chest", level=Level.EMERGENCY, rule="chest"),
    group("stiff", "stiff neck", "neck stiff hurt", rule="neck locked"),
    group("bleed", "blood needle", "needle blood hurt", rule="no clot"),
    group("gone", "back", level=Level.CAUTION),
    benign=("sleep", "sleep pain", "where do i park"),
    manner=SpeechPatterns(negators=("no", "not"), clause_ends=("but",)),
)


@pytest.fixture
def finder(encoder: BagOfWordsEncoder) -> NoticeFinder:
    fitted = ExampleClassifier.fit(BOTH, encoder.encode)
    encoder.encoded.clear()
    return NoticeFinder(BOTH, fitted)


def found(notices: tuple[Notice, ...]) -> list[str]:
    return [notice.group for notice in notices]


@pytest.mark.parametrize(
    ("asked", "by_rules", "with_model"),
    [
        ("a stiff neck", [], ["stiff"]),  # what no rule knows
        ("sleep", [], []),
        # Of one level, what a rule raises comes before what is near.
        ("neck locked. blood needle", ["stiff"], ["stiff", "bleed"]),
        ("chest. stiff neck", ["heart"], ["heart", "stiff"]),
        # What is denied is not compared, and the rest is.
        ("no stiff neck", [], []),
        ("stiff neck, not today", [], ["stiff"]),
        ("no blood needle. stiff neck", [], ["stiff"]),
        ("no stiff neck but my chest", ["heart"], ["heart"]),
        # A negator inside a term keeps nothing from the examples.
        ("no clot, a stiff neck", ["bleed"], ["bleed", "stiff"]),
    ],
)
def test_examples_add_to_the_rules_what_is_not_denied(
    finder: NoticeFinder,
    encoder: BagOfWordsEncoder,
    asked: str,
    by_rules: list[str],
    with_model: list[str],
) -> None:
    assert found(finder.find(asked)) == by_rules
    assert encoder.encoded == []
    assert found(finder.find(asked, encoder.encode)) == with_model
    if asked == "no stiff neck":
        assert encoder.encoded == []


def test_without_a_classifier_the_rules_decide_alone(encoder: BagOfWordsEncoder) -> None:
    assert found(NoticeFinder(BOTH).find("my chest, a stiff neck", encoder.encode)) == ["heart"]
    assert encoder.encoded == []


@pytest.mark.parametrize(
    ("asked", "encoded"),
    [
        ("Stiff neck!", ["stiff neck"]),
        ("My neck. It hurts! ?!", ["my neck it hurts", "my neck", "it hurts"]),
        ("pain " * 60, [("pain " * 60).strip(), ("pain " * 12).strip()]),
        ("pain " * 61, [("pain " * 61).strip(), ("pain " * 13).strip(), ("pain " * 7).strip()]),
        # Of a long story also parts of twelve words.
        (
            "a b c d e f g h i j k l m n o p q r",
            [
                "a b c d e f g h i j k l m n o p q r",
                "a b c d e f g h i j k l",
                "g h i j k l m n o p q r",
            ],
        ),
        ("a b c d e f g h i j k l m n o", ["a b c d e f g h i j k l m n o"]),
    ],
)
def test_a_question_is_near_by_the_whole_and_by_its_sentences(
    finder: NoticeFinder, encoder: BagOfWordsEncoder, asked: str, encoded: list[str]
) -> None:
    finder.find(asked, encoder.encode)
    assert encoder.encoded == encoded


@pytest.mark.parametrize("nothing", ["", " ", "?!", "\n\n", "🙂"])
def test_what_has_no_words_is_not_encoded(
    finder: NoticeFinder, encoder: BagOfWordsEncoder, nothing: str
) -> None:
    assert finder.find(nothing, encoder.encode) == ()
    assert encoder.encoded == []


def test_a_notice_that_the_file_no_longer_holds_is_not_raised(encoder: BagOfWordsEncoder) -> None:
    fitted = ExampleClassifier.fit(BOTH, encoder.encode)
    fewer = replace(BOTH, groups={"heart": BOTH.groups["heart"]})
    assert NoticeFinder(fewer, fitted).find("a stiff neck", encoder.encode) == ()


ENCODER = BagOfWordsEncoder()
FINDER = NoticeFinder(BOTH, ExampleClassifier.fit(BOTH, ENCODER.encode))
WORDS = some.sampled_from([*VOCABULARY, "no", "not", "but", "chest", "locked", "clot", ".", "my"])


@given(some.lists(WORDS, max_size=30).map(" ".join) | some.text(max_size=80))
def test_the_model_adds_to_what_the_rules_raise_and_takes_nothing_away(asked: str) -> None:
    without, with_model = FINDER.find(asked), FINDER.find(asked, ENCODER.encode)
    assert [notice for notice in with_model if notice in without] == list(without)


# -- kept in the index ----------------------------------------------------------------------------


def test_the_digest_names_all_that_a_classifier_is_fitted_to() -> None:
    stiff, bleed = BOTH.groups["stiff"], BOTH.groups["bleed"]
    usual = flags(stiff, bleed, benign=("sleep", "park"))
    others = [
        flags(replace(stiff, examples=("stiff neck",)), bleed, benign=usual.benign),
        flags(replace(stiff, examples=(*stiff.examples, "x")), bleed, benign=usual.benign),
        flags(replace(stiff, level=Level.EMERGENCY), bleed, benign=usual.benign),
        flags(replace(stiff, id="stiffer"), bleed, benign=usual.benign),
        flags(bleed, stiff, benign=usual.benign),
        flags(stiff, bleed, benign=("sleep",)),
        flags(stiff, benign=usual.benign),
        flags(stiff, bleed, benign=("sleep", "parking")),
    ]
    digests = {examples_digest(file, "0" * 64) for file in (usual, *others)}
    assert len(digests | {examples_digest(usual, "1" * 64)}) == len(others) + 2


def test_words_that_only_the_page_or_the_rules_read_do_not_change_the_digest() -> None:
    stiff = BOTH.groups["stiff"]
    texts = dict.fromkeys(("bullets", "not_examples"), ("x",))
    words = dict.fromkeys(("title", "heading", "source"), "x")
    other = replace(stiff, **texts, **words, rules=(Rule(("x",)),), articles=False, counted=False)  # type: ignore[arg-type]
    changed = replace(flags(other, benign=("sleep",), manner=BOTH.manner), version="9")
    changed = replace(changed, reviewed_by="Dr A")
    assert examples_digest(changed, "0") == examples_digest(flags(stiff, benign=("sleep",)), "0")


def test_a_classifier_is_fitted_again_only_for_other_examples_or_another_encoder(
    encoder: BagOfWordsEncoder,
) -> None:
    fitted = ExampleClassifier.fit(BOTH, encoder.encode, encoder_sha256=encoder.info.sha256)
    encoder.encoded.clear()
    assert fitted.refit(BOTH, encoder) is fitted
    assert encoder.encoded == []
    fewer, another = replace(BOTH, benign=()), BagOfWordsEncoder(sha256="1" * 64)
    for flagged, asked in ((fewer, encoder), (BOTH, another)):
        assert fitted.refit(flagged, asked).digest == examples_digest(flagged, asked.info.sha256)


@pytest.mark.parametrize("fitted_to", [BOTH, RedFlags()], ids=["examples", "nothing"])
def test_a_classifier_is_read_as_it_was_written(
    tmp_path: Path, encoder: BagOfWordsEncoder, fitted_to: RedFlags
) -> None:
    fitted = ExampleClassifier.fit(fitted_to, encoder.encode)
    fitted.save(tmp_path / "notices.npz")
    read = ExampleClassifier.load(tmp_path / "notices.npz")
    plain = ("kinds", "texts", "cut", "digest")
    assert [getattr(read, name) for name in plain] == [getattr(fitted, name) for name in plain]
    assert read.votes.sharpness == fitted.votes.sharpness == 2.0
    for ours, theirs in (
        (read.vectors, fitted.vectors),
        (read.votes.coefficients, fitted.votes.coefficients),
        (read.votes.means, fitted.votes.means),
    ):
        assert ours.dtype == theirs.dtype
        np.testing.assert_array_equal(ours, theirs)
