"""Claims are found where they stand, decided in a file, listed, and told to whoever searches."""

import csv
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from core.errors import ContentError
from core.labels import NOT_CHECKED
from core.types import Article
from index import __main__ as index_command
from index.search.pipeline import search
from index.store import generations, opened
from ingest import __main__ as ingest_command
from ingest.claims.review import ReviewedClaim, review_claims
from ingest.readers.read import read_article
from safety.claims.decisions import COLUMNS, read_claim_decisions
from safety.claims.finder import ClaimKind
from tests.support.building import build_with
from tests.support.fakes import BagOfWordsEncoder
from tests.support.paths import ROOT

Write = Callable[[str, str | bytes], Path]

BACKS = """All About Backs

A sore back is common. Needling the back is painless. It often helps.

Why It Aches

The back carries the trunk, all day and most of the night, and it gets stiff from that.

Everybody Can Have Needling For Pain

It cures stiff backs. Some pain
stays, and the back heals faster.
"""
PAINLESS = {"sentence": "Needling the back is painless.", "kind": "painless"}
CURES = {"sentence": "It cures stiff backs.", "kind": "cure"}


def decide(content: Path, *rows: Mapping[str, str]) -> None:
    """Write decisions; what a row leaves out is that of one that settles a claim about backs."""
    usual = {
        "article": "backs",
        "decision": "accepted",
        "reason": "so they say",
        "by": "Jo",
        "date": "2025-03-31",
    }
    with (content / "claims.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS)
        writer.writeheader()
        writer.writerows([{**usual, **row} for row in rows])


@pytest.fixture
def content(content: Path, write_article: Write) -> Path:
    """The two articles and a third with claims: two of them grave, one in a heading."""
    write_article("backs.txt", BACKS)
    return content


@pytest.fixture
def hand_made(monkeypatch: pytest.MonkeyPatch, encoder: BagOfWordsEncoder) -> None:
    """Let the commands load the hand-computable encoder."""
    monkeypatch.setattr(opened, "load_encoder", lambda model="": encoder)
    monkeypatch.setattr(ingest_command, "load_encoder", lambda model="": encoder)
    monkeypatch.setattr(ingest_command, "encoder_sha256", lambda model="": encoder.info.sha256)


def article(content: Path, name: str = "backs.txt") -> Article:
    return read_article(content / "articles" / name, root=content / "articles").article


def found_in(content: Path, name: str = "backs.txt") -> list[ReviewedClaim]:
    return list(review_claims([article(content, name)], read_claim_decisions(content)).claims)


def labels_of(built: Path, encoder: BagOfWordsEncoder) -> dict[str, tuple[str, ...]]:
    index = generations.open_index(built, encoder=encoder)
    return {p.id: p.labels for p in index.passages if p.labels}


def claims_command(content: Path, *arguments: object) -> int:
    return ingest_command.main(["claims", "--content", str(content), *map(str, arguments)])


def test_every_sentence_and_heading_is_reviewed_where_it_stands(content: Path) -> None:
    text = article(content).text
    found = found_in(content)
    assert [(c.sentence, c.claim.kind, c.section_id, c.heading) for c in found] == [
        ("Needling the back is painless.", ClaimKind.PAINLESS, "backs#introduction", None),
        (
            "Everybody Can Have Needling For Pain",
            ClaimKind.EVERYONE,
            "backs#everybody-can-have-needling-for-pain",
            "Everybody Can Have Needling For Pain",
        ),
        (
            "It cures stiff backs.",
            ClaimKind.CURE,
            "backs#everybody-can-have-needling-for-pain",
            None,
        ),
        (
            "Some pain\nstays, and the back heals faster.",
            ClaimKind.FAST_HEALING,
            "backs#everybody-can-have-needling-for-pain",
            None,
        ),
    ]
    for claim in found:
        assert text[claim.span.start : claim.span.end] == claim.sentence
        assert claim.is_open


def test_a_claim_names_the_passage_that_holds_it(content: Path, built: Path) -> None:
    index = generations.open_index(built, encoder=BagOfWordsEncoder())
    reviewed = review_claims(
        list(index.articles.values()),
        [],
        passages=lambda article: [p for p in index.passages if p.article_id == article],
    )
    assert [claim.passage_id for claim in reviewed.claims] == [
        "backs#introduction/1",
        None,
        "backs#everybody-can-have-needling-for-pain/1",
        "backs#everybody-can-have-needling-for-pain/1",
    ]


def test_a_passage_with_an_open_grave_claim_is_labelled_and_no_other(
    built: Path, encoder: BagOfWordsEncoder
) -> None:
    assert labels_of(built, encoder) == {
        "backs#introduction/1": (NOT_CHECKED,),
        "backs#everybody-can-have-needling-for-pain/1": (NOT_CHECKED,),
    }
    assert NOT_CHECKED == "The clinic's own words, not checked"


def test_a_decision_settles_the_label_and_publishes(
    content: Path, built: Path, encoder: BagOfWordsEncoder
) -> None:
    before = generations.current_generation(built)
    decide(content, PAINLESS)
    report = build_with(encoder, content, built)
    assert report.published
    assert report.generation != before
    assert list(labels_of(built, encoder)) == ["backs#everybody-can-have-needling-for-pain/1"]
    assert not build_with(encoder, content, built).published
    decide(content, PAINLESS, {**CURES, "decision": "referenced", "reference": "A trial, 2020"})
    build_with(encoder, content, built)
    assert labels_of(built, encoder) == {}


@pytest.mark.parametrize(
    "change",
    [
        {"decision": "rewrite"},
        {"kind": "guaranteed"},
        {"article": "necks"},
        {"sentence": "Needling the back is painless"},
        {"sentence": "needling the back is painless."},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_decision_about_anything_else_settles_nothing(
    content: Path, built: Path, encoder: BagOfWordsEncoder, change: dict[str, str]
) -> None:
    before = labels_of(built, encoder)
    decide(content, {**PAINLESS, **change})
    build_with(encoder, content, built)
    assert labels_of(built, encoder) == before


def test_a_sentence_over_two_lines_is_decided_on_one(content: Path) -> None:
    sentence = "Some pain stays, and the back heals faster."
    decide(content, {"sentence": sentence, "kind": "fast_healing"})
    assert [c.claim.kind for c in found_in(content) if not c.is_open] == [ClaimKind.FAST_HEALING]


def test_a_sentence_that_stands_twice_is_one_claim_to_review(
    content: Path, write_article: Write, encoder: BagOfWordsEncoder, tmp_path: Path
) -> None:
    text = "Twice\n\nFirst\n\nIt is painless.\n\nSecond\n\nIt is painless.\n"
    write_article("twice.txt", text)
    report = build_with(encoder, content, tmp_path / "built")
    messages = list(map(str, report.warnings))
    assert "twice.txt: 1 claim to review (1 high): python -m ingest claims" in messages
    labelled = [i for i in labels_of(tmp_path / "built", encoder) if i.startswith("twice")]
    assert labelled == ["twice#first/1", "twice#second/1"]
    decide(content, {"article": "twice", "sentence": "It is painless.", "kind": "painless"})
    build_with(encoder, content, tmp_path / "built")
    assert not [i for i in labels_of(tmp_path / "built", encoder) if i.startswith("twice")]


def test_a_grave_claim_in_a_heading_labels_what_is_shown_under_it(
    content: Path, write_article: Write, encoder: BagOfWordsEncoder, tmp_path: Path
) -> None:
    write_article(
        "heads.md",
        "# Heads\n\nA head.\n\n## Painless treatment\n\nOne.\n\n### How\n\nTwo.\n\n"
        "## Else\n\nThree.",
    )
    build_with(encoder, content, tmp_path / "built")
    labelled = [i for i in labels_of(tmp_path / "built", encoder) if i.startswith("heads")]
    assert labelled == ["heads#painless-treatment/1", "heads#how/1"]
    (claim,) = found_in(content, "heads.md")
    assert claim.section_id == "heads#painless-treatment"


@pytest.mark.parametrize("stated", ["in the text", "beside it"])
def test_a_grave_claim_in_the_title_labels_the_whole_article(
    content: Path, write_article: Write, encoder: BagOfWordsEncoder, tmp_path: Path, stated: str
) -> None:
    title = "Needling cures pain"
    if stated == "in the text":
        write_article("title.txt", f"{title}\n\nOne.\n\nMore\n\nTwo.\n")
    else:
        write_article("title.txt", "Another\n\nOne.\n\nMore\n\nTwo.\n")
        write_article("title.toml", f'title = "{title}"\n')
    build_with(encoder, content, tmp_path / "built")
    labelled = [i for i in labels_of(tmp_path / "built", encoder) if i.startswith("title")]
    assert labelled == ["title#introduction/1", "title#more/1"]
    (claim,) = found_in(content, "title.txt")
    assert (claim.sentence, claim.section_id, claim.heading) == (title, None, title)


def test_open_claims_are_told_in_one_line_an_article(
    content: Path, built: Path, encoder: BagOfWordsEncoder
) -> None:
    def told() -> list[str]:
        warnings = build_with(encoder, content, built).warnings
        return [str(warning) for warning in warnings if "to review" in warning.problem]

    assert told() == ["backs.txt: 4 claims to review (2 high): python -m ingest claims"]
    decide(content, PAINLESS, {**CURES, "decision": "rewrite"})
    assert told() == ["backs.txt: 3 claims to review (1 high): python -m ingest claims"]
    report = build_with(encoder, content, built)
    assert {row.article: row.warnings for row in report.articles} == {
        "backs.txt": 1,
        "blood.txt": 0,
        "necks.txt": 0,
    }


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            {"sentence": "It is painless.", "kind": "painless"},
            "claims.csv, line 2: backs no longer holds the sentence: It is painless.",
        ),
        (
            {**PAINLESS, "article": "gone"},
            "claims.csv: 1 row names an article that does not exist and is left aside: gone (from "
            "line 2 on). Delete the rows, or put the article back.",
        ),
        (
            {**PAINLESS, "kind": "cure"},
            "claims.csv, line 2: no claim of the kind cure is found in: "
            "Needling the back is painless.",
        ),
    ],
)
def test_a_decision_about_what_no_longer_stands_there_warns_and_stops_nothing(
    content: Path, built: Path, encoder: BagOfWordsEncoder, row: dict[str, str], said: str
) -> None:
    decide(content, row)
    report = build_with(encoder, content, built)
    assert report.published
    assert said in map(str, report.warnings)


