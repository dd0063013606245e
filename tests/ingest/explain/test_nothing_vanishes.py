"""Whatever the format, each word of a file is in its article or named among what was left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.types import Article
from ingest.explain.own_text import own_text
from ingest.explain.words import account, texts_of
from ingest.files.worker import parse
from ingest.readers.outline import ParsedText
from ingest.readers.plain_text import parse_plain_text
from tests.support.files import office_files
from tests.support.files.office_files import a_p, chapter, odf_style, shape, slide, slide_table
from tests.support.files.pdf_files import Sheet, pdf
from tests.support.files.word_files import docx, paragraph, run, table

RTF_HEAD = (
    r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset204 Arial Cyr;}}"
    r"{\stylesheet{\s1 heading 1;}{\s2 heading 2;}{\s3 heading 3;}{\s4 toc 1;}{\s9 Title;}}"
    r"{\info{\title Stated}{\author Priya Nair}}"
)
# A title, then headings with a level and what stands under each: paragraphs, lists, tables.
Kind = str
Block = tuple[Kind, Sequence[Sequence[str]]]
Part = tuple[int, str, list[Block]]


class Words:
    """Words that are all different, so that none can stand in for another."""

    def __init__(self) -> None:
        self.count = 0

    def some(self, number: int) -> str:
        self.count += number
        return " ".join(f"wo{n}rd" for n in range(self.count - number, self.count))


@st.composite
def parts(draw: st.DrawFn) -> list[Part]:
    words = Words()
    found: list[Part] = []
    for n in range(draw(st.integers(1, 4))):
        level = draw(st.integers(2, 4)) if n else 2
        heading = words.some(draw(st.integers(1, 4))).capitalize()
        blocks: list[Block] = []
        for _ in range(draw(st.integers(1, 3))):
            kind = draw(st.sampled_from(["paragraph", "list", "table"]))
            rows, columns = {"paragraph": (1, 1), "list": (3, 1), "table": (3, 3)}[kind]
            size = draw(st.integers(6, 25)) if kind == "paragraph" else draw(st.integers(1, 3))
            cells = [[words.some(size) for _ in range(columns)] for _ in range(rows)]
            blocks.append((kind, cells))
        found.append((level, heading, blocks))
    return found


def as_text(found: Sequence[Part]) -> bytes:
    lines = ["The Title Of All"]
    for _, heading, blocks in found:
        lines.append(heading)
        for kind, cells in blocks:
            mark = "" if kind == "paragraph" else "- "
            lines.append("\n".join(f"{mark}{', '.join(row)}." for row in cells))
    return "\n\n".join(lines).encode()


def as_markdown(found: Sequence[Part]) -> bytes:
    lines = ["---\ntitle: The title of all\n---"]
    for level, heading, blocks in found:
        lines.append(f"{'#' * level} {heading}")
        for kind, cells in blocks:
            rows = [" | ".join(row) for row in cells]
            if kind == "table":
                rows.insert(1, " | ".join("---" for _ in cells[0]))
            mark = "- " if kind == "list" else ""
            lines.append("\n".join(f"{mark}{row}" for row in rows))
    return "\n\n".join(lines).encode()


def as_page(found: Sequence[Part]) -> bytes:
    out = ["<!doctype html><title>x</title><script>var a</script><h1>The title of all</h1>"]
    for level, heading, blocks in found:
        out.append(f"<h{level}>{escape(heading)}</h{level}>")
        for kind, cells in blocks:
            if kind == "paragraph":
                first, _, rest = cells[0][0].partition(" ")
                out.append(f"<p><b>{first}</b> <em>{rest}</em>.</p>")
            elif kind == "list":
                out.append(f"<ul>{''.join(f'<li>{row[0]}' for row in cells)}</ul>")
            else:
                rows = ("".join(f"<td>{cell}</td>" for cell in row) for row in cells)
                out.append(f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>")
    return "".join(out).encode()


def as_word(found: Sequence[Part]) -> bytes:
    out = [paragraph("The title of all", style="Title")]
    for level, heading, blocks in found:
        out.append(paragraph(heading, style=f"Heading{min(level - 1, 2)}"))
        for kind, cells in blocks:
            if kind == "table":
                out.append(table(*map(tuple, cells)))
            else:
                items = (1, 0) if kind == "list" else None
                out += [paragraph(row[0], items=items) for row in cells]
    return docx("".join(out))


def as_table(found: Sequence[Part]) -> bytes:
    lines = ["question,answer"]
    for _, heading, blocks in found:
        told = "\n\n".join("\n".join(", ".join(row) for row in cells) for _, cells in blocks)
        lines.append(f'"{heading}","{told}"')
    return "\n".join(lines).encode()


def as_odt(found: Sequence[Part]) -> bytes:
    out = [office_files.p("The title of all", "Title")]
    for level, heading, blocks in found:
        out.append(office_files.h(heading, level - 1))
        for kind, cells in blocks:
            if kind == "table":
                out.append(office_files.rows(*map(tuple, cells)))
            elif kind == "list":
                out.append(office_files.items(*(row[0] for row in cells)))
            else:
                out.append(office_files.p(cells[0][0]))
    return office_files.odt("".join(out))


def as_rtf(found: Sequence[Part]) -> bytes:
    out = [RTF_HEAD, r"\pard\s9 The title of all\par "]
    for level, heading, blocks in found:
        out.append(rf"\pard\s{level - 1} {heading}\par ")
        for kind, cells in blocks:
            for row in cells:
                if kind == "table":
                    told = "".join(rf"\pard\intbl {cell}\cell " for cell in row)
                    out.append(rf"\trowd\cellx1\cellx2\cellx3 {told}\row ")
                else:
                    mark = r"{\listtext\'b7\tab}\ls1 " if kind == "list" else ""
                    out.append(rf"\pard {mark}{row[0]}\par ")
    return ("".join(out) + "}").encode()


def as_slides(found: Sequence[Part]) -> bytes:
    out = [slide(shape("The title of all", place="ctrTitle"))]
    for _, heading, blocks in found:
        shapes = [shape(heading, place="title")]
        for kind, cells in blocks:
            if kind == "table":
                shapes.append(slide_table(*map(tuple, cells)))
            else:
                shapes.append(shape(*(row[0] for row in cells), place="body"))
        out.append(slide(*shapes))
    return office_files.pptx(*out)


def as_book(found: Sequence[Part]) -> bytes:
    return office_files.epub(
        *(chapter(as_page([part]).decode().partition("</h1>")[2]) for part in found),
        title="The title of all",
    )


def as_pdf(found: Sequence[Part]) -> bytes:
    def page(part: Part) -> Callable[[Sheet], None]:
        def draw(sheet: Sheet) -> None:
            sheet.heading(part[1])
            for kind, cells in part[2]:
                for row in cells:
                    if kind == "table":
                        for x, cell in zip((72, 240, 400), row, strict=True):
                            sheet.at(x, sheet.y, cell)
                        sheet.y -= 14
                    else:
                        mark = "\u2022 " if kind == "list" else ""
                        words = f"{mark}{row[0]}.".split()
                        lines = [" ".join(words[n : n + 8]) for n in range(0, len(words), 8)]
                        sheet.lines(*lines)
                sheet.y -= 10

        return draw

    return pdf(*map(page, found))


def article_of(raw: bytes, suffix: str) -> tuple[Article, ParsedText]:
    if suffix == ".txt":
        parsed = parse_plain_text(raw.decode(), "a", "File")
    else:
        parsed = parse(raw, suffix, "a", "File")
    made = Article("a", parsed.title, parsed.text, parsed.sections, f"a{suffix}", "0" * 64)
    return made, parsed


def lost_of(raw: bytes, suffix: str) -> list[str]:
    made, parsed = article_of(raw, suffix)
    left_out = [part.text for part in parsed.left_out]
    return list(account(own_text(raw, suffix), texts_of(made), left_out).lost)


WRITERS = {
    ".txt": as_text,
    ".md": as_markdown,
    ".html": as_page,
    ".csv": as_table,
    ".docx": as_word,
    ".odt": as_odt,
    ".rtf": as_rtf,
    ".pptx": as_slides,
    ".epub": as_book,
    ".pdf": as_pdf,
}


@pytest.mark.parametrize("suffix", WRITERS)
@settings(suppress_health_check=list(HealthCheck), database=None)
@given(found=parts())
def test_no_word_of_an_article_vanishes(suffix: str, found: list[Part]) -> None:
    raw = WRITERS[suffix](found)
    assert lost_of(raw, suffix) == []
    # And the file's own text is all of it: the check would miss what both overlook.
    made, parsed = article_of(raw, suffix)
    written = " ".join(
        [heading for _, heading, _ in found]
        + [cell for _, _, blocks in found for _, rows in blocks for row in rows for cell in row]
    )
    assert not account(written, [own_text(raw, suffix)], []).lost
    assert not account(written, texts_of(made), [part.text for part in parsed.left_out]).lost


# What a reader leaves out on purpose has to be named.
ON_PAGES = {
    "menu": "<nav><a href=/>Start here</a></nav><main>{}</main>",
    "footer": "<main>{}</main><footer>Opening hours daily</footer>",
    "cookies": "<div class=cookie-banner>We value biscuits</div><main>{}</main>",
    "struck": "<main>{}<p>Rest <del>forever</del> <s>always</s> a while.</p></main>",
    "related": "<main>{}<h2>Related posts</h2><ul><li><a href=b>Another thing</a></ul></main>",
    "hidden": "<main>{}<p hidden>Internal remark</p></main>",
    "form": "<main>{}<form class=newsletter><p>Join our letters</p></form></main>",
    "crumbs": "<div class=breadcrumbs><a href=/>Beginning</a></div><main>{}</main>",
}
IN_DOCUMENTS = {
    "hidden": paragraph(run("Internal remark", "<w:vanish/>")),
    "struck": paragraph(run("Rest forever", "<w:strike/>")),
    "contents": paragraph("Overview of everything", style="TOCHeading")
    + paragraph("Chapter seven", style="TOC1"),
    "contents-box": "<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val='Table of Contents'/>"
    f"</w:docPartObj></w:sdtPr><w:sdtContent>{paragraph('Chapter seven')}</w:sdtContent></w:sdt>",
    "last-heading": paragraph("Nothing follows this", style="Heading1"),
}
IN_MARKDOWN = {
    "template": "{% include banner.html %}",
    "shortcode": '{{< youtube id="film" >}}',
    "comment": "<!-- remark -->",
    "picture": "![A joint](knee.png)",
    "block": '<div class="lead">More text inside</div>',
    "last-heading": "## Nothing follows this",
}


def repeated(draw: Callable[[Sheet, int], None]) -> bytes:
    def page(number: int) -> Callable[[Sheet], None]:
        def both(sheet: Sheet) -> None:
            draw(sheet, number)
            sheet.heading(f"Part {'abcd'[number]}")
            sheet.lines(f"A knee is a joint that bends, day {'wxyz'[number]},", "and carries us.")

        return both

    return pdf(*map(page, range(4)))


IN_PDFS = {
    "numbers": lambda sheet, n: sheet.at(290, 30, str(100 + n), size=9),
    "running-line": lambda sheet, _: sheet.at(72, 800, "Riverside leaflets", size=9),
    "sideways": lambda sheet, _: _sideways(sheet, "Printed somewhere"),
}


def _sideways(sheet: Sheet, text: str) -> None:
    sheet.canvas.saveState()
    sheet.canvas.translate(30, 300)
    sheet.canvas.rotate(90)
    sheet.at(0, 0, text, size=8)
    sheet.canvas.restoreState()


IN_OPEN_TEXTS = {
    "hidden": office_files.p("<text:span text:style-name='H'>Internal remark</text:span>"),
    "struck": office_files.p("<text:span text:style-name='S'>Rest forever</text:span>"),
    "section": f"<text:section text:display='none'>{office_files.p('Staff only')}</text:section>",
    "contents": "<text:table-of-content><text:table-of-content-source>Pattern"
    f"</text:table-of-content-source><text:index-body>{office_files.p('Chapter seven')}"
    "</text:index-body></text:table-of-content>",
    "note": office_files.p(
        "<text:span>Seen</text:span><text:note><text:note-citation>1</text:note-citation>"
        f"<text:note-body>{office_files.p('Small print')}</text:note-body></text:note>"
    ),
    "comment": office_files.p(
        "<text:span>Seen</text:span><office:annotation><dc:creator>Sam</dc:creator>"
        f"{office_files.p('Really?')}</office:annotation>"
    ),
    "deleted": "<text:tracked-changes><text:changed-region><text:deletion><office:change-info>"
    f"<dc:creator>Sam</dc:creator></office:change-info>{office_files.p('Gone by now')}"
    "</text:deletion></text:changed-region></text:tracked-changes>",
    "box": office_files.p(
        f"<draw:frame><draw:text-box>{office_files.p('In a box')}</draw:text-box></draw:frame>"
    ),
    "last-heading": office_files.h("Nothing follows this"),
}
ODF_STYLES = odf_style("H", text__display="none") + odf_style(
    "S", style__text_line_through_style="solid"
)
IN_RICH_TEXTS = {
    "hidden": r"\pard Seen {\v Internal remark}\par ",
    "struck": r"\pard Rest {\strike forever}\par ",
    "contents": r"\pard\s4 Chapter seven\par ",
    "header": r"{\header\pard Riverside leaflets\par}",
    "note": r"\pard Seen{\footnote\pard Small print\par} again\par ",
    "comment": r"\pard Seen{\*\annotation\pard Really\par}\par ",
    "russian": r"\pard\f1 \'cf\'ee\'ea\'ee\'e9 \u1087?\u1086?\par ",
    "last-heading": r"\pard\s1 Nothing follows this\par ",
}
IN_SLIDES = {
    "hidden": slide(shape("Staff only", place="title"), shape("Internal remark"), hidden=True),
    "struck": slide(
        shape(a_p("<a:r><a:rPr strike='sngStrike'/><a:t>forever</a:t></a:r>"), "Rest always.")
    ),
    "footer": slide(shape("Seen."), shape("Riverside leaflets", place="ftr")),
    "choice": slide(
        f"<mc:AlternateContent><mc:Choice>{shape('New.')}</mc:Choice><mc:Fallback>{shape('Old.')}"
        "</mc:Fallback></mc:AlternateContent>"
    ),
    "last-heading": slide(shape("Nothing follows this", place="title")),
}
IN_BOOKS = {
    "menu": "<nav><a href='/'>Start here</a></nav><p>Seen.</p>",
    "hidden": "<p hidden='hidden'>Internal remark</p><p>Seen.</p>",
    "empty": "<a id='x'/><title/><p>Seen.</p>",
    "last-heading": "<h2>Nothing follows this</h2>",
}


INNER = "A knee is a joint that bends, and it carries the whole body."
AROUND = [
    *(
        pytest.param(
            page.format(f"<h1>Knees</h1><p>{INNER}</p>").encode(), ".html", id=f"html-{name}"
        )
        for name, page in ON_PAGES.items()
    ),
    *(
        pytest.param(
            docx(paragraph("Knees", style="Title") + paragraph(INNER) + body),
            *(".docx",),
            id=f"word-{name}",
        )
        for name, body in IN_DOCUMENTS.items()
    ),
    *(
        pytest.param(f"# Knees\n\n{INNER}\n\n{body}\n".encode(), ".md", id=f"markdown-{name}")
        for name, body in IN_MARKDOWN.items()
    ),
    *(
        pytest.param(
            office_files.odt(
                office_files.p("Knees", "Title") + office_files.p(INNER) + body, styles=ODF_STYLES
            ),
            *(".odt",),
            id=f"odt-{name}",
        )
        for name, body in IN_OPEN_TEXTS.items()
    ),
    *(
        pytest.param(
            rf"{RTF_HEAD}\pard\s9 Knees\par\pard {INNER}\par {body}}}".encode(),
            *(".rtf",),
            id=f"rtf-{name}",
        )
        for name, body in IN_RICH_TEXTS.items()
    ),
    *(
        pytest.param(
            office_files.pptx(
                slide(shape("Knees", place="title"), shape(INNER)), body, notes={1: "Ask who runs."}
            ),
            *(".pptx",),
            id=f"slides-{name}",
        )
        for name, body in IN_SLIDES.items()
    ),
    *(
        pytest.param(
            office_files.epub(
                chapter(f"<h1>Knees</h1><p>{INNER}</p>"), chapter(body), nav="<a href='a'>Part</a>"
            ),
            *(".epub",),
            id=f"book-{name}",
        )
        for name, body in IN_BOOKS.items()
    ),
    *(pytest.param(repeated(draw), ".pdf", id=f"pdf-{name}") for name, draw in IN_PDFS.items()),
]


@pytest.mark.parametrize(("raw", "suffix"), AROUND)
def test_what_a_reader_leaves_out_is_named(raw: bytes, suffix: str) -> None:
    assert lost_of(raw, suffix) == []


def test_the_title_of_a_page_is_not_on_it_wherever_the_parser_puts_it() -> None:
    head = "<head><noscript><img src=x></noscript><title>Backs at our clinic</title></head>"
    assert own_text(f"<html>{head}<body><p>Rest.</p>".encode(), ".html").split() == ["Rest."]


def test_letters_that_a_script_has_put_apart_are_one_word() -> None:
    def word(letters: str) -> str:
        inner = "".join(f"<div style='display:inline-block'>{letter}</div>" for letter in letters)
        return f"<div style='position:relative;display:inline-block'>{inner}</div>"

    page = f"<h2>{word('Hand')} {word('care')}</h2><div style='display:inline-block'>a b</div>"
    own = own_text(page.encode(), ".html")
    assert own.replace("\x1f", "").split() == ["Hand", "care", "a", "b"]
