"""Whatever a file holds, its reader ends in an article that holds together or in one clear error.

The parsers are called in this process and without the net that catches what libraries raise, so
that a slip of this project's own shows. `EXAMPLES=20000 python -m pytest
--hypothesis-profile thorough tests/ingest/readers/test_reader_fuzz.py` looks longer.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import ContentError
from core.types import Article
from ingest.build.splitter import SplitterSettings, split_article
from ingest.build.views import views_of
from ingest.files import limits
from ingest.files.encoding import decode
from ingest.files.records import from_record
from ingest.files.worker import to_record
from ingest.readers.epub import parse_epub
from ingest.readers.html.page import parse_html
from ingest.readers.markdown.document import parse_markdown
from ingest.readers.office.odf import parse_odf
from ingest.readers.office.rtf import parse_rtf
from ingest.readers.office.slides import parse_slides
from ingest.readers.outline import ParsedText, Reason
from ingest.readers.pdf.document import parse_pdf
from ingest.readers.plain_text import parse_plain_text
from ingest.readers.word.document import parse_word
from tests.support.files import office_files, web_pages
from tests.support.files.pdf_files import Sheet, by_hand, pdf, stream
from tests.support.files.word_files import bold, docx, paragraph, run, table

fuzz = settings(suppress_health_check=list(HealthCheck), database=None)


# Small, so that short texts are divided as well.
SMALL = SplitterSettings(max_tokens=24, max_words=12, min_words=3)


def words_of(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) + 2 for text in texts]


def holds_together(parsed: ParsedText) -> None:
    text = parsed.text
    text.encode()
    assert parsed.title.strip()
    assert len(text) <= limits.TEXT_CHARS
    assert len({section.id for section in parsed.sections}) == len(parsed.sections)
    end = 0
    for section in parsed.sections:
        assert end <= section.body.start < section.body.end <= len(text)
        assert text[section.body.start : section.body.end].strip()
        assert section.id.startswith("a#")
        assert all(heading.strip() for heading in section.path)
        end = section.body.end
    assert list(parsed.pages) == sorted(parsed.pages)
    assert all(0 <= page <= len(text) for page in parsed.pages)
    assert all("\n" not in warning for warning in parsed.warnings)
    splits(parsed)


def splits(parsed: ParsedText) -> None:
    """Split what was read; its passages are slices in order that hold all of its sections."""
    article = Article("a", parsed.title, parsed.text, parsed.sections, "a", "0" * 64)
    passages = split_article(article, count_tokens=words_of, settings=SMALL)
    assert [p.text for p in passages] == [parsed.text[p.start : p.end] for p in passages]
    for section in parsed.sections:
        own = [p for p in passages if p.section_id == section.id]
        assert [p.id for p in own] == [f"{section.id}/{n + 1}" for n in range(len(own))]
        edges = [section.body.start, *(e for p in own for e in (p.start, p.end)), section.body.end]
        assert edges == sorted(edges)
        between = (parsed.text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True))
        assert not "".join(between).strip()
    for view in views_of(passages):
        if view.span:
            text = passages[view.passage].text
            assert text[view.span.start : view.span.end] == view.text


def check(parse: Callable[[], ParsedText]) -> ParsedText | None:
    try:
        parsed = parse()
    except ContentError as error:
        return is_clear(error)
    holds_together(parsed)
    return parsed


def is_clear(error: ContentError) -> None:
    assert error.problem
    assert error.expected
    assert error.found
    assert error.fix
    assert len(str(error)) < 2_000


def changed(draw: st.DrawFn, raw: bytes) -> bytes:
    """Return bytes with a few of them changed, left out, doubled or exchanged."""
    out = bytearray(raw)
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, max(len(out) - 1, 0)))
        size = draw(st.integers(1, 40))
        match draw(st.integers(0, 3)):
            case 0:
                out[at : at + 1] = bytes([draw(st.integers(0, 255))])
            case 1:
                del out[at : at + size]
            case 2:
                out[at:at] = out[at : at + size] * draw(st.integers(1, 30))
            case _:
                out[at : at + size] = draw(st.binary(max_size=size))
    return bytes(out)


# -- office documents and e-books -----------------------------------------------------------------

RTF_WORDS = """par pard cell row trowd intbl trhdr cellx1 clmrg clvmrg nestcell nestrow itap1 itap0
s1 s2 b b0 v strike plain u8364 u-10179 u-8704 uc0 uc2 f1 f2 ls1 ilvl8 outlinelevel3 line tab super
footnote header listtext pntext shptxt shpinst pict bin3 fonttbl stylesheet info title *""".split()
RTF = st.sampled_from(
    [
        *(f"\\{word} " for word in RTF_WORDS),
        *("{", "}", "{", "}", r"\'e9", r"\'zz", r"\\", "word ", "Is it?", "2.", "\n", ";"),
    ]
)


@fuzz
@given(st.lists(RTF, max_size=80).map("".join))
def test_rich_text(text: str) -> None:
    raw = (r"{\rtf1\ansi{\stylesheet{\s1 heading 1;}{\s2 Title;}}" + text).encode("utf-8")
    check(lambda: parse_rtf(raw, "a", "File"))


INSIDE = st.sampled_from(
    """text:p text:h text:list text:list-item text:span text:s text:line-break text:note
    text:section text:table-of-content text:index-body text:tracked-changes text:deletion
    table:table table:table-row table:table-cell table:table-header-rows
    table:covered-table-cell draw:frame draw:text-box office:annotation
    p:sp p:txBody p:grpSp p:graphicFrame a:p a:r a:t a:br a:pPr
    a:buNone a:buAutoNum a:tbl a:tr a:tc a:txBody p:nvSpPr p:nvPr p:ph mc:AlternateContent
    mc:Choice mc:Fallback""".split()
)
SAYING = st.sampled_from(
    ["", ' text:style-name="Title"', ' text:outline-level="99"', ' text:is-hidden="true"',
     ' table:number-columns-repeated="99999"', ' table:number-rows-spanned="7"', ' type="title"',
     ' type="sldNum"', ' lvl="9"', ' startAt="\u0663"', ' rowSpan="9"', ' hMerge="1"', ' show="0"',
     ' text:start-value="5"', ' text:outline-level="\u00b2"']
)  # fmt: skip


@st.composite
def elements(draw: st.DrawFn) -> str:
    out, opened = "", list[str]()
    for _ in range(draw(st.integers(0, 40))):
        if opened and draw(st.booleans()):
            out += f"</{opened.pop()}>"
        else:
            opened.append(draw(INSIDE))
            out += f"<{opened[-1]}{draw(SAYING)}>{draw(st.sampled_from(['', 'word ', 'Is it?']))}"
    return out + "".join(f"</{name}>" for name in reversed(opened))


SPACES = f"{office_files.ODF_SPACES} {office_files.PPT_SPACES}"


@fuzz
@given(elements())
def test_open_document(inside: str) -> None:
    content = (
        f"<office:document-content {SPACES}><office:body><office:text>{inside}</office:text>"
        "</office:body></office:document-content>"
    )
    check(lambda: parse_odf(office_files.odt(parts={"content.xml": content}), "a", "File"))


@fuzz
@given(elements())
def test_slides(inside: str) -> None:
    body = inside.replace("text:p", "a:p")
    one = f"<p:sld {SPACES}><p:cSld><p:spTree>{body}</p:spTree></p:cSld></p:sld>"
    check(lambda: parse_slides(office_files.pptx(one, one), "a", "File"))


OFFICE = [
    (
        parse_odf,
        office_files.odt(office_files.p("word") + office_files.rows(("a", "b"), ("c", "d"))),
    ),
    (parse_slides, office_files.pptx(office_files.slide(office_files.shape("word", "Is it?")))),
    (parse_epub, office_files.epub(office_files.chapter("<h1>T</h1><p>word"))),
    (parse_rtf, rb"{\rtf1\ansi{\fonttbl{\f0 A;}}\pard{\b word}\par\trowd a\cell b\cell\row}"),
]


@fuzz
@given(st.data(), st.sampled_from(OFFICE))
def test_bytes_of_office_files_changed(
    data: st.DataObject, case: tuple[Callable[[bytes, str, str], ParsedText], bytes]
) -> None:
    parse, raw = case
    raw = changed(data.draw, raw)
    check(lambda: parse(raw, "a", "File"))


# -- text ----------------------------------------------------------------------------------------


@fuzz
@given(st.binary(max_size=400) | st.text(max_size=300).map(str.encode))
def test_plain_text(raw: bytes) -> None:
    check(lambda: parse_plain_text(decode(raw, "a").text, "a", "File"))


WORDS = r"""# ## ###### - * + 1. 2) > | |- --- === ``` ~~~ ` ** _ [ ]( ) ![ <b> </b> <div> </div>
<!-- --> <br> <script> &amp; &#0; &x; \ a word: Word. title: author: reviewed: sources: [x] {a: b}
&a *a 2026-01-01 \u202e é 🙂""".split()
MARKS = st.sampled_from(
    [*WORDS, "\n", "\n\n", "    ", "\t", " ", "---\n", "\0", "\u202e", "\ufeff"]
)


@fuzz
@given(st.lists(MARKS, max_size=60).map("".join), st.booleans())
def test_markdown(text: str, has_head: bool) -> None:
    check(lambda: parse_markdown(f"---\n{text}" if has_head else text, "a", "File"))


# -- web pages -----------------------------------------------------------------------------------

TAGS = """html head body main article section div p span b strong i font a br hr h1 h2 h3 h6 ul
ol li dl dt dd table caption thead tbody tr td th details summary button form input nav header
footer aside figure figcaption blockquote pre sup sub script style template svg math title meta
select option textarea iframe noscript del address legend fieldset center dialog frameset""".split()
ATTRIBUTES = st.sampled_from(
    ["", "", "", ' class="cookie-banner"', ' class="menu"', " role=main", " role=heading",
     " role=button aria-expanded=false", " rowspan=3", " colspan=2", " rowspan=99999", " start=5",
     ' start="-3"', ' value="x"', ' href="#a"', ' id="toc"', " aria-level=9", " hidden",
     ' name=author content="A"', ' type="application/ld+json"', ' property=og:title content=" "',
     " rowspan=0", " colspan=\u0663", " value=\u00b2", " aria-level=\u00b2", " start=\u0664"]
)  # fmt: skip
TEXTS = st.sampled_from(
    ["word ", "Is it?", "Q: Why?", "&nbsp;", "&#8238;", "&#0;", "\u200b", "]]>", "<!--", "-->", "<",
     "\x0b", "10", '{"@type":"Article","author":[1,{}]}', "Related posts", "\U0001f642"]
)  # fmt: skip


@st.composite
def markup(draw: st.DrawFn) -> str:
    """A page of tags in any order, opened and closed as it comes."""
    out = []
    for _ in range(draw(st.integers(0, 50))):
        tag = draw(st.sampled_from(TAGS))
        match draw(st.integers(0, 3)):
            case 0:
                out.append(draw(TEXTS))
            case 1:
                out.append(f"</{tag}>")
            case _:
                out.append(f"<{tag}{draw(ATTRIBUTES)}>")
    return "".join(out)


@fuzz
@given(markup())
def test_pages_of_tags_in_any_order(page: str) -> None:
    check(lambda: parse_html(page, "a", "File"))


@st.composite
def damaged_page(draw: st.DrawFn) -> bytes:
    pages = [web_pages.WORDPRESS, web_pages.FAQ, web_pages.TABLES, web_pages.NHS, web_pages.PLAIN]
    return changed(draw, draw(st.sampled_from(pages)).encode())


@fuzz
@given(damaged_page())
def test_damaged_pages(raw: bytes) -> None:
    check(lambda: parse_html(decode(raw, "a", is_page=True).text, "a", "File"))


# Elements that may stand in each other in any way without a word being left out.
_WRAPS = ["div", "section", "p", "ul><li", "ol><li", "blockquote", "center", "address"]
_WRAPS += ["table><tr><td", "table><tr><th", "dl><dd", "details", "h2", "b", "font", "h4", "pre"]


@st.composite
def page_of_words(draw: st.DrawFn) -> tuple[str, list[str]]:
    count = draw(st.integers(3, 25))
    words = [f"wo{n}rd" for n in range(count)]
    out = ["<p>", words[0], "</p>"]
    opened: list[str] = []
    for word in words[1:]:
        for _ in range(draw(st.integers(0, 2))):
            tags = draw(st.sampled_from(_WRAPS))
            out.append(f"<{tags}>")
            opened += tags.split("><")
        out.append(f" {word} ")
        closed = draw(st.integers(0, min(2, len(opened))))
        out += [f"</{opened.pop()}>" for _ in range(closed)]
    return "".join(out), words


@fuzz
@given(page_of_words())
def test_no_word_of_a_page_without_boilerplate_is_lost(page: tuple[str, list[str]]) -> None:
    parsed = check(lambda: parse_html(page[0], "a", "File"))
    assert parsed
    labels = [left.text for left in parsed.left_out if left.reason is Reason.LABEL]
    assert [word for word in page[1] if word not in "\n".join([parsed.text, *labels])] == []


# -- Word ----------------------------------------------------------------------------------------


@st.composite
def word_body(draw: st.DrawFn, depth: int = 0) -> tuple[str, list[str]]:
    """A document of paragraphs, items, headings and tables of words that are all different."""
    out: list[str] = []
    words: list[str] = []
    for _ in range(draw(st.integers(1, 6))):
        word = f"wo{draw(st.integers(0, 10**9))}rd"
        words.append(word)
        match draw(st.integers(0, 7 if depth < 3 else 6)):
            case 0:
                style = draw(st.sampled_from(["Heading1", "Heading2", "Title", "berschrift3", "x"]))
                out.append(paragraph(word, style=style))
            case 1:
                out.append(
                    paragraph(word, items=(draw(st.integers(0, 4)), draw(st.integers(0, 9))))
                )
            case 2:
                out.append(bold(word))
            case 3:
                out.append(f"<w:ins>{paragraph(run(word))}</w:ins>")
            case 4:
                out.append(paragraph(f"<w:ins>{run(word, '<w:b/>')}</w:ins>", style="ListBullet2"))
            case 5:
                box = f"<w:drawing><w:txbxContent>{paragraph(word)}</w:txbxContent></w:drawing>"
                out.append(paragraph(f"<w:r>{box}</w:r>"))
            case 6:
                out.append(f"<w:sdt><w:sdtContent>{paragraph(word)}</w:sdtContent></w:sdt>")
            case _:
                inner, more = draw(word_body(depth=depth + 1))
                words += more
                rows = [(paragraph(word), inner)] * draw(st.integers(1, 2))
                out.append(table(*rows, head=draw(st.booleans())))
    return "".join(out), words


@fuzz
@given(word_body())
def test_no_word_of_a_document_is_lost(body: tuple[str, list[str]]) -> None:
    parsed = check(lambda: parse_word(docx(body[0]), "a", "File"))
    assert parsed
    assert [word for word in body[1] if word not in parsed.text] == []


NAMES = """p r t tbl tr tc pPr rPr pStyle numPr ilvl numId ins del sdt sdtContent hyperlink br tab
sym drawing txbxContent vMerge gridSpan tcPr trPr outlineLvl b vanish altChunk""".split()


@st.composite
def word_xml(draw: st.DrawFn) -> str:
    """Elements of Word in any order, with values that need not make sense."""
    out: list[str] = []
    opened: list[str] = []
    for _ in range(draw(st.integers(0, 40))):
        name = draw(st.sampled_from(NAMES))
        match draw(st.integers(0, 4)):
            case 0 if opened:
                out.append(f"</w:{opened.pop()}>")
            case 1:
                value = draw(st.sampled_from(["0", "1", "-1", "99999999999", "x", "\u00b2", ""]))
                out.append(f'<w:{name} w:val="{value}" w:char="{value}"/>')
            case 2:
                out.append("text")
            case _:
                out.append(f"<w:{name}>")
                opened.append(name)
    return "".join(out) + "".join(f"</w:{name}>" for name in reversed(opened))


@fuzz
@given(word_xml(), word_xml(), word_xml())
def test_documents_of_elements_in_any_order(body: str, styles: str, numbering: str) -> None:
    from tests.support.files.word_files import NAMESPACES

    parts = {
        "word/styles.xml": f"<w:styles {NAMESPACES}>{styles}</w:styles>",
        "word/numbering.xml": f"<w:numbering {NAMESPACES}>{numbering}</w:numbering>",
    }
    check(lambda: parse_word(docx(body, parts=parts), "a", "File"))


WORD = docx(
    paragraph("Head", style="Heading1") + paragraph("Text.", items=(1, 0)) + table(("a", "b"))
)
STORED = docx(paragraph("Head", style="Heading1") + table(("a", "b")), compression=0)


@st.composite
def damaged_word(draw: st.DrawFn) -> bytes:
    return changed(draw, draw(st.sampled_from([WORD, STORED])))


@fuzz
@given(damaged_word())
def test_damaged_documents(raw: bytes) -> None:
    check(lambda: parse_word(raw, "a", "File"))


# -- PDF -----------------------------------------------------------------------------------------


@st.composite
def pdf_of_words(draw: st.DrawFn) -> tuple[bytes, list[str]]:
    """Pages with words anywhere, of any size, that are all different."""
    words: list[str] = []
    pages = []
    for number in range(draw(st.integers(1, 3))):
        marks = [
            (
                draw(st.integers(20, 560)),
                draw(st.sampled_from([*range(130, 700, 14), 333.3, 420.5])),
                f"{draw(st.sampled_from(['', '- ', '1. ', 'a ', 'Is ']))}Wo{number}x{i}rd"
                f"{draw(st.sampled_from(['', '.', '?', ':', '!']))}",
                draw(st.sampled_from([4, 9, 11, 11, 11.04, 14, 30])),
                draw(st.sampled_from(["Helvetica", "Helvetica-Bold", "Times-Roman"])),
            )
            for i in range(draw(st.integers(3, 25)))
        ]
        words += [f"Wo{number}x{i}rd" for i in range(len(marks))]

        def write(
            sheet: Sheet, marks: Sequence[tuple[int, float, str, float, str]] = marks
        ) -> None:
            for mark in marks:
                sheet.at(*mark)

        pages.append(write)
    return pdf(*pages), words


@fuzz
@given(pdf_of_words())
def test_no_word_of_a_pdf_is_lost(file: tuple[bytes, list[str]]) -> None:
    from ingest.readers.pdf.glyphs import read_pdf

    parsed = check(lambda: parse_pdf(file[0], "a", "File"))
    assert parsed
    # Words that were drawn over each other are no words to whoever reads the letters.
    seen = " ".join(piece.text for page in read_pdf(file[0]).pages for piece in page.fragments)
    assert [word for word in file[1] if word in seen and word not in parsed.text] == []


CONTENT = st.sampled_from(
    b"""BT ET Tf Td Tj TJ Tm T* ' q Q cm Do re f W n /F /X (text) (a-) [(te)-900(xt)] <0041> 12 0 -5
    1 99999999999 .001 0 700 72 100 1 0 0 1 Tr 3 Tw Tc Tz Ts BMC EMC BI ID EI << >> [ ]""".split()
)


@fuzz
@given(st.lists(CONTENT, max_size=80).map(b" ".join))
def test_pages_of_operators_in_any_order(content: bytes) -> None:
    raw = by_hand(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources <<"
            b" /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
            stream(b"BT /F 12 Tf 72 700 Td (Some text to begin with.) Tj ET " + content),
        ]
    )
    check(lambda: parse_pdf(raw, "a", "File"))


def sample() -> bytes:
    def draw(sheet: Sheet) -> None:
        sheet.heading("A heading")
        sheet.lines("Some text that goes on for a", "line or two of it.")

    return pdf(draw, draw, title="T", author="A")


SAMPLE = sample()


@st.composite
def damaged_pdf(draw: st.DrawFn) -> bytes:
    return changed(draw, SAMPLE)


@fuzz
@given(damaged_pdf())
def test_damaged_pdfs(raw: bytes) -> None:
    check(lambda: parse_pdf(raw, "a", "File"))


# -- through the process apart -------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".md", ".html", ".docx", ".pdf"])
def test_an_answer_is_understood_as_it_was_meant(suffix: str) -> None:
    chance = random.Random(7)
    samples = {".docx": WORD, ".pdf": SAMPLE, ".html": web_pages.NHS.encode(), ".md": b"# T\n\nt"}
    for _ in range(10):
        raw = bytearray(samples[suffix])
        raw[chance.randrange(len(raw))] = chance.randrange(128)
        record = to_record(bytes(raw), suffix, "a", "File")
        if "error" in record:
            with pytest.raises(ContentError):
                from_record(record)
        else:
            holds_together(from_record(record))
