"""Only what has changed is read, split and embedded again, and one bad article stops no other."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.errors import ContentError
from index.search.pipeline import search
from index.store import generations
from ingest.build import articles, passages, previous, views
from ingest.build.report import BuildReport
from ingest.claims import review
from tests.support.building import build_with
from tests.support.fakes import BagOfWordsEncoder
from tests.support.files.content import label, label_enough_to_calibrate

Write = Callable[[str, str | bytes], Path]


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are read as articles, as they are read."""
    real, read = articles.read_article, []

    def watched(path: Path, **rest: Any) -> object:
        read.append(path.name)
        return real(path, **rest)

    monkeypatch.setattr(articles, "read_article", watched)
    return read


def states(report: BuildReport) -> dict[str, str]:
    return {row.article: row.state for row in report.articles}


def parts(built: Path, encoder: BagOfWordsEncoder) -> dict[str, object]:
    """All that an opened index says, apart from how it came about."""
    index = generations.open_index(built, encoder=encoder)
    return {
        "articles": list(index.articles.values()),
        "passages": list(index.passages),
        "views": list(index.views),
        "vectors": index.vectors.all().tolist(),
        "bank": list(index.bank.rows),
        "lexicon": index.lexicon,
        "bank_answers": list(index.bank_answers),
        "claims": index.claims,
        "findings": index.manifest.findings,
        "records": index.manifest.articles,
    }


def test_only_a_changed_article_is_read_and_only_its_new_sentences_are_embedded(
    content: Path, built: Path, write_article: Write, reads: list[str]
) -> None:
    write_article("blood.txt", "Blood Flow\n\nA needle may bring blood. Sleep helps the neck.")
    encoder = BagOfWordsEncoder()
    report = build_with(encoder, content, built)
    assert reads == ["blood.txt"]
    assert states(report) == {"blood.txt": "changed", "necks.txt": "unchanged"}
    assert sorted(encoder.encoded) == [
        "A needle may bring blood.",
        "Blood Flow\nA needle may bring blood. Sleep helps the neck.",
        "Sleep helps the neck.",
    ]


def test_a_new_example_of_a_notice_alone_is_embedded(content: Path, built: Path) -> None:
    flags = content / "red_flags.toml"
    group = '[[group]]\nid = "g"\nlevel = "urgent"\ntitle = "T"\nheading = "H"\nexamples = [{}]\n'
    flags.write_text(group.format('"my back hurts"'))
    build_with(
        BagOfWordsEncoder(), content, built, take_out=True
    )  # another notice was there before
    flags.write_text(group.format('"my back hurts", "my neck hurts"'))
    encoder = BagOfWordsEncoder()
    build_with(encoder, content, built)
    assert encoder.encoded == ["my neck hurts"]


def test_an_index_grown_step_by_step_is_the_one_built_at_once(
    content: Path, built: Path, encoder: BagOfWordsEncoder, write_article: Write, tmp_path: Path
) -> None:
    label(content, answers={"stiff": "necks#introduction"})
    build_with(encoder, content, built)
    write_article("aches.txt", "Aches\n\nThe treatment is 100% safe. The back may hurt.")
    build_with(encoder, content, built)
    write_article("necks.txt", "All About Necks\n\nA neck hurts.\n\nWhy\n\nNobody knows the pain.")
    label(content, answers={"stiff": "necks#introduction", "why": "necks#why"})
    build_with(encoder, content, built)
    (content / "articles" / "blood.txt").unlink()
    build_with(encoder, content, built)
    build_with(encoder, content, tmp_path / "at once")
    grown = parts(built, encoder)
    assert grown == parts(tmp_path / "at once", encoder)
    assert grown["claims"]  # or labels of unchanged passages would not have been looked at


def files(built: Path) -> dict[str, str]:
    """The hash of every file of the generation that serves, apart from the record of them."""
    return {
        n: record.sha256 for n, record in generations.read_current(built).manifest.files.items()
    }


