"""OpenDocument texts, presentations and e-books that tests make by hand, part by part."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from tests.support.files.word_files import packed

Parts = Mapping[str, str | bytes]

_ODF = "urn:oasis:names:tc:opendocument:xmlns"
ODF_SPACES = " ".join(
    [
        *(f'xmlns:{n}="{_ODF}:{n}:1.0"' for n in "office text table style draw manifest".split()),
        f'xmlns:fo="{_ODF}:xsl-fo-compatible:1.0"',
        'xmlns:dc="http://purl.org/dc/elements/1.1/"',
    ]
)
_OPEN = "http://schemas.openxmlformats.org"
_RELATION = f"{_OPEN}/officeDocument/2006/relationships"
PPT_SPACES = (
    f'xmlns:p="{_OPEN}/presentationml/2006/main" xmlns:a="{_OPEN}/drawingml/2006/main" '
    f'xmlns:r="{_RELATION}" xmlns:mc="{_OPEN}/markup-compatibility/2006"'
)


# -- OpenDocument ----------------------------------------------------------------------------------


def odf_style(name: str, family: str = "text", parent: str = "", **letters: str) -> str:
    """Return a style; `letters` are its properties, "fo__font_weight" for `fo:font-weight`."""
    said = " ".join(
        f'{key.replace("__", ":").replace("_", "-")}="{value}"' for key, value in letters.items()
    )
    based = f' style:parent-style-name="{parent}"' if parent else ""
    return (
        f'<style:style style:name="{name}" style:family="{family}"{based}>'
        f"<style:text-properties {said}/></style:style>"
    )


def p(text: str, style: str = "Standard") -> str:
    """Return a paragraph; text that begins with "<" is markup."""
    return f'<text:p text:style-name="{style}">{_marked(text)}</text:p>'


def h(text: str, level: int = 1) -> str:
    """Return a heading."""
    return f'<text:h text:outline-level="{level}">{_marked(text)}</text:h>'


def items(*texts: str, style: str = "") -> str:
    """Return a list; an item that begins with "<" is markup, for a list inside the list."""
    inner = "".join(
        f"<text:list-item>{t if t.startswith('<') else p(t)}</text:list-item>" for t in texts
    )
    return f'<text:list text:style-name="{style}">{inner}</text:list>'


def rows(*texts: tuple[str, ...], head: int = 0) -> str:
    """Return a table, of which the first `head` rows are headings."""
    told = [
        "<table:table-row>"
        + "".join(
            t if t.startswith("<table:") else f"<table:table-cell>{p(t)}</table:table-cell>"
            for t in row
        )
        + "</table:table-row>"
        for row in texts
    ]
    heads = f"<table:table-header-rows>{''.join(told[:head])}</table:table-header-rows>"
    return f"<table:table>{heads * bool(head)}{''.join(told[head:])}</table:table>"


def odt(
    body: str = "",
    *,
    styles: str = "",
    title: str = "",
    author: str = "",
    parts: Parts | None = None,
) -> bytes:
    """Return a document with this body; `parts` replace others or are added."""
    numbered = (
        '<text:list-style style:name="N"><text:list-level-style-number text:level="1" '
        'style:num-format="1"/></text:list-style>'
    )
    contents: dict[str, str | bytes] = {
        "mimetype": "application/vnd.oasis.opendocument.text",
        "META-INF/manifest.xml": f"<manifest:manifest {ODF_SPACES}/>",
        "content.xml": (
            f"<office:document-content {ODF_SPACES}><office:automatic-styles>{styles}{numbered}"
            f"</office:automatic-styles><office:body><office:text>{body}</office:text>"
            "</office:body></office:document-content>"
        ),
        "styles.xml": f"<office:document-styles {ODF_SPACES}><office:styles>"
        + odf_style("Heading_20_2", "paragraph")
        + "</office:styles></office:document-styles>",
        "meta.xml": (
            f"<office:document-meta {ODF_SPACES}><office:meta><dc:title>{escape(title)}</dc:title>"
            f"<dc:creator>{escape(author)}</dc:creator></office:meta></office:document-meta>"
        ),
    }
    return packed({**contents, **(parts or {})})


# -- slides ----------------------------------------------------------------------------------------


def a_p(text: str, properties: str = "") -> str:
    """Return a paragraph of a slide; text that begins with "<" is markup."""
    inner = text if text.startswith("<") else f"<a:r><a:t>{escape(text)}</a:t></a:r>"
    return f"<a:p>{properties}{inner}</a:p>"


def shape(*paragraphs: str, place: str | None = None) -> str:
    """Return a shape with paragraphs; `place` is the kind of place that it fills."""
    inner = "".join(one if one.startswith("<a:p>") else a_p(one) for one in paragraphs)
    kind = f' type="{place}"' if place else ""
    ph = "" if place is None else f"<p:ph{kind}/>"
    return f"<p:sp><p:nvSpPr><p:nvPr>{ph}</p:nvPr></p:nvSpPr><p:txBody>{inner}</p:txBody></p:sp>"


def slide_table(*texts: tuple[str, ...], first_row: bool = True) -> str:
    """Return a table of a slide; a cell that begins with "<" is markup."""
    told = "".join(
        "<a:tr>"
        + "".join(
            t if t.startswith("<") else f"<a:tc><a:txBody>{a_p(t)}</a:txBody></a:tc>" for t in row
        )
        + "</a:tr>"
        for row in texts
    )
    return (
        "<p:graphicFrame><a:graphic><a:graphicData><a:tbl>"
        f'<a:tblPr firstRow="{int(first_row)}"/>{told}</a:tbl></a:graphicData></a:graphic>'
        "</p:graphicFrame>"
    )


def slide(*shapes: str, hidden: bool = False) -> str:
    """Return a slide of shapes."""
    show = ' show="0"' * hidden
    return (
        f"<p:sld {PPT_SPACES}{show}><p:cSld><p:spTree>{''.join(shapes)}</p:spTree></p:cSld></p:sld>"
    )


def pptx(
    *slides: str,
    notes: Mapping[int, str] | None = None,
    title: str = "",
    author: str = "",
    parts: Parts | None = None,
) -> bytes:
    """Return a presentation; `notes` are what the speaker says, by the number of a slide."""
    count = range(1, len(slides) + 1)
    # Written in the other order: what counts is the list of slides.
    listed = "".join(f'<p:sldId id="{255 + n}" r:id="s{n}"/>' for n in count)
    contents: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": _relations(a=("officeDocument", "ppt/presentation.xml")),
        "ppt/presentation.xml": (
            f"<p:presentation {PPT_SPACES}><p:sldIdLst>{listed}</p:sldIdLst></p:presentation>"
        ),
        "ppt/_rels/presentation.xml.rels": _relations(
            **{f"s{n}": ("slide", f"slides/slide{n}.xml") for n in reversed(count)}
        ),
        "docProps/core.xml": (
            '<cp:coreProperties xmlns:cp="urn:cp" xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<dc:title>{escape(title)}</dc:title><dc:creator>{escape(author)}</dc:creator>"
            "</cp:coreProperties>"
        ),
    }
    for n, one in enumerate(slides, start=1):
        contents[f"ppt/slides/slide{n}.xml"] = one
        if notes and n in notes:
            contents[f"ppt/slides/_rels/slide{n}.xml.rels"] = _relations(
                n=("notesSlide", f"../notesSlides/notes{n}.xml")
            )
            contents[f"ppt/notesSlides/notes{n}.xml"] = slide(shape(notes[n], place="body"))
    return packed({**contents, **(parts or {})})


def _relations(**targets: tuple[str, str]) -> str:
    inner = "".join(
        f'<Relationship Id="{id_}" Type="{_RELATION}/{kind}" Target="{target}"/>'
        for id_, (kind, target) in targets.items()
    )
    return f'<Relationships xmlns="{_OPEN}/package/2006/relationships">{inner}</Relationships>'


# -- e-books ---------------------------------------------------------------------------------------

CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/>'
    "</rootfiles></container>"
)


def chapter(body: str, title: str = "x") -> str:
    """Return a chapter as programs write it, with a document type."""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" '
        '"http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd">\n<html '
        f'xmlns="http://www.w3.org/1999/xhtml"><head><title>{title}</title></head>'
        f"<body>{body}</body></html>"
    )


def epub(
    *chapters: str, title: str = "", author: str = "", nav: str = "", parts: Parts | None = None
) -> bytes:
    """Return a book of chapters; `nav` is its list of contents, which is read before them."""
    names = [f"part {n}.xhtml" for n in range(1, len(chapters) + 1)]
    listed = "".join(
        f'<item id="c{n}" href="{name.replace(" ", "%20")}" media-type="application/xhtml+xml"/>'
        for n, name in reversed(list(enumerate(names, start=1)))
    )
    listed += (
        '<item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>'
        '<item id="pic" href="a.png" media-type="image/png"/>'
    )
    order = "".join(f'<itemref idref="c{n}"/>' for n in range(1, len(chapters) + 1))
    contents: dict[str, str | bytes] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "OEBPS/book.opf": (
            '<package xmlns="http://www.idpf.org/2007/opf"><metadata '
            f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(title)}</dc:title>'
            f"<dc:creator>{escape(author)}</dc:creator></metadata><manifest>{listed}</manifest>"
            f'<spine><itemref idref="nav"/>{order}</spine></package>'
        ),
        "OEBPS/nav.xhtml": chapter(f"<nav>{nav}</nav>"),
        **{f"OEBPS/{name}": one for name, one in zip(names, chapters, strict=True)},
    }
    return packed({**contents, **(parts or {})})


def _marked(text: str) -> str:
    return text if text.startswith("<") else escape(text)
