"""The same three articles in every format: whatever a clinic writes in, it becomes the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from io import BytesIO
from pathlib import Path

import docx as python_docx
import pytest
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.platypus import ListFlowable, ListItem, SimpleDocTemplate, Spacer, Table
from reportlab.platypus import Paragraph as PdfParagraph

from core.text.pages import page_of
from core.types import Article, Passage, Provenance, ViewKind
from ingest.build.splitter import SplitterSettings, split_article
from ingest.build.views import views_of
from ingest.readers.read import read_article
from tests.ingest.build.test_splitter import count_tokens
from tests.support.files import office_files

Write = Callable[[str, str | bytes], Path]


@dataclass(frozen=True)
class Part:
    """A heading with what stands under it; `level` 2 for the outermost in an article."""

    heading: str
    paragraphs: Sequence[str] = ()
    items: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    level: int = 2

    @property
    def list_text(self) -> str:
        return "\n".join(f"- {item}" for item in self.items)

    @property
    def table_text(self) -> str:
        head, *rows = self.rows or [()]
        told = ["; ".join(f"{a}: {b}" for a, b in zip(head, row, strict=True)) for row in rows]
        return "\n".join(f"- {row}" for row in told)

    @property
    def blocks(self) -> list[str]:
        return [b for b in (*self.paragraphs, self.list_text, self.table_text) if b]


@dataclass(frozen=True)
class Source:
    """What an article says, before it is written in some format."""

    title: str
    introduction: str
    parts: Sequence[Part]
    author: str = "Sam Porter"


NECK = Source(
    "Neck pain at a desk",
    "Sitting still for hours makes a neck ache, whatever the chair has cost.",
    [
        Part(
            "Why does it hurt?",
            ["The muscles hold the head all day. They tire when nothing moves, and they ache."],
        ),
        Part("What helps", level=2),
        Part(
            "Movement",
            ["Stand up twice an hour. It matters more than any chair, desk or pillow does."],
            level=3,
        ),
        Part(
            "Exercises",
            ["Do these once a day, slowly:"],
            items=["Turn the head to each side", "Draw the chin in", "Roll both shoulders back"],
            level=3,
        ),
        Part("When to see someone", ["Ask for help when an arm turns weak or numb."]),
    ],
)
ANKLE = Source(
    "Ankle sprain, week by week",
    "A sprained ankle heals well when it is loaded a little more every week.",
    [
        Part(
            "The plan",
            ["Go on to the next row when the one before no longer hurts."],
            rows=[
                ("Week", "Exercise", "Sets"),
                ("one", "Circles with the foot", "three"),
                ("two", "Heel raises on both legs", "two"),
                ("four", "Hops on one leg", "two"),
            ],
        ),
        Part(
            "Swelling",
            ["It is worst in the evening.", "Put the foot up, higher than the hip, for an hour."],
        ),
    ],
    author="Ola Berg",
)
QUESTIONS = Source(
    "Dry needling: your questions",
    "The questions that we are asked most often before a first appointment.",
    [
        Part("Does it hurt?", ["Most people feel little more than a dull ache for a moment."]),
        Part("How long does it take?", ["Half an hour, with the talk before and after it."]),
        Part(
            "Who should not have it?",
            ["Tell us before we begin about any of these:"],
            items=["a blood thinner", "a pregnancy", "a fear of needles"],
        ),
    ],
)
ARTICLES = {"neck": NECK, "ankle": ANKLE, "questions": QUESTIONS}
FORMATS = (".txt", ".md", ".html", ".docx", ".odt", ".rtf", ".epub", ".pdf")
MARKED = FORMATS[1:]  # all that say what a heading is, and a PDF


def as_txt(source: Source) -> str:
    blocks = [source.title, source.introduction]
    for part in source.parts:
        blocks += [part.heading, *part.blocks]
    return "\n\n".join(blocks) + "\n"


def as_md(source: Source) -> str:
    out = [f"---\ntitle: '{source.title}'\nauthor: {source.author}\nreviewed: 2026-03-01\n---"]
    out += [f"# {source.title}", source.introduction]
    for part in source.parts:
        out += [f"{'#' * part.level} {part.heading}", *part.paragraphs]
        out += ["\n".join(f"* {item}" for item in part.items)]
        rows = [f"| {' | '.join(row)} |" for row in part.rows]
        out += ["\n".join([*rows[:1], *(["|---" * len(part.rows[0]) + "|"] if rows else []),
                           *rows[1:]])]  # fmt: skip
    return "\n\n".join(out)


def as_html(source: Source) -> str:
    out = [f"<h1>{escape(source.title)}</h1><p>{escape(source.introduction)}</p>"]
    for part in source.parts:
        out.append(f"<h{part.level}>{escape(part.heading)}</h{part.level}>")
        out += [f"<p>{escape(text)}</p>" for text in part.paragraphs]
        out += ["<ul>", *(f"<li>{item}</li>" for item in part.items), "</ul>"]
        for i, row in enumerate(part.rows):
            cells = "".join(f"<th>{c}</th>" if i == 0 else f"<td>{c}</td>" for c in row)
            out.append(f"{'<table>' if i == 0 else ''}<tr>{cells}</tr>")
        out += ["</table>"] if part.rows else []
    linked = (
        '<script type="application/ld+json">{"@type": "MedicalWebPage", "lastReviewed": '
        '"2026-03-01"}</script>'
    )
    return (
        f"<!doctype html><title>{escape(source.title)} | The Clinic</title>"
        f'<meta name=author content="{source.author}">{linked}'
        "<body><nav><a href=/>Home</a> <a href=/book>Book</a></nav><main>"
        + "".join(out)
        + "<p><a href='#top'>Back to top</a></p></main><footer>12 High Street</footer></body>"
    )


def as_docx(source: Source) -> bytes:
    document = python_docx.Document()
    document.core_properties.author = source.author
    document.add_heading(source.title, 0)
    document.add_paragraph(source.introduction)
    for part in source.parts:
        document.add_heading(part.heading, part.level - 1)
        for text in part.paragraphs:
            document.add_paragraph(text)
        for item in part.items:
            document.add_paragraph(item, style="List Bullet")
        if part.rows:
            table = document.add_table(len(part.rows), len(part.rows[0]))
            for cells, row in zip(table.rows, part.rows, strict=True):
                for cell, text in zip(cells.cells, row, strict=True):
                    cell.text = text
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def as_odt(source: Source) -> bytes:
    body = office_files.p(source.title, "Title") + office_files.p(source.introduction)
    for part in source.parts:
        body += office_files.h(part.heading, part.level - 1)
        body += "".join(map(office_files.p, part.paragraphs))
        body += office_files.items(*part.items) if part.items else ""
        body += office_files.rows(*map(tuple, part.rows), head=1) if part.rows else ""
    return office_files.odt(body, author=source.author)


def as_rtf(source: Source) -> str:
    out = [
        r"{\rtf1\ansi{\stylesheet{\s1 heading 1;}{\s2 heading 2;}{\s9 Title;}}"
        rf"{{\info{{\author {source.author}}}}}\pard\s9 {source.title}\par"
        rf"\pard {source.introduction}\par"
    ]
    for part in source.parts:
        out.append(rf"\pard\s{part.level - 1} {part.heading}\par")
        out += [rf"\pard {text}\par" for text in part.paragraphs]
        out += [rf"{{\pntext\'b7\tab}}\pard {item}\par" for item in part.items]
        for i, row in enumerate(part.rows):
            head = r"\trhdr" if i == 0 else ""
            cells = "".join(rf"\pard\intbl {cell}\cell" for cell in row)
            out.append(rf"\trowd{head}{cells}\row")
    return "\n".join(out) + "}"


def as_epub(source: Source) -> bytes:
    page = as_html(source)
    body = page[page.index("<main>") + 6 : page.index("</main>")]
    chapters = [office_files.chapter(part) for part in body.replace("<h2>", "\0<h2>").split("\0")]
    return office_files.epub(*chapters, title=source.title, author=source.author)


def as_pdf(source: Source) -> bytes:
    styles = getSampleStyleSheet()
    body = ParagraphStyle("body", parent=styles["BodyText"], alignment=4)
    story = [PdfParagraph(source.title, styles["Title"]), PdfParagraph(source.introduction, body)]
    story.append(Spacer(1, 600))  # the parts stand on the second page
    for part in source.parts:
        story.append(PdfParagraph(part.heading, styles[f"Heading{part.level}"]))
        story += [PdfParagraph(text, body) for text in part.paragraphs]
        if part.items:
            items = [ListItem(PdfParagraph(item, body)) for item in part.items]
            story.append(ListFlowable(items, bulletType="bullet"))
        if part.rows:
            bold = [("FONT", (0, 0), (-1, 0), "Helvetica-Bold")]
            story.append(Table([list(row) for row in part.rows], style=bold))
    stream = BytesIO()

    def edges(canvas: object, document: SimpleDocTemplate) -> None:
        canvas.drawString(60, 815, "The Clinic")  # type: ignore[attr-defined]
        canvas.drawString(280, 20, f"Page {document.page} of 2")  # type: ignore[attr-defined]

    SimpleDocTemplate(stream, author=source.author, invariant=1, pagesize=(595, 842)).build(
        story, onFirstPage=edges, onLaterPages=edges
    )
    return stream.getvalue()


WRITERS: dict[str, Callable[[Source], str | bytes]] = {
    ".txt": as_txt, ".md": as_md, ".html": as_html, ".docx": as_docx, ".pdf": as_pdf,
    ".odt": as_odt, ".rtf": as_rtf, ".epub": as_epub,
}  # fmt: skip


@pytest.fixture
def read(write_article: Write, content: Path) -> Callable[[str, str], Article]:
    """Write one of the articles in a format, and read it."""

    def reader(name: str, suffix: str) -> Article:
        path = write_article(f"{name}{suffix}", WRITERS[suffix](ARTICLES[name]))
        found = read_article(path, root=content / "articles")
        assert found.warnings == ()
        return found.article

    return reader


def split(article: Article) -> list[Passage]:
    return split_article(article, count_tokens=count_tokens, settings=SplitterSettings())


def expected(source: Source) -> list[tuple[tuple[str, ...], str]]:
    found: list[tuple[tuple[str, ...], str]] = [((), source.introduction)]
    above = ""
    for part in source.parts:
        above = part.heading if part.level == 2 else above
        path = (part.heading,) if part.level == 2 else (above, part.heading)
        if part.blocks:
            found.append((path, "\n\n".join(part.blocks)))
    return found


@pytest.mark.parametrize("suffix", MARKED)
@pytest.mark.parametrize("name", ARTICLES)
def test_an_article_is_the_same_in_every_format(
    read: Callable[[str, str], Article], name: str, suffix: str
) -> None:
    article = read(name, suffix)
    told = [(s.path, article.text[s.body.start : s.body.end]) for s in article.sections]
    assert article.title == ARTICLES[name].title
    assert told == expected(ARTICLES[name])


@pytest.mark.parametrize("name", ARTICLES)
def test_sections_have_the_same_ids_in_every_format(
    read: Callable[[str, str], Article], name: str
) -> None:
    ids = {suffix: [s.id for s in read(name, suffix).sections] for suffix in FORMATS}
    assert ids == dict.fromkeys(FORMATS, ids[".md"])
    assert len(ids[".md"]) == len(expected(ARTICLES[name]))


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("name", ARTICLES)
def test_passages_are_slices_and_the_same_in_every_format(
    read: Callable[[str, str], Article], name: str, suffix: str
) -> None:
    article, plain = read(name, suffix), read(name, ".md")
    passages = split(article)
    assert [p.text for p in passages] == [article.text[p.start : p.end] for p in passages]
    assert [(p.id, p.text) for p in passages] == [(p.id, p.text) for p in split(plain)]


@pytest.mark.parametrize("suffix", FORMATS)
def test_headings_that_ask_are_question_views(
    read: Callable[[str, str], Article], suffix: str
) -> None:
    views = views_of(split(read("questions", suffix)))
    asked = [view.text for view in views if view.kind is ViewKind.QUESTION]
    assert asked == [f"{QUESTIONS.title}: {part.heading}" for part in QUESTIONS.parts]


@pytest.mark.parametrize("name", ARTICLES)
def test_passages_of_a_pdf_cite_their_page(read: Callable[[str, str], Article], name: str) -> None:
    article = read(name, ".pdf")
    first, *others = split(article)
    assert page_of(article, first.start) == 1
    assert {page_of(article, passage.start) for passage in others} == {2}


@pytest.mark.parametrize(
    ("suffix", "reviewed"),
    [
        *((suffix, date(2026, 3, 1)) for suffix in (".md", ".html")),
        *((suffix, None) for suffix in (".docx", ".odt", ".rtf", ".epub", ".pdf")),
    ],
)
@pytest.mark.parametrize("name", ARTICLES)
def test_what_a_format_states_of_itself_becomes_the_origin(
    read: Callable[[str, str], Article], name: str, suffix: str, reviewed: date | None
) -> None:
    wanted = Provenance(author=ARTICLES[name].author, reviewed=reviewed)
    assert read(name, suffix).provenance == wanted


def test_a_plain_text_states_nothing_of_itself(read: Callable[[str, str], Article]) -> None:
    assert read("neck", ".txt").provenance == Provenance()
