"""Articles of a whole site: the same names in folders, and the same text more than once."""

from collections.abc import Callable
from pathlib import Path

import pytest

from index.search.pipeline import search
from index.store import generations
from ingest.build.report import BuildReport
from tests.ingest.test_formats import NECK, as_docx, as_html, as_md, as_pdf
from tests.support.building import build_with
from tests.support.fakes import BagOfWordsEncoder
from tests.support.files.content import label

Write = Callable[[str, str | bytes], Path]


def warnings(report: BuildReport) -> list[str]:
    return [str(finding) for finding in report.warnings if finding.step == "read"]


def test_every_page_of_a_saved_site_is_served(
    content: Path, encoder: BagOfWordsEncoder, write_article: Write, tmp_path: Path
) -> None:
    for part in ("hip", "knee", "conditions/back"):
        write_article(f"{part}/index.html", f"<h1>The {part}</h1><p>Pain of the {part}, told.</p>")
        write_article(f"{part}/photo.jpg", b"\xff\xd8\xff")
    report = build_with(encoder, content, tmp_path / "built")
    assert report.problems == ()
    assert report.aside == {".jpg": 3}
    index = generations.open_index(tmp_path / "built", encoder=encoder)
    assert set(index.articles) == {"back", "hip", "knee", "blood", "necks"}


def test_an_article_whose_id_takes_in_its_folder_keeps_its_labels_and_citations(
    content: Path, encoder: BagOfWordsEncoder, write_article: Write, tmp_path: Path
) -> None:
    write_article("hip/plan.md", "# Hip plan\n\nBack pain goes.")
    label(content, answers={"my plan": "plan#introduction", "stiff": "necks#introduction"})
    build_with(encoder, content, tmp_path / "built")
    write_article("knee/plan.md", "# Knee plan\n\nSleep and blood.")
    report = build_with(encoder, content, tmp_path / "built")
    assert report.problems == ()
    index = generations.open_index(tmp_path / "built", encoder=encoder)
    assert dict(index.manifest.renamed_from) == {"plan": "hip-plan"}
    assert index.bank.rows[0].sections == ("hip-plan#introduction",)
    (content / "articles" / "knee" / "plan.md").unlink()
    build_with(encoder, content, tmp_path / "built")
    index = generations.open_index(tmp_path / "built", encoder=encoder)
    assert dict(index.manifest.renamed_from) == {"hip-plan": "plan"}


def test_a_leaflet_in_every_format_is_served_once_and_the_warning_names_both_files(
    content: Path, encoder: BagOfWordsEncoder, write_article: Write, tmp_path: Path
) -> None:
    write_article("neck.md", as_md(NECK))
    write_article("word/neck leaflet.docx", as_docx(NECK))
    write_article("print/neck leaflet final.pdf", as_pdf(NECK))
    write_article("site/neck/index.html", as_html(NECK))
    report = build_with(encoder, content, tmp_path / "built")
    assert [row.article for row in report.articles] == ["blood.txt", "neck.md", "necks.txt"]
    told = [line for line in warnings(report) if "only neck.md is served" in line]
    assert [line.partition(":")[0] for line in told] == [
        "print/neck leaflet final.pdf", "site/neck/index.html", "word/neck leaflet.docx"
    ]  # fmt: skip
    index = generations.open_index(tmp_path / "built", encoder=encoder)
    texts = [r.passage.text for r in search(index, "neck ache at a desk", k=20).results]
    assert len(texts) == len(set(texts))


def test_what_was_published_stays_when_a_copy_comes_and_labels_may_name_either(
    content: Path, built: Path, encoder: BagOfWordsEncoder, write_article: Write
) -> None:
    text = (content / "articles" / "necks.txt").read_text()
    write_article("a.txt", text)
    write_article("necks (1).txt", text.replace("\n\n", "\r\n\r\n"))
    label(content, answers={"stiff": "a#introduction", "why": "necks#why-it-hurts"})
    report = build_with(encoder, content, built)
    assert report.problems == ()
    assert [row.article for row in report.articles] == ["blood.txt", "necks.txt"]
    index = generations.open_index(built, encoder=encoder)
    assert index.bank.rows[0].sections == ("necks#introduction",)
    again = build_with(encoder, content, built)
    assert not again.published
    assert len([line for line in warnings(again) if "only necks.txt" in line]) == 2
    (content / "articles" / "necks.txt").unlink()
    report = build_with(encoder, content, built)
    assert [row.article for row in report.articles] == ["a.txt", "blood.txt"]
    assert report.withdrawn == ("necks.txt",)


@pytest.mark.parametrize(
    ("other", "served"),
    [
        ("# Right knee\n\nRest it for two weeks.", 2),
        ("# Copy of left knee\n\nRest it for two weeks.", 1),
        ("# Left knee\n\nRest it for three weeks.", 2),
        ("# Left knee\n\nRest it for two weeks.\n\nThen walk.", 2),
        ("# LEFT KNEE\n\nRest it, for two\nweeks!", 1),
        ("Rest it for two weeks.", 1),  # its title is the name of its file
    ],
)
def test_only_the_same_words_under_the_same_title_are_a_copy(
    content: Path,
    encoder: BagOfWordsEncoder,
    write_article: Write,
    tmp_path: Path,
    other: str,
    served: int,
) -> None:
    write_article("left.md", "# Left knee\n\nRest it for two weeks.")
    write_article("other.md", other)
    report = build_with(encoder, content, tmp_path / "built")
    assert len(report.articles) == 2 + served
