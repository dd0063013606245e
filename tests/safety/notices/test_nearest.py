"""Nearest examples: votes that a reader can compute, and that can only ever add a notice."""

from collections.abc import Sequence
from dataclasses import replace
from math import exp
from pathlib import Path
from typing import NoReturn

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from numpy.typing import NDArray

from core.kernel_ridge import KernelRidge
from safety.notices.example_classifier import (
    ExampleClassifier,
    read_example_classifier,
    write_example_classifier,
)
from safety.notices.finder import Notice, NoticeFinder
from safety.notices.nearest import digest, learn
from safety.notices.red_flags import Group, Level, RedFlags, SpeechPatterns
from tests.support.fakes import VOCABULARY, BagOfWordsEncoder

# The kernel of two texts that share no word of the encoder: exp(2 (0 - 1)).
APART = exp(-2)
# What is left of a row's own weight beside the ridge of 0.1, when all rows are apart.
OWN = (1 - APART) / (1.1 - APART)


def group(name: str, *examples: str, level: Level = Level.URGENT, rule: str = "") -> Group:
    rules = ((rule,),) if rule else ()
    return Group(name, level, name, f"Call about {name}", (), "", None, rules, examples)


def flags(
    *groups: Group, benign: tuple[str, ...] = (), manner: SpeechPatterns | None = None
) -> RedFlags:
    return RedFlags(
        groups={one.id: one for one in groups}, benign=benign, manner=manner or SpeechPatterns()
    )


def cast(
    learned: ExampleClassifier, encoder: BagOfWordsEncoder, *texts: str
) -> NDArray[np.float64]:
    return learned.votes.predict(encoder.encode(texts) @ learned.vectors.T)


FOUR_APART = flags(group("stiff", "neck"), group("bleed", "blood"), benign=("sleep", "back"))


# -- votes ----------------------------------------------------------------------------------------


def test_examples_that_share_no_word_vote_as_a_reader_computes(encoder: BagOfWordsEncoder) -> None:
    learned, _ = learn(FOUR_APART, encoder.encode)
    assert learned.kinds == ("stiff", "bleed")
    assert learned.vectors.shape == (4, 9)
    assert learned.vectors.dtype == np.float32
    own, other = 0.25 + 0.75 * OWN, 0.25 - 0.25 * OWN
    votes = cast(learned, encoder, "neck", "blood", "sleep", "hurt")
    assert votes == pytest.approx(
        np.array([[own, other], [other, own], [other, other], [0.25, 0.25]])
    )


def test_an_examples_own_vote_is_that_of_the_others(encoder: BagOfWordsEncoder) -> None:
    _, left_out = learn(FOUR_APART, encoder.encode)
    # Without "neck" nothing votes for "stiff", and one of the three others for "bleed".
    assert left_out.wanted == ("stiff", "bleed")
    assert left_out.votes == pytest.approx(np.array([[0, 1 / 3], [1 / 3, 0]]))


def test_leaving_an_example_out_is_learning_without_it(encoder: BagOfWordsEncoder) -> None:
    examples = ("stiff neck", "neck pain hurt", "neck")
    whole = flags(group("stiff", *examples), group("bleed", "blood", "needle blood"),
                  benign=("back pain", "sleep", "stiff back"))  # fmt: skip
    _, left_out = learn(whole, encoder.encode)
    for row, text in enumerate(examples):
        others = tuple(other for other in examples if other != text)
        groups = {**whole.groups, "stiff": replace(whole.groups["stiff"], examples=others)}
        without, _ = learn(replace(whole, groups=groups), encoder.encode)
        assert left_out.votes[row] == pytest.approx(cast(without, encoder, text)[0])
        with_it, _ = learn(whole, encoder.encode)
        assert left_out.votes[row][0] < cast(with_it, encoder, text)[0][0]


def test_examples_and_ordinary_questions_vote_in_plain_form_and_near_misses_do_not(
    encoder: BagOfWordsEncoder,
) -> None:
    stiff = replace(group("stiff", "Hello, my NECK can't turn!"), not_examples=("no neck pain",))
    learn(flags(stiff, benign=("Please, sleep?",)), encoder.encode)
    assert encoder.encoded == ["my neck can't turn", "sleep"]


def test_a_text_of_signs_only_is_learned_as_it_stands(encoder: BagOfWordsEncoder) -> None:
    learn(flags(group("stiff", "???")), encoder.encode)
    assert encoder.encoded == ["???"]


def test_without_examples_nothing_is_encoded_and_nothing_is_near(
    encoder: BagOfWordsEncoder,
) -> None:
    learned, left_out = learn(RedFlags(), encoder.encode)
    assert encoder.encoded == []
    assert (learned.kinds, left_out.wanted, left_out.votes.shape) == ((), (), (0, 0))
    assert learned.kinds_of(encoder.encode(["neck"])) == set()


