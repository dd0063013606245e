"""The evaluation: nothing leaks between folds, figures by hand, errors that help."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ContentError
from core.types import BankRowKind, Outcome
from evaluation.__main__ import main
from evaluation.beir import read_collection
from evaluation.perturbing import CHANGES, with_typo
from evaluation.pictures import draw, reliability_bins
from evaluation.report import as_json, as_text, table
from evaluation.search.crossvalidation import ablate, cross_validate, judge_all, variants
from evaluation.search.folds import AS_BUILT, FoldBuilder, folds_of, stratified
from evaluation.search.judging import Judged, averaged, judge, sections_of
from evaluation.search.questions import LabelledQuestion, QuestionKind, read_questions
from evaluation.search.retrieval import PARTS, evaluate_collection, index_collection, ranking
from evaluation.search.robustness import Robustness
from evaluation.search.summary import figures, misses, summarise
from index.search.fusion import DEFAULT_WEIGHTS
from index.search.pipeline import search
from index.search.ranking import Candidate
from index.store.generations import open_index
from index.store.opened import OpenIndex
from tests.support.building import build_with, no_progress
from tests.support.fakes import BagOfWordsEncoder
from tests.support.files.collections import write_collection
from tests.support.files.content import FILLERS, label_enough_to_calibrate


@pytest.fixture
def labelled_index(content: Path, tmp_path: Path) -> OpenIndex:
    encoder = BagOfWordsEncoder()
    build_with(encoder, label_enough_to_calibrate(content), tmp_path / "labelled")
    return open_index(tmp_path / "labelled", encoder=encoder)


def question(text: str = "q", *sections: str, route: str | None = None) -> LabelledQuestion:
    return LabelledQuestion(text, sections, route)


def judged(
    asked: LabelledQuestion, *sections: str, outcome: Outcome = Outcome.ANSWER, route: str = ""
) -> Judged:
    return Judged(asked, sections, outcome, route or None, 0.5)


# Folds.


def test_a_held_out_question_is_nowhere_in_its_fold(labelled_index: OpenIndex) -> None:
    builder = FoldBuilder(labelled_index)
    seen = []
    for fold in folds_of(builder, no_progress, folds=5, repeats=1):
        held_out = [builder.rows[int(row)] for row in fold.held_out]
        seen += held_out
        kept = len(builder.rows) - len(held_out)
        assert not {row.text for row in held_out} & {row.text for row in fold.index.bank.rows}
        assert len(fold.index.bank.rows) == kept
        assert len(fold.index.bank.vectors) == kept
        assert fold.index.bank.section_votes is not None
        assert len(fold.index.bank.section_votes.coefficients) == sum(fold.index.bank.answerable)
        for row in held_out:
            filler = next(word for word in row.text.split() if word in FILLERS)
            twin = any(filler in other.text for other in fold.index.bank.rows)
            assert (filler in fold.index.lexicon.words) is twin
            assert fold.index.lexicon.answerable_stems.get("neck", 0) == sum(
                bool(other.sections) for other in fold.index.bank.rows
            )
    assert sorted(row.text for row in seen) == sorted(
        row.text for row in builder.rows if row.kind is BankRowKind.QUESTION
    )


def test_calibration_of_a_fold_never_learns_from_the_held_out_questions(
    labelled_index: OpenIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    learned: list[set[str]] = []

    def remember(evidence: object, rows: list[object], tied_to: object) -> None:
        assert len(evidence) == len(rows)  # type: ignore[arg-type]
        learned.append({row.text for row in rows})  # type: ignore[attr-defined]

    monkeypatch.setattr("ingest.build.calibration.fit_decision", remember)
    builder = FoldBuilder(labelled_index)
    for fold in folds_of(builder, no_progress, folds=5, repeats=1):
        held_out = {builder.rows[int(row)].text for row in fold.held_out}
        assert len(learned[-1]) == 40
        assert not held_out & learned[-1]
    assert len(learned) == 5


def test_an_index_without_nothing_is_the_index_as_built(labelled_index: OpenIndex) -> None:
    fold = FoldBuilder(labelled_index).without(np.zeros(0, dtype=np.int64))
    assert fold.lexicon == labelled_index.lexicon
    assert fold.calibration is not None
    assert labelled_index.calibration is not None
    coefficients = labelled_index.calibration.coefficients
    assert fold.calibration.coefficients == pytest.approx(coefficients, abs=1e-6)
    for text in ("stiff neck apple", "does it hurt", "apple price", "neck"):
        ours, theirs = search(fold, text), search(labelled_index, text)
        assert ours.outcome is theirs.outcome
        assert [r.passage.id for r in ours.results] == [r.passage.id for r in theirs.results]


@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=40), st.integers(2, 10))
def test_folds_hold_each_place_once_and_labels_evenly(labels: list[str], folds: int) -> None:
    parts = stratified(labels, folds=folds, seed=1)
    assert [list(part) for part in parts] == [
        list(part) for part in stratified(labels, folds=folds, seed=1)
    ]
    assert sorted(int(row) for part in parts for row in part) == list(range(len(labels)))
    assert max(map(len, parts)) - min(map(len, parts)) <= 1
    for name in set(labels):
        counts = [sum(labels[int(row)] == name for row in part) for part in parts]
        assert max(counts) - min(counts) <= 1


# Judging.


def test_a_section_counts_once_at_its_best_passage() -> None:
    ids = ("a#x/2", "a#y/1", "a#x/1", "a#z/1")
    nothing = np.zeros(0)
    found = [Candidate(0, name, 1.0, 1.0, 0.0, 0.0, nothing, nothing, nothing) for name in ids]
    assert sections_of(found) == ("a#x", "a#y", "a#z")


def test_figures_of_one_question_by_hand() -> None:
    values = judged(question("q", "a#y", "a#z"), "a#x", "a#y", "a#w", "a#z").values()
    assert (values["hit@1"], values["hit@3"], values["mrr"]) == (0.0, 1.0, 0.5)
    ideal = 1 + 1 / np.log2(3)
    assert values["ndcg@10"] == pytest.approx((1 / np.log2(3) + 1 / np.log2(5)) / ideal)
    assert (values["answered"], values["related"]) == (1.0, 0.0)


def test_a_route_counts_only_when_nothing_was_answered() -> None:
    for outcome, route, routed in (
        (Outcome.RELATED, "cost", 1.0),
        (Outcome.RELATED, "safety", 0.0),
        (Outcome.ANSWER, "cost", 0.0),
    ):
        found = judged(question("q", route="cost"), outcome=outcome, route=route)
        assert found.values()["routed"] == routed


def test_what_is_judged_is_what_a_visitor_gets(labelled_index: OpenIndex) -> None:
    calibration = labelled_index.calibration
    assert calibration is not None
    for text in ("stiff neck apple", "apple price", "blood", "does the neck hurt the back"):
        found, response = judge(labelled_index, question(text)), search(labelled_index, text)
        assert (found.outcome, found.route) == (response.outcome, response.route)
        assert found.sections == tuple(r.passage.section_id for r in response.results)
        p, answer, related = found.probability, calibration.answer_from, calibration.related_from
        assert found.outcome is list(Outcome)[int(p < answer) + int(p < related)]


def test_kinds_follow_from_labels() -> None:
    kinds = [question("q", "a#x"), question("q", route="cost"), question("q", route="off-topic")]
    assert [labelled.kind for labelled in kinds] == list(QuestionKind)


# Summaries.


def test_repeats_of_a_question_count_as_one_question() -> None:
    easy, hard = question("easy", "a#x"), question("hard", "a#x")
    runs = [judged(easy, "a#x"), judged(hard, "a#y"), judged(easy, "a#x"), judged(hard, "a#x")]
    summary = summarise(runs)
    assert summary["counts"] == {"answerable": 2}
    assert summary["metrics"]["hit@1"]["mean"] == 0.75
    assert summary["metrics"]["hit@1"]["n"] == 2
    assert "answered_of_off_topic" not in summary["metrics"]


def test_every_miss_is_listed_with_what_came_first() -> None:
    hard, cost = question("hard", "a#x"), question("how much", route="cost")
    runs = [
        judged(hard, "a#y", "a#x"),
        judged(hard, "a#x"),
        judged(cost, "a#y"),
        judged(cost, "a#y", outcome=Outcome.RELATED),
        judged(question("far", "a#x"), "a#a", "a#b", "a#c", "a#x", outcome=Outcome.RELATED),
    ]
    found = {(m["question"], m["what"], m["first"], m["times"], m["of"]) for m in misses(runs)}
    assert found == {
        ("hard", "another section first", "a#y", 1, 2),
        ("how much", "unanswerable but answered", "a#y", 1, 2),
        ("far", "no answering section in the first three", "a#a", 1, 1),
        ("far", "answerable but not answered", "a#a", 1, 1),
    }


def test_a_result_is_json_without_nan_and_a_table() -> None:
    head = {"protocol": "by hand", "model": {"name": "m", "sha256": "0"}, "commit": None}
    one = Judged(question("q", "a#x"), ("a#y",), Outcome.RELATED, None, float("nan"))
    record = {**head, **summarise([one])}
    assert json.loads(as_json(record))["misses"][0]["probability"] is None
    assert "a#y" in as_text(record)
    assert table(["t", "n"], [("long", "1"), ("x", "10")]) == "t      n\nlong   1\nx     10"


def test_bins_of_a_reliability_plot_by_hand() -> None:
    bins = reliability_bins([0.0, 0.09, 0.95, 1.0], [False, True, True, True])
    assert bins.to_numpy() == pytest.approx(np.array([[0.045, 0.5, 2], [0.975, 1.0, 2]]))


# The whole way, on a bank whose answer is known.


def test_a_bank_that_is_easy_is_answered_in_every_fold(
    labelled_index: OpenIndex, tmp_path: Path
) -> None:
    robustness = Robustness()
    runs = cross_validate(labelled_index, no_progress, repeats=1, robustness=robustness)
    found = figures(averaged(runs))
    assert len(runs) == 50
    assert found["hit@1"].mean == 1.0
    assert found["answered_of_answerable"].mean == 1.0
    assert found["answered_of_unanswerable"].mean == 0.0
    same = robustness.summary()["same_outcome"]
    assert same["upper case"]["mean"] == same["thanks"]["mean"] == 1.0
    paths = draw(runs, tmp_path / "pictures", name="bank", answer_from=0.5)
    assert sorted(path.name for path in paths) == [
        "bank-confusion.png",
        "bank-curve.png",
        "bank-reliability.png",
    ]
    assert all(path.stat().st_size > 10_000 for path in paths)


def test_parts_are_switched_off_one_at_a_time_and_compared_with_the_whole(
    labelled_index: OpenIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = variants()
    for variant in every:
        off = variant.weights != DEFAULT_WEIGHTS, variant.kinds != AS_BUILT.kinds
        assert sum((*off, not variant.expanded)) == 1
    for variant in every[:3]:
        weights = variant.weights
        assert weights.text + weights.heading + weights.sentence == pytest.approx(1.0)
    monkeypatch.setattr("evaluation.search.crossvalidation.variants", lambda: every[3:4])
    whole = cross_validate(labelled_index, no_progress, repeats=1)
    rows = ablate(labelled_index, whole, no_progress, repeats=1)
    assert [row["name"] for row in rows] == ["everything", "no BM25 coverage"]
    assert rows[0]["loss"]["hit@1"]["mean"] == 0.0


# Questions from outside.


def test_questions_of_a_file_are_asked_of_the_index_as_it_is(
    labelled_index: OpenIndex, tmp_path: Path
) -> None:
    file = tmp_path / "fresh.csv"
    file.write_text(
        "question,answers,route,kind\nmy neck is stiff,necks#introduction,,answerable\n"
        "zebra price,,off-topic,offtopic\n"
    )
    found = read_questions(file, sections=["necks#introduction"], routes=["cost", "off-topic"])
    runs = judge_all(labelled_index, found, no_progress)
    assert [run.question.kind for run in runs] == [
        QuestionKind.ANSWERABLE,
        QuestionKind.OFF_TOPIC,
    ]
    assert runs[0] == judge(labelled_index, found[0])


@pytest.mark.parametrize(
    ("text", "where", "expected"),
    [
        ("question,answer\nq,a#x\n", "line 1", "the columns"),
        ("question,answers,route\nq,a#nowhere,\n", "line 2", "id of a section"),
        ("question,answers,route\nq,,nowhere\n", "line 2", "id of a route"),
        ("question,answers,route\nq,,\n", "line 2", "either answers or a route"),
        ("question,answers,route\n", "q.csv", "at least one question"),
        ('question,answers,route\nq,a#x,\n\n"two\nlines",,\n', "line 4", "either answers"),
        ('question,answers,route\n"open,a#x,\nq,a#x,\n', "line 2", "a row of CSV"),
        ("question,answers,route\nq,a#x,,and more\n", "line 2", "3 columns"),
    ],
)
def test_a_file_of_questions_that_cannot_be_used_says_where(
    text: str, where: str, expected: str, tmp_path: Path
) -> None:
    (tmp_path / "q.csv").write_text(text)
    with pytest.raises(ContentError) as raised:
        read_questions(tmp_path / "q.csv", sections=["a#x"], routes=["cost"])
    assert all(part in str(raised.value) for part in (where, expected))


# Changes that mean nothing.


@given(st.text(alphabet="abc DEF'?-", max_size=40), st.integers(0, 5))
def test_a_typo_changes_one_long_word_and_nothing_else(text: str, seed: int) -> None:
    mistyped = with_typo(text, seed=seed)
    assert mistyped == with_typo(text, seed=seed)
    assert abs(len(mistyped) - len(text)) <= 1
    assert (mistyped != text) is bool(re.search("[A-Za-z]{4}", text))


@pytest.mark.parametrize(
    ("change", "changed"),
    [
        ("upper case", "DOES THE TUMOUR, OR ITS COLOUR, HURT?"),
        ("no punctuation", "Does the tumour or its colour hurt"),
        ("polite opening", "Hi, please can you tell me Does the tumour, or its colour, hurt?"),
        ("thanks", "Does the tumour, or its colour, hurt? thanks"),
        ("other side's spelling", "Does the tumor, or its color, hurt?"),
    ],
)
def test_changes_are_those_of_the_issue(change: str, changed: str) -> None:
    assert CHANGES[change]("Does the tumour, or its colour, hurt?") == changed


# Collections in BEIR layout.


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    """Four documents and three queries whose ranking can be worked out by hand."""
    documents = {
        "n": ("neck", "The neck. A stiff neck."),
        "b": ("blood", "Blood flows. Blood again."),
        "s": ("", "Sleep helps."),
        "e": ("", ""),
    }
    queries = {"1": "neck", "2": "blood", "3": "sleep", "4": "nobody judged this"}
    # Query 1 finds n at once; query 2 wants n, which comes after b; query 3 wants s and e.
    relevance = "1 n 2, 1 b 0, 2 n 1, 3 s 1, 3 e 1"
    return write_collection(tmp_path / "tiny", documents, queries, relevance)


def test_a_tiny_collection_has_the_figures_computed_by_hand(
    collection: Path, encoder: BagOfWordsEncoder
) -> None:
    read = read_collection(collection)
    assert (len(read.documents), read.empty, read.unjudged) == (3, 1, 1)
    assert read.relevance == {"1": {"n": 2}, "2": {"n": 1}, "3": {"s": 1, "e": 1}}
    index = index_collection(read, encoder, no_progress)
    ranked = [ranking(index, text, DEFAULT_WEIGHTS) for text in read.queries.values()]
    assert [order[0] for order in ranked] == ["n", "b", "s"]
    second = ranked[1].index("n") + 1
    result = evaluate_collection(index, read, no_progress, ablate=True)
    metrics = {name: found["mean"] for name, found in result["metrics"].items()}
    assert metrics["hit@1"] == pytest.approx(2 / 3)
    assert metrics["recall@10"] == pytest.approx((1 + 1 + 1 / 2) / 3)
    assert metrics["mrr@10"] == pytest.approx((1 + 1 / second + 1) / 3)
    assert metrics["map@10"] == pytest.approx((1 + 1 / second + 1 / 2) / 3)
    ideal = 1 + 1 / np.log2(3)
    assert metrics["ndcg@10"] == pytest.approx((1 + 1 / np.log2(second + 1) + 1 / ideal) / 3)
    assert result["queries_per_second"] > 0
    assert [row["name"] for row in result["ablation"]][-1] == "no BM25 coverage"


def test_a_title_is_the_heading_view_and_leads_the_text(
    collection: Path, encoder: BagOfWordsEncoder
) -> None:
    index = index_collection(read_collection(collection), encoder, no_progress)
    views = [(view.kind.value, view.text.strip()) for view in index.views if view.passage == 0]
    assert ("heading", "neck") in views
    assert ("text", "neck\nThe neck. A stiff neck.") in views


def test_a_long_document_counts_once_by_its_best_passage(
    collection: Path, encoder: BagOfWordsEncoder
) -> None:
    filler = " ".join(["This sentence says nothing at all about anything."] * 60)
    with (collection / "corpus.jsonl").open("a") as stream:
        text = f"{filler}\n\nBack back back.\n\n{filler}"
        stream.write(json.dumps({"_id": "long", "title": "x", "text": text}) + "\n")
    index = index_collection(read_collection(collection), encoder, no_progress)
    assert len(index.passages) > 5
    for weights in (DEFAULT_WEIGHTS, *PARTS.values()):
        ranked = ranking(index, "back", weights)
        assert ranked[0] == "long"
        assert len(ranked) == len(set(ranked))


@pytest.mark.parametrize(
    ("file", "text", "where", "expected"),
    [
        ("corpus.jsonl", '{"_id": "n", "text": "x"}\n{"_id"\n', "line 2", "a JSON object"),
        ("corpus.jsonl", "[1]\n", "line 1", "a JSON object"),
        ("corpus.jsonl", '{"_id": 5, "text": "x"}\n', "line 1", "a text under _id"),
        ("corpus.jsonl", '{"_id": "n"}\n', "line 1", "a text under text"),
        ("corpus.jsonl", '{"_id": "n", "text": "x"}\n' * 2, "line 2", "each _id once"),
        ("corpus.jsonl", "", "corpus.jsonl", "at least one document"),
        ("queries.jsonl", '{"_id": "1"}\n', "line 1", "a text under text"),
        ("qrels/test.tsv", "1\tn\t1\n", "line 1", "the header"),
        ("qrels/test.tsv", "query-id\tcorpus-id\tscore\n1\tn\n", "line 2", "whole number"),
        ("qrels/test.tsv", "query-id\tcorpus-id\tscore\n1\tn\t0.5\n", "line 2", "whole number"),
        ("qrels/test.tsv", "query-id\tcorpus-id\tscore\n1\tno\t1\n", "line 2", "a document of"),
        ("qrels/test.tsv", "query-id\tcorpus-id\tscore\n9\tn\t1\n", "line 2", "a query of"),
        ("qrels/test.tsv", "query-id\tcorpus-id\tscore\n1\tn\t0\n", "test.tsv", "at least one"),
    ],
)
def test_a_malformed_collection_names_file_and_line(
    file: str, text: str, where: str, expected: str, collection: Path
) -> None:
    (collection / file).write_text(text)
    with pytest.raises(ContentError) as raised:
        read_collection(collection)
    assert all(part in str(raised.value) for part in (file, where, expected))


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["beir", "{folder}/nowhere"], 1, "no such folder"),
        (["beir", "{folder}"], 1, "corpus.jsonl"),
        (["--built", "{folder}/nowhere", "--content", "{folder}"], 1, "python -m ingest"),
        (["--questions", "{folder}/q.csv", "--ablate"], 1, "leave out --ablate"),
        (["--ablate", "beir", "{folder}"], 2, "after the name of the command"),
        (["--nothing"], 2, "No such option"),
    ],
)
def test_a_command_that_cannot_be_run_says_why_and_is_no_traceback(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    message: str,
) -> None:
    assert main([text.format(folder=tmp_path) for text in arguments]) == code
    assert message in capsys.readouterr().err


def test_an_index_of_another_question_bank_is_not_measured(
    labelled_index: OpenIndex,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("index.store.generations.open_index", lambda built: labelled_index)
    (tmp_path / "questions.csv").write_text("question,answers,route,note\n")
    assert main(["--content", str(tmp_path), "--out", str(tmp_path)]) == 1
    assert "another question bank" in capsys.readouterr().err
