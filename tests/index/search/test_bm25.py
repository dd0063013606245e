"""How much of a query's words a passage covers, against the formula of BM25 with Lucene's idf."""

import json
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.search.bm25 import LexicalIndex, content_words
from tests.support.paths import ROOT

PASSAGES = [("Necks", "A stiff neck hurts."), ("Backs", "The back hurts."), ("Sleep", "Rest.")]


@pytest.fixture
def lexical() -> LexicalIndex:
    return LexicalIndex.build(PASSAGES)


def test_content_words_are_stems_in_order_repeated_and_without_stop_words() -> None:
    assert content_words("The necks: my neck's pain, a NECK") == ["neck", "neck", "pain", "neck"]


@pytest.mark.parametrize(
    ("british", "american"),
    [("tumours", "tumor"), ("colour", "colors"), ("practising", "practicing"), ("fibre", "fiber")],
)
def test_a_british_and_an_american_spelling_are_one_word(british: str, american: str) -> None:
    lexical = LexicalIndex.build([("One", f"A {british} here."), ("Two", "Nothing.")])
    assert lexical.normalized_bm25(content_words(american))[0] > 0.5
    assert lexical.normalized_bm25(content_words(british)).tolist() == (
        lexical.normalized_bm25(content_words(american)).tolist()
    )


def test_coverage_is_what_a_reader_computes(lexical: LexicalIndex) -> None:
    # Headings count three times: neck 4 + stiff + hurt = 6 words, back 4 + hurt = 5,
    # sleep 3 + rest = 4; on average 5. "stiff" stands in one passage of three, "hurt" in two, and
    # "gone" in none.
    idf = {df: math.log(1 + (3 - df + 0.5) / (df + 0.5)) for df in (0, 1, 2)}
    most = idf[1] + idf[2] + idf[0]

    def once(length: int) -> float:
        return 1 / (1 + 0.6 * (1 - 0.4 + 0.4 * length / 5))

    expected = [once(6) * (idf[1] + idf[2]) / most, once(5) * idf[2] / most, 0.0]
    assert lexical.normalized_bm25(["stiff", "hurt", "gone"]) == pytest.approx(expected, abs=1e-6)


def test_a_word_that_is_repeated_covers_more_but_never_all(lexical: LexicalIndex) -> None:
    expected = 4 / (4 + 0.6 * (1 - 0.4 + 0.4 * 6 / 5))
    assert lexical.normalized_bm25(["neck"])[0] == pytest.approx(expected, abs=1e-6)


def test_a_word_asked_twice_counts_once(lexical: LexicalIndex) -> None:
    once, twice = (
        lexical.normalized_bm25(["neck", "hurt"]),
        lexical.normalized_bm25(["neck", "hurt", "neck"]),
    )
    assert once.tolist() == twice.tolist()


def test_words_that_no_passage_knows_cover_nothing(lexical: LexicalIndex) -> None:
    for stems in ([], ["gone"], ["gone", "lost"], [""]):
        coverage = lexical.normalized_bm25(stems)
        assert (coverage.dtype, coverage.tolist()) == (np.float32, [0, 0, 0])


def test_it_knows_the_words_of_passages_and_headings(lexical: LexicalIndex) -> None:
    assert [lexical.knows(w) for w in ("neck", "rest", "the", "gone")] == [True, True, False, False]


words = st.sampled_from(["neck", "back", "hurt", "stiff", "rest", "the", "", "9", "שלום"])
texts = st.lists(words, max_size=12).map(" ".join)


@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=6), st.lists(words | st.text()))
def test_coverage_is_between_nothing_and_all(
    passages: list[tuple[str, str]], stems: list[str]
) -> None:
    lexical = LexicalIndex.build(passages)
    assert lexical.passages == len(passages)
    coverage = lexical.normalized_bm25(stems)
    assert coverage.shape == (len(passages),)
    assert np.all((coverage >= 0) & (coverage <= 1))
    for covered, passage in zip(coverage, passages, strict=True):
        # A passage is covered exactly when it holds one of the words.
        assert (covered > 0) == bool(set(content_words(" ".join(passage))) & set(stems))


def test_what_is_read_is_what_was_written(lexical: LexicalIndex, tmp_path: Path) -> None:
    lexical.write(tmp_path / "lexical")
    again = LexicalIndex.read(tmp_path / "lexical")
    assert again.passages == 3
    for stems in (["neck"], ["hurt", "gone"], ["gone"], [], ["neck", "back", "rest", "sleep"]):
        assert again.normalized_bm25(stems).tolist() == lexical.normalized_bm25(stems).tolist()
    assert again.knows("neck")
    assert not again.knows("gone")


def test_passages_without_a_single_word_can_be_indexed(tmp_path: Path) -> None:
    LexicalIndex.build([("The", "It is what it is."), ("", "")]).write(tmp_path / "lexical")
    again = LexicalIndex.read(tmp_path / "lexical")
    assert again.normalized_bm25(["neck"]).tolist() == [0, 0]


SCRIPT = """
import hashlib, json, pathlib, sys
from index.search.bm25 import LexicalIndex
folder = pathlib.Path(sys.argv[1])
LexicalIndex.build([("Necks", "one two three four five six seven eight"), ("", "nine ten")]
).write(folder)
print(json.dumps({p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir()},
    sort_keys=True))
"""


def test_every_process_writes_the_same_bytes(tmp_path: Path) -> None:
    said = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT, str(tmp_path / seed)],
            capture_output=True, text=True, cwd=ROOT, check=True, env={"PYTHONHASHSEED": seed},
        ).stdout
        for seed in "12"
    }  # fmt: skip
    assert len(said) == 1
    assert len(json.loads(said.pop())) >= 4