def test_a_wrong_decision_publishes_nothing(
    content: Path, built: Path, encoder: BagOfWordsEncoder
) -> None:
    before = generations.current_generation(built)
    decide(content, PAINLESS, {**CURES, "by": ""})
    with pytest.raises(ContentError) as caught:
        build_with(encoder, content, built)
    assert caught.value.where == f"{content / 'claims.csv'}, line 3"
    assert generations.current_generation(built) == before


def test_searching_gives_the_label_and_ranks_as_without_it(
    content: Path, built: Path, encoder: BagOfWordsEncoder, tmp_path: Path
) -> None:
    decide(content, PAINLESS, CURES)
    build_with(encoder, content, tmp_path / "settled")
    labelled = search(generations.open_index(built, encoder=encoder), "stiff back")
    settled = search(generations.open_index(tmp_path / "settled", encoder=encoder), "stiff back")
    assert labelled.outcome is settled.outcome
    assert [(r.rank, r.passage.id, r.score) for r in labelled.results] == [
        (r.rank, r.passage.id, r.score) for r in settled.results
    ]
    carried = {r.passage.id: r.labels for r in labelled.results}
    assert carried["backs#introduction/1"] == (NOT_CHECKED,)
    assert carried["backs#why-it-aches/1"] == ()
    assert {r.labels for r in settled.results} == {()}