def test_ordinary_questions_alone_raise_nothing(encoder: BagOfWordsEncoder) -> None:
    learned, _ = learn(flags(group("stiff"), benign=("neck", "back")), encoder.encode)
    assert cast(learned, encoder, "neck", "blood").tolist() == [[0.0], [0.0]]
    assert learned.kinds_of(encoder.encode(["neck", "blood"])) == set()


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
    assert learn(few, encoder.encode)[0].cut == 0.35


def test_the_cut_lies_where_one_in_a_hundred_ordinary_questions_is_above_it(
    encoder: BagOfWordsEncoder,
) -> None:
    told = flags(group("stiff", "neck"), benign=("neck", "back"))
    # Judged without itself, the ordinary "neck" meets the example "neck" and the ordinary "back";
    # "back" meets an example and an ordinary question that are the same to it.
    alarms = [0.5 + 0.5 * OWN, 0.5]
    learned, _ = learn(told, encoder.encode)
    assert learned.cut == pytest.approx(alarms[1] + 0.99 * (alarms[0] - alarms[1]))


def test_a_vote_that_reaches_the_cut_is_enough_and_any_text_may_reach_it() -> None:
    votes = KernelRidge(np.array([[1.0, 0.0], [0.0, 0.5]]), np.zeros(2), sharpness=2.0)
    two = ExampleClassifier(("a", "b"), ("x", "y"), np.eye(2, dtype=np.float32), votes, 0.5, "")
    first, second = np.eye(2, dtype=np.float32)
    assert two.kinds_of(np.stack([first])) == {"a"}
    assert two.kinds_of(np.stack([second])) == {"b"}  # exp(0) / 2 is the cut itself
    assert two.kinds_of(np.stack([first, second])) == {"a", "b"}
    assert replace(two, cut=0.51).kinds_of(np.stack([second])) == set()
    assert two.kinds_of(np.zeros((0, 2), dtype=np.float32)) == set()


# -- beside the rules -----------------------------------------------------------------------------

MANNER = SpeechPatterns(negators=("no", "not"), clause_ends=("but",))
BOTH = flags(
    group("heart", "chest", level=Level.EMERGENCY, rule="chest"),
    group("stiff", "stiff neck", "neck stiff hurt", rule="neck locked"),
    group("bleed", "blood needle", "needle blood hurt", rule="no clot"),
    group("gone", "back", level=Level.CAUTION),
    benign=("sleep", "sleep pain", "where do i park"),
    manner=MANNER,
)


@pytest.fixture
def finder(encoder: BagOfWordsEncoder) -> NoticeFinder:
    learned, _ = learn(BOTH, encoder.encode)
    encoder.encoded.clear()
    return NoticeFinder(BOTH, learned)


def found(notices: tuple[Notice, ...]) -> list[str]:
    return [one.group for one in notices]


def test_a_question_near_to_an_example_raises_what_no_rule_knows(
    finder: NoticeFinder, encoder: BagOfWordsEncoder
) -> None:
    assert finder.find("a stiff neck") == ()
    assert finder.find("a stiff neck", encoder.encode) == (Notice("stiff", Level.URGENT),)
    assert found(finder.find("sleep", encoder.encode)) == []


def test_before_anything_was_learned_the_rules_decide_alone(encoder: BagOfWordsEncoder) -> None:
    assert found(NoticeFinder(BOTH).find("my chest, a stiff neck", encoder.encode)) == ["heart"]
    assert encoder.encoded == []


def test_of_one_level_what_a_rule_says_comes_before_what_is_near(
    finder: NoticeFinder, encoder: BagOfWordsEncoder
) -> None:
    assert found(finder.find("neck locked. blood needle", encoder.encode)) == ["stiff", "bleed"]
    assert found(finder.find("chest. stiff neck", encoder.encode)) == ["heart", "stiff"]


@pytest.mark.parametrize("asked", ["no stiff neck", "stiff neck, not today", "not sleep. neck"])
def test_a_negator_anywhere_leaves_a_question_to_the_rules(
    finder: NoticeFinder, encoder: BagOfWordsEncoder, asked: str
) -> None:
    assert finder.find(asked, encoder.encode) == ()
    assert encoder.encoded == []


def test_a_negator_keeps_no_rule_from_raising(
    finder: NoticeFinder, encoder: BagOfWordsEncoder
) -> None:
    assert found(finder.find("no stiff neck but my chest", encoder.encode)) == ["heart"]


def test_a_negator_inside_a_term_keeps_nothing_from_the_examples(
    finder: NoticeFinder, encoder: BagOfWordsEncoder
) -> None:
    assert found(finder.find("no clot, a stiff neck")) == ["bleed"]
    assert found(finder.find("no clot, a stiff neck", encoder.encode)) == ["bleed", "stiff"]