def test_every_file_of_an_edited_index_has_the_bytes_of_one_built_from_nothing(
    content: Path, built: Path, encoder: BagOfWordsEncoder, write_article: Write, tmp_path: Path
) -> None:
    write_article("aches.txt", "Aches\n\nThe treatment is 100% safe. The back may hurt.")
    write_article("veins.txt", "Veins\n\nNeedling cures veins.\n\nWhy\n\nNobody knows the pain.")
    label_enough_to_calibrate(content)
    build_with(encoder, content, built)
    # One in the middle changes, the first is new, the last one goes, a decision is taken.
    write_article("blood.txt", "Blood Flow\n\nA needle may bring blood. It is painless for all.")
    write_article("aaa.txt", "Arms\n\nAn arm may hurt and needs sleep. It is 100% safe.")
    (content / "articles" / "veins.txt").unlink()
    build_with(encoder, content, built)
    build_with(encoder, content, tmp_path / "at once")
    grown, at_once = files(built), files(tmp_path / "at once")
    assert grown == at_once
    assert generations.read_current(built).calibration
    assert {"claims.arrow", "lexical/scores.npy", "language.json", "views.arrow"} <= set(grown)


def test_of_unchanged_articles_no_sentence_is_looked_at_again(
    content: Path, built: Path, write_article: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def looked(real: Any) -> Any:
        def at(text: str, *rest: Any, **more: Any) -> Any:
            seen.append(text)
            return real(text, *rest, **more)

        return at

    monkeypatch.setattr(review, "find_claims", looked(review.find_claims))
    monkeypatch.setattr(views, "sentence_spans", looked(views.sentence_spans))
    write_article("blood.txt", "Blood Flow\n\nA needle may bring blood.")
    build_with(BagOfWordsEncoder(), content, built)
    assert set(seen) == {"Blood Flow", "A needle may bring blood."}


def test_claims_of_unchanged_articles_follow_their_decisions(
    content: Path, built: Path, encoder: BagOfWordsEncoder, write_article: Write, tmp_path: Path
) -> None:
    write_article("aches.txt", "Safe Backs\n\nIt is 100% safe.\n\nCures Pain\n\nIt is painless.")
    build_with(encoder, content, built)
    (content / "claims.csv").write_text(
        "article,sentence,kind,decision,reason,reference,by,date\n"
        "aches,It is painless.,painless,accepted,so they say,,Jo,2025-03-31\n"
    )
    build_with(encoder, content, built)
    build_with(encoder, content, tmp_path / "at once")
    assert files(built) == files(tmp_path / "at once")
    claims = generations.read_current(built).claims
    assert {claim.is_open for claim in claims} == {True, False}


@pytest.mark.parametrize("module", [previous, passages])
def test_another_splitter_splits_everything_again(
    content: Path, built: Path, monkeypatch: pytest.MonkeyPatch, module: object
) -> None:
    split = []
    real = passages.split_article

    def watched(article: object, **rest: object) -> object:
        split.append(article)
        return real(article, **rest)  # type: ignore[arg-type]

    monkeypatch.setattr(passages, "split_article", watched)
    if module is previous:
        monkeypatch.setattr(previous, "SPLITTER_VERSION", -1)
    (content / "questions.csv").write_text("question,answers,route,note\n")
    build_with(BagOfWordsEncoder(), content, built)
    assert len(split) == (2 if module is previous else 0)


def test_another_reader_reads_everything_again(
    content: Path, built: Path, monkeypatch: pytest.MonkeyPatch, reads: list[str]
) -> None:
    monkeypatch.setattr(previous, "READER_VERSION", -1)
    build_with(BagOfWordsEncoder(), content, built)
    assert reads == ["blood.txt", "necks.txt"]


def test_another_model_embeds_everything_again(content: Path, built: Path) -> None:
    first, second = BagOfWordsEncoder(), BagOfWordsEncoder(sha256="1" * 64)
    build_with(first, content, built.with_name("fresh"))
    build_with(second, content, built)
    assert sorted(second.encoded) == sorted(first.encoded)


def test_a_bad_article_is_reported_and_stops_no_other(
    content: Path, built: Path, encoder: BagOfWordsEncoder, write_article: Write
) -> None:
    write_article("bad.txt", b"Bad\n\n\x81\xfe")
    write_article("aches.txt", "Aches\n\nThe back may hurt.")
    report = build_with(encoder, content, built)
    assert [str(problem.where) for problem in report.problems] == [
        f"{content / 'articles' / 'bad.txt'}, line 3"
    ]
    assert states(report) == {
        "aches.txt": "new", "blood.txt": "unchanged", "necks.txt": "unchanged"
    }  # fmt: skip
    index = generations.open_index(built, encoder=encoder)
    assert set(index.articles) == {"aches", "blood", "necks"}
    assert index.manifest.problems == report.problems


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("necks.txt", b"\x81\xfe"),
        ("necks.txt", b""),
        ("necks.txt", b"%PDF-1.7 not what its name says"),
        ("necks.toml", b"reviewed = 'soon'"),
        ("necks.toml", b"= ="),
    ],
)
def test_of_a_bad_article_the_last_good_version_is_served_and_flagged(
    content: Path,
    built: Path,
    encoder: BagOfWordsEncoder,
    write_article: Write,
    name: str,
    text: bytes,
) -> None:
    good = generations.open_index(built, encoder=encoder).articles["necks"]
    write_article(name, text)
    report = build_with(encoder, content, built)
    assert states(report)["necks.txt"] == "kept"
    assert len(report.problems) == 1
    index = generations.open_index(built, encoder=encoder)
    assert index.articles["necks"] == good
    assert index.manifest.kept == {"necks": report.problems[0]}
    again = build_with(encoder, content, built)
    assert not again.published
    assert len(again.problems) == 1  # said until it is mended
    write_article("necks.txt", "All About Necks\n\nA neck is mended.")
    (content / "articles" / "necks.toml").unlink(missing_ok=True)
    mended = build_with(encoder, content, built)
    assert (mended.problems, states(mended)["necks.txt"]) == ((), "changed")
    index = generations.open_index(built, encoder=encoder)
    assert index.manifest.kept == {}
    assert index.passages[1].text == "A neck is mended."


