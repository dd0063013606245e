import dataclasses
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import IndexDamagedError
from core.types import BankRowKind, MatchedView, Outcome, SearchResponse, Span, ViewKind
from index.search.fusion import DEFAULT_WEIGHTS, KINDS, fuse
from index.search.pipeline import DEFAULT_K, MAX_QUERY_CHARS, search, without_far
from index.search.ranking import article_boost
from index.store import arrow_schema, generations
from index.store.generations import OpenIndex
from tests.support.building import build_with
from tests.support.fakes import BagOfWordsEncoder
from tests.support.files.content import label, label_enough_to_calibrate


@pytest.fixture
def index(built: Path, encoder: BagOfWordsEncoder) -> OpenIndex:
    return generations.open_index(built, encoder=encoder)


@pytest.fixture(scope="module")
def shared_index(tmp_path_factory: pytest.TempPathFactory) -> OpenIndex:
    folder = tmp_path_factory.mktemp("search")
    (folder / "articles").mkdir()
    (folder / "articles" / "a.txt").write_text(
        "Necks\n\nA stiff neck. Blood.\n\nBacks\n\nThe back may hurt. Sleep helps the back.\n"
    )
    encoder = BagOfWordsEncoder()
    build_with(encoder, folder, folder / "built")
    return generations.open_index(folder / "built", encoder=encoder)


@pytest.mark.parametrize(
    ("own", "part"),
    [([], 2 / 3), ([0.1, 0.4], 2 / 3), ([0.55], 1 / 3), ([0.2, 0.7], 0), ([1.3], 0)],
)
def test_a_labelled_article_is_boosted_where_no_passage_is_near(
    own: list[float], part: float
) -> None:
    assert article_boost(np.array(own)) == pytest.approx(part)


def test_the_weighted_best_of_each_kind_makes_the_score() -> None:
    best = np.full((1, len(KINDS)), np.nan, np.float32)
    for kind, value in {ViewKind.TEXT: 0.5, ViewKind.HEADING: 1.0, ViewKind.SENTENCE: 0.25}.items():
        best[0, KINDS.index(kind)] = value
    expected = (
        0.5 * DEFAULT_WEIGHTS.text + DEFAULT_WEIGHTS.heading + 0.25 * DEFAULT_WEIGHTS.sentence
    )
    assert fuse(best, np.zeros(1, np.float32)) == pytest.approx([expected])
    covered = fuse(best, np.array([0.5], np.float32))
    assert covered == pytest.approx([expected + 0.5 * DEFAULT_WEIGHTS.coverage])


def test_a_passage_without_a_heading_is_not_punished_for_it() -> None:
    best = np.full((2, len(KINDS)), np.nan, np.float32)
    best[:, KINDS.index(ViewKind.TEXT)] = 0.5
    best[:, KINDS.index(ViewKind.SENTENCE)] = 0.5
    best[1, KINDS.index(ViewKind.HEADING)] = 0.5
    first, second = fuse(best, np.zeros(2, np.float32))
    assert first == pytest.approx(second)


def test_the_score_is_what_a_reader_computes(shared_index: OpenIndex) -> None:
    # "hurt" against the passage under "Backs" (vocabulary: ... back, hurt, sleep ...):
    # text view "Necks / Backs / The back may hurt. Sleep helps the back.": back 2, hurt, sleep
    # heading view "Necks / Backs": none of the words; sentences: (back, hurt), (back, sleep)
    text, heading, sentence = 1 / np.sqrt(6), 0.0, 1 / np.sqrt(2)
    # Words covered: "hurt" once among 3 (the heading) + 6 words; the other passage has 3 + 3.
    length = 1 - 0.4 + 0.4 * 9 / 7.5
    expected = (
        text * DEFAULT_WEIGHTS.text
        + heading * DEFAULT_WEIGHTS.heading
        + sentence * DEFAULT_WEIGHTS.sentence
        + 1 / (1 + 0.6 * length) * DEFAULT_WEIGHTS.coverage
    )
    first = search(shared_index, "hurt").results[0]
    assert first.passage.section_id == "a#backs"
    assert first.score == pytest.approx(expected, abs=1e-6)


def test_the_answering_sentence_and_the_matched_terms_are_marked(shared_index: OpenIndex) -> None:
    first = search(shared_index, "will sleep hurt?").results[0]
    assert first.passage.text == "The back may hurt. Sleep helps the back."
    assert first.sentence == Span(0, 18)
    assert [first.passage.text[t.start : t.end] for t in first.terms] == ["hurt", "Sleep"]