@pytest.mark.parametrize(
    ("asked", "encoded"),
    [
        ("Stiff neck!", ["stiff neck"]),
        ("My neck. It hurts! ?!", ["my neck it hurts", "my neck", "it hurts"]),
        ("pain " * 60, [("pain " * 60).strip()]),
        ("pain " * 61, [("pain " * 61).strip()]),
        ("pain " * 59 + "here. My neck.", [("pain " * 59) + "here", "my neck"]),
        ("pain " * 58 + "here. Neck.", ["pain " * 58 + "here neck", "pain " * 58 + "here", "neck"]),
    ],
)
def test_a_question_is_near_by_the_whole_and_by_its_sentences(
    finder: NoticeFinder, encoder: BagOfWordsEncoder, asked: str, encoded: list[str]
) -> None:
    finder.find(asked, encoder.encode)
    assert encoder.encoded == encoded


def test_what_has_no_words_is_not_encoded(finder: NoticeFinder) -> None:
    def refuse(texts: Sequence[str]) -> NoReturn:
        raise AssertionError(texts)

    for nothing in ("", " ", "?!", "\n\n", "🙂"):
        assert finder.find(nothing, refuse) == ()


def test_a_notice_that_the_file_no_longer_holds_is_not_raised(encoder: BagOfWordsEncoder) -> None:
    learned, _ = learn(BOTH, encoder.encode)
    fewer = replace(BOTH, groups={"heart": BOTH.groups["heart"]})
    assert NoticeFinder(fewer, learned).find("a stiff neck", encoder.encode) == ()


ENCODER = BagOfWordsEncoder()
FINDER = NoticeFinder(BOTH, learn(BOTH, ENCODER.encode)[0])
WORDS = some.sampled_from([*VOCABULARY, "no", "not", "but", "chest", "locked", "clot", ".", "my"])


@given(some.lists(WORDS, max_size=30).map(" ".join) | some.text(max_size=80))
def test_the_model_adds_to_what_the_rules_raise_and_takes_nothing_away(asked: str) -> None:
    without, with_model = FINDER.find(asked), FINDER.find(asked, ENCODER.encode)
    assert [one for one in with_model if one in without] == list(without)


# -- kept in the index ----------------------------------------------------------------------------


def test_what_was_learned_is_named_by_all_that_it_was_learned_from() -> None:
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
    digests = {digest(one, "0" * 64) for one in (usual, *others)} | {digest(usual, "1" * 64)}
    assert len(digests) == len(others) + 2


def test_words_that_only_the_page_or_the_rules_read_change_nothing_learned() -> None:
    stiff = BOTH.groups["stiff"]
    usual = flags(stiff, benign=("sleep",))
    texts = dict.fromkeys(("bullets", "not_examples"), ("x",))
    words = dict.fromkeys(("title", "heading", "source"), "x")
    other = replace(stiff, **texts, **words, rules=(("x",),), articles=False, counted=False)  # type: ignore[arg-type]
    changed = flags(other, benign=("sleep",), manner=MANNER)
    changed = replace(changed, version="9", reviewed_by="Dr A")
    assert digest(changed, "0") == digest(usual, "0")


def test_what_is_learned_carries_its_name(encoder: BagOfWordsEncoder) -> None:
    sha256 = encoder.info.sha256
    learned, _ = learn(BOTH, encoder.encode, encoder_sha256=sha256)
    assert learned.digest == digest(BOTH, sha256)
    assert learned.digest != learn(BOTH, encoder.encode)[0].digest


@pytest.mark.parametrize("learned_from", [BOTH, RedFlags()], ids=["examples", "nothing"])
def test_what_was_learned_is_read_as_it_was_written(
    tmp_path: Path, encoder: BagOfWordsEncoder, learned_from: RedFlags
) -> None:
    learned, _ = learn(learned_from, encoder.encode)
    write_example_classifier(learned, tmp_path / "notices.npz")
    read = read_example_classifier(tmp_path / "notices.npz")
    assert (read.kinds, read.cut, read.digest) == (learned.kinds, learned.cut, learned.digest)
    assert read.votes.sharpness == learned.votes.sharpness == 2.0
    for ours, theirs in (
        (read.vectors, learned.vectors),
        (read.votes.coefficients, learned.votes.coefficients),
        (read.votes.means, learned.votes.means),
    ):
        assert ours.dtype == theirs.dtype
        np.testing.assert_array_equal(ours, theirs)
    asked = encoder.encode(["stiff neck", "blood needle", "sleep"])
    assert read.kinds_of(asked) == learned.kinds_of(asked)