@pytest.mark.usefixtures("hand_made")
def test_the_search_command_gives_the_label(
    built: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert index_command.main(["search", "back", "--json", "--built", str(built)]) == 0
    assert f'"labels": ["{NOT_CHECKED}"]' in capsys.readouterr().out


def test_the_list_says_what_an_editor_needs(
    content: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    decide(content, {**PAINLESS, "decision": "rewrite", "reason": "next week"}, CURES)
    assert claims_command(content) == 0
    said = capsys.readouterr().out
    for part in (
        "HIGH  painless  (backs#introduction)",
        "Needling the back is >>painless<<.",
        "It says that nobody feels pain",
        "soreness for a day or two is common",
        "Boyce 2020, 20,464 sessions",
        "rewrite by Jo, 2025-03-31, still to be rewritten: next week",
        "accepted by Jo, 2025-03-31, settled: so they say",
        "MEDIUM  everyone  (heading of backs#everybody-can-have-needling-for-pain)",
        "Some pain stays, and the back >>heals faster<<.",
        "none yet",
        "4 claims, 3 open (1 high).",
        str(content / "claims.csv"),
    ):
        assert part in said
    # The gravest of an article first.
    assert said.index("painless  (") < said.index("cure  (") < said.index("everyone  (")


def test_only_open_claims_are_listed_when_asked_for_and_content_may_be_named_first(
    content: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    decide(content, CURES)
    assert ingest_command.main(["--content", str(content), "claims", "--open"]) == 0
    said = capsys.readouterr().out
    assert ">>cures<<" not in said
    assert "3 claims, 3 open (1 high)." in said


def test_articles_without_a_claim_have_an_empty_list(
    content: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (content / "articles" / "backs.txt").unlink()
    assert claims_command(content) == 0
    assert capsys.readouterr().out == "0 claims, 0 open (0 high).\n"


def test_the_list_needs_no_model_and_no_index(content: Path) -> None:
    script = (
        "import sys; from ingest.__main__ import main; "
        f"code = main(['claims', '--content', {str(content)!r}]); "
        "print('torch' in sys.modules, 'sentence_transformers' in sys.modules, code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stdout.splitlines()[-1] == "False False 0"


def test_a_wrong_decision_is_named_by_the_list_too(
    content: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    decide(content, {**PAINLESS, "date": "soon"})
    assert claims_command(content) == 1
    said = capsys.readouterr().err
    assert f"{content / 'claims.csv'}, line 2" in said
    assert "Nothing was published" not in said


def test_a_lost_decision_is_named_by_the_list_too(
    content: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    decide(content, {**PAINLESS, "sentence": "Gone."})
    assert claims_command(content) == 0
    assert (
        "warning: claims.csv, line 2: backs no longer holds the sentence: Gone."
        in capsys.readouterr().err
    )


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_a_filled_in_spreadsheet_is_taken_as_the_file_of_decisions(
    content: Path, write_article: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_article("lists.md", "# Lists\n\n- Needles are painless\n- =Cures stiff backs\n")
    sheet = tmp_path / "sheet.csv"
    assert claims_command(content, "--csv", sheet) == 0
    assert f"Wrote 6 claims to {sheet}." in capsys.readouterr().out
    assert sheet.read_bytes().startswith(b"\xef\xbb\xbfarticle,sentence,kind,decision,reason,")
    rows = rows_of(sheet)
    assert not any(cell.startswith(("=", "-", "+", "@")) for row in rows for cell in row.values())
    assert rows[0]["evidence"].startswith("Physiotherapists reported")
    assert (rows[0]["state"], rows[0]["severity"], rows[0]["decision"]) == ("open", "high", "")
    with (content / "claims.csv").open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        filled = {"decision": "accepted", "reason": "so", "by": "Jo", "date": "2025-03-31"}
        writer.writerows([*({**row, **filled} for row in rows[:-1]), rows[-1]])
    assert claims_command(content, "--open", "--csv", sheet) == 0
    assert [row["article"] for row in rows_of(sheet)] == ["lists"]
    assert claims_command(content, "--csv", sheet) == 0
    assert [row["state"] for row in rows_of(sheet)] == ["settled"] * 5 + ["open"]
    assert rows_of(sheet)[0]["by"] == "Jo"
    assert not capsys.readouterr().err


def test_the_spreadsheet_never_goes_over_the_decisions(
    content: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    decide(content, PAINLESS)
    before = (content / "claims.csv").read_bytes()
    assert claims_command(content, "--csv", content / "articles" / ".." / "claims.csv") == 1
    assert "overwrite" in capsys.readouterr().err
    assert (content / "claims.csv").read_bytes() == before


def test_a_spreadsheet_that_cannot_be_written_is_named(
    content: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert claims_command(content, "--csv", tmp_path / "none" / "sheet.csv") == 1
    assert "cannot be written" in capsys.readouterr().err