def test_ranks_count_from_one_with_falling_scores(index: OpenIndex) -> None:
    results = search(index, "stiff neck pain").results
    assert [r.rank for r in results] == [1, 2, 3]
    assert [r.score for r in results] == sorted((r.score for r in results), reverse=True)


def test_what_is_far_behind_the_first_does_not_stand_beside_an_answer(index: OpenIndex) -> None:
    response = search(index, "stiff neck pain")
    first, *others = response.results
    assert not first.is_far
    assert [one.is_far for one in others] == [one.score < first.score - 0.1 for one in others]
    assert any(one.is_far for one in others)
    shown = without_far(response)
    assert shown.results == tuple(one for one in response.results if not one.is_far)
    related = dataclasses.replace(response, outcome=Outcome.RELATED)
    assert without_far(related) == related


def test_what_the_bank_names_is_never_far(one_label: Callable[..., OpenIndex]) -> None:
    index = one_label(
        answers={"Will sleep do?": "necks#why-it-hurts", "pain": "blood#introduction"}
    )
    results = search(index, "sleep pain", k=9).results
    named = [one for one in results if one.matched_view.text in ("Will sleep do?", "pain")]
    assert named
    assert not any(one.is_far for one in named)


def test_equal_scores_come_in_order_of_ids(tmp_path: Path) -> None:
    articles = tmp_path / "content" / "articles"
    articles.mkdir(parents=True)
    for name, word in zip("dbca", ("truly", "badly", "oddly", "sadly"), strict=True):
        (articles / f"{name}.txt").write_text(f"Title {name * 2}\n\nThe neck is {word} stiff.\n")
    encoder = BagOfWordsEncoder()
    build_with(encoder, tmp_path / "content", tmp_path / "built")
    index = generations.open_index(tmp_path / "built", encoder=encoder)
    for k in (1, 2, 3, 4, 9):
        found = [r.passage.id for r in search(index, "neck", k=k).results]
        assert found == [f"{name}#introduction/1" for name in "abcd"][:k]


def test_more_results_than_passages_gives_every_passage(index: OpenIndex) -> None:
    assert len(search(index, "neck", k=999).results) == len(index.passages)


@pytest.mark.parametrize("query", ["", "   ", "?!", "😀", "\x00"])
def test_nothing_to_search_for_finds_nothing(index: OpenIndex, query: str) -> None:
    response = search(index, query)
    assert (response.outcome, response.results) == (Outcome.NOT_COVERED, ())


def test_every_sentence_finds_its_own_passage_first(index: OpenIndex) -> None:
    for view in index.views:
        if view.kind is ViewKind.SENTENCE:
            scores = {r.passage.id: r.score for r in search(index, view.text, k=9).results}
            own = scores[index.passages[view.passage].id]
            assert own > 0


HOSTILE = '$x$ <script> שלום 😀 \\ %s {0} \uff9e " \u201c + \x00'.split(" ")
ORDINARY = "neck stif cost crick please sleeep".split()
parts = st.text(max_size=30) | st.sampled_from([*HOSTILE, *ORDINARY, "' OR 1=1"])
texts = st.lists(parts, max_size=8).map(" ".join)


@given(texts)
def test_no_text_makes_a_search_fail(shared_index: OpenIndex, query: str) -> None:
    response = search(shared_index, query)
    assert len(response.results) <= DEFAULT_K
    for result in response.results:
        assert -1.001 <= result.score <= 1.001 + DEFAULT_WEIGHTS.coverage
        assert result.passage.text[result.sentence.start : result.sentence.end]


def test_ten_thousand_characters_are_cut_and_searched(shared_index: OpenIndex) -> None:
    response = search(shared_index, "neck " * 2000)
    assert len(response.query) <= MAX_QUERY_CHARS
    assert response.results


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> OpenIndex:
    """Two articles; the bank, calibrated, is about necks.txt alone."""
    folder = tmp_path_factory.mktemp("labelled")
    (folder / "articles").mkdir()
    (folder / "articles" / "necks.txt").write_text(
        "All About Necks\n\nA stiff neck is common. It often passes.\n\n"
        "Why It Hurts\n\nThe neck carries the head. Pain can spread to the back.\n"
    )
    (folder / "articles" / "blood.txt").write_text(
        "Blood Flow\n\nA needle may bring blood to a muscle. Sleep helps too, and so does rest.\n"
    )
    label_enough_to_calibrate(folder)
    with (folder / "vocabulary.toml").open("a") as stream:
        stream.write('[[term]]\nclinical = ["stiff neck"]\nlay = ["wry neck", "crick"]\n')
    encoder = BagOfWordsEncoder()
    build_with(encoder, folder, folder / "built")
    return generations.open_index(folder / "built", encoder=encoder)