def test_an_article_that_lost_a_labelled_section_waits_until_the_labels_follow(
    content: Path, built: Path, encoder: BagOfWordsEncoder, write_article: Write
) -> None:
    label(content, answers={"why": "necks#why-it-hurts", "stiff": "necks#introduction"})
    build_with(encoder, content, built)
    write_article("necks.txt", "All About Necks\n\nA stiff neck is new.\n\nHow It Hurts\n\nPain.")
    write_article("blood.txt", "Blood Flow\n\nThe other article goes on.")
    report = build_with(encoder, content, built)
    assert states(report) == {"blood.txt": "changed", "necks.txt": "kept"}
    assert report.problems[0].expected == "headings that make necks#why-it-hurts"
    assert report.problems[0].found == "necks#introduction, necks#how-it-hurts"
    assert len(generations.open_index(built, encoder=encoder).bank.rows) == 2
    label(content, answers={"why": "necks#how-it-hurts", "stiff": "necks#introduction"})
    report = build_with(encoder, content, built)
    assert report.problems == ()
    assert states(report)["necks.txt"] == "changed"


def test_a_bad_article_that_is_taken_out_is_gone(
    content: Path, built: Path, encoder: BagOfWordsEncoder, write_article: Write
) -> None:
    path = write_article("necks.txt", b"\x81\xfe")
    build_with(encoder, content, built)
    path.unlink()
    report = build_with(encoder, content, built)
    assert report.withdrawn == ("necks.txt",)
    assert set(generations.open_index(built, encoder=encoder).articles) == {"blood"}


