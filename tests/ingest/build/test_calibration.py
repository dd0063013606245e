"""The decision is taught by the bank, and no question helps to judge itself."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.types import BankRow, BankRowKind, Outcome
from index.bank.bank import fit_bank
from index.search.answer_model import FEATURES, AnswerFeatures, AnswerModel
from index.search.pipeline import search
from index.store import generations
from index.store.generations import OpenIndex
from ingest.build import calibration as calibrating
from ingest.build.calibration import MIN_QUESTIONS, ask, fit_decision, left_out_features
from tests.support.building import build_with
from tests.support.fakes import BagOfWordsEncoder
from tests.support.files.content import FILLERS, REACHED, label, label_enough_to_calibrate


@pytest.fixture
def content(content: Path) -> Path:
    """The usual content, of which ingest has nothing else to say."""
    (content / "clinic.toml").write_text(REACHED)
    return content


@pytest.fixture
def calibrated(content: Path, encoder: BagOfWordsEncoder, tmp_path: Path) -> OpenIndex:
    build_with(encoder, label_enough_to_calibrate(content), tmp_path / "built")
    return generations.open_index(tmp_path / "built", encoder=encoder)


@pytest.mark.parametrize(
    ("answerable", "other"), [(0, 0), (MIN_QUESTIONS - 1, 25), (25, MIN_QUESTIONS - 1)]
)
def test_too_few_questions_are_not_calibrated_on_and_the_editor_is_told(
    content: Path, encoder: BagOfWordsEncoder, tmp_path: Path, answerable: int, other: int
) -> None:
    label(
        content,
        answers={f"stiff neck {word}": "necks#introduction" for word in FILLERS[:answerable]},
        routed={f"{word} price": "cost" for word in FILLERS[:other]},
        # What cards ask is in the bank, but was not asked by anybody.
        asks={"cost": [f"cost {word}" for word in FILLERS]},
    )
    report = build_with(encoder, content, tmp_path / "built")
    assert generations.open_index(tmp_path / "built", encoder=encoder).calibration is None
    told = [str(warning) for warning in report.warnings]
    if not answerable + other:  # content without a bank needs none
        assert told == []
        return
    assert told == [
        f"questions.csv: {answerable} answerable and {other} other questions; 20 of each are "
        "needed to calibrate, so the model for any content decides what is an answer"
    ]


def test_just_enough_questions_are_calibrated_on(
    content: Path, encoder: BagOfWordsEncoder, tmp_path: Path
) -> None:
    label(
        content,
        answers={f"stiff neck {word}": "necks#introduction" for word in FILLERS[:MIN_QUESTIONS]},
        routed={f"{word} price": "cost" for word in FILLERS[:MIN_QUESTIONS]},
        asks={"cost": []},
    )
    assert build_with(encoder, content, tmp_path / "built").warnings == ()
    index = generations.open_index(tmp_path / "built", encoder=encoder)
    assert index.calibration is not None
    assert index.calibration.measured["answered_of_off_topic"] == 0.0


def test_a_bank_with_enough_questions_calibrates(calibrated: OpenIndex) -> None:
    found = calibrated.calibration
    assert found is not None
    assert found.features == FEATURES
    assert found.tied_to == calibrated.manifest.tied_to
    assert 0 < found.related_from < found.answer_from < 1
    assert found.measured == {
        "answered_of_answerable": 1.0,
        "answered_of_unanswerable": 0.0,
        "answered_of_off_topic": 0.0,
    }


def test_a_calibrated_index_answers_what_was_never_asked(calibrated: OpenIndex) -> None:
    assert search(calibrated, "my stiff neck, what now").outcome is Outcome.ANSWER
    response = search(calibrated, "trumpet price")
    assert response.outcome is not Outcome.ANSWER
    assert response.route in ("cost", "off-topic")


def test_the_same_bank_gives_the_same_calibration(
    calibrated: OpenIndex, content: Path, tmp_path: Path
) -> None:
    build_with(BagOfWordsEncoder(), content, tmp_path / "again")
    again = generations.open_index(tmp_path / "again", encoder=BagOfWordsEncoder())
    assert again.calibration == calibrated.calibration


def features_left_out(index: OpenIndex, rows: Sequence[BankRow]) -> list[AnswerFeatures]:
    bank, left_out = fit_bank(rows, index.encoder.encode([row.text for row in rows]))
    index = replace(index, bank=bank)
    return left_out_features(index, left_out, ask(index, rows))


ROWS = [
    BankRow("stiff neck", BankRowKind.QUESTION, ("necks#introduction",)),
    BankRow("neck pain", BankRowKind.QUESTION, ("necks#why-it-hurts",)),
    BankRow("blood", BankRowKind.QUESTION, ("blood#introduction",)),
    BankRow("price", BankRowKind.QUESTION, (), "cost"),
    BankRow("weather", BankRowKind.QUESTION, (), "off-topic"),
]


def test_features_left_out_do_not_see_the_question_itself(calibrated: OpenIndex) -> None:
    found = features_left_out(calibrated, ROWS)[0]
    # The other row with "neck" is at cosine 1/2; the question itself would be at 1.
    assert found.nearest_answerable == pytest.approx(0.5)
    assert found.nearest_unanswerable == 0.0


def test_features_left_out_do_not_hear_the_questions_own_label(calibrated: OpenIndex) -> None:
    relabelled = [replace(ROWS[0], sections=("blood#introduction",)), *ROWS[1:]]
    one, two = (features_left_out(calibrated, rows)[0] for rows in (ROWS, relabelled))
    assert one.as_row() == pytest.approx(two.as_row(), abs=1e-12)
    refused = [replace(ROWS[0], sections=(), route="cost"), *ROWS[1:]]
    three = features_left_out(calibrated, refused)[0]
    assert three.answerable_vote == pytest.approx(one.answerable_vote, abs=1e-12)
    assert three.off_topic_vote == pytest.approx(one.off_topic_vote, abs=1e-12)
    assert three.nearest_answerable == pytest.approx(one.nearest_answerable, abs=1e-6)


def test_a_word_is_not_known_because_of_the_question_that_is_judged(
    content: Path, encoder: BagOfWordsEncoder, tmp_path: Path
) -> None:
    rows = {"stiff zebra": "necks#introduction", "stiff tunnel": "necks#introduction",
            "hurt tunnel": "necks#why-it-hurts"}  # fmt: skip
    build_with(encoder, label(content, answers=rows), tmp_path / "built")
    index = generations.open_index(tmp_path / "built", encoder=encoder)
    found = features_left_out(index, list(index.bank.rows))
    # "zebra" stands in its own row alone, "tunnel" in another one, "stiff" in an article.
    assert [e.known_words for e in found] == [0.5, 1.0, 1.0]
    assert [e.out_of_vocabulary for e in found] == [0.5, 0.0, 0.0]


probabilities = st.lists(st.floats(0, 1).map(lambda p: round(p, 3)), min_size=1, max_size=80)


@given(probabilities, st.sampled_from([0.0, 0.04, 0.25]))
def test_a_cut_lets_no_more_than_its_share_through(falling: list[float], share: float) -> None:
    values = np.array(falling) * 0.99
    cut = calibrating._cut(values, share)
    assert np.sum(values >= cut) <= share * len(values)
    # And it is the lowest such cut: one that lets the next value in lets too many in.
    assert np.sum(values >= np.nextafter(cut, 0)) > int(share * len(values))


def test_nobody_to_turn_away_needs_no_cut() -> None:
    assert calibrating._cut(np.zeros(0), 0.0) == 0.0


def test_a_question_that_a_new_article_answers_is_told_to_the_editor(
    content: Path, encoder: BagOfWordsEncoder, tmp_path: Path
) -> None:
    label(
        content,
        routed={"a stiff neck": "cost", "the zebra": "cost"},
        asks={"cost": ["a stiff neck is common"]},
    )
    warnings = build_with(encoder, content, tmp_path / "built").warnings
    assert [str(w) for w in warnings if "may be answered" in w.problem] == [
        "questions.csv: may be answered now, by necks#introduction/1: a stiff neck"
    ]


def made_up(vote: float) -> AnswerFeatures:
    return replace(AnswerFeatures(**dict.fromkeys(FEATURES, 0.0)), answerable_vote=vote)


def fitted(rows: list[BankRow], votes: list[float]) -> AnswerModel:
    return fit_decision([made_up(vote) for vote in votes], rows, {"bank": "x"})


def test_no_off_topic_question_is_answered_whatever_that_costs() -> None:
    answers = [BankRow(w, BankRowKind.QUESTION, ("a#b",)) for w in FILLERS]
    others = [BankRow(w, BankRowKind.QUESTION, (), "off-topic") for w in FILLERS]
    # One off-topic question looks just like an answerable one.
    votes = [1.0] * 25 + [0.0] * 24 + [1.0]
    found = fitted(answers + others, votes)
    assert found.measured["answered_of_off_topic"] == 0.0
    on_topic = [replace(row, route="cost") for row in others]
    # On topic one in twenty-five may pass.
    assert fitted(answers + on_topic, votes).measured["answered_of_unanswerable"] == 0.04