@given(texts, st.booleans())
def test_no_text_makes_a_search_with_a_bank_fail(
    labelled: OpenIndex, query: str, correct_spelling: bool
) -> None:
    response = search(labelled, query, k=3, correct_spelling=correct_spelling)
    assert [r.rank for r in response.results] == list(range(1, len(response.results) + 1))
    scores = [r.score for r in response.results]
    assert scores == sorted(scores, reverse=True)
    assert response.outcome is not Outcome.ANSWER or (response.results and not response.route)
    for result in response.results:
        assert np.isfinite(result.score)
        assert result.passage.text[result.sentence.start : result.sentence.end]


@pytest.fixture
def one_label(
    content: Path, encoder: BagOfWordsEncoder, tmp_path: Path
) -> Callable[..., OpenIndex]:
    """Open the two short articles with these labels."""

    def opened(**labels: object) -> OpenIndex:
        build_with(encoder, label(content, **labels), tmp_path / "built")  # type: ignore[arg-type]
        return generations.open_index(tmp_path / "built", encoder=encoder)

    return opened


def scores(response: SearchResponse) -> dict[str, float]:
    return {r.passage.section_id: r.score for r in response.results}


def test_the_bank_adds_what_a_reader_computes(one_label: Callable[..., OpenIndex]) -> None:
    # Neither question shares a word of the encoder's with the query or the other one but "sleep".
    questions = {"sleep": "necks#why-it-hurts", "pain": "blood#introduction"}
    with_bank = scores(search(one_label(answers=questions), "sleep", k=9))
    without = scores(search(one_label(), "sleep", k=9))
    e = np.exp(-1)
    boost = 0.5 / (1.05 - e) * (1 - e)
    assert with_bank["necks#why-it-hurts"] == pytest.approx(
        without["necks#why-it-hurts"] + DEFAULT_WEIGHTS.boost * boost, abs=1e-6
    )
    assert with_bank["blood#introduction"] == pytest.approx(
        without["blood#introduction"] - DEFAULT_WEIGHTS.boost * boost, abs=1e-6
    )
    unlabelled = "necks#introduction"
    assert with_bank[unlabelled] == pytest.approx(without[unlabelled], abs=1e-6)


def test_a_question_of_the_bank_is_named_as_the_reason(one_label: Callable[..., OpenIndex]) -> None:
    index = one_label(answers={"Will sleep do?": "necks#why-it-hurts"})
    results = search(index, "sleep").results
    reasons = {r.passage.section_id: r.matched_view for r in results}
    assert reasons["necks#why-it-hurts"] == MatchedView(ViewKind.QUESTION, "Will sleep do?")
    assert reasons["blood#introduction"].kind is not ViewKind.QUESTION


def test_content_without_a_bank_is_searched_and_routes_nowhere(index: OpenIndex) -> None:
    assert len(index.bank.rows) == 0
    response = search(index, "stiff neck")
    assert response.outcome is Outcome.ANSWER
    assert response.results[0].passage.section_id == "necks#introduction"
    nothing = search(index, "a zebra")
    assert (nothing.outcome, nothing.route) == (Outcome.NOT_COVERED, None)


def test_route_cards_alone_make_a_bank(one_label: Callable[..., OpenIndex]) -> None:
    index = one_label(asks={"cost": ["how much is it"]})
    assert [row.kind for row in index.bank.rows] == [BankRowKind.ROUTE]
    assert search(index, "how much").route == "cost"
    response = search(index, "stiff neck")
    assert (response.outcome, response.route) == (Outcome.ANSWER, None)


def test_an_article_without_labels_is_judged_by_its_own_words(labelled: OpenIndex) -> None:
    assert labelled.calibration is not None
    assert not any(section.startswith("blood") for section in labelled.bank.sections)
    response = search(labelled, "a needle may bring blood")
    assert response.results[0].passage.article_id == "blood"
    assert response.outcome is Outcome.ANSWER
    # The same words about the labelled article are judged by the bank.
    assert search(labelled, "stiff neck apple").outcome is Outcome.ANSWER
    assert search(labelled, "apple price").outcome is not Outcome.ANSWER


