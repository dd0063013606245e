"""PDF files that tests make, with every line put where the test wants it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO

from reportlab.lib import pdfencrypt
from reportlab.pdfgen.canvas import Canvas

BODY, BOLD = "Helvetica", "Helvetica-Bold"
WIDTH, HEIGHT = 595, 842
LEFT, TOP = 72, 760
Draw = Callable[["Sheet"], None]


class Sheet:
    """A page that is written on from top to bottom; `y` is where the next line goes."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas
        self.y: float = TOP

    def at(self, x: float, y: float, text: str, size: float = 11, font: str = BODY) -> None:
        """Write a line somewhere."""
        self.canvas.setFont(font, size)
        self.canvas.drawString(x, y, text)

    def lines(
        self,
        *texts: str,
        x: float = LEFT,
        size: float = 11,
        font: str = BODY,
        leading: float = 1.25,
        gap: float = 8,
    ) -> None:
        """Write lines of one paragraph below each other, and leave a gap."""
        for text in texts:
            self.at(x, self.y, text, size, font)
            self.y -= size * leading
        self.y -= gap

    def heading(self, text: str, size: float = 15) -> None:
        """Write a heading."""
        self.y -= 6
        self.lines(text, size=size, font=BOLD)


def pdf(
    *pages: Draw, title: str = "", author: str = "", password: str = "", owner: str = ""
) -> bytes:
    """Return a PDF whose pages are drawn by functions."""
    stream = BytesIO()
    locked = (
        pdfencrypt.StandardEncryption(password, ownerPassword=owner or "o", canCopy=0)
        if password or owner
        else None
    )
    canvas = Canvas(stream, pagesize=(WIDTH, HEIGHT), invariant=1, encrypt=locked)
    if title:
        canvas.setTitle(title)
    if author:
        canvas.setAuthor(author)
    for draw in pages:
        draw(Sheet(canvas))
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def by_hand(objects: Sequence[bytes], *, version: bytes = b"1.4") -> bytes:
    """Return a PDF of these objects, numbered from 1; the first is the catalogue."""
    out = b"%PDF-" + version + b"\n"
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    return out + trailer + b"startxref\n%d\n%%%%EOF\n" % start


def stream(content: bytes, extra: bytes = b"") -> bytes:
    """Return the object of a stream of content."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), extra, content)
