"""Word documents that tests make by hand, part by part, so that they can hold anything."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from html import escape
from io import BytesIO

_OPEN = "http://schemas.openxmlformats.org"
NAMESPACES = " ".join(
    f'xmlns:{prefix}="{address}"'
    for prefix, address in {
        "w": f"{_OPEN}/wordprocessingml/2006/main",
        "r": f"{_OPEN}/officeDocument/2006/relationships",
        "m": f"{_OPEN}/officeDocument/2006/math",
        "mc": f"{_OPEN}/markup-compatibility/2006",
        "v": "urn:schemas-microsoft-com:vml",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    }.items()
)
_RELATION = f"{_OPEN}/officeDocument/2006/relationships"
_PACKAGE = f"{_OPEN}/package/2006"
STYLES = {
    "Heading1": "heading 1",
    "Heading2": "heading 2",
    "berschrift3": "heading 3",
    "Title": "Title",
    "TOC1": "toc 1",
    "TOCHeading": "TOC Heading",
    "ListBullet": "List Bullet",
    "ListBullet2": "List Bullet 2",
}


def run(text: str, properties: str = "") -> str:
    """Return a run of text."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(*runs: str, style: str = "", items: tuple[int, int] | None = None) -> str:
    """Return a paragraph of runs, or of a text; `items` are the list and the depth of an item."""
    inner = "".join(r if r.startswith("<") else run(r) for r in runs)
    styled = f'<w:pStyle w:val="{style}"/>' if style else ""
    if items:
        number, depth = items
        styled += f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>'
    return f"<w:p><w:pPr>{styled}</w:pPr>{inner}</w:p>"


def bold(text: str) -> str:
    """Return a paragraph that is set bold."""
    return paragraph(run(text, "<w:b/>"))


def table(*rows: tuple[str, ...], head: bool = False) -> str:
    """Return a table of texts, or of cells and their contents."""
    found = ""
    for i, row in enumerate(rows):
        cells = "".join(
            f"<w:tc>{cell if cell.startswith('<') else paragraph(cell)}</w:tc>" for cell in row
        )
        marked = "<w:trPr><w:tblHeader/></w:trPr>" if head and i == 0 else ""
        found += f"<w:tr>{marked}{cells}</w:tr>"
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{found}</w:tbl>"


def document_xml(body: str) -> str:
    """Return the main part of a document."""
    return f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>"


def docx(
    body: str = "",
    *,
    title: str = "",
    author: str = "",
    parts: Mapping[str, str | bytes] | None = None,
    compression: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    """Return a document with this body; `parts` replace others or are added."""
    named = "".join(
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{said}"/></w:style>'
        for name, said in STYLES.items()
    )
    bullets = _level(0, "bullet") + _level(1, "decimal") + _level(2, "bullet")
    relations = "".join(
        f'<Relationship Id="r{i}" Type="{_RELATION}/{name}" Target="{name}.xml"/>'
        for i, name in enumerate(("styles", "numbering", "footnotes", "comments"))
    )
    contents: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="a" Type="{_RELATION}/officeDocument" Target="word/document.xml"/>'
        "</Relationships>",
        "word/_rels/document.xml.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships">{relations}</Relationships>'
        ),
        "word/document.xml": document_xml(body),
        "word/styles.xml": f"<w:styles {NAMESPACES}>{named}</w:styles>",
        "word/numbering.xml": (
            f"<w:numbering {NAMESPACES}>"
            f'<w:abstractNum w:abstractNumId="0">{bullets}</w:abstractNum>'
            f'<w:abstractNum w:abstractNumId="1">{_level(0, "decimal")}</w:abstractNum>'
            '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
            '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num></w:numbering>'
        ),
        "word/footnotes.xml": f'<w:footnotes {NAMESPACES}><w:footnote w:id="2">'
        f"{paragraph('A FOOTNOTE')}</w:footnote></w:footnotes>",
        "word/comments.xml": f'<w:comments {NAMESPACES}><w:comment w:id="0">'
        f"{paragraph('A COMMENT')}</w:comment></w:comments>",
        "docProps/core.xml": (
            '<cp:coreProperties xmlns:cp="urn:cp" xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<dc:title>{escape(title)}</dc:title><dc:creator>{escape(author)}</dc:creator>"
            "</cp:coreProperties>"
        ),
    }
    return packed({**contents, **(parts or {})}, compression=compression)


def packed(parts: Mapping[str, str | bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return an archive of these parts."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, content in parts.items():
            # The kind of a document, which some formats state in its first part, is not packed.
            how = zipfile.ZIP_STORED if name == "mimetype" else compression
            archive.writestr(zipfile.ZipInfo(name), content, how)
    return stream.getvalue()


def _level(depth: int, kind: str) -> str:
    return f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/></w:lvl>'