def test_a_misspelt_word_is_searched_for_as_it_was_meant(index: OpenIndex) -> None:
    response = search(index, "stif neck")
    assert (response.query, response.corrected_query) == ("stif neck", "stiff neck")
    assert scores(response) == scores(search(index, "stiff neck"))


@pytest.mark.parametrize("query", ["stif neck", "+stif neck", "+ stif neck"])
def test_uncorrected_is_what_was_typed(index: OpenIndex, query: str) -> None:
    response = search(index, query, correct_spelling=query.startswith("+"))
    assert (response.query, response.corrected_query) == (query, None)
    assert scores(response) != scores(search(index, "stiff neck"))
    assert scores(response) == scores(search(index, "stif neck", correct_spelling=False))


def found_by(index: OpenIndex, query: str) -> list[str]:
    return sorted(r.passage.section_id for r in search(index, query, k=9).results)


@pytest.mark.parametrize(
    ("query", "sections"),
    [
        ('"stiff neck"', ["necks#introduction"]),
        ('back "stiff neck"', ["necks#introduction"]),
        ('"STIFF\u00a0  Neck"', ["necks#introduction"]),
        ("\u201cthe neck\u201d", ["necks#why-it-hurts"]),
        ('"why it hurts"', ["necks#why-it-hurts"]),
        ('"neck" "back"', ["necks#why-it-hurts"]),
        ('"neck stiff"', []),
        ('"stif neck"', []),
        ('"stiff neck', ["blood#introduction", "necks#introduction", "necks#why-it-hurts"]),
        ('neck ""', ["blood#introduction", "necks#introduction", "necks#why-it-hurts"]),
        ('neck " "', ["blood#introduction", "necks#introduction", "necks#why-it-hurts"]),
    ],
)
def test_quoted_words_must_stand_in_a_passage(
    index: OpenIndex, query: str, sections: list[str]
) -> None:
    assert found_by(index, query) == sections
    assert search(index, query).corrected_query is None


def test_a_phrase_that_stands_nowhere_is_not_covered(index: OpenIndex) -> None:
    response = search(index, 'stiff neck "of a giraffe"')
    assert (response.outcome, response.results) == (Outcome.NOT_COVERED, ())


def test_only_passages_with_the_phrase_decide_the_outcome(index: OpenIndex) -> None:
    assert search(index, "a stiff neck is common").outcome is Outcome.ANSWER
    response = search(index, 'a stiff neck is common "so does rest"')
    assert [r.passage.article_id for r in response.results] == ["blood"]
    assert response.outcome is Outcome.NOT_COVERED


def test_words_that_mean_the_same_are_searched_for_as_well(labelled: OpenIndex) -> None:
    response = search(labelled, "I have a crick")
    assert response.also_searched == ("stiff neck",)
    first = response.results[0]
    assert first.passage.section_id == "necks#introduction"
    assert [first.passage.text[t.start : t.end] for t in first.terms] == ["stiff", "neck"]
    assert search(labelled, "a stiff neck, a crick").also_searched == ()
    assert search(labelled, "blood").also_searched == ()


@pytest.mark.parametrize(
    "change",
    [
        {"text": "A stiff neck is rare. It often passes."},
        {"text": "A stiff neck is common. It often passes. "},
        {"start": 16},
        {"end": 10_000},
        {"article_id": "gone"},
    ],
)
def test_a_passage_that_is_not_what_its_article_says_is_never_shown(
    index: OpenIndex, change: dict[str, object]
) -> None:
    altered = [
        dataclasses.replace(passage, **change)  # type: ignore[arg-type]
        if passage.id == "necks#introduction/1"
        else passage
        for passage in index.passages
    ]
    damaged = dataclasses.replace(
        index, passages=arrow_schema.passage_rows(arrow_schema.passages_table(altered))
    )
    with pytest.raises(IndexDamagedError) as caught:
        search(damaged, "stiff sleepy neck")
    assert caught.value.where == "necks#introduction/1"
    assert "sleepy" not in str(caught.value)
    assert "python -m ingest" in str(caught.value)


def test_every_result_is_a_slice_of_its_article(index: OpenIndex) -> None:
    for result in search(index, "neck pain blood", k=99).results:
        passage = result.passage
        article = index.articles[passage.article_id]
        assert article.text[passage.start : passage.end] == passage.text
