"""Passages that repeat or contradict each other are listed, and few that do not."""

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from core.errors import IndexMissingError
from core.types import Passage, View
from ingest.__main__ import cli
from ingest.build.views import views_of
from ingest.overlaps import report
from ingest.overlaps.finder import Overlap, OverlapKind, find_overlaps
from ingest.overlaps.neighbours import near_pairs
from ingest.overlaps.reading import read_sentence
from ingest.overlaps.sentences import compare
from safety.claims.finder import Severity
from tests.support.building import build_with
from tests.support.fakes import BagOfWordsEncoder
from tests.support.paths import ROOT


def labelled() -> list[dict[str, str]]:
    """Return the pairs, all written before the first one was judged; `known` ones are missed."""
    with (ROOT / "tests" / "overlaps.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def params() -> list[object]:
    return [
        pytest.param(
            row["first"],
            row["second"],
            row["kind"],
            id=row["about"],
            marks=pytest.mark.xfail(strict=True, reason="missed") if row["known"] else (),
        )
        for row in labelled()
    ]


@pytest.mark.parametrize(("first", "second", "kind"), params())
def test_a_pair_is_judged_as_labelled_in_either_order(first: str, second: str, kind: str) -> None:
    readings = read_sentence(first), read_sentence(second)
    for one, other in (readings, readings[::-1]):
        difference = compare(one, other)
        assert (difference.kind.value if difference else "") == kind


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            "An EKG is a simple, painless test of the heart.",
            "An EKG is a simple test of the heart.",
        ),
        ("The test won't show the vessels.", "The test wont show the vessels."),
        ("Angina isn't a disease; it's a symptom.", "Angina is a symptom."),
        (
            "The best way is to eat well and to avoid salt.",
            "The best way is to eat well, avoid salt.",
        ),
        ("Before age 55, heart attacks hit men.", "After age 55, heart attacks hit men."),
        ("I can drink ____ cups of hot tea.", "I can drink ____ cups of cold tea."),
        ("Read more: example.org/article/12", "Read more: example.org/article/34"),
        ("The limit is 140 or above.2", "The limit is 140 or above.1"),
    ],
)
def test_what_real_articles_showed_to_be_no_contradiction(first: str, second: str) -> None:
    assert compare(read_sentence(first), read_sentence(second)) is None


def test_the_differing_words_are_marked() -> None:
    first, second = "You must not rest for 2 weeks.", "You must not rest for twenty-one days."
    difference = compare(read_sentence(f"Knees: {first}"), read_sentence(f"Knees: {second}"))
    assert difference is not None
    marked = [
        f"Knees: {text}"[span.start : span.end]
        for text, spans in ((first, difference.first), (second, difference.second))
        for span in spans
    ]
    assert marked == ["2 weeks", "twenty-one days"]


def passage(place: str, text: str, title: str = "Sore Necks") -> Passage:
    section = place.partition("/")[0]
    article = section.partition("#")[0]
    return Passage(place, article, section, title, "", (), text, 0, len(text))


def overlaps_of(*passages: Passage) -> list[Overlap]:
    """Judge passages whose sentences are all each other's neighbours."""
    views = views_of(passages)
    return find_overlaps(passages, views, np.ones((len(views), 1), dtype=np.float32))


def texts(overlap: Overlap) -> list[str]:
    return [side.text for side in overlap.sides]


REST = "Rest the sore neck for two weeks. Then move it."
REST_LONGER = "Sleep is good. Rest the sore neck for six weeks."


@pytest.mark.parametrize("other", ["necks#care/1", "necks#work/1", "pillows#care/1"])
def test_another_number_is_found_within_and_across_articles(other: str) -> None:
    (found,) = overlaps_of(passage("necks#care/2", REST), passage(other, REST_LONGER))
    assert (found.kind, found.severity) == (OverlapKind.OTHER_NUMBER, Severity.HIGH)
    assert [[p.passage_id for p in side.places] for side in found.sides] == [
        ["necks#care/2"],
        [other],
    ]
    assert found.note == 'One sentence says "two weeks", the other "six weeks": are both right?'


def test_a_place_leads_to_the_sentence_in_its_passage() -> None:
    passages = passage("necks#care/1", REST), passage("pillows#care/1", REST_LONGER)
    by_id = {p.id: p.text for p in passages}
    (found,) = overlaps_of(*passages)
    for side in found.sides:
        for place in side.places:
            span = place.span
            assert by_id[place.passage_id][span.start : span.end] == side.text


