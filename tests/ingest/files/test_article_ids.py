"""Ids take in folders where the names of files say too little, and never depend on order."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.files.article_ids import article_ids, name_of


@pytest.mark.parametrize(
    ("sources", "ids"),
    [
        (["neck-pain.txt", "leaflets/heel.pdf"], ["neck-pain", "heel"]),
        (["hip/index.md", "knee/index.md"], ["hip", "knee"]),
        (["hip/_index.md", "knee/README.md", "foot/Default.html"], ["hip", "knee", "foot"]),
        (["index.html", "hip/index.html"], ["index", "hip"]),
        (["a/hip/index.html", "b/hip/index.html"], ["a-hip", "b-hip"]),
        (["hip/exercises.md", "knee/exercises.pdf"], ["hip-exercises", "knee-exercises"]),
        (["a/hip/plan.md", "b/hip/plan.md"], ["a-hip-plan", "b-hip-plan"]),
        (["neck.md", "old/neck.md"], ["neck", "old-neck"]),
        (["hip.md", "hip/index.md"], ["hip", "hip-index"]),
        (["Hüfte/Übungen.md", "Knie/übungen.md"], ["hufte-ubungen", "knie-ubungen"]),
        (["a/heel.docx", "a/heel.pdf"], ["heel", "heel"]),
        (["index-finger.md"], ["index-finger"]),
    ],
)
def test_an_id_takes_in_as_many_folders_as_it_needs(sources: list[str], ids: list[str]) -> None:
    assert list(article_ids(sources).values()) == ids


def test_the_page_of_a_folder_is_named_after_it() -> None:
    assert [name_of(s) for s in ("a/hip/index.md", "index.md", "a/b.md")] == ["hip", "index", "b"]


NAMES = st.sampled_from(["index", "hip", "knee", "README"])
SOURCES = st.lists(st.lists(NAMES, min_size=1, max_size=4), min_size=1, max_size=8)


@pytest.mark.hypothesis
@given(SOURCES)
def test_ids_are_those_of_the_set_of_files_whatever_their_order(parts: list[list[str]]) -> None:
    sources = ["/".join(names) + ".md" for names in parts]
    shuffled = random.Random(0).sample(sources, len(sources))
    assert article_ids(shuffled) == article_ids(sources)