def test_with_no_article_at_all_nothing_is_published(
    content: Path, encoder: BagOfWordsEncoder, write_article: Write, tmp_path: Path
) -> None:
    for name in ("necks.txt", "blood.txt"):
        write_article(name, b"\x81\xfe")
    with pytest.raises(ContentError) as caught:
        build_with(encoder, content, tmp_path / "fresh")
    assert str(caught.value).count("to fix it") == 2
    assert generations.current_generation(tmp_path / "fresh") is None


@pytest.mark.parametrize("newcomer", ["NECKS.txt", "necks.md"])
def test_an_id_stays_with_the_article_that_had_it_first(
    content: Path, built: Path, encoder: BagOfWordsEncoder, write_article: Write, newcomer: str
) -> None:
    write_article(newcomer, "Another\n\nThe same id as another article.")
    report = build_with(encoder, content, built)
    assert "necks twice" in str(report.problems[0])
    assert states(report) == {"blood.txt": "unchanged", "necks.txt": "unchanged"}


def test_a_withdrawn_article_is_gone_whoever_still_names_it(
    content: Path, built: Path, encoder: BagOfWordsEncoder
) -> None:
    label(content, answers={"my carries neck": "necks#introduction", "b": "blood#introduction"})
    build_with(encoder, content, built)
    (content / "articles" / "necks.txt").unlink()
    report = build_with(encoder, content, built)
    assert report.problems == ()
    assert [w.where for w in report.warnings if "does not exist" in w.problem] == ["questions.csv"]
    assert report.withdrawn == ("necks.txt",)
    index = generations.open_index(built, encoder=encoder)
    assert [row.text for row in index.bank.rows] == ["b"]
    assert {r.passage.article_id for r in search(index, "stiff neck", k=99).results} == {"blood"}
    generation = built / (generations.current_generation(built) or "")
    files = [path for path in generation.rglob("*") if path.is_file()]
    for path in files:
        assert b"It often passes" not in path.read_bytes(), path.name
    assert len(files) > 10
    views = set(index.views.texts("text"))
    assert not {text for text in views if "neck" in text.lower()}
    assert not index.lexical.knows("often")
    assert "often" not in index.lexicon.words


def test_a_renamed_article_is_found_under_the_name_that_was_cited(
    content: Path, built: Path, encoder: BagOfWordsEncoder
) -> None:
    label(content, answers={"stiff": "necks#introduction"})
    build_with(encoder, content, built)
    folder = content / "articles"
    (folder / "necks.txt").rename(folder / "throats.txt")
    report = build_with(encoder, content, built)
    assert report.problems == ()
    assert dict(generations.open_index(built, encoder=encoder).manifest.renamed_from) == {
        "necks": "throats"
    }
    (folder / "throats.txt").rename(folder / "gullets.txt")
    build_with(encoder, content, built)
    index = generations.open_index(built, encoder=encoder)
    assert dict(index.manifest.renamed_from) == {"necks": "gullets", "throats": "gullets"}
    assert index.bank.rows[0].sections == ("gullets#introduction",)
    (folder / "gullets.txt").write_text("Gullets\n\nAnother text altogether.")
    build_with(encoder, content, built)
    index = generations.open_index(built, encoder=encoder)
    assert dict(index.manifest.renamed_from) == {"necks": "gullets", "throats": "gullets"}
    (folder / "necks.txt").write_text("Necks\n\nNew under the old name.")
    build_with(encoder, content, built)
    index = generations.open_index(built, encoder=encoder)
    assert dict(index.manifest.renamed_from) == {"throats": "gullets"}
    (folder / "gullets.txt").unlink()
    build_with(encoder, content, built)
    assert dict(generations.open_index(built, encoder=encoder).manifest.renamed_from) == {}


def test_a_renamed_file_is_not_embedded_again(content: Path, built: Path) -> None:
    folder = content / "articles"
    (folder / "necks.txt").rename(folder / "throats.txt")
    encoder = BagOfWordsEncoder()
    build_with(encoder, content, built)
    assert encoder.encoded == []
