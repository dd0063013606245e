"""The measurement of notices: figures by hand, nothing learned from what is asked, good errors."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ContentError
from evaluation.__main__ import main
from evaluation.notices.detectors import Detectors, Trained, train
from evaluation.notices.figures import AFTER_HEADING, AS_IS, NOT_OWN
from evaluation.notices.measure import measure, targets
from evaluation.notices.questions import FILE, Kind, NoticeQuestion, read_notice_questions
from evaluation.notices.robustness import measure_perturbations
from evaluation.perturbing import OF_SYMPTOMS, padded, third_person
from evaluation.pictures import draw_notices
from safety.notices.finder import Notice
from safety.notices.red_flags import Level, RedFlags
from safety.notices.red_flags_file import read_red_flags
from tests.support.building import no_progress
from tests.support.fakes import BagOfWordsEncoder
from tests.support.files.content import label
from tests.support.paths import ROOT

# Whose figures a reader can work out: three notices, six examples. By the words that the encoder
# counts, "sleep hurt" and "hurt sleep" are one, and nothing else is near to "back needle".
NOTICES = """
[numbers.GB]
emergency = "999"
[manner]
negators = ["no"]
fillers = ["my", "is"]
asking = ["can you get"]
personal = ["my"]
[terms]
stiff = ["stiff"]
[[group]]
id = "pain"
level = "emergency"
title = "Neck trouble"
heading = "Call {emergency} if your neck is:"
bullets = ["stiff", "hard to turn", "Wait there", "{crisis_help}"]
rules = ["@stiff + neck", "i + hurt"]
examples = ["stiff neck", "sleep hurt", "hurt sleep"]
not_examples = ["neck", "no stiff neck"]
[[group]]
id = "bleed"
level = "urgent"
title = "Bleeding"
heading = "Ask today if there is:"
bullets = ["blood"]
rules = ["blood"]
examples = ["blood everywhere", "back needle"]
not_examples = ["blood orange"]
[[group]]
id = "care"
level = "caution"
title = "Care"
heading = "Ask us about zebras"
bullets = []
rules = ["zebra"]
examples = ["zebra"]
[benign]
examples = ["opening times", "a lift to the first floor", "parking"]
"""
QUESTIONS = """kind,group,question,note
symptom,pain,my neck is stiff,pair-01
negated,pain,no stiff neck,pair-01
symptom,pain|bleed,blood on my back,pair-02
negated,bleed,"blood, no",pair-02
symptom,bleed,zebra,
hypothetical,bleed,can you get blood,
hypothetical,pain,can you get my stiff neck,
history,care,zebra years ago,own
history,,another zebra,relative
idiom,,blood brothers,
benign,,is there a lift,
"""


@pytest.fixture
def noticed(content: Path) -> Path:
    """The two short articles, one question in the bank, and the notices above."""
    (content / "red_flags.toml").write_text(NOTICES)
    (content / "clinic.toml").write_text('country = "GB"\n')
    return label(content, routed={"zebra price": "off-topic"}, asks={"off-topic": []})


@pytest.fixture
def flags(noticed: Path) -> RedFlags:
    return read_red_flags(noticed)


@pytest.fixture
def trained(flags: RedFlags) -> Trained:
    return train(flags, BagOfWordsEncoder())


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "asked.csv"
    path.write_text(QUESTIONS)
    return path


def by_rules(content: Path, questions: Path | None = None) -> dict[str, Any]:
    return measure(content, encoder=None, progress=no_progress, questions=questions)


def by_both(content: Path, questions: Path | None = None) -> dict[str, Any]:
    return measure(content, encoder=BagOfWordsEncoder(), progress=no_progress, questions=questions)


def n_and_mean(rows: Mapping[str, Any]) -> dict[str, tuple[int, float]]:
    """Return count and mean of each row by the rules."""
    return {name: (row["rules"]["n"], row["rules"]["mean"]) for name, row in rows.items()}


def means(row: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    return {name: pytest.approx(found["mean"]) for name, found in row.items()}


# The file itself.


def test_bullets_raise_their_notice_by_their_own_words_and_some_by_rules(noticed: Path) -> None:
    found = by_rules(noticed)["bullets"]
    # "{crisis_help}" is empty in this country, "Wait there" says what to do.
    assert n_and_mean(found["shares"]) == {
        AS_IS: (4, 1.0),
        NOT_OWN: (3, pytest.approx(1 / 3)),
        AFTER_HEADING: (3, pytest.approx(2 / 3)),
    }
    missed = {name: [miss["text"] for miss in misses] for name, misses in found["misses"].items()}
    assert missed == {
        AS_IS: [],
        NOT_OWN: ["stiff", "hard to turn"],
        AFTER_HEADING: ["hard to turn"],
    }


def test_examples_have_the_figures_computed_by_hand(noticed: Path) -> None:
    found = by_both(noticed)["examples"]
    assert means(found["shares"]["examples"]) == {"rules": 0.5, "both": 1.0}
    assert means(found["per_group"]["pain"]) == {"rules": 1 / 3, "both": 1.0}
    assert means(found["per_group"]["bleed"]) == {"rules": 0.5, "both": 1.0}
    assert means(found["per_level"]["caution"]) == {"rules": 1.0, "both": 1.0}
    assert list(found["per_level"]) == ["emergency", "urgent", "caution"]
    assert [(miss["text"], miss["missed_by"]) for miss in found["misses"]] == [
        ("sleep hurt", ["rules"]),
        ("hurt sleep", ["rules"]),
        ("back needle", ["rules"]),
    ]


def test_a_near_miss_that_raises_its_notice_is_listed(noticed: Path) -> None:
    found = by_rules(noticed)["examples"]
    assert means(found["shares"]["near misses left alone"]) == {"rules": 2 / 3}
    assert found["near_misses_raised"] == [
        {"group": "bleed", "text": "blood orange", "raised_by": ["rules"]}
    ]


def test_no_text_is_encoded_that_the_rules_raise_or_that_was_prepared(flags: RedFlags) -> None:
    encoder = BagOfWordsEncoder()
    detectors = Detectors(flags, train(flags, encoder))
    known = len(encoder.encoded)
    raised = [("blood on the floor", ["bleed"]), ("i hurt, all of me", ["pain", "care"])]
    detectors.prepare(raised, no_progress)
    for text, wanted in raised:
        assert detectors.raises(text, wanted) == {"rules": 1.0, "both": 1.0}
    assert len(encoder.encoded) == known
    for text, wanted in raised:
        assert any(notice.group in wanted for notice in detectors.find(text)["both"])
    asked = [("back needle and sleep. hurt at night.", ["bleed"]), ("blood and back", ())]
    detectors.prepare(asked, no_progress)
    known = len(encoder.encoded)
    assert detectors.raises(*asked[0]) == {"rules": 0.0, "both": 1.0}
    for text in (asked[1][0], "BLOOD and back!"):
        detectors.find(text)
    assert len(encoder.encoded) == known == len(set(encoder.encoded)) > 9


# Questions.


def test_questions_have_the_figures_computed_by_hand(noticed: Path, questions: Path) -> None:
    found = by_rules(noticed, questions)["questions"]
    tables = {
        name: n_and_mean(found[name])
        for name in ("per_kind", "per_level", "per_group", "any_serious", "as_information")
    }
    assert tables == {
        "per_kind": {
            "symptom": (3, pytest.approx(2 / 3)),
            "hypothetical": (2, 1.0),
            "negated": (2, 0.5),
            "history": (2, 1.0),
            "idiom": (1, 0.0),
            "benign": (1, 1.0),
        },
        "per_level": {"emergency": (2, 1.0), "urgent": (1, 0.0)},
        "per_group": {"pain": (2, 1.0), "bleed": (1, 0.0)},
        "any_serious": {"symptom": (3, pytest.approx(2 / 3)), "hypothetical": (2, 1.0)},
        "as_information": {"hypothetical": (2, 0.5), "symptom": (2, 0.0)},
    }
    assert means(found["minimal_pairs"]["first set"]) == {"rules": 0.5}
    assert [(miss["line"], miss["kind"], miss["raised"]) for miss in found["misses"]] == [
        (5, "negated", {"rules": ["bleed"]}),
        (6, "symptom", {"rules": ["care"]}),
        (11, "idiom", {"rules": ["bleed"]}),
    ]


@pytest.mark.parametrize(
    ("kind", "groups", "right"),
    [
        (Kind.HISTORY, ("care",), [False, True, False, False]),
        (Kind.HISTORY, (), [True, True, False, False]),  # a relative's
        (Kind.NEGATED, ("care",), [True, True, False, False]),
        (Kind.SYMPTOM, ("care",), [False, True, False, True]),
    ],
)
def test_a_question_is_judged_by_its_kind(
    kind: Kind, groups: tuple[str, ...], right: list[bool]
) -> None:
    act, ask = Notice("pain", Level.EMERGENCY), Notice("care", Level.CAUTION)
    question = NoticeQuestion(kind, groups, "q", "", 2)
    assert [question.is_right(raised) for raised in ([], [ask], [act], [ask, act])] == right


HEADER = "kind,group,question,note\n"


@pytest.mark.parametrize(
    ("text", "where", "expected", "found"),
    [
        (HEADER + "symptom,pains,it hurts,", "line 2", "id of a notice", "unknown notice pains"),
        (HEADER + "symptom,pain|blod,it,", "line 2", "id of a notice", "unknown notice blod"),
        (HEADER + "symptoms,pain,it hurts,", "line 2", "one of the kinds", "symptoms"),
        (HEADER + "symptom,,it hurts,", "line 2", "that a symptom question has to raise", "none"),
        (HEADER + "idiom,pain,it hurts,", "line 2", "no notice for the kind idiom", "pain"),
        (HEADER + "symptom,pain,,", "line 2", "a question", "empty"),
        (HEADER + "symptom,pain,it,how,ever", "line 2", "quote a text with commas", "5"),
        (
            HEADER + 'symptom,pain,"it\nhurts",\nbenign,,It hurts!,',
            "line 4",
            "each question once",
            "line 2",
        ),
        (HEADER + 'benign,,"a"b,\n', "line 2", "a row of CSV", ""),
        ("question,kind\n", "line 1", "columns kind, group, question, note", "question, kind"),
        (HEADER, "asked.csv", "at least one question", "none"),
    ],
)
def test_questions_that_cannot_be_used_are_named_by_file_and_line(
    text: str, where: str, expected: str, found: str, tmp_path: Path
) -> None:
    path = tmp_path / "asked.csv"
    path.write_text(text)
    with pytest.raises(ContentError) as raised:
        read_notice_questions(path, groups=["pain", "bleed"])
    error = raised.value
    assert str(path) in str(error)
    assert where in str(error.where)
    assert expected in str(error.expected)
    assert found in str(error.found)


def test_every_wrong_row_is_named_at_once(questions: Path) -> None:
    questions.write_text(f"{HEADER}symptom,,it hurts,\nbenign,,hello,\nidiom,pain,on my back,\n")
    with pytest.raises(ContentError, match=r"(?s)line 2.*line 4"):
        read_notice_questions(questions, groups=["pain"])


# False alarms.


def test_every_sentence_and_bank_question_is_asked_and_alarms_are_listed(noticed: Path) -> None:
    found = by_rules(noticed)["benign_alarms"]
    assert n_and_mean(found["shares"]) == {
        "article sentences": (6, pytest.approx(2 / 6)),
        "bank questions": (1, 0.0),
        "together": (7, pytest.approx(2 / 7)),
    }
    assert [(alarm["where"], alarm["text"], alarm["raised"]) for alarm in found["alarms"]] == [
        ("blood#introduction", "A needle may bring blood to a muscle.", {"rules": ["bleed"]}),
        ("necks#introduction", "A stiff neck is common.", {"rules": ["pain"]}),
    ]


# Worded differently.


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("I can't feel my legs", "my mum can't feel her legs"),
        ("my chest hurts and im sweating", "my mum's chest hurts and shes sweating"),
        ("I’ve hurt myself, do I rest?", "my mum has hurt herself, does she rest?"),
        ("I have had it, I don't know why", "my mum has had it, she doesnt know why"),
        ("i'd rest but it hurts me", "i'd rest but it hurts my mum"),
        ("chest hurts", "chest hurts"),
        ("my son hurt his arm, what can I do", "my son hurt his arm, what can I do"),
    ],
)
def test_a_text_about_oneself_becomes_a_text_about_a_mother(text: str, other: str) -> None:
    assert third_person(text) == other


def test_padding_reaches_forty_words_and_keeps_the_text() -> None:
    for stops in (True, False):
        long = padded("my chest hurts", stops=stops)
        assert "my chest hurts" in long
        assert 40 <= len(long.split()) < 50
        assert long.count(". ") == (5 if stops else 0)
    assert padded("word " * 40, stops=False) == "word " * 40


@given(st.text(alphabet="abci 'm.", max_size=60))
def test_no_text_breaks_a_perturbation(text: str) -> None:
    for versions in OF_SYMPTOMS.values():
        assert all(isinstance(version, str) for version in versions(text))


def test_what_a_perturbation_costs_is_counted_over_the_texts_it_changes(flags: RedFlags) -> None:
    asked: Sequence[tuple[str, list[str]]] = [
        ("i hurt", ["pain"]),  # about a mother there is no "i" any more
        ("i have a stiff neck", ["pain"]),
        ("blood", ["bleed"]),
    ]
    found = measure_perturbations(asked, Detectors(flags), no_progress, what="Texts")
    third = found["third person"]["rules"]
    assert (third["before"]["mean"], third["after"]["mean"], third["loss"]["mean"]) == (1, 0.5, 0.5)
    assert (third["loss"]["n"], third["loss"]["low"], third["loss"]["high"]) == (2, 0.0, 1.0)
    assert found["upper case"]["rules"]["loss"]["mean"] == 0.0
    assert found["upper case"]["rules"]["loss"]["n"] == 3
    assert "no punctuation" not in found


# The whole.


def test_targets_are_listed_for_what_was_measured(noticed: Path) -> None:
    reached = {target["name"]: target["reached"] for target in by_both(noticed)["targets"]}
    assert reached == {
        "bullets raise their notice": True,
        "examples raised": True,
        "false alarms": False,
    }
    (only,) = by_rules(noticed)["targets"]
    assert only["name"] == "bullets raise their notice"
    assert targets({}) == []


def test_the_command_writes_result_and_pictures_and_keeps_the_questions_sealed(
    noticed: Path, questions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "results" / "notices.json"
    given = ["notices", "--content", str(noticed), "--questions", str(questions)]
    assert main([*given, "--without-model", "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    assert "rules alone" in printed
    assert "3 questions missed" in printed
    assert "blood brothers" not in printed
    record = json.loads(out.read_text())
    assert record["command"].startswith("python -m evaluation notices --content")
    assert record["model"]["name"] == "none"
    assert "commit" in record
    assert set(record["sources"]) == {"red_flags.toml", "asked.csv"}
    assert record["speed"]["n"] == 24
    assert 0 < record["speed"]["median_ms"] <= record["speed"]["p95_ms"]
    assert record["questions"]["misses"][2]["question"] == "blood brothers"
    pictures = [out.parent / f"notices-{name}.svg" for name in ("recall", "perturbations")]
    assert all(path.is_file() for path in pictures)
    drawn = []
    for _ in range(2):
        assert draw_notices(record, out.parent) == pictures
        drawn.append([path.read_bytes() for path in pictures])
    assert drawn[0] == drawn[1]
    assert all(b"<svg" in picture for picture in drawn[0])


@pytest.mark.parametrize("broken", ["questions", "notices"])
def test_a_file_that_cannot_be_used_is_an_error_and_not_a_traceback(
    noticed: Path, questions: Path, capsys: pytest.CaptureFixture[str], broken: str
) -> None:
    if broken == "questions":
        questions.write_text(QUESTIONS.replace("history,care", "history,cure"))
        named = f"{questions}, line 9"
    else:
        (noticed / "red_flags.toml").unlink()
        named = str(noticed / "red_flags.toml")
    given = ["--content", str(noticed), "--questions", str(questions), "--without-model"]
    assert main(["notices", *given]) == 1
    assert named in capsys.readouterr().err


# The project's own content.


@pytest.mark.model
def test_the_notices_of_the_content_reach_the_targets_that_block_a_release() -> None:
    from core.encoders import load_encoder

    encoder = load_encoder()
    record = measure(ROOT / "content", encoder=encoder, progress=no_progress)
    assert [target for target in record["targets"] if not target["reached"]] == []
    assert len(record["targets"]) == 3


def test_the_sealed_questions_fit_the_notices_of_the_content() -> None:
    flags = read_red_flags(ROOT / "content")
    found = read_notice_questions(FILE, groups=flags.groups)
    assert {question.kind for question in found} == set(Kind)
    symptoms, denied = (
        {question.pair for question in found if question.kind is kind}
        for kind in (Kind.SYMPTOM, Kind.NEGATED)
    )
    assert denied <= symptoms
