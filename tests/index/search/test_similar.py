"""More like this: passages by the vectors of their texts, checked by hand with counted words."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path
from typing import Any

import pytest

from core.errors import IndexDamagedError
from index.search.similar import passage_row, similar
from index.store import arrow_schema
from index.store.generations import open_index
from tests.support.building import build_with
from tests.support.fakes import BagOfWordsEncoder
from tests.support.files.content import with_one_notice

# As counts of words: first neck 1, second neck 2 and pain 1, third back 1, fourth pain 1.
FOUR = {
    "first": "The neck is one thing, and this text says about it all that there is to be said.",
    "second": "A neck is a neck, and pain in it is felt by most people once in their life.",
    "third": "The back is another thing, and this text says about it all that there is to be said.",
    "fourth": "Any pain is a signal, and this text says about it all that there is to be said.",
}


@pytest.fixture
def index(tmp_path: Path, encoder: BagOfWordsEncoder) -> Any:
    articles = tmp_path / "four" / "articles"
    articles.mkdir(parents=True)
    sections = "\n\n".join(f"{name.capitalize()}\n\n{text}" for name, text in FOUR.items())
    (articles / "four.txt").write_text(f"All Four\n\n{sections}\n")
    build_with(encoder, with_one_notice(articles.parent), tmp_path / "built")
    encoder.encoded.clear()
    return open_index(tmp_path / "built", encoder=encoder)


def row(index: Any, name: str) -> int:
    found = passage_row(index, f"four#{name}/1")
    assert found is not None
    return found


def cosines(index: Any, name: str, **how: Any) -> dict[str, float]:
    return {one.passage.id: one.score for one in similar(index, row(index, name), **how)}


def test_the_nearest_text_comes_first_with_its_cosine_and_nothing_is_encoded(
    index: Any, encoder: BagOfWordsEncoder
) -> None:
    # (1, 0) and (2, 1) over neck and pain: 2 / sqrt(5). The others share no counted word.
    found = cosines(index, "first")
    assert list(found) == ["four#second/1", "four#third/1", "four#fourth/1"]
    assert list(found.values()) == pytest.approx([2 / math.sqrt(5), 0, 0])
    assert cosines(index, "fourth") == pytest.approx(
        {"four#second/1": 1 / math.sqrt(5), "four#first/1": 0, "four#third/1": 0}
    )
    assert encoder.encoded == []


def test_ranks_count_from_one_and_nothing_is_marked(index: Any) -> None:
    found = similar(index, row(index, "first"), k=2)
    assert [one.rank for one in found] == [1, 2]
    assert {(one.sentence.start, one.sentence.end, one.terms) for one in found} == {(0, 0, ())}


def test_no_passage_of_its_own_section_and_one_of_each_other(
    tmp_path: Path, encoder: BagOfWordsEncoder
) -> None:
    articles = tmp_path / "long" / "articles"
    articles.mkdir(parents=True)
    necks, backs = FOUR["first"], FOUR["third"]
    (articles / "long.txt").write_text(
        f"All\n\nNecks\n\n{necks}\n\n{necks}\n\nBacks\n\n{backs}\n\n{backs}\n"
    )
    build_with(encoder, with_one_notice(articles.parent), tmp_path / "built")
    index = open_index(tmp_path / "built", encoder=encoder)
    assert len(index.passages) == 4
    start = passage_row(index, "long#necks/1")
    assert start is not None
    assert [one.passage.id for one in similar(index, start)] == ["long#backs/1"]


def test_an_unknown_passage_has_no_row_and_a_renamed_article_keeps_its_links(index: Any) -> None:
    assert passage_row(index, "four#nowhere/1") is None
    assert passage_row(index, "") is None
    manifest = dataclasses.replace(index.manifest, renamed_from={"old-name": "four"})
    moved = dataclasses.replace(index, manifest=manifest)
    assert passage_row(moved, "old-name#third/1") == row(index, "third")


def test_an_altered_passage_is_not_shown(index: Any) -> None:
    altered = [
        dataclasses.replace(passage, text=passage.text.replace("neck", "deck"))
        for passage in index.passages
    ]
    rows = arrow_schema.passage_rows(arrow_schema.passages_table(altered))
    with pytest.raises(IndexDamagedError, match="four#second/1"):
        similar(dataclasses.replace(index, passages=rows), row(index, "first"))