def test_short_advice_in_articles_about_other_things_is_no_contradiction() -> None:
    assert not overlaps_of(
        passage("necks#care/1", REST, "Necks"), passage("pillows#care/1", REST_LONGER, "Pillows")
    )


def test_it_is_no_subject_that_two_articles_share() -> None:
    one = "It usually begins in winter and hurts the hand for 2 weeks. Old violins need strings."
    other = (
        "Yellow paint dries. Apples ripen late. It begins in winter and hurts the hand for 6 weeks."
    )
    necks, gout = passage("necks#care/1", one, "Necks"), passage("gout#care/1", other, "Gout")
    assert not overlaps_of(necks, gout)
    (found,) = overlaps_of(
        passage("necks#care/1", one.replace("It", "Gout"), "Necks"),
        passage("gout#care/1", other.replace("It", "Gout"), "Gout"),
    )
    assert found.severity is Severity.MEDIUM


def test_a_sentence_of_many_pages_contradicts_another_once() -> None:
    usual = [passage(f"a{n}#care/1", REST) for n in range(14)]
    found = overlaps_of(*usual, passage("odd#care/1", REST_LONGER))
    (contradiction,) = [o for o in found if o.kind is OverlapKind.OTHER_NUMBER]
    assert [len(side.places) for side in contradiction.sides] == [14, 1]


def test_the_same_passage_in_several_articles_is_one_finding() -> None:
    text = "A pillow holds the neck. Turn it over when it is flat, and wash it now and then."
    found = overlaps_of(*(passage(f"a{n}#care/1", text) for n in range(14)))
    (duplicate,) = found
    assert (duplicate.kind, duplicate.similarity) == (OverlapKind.DUPLICATE, 1.0)
    assert (len(duplicate.articles), len(duplicate.sides)) == (14, 1)


def test_nearly_the_same_passage_is_found_with_the_words_that_differ() -> None:
    text = "A pillow holds the neck. Turn it over when it is flat, and wash it on Monday."
    (found,) = overlaps_of(
        passage("a#care/1", text), passage("b#care/1", text.replace("Monday", "Friday"))
    )
    assert found.kind is OverlapKind.DUPLICATE
    marked = [side.text[m.start : m.end] for side in found.sides for m in side.marks]
    assert marked == ["Monday", "Friday"]
    assert found.similarity == pytest.approx(16 / 17)


def test_the_same_passage_twice_in_one_article_is_not_listed() -> None:
    text = "A pillow holds the neck. Turn it over when it is flat, and wash it on Monday."
    assert not overlaps_of(passage("a#care/1", text), passage("a#work/1", text))


def test_sentences_that_pages_carry_are_one_finding_for_the_same_articles() -> None:
    footer = "This page does not replace advice. Ring us at any time of day."
    bodies = (
        "Apples ripen late in orchards near quiet rivers.",
        "Old violins need new strings before every concert.",
        "Yellow paint dries slowly behind our garden wall.",
    )
    (found,) = overlaps_of(
        *(passage(f"a{n}#care/1", f"{body} {footer}") for n, body in enumerate(bodies))
    )
    assert (found.kind, found.severity) == (OverlapKind.REPEATED, Severity.LOW)
    assert found.note == "The same 2 sentences are in 3 articles."
    assert texts(found) == ["This page does not replace advice.", "Ring us at any time of day."]


def test_what_contradicts_is_not_a_duplicate_as_well() -> None:
    (found,) = overlaps_of(
        passage("a#care/1", "Rest the sore neck for two weeks after every long journey."),
        passage("b#care/1", "Rest the sore neck for six weeks after every long journey."),
    )
    assert found.kind is OverlapKind.OTHER_NUMBER


def test_the_gravest_comes_first_whatever_the_order_of_passages() -> None:
    passages = [
        passage("c#care/1", "A pillow holds the neck, and so does a towel under it."),
        passage("d#care/1", "A pillow holds the neck, and so does a towel under it."),
        passage("a#care/1", REST),
        passage("b#care/1", REST_LONGER),
        passage("e#care/1", "Sleeping on the neck is safe."),
        passage("f#care/1", "Sleeping on the neck is not safe."),
    ]
    kinds = ["opposite", "other_number", "duplicate"]
    assert [o.kind for o in overlaps_of(*passages)] == kinds
    assert [o.kind for o in overlaps_of(*passages[::-1])] == kinds


