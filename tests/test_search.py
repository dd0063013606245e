from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from index import store
from index.fusion import KINDS, WEIGHTS, fuse
from index.search import DEFAULT_K, search
from index.store import Index
from index.types import Outcome, Span, ViewKind
from tests.conftest import WordCounts


@pytest.fixture
def index(built: Path, encoder: WordCounts) -> Index:
    return store.open_index(built, encoder=encoder)


@pytest.fixture(scope="module")
def shared_index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    from tests.conftest import build_with

    folder = tmp_path_factory.mktemp("search")
    (folder / "articles").mkdir()
    (folder / "articles" / "a.txt").write_text(
        "Necks\n\nA stiff neck. Blood.\n\nBacks\n\nThe back may hurt. Sleep helps the back.\n"
    )
    encoder = WordCounts()
    build_with(encoder, folder, folder / "built")
    return store.open_index(folder / "built", encoder=encoder)


def test_the_weighted_best_of_each_kind_makes_the_score() -> None:
    best = np.full((1, len(KINDS)), np.nan, np.float32)
    for kind, value in {ViewKind.TEXT: 0.5, ViewKind.HEADING: 1.0, ViewKind.SENTENCE: 0.25}.items():
        best[0, KINDS.index(kind)] = value
    expected = (
        0.5 * WEIGHTS[ViewKind.TEXT] + WEIGHTS[ViewKind.HEADING] + 0.25 * WEIGHTS[ViewKind.SENTENCE]
    )
    assert fuse(best).tolist() == pytest.approx([expected])


def test_a_passage_without_a_heading_is_not_punished_for_it() -> None:
    best = np.full((2, len(KINDS)), np.nan, np.float32)
    best[:, KINDS.index(ViewKind.TEXT)] = 0.5
    best[:, KINDS.index(ViewKind.SENTENCE)] = 0.5
    best[1, KINDS.index(ViewKind.HEADING)] = 0.5
    first, second = fuse(best)
    assert first == pytest.approx(second)


def test_the_score_is_what_a_reader_computes(shared_index: Index) -> None:
    # "hurt" against the passage under "Backs" (vocabulary: ... back, hurt, sleep ...):
    # text view "Necks / Backs / The back may hurt. Sleep helps the back.": back 2, hurt, sleep
    # heading view "Necks / Backs": none of the words; sentences: (back, hurt), (back, sleep)
    text, heading, sentence = 1 / np.sqrt(6), 0.0, 1 / np.sqrt(2)
    expected = (
        text * WEIGHTS[ViewKind.TEXT]
        + heading * WEIGHTS[ViewKind.HEADING]
        + sentence * WEIGHTS[ViewKind.SENTENCE]
    )
    first = search(shared_index, "hurt").results[0]
    assert first.passage.section_id == "a#backs"
    assert first.score == pytest.approx(expected, abs=1e-6)


def test_the_answering_sentence_and_the_matched_terms_are_marked(shared_index: Index) -> None:
    first = search(shared_index, "will sleep hurt?").results[0]
    assert first.passage.text == "The back may hurt. Sleep helps the back."
    assert first.sentence == Span(0, 18)
    assert [first.passage.text[t.start : t.end] for t in first.terms] == ["hurt", "Sleep"]


def test_ranks_count_from_one_with_falling_scores(index: Index) -> None:
    results = search(index, "stiff neck pain").results
    assert [r.rank for r in results] == [1, 2, 3]
    assert [r.score for r in results] == sorted((r.score for r in results), reverse=True)


def test_equal_scores_come_in_order_of_ids(tmp_path: Path) -> None:
    from tests.conftest import build_with

    articles = tmp_path / "content" / "articles"
    articles.mkdir(parents=True)
    for name in "dbca":
        (articles / f"{name}.txt").write_text("Same\n\nThe neck is stiff.\n")
    encoder = WordCounts()
    build_with(encoder, tmp_path / "content", tmp_path / "built")
    index = store.open_index(tmp_path / "built", encoder=encoder)
    for k in (1, 2, 3, 4, 9):
        found = [r.passage.id for r in search(index, "neck", k=k).results]
        assert found == [f"{name}#introduction/1" for name in "abcd"][:k]


def test_more_results_than_passages_gives_every_passage(index: Index) -> None:
    assert len(search(index, "neck", k=999).results) == len(index.passages)


@pytest.mark.parametrize("query", ["", "   ", "?!", "😀", "\x00"])
def test_nothing_to_search_for_finds_nothing(index: Index, query: str) -> None:
    response = search(index, query)
    assert (response.outcome, response.results) == (Outcome.NOT_COVERED, ())


def test_every_sentence_finds_its_own_passage_first(index: Index) -> None:
    for view in index.views:
        if view.kind is ViewKind.SENTENCE:
            scores = {r.passage.id: r.score for r in search(index, view.text, k=9).results}
            own = scores[index.passages[view.passage].id]
            assert own > 0


@st.composite
def texts(draw: DrawFn) -> str:
    part = st.one_of(
        st.text(max_size=30),
        st.sampled_from(["neck", "$x$", "<script>", "שלום", "😀", "' OR 1=1", "\\", "%s", "{0}"]),
    )
    return " ".join(draw(st.lists(part, max_size=8)))


@given(texts())
@settings(max_examples=150)
def test_no_text_makes_a_search_fail(shared_index: Index, query: str) -> None:
    response = search(shared_index, query)
    assert len(response.results) <= DEFAULT_K
    for result in response.results:
        assert -1.001 <= result.score <= 1.001
        assert result.passage.text[result.sentence.start : result.sentence.end]


def test_ten_thousand_characters_are_cut_and_searched(shared_index: Index) -> None:
    response = search(shared_index, "neck " * 2000)
    assert len(response.query) <= 1000
    assert response.results