def test_nothing_to_compare_is_no_overlap() -> None:
    assert find_overlaps([], [], np.zeros((0, 4), dtype=np.float32)) == []
    assert overlaps_of(passage("a#care/1", REST)) == []


def unit_vectors(rows: int) -> NDArray[np.float32]:
    vectors = np.random.default_rng(5).normal(size=(rows, 3)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def all_pairs(
    vectors: NDArray[np.float32], rows: Sequence[int], cut: float
) -> set[tuple[int, int]]:
    return {
        (i, j)
        for i in range(len(rows))
        for j in range(i + 1, len(rows))
        if vectors[rows[i]] @ vectors[rows[j]] >= cut
    }


@pytest.mark.parametrize("block", [1, 7, 50, 64])
def test_blocks_find_the_same_pairs_as_all_at_once(block: int) -> None:
    vectors, rows = unit_vectors(60), [*range(3, 53)]
    found = {(i, j) for i, j, _ in near_pairs(vectors, rows, cut=0.8, most=99, block=block)}
    assert found == all_pairs(vectors, rows, 0.8)
    assert len(found) > 20


@pytest.mark.parametrize("block", [1, 7, 64])
def test_only_the_nearest_are_kept(block: int) -> None:
    vectors = unit_vectors(60)
    kept = [*near_pairs(vectors, range(60), cut=-1, most=2, block=block)]
    for i in range(60):
        scores = {j: score for one, j, score in kept if one == i}
        best = sorted((vectors[i + 1 :] @ vectors[i]).tolist(), reverse=True)[:2]
        assert sorted(scores.values(), reverse=True) == pytest.approx(best, abs=1e-6)


@pytest.fixture
def built(content: Path, tmp_path: Path) -> Path:
    for name, weeks in (("rest", "two"), ("sleep", "six")):
        text = f"Neck Care\n\nRest the stiff neck for {weeks} weeks. A {name} is good for you.\n"
        (content / "articles" / f"{name}.txt").write_text(text, encoding="utf-8")
    build_with(BagOfWordsEncoder(), content, tmp_path / "built")
    return tmp_path / "built"


def run(*arguments: str) -> None:
    cli.main(arguments, standalone_mode=False)


@pytest.mark.parametrize("is_before", [True, False])
def test_the_command_prints_what_is_published(
    built: Path, is_before: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--built", str(built)]
    run(*(where if is_before else ()), "overlaps", *(() if is_before else where))
    printed = capsys.readouterr().out
    assert "1. HIGH  another number" in printed
    assert "Rest the stiff neck for >>two weeks<<." in printed
    assert "rest#introduction/1" in printed
    assert printed.endswith("1 finding: 1 another number.\n")


def test_the_spreadsheet_has_a_row_for_each_place(built: Path, tmp_path: Path) -> None:
    run("--built", str(built), "overlaps", "--csv", str(tmp_path / "out.csv"))
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [(row["finding"], row["article"]) for row in rows] == [("1", "rest"), ("1", "sleep")]
    assert rows[0]["text"] == "Rest the stiff neck for >>two weeks<<."


def test_nothing_published_is_said_with_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError) as caught:
        run("--built", str(tmp_path), "overlaps")
    assert caught.value.fix == "python -m ingest"


def test_nothing_found_is_said() -> None:
    assert report.readable([]) == "Nothing overlaps."


def test_many_places_are_counted_not_listed() -> None:
    text = "A pillow holds the neck. Turn it over when it is flat, and wash it now and then."
    printed = report.readable(overlaps_of(*(passage(f"a{n}#care/1", text) for n in range(14))))
    assert "a0#care/1, a1#care/1, a2#care/1 and 11 more" in printed


def test_views_that_are_no_sentences_are_not_compared() -> None:
    passages = passage("a#care/1", REST), passage("b#care/1", REST_LONGER)
    views: list[View] = [v for v in views_of(passages) if v.span is None]
    assert not find_overlaps(passages, views, np.ones((len(views), 1), dtype=np.float32))
